"""`thidua cleanup`: what nobody needs any more, and nothing else."""

import json
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.movements.browser import Browser
from thidua import cli
from thidua.accounts.models import HandledPost
from thidua.audit.models import Entry

SESSIONS = "/tai-khoan/phien/"


@pytest.fixture
def no_setup(monkeypatch):
    """Django is set up already."""
    monkeypatch.setattr(cli, "_set_up_django", lambda: None)


@pytest.fixture
def kept_and_old(world):
    """One old and one young of each; returns the browser whose session lives."""
    now = timezone.now()
    alive, ended = Browser(world.superior), Browser(world.one.lead_head)
    for browser in (alive, ended):
        browser.text(SESSIONS)
    key = ended.client.session.session_key
    Session.objects.filter(session_key=key).update(expire_date=now - timedelta(minutes=1))
    UserSession.objects.filter(session_key=key).update(last_seen_at=now - timedelta(hours=13))
    for number, age in enumerate((timedelta(days=6), timedelta(days=8))):
        HandledPost.objects.create(
            key=f"{number:032x}",
            user=world.superior,
            path="/",
            content="0" * 64,
            created_at=now - age,
        )
    for name, age in (("moi", timedelta(minutes=5)), ("cu", timedelta(hours=1))):
        attempt = AccessAttempt.objects.create(username=name, failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=now - age)
    return alive


def left():
    return (
        Session.objects.count(),
        UserSession.objects.count(),
        list(HandledPost.objects.values_list("key", flat=True)),
        list(AccessAttempt.objects.values_list("username", flat=True)),
    )


def test_cleanup_removes_what_is_over_and_says_how_much(kept_and_old, no_setup, capsys):
    journal = Entry.objects.count()

    assert cli.run(["cleanup"]) == 0

    assert left() == (1, 1, ["0" * 32], ["moi"])
    assert Entry.objects.count() == journal
    assert kept_and_old.get(SESSIONS).status_code == 200
    assert capsys.readouterr().out.splitlines() == [
        "Phiên đăng nhập đã hết hạn: dọn 1",
        "Mã lần gửi biểu mẫu cũ hơn 7 ngày: dọn 1",
        "Lần sai mật khẩu không còn tính: dọn 1",
    ]


def test_cleanup_twice_finds_nothing_more(kept_and_old, no_setup, capsys):
    assert cli.run(["cleanup", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"sessions": 1, "posts": 1, "failures": 1}

    assert cli.run(["cleanup", "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {"sessions": 0, "posts": 0, "failures": 0}


def test_cleanup_leaves_the_row_of_a_session_that_is_just_beginning(world, no_setup):
    Browser(world.superior).text(SESSIONS)
    Session.objects.all().delete()

    assert cli.run(["cleanup"]) == 0

    assert UserSession.objects.count() == 1
