"""R15: workers that die, end and come back; what they held is taken again and done once."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.db import InterfaceError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.factories.world import NOON
from tests.notices import made
from thidua.notices import schedules, worker, workers
from thidua.notices.jobs import WORKER_DIED, Status, enqueue, take
from thidua.notices.models import Delivery, JobFailure, JobStep, Notice, ScheduleRun, Worker
from thidua.notices.supervisor import worker_beside
from thidua.notices.tidy import tidy
from thidua.notices.worker import BackgroundWorker
from thidua.notices.workers import (
    SILENCE_SECONDS,
    Watch,
    beat,
    end_worker,
    register_worker,
    take_from_the_dead,
)

pytestmark = pytest.mark.django_db

# A worker of the test's own database, in a process of its own.
IN_ITS_OWN_PROCESS = """
import sys
from config import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from thidua.notices import schedules
schedules._registered.clear()
from thidua.notices.worker import work
work()
"""


@pytest.fixture
def nothing_scheduled(monkeypatch):
    monkeypatch.setattr(schedules, "_registered", {})
    made.done.clear()


def from_afar(**changed) -> Worker:
    """A worker of another machine, about which only its beats tell."""
    row = register_worker()
    Worker.objects.filter(pk=row.pk).update(**{"place": "may-khac/b/c/1", **changed})
    row.refresh_from_db()
    return row


class SteadyClock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.django_db(transaction=True)
def test_R15_a_worker_killed_mid_job_loses_nothing_and_repeats_nothing(tmp_path, nothing_scheduled):
    marker = tmp_path / "lan-dau"
    person = made.reachable()
    enqueue(made.tell_twice, person=person.pk, marker=str(marker))
    first = subprocess.Popen(
        [sys.executable, "-c", IN_ITS_OWN_PROCESS, str(connection.settings_dict["NAME"])],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "THIDUA_MODE": "test"},
    )
    wait_for(marker.exists)
    assert Notice.objects.count() == 1

    first.send_signal(signal.SIGKILL)
    first.wait(10)
    BackgroundWorker().run_once()

    task = DBTaskResult.objects.get()
    assert (task.status, len(task.worker_ids)) == (Status.SUCCESSFUL, 2)
    assert sorted(
        key.partition("-")[0] for key in Notice.objects.values_list("key", flat=True)
    ) == [
        "hai",
        "một",
    ]
    assert JobFailure.objects.get().reason == WORKER_DIED
    assert Delivery.objects.filter(state=Delivery.State.SENT).count() == 2


def wait_for(happened, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_R15_a_job_that_kills_its_worker_every_time_is_given_up(nothing_scheduled):
    enqueue(made.write_down, text="chào")
    for _ in range(3):
        dead = from_afar(ended_at=NOON)
        assert take(str(dead.pk)) is not None
        assert take_from_the_dead(Watch(), str(uuid4())) == 1

    assert take(str(uuid4())) is None
    assert DBTaskResult.objects.get().status == Status.FAILED
    assert set(JobFailure.objects.values_list("reason", flat=True)) == {WORKER_DIED}


def test_R12_a_worker_far_away_is_dead_when_its_beats_stand_still_for_long():
    """By a steady clock: what the wall clocks say plays no part."""
    clock = SteadyClock()
    watch = Watch(clock)
    silent, lively = from_afar(beat_at=NOON + timedelta(days=1)), from_afar(beat_at=NOON)
    both = {str(silent.pk), str(lively.pk)}
    dead = set()

    for _ in range(5):
        with time_machine.travel(NOON + timedelta(days=clock.now)):
            dead = watch.dead(both)
        beat(lively)
        clock.now += SILENCE_SECONDS / 4

    assert dead == {str(silent.pk)}


def test_a_worker_of_this_machine_is_looked_up_at_once():
    here = register_worker()
    other_boot = from_afar(place=here.place.replace("/", "/x", 1))
    gone = register_worker()
    Worker.objects.filter(pk=gone.pk).update(place=here.place.rpartition("/")[0] + "/1")
    ended = register_worker()
    end_worker(ended)
    unknown = str(uuid4())

    dead = Watch().dead({str(w.pk) for w in (here, other_boot, gone, ended)} | {unknown})

    assert dead == {str(gone.pk), str(ended.pk), unknown}


def test_letters_of_a_dead_worker_are_there_for_the_next():
    letter = made.letter_to(made.reachable())
    living = register_worker()
    for holder, expected in ((str(living.pk), 0), (str(uuid4()), 1)):
        Delivery.objects.update(leased_by=holder)
        assert take_from_the_dead(Watch(), str(uuid4())) == expected

    letter.refresh_from_db()
    assert (letter.leased_by, letter.state) == ("", Delivery.State.WAITING)


def test_what_a_worker_left_by_an_error_it_takes_up_again(nothing_scheduled):
    enqueue(made.write_down, text="chào")
    one = BackgroundWorker()
    take(one.id)

    one.run_once()

    assert made.done == ["chào"]
    one.row.refresh_from_db()
    assert one.row.ended_at is not None


def test_an_idle_worker_writes_nothing(nothing_scheduled):
    idle = BackgroundWorker()
    assert not idle.turn()

    with CaptureQueriesContext(connection) as asked:
        assert not idle.turn()

    assert [query["sql"].split()[0] for query in asked] == ["SELECT", "SELECT"]


def test_a_beat_brings_a_row_back_that_was_cleared_away():
    row = register_worker()
    beat(row)
    assert Worker.objects.get().beats == 1
    Worker.objects.all().delete()

    beat(row)

    assert Worker.objects.get() == row


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_one_beat_that_fails_is_not_the_last(monkeypatch, error):
    """A living worker that falls silent would have its job done a second time by another."""
    stopped, beats = threading.Event(), []

    def once_in_vain(row):
        beats.append(row)
        if len(beats) == 1:
            raise error("không thông")
        stopped.set()

    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.001)
    monkeypatch.setattr(worker, "beat", once_in_vain)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)

    worker._pulse(None, stopped)

    assert len(beats) == 2


def test_an_error_of_the_work_itself_is_survived_and_tells_nothing(
    nothing_scheduled, monkeypatch, caplog
):
    living = BackgroundWorker()

    def break_down(*_):
        raise ValueError("Nguyễn Thị Tố Cáo")

    monkeypatch.setattr(worker.outbox, "send_due", lambda *_, **__: break_down())
    # The test's own connection is in a transaction and stays open.
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)

    assert living._turn_safely() == worker.LONG_PAUSE_SECONDS
    assert "background work: ValueError, test_worker.py" in caplog.text
    assert "Nguyễn" not in caplog.text


def test_a_worker_ends_after_the_job_at_hand_and_when_its_parent_is_gone(nothing_scheduled):
    ended, orphan = BackgroundWorker(), BackgroundWorker(parent=1)
    enqueue(made.write_down, text="chào")
    ended.end()

    ended.run()
    orphan.run()

    assert made.done == []
    assert Worker.objects.filter(ended_at=None).count() == 0


def test_tidy_keeps_letters_and_what_still_matters():
    letter = made.letter_to(made.reachable())
    for status, days in (
        (Status.SUCCESSFUL, 40),
        (Status.SUCCESSFUL, 20),
        (Status.FAILED, 40),
        (Status.FAILED, 400),
    ):
        job_id = enqueue(made.write_down, text=f"{status} {days}")
        DBTaskResult.objects.filter(pk=job_id).update(
            status=status, finished_at=NOON - timedelta(days=days)
        )
        JobStep.objects.create(job_id=job_id, step="một", done_at=NOON)
    for slot in (1, 2):
        ScheduleRun.objects.create(
            name="hiem", slot=slot, begins_at=NOON, started_at=NOON - timedelta(days=100 - slot)
        )
    from_afar(beat_at=NOON - timedelta(days=40))
    from_afar(beat_at=NOON)

    tidy(NOON)

    kept = [task.args_kwargs["kwargs"]["text"] for task in DBTaskResult.objects.all()]
    assert sorted(kept) == ["FAILED 40", "SUCCESSFUL 20"]
    assert JobStep.objects.count() == 2
    assert ScheduleRun.objects.get().slot == 2
    assert Worker.objects.count() == 1
    assert Delivery.objects.get() == letter


def test_the_keeper_starts_a_dead_worker_again_and_ends_it(tmp_path, monkeypatch):
    monkeypatch.setattr("thidua.notices.supervisor.RESTART_SECONDS", 0.05)
    started = tmp_path / "lan"
    script = (
        "import os, sys, time\n"
        f"open({str(started)!r}, 'a').write(os.environ['THIDUA_WORK_PARENT'] + '\\n')\n"
        f"time.sleep(60 if len(open({str(started)!r}).readlines()) > 1 else 0)\n"
    )

    with worker_beside([sys.executable, "-S", "-c", script]):
        wait_for(lambda: started.exists() and len(started.read_text().split()) == 2)

    assert started.read_text().split() == [str(os.getpid())] * 2


def test_the_keeper_kills_a_worker_that_does_not_end(tmp_path, monkeypatch):
    monkeypatch.setattr("thidua.notices.supervisor.GRACE_SECONDS", 0.2)
    marker = tmp_path / "da-chay"
    script = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(marker)!r}, 'w').close()\n"
        "time.sleep(60)\n"
    )
    began = time.monotonic()

    with worker_beside([sys.executable, "-S", "-c", script]):
        wait_for(marker.exists)

    assert time.monotonic() - began < 10


def test_where_no_process_can_be_looked_up_only_beats_count(monkeypatch):
    monkeypatch.setattr(workers, "PROC", Path("/khong-co"))
    row = register_worker()

    assert row.place.endswith("//") or row.place.endswith("/")
    assert Watch().dead({str(row.pk)}) == set()
    assert timezone.now() - row.beat_at < timedelta(minutes=1)
