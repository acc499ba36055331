"""How the database is opened: SQLite safely by default, PostgreSQL by address (design D1)."""

import sqlite3
from pathlib import Path
from typing import Any

# A race in the write-ahead log of SQLite 3.7.0 to 3.51.2 can lose data (threat model R07).
FIRST_SAFE_WAL = (3, 51, 3)


def journal_mode(version: tuple[int, ...] | None = None) -> str:
    """Write-ahead log only where the library is known to be free of the race, else rollback."""
    found = version if version is not None else sqlite3.sqlite_version_info
    return "WAL" if found >= FIRST_SAFE_WAL else "DELETE"


def sqlite_database(path: Path) -> dict[str, Any]:
    """Settings of one SQLite file: what was acknowledged is on the disk, deleted bytes are gone.

    Django itself switches foreign keys on for every connection.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Writers queue at BEGIN instead of failing half-way (measured: 88 % failed without).
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                f"PRAGMA journal_mode={journal_mode()};"
                "PRAGMA synchronous=FULL;"
                "PRAGMA secure_delete=ON;"
            ),
        },
    }
