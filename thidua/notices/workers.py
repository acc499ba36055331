"""Which workers live, and what the dead have left behind (R15, R12).

A worker holds a job or a letter as long as it lives. It shows that by counting up `beats`. Others
take it for dead when the count has stood still for a while of *their own* steady clock, so that
neither a clock set wrong nor two machines that disagree ever take work from somebody who is at it.
On the same machine a look at the process answers at once.
"""

import os
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from thidua.notices.jobs import WORKER_DIED, Status, fail
from thidua.notices.models import Delivery, Worker

BEAT_SECONDS = 60
# Three beats missed, and a little: a busy database may hold one up.
SILENCE_SECONDS = 200.0
PROC = Path("/proc")


def register_worker() -> Worker:
    """This process, as a worker."""
    now = timezone.now()
    pid = os.getpid()
    return Worker.objects.create(
        place=f"{_machine()}/{_born(pid)}", pid=pid, started_at=now, beat_at=now
    )


def beat(worker: Worker) -> None:
    """Show that the worker lives. A row cleared away in the meantime comes back."""
    now = timezone.now()
    if not Worker.objects.filter(pk=worker.pk).update(beats=F("beats") + 1, beat_at=now):
        worker.beat_at = now
        worker.save(force_insert=True)


def end_worker(worker: Worker) -> None:
    """It ends cleanly, holding nothing."""
    Worker.objects.filter(pk=worker.pk).update(ended_at=timezone.now())


class Watch:
    """Decides who is dead; keeps what it saw of the others, so one lives as long as its worker."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[UUID, tuple[int, float]] = {}

    def dead(self, ids: Iterable[str]) -> set[str]:
        """Of these workers, those that will not come back to what they hold."""
        asked = set(ids)
        known = Worker.objects.in_bulk([UUID(each) for each in asked])
        return {each for each in asked if self._is_dead(known.get(UUID(each)))}

    def _is_dead(self, worker: Worker | None) -> bool:
        if worker is None or worker.ended_at is not None:
            return True
        return _is_gone_from_here(worker) or self._is_silent(worker)

    def _is_silent(self, worker: Worker) -> bool:
        now = self._clock()
        beats, since = self._seen.get(worker.pk, (-1, now))
        if beats != worker.beats:
            self._seen[worker.pk] = (worker.beats, now)
            return False
        return now - since >= SILENCE_SECONDS


def take_from_the_dead(watch: Watch, me: str) -> int:
    """Free the jobs and letters of dead workers; returns how many.

    `me` asks between two jobs: what it still seems to hold was left by an error on the way.
    """
    running = list(DBTaskResult.objects.filter(status=Status.RUNNING))
    leased = Delivery.objects.waiting().exclude(leased_by="")
    holders = {task.worker_ids[-1] for task in running} | set(
        leased.order_by().values_list("leased_by", flat=True).distinct()
    )
    gone = watch.dead(holders - {me}) | (holders & {me})
    if not gone:
        return 0
    orphans = [task for task in running if task.worker_ids[-1] in gone]
    for task in orphans:
        fail(task, WORKER_DIED, pause=False)
    return len(orphans) + leased.filter(leased_by__in=gone).update(leased_by="")


def _machine() -> str:
    """Host, boot and process namespace; processes with the same one see each other's numbers."""
    boot = namespace = ""
    with suppress(OSError):
        boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = str((PROC / "self/ns/pid").readlink())
    return f"{socket.gethostname()[:100]}/{boot}/{namespace}"


def _born(pid: int) -> str:
    """When a living process began, in ticks since the boot; empty where there is none."""
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The second field is a name in brackets and may hold anything.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in {"Z", "X"} else fields[19]


def _is_gone_from_here(worker: Worker) -> bool:
    """The worker ran on this machine, and its process is no more; False where nobody can say."""
    machine, _, born = worker.place.rpartition("/")
    return bool(born) and machine == _machine() and _born(worker.pid) != born
