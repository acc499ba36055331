"""Loaded before Django reads its settings: test mode, and data in a directory of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("THIDUA_MODE", "test")
if "THIDUA_DATA" not in os.environ:
    # Memory where there is some: every commit is flushed, and a test database is worth no disk.
    memory = Path("/dev/shm")
    place = tempfile.mkdtemp(
        prefix="thidua-test-", dir=memory if os.access(memory, os.W_OK) else None
    )
    # WhiteNoise warns of a missing directory, and warnings are errors.
    Path(place, "static").mkdir()
    os.environ["THIDUA_DATA"] = place
    atexit.register(shutil.rmtree, place, ignore_errors=True)
