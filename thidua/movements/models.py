"""The year's launch and who has received it."""

from __future__ import annotations

from django.db import models

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import leads


class LaunchQuerySet(models.QuerySet["Launch"]):
    def visible_to(self, user: User, year: EmulationYear) -> LaunchQuerySet:
        """A draft is the lead's; what is published is everybody's of the year."""
        own = self.filter(year=year)
        return own if leads(user, year) else own.exclude(published_at=None)


class Launch(models.Model):
    """Phát động phong trào thi đua: plan, slogan, theme and goals of one year."""

    year = models.OneToOneField(
        EmulationYear, models.PROTECT, related_name="launch", verbose_name="Năm thi đua"
    )
    plan_number = models.CharField("Số, ký hiệu kế hoạch", max_length=60)
    plan_on = models.DateField("Ngày kế hoạch")
    slogan = models.CharField("Khẩu hiệu", max_length=500)
    theme = models.CharField("Chủ đề", max_length=300)
    introduction = models.TextField("Lời phát động", blank=True)
    source_note = models.CharField("Ghi chú về nguồn", max_length=400, blank=True)
    published_at = models.DateTimeField("Công bố lúc", null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = LaunchQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Kế hoạch {self.plan_number}"

    @property
    def journal_year(self) -> int:
        return self.year_id


class Goal(models.Model):
    """Mục tiêu của phong trào."""

    launch = models.ForeignKey(Launch, models.CASCADE, related_name="goals")
    order = models.PositiveSmallIntegerField("Thứ tự")
    text = models.CharField("Mục tiêu", max_length=500)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["launch", "order"], name="goal_numbered_once")
        ]

    def __str__(self) -> str:
        return self.text


class Receipt(models.Model):
    """Xác nhận đã nhận: the head of a member has read the launch."""

    launch = models.ForeignKey(Launch, models.PROTECT, related_name="receipts")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="receipts")
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField("Xác nhận lúc")

    class Meta:
        ordering = ["confirmed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["launch", "membership"], name="launch_received_once_per_member"
            )
        ]

    def __str__(self) -> str:
        return str(self.membership)
