"""Fixtures of signing in."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, UserFactory
from thidua.accounts.messages import compile_messages
from thidua.accounts.models import User


@pytest.fixture(scope="session", autouse=True)
def vietnamese() -> None:
    """What `make setup` does."""
    for place in settings.LOCALE_PATHS:
        compile_messages(place)


@pytest.fixture
def user(db) -> User:
    return UserFactory()


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A browser in which a person has typed their name and password."""

    def act(user: User, password: str = PASSWORD, **headers: str) -> Client:
        client = Client(headers=headers or None)
        answer = client.post(
            reverse("account_login"), {"login": user.username, "password": password}
        )
        assert answer.status_code == 302
        return client

    return act
