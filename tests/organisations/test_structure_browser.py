"""The administrator's pages of organisations in a real browser."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from tests.factories.world import make_world
from tests.movements.browser import Browser

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_of_structure_fit_the_screen_and_axe_finds_nothing(
    live_server: Any, open_page: Any, width: int
) -> None:
    world = make_world()
    places = [
        reverse("organisations:structure"),
        reverse("organisations:organisation_new"),
        reverse("organisations:organisation_end", args=[world.centre.pk]),
        reverse("organisations:succession_new"),
        reverse("organisations:cluster_new"),
    ]
    name = settings.SESSION_COOKIE_NAME
    session = Browser(world.administrator).client.cookies[name].value
    page = open_page(width=width, height=800)
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])

    for place in places:
        page.goto(place)
        found = Axe().run(page).response["violations"]
        faults = [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]
        assert faults == [], place
        assert page.evaluate("document.documentElement.scrollWidth") == width, place
