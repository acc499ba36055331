"""What is open in a year: disputed points, totals under other points, how firm the places are.

Nothing here saves anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from thidua.rules.scoring import LeafResult
from thidua.rules.scoring.classes import award_points
from thidua.rules.scoring.cluster import Cluster, Member
from thidua.rules.scoring.facts import known_values
from thidua.rules.scoring.robustness import Robustness, robustness
from thidua.rules.scoring.totals import TableResult, add_up
from thidua.rules.scoring.whatif import (
    Dispute,
    Disputed,
    FirstPlace,
    PointMoved,
    WhatIf,
    first_place,
    side_by_side,
    try_figures,
)
from thidua.scoring.models import CriteriaSet, Criterion, CriterionScore, ScoreSheet
from thidua.scoring.queries.evaluation import Evaluated, Evaluation, evaluate, standing_claims
from thidua.scoring.queries.standings import decisions_of, judge

State = ScoreSheet.State
ZERO = Decimal(0)
Changes = Mapping[tuple[int, str], Decimal]
"""Points by sheet and path of a leaf."""
Figures = Mapping[tuple[int, str], str]
"""Canonical text by sheet and input; "" takes the figure away."""


@dataclass(frozen=True)
class OpenPoint:
    """One leaf of one unit about which the two sides differ, or whose answer waits."""

    unit: Evaluated
    score: CriterionScore
    now: Decimal
    claimed: Decimal
    waits: bool

    @property
    def criterion(self) -> Criterion:
        return self.score.criterion

    @property
    def low(self) -> Decimal:
        return min(self.now, self.claimed)

    @property
    def high(self) -> Decimal:
        return max(self.now, self.claimed)


def handed_in(criteria_set: CriteriaSet) -> list[ScoreSheet]:
    """The sheets that were handed in, in the order of the members."""
    return list(
        criteria_set.sheets.exclude(state=State.DRAFT)
        .select_related("membership__organisation")
        .order_by("membership__order")
    )


def evaluation_of(criteria_set: CriteriaSet) -> Evaluation:
    """All sheets handed in, as they stand now."""
    return evaluate(criteria_set, handed_in(criteria_set))


def open_points(evaluation: Evaluation) -> list[OpenPoint]:
    """Leaves of sheets that are not final where claim and appraisal differ, or a reply waits."""
    found = []
    for unit in evaluation.units:
        if unit.sheet.state != State.SUBMITTED:
            continue
        for path, score in unit.scores.items():
            now, claimed = unit.result.leaves[path].points, score.self_points
            if now is None or claimed is None:
                continue
            if score.reply_waits or (score.appraised_at and now != claimed):
                found.append(OpenPoint(unit, score, now, claimed, score.reply_waits))
    return sorted(found, key=lambda each: (each.unit.sheet.membership.order, each.criterion.order))


def changed_result(
    evaluation: Evaluation, unit: Evaluated, changes: Mapping[str, Decimal]
) -> TableResult:
    """The unit's points with other points at some leaves; caps of groups hold as before."""
    leaves = {
        path: _changed(leaf, changes[path]) if path in changes else leaf
        for path, leaf in unit.result.leaves.items()
    }
    return add_up(evaluation.table, leaves, evaluation.rules, traced=False)


def _changed(leaf: LeafResult, points: Decimal) -> LeafResult:
    """Bonus and deduction stay what they are; the rest becomes standard points."""
    return replace(leaf, points=points, base=points - leaf.bonus + leaf.deduction)


@dataclass(frozen=True)
class Tried:
    """What other figures and other points would change; `points` moved by figures alone."""

    moves: WhatIf[int]
    """Totals and places of all sheets handed in, before and after; keys are memberships."""
    points: tuple[PointMoved[int], ...]
    """Leaves whose points moved; keys are sheets."""

    @property
    def by_leader(self) -> tuple[PointMoved[int], ...]:
        """Those that moved because another unit leads now."""
        return tuple(each for each in self.points if each.by_leader)


def try_changes(evaluation: Evaluation, changes: Changes, figures: Figures | None = None) -> Tried:
    """Figures first, as far as they reach; then points typed in place of what is computed.

    Raises RuleError where the rules cannot be applied to a figure.
    """
    points: tuple[PointMoved[int], ...] = ()
    altered = {unit.sheet.pk: unit for unit in evaluation.units}
    if figures:
        cluster = _cluster(evaluation)
        points = try_figures(cluster, figures)
        altered = {key: _refigured(cluster, key, unit) for key, unit in altered.items()}
    for key, own in _by_sheet(changes).items():
        unit = altered[key]
        altered[key] = replace(unit, result=changed_result(evaluation, unit, own))
    before = {unit.sheet.membership_id: unit.total for unit in evaluation.units}
    after = {
        unit.sheet.membership_id: _total_after(unit, altered[unit.sheet.pk])
        for unit in evaluation.units
    }
    decided = decisions_of(evaluation.criteria_set)
    moves = side_by_side(
        before,
        after,
        judge(evaluation.units, evaluation, decided, before).ranked.places,
        judge(list(altered.values()), evaluation, decided, after).ranked.places,
        names_of(evaluation),
    )
    return Tried(moves, points)


def _cluster(evaluation: Evaluation) -> Cluster[int]:
    """All units as evaluated, ready to be changed; by sheet."""
    members = {
        unit.sheet.pk: Member(
            standing_claims(unit.scores.values()), unit.facts.given, unit.facts.unit
        )
        for unit in evaluation.units
        if unit.facts is not None
    }
    return Cluster(
        evaluation.table,
        evaluation.criteria_set.year.year,
        members,
        complete=evaluation.leads is not None,
        results={unit.sheet.pk: unit.result for unit in evaluation.units},
    )


def _refigured(cluster: Cluster[int], key: int, unit: Evaluated) -> Evaluated:
    """A unit under the figures tried; the same one where nothing reached it."""
    result = cluster.results()[key]
    if result is unit.result:
        return unit
    facts = cluster.facts()[key]
    values = known_values(facts)
    awards = award_points(cluster.rules, values)
    return replace(unit, result=result, facts=facts, values=values, awards=awards)


def _total_after(unit: Evaluated, altered: Evaluated) -> Decimal:
    """With award points; a sheet that nothing reached keeps the total it was closed with."""
    if altered is unit:
        return unit.total
    return altered.result.rounded + altered.awards.points


def _by_sheet(changes: Changes) -> dict[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = {}
    for (sheet, path), points in changes.items():
        found.setdefault(sheet, {})[path] = points
    return found


def names_of(evaluation: Evaluation) -> dict[int, str]:
    return {unit.sheet.membership_id: unit.name for unit in evaluation.units}


def first_places(
    evaluation: Evaluation, points: Iterable[OpenPoint]
) -> list[tuple[str, FirstPlace[int]]]:
    """For each ranking group: who may still come first, and which open points decide it."""
    open_by_unit: dict[int, list[OpenPoint]] = {}
    for point in points:
        open_by_unit.setdefault(point.unit.sheet.pk, []).append(point)
    judged = judge(evaluation.units, evaluation)
    groups: dict[str, dict[int, Disputed]] = {}
    for unit in evaluation.units:
        key = unit.sheet.membership_id
        if judged.classes[key].ranked is False:
            continue
        own = open_by_unit.get(unit.sheet.pk, [])
        groups.setdefault(unit.group, {})[key] = _disputed(evaluation, unit, own)
    rounding, unknown = evaluation.table.rounding, _still_unknown(evaluation)
    return [
        (group, first_place(units, rounding, unknown=unknown)) for group, units in groups.items()
    ]


def _still_unknown(evaluation: Evaluation) -> list[str]:
    """Why totals may yet change beside what is disputed, in words; two queries."""
    sheets = ScoreSheet.objects.filter(criteria_set=evaluation.criteria_set)
    missing = sheets.filter(state=ScoreSheet.State.DRAFT, set_aside_at=None)
    appraised = sheets.filter(state=ScoreSheet.State.SUBMITTED, scores__appraised_at=None)
    return [
        f"{', '.join(names)} {why}"
        for found, why in ((missing, "chưa nộp bảng tự chấm"), (appraised, "chưa thẩm định xong"))
        if (names := _short_names(found))
    ]


def _short_names(sheets: QuerySet[ScoreSheet]) -> list[str]:
    found = sheets.order_by("membership__order").values_list(
        "membership__organisation__short_name", flat=True
    )
    return list(dict.fromkeys(found))


def _disputed(evaluation: Evaluation, unit: Evaluated, own: list[OpenPoint]) -> Disputed:
    """The open points of a unit one by one; as one whole where a cap or a scale binds them."""
    award = unit.awards.points
    if not own:
        return Disputed(unit.total, (), unit.name)
    total = unit.result.total
    low = changed_result(evaluation, unit, {p.criterion.path: p.low for p in own})
    high = changed_result(evaluation, unit, {p.criterion.path: p.high for p in own})
    down = sum((p.now - p.low for p in own), ZERO)
    up = sum((p.high - p.now for p in own), ZERO)
    plain = evaluation.table.rounding.apply(total) == unit.result.rounded
    if plain and (total - down, total + up) == (low.total, high.total):
        items = tuple(Dispute(f"tiêu chí {p.criterion.code}", p.now, p.low, p.high) for p in own)
        return Disputed(total - sum((p.now for p in own), ZERO) + award, items, unit.name)
    codes = ", ".join(p.criterion.code for p in own)
    now = unit.result.rounded
    ends = sorted((low.rounded, now, high.rounded))
    return Disputed(
        award, (Dispute(f"các tiêu chí {codes} gộp lại", now, ends[0], ends[2]),), unit.name
    )


def firmness(
    evaluation: Evaluation, units: Iterable[Evaluated], *, bound: Fraction, seed: int
) -> Robustness[int]:
    """How places shift when the weight of each part varies by up to `bound` (a part of 1)."""
    chosen = list(units)
    parts = weighted_parts(evaluation)
    points = {
        unit.sheet.membership_id: {path: unit.result.subtotals.get(path, ZERO) for path in parts}
        for unit in chosen
    }
    fixed = {
        unit.sheet.membership_id: unit.total - sum(points[unit.sheet.membership_id].values(), ZERO)
        for unit in chosen
    }
    return robustness(
        points,
        bound,
        seed=seed,
        fixed=fixed,
        rounding=evaluation.table.rounding,
        names={unit.sheet.membership_id: unit.name for unit in chosen},
    )


def weighted_parts(evaluation: Evaluation) -> tuple[str, ...]:
    """The largest parts of the table; those below where there is only one."""
    nodes = evaluation.table.nodes
    while len(nodes) == 1 and nodes[0].children:
        nodes = nodes[0].children
    return tuple(node.path for node in nodes)
