"""What the lead sets for each unit, until its sheet is handed in."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.scoring import issue_table, submit
from tests.factories.world import NOON
from thidua.audit.models import Action, Entry
from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table
from thidua.scoring.models import UnitTerms
from thidua.scoring.services import StaleTerms, Terms, set_terms

RULES = {
    "inputs": [
        {"key": "thu_hoi", "label": "Số tiền thu hồi", "kind": "figure", "measure": "triệu đồng"},
        {"key": "so_vu", "label": "Số vụ", "kind": "count", "default": "0"},
    ],
    "bands": {
        "Cỡ": [{"label": "nhỏ", "high": "10"}, {"label": "lớn", "low": "10"}],
        "Bậc": [
            {"low": "0", "points": "1", "tier": "nhỏ"},
            {"low": "0", "points": "2", "tier": "lớn"},
        ],
    },
}


def termed_table() -> Table:
    """A line against a target, a matrix by size, one criterion that may be left out."""
    return Table(
        title="Bảng có mục tiêu",
        scale=Decimal(10),
        nodes=(
            CriterionNode(
                code="1",
                title="Thu hồi",
                maximum=Decimal(4),
                rule={"kind": "linear", "input": "thu_hoi"},
            ),
            CriterionNode(
                code="2",
                title="Số vụ",
                maximum=Decimal(2),
                rule={"kind": "matrix", "input": "so_vu", "bands": "Bậc", "tiers": "Cỡ"},
            ),
            CriterionNode(
                code="3",
                title="Việc riêng",
                maximum=Decimal(2),
                rule={"kind": "typed", "na": "full"},
            ),
            CriterionNode(code="4", title="Việc chung", maximum=Decimal(2)),
        ),
        rules=RULES,
    )


GOOD = Terms(
    targets={"thu_hoi": Decimal("120.5")},
    not_assigned=frozenset({"3"}),
    tiers={"Cỡ": "nhỏ"},
    group="Miền núi",
)


@pytest.fixture
def one(world):
    issue_table(world.one, termed_table())
    return world.one


def put(one, terms=GOOD, version=0, actor=None, member=1, at=NOON):
    return set_terms(
        criteria_set=one.year.criteria_sets.get(),
        member=one.memberships[member],
        terms=terms,
        version=version,
        actor=actor or one.lead_officer,
        at=at,
    )


def test_set_terms_stores_canonical_values_and_records_old_and_new(one):
    put(one)
    put(one, Terms(targets={"thu_hoi": Decimal(100)}), version=1, at=NOON + timedelta(hours=1))

    stored = UnitTerms.objects.get()
    assert (stored.targets, stored.not_assigned, stored.tiers, stored.group, stored.version) == (
        {"thu_hoi": "100"},
        [],
        {},
        "",
        2,
    )
    last, first = Entry.objects.filter(action=Action.TERMS_SET)
    assert first.details == {
        "old": {},
        "new": {
            "Mục tiêu Số tiền thu hồi": "120,5",
            "Cỡ theo Cỡ": "nhỏ",
            "Không giao": "3",
            "Nhóm xếp hạng": "Miền núi",
        },
    }
    assert last.details["old"] == first.details["new"]
    assert last.details["new"] == {"Mục tiêu Số tiền thu hồi": "100"}
    assert last.year_id == one.year.pk


def test_R08_a_stale_version_changes_nothing_and_says_who_and_when(one):
    put(one, at=NOON)

    put(one, Terms(group="Một"), version=1, actor=one.lead_head, at=NOON)

    with pytest.raises(StaleTerms, match="Trưởng An") as caught:
        put(one, Terms(group="Hai"), version=1)

    assert "12:00 02/03/2026" in str(caught.value)
    assert caught.value.current.group == UnitTerms.objects.get().group == "Một"


def test_R11_the_same_terms_sent_again_are_one_change(one):
    put(one)
    again = put(one)

    assert again.version == 1
    assert Entry.objects.filter(action=Action.TERMS_SET).count() == 1


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Terms(targets={"so_vu": Decimal(1)}), "không có mục tiêu nào cho số liệu “so_vu”"),
        (Terms(targets={"thu_hoi": Decimal(0)}), "Mục tiêu “Số tiền thu hồi” phải lớn hơn 0"),
        (Terms(tiers={"Cỡ": "vừa"}), "không có cỡ “vừa” theo “Cỡ”"),
        (Terms(not_assigned=frozenset({"4"})), "không quy định cách tính khi không giao"),
        (Terms(group="x" * 101), "dài quá 100 ký tự"),
    ],
)
def test_set_terms_takes_only_what_the_table_asks_for(one, terms, said):
    with pytest.raises(RuleError, match=said):
        put(one, terms)

    assert not UnitTerms.objects.exists()


def test_T03_set_terms_is_the_lead_s_act_in_its_own_year(one, world):
    for person in (one.heads[1], one.officers[1], one.appraiser, world.superior):
        with pytest.raises(PermissionDenied):
            put(one, actor=person)
    with pytest.raises(PermissionDenied):
        set_terms(
            criteria_set=one.year.criteria_sets.get(),
            member=world.two.memberships[0],
            terms=GOOD,
            version=0,
            actor=one.lead_officer,
            at=NOON,
        )
    assert not UnitTerms.objects.exists()


def test_set_terms_is_refused_once_the_sheet_is_handed_in(world):
    table = termed_table()
    issue_table(
        world.one,
        Table(title="x", scale=Decimal(4), nodes=table.nodes[2:], rules=RULES),
    )
    submit(world.one, 1)

    with pytest.raises(RuleError, match="đã nộp bảng tự chấm"):
        put(world.one, Terms(group="Một"))
    put(world.one, Terms(group="Một"), member=2)

    assert UnitTerms.objects.get().membership == world.one.memberships[2]


def address(one, name, *args):
    return reverse(f"scoring:{name}", args=[one.year.pk, *args])


def posted(one, client, member=1, **typed):
    given = {"idempotency_key": "c" * 32, "version": "0", "group": "", **typed}
    return client.post(address(one, "terms_edit", one.memberships[member].pk), given)


def test_the_lead_sets_terms_on_screen_and_everybody_reads_them(one, client_of):
    done = posted(
        one,
        client_of(one.lead_officer),
        target_0="1.250,5",
        tier_0="lớn",
        not_assigned=["3"],
        group="Đồng bằng",
    )

    assert done.url == address(one, "terms")
    body = client_of(one.officers[2]).get(address(one, "terms")).content.decode()
    for text in ("1.250,5", "lớn", "3. Việc riêng", "tính đủ điểm", "Đồng bằng", "Cán bộ An"):
        assert text in body
    assert "Đặt<span" not in body


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1.234", "là 1234 hay 1,234?"), ("nhiều", "không phải là số"), ("-3", "từ 0")],
)
def test_a_bad_number_is_named_at_its_field_and_nothing_is_saved(one, client_of, typed, said):
    answer = posted(one, client_of(one.lead_officer), target_0=typed)

    assert answer.status_code == 422
    body = answer.content.decode()
    assert said in body
    assert 'id="id_target_0"' in body
    assert f'value="{typed}"' in body
    assert not UnitTerms.objects.exists()


def test_R08_on_screen_what_was_typed_stays_beside_what_is_stored(one, client_of):
    put(one, Terms(group="Miền núi"), actor=one.lead_head)
    client = client_of(one.lead_officer)

    stale = posted(one, client, group="Đồng bằng")
    body = stale.content.decode()

    assert stale.status_code == 422
    assert "Trưởng An vừa sửa thông số" in body
    assert "Bản đang lưu" in body
    assert "Miền núi" in body
    assert 'value="Đồng bằng"' in body
    assert 'name="version" value="1"' in body


def test_the_terms_page_takes_as_many_queries_for_one_unit_as_for_three(one, client_of):
    client = client_of(one.officers[1])
    put(one)
    client.get(address(one, "terms"))
    with CaptureQueriesContext(connection) as single:
        client.get(address(one, "terms"))
    put(one, member=0)
    put(one, member=2)
    with CaptureQueriesContext(connection) as several:
        client.get(address(one, "terms"))

    assert len(single) == len(several)
