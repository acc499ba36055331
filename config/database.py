"""How the database is opened: SQLite safely by default, PostgreSQL by address (design D1)."""

import sqlite3
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

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
                # Otherwise REPLACE deletes a row behind the back of the triggers that guard it.
                "PRAGMA recursive_triggers=ON;"
            ),
        },
    }


SYNCHRONOUS_FULL = 2


def refuse_unsafe(connection: BaseDatabaseWrapper) -> None:
    """Stops the start of a server whose database may forget what it acknowledged (R06)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            safe = cursor.fetchone()[0] >= SYNCHRONOUS_FULL
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            safe = fsync == "on" and commit != "off"
    if not safe:
        raise ImproperlyConfigured(
            "Cơ sở dữ liệu đang chạy ở chế độ có thể mất dữ liệu đã báo là đã lưu khi mất điện. "
            "Hãy đặt synchronous=FULL (SQLite), hoặc fsync=on và synchronous_commit khác off "
            "(PostgreSQL)."
        )
