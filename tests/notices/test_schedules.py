"""Schedules run once a slot, whatever the clock and the number of workers (R12, R15)."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.factories.world import NOON
from thidua.notices import jobs, schedules
from thidua.notices.models import JobFailure, ScheduleRun
from thidua.notices.schedules import Clerk, Schedule, register

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(schedules, "_registered", {})
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def runs():
    found = []
    register("moi-gio", found.append, every=HOUR, label="Mỗi giờ")
    return found


def turn(clerk: Clerk) -> None:
    clerk.queue_due(timezone.now())
    drain()


def drain() -> None:
    while task := jobs.take(str(uuid4())):
        jobs.run(task)


def test_a_slot_begins_on_the_hour_and_the_day_of_ha_noi():
    daily = Schedule("ngay", print, DAY, "")

    assert daily.begins_at(daily.slot(NOON)) == NOON.replace(hour=0)
    assert (
        Schedule("gio", print, HOUR, "").begins_at(
            Schedule("gio", print, HOUR, "").slot(NOON.replace(minute=59))
        )
        == NOON
    )


def test_a_slot_runs_once_and_the_next_one_again(runs, clock):
    one, two = Clerk(), Clerk()
    for _ in range(3):
        turn(one)
        turn(two)
    assert runs == [NOON]

    clock.shift(HOUR)
    turn(two)
    turn(one)

    assert runs == [NOON, NOON + HOUR]
    assert ScheduleRun.objects.count() == 2


def test_slots_missed_while_no_machine_was_on_run_once_afterwards(runs, clock):
    turn(Clerk())
    clock.shift(5 * HOUR)
    clerk = Clerk()
    turn(clerk)
    turn(clerk)

    assert runs == [NOON, NOON + 5 * HOUR]


def test_a_settled_slot_is_asked_about_no_more(runs):
    clerk = Clerk()
    turn(clerk)

    with CaptureQueriesContext(connection) as asked:
        clerk.queue_due(timezone.now())

    assert len(asked) == 0


def test_R12_a_clock_a_day_ahead_and_back_loses_no_hour(runs, clock):
    """The hours to come still come, though the clock was once past them."""
    clerk = Clerk()
    turn(clerk)
    clock.shift(DAY)
    turn(clerk)
    clock.shift(-DAY)
    for _ in range(25):
        turn(clerk)
        clock.shift(HOUR)

    assert runs == [NOON, NOON + DAY, *[NOON + number * HOUR for number in range(1, 25)]]


def test_R12_a_clock_a_day_behind_and_forward_again_repeats_nothing(runs, clock):
    clerk = Clerk()
    for _ in range(3):
        turn(clerk)
        clock.shift(HOUR)
    clock.shift(-DAY)
    turn(clerk)
    clock.shift(DAY)
    turn(clerk)
    turn(clerk)

    assert [at for at in runs if at >= NOON] == [NOON + number * HOUR for number in range(4)]


def test_R12_two_machines_that_differ_by_a_minute_run_a_slot_once(runs):
    ahead, behind = Clerk(), Clerk()
    edge = NOON + HOUR
    for at in (NOON, edge - timedelta(seconds=20), edge):
        ahead.queue_due(at + timedelta(minutes=1))
        drain()
        behind.queue_due(at)
        drain()

    assert ScheduleRun.objects.count() == 2


def test_a_slow_run_is_not_overtaken_by_its_next_slot(runs, clock):
    clerk = Clerk()
    clerk.queue_due(timezone.now())
    clock.shift(HOUR)
    clerk.queue_due(timezone.now())
    assert DBTaskResult.objects.count() == 1

    turn(clerk)
    turn(clerk)

    assert ScheduleRun.objects.count() == 2
    assert len(runs) == 2


def test_R15_a_run_that_fails_is_tried_again_in_the_same_slot(clock):
    tried = []

    def fails_once(at):
        tried.append(at)
        if len(tried) == 1:
            raise ValueError

    register("hong", fails_once, every=DAY)
    clerk = Clerk()
    turn(clerk)
    clock.shift(timedelta(minutes=1))
    turn(clerk)

    assert len(tried) == 2
    assert JobFailure.objects.count() == 1


def test_a_schedule_gone_from_the_program_fails_in_words(runs, monkeypatch):
    Clerk().queue_due(timezone.now())
    monkeypatch.setattr(schedules, "_registered", {})

    turn(Clerk())

    assert JobFailure.objects.get().reason == "Bản phần mềm đang chạy không còn lịch “moi-gio”."


def test_a_name_belongs_to_one_function_and_a_slot_lasts_a_minute():
    register("viec", print, every=HOUR)
    register("viec", print, every=HOUR)

    with pytest.raises(ValueError):
        register("viec", repr, every=HOUR)
    with pytest.raises(ValueError):
        register("nhanh", print, every=timedelta(seconds=30))


@pytest.mark.django_db(transaction=True)
def test_R15_four_workers_at_once_run_a_slot_once_and_every_job_once(runs):
    for number in range(3):
        register(f"viec-{number}", runs.append, every=HOUR)
    start = threading.Barrier(4)
    errors = []

    def work():
        clerk = Clerk()
        start.wait()
        try:
            for _ in range(3):
                turn(clerk)
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(runs) == 4
    assert ScheduleRun.objects.count() == DBTaskResult.objects.count() == 4
