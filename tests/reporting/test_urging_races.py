"""Urging from several machines at once, and while a unit hands in."""

import pytest
import time_machine

from tests.factories.world import make_world
from tests.reporting.made import MARCH, open_periods
from tests.reporting.test_urging_services import DUE, moment
from tests.scoring.test_cross_reviews_races import together
from thidua.audit.models import Action, Entry
from thidua.notices.models import Notice
from thidua.reporting import services
from thidua.reporting.models import Reminder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one():
    with time_machine.travel(MARCH, tick=True):
        one = make_world().one
        open_periods(one)
    return one


def test_R15_four_machines_that_run_at_once_urge_once(one):
    at = moment(DUE)

    with time_machine.travel(at, tick=True):
        answers = together(*([lambda: services.urge_due(at)] * 4))

    assert answers == ["done"] * 4
    assert Reminder.objects.count() == 6
    assert Notice.objects.count() == 6
    assert Entry.objects.filter(action=Action.REMINDERS_SENT).count() == 1


def test_two_who_set_the_steps_at_once_one_is_told(one):
    from dataclasses import replace
    from datetime import time

    from thidua.rules.urging import shipped_rule

    answers = together(
        *(
            lambda hour=hour: services.change_urging_rule(
                year=one.year,
                rule=replace(shipped_rule(), from_time=time(hour)),
                reason="Thử",
                number=0,
                actor=one.lead_officer,
                at=MARCH,
            )
            for hour in (8, 9)
        )
    )

    assert sorted(answers) == ["RuleError", "done"]
    assert one.year.urging_rules.count() == 1
