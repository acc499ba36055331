"""Organisations that begin, end and follow one another; clusters."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories.world import NOON, START, make_organisation
from thidua.audit.models import Action, Entry
from thidua.organisations.models import Cluster, Organisation, Succession
from thidua.organisations.services import (
    add_cluster,
    add_organisation,
    end_organisation,
    record_succession,
    set_members,
)
from thidua.rules.errors import RuleError

Kind = Organisation.Kind
MERGE, SPLIT, RENAME = Succession.Kind.MERGE, Succession.Kind.SPLIT, Succession.Kind.RENAME
DAY, EVE = date(2026, 7, 1), date(2026, 6, 30)


def add(world, full_name="Thanh tra tỉnh Mới", **fields):
    values = {
        "kind": Kind.PROVINCIAL_INSPECTORATE,
        "short_name": "Mới",
        "valid_from": DAY,
        "actor": world.administrator,
    }
    return add_organisation(full_name=full_name, at=NOON, **{**values, **fields})


def end(world, organisation, last_day=EVE, actor=None):
    end_organisation(
        organisation=organisation,
        last_day=last_day,
        actor=actor or world.administrator,
        at=NOON,
    )


def follow(world, predecessors, successor, **fields):
    values = {"kind": MERGE, "on": DAY, "actor": world.administrator}
    return record_succession(
        predecessors=predecessors, successor=successor, at=NOON, **{**values, **fields}
    )


def organisation_of(world, index):
    return world.one.memberships[index].organisation


def others(world):
    return (world.one.lead_head, world.superior, world.one.appraiser, world.stranger)


def entries(*actions):
    found = Entry.objects.filter(action__in=actions).order_by("pk")
    return [(entry.action, entry.subject_label, entry.details) for entry in found]


def test_add_organisation_keeps_everything_and_is_recorded(world):
    added = add(
        world,
        "Vụ Giám sát",
        kind=Kind.DEPARTMENT,
        short_name="Vụ GS",
        abbreviation="GS",
        governing_body="Thanh tra Chính phủ",
        parent=world.centre,
        place="Hà Nội",
        source="Quyết định 12/QĐ-TTCP",
    )

    stored = Organisation.objects.values().get(pk=added.pk)
    assert stored == {
        "id": added.pk,
        "kind": "department",
        "full_name": "Vụ Giám sát",
        "short_name": "Vụ GS",
        "abbreviation": "GS",
        "governing_body": "Thanh tra Chính phủ",
        "parent_id": world.centre.pk,
        "place": "Hà Nội",
        "valid_from": DAY,
        "valid_to": None,
        "source": "Quyết định 12/QĐ-TTCP",
    }
    entry = Entry.objects.get(action=Action.ORGANISATION_ADDED)
    assert (entry.actor, entry.subject_id, entry.year_id) == (world.administrator, added.pk, None)
    assert entry.details == {
        "kind": "Vụ, cục, đơn vị thuộc Thanh tra Chính phủ",
        "parent": "Thanh tra Chính phủ",
        "valid_from": "2026-07-01",
        "source": "Quyết định 12/QĐ-TTCP",
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": Kind.DEPARTMENT}, "cần cơ quan cấp trên"),
        ({"full_name": "Thanh tra tỉnh An"}, "đang có trong danh mục từ ngày 01/01/2020"),
        ({"full_name": "THANH TRA TỈNH AN"}, "hãy ghi ngày kết thúc của đơn vị cũ trước"),
        ({"full_name": "Thanh tra ti\u0309nh An"}, "đang có trong danh mục"),
        ({"full_name": "Thanh tra tỉnh An", "valid_from": START}, "từ ngày 01/01/2020 đã có"),
        ({"full_name": "Thanh tra tỉnh An", "valid_from": date(2019, 1, 1)}, "01/01/2020 đã có"),
    ],
)
def test_add_organisation_is_refused_with_its_reason(world, fields, said):
    count = Organisation.objects.count()

    with pytest.raises(RuleError, match=said):
        add(world, **fields)

    assert Organisation.objects.count() == count
    assert entries(Action.ORGANISATION_ADDED) == []


def test_add_organisation_under_a_body_that_has_ended_is_refused(world):
    end(world, world.centre)

    with pytest.raises(RuleError, match="“Thanh tra Chính phủ” không tồn tại vào ngày 01/07/2026"):
        add(world, parent=world.centre)


def test_a_name_is_free_again_after_its_bearer_ended(world):
    end(world, organisation_of(world, 0))

    added = add(world, "Thanh tra tỉnh An")

    assert added.exists_on(DAY)
    assert Organisation.objects.existing_on(DAY).get(full_name="Thanh tra tỉnh An") == added


def test_end_organisation_ends_it_after_the_day_and_is_recorded(world):
    ended = organisation_of(world, 2)

    end(world, ended)

    ended.refresh_from_db()
    assert (ended.exists_on(EVE), ended.exists_on(DAY)) == (True, False)
    assert entries(Action.ORGANISATION_ENDED) == [
        ("organisation_ended", "Thanh tra tỉnh Cường", {"last_day": "2026-06-30"})
    ]


def test_end_organisation_is_refused_before_its_first_day_and_twice(world):
    ended = organisation_of(world, 2)

    with pytest.raises(RuleError, match="có từ ngày 01/01/2020"):
        end(world, ended, date(2019, 12, 31))
    end(world, ended, START)
    with pytest.raises(RuleError, match="đã kết thúc ngày 01/01/2020"):
        end(world, ended)

    ended.refresh_from_db()
    assert ended.valid_to == START


def test_a_year_keeps_its_member_and_a_later_one_cannot_choose_it(world):
    ended = organisation_of(world, 2)

    end(world, ended)

    assert [m.organisation for m in world.one.year.memberships.all()][2] == ended
    with pytest.raises(RuleError, match="Thanh tra tỉnh Cường không tồn tại vào ngày 01/07/2026"):
        set_members(
            year=world.one.year,
            organisations=[m.organisation for m in world.one.year.memberships.all()],
            lead=organisation_of(world, 0),
            deputy=None,
            members_as_of=DAY,
            actor=world.administrator,
            at=NOON,
        )


def test_merger_links_the_predecessors_ends_them_the_day_before_and_is_recorded(world):
    successor = add(world)
    before = [organisation_of(world, 1), organisation_of(world, 2)]

    made = follow(world, before, successor, source="Nghị quyết 1")

    stored = Succession.objects.order_by("predecessor__short_name")
    assert sorted(link.pk for link in made) == sorted(link.pk for link in stored)
    assert [
        (link.predecessor, link.successor, link.kind, link.on, link.source) for link in stored
    ] == [(predecessor, successor, "merge", DAY, "Nghị quyết 1") for predecessor in before]
    assert {link.predecessor.valid_to for link in stored} == {EVE}
    assert entries(Action.ORGANISATION_ENDED, Action.SUCCESSION_RECORDED) == [
        ("organisation_ended", "Thanh tra tỉnh Bình", {"last_day": "2026-06-30"}),
        ("organisation_ended", "Thanh tra tỉnh Cường", {"last_day": "2026-06-30"}),
        (
            "succession_recorded",
            "Thanh tra tỉnh Mới",
            {
                "kind": "Hợp nhất, sáp nhập",
                "predecessors": ["Thanh tra tỉnh Bình", "Thanh tra tỉnh Cường"],
                "on": "2026-07-01",
                "source": "Nghị quyết 1",
            },
        ),
    ]


def test_merger_into_one_that_goes_on_leaves_it_as_it_is(world):
    follow(world, [organisation_of(world, 1)], organisation_of(world, 0))

    going_on = Organisation.objects.get(pk=organisation_of(world, 0).pk)
    assert (going_on.valid_from, going_on.valid_to) == (START, None)


def test_split_is_recorded_once_for_each_successor(world):
    divided = organisation_of(world, 1)
    first, second = add(world, "Thanh tra tỉnh Một"), add(world, "Thanh tra tỉnh Hai")

    follow(world, [divided], first, kind=SPLIT)
    follow(world, [divided], second, kind=SPLIT)

    assert [link.successor for link in divided.successions.order_by("pk")] == [first, second]
    assert len(entries(Action.ORGANISATION_ENDED)) == 1


@pytest.mark.parametrize(
    ("before", "kind", "on", "said"),
    [
        ([], MERGE, DAY, "ít nhất một đơn vị trước"),
        (["An", "An"], MERGE, DAY, "được chọn hai lần"),
        (["An", "Mới"], MERGE, DAY, "không thể vừa là đơn vị trước vừa là đơn vị sau"),
        (["An", "Bình"], RENAME, DAY, "“Đổi tên” chỉ có một đơn vị trước"),
        (["An", "Bình"], SPLIT, DAY, "“Chia, tách” chỉ có một đơn vị trước"),
        (["An"], MERGE, EVE, "“Thanh tra tỉnh Mới” không tồn tại vào ngày 30/06/2026"),
        (["An", "Cũ"], MERGE, DAY, "“Thanh tra tỉnh Cũ” đã kết thúc ngày 31/12/2025, không phải"),
        (["An", "Cùng ngày"], MERGE, DAY, "chưa tồn tại vào ngày 30/06/2026"),
    ],
)
def test_succession_is_refused_with_its_reason_and_changes_nothing(world, before, kind, on, said):
    add(world)
    make_organisation("Cũ", valid_to=date(2025, 12, 31))
    make_organisation("Cùng ngày", valid_from=DAY)
    named = {organisation.short_name: organisation for organisation in Organisation.objects.all()}

    with pytest.raises(RuleError, match=said):
        follow(world, [named[name] for name in before], named["Mới"], kind=kind, on=on)

    assert not Succession.objects.exists()
    assert Organisation.objects.get(short_name="An").valid_to is None
    assert entries(Action.ORGANISATION_ENDED, Action.SUCCESSION_RECORDED) == []


def test_succession_recorded_twice_is_refused(world):
    successor = add(world)
    follow(world, [organisation_of(world, 1)], successor)

    with pytest.raises(RuleError, match="kế thừa “Thanh tra tỉnh Bình” đã được ghi"):
        follow(world, [organisation_of(world, 1)], successor)

    assert Succession.objects.count() == 1


def test_succession_reads_what_is_stored_not_what_the_page_knew(world):
    successor, stale = add(world), Organisation.objects.get(pk=organisation_of(world, 1).pk)
    end(world, organisation_of(world, 1), date(2026, 5, 31))

    with pytest.raises(RuleError, match="đã kết thúc ngày 31/05/2026"):
        follow(world, [stale], successor)


def new_cluster(world, **fields):
    values = {"name": "Cụm ba", "superior": world.centre, "actor": world.administrator}
    return add_cluster(short_name="Cụm 3", symbol="CTĐ3", at=NOON, **{**values, **fields})


def test_add_cluster_is_kept_and_recorded(world):
    added = new_cluster(world, source="Quyết định 5")

    stored = Cluster.objects.values().get(pk=added.pk)
    assert stored == {
        "id": added.pk,
        "name": "Cụm ba",
        "short_name": "Cụm 3",
        "symbol": "CTĐ3",
        "superior_id": world.centre.pk,
        "source": "Quyết định 5",
    }
    assert entries(Action.CLUSTER_ADDED) == [
        (
            "cluster_added",
            "Cụm ba",
            {"symbol": "CTĐ3", "superior": "Thanh tra Chính phủ", "source": "Quyết định 5"},
        )
    ]


def test_add_cluster_is_refused_for_a_taken_name_and_a_superior_that_ended(world):
    with pytest.raises(RuleError, match="Cụm “cụm MỘT” đã có"):
        new_cluster(world, name="cụm MỘT")
    end(world, world.centre, date(2026, 3, 1))
    with pytest.raises(RuleError, match="“Thanh tra Chính phủ” không tồn tại vào ngày 02/03/2026"):
        new_cluster(world)

    assert Cluster.objects.count() == 2


def test_T01_structure_is_kept_by_the_administrator_only(world):
    successor = add(world)
    count = Entry.objects.count()

    for actor in others(world):
        with pytest.raises(PermissionDenied):
            add(world, "Thanh tra tỉnh Khác", actor=actor)
        with pytest.raises(PermissionDenied):
            end(world, organisation_of(world, 1), actor=actor)
        with pytest.raises(PermissionDenied):
            follow(world, [organisation_of(world, 1)], successor, actor=actor)
        with pytest.raises(PermissionDenied):
            new_cluster(world, actor=actor)

    assert Entry.objects.count() == count
