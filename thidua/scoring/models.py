"""Points tables, score sheets, evidence, appraisal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from thidua.accounts.models import User
from thidua.documents.models import StoredFile
from thidua.organisations.models import Assignment, EmulationYear, Membership
from thidua.organisations.permissions import has_role, is_superior_of, leads, own_membership

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


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


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def visible_to(self, user: User, year: EmulationYear) -> ScoreSheetQuerySet:
        """One's own always; those submitted to lead, superior and appraisers; final ones to all."""
        sheets = self.filter(criteria_set__year=year)
        own = sheets.filter(membership=own_membership(user, year))
        if not EmulationYear.objects.visible_to(user).filter(pk=year.pk).exists():
            return own
        if leads(user, year) or is_superior_of(user, year) or _appraises(user, year):
            return sheets.exclude(state=ScoreSheet.State.DRAFT) | own
        return sheets.filter(state=ScoreSheet.State.FINALISED) | own


def _appraises(user: User, year: EmulationYear) -> bool:
    """Named for a section, and the role has not ended: who is named stays on the list after it."""
    if not has_role(user, Assignment.Role.APPRAISER, at=Q(cluster=year.cluster_id)):
        return False
    return SectionAppraiser.objects.filter(user=user, criterion__criteria_set__year=year).exists()


class ScoreSheet(models.Model):
    """Bảng chấm điểm: one member's points for one year under one issued table."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang tự chấm"
        SUBMITTED = "submitted", "Đang thẩm định"
        FINALISED = "finalised", "Đã chốt"

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="sheets")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="score_sheets")
    state = models.CharField(
        "Trạng thái", max_length=10, choices=State.choices, default=State.DRAFT
    )
    opened_at = models.DateTimeField("Mở lúc")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("Nộp lúc", null=True)
    self_score = PointsField("Tổng tự chấm", null=True)
    finalised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finalised_at = models.DateTimeField("Chốt lúc", null=True)
    final_score = PointsField("Tổng điểm", null=True)

    objects = ScoreSheetQuerySet.as_manager()

    if TYPE_CHECKING:
        scores: RelatedManager[CriterionScore]
        completed_sections: RelatedManager[CompletedSection]

    class Meta:
        ordering = ["membership__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "membership"], name="one_sheet_per_member_and_table"
            ),
            models.CheckConstraint(
                name="submitted_sheet_has_self_score",
                condition=Q(state="draft")
                | Q(self_score__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="final_sheet_has_final_score",
                condition=~Q(state="finalised")
                | Q(final_score__isnull=False, finalised_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Bảng chấm điểm của {self.membership.organisation}"

    @property
    def journal_year(self) -> int:
        return self.membership.year_id


class CriterionScore(models.Model):
    """Điểm một tiêu chí: claimed by the unit, then as appraised, with both sides' reasons.

    `version` grows with every change, so that two people typing at once see each other (R08).
    """

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    base = PointsField("Điểm tự chấm", null=True)
    bonus = PointsField("Điểm thưởng tự chấm", null=True)
    deduction = PointsField("Điểm trừ tự chấm", null=True)
    explanation = models.TextField("Thuyết minh", blank=True)
    appraised_base = PointsField("Điểm thẩm định", null=True)
    appraised_bonus = PointsField("Điểm thưởng thẩm định", null=True)
    appraised_deduction = PointsField("Điểm trừ thẩm định", null=True)
    reason = models.TextField("Lý do thay đổi", blank=True)
    appraised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    appraised_at = models.DateTimeField("Thẩm định lúc", null=True)
    reply = models.TextField("Giải trình của đơn vị", blank=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField("Giải trình lúc", null=True)
    # Kept as a fact rather than told from two moments: clocks may step back (R12).
    reply_waits = models.BooleanField("Giải trình chờ xem lại", default=False)
    # Stored when the sheet is submitted and when it is finalised; recomputed identically.
    self_points = PointsField("Điểm được tính theo tự chấm", null=True)
    points = PointsField("Điểm cuối cùng", null=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc", null=True)

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"], name="criterion_scored_once_per_sheet"
            ),
            models.CheckConstraint(
                name="claims_are_not_negative",
                condition=(
                    (Q(base__isnull=True) | Q(base__gte=0))
                    & (Q(bonus__isnull=True) | Q(bonus__gte=0))
                    & (Q(deduction__isnull=True) | Q(deduction__gte=0))
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class Evidence(models.Model):
    """Tài liệu minh chứng of one claim; content known by its SHA-256 at reception."""

    score = models.ForeignKey(CriterionScore, models.PROTECT, related_name="evidence")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="evidence")
    description = models.CharField("Nội dung", max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.file.name


class CompletedSection(models.Model):
    """Hoàn thành thẩm định: an appraiser is done with a section of a sheet."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="completed_sections")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    completed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    completed_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"], name="section_completed_once_per_sheet"
            )
        ]

    def __str__(self) -> str:
        return str(self.criterion)
