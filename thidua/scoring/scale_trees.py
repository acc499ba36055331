"""A points table with one criterion changed, added, moved or removed; values in, values out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.scoring.language import TieBreak
from thidua.rules.scoring.tree import SEPARATOR

Nodes = tuple[CriterionNode, ...]
GONE = "Không còn tiêu chí “{path}” trong dự thảo. Hãy mở lại trang soạn bảng điểm."


def changed(table: Table, path: str, node: CriterionNode) -> Table:
    """`node` in the place of the one at `path`, keeping what stands below; references follow.

    Raises RuleError when no criterion is at `path`, or its code cannot stand there.
    """
    now = replace(node, children=table.node(path).children)
    nodes = _at(table.nodes, path, lambda nodes, place: (*nodes[:place], now, *nodes[place + 1 :]))
    return replace(table, nodes=nodes, rules=_followed(table.rules, path, beside(path, node.code)))


def added_after(table: Table, path: str, node: CriterionNode) -> Table:
    """`node` right after the one at `path`; at the end of the table when `path` is ""."""
    if not path:
        return replace(table, nodes=(*table.nodes, node))
    nodes = _at(
        table.nodes, path, lambda nodes, place: (*nodes[: place + 1], node, *nodes[place + 1 :])
    )
    return replace(table, nodes=nodes)


def added_below(table: Table, path: str, node: CriterionNode) -> Table:
    """`node` as the last below `path`; a leaf there becomes a group, which has no rules of its own."""
    group = table.node(path)
    if group.is_leaf:
        group = replace(group, rule={}, has_bonus=False, has_deduction=False)
    now = replace(group, children=(*group.children, node))
    nodes = _at(table.nodes, path, lambda nodes, place: (*nodes[:place], now, *nodes[place + 1 :]))
    return replace(table, nodes=nodes)


def moved(table: Table, path: str, *, up: bool) -> Table:
    """The criterion one place up or down among its siblings; where there is none, as it was."""

    def swap(nodes: Nodes, place: int) -> Nodes:
        other = place - 1 if up else place + 1
        if not 0 <= other < len(nodes):
            return nodes
        order = list(nodes)
        order[place], order[other] = order[other], order[place]
        return tuple(order)

    return replace(table, nodes=_at(table.nodes, path, swap))


def removed(table: Table, path: str) -> Table:
    """Without the criterion at `path` and all below it; a group left empty becomes a leaf."""
    nodes = _at(table.nodes, path, lambda nodes, place: (*nodes[:place], *nodes[place + 1 :]))
    return replace(table, nodes=nodes)


def beside(path: str, code: str) -> str:
    """The path of a code in the group in which `path` stands."""
    above, separator, _ = path.rpartition(SEPARATOR)
    return f"{above}{separator}{code}"


def siblings(table: Table, path: str) -> Nodes:
    """The criteria of the group in which `path` stands, itself among them."""
    above = path.rpartition(SEPARATOR)[0]
    return table.node(above).children if above else table.nodes


def _at(nodes: Nodes, path: str, change: Callable[[Nodes, int], Nodes]) -> Nodes:
    """All nodes, with `change` made among the siblings of the one at `path`."""
    for place, node in enumerate(nodes):
        if node.path == path:
            return change(nodes, place)
        if path.startswith(f"{node.path}{SEPARATOR}"):
            children = _at(node.children, path, change)
            now = replace(node, children=children, rule=node.rule if children else {})
            return (*nodes[:place], now, *nodes[place + 1 :])
    raise RuleError(GONE.format(path=path))


def _followed(rules: Any, old: str, new: str) -> dict[str, Any]:
    """The table's rules where a criterion is called by another path from now on."""
    kept = dict(rules)
    if old == new:
        return kept
    if "ties" in kept:
        kept["ties"] = [
            _renamed(tie, "of", old, new) if tie.get("by") == TieBreak.NODE else tie
            for tie in kept["ties"]
        ]
    if "cases" in kept:
        kept["cases"] = [_renamed(case, "path", old, new) for case in kept["cases"]]
    return kept


def _renamed(data: Any, key: str, old: str, new: str) -> Any:
    path = str(data.get(key, ""))
    if path == old or path.startswith(f"{old}{SEPARATOR}"):
        return {**data, key: new + path[len(old) :]}
    return data
