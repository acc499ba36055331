"""T12: the Big List of Naughty Strings (MIT, tests/data/) in every text field we store."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse

from tests.access.test_matrix import TABLE, address, whole  # noqa: F401 - a fixture
from tests.movements.browser import BACKEND

NAUGHTY = [text for text in json.loads(Path("tests/data/blns.json").read_text()) if text]
# Fields with a fixed form: what is stored there never comes from a person's typing.
FORMED = {
    "username",
    "password",
    "sha256",
    "fingerprint",
    "content_fingerprint",
    "token",
    "media_type",
    "field_name",
    "kind",
    "role",
    "state",
    "action",
    "subject_type",
    "comparison",
    "path",
    "key",
    "content",
    "rounding_mode",
    "serial",
    "location",
    "code",
    "email",
    "canonical",
    "edition",
    "qualifier",
    "indicator_key",
    "form_key",
    "check_key",
    "message_id",
    "leased_by",
    "outline_key",
    "section_key",
    "row",
    "step",
    "level",
    "channel",
    "election",
    "trustees",
    "rehearsal",
    "encrypted_tally",
    "script_sha256",
    "archive_sha256",
    "uuid",
    "credential",
    "certificate",
    "polynomial",
    "voutput",
    "partial",
    "tracker",
    "electorate",
    "reveal",
    "way",
}
ATTRIBUTES_WITH_ADDRESSES = {"href", "src", "action", "hx-get", "hx-post"}


class Page(HTMLParser):
    """Gathers what could run: event handlers, script addresses, scripts with a body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(f"<{tag} {name}>")
            address_ = (value or "").strip().lower()
            if name in ATTRIBUTES_WITH_ADDRESSES and not address_.startswith(
                ("/", "../", "#", "?", "data:image")
            ):
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag in {"iframe", "object", "embed", "style", "base", "marquee", "video", "audio"}:
            self.found.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.found.append(f"script: {data[:80]}")


def text_fields() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every field of ours that may hold what a person typed."""
    for model in apps.get_models():
        if not model.__module__.startswith("thidua.") or model.__name__ in {
            "HandledPost",
            "DemoMark",
        }:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.CharField | models.TextField) and field.name not in FORMED:
                yield model, field


def pieces(limit: int) -> Iterator[str]:
    """All strings, packed together up to a length; over and over."""
    packed: list[str] = []
    current = ""
    for text in NAUGHTY:
        if current and len(current) + 1 + len(text) > limit:
            packed.append(current)
            current = ""
        current = f"{current} {text}".strip()[:limit]
    return cycle([*packed, current])


def test_T12_the_list_is_whole():
    assert len(json.loads(Path("tests/data/blns.json").read_text())) == 461
    assert any("<script" in text for text in NAUGHTY)
    assert len(list(text_fields())) > 25


# Shown on pages and locked as a whole once published or registered.
SHOWN_THOUGH_LOCKED = (
    "movements_launch",
    "movements_goal",
    "documents_signinground",
    "documents_signingplace",
    "documents_signercertificate",
    "reporting_report",
    "reporting_figure",
    "reporting_listrow",
    "reporting_figureexplanation",
    "reporting_narrativesection",
    "reporting_narrativeattachment",
    "reporting_reminder",
    "reporting_urgingrule",
    "ballots_ballot",
    "ballots_question",
    "ballots_candidate",
    "ballots_elector",
    "ballots_teller",
)


def alter(statements: list[str]) -> None:
    # PostgreSQL alters no table that waits for a check of its foreign keys.
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def guards_set_aside() -> Iterator[None]:
    """What these tables hold was typed by somebody before it was locked."""
    names = ", ".join(f"'{table}'" for table in SHOWN_THOUGH_LOCKED)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master "
                f"WHERE type = 'trigger' AND tbl_name IN ({names})"
            )
            guards = cursor.fetchall()
            off = [f'DROP TRIGGER "{name}"' for name, _ in guards]
            on = [sql for _, sql in guards]
        else:
            off = [f'ALTER TABLE "{t}" DISABLE TRIGGER USER' for t in SHOWN_THOUGH_LOCKED]
            on = [f'ALTER TABLE "{t}" ENABLE TRIGGER USER' for t in SHOWN_THOUGH_LOCKED]
    alter(off)
    try:
        yield
    finally:
        alter(on)


def fill(rounds: int) -> Iterator[int]:
    """Write the next strings into every text field of every row, round after round."""
    sources = {
        (model, field.name): pieces(field.max_length or 20_000) for model, field in text_fields()
    }
    for number in range(rounds):
        with guards_set_aside():
            for (model, name), source in sources.items():
                if model.__name__ in {"Entry", "Revision", "Signature", "StoredFile"}:
                    continue
                for row in model._base_manager.all():
                    value = next(source)
                    try_update(model, row.pk, name, value)
        yield number


def try_update(model: type[models.Model], pk: int, name: str, value: str) -> None:
    """Past the services on purpose; rows that the database itself locks keep their text."""
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=pk).update(**{name: value})
    except DatabaseError as error:
        if "không thay đổi" not in str(error) and "chỉ ghi thêm" not in str(error):
            raise


def page_addresses(whole) -> list[str]:  # noqa: F811
    addresses = []
    for name, route in TABLE.items():
        if (
            route.post
            or not route.may
            or name.endswith(("_pdf", "_xlsx", "_json", "_file", ":xlsx", "template"))
        ):
            continue
        if name in {
            "scoring:evidence",
            "documents:signing_download",
            "account_logout",
            "components",
        }:
            continue
        addresses.append(address(whole, name))
    return addresses


@pytest.mark.django_db
def test_T12_no_page_runs_what_a_person_typed(whole):  # noqa: F811
    clients = []
    for actor in ("administrator", "lead_head", "owner_head", "appraiser"):
        client = Client()
        client.force_login(whole.actors[actor], backend=BACKEND)
        clients.append(client)

    for number in fill(6):
        for where in page_addresses(whole):
            answer = clients[number % len(clients)].get(where)
            assert answer.status_code < 500, where
            if answer.status_code == 200:
                page = Page()
                page.feed(answer.content.decode())
                assert page.found == [], (where, page.found[:3])


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_T12_a_browser_meets_no_dialog_and_no_policy_report(whole, open_page, live_server):  # noqa: F811
    for _ in fill(1):
        pass
    session = Client()
    session.force_login(whole.actors["lead_head"], backend=BACKEND)
    page = open_page("/tai-khoan/dang-nhap/")
    page.context.add_cookies(
        [{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": live_server.url}]
    )
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    for where in page_addresses(whole):
        page.goto(where)

    assert dialogs == []


def test_T12_the_watch_finds_a_planted_hole():
    page = Page()
    page.feed('<a href="javascript:alert(1)" onclick="x()">a</a><script>alert(1)</script>')

    assert len(page.found) == 3
    assert reverse("home:front") == "/"
