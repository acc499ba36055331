"""Cross-review before and while scoring: what may be scored, the plan, the work, how far it is."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from thidua.organisations.models import Membership
from thidua.rules.scoring.crossreview import Plan, plan
from thidua.scoring.models import (
    Criterion,
    CriterionScore,
    CrossReview,
    CrossReviewCriterion,
    CrossReviewRound,
    CrossReviewScore,
    ScoreSheet,
)

ROUND_ROWS = ("criteria_set__year__cluster", "made_by", "opened_by", "closed_by")
HANDED_IN = CrossReview.State.HANDED_IN


def maxima_of(criteria: Sequence[Criterion]) -> dict[int, Decimal]:
    """The most points of each criterion that has any: its own, else the sum of its leaves."""
    leaves = [each for each in criteria if each.is_leaf and each.maximum]
    found: dict[int, Decimal] = {}
    for criterion in criteria:
        below = [leaf.maximum or Decimal(0) for leaf in leaves if criterion.contains(leaf.path)]
        maximum = criterion.maximum or sum(below, Decimal(0))
        if maximum > 0:
            found[criterion.pk] = maximum
    return found


def members_of(round: CrossReviewRound) -> list[Membership]:
    """The units of the round's year, in their order."""
    return list(
        round.criteria_set.year.memberships.select_related("organisation").order_by("order", "pk")
    )


def planned(round: CrossReviewRound, members: Sequence[Membership]) -> Plan[int]:
    """Who would score whom with the round's settings as stored; keys are memberships.

    Raises RuleError when too few units are left for one.
    """
    pairs = round.conflicts.order_by("first", "second").values_list("first", "second")
    return plan(
        [member.pk for member in members],
        round.reviewers_per_unit,
        list(pairs),
        seed=round.seed,
        names={member.pk: member.organisation.short_name for member in members},
    )


def plan_key(planned: Plan[int]) -> str:
    """One text per plan: what the head saw is what the head opens."""
    pairs = sorted((unit, sorted(chosen)) for unit, chosen in planned.assignments.items())
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


@dataclass(frozen=True)
class PlanLine:
    """One unit of the plan: who scores it, and how many it scores."""

    member: Membership
    reviewers: tuple[Membership, ...]
    load: int


def plan_lines(
    assignments: Mapping[int, Sequence[int]], members: Sequence[Membership]
) -> list[PlanLine]:
    """The plan by unit, in the order of the members."""
    by_key = {member.pk: member for member in members}
    load: dict[int, int] = defaultdict(int)
    for chosen in assignments.values():
        for reviewer in chosen:
            load[reviewer] += 1
    return [
        PlanLine(
            member,
            tuple(by_key[key] for key in assignments.get(member.pk, ()) if key in by_key),
            load[member.pk],
        )
        for member in members
        if member.pk in assignments
    ]


def stored_plan(round: CrossReviewRound) -> dict[int, list[int]]:
    """Who scores whom in an opened round: reviewers by reviewed unit."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = round.reviews.order_by("reviewed__order", "reviewer__order")
    for reviewed, reviewer in rows.values_list("reviewed", "reviewer"):
        found[reviewed].append(reviewer)
    return dict(found)


@dataclass(frozen=True)
class Handing:
    """How far one reviewing unit is; counts only, no points."""

    member: Membership
    done: int
    total: int
    waiting: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        return self.done == self.total


def handings(round: CrossReviewRound) -> list[Handing]:
    """By reviewing unit: handed in, given, and whom it has still to score; one query."""
    given: dict[int, list[CrossReview]] = defaultdict(list)
    members: dict[int, Membership] = {}
    for review in round.reviews.select_related(
        "reviewer__organisation", "reviewed__organisation"
    ).order_by("reviewer__order", "reviewed__order"):
        given[review.reviewer_id].append(review)
        members[review.reviewer_id] = review.reviewer
    return [
        Handing(
            members[key],
            sum(review.is_handed_in for review in reviews),
            len(reviews),
            tuple(
                review.reviewed.organisation.short_name
                for review in reviews
                if not review.is_handed_in
            ),
        )
        for key, reviews in given.items()
    ]


def is_complete(round: CrossReviewRound) -> bool:
    """Every review of the opened round is handed in, so no point can change any more."""
    reviews = round.reviews.all()
    return reviews.exists() and not reviews.exclude(state=HANDED_IN).exists()


@dataclass(frozen=True)
class OwnReview:
    """One unit that the person's unit scores, with how far."""

    review: CrossReview
    scored: int
    total: int

    @property
    def is_full(self) -> bool:
        return self.scored == self.total


def own_reviews(round: CrossReviewRound, reviewer: Membership) -> list[OwnReview]:
    """What a unit has to score in the round; one query."""
    reviews = (
        round.reviews.filter(reviewer=reviewer)
        .select_related("reviewed__organisation")
        .annotate(
            total=Count("scores"), scored=Count("scores", filter=Q(scores__points__isnull=False))
        )
        .order_by("reviewed__order")
    )
    return [OwnReview(review, review.scored, review.total) for review in reviews]


@dataclass(frozen=True)
class SelfClaim:
    """What the reviewed unit says of one leaf."""

    criterion: Criterion
    points: Decimal | None
    explanation: str


@dataclass(frozen=True)
class ReviewLine:
    """One criterion on a reviewer's page: own points, what the unit says, what others gave.

    `others` is empty until the own review is handed in, and never says whose points they are.
    """

    criterion: CrossReviewCriterion
    score: CrossReviewScore
    claims: tuple[SelfClaim, ...]
    others: tuple[Decimal, ...]

    @property
    def claimed(self) -> Decimal | None:
        """What the unit gives itself here, its leaves added up; None before it handed in."""
        given = [claim.points for claim in self.claims if claim.points is not None]
        return sum(given, Decimal(0)) if given else None


def review_lines(review: CrossReview) -> list[ReviewLine]:
    """A reviewer's page; at most four queries. Whom to show it is the page's duty."""
    scores = {score.criterion_id: score for score in review.scores.select_related("changed_by")}
    said = _self_claims(review)
    others = _points_of_others(review)
    lines = []
    for criterion in review.round.criteria.select_related("criterion").order_by("criterion__order"):
        score = scores[criterion.pk]
        score.criterion, score.review = criterion, review
        inside = tuple(
            claim for claim in said if criterion.criterion.contains(claim.criterion.path)
        )
        lines.append(
            ReviewLine(criterion, score, inside, tuple(sorted(others.get(criterion.pk, ()))))
        )
    return lines


def _self_claims(review: CrossReview) -> list[SelfClaim]:
    """The reviewed unit's sheet as handed in: for those assigned to it, from the opening on.

    Nothing of a sheet that is (again) a draft is read.
    """
    if review.round.state == CrossReviewRound.State.DRAFT:
        return []
    scores = (
        CriterionScore.objects.filter(
            sheet__criteria_set=review.round.criteria_set_id, sheet__membership=review.reviewed_id
        )
        .exclude(sheet__state=ScoreSheet.State.DRAFT)
        .select_related("criterion")
        .order_by("criterion__order")
    )
    return [SelfClaim(score.criterion, score.self_points, score.explanation) for score in scores]


def _points_of_others(review: CrossReview) -> dict[int, list[Decimal]]:
    """What other units that handed in gave; nothing while the own review is not in (blindness)."""
    if not review.is_handed_in:
        return {}
    found: dict[int, list[Decimal]] = defaultdict(list)
    rows = CrossReviewScore.objects.filter(
        review__round=review.round_id,
        review__reviewed=review.reviewed_id,
        review__state=HANDED_IN,
        points__isnull=False,
    ).exclude(review=review.pk)
    for criterion, points in rows.values_list("criterion", "points"):
        if points is not None:
            found[criterion].append(points)
    return found
