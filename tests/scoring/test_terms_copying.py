"""A new version of the table takes the units' terms along, as far as it still asks for them."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories.scoring import import_table, issue_table
from tests.factories.world import NOON
from tests.scoring.test_terms import GOOD, termed_table
from thidua.audit.models import Action, Entry
from thidua.scoring.models import UnitTerms
from thidua.scoring.services import issue_scale, set_terms


@pytest.fixture
def one(world):
    table = issue_table(world.one, termed_table())
    put(world.one, table, GOOD)
    return world.one


def put(one, table, terms, member=1):
    return set_terms(
        criteria_set=table,
        member=one.memberships[member],
        terms=terms,
        version=0,
        actor=one.lead_officer,
        at=NOON,
    )


def of(table):
    return UnitTerms.objects.get(criteria_set=table)


def content(terms):
    return (terms.targets, terms.not_assigned, terms.tiers, terms.group)


def without_targets_and_exemption():
    """The line against a target and the way of leaving a criterion out are gone, a size is renamed."""
    table = termed_table()
    first, second, third, fourth = table.nodes
    bands = {
        "Cỡ": [{"label": "bé", "high": "10"}, {"label": "lớn", "low": "10"}],
        "Bậc": [
            {"low": "0", "points": "1", "tier": "bé"},
            {"low": "0", "points": "2", "tier": "lớn"},
        ],
    }
    nodes = (
        replace(first, rule={"kind": "typed"}),
        second,
        replace(third, rule={"kind": "typed"}),
        fourth,
    )
    return replace(table, nodes=nodes, rules={**table.rules, "bands": bands})


def test_terms_are_copied_to_the_next_version_and_recorded(one):
    new = issue_table(one, replace(termed_table(), notes="Sửa câu chữ"))

    assert content(of(new)) == ({"thu_hoi": "120.5"}, ["3"], {"Cỡ": "nhỏ"}, "Miền núi")
    assert Entry.objects.get(action=Action.TERMS_COPIED).details == {
        "origin": "phiên bản 1",
        "copied": "1 đơn vị",
        "not_copied": [],
    }


def test_what_the_new_version_does_not_ask_for_is_named_and_not_copied(one):
    new = issue_table(one, without_targets_and_exemption())

    name = one.memberships[1].organisation.short_name
    assert content(of(new)) == ({}, [], {}, "Miền núi")
    assert Entry.objects.get(action=Action.TERMS_COPIED).details["not_copied"] == [
        f"{name}: mục tiêu “Số tiền thu hồi” (120,5)",
        f"{name}: không giao tiêu chí 3",
        f"{name}: cỡ “nhỏ” theo “Cỡ”",
    ]


def test_a_path_that_is_another_criterion_now_is_not_left_out(one):
    table = termed_table()
    nodes = (*table.nodes[:2], replace(table.nodes[2], title="Việc khác"), table.nodes[3])

    new = issue_table(one, replace(table, nodes=nodes))

    assert of(new).not_assigned == []


def test_a_target_in_another_measure_is_not_copied(one):
    table = termed_table()
    first, *rest = table.rules["inputs"]

    new = issue_table(
        one,
        replace(table, rules={**table.rules, "inputs": [{**first, "measure": "tỷ đồng"}, *rest]}),
    )

    assert of(new).targets == {}


def test_terms_set_on_the_new_version_before_it_was_issued_stay(one):
    new = import_table(one, termed_table())
    UnitTerms.objects.create(
        criteria_set=new, membership=one.memberships[1], targets={"thu_hoi": "7"}
    )

    issue_scale(criteria_set=new, actor=one.lead_head, at=NOON)

    assert content(of(new)) == ({"thu_hoi": "7"}, [], {}, "")
    assert not Entry.objects.filter(action=Action.TERMS_COPIED).exists()


def test_issuing_on_screen_tells_what_was_not_copied_and_the_table_links_to_the_terms(
    one, client_of
):
    new = import_table(one, without_targets_and_exemption())
    client = client_of(one.lead_head)

    page = client.post(
        reverse("scoring:scale_issue", args=[one.year.pk, new.number]),
        {"idempotency_key": uuid4().hex},
        follow=True,
    ).content.decode()

    assert "trừ những mục bảng mới không còn dùng" in page
    assert "mục tiêu “Số tiền thu hồi” (120,5)" in page
    assert reverse("scoring:terms", args=[one.year.pk]) in page
