from django.apps import AppConfig


class PactsConfig(AppConfig):
    name = "thidua.pacts"

    def ready(self) -> None:
        """Commitments read accepted figures as they are; before an acceptance they say so."""
        from thidua.pacts.progress import effects_of
        from thidua.reporting import effects

        effects.register("pacts", preview=effects_of)
