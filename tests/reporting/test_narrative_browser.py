"""The narrative in a real browser: written, figures put in, a file beside it, handed in by the head."""

import re
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories.world import make_world
from tests.reporting.made import MARCH, fill, save, start
from thidua.reporting import services
from thidua.reporting.models import NarrativeAttachment, NarrativeSection, Report

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(live_server: Any, files_dir: Any) -> Any:
    with time_machine.travel(MARCH, tick=True):
        yield make_world().one


def url(name: str, one: Any, *args: Any) -> str:
    return reverse(f"reports:{name}", args=[one.year.pk, *args])


def section(page: Any, key: str) -> Any:
    return page.locator(f"#muc-{key}")


def text(report: Report, key: str) -> str:
    return NarrativeSection.objects.get(report=report, section_key=key).text


def ready(one: Any) -> Report:
    """Everything but two sections of the first outline."""
    report = start(one)
    fill(one, report)
    save(one, report, "ttr1", c2="4", c3="6", c4="7", c5="3")
    NarrativeSection.objects.filter(
        outline_key="mau01", section_key__in=["trien-khai", "ket-luan"]
    ).delete()
    return report


@pytest.mark.parametrize("width", [1366, 360])
def test_a_narrative_from_the_first_word_to_hand_in(one, page_of, width):
    report = ready(one)

    page = page_of(one.officers[1], url("narrative", one, report.pk, "mau01"), width)
    launching = section(page, "trien-khai")
    launching.locator("textarea").fill("Triển khai theo kế hoạch được duyệt.")
    if width < 960:
        launching.locator("summary").click()
    launching.get_by_role("button", name="Chèn câu: Số cuộc thanh tra").click()
    expect(launching.locator(".save-state")).to_have_text("Đã lưu.")
    assert text(report, "trien-khai") == (
        "Triển khai theo kế hoạch được duyệt.\nSố cuộc thanh tra thực hiện trong kỳ: 10 cuộc (kỳ trước "
        "chuyển sang: 4 cuộc; triển khai trong kỳ: 6 cuộc)."
    )
    section(page, "ket-luan").locator("textarea").fill("Chưa ban hành kết luận nào trong kỳ.")
    section(page, "ket-luan").locator("textarea").press("Tab")
    expect(page.locator("#progress")).to_contain_text("10/10 mục đã viết")
    expect(page.locator("#state")).to_have_text("Đủ")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    section(page, "ket-luan").get_by_role("link", name="Kèm tệp").click()
    page.set_input_files(
        "input[type=file]",
        {"name": "Danh mục.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 danh muc"},
    )
    page.get_by_label("Nội dung tệp").fill("Danh mục cuộc thanh tra")
    page.get_by_role("button", name="Gửi tệp").click()
    page.locator("#tep").get_by_role("link", name="Danh mục.pdf").wait_for()
    assert NarrativeAttachment.objects.get().section_key == "ket-luan"

    page = page_of(one.heads[1], url("report", one, report.pk), width)
    page.get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_text("Số liệu đã khoá").wait_for()
    page.goto(url("narrative", one, report.pk, "mau01"))
    page.get_by_text("Báo cáo đã nộp: chỉ xem.").wait_for()
    expect(page.locator("textarea")).to_have_count(0)


def test_R08_two_people_in_one_section_choose_between_both_texts(one, page_of):
    report = ready(one)
    page = page_of(one.officers[1], url("narrative", one, report.pk, "mau01"))
    services.save_section(
        report=report,
        outline="mau01",
        section="ket-luan",
        text="Bản của thủ trưởng.",
        seen=0,
        actor=one.heads[1],
        at=MARCH,
    )

    mine = section(page, "ket-luan")
    mine.locator("textarea").fill("Bản của cán bộ.")
    mine.locator("textarea").press("Tab")
    mine.get_by_text("Trưởng Bình vừa lưu bản khác").wait_for()
    expect(mine.locator(".narrative-theirs")).to_contain_text("Bản của thủ trưởng.")
    assert text(report, "ket-luan") == "Bản của thủ trưởng."

    mine.get_by_role("button", name="Giữ bản của tôi").click()
    expect(mine.locator(".save-state")).to_have_text("Đã lưu.")
    assert text(report, "ket-luan") == "Bản của cán bộ."


def test_T09_a_name_is_asked_about_before_it_is_kept(one, page_of):
    report = ready(one)
    page = page_of(one.officers[1], url("narrative", one, report.pk, "mau01"))

    mine = section(page, "ket-luan")
    mine.locator("textarea").fill("Theo đơn tố cáo của bà Trần Thị B.")
    mine.locator("textarea").press("Tab")
    mine.get_by_text("Có chữ cho biết ai là người tố cáo").wait_for()
    assert not NarrativeSection.objects.filter(section_key="ket-luan").exists()

    mine.get_by_role("button", name="Tôi đã xem lại, vẫn lưu").click()
    expect(mine.locator(".save-state")).to_have_text("Đã lưu.")
    assert text(report, "ket-luan") == "Theo đơn tố cáo của bà Trần Thị B."


def test_pages_of_the_narrative_are_free_of_axe_findings(one, page_of):
    report = ready(one)
    page = page_of(one.officers[1], url("narrative", one, report.pk, "mau01"))
    for place in (
        url("narrative", one, report.pk, "mau01"),
        url("attachment_add", one, report.pk),
        url("outlines", one),
    ):
        page.goto(place)
        assert Axe().run(page).response["violations"] == []
    page = page_of(one.lead_officer, url("outline", one, "mau01"), 360)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_is_typed_is_saved_without_leaving_the_field(one, page_of):
    report = ready(one)
    page = page_of(one.officers[1], url("narrative", one, report.pk, "mau01"))

    section(page, "ket-luan").locator("textarea").press_sequentially("Một ý.")

    expect(section(page, "ket-luan").locator(".save-state")).to_have_text(
        re.compile("^Đã lưu"), timeout=10_000
    )
    assert text(report, "ket-luan") == "Một ý."
