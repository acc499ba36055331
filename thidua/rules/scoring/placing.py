"""The end of a year: award points, classes and places of all units together, with the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from thidua.rules.scoring.classes import (
    AwardResult,
    ClassResult,
    QuotaResult,
    Scored,
    apply_quotas,
    award_points,
    classify,
)
from thidua.rules.scoring.facts import Facts, known_values
from thidua.rules.scoring.language import NotApplicable, TableRules, table_rules
from thidua.rules.scoring.ranking import Contender, Decision, GroupRanking, Key, rank_groups
from thidua.rules.scoring.totals import TableResult
from thidua.rules.scoring.tree import Table

ZERO = Decimal(0)
HANDED_IN = "@nop"
NOT_FINAL = "Bảng chấm điểm chưa chốt nên chưa xếp hạng."
NOT_HANDED_IN = "Đơn vị chưa nộp bảng tự chấm nên chưa xếp hạng."


@dataclass(frozen=True)
class Entrant:
    """One unit to be placed: its whole table and its figures; only a final one is ranked."""

    result: TableResult
    facts: Facts
    name: str = ""
    is_final: bool = True


@dataclass(frozen=True)
class Placing:
    """Where one unit ends; `total` in points, rounded, with `award` points in it.

    `place` counts inside the unit's group, None where it is not ranked; `class_name` None where it
    reached none or people must decide, which `needs_person` says.
    """

    award: Decimal = ZERO
    total: Decimal | None = None
    place: int | None = None
    class_name: str | None = None
    trace: tuple[str, ...] = ()
    needs_person: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """One unit by itself: award points, the total with them, its class before quotas."""

    award: AwardResult
    total: Decimal
    classed: ClassResult


def placings(
    table: Table,
    entrants: Mapping[Key, Entrant],
    decisions: Sequence[Decision[Key]] = (),
) -> dict[Key, Placing]:
    """The place and the class of every unit; `decisions` are people's words on equal totals."""
    rules = table_rules(table)
    judged = {
        key: judge(table, each.result, each.facts)
        for key, each in entrants.items()
        if each.is_final
    }
    ranking = rank_groups(
        {key: _contender(each, judged.get(key)) for key, each in entrants.items()},
        rules.ties,
        decisions,
        _labels(table, rules),
    )
    quotas = [
        _quotas(rules, places, judged, {key: entrants[key].name for key in places})
        for places in ranking.groups.values()
    ]
    return {key: _placing(key, judged.get(key), ranking, quotas) for key in entrants}


def judge(table: Table, result: TableResult, facts: Facts) -> Judged:
    """What the table makes of one unit's points and figures, whatever the others have."""
    rules = table_rules(table)
    values = {**known_values(facts), HANDED_IN: True}
    award = award_points(rules, values)
    total = result.rounded + award.points
    excluded = {
        path
        for path, leaf in result.leaves.items()
        if leaf.not_applicable is NotApplicable.EXCLUDED
    }
    scored = Scored(total, result.maximum, result.subtotals, values, excluded)
    return Judged(award, total, classify(table, rules, scored))


def _contender(entrant: Entrant, judged: Judged | None) -> Contender:
    group = entrant.facts.unit.group
    if judged is None:
        return Contender(None, group, entrant.name, NOT_FINAL)
    if not judged.classed.ranked:
        reasons = (*judged.classed.trace, *judged.classed.needs_person)
        return Contender(None, group, entrant.name, " ".join(reasons))
    leaves = entrant.result.leaves.values()
    return Contender(
        total=judged.total,
        group=group,
        name=entrant.name,
        subtotals=entrant.result.subtotals,
        values=known_values(entrant.facts),
        bonus=sum((leaf.bonus for leaf in leaves), ZERO),
        deduction=sum((leaf.deduction for leaf in leaves), ZERO),
    )


def _labels(table: Table, rules: TableRules) -> dict[str, str]:
    nodes = {node.path: f"{node.code} ({node.title})" for node in table.walk()}
    return {**nodes, **{key: each.label for key, each in rules.inputs.items()}}


def _quotas(
    rules: TableRules,
    places: Mapping[Key, int],
    judged: Mapping[Key, Judged],
    names: Mapping[Key, str],
) -> QuotaResult[Key]:
    """Quotas hold among those who are ranked with each other."""
    classes = {key: judged[key].classed.name for key in places}
    waiting = [key for key in places if judged[key].classed.needs_person]
    return apply_quotas(rules, places, classes, names, waiting)


@dataclass(frozen=True)
class _Class:
    """The class of one unit after quotas, with the reasons."""

    name: str | None = None
    trace: tuple[str, ...] = ()
    needs_person: tuple[str, ...] = ()


def _after_quotas(key: Key, quotas: Sequence[QuotaResult[Key]]) -> _Class:
    for each in quotas:
        if key in each.names:
            asked = each.needs_person.get(key)
            trace = (*each.trace.get(key, ()), *each.notes)
            return _Class(each.names[key], trace, (asked,) if asked else ())
    return _Class()


def _placing(
    key: Key,
    judged: Judged | None,
    ranking: GroupRanking[Key],
    quotas: Sequence[QuotaResult[Key]],
) -> Placing:
    if judged is None:
        return Placing(trace=ranking.trace(key))
    final = _after_quotas(key, quotas)
    steps = (*judged.award.trace, *judged.classed.trace, *final.trace, *ranking.trace(key))
    return Placing(
        award=judged.award.points,
        total=judged.total,
        place=ranking.places.get(key),
        class_name=final.name,
        trace=tuple(dict.fromkeys(steps)),
        needs_person=(
            *judged.award.needs_person,
            *judged.classed.needs_person,
            *final.needs_person,
        ),
    )


__all__ = ["NOT_FINAL", "NOT_HANDED_IN", "Entrant", "Placing", "placings"]
