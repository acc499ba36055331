"""A report's workbook out: one sheet per form, sums as formulas, everything else locked."""

from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from thidua.rules.numbers import vietnamese
from thidua.rules.reporting import (
    QUALIFIERS,
    Amount,
    Edition,
    Filled,
    Indicator,
    Kind,
    Shape,
    Template,
    completed,
    outline,
)
from thidua.rules.reporting.templates import Sum
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.layout import Identity
from thidua.workbooks.writing import (
    Book,
    Cell,
    header_style,
    height_of,
    input_style,
    letters_of,
    lines_of,
)

_PROTECTION = {"format_columns": True, "format_rows": True, "format_cells": True}
_SUM_SHADE = "#EDEDED"
# Headings are bold: a tenth wider than their size.
HEAD_SIZE = 13.2
# Forms of more columns cannot be read on A4.
_WIDE, _A3 = 16, 8
_PLAIN = {"border": 1, "text_wrap": True}
Texts = Mapping[str, str]
Places = Mapping[str, tuple[int, int]]


def write_report(edition: Edition, filled: Filled, texts: Texts, identity: Identity) -> bytes:
    """The workbook of a report with what is stored; `texts` are the cells of words by key."""
    book = Book()
    _guide(book)
    _about(book, edition, identity)
    whole = completed(edition, filled.values)
    for template in edition.templates:
        page = _page(book, template, identity)
        if template.shape == Shape.LIST:
            _list(book, page, template, filled)
        elif template.shape == Shape.LINES:
            _lines(book, page, template, Values(filled, whole, texts))
        else:
            _columns(book, page, template, Values(filled, whole, texts), identity)
        page.protect("", _PROTECTION)
    return book.finish()


class Values:
    """What stands in the cells: typed, computed, words."""

    def __init__(self, filled: Filled, whole: Mapping[str, Amount | None], texts: Texts) -> None:
        self.typed, self.whole, self.texts = filled.values, whole, texts

    def cell(self, indicator: Indicator) -> Cell:
        """The cell's own content; a number with its word before it is text."""
        if indicator.kind != Kind.NUMBER:
            return self.texts.get(indicator.key)
        amount = self.typed.get(indicator.key)
        if amount is None:
            return None
        if amount.qualifier:
            number = vietnamese(amount.number, grouped=False)
            return f"{QUALIFIERS[amount.qualifier]} {number}"
        return amount.number

    def computed(self, indicator: Indicator) -> Cell:
        """The last value of a sum's formula; blank where a part has no data."""
        amount = self.whole.get(indicator.key)
        if amount is None:
            return ""
        return layout.ESTIMATED if amount.qualifier else amount.number


def _guide(book: Book) -> None:
    page = book.sheet(layout.GUIDE, landscape=False)
    page.set_column(0, 0, 100)
    book.put(page, 0, 0, "BIỂU BÁO CÁO: CÁCH ĐIỀN", bold=True, font_size=14)
    for row, line in enumerate(layout.GUIDANCE, start=2):
        book.put(page, row, 0, line, text_wrap=True)
    page.protect("", _PROTECTION)


def _about(book: Book, edition: Edition, identity: Identity) -> None:
    page = book.sheet(layout.ABOUT, landscape=False)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 70)
    for row, (item, value) in enumerate(layout.about(edition, identity).items()):
        book.put(page, row, 0, item, border=1, bold=True)
        book.put(page, row, 1, value, border=1, text_wrap=True)
    page.protect("", _PROTECTION)


def _page(book: Book, template: Template, identity: Identity) -> Any:
    page = book.sheet(layout.page_name(template), landscape=template.shape != Shape.LINES)
    title, whose = titles_of(template, identity)
    book.put(page, 0, 0, title, bold=True, font_size=14)
    book.put(page, 1, 0, whose, italic=True)
    return page


def titles_of(template: Template, identity: Identity) -> tuple[str, str]:
    """The two lines above a form: which form, and whose for when."""
    title = f"Biểu {template.code}: {template.title}" if template.code else template.title
    return title, f"{identity.unit}, {identity.period}"


def _head(book: Book, page: Any, template: Template) -> None:
    """The merged headings, the printed numbers, the measures and the hidden keys."""
    look = header_style()
    for cell in layout.head_cells(template):
        top, left = layout.HEAD + cell.row, layout.FIRST_COLUMN + cell.column
        if cell.rows == cell.columns == 1:
            book.put(page, top, left, cell.text, **look)
        else:
            bottom, right = top + cell.rows - 1, left + cell.columns - 1
            page.merge_range(top, left, bottom, right, "", book.style(**look))
            book.put(page, top, left, cell.text, **look)
    widths = _widths(template)
    if len(widths) > _WIDE:
        page.set_paper(_A3)
    for row, lines in enumerate(_head_lines(template, widths), start=layout.HEAD):
        page.set_row(row, height_of(lines))
    codes, keys = layout.code_row(template), layout.key_row(template)
    for place, each in enumerate(template.indicators, start=layout.FIRST_COLUMN):
        page.set_column(place, place, widths[place - layout.FIRST_COLUMN])
        small = {"border": 1, "align": "center", "font_size": 10, "italic": True}
        book.put(page, codes, place, layout.code_of(template, each), **small)
        book.put(page, codes + 1, place, each.measure, **small)
        book.put(page, keys, place, each.key)
    page.set_row(keys, None, None, {"hidden": True})
    page.repeat_rows(layout.HEAD, codes)
    page.freeze_panes(layout.data_row(template), layout.FIRST_COLUMN)


def _widths(template: Template) -> list[int]:
    """The width of each column in letters: a figure, a measure, words."""
    if layout.is_list(template):
        return [12 if each.kind == Kind.TICK else 26 for each in template.indicators]
    return [10 if each.kind == Kind.NUMBER else 22 for each in template.indicators]


def _head_lines(template: Template, widths: list[int]) -> list[int]:
    """How many lines of text each row of the head needs: merged cells do not grow by themselves."""
    lines = [1] * layout.height(template)
    for cell in layout.head_cells(template):
        width = sum(widths[cell.column : cell.column + cell.columns])
        needed = lines_of(cell.text, letters_of(width * 7 + 5, HEAD_SIZE))
        for row in range(cell.row, cell.row + cell.rows):
            lines[row] = max(lines[row], -(-needed // cell.rows))
    return lines


def _columns(book: Book, page: Any, template: Template, values: Values, identity: Identity) -> None:
    page.set_column(0, 0, 26)
    _first_column(book, page, template, "Đơn vị")
    _head(book, page, template)
    row = layout.data_row(template)
    book.put(page, row, 0, identity.unit, **_PLAIN)
    places = {
        each.key: (row, place)
        for place, each in enumerate(template.indicators, start=layout.FIRST_COLUMN)
    }
    for each in template.indicators:
        _cell(book, page, template, each, values, places)


def _first_column(book: Book, page: Any, template: Template, title: str) -> None:
    top, bottom = layout.HEAD, layout.code_row(template) - 1
    if top == bottom:
        book.put(page, top, 0, title, **header_style())
    else:
        page.merge_range(top, 0, bottom, 0, title, book.style(**header_style()))


def _lines(book: Book, page: Any, template: Template, values: Values) -> None:
    for column, (title, width) in enumerate(
        zip(layout.LINE_TITLES, (8, 80, 14, 16, 4), strict=True)
    ):
        page.set_column(column, column, width)
        book.put(page, layout.HEAD, column, title, **header_style())
    page.set_column(layout.KEY, layout.KEY, 4, None, {"hidden": True})
    page.freeze_panes(layout.HEAD + 1, 0)
    page.repeat_rows(layout.HEAD)
    rows = list(enumerate(outline(template), start=layout.HEAD + 1))
    places = {each.indicator.key: (row, layout.VALUE) for row, each in rows if each.indicator}
    for row, each in rows:
        indent = {"indent": each.depth}
        if each.indicator is None:
            book.put(page, row, layout.LABEL, each.text, bold=True, text_wrap=True, **indent)
            continue
        book.put(page, row, layout.CODE, each.indicator.code, **_PLAIN)
        book.put(page, row, layout.LABEL, each.text, **_PLAIN, **indent)
        book.put(page, row, layout.MEASURE, each.indicator.measure, **_PLAIN)
        book.put(page, row, layout.KEY, each.indicator.key)
        _cell(book, page, template, each.indicator, values, places)


def _cell(
    book: Book,
    page: Any,
    template: Template,
    indicator: Indicator,
    values: Values,
    places: Places,
) -> None:
    """One cell to fill in, or the formula of a sum that nobody typed over."""
    row, column = places[indicator.key]
    content = values.cell(indicator)
    formula = formula_of(template, indicator, places)
    if formula and content is None:
        look = book.style(border=1, align="right", bg_color=_SUM_SHADE)
        page.write_formula(row, column, formula, look, values.computed(indicator))
        return
    is_number = indicator.kind == Kind.NUMBER
    look = {**input_style(), "align": "right" if is_number else "left", "text_wrap": not is_number}
    if not is_number:
        look["num_format"] = "@"
    book.put(page, row, column, content, **look)
    if is_number:
        page.data_validation(row, column, row, column, rule_of(indicator))


def formula_of(template: Template, indicator: Indicator, places: Places) -> str:
    """The printed sum; the next way to make it while a part has no data, else blank.

    "" for a cell that is typed. A part that is only about right cannot be added by a formula: the
    cell says so, and the sum is made when the workbook is taken over.
    """
    ways = [each for each in indicator.totals if _is_own(template, each)]
    if len(ways) < len(indicator.totals):
        return ""
    formula = '""'
    for terms in reversed(ways):
        cells = [xl_rowcol_to_cell(*places[term.key]) for term in terms]
        total = "".join(_times(term.factor, cell) for term, cell in zip(terms, cells, strict=True))
        filled = ",".join(f"LEN({cell})>0" for cell in cells)
        formula = (
            f"IF(COUNT({','.join(cells)})={len(cells)},{total.lstrip('+')},"
            f'IF(AND({filled}),"{layout.ESTIMATED}",{formula}))'
        )
    return f"={formula}" if ways else ""


def _is_own(template: Template, terms: Sum) -> bool:
    """Whether all parts of a sum stand in the form itself."""
    return not any(term.rows or term.key not in template for term in terms)


def _times(factor: int, cell: str) -> str:
    """“+C10”, “-2*D10”."""
    sign = "+" if factor > 0 else "-"
    return f"{sign}{cell}" if abs(factor) == 1 else f"{sign}{abs(factor)}*{cell}"


def rule_of(indicator: Indicator) -> dict[str, object]:
    """Excel asks back, and lets through: “hơn 120” is allowed."""
    whole = "số nguyên" if indicator.places == 0 else "số"
    measure = indicator.measure or "đơn vị của biểu"
    return {
        "validate": "integer" if indicator.places == 0 else "decimal",
        "criteria": ">=",
        "value": 0,
        "error_type": "warning",
        "error_title": "Kiểm tra số liệu",
        "error_message": f"Thường ghi {whole} từ 0 trở lên, tính bằng {measure}.",
    }


def _list(book: Book, page: Any, template: Template, filled: Filled) -> None:
    page.set_column(0, 0, 6)
    _first_column(book, page, template, "STT")
    _head(book, page, template)
    first = layout.data_row(template)
    rows = filled.lists.get(template.key, ())
    _nothing(book, page, is_told=template.key in filled.lists and not rows)
    for number in range(len(rows) + layout.LIST_ROWS):
        row = rows[number] if number < len(rows) else {}
        book.put(page, first + number, 0, number + 1, border=1, align="center")
        for place, each in enumerate(template.indicators, start=layout.FIRST_COLUMN):
            look = {**input_style(), "text_wrap": True, "num_format": "@"}
            book.put(page, first + number, place, row.get(each.key), **look)


def _nothing(book: Book, page: Any, *, is_told: bool) -> None:
    """The cell that says that there is nothing to list: an empty form says nothing."""
    (row, column), (label_row, label_column) = layout.NOTHING_CELL, layout.NOTHING_LABEL
    label = {"text_wrap": True, "italic": True, "align": "right"}
    book.put(page, label_row, label_column, layout.NOTHING, **label)
    mark = layout.MARK if is_told else None
    book.put(page, row, column, mark, **{**input_style(), "align": "center"})
    page.data_validation(row, column, row, column, {"validate": "list", "source": [layout.MARK]})
