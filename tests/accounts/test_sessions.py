"""One's own sessions: seen, and really ended."""

from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.accounts import UserFactory
from thidua.accounts.queries import in_words, short_address
from thidua.audit.models import Action, Entry

SESSIONS = "/tai-khoan/phien/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)
MORNING = datetime.fromisoformat("2026-03-02T08:00:00+07:00")


@pytest.fixture
def two(user, sign_in):
    """Two browsers of one person, both at work."""
    here = sign_in(user, **{"user-agent": FIREFOX})
    there = sign_in(user, **{"user-agent": CHROME})
    for client in (here, there):
        client.get(SESSIONS)
    return here, there


def row_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def test_sessions_show_place_browser_and_times_of_each(user, sign_in):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(user, **{"user-agent": CHROME}).get(SESSIONS, REMOTE_ADDR="203.0.113.9")
        clock.shift(timedelta(minutes=5))
        here = sign_in(user, **{"user-agent": FIREFOX})
        page = here.get(SESSIONS).content.decode()

    for shown in (
        "Firefox 128 trên Linux",
        "máy này",
        "08:05 02/03/2026",
        "Phiên này",
        "Chrome 126 trên Windows",
        "203.0.113.9",
        "08:00 02/03/2026",
    ):
        assert shown in page
    assert page.index("Firefox 128") < page.index("Chrome 126")
    assert page.count(">Kết thúc<") == 1


def test_a_single_session_offers_nothing_to_end(user, sign_in):
    page = sign_in(user).get(SESSIONS).content.decode()

    assert "Kết thúc mọi phiên khác" not in page
    assert ">Kết thúc<" not in page


def test_sessions_of_other_people_are_not_shown(two, sign_in):
    stranger = sign_in(UserFactory(), **{"user-agent": "Opera OPR/99"})

    page = stranger.get(SESSIONS).content.decode()

    assert "Opera 99" in page
    assert "Firefox" not in page


def test_sessions_that_ended_idle_are_not_shown(user, sign_in):
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(user, **{"user-agent": CHROME}).get(SESSIONS)
        clock.shift(timedelta(minutes=16))
        page = sign_in(user).get(SESSIONS).content.decode()

    assert "Chrome" not in page


def test_ending_one_session_really_ends_it(user, two):
    here, there = two

    answer = here.post(SESSIONS, {"session": row_of(there).pk}, follow=True)

    assert "Đã kết thúc phiên đăng nhập đã chọn." in answer.content.decode()
    assert there.get(SESSIONS).status_code == 302
    assert here.get(SESSIONS).status_code == 200
    entry = Entry.objects.get(action=Action.SESSION_ENDED)
    assert (entry.actor, entry.details) == (user, {"sessions": 1})


def test_ending_all_others_leaves_this_one(user, two, sign_in):
    here, there = two
    third = sign_in(user)
    third.get(SESSIONS)

    here.post(SESSIONS)

    assert here.get(SESSIONS).status_code == 200
    assert {there.get(SESSIONS).status_code, third.get(SESSIONS).status_code} == {302}
    assert Entry.objects.get(action=Action.SESSION_ENDED).details == {"sessions": 2}


@pytest.mark.parametrize("sent", ["0", "x", "-1", "999999999999999999999999"])
def test_ending_a_session_that_is_not_there_is_404(two, sent):
    assert two[0].post(SESSIONS, {"session": sent}).status_code == 404


def test_T01_ending_the_session_of_another_person_is_404(two, sign_in):
    stranger = sign_in(UserFactory())

    answer = stranger.post(SESSIONS, {"session": row_of(two[0]).pk})

    assert answer.status_code == 404
    assert two[0].get(SESSIONS).status_code == 200


def test_T12_ending_a_session_needs_the_token_of_the_page(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    assert client.post(SESSIONS).status_code == 403


def test_sessions_page_asks_the_database_as_often_for_one_as_for_three(user, sign_in):
    clients = []
    counted = []
    for more in (1, 2):
        clients += [sign_in(user) for _ in range(more)]
        for client in clients:
            client.get(SESSIONS)
        with CaptureQueriesContext(connection) as asked:
            page = clients[0].get(SESSIONS).content.decode()
        counted.append((page.count(">Kết thúc<"), len(asked)))

    one, three = counted
    # One's own session is ended by signing out.
    assert (one[0], three[0]) == (0, 2)
    assert one[1] == three[1]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox 128 trên Linux"),
        (CHROME, "Chrome 126 trên Windows"),
        (CHROME + " Edg/126.0", "Edge 126 trên Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/120.0 Chrome/114",
            "Cốc Cốc 120 trên Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari 17 trên iPhone",
        ),
        ("Mozilla/5.0 (Android 14)", "Trình duyệt trên Android"),
        ("curl/8", "Không rõ trình duyệt"),
        ("<script>alert(1)</script>", "Không rõ trình duyệt"),
    ],
)
def test_a_browser_is_told_in_words(agent, words):
    assert in_words(agent) == words


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("127.0.0.1", "máy này"),
        ("::1", "máy này"),
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002:…"),
    ],
)
def test_an_address_is_told_in_short(address, short):
    assert short_address(address) == short


def test_the_page_belongs_to_the_menu_of_the_account():
    assert reverse("account_sessions") == SESSIONS
