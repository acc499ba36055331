"""Deadlines and the working calendar in a real browser."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from tests.factories.world import make_world
from tests.movements.browser import Browser
from thidua.reporting.models import StoredCalendarYear

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DEADLINE = reverse("reporting:deadline")
ANSWER = f"{DEADLINE}?clock=inspection-maximum-ttcp&start=27/11/2026"


def signed_in(page: Any, user: Any, origin: str) -> None:
    name = settings.SESSION_COOKIE_NAME
    session = Browser(user).client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": origin}])


def faults_of(page: Any) -> list[tuple[str, Any]]:
    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_of_deadlines_fit_the_screen_and_axe_finds_nothing(
    live_server: Any, open_page: Any, width: int
) -> None:
    page = open_page(width=width, height=800)
    signed_in(page, make_world().administrator, live_server.url)

    for place in (
        DEADLINE,
        ANSWER,
        f"{DEADLINE}?clock=complaint-first-settlement&start=32/01/2026",
        f"{DEADLINE}?clock=complaint-acceptance&start=28/12/2027",
        reverse("reporting:clock_list"),
        reverse("reporting:clock_setting", args=["inspection-maximum-ttcp"]),
        reverse("reporting:due_days"),
        reverse("reporting:calendar_list"),
        reverse("reporting:calendar_year", args=[2026]),
        reverse("reporting:calendar_edit", args=[2027]),
    ):
        page.goto(place)
        assert faults_of(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") == width, place


def test_a_person_finds_a_clock_computes_prints_and_the_administrator_adds_the_missing_year(
    live_server: Any, open_page: Any
) -> None:
    page = open_page(width=1366, height=800)
    signed_in(page, make_world().administrator, live_server.url)
    page.goto(DEADLINE)

    page.get_by_label("Tìm thời hạn").fill("thu ly khieu nai")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Thụ lý hoặc thông báo không thụ lý khiếu nại").click()
    page.get_by_label("Ngày nhận được đơn khiếu nại").fill("28/12/2027")
    page.get_by_role("button", name="Tính thời hạn").click()
    page.get_by_role("link", name="Thêm lịch năm 2028").click()
    page.get_by_label("Văn bản làm căn cứ").fill("Công văn 1/VPCP-KGVX")
    page.get_by_label("Các đợt nghỉ").fill("01/01/2028 – 03/01/2028 | Tết Dương lịch")
    page.get_by_role("button", name="Kiểm tra và xem trước").click()
    page.get_by_role("heading", name="Xem trước lịch năm 2028").wait_for()
    assert faults_of(page) == []
    page.get_by_role("button", name="Lưu lịch năm 2028").click()
    page.get_by_role("heading", name="Lịch làm việc năm 2028").wait_for()

    assert page.get_by_text("Đã lưu lịch làm việc năm 2028.").is_visible()
    assert StoredCalendarYear.objects.get().number == 1
    page.goto(f"{DEADLINE}?clock=complaint-acceptance&start=28/12/2027")
    page.emulate_media(media="print")
    assert page.locator(".answer-due").inner_text() == "Thứ Sáu 07/01/2028"
    assert not page.get_by_role("button", name="Tính lại").is_visible()
