"""What a person does on the pages on which a points table is written."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse


class _Fields(HTMLParser):
    """The named fields of the last post form of a page, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._select = ""
        self._area = ""
        self._in_form = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._in_form = "main-form" in (given.get("class") or "") or not given.get("action")
        if not self._in_form:
            return
        if tag == "input" and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                self.sent[name] = given.get("value") or "on"
        elif tag == "input":
            self.sent[name] = given.get("value") or ""
        elif tag == "select":
            self._select = name
            self.sent[name] = ""
        elif tag == "option" and self._select and "selected" in given:
            self.sent[self._select] = given.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.sent[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            # A browser drops the line end right after the tag.
            self.sent[self._area] = self.sent[self._area].removeprefix("\n").replace("\n", "\r\n")
            self._area = ""
        elif tag == "form":
            self._in_form = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data


def fields_of(answer: Any) -> dict[str, str]:
    """What a browser would send from the form of a page when nothing is changed."""
    page = _Fields()
    page.feed(answer.content.decode())
    return page.sent


def place(name: str, version: Any, *args: Any, **query: str) -> str:
    where = reverse(f"scoring:{name}", args=[version.year_id, version.number, *args])
    asked = {key.replace("_", "-"): value for key, value in query.items()}
    return f"{where}?{urlencode(asked)}" if asked else where


def send(browser: Any, where: str, **changes: str) -> Any:
    """Open a page, type the changes and save."""
    shown = browser.get(where)
    assert shown.status_code == 200, shown.headers
    fields = fields_of(shown)
    unknown = changes.keys() - fields.keys()
    # A box not ticked and a button not pressed are not sent.
    boxes = {name for name in unknown if name.endswith("-drop") or name == "them-dong"}
    assert unknown == boxes, unknown
    return browser.post(where, {**fields, **changes, "idempotency_key": uuid4().hex})
