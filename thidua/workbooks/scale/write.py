"""A points table, or nothing yet, as a workbook that a person can fill in and send back."""

from decimal import Decimal
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.scoring.points import step_of
from thidua.rules.scoring.tree import DEPTH_LIMIT, Rounding
from thidua.workbooks.scale.layout import (
    ABOUT,
    ABOUT_FIELDS,
    COLUMNS,
    CRITERIA,
    GUIDANCE,
    GUIDE,
    NO,
    ROUNDING_LABELS,
    RULE_NAMES,
    YES,
    Content,
    Field,
)
from thidua.workbooks.writing import Book, Cell, header_style, input_style

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
    if table.rules:
        raise RuleError("Bảng có quy tắc chung mà mẫu Excel này chưa có chỗ ghi.")
    return _write(table)


def _write(table: Table | None) -> bytes:
    book = Book()
    _guide(book)
    _about(book, table)
    _criteria(book, table)
    return book.finish()


def _guide(book: Book) -> None:
    page = book.sheet(GUIDE, landscape=False)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 70)
    book.put(page, 0, 0, "BẢNG CHẤM ĐIỂM THI ĐUA: CÁCH ĐIỀN", bold=True, font_size=14)
    row = 2
    for line in GUIDANCE:
        book.put(page, row, 0, line)
        row += 1
    for name, fields in ((ABOUT, ABOUT_FIELDS), (CRITERIA, COLUMNS)):
        row += 1
        book.put(page, row, 0, f"Trang “{name}”", bold=True)
        for each in fields:
            row += 1
            book.put(page, row, 0, each.title, border=1, bold=each.required, text_wrap=True)
            must = "Bắt buộc. " if each.required else ""
            book.put(page, row, 1, must + each.help, border=1, text_wrap=True)
        row += 1
    page.protect("", _PROTECTION)


def _about(book: Book, table: Table | None) -> None:
    page = book.sheet(ABOUT, landscape=False)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 60)
    page.set_column(2, 2, 40)
    for column, title in enumerate(("Mục", "Giá trị", "Giải thích")):
        book.put(page, 0, column, title, **header_style())
    for row, each in enumerate(ABOUT_FIELDS, start=1):
        book.put(page, row, 0, each.title, border=1, bold=each.required)
        look = _look(each)
        book.put(page, row, 1, _about_value(table, each.name), **look)
        book.put(page, row, 2, each.help, border=1, text_wrap=True, italic=True)
        _validate(page, each, row, row, 1)
    page.freeze_panes(1, 0)
    page.protect("", _PROTECTION)


def _about_value(table: Table | None, name: str) -> Cell:
    rounding = table.rounding if table else Rounding()
    match name:
        case "mode":
            return ROUNDING_LABELS[rounding.mode]
        case "quantum":
            return rounding.quantum
        case "floor_at_zero":
            return YES if table is None or table.floor_at_zero else NO
    value: Cell = getattr(table, name) if table else None
    return value


def _criteria(book: Book, table: Table | None) -> None:
    page = book.sheet(CRITERIA)
    rows = [_row(node) for node in table.walk()] if table else []
    for column, each in enumerate(COLUMNS):
        # Rows beyond those drawn can be filled in too: the column itself is unlocked.
        page.set_column(column, column, each.width, book.style(**_look(each, is_drawn=False)))
        book.put(page, 0, column, each.title, **header_style())
        page.write_comment(0, column, each.help)
        _validate(page, each, 1, VALIDATED_ROWS, column)
    for number, (row, is_group) in enumerate(rows, start=1):
        for column, (each, value) in enumerate(zip(COLUMNS, row, strict=True)):
            bold = {"bold": True} if is_group else {}
            book.put(page, number, column, value, **_look(each), **bold)
    for number in range(len(rows) + 1, len(rows) + 1 + SPARE_ROWS):
        for column, each in enumerate(COLUMNS):
            book.put(page, number, column, None, **_look(each))
    page.freeze_panes(1, 3)
    page.repeat_rows(0)
    page.print_area(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    page.protect("", _PROTECTION)


def _row(node: CriterionNode) -> tuple[tuple[Cell, ...], bool]:
    """The cells of one node, and whether it is a group."""
    values: dict[str, Cell] = {
        "level": node.path.count("/") + 1,
        "has_bonus": _yes(node.has_bonus, node.is_leaf),
        "has_deduction": _yes(node.has_deduction, node.is_leaf),
        "rule": RULE_NAMES["typed"] if node.is_leaf else None,
        "step": _step(node),
    }
    return (
        tuple(
            values[each.name] if each.name in values else getattr(node, each.name)
            for each in COLUMNS
        ),
        not node.is_leaf,
    )


def _step(node: CriterionNode) -> Decimal | None:
    """The step of a typed leaf; RuleError for a rule that has no column here."""
    if not node.is_leaf:
        if node.rule:
            raise RuleError(f"Nhóm {node.code} có quy tắc mà mẫu Excel này chưa có chỗ ghi.")
        return None
    if node.rule.get("kind") not in RULE_NAMES or not set(node.rule) <= {"kind", "step"}:
        raise RuleError(f"Tiêu chí {node.code} có quy tắc mà mẫu Excel này chưa có chỗ ghi.")
    return step_of(node)


def _yes(value: bool, is_leaf: bool) -> str | None:
    if not is_leaf and not value:
        return None
    return YES if value else NO


def _look(each: Field, *, is_drawn: bool = True) -> dict[str, object]:
    """A code typed as 3.10 must stay text, or the sheet makes it 3.1."""
    drawn = input_style() if is_drawn else {"locked": False}
    if each.content is Content.TEXT:
        return {**drawn, "text_wrap": True, "num_format": "@"}
    if each.content in {Content.NUMBER, Content.LEVEL}:
        return {**drawn, "align": "right"}
    return {**drawn, "align": "center", "text_wrap": True}


def _validate(page: Any, each: Field, first: int, last: int, column: int) -> None:
    """Let the spreadsheet itself refuse what the reader would refuse."""
    rule: dict[str, object]
    match each.content:
        case Content.TEXT:
            return
        case Content.LEVEL:
            rule = {"validate": "integer", "criteria": "between"}
            rule |= {"minimum": 1, "maximum": DEPTH_LIMIT}
        case Content.NUMBER:
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
        case _:
            rule = {"validate": "list", "source": list(_CHOICES[each.content])}
    message = {"error_title": each.title, "error_message": each.help[:255]}
    page.data_validation(first, column, last, column, {**rule, **message})


_CHOICES = {
    Content.YES_NO: (YES, NO),
    Content.RULE: tuple(RULE_NAMES.values()),
    Content.ROUNDING: tuple(ROUNDING_LABELS.values()),
}
