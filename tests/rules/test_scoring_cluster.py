"""Many units at once: a change reaches exactly what depends on it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.ruled_cluster import RULES, TABLE, TEXTS, YEAR, claims, members
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Facts, Unit, examine, table_rules
from thidua.rules.scoring import cluster as module
from thidua.rules.scoring.cluster import Cluster, Member, dependencies
from thidua.rules.scoring.totals import examine_at

slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
changes = st.one_of(
    st.sampled_from(sorted(TEXTS)).flatmap(
        lambda key: st.tuples(st.just("fact"), st.just(key), st.one_of(st.just(""), TEXTS[key]))
    ),
    st.tuples(st.just("claim"), st.sampled_from(["5", "1/c"]), claims),
    st.tuples(st.just("member"), st.just(""), members),
)


def full(**facts):
    given_facts = {
        "thu": "120",
        "phai_thu": "100",
        "cuoc": "12",
        "ngay_nop": "2026-01-10",
        "han_nop": "2026-01-10",
        "co_bien_gioi": "yes",
        "dan_so": "10",
        "muc": "Tốt",
    }
    return Member({"5": Claim(Decimal(2))}, {**given_facts, **facts}, Unit({"ty_le": Decimal(100)}))


@slow
@given(
    st.lists(members, min_size=2, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), changes), min_size=1, max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_changes_one_by_one_equal_a_fresh_computation(units, steps, complete, traced):
    keyed = dict(enumerate(units))
    settings_ = {"complete": complete, "traced": traced}
    kept = Cluster(TABLE, YEAR, keyed, **settings_)

    for number, (what, name, value) in steps:
        key = number % len(keyed)
        if what == "fact":
            kept.change(key, name, value)
            facts = {**keyed[key].facts, name: value}
            keyed[key] = replace(keyed[key], facts={k: v for k, v in facts.items() if v})
        elif what == "claim":
            kept.change_claim(key, name, value)
            keyed[key] = replace(keyed[key], claims={**keyed[key].claims, name: value})
        else:
            kept.replace(key, value)
            keyed[key] = value
        fresh = Cluster(TABLE, YEAR, keyed, **settings_)
        assert kept.results() == fresh.results()
        assert kept.totals() == fresh.totals()
        assert kept.leads == fresh.leads
        assert kept.members() == keyed


@slow
@given(st.lists(members, min_size=1, max_size=3), st.booleans())
def test_each_unit_equals_the_examination_of_its_own_sheet(units, complete):
    keyed = dict(enumerate(units))

    found = Cluster(TABLE, YEAR, keyed, complete=complete, traced=True)

    for key, unit in keyed.items():
        facts = Facts(table_rules(TABLE), unit.facts, unit.unit, year=YEAR)
        assert found.results()[key] == examine(TABLE, unit.claims, facts, leads=found.leads)


def test_a_new_leader_moves_the_others():
    found = Cluster(TABLE, YEAR, {"a": full(), "b": full(thu="110")})
    before = found.results()

    found.change("b", "thu", "140")

    after = found.results()
    assert (before["a"].subtotals["1/b"], after["a"].subtotals["1/b"]) == (
        Decimal(6),
        Decimal("4.5"),
    )
    assert (before["b"].subtotals["1/b"], after["b"].subtotals["1/b"]) == (
        Decimal("4.5"),
        Decimal(6),
    )


def test_a_new_leader_leaves_those_below_their_target_and_those_who_cannot_be_computed():
    found = Cluster(TABLE, YEAR, {"a": full(), "b": full(thu="90"), "c": full(phai_thu="0")})
    before = found.results()

    found.change("a", "thu", "140")

    after = found.results()
    assert (before["b"].subtotals["1/b"], after["b"].subtotals["1/b"]) == (Decimal("2.7"),) * 2
    assert after["c"].leaves["1/b"] == before["c"].leaves["1/b"]
    assert "chia cho số 0" in after["c"].leaves["1/b"].needs_person[0]


def test_a_unit_to_which_a_criterion_does_not_apply_does_not_lead():
    apart = replace(full(cuoc="20"), unit=Unit(not_assigned=frozenset({"1/c"})))
    found = Cluster(TABLE, YEAR, {"a": full(), "b": apart})

    assert found.results()["a"].subtotals["1/c"] == Decimal(6)
    found.replace("b", full(cuoc="20"))
    assert found.results()["a"].leaves["1/c"].base == Decimal(3)


def test_leaving_a_conditional_group_gives_up_the_lead_there():
    found = Cluster(TABLE, YEAR, {"a": full(cuoc="10"), "b": full(cuoc="20")})
    assert found.results()["a"].subtotals["2/a"] == Decimal("1.5")

    found.change("b", "co_bien_gioi", "no")

    assert found.results()["a"].subtotals["2/a"] == Decimal(3)
    assert "2" in found.results()["b"].leaves["2/a"].path
    left_out = sum(leaf.excluded for leaf in found.results()["b"].leaves.values())
    assert left_out == Decimal(6)


def test_nobody_leads_while_figures_of_others_are_missing():
    found = Cluster(TABLE, YEAR, {"a": full(), "b": full()}, complete=False)

    result = found.results()["a"]

    assert found.leads is None
    assert set(result.waiting) == {"1/b", "1/c", "2/a"}


def test_a_change_computes_only_the_leaves_that_depend_on_it(monkeypatch):
    found = Cluster(TABLE, YEAR, {"a": full(), "b": full()})
    seen = []

    def listening(node, *rest):
        seen.append(node.path)
        return examine_at(node, *rest)

    monkeypatch.setattr(module, "examine_at", listening)

    found.change("a", "ngay_nop", "2026-01-12")
    assert seen == ["3"]
    seen.clear()
    found.change("a", "vi_pham", "1")
    assert seen == ["1/c"]
    seen.clear()
    # The rate falls: of the leader's line both units, of the bands and the condition only one.
    found.change("a", "thu", "110")
    assert sorted(seen) == ["1/a", "1/b", "1/c"]
    seen.clear()
    found.change("b", "thu", "130")
    assert sorted(seen) == ["1/a", "1/b", "1/b", "1/c"]


@pytest.mark.parametrize(
    ("key", "text"),
    [("ty_le", "5"), ("la", "5"), ("cuoc", "mười"), ("ngay_nop", "2026-02-31"), ("khen", "x")],
)
def test_a_refused_figure_changes_nothing(key, text):
    found = Cluster(TABLE, YEAR, {"a": full(), "b": full()})
    before = found.results(), found.members()

    with pytest.raises(RuleError):
        found.change("a", key, text)

    assert (found.results(), found.members()) == before


def test_a_claim_for_no_leaf_is_refused():
    with pytest.raises(RuleError, match="không có tiêu chí để chấm ở “9”"):
        Cluster(TABLE, YEAR, {"a": Member({"9": Claim(Decimal(1))})})
    found = Cluster(TABLE, YEAR, {"a": full()})
    with pytest.raises(RuleError, match="“1”"):
        found.change_claim("a", "1", Claim(Decimal(1)))
    with pytest.raises(RuleError, match="“x”"):
        found.replace("a", Member({"x": Claim()}))


def test_dependencies_follow_formulas_conditions_sizes_dates_and_exemptions():
    found = dependencies(TABLE)

    assert found.leaves["thu"] == {"1/a", "1/b", "1/c"}
    assert found.leaves["tu_phat_hien"] == {"1/c"}
    assert found.leaves["han_nop"] == {"3"}
    assert found.leaves["dan_so"] == {"2/b"}
    assert found.leads["phai_thu"] == {("1/b", "base", 0)}
    assert found.leads["cuoc"] == {("1/c", "base", 0), ("2/a", "base", 0)}
    assert found.groups == {"co_bien_gioi"}
    assert "khen" not in found.leaves
    assert RULES["awards"][0]["input"] == "khen"
