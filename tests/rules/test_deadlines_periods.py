"""The seven reporting periods of Thông tư 06/2025/TT-TTCP, Điều 7."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from thidua.rules.deadlines import (
    Basis,
    OutsideRegime,
    WorkingCalendar,
    reporting_windows,
    shipped_calendar,
)
from thidua.rules.deadlines.periods import regime_on

CALENDAR = shipped_calendar()


def test_windows_and_due_dates_of_2026_are_as_printed():
    assert [
        (each.code, each.first_on, each.last_on, each.local.on, each.ttcp.on)
        for each in reporting_windows(2026, CALENDAR)
    ] == [
        ("q1", date(2025, 12, 15), date(2026, 3, 14), date(2026, 3, 17), date(2026, 3, 20)),
        ("q2", date(2026, 3, 15), date(2026, 6, 14), date(2026, 6, 17), date(2026, 6, 20)),
        ("6m", date(2025, 12, 15), date(2026, 6, 14), date(2026, 6, 17), date(2026, 6, 20)),
        ("q3", date(2026, 6, 15), date(2026, 9, 14), date(2026, 9, 17), date(2026, 9, 20)),
        ("9m", date(2025, 12, 15), date(2026, 9, 14), date(2026, 9, 17), date(2026, 9, 20)),
        ("q4", date(2026, 9, 15), date(2026, 12, 14), date(2026, 12, 17), date(2026, 12, 20)),
        ("year", date(2025, 12, 15), date(2026, 12, 14), date(2026, 12, 17), date(2026, 12, 20)),
    ]


def test_day_off_is_flagged_and_the_date_stays():
    flags = {each.code: each.ttcp.flag for each in reporting_windows(2026, CALENDAR)}

    assert flags == {
        "q1": "",
        "q2": "thứ Bảy, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời",
        "6m": "thứ Bảy, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời",
        "q3": "Chủ nhật, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời",
        "9m": "Chủ nhật, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời",
        "q4": "Chủ nhật, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời",
        "year": "Chủ nhật, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời",
    }


def test_quarters_follow_each_other_and_make_up_the_longer_periods():
    found = {each.code: each for each in reporting_windows(2026, CALENDAR)}
    quarters = [found[code] for code in ("q1", "q2", "q3", "q4")]

    for before, after in pairwise(quarters):
        assert after.first_on == before.last_on + timedelta(days=1)
    assert (found["year"].first_on, found["year"].last_on) == (
        quarters[0].first_on,
        quarters[-1].last_on,
    )
    assert reporting_windows(2027, CALENDAR)[0].first_on == found["year"].last_on + timedelta(
        days=1
    )


def test_narrative_goes_with_the_first_quarter_half_nine_months_and_year():
    assert [each.code for each in reporting_windows(2026, CALENDAR) if each.has_narrative] == [
        "q1",
        "6m",
        "9m",
        "year",
    ]


def test_year_without_a_calendar_says_so_and_keeps_its_dates():
    found = reporting_windows(2028, WorkingCalendar())[0]

    assert found.local.on == date(2028, 3, 17)
    assert found.local.is_working is None
    assert found.local.flag == "chưa nạp lịch làm việc năm 2028"


def test_circular_is_the_one_in_force_when_the_window_closes():
    found = {each.code: (each.law, each.basis) for each in reporting_windows(2025, CALENDAR)}

    assert found["9m"] == ("Thông tư 01/2024/TT-TTCP", Basis.SETTING)
    assert found["q4"] == ("Thông tư 06/2025/TT-TTCP", Basis.LAW)
    assert reporting_windows(2024, CALENDAR)[0].law == "Thông tư 01/2024/TT-TTCP"
    assert reporting_windows(2023, CALENDAR)[0].law == "Thông tư 02/2021/TT-TTCP"


@pytest.mark.parametrize("year", [2021, 1, 2101, 9999])
def test_year_outside_the_regimes_known_is_refused(year):
    with pytest.raises(OutsideRegime, match=f"không tính cho năm {year}"):
        reporting_windows(year, CALENDAR)


def test_day_before_the_oldest_circular_known_has_no_regime():
    with pytest.raises(OutsideRegime, match="Trước 10/05/2021"):
        regime_on(date(2021, 5, 9))
