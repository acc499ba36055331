"""Urging: which step is due on which day, days off, missed days, what a cluster may set."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.deadlines import WorkingCalendar, shipped_calendar
from thidua.rules.errors import RuleError
from thidua.rules.urging import (
    Base,
    Channel,
    Lateness,
    Level,
    Side,
    check_rule,
    closes_on,
    differences,
    lateness,
    planned,
    read_rule,
    rule_to_data,
    shipped_rule,
    urgings_on,
)

CALENDAR = shipped_calendar()
RULE = shipped_rule()
# A Wednesday before Tết 2026: days off from Saturday 14/02 to Sunday 22/02.
BEFORE_TET = date(2026, 2, 11)
DUES = st.dates(date(2023, 3, 1), date(2027, 10, 1))


def base(due_on, **changed):
    return Base(due_on=due_on, closes_on=closes_on(due_on.year, due_on), **changed)


def keys(day, of, rule=RULE, calendar=CALENDAR):
    """Level → key of the step due on the day."""
    due = urgings_on(day, of, rule, calendar).due
    return {str(level): found.step.key for level, found in due.items()}


def first_days(of, rule=RULE, calendar=CALENDAR):
    """Day by day, each step of each level on the day it first comes up."""
    seen, told = set(), []
    for number in range(-45, 75):
        day = of.counted_from + timedelta(days=number)
        for level, key in keys(day, of, rule, calendar).items():
            if (level, key) not in seen:
                seen.add((level, key))
                told.append((day, level, key))
    return told


def with_step(key, **changed):
    steps = tuple(replace(each, **changed) if each.key == key else each for each in RULE.steps)
    return replace(RULE, steps=steps)


def test_the_shipped_steps_climb_from_the_officer_to_the_superior():
    assert [(each.offset, each.to) for each in RULE.steps] == [
        (-3, (Level.OFFICER,)),
        (0, (Level.OFFICER, Level.HEAD)),
        (1, (Level.HEAD,)),
        (3, (Level.LEAD,)),
        (7, (Level.SUPERIOR,)),
    ]
    check_rule(RULE)


def test_each_step_comes_on_its_day_in_a_week_without_holidays():
    assert first_days(base(date(2026, 3, 18))) == [
        # Sunday 15/03 makes way to the Friday before.
        (date(2026, 3, 13), "officer", "before"),
        (date(2026, 3, 18), "officer", "due"),
        (date(2026, 3, 18), "head", "due"),
        (date(2026, 3, 19), "head", "late-1"),
        # Saturday 21/03 makes way to the Monday after.
        (date(2026, 3, 23), "lead", "late-2"),
        (date(2026, 3, 25), "superior", "late-3"),
    ]


def test_over_tet_nobody_is_urged_and_the_steps_wait_for_the_first_day_worked():
    told = first_days(base(BEFORE_TET))

    assert told[-2:] == [
        (date(2026, 2, 23), "lead", "late-2"),
        (date(2026, 2, 23), "superior", "late-3"),
    ]
    assert told[-3] == (date(2026, 2, 12), "head", "late-1")


def test_a_due_date_inside_tet_is_told_before_tet():
    told = first_days(base(date(2026, 2, 18)))

    assert told[:3] == [
        (date(2026, 2, 13), "officer", "due"),
        (date(2026, 2, 13), "head", "due"),
        (date(2026, 2, 23), "head", "late-1"),
    ]


def test_after_days_without_the_server_each_level_hears_its_latest_step_only():
    of = base(date(2026, 3, 18))

    assert keys(date(2026, 3, 26), of) == {
        "officer": "due",
        "head": "late-1",
        "lead": "late-2",
        "superior": "late-3",
    }


def test_a_step_older_than_the_catch_up_is_left_alone():
    of = base(date(2026, 3, 18))

    assert keys(date(2026, 4, 24), of) == {"superior": "late-3"}
    assert keys(date(2026, 5, 4), of) == {}


@pytest.mark.parametrize(("on", "urged"), [(date(2026, 3, 18), False), (date(2026, 3, 20), True)])
def test_who_has_handed_in_is_not_urged_from_that_day_on(on, urged):
    of = base(date(2026, 3, 18), handed_in_on=on)

    assert bool(keys(date(2026, 3, 19), of)) is urged


def test_after_a_permission_the_steps_after_count_anew_and_those_before_fall_away():
    of = base(date(2026, 3, 20), allowed_late_on=date(2026, 4, 8))

    assert of.is_allowed_late
    assert first_days(of) == [
        (date(2026, 4, 9), "head", "late-1"),
        (date(2026, 4, 13), "lead", "late-2"),
        (date(2026, 4, 15), "superior", "late-3"),
    ]


def test_R19_steps_stop_with_the_year_and_the_page_says_so():
    of = base(date(2026, 12, 28))

    assert keys(date(2026, 12, 31), of)["lead"] == "late-2"
    assert keys(date(2027, 1, 4), of) == {}
    assert planned(of, RULE, CALENDAR)[-1].why == "không gửi: năm thi đua đã hết"


def test_R19_a_due_date_moved_into_the_next_year_is_still_urged_there():
    of = Base(date(2027, 1, 15), closes_on(2026, date(2027, 1, 15)))

    assert keys(date(2027, 1, 15), of) == {"officer": "due", "head": "due"}


def test_without_the_calendar_nothing_is_urged_and_it_says_why():
    found = urgings_on(date(2026, 3, 18), base(date(2026, 3, 18)), RULE, WorkingCalendar())

    assert not found.due
    assert found.gaps[0].startswith("Chưa nạp lịch làm việc năm 2026")


def test_steps_on_known_days_are_urged_although_later_ones_are_not_known():
    only_2026 = WorkingCalendar([CALENDAR.years[2026]])
    of = Base(date(2026, 12, 30), date(2027, 12, 31))

    found = urgings_on(date(2026, 12, 30), of, RULE, only_2026)

    assert {str(level) for level in found.due} == {"officer", "head"}
    assert len(found.gaps) == 1
    assert "năm 2027" in found.gaps[0]
    assert [each.on for each in planned(of, RULE, only_2026)][-2:] == [None, None]


def test_the_plan_says_why_a_step_is_moved():
    plan = planned(base(date(2026, 3, 18)), RULE, CALENDAR)

    assert plan[0].on == date(2026, 3, 13)
    assert plan[0].why == "Chủ nhật 15/03/2026 là ngày nghỉ (nghỉ hằng tuần)"
    assert plan[1].why == ""


def test_a_step_that_is_off_urges_nobody_and_is_not_planned():
    rule = with_step("late-3", is_on=False)
    of = base(date(2026, 3, 18))

    assert all(key != "late-3" for _, _, key in first_days(of, rule))
    assert len(planned(of, rule, CALENDAR)) == 4


@given(due=DUES, number=st.integers(-40, 40))
@settings(max_examples=150, deadline=None)
def test_nobody_is_urged_on_a_day_off_and_never_before_a_step_is_reached(due, number):
    day = due + timedelta(days=number)

    found = urgings_on(day, base(due), RULE, CALENDAR).due

    if found:
        assert CALENDAR.is_working(day)
    for each in found.values():
        assert each.on <= day
        assert CALENDAR.is_working(each.on)
        assert each.on <= each.raw_on if each.step.side != Side.AFTER else each.on >= each.raw_on


@given(due=DUES)
@settings(max_examples=25, deadline=None)
def test_run_every_day_each_level_hears_each_step_at_most_once_and_in_order(due):
    of = Base(due, date(2027, 12, 31))

    told = first_days(of)

    offsets = {each.key: each.offset for each in RULE.steps}
    for level in Level:
        heard = [offsets[key] for _, to, key in told if to == level]
        assert heard == sorted(set(heard))
    # Run daily, nothing is lost: only a step on the same day as a later one may give way.
    assert {level for _, level, _ in told} == set(Level)


@given(due=DUES, number=st.integers(-40, 40), handed_in=st.integers(-40, 40))
@settings(max_examples=100, deadline=None)
def test_a_hand_in_ends_urging_and_changes_nothing_before_it(due, number, handed_in):
    day = due + timedelta(days=number)
    handed_in_on = due + timedelta(days=handed_in)

    found = keys(day, base(due, handed_in_on=handed_in_on))

    assert found == ({} if handed_in_on <= day else keys(day, base(due)))


def test_lateness_is_told_in_calendar_days_and_in_working_days():
    assert lateness(BEFORE_TET, date(2026, 2, 24), CALENDAR) == Lateness(13, 4)
    assert lateness(BEFORE_TET, date(2026, 2, 24), CALENDAR).in_words() == (
        "quá hạn 13 ngày (4 ngày làm việc)"
    )


@pytest.mark.parametrize(
    ("day", "words", "late"),
    [
        (date(2026, 3, 17), "còn 3 ngày", False),
        (date(2026, 3, 20), "hôm nay là hạn", False),
        (date(2026, 3, 22), "quá hạn 2 ngày (0 ngày làm việc)", True),
    ],
)
def test_lateness_in_words(day, words, late):
    found = lateness(date(2026, 3, 20), day, CALENDAR)

    assert (found.in_words(), found.is_late) == (words, late)


def test_lateness_without_a_calendar_keeps_calendar_days_and_says_what_is_missing():
    found = lateness(date(2026, 3, 20), date(2026, 3, 24), WorkingCalendar())

    assert found.in_words() == "quá hạn 4 ngày (chưa tính được ngày làm việc)"


def test_a_rule_is_stored_and_read_back_as_it_was():
    rule = replace(with_step("late-1", offset=2, is_on=False), until_time=time(16, 0))

    assert read_rule(rule_to_data(rule)) == rule


def test_hours_are_from_the_first_minute_to_before_the_last():
    assert [RULE.is_open(time(*each)) for each in ((7, 29), (7, 30), (16, 59), (17, 0))] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (replace(RULE, steps=RULE.steps[:-1]), "đủ và đúng thứ tự"),
        (with_step("before", offset=2), "đủ và đúng thứ tự"),
        (with_step("before", offset=-31), "nhiều nhất 30 ngày"),
        (with_step("late-3", offset=61), "nhiều nhất 60 ngày"),
        (with_step("late-2", offset=8), "“Quá hạn, lần 3” phải sau “Quá hạn, lần 2”"),
        (with_step("due", to=()), "hãy chọn ít nhất một nơi nhận"),
        (replace(RULE, from_time=time(17, 0)), "Giờ bắt đầu"),
        # The hourly schedule would never meet such hours.
        (replace(RULE, from_time=time(8, 5), until_time=time(8, 55)), "ít nhất một giờ"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule, said):
    with pytest.raises(RuleError, match=said):
        check_rule(rule)


def test_a_step_that_is_off_may_overlap_another():
    check_rule(with_step("late-2", offset=9, is_on=False))


def test_differences_are_the_changed_lines_old_and_new():
    new = replace(
        with_step("late-1", offset=2, to=(Level.OFFICER, Level.HEAD), channel=Channel.PRODUCT),
        from_time=time(8, 0),
    )

    assert differences(RULE, RULE) == []
    assert differences(RULE, new) == [
        (
            "Quá hạn, lần 1: sau hạn 1 ngày, thủ trưởng đơn vị, trong phần mềm và thư điện tử",
            "Quá hạn, lần 1: sau hạn 2 ngày, cán bộ phụ trách, thủ trưởng đơn vị, trong phần mềm",
        ),
        ("giờ gửi 07:30 – 17:00", "giờ gửi 08:00 – 17:00"),
    ]


def test_steps_in_words():
    before, due, *_ = RULE.steps

    assert before.when == "trước hạn 3 ngày"
    assert due.when == "đúng ngày đến hạn"
    assert replace(due, to=()).whom == "không ai"
    assert with_step("due", is_on=False).steps[1].in_words() == "Nhắc ngày đến hạn: tắt"
