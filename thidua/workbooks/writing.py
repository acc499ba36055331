"""Workbooks out: one look, fit for A4, and no text that could ever run as a formula (T15)."""

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from thidua.rules.errors import RuleError
from thidua.workbooks.reading import address, clean

Cell: TypeAlias = str | Decimal | int | bool | date | None

TEXT_LIMIT = 32_767
NAME_LIMIT = 31
_A4 = 9
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FACE = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_HEADER = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
_SHADE = "#DCE6F1"
_INPUT_SHADE = "#FFFBE6"
_PIXELS_PER_WIDTH = 7
# Of one letter and one line, as parts of the size of the face; generous, since the reader's machine
# may lack Times New Roman and take a wider and taller face.
_PIXELS_PER_LETTER = 0.66
_POINTS_PER_LINE = 1.4
_TALLEST = 409


class Kind(StrEnum):
    """How the cells of a column look."""

    TEXT = "text"
    LABEL = "label"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, width in characters, and how its cells look."""

    title: str
    width: float = 14
    kind: Kind = Kind.TEXT


class Page(Worksheet):  # type: ignore[misc]
    """A sheet whose rows are as high as their words need, and still grow while people type.

    A program opens a row at the height that the file gives; only a height that is not called the
    person's own ("custom") follows the words later.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[int, list[tuple[int, str, float]]] = defaultdict(list)
        self._grown: set[int] = set()
        self._is_grown = False

    def grow(self) -> None:
        """Give every row that has no height of its own the one its words need."""
        merged = {(row, column) for row, column, _, _ in self.merge}
        for row, texts in self.texts.items():
            if row in self.row_info:
                continue
            needed = max(
                (
                    height_of(lines_of(text, self._letters(column, size)), size)
                    for column, text, size in texts
                    if (row, column) not in merged
                ),
                default=0,
            )
            if needed:
                self.set_row(row, needed)
                self._grown.add(row)

    def _letters(self, column: int, size: float) -> int:
        said = self.col_info.get(column)
        return letters_of(self.default_col_width if said is None else said.width or 0, size)

    def _write_row(
        self, row: int, spans: Any, row_info: Any = None, empty_row: bool = False
    ) -> None:
        """Of a row grown to its words only the height is written, not that somebody set it."""
        self._is_grown = row in self._grown
        super()._write_row(row, spans, row_info, empty_row)

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row" and self._is_grown:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)


def letters_of(pixels: float, size: float) -> int:
    """How many letters of a size fit on a line of so many pixels."""
    return max(1, int((pixels - _PIXELS_PER_WIDTH) / (size * _PIXELS_PER_LETTER)))


def height_of(lines: int, size: float = 12) -> float:
    """The height of a row of so many lines, in points."""
    return min(size * _POINTS_PER_LINE * lines, _TALLEST)


def lines_of(text: str, letters: int) -> int:
    """How many lines a text takes where so many letters fit on one; words stay whole."""
    if not text:
        return 1
    return sum(_lines(each, letters) for each in text.split("\n"))


def _lines(text: str, letters: int) -> int:
    if len(text) <= letters:
        return 1
    lines, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > letters:
            lines, used = lines + 1, 0
        used += len(word) + (used > 0)
        lines, used = lines + (used - 1) // letters, (used - 1) % letters + 1
    return lines


class Book:
    """A workbook being written; `finish` gives its bytes."""

    def __init__(self) -> None:
        self._target = io.BytesIO()
        self.raw = xlsxwriter.Workbook(self._target, dict(_OPTIONS))
        self.raw.set_properties({"comments": "Phần mềm Thi đua lập."})
        self._formats: dict[frozenset[tuple[str, object]], Any] = {}

    def style(self, **properties: object) -> Any:
        """A format in the common face; the same properties give the same format."""
        key = frozenset(properties.items())
        if key not in self._formats:
            self._formats[key] = self.raw.add_format({**_FACE, **properties})
        return self._formats[key]

    def sheet(self, name: str, *, landscape: bool = True) -> Any:
        """A new A4 sheet, one page wide, with the page number at the foot."""
        sheet = self.raw.add_worksheet(sheet_name(name), worksheet_class=Page)
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        # Room for a head of two lines above the table.
        sheet.set_margins(left=0.6, right=0.4, top=0.8, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P/&N")
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Cell, **properties: object) -> None:
        """Write one value at a 0-based row and column; text is always text."""
        size = properties.get("font_size", _FACE["font_size"])
        wrapped = value if properties.get("text_wrap") and isinstance(value, str) else ""
        # A bold letter is about a tenth wider.
        width = float(str(size)) * (1.1 if properties.get("bold") and wrapped else 1)
        sheet.texts[row].append((column, wrapped, width))
        match value:
            case None | "":
                sheet.write_blank(row, column, None, self.style(**properties))
            case bool():
                self._text(sheet, row, column, "Có" if value else "Không", properties)
            case Decimal() | int():
                sheet.write_number(row, column, value, self.style(**properties))
            case datetime():
                # A sheet knows no time zones: what is written is the time as given.
                moment = value.replace(tzinfo=None)
                look = {"num_format": "dd/mm/yyyy hh:mm", **properties}
                sheet.write_datetime(row, column, moment, self.style(**look))
            case date():
                look = {"num_format": "dd/mm/yyyy", **properties}
                sheet.write_datetime(row, column, value, self.style(**look))
            case _:
                self._text(sheet, row, column, value, properties)

    def _text(
        self, sheet: Any, row: int, column: int, value: str, properties: dict[str, object]
    ) -> None:
        text = clean(value)
        if len(text) > TEXT_LIMIT:
            where = address(row + 1, column + 1)
            raise RuleError(f"Nội dung ô {where} dài quá {TEXT_LIMIT} ký tự nên không ghi được.")
        # Quoted, so that a person who edits the cell does not turn it into a formula either.
        if starts_formula(value):
            properties = {**properties, "quote_prefix": True}
        sheet.write_string(row, column, text, self.style(**properties))

    def finish(self) -> bytes:
        """Close the workbook; its bytes."""
        for sheet in self.raw.worksheets():
            sheet.grow()
        self.raw.close()
        return self._target.getvalue()


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula (T15)."""
    return text.lstrip(" ").startswith(_STARTS_FORMULA)


def sheet_name(name: str) -> str:
    """A name a sheet may have: at most 31 characters, none of []:*?/\\, no quote at the ends."""
    kept = "".join(" " if each in "[]:*?/\\" else each for each in clean(name))
    return " ".join(kept.split()).strip("'")[:NAME_LIMIT].strip().strip("'") or "Trang 1"


def header_style() -> dict[str, object]:
    """The look of a heading cell."""
    return {**_HEADER, "bg_color": _SHADE}


def input_style() -> dict[str, object]:
    """The look of a cell that a person fills in on a protected sheet."""
    return {"border": 1, "locked": False, "bg_color": _INPUT_SHADE}


def write_table(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "",
    subtitle: str = "",
    notes: Iterable[str] = (),
    frozen_columns: int = 0,
    landscape: bool = True,
    total_rows: int = 0,
) -> bytes:
    """One table as a workbook: title, headings that repeat on each page, rows, notes below.

    In: the columns and rows of values in their order; `frozen_columns` stay while scrolling; the
    last `total_rows` rows are in bold. Out: the bytes of an .xlsx. Raises RuleError when a text
    is too long for a cell.
    """
    book = Book()
    page = book.sheet(sheet or title, landscape=landscape)
    last = max(len(columns) - 1, 0)
    book.put(page, 0, 0, title, bold=True, font_size=14)
    book.put(page, 1, 0, subtitle, italic=True)
    head = 3
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)
        book.put(page, head, number, column.title, **header_style())
    body = list(rows)
    for offset, row in enumerate(body):
        bold = {"bold": True} if offset >= len(body) - total_rows else {}
        for number, (column, value) in enumerate(zip(columns, row, strict=True)):
            book.put(page, head + 1 + offset, number, value, **_LOOKS[column.kind], **bold)
    end = head + 1 + len(body)
    for offset, note in enumerate(notes, start=1):
        book.put(page, end + offset, 0, note, italic=True)
    page.freeze_panes(head + 1, frozen_columns)
    page.repeat_rows(head)
    if body:
        page.autofilter(head, 0, head + len(body), last)
    return book.finish()


_LOOKS: dict[Kind, dict[str, object]] = {
    Kind.TEXT: {"border": 1, "text_wrap": True},
    Kind.LABEL: {"border": 1, "align": "center"},
    Kind.NUMBER: {"border": 1, "align": "right"},
    Kind.DATE: {"border": 1, "align": "center"},
}
