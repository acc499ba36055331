"""Work in the background: what it is, how it is queued, tried again and given up (R15).

A job is a function at module level that is told its id::

    @job("Soạn công văn đôn đốc")
    def draft_letters(*, job_id: str, period: int) -> None:
        for member in members_of(period):
            with first_time(job_id, f"letter-{member}") as is_first:
                if is_first:
                    draft_letter(member)

    enqueue(draft_letters, period=period.pk)

The row of the job goes with the caller's transaction or not at all. A job may be begun more than
once: its worker may be killed after any line. `first_time` makes each effect happen once, because
the mark of the step and the effect are committed together.
"""

import logging
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import TaskContext, TaskResultStatus
from django_tasks import task as as_task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from thidua.notices.models import JobFailure, JobStep
from thidua.rules.errors import RuleError

logger = logging.getLogger(__name__)

Status = TaskResultStatus
# The library's row of one job.
Queued: TypeAlias = DBTaskResult[Any, Any]
TRIES = 3
# Before the second and the third try; a job whose worker died is taken again at once.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
NOT_OURS = (sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"))
WORKER_DIED = "Tiến trình nền dừng đột ngột khi đang làm việc này."
UNKNOWN = "Bản phần mềm đang chạy không còn việc này."

_labels: dict[str, str] = {}


def job(label: str) -> Callable[[Callable[..., None]], Task[Any, None]]:
    """Make a job of a function at module level; `label` names it for people, in Vietnamese."""

    def make(function: Callable[..., None]) -> Task[Any, None]:
        def run(context: TaskContext, **kwargs: Any) -> None:
            function(job_id=context.task_result.id, **kwargs)

        # Its path in the queue. Not `wraps`: the library looks for `context`, and through that.
        run.__module__, run.__qualname__ = function.__module__, function.__qualname__
        run.__name__, run.__doc__ = function.__name__, function.__doc__
        made: Task[Any, None] = as_task(takes_context=True)(run)  # type: ignore[arg-type]
        _labels[made.module_path] = label
        return made

    return make


def enqueue(function: Task[Any, None], **kwargs: Any) -> str:
    """Queue a job with JSON arguments, inside the caller's transaction; returns its id."""
    return str(function.enqueue(**kwargs).id)


def label_of(task: Queued) -> str:
    """What a job does, in words; the function's name where this version knows it no longer."""
    return _labels.get(task.task_path, task.task_path.rpartition(".")[2])


@contextmanager
def first_time(job_id: str, step: str = "") -> Iterator[bool]:
    """A transaction that is told whether this step of the job is still to be done.

    Effect and mark are committed together: whoever is killed in between has done neither.
    """
    with transaction.atomic():
        yield _claim_step(UUID(job_id), step)


def _claim_step(job_id: UUID, step: str) -> bool:
    if JobStep.objects.filter(job_id=job_id, step=step).exists():
        return False
    try:
        with transaction.atomic():
            JobStep.objects.create(job_id=job_id, step=step, done_at=timezone.now())
    except IntegrityError:
        return False
    return True


def ready() -> QuerySet[Queued]:
    """Jobs whose time has come. No pause is longer than the last one: a job that seems to wait
    longer was put off before the clock was set back (R12)."""
    now = timezone.now()
    due = Q(run_after__lte=now) | Q(run_after__gt=now + PAUSES[-1])
    return DBTaskResult.objects.filter(due, status=Status.READY)


def take(worker_id: str) -> Queued | None:
    """The next job, marked as this worker's; None where there is none. Reads first: on SQLite an
    idle worker must not ask for the one write lock."""
    if not ready().exists():
        return None
    with transaction.atomic():
        found = ready().select_for_update(skip_locked=True).first()
        if found is not None:
            found.claim(worker_id)
    return found


def run(task: Queued) -> None:
    """Do a job that `take` gave; success, or one more failure, is recorded."""
    try:
        result = task.task_result
        function = result.task
    except (ImportError, AttributeError, SuspiciousOperation):
        fail(task, UNKNOWN)
        return
    try:
        context = TaskContext(task_result=result)  # type: ignore[arg-type] # its own subclass
        function.call(context, **result.kwargs)
    except Exception as error:  # noqa: BLE001 - whatever a job raises is its own failure
        logger.warning("job %s failed: %s", task.pk, place_of(error))
        fail(task, reason_of(error))
    else:
        _succeed(task)


@transaction.atomic
def _succeed(task: Queued) -> None:
    """Unless it was taken from this worker in between: then the other one's answer counts."""
    if still_held(task):
        DBTaskResult.objects.filter(pk=task.pk).update(
            status=Status.SUCCESSFUL, finished_at=timezone.now()
        )


@transaction.atomic
def fail(task: Queued, reason: str, *, pause: bool = True) -> None:
    """One try has failed: the next after a pause, or the end after the third, with the reason."""
    if not still_held(task):
        return
    now, number = timezone.now(), len(task.worker_ids)
    JobFailure.objects.create(task=task, number=number, at=now, reason=reason[:300])
    if number >= TRIES:
        change = {"status": Status.FAILED, "finished_at": now}
    else:
        wait = PAUSES[number - 1] if pause else timedelta()
        change = {"status": Status.READY, "run_after": now + wait}
    DBTaskResult.objects.filter(pk=task.pk).update(**change)


def still_held(task: Queued) -> bool:
    """The job is running and nobody has taken it since; locks its row."""
    now = DBTaskResult.objects.select_for_update().get(pk=task.pk)
    return bool(now.status == Status.RUNNING and now.worker_ids == task.worker_ids)


def reason_of(error: Exception) -> str:
    """Why a job failed, in words. An error's own message may quote what people typed (T09)."""
    if isinstance(error, RuleError):
        return str(error)
    if isinstance(error, OperationalError):
        return "Cơ sở dữ liệu đang bận hoặc không kết nối được."
    return f"Lỗi của chương trình: {place_of(error)}."


def place_of(error: Exception) -> str:
    """Kind of an error and the line of ours that met it: all that is told and logged of it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if not frame.filename.startswith(NOT_OURS)] or frames
    name = type(error).__name__
    return f"{name}, {Path(ours[-1].filename).name} dòng {ours[-1].lineno}" if ours else name
