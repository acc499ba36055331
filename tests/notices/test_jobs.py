"""R15: three tries, then "lỗi" with the reason; effects once."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from tests.factories.world import NOON
from tests.notices import made
from thidua.audit.models import Action, Entry
from thidua.notices.jobs import (
    PAUSES,
    UNKNOWN,
    Status,
    enqueue,
    fail,
    first_time,
    label_of,
    reason_of,
    run,
    take,
)
from thidua.notices.models import JobFailure, JobStep
from thidua.notices.services import run_job_again
from thidua.rules.errors import RuleError

pytestmark = pytest.mark.django_db
ME, OTHER = str(uuid4()), str(uuid4())


@pytest.fixture(autouse=True)
def clock():
    made.done.clear()
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def work() -> bool:
    task = take(ME)
    if task is not None:
        run(task)
    return task is not None


def test_a_job_is_done_once_and_says_so():
    enqueue(made.write_down, text="chào")

    assert work()
    assert not work()

    assert made.done == ["chào"]
    assert DBTaskResult.objects.get().status == Status.SUCCESSFUL


def test_a_job_goes_with_the_transaction_that_queued_it():
    with transaction.atomic():
        enqueue(made.write_down, text="chào")
        transaction.set_rollback(True)

    assert not work()


def test_R15_a_job_that_always_fails_ends_after_three_tries_with_its_reason(clock):
    enqueue(made.always_fails)

    waits = []
    for _ in range(2):
        assert work()
        waits.append(DBTaskResult.objects.get().run_after - NOON)
        assert not work()
        clock.move_to(DBTaskResult.objects.get().run_after)
    assert work()
    clock.shift(timedelta(days=30))

    assert not work()
    assert made.done == ["thử"] * 3
    assert waits == [PAUSES[0], PAUSES[0] + PAUSES[1]]
    task = DBTaskResult.objects.get()
    assert (task.status, label_of(task)) == (Status.FAILED, "Luôn hỏng")
    reasons = JobFailure.objects.order_by("number").values_list("number", "reason")
    assert list(reasons) == [(n, "Mẫu công văn chưa có người ký.") for n in (1, 2, 3)]


def test_T09_an_error_of_the_program_tells_where_and_not_what(caplog):
    enqueue(made.breaks)

    with caplog.at_level(logging.DEBUG):
        work()

    reason = JobFailure.objects.get().reason
    assert reason.startswith("Lỗi của chương trình: ValueError, made.py dòng ")
    assert "Nguyễn" not in reason + caplog.text
    assert DBTaskResult.objects.get().traceback == ""


def test_a_busy_database_is_called_by_its_name():
    assert reason_of(OperationalError("locked")).startswith("Cơ sở dữ liệu đang bận")


def test_a_job_this_version_does_not_know_fails_in_words():
    enqueue(made.write_down, text="chào")
    DBTaskResult.objects.update(task_path="tests.notices.made.gone")

    work()

    assert JobFailure.objects.get().reason == UNKNOWN
    assert label_of(DBTaskResult.objects.get()) == "gone"


def test_an_idle_worker_reads_once_and_asks_for_no_lock():
    with CaptureQueriesContext(connection) as asked:
        assert take(ME) is None

    assert len(asked) == 1


def test_R15_a_step_is_the_first_time_only_once():
    job_id = str(uuid4())
    with first_time(job_id, "một") as is_first:
        assert is_first
    with first_time(job_id, "một") as is_first:
        assert not is_first
    with first_time(job_id, "hai") as is_first:
        assert is_first


def test_R15_a_step_that_fails_leaves_neither_effect_nor_mark():
    job_id = str(uuid4())

    with first_time(job_id):
        made.told(made.reachable())
        transaction.set_rollback(True)

    assert (JobStep.objects.count(), made.Notice.objects.count()) == (0, 0)


def test_R15_who_lost_a_job_to_another_no_longer_decides_on_it():
    enqueue(made.write_down, text="chào")
    mine = take(ME)
    DBTaskResult.objects.update(status=Status.READY)
    theirs = take(OTHER)

    fail(mine, "Muộn")
    assert DBTaskResult.objects.get().status == Status.RUNNING
    run(theirs)
    fail(mine, "Muộn")

    assert DBTaskResult.objects.get().status == Status.SUCCESSFUL
    assert not JobFailure.objects.exists()


def test_R12_a_clock_set_back_a_day_holds_no_job_back(clock):
    clock.shift(timedelta(days=1))
    enqueue(made.always_fails)
    work()

    clock.shift(-timedelta(days=1))

    assert work()
    assert len(made.done) == 2


def test_a_job_given_up_is_run_again_by_the_administrator(world, clock):
    enqueue(made.always_fails)
    for _ in range(3):
        work()
        clock.shift(timedelta(hours=1))
    task = DBTaskResult.objects.get()

    with pytest.raises(PermissionDenied):
        run_job_again(task=task, actor=world.one.heads[0], at=NOON)
    run_job_again(task=task, actor=world.administrator, at=NOON)
    with pytest.raises(RuleError, match="không ở trạng thái lỗi"):
        run_job_again(task=task, actor=world.administrator, at=NOON)

    assert work()
    assert DBTaskResult.objects.get().status == Status.READY
    entry = Entry.objects.get(action=Action.JOB_RUN_AGAIN)
    assert entry.details == {"reason": "Mẫu công văn chưa có người ký."}
