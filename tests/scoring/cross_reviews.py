"""Rounds of cross-review, made through the services."""

from datetime import timedelta
from decimal import Decimal

from tests.factories.world import NOON, ClusterWorld
from thidua.accounts.models import User
from thidua.scoring import services
from thidua.scoring.models import (
    CrossReview,
    CrossReviewRound,
    CrossReviewScore,
)
from thidua.scoring.queries import issued_set
from thidua.scoring.queries.cross_reviews import members_of, plan_key, planned

LATER = NOON + timedelta(hours=6)


def settings_of(one: ClusterWorld, *codes: str, **changed: object) -> services.RoundSettings:
    """Sections A and B (or the named criteria), two reviewers each, distance of one point."""
    criteria = issued_set(one.year).criteria
    values = {
        "criteria": tuple(criteria.get(code=code) for code in codes or ("A", "B")),
        "reviewers_per_unit": 2,
        "distance": Decimal(1),
        "distance_kind": "points",
        "seed": 7,
    }
    return services.RoundSettings(**{**values, **changed})


def make_round(one: ClusterWorld, *codes: str, **changed: object) -> CrossReviewRound:
    """A draft by the lead's officer."""
    return services.make_cross_review(
        criteria_set=issued_set(one.year),
        settings=settings_of(one, *codes, **changed),
        actor=one.lead_officer,
        at=NOON,
    )


def open_round(one: ClusterWorld, round: CrossReviewRound | None = None, **changed: object):
    """Opened by the head of the lead with the plan as it stands."""
    round = CrossReviewRound.objects.get(pk=(round or make_round(one, **changed)).pk)
    return services.open_cross_review(
        round=round,
        plan=plan_key(planned(round, members_of(round))),
        actor=one.lead_head,
        at=NOON,
    )


def review_of(one: ClusterWorld, reviewer: int, reviewed: int) -> CrossReview:
    """The review of one member by another (by place) in the latest round."""
    return (
        CrossReview.objects.select_related(
            "round__criteria_set__year", "reviewer__organisation", "reviewed__organisation"
        )
        .order_by("-round")
        .get(reviewer=one.memberships[reviewer], reviewed=one.memberships[reviewed])
    )


def cross_score(review: CrossReview, code: str) -> CrossReviewScore:
    return CrossReviewScore.objects.select_related(
        "criterion__criterion", "review__reviewer", "review__reviewed", "changed_by"
    ).get(review=review, criterion__criterion__code=code)


def give(
    review: CrossReview,
    code: str,
    points: str | None,
    actor: User,
    remark: str = "",
    version: int | None = None,
) -> CrossReviewScore:
    """Save one criterion's points on top of what is stored."""
    score = cross_score(review, code)
    return services.save_cross_score(
        score=score,
        points=None if points is None else Decimal(points),
        remark=remark,
        version=score.version if version is None else version,
        actor=actor,
        at=NOON,
    )


def hand_in(
    one: ClusterWorld, reviewer: int, reviewed: int, a: str = "5", b: str = "2", remark: str = ""
) -> CrossReview:
    """A whole review: A and B scored by the officer, handed in by the head."""
    review = review_of(one, reviewer, reviewed)
    give(review, "A", a, one.officers[reviewer], remark)
    give(review, "B", b, one.officers[reviewer])
    return services.hand_in_cross_review(review=review, actor=one.heads[reviewer], at=NOON)


def all_in(one: ClusterWorld, points: dict[tuple[int, int], tuple[str, str]] | None = None) -> None:
    """Every pair of three members handed in; `points` by (reviewer, reviewed) where not 5 and 2."""
    for reviewer in range(3):
        for reviewed in range(3):
            if reviewer != reviewed:
                hand_in(
                    one, reviewer, reviewed, *(points or {}).get((reviewer, reviewed), ("5", "2"))
                )


def close(one: ClusterWorld, round: CrossReviewRound, reason: str = "") -> CrossReviewRound:
    return services.close_cross_review(round=round, reason=reason, actor=one.lead_head, at=LATER)


def rounds_of_every_state(one: ClusterWorld) -> dict[str, int]:
    """An open and a closed round, row by row; the keys by which the access matrix names them.

    Member 1 scores member 2, and declared a conflict with the lead.
    """
    opened, closed = (_rows(one, number) for number in (1, 2))
    CrossReviewRound.objects.filter(pk__in=[opened.pk, closed.pk]).update(
        state="open", opened_at=NOON, opened_by=one.lead_head
    )
    CrossReviewScore.objects.filter(review__round=closed).update(
        points=1, remark="Nhận xét", changed_by=one.officers[1], changed_at=NOON
    )
    closed.reviews.update(state="handed_in", handed_in_at=NOON, handed_in_by=one.heads[1])
    CrossReviewRound.objects.filter(pk=closed.pk).update(
        state="closed", closed_at=LATER, closed_by=one.lead_head
    )
    review = opened.reviews.get(reviewer=one.memberships[1], reviewed=one.memberships[2])
    return {
        "round": opened.pk,
        "closed_round": closed.pk,
        "conflict": opened.conflicts.get().pk,
        "review": review.pk,
        "cross_score": review.scores.get().pk,
        "reviewed_member": one.memberships[2].pk,
        "cross_criterion": closed.criteria.get().pk,
    }


def _rows(one: ClusterWorld, number: int) -> CrossReviewRound:
    table = issued_set(one.year)
    round = CrossReviewRound.objects.create(
        criteria_set=table,
        number=number,
        reviewers_per_unit=1,
        distance=0,
        distance_kind="points",
        seed=1,
        made_by=one.lead_officer,
        made_at=NOON,
    )
    criterion = round.criteria.create(
        criterion=table.criteria.filter(parent=None).first(), maximum=10
    )
    first, second = sorted((one.memberships[0], one.memberships[1]), key=lambda each: each.pk)
    round.conflicts.create(
        first=first,
        second=second,
        reason="Người nhà",
        declared_by=one.officers[1],
        declared_at=NOON,
    )
    for reviewer, reviewed in ((1, 2), (0, 2), (2, 1)):
        review = round.reviews.create(
            reviewer=one.memberships[reviewer], reviewed=one.memberships[reviewed]
        )
        review.scores.create(criterion=criterion)
    return round
