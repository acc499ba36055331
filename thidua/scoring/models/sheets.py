"""Score sheets: claims and figures, evidence, appraisal, and the word on equal totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.accounts.models import User
from thidua.documents.models import StoredFile
from thidua.organisations.models import Assignment, EmulationYear, Membership
from thidua.organisations.permissions import has_role, is_superior_of, leads, own_membership
from thidua.scoring.models.tables import CriteriaSet, Criterion, PointsField, SectionAppraiser

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


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
    # What the rules allow of the claim, computed when it was handed in.
    allowed_score = PointsField("Tổng theo quy tắc", null=True)
    # Figures of the whole sheet (awards, gates, ties): as the unit says, and as confirmed.
    facts = models.JSONField("Số liệu chung", default=dict)
    decided_facts = models.JSONField("Số liệu chung đã xác nhận", default=dict)
    facts_reason = models.TextField("Lý do thay đổi số liệu chung", blank=True)
    facts_version = models.PositiveIntegerField(default=1)
    facts_changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    facts_changed_at = models.DateTimeField("Sửa số liệu chung lúc", null=True)
    # Figures read from accepted reports, by input key: source, value, trace; what is missing where
    # there is no value. Frozen with the claims when the sheet is handed in.
    fed = models.JSONField("Số liệu lấy từ báo cáo", null=True)
    # Figures that a report accepted after the hand-in changed, by input key, with who and why.
    corrected = models.JSONField("Số liệu sửa theo báo cáo", null=True)
    # Grows each time the sheet is given back to the unit.
    round = models.PositiveSmallIntegerField("Lần nộp", default=1)
    return_reason = models.TextField("Lý do trả lại", blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField("Trả lại lúc", null=True)
    # How many criteria the unit's page counts as scored; None on sheets kept before this was.
    scored_criteria = models.PositiveSmallIntegerField("Số tiêu chí đã chấm", null=True)
    # The lead's word that the unit hands in nothing: left out of leads, of closing, of places.
    # Nullable, not "": the column is added without rewriting a table that triggers guard.
    set_aside_reason = models.TextField("Lý do không nộp bảng tự chấm", null=True)  # noqa: DJ001
    set_aside_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    set_aside_at = models.DateTimeField("Ghi nhận không nộp lúc", null=True)

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

    @property
    def is_set_aside(self) -> bool:
        """Không nộp bảng tự chấm: recorded by the lead, until taken back."""
        return self.set_aside_at is not None

    @property
    def state_label(self) -> str:
        """The state as pages and papers say it."""
        return "Không nộp" if self.is_set_aside else self.get_state_display()

    @property
    def state_mark(self) -> str:
        """The word by which a page colours the state."""
        return "missing" if self.is_set_aside else self.state

    @property
    def not_ranked_because(self) -> str:
        """Why the member has no place, "" while it may still hand in."""
        if self.set_aside_at is None:
            return ""
        day = f"{timezone.localtime(self.set_aside_at):%d/%m/%Y}"
        reason = (self.set_aside_reason or "").rstrip(".")
        return f"Không xếp hạng: không nộp bảng tự chấm. Lý do: {reason} (cụm trưởng ghi nhận ngày {day})."


class CriterionScore(models.Model):
    """Điểm một tiêu chí: claimed by the unit, then as appraised, with both sides' reasons.

    `version` grows with every change, so that two people typing at once see each other (R08).
    """

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    base = PointsField("Điểm tự chấm", null=True)
    bonus = PointsField("Điểm thưởng tự chấm", null=True)
    deduction = PointsField("Điểm trừ tự chấm", null=True)
    # Canonical text by input key; an input used by several criteria is kept at the first of them.
    facts = models.JSONField("Số liệu", default=dict)
    explanation = models.TextField("Thuyết minh", blank=True)
    appraised_base = PointsField("Điểm thẩm định", null=True)
    appraised_bonus = PointsField("Điểm thưởng thẩm định", null=True)
    appraised_deduction = PointsField("Điểm trừ thẩm định", null=True)
    appraised_facts = models.JSONField("Số liệu thẩm định", default=dict)
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
    # As the paper itself says; when it came in is the server's word (`added_at`).
    dated_on = models.DateField("Ngày của tài liệu", null=True)
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
    round = models.PositiveSmallIntegerField("Lần nộp", default=1)

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion", "round"], name="section_completed_once_per_round"
            )
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class TieDecision(models.Model):
    """Quyết định thứ tự khi bằng điểm: people's word where every written rule is used up.

    `order` holds member ids, best first. The latest decision of a table holds.
    """

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="tie_decisions")
    order = models.JSONField("Thứ tự", default=list)
    reason = models.TextField("Lý do")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return self.reason

    @property
    def journal_year(self) -> int:
        return self.criteria_set.year_id
