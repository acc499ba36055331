"""The journal on screen: who reads it, how it is filtered."""

from datetime import datetime

import pytest
from django.urls import reverse

from tests.factories.world import HANOI, NOON
from tests.movements.browser import Browser
from thidua.audit.models import Action, Entry
from thidua.audit.services import record


def address(world):
    return reverse("home:journal", args=[world.one.year.pk])


SYSTEM = "/nhat-ky/"


@pytest.fixture
def kept(world):
    """Three entries of the year, one of the neighbour's, one of the system."""
    record(world.one.lead_officer, Action.LAUNCH_DRAFTED, world.one.year, at=NOON)
    record(
        world.one.lead_head,
        Action.MEMBERS_SET,
        world.one.year,
        at=datetime(2026, 3, 5, 9, 5, 7, tzinfo=HANOI),
        members=["An", "Bình"],
        members_as_of="2026-01-15",
    )
    record(world.administrator, Action.YEAR_OPENED, world.one.year, at=NOON)
    record(world.two.lead_head, Action.LAUNCH_PUBLISHED, world.two.year, at=NOON)
    record(world.administrator, Action.PERSON_ADDED, world.stranger, at=NOON)


def actions(browser, url):
    return [entry.action for entry in browser.get(url).context["page"].object_list]


def test_T01_journal_of_the_year_is_for_lead_superior_and_administrator(world, kept):
    readers = [
        world.one.lead_head,
        world.one.lead_officer,
        world.superior,
        world.administrator,
    ]
    others = [
        *world.one.heads[1:],
        *world.one.officers[1:],
        world.one.appraiser,
        *world.two.heads,
        world.stranger,
    ]

    assert {Browser(user).get(address(world)).status_code for user in readers} == {200}
    assert {Browser(user).get(address(world)).status_code for user in others} == {404}


def test_T01_journal_of_the_system_is_for_the_administrator(world, kept):
    assert Browser(world.administrator).get(SYSTEM).status_code == 200
    for user in (world.one.lead_head, world.superior, world.stranger):
        assert Browser(user).get(SYSTEM).status_code == 404


def test_journal_shows_the_years_own_acts_in_words_newest_first(world, kept):
    browser = Browser(world.superior)

    text = browser.text(address(world))

    assert actions(browser, address(world)) == ["year_opened", "members_set", "launch_drafted"]
    assert "09:05:07 05/03/2026" in text
    assert "Chọn đơn vị thành viên" in text
    assert "Tính đến ngày" in text
    assert "15/01/2026" in text
    assert "2026-01-15" not in text
    assert "An, Bình" in text
    assert "Cụm hai" not in text


def test_journal_of_the_system_is_linked_for_the_administrator_only(world, kept):
    link = f'href="{SYSTEM}"'

    assert link in Browser(world.administrator).text(address(world))
    assert link in Browser(world.administrator).text(reverse("organisations:person_list"))
    assert link not in Browser(world.superior).text(address(world))
    assert link not in Browser(world.administrator).text(SYSTEM)


def test_filter_of_the_journal_does_not_repeat_that_it_is_optional(world, kept):
    assert "(không bắt buộc)" not in Browser(world.superior).text(address(world))


def test_journal_of_the_system_shows_acts_outside_any_year(world, kept):
    found = actions(Browser(world.administrator), SYSTEM)

    assert "person_added" in found
    assert not {"members_set", "launch_published"} & set(found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=members_set", ["members_set"]),
        ("person=truong+an", ["members_set"]),
        ("since=03/03/2026", ["members_set"]),
        ("until=04/03/2026", ["year_opened", "launch_drafted"]),
        ("since=02/03/2026&until=02/03/2026&person=Quản", ["year_opened"]),
        ("person=kh%C3%B4ng+ai", []),
    ],
)
def test_journal_is_filtered_by_action_person_and_days(world, kept, query, found):
    assert actions(Browser(world.superior), f"{address(world)}?{query}") == found


def test_journal_says_what_it_did_not_understand_and_filters_by_the_rest(world, kept):
    browser = Browser(world.superior)
    url = f"{address(world)}?since=mai&action=bậy&until=04/03/2026"

    text = browser.text(url)

    assert "Nhập ngày theo dạng ngày/tháng/năm" in text
    assert actions(browser, url) == ["year_opened", "launch_drafted"]


def test_journal_without_a_row_says_so(world, kept):
    assert "Không có dòng nhật ký nào" in Browser(world.superior).text(
        f"{address(world)}?action=sheet_finalised"
    )


def test_journal_keeps_its_filter_from_page_to_page(world):
    for _ in range(60):
        record(world.one.lead_head, Action.YEAR_CHANGED, world.one.year, at=NOON)
    record(world.one.lead_head, Action.YEAR_OPENED, world.one.year, at=NOON)
    browser = Browser(world.superior)

    text = browser.text(f"{address(world)}?action=year_changed")

    assert "?action=year_changed&amp;page=2" in text
    assert len(actions(browser, f"{address(world)}?action=year_changed&page=2")) == 10
    assert len(actions(browser, f"{address(world)}?page=99")) == 11


def test_journal_asks_as_much_for_three_entries_as_for_one(world):
    browser = Browser(world.superior)
    counted = []
    for number in (1, 2):
        for _ in range(number):
            record(world.one.lead_head, Action.YEAR_CHANGED, world.one.year, at=NOON, reason="x")
        counted.append(browser.queries(address(world)))

    assert Entry.objects.filter(year_id=world.one.year.pk).count() == 3
    assert counted[0] == counted[1]
