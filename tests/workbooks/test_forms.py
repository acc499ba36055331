"""The workbook that describes own forms: out and in again, and every bad cell told by its place."""

import io
from dataclasses import replace

import openpyxl
import pytest

from tests.workbooks.files import workbook
from thidua.rules.errors import RuleError
from thidua.rules.reporting import edition, read_template
from thidua.rules.reporting.own import TypedForm, TypedIndicator, form_data, typed_form
from thidua.workbooks.forms import read_forms, sample_forms, write_forms
from thidua.workbooks.reading import WorkbookError, read_sheets

FORM = TypedForm(
    code="01/GƯ",
    title="Giao ước",
    shape="Theo dòng",
    periods="Quý I, Năm",
    note="=SUM(A1)",
    indicators=(
        TypedIndicator("1", "Kiến nghị > Phải làm", "việc", "Số", "Tổng có tồn", outflow="2"),
        TypedIndicator("2", "Kiến nghị > Đã làm", "việc", "Số", "Phát sinh"),
        TypedIndicator("3", "Tiền", "triệu đồng", "Số", "Phát sinh", "4 + 5", places="2"),
        TypedIndicator("4", "Tiền tỉnh", "triệu đồng", "Số", "Phát sinh", places="2"),
        TypedIndicator("5", "Tiền xã", "triệu đồng", "Số", "Phát sinh", places="2"),
        TypedIndicator("6", "Đã làm xong", "", "Có/Không", required="Không"),
    ),
    logical=("2 <= 1 | Không thể hơn.",),
)
HEAD = ["Mã", "Chỉ tiêu", "Đơn vị tính", "Loại ô", "Cách cộng", "Tổng của"]
ROWS = [
    ["1", "Việc", "việc", "Số", "Phát sinh", ""],
    ["2", "Tiền", "triệu đồng", "Số", "Tồn đầu kỳ"],
]


def sheet(rows=ROWS, *, head=HEAD, about=(("Mã biểu", "01/GƯ"), ("Tên biểu", "Giao ước"))):
    return [*about, [], head, *rows]


def told(data, **given):
    with pytest.raises(WorkbookError) as refused:
        read_forms(data, **given)
    return [(each.sheet, each.cell, each.sentence) for each in refused.value.problems]


def one(*problems):
    assert len(problems) == 1, problems
    return problems[0]


def typed(described):
    return [
        typed_form(read_template(each), each, described.periods[each["key"]])
        for each in described.templates
    ]


def changed(data, **cells):
    """The workbook with some cells of its first sheet changed in a spreadsheet program."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_forms_come_back_as_they_went_out():
    data, _, _ = form_data(FORM)
    written = typed_form(read_template(data), data, ("q1", "year"))
    cross = {"logical": ("01/GƯ:2 <= 01/TTr:6 | vì",)}

    read = read_forms(
        write_forms([written], cross), sector=edition("TT06-2025").templates, before=[written]
    )

    assert read.templates == (data,)
    assert typed(read) == [written]
    assert read.cross == {"logical": [{"rule": "rieng-01-gu:2 <= ttr1:6", "note": "vì"}]}


def test_the_sample_is_a_form_that_can_be_taken_over():
    assert [each["code"] for each in read_forms(sample_forms()).templates] == ["01/GƯ"]


def test_T15_nothing_written_runs_as_a_formula():
    evil = replace(
        FORM, title="=cmd|' /C calc'!A0", indicators=(replace(FORM.indicators[1], code="+1"),)
    )

    book = openpyxl.load_workbook(io.BytesIO(write_forms([replace(evil, logical=())], {})))

    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=cmd") for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_columns_may_stand_in_any_order():
    head = ["Cách cộng", "Chỉ tiêu", "Mã", "Loại ô", "Đơn vị tính"]
    rows = [["Phát sinh", "Việc", 1, "Số", "việc"], ["Tồn cuối kỳ", "Nợ", 2.1, "Số", "việc"]]

    read = read_forms(workbook({"Một": sheet(rows, head=head)}))

    assert [(e["code"], e["behaviour"]) for e in read.templates[0]["indicators"]] == [
        ("1", "F"),
        ("2.1", "E"),
    ]


@pytest.mark.parametrize(
    ("head", "cell", "sentence"),
    [
        (["Mã", "Chỉ tiêu", "Đơn vị", "Loại ô", "Cách cộng"], "C4", "không rõ cột “Đơn vị”"),
        ([*HEAD, "Mã"], "G4", "cột “Mã” bị lặp"),
    ],
)
def test_a_renamed_or_repeated_column_is_told(head, cell, sentence):
    problems = told(workbook({"Một": sheet(head=head)}))

    assert ("Một", cell) == problems[0][:2]
    assert sentence in problems[0][2]


def test_a_missing_column_is_told():
    problem = one(*told(workbook({"Một": sheet(head=HEAD[:4])})))

    assert problem == (
        "Một",
        "",
        "thiếu cột “Cách cộng”; hãy giữ nguyên dòng tiêu đề của tệp mẫu.",
    )


def test_every_wrong_cell_is_told_at_once():
    rows = [
        ["1", "Việc", "việc", "Số", "Phát sinh", "2 + 9"],
        ["1", "", "", "Sổ", "Phát"],
    ]
    about = (("Mã biểu", "01 GƯ"), ("Loại biểu", "tròn"), ("Các kỳ", "Quý V"))

    cells = {each[1] for each in told(workbook({"Một": sheet(rows, about=about)}))}

    # Title is missing: there is no cell to name.
    assert cells == {"B1", "B2", "B3", "", "A6", "A7", "B7", "D7", "E7"}


def test_a_sum_of_what_is_not_there_is_told_at_its_cell():
    rows = [["1", "Việc", "việc", "Số", "Phát sinh", "2 + 9"], ROWS[1]]

    problem = one(*told(workbook({"Một": sheet(rows)})))

    assert problem[:2] == ("Một", "F5")
    assert "không có cột “9”" in problem[2]


def test_a_circle_of_sums_is_told_at_both_cells():
    rows = [
        ["1", "Việc", "việc", "Số", "Phát sinh", "2"],
        ["2", "Khác", "việc", "Số", "Phát sinh", "1"],
    ]

    problems = told(workbook({"Một": sheet(rows)}))

    assert [each[1] for each in problems] == ["F5", "F6"]
    assert "được tính từ chính nó" in problems[0][2]


def test_formulas_dates_and_cells_beside_the_table_are_told():
    written = write_forms([FORM], {})

    data = changed(written, C9="=1+1", A10=__import__("datetime").date(2026, 1, 2), M9="lạc")
    problems = {each[1]: each[2] for each in told(data)}

    assert "công thức" in problems["C9"]
    assert "ngày giờ" in problems["A10"]
    assert "ngoài các cột" in problems["M9"]


def test_merged_cells_leave_blanks_that_are_told():
    book = openpyxl.load_workbook(io.BytesIO(write_forms([replace(FORM, logical=())], {})))
    book.worksheets[0].merge_cells("C9:C10")
    target = io.BytesIO()
    book.save(target)

    problem = one(*told(target.getvalue()))

    assert problem == (
        "01 GƯ",
        "C10",
        "Chưa ghi đơn vị tính, ví dụ vụ việc, triệu đồng, %.",
    )


def test_checks_are_told_on_their_own_sheet():
    checks = [
        ["Biểu", "Mức", "Quy tắc", "Ghi chú"],
        ["01/GƯ", "Lỗi", "1 <= 77"],
        ["09/GƯ", "Lỗi", "1 <= 2"],
        ["01/GƯ", "Nặng", "1 <= 2"],
    ]

    problems = told(workbook({"Một": sheet(), "Kiểm tra": checks}))

    assert [each[:2] for each in problems] == [
        ("Kiểm tra", "B4"),
        ("Kiểm tra", "A3"),
        ("Kiểm tra", "C2"),
    ]


def test_checks_across_forms_are_told_on_their_own_sheet():
    checks = [
        ["Biểu", "Mức", "Quy tắc"],
        ["", "Lỗi", "01/GƯ:1 <= 01/TTr:6"],
        ["", "So với kỳ trước", "01/GƯ:1 = 01/GƯ:2"],
        ["", "Cảnh báo", "01/GƯ:5 <= 01/TTr:6"],
    ]

    problems = told(
        workbook({"Một": sheet(), "Kiểm tra": checks}), sector=edition("TT06-2025").templates
    )

    assert [each[:2] for each in problems] == [("Kiểm tra", "B3"), ("Kiểm tra", "C4")]


def test_keys_stay_with_their_forms_and_headings():
    data, _, _ = form_data(FORM)
    before = typed_form(read_template(data), data, ())
    rows = [
        ["1", "Kiến nghị > Đã làm", "việc", "Số", "Phát sinh"],
        ["9", "Mới", "việc", "Số", "Phát sinh"],
    ]

    read = read_forms(workbook({"Một": sheet(rows)}), before=[before])

    assert [each["key"] for each in read.templates[0]["indicators"]] == [
        "rieng-01-gu-kien-nghi-da-lam",
        "rieng-01-gu-moi",
    ]


@pytest.mark.parametrize("key", ["ttr1", "giao-uoc"])
def test_a_key_that_is_not_of_own_forms_is_told(key):
    about = (("Mã biểu", "01/GƯ"), ("Tên biểu", "x"), ("Khoá biểu", key))

    problem = told(workbook({"Một": sheet(about=about)}))[0]

    assert problem[:2] == ("Một", "B3")
    assert "bắt đầu bằng “rieng-”" in problem[2]


def test_two_sheets_for_one_form_are_told():
    problems = told(
        workbook({"Một": sheet(), "Hai": sheet()}),
        before=[replace(FORM, key="rieng-01-gu")],
    )

    assert "đã dùng cho trang khác" in problems[0][2]


def test_a_sheet_without_a_table_and_a_file_without_forms_are_told():
    assert "không có bảng chỉ tiêu" in told(workbook({"Linh tinh": [["a"]]}))[0][2]
    assert told(workbook({"Hướng dẫn": [["a"]]})) == [
        ("", "", "Tệp không có trang tính nào mô tả biểu.")
    ]


def test_R13_thousands_of_rows_are_refused_at_once():
    rows = [[str(number), "Việc", "việc", "Số", "Phát sinh"] for number in range(2000)]

    problem = one(*told(workbook({"Một": sheet(rows)})))

    assert problem[:2] == ("Một", "A305")
    assert "không quá 300 chỉ tiêu" in problem[2]


def test_a_file_that_is_no_workbook_is_refused():
    with pytest.raises(RuleError):
        read_forms(b"PK\x03\x04 not")


def test_the_guide_goes_along():
    assert "Hướng dẫn" in read_sheets(sample_forms())


def test_a_sheet_of_checks_may_be_empty_and_may_not_be_endless():
    checks = [["Biểu", "Mức", "Quy tắc"], *[["01/GƯ", "Lỗi", "1 <= 2"]] * 301]

    nothing = read_forms(workbook({"Một": sheet(), "Kiểm tra": []}))
    endless = told(workbook({"Một": sheet(), "Kiểm tra": checks}))
    headless = told(workbook({"Một": sheet(), "Kiểm tra": [["Biểu", "", "Mức"]]}))

    assert nothing.cross == {}
    assert endless == [("Kiểm tra", "A302", "chỉ nhận không quá 300 quy tắc.")]
    assert "thiếu cột “Quy tắc”" in headless[0][2]
