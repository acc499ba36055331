"""Two administrators at the same moment."""

from datetime import date

import pytest

from tests.factories.world import NOON, Role, assign, make_user, make_world
from tests.scoring.test_cross_reviews_races import together
from thidua.audit.models import Action, Entry
from thidua.reporting.models import ClockSetting, StoredCalendarYear
from thidua.reporting.queries import current_year_of, loaded_calendar
from thidua.reporting.services import set_clock, store_calendar_year
from thidua.rules.deadlines import Block, CalendarYear, Status, parse_period

pytestmark = pytest.mark.django_db(transaction=True)


def administrators(count):
    world = make_world()
    people = [make_user(f"quantri-{number}", f"Quản trị {number}") for number in range(count)]
    for person in people:
        assign(person, Role.ADMINISTRATOR)
    return world, people


def year_with(day):
    off = Block(date(2027, 3, day), date(2027, 3, day), f"Nghỉ ngày {day}")
    return CalendarYear(2027, Status.OFFICIAL, (f"Công văn {day}",), (off,))


def test_R08_a_year_replaced_by_several_at_once_is_replaced_by_one():
    _, people = administrators(4)
    base = current_year_of(2027).fingerprint

    answers = together(
        *(
            lambda day=day, person=person: store_calendar_year(
                year=year_with(day), base=base, actor=person, at=NOON
            )
            for day, person in enumerate(people, start=1)
        )
    )

    assert sorted(answers) == ["StaleCalendar"] * 3 + ["done"]
    won = answers.index("done") + 1
    assert StoredCalendarYear.objects.get().stored_by == people[won - 1]
    assert loaded_calendar().years[2027] == year_with(won)
    assert Entry.objects.filter(action=Action.CALENDAR_YEAR_STORED).count() == 1


def test_R08_a_clock_set_by_several_at_once_is_set_by_one():
    _, people = administrators(4)

    answers = together(
        *(
            lambda days=days, person=person: set_clock(
                code="inspection-maximum-ttcp",
                lengths={"ordinary": parse_period(f"{days} ngày")},
                reason="Điều 20",
                number=0,
                actor=person,
                at=NOON,
            )
            for days, person in enumerate(people, start=70)
        )
    )

    assert sorted(answers) == ["StaleSetting"] * 3 + ["done"]
    assert ClockSetting.objects.get().lengths == {"ordinary": f"{70 + answers.index('done')} ngày"}
