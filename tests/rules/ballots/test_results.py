"""What votes decide: exact shares, places, quotas, ties, second rounds; figures no papers can give."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.rules.ballots.results import (
    Asked,
    Base,
    ChannelCount,
    LastWord,
    ResultRule,
    Voters,
    check_channel,
    decide,
    electronic,
    fraction_words,
    has_quorum,
    may_be_shown_apart,
    percent,
    presets_on,
    reveals,
    together,
)
from thidua.rules.errors import RuleError

NAMES = ["Hà Nội", "Nam Định", "Thái Bình", "Hưng Yên"]


def counted(*votes: int, papers: int = 9, blank: int = 0, invalid: int = 0) -> ChannelCount:
    return ChannelCount(
        issued=papers,
        returned=papers,
        valid=papers - blank - invalid,
        invalid=invalid,
        blank=blank,
        votes=votes,
    )


def decided(rule: ResultRule, *votes: int, papers: int = 9, members: int = 9, **options):
    return decide(
        rule,
        counted(*votes, papers=papers),
        Voters(members=members, took_part=papers),
        NAMES[: len(votes)],
        **options,
    )


# --- Shares -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "members", "needed"),
    [
        ("4/5", 9, 8),  # awards.md §5
        ("9/10", 11, 10),
        ("4/5", 15, 12),
        ("9/10", 15, 14),
        ("4/5", 17, 14),
        ("9/10", 17, 16),
        ("2/3", 9, 6),
        ("1/1", 9, 9),
    ],
)
def test_needed_votes_are_the_exact_share_rounded_up(share, members, needed):
    assert ResultRule(share=Fraction(share), more_than=False).needed(members) == needed


@pytest.mark.parametrize(("members", "needed"), [(9, 5), (8, 5), (2, 2), (1, 1)])
def test_more_than_half_is_never_half(members, needed):
    assert ResultRule(share=Fraction(1, 2), more_than=True).needed(members) == needed


@given(
    st.fractions(min_value=Fraction(1, 100), max_value=Fraction(99, 100)),
    st.integers(1, 400),
    st.booleans(),
)
def test_needed_is_the_least_number_that_reaches_the_share(share, members, more_than):
    needed = ResultRule(share=share, more_than=more_than).needed(members)

    def reaches(votes: int) -> bool:
        return votes > share * members if more_than else votes >= share * members

    assert reaches(needed)
    assert not reaches(needed - 1)


def test_the_arithmetic_is_told():
    rule = ResultRule(share=Fraction(4, 5), more_than=False)

    assert rule.needed_words(9) == (
        "80 % của 9 (tổng số thành viên) là 7,2; cần ít nhất số đó, tức 8 phiếu"
    )


def test_absent_members_count_in_the_base_of_all_members():
    rule = ResultRule(share=Fraction(4, 5), more_than=False)

    assert decided(rule, 7, papers=7).elected == ()
    assert decided(rule, 8, papers=8).elected == (0,)


def test_the_base_of_those_who_took_part_and_of_valid_papers():
    present = ResultRule(base=Base.PRESENT)
    valid = ResultRule(base=Base.VALID_PAPERS)
    count = counted(3, papers=7, blank=1, invalid=1)
    voters = Voters(members=9, took_part=7)

    assert decide(present, count, voters, ["A"]).base == 7
    assert decide(valid, count, voters, ["A"]).base == 5
    assert decide(valid, count, voters, ["A"]).elected == (0,)


def test_a_blank_paper_may_count_as_valid_where_the_rule_says_so():
    rule = ResultRule(base=Base.VALID_PAPERS, blank_is_valid=True)

    assert (
        decide(rule, counted(3, papers=7, blank=1), Voters(members=9, took_part=7), ["A"]).base == 7
    )


def test_nobody_is_elected_with_no_votes_at_all():
    rule = ResultRule(base=Base.VALID_PAPERS, more_than=False, places=1)

    outcome = decide(rule, counted(0, 0, papers=0), Voters(members=9, took_part=0), ["A", "B"])

    assert outcome.elected == ()
    assert not outcome.is_open


# --- Places, ties, rounds -------------------------------------------------------------------------


def test_more_pass_than_places_goes_from_the_highest_down():
    outcome = decided(ResultRule(places=2), 6, 9, 7)

    assert outcome.elected == (1, 2)
    assert outcome.not_elected == (0,)
    assert not outcome.is_open


def test_a_tie_at_the_last_place_goes_to_another_ballot_of_the_tied_only():
    outcome = decided(ResultRule(places=2), 6, 9, 6, 2)

    assert outcome.elected == (1,)
    assert outcome.second_round == (0, 2)
    assert outcome.places_left == 1
    assert not outcome.needs_human


def test_a_tie_that_fills_the_places_is_no_tie():
    assert decided(ResultRule(places=2), 6, 6, 2).elected == (0, 1)


def test_after_two_ballots_the_last_word_is_a_persons():
    rule = ResultRule(places=1, last_word=LastWord.HEAD_AND_DEPUTY)

    outcome = decided(rule, 6, 6, round_number=2)

    assert outcome.needs_human
    assert outcome.undecided == (0, 1)
    assert outcome.places_left == 1
    assert "cụm trưởng và cụm phó" in outcome.trace[-1]


def test_without_a_last_word_the_place_stays_empty():
    outcome = decided(ResultRule(places=1), 6, 6, round_number=2)

    assert outcome.elected == ()
    assert not outcome.is_open
    assert "để trống" in outcome.trace[-1]


def test_a_place_nobody_reached_goes_on_among_the_highest():
    outcome = decided(ResultRule(places=1), 4, 3, 2, 0)

    assert outcome.second_round == (0, 1)


def test_those_with_as_many_votes_as_the_last_one_go_on_too():
    assert decided(ResultRule(places=1), 4, 2, 2, 1).second_round == (0, 1, 2)


def test_without_a_number_of_places_everybody_who_reaches_the_share_passes():
    outcome = decided(ResultRule(share=Fraction(4, 5), more_than=False), 9, 8, 7)

    assert outcome.elected == (0, 1)
    assert not outcome.is_open


@pytest.mark.parametrize(("candidates", "places"), [(4, 0), (5, 1), (9, 1), (10, 2)])
def test_a_quota_of_a_fifth_is_rounded_down(candidates, places):
    assert ResultRule(quota=Fraction(1, 5)).places_for(candidates) == places


def test_a_quota_that_leaves_no_place_elects_nobody():
    outcome = decided(ResultRule(quota=Fraction(1, 5)), 9, 9, 9, 9)

    assert outcome.elected == ()
    assert not outcome.is_open


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=4),
    st.integers(1, 4) | st.none(),
    st.sampled_from(list(LastWord)),
    st.integers(1, 2),
)
def test_every_candidate_is_elected_open_or_not_and_never_two_of_them(votes, places, last, number):
    rule = ResultRule(places=places, last_word=last)
    outcome = decided(rule, *votes, round_number=number)

    kinds = [*outcome.elected, *outcome.not_elected, *outcome.undecided]
    assert sorted(kinds) == list(range(len(votes)))
    assert len(outcome.elected) + outcome.places_left <= rule.places_for(len(votes))
    for winner in outcome.elected:
        assert votes[winner] >= outcome.needed
        assert all(votes[winner] >= votes[other] for other in outcome.not_elected)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_a_vote_more_never_loses_the_place(votes):
    rule = ResultRule(places=1)
    before = decided(rule, *votes)
    for winner in before.elected:
        more = [vote + (place == winner) for place, vote in enumerate(votes)]
        assert winner in decided(rule, *more, papers=10).elected


def test_a_rule_keeps_itself_as_data():
    rule = ResultRule(
        base=Base.PRESENT,
        share=Fraction(2, 3),
        more_than=False,
        places=2,
        quota=Fraction(1, 5),
        last_word=LastWord.CHAIR,
        article="Quy chế",
    )

    assert ResultRule.from_json(rule.to_json()) == rule


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"base": "all_members", "share": "0"},
        {"base": "all_members", "share": "3/2"},
        {"base": "all_members", "share": "1/0"},
        {"base": "everybody", "share": "1/2"},
        {"base": "all_members", "share": "1/1", "more_than": True},
        {"base": "all_members", "share": "1/2", "places": 0},
        {"base": "all_members", "share": "1/2", "rounds": 3},
        {"base": "all_members", "share": "1/2", "quota": "2"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(broken):
    with pytest.raises(RuleError):
        ResultRule.from_json(broken)


def test_presets_of_an_expired_decree_are_not_offered_after_it():
    before = {one.key for one in presets_on(date(2024, 11, 20))}
    after = {one.key for one in presets_on(date(2026, 12, 1))}

    assert {"n98-80", "n98-90"} <= before
    assert not {"n98-80", "n98-90"} & after
    assert {"n152-80", "n152-90"} <= after
    assert not any(one.is_verified for one in presets_on(date(2026, 12, 1)))


# --- Quorum, figures ------------------------------------------------------------------------------


@pytest.mark.parametrize(("present", "met"), [(5, False), (6, True), (9, True)])
def test_two_thirds_of_nine_are_six(present, met):
    quorum = has_quorum(present, 9, 2, 3)

    assert quorum.is_met is met
    assert f"Có mặt {present}/9" in quorum.sentence


def test_nobody_is_no_quorum():
    assert not has_quorum(0, 0, 0, 1).is_met


def test_the_sum_of_all_ways_of_voting():
    machine = electronic([1, 4, 2], papers=7)
    paper = counted(1, 0, papers=2, invalid=1)

    total = together([machine, paper], 2)

    assert (total.issued, total.valid, total.blank, total.invalid) == (9, 7, 1, 1)
    assert total.votes == (5, 2)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"returned": 6, "valid": 6}, "nhiều hơn số phiếu phát ra"),
        ({"valid": 3}, "cộng lại là 3"),
        ({"votes": (6, 0)}, "Dòng 1: 6 phiếu"),
        ({"votes": (5, 5)}, "tối đa 1 lựa chọn"),
        ({"votes": (2, 1)}, "ít hơn số phiếu hợp lệ"),
        ({"votes": (5,)}, "Số ô số phiếu"),
    ],
)
def test_figures_no_set_of_papers_can_give_are_refused(changes, says):
    figures = {"issued": 5, "returned": 5, "valid": 5, "invalid": 0, "blank": 0, "votes": (3, 2)}
    check_channel(ChannelCount(**figures), candidates=2, most=1, approves=False)

    with pytest.raises(RuleError, match=says):
        check_channel(ChannelCount(**{**figures, **changes}), candidates=2, most=1, approves=False)


def test_agreeing_to_nobody_is_a_valid_paper():
    check_channel(counted(0, 0, papers=3), candidates=2, most=2, approves=True)


@pytest.mark.parametrize("value", [-1, True, 1.5, "3", None])
def test_a_figure_that_is_no_whole_number_is_refused(value):
    with pytest.raises(RuleError):
        ChannelCount.from_json({**counted(3, papers=3).to_json(), "valid": value})


def test_one_paper_vote_is_never_shown_apart():
    assert not may_be_shown_apart([counted(8, papers=8), counted(1, papers=1)])
    assert may_be_shown_apart([counted(8, papers=8), counted(5, papers=5)])
    assert not may_be_shown_apart([counted(8, papers=8), counted(0, papers=0)])


# --- Words ----------------------------------------------------------------------------------------


def test_what_totals_reveal_is_said_with_the_numbers_of_this_ballot():
    can, cannot = reveals(7, [Asked("Cờ", True, False), Asked("Bằng khen", False, True)])

    assert any("cả 7 phiếu" in one for one in can)
    assert any("6 người còn lại" in one for one in can)
    assert any("“Bằng khen”: chỉ công bố" in one for one in can)
    assert any("đồng ý hay không đồng ý" in one for one in can)
    assert cannot


@pytest.mark.parametrize(
    ("value", "said"),
    [("4/5", "80 %"), ("2/3", "2/3"), ("1/2", "50 %"), ("1/8", "12,5 %"), ("1/1", "100 %")],
)
def test_shares_read_as_people_write_them(value, said):
    assert fraction_words(Fraction(value)) == said


def test_percentages_have_two_decimals_and_none_of_nothing():
    assert percent(2, 3) == "66,67 %"
    assert percent(8, 9) == "88,89 %"
    assert percent(9, 9) == "100 %"
    assert percent(0, 0) == "–"
    assert percent(1, 32) == "3,13 %"
