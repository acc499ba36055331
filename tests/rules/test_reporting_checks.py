"""Checks: silent on a report that holds, and each speaks when its one cell is broken."""

from decimal import Decimal
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_reporting_sample import (
    TT06,
    amount,
    figures,
    key,
    period_before,
    sample,
    sample_values,
)
from thidua.rules.reporting import (
    Basis,
    Filled,
    Place,
    Severity,
    check_report,
    editions,
    stops,
)
from thidua.rules.reporting.expressions import lists_of
from thidua.rules.reporting.templates import Comparison, OneOf, OnlyWith, Sign, ZeroMeansZero

EVERY = [
    pytest.param(each, check, id=f"{each.key}:{check.key}")
    for each in editions()
    for check in each.every_check()
]


def found(edition, filled, previous=None, **changes):
    return {
        each.check: each for each in check_report(edition, filled, previous=previous, **changes)
    }


def fill(terms, plus, minus=10):
    return {t.key: amount(plus if t.factor > 0 else minus) for t in terms if not t.rows}


def worth(terms, values):
    return sum(int(values[t.key].number) * t.factor for t in terms)


def holding(statement):
    """Left values, right values and rows for which a comparison holds."""
    rows = {}
    if lists_of(statement):
        right = fill(statement.right, 30)
        return {}, right, {statement.left[0].key: [{}] * worth(statement.right, right)}
    match statement.sign:
        case Sign.EQUAL:
            right = fill(statement.right, 30)
            left = {statement.left[0].key: amount(worth(statement.right, right))}
        case Sign.AT_MOST:
            left, right = fill(statement.left, 20), fill(statement.right, 300)
        case Sign.AT_LEAST:
            left, right = fill(statement.left, 5000), fill(statement.right, 30)
    return left, right, rows


def report(check, left, right, rows):
    """The comparison as a report and maybe the period before it."""
    if check.basis == Basis.CARRIED:
        return Filled(left, rows), Filled(right)
    return Filled({**right, **left}, rows), None


def broken(statement, left, right):
    """The same with one cell changed so that it no longer holds."""
    raised = statement.right[0].key
    if statement.sign == Sign.AT_MOST:
        return {**left, statement.left[0].key: amount(90_000)}, right
    return left, {**right, raised: amount(90_000)}


@pytest.mark.parametrize(("edition", "check"), EVERY)
def test_each_check_is_silent_when_it_holds_and_speaks_when_one_cell_is_broken(edition, check):
    statement = check.statement
    match statement:
        case Comparison():
            left, right, rows = holding(statement)
            good = report(check, left, right, rows)
            bad = report(check, *broken(statement, left, right), rows)
        case ZeroMeansZero():
            figure = dict.fromkeys(statement.others, amount(3))
            good = Filled({**figure, statement.key: amount(1)}), None
            bad = Filled({**figure, statement.key: amount(0)}), None
        case OnlyWith():
            row = {statement.key: "Lý do"}
            good = Filled({}, {check.template: [{**row, statement.other: "x"}]}), None
            bad = Filled({}, {check.template: [row]}), None
        case OneOf():
            good = Filled({}, {check.template: [{statement.keys[0]: "x"}]}), None
            bad = Filled({}, {check.template: [dict.fromkeys(statement.keys, "x")]}), None

    assert check.key not in found(edition, *good)
    finding = found(edition, *bad)[check.key]
    assert finding.severity == check.severity
    assert finding.sentence.startswith("Biểu ")
    assert finding.places


def test_sample_of_all_forms_holds_in_every_check():
    assert check_report(TT06, sample(), previous=period_before()) == ()


SUMS = [
    check for check in TT06.every_check() if check.rule.count("=") == 1 and "<" not in check.rule
]
SUMS = [check for check in SUMS if check.basis != Basis.CARRIED and ">" not in check.rule]


@pytest.mark.parametrize("check", SUMS, ids=lambda check: check.key)
def test_any_one_cell_of_a_sum_of_the_sample_raises_its_check(check):
    terms = chain(check.statement.left, check.statement.right)
    for term in terms:
        if term.rows:
            continue
        values = sample_values()
        values[term.key] = amount(values[term.key].number + 3)

        findings = found(TT06, Filled(values, sample().lists))

        assert check.key in findings
        assert term.key in {place.indicator for place in findings[check.key].places}


@pytest.mark.parametrize("each", editions(), ids=lambda each: each.key)
def test_keys_of_checks_are_unique(each):
    keys = [check.key for check in each.every_check()]

    assert len(keys) == len(set(keys))


def test_empty_report_says_nothing():
    assert check_report(TT06, Filled()) == ()


def test_sentence_names_form_columns_arithmetic_and_measure():
    values = figures(ttr1={8: 4910, 10: 2233, 16: 2600})

    (finding,) = check_report(TT06, Filled(values))

    assert finding.sentence == (
        "Biểu 01/TTr: cột 8 (Tổng số vi phạm về kinh tế – Tiền) phải bằng cột 10 + cột 16, nhưng "
        "4.910 so với 2.233 + 2.600 = 4.833, lệch 77 triệu đồng."
    )
    assert finding.arithmetic == "4.910 ≠ 2.233 + 2.600 = 4.833"
    assert finding.severity == Severity.ERROR
    assert finding.places == tuple(Place("ttr1", key("ttr1", code)) for code in (8, 10, 16))
    assert "Thông tư 06/2025" in finding.article


def test_sentence_across_forms_names_the_other_form():
    (finding,) = check_report(TT06, Filled(figures(gqkn3={1: 5}, xld2={6: 6})))

    assert finding.sentence == (
        "Biểu 03/GQKN: cột 1 (Tổng số đơn khiếu nại thuộc thẩm quyền) phải bằng cột 6 của biểu "
        "02/XLD, nhưng 5 so với 6, lệch 1 đơn."
    )


def test_sentence_against_the_period_before_says_so():
    now, before = Filled(figures(ttr2={2: 100})), Filled(figures(ttr2={4: 140}))

    (finding,) = check_report(TT06, now, previous=before)

    assert finding.severity == Severity.WARNING
    assert (
        "phải bằng cột 4 của kỳ trước, nhưng 100 so với 140, lệch 40 kết luận" in finding.sentence
    )
    assert finding.places == (Place("ttr2", key("ttr2", 2)),)


def test_dues_may_not_shrink_by_more_than_was_done():
    before = Filled(figures(ttr2={5: 1000, 6: 300}))

    short = check_report(TT06, Filled(figures(ttr2={5: 650})), previous=before)
    enough = check_report(TT06, Filled(figures(ttr2={5: 700})), previous=before)

    assert [each.check for each in short] == ["ttr2/truoc:5>=5-6"]
    assert enough == ()


def test_a_part_without_data_is_not_zero():
    assert check_report(TT06, Filled(figures(ttr1={8: 4910, 10: 2233}))) == ()


def test_parts_known_may_not_exceed_a_total_though_another_part_has_no_data():
    (finding,) = check_report(TT06, Filled(figures(ttr1={8: 4910, 10: 5000})))

    assert "5.000 + chưa có số liệu = 5.000, lệch 90 triệu đồng" in finding.sentence
    assert finding.sentence.endswith("Chưa có số liệu: cột 16; phần đã có đã vượt.")


def test_zero_takes_part_in_a_check_where_no_data_does_not():
    assert [
        each.check for each in check_report(TT06, Filled(figures(ttr1={8: 5, 10: 0, 16: 0})))
    ] == ["ttr1/8=10+16"]


@pytest.mark.parametrize(
    ("total", "one", "two", "is_said"),
    [
        ("92783.1", "59431.6", "33351.5", False),
        ("100", "33", "66", False),  # three numbers rounded to whole million
        ("100", "33", "65", True),
        ("100.0", "33.4", "66.7", False),  # one decimal counts where it is written
        ("1", "2", "0", True),  # 0 is not rounded
        ("100.001", "33", "67", False),
        ("100.001", "33.002", "67.002", True),
    ],
)
def test_money_may_be_off_by_half_a_unit_of_each_last_decimal(total, one, two, is_said):
    findings = check_report(TT06, Filled(figures(ttr1={8: total, 10: one, 16: two})))

    assert bool(findings) is is_said


def test_counts_are_exact():
    assert check_report(TT06, Filled(figures(tcd1={1: 10, 5: 4, 11: 3, 17: 2})))


def test_qualified_numbers_warn_where_exact_ones_would_stop():
    exact = figures(ttr1={8: 100, 10: 50, 16: 30})
    vague = {**exact, key("ttr1", 10): amount(50, "more")}

    (error,), (warning,) = (check_report(TT06, Filled(each)) for each in (exact, vague))

    assert (error.severity, error.explainable) == (Severity.ERROR, False)
    assert (warning.severity, warning.explainable) == (Severity.WARNING, True)
    assert "hơn 50" in warning.sentence


def test_qualified_number_may_be_off_by_a_unit_of_its_last_digit():
    values = {**figures(ttr1={8: 109, 16: 50}), key("ttr1", 10): amount(50, "more")}

    assert check_report(TT06, Filled(values)) == ()


def test_zero_conclusions_leave_nothing_to_recommend_as_a_warning_with_its_reason():
    (finding,) = check_report(TT06, Filled(figures(ttr1={6: 0, 7: 5, 24: 0})))

    assert finding.sentence == (
        "Biểu 01/TTr: cột 6 là 0 nhưng cột 7 là 5. Các cột 7–25 chỉ lấy từ những kết luận đã đếm ở "
        "cột 6."
    )


def test_zero_conclusions_with_nothing_recommended_are_no_finding():
    assert check_report(TT06, Filled(figures(ttr1={6: 0, 7: 0, 24: 0, 25: None}))) == ()


def test_printed_rule_that_old_cases_break_can_be_explained():
    (finding,) = check_report(TT06, Filled(figures(gqkn3={1: 3, 2: 8})))

    assert (finding.severity, finding.explainable) == (Severity.ERROR, True)
    assert stops((finding,), frozenset()) == (finding,)
    assert stops((finding,), frozenset({finding.check})) == ()


def test_an_error_of_arithmetic_stops_whatever_is_said():
    (finding,) = check_report(TT06, Filled(figures(ttr1={8: 4910, 10: 2233, 16: 2600})))

    assert stops((finding,), frozenset({finding.check})) == (finding,)


def test_errors_come_before_warnings():
    values = figures(ttr1={6: 9, 1: 3, 8: 100, 10: 50, 16: 30})

    assert [each.severity for each in check_report(TT06, Filled(values))] == [
        Severity.ERROR,
        Severity.WARNING,
    ]


def test_only_the_forms_handed_in_are_checked():
    values = figures(ttr1={8: 100, 10: 50, 16: 30}, gqkn3={1: 5}, xld2={6: 6})

    def checks(*forms):
        return {each.check for each in check_report(TT06, Filled(values), templates=forms)}

    assert checks("xld2") == set()
    assert checks("ttr1") == {"ttr1/8=10+16"}
    assert checks("gqkn3", "xld2") == {"/gqkn3:1=xld2:6"}


def test_rows_of_a_list_are_counted_only_when_the_list_was_handed_in():
    values = figures(pctn1={44: 2, 46: 1})

    assert check_report(TT06, Filled(values)) == ()
    assert len(check_report(TT06, Filled(values, {"pctn2": []}))) == 1
    assert check_report(TT06, Filled(values, {"pctn2": [{}] * 3})) == ()


def test_row_of_a_list_is_named_by_its_number():
    rows = [{"pctn3-da-khac-phuc": "x"}, {"pctn3-nguyen-nhan": "Chờ", "pctn3-da-khac-phuc": "x"}]

    (finding,) = check_report(TT06, Filled({}, {"pctn3": rows}))

    assert finding.sentence == (
        "Biểu 03/PCTN, dòng 2: cột 6 (Nguyên nhân chưa khắc phục) chỉ ghi khi đã đánh dấu cột 5 "
        "(Chưa khắc phục)."
    )
    assert {place.row for place in finding.places} == {"2"}


def test_many_rows_that_break_one_check_are_one_finding_that_names_the_first():
    bad = {"pctn3-nguyen-nhan": "Chờ", "pctn3-da-khac-phuc": "x"}

    (finding,) = check_report(TT06, Filled({}, {"pctn3": [bad] * 10}))

    assert "dòng 1, 2, 3, 4, 5, 6, 7, 8 và 2 dòng khác: " in finding.sentence
    assert {place.row for place in finding.places} == set("12345678")


def test_row_named_by_the_caller_is_on_every_place():
    (finding,) = check_report(TT06, Filled(figures(ttr2={6: 9, 5: 1})), row="Thanh tra tỉnh An")

    assert {place.row for place in finding.places} == {"Thanh tra tỉnh An"}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.sampled_from(["ttr1", "xld2", "tcd1", "kqth5"]))
def test_a_report_a_whole_number_of_times_the_sample_holds_as_well(times, form):
    values = {
        k: amount(v.number * Decimal(times))
        for k, v in sample_values().items()
        if k in TT06.template(form)
    }

    assert check_report(TT06, Filled(values), templates=[form]) == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_taking_data_away_never_adds_a_finding_to_a_report_that_holds(data):
    kept = data.draw(st.sets(st.sampled_from(sorted(sample_values()))))
    values = {k: v for k, v in sample_values().items() if k in kept}

    assert check_report(TT06, Filled(values)) == ()
