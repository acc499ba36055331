from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "thidua.scoring"

    def ready(self) -> None:
        """Figures of accepted reports are read here."""
        from thidua.reporting import effects
        from thidua.scoring.queries.corrections import effects_of
        from thidua.scoring.queries.fed import held_by_table
        from thidua.scoring.services.corrections import follow_hand_in, follow_report

        effects.register(
            "scoring",
            preview=effects_of,
            accepted=follow_report,
            handed_in=follow_hand_in,
            holds=held_by_table,
        )
