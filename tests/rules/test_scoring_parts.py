"""Several lines of one leaf: caps, alternatives, exemptions, conditions; lines cite Table A."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.engine import rules_of, said, score, some
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim
from thidua.rules.scoring.breaches import Limit

LATE = {"kind": "per_case", "input": "dem", "points": "0.5"}
WRONG = {"kind": "per_case", "input": "dem2", "points": "1"}
DONE = {"kind": "pass_fail", "input": "co", "points": "1"}


def full(*deduction, bonus=(), **changes):
    return {"kind": "full", "deduction": list(deduction), "bonus": list(bonus), **changes}


def test_deductions_add_up_to_their_cap():
    # a1: 2 × 0,25 + 3 × 0,5 = 2, at most 1,5 of 3.
    rule = full({**LATE, "points": "0.25"}, {**WRONG, "points": "0.5"})

    result = score(rule, {"dem": "2", "dem2": "3"}, maximum="3", deduction_cap=Decimal("1.5"))

    assert (result.deduction, result.points) == (Decimal("1.5"), Decimal("1.5"))
    assert "Tổng 2 vượt mức 1,5, tính 1,5." in said(result)


def test_a_line_has_its_own_cap_beside_the_cap_of_the_part():
    # b1: wells 5 × 0,25, at most 1, then one missing report 0,25: 2 − 1 − 0,25.
    rule = full({**LATE, "points": "0.25", "cap": "1"}, {**WRONG, "points": "0.25"})

    result = score(rule, {"dem": "5", "dem2": "1"}, maximum="2")

    assert result.points == Decimal("0.75")


def test_no_deduction_where_the_unit_found_it_itself():
    # 2.1: a warning takes 2, unless the unit found and dealt with it.
    rule = full({"kind": "pass_fail", "input": "co", "points": "2", "unless": "mien"})

    assert score(rule, {"co": "yes"}, maximum="2").points == 0
    exempt = score(rule, {"co": "yes", "mien": "yes"}, maximum="2")
    assert exempt.points == 2
    assert "được miễn vì Tự phát hiện: Có, tính 0." in said(exempt)


def test_a_bonus_only_without_any_deduction():
    # a4: the bonus falls away where something was taken off.
    rule = full(LATE, bonus=[{**DONE, "when": "@diem_tru = 0"}])

    assert score(rule, {"co": "yes"}).points == 6
    assert score(rule, {"co": "yes", "dem": "1"}).points == Decimal("4.5")


def test_a_bonus_may_ask_for_the_standard_points():
    rule = {"kind": "pass_fail", "input": "mien", "bonus": [{**DONE, "when": "@diem_chuan >= 5"}]}

    assert score(rule, {"co": "yes", "mien": "yes"}).points == 6
    assert score(rule, {"co": "yes", "mien": "no"}).points == 0


def test_a_reserved_name_where_it_is_not_known_is_refused():
    with pytest.raises(RuleError, match="tên “@nop” không dùng được ở đây"):
        score(full({**LATE, "when": "@nop = có"}), {"dem": "1"})


def test_of_alternatives_only_the_highest_counts():
    # a4: 98,5% of the area gives 0,5, 95% overall gives 1: one of the two.
    rules = [
        {"kind": "pass_fail", "input": "co", "points": "0.5", "one_of": "mức"},
        {"kind": "pass_fail", "input": "mien", "points": "1", "one_of": "mức"},
    ]

    both = score(full(bonus=rules), {"co": "yes", "mien": "yes"})

    assert both.points == 6
    assert "Chỉ lấy một mức của nhóm “mức”: tính 1." in said(both)
    assert score(full(bonus=rules), {"co": "yes"}).points == Decimal("5.5")


def test_plus_and_minus_of_a_set_stay_within_its_cap_both_ways():
    # d2, “total of plus and minus at most 7”; bonus outside the set is not netted into it.
    rule = full(
        {**LATE, "points": "3", "set": "cộng trừ"},
        bonus=[{**WRONG, "points": "3", "set": "cộng trừ"}, DONE],
        sets={"cộng trừ": "7"},
    )

    down = score(rule, {"dem": "4", "co": "yes"}, maximum="7")
    up = score(rule, {"dem2": "4", "dem": "1", "co": "yes"}, maximum="7")

    assert (down.points, down.deduction, down.bonus) == (Decimal(1), Decimal(7), Decimal(1))
    assert "Nhóm “cộng trừ” −12 vượt mức 7, tính −7." in said(down)
    assert up.points == 7 + 7 + 1


def test_the_net_cap_of_a_leaf_holds_both_ways():
    # d2: 9 − 0 points off a leaf of 7 with net cap 7 leaves 0.
    result = score(full(WRONG), {"dem2": "9"}, maximum="7", net_cap=Decimal(7))

    assert (result.points, result.deduction) == (Decimal(0), Decimal(9))
    assert "chỉ tính −7" in said(result)


@pytest.mark.parametrize(
    ("plus", "minus", "points"),
    [("4", "5", "0"), ("20", "0", "5"), ("0", "12", "-5"), ("3", "0", "1.5")],
)
def test_counters_without_standard_points_keep_floor_and_ceiling(plus, minus, points):
    rule = {
        "kind": "typed",
        "bonus": [LATE],
        "deduction": [{**WRONG, "every": "2"}],
        "floor": "-5",
        "ceiling": "5",
    }

    result = score(rule, {"dem": plus, "dem2": minus}, maximum=None)

    assert result.points == Decimal(points)


def test_points_below_zero_follow_the_setting_of_the_table():
    assert score(full(WRONG), {"dem2": "9"}).points == 0
    assert score(full(WRONG), {"dem2": "9"}, floor_at_zero=False).points == -4
    assert score(full(WRONG, floor="-2"), {"dem2": "9"}).points == -2


def test_points_are_rounded_once_as_the_table_says():
    rule = {"kind": "average", "input": "lan"}
    quarter = rules_of(leaf_rounding={"mode": "ROUND_DOWN", "quantum": "0.25"})

    assert score(rule, {"lan": "1;2;2"}).points == Decimal("1.67")
    assert score(rule, {"lan": "1;2;2"}, rules=quarter).points == Decimal("1.5")


def test_asking_for_more_than_the_figures_give_is_a_breach_with_the_difference():
    result = score(full(LATE), {"dem": "2"}, claim=Claim(Decimal(5), None, Decimal("0.5")))

    assert (result.claimed, result.points) == (Decimal("4.5"), Decimal(4))
    assert [(each.limit, each.allowed) for each in result.breaches] == [(Limit.RULE, 1)]
    assert "theo quy tắc là 1: ít hơn 0,5." in result.breaches[0].sentence


def test_asking_for_less_is_no_breach_and_changes_nothing():
    result = score(full(LATE), {"dem": "2"}, claim=Claim(Decimal(4), None, Decimal(3)))

    assert (result.points, result.breaches) == (Decimal(4), ())


counts = st.integers(0, 40)
amounts = st.decimals(0, 5, places=2).map(str)


@st.composite
def lines(draw):
    return [
        {
            "kind": "per_case",
            "input": draw(st.sampled_from(["dem", "dem2"])),
            "points": draw(amounts),
            **draw(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "cap": amounts,
                        "first": amounts,
                        "one_of": st.sampled_from(["p", "q"]),
                        "set": st.just("s"),
                        "unless": st.just("mien"),
                    },
                )
            ),
        }
        for _ in range(draw(st.integers(1, 4)))
    ]


@st.composite
def cases(draw):
    rule = {
        "kind": "full",
        "bonus": draw(lines()),
        "deduction": draw(lines()),
        "sets": {"s": draw(amounts)},
    }
    facts = {
        "dem": str(draw(counts)),
        "dem2": str(draw(counts)),
        "mien": draw(st.sampled_from(["yes", "no"])),
    }
    caps = {
        name: draw(st.one_of(st.none(), st.decimals(0, 9, places=2)))
        for name in ("bonus_cap", "deduction_cap", "net_cap")
    }
    return rule, facts, caps


@some
@given(cases())
def test_no_cap_is_ever_exceeded(case):
    rule, facts, caps = case

    result = score(rule, facts, floor_at_zero=False, **caps)

    if caps["bonus_cap"] is not None:
        assert result.bonus <= caps["bonus_cap"]
    if caps["deduction_cap"] is not None:
        assert result.deduction <= caps["deduction_cap"]
    if caps["net_cap"] is not None:
        assert abs(result.points - 5) <= caps["net_cap"]
    if all("set" in line for line in (*rule["bonus"], *rule["deduction"])):
        assert abs(Fraction(result.bonus - result.deduction)) <= Fraction(rule["sets"]["s"]) or any(
            cap is not None for cap in caps.values()
        )


@some
@given(cases(), st.randoms())
def test_the_order_of_lines_changes_no_point(case, random):
    rule, facts, caps = case
    shuffled = {
        **rule,
        "bonus": random.sample(rule["bonus"], len(rule["bonus"])),
        "deduction": random.sample(rule["deduction"], len(rule["deduction"])),
    }

    one, two = (score(each, facts, **caps) for each in (rule, shuffled))

    # Of equal alternatives the first written counts; only a set beside it can tell them apart.
    written = [*rule["bonus"], *rule["deduction"]]
    if not (any("one_of" in line for line in written) and any("set" in line for line in written)):
        assert (one.bonus, one.deduction) == (two.bonus, two.deduction)
        assert one.points == two.points


@some
@given(cases())
def test_traced_or_not_the_points_are_the_same(case):
    rule, facts, caps = case

    traced, silent = (score(rule, facts, traced=flag, **caps) for flag in (True, False))

    assert (traced.points, traced.bonus, traced.deduction) == (
        silent.points,
        silent.bonus,
        silent.deduction,
    )
    assert silent.trace == ()


@some
@given(cases(), st.sampled_from([None, "-2", "0", "3"]))
def test_the_last_outcome_of_the_trace_is_the_points(case, floor):
    rule, facts, caps = case

    result = score({**rule, **({"floor": floor} if floor else {})}, facts, **caps)

    outcomes = [line.outcome for line in result.trace if line.outcome is not None]
    assert outcomes[-1] == result.points


def test_a_bonus_that_asks_for_no_deduction_sees_the_deduction_a_person_decided():
    # The hole between bands leaves the deduction to a person: its word counts, not an empty sum.
    by_band = {"kind": "bands", "input": "so", "bands": "Lỗi"}
    own = rules_of(bands={"Lỗi": [{"low": "0", "high": "5", "points": "1"}]})
    rule = full(by_band, bonus=[{**DONE, "points": "4", "when": "@diem_tru = 0"}])

    def result(deduction):
        claim = Claim(deduction=deduction)
        return score(rule, {"so": "7", "co": "yes"}, maximum="10", claim=claim, rules=own)

    assert result(Decimal(3)).points == Decimal(7)
    assert result(Decimal(0)).points == Decimal(14)
    assert result(None).points is None
