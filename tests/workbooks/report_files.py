"""Workbooks of reports for tests: our own, then changed as a person or another program would."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from thidua.rules.reporting import Amount, Filled, edition
from thidua.workbooks.reading import WorkbookError, address
from thidua.workbooks.reports import Identity, layout, read_report, write_report

# Half of the forms are enough to see everything, and quick.
FORMS = ("ttr1", "xld2", "pctn1", "pctn2", "pctn3")
WHOLE = replace(
    edition("TT06-2025"),
    templates=tuple(edition("TT06-2025").template(key) for key in FORMS),
    checks=(),
)
MINE = Identity("Thanh tra tỉnh Bình", "Quý I 2026", "TT06-2025", 1, "Cụm số 1")
SHEETS = {layout.page_name(each): each for each in WHOLE.templates}


def amount(text: str) -> Amount:
    return Amount(Decimal(text))


def written(values=None, texts=None, lists=None, identity=MINE) -> bytes:
    return write_report(WHOLE, Filled(values or {}, lists or {}), texts or {}, identity)


def changed(data: bytes, act) -> bytes:
    """The workbook as another program would save it after `act`."""
    book = load_workbook(io.BytesIO(data))
    act(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def edited(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The workbook with the raw XML of one part changed; all other parts as they are."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return target.getvalue()


def part_of(data: bytes, sheet: str) -> str:
    """The part of the archive that holds a sheet: they are written in their order."""
    number = load_workbook(io.BytesIO(data), read_only=True).sheetnames.index(sheet) + 1
    return f"xl/worksheets/sheet{number}.xml"


def with_formula(data: bytes, sheet: str, cell: str, formula: str, result: str, kind="") -> bytes:
    """A formula with its last result, as a spreadsheet saves it."""
    mark = f' t="{kind}"' if kind else ""

    def change(xml: str) -> str:
        found, count = re.subn(
            rf'<c r="{cell}"( s="\d+")?( t="\w+")?(/>|>.*?</c>)',
            rf'<c r="{cell}"\1{mark}><f>{formula}</f><v>{result}</v></c>',
            xml,
            count=1,
        )
        assert count == 1
        return found

    return edited(data, part_of(data, sheet), change)


def place(sheet: str, key: str) -> str:
    """The cell of an indicator."""
    row, column = layout.value_cells(SHEETS[sheet])[key]
    return address(row + 1, column + 1)


def put(data: bytes, sheet: str, **cells: object) -> bytes:
    def act(book):
        for name, value in cells.items():
            book[sheet][name] = value

    return changed(data, act)


def problems_of(data: bytes, identity=MINE) -> list[tuple[str, str, str]]:
    with pytest.raises(WorkbookError) as refused:
        read_report(data, WHOLE, identity)
    return [(each.sheet, each.cell, each.sentence) for each in refused.value.problems]


def read(data: bytes):
    return read_report(data, WHOLE, MINE)
