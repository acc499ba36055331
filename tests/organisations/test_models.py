"""What the database itself refuses, and whom each year is shown."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.world import Role, assign, make_organisation, make_user
from thidua.organisations.models import (
    Assignment,
    EmulationYear,
    Membership,
    Milestone,
    Organisation,
    Succession,
)
from thidua.organisations.permissions import (
    can_open_year,
    can_read_journal,
    can_set_up_year,
    heads_lead,
    is_administrator,
    is_head_of,
    is_superior_of,
    leads,
    own_membership,
    part_in,
)


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def test_organisation_cannot_end_before_it_starts(db):
    with refused("organisation_ends_after_it_starts"), transaction.atomic():
        make_organisation("An", valid_from=date(2025, 7, 1), valid_to=date(2025, 6, 30))


def test_organisation_of_one_name_starts_once_a_day(db):
    make_organisation("An", valid_from=date(2025, 7, 1))
    make_organisation("An", valid_from=date(2025, 7, 2))

    with pytest.raises(IntegrityError), transaction.atomic():
        make_organisation("An", valid_from=date(2025, 7, 1))


def test_organisation_exists_on_both_its_ends(db):
    found = make_organisation("An", valid_from=date(2020, 1, 1), valid_to=date(2025, 6, 30))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2025, 6, 30), date(2025, 7, 1)]

    assert [found.exists_on(day) for day in days] == [False, True, True, False]
    assert [Organisation.objects.existing_on(day).exists() for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_succession_joins_two_organisations(db):
    one = make_organisation("An")

    with refused("succession_joins_two_organisations"), transaction.atomic():
        Succession.objects.create(
            predecessor=one, successor=one, kind="rename", on=date(2025, 7, 1)
        )


@pytest.mark.parametrize(
    ("role", "at_organisation", "at_cluster"),
    [
        (Role.OFFICER, False, False),
        (Role.HEAD, False, True),
        (Role.SUPERIOR, True, True),
        (Role.APPRAISER, True, False),
        (Role.COUNCIL_MEMBER, False, False),
        (Role.ADMINISTRATOR, True, False),
        (Role.ADMINISTRATOR, False, True),
    ],
)
def test_assignment_place_must_fit_the_role(world, role, at_organisation, at_cluster):
    place = {
        "organisation": world.one.memberships[0].organisation if at_organisation else None,
        "cluster": world.one.cluster if at_cluster else None,
    }

    with refused("assignment_place_fits_role"), transaction.atomic():
        assign(world.stranger, role, **place)


def test_assignment_cannot_end_before_it_starts(world):
    with refused("assignment_ends_after_it_starts"), transaction.atomic():
        assign(
            world.stranger,
            Role.ADMINISTRATOR,
            valid_from=date(2026, 2, 1),
            valid_to=date(2026, 1, 31),
        )


def test_cluster_has_one_row_per_year(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        EmulationYear.objects.create(
            cluster=world.one.cluster, year=2026, members_as_of=date(2026, 1, 1)
        )


@pytest.mark.parametrize("year", [1989, 2201])
def test_year_must_be_plausible(world, year):
    with refused("year_is_plausible"), transaction.atomic():
        EmulationYear.objects.create(
            cluster=world.one.cluster, year=year, members_as_of=date(2026, 1, 1)
        )


def test_year_has_one_lead_and_each_member_once(world):
    year, first = world.one.year, world.one.memberships[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=world.one.memberships[2].pk).update(role="lead")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(year=year, organisation=first.organisation, order=9)


def test_milestone_of_a_kind_stands_once_in_a_year(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.create(year=world.one.year, kind="launch", due_on=date(2026, 4, 1))


def years_of(user):
    return set(EmulationYear.objects.visible_to(user))


def test_T01_each_role_sees_the_years_of_its_own_cluster_only(world):
    one, two = world.one.year, world.two.year
    council = make_user("hoidong", "Hội đồng")
    assign(council, Role.COUNCIL_MEMBER, cluster=world.one.cluster)
    minister = make_user("botruong", "Thuộc cơ quan cấp trên")
    assign(minister, Role.SUPERIOR, organisation=world.centre)
    own = [
        *world.one.heads,
        *world.one.officers,
        world.one.appraiser,
        council,
        world.superior,
        minister,
    ]

    for user in own:
        assert years_of(user) == {one}, user
    for user in [*world.two.heads, *world.two.officers, world.two.appraiser]:
        assert years_of(user) == {two}, user
    assert years_of(world.administrator) == {one, two}
    assert years_of(world.stranger) == set()


def test_T01_member_sees_no_year_before_it_joined(world):
    earlier = EmulationYear.objects.create(
        cluster=world.one.cluster, year=2025, members_as_of=date(2025, 1, 1)
    )
    Membership.objects.create(
        year=earlier, organisation=world.one.memberships[0].organisation, order=1
    )

    assert years_of(world.one.heads[0]) == {earlier, world.one.year}
    assert years_of(world.one.heads[1]) == {world.one.year}


def test_T11_disabled_person_sees_nothing(world):
    for user in (world.one.heads[0], world.administrator, world.superior):
        assert years_of(user)
        user.is_active = False
        user.save()

        assert years_of(user) == set()
        assert not Organisation.objects.visible_to(user).exists()


@pytest.mark.parametrize(
    ("starts", "ends", "sees"),
    [
        (1, None, False),
        (-9, -1, False),
        (0, None, True),
        (-9, 0, True),
    ],
    ids=["from tomorrow", "ended yesterday", "from today", "ends today"],
)
@pytest.mark.parametrize("role", list(Role))
def test_T11_role_gives_rights_within_its_days_only(world, role, starts, ends, sees):
    today = timezone.localdate()
    membership = world.one.memberships[0]
    place = {}
    if role in {Role.OFFICER, Role.HEAD}:
        place = {"organisation": membership.organisation}
    elif role == Role.SUPERIOR:
        place = {"organisation": world.centre}
    elif role != Role.ADMINISTRATOR:
        place = {"cluster": world.one.cluster}
    assign(
        world.stranger,
        role,
        **place,
        valid_from=today + timedelta(days=starts),
        valid_to=None if ends is None else today + timedelta(days=ends),
    )

    user, year = world.stranger, world.one.year
    unit = role in {Role.OFFICER, Role.HEAD}
    assert (year in years_of(user)) is sees
    assert leads(user, year) is (sees and unit)
    assert heads_lead(user, year) is (sees and role == Role.HEAD)
    assert own_membership(user, year) == (membership if sees and unit else None)
    assert is_superior_of(user, year) is (sees and role == Role.SUPERIOR)
    assert is_administrator(user) is (sees and role == Role.ADMINISTRATOR)


def test_part_says_what_the_single_questions_say(world):
    everybody = [
        *world.one.heads,
        *world.one.officers,
        *world.two.heads,
        world.one.appraiser,
        world.superior,
        world.administrator,
        world.stranger,
    ]
    # Works for the lead and for another member: leads, although its own unit is the first.
    both = make_user("hainoi", "Hai nơi")
    assign(both, Role.HEAD, organisation=world.one.memberships[0].organisation)
    assign(both, Role.OFFICER, organisation=world.one.memberships[1].organisation)
    world.one.heads[2].is_active = False
    world.one.heads[2].save()

    for user in [*everybody, both]:
        for year in (world.one.year, world.two.year):
            part = part_in(user, year)
            own = own_membership(user, year)
            assert part.own == own
            assert part.is_head == (own is not None and is_head_of(user, own.organisation_id))
            assert part.leads == leads(user, year)
            assert part.heads_lead == heads_lead(user, year)
            assert part.is_superior == is_superior_of(user, year)
            assert part.is_administrator == is_administrator(user)
            assert part.can_set_up == can_set_up_year(user, year)
            assert part.can_read_journal == can_read_journal(user, year)


def test_only_the_administrator_opens_a_year(world):
    assert can_open_year(world.administrator)
    others = [world.one.lead_head, world.superior, world.one.appraiser, world.stranger]
    assert not any(can_open_year(user) for user in others)


def test_texts_of_records_read_as_sentences(world):
    head = Assignment.objects.get(user=world.one.heads[0])
    milestone = world.one.year.milestones.get(kind="pact")

    assert str(head) == "Trưởng An – Thủ trưởng đơn vị, Thanh tra tỉnh An"
    assert str(Assignment.objects.get(user=world.administrator)) == "Quản trị – Quản trị hệ thống"
    assert str(world.one.year) == "Cụm một năm 2026"
    assert str(world.one.memberships[0]) == "An (Cụm trưởng)"
    assert str(milestone) == "Ký kết giao ước, gửi đăng ký lên cấp trên: 25/03/2026"
