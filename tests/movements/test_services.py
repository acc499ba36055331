"""Launching the year: who may, once, and what stays as it was."""

from dataclasses import replace
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from tests.factories.world import NOON
from tests.movements.launches import TEXT, draft, published
from thidua.audit.models import Action, Entry
from thidua.movements.models import Goal, Launch, Receipt
from thidua.movements.services import confirm_receipt, publish_launch, save_launch
from thidua.organisations.models import Membership
from thidua.rules.errors import RuleError


def confirm(world, position, actor=None):
    one = world.one
    return confirm_receipt(
        launch=one.year.launch,
        membership=one.memberships[position],
        actor=actor or one.heads[position],
        at=NOON,
    )


def test_save_launch_keeps_the_text_with_its_goals_in_order(world):
    launch = draft(world.one)

    assert launch.slogan == TEXT.slogan
    assert [(goal.order, goal.text) for goal in launch.goals.all()] == list(
        enumerate(TEXT.goals, start=1)
    )
    assert Entry.objects.get().action == Action.LAUNCH_DRAFTED


def test_save_launch_replaces_the_goals(world):
    launch = draft(world.one)

    save_launch(
        year=world.one.year,
        text=replace(TEXT, goals=("Chỉ một mục tiêu",)),
        version=launch.version,
        actor=world.one.lead_head,
        at=NOON,
    )

    assert [goal.text for goal in launch.goals.all()] == ["Chỉ một mục tiêu"]


@pytest.mark.parametrize("seen", [None, 0, 99])
def test_R08_save_launch_over_the_text_of_another_is_refused(world, seen):
    draft(world.one)

    with pytest.raises(RuleError, match="Người khác vừa sửa"):
        save_launch(
            year=world.one.year,
            text=replace(TEXT, slogan="Khác"),
            version=seen,
            actor=world.one.lead_head,
            at=NOON,
        )

    assert Launch.objects.get().slogan == TEXT.slogan


def test_save_launch_is_for_the_lead_only(world):
    for actor in (world.one.heads[1], world.two.lead_head, world.superior, world.administrator):
        with pytest.raises(PermissionDenied):
            save_launch(year=world.one.year, text=TEXT, version=None, actor=actor, at=NOON)

    assert not Launch.objects.exists()


def test_publish_launch_is_for_the_head_of_the_lead(world):
    launch = draft(world.one)

    for actor in (world.one.lead_officer, world.one.heads[1], world.two.lead_head, world.superior):
        with pytest.raises(PermissionDenied):
            publish_launch(launch=launch, actor=actor, at=NOON)

    launch.refresh_from_db()
    assert launch.published_at is None


def test_publish_launch_records_who_and_when(world):
    launch = published(world.one)

    assert (launch.published_at, launch.published_by) == (NOON, world.one.lead_head)
    assert Entry.objects.first().action == Action.LAUNCH_PUBLISHED


def test_publish_launch_twice_is_refused(world):
    launch = published(world.one)

    with pytest.raises(RuleError, match="đã được công bố"):
        publish_launch(launch=launch, actor=world.one.lead_head, at=NOON)


def test_publish_launch_without_goals_is_refused(world):
    launch = draft(world.one)
    launch.goals.all().delete()

    with pytest.raises(RuleError, match="chưa có mục tiêu nào"):
        publish_launch(launch=launch, actor=world.one.lead_head, at=NOON)


def test_publish_launch_without_members_is_refused(world):
    launch = draft(world.one)
    Membership.objects.filter(year=world.one.year).exclude(role="lead").delete()

    with pytest.raises(RuleError, match="chưa chọn đơn vị thành viên"):
        publish_launch(launch=launch, actor=world.one.lead_head, at=NOON)


def test_publish_launch_another_text_than_the_one_read_is_refused(world):
    launch = draft(world.one)

    with pytest.raises(RuleError, match="Người khác vừa sửa"):
        publish_launch(
            launch=launch, actor=world.one.lead_head, at=NOON, version=launch.version + 1
        )


def test_published_launch_does_not_change(world):
    launch = published(world.one)

    with pytest.raises(RuleError, match="đã công bố"):
        save_launch(
            year=world.one.year,
            text=replace(TEXT, slogan="Khác"),
            version=launch.version,
            actor=world.one.lead_head,
            at=NOON,
        )


def test_T03_the_database_refuses_to_change_a_published_launch(world):
    launch = published(world.one)
    confirm(world, 1)
    attempts = [
        partial(Launch.objects.filter(pk=launch.pk).update, slogan="Khác"),
        partial(Launch.objects.filter(pk=launch.pk).update, published_at=None),
        partial(Goal.objects.filter(launch=launch).update, text="Khác"),
        partial(Goal.objects.filter(launch=launch)._raw_delete, "default"),
        partial(Goal.objects.create, launch=launch, order=99, text="Chen vào"),
        partial(Receipt.objects.filter(launch=launch).update, confirmed_at=NOON),
        partial(Receipt.objects.filter(launch=launch)._raw_delete, "default"),
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"không( được)? thay đổi"), transaction.atomic():
            attempt()


def test_confirm_receipt_by_the_head(world):
    published(world.one)

    receipt = confirm(world, 1)

    assert (receipt.membership, receipt.confirmed_by, receipt.confirmed_at) == (
        world.one.memberships[1],
        world.one.heads[1],
        NOON,
    )
    assert Entry.objects.first().details == {"organisation": "Thanh tra tỉnh Bình"}


def test_confirm_receipt_twice_is_refused(world):
    published(world.one)
    confirm(world, 1)

    with pytest.raises(RuleError, match="đã xác nhận"):
        confirm(world, 1)

    assert Receipt.objects.count() == 1


def test_confirm_receipt_by_an_officer_or_for_another_unit_is_refused(world):
    published(world.one)

    for actor in (
        world.one.officers[1],
        world.one.heads[2],
        world.one.lead_head,
        world.two.lead_head,
        world.superior,
        world.administrator,
    ):
        with pytest.raises(PermissionDenied):
            confirm(world, 1, actor)

    assert not Receipt.objects.exists()


def test_confirm_receipt_for_a_member_of_another_year_is_refused(world):
    launch = published(world.one)

    with pytest.raises(PermissionDenied):
        confirm_receipt(
            launch=launch,
            membership=world.two.memberships[0],
            actor=world.two.lead_head,
            at=NOON,
        )


def test_confirm_receipt_of_a_draft_is_refused(world):
    draft(world.one)

    with pytest.raises(RuleError, match="chưa được công bố"):
        confirm(world, 1)
