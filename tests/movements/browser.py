"""A signed-in browser for page tests; used by the areas that build on the launch too."""

from uuid import uuid4

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Browser:
    """What a person does: open an address, send a form once."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user, backend=BACKEND)

    def get(self, address: str, **extra) -> HttpResponse:
        return self.client.get(address, **extra)

    def text(self, address: str) -> str:
        answer = self.get(address)
        assert answer.status_code == 200, answer
        return " ".join(answer.content.decode().split())

    def post(self, address: str, data=None, *, key: str | None = None, **extra) -> HttpResponse:
        fields = {"idempotency_key": key or uuid4().hex, **(data or {})}
        return self.client.post(address, fields, **extra)

    def queries(self, address: str) -> int:
        """How many queries the page asks, once the session is warm."""
        self.text(address)
        with CaptureQueriesContext(connection) as asked:
            self.text(address)
        return len(asked)

    def said(self, answer: HttpResponse) -> list[str]:
        """The messages of the page that a redirect leads to."""
        page = self.client.get(answer.headers["Location"])
        return [str(message) for message in page.context["messages"]]


def words(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())
