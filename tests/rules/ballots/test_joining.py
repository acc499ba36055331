"""Points and votes join by one written rule, exactly, with their arithmetic."""

from decimal import Decimal
from fractions import Fraction

import pytest

from thidua.rules.ballots.results import JoiningRule, Standing, Way, join
from thidua.rules.errors import RuleError

UNITS = [
    Standing("A", Decimal("98.5"), 2),
    Standing("B", Decimal("97"), 6),
    Standing("C", Decimal("96"), 1),
    Standing("D", Decimal("90"), 9),
]
AMONG = JoiningRule(way=Way.VOTES_AMONG_FIRST, first=3)


def places(rule: JoiningRule, units=UNITS, **options) -> list[tuple[str, int]]:
    said = {"most_points": Decimal(100), "papers": 9, **options}
    return [(one.name, one.place) for one in join(rule, units, **said)]


def test_votes_decide_among_the_first_by_points_only():
    assert places(AMONG) == [("B", 1), ("A", 2), ("C", 3), ("D", 4)]


def test_a_unit_level_with_the_last_of_the_first_is_among_them():
    units = [*UNITS[:3], Standing("D", Decimal("96"), 9)]

    assert places(AMONG, units)[0] == ("D", 1)


def test_equal_votes_and_points_share_a_place():
    units = [Standing("A", Decimal(90), 3), Standing("B", Decimal(90), 3)]

    assert places(AMONG, units) == [("A", 1), ("B", 1)]


def test_weights_are_exact_and_explained():
    rule = JoiningRule(way=Way.WEIGHTS, points_weight=Fraction(7, 10))

    first = join(rule, UNITS, most_points=Decimal(100), papers=9)[0]

    assert first.name == "D"
    assert first.score == Fraction(7, 10) * 90 + 30
    assert first.trace == "70 % × 90/100 × 100 + 30 % × 9/9 × 100 = 93"


def test_a_unit_that_did_not_stand_has_no_votes():
    units = [Standing("A", Decimal(90), None), Standing("B", Decimal(90), 1)]

    assert places(AMONG, units) == [("B", 1), ("A", 2)]


@pytest.mark.parametrize("options", [{"most_points": Decimal(0)}, {"papers": 0}])
def test_weights_of_nothing_are_refused(options):
    with pytest.raises(RuleError):
        places(JoiningRule(way=Way.WEIGHTS), **options)


@pytest.mark.parametrize("broken", [{}, {"way": "x"}, {"way": "weights", "points_weight": "2"}])
def test_a_broken_rule_is_refused(broken):
    with pytest.raises(RuleError):
        JoiningRule.from_json(broken)


def test_a_rule_keeps_itself_as_data_and_says_itself():
    rule = JoiningRule(way=Way.WEIGHTS, points_weight=Fraction(7, 10))

    assert JoiningRule.from_json(rule.to_json()) == rule
    assert "70 % × điểm" in rule.words()
    assert "3 đơn vị đầu" in AMONG.words()
