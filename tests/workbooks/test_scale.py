"""Points tables through workbooks: round trip, every error by cell, every warning."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given

from tests.rules.tables import tables
from tests.workbooks.files import ABOUT, HEADINGS, ROWS, TABLE, row, scale_workbook
from tests.workbooks.ruled import whole_books
from thidua.rules.scoring import CriterionNode, Severity, Table, difference, fingerprint, lint
from thidua.workbooks.reading import WorkbookError
from thidua.workbooks.scale import read_scale, write_scale, write_template
from thidua.workbooks.scale.layout import RULE_SHEETS

HINT = "Hãy nhập một số, ví dụ 12 hoặc 0,25, không kèm đơn vị tính."


def errors(data):
    with pytest.raises(WorkbookError) as refused:
        read_scale(data)
    assert all(problem.severity is Severity.ERROR for problem in refused.value.problems)
    return [(each.sheet, each.cell, each.sentence) for each in refused.value.problems]


def warnings_of(data):
    return [(each.sheet, each.cell, each.sentence) for each in read_scale(data).warnings]


def test_read_scale_of_a_filled_workbook_gives_the_table():
    found = read_scale(scale_workbook())

    assert found.table == TABLE
    assert found.warnings == ()


@whole_books
@given(tables())
def test_write_scale_then_read_scale_gives_the_same_table(table):
    if any(finding.severity is Severity.ERROR for finding in lint(table)):
        return

    again = read_scale(write_scale(table)).table

    assert difference(table, again) == ()
    assert fingerprint(again) == fingerprint(table)


def test_write_scale_keeps_codes_and_text_that_a_sheet_would_change():
    node = CriterionNode(
        "3.10", "=1+1", Decimal("12.99"), guidance="−0,5 _x0041_\n+1\t@", evidence="0012"
    )
    table = Table("-Bảng", Decimal("12.99"), (node,))

    assert read_scale(write_scale(table)).table == table


def test_template_opens_elsewhere_with_guide_protection_lists_and_frozen_headings():
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    page = book["Tiêu chí"]

    assert book.sheetnames == [
        "Hướng dẫn",
        "Thông tin",
        "Tiêu chí",
        *(layout.name for layout in RULE_SHEETS),
    ]
    for layout in RULE_SHEETS:
        assert [cell.value for cell in book[layout.name][1]] == [
            each.title for each in layout.fields
        ]
    assert [cell.value for cell in page[1]] == HEADINGS
    assert page.protection.sheet
    assert page["A1"].protection.locked
    assert not page["C2"].protection.locked
    assert not page.column_dimensions["C"].protection.locked
    assert page.freeze_panes == "D2"
    assert page.print_title_rows == "$1:$1"
    assert str(page.page_setup.paperSize) == "9"
    assert '"Có,Không"' in {each.formula1 for each in page.data_validations.dataValidation}
    assert book["Thông tin"]["B4"].value == "Có"


def test_template_as_it_is_asks_for_what_is_missing():
    assert errors(write_template()) == [
        ("Thông tin", "B2", "thiếu tên bảng."),
        ("Thông tin", "B3", "thiếu thang điểm."),
        ("Tiêu chí", "", "Bảng chưa có tiêu chí nào."),
    ]


@pytest.mark.parametrize(
    ("kept", "missing"),
    [
        (("Thông tin",), ["Tiêu chí"]),
        (("Tiêu chí",), ["Thông tin"]),
        ((), ["Thông tin", "Tiêu chí"]),
    ],
)
def test_read_scale_with_a_missing_sheet_names_it(kept, missing):
    assert errors(scale_workbook(names=kept)) == [
        (name, "", "thiếu trang tính này; hãy dùng tệp mẫu và giữ nguyên tên trang tính.")
        for name in missing
    ]


def test_read_scale_with_missing_columns_names_each():
    headings = [each for each in HEADINGS if each not in {"Mã", "Điểm chuẩn"}]

    assert errors(scale_workbook(headings=headings)) == [
        ("Tiêu chí", "", "thiếu cột “Mã” ở dòng 1."),
        ("Tiêu chí", "", "thiếu cột “Điểm chuẩn” ở dòng 1."),
    ]


def test_read_scale_reads_decimals_with_either_mark():
    table = read_scale(scale_workbook(*row(1, maximum="3.5"))).table

    assert table.node("C/C1").maximum == Decimal("3.5")


def test_read_scale_with_a_repeated_column_is_refused():
    assert errors(scale_workbook(headings=[*HEADINGS, "Mã"])) == [
        ("Tiêu chí", "V1", "cột “Mã” bị lặp.")
    ]


def test_read_scale_passes_over_headings_without_text():
    found = read_scale(scale_workbook(headings=[*HEADINGS, None, date(2024, 1, 1)]))

    assert (found.table, found.warnings) == (TABLE, ())


def test_read_scale_of_a_criteria_sheet_without_any_row_names_every_required_column():
    found = errors(scale_workbook({}, headings=[]))

    assert [sentence for _, _, sentence in found] == [
        f"thiếu cột “{title}” ở dòng 1."
        for title in (
            "Cấp",
            "Mã",
            "Tên tiêu chí",
            "Điểm chuẩn",
            "Thưởng",
            "Trần thưởng",
            "Trừ",
            "Trần trừ",
        )
    ]


def test_read_scale_without_optional_columns_or_with_others_is_read():
    columns = 8
    rows = [{**each, "bonus_guidance": None} for each in ROWS]
    data = scale_workbook(*rows, headings=[*HEADINGS[:columns], "Người nhập"])

    found = read_scale(data)

    assert [leaf.path for leaf in found.table.leaves()] == ["C/C1", "C/C2"]
    assert [(each.cell, each.sentence) for each in found.warnings] == [
        ("I1", "cột “Người nhập” không có trong mẫu, bị bỏ qua."),
        ("B4", "Tiêu chí C2: có ô điểm thưởng nhưng không ghi cách chấm."),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (row(1, maximum="năm"), [("D3", "Điểm chuẩn: “năm” không phải là số. " + HINT)]),
        (
            row(1, maximum="1.234"),
            [
                (
                    "D3",
                    "Điểm chuẩn: “1.234” là 1234 hay 1,234? Hãy viết 1234 nếu là số nguyên, 1,234"
                    " nếu là số thập phân.",
                )
            ],
        ),
        (
            row(1, maximum=date(2024, 5, 3)),
            [("D3", "Điểm chuẩn: ô phải là số, không phải ngày giờ.")],
        ),
        (row(1, maximum=True), [("D3", "Điểm chuẩn: ô phải là số, không phải Đúng/Sai.")]),
        (
            row(1, maximum="#REF!"),
            [("D3", "Điểm chuẩn: ô đang báo lỗi công thức; hãy sửa hoặc dán giá trị.")],
        ),
        (row(1, maximum=-5), [("D3", "Điểm chuẩn: số phải từ 0 trở lên, đang là -5.")]),
        (
            row(1, maximum=0.1234567),
            [("D3", "Điểm chuẩn: Số có quá nhiều chữ số thập phân; tối đa 6 chữ số.")],
        ),
        (
            row(1, maximum=1e12),
            [("D3", "Điểm chuẩn: Số quá lớn; giá trị phải nhỏ hơn 1 000 000 000.")],
        ),
        (
            row(1, maximum=None),
            [
                (
                    "D3",
                    "Tiêu chí C1: phải có điểm chuẩn, hoặc có điểm thưởng hay điểm trừ để chấm.",
                )
            ],
        ),
        (row(1, code=None), [("B3", "thiếu mã.")]),
        (row(1, title=" "), [("C3", "thiếu tên tiêu chí.")]),
        (row(1, level=None), [("A3", "thiếu cấp.")]),
        (row(1, level="hai"), [("A3", "Cấp: “hai” không phải là số. " + HINT)]),
        (row(1, level=1.5), [("A3", "Cấp: cấp phải là số nguyên từ 1 đến 12.")]),
        (row(1, level=0), [("A3", "Cấp: cấp phải là số nguyên từ 1 đến 12.")]),
        (
            row(0, level=2),
            [("A2", "cấp nhảy bậc: dòng đầu tiên phải là cấp 1, dòng này lại là cấp 2.")],
        ),
        (row(2, level=4), [("A4", "cấp nhảy bậc: cấp 2, dòng này lại là cấp 4.")]),
        (row(2, code="C1"), [("B4", "mã “C1” bị lặp trong cùng nhóm, đã có ở dòng 3.")]),
        (row(2, code="C/2"), [("B4", "mã “C/2” không được chứa dấu “/”.")]),
        (
            row(2, code=date(2024, 2, 1)),
            [("B4", "Mã: ô đang là ngày giờ; hãy định dạng ô là Văn bản rồi nhập lại.")],
        ),
        (
            row(2, has_bonus="0,5"),
            [("E4", "Thưởng: “0,5” không có trong danh sách. Hãy chọn: Có; Không.")],
        ),
        (
            row(2, has_bonus="Không", bonus_guidance=None),
            [("F4", "Tiêu chí C2: có trần điểm thưởng nhưng ô điểm thưởng ghi “Không”.")],
        ),
        (
            row(2, rule="Bí mật"),
            [
                (
                    "J4",
                    "Quy tắc: “bí mật” không có trong danh sách. Hãy chọn: Nhập điểm;"
                    " Đủ điểm chuẩn; Theo trang Quy tắc.",
                )
            ],
        ),
        (row(2, step=0), [("K4", "Bước chấm: số phải lớn hơn 0.")]),
        (
            row(0, has_bonus="Có"),
            [("E2", "Tiêu chí C: nhóm không chấm trực tiếp; hãy ghi ở tiêu chí bên dưới.")],
        ),
        (
            row(2, code="C" * 41),
            [("B4", f"Tiêu chí {'C' * 41}: nội dung dài 41 ký tự, vượt mức 40 ký tự.")],
        ),
    ],
)
def test_read_scale_of_a_bad_cell_names_sheet_cell_and_reason(rows, expected):
    assert errors(scale_workbook(*rows)) == [("Tiêu chí", *each) for each in expected]


def test_read_scale_lists_every_error_at_once():
    rows = [
        {"level": 1, "code": "1", "title": "Phần", "maximum": "x"},
        {"level": 3, "code": None, "title": "Lá", "maximum": -1},
        {"level": 1, "code": "1", "title": None, "maximum": 1},
    ]

    found = errors(scale_workbook(*rows, about={"Tên bảng": "", "Thang điểm": "trăm"}))

    assert [(sheet, cell) for sheet, cell, _ in found] == [
        ("Thông tin", "B2"),
        ("Thông tin", "B3"),
        ("Tiêu chí", "D2"),
        ("Tiêu chí", "B3"),
        ("Tiêu chí", "D3"),
        ("Tiêu chí", "C4"),
        ("Tiêu chí", "A3"),
        ("Tiêu chí", "B4"),
    ]


def test_read_scale_of_an_about_sheet_with_a_missing_or_repeated_item_is_refused():
    assert errors(scale_workbook(about={"Tên bảng": "B"})) == [
        ("Thông tin", "", "thiếu mục “Thang điểm” ở cột A.")
    ]
    assert errors(scale_workbook(about={**ABOUT, " thang  ĐIỂM": 5})) == [
        ("Thông tin", "A4", "mục này đã có ở dòng trên.")
    ]


@pytest.mark.parametrize(
    ("about", "cell", "sentence"),
    [
        ({"Làm tròn đến": 0}, "B4", "Làm tròn đến: số phải lớn hơn 0."),
        (
            {"Cách làm tròn": "tùy ý"},
            "B4",
            "Cách làm tròn: “tùy ý” không có trong danh sách. Hãy chọn: Nửa làm tròn lên;"
            " Nửa làm tròn về số chẵn; Bỏ phần lẻ; Luôn làm tròn lên.",
        ),
        (
            {"Không cho điểm âm": "tùy"},
            "B4",
            "Không cho điểm âm: “tùy” không có trong danh sách. Hãy chọn: Có; Không.",
        ),
    ],
)
def test_read_scale_of_a_bad_setting_names_its_cell(about, cell, sentence):
    assert errors(scale_workbook(about={**ABOUT, **about})) == [("Thông tin", cell, sentence)]


def test_read_scale_imports_official_slips_with_warnings():
    rows = [
        {"level": 1, "code": "5", "title": "Nông thôn mới", "maximum": 7},
        {"level": 2, "code": "5.3", "title": "Báo cáo", "maximum": 3, "has_bonus": "Có"},
        {
            "level": 2,
            "code": "5.5",
            "title": "Xã đạt",
            "maximum": 3,
            "has_bonus": "x",
            "bonus_guidance": "Không có kế hoạch: −0,5",
        },
    ]

    assert warnings_of(scale_workbook(*rows)) == [
        (
            "Thông tin",
            "B3",
            "Điểm chuẩn của các phần cộng lại là 7, khác thang điểm 10.",
        ),
        (
            "Tiêu chí",
            "D2",
            "Tiêu chí 5: điểm chuẩn ghi 7 nhưng các tiêu chí bên dưới cộng lại là 6.",
        ),
        ("Tiêu chí", "B4", "Tiêu chí 5.5: mã nhảy số so với mã đứng trước (5.3)."),
        ("Tiêu chí", "M3", "Tiêu chí 5.3: có ô điểm thưởng nhưng không ghi cách chấm."),
        (
            "Tiêu chí",
            "M4",
            "Tiêu chí 5.5: cách chấm điểm thưởng có mức trừ (số âm); có thể bản gốc in nhầm cột.",
        ),
    ]


def test_read_scale_skips_blank_rows_and_reads_codes_typed_as_numbers():
    rows = [
        {"level": "1", "code": 1, "title": "Phần"},
        {},
        {"level": 2, "code": 1.5, "title": "Lá", "maximum": 10, "step": "0,5"},
    ]

    table = read_scale(scale_workbook(*rows)).table

    assert [(node.path, dict(node.rule)) for node in table.walk()] == [
        ("1", {}),
        ("1/1.5", {"kind": "typed", "step": "0.5"}),
    ]


def test_read_scale_keeps_codes_that_repeat_in_different_groups():
    rows = [
        {"level": 1, "code": "I", "title": "Một"},
        {"level": 2, "code": "1", "title": "Lá", "maximum": 5},
        {"level": 1, "code": "II", "title": "Hai"},
        {"level": 2, "code": "1", "title": "Cành", "maximum": 5},
    ]

    found = read_scale(scale_workbook(*rows))

    assert [leaf.path for leaf in found.table.leaves()] == ["I/1", "II/1"]
    assert found.warnings == ()


def test_workbook_error_shows_the_first_forty_and_counts_the_rest():
    rows = [{"level": 1, "code": str(code), "title": "Lá", "maximum": "x"} for code in range(50)]

    with pytest.raises(WorkbookError) as refused:
        read_scale(scale_workbook(*rows))

    lines = str(refused.value).splitlines()
    assert len(refused.value.problems) == 50
    assert len(lines) == 41
    assert lines[0] == "Trang tính “Tiêu chí”, ô D2: Điểm chuẩn: “x” không phải là số. " + HINT
    assert lines[-1] == "… và 10 lỗi khác."
