"""A filled self-score form as values; what cannot be read is told by cell and left open."""

from collections.abc import Callable, Collection, Iterator
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
    table_rules,
)
from thidua.rules.scoring.language import Input, InputKind
from thidua.workbooks.reading import WorkbookError, clean, number_of, read_sheets, text_of
from thidua.workbooks.scale.read.cells import Problems, error_at
from thidua.workbooks.sheets import layout
from thidua.workbooks.sheets.asking import Asked, asked_by
from thidua.workbooks.sheets.cells import among, fact_of, is_marked, positive, year_of
from thidua.workbooks.sheets.filled import Filled
from thidua.workbooks.sheets.rows import MAKE_AGAIN, Reader, Row

T = TypeVar("T")


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
        error_at(name, "", f"thiếu trang tính này; {MAKE_AGAIN}.")
        for name in wanted
        if name.casefold() not in sheets
    ]
    if problems:
        raise WorkbookError(problems)
    reader = Reader({name: sheets[name.casefold()] for name in wanted}, problems)
    _check_table(reader, table)
    reader.find_columns()
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


def _check_table(reader: Reader, table: Table) -> None:
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
    reader: Reader
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
            self._item(layout.YEAR_ITEM, year_of) or 0,
            self._item(layout.TOTAL_ITEM, positive),
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

    def _look(self, each: Input, row: Row, kept: str) -> None:
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
                target = positive(row.value("value"))
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
                if tier := among(labels, row.value("value")):
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
                if is_marked(row.value("value")):
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

    def _part(self, path: str, row: Row, name: str) -> Decimal | None:
        try:
            return number_of(row.value(name))
        except RuleError as error:
            self.reader.error(row, name, f"Tiêu chí {path}, {_TITLES[name].lower()}: {error}")
            self.unread_leaves.add(path)
            return None

    def _text(self, row: Row, name: str) -> str:
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


__all__ = ["read_form"]
