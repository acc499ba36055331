"""Own forms out: a sheet for each form, one for the checks, one that explains."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thidua.rules.reporting.own import (
    BEHAVIOUR_WORDS,
    KIND_WORDS,
    LEVELS,
    SHAPE_WORDS,
    TypedForm,
    TypedIndicator,
)
from thidua.workbooks.forms import layout
from thidua.workbooks.writing import Book, header_style, sheet_name

_CELL: dict[str, Any] = {"border": 1, "text_wrap": True}
_SAMPLE = TypedForm(
    code="01/GƯ",
    title="Kết quả thực hiện giao ước thi đua",
    shape="Theo dòng",
    periods="Mọi kỳ",
    indicators=(
        TypedIndicator(
            "1", "Kiến nghị của cụm > Phải thực hiện", "kiến nghị", "Số", "Tổng có tồn", outflow="2"
        ),
        TypedIndicator("2", "Kiến nghị của cụm > Đã thực hiện", "kiến nghị", "Số", "Phát sinh"),
        TypedIndicator("3", "Sáng kiến được công nhận", "sáng kiến", "Số", "Phát sinh"),
        TypedIndicator("4", "Đã tổ chức hội nghị chuyên đề", kind="Có/Không", required="Không"),
    ),
    logical=("2 <= 1 | Đã thực hiện không thể nhiều hơn phải thực hiện.",),
)


def sample_forms() -> bytes:
    """A workbook with one form to write over."""
    return write_forms([_SAMPLE], {})


def write_forms(forms: Sequence[TypedForm], cross: Mapping[str, Iterable[str]]) -> bytes:
    """The workbook of these forms; `cross`: the checks across them by level, one rule a line."""
    book = Book()
    for form in forms:
        _form(book, form)
    _checks(book, forms, cross)
    _guide(book)
    return book.finish()


def _form(book: Book, form: TypedForm) -> None:
    page = book.sheet(sheet_name(form.code))
    for row, (field, label) in enumerate(layout.ITEMS.items()):
        book.put(page, row, 0, label, bold=True)
        book.put(page, row, 1, getattr(form, field))
    _choices(page, SHAPE_WORDS.values(), list(layout.ITEMS).index("shape"), 1, rows=1)
    for column, (field, title) in enumerate(layout.COLUMNS.items()):
        page.set_column(column, column, layout.WIDTHS.get(field, 14))
        book.put(page, layout.HEAD, column, title, **header_style())
    first = layout.HEAD + 1
    for offset, indicator in enumerate(form.indicators):
        for column, field in enumerate(layout.COLUMNS):
            book.put(page, first + offset, column, getattr(indicator, field), **_CELL)
    rows = len(form.indicators) + layout.SPARE
    places = list(layout.COLUMNS)
    _choices(page, KIND_WORDS.values(), first, places.index("kind"), rows=rows)
    _choices(page, BEHAVIOUR_WORDS.values(), first, places.index("behaviour"), rows=rows)
    _choices(page, ("Có", "Không"), first, places.index("required"), rows=rows)
    page.freeze_panes(first, 2)
    page.repeat_rows(layout.HEAD)


def _choices(page: Any, words: Iterable[str], row: int, column: int, *, rows: int) -> None:
    """A list to choose from; what is not on it may still be written and is told when read."""
    rule = {"validate": "list", "source": list(words), "error_type": "warning"}
    page.data_validation(row, column, row + rows - 1, column, rule)


def _checks(book: Book, forms: Sequence[TypedForm], cross: Mapping[str, Iterable[str]]) -> None:
    page = book.sheet(layout.CHECKS)
    for column, (field, title) in enumerate(layout.CHECK_COLUMNS.items()):
        page.set_column(column, column, layout.CHECK_WIDTHS[field])
        book.put(page, 0, column, title, **header_style())
    rows = [
        (form.code, word, line)
        for form in forms
        for level, word in LEVELS.items()
        for line in getattr(form, level)
    ]
    rows += [("", LEVELS[level], line) for level in LEVELS for line in cross.get(level, ())]
    for number, (code, word, line) in enumerate(rows, start=1):
        rule, _, note = line.partition("|")
        for column, text in enumerate((code, word, rule.strip(), note.strip())):
            book.put(page, number, column, text, **_CELL)
    _choices(page, LEVELS.values(), 1, 1, rows=len(rows) + layout.SPARE)
    page.freeze_panes(1, 0)


def _guide(book: Book) -> None:
    page = book.sheet(layout.GUIDE, landscape=False)
    page.set_column(0, 0, 84)
    for row, line in enumerate(layout.GUIDANCE):
        book.put(
            page, row, 0, line, text_wrap=True, bold=line.isupper() or line.startswith("TRANG")
        )
