"""Is the form still as it was written? Columns moved, renamed, hidden; cells merged, or outside.

Everything is looked for in its own place. What is not there is told before any value is read, so
that a figure is never taken for another one.
"""

from collections import defaultdict
from collections.abc import Iterator

from openpyxl.utils import get_column_letter, range_boundaries

from thidua.rules.numbers import NotANumber, parse
from thidua.rules.reporting import Shape, Template
from thidua.rules.reporting.words import short
from thidua.workbooks.reading import CellProblem, Sheet
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.read.saying import cell_name, problem, some, words_of

Place = tuple[int, int]


def bent_frame(sheet: Sheet, template: Template) -> list[CellProblem]:
    """What was moved, is missing or has another name: the sheet is another form than was written."""
    # All headings would be off as well; the cause says more than its consequences.
    return list(_moved(sheet, template)) or list(_renamed(sheet, template))


def doubtful_places(sheet: Sheet, template: Template) -> list[CellProblem]:
    """Cells in their places that cannot be taken as they are: merged, hidden, outside the form."""
    return [
        *_merged(sheet, template),
        *_outside(sheet, template),
        *_hidden(sheet, template),
    ]


def _value(sheet: Sheet, place: Place) -> object:
    return sheet.value(place[0] + 1, place[1] + 1)


def _moved(sheet: Sheet, template: Template) -> Iterator[CellProblem]:
    """Keys that are not where they were written: found elsewhere, or nowhere."""
    wanted = layout.key_cells(template)
    lost = {key for key, place in wanted.items() if _value(sheet, place) != key}
    if not lost:
        return
    found = _search(sheet, lost)
    shifts: dict[Place, list[str]] = defaultdict(list)
    for key in (each for each in wanted if each in found):
        row, column = found[key]
        shifts[row - wanted[key][0], column - wanted[key][1]].append(key)
    for (down, right), keys in shifts.items():
        names = some([_name(template, key) for key in keys])
        yield problem(sheet.name, cell_name(found[keys[0]]), f"{names} {_by(down, right)}")
    missing = [_name(template, key) for key in wanted if key in lost - found.keys()]
    if missing:
        yield problem(sheet.name, "", f"thiếu {some(missing)}. {layout.AGAIN}")


def _search(sheet: Sheet, keys: set[str]) -> dict[str, Place]:
    return {
        value: (row, column)
        for row, values in enumerate(sheet.rows)
        for column, value in enumerate(values)
        if isinstance(value, str) and value in keys
    }


def _name(template: Template, key: str) -> str:
    """“cột 7”, “dòng 12”."""
    return short(template, template.indicator(key))


def _by(down: int, right: int) -> str:
    """How far something was moved, and what to do."""
    ways = [
        f"{abs(count)} {what} {way}"
        for count, what, way in (
            (right, "cột", "sang phải" if right > 0 else "sang trái"),
            (down, "dòng", "xuống dưới" if down > 0 else "lên trên"),
        )
        if count
    ]
    return f"bị dời {', '.join(ways)}: có cột, dòng được thêm, xoá hoặc dời. {layout.AGAIN}"


def _renamed(sheet: Sheet, template: Template) -> Iterator[CellProblem]:
    for place, wanted in layout.heading_cells(template).items():
        found = words_of(_value(sheet, place))
        if found != " ".join(wanted.split()):
            sentence = f"phải là “{wanted}”, đang là “{found}”. {layout.AGAIN}"
            yield problem(sheet.name, cell_name(place), sentence)


def _merged(sheet: Sheet, template: Template) -> Iterator[CellProblem]:
    """Of merged cells only the first keeps its content: which cell was meant?"""
    first = layout.HEAD + 1 if template.shape == Shape.LINES else layout.data_row(template)
    last = layout.last_row(template)
    for name in sheet.merged:
        left, top, _, bottom = (each or 0 for each in range_boundaries(name))
        if bottom > first and (last is None or top <= last + 1) and left <= _width(template):
            sentence = (
                f"các ô {name} bị gộp nên không rõ số thuộc ô nào. Hãy bỏ gộp rồi ghi từng ô."
            )
            yield problem(sheet.name, name.partition(":")[0], sentence)


def _width(template: Template) -> int:
    """How many columns the form has, the first one included."""
    return layout.last_column(template) + 1


def _outside(sheet: Sheet, template: Template) -> Iterator[CellProblem]:
    """Figures beside or below the form, which nobody would read. Words below it are notes."""
    last, wide = layout.last_row(template), layout.last_column(template)
    titles = _titles(template) if template.shape == Shape.LINES else set()
    places = []
    for row, values in enumerate(sheet.rows[layout.HEAD :], start=layout.HEAD):
        if last is not None and row > last:
            found = [at for at, value in enumerate(values) if _is_number(value)]
        else:
            found = [
                at for at, value in enumerate(values[wide + 1 :], wide + 1) if is_filled(value)
            ]
        # Beside a title of a form of lines nothing is filled in.
        if row in titles and len(values) > layout.VALUE and is_filled(values[layout.VALUE]):
            found.append(layout.VALUE)
        places += [cell_name((row, column)) for column in found]
    if places:
        sentence = (
            f"có nội dung ngoài các ô của biểu ({some(places)}), phần mềm không đọc. Hãy chuyển vào đúng ô, "
            "xoá đi hoặc để ở trang tính riêng."
        )
        yield problem(sheet.name, places[0], sentence)


def _titles(template: Template) -> set[int]:
    """The rows of titles in a form of lines."""
    lines = {row for row, _ in layout.value_cells(template).values()}
    return {row for row, _ in layout.heading_cells(template)} - lines


def _is_number(value: object) -> bool:
    if not isinstance(value, str):
        return value is not None
    try:
        parse(value)
    except NotANumber:
        return False
    return True


def _hidden(sheet: Sheet, template: Template) -> Iterator[CellProblem]:
    """Content of rows and columns that nobody sees."""
    places = layout.value_cells(template)
    columns = {
        key: column
        for key, (_, column) in places.items()
        if any(column + 1 in each for each in sheet.hidden_columns)
    }
    first = layout.data_row(template)
    for key, column in columns.items():
        rows = range(first, len(sheet.rows)) if layout.is_list(template) else [places[key][0]]
        if any(is_filled(_value(sheet, (row, column))) for row in rows):
            sentence = (
                f"cột {get_column_letter(column + 1)} ({_name(template, key)}) bị ẩn nhưng có nội dung. "
                "Hãy bỏ ẩn, kiểm tra rồi nạp lại."
            )
            yield problem(sheet.name, cell_name((places[key][0], column)), sentence)
    hidden = [
        str(row) for row in sorted(sheet.hidden_rows) if _row_is_filled(sheet, template, row - 1)
    ]
    if hidden:
        sentence = (
            f"dòng {some(hidden)} bị ẩn nhưng có nội dung (có thể do đang lọc). Hãy bỏ ẩn, bỏ lọc, kiểm "
            "tra rồi nạp lại."
        )
        yield problem(sheet.name, f"A{hidden[0]}", sentence)


def _row_is_filled(sheet: Sheet, template: Template, row: int) -> bool:
    """Whether a row of the form has content to be read."""
    if layout.is_list(template):
        if row < layout.data_row(template) or row >= len(sheet.rows):
            return False
        cells = range(layout.FIRST_COLUMN, layout.last_column(template) + 1)
        return any(is_filled(_value(sheet, (row, column))) for column in cells)
    cells_of = [place for place in layout.value_cells(template).values() if place[0] == row]
    return any(is_filled(_value(sheet, place)) for place in cells_of)


def is_filled(value: object) -> bool:
    """Whether a cell holds anything but spaces."""
    return bool(value.strip()) if isinstance(value, str) else value is not None
