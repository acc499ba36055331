"""Choosing and changing a password."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.factories.accounts import PASSWORD, UserFactory
from thidua.audit.models import Action, Entry

CHANGE = "/tai-khoan/doi-mat-khau/"
SESSIONS = "/tai-khoan/phien/"
NEW = "con trâu già gặm cỏ non"


def change(client, *, old=PASSWORD, new=NEW, again=None):
    return client.post(
        CHANGE, {"oldpassword": old, "password1": new, "password2": new if again is None else again}
    )


def test_changing_the_password_ends_the_other_sessions_only(user, sign_in):
    here, there = sign_in(user), sign_in(user)
    there.get(SESSIONS)

    answer = change(here)
    page = here.get(answer.url).content.decode()

    assert answer.url == SESSIONS
    assert "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc." in page
    assert "Kết thúc mọi phiên khác" not in page
    assert there.get(SESSIONS).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_changing_the_password_is_written_to_the_journal_without_it(user, sign_in):
    change(sign_in(user))

    entry = Entry.objects.get(action=Action.PASSWORD_CHANGED)
    assert (entry.actor, entry.subject_id, entry.details) == (user, user.pk, {})


def test_changing_the_password_is_undone_when_the_journal_cannot_be_written(
    user, sign_in, monkeypatch
):
    client = sign_in(user)

    def broken(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("thidua.audit.signals.record", broken)
    with pytest.raises(OSError):
        change(client)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("ngan-qua", "Mật khẩu này quá ngắn. Mật khẩu phải có ít nhất 12 ký tự."),
        ("918273645546", "Mật khẩu này hoàn toàn là số."),
        ("password1234", "Mật khẩu này quá phổ biến."),
        ("canbothanhtra1", "Mật khẩu này gần giống tên đăng nhập."),
        ("nguyenvandat1975", "Mật khẩu này gần giống họ và tên."),
        ("Nguyễn-Văn-Đạt!", "Mật khẩu này gần giống họ và tên."),
        ("hopthucuatoi88", "Mật khẩu này gần giống thư điện tử."),
        (PASSWORD, "Mật khẩu mới phải khác mật khẩu hiện tại."),
        ("", "Trường này là bắt buộc."),
        ("x" * 257, "tối đa 256"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(db, sign_in, new, said):
    user = UserFactory(
        username="canbothanhtra", full_name="Nguyễn Văn Đạt", email="hopthucuatoi@example.vn"
    )
    client = sign_in(user)

    page = change(client, new=new).content.decode()

    assert said in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_good_password_is_not_mistaken_for_a_name(db):
    user = UserFactory(username="an", full_name="Lê Văn An")

    validate_password("lá lành đùm lá rách", user)


def test_two_different_new_passwords_are_refused(user, sign_in):
    page = change(sign_in(user), again="khác hẳn câu trên").content.decode()

    assert "Hai lần nhập mật khẩu mới không giống nhau." in page


def test_a_wrong_current_password_is_refused(user, sign_in):
    page = change(sign_in(user), old="khong-phai").content.decode()

    assert "Mật khẩu hiện tại không đúng." in page


def test_T11_guessing_the_current_password_in_a_stolen_session_locks(user, sign_in):
    client = sign_in(user)

    answers = [change(client, old=f"doan-thu-{number}") for number in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


def test_a_person_without_a_password_is_sent_to_who_can_set_one(user, client):
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    answer = client.get(CHANGE, follow=True)

    assert answer.redirect_chain == [(reverse("account_sessions"), 302)]
    assert "chưa có mật khẩu" in answer.content.decode()


def test_the_rules_hold_wherever_a_password_is_set(settings):
    for weak in ("ngan", "918273645546", "password1234"):
        with pytest.raises(ValidationError):
            validate_password(weak)
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
