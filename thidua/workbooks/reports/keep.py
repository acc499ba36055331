"""Current figures written into the workbook that the unit last sent: its own look stays.

Colours, faces, number formats, widths, heights, frozen panes, print settings, comments and sheets
of the unit's own come back. What could act by itself, or lead elsewhere, does not: formulas that
are not ours (their last result stays), links, charts, pictures, tables, names. The lock around the
cells to fill in is put on again.
"""

import io
import warnings
from collections.abc import Mapping
from copy import copy
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Protection
from openpyxl.worksheet.datavalidation import DataValidation, DataValidationList
from openpyxl.worksheet.protection import SheetProtection

from thidua.rules.errors import RuleError
from thidua.rules.reporting import Edition, Filled, Kind, Shape, Template, completed
from thidua.workbooks.reading import clean
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.layout import Identity
from thidua.workbooks.reports.read.saying import words_of
from thidua.workbooks.reports.write import Texts, Values, formula_of, rule_of, titles_of
from thidua.workbooks.safety import checked_archive
from thidua.workbooks.writing import Cell, starts_formula

_OPEN = Protection(locked=False)


class NotKept(RuleError):
    """The workbook is of other forms than those in force, or can no longer be read."""


def keep_format(
    data: bytes, edition: Edition, filled: Filled, texts: Texts, identity: Identity
) -> bytes:
    """The unit's workbook `data` with what is stored now. NotKept when it is of other forms."""
    book = _opened(data)
    _facts(book, edition, identity)
    for page in book.worksheets:
        _harmless(page)
    book.defined_names.clear()
    values = Values(filled, completed(edition, filled.values), texts)
    for template in edition.templates:
        page = _sheet(book, layout.page_name(template))
        _titles(page, template, identity)
        if layout.is_list(template):
            _list(page, template, filled)
        else:
            _form(page, template, values, identity)
        _hide_keys(page, template)
        page.protection = _lock()
    # No program has computed our formulas in it yet.
    book.calculation.fullCalcOnLoad = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _opened(data: bytes) -> Any:
    archive = checked_archive(data)
    # What was accepted once may still be beyond this library: any class may come out of it (R13).
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(archive), data_only=True, keep_links=False)
    except Exception as error:
        raise NotKept("Không đọc lại được tệp đã nạp.") from error


def _sheet(book: Any, name: str) -> Any:
    for page in book.worksheets:
        if page.title.casefold() == name.casefold():
            return page
    raise NotKept(f"Tệp đã nạp không có trang tính “{name}”.")


def _facts(book: Any, edition: Edition, identity: Identity) -> None:
    """The page “Thông tin”, for the report as it is now."""
    page = _sheet(book, layout.ABOUT)
    rows = {words_of(page.cell(row, 1).value): row for row in range(1, page.max_row + 1)}
    wanted = layout.about(edition, identity)
    kept = rows.get(layout.FORMS_ITEM)
    if not kept or words_of(page.cell(kept, 2).value) != wanted[layout.FORMS_ITEM]:
        raise NotKept("Tệp đã nạp theo biểu mẫu khác với biểu mẫu của báo cáo này.")
    for item, value in wanted.items():
        if item not in rows:
            raise NotKept(f"Tệp đã nạp thiếu mục “{item}”.")
        _put(page.cell(rows[item], 2), value)
    page.protection = _lock()


def _harmless(page: Any) -> None:
    """Nothing in the sheet acts by itself or leads elsewhere any more."""
    page._charts, page._images, page._pivots = [], [], []
    page.tables.clear()
    page.defined_names.clear()
    page.scenarios.scenario = []
    page.data_validations = DataValidationList()
    page._hyperlinks = []
    for cell in page._cells.values():
        if not isinstance(cell, MergedCell):
            cell._hyperlink = None
    kept = ConditionalFormattingList()
    for each in page.conditional_formatting:
        for rule in each.rules:
            if not any("(" in formula or "!" in formula for formula in rule.formula):
                kept.add(str(each.sqref), rule)
    page.conditional_formatting = kept


def _lock() -> SheetProtection:
    """As our own sheets are locked: cells are shut, their look is open."""
    return SheetProtection(sheet=True, formatCells=False, formatColumns=False, formatRows=False)


def _titles(page: Any, template: Template, identity: Identity) -> None:
    _part(page)
    for row, text in enumerate(titles_of(template, identity), start=1):
        _put(page.cell(row, 1), text)


def _part(page: Any) -> None:
    """Take apart what the unit merged over a cell above the form that is written anew."""
    wanted = {(1, 1), (2, 1), (layout.NOTHING_CELL[0] + 1, layout.NOTHING_CELL[1] + 1)}
    for each in list(page.merged_cells.ranges):
        covered = {place for place in wanted if each.min_row <= place[0] <= each.max_row}
        covered = {place for place in covered if each.min_col <= place[1] <= each.max_col}
        if covered - {(each.min_row, each.min_col)}:
            page.unmerge_cells(str(each))


def _form(page: Any, template: Template, values: Values, identity: Identity) -> None:
    places = layout.value_cells(template)
    is_open = _shut(page)
    if template.shape == Shape.COLUMNS:
        _put(page.cell(layout.data_row(template) + 1, 1), identity.unit)
    for key, (row, column) in places.items():
        indicator = template.indicator(key)
        cell = page.cell(row + 1, column + 1)
        content = values.cell(indicator)
        formula = formula_of(template, indicator, places)
        if formula and content is None:
            cell.value = formula
            continue
        _put(cell, content)
        cell._style.protectionId = is_open
        if indicator.kind == Kind.NUMBER:
            _validate(page, cell.coordinate, rule_of(indicator))


def _shut(page: Any) -> int:
    """Lock every cell of the sheet; the number that the style of an open cell names.

    Styles are arrays of numbers here: setting each cell's own protection takes four times as long.
    """
    protections = page.parent._protections
    is_open = int(protections.add(_OPEN))
    is_shut = int(protections.add(Protection()))
    for cell in page._cells.values():
        cell._style.protectionId = is_shut
    return is_open


def _list(page: Any, template: Template, filled: Filled) -> None:
    """The rows, each in the look of the row that stood there, below those of the last of them."""
    is_open = _shut(page)
    rows = filled.lists.get(template.key, ())
    first = layout.data_row(template) + 1
    last = max(page.max_row, first)
    end = max(last, first + len(rows) + layout.LIST_ROWS - 1)
    end = min(end, first + layout.MOST_ROWS - 1)
    for number in range(end - first + 1):
        cells = rows[number] if number < len(rows) else {}
        _list_row(page, template, first + number, last, number + 1, cells)
        for column in range(2, layout.last_column(template) + 2):
            page.cell(first + number, column)._style.protectionId = is_open
    row, column = layout.NOTHING_CELL
    told = template.key in filled.lists and not rows
    mark = page.cell(row + 1, column + 1)
    _put(mark, layout.MARK if told else None)
    mark._style.protectionId = is_open


def _list_row(
    page: Any, template: Template, at: int, last: int, number: int, row: Mapping[str, str]
) -> None:
    for column in range(1, layout.last_column(template) + 2):
        cell = page.cell(at, column)
        if at > last:
            cell._style = copy(page.cell(last, column)._style)
        if column == 1:
            _put(cell, number)
            continue
        _put(cell, row.get(template.indicators[column - 2].key))


def _hide_keys(page: Any, template: Template) -> None:
    if template.shape == Shape.LINES:
        page.column_dimensions["E"].hidden = True
    else:
        page.row_dimensions[layout.key_row(template) + 1].hidden = True


def _put(cell: Any, value: Cell) -> None:
    """One value; text is always text, whatever it begins with (T15)."""
    if not isinstance(value, str):
        cell.value = value
        cell.quotePrefix = False
        return
    cell.value = clean(value) or None
    if value:
        cell.data_type = "s"
    cell.quotePrefix = starts_formula(value)


def _validate(page: Any, cell: str, rule: Mapping[str, object]) -> None:
    page.add_data_validation(
        DataValidation(
            type="whole" if rule["validate"] == "integer" else "decimal",
            operator="greaterThanOrEqual",
            formula1="0",
            allow_blank=True,
            sqref=cell,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle=str(rule["error_title"]),
            error=str(rule["error_message"]),
        )
    )
