"""A whole table for one unit: what does not apply, caps of groups, the total."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.engine import BANDS, INPUTS, some
from thidua.rules.errors import RuleError
from thidua.rules.scoring import (
    Claim,
    CriterionNode,
    Rounding,
    RoundingMode,
    Table,
    Unit,
    examine,
    total,
)
from thidua.rules.scoring.language import NotApplicable

FULL = {"kind": "full"}
DONE = {"kind": "pass_fail", "input": "co"}


def node(code, maximum, rule=FULL, **changes):
    return CriterionNode(
        code,
        f"Tiêu chí {code}",
        None if maximum is None else Decimal(maximum),
        rule=rule,
        **{"has_bonus": "bonus" in rule, "has_deduction": "deduction" in rule, **changes},
    )


def group(code, *children, rule=None, **changes):
    return CriterionNode(code, f"Nhóm {code}", rule=rule or {}, children=children, **changes)


def table(*nodes, scale="100", rules=None, **changes):
    own = {"inputs": INPUTS, "bands": BANDS, **(rules or {})}
    return Table("Bảng", Decimal(scale), nodes, rules=own, **changes)


def not_assigned(*paths):
    return Unit(not_assigned=frozenset(paths))


def test_a_criterion_not_assigned_counts_full_where_the_table_says_so():
    whole = table(node("a", "60"), node("b", "40", DONE), rules={"na": "full"})

    result = examine(whole, {}, unit=not_assigned("b"))

    assert (result.rounded, result.maximum) == (Decimal(100), Decimal(100))
    assert result.leaves["b"].not_applicable is NotApplicable.FULL
    assert result.leaves["b"].trace[0].sentence == "b: đơn vị không được giao, tính đủ 40 điểm."


def test_a_criterion_not_assigned_leaves_the_maximum():
    whole = table(node("a", "60"), node("b", "40"), rules={"na": "excluded"})

    result = examine(whole, {}, unit=not_assigned("b"))

    assert (result.rounded, result.maximum) == (Decimal(60), Decimal(60))
    assert result.is_complete


def test_a_total_is_scaled_up_to_the_whole_where_the_table_says_so():
    rules = {"na": "excluded", "excluded": "rescale"}
    half = {"kind": "linear", "input": "so"}
    whole = table(node("a", "60", half), node("b", "40"), rules=rules)
    unit = Unit(targets={"so": Decimal(4)}, not_assigned=frozenset({"b"}))

    result = examine(whole, {}, {"so": "3"}, unit=unit)

    assert (result.total, result.rounded) == (Decimal(45), Decimal(75))
    assert any("45 × 100 : 60" in line.sentence for line in result.trace)


def test_a_leaf_says_for_itself_how_it_counts_when_not_assigned():
    whole = table(
        node("a", "60", {**FULL, "na": "full"}), node("b", "40"), rules={"na": "excluded"}
    )

    result = examine(whole, {}, unit=not_assigned("a", "b"))

    assert (result.rounded, result.maximum) == (Decimal(60), Decimal(60))


def test_not_assigned_without_a_rule_for_it_stays_open_and_says_why():
    result = examine(table(node("a", "100")), {}, unit=not_assigned("a"))

    assert result.missing == ("a",)
    assert result.leaves["a"].missing == (
        "đơn vị không được giao nhưng bảng không quy định cách tính",
    )


@pytest.mark.parametrize(
    ("facts", "rounded", "maximum"),
    [({"mien": "yes"}, "100", "100"), ({"mien": "no"}, "60", "60")],
)
def test_a_conditional_group_applies_where_its_condition_holds(facts, rounded, maximum):
    border = group(
        "b", node("1", "40"), rule={"kind": "conditional", "when": "mien = có", "na": "excluded"}
    )

    result = examine(table(node("a", "60"), border), {}, facts)

    assert (result.rounded, result.maximum) == (Decimal(rounded), Decimal(maximum))


def test_a_conditional_group_waits_for_the_figure_it_asks_for():
    border = group(
        "b", node("1", "40"), rule={"kind": "conditional", "when": "so > 1", "na": "full"}
    )

    result = examine(table(node("a", "60"), border), {})

    assert result.leaves["b/1"].missing == (
        "chưa có số liệu “Số liệu” để biết nhóm có áp dụng không",
    )


BONUS = {"kind": "full", "bonus": [{"kind": "per_case", "input": "dem", "points": "2"}]}
MINUS = {"kind": "full", "deduction": [{"kind": "per_case", "input": "dem2", "points": "3"}]}


@pytest.mark.parametrize(
    ("caps", "facts", "points"),
    [
        ({}, {"dem": "3"}, "32"),
        ({"bonus_cap": Decimal(8)}, {"dem": "3"}, "28"),
        ({"deduction_cap": Decimal(4)}, {"dem2": "3"}, "16"),
        ({"net_cap": Decimal(5)}, {"dem": "3", "dem2": "1"}, "25"),
        ({"net_cap": Decimal(5)}, {"dem2": "3"}, "15"),
    ],
)
def test_a_group_caps_what_stands_below_it(caps, facts, points):
    # Each of the two with a bonus adds 2 a case; the one with a deduction takes 3 a case.
    rule = {**BONUS, **MINUS}
    below = [node("1", "10", rule), node("2", "10", BONUS)]

    result = examine(table(group("a", *below, **caps)), {}, facts)

    assert result.subtotals["a"] == Decimal(points)


def counting(part, input_="dem", each="1", **rule):
    return {**FULL, part: [{"kind": "per_case", "input": input_, "points": each}], **rule}


@pytest.mark.parametrize(
    ("leaf", "caps", "cases", "points"),
    [
        # Floored at 0: only the 5 that the leaf lost count against the group's cap.
        (("5", counting("deduction"), {}), {"deduction_cap": Decimal(8)}, "20", "0"),
        (("5", counting("deduction"), {}), {"deduction_cap": Decimal(3)}, "20", "2"),
        # Held by the leaf's own net cap: nothing is given back a second time.
        (
            ("10", counting("deduction"), {"net_cap": Decimal(7)}),
            {"deduction_cap": Decimal(12)},
            "24",
            "3",
        ),
        # Held by the leaf's ceiling: nothing is taken a second time.
        *(
            (("10", counting("bonus", ceiling="12"), {}), {"bonus_cap": Decimal(2)}, cases, "12")
            for cases in ("2", "8", "15")
        ),
    ],
)
def test_a_group_caps_only_what_the_limits_of_its_leaves_left(leaf, caps, cases, points):
    maximum, rule, changes = leaf

    result = examine(
        table(group("a", node("1", maximum, rule, **changes), **caps)), {}, {"dem": cases}
    )

    assert result.subtotals["a"] == Decimal(points)


limits = st.one_of(st.none(), st.integers(0, 12).map(Decimal))


@some
@given(
    part=st.sampled_from(["bonus", "deduction"]),
    leaf_cap=limits,
    group_caps=st.fixed_dictionaries(
        {"bonus_cap": limits, "deduction_cap": limits, "net_cap": limits}
    ),
    ceiling=st.one_of(st.none(), st.integers(10, 15).map(str)),
    counts=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_more_cases_move_a_capped_group_one_way_and_within_its_limits(
    part, leaf_cap, group_caps, ceiling, counts
):
    rule = counting(part, **({"ceiling": ceiling} if ceiling else {}))
    whole = table(group("a", node("1", "10", rule, net_cap=leaf_cap), node("2", "5"), **group_caps))

    fewer, more = (
        examine(whole, {}, {"dem": str(count)}, traced=False).subtotals["a"]
        for count in sorted(counts)
    )

    assert (fewer <= more) if part == "bonus" else (fewer >= more)
    caps = [
        cap
        for cap in (leaf_cap, group_caps[f"{part}_cap"], group_caps["net_cap"])
        if cap is not None
    ]
    most = min(caps, default=Decimal(30))
    assert max(0, 15 - most) <= more <= 15 + most
    assert max(0, 15 - most) <= fewer <= 15 + most


def test_totals_may_exceed_the_scale_and_scales_differ():
    whole = table(node("a", "12.99", BONUS), node("b", "77.01"), scale="90")

    result = total(whole, {}, {"dem": "5"})

    assert result.rounded == Decimal(100)
    assert result.maximum == 90


def test_a_tree_of_four_levels_with_repeated_codes_adds_up():
    deep = group("1", group("1", group("1", node("1", "500"))))
    whole = table(deep, group("2", node("1", "500", DONE)), scale="1000")

    result = examine(whole, {}, {"co": "yes"})

    assert result.total == 1000
    assert (result.subtotals["1/1/1/1"], result.subtotals["2/1"]) == (500, 500)


def test_the_total_is_rounded_once_at_the_end():
    rule = {"kind": "average", "input": "lan"}
    whole = table(
        node("a", "10", rule),
        node("b", "10", rule),
        rounding=Rounding(RoundingMode.DOWN, Decimal("0.5")),
    )

    result = examine(whole, {}, {"lan": "8;9;7.5"})

    assert (result.total, result.rounded) == (Decimal("16.34"), Decimal(16))


def test_leaves_that_only_wait_for_others_are_told_apart():
    whole = table(
        node("a", "50", {"kind": "leader", "input": "so"}), node("b", "50", {"kind": "typed"})
    )

    result = examine(whole, {}, {"so": "9"}, unit=Unit(targets={"so": Decimal(3)}))

    assert (result.missing, result.waiting) == (("a", "b"), ("a",))


def test_a_total_lists_every_claim_above_the_rules():
    whole = table(node("a", "50", DONE), node("b", "50", DONE))

    with pytest.raises(RuleError) as refused:
        total(whole, {"a": Claim(Decimal(50)), "b": Claim(Decimal(9))}, {"co": "no"})

    assert "Tiêu chí a" in str(refused.value)
    assert "nhiều hơn 9." in str(refused.value)


def test_traced_or_not_the_total_is_the_same():
    whole = table(group("a", node("1", "10", BONUS), bonus_cap=Decimal(3)), node("b", "90"))

    traced, silent = (examine(whole, {}, {"dem": "4"}, traced=flag) for flag in (True, False))

    assert (traced.total, traced.rounded) == (silent.total, silent.rounded) == (103, 103)
    assert silent.trace == ()
    assert traced.trace[-1].outcome == traced.total
