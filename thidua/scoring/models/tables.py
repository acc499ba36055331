"""Points tables, what they mean for each member, and who appraises which part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Membership

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from thidua.scoring.models.sheets import ScoreSheet


class PointsField(models.DecimalField):  # type: ignore[type-arg] # generic only in the stubs
    """Points: exact, at most six decimals (thidua.rules.scoring.numbers)."""

    def __init__(self, verbose_name: str | None = None, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(verbose_name, **kwargs)  # type: ignore[arg-type]


class CriteriaSet(models.Model):
    """Bảng tiêu chí, one version: a tree of criteria, frozen under its fingerprint when issued."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        ISSUED = "issued", "Đã ban hành"

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="criteria_sets", verbose_name="Năm thi đua"
    )
    number = models.PositiveSmallIntegerField("Phiên bản")
    title = models.CharField("Tên bảng điểm", max_length=300)
    scale = PointsField("Thang điểm")
    floor_at_zero = models.BooleanField("Không để điểm tiêu chí âm", default=True)
    rounding_mode = models.CharField("Cách làm tròn", max_length=20)
    rounding_quantum = PointsField("Bước làm tròn")
    source = models.CharField("Nguồn", max_length=600, blank=True)
    notes = models.TextField("Ghi chú", blank=True)
    rules = models.JSONField(default=dict)
    warnings = models.JSONField("Cảnh báo khi nhập", default=list)
    state = models.CharField(
        "Trạng thái", max_length=10, choices=State.choices, default=State.DRAFT
    )
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField("Nhập lúc")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField("Ban hành lúc", null=True)
    fingerprint = models.CharField("Mã băm SHA-256", max_length=64)
    # Everybody who wrote in this version: none of them may issue it (four eyes).
    authors = models.ManyToManyField(User, related_name="+", verbose_name="Người soạn")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc", null=True)

    if TYPE_CHECKING:
        criteria: RelatedManager[Criterion]
        sheets: RelatedManager[ScoreSheet]

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="criteria_set_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} (phiên bản {self.number})"

    @property
    def journal_year(self) -> int:
        return self.year_id


class Criterion(models.Model):
    """Tiêu chí: a group or a leaf of one table. `path` is its key there; the code is a label."""

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    path = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField("Thứ tự")
    code = models.CharField("Mã", max_length=40)
    title = models.CharField("Tiêu chí", max_length=600)
    maximum = PointsField("Điểm chuẩn", null=True)
    has_bonus = models.BooleanField("Có điểm thưởng", default=False)
    bonus_cap = PointsField("Trần điểm thưởng", null=True)
    has_deduction = models.BooleanField("Có điểm trừ", default=False)
    deduction_cap = PointsField("Trần điểm trừ", null=True)
    net_cap = PointsField("Trần cộng trừ", null=True)
    guidance = models.TextField("Cách chấm", blank=True)
    bonus_guidance = models.TextField("Cách cộng", blank=True)
    deduction_guidance = models.TextField("Cách trừ", blank=True)
    evidence = models.TextField("Căn cứ chấm điểm", blank=True)
    appraised_by = models.CharField("Đơn vị thẩm định", max_length=300, blank=True)
    rule = models.JSONField("Quy tắc", default=dict)
    is_leaf = models.BooleanField(default=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "path"], name="criterion_path_once_per_set"
            ),
            models.UniqueConstraint(
                fields=["criteria_set", "order"], name="criterion_ordered_once_per_set"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"

    def contains(self, path: str) -> bool:
        """This node is the one at `path` or above it."""
        return path == self.path or path.startswith(f"{self.path}/")


class SectionAppraiser(models.Model):
    """Phân công thẩm định: who appraises which section of a table."""

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="appraisers")
    user = models.ForeignKey(User, models.PROTECT, related_name="appraised_sections")

    class Meta:
        ordering = ["criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "user"], name="section_appraiser_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.criterion}"


class UnitTerms(models.Model):
    """Thông số của đơn vị under one table: targets, what was not assigned, size, ranking group.

    `targets` holds numbers as text by input key, `not_assigned` paths of criteria, `tiers` the
    size by the name of its set.
    """

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="unit_terms")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="unit_terms")
    targets = models.JSONField("Mục tiêu", default=dict)
    not_assigned = models.JSONField("Tiêu chí không giao", default=list)
    tiers = models.JSONField("Cỡ đơn vị", default=dict)
    group = models.CharField("Nhóm xếp hạng", max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc", null=True)

    class Meta:
        ordering = ["membership__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "membership"], name="unit_terms_once_per_table"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership.organisation}"
