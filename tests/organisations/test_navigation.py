"""The navigation on every page."""

import pytest
from django.urls import reverse

from tests.movements.browser import Browser
from thidua.organisations.models import EmulationYear, Membership

COMMON = [
    "Tổng quan",
    "Phát động",
    "Giao ước",
    "Báo cáo",
    "Bảng điểm",
    "Chấm điểm",
    "Chấm chéo",
    "Xếp hạng",
    "Bỏ phiếu",
    "Thời hạn",
    "Thành viên",
]


def items(browser, address):
    return browser.get(address).context["navigation"]


def labels(user, address):
    return [item.label for item in items(Browser(user), address)]


def test_navigation_fits_the_role(world):
    address = reverse("home:year", args=[world.one.year.pk])

    assert labels(world.one.officers[1], address) == COMMON
    assert labels(world.one.appraiser, address) == COMMON
    assert labels(world.one.lead_officer, address) == [*COMMON, "Nhật ký"]
    assert labels(world.superior, address) == [*COMMON, "Nhật ký"]
    assert labels(world.administrator, address) == [*COMMON, "Nhật ký", "Người dùng"]


def test_navigation_of_a_stranger_has_only_the_clocks_and_before_signing_in_nothing(world):
    assert labels(world.stranger, reverse("organisations:year_list")) == ["Thời hạn"]
    assert items(Browser(), reverse("account_login")) == []


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("home:year", "Tổng quan"),
        ("home:journal", "Nhật ký"),
        ("movements:launch", "Phát động"),
        ("pacts:board", "Giao ước"),
        ("documents:certificates", "Giao ước"),
        ("scoring:scale", "Bảng điểm"),
        ("scoring:sheet_list", "Chấm điểm"),
        ("scoring:ranking", "Xếp hạng"),
        ("ballots:list", "Bỏ phiếu"),
        ("organisations:year_members", "Thành viên"),
    ],
)
def test_navigation_marks_the_one_room_a_page_belongs_to(world, name, here):
    found = items(Browser(world.superior), reverse(name, args=[world.one.year.pk]))

    assert [item.label for item in found if item.active] == [here]


def test_year_last_looked_at_is_the_year_of_pages_without_one(world):
    earlier = EmulationYear.objects.create(
        cluster=world.one.cluster, year=2025, members_as_of="2025-01-01"
    )
    Membership.objects.create(
        year=earlier, organisation=world.one.memberships[0].organisation, order=1
    )
    browser = Browser(world.one.lead_head)

    assert browser.get("/").url == reverse("home:year", args=[world.one.year.pk])
    browser.get(reverse("home:year", args=[earlier.pk]))

    assert browser.get("/").url == reverse("home:year", args=[earlier.pk])
    text = browser.text(reverse("account_sessions"))
    assert "Cụm một năm 2025" in text


def test_navigation_asks_few_queries(world, django_assert_num_queries):
    """Who, which session, which year, which part, how many unseen; for administrators too."""
    for user in (world.one.heads[1], world.administrator):
        browser = Browser(user)
        assert browser.queries(reverse("account_sessions")) <= 8
