"""The workbook of a report: out with sums as formulas, back whole or not at all."""

import io
import zipfile
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tests.movements.browser import Browser, words
from tests.reporting.made import MARCH, fill, save, start, submit
from thidua.audit.models import Action, Entry
from thidua.reporting import services
from thidua.reporting.models import Report
from thidua.reporting.report_workbooks import identity_of, read_workbook, workbook_of
from thidua.reporting.services import OldWorkbook
from thidua.rules.errors import RuleError
from thidua.rules.reporting import Amount, Filled, edition, editions
from thidua.workbooks.reading import WorkbookError
from thidua.workbooks.reports import Identity, read_report, write_report

WHOLE = edition("TT06-2025")
MINE = Identity("Thanh tra tỉnh Bình", "Quý I 2026", "TT06-2025", 1)


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(MARCH, tick=False):
        yield


@pytest.fixture
def one(world):
    return world.one


@pytest.fixture
def report(one):
    return start(one)


def amount(text: str) -> Amount:
    return Amount(Decimal(text))


def written(values=None, texts=None, lists=None) -> bytes:
    return write_report(WHOLE, Filled(values or {}, lists or {}), texts or {}, MINE)


def changed(data: bytes, act) -> bytes:
    """The workbook as another program would save it after `act`."""
    book = load_workbook(io.BytesIO(data))
    act(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def place(data: bytes, sheet: str, key: str) -> str:
    """The cell under the key of an indicator."""
    for row in load_workbook(io.BytesIO(data))[sheet].iter_rows():
        for cell in row:
            if cell.value == key:
                return cell.offset(1, 0).coordinate
    raise AssertionError(key)


def put(data: bytes, sheet: str, **cells: object) -> bytes:
    def act(book):
        for name, value in cells.items():
            book[sheet][name] = value

    return changed(data, act)


def problems_of(data: bytes) -> list[tuple[str, str, str]]:
    with pytest.raises(WorkbookError) as refused:
        read_report(data, WHOLE, MINE)
    return [(each.sheet, each.cell, each.sentence) for each in refused.value.problems]


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
    where = place(data, "01 TTr", "ttr1-cuoc")
    typed = place(data, "01 TTr", "ttr1-cuoc-trong-ky")

    formulas = load_workbook(io.BytesIO(data))["01 TTr"]
    values = load_workbook(io.BytesIO(data), data_only=True)["01 TTr"]

    assert formulas[where].value == '=IF(COUNT(C10,D10)=2,C10+D10,"")'
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


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("bảy", "không phải là số"),
        ("1.234", "1234 hay 1,234"),
        (-5, "không được âm"),
        (1.5, "phải là số nguyên"),
        (True, "không phải Đúng/Sai"),
        ("=1+1", "tệp không lưu kết quả"),
        ("-", "0 hay chưa có số liệu"),
        (10**16, "số quá lớn"),
    ],
)
def test_a_bad_cell_is_named_by_sheet_and_cell(value, said):
    data = written()
    where = place(data, "01 TTr", "ttr1-ket-luan")

    ((sheet, cell, sentence),) = problems_of(put(data, "01 TTr", **{where: value}))

    assert (sheet, cell) == ("01 TTr", where)
    assert said in sentence


def test_every_bad_cell_of_every_form_is_named():
    data = written()
    one, two = place(data, "01 TTr", "ttr1-ket-luan"), place(data, "02 XLD", "xld2-don")

    found = problems_of(put(put(data, "01 TTr", **{one: "x"}), "02 XLD", **{two: "y"}))

    assert [(sheet, cell) for sheet, cell, _ in found] == [("01 TTr", one), ("02 XLD", two)]


def test_a_line_of_01_pctn_is_read_beside_its_key():
    def act(book):
        page = book["01 PCTN"]
        row = next(row for row in range(1, 200) if page.cell(row, 5).value == "pctn1-van-ban-moi")
        page.cell(row, 4).value = 12

    sent = read_report(changed(written(), act), WHOLE, MINE)

    assert sent.cells["pctn1"]["pctn1-van-ban-moi"] == "12"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda book: book["01 TTr"].delete_cols(8), "thiếu Biểu 01/TTr, cột 7"),
        (lambda book: book["01 TTr"].insert_rows(8), "phải là “1”"),
        (lambda book: book["01 TTr"].__setitem__("G7", "9"), "phải là “6”"),
        (lambda book: book["01 TTr"].__setitem__("Z1", "ttr1-cuoc"), "bị lặp"),
        (lambda book: book["01 PCTN"].__setitem__("B6", "Tên khác"), "đang là “Tên khác”"),
        (lambda book: book.remove(book["06 QLKNTC"]), "thiếu trang tính này"),
        (lambda book: setattr(book["02 TTr"], "title", "Khác"), "thiếu trang tính này"),
    ],
)
def test_columns_lines_and_sheets_that_were_moved_are_told(act, said):
    found = problems_of(changed(written(), act))

    assert any(said in sentence for _, _, sentence in found), found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"B1": "Thanh tra tỉnh An"}, "Đơn vị ghi “Thanh tra tỉnh An”"),
        ({"B2": "Quý II 2026"}, "Kỳ báo cáo ghi “Quý II 2026”"),
        ({"B3": "TT01-2024"}, "Bộ biểu mẫu ghi “TT01-2024”"),
        ({"B4": "mới nhất"}, "thiếu mục “Lần sửa”"),
        ({"A1": "Khác"}, "Đơn vị ghi “”"),
    ],
)
def test_the_workbook_of_another_unit_period_or_edition_is_refused(changes, said):
    ((_, _, sentence),) = problems_of(put(written(), "Thông tin", **changes))

    assert said in sentence


def test_a_workbook_that_is_not_ours_is_refused():
    data = changed(written(), lambda book: book.remove(book["Thông tin"]))

    assert "không phải biểu tải từ phần mềm" in problems_of(data)[0][2]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 junk", b"<html>"])
def test_R13_what_is_no_workbook_is_refused(data):
    with pytest.raises(RuleError):
        read_report(data, WHOLE, MINE)


def test_R13_a_list_of_ten_thousand_rows_is_refused():
    def act(book):
        for _ in range(600):
            book["02 PCTN"].append([1, "Vụ"])

    found = problems_of(changed(written(), act))

    assert [sentence for _, _, sentence in found] == ["chỉ nhận không quá 500 dòng."]


def test_T14_a_bomb_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written())) as good:
        names = {name: good.read(name) for name in good.namelist()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name, content in names.items():
            bomb.writestr(name, content)
        bomb.writestr("xl/worksheets/sheet99.xml", b"0" * 60_000_000)

    with pytest.raises(RuleError):
        read_report(target.getvalue(), WHOLE, MINE)


def test_T15_words_of_a_unit_never_run_as_a_formula():
    data = written(texts={"ttr1-ghi-chu": "=1+1"}, lists={"pctn2": [{"pctn2-ten-vu": "@SUM(A1)"}]})

    book = load_workbook(io.BytesIO(data))

    for sheet, key in (("01 TTr", "ttr1-ghi-chu"), ("02 PCTN", "pctn2-ten-vu")):
        cell = book[sheet][place(data, sheet, key)]
        assert cell.data_type == "s"
        assert cell.quotePrefix


def imported(one, report, data, *, replace=False, actor=None):
    report = Report.objects.select_related("membership__organisation", "period__year").get(
        pk=report.pk
    )
    return services.import_report(
        report=report,
        sent=read_workbook(report, data),
        name="biểu.xlsx",
        replace=replace,
        actor=actor or one.officers[1],
        at=MARCH,
    )


def test_import_takes_over_all_forms_and_blanks_what_is_blank(one, report):
    save(one, report, "ttr1", c6="7", c7="3")
    report.refresh_from_db()
    data = workbook_of(report)
    data = put(data, "01 TTr", **{place(data, "01 TTr", "ttr1-ket-luan"): 8})
    data = put(data, "01 TTr", **{place(data, "01 TTr", "ttr1-don-vi"): None})
    data = put(data, "02 PCTN", **{place(data, "02 PCTN", "pctn2-ten-vu"): "Vụ A"})

    assert imported(one, report, data) == 3

    stored = {each.indicator_key: each.amount for each in report.figures.all()}
    assert stored == {"ttr1-ket-luan": amount("8"), "ttr1-don-vi": None}
    assert report.list_rows.get().cells == {"pctn2-ten-vu": "Vụ A"}
    assert Entry.objects.get(action=Action.REPORT_IMPORTED).details["file"] == "biểu.xlsx"


def test_R08_import_of_an_older_workbook_is_refused_unless_meant(one, report):
    data = workbook_of(report)
    save(one, report, "ttr1", c6="7")

    with pytest.raises(OldWorkbook, match="Chưa nạp gì"):
        imported(one, report, data)
    assert report.figures.get().value == 7

    assert imported(one, report, data, replace=True) == 1
    assert report.figures.get().value is None


def test_import_of_the_same_changes_and_records_nothing(one, report):
    fill(one, report)
    report.refresh_from_db()

    assert imported(one, report, workbook_of(report)) == 0
    assert not Entry.objects.filter(action=Action.REPORT_IMPORTED).exists()


def test_import_is_the_units_own_and_only_into_a_draft(one):
    report = submit(one)
    data = workbook_of(report)

    with pytest.raises(PermissionDenied):
        imported(one, report, data, actor=one.lead_head)
    with pytest.raises(RuleError, match="đã nộp"):
        imported(one, report, data)


def url(name, one, report):
    return reverse(f"reports:{name}", args=[one.year.pk, report.pk])


def send(officer, one, report, data, **more):
    file = SimpleUploadedFile("bieu.xlsx", data)
    return officer.post(url("upload", one, report), {"workbook": file, **more})


def test_pages_download_upload_refuse_and_take_over(one, report):
    officer = Browser(one.officers[1])
    answer = officer.get(url("xlsx", one, report))
    data = answer.content
    where = place(data, "01 TTr", "ttr1-ket-luan")
    assert 'filename="bao-cao-quy-i-2026-cua-binh.xlsx"' in answer.headers["Content-Disposition"]

    refused = send(officer, one, report, put(data, "01 TTr", **{where: "x"}))
    taken = send(officer, one, report, put(data, "01 TTr", **{where: 9}))
    assert officer.said(taken) == ["Đã nạp biểu: 1 ô, danh sách thay đổi."]
    same = officer.get(url("xlsx", one, report)).content
    again = send(officer, one, report, same)
    assert "giống hệt" in officer.said(again)[0]
    old = send(officer, one, report, data)
    meant = send(officer, one, report, data, replace="on")
    nothing = officer.post(url("upload", one, report))

    assert refused.status_code == 422
    assert f'<td class="nowrap">{where}</td>' in words(refused)
    assert old.status_code == 422
    assert "Vẫn nạp" in words(old)
    assert meant.status_code == 302
    assert "Hãy chọn tệp" in words(nothing)


def test_upload_of_too_large_a_file_is_refused(one, report, settings):
    settings.WORKBOOK_LIMIT = 10

    answer = send(Browser(one.officers[1]), one, report, b"x" * 11)

    assert answer.status_code == 422
    assert "Tệp lớn hơn" in words(answer)


def test_upload_is_the_units_own(one):
    report = submit(one)
    lead = Browser(one.lead_officer)

    assert lead.get(url("xlsx", one, report)).status_code == 200
    assert lead.get(url("upload", one, report)).status_code == 404


def test_import_asks_as_much_for_many_cells_as_for_few(one, report, django_assert_max_num_queries):
    fill(one, report)
    report = Report.objects.select_related("membership__organisation", "period__year").get(
        pk=report.pk
    )
    data = write_report(WHOLE, Filled({}), {}, identity_of(report))

    with django_assert_max_num_queries(200):
        assert imported(one, report, data) > 200


def test_money_and_land_beyond_a_billion_come_back_exactly():
    values = {
        "ttr1-vi-pham-tien": amount("123456789.654321"),
        "ttr1-vi-pham-dat": amount("98765432109.25"),
    }

    cells = read_report(written(values), WHOLE, MINE).cells["ttr1"]

    assert cells["ttr1-vi-pham-tien"] == "123456789,654321"
    assert cells["ttr1-vi-pham-dat"] == "98765432109,25"
