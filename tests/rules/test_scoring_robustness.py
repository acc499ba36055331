"""How firm places are when weights vary: seeded, exact, and the ranking itself at no variation."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.scoring import Rounding, RoundingMode, rank
from thidua.rules.scoring.robustness import GRID, robustness

FIFTH = Fraction(1, 5)


def row(*points):
    return {str(number): Decimal(each) for number, each in enumerate(points, start=1)}


def test_robustness_tells_how_often_each_place_was_held():
    points = {"ag": row("50", "40"), "bt": row("45", "44"), "cm": row("10", "10")}
    names = {"ag": "An Giang", "cm": "Cà Mau"}

    result = robustness(points, FIFTH, seed=2024, samples=200, names=names)

    first, second, third = result.units.values()
    assert list(result.units) == ["ag", "bt", "cm"]
    assert (first.place, first.best, first.worst) == (1, 1, 2)
    assert (second.place, second.best, second.worst) == (2, 1, 2)
    assert 0 < second.first < first.first < 1
    assert sum(first.shares.values()) == sum(second.shares.values()) == 1
    assert third.shares == {3: 1}
    assert third.first == 0
    assert third.sentence == "Cà Mau: giữ hạng 3 trong 100 % số lần thử; luôn hạng 3."
    assert first.sentence.startswith("An Giang: giữ hạng 1 trong ")
    assert first.sentence.endswith(" % số lần thử; từ hạng 1 đến hạng 2.")
    assert result.trace == (
        "Thử 200 lần với trọng số thay đổi ngẫu nhiên (mọi tiêu chí ±20 %), số mầm 2024; cùng số"
        " mầm luôn cho cùng kết quả.",
    )


def test_robustness_names_pairs_that_cannot_swap():
    points = {"A": row("50", "40"), "B": row("48", "40"), "C": row("30", "41")}

    result = robustness(points, FIFTH, seed=1, samples=10)

    assert [(each.above, each.under, each.dominates) for each in result.certain] == [
        ("A", "B", True),
        ("A", "C", False),
        ("B", "C", False),
    ]
    assert [each.sentence for each in result.certain[:2]] == [
        "A không thể xếp dưới B: từng tiêu chí đều bằng hoặc hơn nên trọng số nào cũng vậy.",
        "A không thể xếp dưới C: trong phạm vi trọng số đã nêu.",
    ]


def test_robustness_is_the_same_for_the_same_seed_and_another_for_another():
    points = {"A": row("50", "40"), "B": row("45", "44.9")}

    first, again, other = (robustness(points, FIFTH, seed=seed) for seed in (7, 7, 8))

    assert first == again
    assert first.units != other.units


def test_robustness_agrees_with_the_same_sums_in_fractions():
    points = {
        "A": row("12.99", "40", "1"),
        "B": row("13", "39.5", "1.5"),
        "C": row("14", "39", "0"),
    }
    bounds = {"1": Fraction(1, 3), "2": Fraction(1, 10)}
    fixed = {"C": Decimal("0.4")}

    result = robustness(points, bounds, seed=5, samples=50, fixed=fixed)

    random = Random(5)
    counts = {key: {} for key in points}
    for _ in range(50):
        weights = {
            path: 1 + bounds.get(path, 0) * Fraction(random.randint(-GRID, GRID), GRID)
            for path in ("1", "2", "3")
        }
        totals = {
            key: sum(weights[path] * Fraction(value) for path, value in each.items())
            + Fraction(fixed.get(key, 0))
            for key, each in points.items()
        }
        for key, place in rank(totals).places.items():
            counts[key][place] = counts[key].get(place, 0) + Fraction(1, 50)
    assert {key: dict(each.shares) for key, each in result.units.items()} == counts
    assert "tiêu chí 1 ±≈33,333333 %; tiêu chí 2 ±10 %; tiêu chí 3 ±0 %" in result.trace[0]


def test_criterion_that_does_not_apply_to_a_unit_counts_nothing():
    points = {"A": {"1": Decimal(5)}, "B": {"2": Decimal(4)}}

    result = robustness(points, Fraction(0), seed=1, samples=1)

    assert {key: each.place for key, each in result.units.items()} == {"A": 1, "B": 2}


def test_nobody_to_rank_gives_nobody():
    result = robustness({}, FIFTH, seed=1, samples=2)

    assert (result.units, result.certain) == ({}, ())


@pytest.mark.parametrize("bound", [Fraction(-1, 100), Fraction(101, 100)])
def test_robustness_refuses_bounds_that_are_no_share(bound):
    with pytest.raises(RuleError, match="tiêu chí 1 phải từ 0 đến 100 %"):
        robustness({"A": row("1")}, bound, seed=1)


@pytest.mark.parametrize("samples", [0, 100_001])
def test_robustness_refuses_too_few_or_too_many_samples(samples):
    with pytest.raises(RuleError, match=r"Số lần thử phải từ 1 đến 100\.000"):
        robustness({"A": row("1")}, FIFTH, seed=1, samples=samples)


def test_robustness_of_a_whole_year_takes_a_fraction_of_a_second():
    random = Random(1)
    points = {
        key: {str(path): Decimal(random.randint(0, 1000)).scaleb(-2) for path in range(10)}
        for key in range(34)
    }

    times = []
    for _ in range(3):
        started = perf_counter()
        robustness(points, FIFTH, seed=1, rounding=Rounding())
        times.append(perf_counter() - started)

    # Measured about 0.06 s; the bound allows for a busy machine.
    assert min(times) < 0.5


units = st.dictionaries(
    st.integers(0, 20),
    st.tuples(*[st.decimals(-5, 20, places=2)] * 3).map(lambda each: row(*each)),
    min_size=1,
    max_size=8,
)
roundings = st.one_of(
    st.none(),
    st.builds(
        Rounding,
        st.sampled_from(RoundingMode),
        st.sampled_from([Decimal("0.01"), Decimal("0.25"), Decimal("0.3"), Decimal(1)]),
    ),
)


@settings(deadline=None)
@given(units, roundings, st.integers())
def test_without_bounds_every_sample_is_the_ranking(points, rounding, seed):
    totals = {key: sum(each.values()) for key, each in points.items()}
    if rounding:
        totals = {key: rounding.apply(total) for key, total in totals.items()}

    result = robustness(points, Fraction(0), seed=seed, samples=3, rounding=rounding)

    places = rank(totals).places
    assert {key: each.place for key, each in result.units.items()} == places
    assert all(dict(each.shares) == {each.place: 1} for each in result.units.values())


@settings(deadline=None)
@given(units, st.fractions(0, 1, max_denominator=20), roundings, st.integers())
def test_pairs_said_to_be_certain_never_swap(points, bound, rounding, seed):
    result = robustness(points, bound, seed=seed, samples=20, rounding=rounding)

    for pair in result.certain:
        single = robustness(
            {key: points[key] for key in (pair.above, pair.under)},
            bound,
            seed=seed,
            samples=20,
            rounding=rounding,
        )
        assert single.units[pair.above].worst == 1


@settings(deadline=None)
@given(units, st.integers())
def test_robustness_does_not_depend_on_the_order_of_units(points, seed):
    backwards = dict(reversed(points.items()))

    one = robustness(points, FIFTH, seed=seed, samples=10)
    other = robustness(backwards, FIFTH, seed=seed, samples=10)

    assert one.units == other.units
