"""The workbook of a report: out with sums as formulas, back as it went out."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from tests.workbooks.report_files import (
    MINE,
    WHOLE,
    amount,
    changed,
    part_of,
    place,
    put,
    read,
    with_formula,
    written,
)
from thidua.rules.reporting import Amount, Filled, completed, edition, editions
from thidua.workbooks.reports import Identity, layout, read_report, write_report


@pytest.mark.parametrize("key", [each.key for each in editions()])
def test_every_edition_comes_back_as_it_went_out(key):
    whole = edition(key)
    numbers = [each for each in whole.numbers() if not each.is_computed]
    values = {each.key: amount(str(place)) for place, each in enumerate(numbers)}
    mine = Identity("Đơn vị", "Quý I", key, 3)

    sent = read_report(write_report(whole, Filled(values), {}, mine), whole, mine)

    back = {key: text for form in sent.cells.values() for key, text in form.items() if text}
    assert back == {key: str(value.number) for key, value in values.items()}
    assert sent.version == 3


def test_no_data_zero_qualifiers_decimals_words_and_rows_survive():
    values = {
        "ttr1-ket-luan": amount("0"),
        "ttr1-vi-pham-tien": amount("1234.567"),
        "ttr1-don-vi": Amount(Decimal(120), "more"),
    }
    rows = [{"pctn3-ten-van-ban": "=HYPERLINK(1)", "pctn3-da-khac-phuc": "x"}]

    sent = read_report(
        written(values, {"ttr1-ghi-chu": "12,5 chưa gồm"}, {"pctn3": rows}), WHOLE, MINE
    )

    cells = sent.cells["ttr1"]
    assert cells["ttr1-ket-luan"] == "0"
    assert cells["ttr1-cuoc-ky-truoc"] == ""
    assert cells["ttr1-vi-pham-tien"] == "1234,567"
    assert cells["ttr1-don-vi"] == "hơn 120"
    assert cells["ttr1-ghi-chu"] == "12,5 chưa gồm"
    assert sent.rows == {"pctn2": [], "pctn3": rows}


def test_sums_are_formulas_with_their_last_value_and_locked():
    data = written({"ttr1-cuoc-ky-truoc": amount("4"), "ttr1-cuoc-trong-ky": amount("6")})
    where = place("01 TTr", "ttr1-cuoc")
    typed = place("01 TTr", "ttr1-cuoc-trong-ky")

    formulas = load_workbook(io.BytesIO(data))["01 TTr"]
    values = load_workbook(io.BytesIO(data), data_only=True)["01 TTr"]

    assert formulas[where].value.startswith("=IF(COUNT(C10,D10)=2,C10+D10,")
    assert values[where].value == 10
    assert formulas.protection.sheet
    assert formulas[where].protection.locked
    assert not formulas[typed].protection.locked
    assert [str(each) for each in formulas.merged_cells.ranges if each.coord == "B4:F4"]


def test_a_typed_total_stays_typed_only_where_it_differs():
    values = {"ttr1-cuoc-ky-truoc": amount("4"), "ttr1-cuoc-trong-ky": amount("6")}

    same = read_report(written({**values, "ttr1-cuoc": amount("10")}), WHOLE, MINE)
    other = read_report(written({**values, "ttr1-cuoc": amount("11")}), WHOLE, MINE)

    assert same.cells["ttr1"]["ttr1-cuoc"] == ""
    assert other.cells["ttr1"]["ttr1-cuoc"] == "11"


def test_a_program_that_computes_nothing_leaves_sums_blank():
    data = changed(written({"ttr1-cuoc-ky-truoc": amount("4")}), lambda book: None)

    assert read_report(data, WHOLE, MINE).cells["ttr1"]["ttr1-cuoc"] == ""


def test_money_and_land_beyond_a_billion_come_back_exactly():
    values = {
        "ttr1-vi-pham-tien": amount("123456789.654321"),
        "ttr1-vi-pham-dat": amount("98765432109.25"),
    }

    cells = read_report(written(values), WHOLE, MINE).cells["ttr1"]

    assert cells["ttr1-vi-pham-tien"] == "123456789,654321"
    assert cells["ttr1-vi-pham-dat"] == "98765432109,25"


def test_sums_left_blank_show_in_the_workbook_what_the_screen_computes():
    """Every sum of every form, by all ways the forms allow: formula, last value and rule agree."""
    parts = [each for each in WHOLE.numbers() if not each.is_computed]
    values = {each.key: amount(str(number)) for number, each in enumerate(parts, start=1)}
    # The first way to make this sum lacks a part, so the second makes it.
    del values["ttr1-cuoc-ky-truoc"]
    whole = completed(WHOLE, values)

    book = load_workbook(io.BytesIO(written(values)), data_only=True)

    for template in WHOLE.templates:
        for key, (row, column) in layout.value_cells(template).items():
            if layout.is_list(template) or not template.indicator(key).is_computed:
                continue
            shown = book[layout.page_name(template)].cell(row + 1, column + 1).value
            assert shown == (whole[key].number if whole[key] else None), key
    assert whole["ttr1-cuoc"]


def test_a_sum_left_blank_or_computed_by_the_spreadsheet_is_stored_as_blank():
    data = written({"ttr1-cuoc-ky-truoc": amount("4"), "ttr1-cuoc-trong-ky": amount("6")})
    where = place("01 TTr", "ttr1-cuoc")

    blank = read(put(data, "01 TTr", **{where: None})).cells["ttr1"]
    computed = read(data).cells["ttr1"]

    assert blank["ttr1-cuoc"] == computed["ttr1-cuoc"] == ""


def test_a_sum_with_a_part_that_is_only_about_right_is_left_to_the_rules():
    data = written(
        {"ttr1-cuoc-ky-truoc": Amount(Decimal(4), "more"), "ttr1-cuoc-trong-ky": amount("6")}
    )
    where = place("01 TTr", "ttr1-cuoc")

    shown = load_workbook(io.BytesIO(data), data_only=True)["01 TTr"][where].value

    assert shown == "(tự cộng khi nạp)"
    assert read(data).cells["ttr1"]["ttr1-cuoc"] == ""
    assert read(data).cells["ttr1"]["ttr1-cuoc-ky-truoc"] == "hơn 4"


def test_a_formula_of_the_unit_counts_as_its_last_result():
    where = place("01 TTr", "ttr1-ket-luan")

    cells = read(with_formula(written(), "01 TTr", where, "5+3", "8")).cells["ttr1"]

    assert cells["ttr1-ket-luan"] == "8"


def test_an_empty_list_says_nothing_unless_nothing_is_ticked():
    silent = read(written())
    told = read(put(written(), "02 PCTN", C3="X"))
    again = read(written(lists={"pctn2": []}))

    assert silent.nothing == frozenset()
    assert told.nothing == again.nothing == {"pctn2"}
    assert told.rows["pctn2"] == []


def test_ticks_come_back_as_the_screen_stores_them():
    first = place("03 PCTN", "pctn3-da-khac-phuc")

    for typed, stored in (("X", "x"), ("✓", "x"), (1, "x"), (True, "x"), ("không", None)):
        sent = read(put(written(), "03 PCTN", **{first: typed, "B9": "Văn bản"}))
        assert sent.rows["pctn3"][0].get("pctn3-da-khac-phuc") == stored


def test_notes_on_an_own_sheet_and_words_below_a_form_do_not_disturb():
    def act(book):
        book.create_sheet("Ghi chú của phòng")["A1"] = "số lấy từ sổ"
        book["01 TTr"]["B30"] = "Người lập biểu"

    assert read(changed(written(), act)) == read(written())


def test_every_row_is_as_high_as_its_words_need_and_still_grows():
    lists = {"pctn2": [{"pctn2-tom-tat": "nội dung khá dài của vụ việc " * 12}]}
    data = written(lists=lists)
    row = layout.data_row(WHOLE.template("pctn2")) + 1

    page = load_workbook(io.BytesIO(data))["02 PCTN"]

    # 24 letters to a line: some 350 letters need more than fifteen lines of 12 points.
    assert page.row_dimensions[row].height > 15 * 12
    assert b"customHeight" not in re.search(rb'<row r="%d".*?>' % row, _xml(data, "02 PCTN"))[0]


def _xml(data: bytes, sheet: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part_of(data, sheet))
