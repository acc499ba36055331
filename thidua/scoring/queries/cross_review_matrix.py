"""The whole of a cross-review as one table: units × reviewers × criteria."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Concat

from thidua.organisations.models import Membership
from thidua.scoring.models import CrossReviewCriterion, CrossReviewRound, CrossReviewScore
from thidua.scoring.queries.cross_review_results import ANONYMOUS, Scope
from thidua.scoring.queries.cross_reviews import HANDED_IN, members_of
from thidua.scoring.queries.matrix import Joined

Points = tuple[Decimal | None, ...]


@dataclass(frozen=True)
class CrossMatrix:
    """Units × reviewers × criteria; points in the order of `criteria`.

    `rows`: each reviewed unit with its reviewers and their points; None where not handed in.
    """

    criteria: tuple[CrossReviewCriterion, ...]
    rows: tuple[tuple[Membership, tuple[tuple[str, Points], ...]], ...]


def cross_matrix(scope: Scope) -> CrossMatrix:
    """Four queries whatever the size; reviews that were not handed in show no points."""
    round = scope.round
    criteria = tuple(round.criteria.select_related("criterion").order_by("criterion__order"))
    column = {str(criterion.pk): place for place, criterion in enumerate(criteria)}
    joined = _joined(round)
    reviews: dict[int, list[tuple[int, int]]] = defaultdict(list)
    keys = round.reviews.order_by("reviewer__order").values_list("pk", "reviewed", "reviewer")
    for key, reviewed, reviewer in keys:
        reviews[reviewed].append((key, reviewer))
    members = members_of(round)
    names = {member.pk: member.organisation.short_name for member in members}
    read: dict[str, Decimal] = {}
    rows = []
    for member in members:
        if member.pk not in reviews or not scope.shows(member.pk):
            continue
        lines = [
            (names[reviewer], _row(joined.get(key, ""), column, read))
            for key, reviewer in reviews[member.pk]
        ]
        if scope.is_own(member.pk):
            lines = [(ANONYMOUS, points) for _, points in lines]
            lines.sort(key=lambda line: [each or Decimal(0) for each in line[1]])
        rows.append((member, tuple(lines)))
    return CrossMatrix(criteria, tuple(rows))


def _joined(round: CrossReviewRound) -> dict[int, str]:
    """Per review its points as "criterion:points …", joined by the database (see `matrix`)."""
    pair = Concat(
        Cast("criterion_id", TextField()),
        Value(":"),
        Cast(F("points"), TextField()),
        output_field=TextField(),
    )
    return dict(
        CrossReviewScore.objects.filter(
            review__round=round, review__state=HANDED_IN, points__isnull=False
        )
        .order_by()
        .values("review_id")
        .annotate(joined=Joined(pair))
        .values_list("review_id", "joined")
    )


def _row(joined: str, column: Mapping[str, int], read: dict[str, Decimal]) -> Points:
    points: list[Decimal | None] = [None] * len(column)
    for pair in joined.split():
        key, _, text = pair.partition(":")
        number = read.get(text)
        if number is None:
            number = read[text] = Decimal(text)
        points[column[key]] = number
    return tuple(points)
