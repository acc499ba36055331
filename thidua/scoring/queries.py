"""What scoring pages read: a fixed number of queries whatever the size."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from thidua.documents.models import StoredFile
from thidua.organisations.models import EmulationYear
from thidua.rules.scoring import Claim, Ranking, TableResult, examine, rank
from thidua.scoring.models import CriteriaSet, Criterion, CriterionScore, Evidence, ScoreSheet
from thidua.scoring.tables import to_table


def issued_set(year: EmulationYear) -> CriteriaSet | None:
    """The table in force: the latest issued version."""
    return (
        CriteriaSet.objects.filter(year=year, state=CriteriaSet.State.ISSUED)
        .order_by("-number")
        .first()
    )


def claims(sheet: ScoreSheet) -> dict[str, Claim]:
    """What the unit claims, by path."""
    return {
        score.criterion.path: Claim(score.base, score.bonus, score.deduction)
        for score in sheet.scores.select_related("criterion")
    }


def appraised_claims(sheet: ScoreSheet) -> dict[str, Claim]:
    """What the appraisers decided, by path."""
    return {
        score.criterion.path: Claim(
            score.appraised_base, score.appraised_bonus, score.appraised_deduction
        )
        for score in sheet.scores.select_related("criterion")
    }


def unappraised(sheet: ScoreSheet) -> list[CriterionScore]:
    """Leaves without an appraiser's decision, in the order of the table."""
    return list(sheet.scores.filter(appraised_at=None).select_related("criterion"))


@dataclass(frozen=True)
class SheetRow:
    """One line of a sheet's page: a group or a leaf, with its points on both sides."""

    criterion: Criterion
    depth: int
    score: CriterionScore | None
    evidence: tuple[Evidence, ...]
    claimed_points: Decimal | None
    appraised_points: Decimal | None

    @property
    def differs(self) -> bool:
        return (
            self.score is not None
            and self.score.appraised_at is not None
            and self.claimed_points != self.appraised_points
        )


@dataclass(frozen=True)
class SheetView:
    """A whole sheet: rows in printed order and both results with their reasons."""

    sheet: ScoreSheet
    rows: tuple[SheetRow, ...]
    claimed: TableResult
    appraised: TableResult


def sheet_view(sheet: ScoreSheet) -> SheetView:
    """Three queries: criteria, scores, evidence."""
    criteria = list(sheet.criteria_set.criteria.all())
    scores = {
        score.criterion_id: score
        for score in sheet.scores.select_related(
            "criterion", "changed_by", "appraised_by", "replied_by"
        )
    }
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for piece in Evidence.objects.filter(score__sheet=sheet).select_related("file", "added_by"):
        evidence[piece.score_id].append(piece)
    table = to_table(sheet.criteria_set, criteria)
    claimed = examine(
        table,
        {s.criterion.path: Claim(s.base, s.bonus, s.deduction) for s in scores.values()},
    )
    appraised = examine(
        table,
        {
            s.criterion.path: Claim(s.appraised_base, s.appraised_bonus, s.appraised_deduction)
            for s in scores.values()
        },
    )
    rows = tuple(
        SheetRow(
            criterion=criterion,
            depth=criterion.path.count("/"),
            score=score,
            evidence=tuple(evidence[score.pk]) if score else (),
            claimed_points=claimed.subtotals.get(criterion.path),
            appraised_points=appraised.subtotals.get(criterion.path),
        )
        for criterion in criteria
        for score in [scores.get(criterion.pk)]
    )
    return SheetView(sheet, rows, claimed, appraised)


@dataclass(frozen=True)
class Standing:
    """One member in the ranking; `place` None while the sheet is not final."""

    sheet: ScoreSheet
    place: int | None


def ranking(year: EmulationYear) -> list[Standing]:
    """Members by final points, ties sharing a place; those not final follow in member order."""
    criteria_set = issued_set(year)
    if criteria_set is None:
        return []
    sheets = list(
        criteria_set.sheets.select_related("membership__organisation").order_by(
            "membership__order"
        )
    )
    ranked: Ranking[int] = rank({sheet.pk: sheet.final_score for sheet in sheets})
    standings = [Standing(sheet, ranked.places.get(sheet.pk)) for sheet in sheets]
    return sorted(
        standings, key=lambda each: (each.place is None, each.place, each.sheet.membership.order)
    )


@dataclass(frozen=True)
class Matrix:
    """Units × criteria: the final points of every leaf, the claimed ones before that."""

    criteria: tuple[Criterion, ...]
    sheets: tuple[ScoreSheet, ...]
    points: dict[int, tuple[Decimal | None, ...]]
    totals: dict[int, Decimal | None]


def matrix(year: EmulationYear, sheets: Sequence[ScoreSheet]) -> Matrix | None:
    """The stored points of these sheets in three queries; drafts have none."""
    criteria_set = issued_set(year)
    if criteria_set is None:
        return None
    leaves = tuple(criteria_set.criteria.filter(is_leaf=True))
    position = {leaf.pk: column for column, leaf in enumerate(leaves)}
    final = {sheet.pk for sheet in sheets if sheet.state == ScoreSheet.State.FINALISED}
    points: dict[int, list[Decimal | None]] = {sheet.pk: [None] * len(leaves) for sheet in sheets}
    stored = CriterionScore.objects.filter(sheet__in=sheets).order_by()
    for sheet_id, criterion_id, claimed, decided in stored.values_list(
        "sheet_id", "criterion_id", "self_points", "points"
    ):
        points[sheet_id][position[criterion_id]] = decided if sheet_id in final else claimed
    return Matrix(
        leaves,
        tuple(sheets),
        {key: tuple(row) for key, row in points.items()},
        {
            sheet.pk: sheet.final_score if sheet.pk in final else sheet.self_score
            for sheet in sheets
        },
    )


def evidence_used_elsewhere(sheet: ScoreSheet) -> dict[str, int]:
    """SHA-256 of this sheet's evidence that other claims or units of the year use too (T04)."""
    own = Evidence.objects.filter(score__sheet=sheet).values("file__sha256")
    counted = (
        StoredFile.objects.filter(
            sha256__in=own,
            evidence__isnull=False,
            evidence__score__sheet__criteria_set__year=sheet.criteria_set.year_id,
        )
        .values("sha256")
        .annotate(uses=Count("evidence", filter=Q(evidence__isnull=False)))
    )
    return {row["sha256"]: row["uses"] for row in counted if row["uses"] > 1}
