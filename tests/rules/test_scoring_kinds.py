"""Every way of computing, by worked examples; those that cite a line are of Table A (2022)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.engine import leads_of, rules_of, said, score, some
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim

LINEAR = {"kind": "linear", "input": "so"}
LEADER = {"kind": "leader", "input": "so"}
PROGRESSIVE = {
    "kind": "progressive",
    "input": "ct",
    "points": "0.1",
    "first": "0.1",
    "threshold": "92",
    "cap": "0.5",
}
figures = st.decimals(0, 1000, places=2)


@pytest.mark.parametrize(
    ("rule", "facts", "maximum", "points"),
    [
        # C4.1: has carried out the solution, 2 points, else 0.
        ({"kind": "pass_fail", "input": "co"}, {"co": "yes"}, "2", "2"),
        ({"kind": "pass_fail", "input": "co"}, {"co": "no"}, "2", "0"),
        ({"kind": "pass_fail", "input": "co"}, {}, "2", "0"),
        # C4.2: all communes or nothing.
        ({"kind": "all_or_nothing", "input": "ct"}, {"xong": "10", "tong": "10"}, "2", "2"),
        ({"kind": "all_or_nothing", "input": "ct"}, {"xong": "9", "tong": "10"}, "2", "0"),
        (
            {"kind": "all_or_nothing", "input": "ty_le", "threshold": "90"},
            {"ty_le": "90"},
            "3",
            "3",
        ),
        ({"kind": "options", "input": "muc", "bands": "Mức"}, {"muc": "Đạt"}, "5", "3.5"),
        # (8 + 9 + 7,5) : 3 = 8,1666…, rounded once.
        ({"kind": "average", "input": "lan"}, {"lan": "8;9;7.5"}, "10", "8.17"),
        ({"kind": "average", "input": "lan"}, {"lan": "12.99;10.99"}, "12.99", "11.99"),
        # C1: 98,1% is above 98; 97% begins the band of 4; 96,99% still gives 3.
        (
            {"kind": "bands", "input": "ct", "bands": "Thu gom"},
            {"xong": "981", "tong": "1000"},
            "5",
            "5",
        ),
        ({"kind": "bands", "input": "ty_le", "bands": "Thu gom"}, {"ty_le": "97"}, "5", "4"),
        ({"kind": "bands", "input": "ty_le", "bands": "Thu gom"}, {"ty_le": "96.99"}, "5", "3"),
        (
            {"kind": "bands", "input": "ty_le", "bands": "Phần trăm"},
            {"ty_le": "94.9"},
            "12.5",
            "10",
        ),
        ({"kind": "full"}, {}, "12.99", "12.99"),
    ],
)
def test_standard_points_come_out_as_by_hand(rule, facts, maximum, points):
    result = score(rule, facts, maximum=maximum)

    assert result.points == Decimal(points)
    assert result.computed == {"base"}
    assert result.breaches == ()


def test_typed_points_are_those_of_a_person_on_the_step():
    assert score({"kind": "typed", "step": "0.5"}, claim=Claim(Decimal("3.5"))).points == Decimal(
        "3.5"
    )
    assert score({"kind": "typed"}).missing == ("chưa chấm",)


@pytest.mark.parametrize(("value", "shown"), [("98", "98"), ("95.9", "95,9"), ("0", "0")])
def test_a_value_in_a_hole_of_the_bands_needs_a_person_and_is_never_zero(value, shown):
    rule = {"kind": "bands", "input": "ty_le", "bands": "Thu gom"}

    open_leaf = score(rule, {"ty_le": value})

    assert open_leaf.points is None
    assert open_leaf.needs_person == (
        f"bộ bậc “Thu gom” không quy định mức {shown}; cần người quyết định",
    )
    decided = score(rule, {"ty_le": value}, claim=Claim(Decimal("2.5")))
    assert (decided.points, decided.breaches) == (Decimal("2.5"), ())


def test_an_event_above_the_maximum_is_asked_about():
    result = score({"kind": "average", "input": "lan"}, {"lan": "8;11"}, maximum="10")

    said = "“Điểm từng kỳ” có lần ghi 11, vượt mức tối đa 10; hãy sửa lại"
    assert (result.points, result.missing) == (None, (said,))


@pytest.mark.parametrize(
    ("actual", "target", "points"),
    [("18", "20", "135"), ("20", "20", "150"), ("25", "20", "150"), ("0", "20", "0")],
)
def test_linear_points_follow_the_target_up_to_the_maximum(actual, target, points):
    result = score(LINEAR, {"so": actual}, maximum="150", targets={"so": target})

    assert result.points == Decimal(points)


def test_a_figure_without_a_target_says_so():
    result = score(LINEAR, {"so": "18"}, maximum="150")

    assert result.points is None
    assert result.missing == ("có số liệu “Số liệu” nhưng đơn vị chưa có mục tiêu",)


def test_a_target_of_zero_is_left_to_a_person():
    result = score(LINEAR, {"so": "18"}, targets={"so": "0"})

    assert result.needs_person == ("mục tiêu “Số liệu” bằng 0 nên không chia được",)


CLUSTER = [
    ({"so": "400"}, {"so": "500"}),  # below: 50 × 400 : 500
    ({"so": "500"}, {"so": "500"}),  # at target: half
    ({"so": "600"}, {"so": "500"}),  # 20% above, half of the leader's 40%: 50 + 25
    ({"so": "140"}, {"so": "100"}),  # leads with 40%
    ({"so": "700"}, {"so": "500"}),  # 40% as well: shares the lead
    ({"so": "80"}, {}),  # without a target, the best of those
    ({"so": "20"}, {}),
]


@pytest.mark.parametrize(
    ("unit", "points"),
    list(zip(CLUSTER, ["40", "50", "75", "100", "100", "100", "25"], strict=True)),
)
def test_points_beside_the_leader_of_the_cluster(unit, points):
    facts, targets = unit

    result = score(LEADER, facts, maximum="100", targets=targets, leads=leads_of(LEADER, CLUSTER))

    assert result.points == Decimal(points)


def test_points_at_target_may_be_another_share():
    rule = {**LEADER, "at_target": "60"}

    assert score(rule, {"so": "5"}, maximum="100", targets={"so": "5"}).points == 60


def test_above_target_waits_for_the_other_units():
    result = score(LEADER, {"so": "600"}, maximum="100", targets={"so": "500"})

    assert result.points is None
    assert result.waits[0].startswith("vượt mục tiêu; chờ số liệu của các đơn vị khác")
    assert not result.missing


def test_below_target_waits_for_nobody():
    assert score(LEADER, {"so": "400"}, maximum="100", targets={"so": "500"}).points == 40


@some
@given(st.lists(st.tuples(figures, st.decimals(1, 1000, places=2)), min_size=1, max_size=5))
def test_the_leader_gets_the_maximum_and_ties_share_it(cluster):
    units = [({"so": str(actual)}, {"so": str(target)}) for actual, target in cluster]
    rates = [actual / target for actual, target in cluster]
    leads = leads_of(LEADER, units)

    points = [
        score(LEADER, facts, maximum="100", targets=targets, leads=leads, traced=False).points
        for facts, targets in units
    ]

    best = max(rates)
    for rate, got in zip(rates, points, strict=True):
        assert 0 <= got <= 100
        if best > 1 and rate == best:
            assert got == 100
        if rate <= 1:
            assert got <= 50
    ranked = [got for _, got in sorted(zip(rates, points, strict=True))]
    assert ranked == sorted(ranked)


@some
@given(st.lists(st.tuples(figures, st.integers(1, 500)), min_size=1, max_size=4), st.integers(2, 9))
def test_points_beside_the_leader_do_not_depend_on_the_measure(cluster, factor):
    def all_points(scale):
        units = [({"so": str(a * scale)}, {"so": str(t * scale)}) for a, t in cluster]
        leads = leads_of(LEADER, units)
        return [score(LEADER, f, targets=t, leads=leads, traced=False).points for f, t in units]

    assert all_points(1) == all_points(factor)


@some
@given(figures, figures)
def test_more_never_gives_fewer_points(one, two):
    less, more = sorted((one, two))
    for rule, targets in ((LINEAR, {"so": "300"}), (LEADER, {"so": "300"})):
        leads = leads_of(rule, [({"so": "900"}, {"so": "300"})])
        low = score(rule, {"so": str(less)}, targets=targets, leads=leads, traced=False)
        high = score(rule, {"so": str(more)}, targets=targets, leads=leads, traced=False)
        assert low.points <= high.points


@pytest.mark.parametrize(
    ("done", "points"),
    [
        # C2, standard 5: above 92% adds 0,1, each further whole per cent 0,1, at most 0,5.
        ("184", "5"),  # 92%
        ("185", "5.1"),  # 92,5%
        ("189", "5.3"),  # 94,5%: 0,1 + 2 × 0,1
        ("200", "5.5"),  # 100%: 0,9, capped
    ],
)
def test_a_progressive_bonus_counts_whole_steps_above_the_threshold(done, points):
    result = score({"kind": "full", "bonus": [PROGRESSIVE]}, {"xong": done, "tong": "200"})

    assert result.points == Decimal(points)


@some
@given(st.integers(0, 200), st.integers(0, 200))
def test_a_progressive_bonus_never_falls_and_keeps_its_cap(one, two):
    rule = {"kind": "full", "bonus": [PROGRESSIVE]}
    low, high = (
        score(rule, {"xong": str(done), "tong": "200"}, traced=False).bonus
        for done in sorted((one, two))
    )

    assert 0 <= low <= high <= Decimal("0.5")


@pytest.mark.parametrize(
    ("line", "count", "deduction"),
    [
        ({"points": "0.25"}, "3", "0.75"),
        # b1: wells missed, 0,25 each, at most 1 for this line.
        ({"points": "0.25", "cap": "1"}, "5", "1"),
        ({"points": "1", "every": "2"}, "5", "2"),
        ({"points": "0.5", "first": "1"}, "3", "2"),
        ({"points": "0.5", "first": "1"}, "0", "0"),
    ],
)
def test_a_deduction_per_case(line, count, deduction):
    rule = {"kind": "full", "deduction": [{"kind": "per_case", "input": "dem", **line}]}

    result = score(rule, {"dem": count})

    assert result.deduction == Decimal(deduction)
    assert result.points == 5 - Decimal(deduction)


@some
@given(
    st.integers(0, 60), st.integers(0, 60), st.sampled_from([{}, {"every": "3"}, {"first": "2"}])
)
def test_more_cases_never_give_more_points_after_a_deduction(one, two, extra):
    line = {"kind": "per_case", "input": "dem", "points": "0.25", **extra}
    fewer, more = (
        score({"kind": "full", "deduction": [line]}, {"dem": str(count)}, traced=False).points
        for count in sorted((one, two))
    )

    assert more <= fewer


def late(**changes):
    line = {"kind": "late", "input": "ngay", "due": "31/01", "points": "0.5", **changes}
    return {"kind": "full", "deduction": [line]}


@pytest.mark.parametrize(
    ("rule", "day", "points"),
    [
        # 3.1: the plan after 31/01 takes 0,5.
        (late(), "2026-01-31", "5"),
        (late(), "2026-02-01", "4.5"),
        (late(due="31/01/2027"), "2026-12-31", "5"),
        (late(every="1"), "2026-02-03", "3.5"),  # three days, 0,5 each
        (late(every="7"), "2026-02-10", "4.5"),  # ten days: one whole week
        (late(every="1", first="1"), "2026-02-03", "3"),  # 1 + 2 × 0,5
        (late(every="1", cap="1"), "2026-03-03", "4"),
        (late(threshold="5"), "2026-02-04", "5"),  # four days are let pass
        (late(bands="Ngày chậm"), "2026-02-05", "4.5"),
        (late(bands="Ngày chậm"), "2026-02-06", "3"),
        (late(due="han"), "2026-12-15", "5"),
        (late(due="han"), "2026-12-16", "4.5"),
    ],
)
def test_lateness_counts_days_after_the_due_date(rule, day, points):
    assert score(rule, {"ngay": day}).points == Decimal(points)


@pytest.mark.parametrize(
    ("day", "points"), [("2026-01-31", "10"), ("2026-02-01", "8"), ("2026-02-05", "0")]
)
def test_standard_points_by_days_late_have_a_band_for_who_is_on_time(day, points):
    bands = [
        {"high": "0", "high_in": True, "points": "10"},
        {"low": "1", "high": "3", "high_in": True, "points": "8"},
        {"low": "4", "points": "0"},
    ]
    rule = {"kind": "late", "input": "ngay", "due": "31/01", "bands": "Chậm"}

    result = score(rule, {"ngay": day}, maximum="10", rules=rules_of(bands={"Chậm": bands}))

    assert result.points == Decimal(points)


@pytest.mark.parametrize(
    ("day", "points"), [("2026-12-05", "40"), ("2026-12-06", "0"), ("2026-12-30", "0")]
)
def test_earliness_counts_days_before_the_due_date(day, points):
    rule = {"kind": "early", "input": "ngay", "due": "06/12", "threshold": "1"}

    assert score(rule, {"ngay": day}, maximum="40").points == Decimal(points)


def test_a_due_date_that_is_no_day_is_refused():
    with pytest.raises(RuleError, match="hạn “31/02” không phải là ngày có trong lịch"):
        score(late(due="31/02"), {"ngay": "2026-01-01"})


@pytest.mark.parametrize(
    ("size", "early", "points"),
    [("999", "4.9", "0.5"), ("999", "5", "1"), ("1000", "4.9", "1"), ("1500", "6", "1.5")],
)
def test_points_by_size_of_the_unit_and_band(size, early, points):
    # 3.3: files settled early, in per cent, by the number of files of the year.
    line = {
        "kind": "matrix",
        "input": "ty_le",
        "bands": "Theo cỡ",
        "tiers": "Cỡ",
        "tier_input": "so",
    }

    result = score({"kind": "full", "bonus": [line]}, {"ty_le": early, "so": size}, maximum="6")

    assert result.bonus == Decimal(points)


def test_the_size_may_be_set_for_the_unit_and_is_asked_for():
    rule = {"kind": "matrix", "input": "ty_le", "bands": "Theo cỡ", "tiers": "Cỡ"}

    assert score(rule, {"ty_le": "6"}, tiers={"Cỡ": "lớn"}).points == Decimal("1.5")
    assert score(rule, {"ty_le": "6"}).missing == ("chưa ghi cỡ của đơn vị theo “Cỡ”",)


def test_a_formula_that_divides_by_zero_is_left_to_a_person():
    rule = {"kind": "bands", "input": "ct", "bands": "Thu gom"}

    result = score(rule, {"xong": "0", "tong": "0"})

    assert result.points is None
    assert "chia cho số 0" in result.needs_person[0]


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "bands", "input": "ty_le", "bands": "Thu gom"},
        LINEAR,
        LEADER,
        {"kind": "average", "input": "lan"},
        {"kind": "options", "input": "muc", "bands": "Mức"},
        late(),
    ],
)
def test_what_was_not_given_is_missing_by_name_and_not_zero(rule):
    result = score(rule, targets={"so": "5"})

    assert result.points is None
    assert result.missing[0].startswith("chưa có số liệu “")


def test_the_trace_shows_the_figure_the_band_and_the_arithmetic():
    rule = {
        "kind": "bands",
        "input": "ct",
        "bands": "Thu gom",
        "deduction": [{"kind": "per_case", "input": "dem", "points": "0.5"}],
    }

    result = score(rule, {"xong": "975", "tong": "1000", "dem": "2"})

    assert said(result) == (
        "x: Tỷ lệ xong 97,5, thuộc bậc từ 97 đến dưới 98 → 4.\n"
        "x: Số lần chậm 2: 2 × 0,5 = 1.\n"
        "x: 4 − 1 = 3; tối đa 5."
    )
