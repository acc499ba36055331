"""Hostile and damaged workbooks are refused with a sentence; nothing else ever comes out."""

import io
import random
import re
import time
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbooks.files import TABLE, repacked, scale_workbook, workbook
from thidua.rules.errors import RuleError
from thidua.workbooks.reading import Sheet, address, clean, number_of, read_sheets, text_of
from thidua.workbooks.safety import Bounds, checked_archive
from thidua.workbooks.scale import read_scale, write_scale

GOOD = scale_workbook()
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b" " * 30_000_000


def replace(old, new):
    def change(content):
        assert old in content
        return content.replace(old, new)

    return change


def prefix(text):
    return lambda content: content.replace(b"?>", b"?>" + text, 1)


def with_locked_flag(data):
    """The flag of an encrypted part, set in the first local and central header."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def many_parts():
    return repacked(GOOD, added={f"xl/media/{number}.png": b"" for number in range(400)})


HOSTILE = {
    "empty": (b"", "Tệp rỗng"),
    "text": (b"a,b,c\n1,2,3\n", "không phải là bảng tính"),
    "pdf": (b"%PDF-1.7\n", "không phải là bảng tính"),
    "old xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls cũ"),
    "locked xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "đặt mật khẩu",
    ),
    "locked zip": (with_locked_flag(GOOD), "đặt mật khẩu"),
    "cut short": (GOOD[: len(GOOD) // 2], "bị hỏng"),
    "other zip": (repacked(GOOD, {"xl/workbook.xml": lambda _: None}), "không phải là bảng tính"),
    "xlsm": (
        repacked(
            GOOD,
            {
                "[Content_Types].xml": replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            },
        ),
        ".xlsm",
    ),
    "macro": (repacked(GOOD, added={"xl/vbaProject.bin": b"x"}), "macro"),
    "activex": (repacked(GOOD, added={"xl/activeX/activeX1.bin": b"x"}), "ActiveX"),
    "embedded": (repacked(GOOD, added={"xl/embeddings/a.docx": b"x"}), "đối tượng nhúng"),
    "external link": (
        repacked(GOOD, added={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "liên kết tới tệp khác",
    ),
    "external link relation": (
        repacked(
            GOOD,
            {
                "xl/_rels/workbook.xml.rels": replace(
                    b"/relationships/theme", b"/relationships/externalLink"
                )
            },
        ),
        "liên kết tới tệp khác",
    ),
    "connection": (repacked(GOOD, added={"xl/connections.xml": b"<a/>"}), "kết nối dữ liệu"),
    "doctype": (
        repacked(GOOD, {SHEET: prefix(b'<!DOCTYPE a [<!ENTITY b "bbbb">]>')}),
        "khai báo XML",
    ),
    "doctype in utf-16": (
        repacked(GOOD, {SHEET: lambda content: content.decode().encode("utf-16")}),
        "bảng mã lạ",
    ),
    "doctype far down": (
        repacked(GOOD, {SHEET: prefix(b" " * 500_000 + b"<!DOCTYPE a>")}),
        "khai báo XML",
    ),
    "doctype in ebcdic": (
        repacked(
            GOOD,
            {
                SHEET: lambda content: (
                    b'<?xml version="1.0" encoding="cp037"?>'
                    + content.split(b"?>", 1)[1].decode().encode("cp037")
                )
            },
        ),
        "bảng mã lạ",
    ),
    "instruction": (repacked(GOOD, {SHEET: prefix(b"<?x </row> ?>")}), "khai báo XML"),
    "million cells in a row": (
        repacked(
            GOOD,
            {
                SHEET: replace(
                    b"</sheetData>", b"<row>" + b"<c/>" * 1_000_000 + b"</row></sheetData>"
                )
            },
            added={"xl/media/a.png": random.Random(2).randbytes(300_000)},
        ),
        "quá nhiều ô",
    ),
    "million attributes": (
        repacked(
            GOOD,
            {
                SHEET: replace(
                    b"<sheetData>",
                    b"<sheetData " + b" ".join(b'a%d=""' % each for each in range(200_000)) + b">",
                )
            },
        ),
        "quá nhiều ô",
    ),
    "million texts": (
        repacked(
            GOOD,
            {"xl/sharedStrings.xml": replace(b"</sst>", b"<si/>" * 300_000 + b"</sst>")},
            added={"xl/media/a.png": random.Random(2).randbytes(300_000)},
        ),
        "quá nhiều ô",
    ),
    "bomb": (repacked(GOOD, {SHEET: prefix(BOMB)}), "bung ra quá lớn"),
    "huge": (repacked(GOOD, added={"xl/media/a.bin": bytes(41_000_000)}), "bung ra quá lớn"),
    "huge strings": (
        repacked(
            GOOD,
            {
                "xl/sharedStrings.xml": lambda content: (
                    content + random.Random(1).randbytes(3_000_000) + bytes(8_000_000)
                )
            },
        ),
        "quá nhiều ô, chữ",
    ),
    "many parts": (many_parts(), "quá 300 phần"),
    "too large": (GOOD + bytes(10 * 1024 * 1024), "lớn hơn 10 MB"),
    "repeated part": (
        repacked(GOOD, added={SHEET.upper(): b"<worksheet/>"}),
        "có phần bị lặp",
    ),
    "not xml": (repacked(GOOD, {SHEET: lambda _: b"<worksheet><sheetData><row"}), "bị hỏng"),
    "no sheets": (repacked(GOOD, {"xl/workbook.xml": lambda _: b"<x/>"}), "thiếu trang tính"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_T14_hostile_workbook_is_refused_with_its_reason_in_two_seconds(name):
    data, reason = HOSTILE[name]
    start = time.perf_counter()

    with pytest.raises(RuleError, match=reason):
        read_scale(data)

    assert time.perf_counter() - start < 2


def test_T14_part_that_lies_about_its_size_is_refused():
    stored = repacked(GOOD, compression=zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        size = archive.getinfo(SHEET).file_size
    lying = stored.replace(size.to_bytes(4, "little"), (size - 9).to_bytes(4, "little"))
    assert lying != stored

    with pytest.raises(RuleError, match="bị hỏng"):
        read_scale(lying)


def test_T14_sheet_that_lies_about_its_dimension_is_read_as_it_is():
    lying = repacked(
        write_scale(TABLE),
        {
            f"xl/worksheets/sheet{number}.xml": lambda content: re.sub(
                rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', content
            )
            for number in (2, 3)
        },
    )
    start = time.perf_counter()

    assert read_scale(lying).table == TABLE
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "quá 12000 dòng"),
        (b'<row r="99"><c r="XFD99"><v>1</v></c><c r="A99"><v>1</v></c></row>', "quá 256 cột"),
        (b'<row r="99"><c r="IW99"><v>1</v></c></row>', "quá 256 cột"),
        (b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>', "quá 12000 dòng"),
        (b'<row r="-5"><c r="A1"><v>1</v></c></row>', "không đọc được"),
        (b'<row r="1"><c r="A1"><v>1</v></c></row>', "không đọc được"),
        (b'<row r="99" s="9999"><c s="9999"><v>1</v></c></row>', None),
        (b'<row r="99"><c r="A99" t="s"><v>99999</v></c></row>', "không đọc được"),
        (b'<row r="99"><c r="A99"><v>abc</v></c></row>', "không đọc được"),
        (b'<row r="99"><c r="A99" t="d"><v>abc</v></c></row>', "không đọc được"),
    ],
)
def test_T14_cell_at_an_absurd_place_or_of_an_absurd_kind_never_crashes(cell, reason):
    data = repacked(GOOD, {SHEET: replace(b"</sheetData>", cell + b"</sheetData>")})
    start = time.perf_counter()

    if reason is None:
        read_sheets(data)
    else:
        with pytest.raises(RuleError, match=reason):
            read_sheets(data)

    assert time.perf_counter() - start < 2


def test_T14_attachments_of_office_systems_are_left_out_not_read():
    data = repacked(
        GOOD,
        added={
            "customXml/item1.xml": b"<?mso-contentType?><!DOCTYPE a><a/>",
            "docProps/thumbnail.jpeg": b"\xff\xd8\xff",
            "xl/media/empty.png": b"",
        },
    )

    assert read_scale(data).table == TABLE
    assert b"DOCTYPE" not in checked_archive(data)


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [
        (Bounds(sheets=1), "quá 1 trang tính"),
        (Bounds(rows=2), "quá 2 dòng"),
        (Bounds(columns=3), "quá 3 cột"),
        (Bounds(cells=10), "quá nhiều ô"),
        (Bounds(marks=100), "quá nhiều ô"),
    ],
)
def test_T14_each_bound_is_kept(bounds, reason):
    with pytest.raises(RuleError, match=reason):
        read_sheets(GOOD, bounds=bounds)


def test_T14_reading_stops_when_time_is_up():
    data = workbook({"A": [[1]] * 1000})

    with pytest.raises(RuleError, match="đọc quá lâu"):
        read_sheets(data, bounds=Bounds(seconds=-1))


def test_R13_ten_thousand_bad_rows_are_all_listed():
    rows = [
        {"level": 1, "code": str(number), "title": "Lá", "maximum": "x"} for number in range(10_000)
    ]
    start = time.perf_counter()

    with pytest.raises(RuleError) as refused:
        read_scale(scale_workbook(*rows))

    assert len(refused.value.problems) == 10_000
    assert time.perf_counter() - start < 20


def table_or_sentence(data):
    try:
        return read_scale(data).table
    except RuleError as error:
        return str(error)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_R13_bytes_changed_anywhere_give_a_table_or_a_sentence(data):
    mutated = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 12))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))

    assert table_or_sentence(bytes(mutated))


PARTS = zipfile.ZipFile(io.BytesIO(GOOD)).namelist()
SNIPPETS = st.sampled_from(
    [
        b"",
        b"<",
        b">",
        b'"',
        b"-1",
        b"99999999999999999999",
        b"&amp;",
        b"&x;",
        b"\xff",
        b"</c>",
        b"<row/>",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_R13_markup_changed_inside_any_part_gives_a_table_or_a_sentence(data):
    name = data.draw(st.sampled_from(PARTS))

    def change(content):
        for _ in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(content)))
            length = data.draw(st.integers(0, 20))
            content = content[:start] + data.draw(SNIPPETS) + content[start + length :]
        return content

    assert table_or_sentence(repacked(GOOD, {name: change}))


def test_read_sheets_reads_only_what_is_wanted_without_regard_to_case():
    data = workbook({"Một": [["a", None, 1.5], [], [None, "b"]], "Hai": [["c"]]})

    sheets = read_sheets(data, only=["MỘT"])

    assert sheets == {"Một": Sheet("Một", (("a", None, 1.5), (), (None, "b")))}
    assert sheets["Một"].value(3, 2) == "b"
    assert sheets["Một"].value(2, 1) is None
    assert sheets["Một"].value(9, 9) is None


def test_checked_archive_lets_a_workbook_of_another_program_pass():
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "Tên"
    book.save(target)

    assert checked_archive(target.getvalue()) == target.getvalue()
    assert read_sheets(target.getvalue())["Sheet"].value(1, 1) == "Tên"


def test_address_is_what_a_person_sees():
    assert [address(1, 1), address(12, 3), address(5, 28)] == ["A1", "C12", "AB5"]


def test_number_of_keeps_what_was_typed_exactly():
    assert [number_of(value) for value in (None, "", " ", 3, 0.1, "0,1", Decimal("12.99"))] == [
        None,
        None,
        None,
        Decimal(3),
        Decimal("0.1"),
        Decimal("0.1"),
        Decimal("12.99"),
    ]
    assert number_of(0.1 + 0.2) == Decimal("0.3")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, date(2024, 1, 1), "#N/A", "a"])
def test_number_of_anything_else_is_refused(value):
    with pytest.raises(RuleError):
        number_of(value)


def test_text_of_is_clean_text():
    values = (None, True, False, 3, 3.5, "  Đo\u031b\u0323i\r\nmột\x00\ud800 ")
    assert [text_of(value) for value in values] == ["", "Có", "Không", "3", "3.5", "Đợi\nmột"]
    assert clean("a\rb\x85") == "a\nb"


def test_a_formula_without_a_kept_result_is_no_empty_cell():
    book = openpyxl.Workbook()
    book.active["A1"] = "=4+4"
    file = io.BytesIO()
    book.save(file)

    (sheet,) = read_sheets(file.getvalue()).values()

    for read in (text_of, number_of):
        with pytest.raises(RuleError, match="công thức nhưng tệp không lưu kết quả"):
            read(sheet.value(1, 1))
