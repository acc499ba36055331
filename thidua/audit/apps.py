from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "thidua.audit"

    def ready(self) -> None:
        from thidua.audit import signals  # noqa: F401
