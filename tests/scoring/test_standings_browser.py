"""The pages of the ranking in a real browser, at both widths."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.factories.scoring import decide, issue_table, score_of, sheet_of, submit
from tests.factories.world import NOON, make_world
from tests.scoring.ranked import finish, ranked_year
from tests.scoring.test_terms import termed_table
from thidua.scoring import services
from thidua.scoring.models import UnitTerms

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(live_server: Any) -> Any:
    """Five units: three final, of which two are tied; one appraised and disputed; one a draft."""
    world = make_world(5)
    one = world.one
    ranked_year(one)
    finish(one, 0)
    finish(one, 1)
    finish(one, 2, bang_khen="yes")
    sheet = submit(one, 3)
    decide(sheet, "a1", one.appraiser, "3", reason="Thiếu minh chứng")
    services.explain(score=score_of(sheet, "a1"), text="Có đủ", actor=one.officers[3], at=NOON)
    # The neighbouring cluster has a table with targets and sizes.
    other = world.two
    table = issue_table(other, termed_table())
    UnitTerms.objects.create(
        criteria_set=table,
        membership=other.memberships[1],
        targets={"thu_hoi": "1200.5"},
        tiers={"Cỡ": "lớn"},
        not_assigned=["3"],
        group="Đồng bằng",
        changed_by=other.lead_officer,
        changed_at=NOON,
    )
    one.other = other
    return one


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_of_the_ranking_fit_the_screen_and_axe_finds_nothing(one, page_of, width):
    def at(name: str, *args: int) -> str:
        return reverse(f"scoring:{name}", args=[one.year.pk, *args])

    disputed = sheet_of(one, 3)
    a1 = score_of(disputed, "a1").criterion
    other = one.other
    places = {
        "xep-hang": at("ranking"),
        "bang-nhau": at("ties"),
        "ma-tran": at("matrix"),
        "diem": at("point", disputed.pk, a1.pk),
        "nhom": at("point", disputed.pk, a1.parent_id),
        "thu": at("what_if") + f"?d-{disputed.pk}-{a1.pk}=8",
        "do-vung": at("robustness"),
        "thong-so": reverse("scoring:terms", args=[other.year.pk]),
        "sua-thong-so": reverse(
            "scoring:terms_edit", args=[other.year.pk, other.memberships[1].pk]
        ),
    }
    page = page_of(one.lead_head, places["xep-hang"], width)
    for name, place in places.items():
        shown = page
        if str(other.year.pk) == place.split("/")[2]:
            shown = page_of(other.lead_officer, place, width)
        else:
            shown.goto(place)
        if shots := os.environ.get("THIDUA_SHOTS"):
            shown.screenshot(path=Path(shots) / f"{name}-{width}.png", full_page=True)
        assert shown.evaluate("document.documentElement.scrollWidth") == width, place
        found = Axe().run(shown)
        assert found.violations_count == 0, (place, found.generate_report())


def test_the_head_orders_a_tie_and_the_ranking_follows(one, page_of):
    page = page_of(one.lead_head, reverse("scoring:ranking", args=[one.year.pk]))

    page.get_by_role("link", name="Ghi quyết định xếp thứ tự").click()
    page.get_by_label("Thứ tự của An").select_option("2")
    page.get_by_label("Thứ tự của Bình").select_option("1")
    page.get_by_label("Lý do").fill("Theo biên bản họp cụm")
    page.get_by_role("button", name="Ghi quyết định").click()

    page.get_by_text("Đã ghi quyết định xếp thứ tự.").wait_for()
    rows = page.locator("table.ranking tbody tr").all_inner_texts()
    assert [" ".join(row.split()[:5]) for row in rows[:3]] == [
        "1 Thanh tra tỉnh Cường",
        "2 Thanh tra tỉnh Bình",
        "3 Thanh tra tỉnh An",
    ]


def test_a_point_opens_from_the_matrix(one, page_of):
    page = page_of(one.lead_head, reverse("scoring:matrix", args=[one.year.pk]))

    page.locator("table.matrix tbody tr", has_text="Dũng").get_by_role("link").nth(1).click()

    page.get_by_role("heading", name="a1. Thanh tra").wait_for()
    assert page.get_by_text("Thiếu minh chứng").count() > 0
