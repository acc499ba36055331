"""The sheets of rules: what is typed becomes the rules of the table, every error by its cell."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import assume, given

from tests.workbooks.files import ABOUT, HEADINGS, NAMES, ROWS, row, workbook
from tests.workbooks.ruled import ruled_tables, whole_books
from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Finding, Severity, Table, fingerprint, lint
from thidua.workbooks.reading import WorkbookError
from thidua.workbooks.scale import read_scale, write_scale
from thidua.workbooks.scale.layout import RULE_SHEETS

INPUTS = [
    {"key": "dem", "label": "Số lần", "kind": "Số đếm", "default": 0},
    {"key": "ty_le", "label": "Tỷ lệ", "kind": "Tỷ lệ %"},
    {"key": "co", "label": "Đã làm", "kind": "Có hoặc không", "default": "không"},
    {"key": "ngay", "label": "Ngày gửi", "kind": "Ngày", "default": "31/12/2026"},
    {"key": "muc", "label": "Mức", "kind": "Chọn mức", "options": "Mức"},
    {"key": "lan", "label": "Từng lần", "kind": "Điểm từng lần"},
]
BANDS = [
    {"set": "Mức", "label": "Tốt", "points": 5},
    {"set": "Mức", "label": "Khá; gần tốt", "points": "3,5"},
    {"set": "Tỷ lệ", "low": 0, "high": 50, "share": 0},
    {"set": "Tỷ lệ", "low": 50, "share": 100},
]
LINE = {
    "criterion": "C1",
    "part": "Điểm trừ",
    "kind": "Mỗi trường hợp",
    "input": "dem",
    "points": "0,5",
}
SHEETS = {
    "Số liệu": INPUTS,
    "Bậc": BANDS,
    "Quy tắc": [LINE],
}


def book(*criteria, about=None, **sheets):
    """A workbook with sheets of rules, records by field name."""
    names = {layout.name: [each.name for each in layout.fields] for layout in RULE_SHEETS}
    titles = {layout.name: [each.title for each in layout.fields] for layout in RULE_SHEETS}
    filled = {**SHEETS, **{name.replace("_", " "): rows for name, rows in sheets.items()}}
    return workbook(
        {
            "Thông tin": [["Mục", "Giá trị"], *map(list, {**ABOUT, **(about or {})}.items())],
            "Tiêu chí": [
                HEADINGS,
                *([each.get(name) for name in NAMES] for each in criteria or ROWS),
            ],
            **{
                name: [titles[name], *([each.get(field) for field in names[name]] for each in rows)]
                for name, rows in filled.items()
            },
        }
    )


def errors(data):
    with pytest.raises(WorkbookError) as refused:
        read_scale(data)
    return [(each.sheet, each.cell, each.sentence) for each in refused.value.problems]


def rule_of(data, path):
    return dict(read_scale(data).table.node(path).rule)


@whole_books
@given(ruled_tables())
def test_write_scale_then_read_scale_gives_the_same_rules_and_then_the_same_table(table):
    assume(all(finding.severity is Severity.WARNING for finding in lint(table)))

    once = read_scale(write_scale(table)).table

    assert fingerprint(once) == fingerprint(table)
    assert read_scale(write_scale(once)).table == once


def test_a_row_of_each_part_becomes_the_rule_of_its_criterion():
    data = book(
        *row(2, has_bonus=None, bonus_cap=None, step=None),
        Quy_tắc=[
            {
                "criterion": "C/C2",
                "part": "Điểm chuẩn",
                "kind": "Theo bậc",
                "input": "ty_le",
                "bands": "Tỷ lệ",
            },
            {
                "criterion": "C2",
                "part": "Điểm thưởng",
                "kind": "Lũy tiến",
                "input": "ty_le",
                "threshold": 92,
                "first": 0.1,
                "every": 1,
                "points": 0.1,
                "cap": 0.5,
            },
            {**LINE, "criterion": "C2", "when": "ty_le < 50", "unless": "co", "set": "Chung"},
        ],
        Nhóm_trần=[{"criterion": "C2", "set": "Chung", "cap": 2}],
    )

    node = read_scale(data).table.node("C/C2")

    assert (node.has_bonus, node.has_deduction) == (True, True)
    assert dict(node.rule) == {
        "kind": "bands",
        "input": "ty_le",
        "bands": "Tỷ lệ",
        "bonus": [
            {
                "kind": "progressive",
                "input": "ty_le",
                "points": "0.1",
                "first": "0.1",
                "threshold": "92",
                "every": "1",
                "cap": "0.5",
            }
        ],
        "deduction": [
            {
                "kind": "per_case",
                "input": "dem",
                "points": "0.5",
                "when": "ty_le < 50",
                "unless": "co",
                "set": "Chung",
            }
        ],
        "sets": {"Chung": "2"},
    }


def test_settings_of_the_whole_table_stand_on_the_first_sheet():
    data = book(
        about={
            "Trần tự chấm": "85",
            "Khi không giao": "không tính vào tổng",
            "Khi không tính vào tổng": "Quy đổi về thang điểm",
            "Cơ sở xếp loại": "Tỷ lệ %",
            "Nhiều thành tích": "Cộng tất cả",
            "Cách làm tròn tiêu chí": "Bỏ phần lẻ",
            "Làm tròn tiêu chí đến": "0,5",
        }
    )

    rules = read_scale(data).table.rules

    assert {key: rules[key] for key in rules if key not in {"inputs", "bands"}} == {
        "self_ceiling": "85",
        "na": "excluded",
        "excluded": "rescale",
        "class_basis": "percent",
        "award_policy": "sum",
        "leaf_rounding": {"mode": "ROUND_DOWN", "quantum": "0.5"},
    }


def test_gates_classes_awards_and_ties_are_read_in_their_order():
    data = book(
        Xếp_loại=[
            {"name": "Tốt", "least": 8, "share": 50, "share_level": 1, "places": 2},
            {"name": "Khá", "least": 0, "percent": "12,5"},
        ],
        Điều_kiện_xếp_loại=[
            {"when": "@nop = không"},
            {"when": "dem > 2", "label": "Quá hai lần", "limit": "Khá", "article": "Điều 5"},
        ],
        Điểm_cộng=[{"input": "co", "points": 10, "label": "Cờ"}],
        Khi_bằng_điểm=[{"by": "Điểm tiêu chí cao hơn", "of": "C2"}, {"by": "Ít điểm trừ hơn"}],
    )

    rules = read_scale(data).table.rules

    assert rules["gates"] == [
        {"when": "@nop = không"},
        {"when": "dem > 2", "label": "Quá hai lần", "limit": "Khá", "article": "Điều 5"},
    ]
    assert rules["classes"] == [
        {"name": "Tốt", "least": "8", "share": "50", "share_level": "1", "places": "2"},
        {"name": "Khá", "least": "0", "percent": "12.5"},
    ]
    assert rules["awards"] == [{"input": "co", "points": "10", "label": "Cờ"}]
    assert rules["ties"] == [{"by": "node", "of": "C/C2"}, {"by": "least_deduction"}]


def test_facts_of_cases_are_typed_as_people_write_and_kept_canonical():
    facts = 'dem = 2; ty_le=98,5\nco = Có; ngay = 5/1/2026; muc = "Khá; gần tốt"; lan = 8; 9; 7,5'
    data = book(
        Kiểm_thử=[
            {"name": "Một", "path": "C1", "facts": facts, "target": "3,5", "points": "4,25"},
            {"name": "Hai", "path": "C1", "points": "người quyết định"},
        ]
    )

    found = read_scale(data)

    assert found.case_cells == ("A2", "A3")
    assert found.table.rules["cases"] == [
        {
            "name": "Một",
            "path": "C/C1",
            "facts": {
                "dem": "2",
                "ty_le": "98.5",
                "co": "yes",
                "ngay": "2026-01-05",
                "muc": "Khá; gần tốt",
                "lan": "8;9;7.5",
            },
            "target": "3.5",
            "points": "4.25",
        },
        {"name": "Hai", "path": "C/C1"},
    ]
    assert read_scale(write_scale(found.table)).table == found.table


def test_defaults_of_inputs_are_kept_canonical():
    rules = read_scale(book()).table.rules

    assert {each["key"]: each.get("default") for each in rules["inputs"]} == {
        "dem": "0",
        "ty_le": None,
        "co": "no",
        "ngay": "2026-12-31",
        "muc": None,
        "lan": None,
    }


def test_fields_of_a_criterion_stand_in_its_row():
    data = book(
        row(0, when="co = có", na="Không tính vào tổng", article="Mục I", deduction_cap=3)[0],
        *row(1, rule="Đủ điểm chuẩn", na="Tính đủ điểm", floor=-2, ceiling=6, article="Mục I.1")[
            1:
        ],
    )

    table = read_scale(data).table

    assert table.node("C").deduction_cap == 3
    assert dict(table.node("C").rule) == {
        "kind": "conditional",
        "when": "co = có",
        "na": "excluded",
        "article": "Mục I",
    }
    assert dict(table.node("C/C1").rule) == {
        "kind": "full",
        "floor": "-2",
        "ceiling": "6",
        "na": "full",
        "leaf_article": "Mục I.1",
        "deduction": [{"kind": "per_case", "input": "dem", "points": "0.5"}],
    }


def test_sheets_of_rules_may_be_absent_or_empty():
    without = {name: [] for name in SHEETS}

    assert read_scale(book(**without)).table.rules == {}


@pytest.mark.parametrize(
    ("sheet", "rows", "expected"),
    [
        (
            "Quy tắc",
            [{**LINE, "criterion": "C9"}],
            [("A2", "không có tiêu chí “C9” ở trang “Tiêu chí”.")],
        ),
        (
            "Quy tắc",
            [{**LINE, "criterion": "C"}],
            [("A2", "“C” là nhóm, không chấm trực tiếp; hãy ghi tiêu chí bên dưới.")],
        ),
        ("Quy tắc", [{**LINE, "criterion": None}], [("A2", "thiếu tiêu chí.")]),
        (
            "Quy tắc",
            [{**LINE, "part": "Điểm phạt"}],
            [
                (
                    "B2",
                    "Phần: “điểm phạt” không có trong danh sách. Hãy chọn: Điểm chuẩn;"
                    " Điểm thưởng; Điểm trừ.",
                )
            ],
        ),
        (
            "Quy tắc",
            [{**LINE, "kind": "Đủ điểm chuẩn"}],
            [("C2", "“Đủ điểm chuẩn” chỉ dùng cho điểm chuẩn.")],
        ),
        (
            "Quy tắc",
            [{**LINE, "input": None, "points": None}],
            [
                ("D2", "cách tính “Mỗi trường hợp” phải ghi cột “Số liệu”."),
                ("E2", "cách tính “Mỗi trường hợp” phải ghi cột “Điểm”."),
            ],
        ),
        ("Quy tắc", [{**LINE, "points": -1}], [("E2", "Điểm: số phải từ 0 trở lên, đang là -1.")]),
        ("Quy tắc", [{**LINE, "every": 0}], [("H2", "Mỗi: số phải lớn hơn 0.")]),
        (
            "Quy tắc",
            [{**LINE, "when": "ty_le lớn"}],
            [
                (
                    "P2",
                    "Điều kiện: điều kiện “ty_le lớn” không đọc được. Viết như: ty_le >= 95; viết “;”"
                    " giữa các điều kiện phải cùng đạt.",
                )
            ],
        ),
        (
            "Quy tắc",
            [{**LINE, "due": date(2026, 1, 31)}],
            [("N2", "Hạn: ô đang là ngày giờ; hãy định dạng ô là Văn bản rồi nhập lại.")],
        ),
        (
            "Quy tắc",
            [{**LINE, "set": "Chung"}],
            [("S2", "nhóm trần “Chung” chưa ghi mức trần ở trang “Nhóm trần”.")],
        ),
        (
            "Quy tắc",
            [{**LINE, "part": "Điểm chuẩn"}, {**LINE, "part": "Điểm chuẩn", "points": 2}],
            [("B3", "điểm chuẩn của tiêu chí này đã có quy tắc ở dòng 2.")],
        ),
        (
            "Nhóm trần",
            [{"criterion": "C1", "set": "A", "cap": 1}, {"criterion": "C1", "set": "A", "cap": 2}],
            [("B3", "nhóm trần “A” của tiêu chí này bị lặp.")],
        ),
        (
            "Số liệu",
            [*INPUTS, INPUTS[0]],
            [("A8", "mã số liệu “dem” bị lặp, đã có ở dòng 2.")],
        ),
        (
            "Số liệu",
            [{**INPUTS[0], "key": "1a"}, *INPUTS[1:], INPUTS[0]],
            [
                (
                    "A2",
                    "mã số liệu “1a” không dùng được: bắt đầu bằng chữ, chỉ gồm chữ, số, dấu “_” và “.”.",
                )
            ],
        ),
        (
            "Số liệu",
            [*INPUTS, {"key": "ct", "label": "CT", "kind": "Công thức", "formula": "dem +"}],
            [("E8", "Công thức: công thức “dem +” chưa viết hết.")],
        ),
        (
            "Số liệu",
            [
                *INPUTS,
                {"key": "ct", "label": "CT", "kind": "Công thức", "formula": "dem", "default": 1},
            ],
            [("F8", "công thức không có giá trị khi để trống; hãy xóa ô này.")],
        ),
        (
            "Số liệu",
            [{**INPUTS[0], "default": "ba"}, *INPUTS[1:]],
            [
                (
                    "F2",
                    "Số lần: “ba” không phải là số. Hãy nhập một số, ví dụ 12 hoặc 0,25, không kèm đơn"
                    " vị tính.",
                )
            ],
        ),
        (
            "Bậc",
            [*BANDS, {"set": "Tỷ lệ 2", "low": 5, "high": 4, "points": 1}],
            [("B6", "mốc từ phải nhỏ hơn mốc đến.")],
        ),
        (
            "Bậc",
            [*BANDS, {"set": "Tỷ lệ 2", "low": 5, "points": 1, "share": 1}],
            [("B6", "bậc chỉ ghi điểm hoặc tỷ lệ điểm, không ghi cả hai.")],
        ),
        ("Bậc", [*BANDS, {"low": 5, "points": 1}], [("A6", "thiếu bộ bậc.")]),
        ("Điều kiện xếp loại", [{"label": "Không nộp"}], [("A2", "thiếu khi.")]),
        (
            "Xếp loại",
            [{"name": "Tốt", "least": 8, "places": "1,5"}],
            [("E2", "Số suất: phải là số nguyên từ 0 trở lên.")],
        ),
        ("Điểm cộng", [{"input": "co"}], [("B2", "thiếu điểm cộng.")]),
        (
            "Khi bằng điểm",
            [{"by": "Điểm tiêu chí cao hơn"}],
            [
                (
                    "B2",
                    "quy tắc khi bằng điểm “Điểm tiêu chí cao hơn” phải ghi tiêu chí hoặc số liệu.",
                )
            ],
        ),
        (
            "Khi bằng điểm",
            [{"by": "Điểm tiêu chí cao hơn", "of": "C9"}],
            [("B2", "không có tiêu chí “C9” ở trang “Tiêu chí”.")],
        ),
        (
            "Kiểm thử",
            [{"name": "Một", "path": "C1", "facts": "khong_co = 1", "points": 1}],
            [("C2", "không có số liệu “khong_co” ở trang “Số liệu”.")],
        ),
        (
            "Kiểm thử",
            [{"name": "Một", "path": "C1", "facts": "dem = 1; dem = 2", "points": 1}],
            [("C2", "số liệu “dem” ghi hai lần.")],
        ),
        (
            "Kiểm thử",
            [{"name": "Một", "path": "C1", "facts": "3", "points": 1}],
            [("C2", "“3” không đọc được. Viết như: khoa = 3; ty_le = 98,5.")],
        ),
        (
            "Kiểm thử",
            [{"name": "Một", "path": "C1", "facts": 'muc = "Tốt', "points": 1}],
            [("C2", 'dấu ngoặc kép " mở ra mà không đóng lại.')],
        ),
        (
            "Kiểm thử",
            [{"name": "Một", "path": "C1", "facts": "dem = -1", "points": 1}],
            [("C2", "Số lần: số phải từ 0 trở lên.")],
        ),
        ("Kiểm thử", [{"name": "Một", "path": "C1"}], [("I2", "thiếu kết quả.")]),
    ],
)
def test_a_bad_row_names_sheet_cell_and_reason(sheet, rows, expected):
    assert errors(book(**{sheet: rows})) == [(sheet, *each) for each in expected]


@pytest.mark.parametrize(
    ("changes", "cell", "sentence"),
    [
        (
            {"has_deduction": "Không"},
            "G3",
            "ghi “Không” nhưng trang “Quy tắc” có dòng cho phần này; hãy chọn Có.",
        ),
        (
            {"when": "co = có"},
            "U3",
            "điều kiện áp dụng chỉ ghi ở nhóm; với tiêu chí, hãy ghi ở cột “Điều kiện” của trang “Quy tắc”.",
        ),
        (
            {"rule": "Theo trang Quy tắc"},
            "J3",
            "trang “Quy tắc” chưa có dòng điểm chuẩn của tiêu chí này.",
        ),
    ],
)
def test_a_criterion_that_contradicts_the_sheet_of_rules_is_refused(changes, cell, sentence):
    assert errors(book(*row(1, **changes))) == [("Tiêu chí", cell, sentence)]


def test_a_rule_written_twice_for_the_standard_points_is_refused():
    line = {"criterion": "C1", "part": "Điểm chuẩn", "kind": "Đạt hoặc không", "input": "co"}

    found = errors(book(*row(1, rule="Nhập điểm", step=1), Quy_tắc=[line]))

    sentence = "trang “Quy tắc” đã có dòng điểm chuẩn của tiêu chí này; hãy để trống."
    assert found == [("Tiêu chí", "J3", sentence), ("Tiêu chí", "K3", sentence)]


def test_a_group_takes_no_rule_of_its_own():
    found = errors(book(*row(0, rule="Nhập điểm", floor=1)))

    sentence = "nhóm không chấm trực tiếp; hãy ghi ở tiêu chí bên dưới."
    assert found == [("Tiêu chí", "J2", sentence), ("Tiêu chí", "S2", sentence)]


def test_a_code_in_two_groups_must_be_written_as_a_path():
    criteria = [
        {"level": 1, "code": "I", "title": "Một"},
        {"level": 2, "code": "1", "title": "Lá", "maximum": 5},
        {"level": 1, "code": "II", "title": "Hai"},
        {"level": 2, "code": "1", "title": "Cành", "maximum": 5},
    ]

    assert errors(book(*criteria, Quy_tắc=[{**LINE, "criterion": "1"}])) == [
        ("Quy tắc", "A2", "mã “1” có ở nhiều nhóm; hãy ghi một trong: I/1; II/1.")
    ]
    table = read_scale(book(*criteria, Quy_tắc=[{**LINE, "criterion": "II/1"}])).table
    assert [len(leaf.rule.get("deduction", ())) for leaf in table.leaves()] == [0, 1]


def test_a_missing_column_of_a_sheet_of_rules_is_named():
    data = workbook(
        {
            "Thông tin": [["Mục", "Giá trị"], *map(list, ABOUT.items())],
            "Tiêu chí": [HEADINGS, *([each.get(name) for name in NAMES] for each in ROWS)],
            "Quy tắc": [["Tiêu chí", "Phần"], ["C1", "Điểm trừ"]],
        }
    )

    assert errors(data) == [("Quy tắc", "", "thiếu cột “Cách tính” ở dòng 1.")]


def test_rows_that_look_like_trials_and_twins_are_warned_about():
    criteria = [
        {"level": 1, "code": "XXX", "title": "Một", "maximum": 4},
        {"level": 1, "code": "2", "title": "test 1", "maximum": 2},
        {"level": 1, "code": "aaa", "title": "Thử nghiệm mô hình", "maximum": 2},
        {"level": 1, "code": "4", "title": "Nhóm", "maximum": 1},
        {"level": 2, "code": "2", "title": "Test  1", "maximum": 1},
        {"level": 1, "code": "5", "title": "xxx", "maximum": 1},
    ]

    found = read_scale(book(*criteria, Quy_tắc=[]))

    trial = "dòng này giống dòng nhập thử (“{}”); hãy xóa nếu không dùng."
    assert [(each.cell, each.sentence) for each in found.warnings if each.cell[0] in "BC"] == [
        ("C3", trial.format("test 1")),
        ("B4", trial.format("aaa")),
        ("C6", trial.format("Test  1")),
        ("B6", "mã “2” và tên tiêu chí trùng với dòng “2”; hãy xem có nhập hai lần không."),
        ("C7", trial.format("xxx")),
    ]


@pytest.mark.parametrize(
    "rules",
    [
        {"secret": "x"},
        {"inputs": [{"key": "a", "label": "A", "kind": "count", "colour": "red"}]},
        {"bands": {"Trống": []}},
    ],
)
def test_write_scale_of_a_rule_without_a_place_is_refused_rather_than_lost(rules):
    table = Table("B", Decimal(5), (CriterionNode("1", "T", Decimal(5)),), rules=rules)

    with pytest.raises(RuleError, match=r"chưa có chỗ ghi|không ghi được"):
        write_scale(table)


def test_write_scale_of_a_group_with_an_unknown_rule_is_refused_rather_than_lost():
    leaf = CriterionNode("1", "Tỷ lệ", Decimal(5))
    group = CriterionNode("1", "Nhóm", rule={"kind": "cap"}, children=(leaf,))

    for node in (group, replace(leaf, rule={"kind": "typed", "colour": "red"})):
        with pytest.raises(RuleError, match="chưa có chỗ ghi"):
            write_scale(Table("B", Decimal(5), (node,)))


@pytest.mark.parametrize(
    ("path", "field", "place"),
    [
        ("", "scale", ("Thông tin", "B3")),
        ("", "nodes", ("Tiêu chí", "")),
        ("", "inputs", ("Số liệu", "")),
        ("", "inputs.ngay", ("Số liệu", "A5")),
        ("", "bands.Tỷ lệ", ("Bậc", "A4")),
        ("", "bands[1]", ("Bậc", "A3")),
        ("", "cases.0", ("Kiểm thử", "A2")),
        ("C/C1", "maximum", ("Tiêu chí", "D3")),
        ("C/C1", "rule", ("Tiêu chí", "J3")),
        ("C/C1", "deduction", ("Quy tắc", "C2")),
        ("C/C1", "deduction.1", ("Quy tắc", "C3")),
        ("C/C1", "deduction.1.input", ("Quy tắc", "D3")),
        ("C/C1", "deduction.7", ("Tiêu chí", "B3")),
        ("C/C1", "sets", ("Nhóm trần", "")),
        ("C/C2", "rule", ("Quy tắc", "C4")),
        ("C/C2", "base.bands", ("Quy tắc", "K4")),
        ("C/C2", "unknown", ("Tiêu chí", "B4")),
    ],
)
def test_a_finding_about_the_table_stands_where_it_was_typed(monkeypatch, path, field, place):
    finding = Finding(path, field, Severity.WARNING, "xem lại.")
    monkeypatch.setattr("thidua.workbooks.scale.read.lint", lambda _: (finding,))
    base = {"criterion": "C2", "part": "Điểm chuẩn", "kind": "Theo bậc", "input": "ty_le"}
    data = book(
        Quy_tắc=[LINE, {**LINE, "set": "Chung"}, {**base, "bands": "Tỷ lệ"}],
        Nhóm_trần=[{"criterion": "C1", "set": "Chung", "cap": 2}],
        Kiểm_thử=[{"name": "Một", "path": "C1", "points": 5}],
    )

    (found,) = read_scale(data).warnings

    assert (found.sheet, found.cell) == place


def test_errors_that_follow_from_an_unread_rule_are_no_news(monkeypatch):
    findings = (
        Finding("C/C1", "deduction.0", Severity.ERROR, "số liệu “dem” chưa khai báo."),
        Finding("C/C2", "code", Severity.ERROR, "mã dài quá."),
        Finding("", "scale", Severity.WARNING, "xem lại."),
    )
    monkeypatch.setattr("thidua.workbooks.scale.read.lint", lambda _: findings)

    assert errors(book(Số_liệu=[{**INPUTS[0], "kind": "Chữ"}])) == [
        (
            "Số liệu",
            "C2",
            "Loại: “chữ” không có trong danh sách. Hãy chọn: Số liệu; Tỷ lệ %; Số đếm; Ngày;"
            " Có hoặc không; Chọn mức; Điểm từng lần; Công thức.",
        ),
        ("Tiêu chí", "B4", "mã dài quá."),
    ]


def test_write_scale_of_damaged_rules_is_refused_with_a_sentence():
    leaf = CriterionNode("1", "T", Decimal(5), rule={"kind": "full", "floor": "ba"})

    for table in (
        Table("B", Decimal(5), (leaf,)),
        Table("B", Decimal(5), (replace(leaf, rule={}),), rules={"inputs": [{"key": "a"}]}),
    ):
        with pytest.raises(RuleError, match=r"phải là một số|chưa có tên"):
            write_scale(table)


def test_T14_a_cell_of_quotation_marks_is_refused_at_once():
    case = {"name": "Một", "path": "C1", "facts": "muc = " + '"' * 20_001, "points": 1}

    assert errors(book(Kiểm_thử=[case])) == [
        ("Kiểm thử", "C2", 'dấu ngoặc kép " mở ra mà không đóng lại.')
    ]


def test_T15_no_text_of_a_rule_becomes_a_formula():
    payload = "=HYPERLINK(1)"
    leaf = CriterionNode(
        "1",
        payload,
        Decimal(5),
        has_deduction=True,
        rule={
            "kind": "full",
            "leaf_article": payload,
            "deduction": [
                {
                    "kind": "per_case",
                    "input": "a",
                    "points": "1",
                    "text": payload,
                    "article": payload,
                    "set": payload,
                }
            ],
            "sets": {payload: "1"},
        },
    )
    rules = {
        "inputs": [{"key": "a", "label": payload, "kind": "count", "measure": payload}],
        "bands": {payload: [{"label": payload, "points": "1"}]},
        "gates": [{"when": "a > 1", "label": payload}],
        "classes": [{"name": payload, "least": "0"}],
        "awards": [{"input": "a", "points": "1", "label": payload}],
        "cases": [{"name": payload, "path": "1", "facts": {"a": "1"}, "points": "4"}],
    }

    book = openpyxl.load_workbook(
        io.BytesIO(write_scale(Table("B", Decimal(5), (leaf,), rules=rules)))
    )

    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert sum(cell.value == payload for cell in cells) == 14
    assert {cell.data_type for cell in cells if cell.value == payload} == {"s"}
