"""The forms a cluster asks for besides those of the sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from thidua.reporting.models.reports import Report


def no_forms() -> dict[str, object]:
    """What a version holds before its first form."""
    return {"templates": []}


class OwnForms(models.Model):
    """Biểu mẫu riêng của cụm, one version: frozen under its fingerprint when issued.

    `data` holds `templates` and checks across forms (`printed`, `logical`) in the language of
    forms, and `periods`: by key of form the periods that ask for it, all where it is not named.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        ISSUED = "issued", "Đã ban hành"

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="own_forms", verbose_name="Năm thi đua"
    )
    number = models.PositiveSmallIntegerField("Phiên bản")
    state = models.CharField(
        "Trạng thái", max_length=10, choices=State.choices, default=State.DRAFT
    )
    data = models.JSONField("Nội dung", default=no_forms)
    fingerprint = models.CharField("Mã băm SHA-256", max_length=64)
    # Everybody who wrote in this version: none of them may issue it (four eyes).
    authors = models.ManyToManyField(User, related_name="+", verbose_name="Người soạn")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField("Bắt đầu soạn lúc")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField("Ban hành lúc", null=True)
    version = models.PositiveIntegerField(default=1)

    if TYPE_CHECKING:
        reports: RelatedManager[Report]

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="own_forms_numbered_once"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state="draft"), name="one_draft_of_own_forms"
            ),
            models.CheckConstraint(
                name="own_forms_issued_say_by_whom",
                condition=Q(state="draft") | Q(issued_by__isnull=False, issued_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Biểu mẫu riêng của cụm, phiên bản {self.number}"

    @property
    def journal_year(self) -> int:
        return self.year_id

    @property
    def is_issued(self) -> bool:
        return self.state == self.State.ISSUED
