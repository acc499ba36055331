"""Opening a year, choosing its members, moving its milestones."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories.world import NOON, make_organisation
from tests.movements.launches import published
from thidua.audit.models import Action, Entry
from thidua.movements.services import confirm_receipt
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.services import (
    has_taken_part,
    open_year,
    set_members,
    set_milestones,
)
from thidua.rules.errors import RuleError
from thidua.rules.milestones import default_milestones

DAY = date(2026, 1, 15)


def organisations(world):
    return [membership.organisation for membership in world.one.memberships]


def choose(world, chosen, *, lead=None, deputy=None, **fields):
    set_members(
        year=world.one.year,
        organisations=chosen,
        lead=lead or chosen[0],
        deputy=deputy,
        members_as_of=fields.pop("day", DAY),
        actor=fields.pop("actor", world.one.lead_officer),
        at=NOON,
        **fields,
    )


def stored(world):
    rows = world.one.year.memberships.all()
    return [(row.organisation.short_name, row.role, row.order) for row in rows]


def test_open_year_brings_the_customary_milestones_with_their_sources(world):
    year = open_year(
        cluster=world.one.cluster,
        year=2027,
        members_as_of=date(2027, 1, 1),
        actor=world.administrator,
        at=NOON,
    )

    found = [(m.kind, m.due_on, m.source) for m in year.milestones.all()]
    assert found == [(m.kind, m.due_on, m.source) for m in default_milestones(2027)]
    entry = Entry.objects.get(action=Action.YEAR_OPENED)
    assert (entry.actor, entry.at, entry.year_id) == (world.administrator, NOON, year.pk)
    assert entry.details == {"members_as_of": "2027-01-01"}


def test_open_year_twice_is_refused(world):
    with pytest.raises(RuleError, match="Cụm một đã có năm 2026"):
        open_year(
            cluster=world.one.cluster,
            year=2026,
            members_as_of=DAY,
            actor=world.administrator,
            at=NOON,
        )

    assert EmulationYear.objects.filter(cluster=world.one.cluster).count() == 1
    assert not Entry.objects.filter(action=Action.YEAR_OPENED).exists()


def test_open_year_is_the_administrators_alone(world):
    for actor in (world.one.lead_head, world.superior, world.one.appraiser, world.stranger):
        with pytest.raises(PermissionDenied):
            open_year(cluster=world.one.cluster, year=2027, members_as_of=DAY, actor=actor, at=NOON)

    assert not EmulationYear.objects.filter(year=2027).exists()


def test_set_members_stores_order_lead_and_deputy_and_says_so_in_the_journal(world):
    first, second, third = organisations(world)

    choose(world, [third, first, second], lead=first, deputy=third)

    assert stored(world) == [("Cường", "deputy", 1), ("An", "lead", 2), ("Bình", "member", 3)]
    world.one.year.refresh_from_db()
    assert (world.one.year.members_as_of, world.one.year.version) == (DAY, 2)
    entry = Entry.objects.get(action=Action.MEMBERS_SET)
    assert (entry.actor, entry.year_id) == (world.one.lead_officer, world.one.year.pk)
    assert entry.details == {
        "members": ["Cường", "An", "Bình"],
        "lead": "An",
        "deputy": "Cường",
        "members_as_of": "2026-01-15",
    }


def test_set_members_drops_who_is_not_chosen_and_keeps_the_rest(world):
    first, second, _ = organisations(world)
    kept = world.one.memberships[0].pk

    choose(world, [first, second])

    assert stored(world) == [("An", "lead", 1), ("Bình", "member", 2)]
    assert Membership.objects.get(year=world.one.year, organisation=first).pk == kept


def test_set_members_hands_the_lead_over(world):
    first, second, third = organisations(world)

    choose(world, [first, second, third], lead=third)

    assert stored(world)[2] == ("Cường", "lead", 3)


def test_set_members_refuses_who_may_not(world):
    for actor in (world.one.heads[1], world.superior, world.one.appraiser, world.two.lead_head):
        with pytest.raises(PermissionDenied):
            choose(world, organisations(world), actor=actor)

    assert not Entry.objects.filter(action=Action.MEMBERS_SET).exists()


def test_set_members_is_open_to_the_administrator(world):
    choose(world, organisations(world), actor=world.administrator)

    assert Entry.objects.get(action=Action.MEMBERS_SET).actor == world.administrator


def test_set_members_refuses_nonsense_with_its_reason(world):
    first, second, third = organisations(world)
    stranger = make_organisation("Xa")
    gone = make_organisation("Cũ", valid_to=date(2025, 6, 30))
    refusals = [
        ([first], {}, "ít nhất hai đơn vị"),
        ([first, gone], {}, "Thanh tra tỉnh Cũ không tồn tại vào ngày 15/01/2026"),
        ([first, second], {"lead": third}, "Cụm trưởng phải là một đơn vị thành viên"),
        ([first, second], {"deputy": stranger}, "Cụm phó phải là một đơn vị thành viên"),
        ([first, second], {"deputy": first}, "hai đơn vị khác nhau"),
    ]
    before = stored(world)

    for chosen, fields, said in refusals:
        with pytest.raises(RuleError, match=said):
            choose(world, chosen, **fields)

    assert stored(world) == before
    assert not Entry.objects.filter(action=Action.MEMBERS_SET).exists()


def test_set_members_keeps_who_has_taken_part(world):
    third = world.one.memberships[2]
    confirm_receipt(
        launch=published(world.one), membership=third, actor=world.one.heads[2], at=NOON
    )

    with pytest.raises(RuleError, match=r"Cường .*không bỏ ra được"):
        choose(world, organisations(world)[:2])

    assert has_taken_part(third)
    assert not has_taken_part(world.one.memberships[1])
    assert len(stored(world)) == 3


def test_R08_second_person_is_told_who_was_first_and_nothing_is_overwritten(world):
    first, second, third = organisations(world)
    opened = world.one.year.version
    choose(world, [first, second, third], version=opened, actor=world.one.lead_officer)
    before = stored(world)

    with pytest.raises(RuleError) as refused:
        choose(world, [third, second], version=opened, actor=world.administrator)

    said = str(refused.value)
    assert said.startswith("Cán bộ An đã sửa thiết lập của năm này lúc 12:00 ngày 02/03/2026")
    assert "chưa được lưu" in said
    assert stored(world) == before
    assert Entry.objects.filter(action=Action.MEMBERS_SET).count() == 1


def test_R08_milestones_and_members_share_one_version(world):
    set_milestones(
        year=world.one.year,
        dates={"pact": date(2026, 3, 20)},
        version=1,
        actor=world.one.lead_officer,
        at=NOON,
    )

    with pytest.raises(RuleError, match="đã sửa thiết lập"):
        choose(world, organisations(world), version=1)


def test_set_milestones_moves_a_date_and_says_that_the_cluster_set_it(world):
    set_milestones(
        year=world.one.year,
        dates={"pact": date(2026, 3, 20), "launch": date(2026, 3, 15)},
        actor=world.one.lead_officer,
        at=NOON,
    )

    pact = world.one.year.milestones.get(kind="pact")
    launch = world.one.year.milestones.get(kind="launch")
    assert (pact.due_on, pact.source) == (date(2026, 3, 20), "Do cụm tự đặt")
    assert launch.source.startswith("Thông lệ")
    entry = Entry.objects.get(action=Action.MILESTONES_SET)
    assert entry.details == {
        "changes": {"Ký kết giao ước, gửi đăng ký lên cấp trên": "25/03/2026 → 20/03/2026"}
    }


def test_set_milestones_without_a_change_leaves_no_trace(world):
    dates = {m.kind: m.due_on for m in world.one.year.milestones.all()}

    set_milestones(year=world.one.year, dates=dates, actor=world.administrator, at=NOON)

    world.one.year.refresh_from_db()
    assert world.one.year.version == 1
    assert not Entry.objects.filter(action=Action.MILESTONES_SET).exists()


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 4, 1)])
def test_set_milestones_outside_the_year_is_refused(world, day):
    with pytest.raises(RuleError, match="từ 01/01/2026 đến 31/03/2027"):
        set_milestones(
            year=world.one.year,
            dates={"pact": date(2026, 3, 20), "unit_dossier": day},
            actor=world.one.lead_officer,
            at=NOON,
        )

    assert world.one.year.milestones.get(kind="pact").due_on == date(2026, 3, 25)


def test_set_milestones_refuses_who_may_not(world):
    for actor in (world.one.heads[1], world.superior, world.two.lead_head, world.stranger):
        with pytest.raises(PermissionDenied):
            set_milestones(year=world.one.year, dates={}, actor=actor, at=NOON)
