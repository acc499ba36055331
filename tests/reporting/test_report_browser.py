"""A report in a real browser: filled in by keyboard and paste, handed in, given back, accepted."""

import io
import re
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.factories.world import make_world
from tests.reporting.made import MARCH, fill, save, start
from tests.workbooks.report_files import place, put
from thidua.reporting.models import Report

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(live_server: Any) -> Any:
    with time_machine.travel(MARCH, tick=True):
        yield make_world().one


def url(name: str, one: Any, *args: Any) -> str:
    return reverse(f"reports:{name}", args=[one.year.pk, *args])


def cell(page: Any, key: str) -> Any:
    return page.locator(f"#c-{key}")


def paste(page: Any, key: str, text: str) -> None:
    """What the browser does when cells of a sheet are pasted."""
    cell(page, key).evaluate(
        """(field, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          field.dispatchEvent(new ClipboardEvent("paste",
            { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def saved(page: Any, text: str) -> None:
    page.locator("#save-state").get_by_text(text).wait_for()


def all_saved(page: Any) -> None:
    """Every cell typed into is kept."""
    expect(page.locator(".is-unsaved")).to_have_count(0)
    expect(page.locator("#save-state")).to_have_text(re.compile("^Đã lưu"))


def figures(report: Report) -> dict[str, str]:
    return {each.indicator_key: str(each.amount) for each in report.figures.all()}


@pytest.mark.parametrize("width", [1366, 360])
def test_the_course_of_a_report(one, page_of, width):
    report = start(one)
    fill(one, report)
    save(one, report, "ttr1", c2="", c3="")

    page = page_of(one.officers[1], url("form", one, report.pk, "ttr1"), width)
    cell(page, "ttr1-cuoc-ky-truoc").click()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.keyboard.type("6")
    page.keyboard.press("ArrowDown")
    saved(page, "Đã lưu 1 ô.")
    expect(cell(page, "ttr1-cuoc")).to_have_attribute("placeholder", "= 10")
    paste(page, "ttr1-cuoc-ke-hoach", "7\t3\t5\r\n")
    all_saved(page)
    page.locator("#findings").get_by_text("Không có lỗi").wait_for()
    assert figures(report)["ttr1-cuoc-trong-ky"] == "6"
    assert figures(report)["ttr1-cuoc-dot-xuat"] == "3"

    page = page_of(one.heads[1], url("report", one, report.pk), width)
    page.get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_text("Số liệu đã khoá").wait_for()

    page = page_of(one.lead_officer, url("report", one, report.pk), width)
    page.get_by_role("button", name="Trả lại").click()
    page.get_by_label("Lý do trả lại").fill("Xem lại số cuộc đột xuất")
    page.get_by_role("dialog").get_by_role("button", name="Trả lại").click()
    page.get_by_text("Đã trả lại báo cáo của Bình.").wait_for()

    page = page_of(one.heads[1], url("form", one, report.pk, "ttr1"), width)
    cell(page, "ttr1-cuoc-dot-xuat").fill("4")
    cell(page, "ttr1-cuoc-ke-hoach").fill("6")
    page.keyboard.press("Tab")
    all_saved(page)
    page.locator("#findings").get_by_text("Không có lỗi").wait_for()
    page.goto(url("report", one, report.pk))
    page.get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_text("Số liệu đã khoá").wait_for()

    page = page_of(one.lead_officer, url("report", one, report.pk), width)
    assert "Biểu 01/TTr, cột 5" in page.locator("body").inner_text()
    page.get_by_role("button", name="Chấp nhận").click()
    page.get_by_role("dialog").get_by_role("button", name="Chấp nhận").click()
    page.get_by_text("Đã chấp nhận báo cáo.").wait_for()
    report.refresh_from_db()
    assert report.state == Report.State.ACCEPTED


def test_the_course_of_a_workbook(one, page_of, tmp_path, files_dir):
    report = start(one)
    page = page_of(one.officers[1], url("report", one, report.pk))
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất biểu mẫu").click()
    data = download.value.path().read_bytes()
    where = place("01 TTr", "ttr1-ket-luan")

    for value, said in (("bảy", "Chưa nạp gì: biểu có 1 chỗ phải sửa"), (7, "Đã nạp biểu: 1 ô")):
        file = tmp_path / "bieu.xlsx"
        file.write_bytes(put(data, "01 TTr", **{where: value}))
        page.goto(url("upload", one, report.pk))
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="Nạp biểu", exact=True).click()
        page.get_by_text(said).wait_for()

    assert figures(report) == {"ttr1-ket-luan": "7"}
    page.goto(url("upload", one, report.pk))
    page.get_by_text("Lần nạp gần nhất đã xong: “bieu.xlsx”").wait_for()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Xuất theo định dạng của đơn vị").click()
    book = load_workbook(io.BytesIO(kept.value.path().read_bytes()))
    assert book["01 TTr"][where].value == 7


def test_a_refused_paste_keeps_nothing_and_stays_to_be_put_right(one, page_of):
    report = start(one)
    page = page_of(one.officers[1], url("form", one, report.pk, "ttr1"))

    paste(page, "ttr1-ket-luan", "5\nbảy\n")

    page.locator("#e-ttr1-don-vi").get_by_text("không phải là số").wait_for()
    assert figures(report) == {}
    cell(page, "ttr1-don-vi").fill("7")
    page.keyboard.press("Enter")
    saved(page, "Đã lưu 2 ô.")
    assert figures(report) == {"ttr1-ket-luan": "5", "ttr1-don-vi": "7"}


def test_a_range_of_rows_and_columns_is_not_guessed_at(one, page_of):
    report = start(one)
    page = page_of(one.officers[1], url("form", one, report.pk, "ttr1"))

    paste(page, "ttr1-ket-luan", "1\t2\n3\t4\n")
    page.get_by_text("Hãy chép một hàng hoặc một cột").wait_for()
    paste(page, "ttr1-ghi-chu", "1\n2\n3\n")
    page.get_by_text("Chưa dán ô nào").wait_for()

    assert figures(report) == {}


def test_R08_two_people_in_one_cell_see_each_other(one, page_of):
    report = start(one)
    mine = page_of(one.officers[1], url("form", one, report.pk, "ttr1"))
    save(one, report, "ttr1", c6="7")

    cell(mine, "ttr1-ket-luan").fill("8")
    mine.keyboard.press("Enter")

    mine.locator("#e-ttr1-ket-luan").get_by_text("Cán bộ Bình vừa ghi “7”").wait_for()
    cell(mine, "ttr1-don-vi").fill("3")
    mine.keyboard.press("Enter")
    saved(mine, "còn 1 ô chưa lưu")
    assert figures(report) == {"ttr1-ket-luan": "7", "ttr1-don-vi": "3"}
    mine.get_by_role("button", name="Lưu", exact=True).click()
    saved(mine, "Đã lưu 1 ô.")
    assert figures(report)["ttr1-ket-luan"] == "8"


def test_a_list_grows_by_a_row(one, page_of):
    report = start(one)
    page = page_of(one.officers[1], url("form", one, report.pk, "pctn2"))

    page.get_by_role("button", name="Thêm dòng").click()
    page.locator("#list-rows > li").last.get_by_label("Tên vụ").fill("Vụ A")
    page.get_by_role("button", name="Lưu danh sách").click()
    page.get_by_text("Đã lưu Biểu 02/PCTN.").wait_for()

    assert report.list_rows.get().cells == {"pctn2-ten-vu": "Vụ A"}


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_fit_the_screen_and_have_no_accessibility_faults(one, page_of, width):
    report = start(one)
    fill(one, report)
    save(one, report, "ttr1", c1="5", c6="9")
    officer = one.heads[1]
    places = [
        url("list", one),
        url("period", one, report.period_id),
        url("report", one, report.pk),
        url("form", one, report.pk, "ttr1"),
        url("form", one, report.pk, "pctn2"),
        url("print", one, report.pk),
    ]
    page = page_of(officer, places[0], width)
    for address in places:
        page.goto(address)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0, address
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], address
