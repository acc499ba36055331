"""Workbooks in: safely opened, bounded, and every problem told by sheet and cell."""

import io
import re
import time
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from thidua.rules.errors import RuleError
from thidua.rules.scoring import Severity, parse_number, plain
from thidua.rules.scoring.numbers import bounded
from thidua.workbooks.safety import BOUNDS, Bounds, checked_archive

# Control characters, half characters, non-characters: no sheet, or no XML, can hold them.
_UNWRITABLE = dict.fromkeys(
    (
        *(code for code in range(0x20) if chr(code) not in "\n\t"),
        *range(0x7F, 0xA0),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    )
)
SHOWN = 40
_CELLS = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_BLANKS = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?/>')


_DAMAGED = (
    "Tệp bị hỏng, không đọc được. Hãy mở tệp bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx."
)
_SLOW = "Tệp quá phức tạp, đọc quá lâu nên đã dừng. Hãy bỏ bớt dữ liệu rồi gửi lại."
_FORMULA_ERROR = "ô đang báo lỗi công thức; hãy sửa hoặc dán giá trị."
_FORMULA_UNKNOWN = (
    "ô có công thức nhưng tệp không lưu kết quả; hãy mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi"
    " gửi, hoặc ghi thẳng giá trị."
)


class _Uncomputed:
    """A formula that no program has computed: not an empty cell, and no value either."""


UNCOMPUTED = _Uncomputed()


@dataclass(frozen=True)
class CellProblem:
    """One thing wrong, or to look at, in one cell ("" when it is the sheet or the file)."""

    sheet: str
    cell: str
    severity: Severity
    sentence: str

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                f"Trang tính “{self.sheet}”" if self.sheet else "",
                f"ô {self.cell}" if self.cell else "",
            )
            if part
        )
        return f"{where}: {self.sentence}" if where else self.sentence


class WorkbookError(RuleError):
    """A workbook is refused as a whole; `problems` lists every reason by sheet and cell."""

    def __init__(self, problems: Iterable[CellProblem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"… và {len(self.problems) - SHOWN} lỗi khác.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Sheet:
    """The values of one sheet; the first row of `rows` is row 1 of the sheet.

    `hidden_rows` and `hidden_columns` are 1-based, `merged` names ranges as the sheet does.
    """

    name: str
    rows: tuple[tuple[object, ...], ...]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[range, ...] = ()
    merged: tuple[str, ...] = ()

    def value(self, row: int, column: int) -> object:
        """The value at a 1-based row and column, None outside what is filled."""
        if not 1 <= row <= len(self.rows) or not 1 <= column <= len(self.rows[row - 1]):
            return None
        return self.rows[row - 1][column - 1]


def address(row: int, column: int) -> str:
    """The name of a cell from 1-based numbers: (12, 3) is "C12"."""
    return f"{get_column_letter(column)}{row}"


def read_sheets(
    data: bytes, *, only: Collection[str] | None = None, bounds: Bounds = BOUNDS
) -> Mapping[str, Sheet]:
    """The values of a workbook's sheets by name, formulas as their last computed values.

    In: the bytes of an .xlsx; `only` names the sheets wanted (all when None, matched without
    regard to case). Out: the sheets present. Raises RuleError with a sentence when the file is
    not a plain .xlsx, is damaged, or passes the bounds.
    """
    archive = checked_archive(data, bounds)
    deadline = time.monotonic() + bounds.seconds
    wanted = None if only is None else {name.casefold() for name in only}
    # A damaged or hostile file can raise any class out of the reader (R13, T14).
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(archive, wanted, bounds, deadline)
    except RuleError:
        raise
    except Exception as error:
        raise RuleError(_DAMAGED) from error


def _read(
    data: bytes, wanted: set[str] | None, bounds: Bounds, deadline: float
) -> Mapping[str, Sheet]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        if len(book.worksheets) > bounds.sheets:
            raise RuleError(f"Tệp có quá {bounds.sheets} trang tính.")
        cells = 0
        sheets = {}
        for worksheet in book.worksheets:
            name = normalize("NFC", worksheet.title)
            if wanted is not None and name.casefold() not in wanted:
                continue
            sheet = _sheet(worksheet, name, bounds, deadline)
            cells += sum(len(row) for row in sheet.rows)
            if cells > bounds.cells:
                raise RuleError("Tệp có quá nhiều ô dữ liệu.")
            sheets[name] = sheet
        return sheets
    finally:
        book.close()


def _sheet(worksheet: Any, name: str, bounds: Bounds, deadline: float) -> Sheet:
    with worksheet._get_source() as source:
        content = _without_blanks(source.read())
    book = worksheet.parent
    parser = _Parser(
        io.BytesIO(content),
        worksheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )
    rows = tuple(_rows(parser, worksheet.title, bounds, deadline))
    return Sheet(
        name,
        rows,
        is_hidden=worksheet.sheet_state != "visible",
        hidden_rows=frozenset(
            int(number) for number, said in parser.row_dimensions.items() if _hides(said, "ht")
        ),
        hidden_columns=tuple(
            range(int(said["min"]), int(said["max"]) + 1)
            for said in parser.column_dimensions.values()
            if _hides(said, "width")
        ),
        merged=tuple(each.ref for each in getattr(parser.merged_cells, "mergeCell", ())),
    )


def _hides(said: Mapping[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or so small that nobody sees it."""
    return said.get("hidden") in {"1", "true"} or float(said.get(size, 1)) == 0


def _rows(
    parser: "_Parser", title: str, bounds: Bounds, deadline: float
) -> Iterator[tuple[object, ...]]:
    """The filled rows in their places; neither the size a sheet claims nor a gap is believed.

    openpyxl's own `iter_rows` pads to the claimed width and through every gap, so that one cell
    in the last row of a sheet takes ten seconds; its parser below it does not.
    """
    expected = 1
    for count, (number, cells) in enumerate(parser.parse()):
        if count % 64 == 0 and time.monotonic() > deadline:
            raise RuleError(_SLOW)
        values = {
            cell["column"]: cell["value"] for cell in cells if cell["value"] not in {None, ""}
        }
        if not values:
            continue
        if number < expected:
            raise RuleError(_DAMAGED)
        if number > bounds.rows:
            raise RuleError(f"Trang tính “{title}” có quá {bounds.rows} dòng.")
        last = max(values)
        if last > bounds.columns:
            raise RuleError(f"Trang tính “{title}” có quá {bounds.columns} cột.")
        yield from ((),) * (number - expected)
        yield tuple(values.get(column) for column in range(1, last + 1))
        expected = number + 1


class _Parser(WorkSheetParser):
    """Formulas as their last values, as openpyxl gives them, and UNCOMPUTED where there is none."""

    def parse_cell(self, element: Any) -> Any:
        cell = super().parse_cell(element)
        if cell["value"] is not None:
            return cell
        # An empty text is a result too; programs that do not compute write no type beside it.
        is_blank = not element.findtext(VALUE_TAG) and element.get("t") != "str"
        if is_blank and element.find(FORMULA_TAG) is not None:
            cell["value"] = UNCOMPUTED
        return cell


def _without_blanks(sheet: bytes) -> bytes:
    """The sheet without its drawn but empty cells, most of any form; all else stays as it is.

    A cell that does not say where it stands follows the one before it, so that none can go.
    """
    if len(_CELLS.findall(sheet)) != sheet.count(b'<c r="'):
        return sheet
    return _BLANKS.sub(b"", sheet)


def text_of(value: object) -> str:
    """A cell as text: NFC, line ends as "\\n", outer spaces off; a number as it would be typed.

    Raises RuleError (a reason without the cell) for a date, where a code such as 1/2 was meant.
    """
    match value:
        case None:
            return ""
        case bool():
            return "Có" if value else "Không"
        case int():
            return str(value)
        case float() | Decimal():
            return plain(_exact(value))
        case date() | datetime() | clock() | timedelta():
            raise RuleError("ô đang là ngày giờ; hãy định dạng ô là Văn bản rồi nhập lại.")
        case _Uncomputed():
            raise RuleError(_FORMULA_UNKNOWN)
    return clean(str(value)).strip()


def number_of(value: object) -> Decimal | None:
    """A cell as an exact number, None when it is blank; "3,5" and "3.5" typed as text are read.

    Raises RuleError (a reason without the cell) when it is anything else.
    """
    match value:
        case None:
            return None
        case bool():
            raise RuleError("ô phải là số, không phải Đúng/Sai.")
        case int() | float() | Decimal():
            return _exact(value)
        case str():
            text = clean(value).strip()
            if text.startswith("#"):
                raise RuleError(_FORMULA_ERROR)
            return parse_number(text) if text else None
        case _Uncomputed():
            raise RuleError(_FORMULA_UNKNOWN)
    raise RuleError("ô phải là số, không phải ngày giờ.")


def _exact(value: float | Decimal) -> Decimal:
    """The number a person typed: a spreadsheet stores 15 significant digits of it."""
    if isinstance(value, float):
        return bounded(Decimal(format(value, ".15g")))
    return bounded(Decimal(value))


def clean(text: str) -> str:
    """NFC, one kind of line end, and none of the control characters a sheet cannot hold."""
    lines = normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return lines.translate(_UNWRITABLE)
