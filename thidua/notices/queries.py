"""What the pages of notices and of background work read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q
from django_tasks_db.models import DBTaskResult

from thidua.accounts.models import User
from thidua.notices.jobs import Queued, Status, label_of
from thidua.notices.models import (
    Delivery,
    DeliveryQuerySet,
    JobFailure,
    Notice,
    NoticeQuerySet,
    ScheduleRun,
    Worker,
)
from thidua.notices.schedules import Schedule, registered, run_schedule
from thidua.notices.workers import SILENCE_SECONDS

SHOWN = 30


def notices_of(user: User) -> NoticeQuerySet:
    """A person's notices, unseen first, then the newest."""
    is_seen = ExpressionWrapper(Q(seen_at__isnull=False), output_field=BooleanField())
    found = Notice.objects.visible_to(user).annotate(is_seen=is_seen)
    return found.select_related("year__cluster").order_by("is_seen", "-created_at", "-pk")


@dataclass(frozen=True)
class ScheduleLine:
    """One schedule: when it last ran and how that ended."""

    label: str
    every: str
    started_at: datetime | None
    state: str
    state_label: str


@dataclass(frozen=True)
class JobLine:
    """One job that was given up."""

    pk: str
    label: str
    finished_at: datetime | None
    tries: int
    reason: str


@dataclass(frozen=True)
class Background:
    """The state of background work; no letter's text is in it."""

    workers: Sequence[Worker]
    is_alive: bool
    mail_configured: bool
    waiting: int
    failed: int
    without_address: int
    schedules: Sequence[ScheduleLine]
    queued_jobs: int
    failed_jobs: Sequence[JobLine]


def background(now: datetime) -> Background:
    """Workers, letters, schedules and jobs as they stand; as many queries whatever their number."""
    workers = list(Worker.objects.filter(ended_at=None)[:SHOWN])
    letters = Delivery.objects.all()
    open_jobs = DBTaskResult.objects.filter(status__in=[Status.READY, Status.RUNNING])
    return Background(
        workers=workers,
        is_alive=any(is_heard(worker, now) for worker in workers),
        mail_configured=settings.MAIL_CONFIGURED,
        waiting=letters.waiting().count(),
        failed=letters.filter(state=Delivery.State.FAILED).count(),
        without_address=letters.filter(state=Delivery.State.NO_ADDRESS).count(),
        schedules=_schedule_lines(),
        queued_jobs=open_jobs.count(),
        failed_jobs=_failed_jobs(),
    )


def is_heard(worker: Worker, now: datetime) -> bool:
    """For the page only: work is never taken from anybody by comparing clocks (workers.py)."""
    return abs(now - worker.beat_at) < timedelta(seconds=SILENCE_SECONDS)


def unsent() -> DeliveryQuerySet:
    """Letters that did not go or wait, the failed ones first; never their text."""
    found = Delivery.objects.filter(state__in=[Delivery.State.FAILED, Delivery.State.WAITING])
    return (
        found.select_related("notice__recipient")
        .defer("notice__body", "notice__url")
        .order_by("state", "-pk")
    )


def failed_letters() -> DeliveryQuerySet:
    return Delivery.objects.filter(state=Delivery.State.FAILED).order_by("pk")


def _schedule_lines() -> list[ScheduleLine]:
    last = {run.name: run for run in ScheduleRun.objects.newest().select_related("task")}
    return [_schedule_line(schedule, last.get(schedule.name)) for schedule in registered()]


STATES = {
    Status.READY: ("waiting", "Chờ chạy"),
    Status.RUNNING: ("running", "Đang chạy"),
    Status.SUCCESSFUL: ("done", "Xong"),
    Status.FAILED: ("error", "Lỗi"),
}


def _schedule_line(schedule: Schedule, run: ScheduleRun | None) -> ScheduleLine:
    state = ("none", "Chưa chạy")
    if run is not None:
        # The row of a run outlives its job's, which is cleared away.
        state = STATES[Status(run.task.status)] if run.task else ("done", "Xong")
    return ScheduleLine(
        label=schedule.label,
        every=in_words(schedule.every),
        started_at=run.started_at if run else None,
        state=state[0],
        state_label=state[1],
    )


def in_words(every: timedelta) -> str:
    """How often, as people say it."""
    minutes = every // timedelta(minutes=1)
    for size, name in ((1440, "ngày"), (60, "giờ"), (1, "phút")):
        if minutes % size == 0:
            count = minutes // size
            return f"mỗi {name}" if count == 1 else f"mỗi {count} {name}"
    return f"mỗi {minutes} phút"


def _failed_jobs() -> list[JobLine]:
    newest = JobFailure.objects.order_by("-pk")
    jobs = (
        DBTaskResult.objects.filter(status=Status.FAILED)
        .prefetch_related(Prefetch("failures", newest))
        .order_by("-finished_at")[:SHOWN]
    )
    return [_job_line(task) for task in jobs]


def _job_line(task: Queued) -> JobLine:
    failures = list(task.failures.all())
    return JobLine(
        pk=str(task.pk),
        label=job_label(task),
        finished_at=task.finished_at,
        tries=len(task.worker_ids),
        reason=failures[0].reason if failures else "",
    )


def job_label(task: Queued) -> str:
    """What a job does, in words; of a schedule, the schedule's own name."""
    if task.task_path != run_schedule.module_path:
        return label_of(task)
    name = task.args_kwargs["kwargs"].get("name", "")
    labels = {schedule.name: schedule.label for schedule in registered()}
    return labels.get(name, f"{label_of(task)} “{name}”")
