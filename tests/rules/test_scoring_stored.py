"""Stored points added up again give what computing every leaf gives."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.ruled_cluster import RULES, TABLE, TEXTS, YEAR, claims, members
from tests.rules.ruled_cluster import units as terms
from tests.rules.tables import claimed_tables
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Facts, Unit, examine, table_rules
from thidua.rules.scoring.cluster import Cluster, Member
from thidua.rules.scoring.facts import known_values
from thidua.rules.scoring.language import NotApplicable
from thidua.rules.scoring.stored import (
    add_up_stored,
    compares_weighed,
    inputs_for_places,
    inputs_of_places,
    weighed_leaves,
)

some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TIES = {"parts": [{"by": "most_bonus"}, {"by": "least_deduction"}], "node": RULES["ties"]}
TABLES = [
    replace(TABLE, rules={**RULES, "ties": ties, "na": na, "excluded": excluded})
    for ties in TIES.values()
    for na in ("full", "excluded")
    for excluded in ("shrink", "rescale")
]

# Units with every figure, so that most of their leaves are scored.
whole_members = st.builds(
    Member,
    claims=st.fixed_dictionaries({"5": claims}),
    facts=st.fixed_dictionaries({**TEXTS, "phai_thu": st.sampled_from(["50", "100"])}),
    unit=terms,
)


def of_places(table, facts):
    """The facts that a page of places reads."""
    return {key: text for key, text in facts.items() if key in inputs_for_places(table)}


def assert_alike(table, quick, whole):
    assert quick.subtotals == whole.subtotals
    assert (quick.total, quick.rounded, quick.maximum) == (
        whole.total,
        whole.rounded,
        whole.maximum,
    )
    assert set(quick.missing) == set(whole.missing)
    for how in NotApplicable:
        assert {p for p, leaf in quick.leaves.items() if leaf.not_applicable is how} == {
            p for p, leaf in whole.leaves.items() if leaf.not_applicable is how
        }
    for node in weighed_leaves(table):
        if whole.leaves[node.path].points is not None:
            left, right = quick.leaves[node.path], whole.leaves[node.path]
            assert (left.bonus, left.deduction) == (right.bonus, right.deduction)


@some
@given(st.sampled_from(TABLES), st.lists(st.one_of(whole_members, members), min_size=1, max_size=3))
def test_places_read_from_stored_points_what_every_leaf_computed_gives(table, units):
    cluster = Cluster(table, YEAR, dict(enumerate(units)))

    for key, whole in cluster.results().items():
        stored = {p: leaf.points for p, leaf in whole.leaves.items() if leaf.points is not None}
        member = units[key]
        facts = Facts(table_rules(table), of_places(table, member.facts), member.unit, year=YEAR)
        quick = add_up_stored(table, stored, member.claims, facts, cluster.leads)
        assert_alike(table, quick, whole)
        wanted = inputs_of_places(table)
        all_facts = cluster.facts()[key]
        assert known_values(facts, wanted) == known_values(all_facts, wanted)


@some
@given(claimed_tables(), st.booleans())
def test_caps_of_groups_hold_over_stored_points_of_any_table(claimed, asks):
    table, claims = claimed
    if asks:
        table = replace(table, rules={**table.rules, "ties": TIES["parts"]})
    whole = examine(table, claims, traced=False)
    stored = {p: leaf.points for p, leaf in whole.leaves.items() if leaf.points is not None}

    quick = add_up_stored(table, stored, claims, Facts(table_rules(table), {}))

    assert_alike(table, quick, whole)


def test_only_leaves_whose_parts_decide_something_are_weighed():
    by_node, by_parts = TABLES[-1], TABLES[0]

    assert [node.path for node in weighed_leaves(by_node)] == ["1/c"]
    assert [node.path for node in weighed_leaves(by_parts)] == ["1/c", "3", "5"]
    assert weighed_leaves(by_node) is weighed_leaves(by_node)
    assert compares_weighed(by_node)
    assert not compares_weighed(replace(TABLE, nodes=TABLE.nodes[2:]))


def test_places_need_the_figures_of_gates_awards_ties_conditions_and_weighed_leaves():
    by_node, by_parts = TABLES[-1], TABLES[0]
    own = {"khen", "vi_pham", "co_bien_gioi"}
    of_c = {"cuoc", "tu_phat_hien", "thu", "phai_thu"}

    assert inputs_of_places(by_node) == {"khen", "vi_pham"}
    assert inputs_for_places(by_node) == own | of_c
    assert inputs_for_places(by_parts) == own | of_c | {"ngay_nop", "han_nop"}


def test_places_of_a_rule_that_names_nothing_known_are_refused():
    table = replace(TABLE, rules={**RULES, "awards": [{"input": "la", "points": "1"}]})

    with pytest.raises(RuleError, match="“la” chưa khai báo"):
        inputs_for_places(table)


def test_computed_bonus_and_deduction_are_weighed_as_the_rules_compute_them():
    facts = {
        "thu": "120",
        "phai_thu": "100",
        "cuoc": "14",
        "vi_pham": "0",
        "co_bien_gioi": "yes",
        "dan_so": "10",
        "muc": "Tốt",
        "ngay_nop": "2026-01-12",
        "han_nop": "2026-01-10",
    }
    table = TABLES[0]
    cluster = Cluster(table, YEAR, {"a": Member({"5": Claim(Decimal(2))}, facts)})
    whole = cluster.results()["a"]
    stored = {path: leaf.points for path, leaf in whole.leaves.items()}

    quick = add_up_stored(table, stored, {}, cluster.facts()["a"], cluster.leads)

    # Four beyond the threshold of 10, 0.5 each; two days late, 0.25 each.
    assert quick.leaves["1/c"].bonus == Decimal(2)
    assert quick.leaves["3"].deduction == Decimal("0.5")
    assert_alike(table, quick, whole)


def test_a_leaf_that_was_not_assigned_needs_no_stored_points():
    table = TABLES[-1]
    unit = Unit(not_assigned=frozenset({"3"}))
    facts = Facts(table_rules(table), {"co_bien_gioi": "no"}, unit, year=YEAR)

    found = add_up_stored(table, {"5": Decimal(2)}, {}, facts)

    assert found.subtotals == {"2/a": 0, "2/b": 0, "2": 0, "3": 0, "5": 2}
    assert found.missing == ("1/a", "1/b", "1/c", "4")
    # 30 points less 6 of the closed group and 4 of the leaf, scaled up: 2 × 30 : 20.
    assert (found.total, found.rounded, found.maximum) == (2, 3, 30)


def test_a_cluster_that_starts_from_known_results_changes_like_any_other():
    facts = {"thu": "120", "phai_thu": "100", "cuoc": "12", "co_bien_gioi": "yes"}
    units = {
        "a": Member({"5": Claim(Decimal(2))}, facts, Unit({"ty_le": Decimal(100)})),
        "b": Member({}, {**facts, "thu": "140"}, Unit({"ty_le": Decimal(100)})),
    }
    whole = Cluster(TABLE, YEAR, units)

    started = Cluster(TABLE, YEAR, units, results=whole.results())

    assert started.results() == whole.results()
    for cluster in (started, whole):
        cluster.change("a", "thu", "160")
    assert started.results() == whole.results()
    assert started.results()["b"].subtotals["1/b"] == Decimal(5)
