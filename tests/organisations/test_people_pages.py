"""The administrator's pages of people and roles."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from tests.factories.world import Role, assign, make_organisation, make_user
from tests.movements.browser import Browser, words
from thidua.accounts.models import HandledPost, User
from thidua.audit.models import Entry
from thidua.organisations.models import Assignment


def page(name, *args):
    return reverse(f"organisations:{name}", args=args)


@pytest.fixture
def admin(world):
    return Browser(world.administrator)


NEW = {"username": "nguyen.lan", "full_name": "Nguyễn Thị Lan", "email": ""}


def shown_password(answer):
    found = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", words(answer))
    assert found
    return found[0]


def test_T01_pages_of_people_exist_for_the_administrator_only(world):
    head = world.one.heads[1]
    assignment = Assignment.objects.get(user=head)
    pages = [page("person_list"), page("person_new"), page("person", head.pk)]
    acts = [
        page("person", head.pk),
        page("person_active", head.pk),
        page("person_password", head.pk),
        page("assignment_end", assignment.pk),
    ]
    for user in (world.one.lead_head, world.superior, world.one.appraiser, world.stranger):
        browser = Browser(user)
        assert {browser.get(address).status_code for address in pages} == {404}
        assert {browser.post(address).status_code for address in acts} == {404}


def test_first_password_is_shown_once_and_stored_nowhere(admin):
    answer = admin.post(page("person_new"), NEW)

    password = shown_password(answer)
    user = User.objects.get(username="nguyen.lan")
    assert user.check_password(password)
    assert "no-store" in answer.headers["Cache-Control"]
    assert password not in str(list(HandledPost.objects.values()))
    assert password not in str(list(Entry.objects.values()))
    assert all(password not in str(session.get_decoded()) for session in Session.objects.all())
    assert password not in admin.text(page("person", user.pk))
    assert password not in admin.text(page("person_list"))


def test_renewed_password_is_shown_once_and_stored_nowhere(world, admin):
    head = world.one.heads[1]

    password = shown_password(admin.post(page("person_password", head.pk)))

    head.refresh_from_db()
    assert head.check_password(password)
    for model in (HandledPost, Entry):
        assert password not in str(list(model.objects.values()))
    assert password not in admin.text(page("person", head.pk))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": "quantri"}, "“quantri” đã có người dùng"),
        ({"username": "Nguyễn Lan"}, "chữ thường không dấu"),
        ({"username": "ab"}, "ít nhất 3 ký tự"),
        ({"full_name": ""}, "Họ và tên"),
        ({"email": "lan"}, "Thư điện tử"),
    ],
)
def test_new_person_is_refused_with_the_reason(admin, changes, said):
    count = User.objects.count()

    answer = admin.post(page("person_new"), {**NEW, **changes})

    assert said in words(answer)
    assert User.objects.count() == count


def test_new_person_sees_nothing_and_is_told_why(world):
    browser = Browser(world.stranger)

    answer = browser.get("/", follow=True)

    assert answer.redirect_chain[-1][0] == page("year_list")
    assert "liên hệ người quản trị" in words(answer)


def role(world, **changes):
    return {
        "role": "officer",
        "organisation": world.one.memberships[0].organisation.pk,
        "cluster": "",
        "post": "Thanh tra viên",
        "valid_from": "01/02/2026",
        **changes,
    }


def test_giving_a_role_shows_it_with_its_day(world, admin):
    answer = admin.post(page("person", world.stranger.pk), role(world))

    assert admin.said(answer) == ["Đã giao vai trò."]
    text = admin.text(page("person", world.stranger.pk))
    assert "01/02/2026" in text
    assert "Thanh tra viên" in text
    assert "Giao vai trò" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"organisation": ""}, "gắn với một đơn vị"),
        ({"role": "appraiser"}, "gắn với cụm"),
        ({"role": "giam-doc"}, "giam-doc"),
        ({"valid_from": "1/13/2026"}, "Nhập ngày theo dạng"),
    ],
)
def test_giving_a_role_is_refused_with_the_reason(world, admin, changes, said):
    answer = admin.post(page("person", world.stranger.pk), role(world, **changes))

    assert answer.status_code == 200
    assert said in words(answer)
    assert not Assignment.objects.filter(user=world.stranger).exists()


def test_T19_administrator_is_offered_no_role_for_themself_and_refused_one(world, admin):
    own = page("person", world.administrator.pk)

    text = admin.text(own)
    answer = admin.post(own, role(world))

    assert 'name="role"' not in text
    assert page("person_active", world.administrator.pk) not in text
    assert "Không ai tự giao vai trò cho mình" in words(answer)
    assert Assignment.objects.filter(user=world.administrator).count() == 1


def test_two_organisations_of_one_name_are_told_apart(world, admin):
    make_organisation("Đông", valid_to=date(2025, 6, 30))
    make_organisation("Đông", valid_from=date(2025, 7, 1))

    text = admin.text(page("person", world.stranger.pk))

    assert "Thanh tra tỉnh Đông (đến hết 30/06/2025)</option>" in text
    assert "Thanh tra tỉnh Đông</option>" in text


def test_ending_a_role_by_the_page(world, admin):
    assignment = Assignment.objects.get(user=world.one.heads[1])
    address = page("assignment_end", assignment.pk)

    wrong = admin.post(address, {"last_day": "mai"})
    assert "Vai trò chưa thay đổi" in admin.said(wrong)[0]
    early = admin.post(address, {"last_day": "01/01/2019"})
    assert "bắt đầu ngày 01/01/2020" in admin.said(early)[0]
    done = admin.post(address, {"last_day": "31/12/2025"})

    assert admin.said(done) == ["Đã ghi ngày kết thúc vai trò."]
    assignment.refresh_from_db()
    assert assignment.valid_to == date(2025, 12, 31)
    assert "31/12/2025" in admin.text(page("person", world.one.heads[1].pk))


def test_closing_and_opening_an_account_by_the_page(world, admin):
    head = world.one.heads[1]
    address = page("person_active", head.pk)

    closed = admin.said(admin.post(address))
    assert closed == [f"Đã khoá tài khoản của {head.full_name}."]
    text = admin.text(page("person", head.pk))
    assert "tài khoản đang khoá" in text
    assert "Mở lại tài khoản" in text
    opened = admin.said(admin.post(address, {"active": "1"}))

    assert opened == [f"Đã mở lại tài khoản của {head.full_name}."]
    head.refresh_from_db()
    assert head.is_active


def test_T11_account_asleep_for_45_days_can_be_woken(world):
    head = world.one.heads[1]
    with time_machine.travel(timezone.now() + timedelta(days=50), tick=False):
        admin = Browser(world.administrator)
        text = admin.text(page("person", head.pk))
        assert "tạm đóng vì 45 ngày không đăng nhập" in text

        admin.post(page("person_active", head.pk), {"active": "1"})

        assert "tạm đóng" not in admin.text(page("person", head.pk))


def test_oneself_cannot_be_closed_or_renewed_by_the_page(world, admin):
    own = world.administrator.pk

    assert admin.said(admin.post(page("person_active", own))) == [
        "Bạn không thể tự khoá tài khoản của mình."
    ]
    assert "Đổi mật khẩu" in admin.said(admin.post(page("person_password", own)))[0]


def test_R11_giving_a_role_twice_is_one_act(world, admin):
    key = "f" * 32
    for _ in range(2):
        answer = admin.post(page("person", world.stranger.pk), role(world), key=key)
        assert answer.status_code == 302

    assert Assignment.objects.filter(user=world.stranger).count() == 1


def test_list_of_people_asks_as_much_for_three_more(world, admin):
    before = admin.queries(page("person_list"))
    for number in range(3):
        person = make_user(f"them-{number}", f"Thêm {number}")
        assign(person, Role.OFFICER, organisation=world.one.memberships[0].organisation)
        assign(person, Role.APPRAISER, cluster=world.two.cluster, valid_to=date(2021, 1, 1))

    assert admin.queries(page("person_list")) == before
    assert "(đến 01/01/2021)" in admin.text(page("person_list"))


def test_page_of_a_person_asks_as_much_for_three_roles_as_for_one(world, admin):
    one = admin.queries(page("person", world.one.heads[0].pk))
    for cluster in (world.one.cluster, world.two.cluster):
        assign(world.one.heads[0], Role.APPRAISER, cluster=cluster)

    assert admin.queries(page("person", world.one.heads[0].pk)) == one
