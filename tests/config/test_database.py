"""How the database is opened: what was acknowledged is never lost."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from config.database import journal_mode, refuse_unsafe, sqlite_database

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="concerns SQLite")


@pytest.fixture
def opened(db, tmp_path):
    """Connections to one new file, closed afterwards: `opened()` as the product opens it."""
    path = tmp_path / "thử.sqlite3"
    made = []

    def open_(**options):
        settings = sqlite_database(path)
        settings["OPTIONS"] |= options
        found = ConnectionHandler({"default": settings})["default"]
        made.append(found)
        return found

    yield open_
    for each in made:
        each.close()


def pragma(found, name):
    with found.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 6, 23), "DELETE"),
        ((3, 7, 0), "DELETE"),
        ((3, 40, 1), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_R07_write_ahead_log_only_where_the_library_is_free_of_its_race(version, mode):
    assert journal_mode(version) == mode


def test_R07_the_file_is_opened_in_the_mode_fit_for_the_library(opened):
    assert pragma(opened(), "journal_mode") == journal_mode().lower()


def test_R06_every_connection_is_safe(opened):
    found = opened()

    names = ("synchronous", "secure_delete", "foreign_keys", "recursive_triggers")
    assert {name: pragma(found, name) for name in names} == {
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }


@only_sqlite
def test_R06_the_connection_of_the_product_is_safe(db):
    assert pragma(connection, "synchronous") == 2
    assert pragma(connection, "secure_delete") == 1
    assert pragma(connection, "foreign_keys") == 1
    assert pragma(connection, "recursive_triggers") == 1
    refuse_unsafe(connection)


def test_R09_writers_queue_before_their_first_statement(opened):
    first, second = opened(), opened(timeout=0.05)

    def begin(found):
        # `transaction.atomic` looks connections up by alias; these two have none.
        found.ensure_connection()
        found._start_transaction_under_autocommit()

    begin(first)
    with pytest.raises(OperationalError, match="locked"):
        begin(second)
    first.rollback()
    begin(second)
    second.rollback()


@pytest.mark.parametrize("level", ["OFF", "NORMAL"])
def test_R06_start_refuses_a_file_that_may_forget(opened, level):
    unsafe = opened(init_command=f"PRAGMA synchronous={level};")

    with pytest.raises(ImproperlyConfigured, match="synchronous=FULL"):
        refuse_unsafe(unsafe)


def test_R06_start_accepts_the_file_as_the_product_opens_it(opened):
    refuse_unsafe(opened())
    refuse_unsafe(opened(init_command="PRAGMA synchronous=EXTRA;"))


class FakeCursor:
    def __init__(self, row):
        self.row = row

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def execute(self, statement):
        assert statement.startswith("SELECT")

    def fetchone(self):
        return self.row


@pytest.mark.parametrize(
    ("fsync", "commit", "safe"),
    [
        ("on", "on", True),
        ("on", "remote_apply", True),
        ("on", "local", True),
        ("off", "on", False),
        ("on", "off", False),
    ],
)
def test_R06_start_asks_postgresql_too(fsync, commit, safe):
    fake = SimpleNamespace(vendor="postgresql", cursor=lambda: FakeCursor((fsync, commit)))

    if safe:
        refuse_unsafe(fake)
    else:
        with pytest.raises(ImproperlyConfigured, match="fsync=on"):
            refuse_unsafe(fake)


def test_no_transaction_spans_a_whole_request(settings):
    """Measured: reading slows down thirtyfold with SQLite."""
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")
