"""Work that comes back: once for every slot of time, whichever worker is first (R12, R15).

A slot becomes a row and a job in one transaction; the job then has the three tries, the reaper and
the reasons of every job (jobs.py). A slot that passed while no machine was on is not made up for:
the slot at hand runs once, so `run` looks at everything that is due until its moment.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from thidua.notices.jobs import Status, enqueue, job
from thidua.notices.models import ScheduleRun
from thidua.rules.errors import RuleError

logger = logging.getLogger(__name__)

# Slots begin on the hours and days of Hà Nội, which knows no summer time.
OFFSET = timedelta(hours=7)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
# What two machines' clocks may differ by; a slot further ahead was run by a clock since set back.
TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Schedule:
    """What runs, how often, and its name for people."""

    name: str
    run: Callable[[datetime], None]
    every: timedelta
    label: str

    def slot(self, at: datetime) -> int:
        return (at - EPOCH + OFFSET) // self.every

    def begins_at(self, slot: int) -> datetime:
        return EPOCH - OFFSET + slot * self.every


_registered: dict[str, Schedule] = {}


def register(
    name: str, run: Callable[[datetime], None], *, every: timedelta, label: str = ""
) -> None:
    """Run a function once in every slot; call it when the area is loaded (`AppConfig.ready`).

    In: `name` a slug, stored with each run; `run` is given the moment at which it runs and may be
    run again for the same slot after a failure, so its effects carry keys; `label` for people.
    ValueError where the name is another function's, or a slot would be shorter than a minute.
    """
    known = _registered.get(name)
    if (known is not None and known.run is not run) or every < timedelta(minutes=1):
        raise ValueError(name)
    _registered[name] = Schedule(name, run, every, label or name)


def registered() -> list[Schedule]:
    """Every schedule, by name."""
    return [_registered[name] for name in sorted(_registered)]


@job("Việc theo lịch")
def run_schedule(*, job_id: str, name: str) -> None:
    """The job of one slot."""
    schedule = _registered.get(name)
    if schedule is None:
        raise RuleError(f"Bản phần mềm đang chạy không còn lịch “{name}”.")
    schedule.run(timezone.now())


class Clerk:
    """Queues what is due; remembers the slots it has settled, so that asking again costs nothing."""

    def __init__(self) -> None:
        self._settled: dict[str, int] = {}

    def queue_due(self, now: datetime) -> int:
        """Queue the slot at hand of every schedule, unless somebody has; returns how many."""
        return sum(self._settle(schedule, now) for schedule in registered())

    def _settle(self, schedule: Schedule, now: datetime) -> bool:
        slot = schedule.slot(now)
        if self._settled.get(schedule.name) == slot:
            return False
        _forget_slots_ahead(schedule, now)
        taken = ScheduleRun.objects.filter(name=schedule.name, slot=slot).exists()
        if not taken and _is_busy(schedule):
            return False
        self._settled[schedule.name] = slot
        return not taken and _queue(schedule, slot, now)


def _queue(schedule: Schedule, slot: int, now: datetime) -> bool:
    """The slot's row and its job; False where another worker was faster."""
    try:
        with transaction.atomic():
            run = ScheduleRun.objects.create(
                name=schedule.name,
                slot=slot,
                begins_at=schedule.begins_at(slot),
                started_at=now,
            )
            run.task_id = enqueue(run_schedule, name=schedule.name)
            run.save(update_fields=["task"])
    except IntegrityError:
        return False
    return True


def _is_busy(schedule: Schedule) -> bool:
    """An earlier slot is still waiting or running: a slow run is never overtaken by the next."""
    open_jobs = DBTaskResult.objects.filter(status__in=[Status.READY, Status.RUNNING])
    return ScheduleRun.objects.filter(name=schedule.name, task__in=open_jobs).exists()


def _forget_slots_ahead(schedule: Schedule, now: datetime) -> None:
    """Slots of the future were run by a clock that was wrong; their own time is still to come."""
    ahead = ScheduleRun.objects.filter(name=schedule.name, begins_at__gt=now + TOLERANCE)
    if ahead.exists():
        logger.warning("clock was set back: %s has runs ahead of %s", schedule.name, now)
        ahead.delete()
