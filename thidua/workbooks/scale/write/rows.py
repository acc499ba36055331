"""A table as the rows of its sheets: what stands in each cell, by field name."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.scoring.language import Input, decimal, read_table_rules
from thidua.workbooks.scale.facts import show_fact, show_facts
from thidua.workbooks.scale.layout import (
    AWARDS,
    BANDS,
    BASE,
    BONUS,
    CASES,
    CLASSES,
    DEDUCTION,
    FROM_SHEET,
    GATES,
    INPUTS,
    LEAF_ROUNDING,
    LINES,
    NO,
    PERSON,
    RULE_SETTINGS,
    SETS,
    TIES,
    YES,
    Content,
    Field,
    SheetLayout,
)
from thidua.workbooks.writing import Cell

Row = Mapping[str, Cell]
Data = Mapping[str, Any]
NO_PLACE = "có quy tắc mà mẫu Excel này chưa có chỗ ghi"

_LEAF_KEYS = {BONUS, DEDUCTION, "sets", "floor", "ceiling", "na", "leaf_article"}
_GROUP_KEYS = {"kind", "when", "na", "article"}
_SIMPLE = ({"kind"}, {"kind", "step"})


def about_values(table: Table | None) -> Row:
    """What stands on "Thông tin"."""
    if table is None:
        return {"floor_at_zero": YES, "mode": "ROUND_HALF_UP", "quantum": Decimal("0.01")}
    leaf = table.rules.get("leaf_rounding") or {}
    settings: dict[str, Any] = {name: table.rules.get(name) for name in RULE_SETTINGS}
    if isinstance(leaf, Mapping):
        settings |= {name: leaf.get(key) for name, key in LEAF_ROUNDING.items()}
    return {
        "title": table.title,
        "scale": table.scale,
        "floor_at_zero": YES if table.floor_at_zero else NO,
        "mode": table.rounding.mode.value,
        "quantum": table.rounding.quantum,
        "source": table.source,
        "notes": table.notes,
        **settings,
    }


def criterion_row(node: CriterionNode) -> Row:
    """One row of "Tiêu chí"."""
    rule = node.rule
    values: dict[str, Any] = {
        "level": node.path.count("/") + 1,
        "code": node.code,
        "title": node.title,
        "maximum": node.maximum,
        "has_bonus": _yes(node.has_bonus, node.is_leaf),
        "bonus_cap": node.bonus_cap,
        "has_deduction": _yes(node.has_deduction, node.is_leaf),
        "deduction_cap": node.deduction_cap,
        "net_cap": node.net_cap,
        "guidance": node.guidance,
        "bonus_guidance": node.bonus_guidance,
        "deduction_guidance": node.deduction_guidance,
        "evidence": node.evidence,
        "appraised_by": node.appraised_by,
        "na": rule.get("na"),
    }
    if not node.is_leaf:
        _known(node.code, rule, _GROUP_KEYS)
        if rule.get("kind", "conditional") != "conditional":
            raise RuleError(f"Nhóm {node.code} {NO_PLACE}.")
        return {**values, "when": _text(rule, "when"), "article": _text(rule, "article")}
    base = _base(rule)
    is_simple = set(base) in _SIMPLE and base["kind"] in {"typed", "full"}
    return {
        **values,
        "rule": base["kind"] if is_simple else FROM_SHEET,
        "step": base.get("step") if is_simple else None,
        "article": _text(rule, "leaf_article"),
        "floor": _text(rule, "floor") or None,
        "ceiling": _text(rule, "ceiling") or None,
    }


def rule_rows(table: Table) -> Iterator[tuple[SheetLayout, list[Row]]]:
    """The rows of every sheet of rules; RuleError for what has no place there."""
    rules = table.rules
    _known("", rules, {*RULE_SETTINGS, "leaf_rounding", *_TABLE_KEYS})
    inputs = read_table_rules(rules).inputs
    yield INPUTS, [_input(each, inputs) for each in _list(rules, INPUTS.key)]
    yield LINES, [row for leaf in table.leaves() for row in _lines(leaf)]
    yield SETS, [row for leaf in table.leaves() for row in _sets(leaf)]
    yield BANDS, list(_bands(rules.get(BANDS.key)))
    for layout in (GATES, CLASSES, AWARDS, TIES):
        yield layout, [_row(layout, each) for each in _list(rules, layout.key)]
    yield CASES, [_case(each, inputs) for each in _list(rules, CASES.key)]


_TABLE_KEYS = {layout.key for layout in (INPUTS, BANDS, GATES, CLASSES, AWARDS, TIES, CASES)}


def cell(each: Field, value: Any) -> Cell:
    """A kept value as it stands in its cell."""
    if value is None or value == "":
        return None
    if each.choices:
        return each.choices.get(str(value), str(value))
    if isinstance(value, bool):
        return YES if value else NO
    if each.content in _NUMBERS or (each.content is Content.RESULT and value != PERSON):
        return value if isinstance(value, Decimal) else decimal(value, each.title)
    return str(value)


_NUMBERS = {Content.NUMBER, Content.SIGNED, Content.WHOLE, Content.LEVEL}


def _base(rule: Data) -> dict[str, Any]:
    return {key: value for key, value in rule.items() if key not in _LEAF_KEYS}


def _lines(node: CriterionNode) -> Iterator[Row]:
    """The rows of "Quy tắc" of one criterion: standard points, bonus, deduction."""
    base = _base(node.rule)
    if set(base) not in _SIMPLE or base["kind"] not in {"typed", "full"}:
        yield _line(node, BASE, base)
    for part in (BONUS, DEDUCTION):
        for line in _list(node.rule, part):
            yield _line(node, part, line)


def _line(node: CriterionNode, part: str, line: Data) -> Row:
    place = {"criterion": node.path, "part": part}
    return _row(LINES, {**line, **place}, node.code)


def _sets(node: CriterionNode) -> Iterator[Row]:
    sets = node.rule.get("sets") or {}
    for name, cap in sets.items() if isinstance(sets, Mapping) else ():
        yield _row(SETS, {"criterion": node.path, "set": name, "cap": cap})


def _bands(sets: Any) -> Iterator[Row]:
    for name, bands in (sets or {}).items():
        if not bands:
            raise RuleError(f"Bộ bậc “{name}” chưa có bậc nào nên không ghi được.")
        for band in bands:
            yield _row(BANDS, {**band, "set": name})


def _input(data: Data, inputs: Mapping[str, Input]) -> Row:
    shown = dict(data)
    if data.get("default"):
        shown["default"] = show_fact(inputs[str(data["key"])], str(data["default"]), alone=True)
    return _row(INPUTS, shown)


def _case(data: Data, inputs: Mapping[str, Input]) -> Row:
    shown = {**data, "facts": show_facts(data.get("facts") or {}, inputs)}
    if data.get("points") is None:
        shown["points"] = PERSON
    return _row(CASES, shown)


def _row(layout: SheetLayout, data: Data, code: str = "") -> Row:
    """A record as cells; RuleError when it holds something the sheet has no column for."""
    _known(code, data, {each.name for each in layout.fields})
    return {each.name: cell(each, data.get(each.name)) for each in layout.fields}


def _known(code: str, data: Iterable[str], keys: set[str]) -> None:
    for key in data:
        if key not in keys:
            owner = f"Tiêu chí {code}" if code else "Bảng"
            raise RuleError(f"{owner} {NO_PLACE}: “{key}”.")


def _list(data: Data, key: str) -> list[Data]:
    return list(data.get(key) or ())


def _text(rule: Data, key: str) -> str:
    return str(rule.get(key) or "")


def _yes(value: bool, is_leaf: bool) -> str | None:
    if not is_leaf and not value:
        return None
    return YES if value else NO
