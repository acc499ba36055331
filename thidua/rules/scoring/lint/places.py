"""Every line of every leaf, read one by one, with its place for a finding."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from thidua.rules.errors import RuleError
from thidua.rules.scoring.language import (
    BASE_ONLY,
    KIND_NAMES,
    Line,
    leaf_rule,
    read_line,
)
from thidua.rules.scoring.language.data import entries, mapping
from thidua.rules.scoring.language.lines import LEAF_KEYS
from thidua.rules.scoring.lint.findings import (
    PARTS,
    Finding,
    error,
    read_or,
)
from thidua.rules.scoring.tree import CriterionNode, Table


class Place(NamedTuple):
    """One line of a leaf: its node, its part, its field in a finding, and its data."""

    node: CriterionNode
    part: str
    field: str
    words: str
    data: Mapping[str, Any]
    line: Line


class Leaves(NamedTuple):
    """The lines that could be read, and what is wrong with those that could not."""

    places: list[Place]
    findings: list[Finding]


def read_leaves(table: Table) -> Leaves:
    """Every line of every leaf, read one by one."""
    found = Leaves([], [])
    for node in table.leaves():
        _read_leaf(node, found)
    return found


def _read_leaf(node: CriterionNode, found: Leaves) -> None:
    if _read_whole(node, found):
        return
    before = len(found.findings)
    for part, rows in _parts(node, found):
        for number, data in enumerate(rows):
            place = "rule" if part == "base" else f"{part}.{number}"
            said = PARTS[part] if part == "base" else f"{PARTS[part]}, dòng {number + 1}"
            line = read_or(partial(read_line, data), partial(_refused, node, place, said, found))
            if line is None:
                continue
            if part != "base" and line.kind in BASE_ONLY:
                reason = f"“{KIND_NAMES[line.kind]}” chỉ dùng cho điểm chuẩn."
                found.findings.append(error(node, f"{place}.kind", f"{said}: {reason}"))
                continue
            field = "base" if part == "base" else place
            found.places.append(Place(node, part, field, said, data, line))
    if len(found.findings) > before:
        return
    # What no single line shows: caps of sets, the limits of the whole leaf.
    try:
        leaf_rule(node)
    except RuleError as problem:
        reason = str(problem).removeprefix(f"Tiêu chí {node.code}: ")
        field = "sets" if "nhóm" in reason else "rule"
        found.findings.append(error(node, field, reason))


def _read_whole(node: CriterionNode, found: Leaves) -> bool:
    """The lines as the table itself reads them, where nothing is wrong with any: read only once."""
    try:
        base = {key: value for key, value in mapping(node.rule).items() if key not in LEAF_KEYS}
        lines = leaf_rule(node).lines
        rows = {part: entries(node.rule.get(part)) for part in ("bonus", "deduction")}
    except RuleError:
        return False
    for part, number, line in lines:
        if part == "base":
            found.places.append(Place(node, part, part, PARTS[part], base, line))
        else:
            said = f"{PARTS[part]}, dòng {number + 1}"
            data = rows[part][number]
            found.places.append(Place(node, part, f"{part}.{number}", said, data, line))
    return True


def _parts(node: CriterionNode, found: Leaves) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    rule = read_or(lambda: mapping(node.rule), partial(_refused, node, "rule", "quy tắc", found))
    if rule is None:
        return
    yield "base", [{key: value for key, value in rule.items() if key not in LEAF_KEYS}]
    for part in ("bonus", "deduction"):
        refused = partial(_refused, node, part, PARTS[part], found)
        yield part, read_or(partial(entries, rule.get(part)), refused) or []


def _refused(node: CriterionNode, field: str, said: str, found: Leaves, reason: str) -> None:
    found.findings.append(error(node, field, f"{said}: {reason}"))
