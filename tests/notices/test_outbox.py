"""R21: a mail server that is away, mute or refusing loses no letter and holds up nothing."""

import email
import email.policy
import logging
import smtplib
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.world import HANOI, NOON
from tests.notices.made import letter_to, mail_server, reachable, told
from thidua.accounts.models import User
from thidua.notices.models import Delivery
from thidua.notices.outbox import PAUSES, THEN_EVERY, TRIES, due, reason_of, send_due
from thidua.notices.services import CLOSED, NO_ADDRESS

pytestmark = pytest.mark.django_db
State = Delivery.State
ME = str(uuid4())


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def test_a_letter_says_what_the_notice_says_and_where_to_open_it(mailoutbox, settings):
    person = reachable()
    letter = letter_to(person, title="Đôn đốc: báo cáo quý I")

    assert send_due(ME)
    assert not send_due(ME)

    (sent,) = mailoutbox
    assert sent.subject == "Đôn đốc: báo cáo quý I"
    assert sent.to == ["nhan@tinh.gov.vn"]
    assert f"{settings.PUBLIC_URL}/thong-bao/{letter.notice_id}/" in sent.body
    assert "Còn 3 ngày nữa" in sent.body
    assert sent.message()["Message-ID"] == letter.message_id
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.sent_at, letter.leased_by) == (
        State.SENT,
        1,
        NOON,
        "",
    )


def test_T09_a_title_cannot_add_a_header(settings):
    letter_to(reachable(), title="Hạn\r\nBcc: ke-xau@x.vn\r\n\r\nNội dung khác")

    with mail_server(settings) as server:
        send_due(ME)

    (text,) = server.letters
    parsed = email.message_from_string(text, policy=email.policy.default)
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "Hạn Bcc: ke-xau@x.vn Nội dung khác"


def test_R21_without_a_mail_server_set_up_letters_wait_and_nothing_is_written(settings, mailoutbox):
    settings.MAIL_CONFIGURED = False
    letter_to(reachable())

    with CaptureQueriesContext(connection) as asked:
        assert not send_due(ME)

    assert len(asked) == 0
    assert Delivery.objects.get().state == State.WAITING
    settings.MAIL_CONFIGURED = True
    assert send_due(ME)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ({"is_mute": True}, "Máy chủ thư không trả lời."),
        ({"refuses": True}, "Máy chủ thư không nhận địa chỉ của người nhận (mã 550)."),
    ],
)
def test_R21_a_server_in_trouble_puts_letters_off_and_a_good_one_gets_them(
    settings, clock, kind, reason
):
    letter_to(reachable())

    with mail_server(settings, **kind) as server:
        send_due(ME)
    letter = Delivery.objects.get()
    assert (letter.state, letter.tries, letter.last_error) == (State.WAITING, 1, reason)
    assert letter.next_try_at == NOON + timedelta(minutes=1)
    assert not send_due(ME)

    clock.shift(timedelta(minutes=1))
    with mail_server(settings) as server:
        send_due(ME)
    assert len(server.letters) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.last_error) == (State.SENT, 2, "")


def test_R21_no_server_at_all_is_tried_once_for_all_letters(settings, monkeypatch):
    opened = []
    original = smtplib.SMTP.connect
    monkeypatch.setattr(
        smtplib.SMTP, "connect", lambda *asked: opened.append(1) or original(*asked)
    )
    with mail_server(settings):
        pass
    for number in range(3):
        letter_to(reachable(f"nguoi-{number}"))

    send_due(ME)

    assert opened == [1]
    letters = Delivery.objects.values_list("state", "tries", "last_error", "leased_by")
    assert set(letters) == {(State.WAITING, 1, "Máy chủ thư từ chối kết nối.", "")}


def test_R21_the_pauses_grow_and_after_three_days_the_letter_has_failed(settings, clock):
    with mail_server(settings):
        pass
    letter_to(reachable())
    tried = []

    for _ in range(TRIES):
        tried.append(Delivery.objects.get().next_try_at - NOON)
        clock.move_to(Delivery.objects.get().next_try_at)
        assert send_due(ME)

    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert waits == [*PAUSES, *[THEN_EVERY] * (TRIES - 1 - len(PAUSES))]
    assert timedelta(hours=66) < tried[-1] < timedelta(days=3)
    letter = Delivery.objects.get()
    assert (letter.state, letter.last_error) == (State.FAILED, "Máy chủ thư từ chối kết nối.")
    clock.shift(timedelta(days=30))
    assert not send_due(ME)


def test_R12_a_clock_set_back_a_day_holds_no_letter_back(mailoutbox, clock):
    clock.shift(timedelta(days=1))
    letter_to(reachable())
    Delivery.objects.update(next_try_at=NOON + timedelta(days=1, minutes=30), tries=3)
    assert not send_due(ME)

    clock.shift(-timedelta(days=1))

    assert send_due(ME)
    assert len(mailoutbox) == 1


def test_one_refused_letter_does_not_hold_up_the_next(mailoutbox, monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    bad, good = reachable("mot", "sai@tinh.gov.vn"), reachable("hai", "dung@tinh.gov.vn")
    told(bad), told(good)
    original = EmailBackend.send_messages

    def send(self, messages):
        if messages[0].to == ["sai@tinh.gov.vn"]:
            raise smtplib.SMTPRecipientsRefused({"sai@tinh.gov.vn": (550, b"bo")})
        return original(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    send_due(ME)

    assert [sent.to for sent in mailoutbox] == [["dung@tinh.gov.vn"]]
    assert Delivery.objects.get(state=State.WAITING).tries == 1


def test_a_connection_lost_on_the_way_leaves_the_rest_for_the_next_time(mailoutbox, monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    for number in range(3):
        letter_to(reachable(f"nguoi-{number}"))

    def send(self, messages):
        raise smtplib.SMTPServerDisconnected("đi rồi")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", send)
        send_due(ME)
    assert sorted(Delivery.objects.values_list("tries", "leased_by")) == [(0, ""), (0, ""), (1, "")]

    send_due(ME)
    assert len(mailoutbox) == 2


def test_a_letter_that_waited_goes_where_its_recipient_has_letters_sent_today(
    mailoutbox,
):
    person = reachable(email="cu@tinh.gov.vn")
    letter = letter_to(person)
    User.objects.filter(pk=person.pk).update(email="moi@tinh.gov.vn")

    send_due(ME)

    assert [sent.to for sent in mailoutbox] == [["moi@tinh.gov.vn"]]
    letter.refresh_from_db()
    assert (letter.state, letter.address) == (State.SENT, "moi@tinh.gov.vn")


def test_a_letter_that_waited_overnight_says_of_which_day_it_speaks(mailoutbox, clock):
    letter_to(reachable("mot"), title="Hôm nay là hạn gửi báo cáo quý I")
    send_due(ME)
    letter_to(reachable("hai"), title="Hôm nay là hạn gửi báo cáo quý I")
    clock.shift(timedelta(days=2))
    send_due(ME)

    said = f"Thông báo này lập lúc {NOON.astimezone(HANOI):%H:%M ngày %d/%m/%Y}."
    assert [said in sent.body for sent in mailoutbox] == [False, True]


@pytest.mark.parametrize(
    ("change", "why"), [({"is_active": False}, CLOSED), ({"email": ""}, NO_ADDRESS)]
)
def test_no_letter_that_waited_goes_to_an_account_closed_or_an_address_given_up(
    mailoutbox, change, why
):
    person = reachable()
    letter = letter_to(person)
    User.objects.filter(pk=person.pk).update(**change)

    assert send_due(ME)
    assert not send_due(ME)

    assert mailoutbox == []
    letter.refresh_from_db()
    assert (letter.state, letter.address, letter.last_error) == (State.NO_ADDRESS, "", why)


def test_a_letter_that_went_is_not_sent_again_though_its_worker_was_taken_for_dead(
    mailoutbox, monkeypatch
):
    from django.core.mail.backends.locmem import EmailBackend

    letter_to(reachable())
    original = EmailBackend.send_messages

    def send(self, messages):
        Delivery.objects.update(leased_by="")
        return original(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    send_due(ME)
    send_due(ME)

    assert len(mailoutbox) == 1
    assert Delivery.objects.get().state == State.SENT


def test_a_worker_that_is_ending_gives_back_what_it_has_not_sent(mailoutbox):
    letter_to(reachable())

    send_due(ME, is_ending=lambda: True)

    assert mailoutbox == []
    assert list(due(NOON).values_list("leased_by", flat=True)) == [""]


def test_a_letter_taken_by_another_worker_is_left_to_it(mailoutbox):
    letter_to(reachable())
    Delivery.objects.update(leased_by=str(uuid4()))

    assert not send_due(ME)
    assert mailoutbox == []


def test_no_transaction_is_open_while_the_server_is_spoken_to(monkeypatch):
    """On SQLite that would hold the one write lock; seen from the outermost block of the test."""
    from django.core.mail.backends.locmem import EmailBackend

    letter_to(reachable())
    depth = len(connection.savepoint_ids)
    seen = []
    for name in ("open", "send_messages", "close"):
        monkeypatch.setattr(
            EmailBackend, name, lambda *_: seen.append(len(connection.savepoint_ids))
        )

    send_due(ME)

    assert seen == [depth] * 3


def test_T09_what_the_server_answers_is_neither_stored_nor_logged(settings, caplog):
    letter_to(reachable(), body="Nguyễn Thị Tố Cáo", title="Nguyễn Thị Tố Cáo")

    with caplog.at_level(logging.DEBUG), mail_server(settings, refuses=True):
        send_due(ME)

    assert "letter" in caplog.text
    for told_ in ("Nguy", "To Cao", "nhan@tinh.gov.vn"):
        assert told_ not in caplog.text
        assert told_ not in Delivery.objects.get().last_error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (smtplib.SMTPAuthenticationError(535, b"x"), "không nhận tên đăng nhập hoặc mật khẩu"),
        (smtplib.SMTPSenderRefused(550, b"x", "a@b"), "không nhận địa chỉ gửi đi (mã 550)"),
        (smtplib.SMTPDataError(552, b"x"), "từ chối (mã 552)"),
        (smtplib.SMTPNotSupportedError(), "không theo giao thức"),
        (OSError(), "Không kết nối được"),
        (KeyError("bí mật"), "Không lập được thư (KeyError)"),
    ],
)
def test_every_trouble_has_its_words(error, said):
    assert said in reason_of(error)
    assert "bí mật" not in reason_of(error)
