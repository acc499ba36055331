"""What an administrator lays over the shipped calendars and clocks. Rows are only added.

The newest row of a year (of a clock) counts; older ones stay as its history. The database refuses
UPDATE and DELETE by trigger.
"""

from django.conf import settings
from django.db import models


class StoredCalendarYear(models.Model):
    """Lịch làm việc một năm do quản trị viên nạp: takes the place of the shipped one of that year."""

    class Status(models.TextChoices):
        OFFICIAL = "official", "Chính thức"
        PROVISIONAL = "provisional", "Tạm"

    year = models.PositiveSmallIntegerField("Năm")
    number = models.PositiveSmallIntegerField("Lần nạp")
    status = models.CharField("Tình trạng", max_length=12, choices=Status.choices)
    # The TOML that `read_calendar_year` reads, as `write_calendar_year` wrote it.
    content = models.TextField("Nội dung")
    fingerprint = models.CharField("Mã băm SHA-256", max_length=64)
    # The name of the uploaded file; empty where the year was typed.
    file_name = models.CharField("Tên tệp", max_length=150, blank=True)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="Người nạp"
    )
    stored_at = models.DateTimeField("Lúc nạp")

    class Meta:
        ordering = ["year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="calendar_year_number_once")
        ]

    def __str__(self) -> str:
        return f"Lịch làm việc năm {self.year}, lần nạp {self.number}"


class ClockSetting(models.Model):
    """Thời hạn do quản trị viên đặt: lengths of a clock that no text of law was read for.

    `lengths` goes from variant to a period in words ("45 ngày"); empty means back to the shipped ones.
    """

    code = models.SlugField("Mã thời hạn", max_length=60)
    number = models.PositiveSmallIntegerField("Lần đặt")
    lengths = models.JSONField("Thời hạn", default=dict)
    reason = models.CharField("Căn cứ, lý do", max_length=500)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="Người đặt"
    )
    set_at = models.DateTimeField("Lúc đặt")

    class Meta:
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="clock_setting_number_once")
        ]

    def __str__(self) -> str:
        return f"Thời hạn {self.code}, lần đặt {self.number}"
