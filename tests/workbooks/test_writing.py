"""Workbooks written: never a formula from text, fit for paper, readable by another program."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table
from thidua.workbooks.reading import read_sheets
from thidua.workbooks.scale import write_scale
from thidua.workbooks.writing import Book, Column, Kind, sheet_name, write_table

PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    " =1",
    '=HYPERLINK("http://x","y")',
    "{=1}",
    "=cmd|'/c calc'!A0",
    "https://x.example",
    "mailto:a@b",
    "12,5",
    "0012",
]


moment = datetime.fromisoformat


def formulas_and_links(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist())
    return b"<f>" in text or b"<f " in text or b"<hyperlink " in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_T15_text_is_never_a_formula_a_link_or_a_number(payload):
    data = write_table(
        payload, [Column(payload)], [[payload]], sheet=payload, subtitle=payload, notes=[payload]
    )

    page = openpyxl.load_workbook(io.BytesIO(data)).active
    values = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert len(values) == 5
    assert {cell.data_type for cell in values} == {"s"}
    assert all(cell.hyperlink is None for cell in values)
    assert not formulas_and_links(data)


@pytest.mark.parametrize("payload", PAYLOADS[:9])
def test_T15_text_that_begins_like_a_formula_is_quoted(payload):
    data = write_table("Bảng", [Column("Tên")], [[payload]])

    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page["A5"].quotePrefix


def test_T15_points_table_written_has_no_formula():
    nodes = tuple(
        CriterionNode(f"{number}", payload.replace("\x00", "") or "x", Decimal(1), guidance=payload)
        for number, payload in enumerate(PAYLOADS)
    )

    assert not formulas_and_links(write_scale(Table("=1", Decimal(1), nodes, source="=2")))


def test_write_table_reads_back_as_written():
    data = write_table(
        "Xếp hạng năm 2024",
        [
            Column("Đơn vị", 30),
            Column("Điểm", kind=Kind.NUMBER),
            Column("Ngày", kind=Kind.DATE),
            Column("Đạt", kind=Kind.LABEL),
        ],
        [
            ["Thanh tra tỉnh An Giang", Decimal("97.25"), date(2024, 11, 5), True],
            ["Tổng", 1, datetime(2024, 11, 5, 8, 30, tzinfo=UTC), None],
        ],
        sheet="Xếp hạng",
        subtitle="Cụm thi đua",
        notes=["Điểm làm tròn đến 0,01.", "Hết."],
        total_rows=1,
        frozen_columns=1,
    )

    assert read_sheets(data)["Xếp hạng"].rows == (
        ("Xếp hạng năm 2024",),
        ("Cụm thi đua",),
        (),
        ("Đơn vị", "Điểm", "Ngày", "Đạt"),
        ("Thanh tra tỉnh An Giang", 97.25, moment("2024-11-05"), "Có"),
        ("Tổng", 1, moment("2024-11-05T08:30")),
        (),
        ("Điểm làm tròn đến 0,01.",),
        ("Hết.",),
    )
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page.freeze_panes == "B5"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight in {0, "0"}
    assert page.page_setup.orientation == "landscape"
    assert (page["A5"].font.b, page["A6"].font.b) == (False, True)


def test_write_table_without_rows_is_still_a_table():
    data = write_table("Trống", [Column("Tên")], [], landscape=False)

    assert read_sheets(data)["Trống"].rows == (("Trống",), (), (), ("Tên",))


def test_write_table_with_a_row_too_short_is_a_bug_and_loud():
    with pytest.raises(ValueError, match="zip"):
        write_table("T", [Column("A"), Column("B")], [["a"]])


def test_text_too_long_for_a_cell_is_refused_rather_than_dropped():
    book = Book()
    page = book.sheet("A")

    with pytest.raises(RuleError, match="ô B3 dài quá 32767 ký tự"):
        book.put(page, 2, 1, "x" * 32_768)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ma trận: đơn vị / tiêu chí", "Ma trận đơn vị tiêu chí"),
        ("", "Trang 1"),
        ("'''", "Trang 1"),
        ("Đ" * 40, "Đ" * 31),
        ("[x]*?\\", "x"),
    ],
)
def test_sheet_name_is_one_a_sheet_may_have(name, kept):
    assert sheet_name(name) == kept
