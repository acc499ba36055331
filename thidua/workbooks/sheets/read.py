"""A filled self-score form as values; what cannot be read is told by cell and left open."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from thidua.rules.errors import RuleError
from thidua.rules.scoring import (
    Claim,
    Table,
    TableRules,
    Unit,
    fingerprint,
    plain,
    read_fact,
    table_rules,
)
from thidua.rules.scoring.language import NUMERIC, Input, InputKind
from thidua.workbooks.reading import (
    Sheet,
    WorkbookError,
    address,
    clean,
    number_of,
    read_sheets,
    text_of,
)
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
from thidua.workbooks.sheets.asking import Asked, asked_by
from thidua.workbooks.sheets.filled import Filled

T = TypeVar("T")
_UNWANTED = "hãy tạo lại phiếu từ bảng chấm điểm rồi điền lại"


def read_form(data: bytes, table: Table) -> Filled:
    """What a unit filled in, from the bytes of an .xlsx made by `write_form` for this table.

    Cells that cannot be read are in `problems`, all of them. Raises WorkbookError when a sheet or
    a column is missing or the form was made for another table (both fingerprints are named);
    RuleError when the file as a whole cannot be opened or the table's rules cannot be read.
    """
    asked, rules = asked_by(table), table_rules(table)
    wanted = list(_sheets_of(asked))
    sheets = {name.casefold(): each for name, each in read_sheets(data, only=wanted).items()}
    problems: Problems = [
        error_at(name, "", f"thiếu trang tính này; {_UNWANTED}.")
        for name in wanted
        if name.casefold() not in sheets
    ]
    if problems:
        raise WorkbookError(problems)
    reader = _Reader({name: sheets[name.casefold()] for name in wanted}, problems)
    _check_table(reader, table)
    reader.find_columns(asked)
    return _Form(table, rules, asked, reader).read()


def _sheets_of(asked: Asked) -> Iterator[str]:
    yield layout.ABOUT
    for name, is_asked in (
        (layout.FACTS, asked.inputs),
        (layout.TARGETS, asked.targets),
        (layout.TIERS, asked.tiers),
        (layout.UNASSIGNED, asked.assignable),
    ):
        if is_asked:
            yield name
    yield layout.CLAIMS


_COLUMNS: Mapping[str, tuple[Field, ...]] = {
    layout.FACTS: layout.FACT_COLUMNS,
    layout.TARGETS: layout.TARGET_COLUMNS,
    layout.TIERS: layout.TIER_COLUMNS,
    layout.UNASSIGNED: layout.UNASSIGNED_COLUMNS,
    layout.CLAIMS: layout.CLAIM_COLUMNS,
}


@dataclass(frozen=True)
class _Row:
    """One row of a sheet with its raw cells."""

    sheet: Sheet
    number: int
    columns: Mapping[str, int]

    def value(self, name: str) -> object:
        return self.sheet.value(self.number, self.columns[name])

    def cell(self, name: str) -> str:
        return address(self.number, self.columns[name])


class _Reader:
    """The sheets of the form and what is wrong in them."""

    def __init__(self, sheets: Mapping[str, Sheet], problems: Problems) -> None:
        self.sheets = sheets
        self.problems = problems
        self.columns: dict[str, Mapping[str, int]] = {}

    def find_columns(self, asked: Asked) -> None:
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
        raise WorkbookError([error_at(layout.ABOUT, "", f"thiếu dòng “{title}”; {_UNWANTED}.")])

    def rows(
        self, name: str, wanted: Collection[str], known: Collection[str] = ()
    ) -> dict[str, _Row]:
        """The rows by key; a row too many, twice or lost is a problem, and no row is guessed.

        Rows of `known` keys may stand there and are nothing to read.
        """
        sheet, columns = self.sheets.get(name), self.columns.get(name)
        if sheet is None or columns is None:
            return {}
        found: dict[str, _Row] = {}
        twice: set[str] = set()
        for number in range(2, len(sheet.rows) + 1):
            row = _Row(sheet, number, columns)
            key = self._key(row)
            if key is None or key in known:
                continue
            if key not in wanted:
                self.error(row, "key", f"“{key[:60]}” không có trong bảng chấm điểm; {_UNWANTED}.")
            elif key in found or key in twice:
                self.error(row, "key", f"dòng “{key}” bị lặp; chỉ giữ một dòng.")
                twice.add(key)
            else:
                found[key] = row
        for key in wanted:
            if key not in found:
                self.problems.append(error_at(name, "", f"thiếu dòng “{key}”; {_UNWANTED}."))
        return {key: row for key, row in found.items() if key not in twice}

    def _key(self, row: _Row) -> str | None:
        """The key of a row, None for a row in which nothing stands."""
        try:
            key = text_of(row.value("key"))
        except RuleError as error:
            self.error(row, "key", str(error))
            return None
        if not key and any(row.value(name) is not None for name in row.columns):
            self.error(row, "key", f"dòng có dữ liệu nhưng mất mã; {_UNWANTED}.")
        return key or None

    def error(self, row: _Row, name: str, sentence: str) -> None:
        self.problems.append(error_at(row.sheet.name, row.cell(name), sentence))

    def warn(self, row: _Row, name: str, sentence: str) -> None:
        self.problems.append(warning_at(row.sheet.name, row.cell(name), sentence))


def _check_table(reader: _Reader, table: Table) -> None:
    """The form must be of this very table."""
    cell, value = reader.item(layout.FINGERPRINT_ITEM)
    written, own = str(value or "").strip().lower(), fingerprint(table)
    if written != own:
        raise WorkbookError(
            [
                error_at(
                    layout.ABOUT,
                    cell,
                    f"phiếu này lập cho bảng có mã băm “{written[:64] or '(trống)'}”, còn bảng đang"
                    f" dùng để kiểm tra có mã băm “{own}”. Hãy dùng đúng bảng, hoặc tạo lại phiếu từ"
                    " bảng này rồi điền lại.",
                )
            ]
        )


@dataclass
class _Form:
    """Reading in steps; what is left open is gathered on the way."""

    table: Table
    rules: TableRules
    asked: Asked
    reader: _Reader
    unread_facts: set[str] = field(default_factory=set)
    unread_leaves: set[str] = field(default_factory=set)

    def read(self) -> Filled:
        unit, year, total = self._about()
        facts = self._facts()
        terms = Unit(self._targets(), self._unassigned(), self._tiers())
        return Filled(
            facts=facts,
            unit_terms=terms,
            unit=unit,
            year=year,
            total=total,
            **self._claims(),
            unread_facts=frozenset(self.unread_facts),
            unread_leaves=frozenset(self.unread_leaves),
            problems=tuple(self.reader.problems),
        )

    def _about(self) -> tuple[str, int, Decimal | None]:
        return (
            self._item(layout.UNIT_ITEM, text_of) or "",
            self._item(layout.YEAR_ITEM, _year) or 0,
            self._item(layout.TOTAL_ITEM, _positive),
        )

    def _item(self, item: str, reading: Callable[[object], T]) -> T | None:
        cell, value = self.reader.item(item)
        try:
            return reading(value)
        except RuleError as error:
            self.reader.problems.append(error_at(layout.ABOUT, cell, f"{item}: {error}"))
            return None

    def _facts(self) -> dict[str, str]:
        inputs = {each.key: each for each in self.asked.inputs}
        rows = self.reader.rows(layout.FACTS, inputs)
        self.unread_facts |= inputs.keys() - rows.keys()
        facts: dict[str, str] = {}
        for key, row in rows.items():
            try:
                kept = fact_of(inputs[key], row.value("value"), self.rules)
            except RuleError as error:
                self.reader.error(row, "value", str(error))
                self.unread_facts.add(key)
                continue
            if kept:
                facts[key] = kept
            self._look(inputs[key], row, kept)
        return facts

    def _look(self, each: Input, row: _Row, kept: str) -> None:
        """A spreadsheet keeps “98,5%” as 0.985: the number is read as written, and asked about."""
        if each.kind is InputKind.PERCENT and kept and 0 < Decimal(kept) <= 1:
            shown, hundred = (
                plain(n).replace(".", ",") for n in (Decimal(kept), Decimal(kept) * 100)
            )
            self.reader.warn(
                row,
                "value",
                f"{each.label}: đang là {shown}%. Nếu là {hundred}% thì ghi {hundred}.",
            )

    def _targets(self) -> dict[str, Decimal]:
        rows = self.reader.rows(layout.TARGETS, self.asked.targets)
        lost = self.asked.targets.keys() - rows.keys()
        targets: dict[str, Decimal] = {}
        for key, row in rows.items():
            try:
                target = _positive(row.value("value"))
            except RuleError as error:
                label = self.rules.inputs[key].label
                self.reader.error(row, "value", f"Mục tiêu “{label}”: {error}")
                lost.add(key)
                continue
            if target is not None:
                targets[key] = target
        for key in lost:
            self.unread_leaves |= {node.path for node in self.asked.targets[key]}
        return targets

    def _tiers(self) -> dict[str, str]:
        """A size that cannot be read is a size not given: its criteria say so themselves."""
        tiers: dict[str, str] = {}
        for name, row in self.reader.rows(layout.TIERS, self.asked.tiers).items():
            labels = [band.label for band in self.rules.bands.get(name, ())]
            try:
                if tier := _among(labels, row.value("value")):
                    tiers[name] = tier
            except RuleError as error:
                self.reader.error(row, "value", f"{name}: {error}")
        return tiers

    def _unassigned(self) -> frozenset[str]:
        nodes = {node.path: node for node in self.asked.assignable}
        rows = self.reader.rows(layout.UNASSIGNED, nodes)
        lost = nodes.keys() - rows.keys()
        marked = set()
        for path, row in rows.items():
            try:
                if _marked(row.value("value")):
                    marked.add(path)
            except RuleError as error:
                self.reader.error(row, "value", f"Không giao: {error}")
                lost.add(path)
        for path in lost:
            self.unread_leaves |= {node.path for node in nodes[path].walk() if node.is_leaf}
        return frozenset(marked)

    def _claims(self) -> dict[str, Any]:
        leaves = {node.path for node in self.table.leaves()}
        groups = {node.path for node in self.table.walk() if not node.is_leaf}
        rows = self.reader.rows(layout.CLAIMS, _as_written(leaves), _as_written(groups))
        paths = {clean(path).strip(): path for path in leaves}
        self.unread_leaves |= leaves - {paths[key] for key in rows}
        found: dict[str, dict[str, Any]] = {
            name: {} for name in ("claims", "explanations", "evidence", "places")
        }
        for key, row in rows.items():
            path = paths[key]
            found["places"][path] = {name: row.cell(name) for name in _READ_CELLS}
            parts = {name: self._part(path, row, name) for name in layout.PARTS}
            if any(part is not None for part in parts.values()):
                found["claims"][path] = Claim(**parts)
            for name, kept in (("explanation", "explanations"), ("evidence", "evidence")):
                if text := self._text(row, name):
                    found[kept][path] = text
        return found

    def _part(self, path: str, row: _Row, name: str) -> Decimal | None:
        try:
            return number_of(row.value(name))
        except RuleError as error:
            self.reader.error(row, name, f"Tiêu chí {path}, {_TITLES[name].lower()}: {error}")
            self.unread_leaves.add(path)
            return None

    def _text(self, row: _Row, name: str) -> str:
        """An explanation or a piece of evidence; a date alone is text here too."""
        value = row.value(name)
        if isinstance(value, datetime | date):
            return f"{value:%d/%m/%Y}"
        try:
            return text_of(value)
        except RuleError as error:
            self.reader.error(row, name, f"{_TITLES[name]}: {error}")
            return ""


_READ_CELLS = (*layout.PARTS, "explanation", "evidence")
_TITLES = {each.name: each.title for each in layout.CLAIM_COLUMNS}


def _as_written(paths: Collection[str]) -> set[str]:
    """Paths as a cell keeps them."""
    return {clean(path).strip() for path in paths}


def fact_of(each: Input, value: object, rules: TableRules) -> str:
    """Canonical text of one cell for an input, "" when it is blank; RuleError names the input."""
    try:
        text = _typed(each, value)
    except RuleError as error:
        raise RuleError(f"{each.label}: {error}") from error
    return read_fact(each, text, rules.bands)


def _typed(each: Input, value: object) -> str:
    """The cell as a person would have typed it."""
    if isinstance(value, datetime | date):
        if each.kind is not InputKind.DATE:
            raise RuleError("ô đang là ngày giờ; hãy định dạng ô là Văn bản rồi nhập lại.")
        return f"{value:%Y-%m-%d}"
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and each.kind is InputKind.DATE:
        raise RuleError("ô đang là số, không phải ngày; hãy ghi ngày/tháng/năm, ví dụ 31/01/2026.")
    if is_number and (each.kind in NUMERIC or each.kind is InputKind.EVENTS):
        # A number of the sheet is no typed text: 1.234 there is not in doubt.
        return plain(number_of(value) or Decimal(0)).replace(".", ",")
    if isinstance(value, bool) and each.kind is not InputKind.YES_NO:
        raise RuleError("ô phải ghi giá trị, không phải Đúng/Sai.")
    return text_of(value)


def _among(labels: Collection[str], value: object) -> str:
    """The label that a cell names, "" when it is blank."""
    text = text_of(value)
    for label in labels:
        if folded(label) == folded(text):
            return label
    if text:
        raise RuleError(f"“{text[:60]}” không có trong các cỡ: {'; '.join(labels)}.")
    return ""


def _positive(value: object) -> Decimal | None:
    number = number_of(value)
    if number is not None and number < 0:
        raise RuleError("số phải từ 0 trở lên.")
    return number


def _year(value: object) -> int:
    """The year, 0 when the cell is blank."""
    number = number_of(value)
    if number is None:
        return 0
    if number != int(number) or not layout.FIRST_YEAR <= number <= layout.LAST_YEAR:
        raise RuleError(f"hãy ghi năm từ {layout.FIRST_YEAR} đến {layout.LAST_YEAR}.")
    return int(number)


def _marked(value: object) -> bool:
    text = folded(text_of(value))
    if text in {"", "không"}:
        return False
    if text in {folded(layout.MARK), "x"}:
        return True
    raise RuleError(f"“{text[:40]}” không rõ; hãy chọn {layout.MARK} hoặc để trống.")


__all__ = ["fact_of", "read_form"]
