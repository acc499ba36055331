"""Fixtures that every area uses."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.browser import browser, open_page, page, page_of  # noqa: F401

_original_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_guards(self: TransactionTestCase) -> None:
    """A transactional test empties the tables; the triggers that forbid it are set aside.

    They are read back from the database itself, so a new guard needs no change here.
    """
    if connection.vendor != "sqlite":
        # PostgreSQL empties by TRUNCATE, which row triggers do not see.
        _original_teardown(self)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        _original_teardown(self)
    finally:
        with connection.cursor() as cursor:
            for _, sql in guards:
                cursor.execute(sql)


TransactionTestCase._fixture_teardown = _teardown_without_guards  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _no_session_left(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A thread of the live server may still hold a session, and then PostgreSQL drops no database."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The year in a browser first: it is the longest, and the others fill the second core."""
    items.sort(key=lambda item: "test_the_year" not in item.nodeid)


@pytest.fixture
def files_dir(tmp_path: Any, settings: Any) -> Iterator[Any]:
    """An empty place for stored files."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def world(db: None) -> Any:
    """Two clusters with their people (tests/factories/world.py)."""
    from tests.factories.world import make_world

    return make_world()
