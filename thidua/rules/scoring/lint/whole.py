"""Rules of the whole table: gates, classes, awards, equal totals, settings, worked examples."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.facts import in_words, read_fact
from thidua.rules.scoring.formulas import Condition
from thidua.rules.scoring.language import (
    NUMERIC,
    Case,
    Class,
    Gate,
    InputKind,
    TieBreak,
    TieRule,
    read_award,
    read_case,
    read_class,
    read_gate,
    read_table_rules,
    read_tie,
)
from thidua.rules.scoring.language.data import entries
from thidua.rules.scoring.lint.declared import Declared
from thidua.rules.scoring.lint.findings import Findings, read_or, table_error
from thidua.rules.scoring.numbers import LIMIT, vietnamese, words
from thidua.rules.scoring.tree import Table

AWARD_KINDS = frozenset({InputKind.YES_NO, InputKind.COUNT})
IN_GATES = frozenset({"@nop", "@tong_diem"})
SETTINGS = ("class_basis", "award_policy", "self_ceiling", "excluded", "na", "leaf_rounding")
_KEPT = Decimal("0.000001")


def lint_whole(table: Table, known: Declared) -> Findings:
    """What is wrong in the rules that hold for the whole table."""
    names = frozenset(str(each.get("name", "")).strip() for each in _rows(table, "classes"))
    yield from _each(table, "gates", read_gate, partial(_gate, names, known))
    yield from _each(table, "classes", read_class, _class)
    yield from _descending(table)
    yield from _each(
        table, "awards", read_award, lambda award: known.wrong_kind(award.input, AWARD_KINDS)
    )
    yield from _each(table, "ties", read_tie, partial(_tie, table, known))
    yield from _settings(table)
    yield from _each(table, "cases", read_case, partial(_case, table, known))


def _rows(table: Table, key: str) -> list[Mapping[str, Any]]:
    return read_or(lambda: entries(table.rules.get(key)), lambda _: None) or []


def _each(
    table: Table,
    key: str,
    read: Callable[[Mapping[str, Any]], Any],
    wrong: Callable[[Any], str],
) -> Findings:
    """Each record of a list: that it can be read, and then what is wrong with it."""
    said: list[str] = []
    if read_or(lambda: entries(table.rules.get(key)), said.append) is None:
        yield table_error(key, said[0])
    for number, row in enumerate(_rows(table, key)):
        said = []
        value = read_or(partial(read, row), said.append)
        reason = said[0] if value is None else wrong(value)
        if reason:
            yield table_error(f"{key}.{number}", reason)


def _wrong_when(
    conditions: tuple[Condition, ...], known: Declared, reserved: frozenset[str]
) -> str:
    return next(
        (reason for each in conditions if (reason := known.wrong_condition(each, reserved))), ""
    )


def _gate(names: frozenset[str], known: Declared, gate: Gate) -> str:
    if gate.limit and gate.limit not in names:
        return f"điều kiện xếp loại “{gate.label}”: không có mức xếp loại “{gate.limit}”."
    reason = _wrong_when(gate.when, known, IN_GATES)
    return f"điều kiện xếp loại “{gate.label}”: {reason}" if reason else ""


def _class(each: Class) -> str:
    if each.share_level < 0:
        return f"mức xếp loại “{each.name}”: cấp tiêu chí phải từ 0 trở lên."
    if each.share is not None and not 0 <= each.share <= 100:
        return f"mức xếp loại “{each.name}”: tỷ lệ tối thiểu phải từ 0 đến 100."
    quota = each.quota
    if quota and ((quota.places or 0) < 0 or not 0 <= (quota.percent or 0) <= 100):
        return f"mức xếp loại “{each.name}”: số suất phải từ 0, tỷ lệ tối đa phải từ 0 đến 100."
    return ""


def _descending(table: Table) -> Findings:
    read = [read_or(partial(read_class, row), lambda _: None) for row in _rows(table, "classes")]
    seen: set[str] = set()
    for number, each in enumerate(read):
        if each is not None and each.name in seen:
            yield table_error(f"classes.{number}", f"mức xếp loại “{each.name}” bị lặp.")
            return
        seen.add(each.name if each else "")
    for number, (one, two) in enumerate(pairwise(read), start=1):
        if one is not None and two is not None and two.least >= one.least:
            yield table_error(
                f"classes.{number}",
                f"các mức xếp loại phải ghi từ cao xuống thấp: “{two.name}” từ {words(two.least)}"
                f" điểm đứng sau “{one.name}” từ {words(one.least)} điểm.",
            )


def _tie(table: Table, known: Declared, tie: TieRule) -> str:
    if tie.by is TieBreak.NODE:
        if any(node.path == tie.of for node in table.walk()):
            return ""
        return f"quy tắc khi bằng điểm: không có tiêu chí “{tie.of}”."
    if tie.by in {TieBreak.INPUT_HIGH, TieBreak.INPUT_LOW}:
        reason = known.wrong_kind(tie.of, {*NUMERIC, InputKind.YES_NO})
        return f"quy tắc khi bằng điểm: {reason}" if reason else ""
    return ""


def _settings(table: Table) -> Findings:
    """Each setting alone, so that the one that is wrong is named."""
    for name in SETTINGS:
        if name not in table.rules:
            continue
        said: list[str] = []
        rules = read_or(partial(read_table_rules, {name: table.rules[name]}), said.append)
        if rules is None:
            yield table_error(name, said[0])
        elif name == "leaf_rounding" and not _is_kept(rules.leaf_rounding.quantum):
            yield table_error(
                name,
                f"bước làm tròn tiêu chí {rules.leaf_rounding.quantum} quá nhỏ hoặc quá lớn;"
                f" điểm được giữ tới {vietnamese(_KEPT)}.",
            )


def _is_kept(quantum: Decimal) -> bool:
    """Points rounded to it can be kept exactly."""
    return quantum < LIMIT and not quantum % _KEPT


def _case(table: Table, known: Declared, case: Case) -> str:
    reason = _wrong_case(table, known, case)
    return f"ví dụ “{case.name}”: {reason}" if reason else ""


def _wrong_case(table: Table, known: Declared, case: Case) -> str:
    if case.path and not any(leaf.path == case.path for leaf in table.leaves()):
        return f"không có tiêu chí để chấm “{case.path}”."
    for key, text in case.facts.items():
        each = known.inputs.get(key)
        if key in known.unread:
            continue
        if each is None:
            return f"số liệu “{key}” chưa khai báo."
        if each.kind is InputKind.FORMULA:
            return f"số liệu “{each.label}” do công thức tính, không nhập."
        try:
            if text and read_fact(each, in_words(each, text), known.bands) != text:
                return f"số liệu “{each.label}”: “{text}” không đọc được."
        except RuleError as problem:
            return str(problem)
        except ValueError:
            return f"số liệu “{each.label}”: “{text}” không đọc được."
    return ""
