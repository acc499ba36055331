"""What changed between two versions of a table, in sentences a person can read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from thidua.rules.scoring.canonical import table_to_data
from thidua.rules.scoring.difference.rules import node_rule_changes, table_rule_changes
from thidua.rules.scoring.difference.values import ROUNDING_NAMES
from thidua.rules.scoring.numbers import vietnamese
from thidua.rules.scoring.tree import CriterionNode, Table

__all__ = ["ROUNDING_NAMES", "difference"]

_TABLE_FIELDS = {
    "title": "tên bảng",
    "scale": "thang điểm",
    "floor_at_zero": "không cho điểm âm",
    "source": "nguồn",
    "notes": "ghi chú",
}
_NODE_FIELDS = {
    "title": "tên tiêu chí",
    "maximum": "điểm chuẩn",
    "has_bonus": "có điểm thưởng",
    "bonus_cap": "trần điểm thưởng",
    "has_deduction": "có điểm trừ",
    "deduction_cap": "trần điểm trừ",
    "net_cap": "trần tổng điểm cộng, trừ",
    "guidance": "cách chấm",
    "bonus_guidance": "cách chấm điểm thưởng",
    "deduction_guidance": "cách chấm điểm trừ",
    "evidence": "căn cứ chấm điểm",
    "appraised_by": "đơn vị thẩm định",
}


def difference(old: Table, new: Table) -> tuple[str, ...]:
    """The changes from one version to the next, table first, then criteria in printed order.

    Empty exactly when the two have the same fingerprint. A criterion is the same one when its
    path is; a criterion whose codes changed reads as one removed and one added.
    """
    before = {node.path: node for node in old.walk()}
    after = {node.path: node for node in new.walk()}
    labels = _labels(old, new)
    rules_before, rules_after = _rules(old), _rules(new)
    sentences = [
        *(f"Bảng: {change}" for change in _changes(old, new, _TABLE_FIELDS)),
        *_rounding(old, new),
        *table_rule_changes(rules_before[""], rules_after[""]),
        *(
            f"Bỏ tiêu chí {_full(labels, node)}"
            for path, node in before.items()
            if path not in after
        ),
        *(
            f"Thêm tiêu chí {_full(labels, node)}"
            for path, node in after.items()
            if path not in before
        ),
    ]
    for path, node in after.items():
        if path in before:
            changes = [
                *_changes(before[path], node, _NODE_FIELDS),
                *_rule_changes(before[path], node, rules_before[path], rules_after[path]),
            ]
            sentences += (f"{labels[path]}: {change}" for change in changes)
    sentences += _reordered(old, new, before, after, labels)
    return tuple(sentences)


def _rules(table: Table) -> dict[str, Any]:
    """The rules as they are hashed: of the table at "", of each node at its path."""
    data: dict[str, Any] = table_to_data(table)
    found = {"": data.get("rules", {})}

    def walk(nodes: Iterable[CriterionNode], rows: list[dict[str, Any]]) -> None:
        for node, row in zip(nodes, rows, strict=True):
            found[node.path] = row.get("rule", {})
            walk(node.children, row.get("children", []))

    walk(table.nodes, data["nodes"])
    return found


def _rule_changes(old: CriterionNode, new: CriterionNode, before: Any, after: Any) -> Iterator[str]:
    if old.is_leaf == new.is_leaf:
        yield from node_rule_changes(before, after, is_leaf=new.is_leaf)
    else:
        yield "thành tiêu chí để chấm" if new.is_leaf else "thành nhóm tiêu chí"


def _labels(*tables: Table) -> dict[str, str]:
    """How each node is called: its code, or its path where the code alone is ambiguous."""
    repeated: set[str] = set()
    for table in tables:
        counts = Counter(node.code for node in table.walk())
        repeated |= {code for code, count in counts.items() if count > 1}
    return {
        node.path: node.path if node.code in repeated else node.code
        for table in tables
        for node in table.walk()
    }


def _full(labels: dict[str, str], node: CriterionNode) -> str:
    points = f" ({vietnamese(node.maximum)} điểm)" if node.maximum is not None else ""
    return f"{labels[node.path]}: {node.title}{points}"


def _changes(old: Any, new: Any, names: dict[str, str]) -> Iterator[str]:
    for each in fields(old):
        name = names.get(each.name)
        before, after = getattr(old, each.name), getattr(new, each.name)
        if name is not None and _shown(before) != _shown(after):
            yield f"{name} {_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    match value:
        case None | "":
            return "(trống)"
        case bool():
            return "có" if value else "không"
        case Decimal():
            return vietnamese(value)
        case str():
            return f"“{normalize('NFC', value)}”"
    return str(value)


def _rounding(old: Table, new: Table) -> Iterator[str]:
    before, after = (
        f"{ROUNDING_NAMES[table.rounding.mode]}, đến {vietnamese(table.rounding.quantum)}"
        for table in (old, new)
    )
    if before != after:
        yield f"Bảng: làm tròn {before} → {after}"


def _reordered(
    old: Table,
    new: Table,
    before: dict[str, CriterionNode],
    after: dict[str, CriterionNode],
    labels: dict[str, str],
) -> Iterator[str]:
    """Groups whose remaining children stand in another order than before."""
    groups = [("", old.nodes, new.nodes)] + [
        (path, before[path].children, node.children)
        for path, node in after.items()
        if path in before
    ]
    for path, was, now in groups:
        kept_before = [node.path for node in was if node.path in after]
        kept_after = [node.path for node in now if node.path in before]
        if kept_before != kept_after:
            where = f"{labels[path]}: " if path else "Bảng: "
            yield where + "thứ tự → " + ", ".join(labels[each] for each in kept_after)
