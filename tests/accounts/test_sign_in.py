"""Signing in: one answer for every failure, a lock, sessions that end."""

import time
from datetime import datetime, timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.factories.accounts import PASSWORD, UserFactory
from thidua.accounts.adapter import REFUSED
from thidua.accounts.models import User
from thidua.accounts.services import disable, enable, sign_in
from thidua.audit.models import Action, Entry

SIGN_IN = "/tai-khoan/dang-nhap/"
SESSIONS = "/tai-khoan/phien/"
MORNING = datetime.fromisoformat("2026-03-02T08:00:00+07:00")


def attempt(username, password="sai-mat-khau-roi", client=None, **extra):
    client = client or Client()
    return client.post(SIGN_IN, {"login": username, "password": password}, **extra)


def without_tokens(answer):
    """The page as a person sees it: tokens and the typed name set aside."""
    lines = answer.content.decode().splitlines()
    return [line for line in lines if "csrf" not in line and 'name="login"' not in line]


def test_sign_in_leads_to_the_front_page_and_to_the_page_asked_for(user):
    there = attempt(user.username, PASSWORD)
    asked = Client().post(
        f"{SIGN_IN}?next={SESSIONS}", {"login": user.username, "password": PASSWORD}
    )

    assert there.url == reverse("home:front")
    assert asked.url == SESSIONS


def test_sign_in_never_leads_to_a_foreign_page(user):
    answer = Client().post(
        f"{SIGN_IN}?next=https://ke-gian.example/", {"login": user.username, "password": PASSWORD}
    )

    assert answer.url == reverse("home:front")


def test_sign_in_reads_the_name_in_any_case_and_width(user):
    answer = attempt("  " + user.username.upper().replace("C", "Ｃ"), PASSWORD)

    assert answer.status_code == 302


def test_two_spellings_of_one_name_cannot_exist(user):
    with pytest.raises(Exception, match="username_is_lower_case"):
        User.objects.create(username=user.username.upper(), full_name="Người khác")


def test_T11_unknown_name_wrong_password_and_disabled_account_get_one_answer(user):
    disabled = UserFactory(is_active=False)

    answers = [
        attempt("khong-co-ai"),
        attempt(user.username),
        attempt(disabled.username, PASSWORD),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert REFUSED in answers[0].content.decode()
    assert without_tokens(answers[0]) == without_tokens(answers[1]) == without_tokens(answers[2])


def test_T11_unknown_name_and_wrong_password_take_comparable_time(user):
    def measure(name):
        # The processor's time, so that a busy machine does not decide the test.
        started = time.process_time()
        attempt(name)
        spent = time.process_time() - started
        AccessAttempt.objects.all().delete()
        return spent

    pairs = [(measure("khong-co-ai"), measure(user.username)) for _ in range(5)]

    unknown, wrong = (min(times) for times in zip(*pairs, strict=True))
    # Without the imitated hash an unknown name answers in a fraction of the time.
    assert 0.5 < unknown / wrong < 2


def test_T11_five_failures_lock_the_name_for_fifteen_minutes(user):
    with time_machine.travel(MORNING, tick=False) as clock:
        answers = [attempt(user.username) for _ in range(5)]
        clock.shift(timedelta(minutes=10))
        right_but_locked = attempt(user.username, PASSWORD)
        clock.shift(timedelta(minutes=6))
        later = attempt(user.username, PASSWORD)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert right_but_locked.status_code == 429
    page = right_but_locked.content.decode()
    assert "<strong>08:15</strong> ngày 02/03/2026 (sau khoảng 5 phút)" in page
    assert "báo người quản trị hệ thống" in page
    assert right_but_locked.headers["Retry-After"] == "300"
    assert later.status_code == 302


def test_T11_attempts_during_the_lock_do_not_prolong_it(user):
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(5):
            attempt(user.username)
        clock.shift(timedelta(minutes=14))
        attempt(user.username)
        clock.shift(timedelta(minutes=2))
        answer = attempt(user.username, PASSWORD)

    assert answer.status_code == 302


def test_T11_failures_from_many_places_and_spellings_count_together(user):
    name = user.username
    for number, spelling in enumerate([name, name.upper(), name.title(), f" {name} "]):
        attempt(
            spelling, REMOTE_ADDR=f"203.0.113.{number}", headers={"user-agent": f"Máy {number}"}
        )

    answer = attempt(name, REMOTE_ADDR="198.51.100.7")

    assert answer.status_code == 429


def test_T11_the_lock_is_the_same_for_a_name_nobody_has(user):
    with time_machine.travel(MORNING, tick=False):
        known = [attempt(user.username) for _ in range(5)][-1]
        unknown = [attempt("khong-co-ai") for _ in range(5)][-1]

    assert known.status_code == unknown.status_code == 429
    assert without_tokens(known) == without_tokens(unknown)
    assert Entry.objects.filter(action=Action.LOCKED_OUT).count() == 1


def test_T11_the_lock_of_one_name_leaves_the_others_open(user):
    other = UserFactory()
    for _ in range(5):
        attempt(user.username)

    assert attempt(other.username, PASSWORD).status_code == 302


def test_T11_the_lock_lives_in_the_database(user):
    for _ in range(4):
        attempt(user.username)

    # Another process knows nothing but the database.
    assert settings.AXES_HANDLER == "axes.handlers.database.AxesDatabaseHandler"
    assert sum(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == 4


def test_successful_sign_in_forgets_the_failures(user):
    for _ in range(4):
        attempt(user.username)
    attempt(user.username, PASSWORD)

    assert attempt(user.username).status_code == 200
    assert sum(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == 1


def test_lock_is_written_to_the_journal_once(user):
    for _ in range(8):
        attempt(user.username)

    entry = Entry.objects.get(action=Action.LOCKED_OUT)
    assert (entry.actor, entry.subject_id, entry.details) == (None, user.pk, {"failures": 5})


def test_no_password_is_stored_with_the_failures(user):
    attempt(user.username, "bi-mat-khong-duoc-luu")

    row = AccessAttempt.objects.values().get()
    assert "bi-mat-khong-duoc-luu" not in str(row)


def test_T11_the_session_key_is_new_at_every_sign_in(user):
    client = Client()
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key

    attempt(user.username, PASSWORD, client=client)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


@pytest.mark.parametrize(("minutes", "stays"), [(14, True), (16, False)])
def test_T11_a_session_ends_after_fifteen_idle_minutes(user, sign_in, minutes, stays):
    with time_machine.travel(MORNING, tick=False) as clock:
        client = sign_in(user)
        client.get(SESSIONS)
        clock.shift(timedelta(minutes=minutes))
        answer = client.get(SESSIONS)
        page = client.get(SIGN_IN, follow=True).content.decode()

    assert (answer.status_code == 200) is stays
    assert ("tự kết thúc sau 15 phút" in page) is not stays
    if not stays:
        assert answer.url == f"{SIGN_IN}?next={SESSIONS}"


def test_T11_clicking_keeps_a_session_alive(user, sign_in):
    with time_machine.travel(MORNING, tick=False) as clock:
        client = sign_in(user)
        for _ in range(6):
            clock.shift(timedelta(minutes=14))
            assert client.get(SESSIONS).status_code == 200


def test_T11_an_htmx_request_of_an_ended_session_reloads_the_page(user, sign_in):
    with time_machine.travel(MORNING, tick=False) as clock:
        client = sign_in(user)
        client.get(SESSIONS)
        clock.shift(timedelta(minutes=16))
        answer = client.get(SESSIONS, headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_T11_no_session_lives_longer_than_twelve_hours(user, sign_in):
    with time_machine.travel(MORNING, tick=False) as clock:
        client = sign_in(user)
        for _ in range(72):
            clock.shift(timedelta(minutes=10))
            assert client.get(SESSIONS).status_code == 200
        clock.shift(timedelta(minutes=1))
        answer = client.get(SESSIONS)

    assert answer.status_code == 302


def test_T11_disabling_a_person_ends_their_sessions_at_once(user, sign_in):
    client = sign_in(user)
    assert client.get(SESSIONS).status_code == 200

    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = client.get(SESSIONS)
    User.objects.filter(pk=user.pk).update(is_active=True)

    assert answer.status_code == 302
    # Opening the account again does not bring the old session back.
    assert client.get(SESSIONS).status_code == 302


def test_disable_ends_sessions_nobody_is_using_at_the_moment(user, sign_in):
    chief = UserFactory()
    client = sign_in(user)
    client.get(SESSIONS)

    disable(user=user, actor=chief)
    enable(user=user, at=timezone.now())

    assert client.get(SESSIONS).status_code == 302
    entry = Entry.objects.get(action=Action.SESSION_ENDED)
    assert (entry.actor, entry.subject_id, entry.details) == (chief, user.pk, {"sessions": 1})


def test_T11_an_account_unused_for_45_days_is_closed_until_enabled(user):
    with time_machine.travel(timezone.now() + timedelta(days=44), tick=False) as clock:
        assert attempt(user.username, PASSWORD).status_code == 302
        clock.shift(timedelta(days=46))
        refused = attempt(user.username, PASSWORD)
        enable(user=user, at=timezone.now())
        let_in = attempt(user.username, PASSWORD)

    assert REFUSED in refused.content.decode()
    assert let_in.status_code == 302


def test_sign_in_is_written_to_the_journal(user):
    attempt(user.username, PASSWORD)

    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject_id) == (Action.SIGNED_IN, user, user.pk)


def test_sign_in_without_a_password_starts_the_clock_too(user, rf):
    request = rf.get("/")
    request.session = Client().session

    sign_in(request, user)

    assert "signed_in_at" in request.session


def test_sign_out_asks_and_then_ends_the_session(user, sign_in):
    client = sign_in(user)
    client.get(SESSIONS)

    asked = client.get(reverse("account_logout"))
    done = client.post(reverse("account_logout"), follow=True)

    assert "Kết thúc phiên làm việc trên máy này?" in asked.content.decode()
    assert "Đã đăng xuất." in done.content.decode()
    assert client.get(SESSIONS).status_code == 302


def test_nothing_else_of_allauth_is_opened():
    for name in ("signup", "reset_password", "email", "set_password", "inactive"):
        with pytest.raises(NoReverseMatch):
            reverse(f"account_{name}")
    assert "đăng ký" not in Client().get(SIGN_IN).content.decode().lower()
