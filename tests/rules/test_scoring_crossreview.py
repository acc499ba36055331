"""Cross-review: the plan, the disagreements, and harsh or lenient scorers evened out."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.scoring.crossreview import (
    Distance,
    correct,
    disagreements,
    plan,
    totals_by_reviewer,
)

NAMES = {"ag": "An Giang", "bt": "Bến Tre", "cm": "Cà Mau"}


def test_plan_gives_each_unit_its_scorers_and_each_scorer_as_many():
    result = plan(range(9), 3, seed=2024)

    assert list(result.assignments) == list(range(9))
    assert all(len(set(each)) == 3 for each in result.assignments.values())
    assert result.load == dict.fromkeys(range(9), 3)
    assert result.trace == (
        "Mỗi đơn vị được 3 đơn vị khác chấm và chấm 3 đơn vị; không đơn vị nào tự chấm chéo cho"
        " mình; đã tránh 0 cặp không được chấm nhau; số mầm 2024.",
    )


def test_plan_is_the_same_for_the_same_seed_and_another_for_another():
    assert plan(range(12), 2, [(1, 2)], seed=1) == plan(range(12), 2, [(2, 1), (1, 2)], seed=1)
    assert plan(range(12), 2, seed=1).assignments != plan(range(12), 2, seed=2).assignments


def test_plan_says_for_whom_too_few_scorers_are_left():
    with pytest.raises(RuleError) as refused:
        plan(list(NAMES), 2, [("ag", "bt")], seed=1, names=NAMES)

    assert str(refused.value) == (
        "Không phân công được: mỗi đơn vị cần 2 đơn vị chấm nhưng An Giang chỉ còn 1; Bến Tre chỉ"
        " còn 1. Hãy giảm số đơn vị chấm hoặc xem lại các trường hợp không được chấm nhau."
    )


def test_plan_says_when_conflicts_make_the_load_uneven():
    """Only C may score A and B; A and B may only score C."""
    result = plan("ABCD", 1, [("A", "B"), ("A", "D"), ("B", "D")], seed=3)

    assert result.assignments["A"] == result.assignments["B"] == ("C",)
    assert result.load["C"] == 3
    assert "Các cặp không được chấm nhau khiến không thể chia đều hơn." in result.trace


def test_plan_says_when_its_scores_will_fall_into_unlinked_groups():
    conflicts = [(one, other) for one in "AB" for other in "CD"]

    result = plan("ABCD", 1, conflicts, seed=1, names={"A": "An Giang"})

    assert result.assignments == {"A": ("B",), "B": ("A",), "C": ("D",), "D": ("C",)}
    assert result.trace[-1].startswith("Kết quả chấm sẽ tách thành 4 nhóm")
    assert "(An Giang; B; C; D)" in result.trace[-1]


@pytest.mark.parametrize(
    ("units", "wanted", "conflicts", "words"),
    [
        ("AB", 0, [], "từ 1 trở lên"),
        ("AAB", 1, [], "một đơn vị nhiều lần"),
        ("AB", 1, [("A", "X")], "X không có trong danh sách"),
        ("A", 1, [], "A chỉ còn 0"),
    ],
)
def test_plan_refuses_what_makes_no_sense(units, wanted, conflicts, words):
    with pytest.raises(RuleError, match=words):
        plan(units, wanted, conflicts, seed=1)


def test_plan_of_nobody_is_empty():
    assert plan([], 2, seed=1).assignments == {}


pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6)


def possible(count, wanted, conflicts):
    """Every set of scorers each unit may have."""
    banned = {frozenset(each) for each in conflicts}
    return [
        list(
            combinations(
                [
                    other
                    for other in range(count)
                    if other != unit and frozenset((unit, other)) not in banned
                ],
                wanted,
            )
        )
        for unit in range(count)
    ]


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 2), pairs, st.integers())
def test_plan_is_found_whenever_there_is_one_and_none_is_more_even(count, wanted, conflicts, seed):
    conflicts = [each for each in conflicts if max(each) < count]
    choices = possible(count, wanted, conflicts)
    if not all(choices):
        with pytest.raises(RuleError, match="Không phân công được"):
            plan(range(count), wanted, conflicts, seed=seed)
        return

    result = plan(range(count), wanted, conflicts, seed=seed)

    spreads = set()
    for chosen in product(*choices):
        load = [sum(unit in each for each in chosen) for unit in range(count)]
        spreads.add(max(load) - min(load))
    assert all(result.assignments[unit] in choices[unit] for unit in range(count))
    assert max(result.load.values()) - min(result.load.values()) == min(spreads)


@settings(deadline=None, max_examples=50)
@given(
    st.integers(4, 20),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=12),
    st.integers(),
)
def test_plan_never_lets_anyone_score_itself_or_one_in_conflict(count, wanted, conflicts, seed):
    conflicts = [each for each in conflicts if max(each) < count]
    try:
        result = plan(range(count), wanted, conflicts, seed=seed)
    except RuleError:
        return

    banned = {frozenset(each) for each in conflicts}
    for unit, reviewers in result.assignments.items():
        assert unit not in reviewers
        assert len(set(reviewers)) == wanted
        assert not any(frozenset((unit, each)) in banned for each in reviewers)
    counted = [each for reviewers in result.assignments.values() for each in reviewers]
    assert result.load == {unit: counted.count(unit) for unit in range(count)}


def given_points(**changes):
    row = {"ag": Decimal("9"), "bt": Decimal("6.5"), "dt": Decimal("9")}
    return {("cm", "1/d"): row, ("cm", "2"): {"ag": Decimal(3)}, **changes}


def test_disagreement_beyond_the_distance_is_told_with_who_gave_what():
    (found,) = disagreements(given_points(), Distance(points=Decimal(2)), names=NAMES)

    assert (found.unit, found.path, found.spread) == ("cm", "1/d", Decimal("2.5"))
    assert (found.highest, found.lowest) == (("ag", "dt"), ("bt",))
    assert found.sentence == (
        "Cà Mau, tiêu chí 1/d: An Giang và dt cho 9, Bến Tre cho 6,5; chênh 2,5 điểm,"
        " vượt mức 2 điểm."
    )


def test_disagreement_exactly_at_the_distance_is_none():
    assert disagreements(given_points(), Distance(points=Decimal("2.5"))) == ()
    assert disagreements(given_points(), Distance(percent=Fraction(25)), {"1/d": Decimal(10)}) == ()


def test_disagreement_in_per_cent_is_of_the_maximum_of_the_criterion():
    (found,) = disagreements(
        given_points(), Distance(percent=Fraction(20)), {"1/d": Decimal(10), "2": Decimal(5)}
    )

    assert found.sentence.endswith("chênh 2,5 điểm, vượt mức 20 % của 10 điểm = 2.")


def test_disagreement_without_a_maximum_tells_any_difference_and_the_widest_comes_first():
    bonus = {("cm", "3"): {"ag": Decimal(1), "bt": Decimal(5)}, ("cm", "4"): {"ag": 1, "bt": 1}}
    points = {**given_points(), **bonus}

    found = disagreements(points, Distance(percent=Fraction(20)), {"3": None})

    assert [each.path for each in found] == ["3", "1/d"]
    assert "không có điểm tối đa nên mọi chênh lệch đều được nêu" in found[0].sentence


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"points": Decimal(1), "percent": Fraction(1)},
        {"points": Decimal(-1)},
        {"percent": Fraction(-1)},
    ],
)
def test_distance_is_one_number_not_below_zero(wrong):
    with pytest.raises(RuleError, match="Mức chênh lệch"):
        Distance(**wrong)


def test_totals_leave_out_who_has_not_scored_every_criterion():
    totals, left_out = totals_by_reviewer(given_points(), NAMES)

    assert totals == {"cm": {"ag": Decimal(12)}}
    assert left_out == (
        "Bến Tre còn 1 tiêu chí chưa chấm cho Cà Mau nên chưa tính.",
        "dt còn 1 tiêu chí chưa chấm cho Cà Mau nên chưa tính.",
    )


def test_correction_takes_out_what_a_lenient_scorer_adds():
    """R gives one point more than S, T nothing either way: units are worth 90, 85 and 80."""
    points = {
        "ag": {"R": Decimal(91), "S": Decimal(89)},
        "bt": {"S": Decimal(84), "T": Decimal(85)},
        "cm": {"T": Decimal(80), "R": Decimal(81)},
    }

    result = correct(points, NAMES)

    assert result.effects == {"R": 1, "S": -1, "T": 0}
    assert {key: each.corrected for key, each in result.items.items()} == {
        "ag": 90,
        "bt": 85,
        "cm": 80,
    }
    assert [each.raw for each in result.items.values()] == [90, Fraction(169, 2), Fraction(161, 2)]
    assert result.is_connected
    assert result.items["bt"].sentence == (
        "Bến Tre: trung bình 84,5; người chấm trung bình cho thấp hơn 0,5 điểm nên điểm đã hiệu"
        " chỉnh 85."
    )
    assert result.trace == (
        "R: cho cao hơn 1 điểm so với những người chấm cùng nhóm.",
        "S: cho thấp hơn 1 điểm so với những người chấm cùng nhóm.",
        "T: không chặt, không lỏng hơn so với những người chấm cùng nhóm.",
    )


def test_correction_can_change_who_comes_first():
    points = {
        "A": {"harsh": Decimal(88), "fair": Decimal(92)},
        "B": {"harsh": Decimal(86), "fair": Decimal(90)},
        "C": {"fair": Decimal(91)},
    }

    result = correct(points)

    assert result.items["C"].raw > result.items["A"].raw
    assert result.items["C"].corrected < result.items["A"].corrected


def test_correction_says_when_units_cannot_be_compared():
    points = {
        "ag": {"R": Decimal(91), "S": Decimal(89)},
        "bt": {"T": Decimal(80)},
        "cm": {},
    }

    result = correct(points, NAMES)

    assert not result.is_connected
    assert result.components == (("ag",), ("bt",))
    assert [each.component for each in result.items.values()] == [0, 1]
    assert result.effects == {"R": 1, "S": -1, "T": 0}
    assert result.trace[0] == (
        "Các lượt chấm tách thành 2 nhóm không có người chấm chung (An Giang; Bến Tre); không so"
        " được điểm đã hiệu chỉnh giữa các nhóm."
    )


def test_correction_of_nothing_is_nothing():
    assert correct({}).is_connected
    assert correct({}).items == {}


points_tables = st.dictionaries(
    st.integers(0, 7),
    st.dictionaries(st.sampled_from("RSTUV"), st.decimals(0, 100, places=2), max_size=5),
    max_size=8,
)


@settings(deadline=None)
@given(points_tables)
def test_correction_is_the_least_squares_solution(points):
    """What is left over sums to 0 for every item and every scorer, and habits to 0 when linked."""
    result = correct(points)

    left = {}
    for item, row in points.items():
        for reviewer, value in row.items():
            found = result.items[item]
            left[item, reviewer] = Fraction(value) - found.corrected - result.effects[reviewer]
    for item, row in points.items():
        assert sum(left[item, reviewer] for reviewer in row) == 0
    for reviewer in result.effects:
        assert sum(each for (_, who), each in left.items() if who == reviewer) == 0
    for items in result.components:
        assert (
            sum(result.effects[key] for key in {who for item in items for who in points[item]}) == 0
        )


@settings(deadline=None)
@given(points_tables, st.dictionaries(st.integers(0, 7), st.decimals(0, 100, places=2), min_size=8))
def test_correction_changes_nothing_where_scorers_have_no_habits(points, worth):
    fair = {item: dict.fromkeys(row, worth[item]) for item, row in points.items()}

    result = correct(fair)

    assert set(result.effects.values()) <= {0}
    assert all(each.raw == each.corrected == worth[item] for item, each in result.items.items())


@settings(deadline=None)
@given(points_tables, st.randoms(use_true_random=False))
def test_correction_does_not_depend_on_order(points, random):
    items = list(points)
    random.shuffle(items)
    shuffled = {item: dict(reversed(points[item].items())) for item in items}

    result, other = correct(points), correct(shuffled)

    assert result.effects == other.effects
    assert {key: each.corrected for key, each in result.items.items()} == {
        key: each.corrected for key, each in other.items.items()
    }


def test_plan_and_correction_of_a_large_cluster_take_a_fraction_of_a_second():
    random = Random(1)
    started = perf_counter()

    drawn = plan(range(34), 5, seed=1)
    points = {
        (unit, path): {each: Decimal(random.randint(0, 1000)).scaleb(-2) for each in reviewers}
        for unit, reviewers in drawn.assignments.items()
        for path in range(10)
    }
    result = correct(points)

    assert result.is_connected
    # Measured about 0.1 s; the bound allows for a busy machine.
    assert perf_counter() - started < 2
