"""Conditional groups: what they ask for, and what is counted where they do not apply."""

from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.language import (
    GroupRule,
    NotApplicable,
    read_group_rule,
)
from thidua.rules.scoring.language.data import mapping
from thidua.rules.scoring.lint.declared import Declared
from thidua.rules.scoring.lint.findings import (
    Findings,
    error,
)
from thidua.rules.scoring.tree import CriterionNode, Table


def lint_groups(table: Table, known: Declared) -> Findings:
    """Conditional groups: what they ask for, and what is counted where they do not apply."""
    above = _na_of(table.rules)

    def walk(node: CriterionNode, above: NotApplicable | None) -> Findings:
        if node.is_leaf:
            return
        rule = None
        try:
            rule = read_group_rule(mapping(node.rule))
        except RuleError as problem:
            yield error(node, "rule", str(problem))
        if rule is not None:
            yield from _group(node, rule, rule.na or above, known)
        for child in node.children:
            yield from walk(child, (rule.na if rule else None) or above)

    for node in table.nodes:
        yield from walk(node, above)


def _group(
    node: CriterionNode, rule: GroupRule, na: NotApplicable | None, known: Declared
) -> Findings:
    for condition in rule.when:
        if reason := known.wrong_condition(condition):
            yield error(node, "rule", f"điều kiện áp dụng: {reason}")
            return
    if not rule.when and rule.na is None and node.rule:
        yield error(node, "rule", "nhóm có điều kiện nhưng chưa ghi điều kiện.")
    if rule.when and na is None and not all(_covered(child) for child in node.children):
        yield error(
            node,
            "rule",
            "nhóm có điều kiện phải ghi cách tính khi không áp dụng: đủ điểm hay loại khỏi tổng.",
        )


def _covered(node: CriterionNode) -> bool:
    """Every leaf from here down says how it counts when it does not apply."""
    own = _na_of(node.rule) is not None
    return own or (not node.is_leaf and all(_covered(child) for child in node.children))


def _na_of(rule: Any) -> NotApplicable | None:
    try:
        return NotApplicable(rule.get("na"))
    except (AttributeError, ValueError):
        return None
