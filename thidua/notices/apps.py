from datetime import timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "thidua.notices"

    def ready(self) -> None:
        from thidua.notices import schedules, tidy

        schedules.register(
            "don-viec-nen",
            tidy.tidy,
            every=timedelta(days=1),
            label="Dọn dấu vết của việc nền đã xong",
        )
