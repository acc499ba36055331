"""Other figures tried: which points move, and which of them only because another leads."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.ruled_cluster import TABLE, TEXTS, YEAR, members
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Unit
from thidua.rules.scoring.cluster import Cluster, Member
from thidua.rules.scoring.whatif import PointMoved, try_figures

some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FACTS = {
    "thu": "120",
    "phai_thu": "100",
    "cuoc": "12",
    "ngay_nop": "2026-01-10",
    "han_nop": "2026-01-10",
    "co_bien_gioi": "yes",
    "dan_so": "10",
    "muc": "Tốt",
}


def cluster(complete=True, **units):
    made = {
        key: Member({"5": Claim(Decimal(2))}, {**FACTS, **facts}, Unit({"ty_le": Decimal(100)}))
        for key, facts in units.items()
    }
    return Cluster(TABLE, YEAR, made, complete=complete)


def test_a_figure_of_one_unit_moves_the_points_of_those_held_against_the_leader():
    found = try_figures(cluster(a={}, b={"thu": "110"}), {("b", "thu"): "140"})

    assert found == (
        PointMoved("a", "1/b", Decimal(6), Decimal("4.5"), by_leader=True),
        PointMoved("b", "1/b", Decimal("4.5"), Decimal(6), by_leader=False),
    )
    assert [each.step for each in found] == [Decimal("-1.5"), Decimal("1.5")]


def test_a_figure_that_nobody_is_held_against_moves_its_own_point_alone():
    found = try_figures(cluster(a={}, b={}), {("a", "muc"): "Đạt"})

    assert found == (PointMoved("a", "4", Decimal(3), Decimal("1.5"), by_leader=False),)


def test_figures_of_several_units_are_tried_together():
    found = try_figures(
        cluster(a={}, b={}), {("a", "thu"): "110", ("b", "thu"): "140", ("b", "muc"): "Đạt"}
    )

    assert [(each.key, each.path, each.by_leader) for each in found] == [
        ("a", "1/b", False),
        ("b", "4", False),
    ]


def test_a_group_that_closes_is_the_units_own_doing():
    found = try_figures(cluster(a={"cuoc": "20"}, b={"cuoc": "10"}), {("a", "co_bien_gioi"): "no"})

    moved = {(each.key, each.path): each.by_leader for each in found}
    assert moved == {("a", "2/a"): False, ("a", "2/b"): False, ("b", "2/a"): True}


def test_a_figure_taken_away_leaves_its_point_open():
    (moved,) = try_figures(cluster(a={}, b={}), {("a", "muc"): ""})

    assert (moved.before, moved.after, moved.step) == (Decimal(3), None, None)


def test_nothing_moves_by_a_leader_while_figures_of_others_are_missing():
    found = try_figures(cluster(complete=False, a={}, b={}), {("b", "thu"): "140"})

    assert [each for each in found if each.by_leader] == []


def test_a_figure_the_table_does_not_ask_for_is_refused():
    with pytest.raises(RuleError, match="không có số liệu “ty_le” để nhập"):
        try_figures(cluster(a={}), {("a", "ty_le"): "5"})


@some
@given(
    st.lists(members, min_size=2, max_size=3),
    st.sampled_from(sorted(TEXTS)).flatmap(lambda key: st.tuples(st.just(key), TEXTS[key])),
)
def test_what_moved_is_exactly_what_computing_anew_finds_different(units, figure):
    name, text = figure
    keyed = dict(enumerate(units))
    before = Cluster(TABLE, YEAR, keyed)
    changed = {**keyed, 0: replace(keyed[0], facts={**keyed[0].facts, name: text})}

    found = try_figures(Cluster(TABLE, YEAR, keyed), {(0, name): text})

    anew = Cluster(TABLE, YEAR, changed).results()
    assert {(each.key, each.path): (each.before, each.after) for each in found} == {
        (key, path): (old.points, anew[key].leaves[path].points)
        for key, result in before.results().items()
        for path, old in result.leaves.items()
        if old.points != anew[key].leaves[path].points
    }
    assert all(each.by_leader for each in found if each.key != 0)
