"""What if: disputes that could change the first place, and changes side by side."""

from decimal import Decimal
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.scoring import Rounding, RoundingMode, rank
from thidua.rules.scoring.whatif import Dispute, Disputed, additive, first_place, what_if


def dispute(path, now, low, high):
    return Dispute(path, Decimal(now), Decimal(low), Decimal(high))


def unit(fixed, *disputes, name=""):
    return Disputed(Decimal(fixed), tuple(dispute(*each) for each in disputes), name)


def test_first_place_is_settled_when_nobody_can_reach_it():
    units = {
        "ag": unit("95", ("1/a", "2", "1", "3"), name="An Giang"),
        "bt": unit("90", ("1/a", "2", "0", "5"), name="Bến Tre"),
    }

    result = first_place(units)

    assert result.leaders == result.possible == ("ag",)
    assert result.settled == "ag"
    assert result.alone == result.matter == result.combinations == ()
    assert result.trace == (
        "Hiện đứng đầu: An Giang, 97 điểm trước khi làm tròn.",
        "Vị trí thứ nhất đã chắc chắn: An Giang đứng đầu dù các mục còn ý kiến được giải quyết"
        " thế nào.",
    )


def test_single_dispute_that_changes_the_first_place_is_named_with_its_points():
    units = {
        "ag": unit("94", name="An Giang"),
        "bt": unit("90", ("1/d", "2", "0", "5"), ("2", "1", "0", "2"), name="Bến Tre"),
        "cm": unit("80", ("1/d", "2", "0", "5"), name="Cà Mau"),
    }

    result = first_place(units)

    assert result.settled is None
    assert result.possible == ("ag", "bt")
    assert result.alone == (("bt", "1/d"), ("bt", "2"))
    assert result.matter == (("bt", "1/d"), ("bt", "2"))
    assert result.trace[1:3] == (
        "Còn có thể đứng đầu: An Giang và Bến Tre.",
        "Riêng 1/d của Bến Tre (nay 2, có thể từ 0 đến 5) đã đủ làm thay đổi vị trí thứ nhất.",
    )


def test_disputes_that_only_together_change_the_first_place_are_named_as_one_combination():
    units = {
        "ag": unit("90", ("3", "5", "4", "5"), name="An Giang"),
        "bt": unit("90", ("1/d", "2", "0", "3"), ("2", "0", "0", "1"), name="Bến Tre"),
    }

    result = first_place(units)

    assert result.alone == ()
    (found,) = result.combinations
    assert found.challenger == "bt"
    assert found.items == (("bt", "1/d"), ("bt", "2"), ("ag", "3"))
    assert found.sentence == (
        "Bến Tre bằng An Giang (94 và 94 điểm) nếu cùng lúc: Bến Tre được 3 ở 1/d; Bến Tre được 1"
        " ở 2; An Giang chỉ được 4 ở 3."
    )
    assert found.sentence in result.trace


def test_combination_prefers_what_the_challenger_gains_and_says_who_comes_ahead():
    units = {
        "A": unit("93", ("3", "5", "3", "5")),
        "B": unit("90", ("1", "0", "0", "5"), ("2", "0", "0", "4")),
    }

    (found,) = first_place(units).combinations

    assert found.items == (("B", "1"), ("B", "2"))
    assert found.sentence.startswith("B vượt A (99 và 98 điểm)")


def test_shared_lead_is_met_by_a_combination_of_the_challenger():
    units = {
        "A": unit("90"),
        "B": unit("90"),
        "C": unit("85", ("1", "0", "0", "3"), ("2", "0", "0", "2")),
    }

    result = first_place(units)

    assert result.leaders == ("A", "B")
    assert [each.items for each in result.combinations] == [(("C", "1"), ("C", "2"))]


def test_rounding_of_totals_decides_who_shares_the_lead():
    units = {"A": unit("90.4"), "B": unit("90", ("1", "0", "0", "0.4"))}
    whole = Rounding(RoundingMode.HALF_UP, Decimal(1))

    assert first_place(units).leaders == ("A",)
    assert first_place(units, whole).leaders == ("A", "B")
    assert first_place(units, whole).matter == ()
    assert "Không mục nào còn ý kiến" in first_place(units, whole).trace[-1]


def test_one_unit_alone_is_settled_and_none_at_all_says_nothing():
    assert first_place({"A": unit("90", ("1", "1", "0", "2"))}).settled == "A"
    assert first_place({}).trace == ()


def test_dispute_outside_its_own_bounds_is_refused():
    with pytest.raises(RuleError, match="điểm hiện tại 3 phải nằm từ 0 đến 2"):
        dispute("1/a", "3", "0", "2")


@st.composite
def disputed_units(draw):
    units = {}
    for key in "ABC"[: draw(st.integers(1, 3))]:
        items = []
        for number in range(draw(st.integers(0, 2))):
            low, now, high = sorted(draw(st.tuples(*[st.integers(0, 3)] * 3)))
            items.append((str(number), now, low, high))
        units[key] = unit(draw(st.integers(0, 5)), *items)
    return units


def leaders(totals):
    return {key for key, total in totals.items() if total == max(totals.values())}


def outcomes(units, moving):
    """Totals for every whole value of the moving items, the others as they are."""
    items = [(key, each) for key, unit in units.items() for each in unit.disputes]
    ranges = [
        range(int(each.low), int(each.high) + 1) if (key, each.path) in moving else [int(each.now)]
        for key, each in items
    ]
    for values in product(*ranges):
        totals = {key: unit.fixed for key, unit in units.items()}
        for (key, _), value in zip(items, values, strict=True):
            totals[key] += value
        yield dict(zip([(key, each.path) for key, each in items], values, strict=True)), totals


@settings(max_examples=60, deadline=None)
@given(disputed_units())
def test_first_place_agrees_with_trying_every_outcome(units):
    result = first_place(units)
    items = [(key, each.path) for key, unit in units.items() for each in unit.disputes]
    now = leaders({key: unit.now for key, unit in units.items()})
    tried = list(outcomes(units, items))

    assert set(result.leaders) == now
    assert set(result.possible) == set().union(*(leaders(totals) for _, totals in tried))
    always = set.intersection(*(leaders(totals) for _, totals in tried))
    settled = {key for key in always if all(leaders(totals) == {key} for _, totals in tried)}
    assert settled == ({result.settled} if result.settled else set())
    assert set(result.alone) == {
        item
        for item in items
        if any(leaders(totals) != now for _, totals in outcomes(units, [item]))
    }
    pivotal = set()
    for item in items:
        by_others = {}
        for values, totals in tried:
            rest = tuple(value for other, value in values.items() if other != item)
            by_others.setdefault(rest, set()).add(frozenset(leaders(totals)))
        if any(len(found) > 1 for found in by_others.values()):
            pivotal.add(item)
    assert set(result.matter) == pivotal


@settings(max_examples=60, deadline=None)
@given(disputed_units())
def test_combinations_are_the_fewest_disputes_that_bring_a_challenger_level(units):
    result = first_place(units)
    items = [(key, each.path) for key, unit in units.items() for each in unit.disputes]
    now = set(result.leaders)
    found = {each.challenger: each.items for each in result.combinations}

    for challenger in set(units) - now:
        sizes = [
            size
            for size in range(1, len(items) + 1)
            for moving in combinations(items, size)
            if all(key == challenger or {key} == now for key, _ in moving)
            and any(
                totals[challenger] >= max(totals[key] for key in now)
                for _, totals in outcomes(units, moving)
            )
        ]
        if sizes and min(sizes) > 1:
            assert len(found[challenger]) == min(sizes)
        else:
            assert challenger not in found


POINTS = {
    "ag": {"1": Decimal(50), "2": Decimal("40")},
    "bt": {"1": Decimal(49), "2": Decimal("40.5")},
    "cm": {"1": Decimal(30), "2": Decimal(30)},
}
NAMES = {"ag": "An Giang", "bt": "Bến Tre", "cm": "Cà Mau"}


def test_what_if_shows_totals_and_places_side_by_side():
    result = what_if(additive(POINTS), {("bt", "1"): Decimal(51)}, names=NAMES)

    assert [row.sentence for row in result.rows] == [
        "An Giang: 90 điểm, không đổi; hạng 1 → hạng 2.",
        "Bến Tre: 89,5 → 91,5 điểm (+2); hạng 2 → hạng 1.",
        "Cà Mau: 60 điểm, không đổi; hạng 3.",
    ]
    assert [row.unchanged for row in result.rows] == [False, False, True]
    assert (result.first_before, result.first_after) == (("ag",), ("bt",))
    assert result.first_changes


def test_what_if_shows_a_loss_of_points():
    result = what_if(additive(POINTS), {("cm", "1"): Decimal("29.5")}, names=NAMES)

    assert result.rows[2].sentence == "Cà Mau: 60 → 59,5 điểm (−0,5); hạng 3."
    assert not result.first_changes


def test_what_if_shows_those_who_come_into_or_leave_the_ranking():
    def recompute(changes):
        return {
            "A": Decimal(90) if changes else None,
            "B": None if changes else Decimal(80),
            "C": None,
        }

    result = what_if(recompute, {("A", "1"): Decimal(1)})

    assert [row.sentence for row in result.rows] == [
        "B: 80 điểm → chưa có điểm; hạng 1 → không xếp hạng.",
        "A: chưa có điểm → 90 điểm; không xếp hạng → hạng 1.",
        "C: chưa có điểm; không xếp hạng.",
    ]


def test_what_if_takes_places_from_the_table_s_own_rules():
    def places(totals):
        return {key: number for number, key in enumerate(totals, start=1)}

    result = what_if(additive(POINTS), {}, places=places)

    assert [row.place_after for row in result.rows] == [1, 2, 3]


def test_what_if_rounds_as_the_table_does():
    recompute = additive(POINTS, Rounding(RoundingMode.DOWN, Decimal(1)))

    assert recompute({}) == {"ag": Decimal(90), "bt": Decimal(89), "cm": Decimal(60)}


@pytest.mark.parametrize("item", [("ag", "9"), ("xx", "1")])
def test_what_if_refuses_a_change_where_there_are_no_points(item):
    with pytest.raises(RuleError, match=f"Không có điểm ở tiêu chí “{item[1]}” của “{item[0]}”"):
        what_if(additive(POINTS), {item: Decimal(1)})


tables = st.dictionaries(
    st.integers(0, 9),
    st.fixed_dictionaries({"1": st.decimals(0, 9, places=1), "2": st.decimals(0, 9, places=1)}),
)


@settings(deadline=None)
@given(tables)
def test_what_if_without_changes_changes_nothing(points):
    result = what_if(additive(points), {})

    assert all(row.unchanged for row in result.rows)
    assert not result.first_changes
    assert {row.key for row in result.rows} == set(points)


@settings(deadline=None)
@given(tables.filter(bool), st.data())
def test_what_if_is_the_ranking_of_the_changed_points_and_saves_nothing(points, data):
    key = data.draw(st.sampled_from(sorted(points)))
    value = data.draw(st.decimals(0, 9, places=1))
    before = {each: dict(row) for each, row in points.items()}

    result = what_if(additive(points), {(key, "1"): value})

    changed = {**points, key: {**points[key], "1": value}}
    places = rank({each: sum(row.values()) for each, row in changed.items()}).places
    assert {row.key: row.place_after for row in result.rows} == places
    assert points == before


def test_nobody_is_settled_while_others_have_not_handed_in():
    units = {"a": Disputed(Decimal(90), name="A"), "b": Disputed(Decimal(80), name="B")}

    settled = first_place(units)
    waiting = first_place(units, unknown=["C chưa nộp bảng tự chấm"])

    assert (settled.settled, waiting.settled) == ("a", None)
    assert "đã chắc chắn" in settled.trace[-1]
    assert "Chưa chắc chắn vì C chưa nộp bảng tự chấm." in waiting.trace[-1]
    assert "đã chắc chắn" not in " ".join(waiting.trace)
