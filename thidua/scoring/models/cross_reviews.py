"""Cross-review: rounds, declared conflicts, who scores whom, the points, the settled differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import is_superior_of, own_membership
from thidua.scoring.models.tables import CriteriaSet, Criterion, PointsField

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class CrossReviewRoundQuerySet(models.QuerySet["CrossReviewRound"]):
    def visible_to(self, user: User, year: EmulationYear) -> CrossReviewRoundQuerySet:
        """Members take part, the superior watches; for anybody else a round does not exist."""
        rounds = self.filter(criteria_set__year=year)
        if own_membership(user, year) is not None or is_superior_of(user, year):
            return rounds
        return rounds.none()


class CrossReviewRound(models.Model):
    """Vòng chấm chéo: the members score each other on chosen criteria of one issued table.

    Settings and plan are frozen when it opens, points when a unit hands in, everything when it
    closes; only whether corrected means are shown stays a choice.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang chuẩn bị"
        OPEN = "open", "Đang chấm"
        CLOSED = "closed", "Đã đóng"

    class DistanceKind(models.TextChoices):
        POINTS = "points", "điểm"
        PERCENT = "percent", "% điểm tối đa"

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="cross_reviews")
    number = models.PositiveSmallIntegerField("Vòng")
    reviewers_per_unit = models.PositiveSmallIntegerField("Số đơn vị chấm mỗi đơn vị")
    distance = PointsField("Khoảng cách")
    distance_kind = models.CharField(
        "Khoảng cách tính theo", max_length=10, choices=DistanceKind.choices
    )
    seed = models.PositiveIntegerField("Số mầm")
    shows_correction = models.BooleanField("Hiện điểm hiệu chỉnh", default=False)
    state = models.CharField(
        "Trạng thái", max_length=10, choices=State.choices, default=State.DRAFT
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("Lập lúc")
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("Mở lúc", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("Đóng lúc", null=True)
    closing_note = models.TextField("Lý do đóng khi còn đơn vị chưa nộp", blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc", null=True)

    objects = CrossReviewRoundQuerySet.as_manager()

    if TYPE_CHECKING:
        criteria: RelatedManager[CrossReviewCriterion]
        conflicts: RelatedManager[CrossReviewConflict]
        reviews: RelatedManager[CrossReview]
        settlements: RelatedManager[CrossReviewSettlement]

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "number"], name="cross_review_numbered_once"
            ),
            models.CheckConstraint(
                name="cross_review_distance_is_not_negative", condition=Q(distance__gte=0)
            ),
            models.CheckConstraint(
                name="cross_review_needs_a_reviewer", condition=Q(reviewers_per_unit__gte=1)
            ),
            models.CheckConstraint(
                name="opened_cross_review_has_a_moment",
                condition=Q(state="draft") | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_cross_review_has_a_moment",
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Vòng chấm chéo {self.number}"

    @property
    def journal_year(self) -> int:
        return self.criteria_set.year_id


class CrossReviewCriterion(models.Model):
    """Nội dung chấm chéo: a criterion of the table with its maximum, as scored in one round."""

    round = models.ForeignKey(CrossReviewRound, models.PROTECT, related_name="criteria")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    maximum = PointsField("Điểm tối đa")

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "criterion"], name="criterion_once_per_cross_review"
            ),
            models.CheckConstraint(
                name="cross_review_maximum_is_positive", condition=Q(maximum__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class CrossReviewConflict(models.Model):
    """Xung đột lợi ích: two units that do not score each other, with the reason given."""

    round = models.ForeignKey(CrossReviewRound, models.PROTECT, related_name="conflicts")
    # Named, not hidden: a member with a declaration has taken part in its year.
    first = models.ForeignKey(Membership, models.PROTECT, related_name="conflicts_as_first")
    second = models.ForeignKey(Membership, models.PROTECT, related_name="conflicts_as_second")
    reason = models.TextField("Lý do")
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField("Khai báo lúc")

    class Meta:
        ordering = ["first__order", "second__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "first", "second"], name="conflict_declared_once_per_pair"
            ),
            # One pair, one row: the member with the smaller key stands first.
            models.CheckConstraint(
                name="conflict_pair_in_order", condition=Q(first__lt=F("second"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first.organisation.short_name} – {self.second.organisation.short_name}"


class CrossReview(models.Model):
    """Phiếu chấm chéo: one unit scores another. The plan until opened, then what was handed in."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang chấm"
        HANDED_IN = "handed_in", "Đã nộp"

    round = models.ForeignKey(CrossReviewRound, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Membership, models.PROTECT, related_name="cross_reviews_made")
    reviewed = models.ForeignKey(Membership, models.PROTECT, related_name="cross_reviews_received")
    state = models.CharField(
        "Trạng thái", max_length=10, choices=State.choices, default=State.DRAFT
    )
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField("Nộp lúc", null=True)

    if TYPE_CHECKING:
        scores: RelatedManager[CrossReviewScore]

    class Meta:
        ordering = ["reviewed__order", "reviewer__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "reviewer", "reviewed"], name="unit_reviewed_once_by_each"
            ),
            models.CheckConstraint(
                name="no_unit_reviews_itself", condition=~Q(reviewer=F("reviewed"))
            ),
            models.CheckConstraint(
                name="handed_in_review_has_a_moment",
                condition=Q(state="draft") | Q(handed_in_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"Phiếu chấm chéo: {self.reviewer.organisation.short_name} chấm "
            f"{self.reviewed.organisation.short_name}"
        )

    @property
    def journal_year(self) -> int:
        return self.round.criteria_set.year_id

    @property
    def is_handed_in(self) -> bool:
        return self.state == self.State.HANDED_IN


class CrossReviewScore(models.Model):
    """Điểm chấm chéo of one criterion; `version` lets two people of a unit see each other (R08)."""

    review = models.ForeignKey(CrossReview, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(CrossReviewCriterion, models.PROTECT, related_name="scores")
    points = PointsField("Điểm", null=True)
    remark = models.TextField("Nhận xét", blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc", null=True)

    class Meta:
        ordering = ["criterion__criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion"], name="criterion_scored_once_per_cross_review"
            ),
            models.CheckConstraint(
                name="cross_review_points_are_not_negative",
                condition=Q(points__isnull=True) | Q(points__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class CrossReviewSettlement(models.Model):
    """Kết luận về chênh lệch: what was decided where reviewers of one unit lay too far apart."""

    round = models.ForeignKey(CrossReviewRound, models.PROTECT, related_name="settlements")
    reviewed = models.ForeignKey(
        Membership, models.PROTECT, related_name="cross_review_settlements"
    )
    criterion = models.ForeignKey(CrossReviewCriterion, models.PROTECT, related_name="settlements")
    note = models.TextField("Kết luận")
    version = models.PositiveIntegerField(default=1)
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("Kết luận lúc")

    class Meta:
        ordering = ["reviewed__order", "criterion__criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "reviewed", "criterion"], name="disagreement_settled_once"
            )
        ]

    def __str__(self) -> str:
        return self.note
