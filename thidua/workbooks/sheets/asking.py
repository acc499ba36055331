"""What a table asks of a unit: figures, targets, size, marks; and which criteria need each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.scoring.facts import roots_of
from thidua.rules.scoring.language import (
    Input,
    InputKind,
    Kind,
    Line,
    TableRules,
    group_rule,
    leaf_rule,
    table_rules,
)

_DAY = re.compile(r"\s*[0-9]{1,2}\s*/\s*[0-9]{1,2}\s*(/\s*[0-9]+\s*)?")
_WITH_TARGET = {Kind.LINEAR, Kind.LEADER}


@dataclass
class Asked:
    """Inputs that people fill in; by input key the nodes that use it; what is set for the unit.

    `targets` gives the leaves by input key, `tiers` the names of sets of sizes, `assignable` the
    nodes that the table lets a unit go without. `needs_year`: a due date is written without one.
    """

    inputs: tuple[Input, ...] = ()
    users: dict[str, list[CriterionNode]] = field(default_factory=dict)
    targets: dict[str, list[CriterionNode]] = field(default_factory=dict)
    tiers: dict[str, None] = field(default_factory=dict)
    assignable: tuple[CriterionNode, ...] = ()
    needs_year: bool = False


def asked_by(table: Table) -> Asked:
    """Everything a table asks; RuleError when its rules cannot be read."""
    rules = table_rules(table)
    asked = Asked(
        inputs=tuple(each for each in rules.inputs.values() if each.kind is not InputKind.FORMULA)
    )
    for node in table.walk():
        if not node.is_leaf:
            _use(asked, rules, node, [condition.name for condition in group_rule(node).when])
            continue
        for _, _, line in leaf_rule(node).lines:
            _ask(asked, rules, node, line)
    asked.assignable = tuple(_assignable(table))
    return asked


def _ask(asked: Asked, rules: TableRules, node: CriterionNode, line: Line) -> None:
    _use(asked, rules, node, _names(line))
    if line.kind in _WITH_TARGET:
        users = asked.targets.setdefault(line.input, [])
        if node not in users:
            users.append(node)
    if line.kind is Kind.MATRIX and not line.tier_input:
        asked.tiers[line.tiers] = None
    if line.due.count("/") == 1:
        asked.needs_year = True


def _use(asked: Asked, rules: TableRules, node: CriterionNode, names: list[str]) -> None:
    keys = [name for name in names if name and not name.startswith("@")]
    for key in roots_of(rules, keys):
        users = asked.users.setdefault(key, [])
        if not users or users[-1] is not node:
            users.append(node)


def _names(line: Line) -> list[str]:
    """The inputs a line looks at."""
    due = "" if _DAY.fullmatch(line.due) else line.due
    return [line.input, line.tier_input, line.unless, due, *(each.name for each in line.when)]


def _assignable(table: Table) -> Iterator[CriterionNode]:
    """Nodes for which it is written how they count when not assigned, groups around them too."""

    def walk(node: CriterionNode, has_policy: bool) -> tuple[bool, list[CriterionNode]]:
        own = leaf_rule(node).na if node.is_leaf else group_rule(node).na
        has_policy = has_policy or own is not None
        below = [walk(child, has_policy) for child in node.children]
        open_here = has_policy if node.is_leaf else any(found for found, _ in below)
        nodes = [each for _, found in below for each in found]
        return open_here, [node, *nodes] if open_here else []

    for node in table.nodes:
        yield from walk(node, table_rules(table).na is not None)[1]
