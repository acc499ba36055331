"""A points table, or nothing yet, as a workbook that a person can fill in and send back."""

from collections.abc import Sequence
from typing import Any

from thidua.rules.scoring import Table
from thidua.rules.scoring.tree import DEPTH_LIMIT
from thidua.workbooks.scale.layout import (
    ABOUT,
    ABOUT_FIELDS,
    COLUMNS,
    CRITERIA,
    GUIDANCE,
    GUIDE,
    NO,
    RULE_SHEETS,
    YES,
    Content,
    Field,
)
from thidua.workbooks.scale.write.rows import Row, about_values, cell, criterion_row, rule_rows
from thidua.workbooks.writing import Book, header_style, input_style

__all__ = ["write_scale", "write_template"]

SPARE_ROWS = 100
VALIDATED_ROWS = 5_000
_PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "autofilter": True,
}


def write_template() -> bytes:
    """An empty workbook in the layout, with its guide; the bytes of an .xlsx."""
    return _write(None)


def write_scale(table: Table) -> bytes:
    """A points table in the layout; reading it back gives an equal table.

    Raises RuleError when the table holds a rule this layout has no columns for.
    """
    return _write(table)


def _write(table: Table | None) -> bytes:
    filled = {layout.name: rows for layout, rows in rule_rows(table)} if table else {}
    nodes = [(criterion_row(node), not node.is_leaf) for node in table.walk()] if table else []
    book = Book()
    _guide(book)
    _about(book, table)
    rows = [_cells(COLUMNS, row) for row, _ in nodes]
    groups = {number for number, (_, is_group) in enumerate(nodes) if is_group}
    _sheet(book, CRITERIA, COLUMNS, rows, groups=groups, spare=SPARE_ROWS, frozen=3)
    for layout in RULE_SHEETS:
        records = [_cells(layout.fields, row) for row in filled.get(layout.name, ())]
        _sheet(book, layout.name, layout.fields, records, spare=layout.spare, frozen=1)
    return book.finish()


def _cells(fields: Sequence[Field], row: Row) -> list[Any]:
    return [cell(each, row.get(each.name)) for each in fields]


def _guide(book: Book) -> None:
    page = book.sheet(GUIDE, landscape=False)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 70)
    book.put(page, 0, 0, "BẢNG CHẤM ĐIỂM THI ĐUA: CÁCH ĐIỀN", bold=True, font_size=14)
    row = 2
    for line in GUIDANCE:
        book.put(page, row, 0, line)
        row += 1
    sheets = [(ABOUT, "", ABOUT_FIELDS), (CRITERIA, "", COLUMNS)]
    for name, help, fields in [
        *sheets,
        *((each.name, each.help, each.fields) for each in RULE_SHEETS),
    ]:
        row += 1
        book.put(page, row, 0, f"Trang “{name}”", bold=True)
        book.put(page, row, 1, help, italic=True, text_wrap=True)
        for each in fields:
            row += 1
            book.put(page, row, 0, each.title, border=1, bold=each.must, text_wrap=True)
            must = "Bắt buộc. " if each.must else ""
            book.put(page, row, 1, must + each.help, border=1, text_wrap=True)
        row += 1
    page.protect("", _PROTECTION)


def _about(book: Book, table: Table | None) -> None:
    page = book.sheet(ABOUT, landscape=False)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 60)
    page.set_column(2, 2, 40)
    values = about_values(table)
    for column, title in enumerate(("Mục", "Giá trị", "Giải thích")):
        book.put(page, 0, column, title, **header_style())
    for row, each in enumerate(ABOUT_FIELDS, start=1):
        book.put(page, row, 0, each.title, border=1, bold=each.required)
        book.put(page, row, 1, cell(each, values.get(each.name)), **_look(each))
        book.put(page, row, 2, each.help, border=1, text_wrap=True, italic=True)
        _validate(page, each, row, row, 1)
    page.freeze_panes(1, 0)
    page.protect("", _PROTECTION)


def _sheet(
    book: Book,
    name: str,
    fields: Sequence[Field],
    rows: Sequence[Sequence[Any]],
    *,
    groups: set[int] | None = None,
    spare: int,
    frozen: int,
) -> None:
    """One sheet with a record per row, and drawn rows to fill in below them."""
    page = book.sheet(name)
    looks = [_look(each) for each in fields]
    for column, each in enumerate(fields):
        # Rows beyond those drawn can be filled in too: the column itself is unlocked.
        page.set_column(column, column, each.width, book.style(**_look(each, is_drawn=False)))
        book.put(page, 0, column, each.title, **header_style())
        page.write_comment(0, column, each.help)
        _validate(page, each, 1, VALIDATED_ROWS, column)
    for number, row in enumerate(rows):
        bold = {"bold": True} if groups and number in groups else {}
        for column, (look, value) in enumerate(zip(looks, row, strict=True)):
            book.put(page, number + 1, column, value, **look, **bold)
    styles = [book.style(**look) for look in looks]
    for number in range(len(rows) + 1, len(rows) + 1 + spare):
        for column, style in enumerate(styles):
            page.write_blank(number, column, None, style)
    page.freeze_panes(1, frozen)
    page.repeat_rows(0)
    page.print_area(0, 0, max(len(rows), 1), len(fields) - 1)
    page.protect("", _PROTECTION)


_NUMBERS = {Content.NUMBER, Content.SIGNED, Content.WHOLE, Content.LEVEL}
_WORDS = {Content.TEXT, Content.CONDITION, Content.FORMULA}


def _look(each: Field, *, is_drawn: bool = True) -> dict[str, object]:
    """A code typed as 3.10, or a day typed as 31/01, must stay text, or the sheet changes it."""
    drawn = input_style() if is_drawn else {"locked": False}
    if each.content in _WORDS:
        return {**drawn, "text_wrap": True, "num_format": "@"}
    if each.content in _NUMBERS:
        return {**drawn, "align": "right"}
    return {**drawn, "align": "center", "text_wrap": True}


def _validate(page: Any, each: Field, first: int, last: int, column: int) -> None:
    """Let the spreadsheet itself refuse what the reader would refuse."""
    rule: dict[str, object]
    match each.content:
        case Content.LEVEL:
            rule = {"validate": "integer", "criteria": "between"}
            rule |= {"minimum": 1, "maximum": DEPTH_LIMIT}
        case Content.WHOLE:
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
        case Content.NUMBER:
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
        case Content.YES_NO:
            rule = {"validate": "list", "source": [YES, NO]}
        case Content.CHOICE:
            rule = {"validate": "list", "source": list(each.choices.values())}
        case _:
            return
    message = {"error_title": each.title, "error_message": each.help[:255]}
    page.data_validation(first, column, last, column, {**rule, **message})
