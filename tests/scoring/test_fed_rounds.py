"""A sheet given back: what reports say since then counts, and no accepted figure is lost."""

import pytest

from tests.factories.scoring import sheet_of
from tests.reporting.accepting import DECEMBER, accept, accepted, correct
from tests.reporting.made import open_periods
from tests.scoring.fed import DUE, LATER, PAID, appraise, issue, submit
from thidua.reporting import services as reporting
from thidua.scoring import services
from thidua.scoring.queries import unappraised
from thidua.scoring.queries.facts import claimed_facts, decided_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(world):
    open_periods(world.one)
    issue(world.one)
    return world.one


def facts_of(world, side):
    sheet = sheet_of(world, 1)
    return side(sheet, sheet.scores.all())


def give_back(world):
    sheet = sheet_of(world, 1)
    return services.return_sheet(sheet=sheet, reason="Sửa a3", actor=world.lead_head, at=LATER)


def test_T03_an_appraisal_does_not_stand_for_a_figure_fed_after_the_sheet_was_given_back(one):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    submit(one)
    appraise(one, "a2")
    give_back(one)

    accept(one, correct(one, report, "Trả lại 30", **{PAID: "120"}))
    submit(one)

    assert facts_of(one, decided_facts)["thu_hoi"] == "60"
    waiting = [score.criterion.code for score in unappraised(sheet_of(one, 1))]
    assert "a2" in waiting


def test_a_sheet_given_back_while_the_report_is_too_keeps_the_figure_accepted_last(one):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    submit(one)
    accept(one, correct(one, report, "Trả lại 30", **{PAID: "120"}))
    report.refresh_from_db()
    reporting.return_report(report=report, reason="Xem lại", actor=one.lead_head, at=DECEMBER)

    give_back(one)

    assert facts_of(one, claimed_facts)["thu_hoi"] == "60"
