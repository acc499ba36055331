"""Bad input of the issue: every kind has its own sentence by sheet and cell, and nothing is taken."""

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from tests.workbooks.report_files import (
    MINE,
    WHOLE,
    changed,
    edited,
    part_of,
    place,
    problems_of,
    put,
    read,
    with_formula,
    written,
)
from thidua.rules.errors import RuleError
from thidua.rules.reporting import Filled, edition
from thidua.workbooks.reading import WorkbookError
from thidua.workbooks.reports import Identity, layout, read_report, write_report

SETTLED = place("01 TTr", "ttr1-ket-luan")
FIRST_ROW = layout.data_row(WHOLE.template("pctn2")) + 1


@pytest.fixture(scope="module")
def data():
    return written()


def only(found: list[tuple[str, str, str]]) -> tuple[str, str, str]:
    ((sheet, cell, sentence),) = found
    return sheet, cell, sentence


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("bảy", "không phải là số"),
        ("12 triệu", "không kèm đơn vị tính"),
        ("1.234", "1234 hay 1,234"),
        (-5, "không được âm"),
        (1.5, "phải là số nguyên"),
        (True, "không phải Đúng/Sai"),
        ("=1+1", "tệp không lưu kết quả"),
        ("-", "0 hay chưa có số liệu"),
        (10**16, "số quá lớn"),
        ("#REF!", "đang báo lỗi công thức “#REF!”"),
    ],
)
def test_a_bad_cell_of_numbers_is_named_by_sheet_and_cell(data, value, said):
    sheet, cell, sentence = only(problems_of(put(data, "01 TTr", **{SETTLED: value})))

    assert (sheet, cell) == ("01 TTr", SETTLED)
    assert said in sentence


def test_a_date_in_a_cell_of_numbers_is_named(data):
    def act(book):
        book["01 TTr"][SETTLED] = 5
        book["01 TTr"][SETTLED].number_format = "dd/mm/yyyy"

    _, cell, sentence = only(problems_of(changed(data, act)))

    assert cell == SETTLED
    assert "ngày giờ" in sentence


def test_every_bad_cell_of_every_form_is_named(data):
    other = place("02 XLD", "xld2-don")

    def act(book):
        book["01 TTr"]["C12"] = 7
        book["01 TTr"][SETTLED] = "x"
        book["02 XLD"][other] = "y"
        book["03 PCTN"][f"E{FIRST_ROW}"] = "chắc là có"

    found = problems_of(changed(data, act))

    assert [(sheet, cell) for sheet, cell, _ in found] == [
        ("01 TTr", "C12"),
        ("01 TTr", SETTLED),
        ("02 XLD", other),
        ("03 PCTN", f"E{FIRST_ROW}"),
    ]
    assert "chỉ ghi x hoặc để trống" in found[3][2]


@pytest.mark.parametrize(
    ("act", "cell", "said"),
    [
        (lambda book: book["01 TTr"].delete_cols(8), "H9", "bị dời 1 cột sang trái"),
        (lambda book: book["01 TTr"].delete_cols(8), "", "thiếu cột 7."),
        (lambda book: book["01 TTr"].insert_cols(4), "E9", "bị dời 1 cột sang phải"),
        (lambda book: book["01 TTr"].insert_rows(8), "B10", "bị dời 1 dòng xuống dưới"),
        (lambda book: book["01 TTr"].move_range("H9", cols=30), "AL9", "cột 7 bị dời 30 cột"),
        (lambda book: book["01 TTr"].__setitem__("G7", "9"), "G7", "phải là “6”, đang là “9”"),
        (lambda book: book["01 TTr"].__setitem__("B5", "Khác"), "B5", "đang là “Khác”"),
        (lambda book: book["01 PCTN"].delete_rows(6), "", "thiếu chỉ tiêu 1."),
        (lambda book: book["01 PCTN"].insert_rows(6), "E7", "bị dời 1 dòng xuống dưới"),
        (lambda book: book["01 PCTN"].__setitem__("B6", "Tên khác"), "B6", "đang là “Tên khác”"),
        (lambda book: book["03 PCTN"].__setitem__("B4", "Số hiệu"), "B4", "đang là “Số hiệu”"),
        (lambda book: book.remove(book["02 XLD"]), "", "thiếu trang tính này"),
        (lambda book: setattr(book["01 TTr"], "title", "Khác"), "", "thiếu trang tính này"),
    ],
)
def test_columns_rows_and_sheets_moved_or_renamed_are_told(data, act, cell, said):
    found = problems_of(changed(data, act))

    assert any(said in sentence and cell == where for _, where, sentence in found), found


def test_a_moved_column_is_one_sentence_not_one_for_each_column(data):
    found = problems_of(changed(data, lambda book: book["01 TTr"].insert_cols(4)))

    assert len(found) == 1
    assert "và 17 chỗ khác" in found[0][2]


def test_rows_of_a_list_may_be_inserted_and_deleted(data):
    def act(book):
        page = book["02 PCTN"]
        page[f"B{FIRST_ROW}"], page[f"B{FIRST_ROW + 1}"] = "Vụ A", "Vụ B"
        page.insert_rows(FIRST_ROW + 1, 3)

    rows = read(changed(data, act)).rows["pctn2"]

    assert [row["pctn2-ten-vu"] for row in rows] == ["Vụ A", "Vụ B"]


@pytest.mark.parametrize(
    ("act", "cell", "said"),
    [
        (lambda page: page.row_dimensions.__getitem__(10), "A10", "dòng 10 bị ẩn"),
        (lambda page: page.column_dimensions.__getitem__("H"), SETTLED, "bị ẩn nhưng có nội dung"),
    ],
)
def test_hidden_rows_and_columns_with_content_are_told(data, act, cell, said):
    column = SETTLED.rstrip("0123456789")

    def hide(book):
        book["01 TTr"][SETTLED] = 5
        what = act(book["01 TTr"])
        if what.index != 10:
            what = book["01 TTr"].column_dimensions[column]
        what.hidden = True

    _, where, sentence = only(problems_of(changed(data, hide)))

    assert where == cell
    assert said in sentence


def test_hidden_rows_and_columns_without_content_are_nobodys_business(data):
    def act(book):
        book["01 TTr"].column_dimensions["H"].hidden = True
        book["02 PCTN"].row_dimensions[FIRST_ROW + 5].hidden = True

    assert read(changed(data, act)) == read(data)


def test_rows_hidden_by_a_filter_are_told(data):
    def act(book):
        book["02 PCTN"][f"B{FIRST_ROW}"] = "Vụ A"
        book["02 PCTN"].row_dimensions[FIRST_ROW].hidden = True

    _, cell, sentence = only(problems_of(changed(data, act)))

    assert cell == f"A{FIRST_ROW}"
    assert "bỏ lọc" in sentence


def test_hidden_sheets_are_told_ours_and_others_with_content(data):
    def act(book):
        book["01 TTr"].sheet_state = "hidden"
        book.create_sheet("Số cũ")["A1"] = 12
        book["Số cũ"].sheet_state = "veryHidden"
        book.create_sheet("Trống").sheet_state = "hidden"

    found = problems_of(changed(data, act))

    assert [sheet for sheet, _, _ in found] == ["01 TTr", "Số cũ"]
    assert all("bị ẩn" in sentence for _, _, sentence in found)


def test_merged_cells_of_figures_are_told(data):
    _, cell, sentence = only(
        problems_of(changed(data, lambda book: book["01 TTr"].merge_cells("C10:D10")))
    )

    assert cell == "C10"
    assert "C10:D10 bị gộp" in sentence


@pytest.mark.parametrize(
    ("sheet", "cells", "first"),
    [
        ("01 TTr", {"C11": 5, "D12": "7"}, "C11"),
        ("01 TTr", {"AZ10": "ghi thêm"}, "AZ10"),
        ("02 PCTN", {"G9": "ghi thêm"}, "G9"),
        ("01 PCTN", {"D5": 12}, "D5"),
    ],
)
def test_content_outside_the_cells_of_a_form_is_told(data, sheet, cells, first):
    _, cell, sentence = only(problems_of(put(data, sheet, **cells)))

    assert cell == first
    assert "ngoài các ô của biểu" in sentence


def test_a_formula_without_result_names_its_cell_and_one_in_error_too(data):
    _, bare, first = only(problems_of(put(data, "02 PCTN", B8="=A1")))
    broken = with_formula(data, "01 TTr", SETTLED, "1/0", "#DIV/0!", kind="e")
    _, wrong, second = only(problems_of(broken))

    assert (bare, wrong) == ("B8", SETTLED)
    assert "tệp không lưu kết quả" in first
    assert "#DIV/0!" in second


def test_a_text_too_long_and_a_date_in_a_list_are_told(data):
    def act(book):
        book["02 PCTN"][f"B{FIRST_ROW}"] = "x" * 2001
        book["02 PCTN"][f"C{FIRST_ROW}"] = 45000
        book["02 PCTN"][f"C{FIRST_ROW}"].number_format = "dd/mm/yyyy"

    found = problems_of(changed(data, act))

    assert [cell for _, cell, _ in found] == [f"B{FIRST_ROW}", f"C{FIRST_ROW}"]
    assert "2001 ký tự" in found[0][2]


def test_rows_beside_nothing_to_list_are_a_contradiction(data):
    _, cell, sentence = only(problems_of(put(data, "02 PCTN", C3="x", B8="Vụ A")))

    assert cell == "C3"
    assert "đánh dấu không có nội dung nào nhưng biểu có 1 dòng" in sentence


@pytest.mark.parametrize(
    ("changes", "cell", "said"),
    [
        ({"unit": "Thanh tra tỉnh An"}, "B1", "biểu của đơn vị “Thanh tra tỉnh Bình”"),
        ({"cluster": "Khối thi đua số 9"}, "B2", "biểu của “Cụm số 1”"),
        ({"period": "Quý II 2026"}, "B3", "kỳ “Quý I 2026”"),
        ({"period": "Quý I 2027"}, "B3", "báo cáo đang mở là “Quý I 2027”"),
        ({"edition": "TT01-2024"}, "B4", "theo bộ “TT06-2025”"),
    ],
)
def test_the_workbook_of_another_unit_cluster_period_year_or_edition_is_refused(
    data, changes, cell, said
):
    sheet, where, sentence = only(problems_of(data, replace(MINE, **changes)))

    assert (sheet, where) == ("Thông tin", cell)
    assert said in sentence


def test_a_workbook_of_an_older_version_of_the_forms_is_refused(data):
    """The same edition by name, with a column more since the workbook was downloaded."""
    first, *rest = WHOLE.templates
    newer = replace(WHOLE, templates=(replace(first, indicators=first.indicators[:-1]), *rest))

    with pytest.raises(WorkbookError) as refused:
        read_report(data, newer, MINE)

    (problem,) = refused.value.problems
    assert (problem.sheet, problem.cell) == ("Thông tin", "B5")
    assert "biểu mẫu đã thay đổi sau khi tải tệp này" in problem.sentence


def test_the_workbook_of_the_edition_before_is_refused():
    old = edition("TT01-2024")
    mine = Identity(MINE.unit, MINE.period, "TT01-2024", 1, MINE.cluster)

    found = problems_of(write_report(old, Filled(), {}, mine))

    assert [cell for _, cell, _ in found] == ["B4", "B5"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"B6": "mới nhất"}, "mục “Lần sửa” bị xoá hoặc bị sửa"),
        ({"A1": "Khác"}, "mục “Đơn vị” bị xoá"),
        ({"B3": None}, "mục “Kỳ báo cáo” bị xoá"),
    ],
)
def test_a_page_of_facts_that_was_changed_is_told(data, cells, said):
    assert said in only(problems_of(put(data, "Thông tin", **cells)))[2]


def test_a_workbook_that_is_not_ours_is_refused(data):
    bare = changed(data, lambda book: book.remove(book["Thông tin"]))

    assert "không phải biểu tải từ phần mềm" in only(problems_of(bare))[2]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 junk", b"<html>", b"a;b\n1;2"])
def test_R13_what_is_no_workbook_is_refused(content):
    with pytest.raises(RuleError):
        read_report(content, WHOLE, MINE)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, old.read(each))
        new.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        (lambda data: with_part(data, "xl/vbaProject.bin", b"x"), "macro"),
        (
            lambda data: with_part(data, "xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
            "liên kết tới tệp khác",
        ),
        (
            lambda data: edited(
                data,
                "[Content_Types].xml",
                lambda xml: xml.replace(
                    "openxmlformats-officedocument.spreadsheetml.sheet.main",
                    "ms-excel.sheet.macroEnabled.main",
                ),
            ),
            ".xlsm",
        ),
        (lambda data: with_part(data, "xl/worksheets/sheet99.xml", b"0" * 60_000_000), "bung ra"),
    ],
)
def test_T14_macros_links_and_bombs_are_refused(data, hostile, said):
    with pytest.raises(RuleError, match=said):
        read(hostile(data))


def junk(rows: int) -> bytes:
    """A list form of so many rows in which every row has a bad tick and a text in error."""
    data = written()

    def change(xml: str) -> str:
        lines = "".join(
            f'<row r="{n}"><c r="B{n}" t="inlineStr"><is><t>=cmd|{n}</t></is></c>'
            f'<c r="C{n}" t="e"><v>#REF!</v></c><c r="E{n}"><v>{n}</v></c></row>'
            for n in range(FIRST_ROW, FIRST_ROW + rows)
        )
        start = xml.index(f'<row r="{FIRST_ROW}"')
        return xml[:start] + lines + xml[xml.index("</sheetData>") :]

    return edited(data, part_of(data, "03 PCTN"), change)


def lying(data: bytes) -> bytes:
    """A sheet that claims to be as large as a sheet can be."""
    return edited(
        data,
        part_of(data, "01 TTr"),
        lambda xml: re.sub('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml),
    )


MEASURED = """
import re, sys, time
import tests.workbooks.report_files as files
from thidua.rules.errors import RuleError
from thidua.workbooks.reading import WorkbookError
data = sys.stdin.buffer.read()
began, said, count = time.process_time(), "taken", 0
try:
    files.read(data)
except WorkbookError as error:
    said, count = "problems", len(error.problems)
except RuleError as error:
    said = "refused"
# Not ru_maxrss: that begins with the memory of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
print(said, count, time.process_time() - began, peak)
"""


def measured(data: bytes) -> tuple[str, int, float, int]:
    """What a process of its own says: outcome, number of problems, seconds, megabytes at most."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=data, capture_output=True, check=True
    )
    said, count, seconds, peak = done.stdout.split()
    return said.decode(), int(count), float(seconds), int(peak)


def test_R13_ten_thousand_bad_rows_are_all_told_within_bounds():
    said, count, seconds, megabytes = measured(junk(10_000))

    assert (said, count) == ("problems", 20_000)
    assert seconds < 60
    assert megabytes < 300


def test_R13_more_rows_than_a_list_takes_are_counted():
    found = problems_of(junk(10_001))

    assert "có 10001 dòng; một danh sách chỉ nhận không quá 10000 dòng" in found[-1][2]


@pytest.mark.parametrize(
    ("name", "said"),
    [("lying", "taken"), ("bomb", "refused"), ("wide", "refused"), ("entities", "refused")],
)
def test_T14_bombs_and_lying_sizes_end_soon_in_little_memory(data, name, said):
    hostile = {
        "lying": lambda: lying(data),
        "bomb": lambda: with_part(data, "xl/worksheets/sheet99.xml", b"0" * 39_000_000),
        "wide": lambda: edited(
            data,
            part_of(data, "01 TTr"),
            lambda xml: xml.replace(
                "</sheetData>", "<row>" + "<c><v>1</v></c>" * 400_000 + "</row></sheetData>"
            ),
        ),
        "entities": lambda: edited(
            data,
            "xl/sharedStrings.xml",
            lambda xml: xml.replace("?>", '?><!DOCTYPE a [<!ENTITY b "cc">]>', 1),
        ),
    }[name]()

    found, _, seconds, megabytes = measured(hostile)

    assert found == said
    assert seconds < 2
    assert megabytes < 200


PAYLOADS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("payload", PAYLOADS)
def test_T15_words_rows_and_names_never_run_as_a_formula(payload):
    mine = Identity(payload, payload, MINE.edition, 1, payload)
    data = written(
        texts={"ttr1-ghi-chu": payload}, lists={"pctn2": [{"pctn2-ten-vu": payload}]}, identity=mine
    )

    book = load_workbook(io.BytesIO(data))

    formulas = {
        (page.title, cell.coordinate): cell.value
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert formulas
    assert all(value.startswith("=IF(COUNT(") for value in formulas.values())
    for sheet, cell in (
        ("01 TTr", place("01 TTr", "ttr1-ghi-chu")),
        ("02 PCTN", place("02 PCTN", "pctn2-ten-vu")),
        ("Thông tin", "B1"),
        ("01 TTr", "A10"),
    ):
        assert book[sheet][cell].data_type == "s"
        assert book[sheet][cell].quotePrefix
