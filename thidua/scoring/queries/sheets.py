"""One sheet: every line with both sides' points and their reasons."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from thidua.rules.scoring import Claim, LeafResult, Table, TableResult, examine
from thidua.scoring.models import Criterion, CriterionScore, Evidence, ScoreSheet
from thidua.scoring.queries.facts import Known, known_of
from thidua.scoring.queries.scale import display_groups
from thidua.scoring.tables import to_table


def claims(sheet: ScoreSheet) -> dict[str, Claim]:
    """What the unit claims, by path."""
    return _claimed(sheet.scores.select_related("criterion"))


def appraised_claims(sheet: ScoreSheet) -> dict[str, Claim]:
    """What the appraisers decided, by path."""
    return _decided(sheet.scores.select_related("criterion"))


def _claimed(scores: Iterable[CriterionScore]) -> dict[str, Claim]:
    return {s.criterion.path: Claim(s.base, s.bonus, s.deduction) for s in scores}


def _decided(scores: Iterable[CriterionScore]) -> dict[str, Claim]:
    return {
        s.criterion.path: Claim(s.appraised_base, s.appraised_bonus, s.appraised_deduction)
        for s in scores
    }


def is_scored(leaf: LeafResult) -> bool:
    """The unit has given all it can for a criterion; what only waits for other units counts."""
    return leaf.points is not None or bool(leaf.waits and not leaf.missing)


def scored_count(result: TableResult) -> int:
    """How many criteria are scored, as pages and lists say it."""
    return sum(is_scored(leaf) for leaf in result.leaves.values())


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
    claimed: LeafResult | None = None
    appraised: LeafResult | None = None

    @property
    def is_scored(self) -> bool:
        """The unit has given all it can; what only waits for other units counts."""
        return self.claimed is not None and is_scored(self.claimed)

    @property
    def is_appraised(self) -> bool:
        return self.score is not None and self.score.appraised_at is not None

    @property
    def differs(self) -> bool:
        return self.is_appraised and self.claimed_points != self.appraised_points


@dataclass(frozen=True)
class Group:
    """Lines under one heading of the page, and how far they are."""

    criterion: Criterion
    parent: Criterion | None
    rows: tuple[SheetRow, ...]
    claimed_points: Decimal | None
    appraised_points: Decimal | None

    @property
    def leaves(self) -> tuple[SheetRow, ...]:
        return tuple(row for row in self.rows if row.score is not None)

    @property
    def total(self) -> int:
        return len(self.leaves)

    @property
    def scored(self) -> int:
        return sum(row.is_scored for row in self.leaves)

    @property
    def appraised(self) -> int:
        return sum(row.is_appraised for row in self.leaves)


@dataclass(frozen=True)
class SheetView:
    """A whole sheet: rows in printed order and both results with their reasons."""

    sheet: ScoreSheet
    rows: tuple[SheetRow, ...]
    claimed: TableResult
    appraised: TableResult
    table: Table
    reported: Known
    found: Known

    @property
    def leaves(self) -> tuple[SheetRow, ...]:
        return tuple(row for row in self.rows if row.score is not None)

    @property
    def missing(self) -> tuple[SheetRow, ...]:
        """Leaves the unit has not scored."""
        return tuple(row for row in self.leaves if not row.is_scored)

    @property
    def unappraised(self) -> tuple[SheetRow, ...]:
        return tuple(row for row in self.leaves if not row.is_appraised)

    @property
    def replies(self) -> tuple[SheetRow, ...]:
        """Leaves whose explanation waits for the appraiser."""
        return tuple(row for row in self.leaves if row.score and row.score.reply_waits)

    @property
    def changed(self) -> tuple[SheetRow, ...]:
        return tuple(row for row in self.leaves if row.differs)

    def row_of(self, score_id: int) -> SheetRow:
        """The line of one score."""
        return next(row for row in self.leaves if row.score and row.score.pk == score_id)

    def groups(self) -> list[Group]:
        """The rows cut into what stands under one heading."""
        by_key = {row.criterion.pk: row.criterion for row in self.rows}
        return [
            Group(
                criterion=head,
                parent=by_key.get(head.parent_id or 0),
                rows=tuple(
                    row
                    for row in self.rows
                    if head.contains(row.criterion.path)
                    and (head.is_leaf or row.criterion.pk != head.pk)
                ),
                claimed_points=self.claimed.subtotals.get(head.path),
                appraised_points=self.appraised.subtotals.get(head.path),
            )
            for head in display_groups([row.criterion for row in self.rows])
        ]


def sheet_view(sheet: ScoreSheet) -> SheetView:
    """Three queries: criteria, scores, evidence."""
    criteria = list(sheet.criteria_set.criteria.all())
    by_key = {criterion.pk: criterion for criterion in criteria}
    scores = {
        score.criterion_id: score
        for score in sheet.scores.select_related(
            "changed_by", "appraised_by", "replied_by"
        ).order_by()
    }
    for score in scores.values():
        score.criterion = by_key[score.criterion_id]
        score.sheet = sheet
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for piece in Evidence.objects.filter(score__sheet=sheet).select_related("file", "added_by"):
        evidence[piece.score_id].append(piece)
    table = to_table(sheet.criteria_set, criteria)
    reported = known_of(sheet, table, scores.values(), decided=False)
    found = known_of(sheet, table, scores.values(), decided=True, beside=reported)
    claimed = examine(table, _claimed(scores.values()), reported.facts(table), leads=reported.leads)
    appraised = examine(table, _decided(scores.values()), found.facts(table), leads=found.leads)
    rows = tuple(
        SheetRow(
            criterion=criterion,
            depth=criterion.path.count("/"),
            score=score,
            evidence=tuple(evidence[score.pk]) if score else (),
            claimed_points=_asked(claimed, criterion),
            appraised_points=appraised.subtotals.get(criterion.path),
            claimed=claimed.leaves.get(criterion.path),
            appraised=appraised.leaves.get(criterion.path),
        )
        for criterion in criteria
        for score in [scores.get(criterion.pk)]
    )
    return SheetView(sheet, rows, claimed, appraised, table, reported, found)


def _asked(result: TableResult, criterion: Criterion) -> Decimal | None:
    """A leaf as the unit asks for it, a group as the rules add it up."""
    leaf = result.leaves.get(criterion.path)
    return leaf.asked if leaf else result.subtotals.get(criterion.path)


def evidence_used_elsewhere(sheet: ScoreSheet) -> dict[str, tuple[str, ...]]:
    """By SHA-256 of this sheet's evidence: where else of the year the same content is used (T04).

    What other units have not handed in yet stays theirs and is left out.
    """
    own = Evidence.objects.filter(score__sheet=sheet).values("file__sha256")
    uses: dict[str, list[str]] = defaultdict(list)
    found = (
        Evidence.objects.filter(
            Q(score__sheet=sheet) | ~Q(score__sheet__state=ScoreSheet.State.DRAFT),
            file__sha256__in=own,
            score__sheet__criteria_set__year=sheet.criteria_set.year_id,
        )
        .order_by("score__sheet__membership__order", "score__criterion__order")
        .values_list(
            "file__sha256",
            "score__sheet__membership__organisation__short_name",
            "score__criterion__code",
        )
    )
    for sha256, name, code in found:
        uses[sha256].append(f"{name} (tiêu chí {code})")
    return {sha256: tuple(places) for sha256, places in uses.items() if len(places) > 1}
