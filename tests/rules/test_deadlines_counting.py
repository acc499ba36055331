"""Counting periods: Bộ luật Dân sự 2015, Điều 144–148 (R1–R9 of the domain file)."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.deadline_reference import rolled, worked, working_days_after
from thidua.rules.deadlines import (
    CalendarGap,
    NotADate,
    Period,
    Suspension,
    Unit,
    parse_date,
    parse_period,
    parse_time,
    shipped_calendar,
)
from thidua.rules.deadlines.counting import add_months, end_after, end_before, end_of_month
from thidua.rules.errors import RuleError

CALENDAR = shipped_calendar()
# Ninety working days from the last start still end within the machine list.
STARTS = st.dates(date(2023, 1, 1), date(2026, 7, 1))
LENGTHS = st.integers(1, 90)


def days(number):
    return Period(number, Unit.DAYS)


def working(number):
    return Period(number, Unit.WORKING_DAYS)


def end(start, period, *suspensions):
    found = end_after(start, period, CALENDAR, suspensions)
    return found.raw_on, found.due_on


def test_R1_day_of_the_event_is_not_counted():
    assert end(date(2026, 3, 2), days(1)) == (date(2026, 3, 3), date(2026, 3, 3))


@pytest.mark.parametrize(
    ("start", "raw", "due"),
    [
        (date(2026, 3, 5), date(2026, 4, 4), date(2026, 4, 6)),  # Saturday
        (date(2026, 1, 17), date(2026, 2, 16), date(2026, 2, 23)),  # Tết
        (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 4)),  # 30/4, 1/5 and a weekend
        (date(2026, 8, 1), date(2026, 8, 31), date(2026, 9, 3)),  # a swapped Monday
        (date(2026, 7, 23), date(2026, 8, 22), date(2026, 8, 22)),  # a make-up Saturday
        (date(2025, 12, 3), date(2026, 1, 2), date(2026, 1, 5)),  # into the next year
        (date(2024, 1, 30), date(2024, 2, 29), date(2024, 2, 29)),  # a leap year
    ],
)
def test_R3_end_on_a_day_off_moves_to_the_next_working_day(start, raw, due):
    assert end(start, days(30)) == (raw, due)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 3, 15), 2, date(2026, 5, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_R4_months_end_on_the_same_number_or_the_last_day(start, months, expected):
    assert add_months(start, months) == expected


def test_years_and_weeks_end_on_the_corresponding_day():
    assert end(date(2024, 2, 29), Period(1, Unit.YEARS)) == (date(2025, 2, 28), date(2025, 2, 28))
    assert end(date(2026, 3, 2), Period(2, Unit.WEEKS)) == (date(2026, 3, 16), date(2026, 3, 16))


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        (date(2026, 7, 1), 7, date(2026, 7, 10)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # the whole of Tết
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # the make-up Saturday counts
        (date(2026, 8, 28), 1, date(2026, 9, 3)),
        (date(2025, 12, 31), 3, date(2026, 1, 7)),
        (date(2026, 1, 9), 1, date(2026, 1, 10)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # an event on a Saturday
    ],
)
def test_R6_R7_only_working_days_count_from_the_day_after(start, number, due):
    assert end(start, working(number)) == (due, due)


def test_R8_days_off_inside_a_period_in_days_do_count():
    assert end(date(2026, 2, 12), days(15)) == (date(2026, 2, 27), date(2026, 2, 27))


def test_R9_extensions_run_on_the_continuous_scale():
    total = days(30).plus(days(30)).plus(days(30))

    assert total == days(90)
    assert end(date(2026, 6, 5), total) == (date(2026, 9, 3), date(2026, 9, 3))


def test_periods_counted_differently_are_not_added():
    with pytest.raises(ValueError, match="counted differently"):
        days(1).plus(working(1))


@settings(max_examples=60)
@given(STARTS, LENGTHS)
def test_working_days_equal_a_count_day_by_day(start, number):
    due = working_days_after(start, number)

    assert end(start, working(number)) == (due, due)
    assert CALENDAR.working_days(start + timedelta(days=1), due) == number
    assert worked(due)


@settings(max_examples=60)
@given(STARTS, LENGTHS)
def test_calendar_days_equal_plain_addition_then_rolling(start, number):
    raw = start + timedelta(days=number)

    assert end(start, days(number)) == (raw, rolled(raw))


PERIODS = st.builds(
    Period,
    st.integers(1, 8),
    st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS]),
)


@settings(max_examples=80)
@given(STARTS, STARTS, PERIODS)
def test_later_start_is_never_due_earlier(one, other, period):
    first, second = sorted((one, other))

    assert end(first, period)[1] <= end(second, period)[1]


@settings(max_examples=60)
@given(STARTS, PERIODS, st.integers(1, 8))
def test_longer_period_is_never_due_earlier_and_due_is_after_the_start(start, period, more):
    raw, due = end(start, period)

    assert start < raw <= due
    assert worked(due) or due.year > 2026
    assert end(start, period.plus(Period(more, period.unit)))[1] >= due


@settings(max_examples=60)
@given(STARTS, st.integers(1, 40), st.integers(0, 60), st.integers(0, 60))
def test_suspension_moves_the_raw_end_by_its_days(start, number, after, length):
    stop = start + timedelta(days=min(after, number))
    suspension = Suspension(stop, stop + timedelta(days=length))

    raw, due = end(start, days(number), suspension)

    assert raw == end(start, days(number))[0] + timedelta(days=length)
    assert due >= suspension.continued_on


def test_suspended_working_days_are_left_out_and_the_day_of_continuing_counts():
    suspension = Suspension(date(2026, 3, 4), date(2026, 3, 11))

    assert end(date(2026, 3, 2), working(3), suspension)[1] == date(2026, 3, 12)


@settings(max_examples=60)
@given(STARTS.filter(lambda day: day > date(2023, 3, 1)), st.integers(1, 20))
def test_at_least_so_long_before_is_never_later_than_asked_and_is_a_working_day(event, number):
    plain = end_before(event, days(number), CALENDAR)
    by_work = end_before(event, working(number), CALENDAR)

    assert plain.raw_on == event - timedelta(days=number)
    assert plain.due_on <= plain.raw_on
    assert worked(plain.due_on)
    assert worked(by_work.due_on)
    assert CALENDAR.working_days(by_work.due_on, event - timedelta(days=1)) == number


def test_duty_of_every_month_ends_on_its_last_working_day():
    found = end_of_month(date(2026, 10, 7), CALENDAR)

    assert (found.raw_on, found.due_on) == (date(2026, 10, 31), date(2026, 10, 30))


def test_at_once_is_the_same_day_even_on_a_sunday():
    assert end(date(2026, 3, 8), Period(0, Unit.AT_ONCE)) == (date(2026, 3, 8), date(2026, 3, 8))


def test_period_without_an_end_of_its_own_is_a_bug():
    with pytest.raises(ValueError, match="no end of its own"):
        end(date(2026, 3, 8), Period(1, Unit.HOURS))


def test_count_that_reaches_an_unloaded_year_stops():
    with pytest.raises(CalendarGap, match="2028"):
        end(date(2027, 12, 30), working(5))
    with pytest.raises(CalendarGap, match="2028"):
        end(date(2027, 12, 30), days(5))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("30 ngày", days(30)),
        ("70  Ngày làm việc", working(70)),
        ("2 tháng", Period(2, Unit.MONTHS)),
        ("1 năm", Period(1, Unit.YEARS)),
        ("2 tuần", Period(2, Unit.WEEKS)),
        ("1 giờ", Period(1, Unit.HOURS)),
        ("ngay", Period(0, Unit.AT_ONCE)),
        ("2 ngày mỗi tháng", Period(2, Unit.DAYS_A_MONTH)),
    ],
)
def test_periods_are_read_and_written_in_the_words_of_the_law(text, period):
    assert parse_period(text) == period
    assert parse_period(str(period)) == period


@pytest.mark.parametrize(
    "text", ["", "30", "ngày", "0 ngày", "1001 ngày", "-5 ngày", "30 days", "x" * 99]
)
def test_bad_periods_are_refused_with_an_example(text):
    with pytest.raises(RuleError, match="Hãy viết như “30 ngày”"):
        parse_period(text)


@pytest.mark.parametrize(
    "text", ["2026-03-05", "05/03/2026", "5/3/2026", " 05-03-2026 ", "5.3.2026", "2026-3-5"]
)
def test_dates_are_read_both_ways(text):
    assert parse_date(text) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "không phải là ngày"),
        ("hôm nay", "không phải là ngày"),
        ("03/2026", "không phải là ngày"),
        ("２０２６-03-05", "không phải là ngày"),
        ("x" * 500, "x…” không phải là ngày"),
        ("31/02/2026", "Không có ngày “31/02/2026” trong lịch"),
        ("2026-13-01", "Không có ngày"),
        ("29/02/2026", "Không có ngày"),
        ("01/01/1999", "phải từ 2000 đến 2100"),
        ("9999-12-31", "phải từ 2000 đến 2100"),
    ],
)
def test_bad_dates_are_refused_with_a_sentence(text, sentence):
    with pytest.raises(NotADate, match=sentence):
        parse_date(text)


def test_times_are_read_and_bad_ones_refused():
    assert [parse_time(text) for text in ("14:30", "14h", "8h05")] == [
        time(14, 30),
        time(14),
        time(8, 5),
    ]
    for text in ("25:00", "8:70", "sáng", ""):
        with pytest.raises(NotADate, match="không phải là giờ"):
            parse_time(text)
