"""Reports by hand in a real browser: typed, by workbook, handed in, returned, accepted, rolled up."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.factories.world import ClusterWorld, make_world
from tests.journeys.people import Person, give_passwords, sign_in
from tests.reporting import made
from thidua.reporting import services
from thidua.reporting.models import FigureExplanation, Report, ReportingPeriod
from thidua.rules.reporting import Shape, edition
from thidua.workbooks.reading import address
from thidua.workbooks.reports import layout

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
FORMS = edition("TT06-2025")
UNIT = 1
IN_ERROR = re.compile(r"\bis-error\b")
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def one(settings, tmp_path) -> ClusterWorld:
    """A cluster in which quarter IV is due in three days, whenever the test runs."""
    settings.FILES_DIR = tmp_path / "files"
    world = make_world().one
    made.open_periods(world)
    give_passwords()
    period = ReportingPeriod.objects.get(year=world.year, code="q4")
    today = timezone.localdate()
    dates = replace(
        services.dates_of(period),
        first_on=today - timedelta(90),
        last_on=today - timedelta(1),
        local_due_on=today,
        due_on=today + timedelta(3),
    )
    services.change_period(
        period=period,
        dates=dates,
        reason="Theo văn bản của cấp trên",
        version=period.version,
        actor=world.lead_head,
        at=timezone.now(),
    )
    return world


def begun(one: ClusterWorld, *, full: bool = False) -> Report:
    """The unit's report of quarter IV by its officer, empty or with 0 in every cell."""
    period = ReportingPeriod.objects.get(year=one.year, code="q4")
    officer, at = one.officers[UNIT], timezone.now()
    report = services.start_report(
        period=period, membership=one.memberships[UNIT], actor=officer, at=at
    )
    if full:
        made.fill(one, report, UNIT, at)
    return report


def accepted_before(one: ClusterWorld) -> None:
    """Quarter I with some money in it, so that there is a past to compare with."""
    report = made.start(one, UNIT)
    made.fill(one, report, UNIT)
    made.save(one, report, "ttr1", c3="4", c4="3", c5="1", c6="2", c12="2100", member=UNIT)
    made.save(one, report, "ttr2", c3="2", c5="2100", c6="900", member=UNIT)
    at = made.MARCH
    services.submit_report(report=report, actor=one.heads[UNIT], at=at)
    services.accept_report(report=report, actor=one.lead_head, at=at)


def address_of(one: ClusterWorld, report: Report, rest: str = "") -> str:
    return f"/bao-cao/nam/{one.year.pk}/{report.pk}/{rest}"


def cell(page: Page, key: str):
    return page.locator(f'[id="c-{key}"]')


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("Đã lưu", timeout=15_000)


def row_of(page: Page, key: str):
    return page.locator(f'tr[data-key="{key}"]')


def test_officer_fills_a_form_by_keyboard_and_by_pasting(one, open_page):
    accepted_before(one)
    report = begun(one, full=True)
    officer = sign_in(open_page, one.officers[UNIT].username, permissions=CLIPBOARD)
    officer.press("báo cáo quý IV")
    officer.press("Tổng hợp kết quả thanh tra")

    page = officer.page
    first = cell(page, "ttr1-cuoc-ky-truoc")
    first.click()
    for number in ("3", "5"):
        page.keyboard.press("Control+A")
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    saved(page)
    expect(cell(page, "ttr1-cuoc-ke-hoach")).to_be_focused()

    # A column copied from a sheet: 7 under the plan, 2 ad hoc, of 8 in all, and 4 conclusions.
    page.evaluate("navigator.clipboard.writeText('7\\n2\\n4\\n9')")
    page.keyboard.press("Control+V")
    expect(row_of(page, "ttr1-cuoc")).to_have_class(IN_ERROR, timeout=15_000)
    findings = page.locator("#findings")
    expect(findings).to_contain_text("cột 1")
    cell(page, "ttr1-cuoc-dot-xuat").fill("1")
    cell(page, "ttr1-cuoc-dot-xuat").press("Tab")
    expect(row_of(page, "ttr1-cuoc")).not_to_have_class(IN_ERROR, timeout=15_000)
    expect(cell(page, "ttr1-cuoc")).to_have_attribute("placeholder", "= 8")

    # A thousand times what it was: asked about, and a word is given.
    cell(page, "ttr1-thu-hoi-nsnn-tien").fill("2100000")
    cell(page, "ttr1-thu-hoi-nsnn-tien").press("Enter")
    asked = page.locator(".finding", has_text="nhầm tỷ đồng")
    expect(asked).to_be_visible(timeout=15_000)
    asked.locator("textarea").fill("Đúng: một dự án lớn, kết luận số 12.")
    asked.get_by_role("button", name="Lưu giải trình").click()
    page.wait_for_load_state()
    expect(page.locator(".finding.is-settled", has_text="nhầm tỷ đồng")).to_be_attached()

    keys = [f"ttr1-{key}" for key in ("cuoc-ke-hoach", "cuoc-dot-xuat", "ket-luan", "don-vi")]
    values = dict(report.figures.values_list("indicator_key", "value"))
    assert [values[key] for key in keys] == [7, 1, 4, 9]
    assert (
        FigureExplanation.objects.get(report=report).text == "Đúng: một dự án lớn, kết luận số 12."
    )


def test_officer_fills_a_report_by_workbook(one, open_page, tmp_path):
    officer = sign_in(open_page, one.officers[UNIT].username)
    officer.go(f"/bao-cao/nam/{one.year.pk}/")
    officer.press("Làm báo cáo Quý IV")
    blank = officer.download("Xuất biểu mẫu", tmp_path)
    report = Report.objects.get()

    wrong = filled(blank, tmp_path / "sai.xlsx", {"ttr1-ket-luan": "mười"})
    officer.press("Nạp biểu đã điền")
    send(officer, wrong)
    officer.reads("Chưa nạp gì: biểu có 1 chỗ phải sửa")
    place = cell_of("ttr1-ket-luan")
    expect(officer.page.get_by_role("cell", name=place, exact=True)).to_be_visible()
    expect(officer.page.get_by_role("cell", name="01 TTr", exact=True)).to_be_visible()
    assert not report.figures.exists()

    send(officer, filled(blank, tmp_path / "dung.xlsx", {"ttr1-ket-luan": 0}))
    officer.reads("Đã nạp")
    expect(
        officer.page.get_by_text("0 lỗi").or_(officer.page.get_by_text("Lỗi phải sửa"))
    ).to_be_visible()
    assert report.figures.get(indicator_key="ttr1-ket-luan").value == 0
    assert report.figures.count() > 300


def send(officer: Person, path: Path) -> None:
    officer.page.locator("input[type=file]").set_input_files(path)
    officer.press("Nạp biểu", exact=True)


def cell_of(key: str) -> str:
    row, column = layout.value_cells(FORMS.home(key))[key]
    return address(row + 1, column + 1)


def filled(blank: Path, target: Path, said: dict[str, object]) -> Path:
    """0 in every cell and nothing in the lists, but what is `said`; as a person fills it in Excel."""
    book = load_workbook(blank)
    for template in FORMS.templates:
        sheet = book[layout.page_name(template)]
        if template.shape == Shape.LIST:
            row, column = layout.NOTHING_CELL
            sheet.cell(row + 1, column + 1).value = layout.MARK
            continue
        for indicator in template.numbers:
            if not (indicator.is_computed or indicator.optional or indicator.only_for):
                row, column = layout.value_cells(template)[indicator.key]
                sheet.cell(row + 1, column + 1).value = said.get(indicator.key, 0)
    book.save(target)
    return target


def test_head_hands_in_lead_returns_unit_corrects_lead_accepts(one, open_page):
    report = begun(one, full=True)
    head = sign_in(open_page, one.heads[UNIT].username)
    hand_in(head)
    lead = sign_in(open_page, one.lead_head.username)
    give_back(lead, one)
    officer = sign_in(open_page, one.officers[UNIT].username)
    correct(officer)
    head.page.context.close()
    hand_in_again_on_a_phone(sign_in(open_page, one.heads[UNIT].username, **PHONE), one)
    accept(lead, one)
    read_the_total(lead, one)

    report.refresh_from_db()
    change = report.changes.get()
    assert (report.state, report.round, change.old, change.new) == ("accepted", 2, "0", "12")


def hand_in(head: Person) -> None:
    head.press("Duyệt và nộp báo cáo quý IV")
    head.confirm("Nộp báo cáo", "Nộp báo cáo")
    head.reads("Đã nộp báo cáo. Số liệu được khoá")


def give_back(lead: Person, one: ClusterWorld) -> None:
    """From the front page to the report, and back with a reason."""
    open_waiting(lead, one)
    lead.page.get_by_role("button", name="Trả lại").first.click()
    dialog = lead.page.get_by_role("dialog")
    dialog.get_by_label("Lý do trả lại").fill("Biểu 01/TCD thiếu số lượt tiếp thường xuyên.")
    dialog.get_by_role("button", name="Trả lại").click()
    lead.reads("Đã trả lại báo cáo của Bình.")


def open_waiting(lead: Person, one: ClusterWorld) -> None:
    lead.go(f"/nam/{one.year.pk}/")
    lead.press("1 báo cáo quý IV chờ chấp nhận")
    lead.press("Mở báo cáo của Bình")


def correct(officer: Person) -> None:
    officer.reads("lý do: Biểu 01/TCD thiếu số lượt tiếp thường xuyên.")
    officer.press("Sửa báo cáo quý IV bị trả lại")
    officer.press("Tiếp công dân thường xuyên, định kỳ và đột xuất")
    field = cell(officer.page, "tcd1-thuong-xuyen-luot")
    field.fill("12")
    field.press("Enter")
    saved(officer.page)
    # Twelve receptions of nobody: the form asks, the unit says why.
    asked = officer.page.locator(".finding", has_text="cột 5").first
    asked.locator("textarea").fill("Sổ tiếp công dân chưa ghi số người.")
    asked.get_by_role("button", name="Lưu giải trình").click()
    officer.page.wait_for_load_state()


def hand_in_again_on_a_phone(head: Person, one: ClusterWorld) -> None:
    head.press("Sửa báo cáo quý IV bị trả lại")
    width = head.page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]
    head.confirm("Nộp báo cáo", "Nộp báo cáo")
    head.reads("Đã nộp báo cáo. Số liệu được khoá")


def accept(lead: Person, one: ClusterWorld) -> None:
    open_waiting(lead, one)
    lead.reads("Thay đổi sau khi nộp")
    lead.confirm("Chấp nhận", "Chấp nhận")
    lead.reads("Đã chấp nhận báo cáo.")


def read_the_total(lead: Person, one: ClusterWorld) -> None:
    """The roll-up counts the unit and names those that are missing."""
    lead.go(f"/bao-cao/nam/{one.year.pk}/tong-hop/?period=q4&form=tcd1")
    lead.reads("An, Cường")
    row = lead.page.get_by_role("row").filter(has_text="Lượt").filter(has_text="12")
    expect(row.first).to_be_visible()
