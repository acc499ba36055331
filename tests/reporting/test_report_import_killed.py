"""R02: the server dies in the middle of an import of 10,000 rows. All or nothing, and again is once."""

import os
import signal

import pytest
from django.db import connection, transaction

from tests.factories.world import make_world
from tests.reporting.made import MARCH, start
from thidua.audit.models import Entry
from thidua.documents.models import StoredFile
from thidua.reporting import services
from thidua.reporting.models import Figure, ListRow, Report
from thidua.workbooks.reports import Sent
from thidua.workbooks.reports.layout import MOST_ROWS

pytestmark = pytest.mark.django_db(transaction=True)

SENT = Sent(
    version=1,
    cells={"ttr1": {"ttr1-ket-luan": "7", "ttr1-don-vi": "3"}},
    rows={"pctn2": [{"pctn2-ten-vu": f"Vụ {number}"} for number in range(1, MOST_ROWS + 1)]},
)
STEPS = 10


class Killer:
    """Counts the statements; at the chosen one the process is killed, as by the kernel."""

    def __init__(self, at: float = float("inf")) -> None:
        self.at, self.count = at, 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.count >= self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def import_whole(report: Report, officer) -> int:
    return services.import_report(
        report=Report.objects.select_related("membership").get(pk=report.pk),
        sent=SENT,
        name="biểu.xlsx",
        replace=False,
        actor=officer,
        at=MARCH,
    )


def killed_import(report: Report, officer, at: float) -> int:
    """The import in a process of its own, killed at a statement; how that process ended."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    # The parent's connection is the parent's: neither used nor closed here.
    inherited, connection.connection = connection.connection, None
    try:
        with transaction.atomic(), connection.execute_wrapper(Killer(at)):
            import_whole(report, officer)
            # All is written, nothing is committed: the worst moment of all.
            os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(len(str(inherited)) and 1)


def stored() -> tuple[int, ...]:
    return (
        ListRow.objects.count(),
        Figure.objects.count(),
        Entry.objects.count(),
        StoredFile.objects.count(),
        Report.objects.get().version,
    )


def statements(one, report) -> int:
    """How many statements the whole import takes; undone again."""
    counting = Killer()
    with transaction.atomic(), connection.execute_wrapper(counting):
        import_whole(report, one.officers[1])
        transaction.set_rollback(True)
    return counting.count


def test_R02_an_import_killed_anywhere_leaves_nothing_and_is_done_once_when_repeated():
    one = make_world().one
    report = start(one)
    before, officer = stored(), one.officers[1]
    count = statements(one, report)
    assert count > STEPS

    for step in [*range(1, count, count // STEPS), float("inf")]:
        assert killed_import(report, officer, step) == signal.SIGKILL
        assert stored() == before, f"killed at {step} of {count}"

    assert import_whole(report, officer) == 3
    assert stored()[:2] == (MOST_ROWS, 2)
    assert ListRow.objects.order_by("-position").first().position == MOST_ROWS
    with pytest.raises(services.OldWorkbook):
        import_whole(report, officer)
    assert stored()[:2] == (MOST_ROWS, 2)
