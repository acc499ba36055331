"""What stands in the cells of a form: text as it would be typed, or a problem by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.cell.cell import ERROR_CODES

from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.rules.reporting import (
    Amount,
    Edition,
    Indicator,
    Kind,
    Template,
    completed,
    read_amount,
    where,
)
from thidua.rules.reporting.lists import NOT_TICKED
from thidua.workbooks.reading import UNCOMPUTED, CellProblem, Sheet, text_of
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.read.saying import cell_name, problem

TICKED = {"x", "có", "✓", "✔", "√", "1", "đúng"}
_FORMULA_ERROR = "ô đang báo lỗi công thức “{}”. Hãy sửa công thức hoặc ghi thẳng giá trị."


def read_form(
    sheet: Sheet, edition: Edition, template: Template
) -> tuple[dict[str, str], list[CellProblem]]:
    """The text of each cell of a form of columns or lines by key, and what cannot be read."""
    texts: dict[str, str] = {}
    amounts: dict[str, Amount | None] = {}
    problems = []
    for key, place in layout.value_cells(template).items():
        indicator = template.indicator(key)
        try:
            text = _text(sheet.value(place[0] + 1, place[1] + 1), indicator)
            amount = _checked(text, indicator, template)
        except RuleError as error:
            problems.append(problem(sheet.name, cell_name(place), str(error)))
            continue
        texts[key] = text
        if indicator.kind == Kind.NUMBER:
            amounts[key] = amount
    return {**texts, **_sums(edition, template, amounts)}, problems


def _sums(
    edition: Edition, template: Template, amounts: Mapping[str, Amount | None]
) -> dict[str, str]:
    """The sums that are what their parts give, as blank: they follow their parts."""
    sums = {each.key for each in template.numbers if each.is_computed}
    typed = {key: amount for key, amount in amounts.items() if key not in sums}
    whole = completed(edition, typed, {template.key})
    return {key: "" for key in sums if key in amounts and amounts[key] == whole.get(key)}


@dataclass
class ListRead:
    """The rows of a list form, whether it says that there are none, and what cannot be read."""

    rows: list[Mapping[str, str]] = field(default_factory=list)
    says_nothing: bool = False
    problems: list[CellProblem] = field(default_factory=list)


def read_list(sheet: Sheet, template: Template) -> ListRead:
    """The rows of a list form, blank ones left out; every bad cell of every row is told."""
    read = ListRead()
    columns = [(each, layout.value_cells(template)[each.key][1]) for each in template.indicators]
    first = layout.data_row(template)
    for row, values in enumerate(sheet.rows[first:], start=first):
        cells = _row(sheet.name, template, row, values, columns, read.problems)
        if cells:
            read.rows.append(cells)
    if len(read.rows) > layout.MOST_ROWS:
        sentence = (
            f"có {len(read.rows)} dòng; một danh sách chỉ nhận không quá {layout.MOST_ROWS} dòng."
        )
        read.problems.append(problem(sheet.name, cell_name((first, 0)), sentence))
    _nothing(sheet, read)
    return read


def _row(
    name: str,
    template: Template,
    row: int,
    values: Sequence[object],
    columns: Sequence[tuple[Indicator, int]],
    problems: list[CellProblem],
) -> dict[str, str]:
    """The words of one row by key, empty cells left out."""
    cells = {}
    for indicator, column in columns:
        value = values[column] if column < len(values) else None
        if value is None:
            continue
        try:
            text = _text(value, indicator)
            _checked(text, indicator, template)
        except RuleError as error:
            problems.append(problem(name, cell_name((row, column)), str(error)))
            # A row with a bad cell is a row: the count and the other cells are told as they are.
            text = "…"
        if text:
            cells[indicator.key] = text
    return cells


def _nothing(sheet: Sheet, read: ListRead) -> None:
    """The cell “không có nội dung nào”; beside rows it is a contradiction."""
    row, column = layout.NOTHING_CELL
    value = sheet.value(row + 1, column + 1)
    try:
        text = _word(value)
        read.says_nothing = _is_ticked(text)
    except RuleError as error:
        read.problems.append(problem(sheet.name, cell_name((row, column)), str(error)))
        return
    if read.says_nothing and read.rows:
        sentence = (
            f"đánh dấu không có nội dung nào nhưng biểu có {len(read.rows)} dòng. Hãy xoá dấu, hoặc xoá các "
            "dòng."
        )
        read.problems.append(problem(sheet.name, cell_name((row, column)), sentence))


def _is_ticked(text: str) -> bool:
    """Whether a cell to tick is ticked. RuleError when it holds anything but a tick."""
    lower = text.lower()
    if lower in NOT_TICKED:
        return False
    if lower in TICKED:
        return True
    raise RuleError(f"ô đánh dấu chỉ ghi x hoặc để trống, đang là “{text[:40]}”.")


def _checked(text: str, indicator: Indicator, template: Template) -> Amount | None:
    """The number of a cell of numbers. RuleError for what the cell cannot hold."""
    if indicator.kind == Kind.NUMBER:
        named = where(template, indicator)
        return read_amount(text, where=named, places=indicator.places)
    if len(text) > layout.LONGEST_TEXT:
        raise RuleError(
            f"nội dung dài {len(text)} ký tự, chỉ nhận không quá {layout.LONGEST_TEXT}. Hãy rút gọn."
        )
    return None


def _text(value: object, indicator: Indicator) -> str:
    """A cell as a person would type it. RuleError, a reason without the cell, where it is neither."""
    if indicator.kind == Kind.TICK:
        return layout.MARK if _is_ticked(_word(value)) else ""
    if indicator.kind != Kind.NUMBER:
        return _word(value)
    if indicator.is_computed and (value is UNCOMPUTED or value == layout.ESTIMATED):
        return ""
    if isinstance(value, bool):
        raise RuleError("ô phải là số, không phải Đúng/Sai.")
    if isinstance(value, int | float | Decimal):
        return vietnamese(_exact(value), grouped=False)
    return _word(value)


def _word(value: object) -> str:
    if isinstance(value, str) and value in ERROR_CODES:
        raise RuleError(_FORMULA_ERROR.format(value))
    return text_of(value)


def _exact(value: float | Decimal) -> Decimal:
    """The number a person typed: a spreadsheet stores 15 significant digits of it. Money and land
    go beyond the bound that points have, so `read_amount` is what refuses."""
    return Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
