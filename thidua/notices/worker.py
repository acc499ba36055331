"""The background worker: queues what is due, does the jobs, sends the letters, sleeps."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import Error, close_old_connections, connections
from django.utils import timezone

from thidua.notices import jobs, outbox
from thidua.notices.models import Worker
from thidua.notices.schedules import Clerk
from thidua.notices.workers import (
    BEAT_SECONDS,
    Watch,
    beat,
    end_worker,
    register_worker,
    take_from_the_dead,
)

logger = logging.getLogger(__name__)

# Names the process beside which this one works (home/supervisor.py).
PARENT = "THIDUA_WORK_PARENT"
PAUSE_SECONDS = 2.0
# After an error of the worker itself, such as a database that is away.
LONG_PAUSE_SECONDS = 15.0
LOOK_FOR_DEAD_SECONDS = 30.0


class BackgroundWorker:
    """One worker. `parent`, a process number: it ends when that process is no longer its parent."""

    def __init__(self, *, parent: int | None = None) -> None:
        self.row: Worker = register_worker()
        self.ending = threading.Event()
        self._parent = parent
        self._clerk = Clerk()
        self._watch = Watch()
        self._next_look = 0.0

    @property
    def id(self) -> str:
        return str(self.row.pk)

    def end(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Finish what is at hand, then end; also a signal handler."""
        self.ending.set()

    def is_ending(self) -> bool:
        if self._parent is not None and os.getppid() != self._parent:
            self.ending.set()
        return self.ending.is_set()

    def run(self) -> None:
        """Work until told to end."""
        with self._alive():
            while not self.is_ending():
                self.ending.wait(self._turn_safely())

    def run_once(self) -> None:
        """Everything that is due now, then the end."""
        with self._alive():
            while not self.is_ending() and self.turn():
                pass

    def turn(self) -> bool:
        """One look at everything; True where there was something. Asks to write only then."""
        self._look_for_dead()
        queued = self._clerk.queue_due(timezone.now())
        task = jobs.take(self.id)
        if task is not None:
            jobs.run(task)
        sent = outbox.send_due(self.id, is_ending=self.is_ending)
        return bool(queued or task or sent)

    def _turn_safely(self) -> float:
        """One turn; how long to sleep after it. Nothing but a signal ends a worker."""
        try:
            close_old_connections()
            return 0.0 if self.turn() else PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001 - the next turn may find the database again
            logger.error("background work: %s", jobs.place_of(error))  # noqa: TRY400 - T09
            connections.close_all()
            self._next_look = 0.0
            return LONG_PAUSE_SECONDS

    def _look_for_dead(self) -> None:
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + LOOK_FOR_DEAD_SECONDS
        take_from_the_dead(self._watch, self.id)

    @contextmanager
    def _alive(self) -> Iterator[None]:
        """While this lasts, the others know that this worker lives; also while it is ending."""
        stopped = threading.Event()
        pulse = threading.Thread(target=_pulse, args=(self.row, stopped), daemon=True)
        pulse.start()
        try:
            yield
        finally:
            stopped.set()
            pulse.join()
        end_worker(self.row)


def _pulse(row: Worker, stopped: threading.Event) -> None:
    """A thread, so that a long job or a slow mail server does not look like death."""
    while not stopped.wait(BEAT_SECONDS):
        try:
            beat(row)
        except Error as error:
            logger.warning("no beat: %s", type(error).__name__)
        finally:
            connections.close_all()


def work(*, once: bool = False) -> None:
    """Run a worker in this process until a signal, or until nothing is due."""
    parent = os.environ.get(PARENT)
    worker = BackgroundWorker(parent=int(parent) if parent else None)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.end)
    if once:
        worker.run_once()
    else:
        worker.run()
