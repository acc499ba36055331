"""Reports filled in, handed in and started by several people at the same moment."""

import pytest

from tests.factories.world import make_world
from tests.reporting.made import MARCH, fill, open_periods, save, start
from tests.scoring.test_cross_reviews_races import together
from thidua.audit.models import Action, Entry
from thidua.reporting import services
from thidua.reporting.models import Report
from thidua.reporting.services import Typed

pytestmark = pytest.mark.django_db(transaction=True)


def test_R08_one_cell_saved_by_several_at_once_takes_one_of_them():
    one = make_world().one
    report = start(one)

    answers = together(
        *(
            lambda number=number: services.save_figures(
                report=report,
                form="ttr1",
                cells=[Typed("ttr1-ket-luan", str(number)), Typed("ttr1-don-vi", str(number))],
                actor=one.officers[1],
                at=MARCH,
            )
            for number in range(1, 5)
        )
    )

    assert sorted(answers) == ["StaleCells"] * 3 + ["done"]
    won = answers.index("done") + 1
    assert {each.value for each in report.figures.all()} == {won}
    assert Entry.objects.filter(action=Action.FIGURES_SAVED).count() == 1


def test_R08_different_cells_at_once_are_all_kept():
    one = make_world().one
    report = start(one)
    keys = ["ttr1-ket-luan", "ttr1-don-vi", "ttr1-cuoc-dot-xuat", "ttr1-cuoc-ke-hoach"]

    answers = together(
        *(
            lambda key=key: services.save_figures(
                report=report, form="ttr1", cells=[Typed(key, "1")], actor=one.heads[1], at=MARCH
            )
            for key in keys
        )
    )

    assert answers == ["done"] * 4
    report.refresh_from_db()
    assert (report.figures.count(), report.version) == (4, 5)


def test_a_report_started_by_two_at_once_is_one():
    one = make_world().one
    period = open_periods(one)["q1"]

    answers = together(
        *(
            lambda actor=actor: services.start_report(
                period=period, membership=one.memberships[1], actor=actor, at=MARCH
            )
            for actor in (one.officers[1], one.heads[1])
        )
    )

    assert answers == ["done"] * 2
    assert Report.objects.count() == 1
    assert Entry.objects.filter(action=Action.REPORT_STARTED).count() == 1


def test_T04_a_cell_and_the_hand_in_at_once_leave_no_half():
    one = make_world().one
    report = start(one)
    fill(one, report)

    answers = together(
        lambda: save(one, report, "ttr3", c1="5"),
        lambda: services.submit_report(report=report, actor=one.heads[1], at=MARCH),
    )

    report.refresh_from_db()
    kept = report.figures.get(indicator_key="ttr3-van-ban-moi").value
    assert answers[1] == "done"
    assert report.state == Report.State.SUBMITTED
    assert (answers[0], kept) in {("done", 5), ("RuleError", 0)}
