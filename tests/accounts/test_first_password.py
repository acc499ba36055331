"""A password that somebody else has read is changed before anything else (T11)."""

import pytest
from django.urls import reverse

from tests.factories.accounts import PASSWORD, UserFactory

CHANGE = "/tai-khoan/doi-mat-khau/"
SESSIONS = "/tai-khoan/phien/"
OUT = "/tai-khoan/dang-xuat/"
NEW = "con trâu già gặm cỏ non"
WHY = "Mật khẩu bạn vừa dùng do người quản trị cấp"


@pytest.fixture
def newcomer(db):
    return UserFactory(must_change_password=True)


def change(client, *, old=PASSWORD, new=NEW):
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_T11_first_password_leads_every_page_to_its_change(newcomer, sign_in):
    client = sign_in(newcomer)

    for name in ("home:front", "account_sessions", "organisations:year_list"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.url) == (302, CHANGE), name
    # What one may not open says nothing else either.
    assert client.get(reverse("organisations:person_list")).url == CHANGE


def test_T11_first_password_does_no_act(newcomer, sign_in):
    here, there = sign_in(newcomer), sign_in(newcomer)

    answer = here.post(SESSIONS)

    assert (answer.status_code, answer.url) == (302, CHANGE)
    assert there.get(CHANGE).status_code == 200


def test_T11_first_password_leads_a_part_of_a_page_to_its_change_too(newcomer, sign_in):
    answer = sign_in(newcomer).get(SESSIONS, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, CHANGE)


def test_the_page_of_change_says_why_until_it_is_done(newcomer, sign_in):
    client = sign_in(newcomer)
    assert WHY in client.get(CHANGE).content.decode()

    answer = change(client)

    assert answer.url == reverse("home:front")
    page = client.get(answer.url, follow=True)
    assert page.redirect_chain[-1][0] == reverse("organisations:year_list")
    assert "Đã đổi mật khẩu." in page.content.decode()
    newcomer.refresh_from_db()
    assert (newcomer.check_password(NEW), newcomer.must_change_password) == (True, False)
    assert WHY not in client.get(CHANGE).content.decode()


@pytest.mark.parametrize("sent", [{"old": "khong-phai"}, {"new": PASSWORD}, {"new": "ngan"}])
def test_T11_a_refused_change_leaves_the_duty(newcomer, sign_in, sent):
    client = sign_in(newcomer)

    page = change(client, **sent).content.decode()

    assert WHY in page
    newcomer.refresh_from_db()
    assert newcomer.must_change_password
    assert client.get(SESSIONS).url == CHANGE


def test_signing_out_stays_open_to_who_must_change(newcomer, sign_in):
    client = sign_in(newcomer)

    assert client.get(OUT).status_code == 200
    client.post(OUT)

    assert client.get(SESSIONS).url.startswith("/tai-khoan/dang-nhap/")


def test_others_are_not_asked_to_change(user, sign_in):
    client = sign_in(user)

    assert client.get(SESSIONS).status_code == 200
    assert WHY not in client.get(CHANGE).content.decode()
