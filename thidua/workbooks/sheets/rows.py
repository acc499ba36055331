"""The rows of a form by their keys, in any order; what is wrong with them by cell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from thidua.rules.errors import RuleError
from thidua.workbooks.reading import Sheet, WorkbookError, address, clean, text_of
from thidua.workbooks.scale.layout import Field
from thidua.workbooks.scale.read.cells import (
    Problems,
    error_at,
    errors_of,
    find_columns,
    folded,
    warning_at,
)
from thidua.workbooks.sheets import layout

MAKE_AGAIN = "hãy tạo lại phiếu từ bảng chấm điểm rồi điền lại"

_COLUMNS: Mapping[str, tuple[Field, ...]] = {
    layout.FACTS: layout.FACT_COLUMNS,
    layout.TARGETS: layout.TARGET_COLUMNS,
    layout.TIERS: layout.TIER_COLUMNS,
    layout.UNASSIGNED: layout.UNASSIGNED_COLUMNS,
    layout.CLAIMS: layout.CLAIM_COLUMNS,
}


@dataclass(frozen=True)
class Row:
    """One row of a sheet with its raw cells."""

    sheet: Sheet
    number: int
    columns: Mapping[str, int]

    def value(self, name: str) -> object:
        return self.sheet.value(self.number, self.columns[name])

    def cell(self, name: str) -> str:
        return address(self.number, self.columns[name])


class Reader:
    """The sheets of the form and what is wrong in them."""

    def __init__(self, sheets: Mapping[str, Sheet], problems: Problems) -> None:
        self.sheets = sheets
        self.problems = problems
        self.columns: dict[str, Mapping[str, int]] = {}

    def find_columns(self) -> None:
        """Where each column stands; WorkbookError when one is missing."""
        for name, sheet in self.sheets.items():
            if name in _COLUMNS:
                self.columns[name] = find_columns(name, sheet, _COLUMNS[name], self.problems)
        if errors_of(self.problems):
            raise WorkbookError(errors_of(self.problems))

    def item(self, title: str) -> tuple[str, object]:
        """Cell and value of an item of “Thông tin”; WorkbookError when its row is gone."""
        sheet = self.sheets[layout.ABOUT]
        for number, row in enumerate(sheet.rows, start=1):
            if row and isinstance(row[0], str) and folded(clean(row[0])) == folded(title):
                return address(number, 2), sheet.value(number, 2)
        raise WorkbookError([error_at(layout.ABOUT, "", f"thiếu dòng “{title}”; {MAKE_AGAIN}.")])

    def rows(
        self, name: str, wanted: Collection[str], known: Collection[str] = ()
    ) -> dict[str, Row]:
        """The rows by key; a row too many, twice or lost is a problem, and no row is guessed.

        Rows of `known` keys may stand there and are nothing to read.
        """
        sheet, columns = self.sheets.get(name), self.columns.get(name)
        if sheet is None or columns is None:
            return {}
        found: dict[str, Row] = {}
        twice: set[str] = set()
        for number in range(2, len(sheet.rows) + 1):
            row = Row(sheet, number, columns)
            key = self._key(row)
            if key is None or key in known:
                continue
            if key not in wanted:
                self.error(row, "key", f"“{key[:60]}” không có trong bảng chấm điểm; {MAKE_AGAIN}.")
            elif key in found or key in twice:
                self.error(row, "key", f"dòng “{key}” bị lặp; chỉ giữ một dòng.")
                twice.add(key)
            else:
                found[key] = row
        for key in wanted:
            if key not in found:
                self.problems.append(error_at(name, "", f"thiếu dòng “{key}”; {MAKE_AGAIN}."))
        return {key: row for key, row in found.items() if key not in twice}

    def _key(self, row: Row) -> str | None:
        """The key of a row, None for a row in which nothing stands."""
        try:
            key = text_of(row.value("key"))
        except RuleError as error:
            self.error(row, "key", str(error))
            return None
        if not key and any(row.value(name) is not None for name in row.columns):
            self.error(row, "key", f"dòng có dữ liệu nhưng mất mã; {MAKE_AGAIN}.")
        return key or None

    def error(self, row: Row, name: str, sentence: str) -> None:
        self.problems.append(error_at(row.sheet.name, row.cell(name), sentence))

    def warn(self, row: Row, name: str, sentence: str) -> None:
        self.problems.append(warning_at(row.sheet.name, row.cell(name), sentence))
