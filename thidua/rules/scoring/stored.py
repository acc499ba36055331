"""Points kept at the closing of a sheet, added up again: what places ask for, and no more.

Points of leaves are taken as stored. Computed anew is only what is stored nowhere and still
decides a sum or a tie: bonus and deduction where a group caps them or a tie asks for them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from thidua.rules.scoring.facts import Facts, roots_of
from thidua.rules.scoring.homes import inputs_of
from thidua.rules.scoring.language import (
    Kind,
    TieBreak,
    group_rule,
    leaf_rule,
    table_rules,
)
from thidua.rules.scoring.parts import Leads
from thidua.rules.scoring.points import Claim, LeafResult, Setting, extras
from thidua.rules.scoring.totals import (
    Sum,
    TableResult,
    applicability,
    capped,
    closing,
    examine_at,
    sum_of,
)
from thidua.rules.scoring.tree import CriterionNode, Table

ZERO = Decimal(0)
_ASKS_PARTS = {TieBreak.LEAST_DEDUCTION, TieBreak.MOST_BONUS}
_ASKS_INPUT = {TieBreak.INPUT_HIGH, TieBreak.INPUT_LOW}


def weighed_leaves(table: Table) -> tuple[CriterionNode, ...]:
    """Leaves whose bonus or deduction decides a sum or a tie; worked out once per table."""
    known: tuple[CriterionNode, ...] | None = table.__dict__.get("_weighed")
    if known is None:
        always = any(tie.by in _ASKS_PARTS for tie in table_rules(table).ties)
        known = tuple(each for node in table.nodes for each in _weighed(node, always))
        table.__dict__["_weighed"] = known
    return known


def _weighed(node: CriterionNode, wanted: bool) -> Iterator[CriterionNode]:
    if node.is_leaf:
        rule = leaf_rule(node)
        if wanted and (node.has_bonus or node.has_deduction or rule.bonus or rule.deduction):
            yield node
        return
    wanted = wanted or has_cap(node)
    for child in node.children:
        yield from _weighed(child, wanted)


def has_cap(node: CriterionNode) -> bool:
    """Whether a group caps what stands below it."""
    return any(cap is not None for cap in (node.bonus_cap, node.deduction_cap, node.net_cap))


def compares_weighed(table: Table) -> bool:
    """Whether computing a weighed leaf needs to know the leaders."""
    return any(
        line.kind is Kind.LEADER
        for node in weighed_leaves(table)
        for _, _, line in leaf_rule(node).lines
    )


def inputs_of_places(table: Table) -> frozenset[str]:
    """Inputs that gates, awards and ties look at, formulas among them."""
    rules = table_rules(table)
    gates = (each.name for gate in rules.gates for each in gate.when)
    return frozenset(
        (
            *(name for name in gates if not name.startswith("@")),
            *(award.input for award in rules.awards),
            *(tie.of for tie in rules.ties if tie.by in _ASKS_INPUT),
        )
    )


def inputs_for_places(table: Table) -> frozenset[str]:
    """What people fill in that `add_up_stored` or the places depend on.

    Raises RuleError when a rule names an input that is not declared.
    """
    rules = table_rules(table)
    groups = (
        each.name for node in table.walk() if not node.is_leaf for each in group_rule(node).when
    )
    below = (key for node in weighed_leaves(table) for key in inputs_of(node, rules))
    return frozenset((*roots_of(rules, (*inputs_of_places(table), *groups)), *below))


def add_up_stored(
    table: Table,
    points: Mapping[str, Decimal],
    claims: Mapping[str, Claim],
    facts: Facts,
    leads: Leads | None = None,
) -> TableResult:
    """The sums of `examine` from the points it gave to the leaves.

    In: stored points by path, claims of the weighed leaves, the inputs of `inputs_for_places`,
    leaders where `compares_weighed`. Out: `leaves` holds only those that do not apply and those
    with a bonus or a deduction that counts; subtotals, totals and maximum are whole.
    """
    setting = Setting(facts, leads, table.floor_at_zero, traced=False)
    applies = applicability(table, facts)
    nodes = {node.path: node for node in table.leaves()} if applies else {}
    leaves = {path: examine_at(nodes[path], Claim(), setting, how) for path, how in applies.items()}
    for node in weighed_leaves(table):
        if node.path in points and node.path not in leaves:
            claim, own = claims.get(node.path, Claim()), points[node.path]
            leaves[node.path] = _weighed_leaf(table, node, claim, own, setting)
    return _whole(table, points, leaves)


def _weighed_leaf(
    table: Table, node: CriterionNode, claim: Claim, own: Decimal, setting: Setting
) -> LeafResult:
    """A leaf with the parts of its stored points; standard points only where they can matter."""
    bonus, deduction = extras(node, claim, setting)
    if _may_have_bitten(table, node, own, bonus - deduction):
        leaf = examine_at(node, claim, setting, None)
        return replace(leaf, claimed=own, points=own)
    base = own - bonus + deduction
    return LeafResult(node.path, own, own, (), (), base=base, bonus=bonus, deduction=deduction)


def _may_have_bitten(table: Table, node: CriterionNode, own: Decimal, net: Decimal) -> bool:
    """Whether a limit of the whole leaf can have changed its points: they then stand at it."""
    if node.net_cap is not None and abs(net) > node.net_cap:
        return True
    rule = leaf_rule(node)
    at_zero = table.floor_at_zero and node.maximum is not None and own == 0
    return at_zero or own in {rule.floor, rule.ceiling}


def _whole(
    table: Table, points: Mapping[str, Decimal], leaves: Mapping[str, LeafResult]
) -> TableResult:
    subtotals: dict[str, Decimal] = {}
    missing: list[str] = []
    sums = [_sum(node, points, leaves, subtotals, missing) for node in table.nodes]
    whole = sum((each.points for each in sums if each is not None), ZERO)
    excluded = sum((leaf.excluded for leaf in leaves.values()), ZERO)
    maximum, factor = closing(table, table_rules(table), excluded)
    rounded = table.rounding.exactly(Fraction(whole) * factor)
    return TableResult(
        leaves, subtotals, whole, rounded, tuple(missing), (), maximum, claimed_total=rounded
    )


def _sum(
    node: CriterionNode,
    points: Mapping[str, Decimal],
    leaves: Mapping[str, LeafResult],
    subtotals: dict[str, Decimal],
    missing: list[str],
) -> Sum | None:
    if node.is_leaf:
        return _leaf_sum(node.path, points, leaves.get(node.path), subtotals, missing)
    below = [_sum(child, points, leaves, subtotals, missing) for child in node.children]
    known = [each for each in below if each is not None]
    if not known:
        return None
    found = capped(node, known, sum((each.points for each in known), ZERO))
    subtotals[node.path] = found.points
    return found


def _leaf_sum(
    path: str,
    points: Mapping[str, Decimal],
    leaf: LeafResult | None,
    subtotals: dict[str, Decimal],
    missing: list[str],
) -> Sum | None:
    own = points.get(path, leaf.points if leaf else None)
    if own is None:
        missing.append(path)
        return None
    subtotals[path] = own
    return Sum(own) if leaf is None else sum_of(leaf, own)


__all__ = [
    "add_up_stored",
    "compares_weighed",
    "has_cap",
    "inputs_for_places",
    "inputs_of_places",
    "weighed_leaves",
]
