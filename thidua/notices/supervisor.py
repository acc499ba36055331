"""One background worker beside the web server, started again when it dies, ended with it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from thidua.notices.worker import PARENT

RESTART_SECONDS = 5.0
# What the job at hand may still take; after that it is killed, and the job taken again (R15).
GRACE_SECONDS = 20.0

COMMAND = (sys.executable, "-m", "thidua", "work")


@contextmanager
def worker_beside(command: Sequence[str] = COMMAND) -> Iterator[None]:
    """While this lasts a worker runs in a process of its own: a fresh one, never a fork (R15)."""
    keeper = Keeper(command)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class Keeper:
    """Starts the process, waits for its end, starts it again."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end; kill it when it does not."""
        with self._starting:
            self._stopping.set()
            process = self._process
        if process is not None:
            process.terminate()
        self._thread.join(GRACE_SECONDS)
        if process is not None and self._thread.is_alive():
            process.kill()
            self._thread.join()

    def _keep(self) -> None:
        while process := self._spawn():
            process.wait()
            self._stopping.wait(RESTART_SECONDS)

    def _spawn(self) -> "subprocess.Popen[bytes] | None":
        with self._starting:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                self._command,
                env={**os.environ, PARENT: str(os.getpid())},
                # Ctrl+C is for the server, which then ends the worker in its own time.
                start_new_session=True,
            )
            return self._process
