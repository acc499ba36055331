"""Fixtures of scoring: a table in force, people signed in."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.scoring import issue_table, name_appraiser

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def files(files_dir: Any) -> Any:
    """Evidence of one test does not lie about in the next."""
    return files_dir


@pytest.fixture
def one(world: Any) -> Any:
    """The cluster under test, its table issued, its appraiser named for both sections."""
    issue_table(world.one)
    name_appraiser(world.one, "A", "B")
    return world.one


@pytest.fixture
def client_of() -> Any:
    """A browser in which a person is signed in."""

    def sign_in(user: Any, **options: Any) -> Client:
        client = Client(**options)
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in
