"""Where each figure is filled in: at the first criterion that asks for it, once for all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from thidua.rules.errors import RuleError
from thidua.rules.scoring.facts import roots_of
from thidua.rules.scoring.language import (
    Input,
    Kind,
    Line,
    TableRules,
    TieBreak,
    group_rule,
    leaf_rule,
    table_rules,
)
from thidua.rules.scoring.tree import CriterionNode, Table


@dataclass(frozen=True)
class Homes:
    """The inputs to fill in: by leaf path those at home there, those lent from another leaf, and
    those of the whole sheet (conditions of groups, gates, awards, ties)."""

    own: Mapping[str, tuple[Input, ...]]
    lent: Mapping[str, tuple[tuple[Input, str], ...]]
    sheet: tuple[Input, ...]
    leader_inputs: frozenset[str]

    @property
    def has_leader(self) -> bool:
        """Some leaf is scored relative to other units."""
        return bool(self.leader_inputs)


def homes_of(table: Table) -> Homes:
    """Worked out once per table; RuleError when a rule names an input that is not declared."""
    known: Homes | None = table.__dict__.get("_homes")
    if known is None:
        known = table.__dict__["_homes"] = _work_out(table)
    return known


def _work_out(table: Table) -> Homes:
    rules = table_rules(table)
    sheet = dict.fromkeys(roots_of(rules, _of_groups(table, rules)))
    at: dict[str, str] = {}
    own: dict[str, tuple[Input, ...]] = {}
    lent: dict[str, tuple[tuple[Input, str], ...]] = {}
    for node in table.leaves():
        keys = inputs_of(node, rules)
        mine = [key for key in keys if key not in at and key not in sheet]
        own[node.path] = tuple(rules.inputs[key] for key in mine)
        lent[node.path] = tuple(
            (rules.inputs[key], at.get(key, "")) for key in keys if key not in mine
        )
        at.update(dict.fromkeys(mine, node.path))
    extra = dict.fromkeys(key for key in roots_of(rules, _of_table(rules)) if key not in at)
    leaders = frozenset(
        line.input
        for node in table.leaves()
        for _, _, line in leaf_rule(node).lines
        if line.kind is Kind.LEADER
    )
    return Homes(own, lent, tuple(rules.inputs[key] for key in (sheet | extra)), leaders)


def inputs_of(node: CriterionNode, rules: TableRules) -> tuple[str, ...]:
    """The inputs that people fill in and a leaf depends on, formulas followed."""
    names = [name for _, _, line in leaf_rule(node).lines for name in _names(line, rules)]
    try:
        return roots_of(rules, dict.fromkeys(names))
    except RuleError as error:
        raise RuleError(f"Tiêu chí {node.code}: {error}") from error


def _names(line: Line, rules: TableRules) -> Iterator[str]:
    if line.kind is Kind.TYPED:
        return
    yield from (name for name in (line.input, line.tier_input, line.unless) if name)
    if line.due in rules.inputs:
        yield line.due
    yield from (each.name for each in line.when if not each.name.startswith("@"))


def _of_groups(table: Table, rules: TableRules) -> Iterator[str]:
    for node in table.walk():
        if not node.is_leaf:
            yield from (each.name for each in group_rule(node).when)


def _of_table(rules: TableRules) -> Iterator[str]:
    for gate in rules.gates:
        yield from (each.name for each in gate.when if not each.name.startswith("@"))
    yield from (award.input for award in rules.awards)
    for tie in rules.ties:
        if tie.by in {TieBreak.INPUT_HIGH, TieBreak.INPUT_LOW}:
            yield tie.of
