"""The voter's screen in a real browser: keyboard, two tabs, a lost connection, a ballot closed meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.ballots.polls import Poll, open_poll
from tests.factories.world import NOON, make_world
from tests.movements.browser import BACKEND
from thidua.accounts.models import User
from thidua.ballots import services
from thidua.ballots.models import Question

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = 20_000

OpenAs = Callable[[User], Page]


@pytest.fixture
def poll(files_dir) -> Poll:
    return open_poll(
        make_world(),
        names=("An", "Bình", "Cường"),
        questions=[
            (Question.Kind.CHOOSE, 2, "Đơn vị dẫn đầu"),
            (Question.Kind.APPROVE, 3, "Tặng cờ"),
        ],
    )


@pytest.fixture
def open_as(open_page: Any, live_server: Any, poll: Poll) -> OpenAs:
    """The voter's page of somebody signed in."""

    def open_(person: User, page: Page | None = None) -> Page:
        client = Client()
        client.force_login(person, backend=BACKEND)
        page = page or open_page()
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(reverse("ballots:vote", args=[poll.ballot.year_id, poll.ballot.pk]))
        return page

    return open_


def fill(page: Page, code: str) -> None:
    page.get_by_role("checkbox", name="An", exact=True).check()
    for line in ("An", "Bình", "Cường"):
        page.get_by_role("radiogroup", name=line).get_by_label("Đồng ý", exact=True).check()
    page.get_by_label("Mã phiếu của bạn").fill(code)
    page.get_by_role("button", name="Xem lại phiếu").click()


def send(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Bỏ phiếu").click()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_whole_vote_by_keyboard_alone(poll, open_as):
    person = poll.people[0]
    page = open_as(person)
    page.locator(".vote-question input").first.focus()

    press(page, "Space", "Tab", "Space", "Tab", "Tab", "Tab")  # An, Bình; past Cường and blank
    for _ in range(3):
        press(page, "Space", "Tab")  # the first side of each line
    press(page, "Tab")  # past the blank vote
    page.keyboard.type(poll.codes[person.pk])
    press(page, "Enter")
    review = page.get_by_role("dialog")
    expect(review).to_contain_text("Cường: Đồng ý")
    press(page, "Tab", "Enter")

    expect(page.locator("#receipt")).to_be_focused(timeout=SEEN)
    tracker = page.locator("#tracker").inner_text()
    assert list(poll.ballot.papers.values_list("tracker", flat=True)) == [tracker]


def test_more_than_allowed_is_said_at_its_question_and_nothing_is_sent(poll, open_as):
    person = poll.people[0]
    page = open_as(person)
    for name in ("An", "Bình", "Cường"):
        page.get_by_role("checkbox", name=name, exact=True).check()
    page.get_by_label("Mã phiếu của bạn").fill(poll.codes[person.pk])

    page.get_by_role("button", name="Xem lại phiếu").click()

    expect(page.get_by_text("Đã chọn 3 dòng; chỉ được chọn tối đa 2.")).to_be_visible()
    expect(page.get_by_text("Dòng “An” chưa chọn Đồng ý hay Không đồng ý.")).to_be_visible()
    assert not poll.ballot.papers.exists()


def test_blank_unmarks_the_others_and_the_other_way_round(poll, open_as):
    page = open_as(poll.people[0])
    blank = page.get_by_label("Phiếu trắng: không chọn ai")

    page.get_by_role("checkbox", name="An", exact=True).check()
    blank.check()
    expect(page.get_by_role("checkbox", name="An", exact=True)).not_to_be_checked()
    page.get_by_role("checkbox", name="Bình", exact=True).check()

    expect(blank).not_to_be_checked()


def test_T07_two_tabs_give_one_paper_and_one_clear_answer(poll, open_as):
    person = poll.people[0]
    first, second = open_as(person), open_as(person)
    for page in (first, second):
        fill(page, poll.codes[person.pk])

    send(first)
    expect(first.locator("#receipt")).to_be_visible(timeout=SEEN)
    send(second)

    expect(second.locator("#vote-error")).to_contain_text(
        "Bạn đã bỏ phiếu trên máy rồi", timeout=SEEN
    )
    assert poll.ballot.papers.count() == 1


def test_R11_a_lost_answer_is_asked_for_again_with_the_same_paper(poll, open_as):
    person = poll.people[0]
    page = open_as(person)
    fill(page, poll.codes[person.pk])
    sent: list[str] = []

    def lose(route: Any) -> None:
        """The paper arrives; the answer does not."""
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/phieu/gui/", lose)
    send(page)
    expect(page.locator("#vote-error")).to_contain_text("Mất kết nối", timeout=SEEN)
    page.get_by_role("dialog").get_by_role("button", name="Gửi lại").click()

    expect(page.locator("#receipt")).to_be_visible(timeout=SEEN)
    assert sent[0] == sent[1]
    assert poll.ballot.papers.count() == 1


def test_a_ballot_closed_meanwhile_says_so_and_keeps_what_was_chosen(poll, open_as):
    person = poll.people[0]
    page = open_as(person)
    fill(page, poll.codes[person.pk])
    services.close_ballot(ballot=poll.ballot, actor=poll.ballot.chair, at=NOON)

    send(page)

    expect(page.locator("#vote-error")).to_contain_text("đã đóng nên phiếu này", timeout=SEEN)
    page.get_by_role("button", name="Sửa lại").click()
    expect(page.get_by_role("checkbox", name="An", exact=True)).to_be_checked()
    assert not poll.ballot.papers.exists()


def test_somebody_elses_code_shape_with_another_ballot_is_refused_in_words(poll, open_as):
    page = open_as(poll.people[0])
    fill(page, "111-111-111-111-111")
    expect(page.get_by_text("Mã phiếu gõ chưa đúng")).to_be_visible()


def test_T05_the_page_keeps_no_choice_in_the_browser(poll, open_as):
    person = poll.people[0]
    page = open_as(person)
    fill(page, poll.codes[person.pk])
    send(page)
    expect(page.locator("#receipt")).to_be_visible(timeout=SEEN)

    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")

    assert "An" not in kept
    assert poll.codes[person.pk] not in kept
    assert poll.codes[person.pk] not in page.content()


def test_who_signs_in_again_in_another_tab_sends_the_same_paper(poll, open_as):
    person = poll.people[0]
    page = open_as(person)
    fill(page, poll.codes[person.pk])
    page.context.clear_cookies()
    send(page)
    expect(page.locator("#vote-error")).to_contain_text("phiên làm việc đã hết", timeout=SEEN)

    open_as(person, page.context.new_page())
    page.get_by_role("dialog").get_by_role("button", name="Gửi lại").click()

    expect(page.locator("#receipt")).to_be_visible(timeout=SEEN)
    assert poll.ballot.papers.count() == 1
