"""A whole table for one unit: what applies to it, every leaf, subtotals with their caps, the total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from thidua.rules.errors import RuleError
from thidua.rules.scoring.breaches import Breach
from thidua.rules.scoring.facts import Facts, Unit
from thidua.rules.scoring.formulas import DividedByZero
from thidua.rules.scoring.language import (
    Excluded,
    GroupRule,
    NotApplicable,
    TableRules,
    group_rule,
    leaf_rule,
    table_rules,
)
from thidua.rules.scoring.numbers import vietnamese
from thidua.rules.scoring.parts import Leads
from thidua.rules.scoring.points import (
    Claim,
    LeafResult,
    Setting,
    TraceLine,
    examine_leaf,
    written_sum,
)
from thidua.rules.scoring.tree import CriterionNode, Table

ZERO = Decimal(0)


@dataclass(frozen=True)
class TableResult:
    """The points of a whole table: exact per node and in total, and the total as rounded.

    `maximum` is what the total is measured against: the scale without what was not assigned, or the
    whole scale where the total is scaled up to it. `claimed_total` is the rounded total with
    what was asked for in place of what the rules allow. `missing` are leaves without points, those
    that wait for other units among them.
    """

    leaves: Mapping[str, LeafResult]
    subtotals: Mapping[str, Decimal]
    total: Decimal
    rounded: Decimal
    missing: tuple[str, ...]
    trace: tuple[TraceLine, ...]
    maximum: Decimal = ZERO
    claimed_total: Decimal = ZERO

    @property
    def is_complete(self) -> bool:
        """Every leaf was scored."""
        return not self.missing

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Every limit broken, in printed order."""
        return tuple(each for leaf in self.leaves.values() for each in leaf.breaches)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Leaves that only wait for other units' figures."""
        return tuple(
            path
            for path in self.missing
            if self.leaves[path].waits and not self.leaves[path].missing
        )


def examine(
    table: Table,
    claims: Mapping[str, Claim],
    facts: Mapping[str, str] | Facts | None = None,
    *,
    unit: Unit | None = None,
    year: int = 0,
    leads: Leads | None = None,
    traced: bool = True,
) -> TableResult:
    """The whole table as its limits allow it; claims are by path, a leaf without one is missing.

    In: canonical facts by input key (`facts.read_fact`), what is set for the unit, the emulation
    year for due dates without one, the leaders where other units' figures are known. Raises
    RuleError when a claim names a path that is not a leaf of the table.
    """
    known = (
        facts
        if isinstance(facts, Facts)
        else Facts(table_rules(table), facts or {}, unit, year=year)
    )
    nodes = {node.path: node for node in table.leaves()}
    for path in claims:
        if path not in nodes:
            raise RuleError(f"Bảng chấm điểm không có tiêu chí để chấm ở “{path}”.")
    setting = Setting(known, leads, table.floor_at_zero, traced)
    applies = applicability(table, known)
    leaves = {
        path: examine_at(node, claims.get(path, Claim()), setting, applies.get(path))
        for path, node in nodes.items()
    }
    return add_up(table, leaves, known.rules, traced=traced)


def examine_at(
    node: CriterionNode, claim: Claim, setting: Setting, how: NotApplicable | str | None
) -> LeafResult:
    """A leaf in its place: `how` is what `applicability` says of it."""
    if isinstance(how, NotApplicable):
        return examine_leaf(node, claim, setting, not_applicable=how)
    if how is None:
        return examine_leaf(node, claim, setting)
    line = TraceLine(node.path, "not_applicable", f"{node.code}: {how}.")
    return LeafResult(node.path, None, None, (line,), (), missing=(how,))


def applicability(table: Table, facts: Facts) -> dict[str, NotApplicable | str]:
    """The leaves that do not apply to a unit and how they count; a sentence where that is open."""
    found: dict[str, NotApplicable | str] = {}
    rules = facts.rules

    def walk(node: CriterionNode, above: NotApplicable | None, closed: bool, why: str) -> None:
        own = leaf_rule(node).na if node.is_leaf else group_rule(node).na
        policy = own or above
        closed = closed or node.path in facts.unit.not_assigned
        if not node.is_leaf and not closed and not why:
            closed, why = _condition(group_rule(node), facts)
        for child in node.children:
            walk(child, policy, closed, why)
        if node.is_leaf and closed:
            found[node.path] = policy or (
                "đơn vị không được giao nhưng bảng không quy định cách tính"
            )
        elif node.is_leaf and why:
            found[node.path] = why

    for node in table.nodes:
        walk(node, rules.na, False, "")
    return found


def _condition(rule: GroupRule, facts: Facts) -> tuple[bool, str]:
    """Whether a conditional group is closed to the unit, or why that is not known."""
    for condition in rule.when:
        try:
            value = facts.value(condition.name)
        except DividedByZero as error:
            return False, str(error)
        if value is None:
            label = facts.rules.inputs[condition.name].label
            return False, f"chưa có số liệu “{label}” để biết nhóm có áp dụng không"
        if not condition.holds(value):
            return True, ""
    return False, ""


class Sum(NamedTuple):
    """Points of a node with the bonus and the deduction in them."""

    points: Decimal
    bonus: Decimal = ZERO
    deduction: Decimal = ZERO


def sum_of(leaf: LeafResult, points: Decimal) -> Sum:
    """What a leaf brings into its group: of bonus and deduction only what its own limits left.

    A net cap, a floor or a ceiling of the leaf has already taken some of one side; a cap of the
    group must not take or give it a second time.
    """
    lost = leaf.base + leaf.bonus - leaf.deduction - points
    return Sum(
        points,
        leaf.bonus - min(leaf.bonus, max(lost, ZERO)),
        leaf.deduction - min(leaf.deduction, max(-lost, ZERO)),
    )


def add_up(
    table: Table, leaves: Mapping[str, LeafResult], rules: TableRules, *, traced: bool = True
) -> TableResult:
    """Subtotals from the leaves up, caps of groups, and the total, rounded as the table says."""
    subtotals: dict[str, Decimal] = {}
    trace: list[TraceLine] = []
    sums = [_sum_up(node, leaves, subtotals, trace if traced else None) for node in table.nodes]
    parts = [each.points for each in sums if each is not None]
    whole = sum(parts, ZERO)
    excluded = sum((leaf.excluded for leaf in leaves.values()), ZERO)
    maximum, factor = closing(table, rules, excluded)
    rounded = table.rounding.exactly(Fraction(whole) * factor)
    beyond = sum(
        (leaf.asked - (leaf.points or ZERO) for leaf in leaves.values() if leaf.asked is not None),
        ZERO,
    )
    if traced:
        _explain_total(table, trace, parts, whole, excluded, rules, rounded)
    return TableResult(
        leaves=leaves,
        subtotals=subtotals,
        total=whole,
        rounded=rounded,
        missing=tuple(path for path, leaf in leaves.items() if leaf.points is None),
        trace=tuple(trace),
        maximum=maximum,
        claimed_total=table.rounding.exactly(Fraction(whole + beyond) * factor),
    )


def closing(table: Table, rules: TableRules, excluded: Decimal) -> tuple[Decimal, Fraction]:
    """What a total is measured against once some of the scale does not apply, and its factor."""
    rest = table.scale - excluded
    if excluded and rest > 0 and rules.excluded is Excluded.RESCALE:
        return table.scale, Fraction(table.scale) / Fraction(rest)
    return rest, Fraction(1)


def _explain_total(
    table: Table,
    trace: list[TraceLine],
    parts: list[Decimal],
    whole: Decimal,
    excluded: Decimal,
    rules: TableRules,
    rounded: Decimal,
) -> None:
    said = f"Tổng điểm: {written_sum(parts, whole)}."
    trace.append(TraceLine("", "total", said, outcome=whole))
    shown = vietnamese(whole)
    if excluded:
        rest = vietnamese(table.scale - excluded)
        said = (
            f"Loại {vietnamese(excluded)} điểm không giao khỏi thang {vietnamese(table.scale)},"
            f" còn {rest}."
        )
        if rules.excluded is Excluded.RESCALE and table.scale > excluded:
            shown = f"{shown} × {vietnamese(table.scale)} : {rest}"
            said += f" Quy về thang {vietnamese(table.scale)}: {shown}."
        trace.append(TraceLine("", "excluded", said))
    if shown != vietnamese(rounded):
        step = vietnamese(table.rounding.quantum)
        sentence = f"Làm tròn đến {step}: {shown} → {vietnamese(rounded)}."
        trace.append(TraceLine("", table.rounding.mode.value, sentence, outcome=rounded))


def _sum_up(
    node: CriterionNode,
    leaves: Mapping[str, LeafResult],
    subtotals: dict[str, Decimal],
    trace: list[TraceLine] | None,
) -> Sum | None:
    """Fill in the subtotals from the leaves up; a node with nothing scored gets none."""
    if node.is_leaf:
        leaf = leaves[node.path]
        if trace is not None:
            trace += leaf.trace
        if leaf.points is None:
            return None
        subtotals[node.path] = leaf.points
        return sum_of(leaf, leaf.points)
    below = [_sum_up(child, leaves, subtotals, trace) for child in node.children]
    known = [each for each in below if each is not None]
    if not known:
        return None
    parts = [each.points for each in known]
    plain = sum(parts, ZERO)
    if trace is not None:
        sentence = f"{node.code} ({node.title}): {written_sum(parts, plain)}."
        trace.append(TraceLine(node.path, "sum", sentence, outcome=plain))
    sum_ = capped(node, known, plain, trace)
    subtotals[node.path] = sum_.points
    return sum_


def capped(
    node: CriterionNode,
    below: Sequence[Sum],
    points: Decimal,
    trace: list[TraceLine] | None = None,
) -> Sum:
    """The caps that a group writes over all that stands below it."""
    bonus = sum((each.bonus for each in below), ZERO)
    deduction = sum((each.deduction for each in below), ZERO)

    def say(name: str, value: Decimal, cap: Decimal) -> None:
        if trace is not None:
            said = (
                f"{node.code} ({node.title}): tổng {name} {vietnamese(value)} vượt trần của nhóm"
                f" {vietnamese(cap)}, được {vietnamese(points)}."
            )
            trace.append(TraceLine(node.path, "group_cap", said, outcome=points))

    if node.bonus_cap is not None and bonus > node.bonus_cap:
        points -= bonus - node.bonus_cap
        say("điểm thưởng", bonus, node.bonus_cap)
        bonus = node.bonus_cap
    if node.deduction_cap is not None and deduction > node.deduction_cap:
        points += deduction - node.deduction_cap
        say("điểm trừ", deduction, node.deduction_cap)
        deduction = node.deduction_cap
    net = bonus - deduction
    if node.net_cap is not None and abs(net) > node.net_cap:
        points -= net - (node.net_cap if net > 0 else -node.net_cap)
        say("điểm cộng, trừ", net, node.net_cap)
        if net > 0:
            bonus = deduction + node.net_cap
        else:
            deduction = bonus + node.net_cap
    return Sum(points, bonus, deduction)


def total(
    table: Table,
    claims: Mapping[str, Claim],
    facts: Mapping[str, str] | Facts | None = None,
    *,
    unit: Unit | None = None,
    year: int = 0,
    leads: Leads | None = None,
) -> TableResult:
    """The points of a whole table; RuleError listing every claim that breaks a limit."""
    result = examine(table, claims, facts, unit=unit, year=year, leads=leads)
    if result.breaches:
        raise RuleError(" ".join(each.sentence for each in result.breaches))
    return result


__all__ = ["TableResult", "add_up", "applicability", "examine", "total"]
