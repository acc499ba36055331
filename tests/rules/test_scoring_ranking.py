"""Places inside groups: written rules for equal totals in order, a decision of people last."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.scoring.language import TieBreak, TieRule
from thidua.rules.scoring.ranking import Contender, Decision, named, rank, rank_groups, shown

NODE = TieRule(TieBreak.NODE, "1/d")
BONUS = TieRule(TieBreak.MOST_BONUS)
DEDUCTION = TieRule(TieBreak.LEAST_DEDUCTION)


def unit(total, **changes):
    return Contender(None if total is None else Decimal(total), **changes)


def node(total, points, **changes):
    return unit(total, subtotals={"1/d": Decimal(points)}, **changes)


def test_rank_groups_counts_places_inside_each_group():
    ranking = rank_groups(
        {
            "Q1": unit("107", group="Cụm 1"),
            "Q4": unit("90", group="Cụm 2"),
            "Q3": unit("99", group="Cụm 1"),
            "Q6": unit("95", group="Cụm 2"),
        }
    )

    assert ranking.groups == {"Cụm 1": {"Q1": 1, "Q3": 2}, "Cụm 2": {"Q6": 1, "Q4": 2}}
    assert ranking.places == {"Q1": 1, "Q3": 2, "Q6": 1, "Q4": 2}
    assert ranking.undecided == ranking.steps == ()


def test_rank_groups_does_not_tie_equal_totals_of_different_groups():
    ranking = rank_groups({"Q1": unit("90", group="1"), "Q4": unit("90.0", group="2")})

    assert ranking.places == {"Q1": 1, "Q4": 1}
    assert ranking.undecided == ()


def test_rank_groups_parts_equal_totals_by_a_criterion_and_says_so():
    ranking = rank_groups(
        {
            "ag": node("97.5", "8.5", name="An Giang"),
            "cm": node("97.50", "9", name="Cà Mau"),
            "bt": node("99", "1", name="Bến Tre"),
        },
        [NODE],
    )

    assert ranking.places == {"bt": 1, "cm": 2, "ag": 3}
    sentence = "Cà Mau xếp trên An Giang: bằng 97,5 điểm; tiêu chí 1/d cao hơn: 9 > 8,5."
    assert ranking.trace("cm") == ranking.trace("ag") == (sentence,)
    assert ranking.trace("bt") == ()


@pytest.mark.parametrize(
    ("rule", "winner", "loser", "why"),
    [
        (BONUS, {"bonus": Decimal(2)}, {"bonus": Decimal(1)}, "tổng điểm thưởng nhiều hơn: 2 > 1"),
        (
            DEDUCTION,
            {"deduction": Decimal("0.5")},
            {"deduction": Decimal(1)},
            "tổng điểm trừ ít hơn: 0,5 < 1",
        ),
        (
            TieRule(TieBreak.INPUT_HIGH, "ty_le"),
            {"values": {"ty_le": Fraction(97)}},
            {"values": {"ty_le": Fraction(1, 3)}},
            "số liệu “Tỷ lệ” cao hơn: 97 > ≈0,333333",
        ),
        (
            TieRule(TieBreak.INPUT_LOW, "ty_le"),
            {"values": {"ty_le": Fraction(2)}},
            {"values": {"ty_le": Fraction(3)}},
            "số liệu “Tỷ lệ” thấp hơn: 2 < 3",
        ),
        (
            TieRule(TieBreak.INPUT_LOW, "ngay"),
            {"values": {"ngay": date(2026, 1, 30)}},
            {"values": {"ngay": date(2026, 1, 31)}},
            "số liệu “ngay” sớm hơn: 30/01/2026 < 31/01/2026",
        ),
        (
            TieRule(TieBreak.INPUT_HIGH, "ngay"),
            {"values": {"ngay": date(2026, 2, 1)}},
            {"values": {"ngay": date(2026, 1, 31)}},
            "số liệu “ngay” muộn hơn: 01/02/2026 > 31/01/2026",
        ),
        (
            TieRule(TieBreak.INPUT_HIGH, "co_co"),
            {"values": {"co_co": True}},
            {"values": {"co_co": False}},
            "số liệu “co_co” cao hơn: có > không",
        ),
    ],
)
def test_rank_groups_applies_every_kind_of_tie_rule(rule, winner, loser, why):
    units = {"A": unit("90", **loser), "B": unit("90", **winner)}

    ranking = rank_groups(units, [rule], labels={"ty_le": "Tỷ lệ"})

    assert ranking.places == {"B": 1, "A": 2}
    assert [step.sentence for step in ranking.steps] == [f"B xếp trên A: bằng 90 điểm; {why}."]


def test_rank_groups_goes_on_to_the_next_rule_for_those_still_equal():
    ranking = rank_groups(
        {
            "A": node("90", "5", bonus=Decimal(1)),
            "B": node("90", "6", bonus=Decimal(0)),
            "C": node("90", "5", bonus=Decimal(3)),
            "D": unit("80"),
        },
        [NODE, BONUS],
    )

    assert ranking.places == {"B": 1, "C": 2, "A": 3, "D": 4}
    assert [step.sentence for step in ranking.steps] == [
        "B xếp trên A và C: bằng 90 điểm; tiêu chí 1/d cao hơn: 6 > 5.",
        "C xếp trên A: bằng 90 điểm; tổng điểm thưởng nhiều hơn: 3 > 1.",
    ]


def test_rank_groups_leaves_a_tie_to_people_and_shares_the_place():
    ranking = rank_groups(
        {"A": node("90", "5"), "B": node("90", "5"), "C": unit("80"), "D": node("90", "6")}, [NODE]
    )

    assert ranking.places == {"D": 1, "A": 2, "B": 2, "C": 4}
    (tie,) = ranking.undecided
    assert tie.keys == ("A", "B")
    assert tie.sentence == (
        "A và B: bằng 90 điểm; bằng nhau theo mọi quy tắc đã ghi."
        " Cùng hạng cho đến khi có quyết định xếp thứ tự."
    )
    assert ranking.trace("A")[-1] == tie.sentence


def test_rank_groups_without_rules_still_lists_the_tie():
    (tie,) = rank_groups({"A": unit("90"), "B": unit("90")}).undecided

    assert tie.sentence == "A và B: bằng 90 điểm. Cùng hạng cho đến khi có quyết định xếp thứ tự."


def test_rank_groups_does_not_let_a_later_rule_decide_when_an_earlier_cannot_be_asked():
    ranking = rank_groups(
        {"A": node("90", "5", bonus=Decimal(1)), "B": unit("90", bonus=Decimal(2))}, [NODE, BONUS]
    )

    assert ranking.places == {"A": 1, "B": 1}
    assert "điểm tiêu chí 1/d của B chưa có để so" in ranking.undecided[0].sentence


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (BONUS, "tổng điểm thưởng của A và B chưa có để so"),
        (DEDUCTION, "tổng điểm trừ của A và B chưa có để so"),
        (TieRule(TieBreak.INPUT_HIGH, "x"), "số liệu “x” của A và B chưa có để so"),
    ],
)
def test_rank_groups_says_what_is_missing_to_part_a_tie(rule, words):
    units = {"A": unit("90", values={"x": "Tốt"}), "B": unit("90", values={"x": (Fraction(1),)})}

    (tie,) = rank_groups(units, [rule]).undecided

    assert words in tie.sentence


def test_rank_groups_does_not_compare_values_of_different_kinds():
    units = {
        "A": unit("90", values={"x": True}),
        "B": unit("90", values={"x": Fraction(3)}),
    }

    (tie,) = rank_groups(units, [TieRule(TieBreak.INPUT_HIGH, "x")]).undecided

    assert "số liệu “x” của các đơn vị khác loại nên không so được" in tie.sentence


def test_rank_groups_takes_the_decision_of_people_last():
    units = {"A": node("90", "5"), "B": node("90", "5"), "C": node("90", "6")}
    decision = Decision(("B", "C", "A"), "B có sáng kiến cấp Bộ.")

    ranking = rank_groups(units, [NODE], [Decision(("A", "B"), "Cũ"), decision])

    assert ranking.places == {"C": 1, "B": 2, "A": 3}
    assert ranking.steps[-1].sentence == (
        "B xếp trên A: bằng 90 điểm; theo quyết định: B có sáng kiến cấp Bộ."
    )
    assert ranking.undecided == ()


def test_rank_groups_ignores_a_decision_that_does_not_name_all_who_are_tied():
    units = {"A": unit("90"), "B": unit("90"), "C": unit("90")}

    ranking = rank_groups(units, decisions=[Decision(("B", "A"), "Bốc thăm")])

    assert ranking.places == {"A": 1, "B": 1, "C": 1}
    assert len(ranking.undecided) == 1


@pytest.mark.parametrize(
    ("order", "reason", "words"),
    [(("A", "B"), " ", "phải ghi lý do"), (("A", "A"), "Vì", "nhiều lần")],
)
def test_decision_is_refused_without_a_reason_or_with_one_named_twice(order, reason, words):
    with pytest.raises(RuleError, match=words):
        Decision(order, reason)


def test_rank_groups_sets_the_unranked_apart_with_their_reason():
    ranking = rank_groups(
        {
            "A": unit(None, reason="Không nộp báo cáo tự chấm: không xếp hạng."),
            "B": unit("90"),
            "C": unit(None, name="Cà Mau"),
        }
    )

    assert ranking.places == {"B": 1}
    assert ranking.unranked == {
        "A": "Không nộp báo cáo tự chấm: không xếp hạng.",
        "C": "Cà Mau: chưa có tổng điểm nên chưa xếp hạng.",
    }
    assert ranking.trace("A") == ("Không nộp báo cáo tự chấm: không xếp hạng.",)


def test_numbers_and_names_in_sentences_are_vietnamese():
    assert (shown(Decimal("97.50")), shown(Fraction(-1, 4))) == ("97,5", "−0,25")
    assert named([], {}) == ""
    assert named([1, 2, 3], {1: "An Giang", 3: ""}) == "An Giang, 2 và 3"


scores = st.sampled_from([Decimal(each) for each in ("80", "85.5", "90")])
contenders = st.dictionaries(
    st.integers(0, 30),
    st.builds(
        Contender,
        total=st.one_of(st.none(), scores),
        group=st.sampled_from(["1", "2"]),
        subtotals=st.dictionaries(st.just("1/d"), scores),
        bonus=st.one_of(st.none(), scores),
        deduction=st.one_of(st.none(), scores),
    ),
)
rule_lists = st.lists(st.sampled_from([NODE, BONUS, DEDUCTION]), max_size=3)


@settings(deadline=None)
@given(contenders, rule_lists, st.randoms(use_true_random=False))
def test_places_do_not_depend_on_the_order_in_which_units_are_given(units, rules, random):
    order = list(units)
    random.shuffle(order)

    ranking = rank_groups(units, rules)
    shuffled = rank_groups({key: units[key] for key in order}, rules)

    assert shuffled.places == ranking.places
    assert shuffled.unranked == ranking.unranked
    assert {frozenset(tie.keys) for tie in shuffled.undecided} == {
        frozenset(tie.keys) for tie in ranking.undecided
    }


@settings(deadline=None)
@given(contenders, rule_lists)
def test_places_agree_with_the_plain_ranking_but_for_ties(units, rules):
    ranking = rank_groups(units, rules)

    for group, places in ranking.groups.items():
        totals = {key: each.total for key, each in units.items() if each.group == group}
        plain = rank(totals).places
        assert set(places) == set(plain)
        for key, place in places.items():
            tied = [other for other in plain if plain[other] == plain[key]]
            assert plain[key] <= place < plain[key] + len(tied)


@settings(deadline=None)
@given(contenders, rule_lists, st.data())
def test_more_points_never_mean_a_worse_place(units, rules, data):
    ranked = [key for key, each in units.items() if each.total is not None]
    if not ranked:
        return
    key = data.draw(st.sampled_from(ranked))
    before = units[key]
    more = Contender(
        before.total + data.draw(st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("4.5")])),
        before.group,
        subtotals=before.subtotals,
        bonus=before.bonus,
        deduction=before.deduction,
    )

    place = rank_groups({**units, key: more}, rules).places[key]

    assert place <= rank_groups(units, rules).places[key]


@settings(deadline=None)
@given(contenders, rule_lists)
def test_every_shared_place_is_listed_as_undecided(units, rules):
    ranking = rank_groups(units, rules)

    shared = set()
    for places in ranking.groups.values():
        for place in places.values():
            together = frozenset(key for key, each in places.items() if each == place)
            shared |= {together} if len(together) > 1 else set()
    assert {frozenset(tie.keys) for tie in ranking.undecided} == shared
