"""The roll-up in a real browser: charts and tables on a wide screen, a phone, in the dark, on paper."""

from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.world import make_world
from tests.movements.browser import BACKEND
from tests.reporting.made import MARCH, open_periods
from tests.reporting.rolled import columns, put

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGES = ("rollup", "picture", "rates", "rollup_periods", "published")


@pytest.fixture
def one(live_server: Any) -> Any:
    with time_machine.travel(MARCH, tick=True):
        one = make_world().one
        periods = open_periods(one)
        put(one, 0, periods["q1"], columns("ttr1", c2=5, c3=10, c6=3, c8="1234567.5"))
        put(one, 1, periods["q1"], columns("ttr1", c2=1, c3=2, c6=0))
        yield one


@pytest.fixture
def page_of(one: Any, open_page: Any, live_server: Any) -> Any:
    def show(name: str, **screen: Any) -> Any:
        page = open_page(**screen)
        client = Client()
        client.force_login(one.lead_officer, backend=BACKEND)
        cookie = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": cookie, "value": client.cookies[cookie].value, "url": live_server.url}]
        )
        address = reverse(f"reports:{name}", args=[one.year.pk])
        page.goto(f"{address}?set=thai-binh-quy-1-2024&counts=submitted")
        return page

    return show


@pytest.mark.parametrize(
    "screen",
    [
        {"width": 1366, "height": 768, "color_scheme": "light"},
        {"width": 360, "height": 740, "color_scheme": "dark"},
    ],
)
def test_pages_fit_the_screen_and_axe_finds_nothing(page_of, screen):
    for name in PAGES:
        page = page_of(name, **screen)

        found = Axe().run(page).response["violations"]

        assert [(name, fault["id"]) for fault in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]


def test_the_charts_keep_their_letters_and_colours_without_inline_style(page_of):
    page = page_of("picture", width=360, height=740)

    size = page.locator(".graph-name").first.evaluate("each => getComputedStyle(each).fontSize")
    bar = page.locator(".graph-bar").first
    assert size == "12px"
    assert bar.evaluate("each => getComputedStyle(each).fill") == "rgb(15, 83, 89)"
    assert bar.bounding_box()["width"] > 100
    assert page.get_by_role("img", name="Báo cáo của các đơn vị năm 2026").is_visible()


def test_choosing_another_form_rolls_it_up(page_of):
    page = page_of("rollup", width=1366, height=768)

    page.get_by_label("Biểu").select_option("ttr2")
    page.get_by_label("Bình").check()
    page.get_by_role("button", name="Tổng hợp").click()

    page.get_by_text("02/TTr · Quý I 2026 · 1 đơn vị").wait_for()


def test_paper_shows_the_chart_and_its_table(page_of):
    page = page_of("picture", width=1366, height=768)

    page.emulate_media(media="print")

    assert page.locator(".graph-bar").first.is_visible()
    assert page.locator(".graph-table table").last.is_visible()
    assert not page.locator(".rollup-form").is_visible()
