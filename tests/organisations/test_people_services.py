"""Accounts, first passwords and roles."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from tests.factories.world import NOON, Role, assign, make_user
from thidua.accounts.models import User
from thidua.audit.models import Action, Entry
from thidua.organisations.models import Assignment
from thidua.organisations.services import (
    add_first_administrator,
    add_person,
    end_assignment,
    give_assignment,
    renew_password,
    set_active,
)
from thidua.organisations.services.people import first_password
from thidua.rules.errors import RuleError

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SESSIONS = "/tai-khoan/phien/"


def give(world, user, role, **fields):
    return give_assignment(
        user=user,
        role=role,
        valid_from=date(2026, 1, 1),
        actor=fields.pop("actor", world.administrator),
        at=NOON,
        **fields,
    )


def signed_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    assert client.get(SESSIONS).status_code == 200
    return client


def is_signed_out(client):
    return client.get(SESSIONS).status_code == 302


def test_give_assignment_is_recorded_with_its_day(world):
    organisation = world.one.memberships[1].organisation

    given = give(
        world, world.stranger, Role.OFFICER, organisation=organisation, post="Thanh tra viên"
    )

    assert (given.user, given.organisation, given.valid_to) == (world.stranger, organisation, None)
    entry = Entry.objects.get(action=Action.ASSIGNMENT_GIVEN)
    assert (entry.actor, entry.subject_id) == (world.administrator, given.pk)
    assert entry.subject_label == "Người lạ – Cán bộ phụ trách, Thanh tra tỉnh Bình"
    assert entry.details == {"valid_from": "2026-01-01"}


def test_give_assignment_refuses_everybody_but_the_administrator(world):
    for actor in (world.one.lead_head, world.superior, world.stranger):
        with pytest.raises(PermissionDenied):
            give(world, world.one.heads[1], Role.ADMINISTRATOR, actor=actor)


def test_T19_administrator_cannot_give_themself_a_role(world):
    with pytest.raises(RuleError, match="Không ai tự giao vai trò cho mình"):
        give(
            world,
            world.administrator,
            Role.HEAD,
            organisation=world.one.memberships[0].organisation,
        )

    assert Assignment.objects.filter(user=world.administrator).count() == 1


@pytest.mark.parametrize(
    ("role", "with_organisation", "with_cluster", "said"),
    [
        (Role.HEAD, False, False, "“Thủ trưởng đơn vị” gắn với một đơn vị"),
        (Role.SUPERIOR, True, True, "để trống cụm"),
        (Role.APPRAISER, False, False, "“Người thẩm định” gắn với cụm"),
        (Role.COUNCIL_MEMBER, True, True, "để trống đơn vị"),
        (Role.ADMINISTRATOR, True, False, "để trống cả đơn vị và cụm"),
        (Role.ADMINISTRATOR, False, True, "để trống cả đơn vị và cụm"),
    ],
)
def test_give_assignment_refuses_a_place_that_does_not_fit(
    world, role, with_organisation, with_cluster, said
):
    with pytest.raises(RuleError, match=said):
        give(
            world,
            world.stranger,
            role,
            organisation=world.one.memberships[0].organisation if with_organisation else None,
            cluster=world.one.cluster if with_cluster else None,
        )


def test_give_assignment_twice_is_refused_while_the_first_lasts(world):
    first = give(world, world.stranger, Role.APPRAISER, cluster=world.one.cluster)

    with pytest.raises(RuleError, match="đang giữ đúng vai trò ấy"):
        give(world, world.stranger, Role.APPRAISER, cluster=world.one.cluster)

    end_assignment(assignment=first, last_day=date(2026, 2, 1), actor=world.administrator, at=NOON)
    give(world, world.stranger, Role.APPRAISER, cluster=world.one.cluster)
    give(world, world.stranger, Role.APPRAISER, cluster=world.two.cluster)


def test_T11_ending_a_role_ends_the_sessions_at_once(world):
    head = world.one.heads[1]
    client = signed_in(head)
    other = signed_in(world.one.heads[0])
    assignment = Assignment.objects.get(user=head)

    end_assignment(
        assignment=assignment,
        last_day=timezone.localdate() - timedelta(days=1),
        actor=world.administrator,
        at=NOON,
    )

    assert is_signed_out(client)
    assert not is_signed_out(other)
    entry = Entry.objects.get(action=Action.ASSIGNMENT_ENDED)
    assert (entry.actor, entry.subject_id) == (world.administrator, assignment.pk)
    assert Entry.objects.get(action=Action.SESSION_ENDED).actor == world.administrator


def test_end_assignment_is_refused_with_its_reason(world):
    assignment = Assignment.objects.get(user=world.one.heads[1])

    def end(last_day, actor=world.administrator, of=assignment):
        end_assignment(assignment=of, last_day=last_day, actor=actor, at=NOON)

    with pytest.raises(PermissionDenied):
        end(date(2026, 1, 1), actor=world.one.lead_head)
    with pytest.raises(RuleError, match="bắt đầu ngày 01/01/2020"):
        end(date(2019, 12, 31))
    own = Assignment.objects.get(user=world.administrator)
    with pytest.raises(RuleError, match="Không ai tự kết thúc vai trò của mình"):
        end(date(2026, 1, 1), of=own)
    end(date(2026, 1, 1))
    with pytest.raises(RuleError, match="đã có ngày kết thúc"):
        end(date(2026, 2, 1))

    assignment.refresh_from_db()
    assert assignment.valid_to == date(2026, 1, 1)


def add(actor, username="nguyen.lan"):
    return add_person(
        username=username, full_name="Nguyễn Thị Lan", email="lan@a.vn", actor=actor, at=NOON
    )


def test_add_person_gives_a_password_that_signs_in_and_is_kept_nowhere(world):
    user, password = add(world.administrator)

    stored = User.objects.get(username="nguyen.lan")
    assert stored.check_password(password)
    assert (stored.email, stored.must_change_password) == ("lan@a.vn", True)
    assert password not in str(User.objects.values_list())
    entry = Entry.objects.get(action=Action.PERSON_ADDED)
    assert (entry.subject_id, entry.details) == (user.pk, {"username": "nguyen.lan"})


def test_add_person_with_a_taken_or_impossible_name_is_refused(world):
    add(world.administrator)

    with pytest.raises(RuleError, match=r"“nguyen\.lan” đã có người dùng"):
        add(world.administrator)
    with pytest.raises(RuleError, match="chỉ gồm chữ thường không dấu"):
        add(world.administrator, "Nguyễn Lan")

    assert Entry.objects.filter(action=Action.PERSON_ADDED).count() == 1


def test_add_person_refuses_everybody_but_the_administrator(world):
    for actor in (world.one.lead_head, world.superior, world.stranger):
        with pytest.raises(PermissionDenied):
            add(actor)

    assert not User.objects.filter(username="nguyen.lan").exists()


def test_first_passwords_are_long_different_and_easy_to_read_out():
    made = {first_password() for _ in range(50)}

    assert len(made) == 50
    for password in made:
        assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
        assert not set(password) & set("ijlo01")


def test_add_first_administrator_works_once(db):
    user = add_first_administrator(
        username="quan-tri", full_name="Quản trị", password="mot-mat-khau-dai", at=NOON
    )

    # Chosen by the person at the server's own terminal: nobody else knows it.
    assert (user.check_password("mot-mat-khau-dai"), user.must_change_password) == (True, False)
    assert user.assignments.get().role == Role.ADMINISTRATOR
    actions = list(Entry.objects.order_by("pk").values_list("action", "actor"))
    assert actions == [(Action.PERSON_ADDED, None), (Action.ASSIGNMENT_GIVEN, None)]
    with pytest.raises(RuleError, match="đã có người quản trị"):
        add_first_administrator(
            username="quan-tri-2", full_name="Hai", password="mot-mat-khau-dai", at=NOON
        )


def test_T11_disabling_ends_sessions_and_enabling_lets_in_again(world):
    head = world.one.heads[1]
    client = signed_in(head)

    set_active(user=head, active=False, actor=world.administrator, at=NOON)

    assert is_signed_out(client)
    head.refresh_from_db()
    assert not head.is_active
    set_active(user=head, active=True, actor=world.administrator, at=NOON)
    head.refresh_from_db()
    assert (head.is_active, head.enabled_at) == (True, NOON)
    kept = list(
        Entry.objects.filter(subject_type="accounts.user", subject_id=head.pk)
        .exclude(action__in=[Action.SIGNED_IN, Action.SESSION_ENDED])
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert kept == [Action.PERSON_DISABLED, Action.PERSON_ENABLED]


def test_set_active_refuses_oneself_and_everybody_but_the_administrator(world):
    with pytest.raises(RuleError, match="không thể tự khoá"):
        set_active(user=world.administrator, active=False, actor=world.administrator, at=NOON)
    for actor in (world.one.lead_head, world.superior):
        with pytest.raises(PermissionDenied):
            set_active(user=world.one.heads[1], active=False, actor=actor, at=NOON)

    assert not User.objects.filter(is_active=False).exists()


def test_T11_renewing_a_password_ends_the_old_one_and_its_sessions(world):
    person = make_user("quen", "Quên Mật Khẩu")
    person.set_password("mat-khau-da-quen")
    person.save()
    client = signed_in(person)

    password = renew_password(user=person, actor=world.administrator, at=NOON)

    person.refresh_from_db()
    assert person.check_password(password)
    assert person.must_change_password
    assert not person.check_password("mat-khau-da-quen")
    assert is_signed_out(client)
    assert Entry.objects.get(action=Action.PASSWORD_RENEWED).details == {}


def test_renew_password_refuses_oneself_and_everybody_but_the_administrator(world):
    with pytest.raises(RuleError, match="trang Đổi mật khẩu"):
        renew_password(user=world.administrator, actor=world.administrator, at=NOON)
    with pytest.raises(PermissionDenied):
        renew_password(user=world.one.heads[1], actor=world.one.lead_head, at=NOON)


def test_T11_role_of_an_administrator_ended_yesterday_appoints_nobody(world):
    former = make_user("cuu", "Cựu quản trị")
    yesterday = timezone.localdate() - timedelta(days=1)
    assign(former, Role.ADMINISTRATOR, valid_to=yesterday)

    with pytest.raises(PermissionDenied):
        add(former)
