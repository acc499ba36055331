"""The self-score form: what is asked, round trips, and every cell that cannot be read."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.workbooks.ruled import ruled_tables, whole_books
from tests.workbooks.sheet_forms import (
    YEAR,
    cell_of,
    edited,
    filled_for,
    form,
    mixed_table,
)
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, CriterionNode, Table, Unit, fingerprint, table_rules
from thidua.workbooks.reading import WorkbookError
from thidua.workbooks.scale import read_scale, shipped_names, shipped_scale
from thidua.workbooks.sheets import Filled, read_form, write_form
from thidua.workbooks.sheets.cells import fact_of

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.xlsx"))
TABLE = mixed_table(12)
KINDS = {each["kind"]: each["key"] for each in TABLE.rules["inputs"] if "default" not in each}


def given_part(filled):
    """What a person filled in, without where it stood."""
    return replace(filled, places={})


def sentences(filled):
    return [(each.sheet, each.cell, each.sentence) for each in filled.problems]


@pytest.mark.parametrize("name", shipped_names())
def test_write_form_of_a_shipped_table_reads_back_empty(name):
    table = shipped_scale(name)

    read = read_form(write_form(table, unit="Thanh tra tỉnh A", year=YEAR), table)

    assert given_part(read) == Filled(unit="Thanh tra tỉnh A", year=YEAR)
    assert read.places.keys() == {node.path for node in table.leaves()}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_write_form_of_an_example_reads_back_empty(path):
    table = read_scale(path.read_bytes()).table

    assert given_part(read_form(write_form(table), table)) == Filled()


def test_write_form_then_read_form_gives_back_what_was_filled_in():
    filled = replace(
        filled_for(TABLE),
        explanations={"N0/0": "Vì thiên tai.\nCó văn bản."},
        total=Decimal("44.125"),
    )

    assert given_part(read_form(write_form(TABLE, filled=filled), TABLE)) == filled


@whole_books
@given(st.data(), ruled_tables())
def test_write_form_then_read_form_of_any_table_gives_back_what_was_filled_in(data, table):
    points = st.decimals(0, 200, places=3).map(abs)
    leaves = [node.path for node in table.leaves()]
    filled = Filled(
        claims=data.draw(
            st.dictionaries(st.sampled_from(leaves), st.builds(Claim, points, points, points))
        ),
        facts=data.draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "so": st.just("1.234"),
                    "ty_le": st.just("98.5"),
                    "dem": st.just("1234"),
                    "ngay": st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(str),
                    "co": st.sampled_from(["yes", "no"]),
                    "lan": st.just("8;9;7.5"),
                    "muc": st.just(table.rules["bands"]["Mức"][0]["label"]),
                },
            )
        ),
        evidence=data.draw(st.dictionaries(st.sampled_from(leaves), st.just("=1+1"))),
        unit="@Đơn vị",
        year=YEAR,
    )

    assert given_part(read_form(write_form(table, filled=filled), table)) == filled


def test_write_form_asks_for_figures_targets_sizes_and_points():
    book = load_workbook(io.BytesIO(write_form(TABLE)))

    assert book.sheetnames == [
        "Hướng dẫn",
        "Thông tin",
        "Số liệu",
        "Mục tiêu",
        "Cỡ đơn vị",
        "Tự chấm",
        "Danh mục",
    ]
    assert [[cell.value for cell in row[:7]] for row in book["Số liệu"]["A2:G4"]] == [
        ["loi_0", "N0/0", "Lỗi 0", None, "Số nguyên", None, "tính là 0"],
        ["loi_1", "N0/1", "Lỗi 1", None, "Số nguyên", None, "tính là 0"],
        ["so_2", "N0/2", "Số liệu 2", "%", "Có hoặc Không", None, "chưa tính được"],
    ]
    assert [row[0].value for row in book["Mục tiêu"]["A2:A3"]] == ["so_8", "so_9"]
    assert book["Cỡ đơn vị"]["A2"].value == "Cỡ"
    assert [cell.value for cell in book["Tự chấm"][3]][:7] == [
        "N0/0",
        "0",
        "Tiêu chí 0 với tên đủ dài như ngoài đời",
        4,
        "thưởng ≤ 1\ntrừ ≤ 2",
        "Chấm theo số liệu báo cáo năm.Chấm theo số liệu báo cáo năm.\n• Trừ: mỗi “Lỗi 0”: 0,25.",
        "Báo cáo năm",
    ]
    assert book["Danh mục"].sheet_state == "hidden"
    assert [cell.value for cell in book["Danh mục"]["A"]] == ["Tốt, rất tốt", "Khá"]


def test_write_form_does_not_ask_for_what_formulas_compute():
    inputs = [
        {"key": "a", "label": "Đã làm", "kind": "count"},
        {"key": "b", "label": "Được giao", "kind": "count"},
        {"key": "tl", "label": "Tỷ lệ", "kind": "formula", "formula": "a / b * 100"},
    ]
    leaf = CriterionNode("1", "Tiêu chí", Decimal(4), rule={"kind": "linear", "input": "tl"})
    table = Table("Bảng", Decimal(4), (leaf,), rules={"inputs": inputs})

    book = load_workbook(io.BytesIO(write_form(table)))

    assert [row[0].value for row in book["Số liệu"].iter_rows(min_row=2)] == ["a", "b"]
    assert [row[1].value for row in book["Số liệu"].iter_rows(min_row=2)] == ["1", "1"]
    # A target may be set for what is computed.
    assert book["Mục tiêu"]["A2"].value == "tl"


def test_write_form_locks_everything_but_the_cells_to_fill_in():
    book = load_workbook(io.BytesIO(write_form(TABLE)))
    page = book["Tự chấm"]
    row = {cell.value: cell.column_letter for cell in page[1]}

    assert all(each.protection.sheet for each in book)
    assert page.freeze_panes == "D2"
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    for title, is_open in [
        ("Mã", False),
        ("Cách chấm", False),
        ("Điểm chuẩn", True),
        ("Điểm thưởng", False),
        ("Điểm trừ", True),
        ("Thuyết minh", True),
        ("Minh chứng", True),
    ]:
        # The second leaf has no bonus.
        assert page[f"{row[title]}4"].protection.locked is not is_open, title


def test_write_form_lets_the_spreadsheet_refuse_what_is_no_value():
    book = load_workbook(io.BytesIO(write_form(TABLE)))

    kinds = {(each.type, each.formula1) for each in book["Số liệu"].data_validations.dataValidation}
    assert kinds == {
        ("whole", "0"),
        ("decimal", "0"),
        ("date", "18264"),
        ("list", '"Có,Không"'),
        ("list", "'Danh mục'!$A$1:$A$2"),
    }
    assert [each.type for each in book["Tự chấm"].data_validations.dataValidation] == [
        "decimal"
    ] * 3


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_T15_text_in_a_form_never_becomes_a_formula(start):
    leaf = CriterionNode(start, start, Decimal(1), guidance=start, evidence=start)
    table = Table(start, Decimal(1), (leaf,))
    filled = Filled(explanations={start: start}, evidence={start: start})

    data = write_form(table, unit=start, filled=filled)

    book = load_workbook(io.BytesIO(data))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert any(cell.value == start for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)
    read = read_form(data, table)
    assert (read.unit, read.explanations, read.evidence) == (start, {start: start}, {start: start})


def test_read_form_of_another_table_names_both_fingerprints():
    other = mixed_table(11)

    with pytest.raises(WorkbookError) as caught:
        read_form(form(TABLE), other)

    (problem,) = caught.value.problems
    assert (problem.sheet, problem.cell) == ("Thông tin", "B5")
    assert fingerprint(TABLE) in problem.sentence
    assert fingerprint(other) in problem.sentence


def test_read_form_without_its_sheets_names_every_one():
    book = load_workbook(io.BytesIO(form(TABLE)))
    del book["Số liệu"], book["Tự chấm"]
    target = io.BytesIO()
    book.save(target)

    with pytest.raises(WorkbookError) as caught:
        read_form(target.getvalue(), TABLE)

    assert [each.sheet for each in caught.value.problems] == ["Số liệu", "Tự chấm"]


@pytest.mark.parametrize(
    ("cell", "sheet", "sentence"),
    [
        ("A5", "Thông tin", "thiếu dòng “Mã băm của bảng”"),
        ("F1", "Số liệu", "thiếu cột “Giá trị” ở dòng 1."),
        ("H1", "Tự chấm", "thiếu cột “Điểm chuẩn” ở dòng 1."),
    ],
)
def test_read_form_with_a_lost_heading_is_refused(cell, sheet, sentence):
    with pytest.raises(WorkbookError, match=sentence):
        read_form(edited(form(TABLE), (sheet, cell, None)), TABLE)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("figure", 3.5, "3.5"),
        ("figure", "3,5", "3.5"),
        ("figure", "3.5", "3.5"),
        ("figure", 1.234, "1.234"),
        ("figure", "1.234.567,5", "1234567.5"),
        ("percent", "98,5%", "98.5"),
        ("count", 12, "12"),
        ("date", date(2026, 1, 31), "2026-01-31"),
        ("date", "31/1/2026", "2026-01-31"),
        ("yes_no", "CÓ", "yes"),
        ("yes_no", True, "yes"),
        ("yes_no", "không", "no"),
        ("choice", "khá", "Khá"),
        ("events", "8; 9;7,5", "8;9;7.5"),
        ("events", 8.5, "8.5"),
    ],
)
def test_read_form_reads_what_people_type(kind, value, kept):
    key = KINDS[kind]

    read = read_form(form(TABLE, edits=[("Số liệu", key, "Giá trị", value)]), TABLE)

    assert (read.facts, read.problems) == ({key: kept}, ())


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("figure", "1.234", "“1.234” là 1234 hay 1,234?"),
        ("figure", "ba", "“ba” không phải là số."),
        ("figure", "1/2", "“1/2” không phải là số."),
        ("figure", -1, "số phải từ 0 trở lên."),
        ("figure", date(2026, 1, 1), "ô đang là ngày giờ"),
        ("figure", True, "ô phải ghi giá trị, không phải Đúng/Sai."),
        ("figure", "#REF!", "“#REF!” không phải là số."),
        ("figure", 1e12, "Số quá lớn"),
        ("count", 1.5, "số đếm phải là số nguyên"),
        ("date", "31/02/2026", "không phải là ngày có trong lịch"),
        ("yes_no", "chắc là có", "hãy ghi Có hoặc Không"),
        ("choice", "Trung bình", "không có trong các mức: Tốt, rất tốt; Khá."),
        ("events", "8; chín", "“chín” không phải là số."),
    ],
)
def test_read_form_tells_a_figure_that_cannot_be_read_by_its_cell(kind, value, sentence):
    key = KINDS[kind]
    data = form(TABLE, edits=[("Số liệu", key, "Giá trị", value)])

    read = read_form(data, TABLE)

    ((sheet, cell, said),) = sentences(read)
    assert (sheet, cell) == ("Số liệu", cell_of(data, "Số liệu", key, "Giá trị"))
    assert said.startswith(f"Số liệu {key.removeprefix('so_')}: ")
    assert sentence in said
    assert (read.facts, read.unread_facts, read.is_readable) == ({}, {key}, False)


def test_read_form_takes_no_bare_number_for_a_date():
    each = table_rules(TABLE).inputs[KINDS["date"]]

    with pytest.raises(RuleError, match="ô đang là số, không phải ngày"):
        fact_of(each, 46053, table_rules(TABLE))


def test_read_form_tells_every_cell_that_cannot_be_read():
    data = form(
        TABLE,
        edits=[
            ("Số liệu", "loi_0", "Giá trị", "hai"),
            ("Số liệu", KINDS["date"], "Giá trị", "hôm qua"),
            ("Mục tiêu", "so_8", "Mục tiêu", -5),
            ("Cỡ đơn vị", "Cỡ", "Cỡ của đơn vị", "Vừa"),
            ("Tự chấm", "N0/0", "Điểm chuẩn", "ba"),
            ("Tự chấm", "N0/0", "Điểm trừ", "1.234"),
        ],
    )

    read = read_form(edited(data, ("Thông tin", "B3", "hai nghìn")), TABLE)

    assert [(sheet, cell) for sheet, cell, _ in sentences(read)] == [
        ("Thông tin", "B3"),
        ("Số liệu", "F2"),
        ("Số liệu", cell_of(data, "Số liệu", KINDS["date"], "Giá trị")),
        ("Mục tiêu", "D2"),
        ("Cỡ đơn vị", "B2"),
        ("Tự chấm", "H3"),
        ("Tự chấm", "J3"),
    ]
    assert read.unread_facts == {"loi_0", KINDS["date"]}
    assert read.unread_leaves == {"N0/0", "N0/8"}


def test_read_form_asks_about_a_share_kept_as_a_fraction():
    key = KINDS["percent"]

    read = read_form(form(TABLE, edits=[("Số liệu", key, "Giá trị", 0.985)]), TABLE)

    assert read.facts == {key: "0.985"}
    assert read.is_readable
    assert read.problems[0].sentence.endswith("đang là 0,985%. Nếu là 98,5% thì ghi 98,5.")


def test_read_form_does_not_choose_between_two_rows_of_one_criterion():
    data = edited(
        form(TABLE, edits=[("Tự chấm", "N0/0", "Điểm chuẩn", 3)]), ("Tự chấm", "A4", "N0/0")
    )

    read = read_form(data, TABLE)

    assert [(cell, said.split(";")[0]) for _, cell, said in sentences(read)] == [
        ("A4", "dòng “N0/0” bị lặp"),
        ("", "thiếu dòng “N0/1”"),
    ]
    assert read.claims == {}
    assert read.unread_leaves == {"N0/0", "N0/1"}


def test_read_form_tells_rows_that_are_not_of_the_table():
    data = edited(
        form(TABLE),
        ("Số liệu", "A2", "khong_co"),
        ("Số liệu", "A3", None),
        ("Số liệu", "A4", date(2026, 1, 1)),
    )

    read = read_form(data, TABLE)

    assert [cell for _, cell, _ in sentences(read)] == ["A2", "A3", "A4", "", "", ""]
    assert read.unread_facts == {"loi_0", "loi_1", "so_2"}


def test_read_form_reads_what_was_not_assigned():
    table = replace(TABLE, rules={**TABLE.rules, "na": "full"})
    mark = ("Không giao", "N0/3", "Không giao")

    assert read_form(form(table, edits=[(*mark, "x")]), table).unit_terms.not_assigned == {"N0/3"}
    assert read_form(form(table, edits=[(*mark, "không")]), table).unit_terms == Unit()
    unclear = read_form(form(table, edits=[(*mark, "chắc vậy")]), table)
    assert "hãy chọn Có hoặc để trống" in unclear.problems[0].sentence
    assert unclear.unread_leaves == {"N0/3"}


def test_write_form_offers_not_assigned_only_where_the_table_says_how_it_counts():
    first, second = TABLE.nodes
    leaf = replace(first.children[0], rule={**first.children[0].rule, "na": "excluded"})
    nodes = (replace(first, children=(leaf, *first.children[1:])), second)
    table = replace(TABLE, nodes=nodes)

    page = load_workbook(io.BytesIO(write_form(table)))["Không giao"]

    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["N0", "N0/0"]


def test_read_form_takes_a_date_alone_as_evidence():
    edit = ("Tự chấm", "N0/0", "Minh chứng", date(2026, 12, 5))

    assert read_form(form(TABLE, edits=[edit]), TABLE).evidence == {"N0/0": "05/12/2026"}


@pytest.mark.parametrize("data", [b"", b"abc", b"PK\x03\x04" + b"\0" * 40])
def test_T14_a_form_that_is_no_workbook_is_refused_with_a_sentence(data):
    with pytest.raises(RuleError, match="Tệp"):
        read_form(data, TABLE)


def test_T14_a_form_with_rows_without_end_is_refused():
    data = edited(form(TABLE), ("Tự chấm", "A1000000", "x"))

    with pytest.raises(RuleError, match="quá 12000 dòng"):
        read_form(data, TABLE)
