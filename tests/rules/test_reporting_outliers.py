"""Odd figures: exact robust z against the unit's own past, and measures mixed up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_reporting_sample import TT06, amount, figures, key
from thidua.rules.reporting import OutlierSettings, Severity, odd_figures
from thidua.rules.reporting.outliers import median, robust_z, spread

CASES, MONEY, LAND = key("xld2", 2), key("ttr1", 12), key("ttr1", 13)


def odd(value, past, indicator=CASES, **changes):
    history = {indicator: [None if each is None else amount(each) for each in past]}
    return odd_figures(
        TT06, {indicator: amount(value)}, history, settings=OutlierSettings(**changes)
    )


def test_robust_z_is_the_textbook_value_in_fractions():
    # Median 12, distances 2 1 0 1 2 4: MAD 1.5.
    past = [Fraction(each) for each in (10, 11, 12, 13, 12, 16)]

    assert median(past) == 12
    assert robust_z(Fraction(22), past) == Fraction(6745, 10000) * 10 / 1
    assert spread(past) == 1 / Fraction(6745, 10000)


def test_even_history_has_its_median_in_the_middle():
    assert median([Fraction(1), Fraction(4)]) == Fraction(5, 2)


@pytest.mark.parametrize(
    ("value", "past", "is_odd"),
    [
        (130, [100, 104, 98, 101], True),
        (103, [100, 104, 98, 101], False),
        (60, [100, 104, 98, 101], True),
        (130, [100, 104, 98], False),  # too short a past
        (130, [100, None, 104, None, 98, 101], True),  # no data is left out
        (3, [0, 0, 0, 0], False),  # too small a change
        (30, [0, 0, 0, 0], True),  # never moved until now
        (30, [0, 0, 0, 0, 40], False),  # MAD is 0, the mean distance is not
        (115, [100, 100, 100, 101], False),  # far in spreads, near in share
    ],
)
def test_only_figures_far_from_the_units_own_past_ask_for_a_word(value, past, is_odd):
    assert bool(odd(value, past)) is is_odd


def test_finding_is_a_warning_with_the_past_in_words():
    (finding,) = odd(130, [100, 104, 98, 101])

    assert finding.sentence == (
        "Biểu 02/XLD, cột 2 (Số đơn đã xử lý) là 130 đơn, khác hẳn 4 kỳ trước (trung vị 100,5, thấp "
        "nhất 98, cao nhất 104). Hãy kiểm tra; nếu đúng, ghi lý do."
    )
    assert (finding.severity, finding.explainable) == (Severity.WARNING, True)
    assert finding.check == f"xld2/bat-thuong:{CASES}"


@pytest.mark.parametrize(
    ("indicator", "value", "past", "said"),
    [
        (MONEY, 2_100_000, [2000, 2233], "gấp khoảng 992 mức thường thấy"),
        (MONEY, "2.1", [2000], "bằng một phần khoảng 952 mức thường thấy (2.000). Có nhầm tỷ đồng"),
        (MONEY, 2_000_000_000, [2000], "Có nhầm đồng với triệu đồng không?"),
        (LAND, "0.5", [5000], "Có nhầm ha với m² không?"),
    ],
)
def test_a_thousand_times_the_last_value_asks_about_the_measure(indicator, value, past, said):
    (finding,) = odd(value, past, indicator)

    assert said in finding.sentence
    assert finding.check.split("/")[1].startswith("don-vi-tinh:")


def test_counts_have_no_measure_to_mix_up():
    assert odd(2_000_000, [2000]) == ()


def test_no_data_and_no_past_ask_nothing():
    assert odd_figures(TT06, figures(xld2={2: None}), {CASES: [amount(5)] * 9}) == ()
    assert odd_figures(TT06, figures(xld2={2: 5}), {}) == ()


def test_settings_say_how_far_is_far():
    past = [100, 104, 98, 101]

    assert odd(130, past, threshold=Fraction(100)) == ()
    assert odd(130, past, least_history=5) == ()


@given(st.lists(st.integers(0, 1000).map(Fraction), min_size=1, max_size=12), st.integers(1, 50))
def test_robust_z_does_not_depend_on_the_measure(past, factor):
    value = Fraction(77)

    assert robust_z(value, past) == robust_z(value * factor, [each * factor for each in past])
