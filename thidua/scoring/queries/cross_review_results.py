"""What a cross-review came to: means, spreads, disagreements, corrected means.

Whoever calls these has asked `points_are_open` first. A unit's own results never say whose points
they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from thidua.organisations.models import Membership
from thidua.rules.scoring import vietnamese
from thidua.rules.scoring.crossreview import (
    Correction,
    Disagreement,
    Distance,
    correct,
    disagreements,
)
from thidua.scoring.models import (
    CrossReview,
    CrossReviewCriterion,
    CrossReviewRound,
    CrossReviewScore,
    CrossReviewSettlement,
)
from thidua.scoring.queries.cross_reviews import HANDED_IN, is_complete, members_of

State = CrossReviewRound.State
Given = dict[tuple[int, int], dict[int, Decimal]]
CENT = Decimal("0.01")
ANONYMOUS = "Một đơn vị chấm"


def mean_of(points: Iterable[Decimal]) -> Fraction | None:
    """The exact mean; None of nothing."""
    given = [Fraction(each) for each in points]
    return sum(given, Fraction(0)) / len(given) if given else None


def about(value: Fraction | None) -> str:
    """A mean as shown: exact to two decimals, else “≈” and rounded half up."""
    if value is None:
        return "—"
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(CENT, ROUND_HALF_UP)
    return ("" if Fraction(rounded) == value else "≈") + vietnamese(rounded.normalize() + 0)


def points_are_open(round: CrossReviewRound) -> bool:
    """Lead and superior may see points: the round is closed, or every review is in."""
    return round.state == State.CLOSED or (round.state == State.OPEN and is_complete(round))


@dataclass(frozen=True)
class Scope:
    """What one person sees of a round's points.

    `own` is the person's unit: its results wait for the closing, and hide who gave which points.
    """

    round: CrossReviewRound
    own: Membership | None

    def shows(self, reviewed: int) -> bool:
        return not self.is_own(reviewed) or self.round.state == State.CLOSED

    def is_own(self, reviewed: int) -> bool:
        return self.own is not None and self.own.pk == reviewed


@dataclass(frozen=True)
class Cell:
    """One criterion of one unit: each reviewer's points, mean, spread, what is to be settled."""

    criterion: CrossReviewCriterion
    points: tuple[tuple[str, Decimal], ...]
    remarks: tuple[tuple[str, str], ...]
    mean: Fraction | None
    corrected: Fraction | None
    disagreement: Disagreement[int] | None
    settlement: CrossReviewSettlement | None

    @property
    def low(self) -> Decimal | None:
        return min((each for _, each in self.points), default=None)

    @property
    def high(self) -> Decimal | None:
        return max((each for _, each in self.points), default=None)

    @property
    def spread(self) -> Decimal | None:
        return None if self.low is None or self.high is None else self.high - self.low

    @property
    def range_text(self) -> str:
        """Lowest and highest: “2 – 3,5”; one number where they agree."""
        if self.low is None or self.high is None:
            return "—"
        if self.low == self.high:
            return vietnamese(self.low)
        return f"{vietnamese(self.low)} – {vietnamese(self.high)}"

    @property
    def arithmetic(self) -> str:
        """“(3 + 2 + 1) : 3 = 2”, so that anybody can do it again."""
        if len(self.points) < 2:
            return ""
        sum_text = " + ".join(vietnamese(each) for _, each in self.points)
        sign, _, rounded = about(self.mean).rpartition("≈")
        equals = "≈" if about(self.mean).startswith("≈") else "="
        return f"({sum_text}) : {len(self.points)} {equals} {sign}{rounded}"

    @property
    def mean_text(self) -> str:
        return about(self.mean)

    @property
    def corrected_text(self) -> str:
        return about(self.corrected)

    @property
    def why(self) -> str:
        """Rule and arithmetic without a name: “chênh 1,5 điểm (3 − 1,5), vượt mức 1 điểm.”"""
        if self.disagreement is None:
            return ""
        low, high = self.disagreement.low, self.disagreement.high
        told = self.disagreement.sentence.rpartition("; ")[2]
        return told.replace(" điểm,", f" điểm ({vietnamese(high)} − {vietnamese(low)}),", 1)

    @property
    def is_open(self) -> bool:
        """A disagreement on which nothing has been decided yet."""
        return self.disagreement is not None and self.settlement is None


@dataclass(frozen=True)
class UnitResult:
    """One reviewed unit with its criteria; `cells` is empty where the person may not see points."""

    member: Membership
    cells: tuple[Cell, ...]
    handed_in: int
    assigned: int

    @property
    def total(self) -> Fraction | None:
        """The sum of the means, where every criterion has one."""
        means = [cell.mean for cell in self.cells if cell.mean is not None]
        return sum(means, Fraction(0)) if means and len(means) == len(self.cells) else None

    @property
    def total_text(self) -> str:
        return about(self.total)

    @property
    def corrected_total_text(self) -> str:
        found = [cell.corrected for cell in self.cells if cell.corrected is not None]
        whole = bool(found) and len(found) == len(self.cells)
        return about(sum(found, Fraction(0)) if whole else None)

    @property
    def flagged(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.disagreement is not None)

    @property
    def unsettled(self) -> int:
        return sum(cell.is_open for cell in self.cells)


@dataclass(frozen=True)
class Results:
    """Every unit of the round as one person sees it."""

    criteria: tuple[CrossReviewCriterion, ...]
    units: tuple[UnitResult, ...]
    warning: str = ""

    @property
    def flagged(self) -> int:
        return sum(len(unit.flagged) for unit in self.units)

    @property
    def unsettled(self) -> int:
        return sum(unit.unsettled for unit in self.units)

    def unit(self, key: int) -> UnitResult | None:
        return next((each for each in self.units if each.member.pk == key), None)


def results(scope: Scope, only: int | None = None) -> Results:
    """Five queries whatever the size: members, reviews, criteria, points, settlements.

    `only`: the one unit (membership) that is asked for, so that no other's points are read.
    """
    round = scope.round
    members = members_of(round)
    criteria = tuple(round.criteria.select_related("criterion").order_by("criterion__order"))
    reviews = list(round.reviews.order_by("reviewer__order"))
    # Habits show only in what a reviewer gave to everybody.
    read = None if round.shows_correction else only
    given, remarks = _given(round, {review.pk: review for review in reviews}, read)
    given = {key: row for key, row in given.items() if scope.shows(key[0])}
    settled = {
        (each.reviewed_id, each.criterion_id): each
        for each in round.settlements.select_related("settled_by")
    }
    names = {member.pk: member.organisation.short_name for member in members}
    evened = _corrected(round, given, criteria, names)
    units = []
    for member in members:
        own = [review for review in reviews if review.reviewed_id == member.pk]
        if not own or only not in {None, member.pk}:
            continue
        labels = _labels(own, names, hidden=scope.is_own(member.pk))
        flags = _flags(round, member.pk, given, criteria, {**names, **labels})
        cells = tuple(
            _cell(
                criterion,
                given.get((member.pk, criterion.pk), {}),
                remarks.get((member.pk, criterion.pk), {}),
                labels,
                evened.means.get((member.pk, criterion.pk)),
                flags.get(criterion.pk),
                settled.get((member.pk, criterion.pk)),
            )
            for criterion in criteria
        )
        handed_in = sum(review.is_handed_in for review in own)
        shown = cells if scope.shows(member.pk) else ()
        units.append(UnitResult(member, shown, handed_in, len(own)))
    return Results(criteria, tuple(units), evened.warning)


def _cell(
    criterion: CrossReviewCriterion,
    given: Mapping[int, Decimal],
    remarks: Mapping[int, str],
    labels: Mapping[int, str],
    corrected: Fraction | None,
    disagreement: Disagreement[int] | None,
    settlement: CrossReviewSettlement | None,
) -> Cell:
    points = [(labels[key], each) for key, each in given.items()]
    said = [(labels[key], each) for key, each in remarks.items() if each]
    if ANONYMOUS in labels.values():
        # The order of rows would tell the reviewers apart: by size, by letters instead.
        points.sort(key=lambda each: each[1])
        said.sort(key=lambda each: each[1])
    return Cell(
        criterion,
        tuple(points),
        tuple(said),
        mean_of(given.values()),
        corrected,
        disagreement,
        settlement,
    )


def _labels(
    reviews: Sequence[CrossReview], names: Mapping[int, str], *, hidden: bool
) -> dict[int, str]:
    return {
        review.reviewer_id: ANONYMOUS if hidden else names[review.reviewer_id] for review in reviews
    }


def _given(
    round: CrossReviewRound, reviews: Mapping[int, CrossReview], only: int | None
) -> tuple[Given, dict[tuple[int, int], dict[int, str]]]:
    """Points and remarks that were handed in, by (reviewed, criterion) and reviewer."""
    points: Given = defaultdict(dict)
    remarks: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    rows = CrossReviewScore.objects.filter(
        review__round=round, review__state=HANDED_IN, points__isnull=False
    ).order_by("review__reviewer__order")
    if only is not None:
        rows = rows.filter(review__reviewed=only)
    for key, criterion, value, remark in rows.values_list(
        "review", "criterion", "points", "remark"
    ):
        review = reviews[key]
        if value is not None:
            points[review.reviewed_id, criterion][review.reviewer_id] = value
            remarks[review.reviewed_id, criterion][review.reviewer_id] = remark
    return dict(points), dict(remarks)


def distance_of(round: CrossReviewRound) -> Distance:
    """The round's set distance as a rule."""
    if round.distance_kind == CrossReviewRound.DistanceKind.PERCENT:
        return Distance(percent=Fraction(round.distance))
    return Distance(points=round.distance)


def _flags(
    round: CrossReviewRound,
    reviewed: int,
    given: Given,
    criteria: Sequence[CrossReviewCriterion],
    names: Mapping[int, str],
) -> dict[int, Disagreement[int]]:
    """By criterion of one unit: where its reviewers lie too far apart."""
    by_path = {each.criterion.path: each for each in criteria}
    rows = {
        (reviewed, path): given[reviewed, each.pk]
        for path, each in by_path.items()
        if (reviewed, each.pk) in given
    }
    maxima: dict[str, Decimal | None] = {path: each.maximum for path, each in by_path.items()}
    return {
        by_path[each.path].pk: each
        for each in disagreements(rows, distance_of(round), maxima, names)
    }


@dataclass(frozen=True)
class Evened:
    """Corrected means by (reviewed, criterion), and a sentence where some cannot be compared."""

    means: Mapping[tuple[int, int], Fraction]
    warning: str = ""


def _corrected(
    round: CrossReviewRound,
    given: Given,
    criteria: Sequence[CrossReviewCriterion],
    names: Mapping[int, str],
) -> Evened:
    """Means with the habits of harsh and lenient reviewers taken out, criterion by criterion."""
    if not round.shows_correction:
        return Evened({})
    found: dict[tuple[int, int], Fraction] = {}
    warning = ""
    for criterion in criteria:
        rows = {unit: row for (unit, key), row in given.items() if key == criterion.pk}
        evened: Correction[int, int] = correct(rows, names, names)
        if not evened.is_connected:
            warning = evened.trace[0]
        for unit, item in evened.items.items():
            found[unit, criterion.pk] = item.corrected
    return Evened(found, warning)


def received(round: CrossReviewRound, own: Membership) -> UnitResult | None:
    """A unit's own results, once the round is closed; None before, or where nobody scored it."""
    if round.state != State.CLOSED:
        return None
    return results(Scope(round, own), own.pk).unit(own.pk)
