"""Own forms under two hands at once (R10, R12)."""

import threading

import pytest
from django.db import connection

from tests.factories.world import make_world
from tests.reporting.made import MARCH, open_periods
from tests.reporting.own import draft, keep, stored
from thidua.reporting.models import OwnForms
from thidua.reporting.services import own_forms as services
from thidua.rules.errors import RuleError

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run the acts at the same moment; what each raised, or None."""
    barrier = threading.Barrier(len(acts))
    raised = [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 - told below
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return raised


def test_R12_two_people_start_one_draft():
    one = make_world().one

    raised = together(*[lambda: draft(one)] * 2)

    assert OwnForms.objects.count() == 1
    assert [type(each) for each in raised if each] == [RuleError]


def test_R10_two_people_save_the_same_draft_and_one_is_told():
    one = make_world().one
    open_periods(one)
    own = keep(one, draft(one))
    forms = [stored(own), stored(own)]

    def save(number):
        services.save_own_form(
            own=own,
            form=forms[number].__class__(**{**vars(forms[number]), "title": f"Tên {number}"}),
            version=own.version,
            actor=one.lead_officer,
            at=MARCH,
        )

    raised = together(lambda: save(0), lambda: save(1))

    assert [type(each) for each in raised if each] == [services.StaleOwnForms]
    assert OwnForms.objects.get().version == own.version + 1
