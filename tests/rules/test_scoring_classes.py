"""Award points, gates, classes and quotas: the outcome, its reasons, and what people must decide."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.scoring.classes import Scored, apply_quotas, award_points, classify, gates
from thidua.rules.scoring.language import read_table_rules
from thidua.rules.scoring.ranking import rank

TABLE = Table(
    "Bảng",
    Decimal(100),
    (
        CriterionNode(
            "1",
            "Chuyên môn",
            Decimal(80),
            children=(
                CriterionNode("a", "Thanh tra", Decimal(50)),
                CriterionNode("b", "Tiếp công dân", Decimal(30)),
                CriterionNode("c", "Sáng kiến", has_bonus=True),
            ),
        ),
        CriterionNode("2", "Báo cáo", Decimal(20)),
    ),
)
CLASSES = [
    {"name": "Xuất sắc", "least": "90", "share": "70"},
    {"name": "Tốt", "least": "80"},
    {"name": "Khá", "least": "65"},
]
AWARDS = [
    {"input": "co_tinh", "points": "10", "label": "Cờ thi đua của tỉnh"},
    {"input": "co_cp", "points": "15"},
    {"input": "bang_khen", "points": "0.5", "label": "Bằng khen"},
]
INPUTS = [
    {"key": "co_cp", "label": "Cờ thi đua của Chính phủ", "kind": "yes_no"},
    {"key": "vu_viec", "label": "Vụ việc sai phạm", "kind": "count"},
]


def rules(**changes):
    return read_table_rules({"classes": CLASSES, "inputs": INPUTS, **changes})


def scored(total, *, first=72, second=18, maximum=100, excluded=(), **values):
    subtotals = {"1": first, "1/a": 45, "1/b": 27, "2": second}
    return Scored(
        Decimal(total),
        Decimal(maximum),
        {path: Decimal(each) for path, each in subtotals.items() if each is not None},
        values,
        excluded,
    )


def test_award_points_count_the_highest_only():
    values = {"co_tinh": True, "co_cp": True, "bang_khen": Fraction(0)}

    result = award_points(rules(awards=AWARDS), values)

    assert result.points == 15
    assert result.trace == (
        "Cờ thi đua của tỉnh: +10.",
        "Cờ thi đua của Chính phủ: +15.",
        "Chỉ cộng thành tích cao nhất: +15.",
    )
    assert result.needs_person == ()


def test_award_points_add_up_where_the_table_says_so():
    values = {"co_tinh": True, "co_cp": False, "bang_khen": Fraction(3)}

    result = award_points(rules(awards=AWARDS, award_policy="sum"), values)

    assert result.points == Decimal("11.5")
    assert result.trace == (
        "Cờ thi đua của tỉnh: +10.",
        "Bằng khen: 3 × 0,5 = +1,5.",
        "Cộng tất cả thành tích: +11,5.",
    )


def test_one_award_needs_no_choice_and_none_adds_nothing():
    values = {"co_tinh": True, "co_cp": False, "bang_khen": Fraction(0)}

    assert award_points(rules(awards=AWARDS), values).trace == ("Cờ thi đua của tỉnh: +10.",)
    assert award_points(rules(awards=AWARDS), {**values, "co_tinh": False}).points == 0
    assert award_points(rules(), {}).points == 0


@pytest.mark.parametrize("value", [None, Fraction(1, 2), Fraction(-1), "Có lẽ", (Fraction(1),)])
def test_award_that_is_not_known_is_asked_and_not_counted(value):
    values = {"co_tinh": True, "bang_khen": Fraction(0)}
    if value is not None:
        values["co_cp"] = value

    result = award_points(rules(awards=AWARDS), values)

    assert result.points == 10
    assert len(result.needs_person) == 1
    assert "“Cờ thi đua của Chính phủ”" in result.needs_person[0]


def test_award_without_any_label_is_named_by_its_input():
    result = award_points(rules(awards=[{"input": "x", "points": "1"}]), {"x": True})

    assert result.trace == ("x: +1.",)


def test_class_is_the_highest_whose_bound_and_shares_are_met():
    result = classify(TABLE, rules(), scored(91))

    assert (result.ranked, result.name) == (True, "Xuất sắc")
    assert result.trace == (
        "Xếp loại “Xuất sắc”: 91 điểm, đạt mức từ 90 điểm, các tiêu chí đạt từ 70 % điểm tối đa.",
    )


def test_class_says_why_the_next_higher_was_not_reached():
    result = classify(TABLE, rules(), scored("89.5"))

    assert result.name == "Tốt"
    assert result.trace == (
        "Không đạt “Xuất sắc”: 89,5 điểm, thấp hơn mức 90 điểm.",
        "Xếp loại “Tốt”: 89,5 điểm, đạt mức từ 80 điểm.",
    )


def test_class_falls_when_one_criterion_is_below_its_share():
    result = classify(TABLE, rules(), scored(91, second=13))

    assert result.name == "Tốt"
    assert result.trace[0] == (
        "Không đạt “Xuất sắc”: tiêu chí 2 được 13/20 điểm (65 %), dưới mức tối thiểu 70 %."
    )


def test_share_holds_at_exactly_the_bound():
    assert classify(TABLE, rules(), scored(91, second=14)).name == "Xuất sắc"


@pytest.mark.parametrize(
    ("level", "low", "named"),
    [(0, "1/b", "1/b"), (2, "1/b", "1/b"), (2, "2", "2"), (3, "1/a", "1/a"), (1, "1/b", "")],
)
def test_share_is_asked_at_the_level_the_class_names(level, low, named):
    classes = [{**CLASSES[0], "share_level": str(level)}, *CLASSES[1:]]
    unit = scored(91)
    unit.subtotals[low] = Decimal(1)

    result = classify(TABLE, rules(classes=classes), unit)

    assert result.name == ("Tốt" if named else "Xuất sắc")
    assert f"tiêu chí {named} được 1/" in result.trace[0] or not named


def test_excluded_criteria_are_not_asked_for_a_share():
    unit = scored(91, second=None, excluded={"2"})

    assert classify(TABLE, rules(), unit).name == "Xuất sắc"


def test_share_of_a_group_is_of_the_maximum_left_to_it():
    """1/a is not assigned: 21 of the 30 that are left is 70 %."""
    assert classify(TABLE, rules(), scored(91, first=21, excluded={"1/a"})).name == "Xuất sắc"
    assert classify(TABLE, rules(), scored(91, first=20, excluded={"1/a"})).name == "Tốt"


def test_share_of_a_group_without_a_maximum_is_of_the_sum_below():
    group = CriterionNode(
        "1",
        "Nhóm",
        children=(
            CriterionNode("a", "A", Decimal(6)),
            CriterionNode("b", "B", Decimal(4)),
        ),
    )
    table = Table("Bảng", Decimal(10), (group,))
    unit = Scored(Decimal(91), Decimal(10), {"1": Decimal("6.9")})

    assert "1 được 6,9/10 điểm (69 %)" in classify(table, rules(), unit).trace[0]


def test_class_by_per_cent_is_of_the_maximum_that_applied():
    by_percent = rules(class_basis="percent")

    assert classify(TABLE, by_percent, scored(72, maximum=80)).name == "Xuất sắc"
    result = classify(TABLE, by_percent, scored(71, maximum=80))
    assert result.trace[0] == (
        "Không đạt “Xuất sắc”: 88,75 % điểm tối đa, thấp hơn mức 90 % điểm tối đa."
    )


def test_class_by_per_cent_of_nothing_needs_a_person():
    result = classify(TABLE, rules(class_basis="percent"), scored(0, maximum=0))

    assert (result.ranked, result.name) == (None, None)
    assert result.possible == ("Xuất sắc", "Tốt", "Khá", None)
    assert "Không có điểm tối đa" in result.needs_person[0]


def test_below_every_class_there_is_none():
    result = classify(TABLE, rules(), scored(40))

    assert (result.ranked, result.name) == (True, None)
    assert result.trace == (
        "Không đạt “Khá”: 40 điểm, thấp hơn mức 65 điểm.",
        "Không đạt mức xếp loại nào.",
    )


def test_table_without_classes_ranks_without_a_class():
    result = classify(TABLE, rules(classes=[]), scored(91))

    assert (result.ranked, result.name, result.trace) == (True, None, ())


NOT_HANDED_IN = {
    "when": "@nop = không",
    "label": "Không nộp báo cáo tự chấm",
    "article": "Mục 5",
}
CASES = {"when": "vu_viec >= 1", "label": "Có vụ việc sai phạm", "limit": "Khá"}


def test_gate_takes_a_unit_without_a_self_score_out_of_the_ranking():
    result = classify(TABLE, rules(gates=[NOT_HANDED_IN]), scored(91, **{"@nop": False}))

    assert (result.ranked, result.name) == (False, None)
    assert result.trace == ("Không nộp báo cáo tự chấm (Mục 5): không xếp hạng, xếp loại.",)


def test_gate_that_does_not_hold_changes_nothing():
    result = classify(TABLE, rules(gates=[NOT_HANDED_IN]), scored(91, **{"@nop": True}))

    assert (result.ranked, result.name) == (True, "Xuất sắc")


def test_gate_limits_the_class_and_says_so():
    result = classify(TABLE, rules(gates=[CASES]), scored(91, vu_viec=Fraction(2)))

    assert result.name == "Khá"
    assert result.trace == (
        "Có vụ việc sai phạm: xếp loại cao nhất là “Khá”.",
        "Không đạt “Tốt”: bị giới hạn vì Có vụ việc sai phạm.",
        "Xếp loại “Khá”: 91 điểm, đạt mức từ 65 điểm.",
    )


def test_gate_above_the_class_reached_changes_nothing():
    gate = {**CASES, "limit": "Tốt"}

    result = classify(TABLE, rules(gates=[gate]), scored(70, vu_viec=Fraction(2)))

    assert result.name == "Khá"
    assert "thấp hơn mức 80 điểm" in result.trace[1]


def test_gate_may_ask_for_the_total_itself():
    gate = {"when": "@tong_diem < 50", "label": "Dưới 50 điểm"}

    assert classify(TABLE, rules(gates=[gate]), scored("49.9")).ranked is False
    assert classify(TABLE, rules(gates=[gate]), scored(50)).ranked is True
    given = scored(91, **{"@tong_diem": Fraction(1)})
    assert classify(TABLE, rules(gates=[gate]), given).ranked is False


def test_gate_that_cannot_be_asked_needs_a_person_and_leaves_the_ranking_open():
    result = classify(TABLE, rules(gates=[NOT_HANDED_IN]), scored(91))

    assert (result.ranked, result.name) == (None, None)
    assert result.possible == ("Xuất sắc", None)
    assert result.needs_person == (
        "Điều kiện “Không nộp báo cáo tự chấm” (Mục 5): chưa có “@nop” nên chưa xét được.",
    )


def test_gate_with_a_class_limit_that_cannot_be_asked_leaves_the_class_open():
    result = classify(TABLE, rules(gates=[CASES]), scored(91))

    assert (result.ranked, result.name) == (True, None)
    assert result.possible == ("Xuất sắc", "Tốt", "Khá")
    assert result.needs_person == (
        "Điều kiện “Có vụ việc sai phạm”: chưa có “Vụ việc sai phạm” nên chưa xét được.",
    )


def test_unknown_gate_that_could_not_matter_asks_nobody():
    result = classify(TABLE, rules(gates=[CASES]), scored(70))

    assert (result.ranked, result.name, result.needs_person) == (True, "Khá", ())


def test_gate_with_one_condition_known_to_fail_asks_nobody():
    gate = {**NOT_HANDED_IN, "when": "@nop = không; vu_viec >= 1"}

    result = classify(TABLE, rules(gates=[gate]), scored(91, vu_viec=Fraction(0)))

    assert (result.ranked, result.needs_person) == (True, ())


def test_gate_that_compares_different_things_needs_a_person():
    (asked,) = gates(rules(gates=[CASES]), lambda name: True)

    assert asked.closes is None
    assert "so hai thứ khác loại nên chưa xét được" in asked.sentence


def test_gate_that_limits_to_no_class_of_the_table_is_refused():
    with pytest.raises(RuleError, match="giới hạn ở mức “Giỏi” mà bảng không có"):
        classify(TABLE, rules(gates=[{**CASES, "limit": "Giỏi"}]), scored(91))


def test_criterion_without_points_needs_a_person_where_a_share_is_asked():
    result = classify(TABLE, rules(), scored(91, second=None))

    assert (result.ranked, result.name) == (True, None)
    assert result.possible == ("Xuất sắc", "Tốt")
    assert result.needs_person == ("Mức “Xuất sắc”: tiêu chí 2 chưa có điểm nên chưa xét được.",)
    assert classify(TABLE, rules(), scored(85, second=None)).name == "Tốt"


def quotas(*bounds):
    names = ("Xuất sắc", "Tốt", "Khá")
    return read_table_rules(
        {
            "classes": [
                {"name": name, "least": str(90 - 10 * number), **bound}
                for number, (name, bound) in enumerate(zip(names, bounds, strict=True))
            ]
        }
    )


def all_top(places):
    return dict.fromkeys(places, "Xuất sắc")


def test_quota_is_a_share_of_those_ranked_rounded_down():
    places = {key: number for number, key in enumerate("ABCDEFGHI", start=1)}

    result = apply_quotas(quotas({"percent": "30"}, {}, {}), places, all_top(places))

    assert [key for key, name in result.names.items() if name == "Xuất sắc"] == ["A", "B"]
    assert set(result.names.values()) == {"Xuất sắc", "Tốt"}
    assert result.trace["C"] == (
        "Hết suất “Xuất sắc” (tối đa 30 % của 9 đơn vị = 2 suất) nên xuống “Tốt”.",
    )
    assert "A" not in result.trace
    assert result.needs_person == {}


def test_those_beyond_a_quota_go_before_lower_places_in_the_next_class():
    places = {"A": 1, "B": 2, "C": 3, "D": 4}
    names = {"A": "Xuất sắc", "B": "Xuất sắc", "C": "Tốt", "D": "Tốt"}

    result = apply_quotas(quotas({"places": "1"}, {"places": "2"}, {}), places, names)

    assert result.names == {"A": "Xuất sắc", "B": "Tốt", "C": "Tốt", "D": "Khá"}
    assert result.trace == {
        "B": ("Hết suất “Xuất sắc” (tối đa 1 suất) nên xuống “Tốt”.",),
        "D": ("Hết suất “Tốt” (tối đa 2 suất) nên xuống “Khá”.",),
    }


def test_the_lower_of_two_quotas_holds_and_the_last_class_may_run_out():
    bound = {"places": "3", "percent": "50"}
    places = {"A": 1, "B": 2, "C": 3, "D": 4}

    result = apply_quotas(
        quotas({}, {}, bound), places, dict.fromkeys(places, "Khá"), {"C": "Cà Mau"}
    )

    assert result.names == {"A": "Khá", "B": "Khá", "C": None, "D": None}
    assert result.trace["C"] == (
        "Hết suất “Khá” (tối đa 3 suất; tối đa 50 % của 4 đơn vị = 2 suất)"
        " nên không còn mức xếp loại thấp hơn.",
    )


def test_tie_at_the_edge_of_a_quota_needs_a_decision():
    places = {"A": 1, "B": 2, "C": 2, "D": 4}
    words = {"B": "Bến Tre", "C": "Cà Mau"}

    result = apply_quotas(quotas({"places": "2"}, {}, {}), places, all_top(places), words)

    assert result.names == {"A": "Xuất sắc", "B": None, "C": None, "D": "Tốt"}
    assert (
        result.needs_person["B"]
        == result.needs_person["C"]
        == (
            "Bến Tre và Cà Mau cùng hạng 2 mà “Xuất sắc” chỉ còn 1 suất (tối đa 2 suất):"
            " phải có quyết định ai được; người còn lại xuống “Tốt”."
        )
    )


def test_tie_that_fits_whole_into_a_quota_needs_nobody():
    places = {"A": 1, "B": 1, "C": 3}

    result = apply_quotas(quotas({"places": "2"}, {}, {}), places, all_top(places))

    assert result.names == {"A": "Xuất sắc", "B": "Xuất sắc", "C": "Tốt"}
    assert result.needs_person == {}


def test_undecided_tie_takes_up_room_in_the_next_class():
    """One of B and C falls into “Tốt”, whichever it is: one of its two places is gone."""
    places = {"A": 1, "B": 2, "C": 2, "D": 4, "E": 5}
    names = {**all_top("ABC"), "D": "Tốt", "E": "Tốt"}

    result = apply_quotas(quotas({"places": "2"}, {"places": "2"}, {}), places, names)

    assert result.names == {"A": "Xuất sắc", "B": None, "C": None, "D": "Tốt", "E": "Khá"}
    assert set(result.needs_person) == {"B", "C"}


def test_undecided_tie_may_meet_the_edge_of_two_quotas():
    places = dict.fromkeys("ABC", 1)

    result = apply_quotas(
        quotas({"places": "1"}, {"places": "1"}, {"places": "0"}), places, all_top(places)
    )

    assert result.names == dict.fromkeys("ABC")
    assert "“Xuất sắc” chỉ còn 1 suất" in result.needs_person["A"]
    assert "“Tốt” chỉ còn 1 suất" in result.needs_person["A"]
    assert result.trace == {}


def test_quotas_say_whom_they_do_not_count_yet():
    places = {"A": 1, "B": 2}
    names = {"A": None, "B": "Xuất sắc"}

    result = apply_quotas(quotas({"places": "1"}, {}, {}), places, names, waiting=["A"])

    assert result.names == names
    assert result.notes == ("Số suất mới tính tạm: chưa kể A vì còn chờ xác định mức xếp loại.",)
    assert apply_quotas(quotas({}, {}, {}), places, names, waiting=["A"]).notes == ()


totals = st.dictionaries(st.integers(0, 40), st.decimals(70, 72, places=1), min_size=1, max_size=15)
bounds = st.one_of(
    st.just({}),
    st.integers(0, 5).map(lambda count: {"places": str(count)}),
    st.integers(0, 100).map(lambda share: {"percent": str(share)}),
)


@settings(deadline=None)
@given(totals, st.tuples(bounds, bounds, bounds), st.data())
def test_quotas_are_never_exceeded_and_nobody_rises(totals, bounds, data):
    places = rank(totals).places
    table = quotas(*bounds)
    order = [each.name for each in table.classes]
    names = {key: data.draw(st.sampled_from([*order, None])) for key in places}

    result = apply_quotas(table, places, names)

    assert set(result.names) == set(places)
    for bound, name in zip(bounds, order, strict=True):
        held = sum(each == name for each in result.names.values())
        if "places" in bound:
            assert held <= int(bound["places"])
        if "percent" in bound:
            assert held <= Fraction(bound["percent"]) * len(places) / 100
    for key, after in result.names.items():
        levels = [*order, None]
        assert levels.index(after) >= levels.index(names[key])


@settings(deadline=None)
@given(totals, st.tuples(bounds, bounds, bounds), st.randoms(use_true_random=False))
def test_quotas_do_not_depend_on_the_order_of_units(totals, bounds, random):
    places = rank(totals).places
    keys = list(places)
    random.shuffle(keys)
    table = quotas(*bounds)

    result = apply_quotas(table, places, all_top(places))
    shuffled = apply_quotas(table, {key: places[key] for key in keys}, all_top(places))

    assert shuffled.names == result.names
    assert set(shuffled.needs_person) == set(result.needs_person)


@settings(deadline=None)
@given(
    st.decimals(0, 110, places=2),
    st.decimals(0, 10, places=2),
    st.sampled_from(["points", "percent"]),
)
def test_more_points_never_mean_a_lower_class(total, more, basis):
    order = ["Xuất sắc", "Tốt", "Khá", None]
    table = rules(class_basis=basis)

    before = classify(TABLE, table, scored(total))
    after = classify(TABLE, table, scored(total + more))

    assert order.index(after.name) <= order.index(before.name)
