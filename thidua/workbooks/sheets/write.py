"""A self-score form as a workbook: what is asked, the cells to fill in, everything else locked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from thidua.rules.scoring import Claim, CriterionNode, Table, TableRules, fingerprint, in_words
from thidua.rules.scoring.language import NUMERIC, Input, InputKind, Kind, leaf_rule, table_rules
from thidua.workbooks.scale.layout import Field
from thidua.workbooks.sheets import layout
from thidua.workbooks.sheets.asking import Asked, asked_by
from thidua.workbooks.sheets.filled import Filled
from thidua.workbooks.sheets.wording import caps_of, how_scored
from thidua.workbooks.writing import Book, Cell, header_style, input_style

_PROTECTION = {"format_columns": True, "format_rows": True}
_OPTIONAL_SHADE = "#F2F2F2"
_GROUP_SHADE = "#E8EEF5"
_CELLS_OF_A_RULE = 100
_PLAIN = {"border": 1, "text_wrap": True}
_AT_LEAST_ZERO = {"validate": "decimal", "criteria": ">=", "value": 0}
_NUMBER_ERROR = {
    "error_title": "Không phải là số",
    "error_message": "Hãy ghi một số từ 0 trở lên, dấu phẩy thập phân, không kèm đơn vị tính.",
}
_FED = "Lấy từ báo cáo, không ghi tay"
_HOW = {
    InputKind.FIGURE: "Số",
    InputKind.PERCENT: "Tỷ lệ %: 98,5% ghi 98,5",
    InputKind.COUNT: "Số nguyên",
    InputKind.DATE: "Ngày/tháng/năm",
    InputKind.YES_NO: "Có hoặc Không",
    InputKind.CHOICE: "Chọn trong danh sách",
    InputKind.EVENTS: "Các điểm cách nhau dấu ;",
}


def write(table: Table, filled: Filled, *, unit: str, year: int) -> bytes:
    """The workbook of `write_form`."""
    asked, rules = asked_by(table), table_rules(table)
    book = Book()
    _guide(book)
    _about(book, table, filled, unit or filled.unit, year or filled.year)
    lists = _Lists(rules)
    if asked.inputs:
        _facts(book, asked, rules, filled, lists, table)
    if asked.targets:
        _targets(book, asked, rules, filled, table)
    if asked.tiers:
        _tiers(book, asked, rules, filled, lists, table)
    if asked.assignable:
        _unassigned(book, asked, filled, table)
    _claims(book, table, rules, filled)
    lists.write(book)
    return book.finish()


class _Lists:
    """The choices of every list, kept on a hidden sheet: a label may hold a comma, or be long."""

    def __init__(self, rules: TableRules) -> None:
        self._rules = rules
        self._columns: dict[str, int] = {}

    def labels(self, name: str) -> list[str]:
        return list(dict.fromkeys(each.label for each in self._rules.bands.get(name, ())))

    def validation(self, name: str) -> dict[str, object] | None:
        count = len(self.labels(name))
        if not count:
            return None
        column = self._columns.setdefault(name, len(self._columns))
        letter = _letters(column)
        return {
            "validate": "list",
            "source": f"='{layout.LISTS}'!${letter}$1:${letter}${count}",
            "error_title": "Không có trong danh sách",
            "error_message": "Hãy chọn một mức trong danh sách.",
        }

    def write(self, book: Book) -> None:
        if not self._columns:
            return
        page = book.sheet(layout.LISTS)
        for name, column in self._columns.items():
            for row, label in enumerate(self.labels(name)):
                book.put(page, row, column, label)
        page.protect("", _PROTECTION)
        page.hide()


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _guide(book: Book) -> None:
    page = book.sheet(layout.GUIDE, landscape=False)
    page.set_column(0, 0, 100)
    book.put(page, 0, 0, "PHIẾU TỰ CHẤM ĐIỂM THI ĐUA: CÁCH ĐIỀN", bold=True, font_size=14)
    for row, line in enumerate(layout.GUIDANCE, start=2):
        book.put(page, row, 0, line, text_wrap=True)
    page.protect("", _PROTECTION)


def _about(book: Book, table: Table, filled: Filled, unit: str, year: int) -> None:
    page = book.sheet(layout.ABOUT, landscape=False)
    for column, width in enumerate((24, 70, 44)):
        page.set_column(column, column, width)
    for column, title in enumerate(("Mục", "Giá trị", "Giải thích")):
        book.put(page, 0, column, title, **header_style())
    rows: list[tuple[str, Cell, bool, str]] = [
        (layout.UNIT_ITEM, unit, True, "Tên đầy đủ của đơn vị tự chấm."),
        (layout.YEAR_ITEM, year or None, True, "Ví dụ 2026; dùng để tính các hạn ghi ngày/tháng."),
        (layout.TABLE_ITEM, table.title, False, ""),
        (layout.FINGERPRINT_ITEM, fingerprint(table), False, "Không sửa."),
        (layout.SCALE_ITEM, table.scale, False, "Tổng điểm chuẩn của bảng."),
        (
            layout.TOTAL_ITEM,
            filled.total,
            True,
            "Không bắt buộc; có ghi thì lệnh kiểm tra đối chiếu với tổng các tiêu chí.",
        ),
    ]
    for row, (item, value, is_open, help) in enumerate(rows, start=1):
        book.put(page, row, 0, item, border=1, bold=is_open)
        look = {**(input_style() if is_open else {"border": 1}), "text_wrap": True, "align": "left"}
        book.put(page, row, 1, value, **look)
        book.put(page, row, 2, help, border=1, text_wrap=True, italic=True)
    _validate(page, 2, 2, 1, _whole(layout.FIRST_YEAR, layout.LAST_YEAR))
    _validate(page, 6, 6, 1, {**_AT_LEAST_ZERO, **_NUMBER_ERROR})
    page.freeze_panes(1, 0)
    page.protect("", _PROTECTION)


def _whole(least: int, most: int) -> dict[str, object]:
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": least,
        "maximum": most,
        "error_title": "Năm không đúng",
        "error_message": f"Hãy ghi năm từ {least} đến {most}.",
    }


def _validate(page: Any, first: int, last: int, column: int, rule: Mapping[str, object]) -> None:
    page.data_validation(first, column, last, column, dict(rule))


def _page(book: Book, name: str, table: Table, fields: Sequence[Field], frozen: int) -> Any:
    """A sheet with its headings, repeated on each page under the title of the table."""
    page = book.sheet(name)
    for column, each in enumerate(fields):
        page.set_column(column, column, each.width)
        book.put(page, 0, column, each.title, **header_style())
        if each.help:
            page.write_comment(0, column, each.help)
    title = table.title.replace("&", "&&").replace("\n", " ")
    page.set_header(f"&C{title[:180]}\n{name}")
    page.freeze_panes(1, frozen)
    page.repeat_rows(0)
    page.protect("", _PROTECTION)
    return page


def _plain_row(book: Book, page: Any, row: int, values: Iterable[Cell], **look: object) -> None:
    for column, value in enumerate(values):
        align = {"align": "right"} if isinstance(value, Decimal) else {}
        book.put(page, row, column, value, **{**_PLAIN, **align, **look})


def _facts(
    book: Book, asked: Asked, rules: TableRules, filled: Filled, lists: _Lists, table: Table
) -> None:
    page = _page(book, layout.FACTS, table, layout.FACT_COLUMNS, 3)
    groups: dict[tuple[InputKind, str], list[tuple[int, Input]]] = {}
    for row, each in enumerate(asked.inputs, start=1):
        used_by = ", ".join(node.path for node in asked.users.get(each.key, ()))
        fed = filled.fed.get(each.key, "")
        note = f"tính là {in_words(each, each.default)}" if each.default else "chưa tính được"
        _plain_row(
            book,
            page,
            row,
            (
                each.key,
                used_by,
                each.label,
                each.measure,
                _FED if fed else _HOW[each.kind],
                None,
                note,
            ),
        )
        look = {**_PLAIN, **({} if fed else input_style()), "align": "right", **_format(each)}
        book.put(page, row, 5, fact_cell(each, filled.facts.get(each.key, "")), **look)
        if fed:
            book.put(page, row, 6, fed, **_PLAIN)
            continue
        groups.setdefault((each.kind, each.options), []).append((row, each))
    for rows in groups.values():
        rule = _validation(rows[0][1], lists)
        if rule:
            _validate_cells(page, [row for row, _ in rows], 5, rule)


def _validate_cells(page: Any, rows: list[int], column: int, rule: Mapping[str, object]) -> None:
    """One rule over many scattered cells: a form of hundreds of figures stays quick to open."""
    for start in range(0, len(rows), _CELLS_OF_A_RULE):
        first, *rest = rows[start : start + _CELLS_OF_A_RULE]
        others = [(row, column, row, column) for row in rest]
        _validate(page, first, first, column, {**rule, "other_cells": others})


def _format(each: Input) -> dict[str, object]:
    if each.kind is InputKind.DATE:
        return {"num_format": "dd/mm/yyyy"}
    # Text stays as typed: "8;9" is no time of day, a label "1/2" no date.
    return {"num_format": "@"} if each.kind in {InputKind.CHOICE, InputKind.EVENTS} else {}


def _validation(each: Input, lists: _Lists) -> Mapping[str, object] | None:
    """Let the spreadsheet itself refuse what the reader would refuse."""
    match each.kind:
        case InputKind.COUNT:
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
            return {**rule, **_NUMBER_ERROR, "error_message": "Hãy ghi số nguyên từ 0 trở lên."}
        case InputKind.FIGURE | InputKind.PERCENT:
            return {**_AT_LEAST_ZERO, **_NUMBER_ERROR}
        case InputKind.YES_NO:
            return {"validate": "list", "source": ["Có", "Không"]}
        case InputKind.CHOICE:
            return lists.validation(each.options)
        case InputKind.DATE:
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": date(layout.FIRST_YEAR - 50, 1, 1),
                "maximum": date(layout.LAST_YEAR, 12, 31),
                "error_title": "Không phải là ngày",
                "error_message": "Hãy ghi ngày/tháng/năm, ví dụ 31/01/2026.",
            }
    return None


def fact_cell(each: Input, canonical: str) -> Cell:
    """A kept value as it stands in its cell."""
    if not canonical:
        return None
    if each.kind in NUMERIC:
        return Decimal(canonical)
    if each.kind is InputKind.DATE:
        return date.fromisoformat(canonical)
    return in_words(each, canonical)


def _targets(book: Book, asked: Asked, rules: TableRules, filled: Filled, table: Table) -> None:
    page = _page(book, layout.TARGETS, table, layout.TARGET_COLUMNS, 2)
    for row, key in enumerate(asked.targets, start=1):
        each = rules.inputs[key]
        _plain_row(book, page, row, (key, each.label, each.measure))
        look = {**input_style(), "align": "right"}
        book.put(page, row, 3, filled.unit_terms.targets.get(key), **look)
    _validate(page, 1, len(asked.targets), 3, {**_AT_LEAST_ZERO, **_NUMBER_ERROR})


def _tiers(
    book: Book, asked: Asked, rules: TableRules, filled: Filled, lists: _Lists, table: Table
) -> None:
    page = _page(book, layout.TIERS, table, layout.TIER_COLUMNS, 1)
    for row, name in enumerate(asked.tiers, start=1):
        _plain_row(book, page, row, (name,))
        look = {**input_style(), "num_format": "@"}
        book.put(page, row, 1, filled.unit_terms.tiers.get(name), **look)
        rule = lists.validation(name)
        if rule:
            _validate(page, row, row, 1, rule)


def _unassigned(book: Book, asked: Asked, filled: Filled, table: Table) -> None:
    page = _page(book, layout.UNASSIGNED, table, layout.UNASSIGNED_COLUMNS, 2)
    for row, node in enumerate(asked.assignable, start=1):
        bold = {} if node.is_leaf else {"bold": True}
        _plain_row(book, page, row, (node.path, f"{node.code}. {node.title}"), **bold)
        mark = layout.MARK if node.path in filled.unit_terms.not_assigned else None
        book.put(page, row, 2, mark, **input_style(), align="center")
    _validate(page, 1, len(asked.assignable), 2, {"validate": "list", "source": [layout.MARK]})


def _claims(book: Book, table: Table, rules: TableRules, filled: Filled) -> None:
    page = _page(book, layout.CLAIMS, table, layout.CLAIM_COLUMNS, 3)
    last = 0
    for row, node in enumerate(table.walk(), start=1):
        last = row
        if not node.is_leaf:
            values = [node.path, node.code, node.title, node.maximum, caps_of(node)]
            values += [None] * (len(layout.CLAIM_COLUMNS) - len(values))
            _plain_row(book, page, row, values, bold=True, bg_color=_GROUP_SHADE)
            continue
        how = how_scored(node, rules)
        values = [node.path, node.code, node.title, node.maximum, caps_of(node), how, node.evidence]
        _plain_row(book, page, row, values)
        _claim_cells(book, page, row, node, filled)
    first = [each.name for each in layout.CLAIM_COLUMNS].index("base")
    for column in range(first, first + len(layout.PARTS)):
        _validate(page, 1, last, column, {**_AT_LEAST_ZERO, **_NUMBER_ERROR})


def _claim_cells(book: Book, page: Any, row: int, node: CriterionNode, filled: Filled) -> None:
    claim = filled.claims.get(node.path, Claim())
    looks = _part_looks(node)
    for column, each in enumerate(layout.CLAIM_COLUMNS):
        if each.name in looks:
            look = {**looks[each.name], "align": "right"}
            book.put(page, row, column, getattr(claim, each.name), **look)
        elif each.name in {"explanation", "evidence"}:
            text = getattr(filled, _TEXTS[each.name]).get(node.path)
            book.put(page, row, column, text, **input_style(), text_wrap=True)


_TEXTS = {"explanation": "explanations", "evidence": "evidence"}


def _part_looks(node: CriterionNode) -> dict[str, dict[str, object]]:
    """Cells to fill in, cells where another value may be asked for, cells that are shut."""
    rule = leaf_rule(node)
    optional = {**input_style(), "bg_color": _OPTIONAL_SHADE}
    has = {
        "base": (node.maximum is not None, rule.base.kind is Kind.TYPED),
        "bonus": (node.has_bonus or bool(rule.bonus), not rule.bonus),
        "deduction": (node.has_deduction or bool(rule.deduction), not rule.deduction),
    }
    return {
        name: (input_style() if typed else optional) if is_there else {"border": 1, "pattern": 17}
        for name, (is_there, typed) in has.items()
    }


__all__ = ["fact_cell", "write"]
