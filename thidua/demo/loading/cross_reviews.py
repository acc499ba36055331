"""Rounds of cross-review: planned, opened, scored by some, closed, one difference settled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from thidua.demo.loading.scene import Scene
from thidua.scoring.models import CriteriaSet, CrossReview, CrossReviewRound
from thidua.scoring.queries.cross_reviews import members_of, plan_key, planned
from thidua.scoring.services import (
    RoundSettings,
    close_cross_review,
    declare_conflict,
    hand_in_cross_review,
    make_cross_review,
    open_cross_review,
    save_cross_score,
    settle_disagreement,
)


def play_cross_reviews(
    scene: Scene, criteria_set: CriteriaSet, rounds: Sequence[Mapping[str, Any]]
) -> None:
    """One after the other: only one may be open at a time."""
    for script in rounds:
        round = _open(scene, criteria_set, script)
        _score(scene, round, script)
        if "closed" in script:
            close_cross_review(round=round, reason="", actor=scene.head(), at=script["closed"])
        for row in script.get("settlements", []):
            settle_disagreement(
                round=round,
                reviewed=scene.member(row["unit"]),
                criterion=round.criteria.get(criterion__path=row["criterion"]),
                note=row["note"],
                version=0,
                actor=scene.officer(),
                at=script["settled"],
            )


def _open(scene: Scene, criteria_set: CriteriaSet, script: Mapping[str, Any]) -> CrossReviewRound:
    round = make_cross_review(
        criteria_set=criteria_set,
        settings=RoundSettings(
            criteria=tuple(criteria_set.criteria.filter(path__in=script["criteria"])),
            reviewers_per_unit=script["reviewers"],
            distance=Decimal(script["distance"]),
            distance_kind=CrossReviewRound.DistanceKind.POINTS,
            seed=script["seed"],
        ),
        actor=scene.officer(),
        at=script["made"],
    )
    if conflict := script.get("conflict"):
        first, second = (scene.member(name) for name in conflict["pair"])
        declare_conflict(
            round=round,
            pair=(first, second),
            reason=conflict["reason"],
            actor=scene.officer(first),
            at=script["made"],
        )
    plan = plan_key(planned(round, members_of(round)))
    return open_cross_review(round=round, plan=plan, actor=scene.head(), at=script["opened"])


def _score(scene: Scene, round: CrossReviewRound, script: Mapping[str, Any]) -> None:
    """Every unit scores those the plan gives it; of an open round only the units it names."""
    names = [member.organisation.short_name for member in scene.members]
    handed_in, half = script.get("in_by", names), script.get("half_by", [])
    reviews = list(
        round.reviews.select_related(
            "round__criteria_set__year", "reviewer__organisation", "reviewed__organisation"
        ).order_by("reviewed__order", "reviewer__order")
    )
    rows: dict[int, int] = defaultdict(int)
    for review in reviews:
        points = script["points"][review.reviewed.organisation.short_name][rows[review.reviewed_id]]
        rows[review.reviewed_id] += 1
        if _by(review, handed_in):
            _give(scene, review, points, script)
        elif _by(review, half):
            _give(scene, review, points[:1], script)
    for review in reviews:
        if _by(review, handed_in):
            head = scene.head(review.reviewer)
            hand_in_cross_review(review=review, actor=head, at=script["handed_in"])


def _by(review: CrossReview, names: Sequence[str]) -> bool:
    return review.reviewer.organisation.short_name in names


def _give(
    scene: Scene, review: CrossReview, points: Sequence[str], script: Mapping[str, Any]
) -> None:
    scores = review.scores.select_related(
        "criterion__criterion", "review__reviewer", "review__reviewed"
    )
    for score, given in zip(scores, points, strict=False):
        save_cross_score(
            score=score,
            points=Decimal(given),
            remark="",
            version=score.version,
            actor=scene.officer(review.reviewer),
            at=script["scored"],
        )
