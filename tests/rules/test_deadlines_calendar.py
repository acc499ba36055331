"""The working calendar: which day is worked, and why not."""

from datetime import date, timedelta

import pytest

from tests.rules.deadline_reference import MADE_UP, WEEKDAYS_OFF, WORKING_DAYS, worked
from thidua.rules.deadlines import (
    AgencyExceptions,
    Block,
    CalendarGap,
    CalendarYear,
    OpenDay,
    Status,
    Swap,
    WorkingCalendar,
    shipped_calendar,
    shipped_years,
)

CALENDAR = shipped_calendar()


def days_of(year):
    return [date(year, 1, 1) + timedelta(days=n) for n in range(366)][
        : 366 if year == 2024 else 365
    ]


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_every_day_of_an_official_year_is_as_the_notices_say(year):
    assert [day for day in days_of(year) if CALENDAR.is_working(day) != worked(day)] == []


@pytest.mark.parametrize(("year", "count"), WORKING_DAYS.items())
def test_official_years_have_the_published_number_of_working_days(year, count):
    assert CALENDAR.working_days(date(year, 1, 1), date(year, 12, 31)) == count


def test_years_are_marked_official_or_provisional_and_name_their_documents():
    years = {each.year: each for each in shipped_years()}

    assert {year: each.status for year, each in years.items()} == {
        2023: Status.OFFICIAL,
        2024: Status.OFFICIAL,
        2025: Status.OFFICIAL,
        2026: Status.OFFICIAL,
        2027: Status.PROVISIONAL,
    }
    assert all(each.documents for each in years.values())
    assert any("8056/VPCP-KGVX" in text for text in years[2023].documents)
    assert any("12729/VPCP-KGVX" in text for text in years[2026].documents)


def test_make_up_saturdays_are_worked_and_say_for_which_day():
    assert {day: CALENDAR.why_worked(day) for day in sorted(MADE_UP)} == {
        date(2024, 5, 4): "làm bù cho ngày 29/04/2024",
        date(2025, 4, 26): "làm bù cho ngày 02/05/2025",
        date(2026, 1, 10): "làm bù cho ngày 02/01/2026",
        date(2026, 8, 22): "làm bù cho ngày 31/08/2026",
    }
    assert all(CALENDAR.is_working(day) for day in MADE_UP)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 2, 17), "Tết Nguyên đán"),
        (date(2026, 8, 31), "hoán đổi, làm bù ngày 22/08/2026"),
        (date(2026, 4, 27), "nghỉ bù Giỗ Tổ Hùng Vương (26/4 là Chủ nhật)"),
        (date(2026, 3, 7), "nghỉ hằng tuần"),
        (date(2026, 3, 5), ""),
        (date(2026, 8, 22), ""),
    ],
)
def test_why_off_names_the_reason_and_is_empty_on_a_working_day(day, why):
    assert CALENDAR.why_off(day) == why


def test_every_weekday_off_has_a_reason_of_its_own():
    reasons = {CALENDAR.why_off(day) for day in WEEKDAYS_OFF}

    assert "" not in reasons
    assert "nghỉ hằng tuần" not in reasons


def test_day_of_a_year_not_loaded_is_never_guessed_not_even_a_sunday():
    sunday = date(2028, 1, 2)

    for ask in (CALENDAR.is_working, CALENDAR.why_off, CALENDAR.next_working):
        with pytest.raises(CalendarGap, match="Chưa nạp lịch làm việc năm 2028") as refused:
            ask(sunday)
        assert refused.value.year == 2028


def test_year_before_the_first_loaded_is_not_guessed_either():
    with pytest.raises(CalendarGap, match="2022"):
        CALENDAR.previous_working(date(2023, 1, 2))


def test_year_added_is_used_and_leaves_the_old_calendar_alone():
    added = CALENDAR.with_year(
        CalendarYear(
            2028, Status.OFFICIAL, blocks=(Block(date(2028, 1, 3), date(2028, 1, 3), "bù"),)
        )
    )

    assert not added.is_working(date(2028, 1, 3))
    assert added.is_working(date(2028, 1, 4))
    assert added.is_working(date(2026, 8, 22))
    with pytest.raises(CalendarGap):
        CALENDAR.is_working(date(2028, 1, 4))


def test_year_given_again_takes_the_place_of_the_one_that_came_with_the_product():
    official = CalendarYear(
        2027,
        Status.OFFICIAL,
        blocks=(Block(date(2027, 2, 4), date(2027, 2, 10), "Tết Nguyên đán"),),
    )

    replaced = CALENDAR.with_year(official)

    assert replaced.provisional_years(date(2026, 1, 1), date(2027, 12, 31)) == ()
    assert not replaced.is_working(date(2027, 2, 4))
    assert replaced.is_working(date(2027, 4, 16))


def test_open_days_count_as_worked_and_can_be_tried_as_days_off():
    day = date(2026, 11, 24)

    assert CALENDAR.is_working(day)
    assert [each.on for each in CALENDAR.open_between(date(2026, 1, 1), date(2026, 12, 31))] == [
        day
    ]
    assert not CALENDAR.with_open_days_off().is_working(day)
    assert CALENDAR.with_open_days_off().open_between(day, day) == ()


def test_open_days_are_given_in_order():
    days = [each.on for each in CALENDAR.open_between(date(2026, 11, 1), date(2027, 12, 31))]

    assert days == sorted(days)
    assert len(days) == 6


def test_provisional_2027_leaves_the_undecided_days_of_tet_open():
    assert {each.on for each in CALENDAR.open_between(date(2027, 2, 1), date(2027, 2, 28))} == {
        date(2027, 2, 4),
        date(2027, 2, 11),
    }
    assert CALENDAR.provisional_years(date(2026, 12, 1), date(2027, 1, 5)) == (2027,)
    assert CALENDAR.why_off(date(2027, 1, 1)) == "Tết Dương lịch"


def test_agency_may_work_and_rest_on_days_of_its_own():
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    agency = CALENDAR.with_exceptions(
        AgencyExceptions(
            off={monday: "nghỉ theo quyết định 12"}, worked={saturday: "trực tiếp dân"}
        )
    )

    assert agency.why_off(monday) == "nghỉ theo quyết định 12"
    assert agency.why_worked(saturday) == "trực tiếp dân"
    assert agency.is_working(saturday)
    assert agency.with_year(CALENDAR.years[2026]).is_working(saturday)
    assert agency.with_open_days_off().why_off(monday) == "nghỉ theo quyết định 12"
    assert CALENDAR.is_working(monday)


def test_agency_may_rest_on_a_make_up_saturday_and_work_on_a_holiday():
    agency = CALENDAR.with_exceptions(
        AgencyExceptions(
            off={date(2026, 8, 22): "không làm bù"}, worked={date(2026, 8, 31): "trực"}
        )
    )

    assert not agency.is_working(date(2026, 8, 22))
    assert agency.is_working(date(2026, 8, 31))


def test_swap_across_new_year_leaves_the_other_year_to_its_own_file():
    swap = Swap(date(2029, 12, 31), date(2030, 1, 5))
    first = CalendarYear(2029, Status.OFFICIAL, swaps=(swap,))
    second = CalendarYear(2030, Status.OFFICIAL, swaps=(swap,))

    assert (first.off(), first.worked()) == (
        {date(2029, 12, 31): "hoán đổi, làm bù ngày 05/01/2030"},
        {},
    )
    assert second.off() == {}
    assert WorkingCalendar([first, second]).is_working(date(2030, 1, 5))


@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2025, 4, 20), date(2024, 2, 1)])
def test_working_days_counts_day_by_day(first):
    last = first + timedelta(days=60)

    assert CALENDAR.working_days(first, last) == sum(
        worked(first + timedelta(days=n)) for n in range(61)
    )
    assert CALENDAR.working_days(last, first) == 0


def test_open_day_becoming_official_is_only_data():
    year = CALENDAR.years[2026]
    off = CalendarYear(
        2026,
        Status.OFFICIAL,
        year.documents,
        (*year.blocks, Block(date(2026, 11, 24), date(2026, 11, 24), "Ngày Văn hóa Việt Nam")),
        year.swaps,
    )

    assert CALENDAR.with_year(off).working_days(date(2026, 1, 1), date(2026, 12, 31)) == 249
    assert year.open_days == (OpenDay(date(2026, 11, 24), year.open_days[0].reason),)


def test_national_calendar_of_the_holidays_library_agrees_where_it_is_installed():
    holidays = pytest.importorskip("holidays")
    national = holidays.country_holidays("VN", years=range(2023, 2027))
    # The library is known to miss the swap of 2026-01-02 (design, "Calendar").
    unlike = {
        day
        for day in national
        if day.weekday() < 5 and CALENDAR.is_working(day) and not CALENDAR.open_between(day, day)
    }

    assert unlike == set()
