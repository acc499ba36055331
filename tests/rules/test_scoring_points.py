"""Points of a leaf and of a table: the arithmetic, the limits, the reasons."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.tables import claimed_tables, claims, leaves, whole_tables
from thidua.rules.errors import RuleError
from thidua.rules.scoring import (
    Claim,
    CriterionNode,
    Limit,
    Rounding,
    RoundingMode,
    Setting,
    Table,
    examine,
    examine_leaf,
    score_leaf,
    total,
)


def leaf(**changes):
    values = {
        "code": "a1",
        "title": "Thi hành Luật Đất đai",
        "maximum": Decimal(3),
        "has_deduction": True,
        "deduction_cap": Decimal("1.5"),
        "has_bonus": True,
        "bonus_cap": Decimal(1),
    }
    return CriterionNode(**{**values, **changes})


def table(*nodes, **changes):
    return Table(**{"title": "Bảng", "scale": Decimal(100), "nodes": nodes, **changes})


def test_score_leaf_subtracts_and_adds_and_says_how():
    result = score_leaf(
        leaf(), Claim(Decimal(3), Decimal(0), Decimal("0.5")), Setting(floor_at_zero=True)
    )

    assert result.points == Decimal("2.5")
    assert [line.sentence for line in result.trace] == [
        "a1: 3 − 0,5 + 0 = 2,5; tối đa 3; trần điểm trừ 1,5; trần điểm thưởng 1."
    ]
    assert result.trace[0].inputs == (
        ("điểm chuẩn", Decimal(3)),
        ("điểm trừ", Decimal("-0.5")),
        ("điểm thưởng", Decimal(0)),
    )


@pytest.mark.parametrize(
    ("node", "claim", "limit", "sentence"),
    [
        (leaf(), Claim(Decimal("3.5")), Limit.BASE, "điểm chuẩn 3,5 vượt mức tối đa 3."),
        (leaf(), Claim(Decimal(-1)), Limit.RANGE, "điểm chuẩn phải là số từ 0 trở lên"),
        (leaf(), Claim(Decimal("NaN")), Limit.RANGE, "điểm chuẩn phải là số từ 0 trở lên"),
        (leaf(), Claim(Decimal("1e30")), Limit.RANGE, "điểm chuẩn phải là số từ 0 trở lên"),
        (leaf(), Claim(Decimal("0.0000001")), Limit.RANGE, "tối đa 6 chữ số thập phân"),
        (leaf(), Claim(Decimal(3), Decimal(2)), Limit.BONUS_CAP, "điểm thưởng 2 vượt trần 1."),
        (
            leaf(),
            Claim(Decimal(3), None, Decimal(2)),
            Limit.DEDUCTION_CAP,
            "điểm trừ 2 vượt trần 1,5.",
        ),
        (
            leaf(has_bonus=False, bonus_cap=None),
            Claim(Decimal(3), Decimal("0.1")),
            Limit.NO_BONUS,
            "tiêu chí này không có điểm thưởng; hãy để trống hoặc ghi 0.",
        ),
        (
            leaf(has_deduction=False, deduction_cap=None),
            Claim(Decimal(3), None, Decimal("0.1")),
            Limit.NO_DEDUCTION,
            "tiêu chí này không có điểm trừ; hãy để trống hoặc ghi 0.",
        ),
        (
            leaf(rule={"kind": "typed", "step": "0.5"}),
            Claim(Decimal("1.2")),
            Limit.STEP,
            "điểm chuẩn 1,2 không theo bước chấm 0,5.",
        ),
        (
            leaf(maximum=None),
            Claim(Decimal(1), Decimal("0.5")),
            Limit.NO_BASE,
            "tiêu chí này không có điểm chuẩn; chỉ nhập điểm thưởng, điểm trừ.",
        ),
        (
            leaf(deduction_cap=None, net_cap=Decimal(2)),
            Claim(Decimal(3), Decimal("0.5"), Decimal(3)),
            Limit.NET_CAP,
            "tổng điểm cộng, trừ là −2,5, vượt mức cho phép 2.",
        ),
    ],
)
def test_score_leaf_over_a_limit_is_refused_naming_the_criterion(node, claim, limit, sentence):
    with pytest.raises(RuleError) as refused:
        score_leaf(node, claim, Setting(floor_at_zero=True))

    assert str(refused.value).startswith("Tiêu chí a1 (Thi hành Luật Đất đai): ")
    assert sentence in str(refused.value)
    breaches = examine_leaf(node, claim, Setting(floor_at_zero=True)).breaches
    assert [breach.limit for breach in breaches] == [limit]


def test_score_leaf_not_scored_is_not_zero():
    nothing = score_leaf(leaf(), Claim(), Setting(floor_at_zero=True))
    zero = score_leaf(leaf(), Claim(Decimal(0)), Setting(floor_at_zero=True))

    assert nothing.points is None
    assert [line.sentence for line in nothing.trace] == ["a1: chưa chấm."]
    assert zero.points == 0


def test_score_leaf_with_a_deduction_only_waits_for_the_standard_points():
    assert (
        score_leaf(leaf(), Claim(deduction=Decimal(1)), Setting(floor_at_zero=True)).points is None
    )


def test_score_leaf_below_zero_follows_the_table():
    node = leaf(maximum=Decimal(1), deduction_cap=Decimal(2))
    claim = Claim(Decimal(1), None, Decimal(2))

    floored = score_leaf(node, claim, Setting(floor_at_zero=True))

    assert floored.points == 0
    assert floored.trace[-1].sentence == "a1: bảng không cho điểm âm nên −1 tính là 0."
    assert score_leaf(node, claim, Setting(floor_at_zero=False)).points == -1


def test_score_leaf_without_standard_points_can_take_away_in_spite_of_the_floor():
    node = leaf(maximum=None)

    assert score_leaf(node, Claim(deduction=Decimal(1)), Setting(floor_at_zero=True)).points == -1


def test_score_leaf_maximum_is_allowed_off_the_step():
    node = leaf(maximum=Decimal("12.99"), rule={"kind": "typed", "step": "0.5"})

    assert score_leaf(node, Claim(Decimal("12.99")), Setting(floor_at_zero=True)).points == Decimal(
        "12.99"
    )


def test_examine_leaf_counts_what_is_allowed_of_a_claim_over_the_net_cap():
    node = leaf(
        maximum=Decimal(7), has_bonus=True, bonus_cap=None, deduction_cap=None, net_cap=Decimal(7)
    )

    result = examine_leaf(node, Claim(Decimal(7), None, Decimal(9)), Setting(floor_at_zero=False))

    assert (result.claimed, result.points) == (Decimal(-2), Decimal(0))
    assert result.trace[-1].sentence == "a1: tổng điểm cộng, trừ −9 chỉ tính −7 nên được 0."


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "bands"},
        {"kind": "typed", "step": "0"},
        {"kind": "typed", "step": "x"},
        {"kind": "typed", "step": "NaN"},
        {"kind": "typed", "step": 1.5},
    ],
)
def test_score_leaf_with_a_rule_that_cannot_be_applied_is_refused(rule):
    with pytest.raises(RuleError, match="Tiêu chí a1"):
        score_leaf(leaf(rule=rule), Claim(Decimal(1)), Setting(floor_at_zero=True))


def test_total_adds_groups_lists_the_missing_and_says_how():
    a1, a2 = leaf(), leaf(code="a2", title="Quy hoạch")
    group = CriterionNode("a", "Đất đai", Decimal(6), children=(a1, a2))
    other = CriterionNode("b", "Nước", Decimal(2))
    whole = table(group, other)

    result = total(
        whole, {"a/a1": Claim(Decimal("2.5")), "a/a2": Claim(Decimal(3), None, Decimal("0.25"))}
    )

    assert result.total == Decimal("5.25")
    assert result.subtotals == {
        "a/a1": Decimal("2.5"),
        "a/a2": Decimal("2.75"),
        "a": Decimal("5.25"),
    }
    assert result.missing == ("b",)
    assert not result.is_complete
    assert [line.sentence for line in result.trace[-3:]] == [
        "a (Đất đai): 2,5 + 2,75 = 5,25.",
        "b: chưa chấm.",
        "Tổng điểm: 5,25.",
    ]


def test_total_of_nothing_is_zero_with_everything_missing():
    result = total(table(leaf()), {})

    assert (result.total, result.missing, result.subtotals) == (Decimal(0), ("a1",), {})
    assert result.trace[-1].sentence == "Tổng điểm: 0."


def test_total_is_rounded_as_the_table_names():
    whole = table(
        leaf(maximum=Decimal(9)), rounding=Rounding(RoundingMode.HALF_UP, Decimal("0.25"))
    )

    result = total(whole, {"a1": Claim(Decimal("7.625"))})

    assert (result.total, result.rounded) == (Decimal("7.625"), Decimal("7.75"))
    assert result.trace[-1].sentence == "Làm tròn đến 0,25: 7,625 → 7,75."


@pytest.mark.parametrize(
    ("mode", "rounded"),
    [
        (RoundingMode.HALF_UP, "2.5"),
        (RoundingMode.HALF_EVEN, "2.4"),
        (RoundingMode.DOWN, "2.4"),
        (RoundingMode.UP, "2.5"),
    ],
)
def test_rounding_of_a_half_follows_the_mode(mode, rounded):
    assert Rounding(mode, Decimal("0.1")).apply(Decimal("2.45")) == Decimal(rounded)


@pytest.mark.parametrize("quantum", ["0", "-1", "NaN", "Infinity"])
def test_rounding_needs_a_positive_step(quantum):
    with pytest.raises(RuleError, match="Bước làm tròn"):
        Rounding(RoundingMode.HALF_UP, Decimal(quantum))


def test_total_lists_every_breach_at_once():
    whole = table(leaf(), leaf(code="a2", title="Quy hoạch"))

    with pytest.raises(RuleError) as refused:
        total(whole, {"a1": Claim(Decimal(9)), "a2": Claim(Decimal(3), Decimal(9))})

    assert "Tiêu chí a1" in str(refused.value)
    assert "Tiêu chí a2" in str(refused.value)


@pytest.mark.parametrize("path", ["a", "x/y"])
def test_total_of_a_claim_for_no_leaf_is_refused(path):
    whole = table(CriterionNode("a", "Đất đai", children=(leaf(),)))

    with pytest.raises(RuleError, match=f"không có tiêu chí để chấm ở “{path}”"):
        total(whole, {path: Claim(Decimal(1))})


@whole_tables
@given(claimed_tables())
def test_total_equals_the_sum_of_the_leaves_exactly(case):
    whole, given_claims = case

    result = examine(whole, given_claims)

    scored = [each.points for each in result.leaves.values() if each.points is not None]
    assert Fraction(result.total) == sum(map(Fraction, scored), Fraction(0))
    for node in whole.walk():
        if node.children:
            below = [result.subtotals.get(child.path, Decimal(0)) for child in node.children]
            assert result.subtotals.get(node.path, Decimal(0)) == sum(below)


@whole_tables
@given(claimed_tables())
def test_total_does_not_depend_on_the_order_of_claims_or_criteria(case):
    whole, given_claims = case
    backwards = table(
        *reversed(whole.nodes), floor_at_zero=whole.floor_at_zero, rounding=whole.rounding
    )

    result = examine(whole, given_claims)
    mirrored = examine(backwards, dict(reversed(given_claims.items())))

    assert (result.total, result.rounded) == (mirrored.total, mirrored.rounded)
    assert set(result.missing) == set(mirrored.missing)


@given(leaves("a1"), claims)
def test_examine_leaf_keeps_every_cap(node, claim):
    result = examine_leaf(node, claim, Setting(floor_at_zero=True))

    if result.points is None:
        return
    most = (node.maximum or Decimal(0)) + (claim.bonus or Decimal(0))
    assert result.points <= most
    if node.bonus_cap is not None:
        assert result.points <= (node.maximum or Decimal(0)) + node.bonus_cap
    if node.net_cap is not None:
        assert result.points <= (node.maximum or Decimal(0)) + node.net_cap
    if node.maximum is not None:
        assert result.points >= 0


@given(leaves("a1"), claims)
def test_adding_nothing_changes_nothing(node, claim):
    explicit = Claim(claim.base, claim.bonus or Decimal(0), claim.deduction or Decimal(0))

    if not claim.is_empty:
        plain = examine_leaf(node, claim, Setting(floor_at_zero=True))
        zeros = examine_leaf(node, explicit, Setting(floor_at_zero=True))
        assert (plain.points, plain.breaches) == (zeros.points, zeros.breaches)


@given(leaves("a1"), claims)
def test_a_claim_without_breach_is_counted_as_claimed(node, claim):
    result = examine_leaf(node, claim, Setting(floor_at_zero=False))

    if not result.breaches and result.points is not None:
        assert result.points == result.claimed


@given(leaves("a1"), claims, st.decimals(0, 50, places=2))
def test_more_deduction_never_gives_more_points(node, claim, more):
    worse = Claim(claim.base, claim.bonus, (claim.deduction or Decimal(0)) + more)

    before = examine_leaf(node, claim, Setting(floor_at_zero=True)).points
    after = examine_leaf(node, worse, Setting(floor_at_zero=True)).points

    assert before is None or after is None or after <= before
