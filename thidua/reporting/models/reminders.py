"""Urging with proof: who was reminded of which report, when, by which channel; and by which steps.

Rows are only added: the database refuses UPDATE and DELETE by trigger.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from thidua.notices.models import Notice
from thidua.organisations.models import EmulationYear, Membership
from thidua.reporting.models.reports import ReportingPeriod
from thidua.rules.urging import CHANNELS, LEVELS, Channel, Rule, read_rule


class Reminder(models.Model):
    """Đôn đốc: one person reminded of one unit's report, by rule or by hand (`urged_by`).

    Whether it was seen and whether its letter went out is told by `notice`.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="reminders")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reminders")
    # Key, name and offset of the step as it was then; empty and None by hand.
    step = models.SlugField("Bước", max_length=20, blank=True, db_index=False)
    step_name = models.CharField("Tên bước", max_length=60, blank=True)
    offset = models.SmallIntegerField("Ngày so với hạn", null=True)
    level = models.CharField(
        "Cấp nhận", max_length=10, choices=[(str(key), name) for key, name in LEVELS.items()]
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="Người nhận"
    )
    # The due date, or the day of the permission to hand in late.
    counted_from = models.DateField("Tính từ ngày")
    # The day on which the step was to go out; later in `urged_at` where the server was off.
    due_on = models.DateField("Ngày của bước")
    urged_at = models.DateTimeField("Đôn đốc lúc")
    urged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="Người đôn đốc",
    )
    channel = models.CharField(
        "Kênh", max_length=10, choices=[(str(key), name) for key, name in CHANNELS.items()]
    )
    text = models.TextField("Lời đôn đốc", blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="reminders")

    class Meta:
        ordering = ["-urged_at", "-pk"]
        constraints = [
            # A run that is repeated, or runs on two machines, urges once.
            models.UniqueConstraint(
                fields=["membership", "period", "recipient", "step", "counted_from"],
                condition=Q(urged_by__isnull=True),
                name="urged_once_a_step",
            ),
            models.UniqueConstraint(
                fields=["membership", "period", "recipient", "urged_at"],
                condition=Q(urged_by__isnull=False),
                name="urged_once_by_hand",
            ),
            models.CheckConstraint(
                name="reminder_has_a_step_or_words",
                condition=Q(urged_by__isnull=True, offset__isnull=False) & ~Q(step="")
                | Q(urged_by__isnull=False, offset__isnull=True, step="") & ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}: đôn đốc {self.membership.organisation.short_name}"

    @property
    def journal_year(self) -> int:
        return self.membership.year_id

    @property
    def is_by_hand(self) -> bool:
        """A person urged in words of their own."""
        return self.urged_by_id is not None

    @property
    def by_mail(self) -> bool:
        """Also by letter, not in the product alone."""
        return self.channel == Channel.MAIL


class UrgingRule(models.Model):
    """Quy tắc đôn đốc của một năm: the steps as the lead set them; the newest counts.

    A year without a row is urged by the steps that come with the product.
    """

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="urging_rules")
    number = models.PositiveSmallIntegerField("Lần đặt")
    # What `rule_to_data` makes of the rule.
    content = models.JSONField("Nội dung")
    reason = models.CharField("Lý do", max_length=500)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="Người đặt"
    )
    set_at = models.DateTimeField("Lúc đặt")

    class Meta:
        ordering = ["year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="urging_rule_number_once")
        ]

    def __str__(self) -> str:
        return f"Quy tắc đôn đốc năm {self.year.year}, lần {self.number}"

    @property
    def journal_year(self) -> int:
        return self.year_id

    @property
    def rule(self) -> Rule:
        """The steps as the rules know them."""
        return read_rule(self.content)
