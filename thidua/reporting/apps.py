from datetime import timedelta

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "thidua.reporting"

    def ready(self) -> None:
        # Models are there only now.
        from thidua.notices.schedules import register
        from thidua.reporting.services.urging import urge_due

        register("don-doc", urge_due, every=timedelta(hours=1), label="Đôn đốc nộp báo cáo")
