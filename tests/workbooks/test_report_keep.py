"""The unit's own workbook comes back with current figures: its look stays, what could act does not."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill, Protection

from tests.workbooks.report_files import MINE, WHOLE, amount, changed, place, read, written
from thidua.rules.reporting import Amount, Filled, edition
from thidua.workbooks.reports import Identity, NotKept, keep_format, layout, read_report

SETTLED = place("01 TTr", "ttr1-ket-luan")
SUM = place("01 TTr", "ttr1-cuoc")
FIRST = layout.data_row(WHOLE.template("pctn2")) + 1
NEXT = Identity(MINE.unit, "Quý II 2026", MINE.edition, 4, MINE.cluster)
VALUES = {
    "ttr1-ket-luan": amount("12"),
    "ttr1-don-vi": Amount(Decimal(120), "more"),
    "ttr1-cuoc-ky-truoc": amount("4"),
    "ttr1-cuoc-trong-ky": amount("6"),
    "pctn1-van-ban-moi": amount("3"),
}
ROWS = [{"pctn2-ten-vu": f"=Vụ {number}"} for number in range(1, 91)]


def own_look(book):
    """What a unit does to its workbook, and what an attacker might."""
    page = book["01 TTr"]
    page[SETTLED] = 5
    page[SETTLED].font = Font(name="Arial", size=20, color="FFFF0000")
    page[SETTLED].fill = PatternFill("solid", fgColor="FF00FF00")
    page[SETTLED].number_format = "#,##0"
    page[SETTLED].comment = Comment("số của phòng 2", "Bình")
    page.column_dimensions["H"].width = 33
    page.row_dimensions[10].height = 66
    page.freeze_panes = "C10"
    page.oddFooter.center.text = "Thanh tra tỉnh Bình"
    page["B30"] = "Người lập biểu"
    page.conditional_formatting.add(SETTLED, CellIsRule("greaterThan", ["3"], font=Font(b=True)))
    page.conditional_formatting.add(SETTLED, FormulaRule(['WEBSERVICE("http://x")=1']))
    page[SUM].protection = Protection(locked=False)
    page.protection.sheet = False
    page["B31"].hyperlink = "http://example.com"
    book["02 PCTN"][f"B{FIRST}"].font = Font(italic=True)
    book["02 PCTN"].column_dimensions["B"].width = 50
    notes = book.create_sheet("Ghi chú của phòng")
    notes["A1"] = "số lấy từ sổ"
    notes["A2"] = '=WEBSERVICE("http://example.com")'
    chart = BarChart()
    chart.add_data(Reference(notes, min_col=1, min_row=1, max_row=2))
    notes.add_chart(chart)


@pytest.fixture(scope="module")
def sent():
    return changed(written(), own_look)


@pytest.fixture(scope="module")
def kept(sent):
    return keep_format(sent, WHOLE, Filled(VALUES, {"pctn2": ROWS}), {"ttr1-ghi-chu": "=1+1"}, NEXT)


@pytest.fixture(scope="module")
def book(kept):
    return load_workbook(io.BytesIO(kept))


def test_what_the_unit_made_is_accepted_when_it_is_sent(sent):
    assert read(changed(sent, lambda book: book.__delitem__("Ghi chú của phòng"))).version == 1


def test_the_units_own_look_stays(book):
    page, cell = book["01 TTr"], book["01 TTr"][SETTLED]

    assert (cell.font.name, cell.font.size, cell.font.color.rgb) == ("Arial", 20, "FFFF0000")
    assert cell.fill.fgColor.rgb == "FF00FF00"
    assert cell.number_format == "#,##0"
    assert cell.comment.text == "số của phòng 2"
    assert page.column_dimensions["H"].width == 33
    assert page.row_dimensions[10].height == 66
    assert page.freeze_panes == "C10"
    assert page.oddFooter.center.text == "Thanh tra tỉnh Bình"
    assert page["B30"].value == "Người lập biểu"
    assert book["Ghi chú của phòng"]["A1"].value == "số lấy từ sổ"
    assert book["02 PCTN"].column_dimensions["B"].width == 50
    assert book["02 PCTN"][f"B{FIRST}"].font.italic


def test_the_figures_are_the_current_ones_and_read_back(kept, book):
    back = read_report(kept, WHOLE, NEXT)

    texts = {key: text for form in back.cells.values() for key, text in form.items() if text}
    assert texts == {
        "ttr1-ket-luan": "12",
        "ttr1-don-vi": "hơn 120",
        "ttr1-cuoc-ky-truoc": "4",
        "ttr1-cuoc-trong-ky": "6",
        "pctn1-van-ban-moi": "3",
        "ttr1-ghi-chu": "=1+1",
    }
    assert back.rows["pctn2"] == ROWS
    assert back.version == 4
    assert book["01 TTr"]["A2"].value == "Thanh tra tỉnh Bình, Quý II 2026"


def test_the_layout_is_locked_again_and_only_our_formulas_are_left(book):
    formulas = {
        cell.coordinate
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f" and not cell.value.startswith("=IF(COUNT(")
    }
    page = book["01 TTr"]

    assert formulas == set()
    assert page[SUM].value.startswith("=IF(COUNT(C10,D10)=2")
    assert page.protection.sheet
    assert page[SUM].protection.locked
    assert page["B30"].protection.locked
    assert not page[SETTLED].protection.locked
    assert not book["02 PCTN"][f"B{FIRST + 90}"].protection.locked
    assert page.row_dimensions[9].hidden


def test_T15_words_are_text_and_T14_what_acts_by_itself_is_gone(book):
    note = book["01 TTr"][place("01 TTr", "ttr1-ghi-chu")]
    row = book["02 PCTN"][f"B{FIRST + 80}"]

    assert (note.data_type, note.quotePrefix) == ("s", True)
    assert (row.data_type, row.quotePrefix, row.value) == ("s", True, "=Vụ 81")
    assert book["01 TTr"]["B31"].hyperlink is None
    assert [len(each.rules) for each in book["01 TTr"].conditional_formatting] == [1]
    assert book["Ghi chú của phòng"]._charts == []
    assert book["Ghi chú của phòng"]["A2"].value is None


def test_a_list_that_got_shorter_leaves_no_row_behind(kept):
    again = keep_format(kept, WHOLE, Filled({}, {"pctn2": []}), {}, NEXT)

    back = read_report(again, WHOLE, NEXT)
    assert back.rows["pctn2"] == []
    assert back.nothing == {"pctn2"}


def test_a_workbook_of_other_forms_is_not_used(sent):
    old = edition("TT01-2024")

    with pytest.raises(NotKept, match="biểu mẫu khác"):
        keep_format(sent, old, Filled(), {}, NEXT)


def test_cells_merged_over_the_titles_are_taken_apart_and_stop_nothing():
    def merge(book):
        book["01 TTr"].merge_cells("A1:H2")
        book["02 PCTN"].merge_cells("B3:D3")

    kept = keep_format(
        changed(written(VALUES), merge), WHOLE, Filled(VALUES, {"pctn2": []}), {}, NEXT
    )

    book = load_workbook(io.BytesIO(kept))
    assert book["01 TTr"]["A2"].value == f"{NEXT.unit}, {NEXT.period}"
    assert book["02 PCTN"]["C3"].value == layout.MARK
