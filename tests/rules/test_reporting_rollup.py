"""Roll-up: flows add, stocks take their end, totals are computed again, who lacks is named."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_reporting_sample import TT06, amount, figures, key, sample, sample_values
from thidua.rules.reporting import (
    Amount,
    Behaviour,
    Filled,
    Qualifier,
    check_against_parts,
    over_time,
    over_units,
    over_units_and_time,
    plan,
    rebuilt,
    rows_together,
    single_period,
    values_of,
)

some = settings(max_examples=25, deadline=None)
NUMBERS = tuple(TT06.numbers())
PICKED = [key("ttr1", 6), key("ttr2", 4), key("ttr2", 5), key("pctn1", 39), key("xld2", 2)]
COUNTS = st.integers(0, 10_000).map(amount)
MAYBE = st.none() | COUNTS
REPORTS = st.dictionaries(
    st.sampled_from(["An", "Bình", "Chi", "Dung"]),
    st.none() | st.fixed_dictionaries(dict.fromkeys(PICKED, MAYBE)).map(Filled),
    min_size=1,
)


def quarters(*reports):
    return tuple(zip(("Quý I", "Quý II", "Quý III", "Quý IV"), reports, strict=False))


def filled(**forms):
    return Filled(figures(**forms))


@some
@given(REPORTS, st.randoms())
def test_order_of_units_changes_no_total(reports, random):
    shuffled = list(reports.items())
    random.shuffle(shuffled)

    one, other = over_units(TT06, reports), over_units(TT06, dict(shuffled))

    assert values_of(one) == values_of(other)
    assert {k: set(t.missing) for k, t in one.items()} == {
        k: set(t.missing) for k, t in other.items()
    }


@some
@given(REPORTS)
def test_total_over_units_is_the_plain_sum_and_names_whoever_lacks(reports):
    totals = over_units(TT06, reports)

    for each in PICKED:
        given_by = {unit: r and r.values[each] for unit, r in reports.items()}
        numbers = [a.number for a in given_by.values() if a]
        if each == key("pctn1", 39):
            assert totals[each].amount is None
            continue
        assert totals[each].amount == (Amount(sum(numbers)) if numbers else None)
        assert set(totals[each].missing) == {unit for unit, a in given_by.items() if a is None}
        assert set(totals[each].counted) | set(totals[each].missing) == set(reports)


def test_total_of_no_data_is_no_data_and_of_zeros_is_zero():
    totals = over_units(TT06, {"An": filled(ttr1={6: None, 7: 0}), "Bình": filled(ttr1={7: 0})})

    assert totals[key("ttr1", 6)].amount is None
    assert totals[key("ttr1", 7)].amount == amount(0)


def test_blank_line_that_need_not_be_filled_in_makes_nobody_lack():
    totals = over_units(TT06, {"An": Filled(), "Bình": None})

    assert totals["pctn1-kiem-tra-noi-bo-thanh-tra-vu"].missing == ("Bình",)
    assert totals[key("pctn1", 38)].missing == ("Bình",)
    assert totals[key("pctn1", 37)].missing == ("An", "Bình")


def test_ratio_is_never_added():
    total = over_units(TT06, {"An": filled(pctn1={39: 8}), "Bình": filled(pctn1={39: 9})})[
        key("pctn1", 39)
    ]

    assert total.amount is None
    assert "không cộng được" in total.reason


def test_blank_computed_cell_of_a_unit_counts_as_its_parts():
    reports = {"An": filled(ttr1={10: 5, 16: 2}), "Bình": filled(ttr1={8: 30})}

    total = over_units(TT06, reports)[key("ttr1", 8)]

    assert total.amount == amount(37)
    assert total.is_complete


def test_a_wrong_sum_of_a_unit_is_kept_and_shows_in_the_check_of_the_total():
    total = over_units(TT06, {"An": filled(ttr1={8: 9, 10: 5, 16: 2}), "Bình": filled(ttr1={8: 1})})

    assert total[key("ttr1", 8)].amount == amount(10)


def test_qualifier_of_one_unit_marks_the_total():
    reports = {
        "An": Filled({key("ttr1", 16): amount("42.1", "more")}),
        "Bình": filled(ttr1={16: 8}),
    }

    assert over_units(TT06, reports)[key("ttr1", 16)].amount == Amount(
        Decimal("50.1"), Qualifier.MORE
    )


def test_units_of_the_second_quarter_of_2023_add_to_the_published_total():
    # noichinh.vn 312734: TTCP, ministries, localities.
    reports = {
        "TTCP": filled(tcd1={2: 3125, 3: 1155, 4: 104}),
        "Bộ, ngành": filled(tcd1={2: 13830, 3: 11388, 4: 38}),
        "Địa phương": filled(tcd1={2: 88146, 3: 64476, 4: 926}),
    }

    totals = over_units(TT06, reports)

    assert [totals[key("tcd1", code)].amount for code in (2, 3, 4)] == [
        amount(105101),
        amount(77019),
        amount(1068),
    ]


def test_time_adds_flows_and_takes_the_right_end_of_stocks():
    first = filled(ttr2={2: 150, 3: 40, 4: 110, 5: 1000, 6: 300}, ttr1={2: 8, 3: 5, 4: 9, 6: 6})
    second = filled(ttr2={2: 110, 3: 70, 4: 60, 5: 900, 6: 400}, ttr1={2: 7, 3: 4, 4: 8, 6: 5})

    totals = over_time(TT06, quarters(first, second))

    got = {code: totals[key("ttr2", code)].amount for code in (1, 2, 3, 4, 5, 6)}
    assert got == {
        2: amount(150),  # stock of the first day
        3: amount(110),  # 40 + 70
        4: amount(60),  # stock of the last day
        1: amount(170),  # computed again: 110 + 60
        5: amount(1200),  # due in Q2 900, and the 300 already paid in Q1
        6: amount(700),
    }
    assert totals[key("ttr1", 1)].amount == amount(17)  # 8 carried over + 5 + 4 started


def test_time_does_not_guess_what_cannot_be_rebuilt():
    total = over_time(TT06, quarters(filled(ttr1={4: 9}), filled(ttr1={4: 8})))[key("ttr1", 4)]

    assert total.amount is None
    assert "báo cáo lũy kế" in total.reason


def test_missing_period_is_named_and_a_stock_at_that_end_is_not_guessed():
    report = filled(ttr2={2: 150, 3: 40, 4: 110})

    no_last = over_time(TT06, quarters(report, None))
    no_first = over_time(TT06, quarters(None, report))

    assert (no_last[key("ttr2", 3)].amount, no_last[key("ttr2", 3)].missing) == (
        amount(40),
        ("Quý II",),
    )
    assert no_last[key("ttr2", 4)].amount is None
    assert no_last[key("ttr2", 1)].amount is None
    assert no_first[key("ttr2", 2)].amount is None
    assert no_first[key("ttr2", 4)].amount == amount(110)
    assert no_first[key("ttr2", 1)].missing == ("Quý I",)


LEDGER = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100)), min_size=4, max_size=4)


def ledger(opening, quarters_of):
    """Four quarterly reports of money due and paid, and the true year, from one ledger."""
    reports, left = [], opening
    for new, percent in quarters_of:
        due = left + new
        paid = due * percent // 100
        reports.append(filled(ttr2={5: due, 6: paid}))
        left = due - paid
    return reports, opening + sum(new for new, _ in quarters_of)


@some
@given(st.integers(0, 500), LEDGER)
def test_dues_of_a_year_rebuilt_from_quarters_are_those_of_the_ledger(opening, quarters_of):
    reports, due = ledger(opening, quarters_of)

    total = over_time(TT06, quarters(*reports))[key("ttr2", 5)]

    assert total.amount == amount(due)


@some
@given(st.integers(0, 500), LEDGER)
def test_year_is_the_same_from_quarters_and_from_six_months(opening, quarters_of):
    (q1, q2, q3, q4), _ = ledger(opening, quarters_of)
    half = Filled(values_of(over_time(TT06, quarters(q1, q2))))

    by_quarters = over_time(TT06, quarters(q1, q2, q3, q4))
    by_half = over_time(TT06, (("6 tháng", half), ("Quý III", q3), ("Quý IV", q4)))

    assert values_of(by_quarters) == values_of(by_half)


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_units_then_time_is_time_then_units(data):
    units = {
        name: [Filled({each: data.draw(COUNTS) for each in PICKED}) for _ in range(2)]
        for name in ("An", "Bình", "Chi")
    }

    both = over_units_and_time(TT06, {unit: quarters(*reports) for unit, reports in units.items()})
    by_quarter = [
        Filled(values_of(over_units(TT06, {u: reports[q] for u, reports in units.items()})))
        for q in range(2)
    ]

    assert {k: t.amount for k, t in both.items()} == values_of(
        over_time(TT06, quarters(*by_quarter))
    )


def test_units_and_time_name_unit_and_period_that_lack():
    report = filled(ttr1={6: 5})

    totals = over_units_and_time(
        TT06, {"An": quarters(report, report), "Bình": quarters(report, None)}
    )

    assert totals[key("ttr1", 6)].amount == amount(15)
    assert totals[key("ttr1", 6)].missing == ("Bình (Quý II)",)


@pytest.mark.parametrize(
    ("code", "have", "counted"),
    [
        ("6m", ("q1", "q2"), ("Quý I", "Quý II")),
        ("9m", ("6m", "q3"), ("6 tháng", "Quý III")),
        ("9m", ("q1", "q2", "6m", "q3"), ("Quý I", "Quý II", "Quý III")),
        ("year", ("9m", "q4"), ("9 tháng", "Quý IV")),
    ],
)
def test_longer_period_is_rebuilt_from_the_finest_complete_set(code, have, counted):
    totals = rebuilt(TT06, code, {each: sample() for each in have})

    assert totals[key("ttr1", 6)].counted == counted
    assert totals[key("ttr1", 6)].is_complete


def test_incomplete_year_names_the_quarters_that_lack():
    totals = rebuilt(TT06, "year", {"q1": sample(), "q3": sample()})

    assert totals[key("ttr1", 6)].missing == ("Quý II", "Quý IV")


def test_quarter_is_rebuilt_from_nothing():
    assert rebuilt(TT06, "q2", {"q1": sample()}) == {}


def test_report_of_six_months_that_differs_from_its_quarters_is_asked_about():
    reports = {
        "q1": filled(ttr1={6: 5, 12: 100}, ttr2={4: 9}),
        "q2": filled(ttr1={6: 4, 12: 50}, ttr2={4: 7}),
        "6m": filled(ttr1={6: 10, 12: 150}, ttr2={4: 16}),
    }

    findings = check_against_parts(TT06, "6m", reports)

    assert [each.check for each in findings] == [
        "ttr1/luy-ke:ttr1-ket-luan",
        "ttr2/luy-ke:ttr2-ket-luan-chua-xong",
    ]
    assert findings[0].sentence == (
        "Biểu 01/TTr, cột 6 (Số kết luận thanh tra đã ban hành): báo cáo 6 tháng ghi 10, còn tính từ "
        "Quý I, Quý II là 9, lệch 1 kết luận. Hãy sửa, hoặc ghi lý do."
    )


def test_report_of_six_months_is_not_judged_by_quarters_that_lack():
    reports = {"q1": filled(ttr1={6: 5}), "6m": filled(ttr1={6: 10})}

    assert check_against_parts(TT06, "6m", reports) == ()
    assert check_against_parts(TT06, "q1", reports) == ()


def test_single_quarter_is_taken_out_of_cumulative_figures_for_flows_only():
    nine, six = filled(ttr1={6: 15, 2: 8}, ttr2={4: 7}), filled(ttr1={6: 9, 2: 8}, ttr2={4: 5})

    third = single_period(TT06, nine, six)

    assert third[key("ttr1", 6)].amount == amount(6)
    assert third[key("ttr2", 4)].amount == amount(7)
    assert third[key("ttr1", 2)].amount is None


def test_cumulative_figure_that_shrinks_is_not_taken_apart():
    third = single_period(TT06, filled(ttr1={6: 5}), filled(ttr1={6: 9}))[key("ttr1", 6)]

    assert third.amount is None
    assert "nhỏ hơn" in third.reason


def test_rows_of_list_forms_are_put_together_with_their_units():
    together = rows_together({"An": sample(), "Bình": None, "Chi": sample()}, "pctn3")

    assert [unit for unit, _ in together] == ["An", "An", "Chi", "Chi"]


def test_every_flow_of_four_equal_quarters_is_four_times_as_much():
    totals = over_time(TT06, quarters(*[sample()] * 4))
    values = sample_values()

    for each in NUMBERS:
        if each.behaviour == Behaviour.FLOW:
            assert totals[each.key].amount.number == 4 * values[each.key].number
        elif each.behaviour in {Behaviour.OPENING, Behaviour.CLOSING}:
            assert totals[each.key].amount == values[each.key]


@pytest.mark.parametrize(
    ("form", "code", "pieces"),
    [
        ("ttr1", 1, [(2, "first", 1), (3, "all", 1)]),
        ("ttr2", 1, [(3, "all", 1), (4, "last", 1)]),
        ("ttr2", 5, [(5, "last", 1), (6, "earlier", 1)]),
        ("ttr2", 17, [(18, "last", 1), (21, "earlier", 1), (19, "last", 1), (22, "earlier", 1)]),
        ("xld2", 1, [(1, "last", 1), (2, "earlier", 1)]),
        ("ttr1", 4, []),
        ("pctn1", 39, []),
    ],
)
def test_plan_says_which_figures_of_which_periods_make_a_year(form, code, pieces):
    expected = [(key(form, part), take, factor) for part, take, factor in pieces]

    assert [(p.key, p.take, p.factor) for p in plan(TT06, key(form, code))] == expected


def test_roll_up_of_one_form_leaves_the_others_alone():
    assert set(over_units(TT06, {"An": sample()}, templates=["tcd1"])) == {
        each.key for each in TT06.template("tcd1").numbers
    }


def test_one_period_alone_is_itself():
    totals = over_time(TT06, quarters(sample()))
    values = sample_values()

    assert all(t.amount == values[k] for k, t in totals.items() if t.amount)
    assert totals[key("ttr2", 5)].amount == values[key("ttr2", 5)]
