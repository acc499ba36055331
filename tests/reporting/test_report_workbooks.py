"""A report's workbook over the pages and services: taken over whole or not at all, kept, asked."""

import io

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.styles import Font

from tests.movements.browser import Browser, words
from tests.reporting.made import MARCH, fill, findings, save, start, submit, write
from tests.workbooks.report_files import amount, changed, place, put
from thidua.audit.models import Action, Entry
from thidua.documents.models import StoredFile
from thidua.reporting import services
from thidua.reporting.display.report import computed_of
from thidua.reporting.exports.report import (
    identity_of,
    questions_about,
    read_workbook,
    workbook_in_own_look,
    workbook_of,
)
from thidua.reporting.models import FigureChange, ListRow, Report
from thidua.reporting.queries.reports import contents_of
from thidua.reporting.services import OldWorkbook
from thidua.rules.errors import RuleError
from thidua.rules.reporting import Filled, edition
from thidua.workbooks.reports import write_report

WHOLE = edition("TT06-2025")


@pytest.fixture(autouse=True)
def _files(files_dir):
    """Every file of these tests is the test's own."""


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


def imported(one, report, data, *, replace=False, actor=None):
    report = whole(report)
    return services.import_report(
        report=report,
        sent=read_workbook(report, data),
        name="biểu.xlsx",
        replace=replace,
        actor=actor or one.officers[1],
        at=MARCH,
        data=data,
    )


def whole(report):
    return Report.objects.select_related(
        "membership__organisation", "membership__year__cluster", "period__year", "workbook"
    ).get(pk=report.pk)


def test_import_takes_over_all_forms_and_blanks_what_is_blank(one, report):
    save(one, report, "ttr1", c6="7", c7="3")
    report.refresh_from_db()
    data = workbook_of(report)
    data = put(data, "01 TTr", **{place("01 TTr", "ttr1-ket-luan"): 8})
    data = put(data, "01 TTr", **{place("01 TTr", "ttr1-don-vi"): None})
    data = put(data, "02 PCTN", **{place("02 PCTN", "pctn2-ten-vu"): "Vụ A"})

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


def test_import_of_the_same_figures_keeps_the_file_once_and_says_so(one, report):
    fill(one, report)
    report.refresh_from_db()
    version, data = report.version, workbook_of(report)

    assert imported(one, report, data) == 0
    assert imported(one, report, data) == 0

    entry = Entry.objects.get(action=Action.REPORT_IMPORTED)
    assert entry.details["changes"] == "chỉ giữ định dạng của tệp"
    report.refresh_from_db()
    assert report.version == version
    assert report.workbook == StoredFile.objects.get()
    assert (report.workbook.name, report.workbook.received_by) == ("biểu.xlsx", one.officers[1])


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
    where = place("01 TTr", "ttr1-ket-luan")
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
    report = whole(report)
    data = write_report(WHOLE, Filled({}), {}, identity_of(report))

    with django_assert_max_num_queries(200):
        assert imported(one, report, data) > 200


def test_nothing_to_list_is_told_by_workbook_and_comes_back_marked(one, report):
    data = put(workbook_of(report), "02 PCTN", C3="x")

    assert imported(one, report, data) == 1
    report.refresh_from_db()
    assert report.told_lists == ["pctn2"]
    again = workbook_of(report)
    assert load_workbook(io.BytesIO(again))["02 PCTN"]["C3"].value == "x"
    assert imported(one, report, again) == 0


def test_sums_shown_on_screen_are_those_of_the_workbook(one, report):
    save(one, report, "ttr1", c2="4", c3="6")
    report.refresh_from_db()
    contents = contents_of(report)

    page = load_workbook(io.BytesIO(workbook_of(report)), data_only=True)["01 TTr"]
    screen = computed_of(contents.edition, WHOLE.template("ttr1"), contents.filled.values)

    assert screen["ttr1-cuoc"] == str(page[place("01 TTr", "ttr1-cuoc")].value) == "10"


def test_a_list_changed_after_a_return_keeps_only_the_rows_that_changed(one):
    report = submit(one)
    services.return_report(report=report, reason="Thiếu danh sách.", actor=one.lead_head, at=MARCH)
    first = put(workbook_of(report), "02 PCTN", C3=None, B8="Vụ A", B9="Vụ B")
    imported(one, report, first, replace=True)
    report.refresh_from_db()

    imported(one, report, put(workbook_of(report), "02 PCTN", B9="Vụ C"))

    change = FigureChange.objects.last()
    assert change.old == "2. Vụ B\n1 dòng giữ nguyên"
    assert change.new == "2. Vụ C\n1 dòng giữ nguyên"


def long_list(one, report, count=600):
    rows = [{"pctn2-ten-vu": f"Vụ {number}"} for number in range(1, count + 1)]
    data = write_report(WHOLE, Filled({}, {"pctn2": rows}), {}, identity_of(report))
    assert imported(one, report, data) == 1
    return report


def test_a_long_list_comes_by_workbook_and_is_only_read_on_screen(one, report):
    long_list(one, report)
    officer = Browser(one.officers[1])
    page = reverse("reports:form", args=[one.year.pk, report.pk, "pctn2"])

    shown = officer.get(page)
    refused = officer.post(page, {"r-1-pctn2-ten-vu": "Vụ", "seen": ""})

    assert ListRow.objects.filter(report=report).count() == 600
    assert "danh sách có 600 dòng" in words(shown)
    assert "Vụ 500" in words(shown)
    assert "Vụ 501" not in words(shown)
    assert refused.status_code == 422
    assert ListRow.objects.filter(report=report).count() == 600


def test_import_of_a_long_list_asks_no_more_for_each_row(
    one, report, django_assert_max_num_queries
):
    report = whole(report)
    rows = [{"pctn2-ten-vu": f"Vụ {number}"} for number in range(2000)]
    data = write_report(WHOLE, Filled({}, {"pctn2": rows}), {}, identity_of(report))

    # Rows go in by hundreds: that many values a statement of SQLite takes.
    with django_assert_max_num_queries(100):
        assert imported(one, report, data) == 1


@pytest.fixture
def june(one):
    """The report of quarter II, after 5 million dong in quarter I; and its workbook."""
    first = start(one)
    save(one, first, "ttr1", c10="5", c6="20")
    fill_rest(one, first)
    services.submit_report(report=first, actor=one.heads[1], at=MARCH)
    return start(one, code="q2")


def fill_rest(one, report):
    """A word on everything that has no data: the report may be handed in."""
    write(report, one.officers[1])
    for each in findings(report):
        services.explain_finding(
            report=report, check=each.check, text="Đang rà soát.", actor=one.officers[1], at=MARCH
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (5_000_000, "gấp khoảng 1.000.000 lần Quý I 2026 (5 triệu đồng), có phải ghi nhầm đồng"),
        (5_000, "gấp khoảng 1.000 lần Quý I 2026 (5 triệu đồng), có phải ghi nhầm nghìn đồng"),
        (0.005, "chỉ bằng 1/1.000 Quý I 2026 (5 triệu đồng), có phải ghi nhầm tỷ đồng"),
        (50, ""),
    ],
)
def test_figures_in_a_wrong_measure_are_asked_about(june, text, said):
    report, cell = whole(june), place("01 TTr", "ttr1-thu-hoi-tien")

    asked = questions_about(
        report, read_workbook(report, put(workbook_of(report), "01 TTr", **{cell: text}))
    )

    assert [(each.sheet, each.cell) for each in asked] == ([("01 TTr", cell)] if said else [])
    assert all(said in each.sentence for each in asked)


def test_a_count_a_thousand_times_the_last_one_is_asked_about(june):
    report, cell = whole(june), place("01 TTr", "ttr1-ket-luan")

    (asked,) = questions_about(
        report, read_workbook(report, put(workbook_of(report), "01 TTr", **{cell: 20_000}))
    )

    assert "gấp khoảng 1.000 lần" in asked.sentence
    assert "có đúng không?" in asked.sentence


def test_a_wrong_measure_is_taken_only_when_somebody_says_it_is_right(one, june):
    officer = Browser(one.officers[1])
    cell = place("01 TTr", "ttr1-thu-hoi-tien")
    data = put(workbook_of(whole(june)), "01 TTr", **{cell: 5_000_000})

    asked = send(officer, one, june, data)
    assert asked.status_code == 422
    assert "1 số có thể nhầm đơn vị tính" in words(asked)
    assert "Đã kiểm tra" in words(asked)
    assert not june.figures.exists()

    sure = send(officer, one, june, data, sure="on")
    assert sure.status_code == 302
    assert june.figures.get().value == 5_000_000


def test_the_next_workbook_comes_in_the_units_own_look(one, report):
    cell = place("01 TTr", "ttr1-ket-luan")

    def look(book):
        book["01 TTr"][cell] = 7
        book["01 TTr"][cell].font = Font(name="Arial", size=20)

    officer = Browser(one.officers[1])
    address = f"{url('xlsx', one, report)}?dinh-dang-don-vi"
    none_yet = officer.get(address)
    assert none_yet.status_code == 302
    assert "chưa nạp biểu nào" in officer.said(none_yet)[0]
    imported(one, report, changed(workbook_of(report), look))
    save(one, report, "ttr1", c6="8")

    page = load_workbook(io.BytesIO(officer.get(address).content))["01 TTr"]
    plain = load_workbook(io.BytesIO(officer.get(url("xlsx", one, report)).content))["01 TTr"]
    upload = officer.get(url("upload", one, report))

    assert (page[cell].value, page[cell].font.name, page[cell].font.size) == (8, "Arial", 20)
    assert plain[cell].font.name == "Times New Roman"
    assert "Xuất theo định dạng của đơn vị" in words(upload)
    assert "Lần nạp gần nhất đã xong: “biểu.xlsx”, 09:00 16/03/2026" in words(upload)
    assert "gián đoạn" in words(upload)


def test_the_look_goes_on_to_the_next_period_and_only_to_the_unit_itself(one, report):
    imported(one, report, workbook_of(report))
    later = whole(start(one, code="q2"))

    book = load_workbook(io.BytesIO(workbook_in_own_look(later)))
    others = whole(start(one, member=2))

    assert book["Thông tin"]["B3"].value == "Quý II 2026"
    with pytest.raises(RuleError, match="chưa nạp biểu nào"):
        workbook_in_own_look(others)
