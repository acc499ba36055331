"""The self-score form and the units that hand in nothing, in a real browser at both widths."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from tests.factories.scoring import issue_table, score_of, sheet_of
from tests.factories.world import make_world
from tests.scoring.unit_forms import claim, fact, filled, form_table

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(live_server: Any) -> Any:
    world = make_world(3)
    issue_table(world.one, form_table())
    return world.one


@pytest.fixture
def page_of(open_page: Any, live_server: Any, client_of: Any) -> Any:
    """A page of the product as a person sees it."""

    def show(person: Any, place: str, width: int) -> Any:
        page = open_page(width=width, height=800)
        name = settings.SESSION_COOKIE_NAME
        session = client_of(person).cookies[name].value
        page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page.goto(place)
        return page

    return show


def looked_at(page: Any, name: str, width: int) -> None:
    if shots := os.environ.get("THIDUA_SHOTS"):
        page.screenshot(path=Path(shots) / f"{name}-{width}.png", full_page=True)
    # Styles and letters first: a page half drawn is wider.
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.documentElement.scrollWidth") == width, name
    found = Axe().run(page)
    assert found.violations_count == 0, (name, found.generate_report())


def hand_over(page: Any, data: bytes) -> None:
    page.set_input_files("input[type=file]", {"name": "bieu.xlsx", "mimeType": "", "buffer": data})
    page.get_by_role("button", name="Kiểm tra và xem trước").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [1366, 360])
def test_an_officer_fills_in_the_form_and_takes_it_over(one, page_of, width):
    sheet = sheet_of(one, 1)
    bad = filled(sheet, fact("ty_le", "hay"), claim("B", "base", 9))
    good = filled(
        sheet,
        fact("ty_le", 80),
        claim("A/a1", "base", 5),
        claim("A/a1", "explanation", "Ba vụ liên ngành"),
        claim("B", "base", 4),
    )
    page = page_of(one.officers[1], reverse("scoring:sheet", args=[one.year.pk, sheet.pk]), width)

    with page.expect_download() as download:
        page.get_by_role("link", name="Tải biểu tự chấm (Excel)").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name="Nạp biểu đã điền").click()
    page.get_by_role("heading", name="Nạp biểu tự chấm đã điền").wait_for()
    looked_at(page, "nap-bieu", width)
    hand_over(page, bad)
    page.get_by_text("Chưa nạp gì: biểu có 2 chỗ phải sửa").wait_for()
    looked_at(page, "nap-bieu-sai", width)
    hand_over(page, good)
    page.get_by_role("heading", name="Biểu thay đổi 2/3 tiêu chí").wait_for()
    looked_at(page, "xem-truoc", width)
    page.get_by_role("button", name="Nạp 2 tiêu chí").click()

    page.get_by_text("Đã nạp biểu “bieu.xlsx”: 2 tiêu chí thay đổi.").wait_for()
    assert score_of(sheet, "B").base == 4


@pytest.mark.parametrize("width", [1366, 360])
def test_the_head_of_the_lead_records_a_unit_that_hands_in_nothing(one, page_of, width):
    page = page_of(one.lead_head, reverse("scoring:sheet_list", args=[one.year.pk]), width)

    page.locator("summary", has_text="Đơn vị không nộp bảng tự chấm").click()
    page.get_by_role("button", name="Ghi nhận không nộp Bình").click()
    looked_at(page, "khong-nop-hoi", width)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Lý do").fill("Giải thể từ tháng 10")
    dialog.get_by_role("button", name="Ghi nhận không nộp").click()
    page.get_by_text("không nộp bảng tự chấm; đơn vị này không xếp hạng").wait_for()
    looked_at(page, "khong-nop", width)
    page.get_by_role("button", name="Bỏ ghi nhận Bình").click()
    page.get_by_role("dialog").get_by_role("button", name="Bỏ ghi nhận").click()

    page.get_by_text("Đã bỏ ghi nhận").wait_for()
    assert not sheet_of(one, 1).is_set_aside
