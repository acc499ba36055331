"""A points table in sentences: what its rules say, what changed from one version to the next."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table, difference, vietnamese
from thidua.rules.scoring.inwords import rule_in_words
from thidua.rules.scoring.language import table_rules
from thidua.rules.scoring.tree import TYPED
from thidua.workbooks.scale.layout import ABOUT_FIELDS, COLUMNS, Field
from thidua.workbooks.scale.write.rows import about_values, cell, criterion_row, rule_rows

_RULE_COLUMNS = {"rule", "step", "article", "na", "floor", "ceiling", "when"}
_PLAIN_ABOUT = {"title", "scale", "floor_at_zero", "mode", "quantum", "source", "notes"}
SHOWN = 300


def changes_in_words(old: Table, new: Table) -> tuple[str, ...]:
    """The changes from `old` to `new`; empty exactly when their fingerprints are equal."""
    whole = difference(old, new)
    try:
        found = (*difference(_plain(old), _plain(new)), *_rules(old, new))
    except RuleError:
        # A rule the workbook has no words for: the data itself is shown.
        found = whole
    return found if found or not whole else whole


def rules_in_words(table: Table) -> dict[str, tuple[str, ...]]:
    """What each criterion's rules say by its path; nothing where points are only typed.

    A rule that cannot be read says so itself.
    """
    said: dict[str, tuple[str, ...]] = {}
    for node in table.walk():
        if node.rule in ({}, TYPED):
            continue
        try:
            said[node.path] = rule_in_words(table_rules(table), node)
        except RuleError as error:
            said[node.path] = (str(error),)
    return said


def _plain(table: Table) -> Table:
    return replace(table, rules={}, nodes=tuple(_bare(node) for node in table.nodes))


def _bare(node: CriterionNode) -> CriterionNode:
    return replace(node, rule={}, children=tuple(_bare(child) for child in node.children))


def _rules(old: Table, new: Table) -> Iterator[str]:
    settings = [each for each in ABOUT_FIELDS if each.name not in _PLAIN_ABOUT]
    yield from _fields("Bảng", settings, about_values(old), about_values(new))
    before = {node.path: criterion_row(node) for node in old.walk()}
    columns = [each for each in COLUMNS if each.name in _RULE_COLUMNS]
    for node in new.walk():
        if node.path in before:
            yield from _fields(node.path, columns, before[node.path], criterion_row(node))
    for (layout, was), (_, now) in zip(rule_rows(old), rule_rows(new), strict=True):
        yield from _rows(
            layout.name,
            [_words(layout.fields, row) for row in was],
            [_words(layout.fields, row) for row in now],
        )


def _fields(
    where: str, fields: list[Field], was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[str]:
    for each in fields:
        before, after = (_shown(cell(each, row.get(each.name))) for row in (was, now))
        if before != after:
            yield f"{where}: {each.title.lower()} {before or '(trống)'} → {after or '(trống)'}"


def _rows(name: str, was: list[str], now: list[str]) -> Iterator[str]:
    gone, come = Counter(was) - Counter(now), Counter(now) - Counter(was)
    yield from (f"{name}: bỏ dòng {row}" for row in gone.elements())
    yield from (f"{name}: thêm dòng {row}" for row in come.elements())
    if not gone and not come and was != now:
        yield f"{name}: đổi thứ tự các dòng"


def _words(fields: tuple[Field, ...], row: Mapping[str, Any]) -> str:
    parts = [f"{each.title} {shown}" for each in fields if (shown := _shown(row.get(each.name)))]
    words = "; ".join(parts)
    return f"“{words[:SHOWN]}…”" if len(words) > SHOWN else f"“{words}”"


def _shown(value: Any) -> str:
    if value is None or value == "":
        return ""
    return vietnamese(value) if isinstance(value, Decimal) else str(value)
