"""A report's workbook in: every cell found by its key, every problem told by sheet and cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.rules.reporting import (
    Amount,
    Edition,
    Indicator,
    Kind,
    Template,
    completed,
    outline,
    read_amount,
    where,
)
from thidua.rules.scoring import Severity
from thidua.workbooks.reading import (
    UNCOMPUTED,
    CellProblem,
    Sheet,
    WorkbookError,
    address,
    read_sheets,
    text_of,
)
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.layout import Identity

Place = tuple[int, int]
_MOVED = "Hãy tải lại biểu từ phần mềm rồi chép số sang, không thêm, xoá hay dời cột, dòng."


@dataclass(frozen=True)
class Sent:
    """What a workbook says: text of every cell by form and key, rows of the lists, its version."""

    version: int
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


def read_report(data: bytes, edition: Edition, identity: Identity) -> Sent:
    """The whole workbook, or WorkbookError with everything that is wrong in it.

    A sum that its formula gives, or that is what its parts give, comes back as blank.
    """
    sheets = {name.casefold(): sheet for name, sheet in read_sheets(data).items()}
    version = _identified(sheets.get(layout.ABOUT.casefold()), identity)
    reader = _Reader(edition)
    for template in edition.templates:
        name = layout.page_name(template)
        sheet = sheets.get(name.casefold())
        if sheet is None:
            reader.say(name, "", f"thiếu trang tính này. {_MOVED}")
        elif layout.is_list(template):
            reader.rows[template.key] = list(reader.listed(sheet, template))
        else:
            reader.form(sheet, template)
    if reader.problems:
        raise WorkbookError(reader.problems)
    return Sent(version, reader.cells, reader.rows)


def _identified(about: Sheet | None, identity: Identity) -> int:
    """The version it was written from; refused for another unit, period or edition."""
    if about is None:
        sentence = "không có trang này nên không phải biểu tải từ phần mềm."
        raise WorkbookError([CellProblem(layout.ABOUT, "", Severity.ERROR, sentence)])
    stated = {_plain(about.value(row, 1)): row for row in range(1, len(about.rows) + 1)}
    problems = []
    for item, wanted in identity.items().items():
        row = stated.get(item, 0)
        found = _plain(about.value(row, 2)) if row else ""
        if found != wanted:
            sentence = f"{item} ghi “{found}”, báo cáo đang mở là “{wanted}”. Hãy dùng đúng biểu."
            cell = address(row, 2) if row else ""
            problems.append(CellProblem(about.name, cell, Severity.ERROR, sentence))
    version = _plain(about.value(stated.get(layout.VERSION_ITEM, 0), 2))
    if not (version.isascii() and version.isdigit() and len(version) < 9):
        sentence = f"thiếu mục “{layout.VERSION_ITEM}”. Hãy tải lại biểu từ phần mềm."
        problems.append(CellProblem(about.name, "", Severity.ERROR, sentence))
    if problems:
        raise WorkbookError(problems)
    return int(version)


def _plain(value: object) -> str:
    try:
        return text_of(value)
    except RuleError:
        return ""


class _Reader:
    """Goes through the sheets and gathers what they say and what is wrong in them."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.problems: list[CellProblem] = []
        self.cells: dict[str, dict[str, str]] = {}
        self.rows: dict[str, list[Mapping[str, str]]] = {}

    def say(self, sheet: str, cell: str, sentence: str) -> None:
        self.problems.append(CellProblem(sheet, cell, Severity.ERROR, sentence))

    def form(self, sheet: Sheet, template: Template) -> None:
        """A form of columns or lines."""
        places = self._places(sheet, template)
        texts: dict[str, str] = {}
        amounts: dict[str, Amount | None] = {}
        for indicator in template.indicators:
            if indicator.key not in places:
                continue
            row, column = places[indicator.key]
            try:
                text = _text(sheet.value(row, column), indicator)
                if indicator.kind == Kind.NUMBER:
                    named = where(template, indicator)
                    amounts[indicator.key] = read_amount(text, where=named, places=indicator.places)
                texts[indicator.key] = text
            except RuleError as problem:
                self.say(sheet.name, address(row, column), str(problem))
        self.cells[template.key] = {**texts, **self._sums(template, amounts)}

    def _sums(self, template: Template, amounts: Mapping[str, Amount | None]) -> dict[str, str]:
        """The sums that are what their parts give, as blank: they follow their parts."""
        sums = {each.key for each in template.numbers if each.is_computed}
        typed = {key: amount for key, amount in amounts.items() if key not in sums}
        whole = completed(self.edition, typed, {template.key})
        return {key: "" for key in sums if key in amounts and amounts[key] == whole.get(key)}

    def _places(self, sheet: Sheet, template: Template) -> dict[str, Place]:
        """The 1-based cell of every indicator, by the keys in the sheet."""
        found = dict(self._keys(sheet, template))
        for indicator in template.indicators:
            if indicator.key not in found:
                self.say(sheet.name, "", f"thiếu {where(template, indicator)}. {_MOVED}")
        return found

    def _keys(self, sheet: Sheet, template: Template) -> Iterator[tuple[str, Place]]:
        seen: set[str] = set()
        for row, values in enumerate(sheet.rows, start=1):
            for column, value in enumerate(values, start=1):
                if not isinstance(value, str) or value not in template:
                    continue
                if value in seen:
                    self.say(sheet.name, address(row, column), f"cột, dòng này bị lặp. {_MOVED}")
                    continue
                seen.add(value)
                self._compare(sheet, template, template.indicator(value), (row, column))
                yield value, _value_place(template, row, column)

    def _compare(self, sheet: Sheet, template: Template, indicator: Indicator, key: Place) -> None:
        """The printed number beside the key is still its own: nothing was moved over it."""
        place, wanted = _code_place(template, indicator, key)
        found = _plain(sheet.value(*place))
        if found != wanted:
            self.say(
                sheet.name,
                address(*place),
                f"phải là “{wanted}” ({indicator.label}), đang là “{found}”. {_MOVED}",
            )

    def listed(self, sheet: Sheet, template: Template) -> Iterator[Mapping[str, str]]:
        """The rows of a list form, blank ones left out."""
        places = self._places(sheet, template)
        if len(places) < len(template.indicators):
            return
        first = min(row for row, _ in places.values())
        count = 0
        for row in range(first, len(sheet.rows) + 1):
            cells = {
                key: text
                for key, (_, column) in places.items()
                if (text := self._word(sheet, row, column))
            }
            if not cells:
                continue
            count += 1
            if count > layout.MOST_ROWS:
                self.say(
                    sheet.name, address(row, 1), f"chỉ nhận không quá {layout.MOST_ROWS} dòng."
                )
                return
            yield cells

    def _word(self, sheet: Sheet, row: int, column: int) -> str:
        try:
            return text_of(sheet.value(row, column))
        except RuleError as problem:
            self.say(sheet.name, address(row, column), str(problem))
            return ""


def _value_place(template: Template, row: int, column: int) -> Place:
    """Where the content stands, from where the key stands."""
    if template.shape == "lines":
        return row, column - (layout.KEY - layout.VALUE)
    return row + 1, column


def _code_place(template: Template, indicator: Indicator, key: Place) -> tuple[Place, str]:
    row, column = key
    if template.shape == "lines":
        text = next(each.text for each in outline(template) if each.indicator == indicator)
        return (row, column - (layout.KEY - layout.LABEL)), text
    return (row - 2, column), layout.code_of(template, indicator)


def _text(value: object, indicator: Indicator) -> str:
    """A cell as a person would type it. RuleError, a reason without the cell, where it is neither."""
    if value is UNCOMPUTED and indicator.is_computed:
        return ""
    if indicator.kind != Kind.NUMBER:
        return text_of(value)
    if isinstance(value, bool):
        raise RuleError("ô phải là số, không phải Đúng/Sai.")
    if isinstance(value, int | float | Decimal):
        return vietnamese(_exact(value), grouped=False)
    return text_of(value)


def _exact(value: float | Decimal) -> Decimal:
    """The number a person typed: a spreadsheet stores 15 significant digits of it. Money and land
    go beyond the bound that points have, so `read_amount` is what refuses."""
    return Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
