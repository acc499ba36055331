"""A real browser for the journeys.

`open_page` opens a page on the live server and fails the test at its end if the browser saw an
error in a script, a break of the content security policy, a missing script, style or picture, an
answer of 500, or a request to any other origin (which is also stopped).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route, sync_playwright

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
]
REPORT_POLICY_BREAKS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP: " + event.violatedDirective + " " + event.blockedURI));
"""
# A refused act answers 4xx, and the browser notes that of its own; answers are watched below.
NOTED_BY_BROWSER = "Failed to load resource"


def executable() -> str | None:
    """The browser named by CHROMIUM, or one on the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Watch:
    """What went wrong in the browser, gathered while a person works."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.faults: list[str] = []

    def is_foreign(self, url: str) -> bool:
        return not url.startswith((f"{self.origin}/", "data:", "blob:", "about:"))

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NOTED_BY_BROWSER):
            self.faults.append(f"console: {message.text}")

    def on_response(self, response: Response) -> None:
        is_part = response.request.resource_type in {"script", "stylesheet", "image", "font"}
        if response.status >= 500 or (is_part and response.status >= 400):
            self.faults.append(f"{response.status}: {response.url}")

    def stop(self, route: Route) -> None:
        self.faults.append(f"foreign origin: {route.request.url}")
        route.abort()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole session."""
    path = executable()
    if path is None:
        pytest.skip("cần chromium: apt-get install chromium")
    # Playwright's event loop runs in the thread of the test, where Django would refuse the ORM.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Opens pages, each with cookies of its own: `open_page("/ui/", width=360)`.

    Parameters: address below the live server ("" opens none), `width`, `height`, and any option
    of a Playwright context, such as `color_scheme="dark"`.
    """
    watch = Watch(live_server.url)
    contexts = []

    def open_(address: str = "", width: int = 1366, height: int = 768, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(REPORT_POLICY_BREAKS)
        context.route(watch.is_foreign, watch.stop)
        context.on("console", watch.on_console)
        context.on("weberror", lambda error: watch.faults.append(f"script: {error.error}"))
        context.on("response", watch.on_response)
        page = context.new_page()
        if address:
            page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    if watch.faults:
        pytest.fail("Trình duyệt ghi nhận lỗi:\n" + "\n".join(watch.faults))


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page on a screen of 1366 × 768."""
    return open_page()


@pytest.fixture
def page_of(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """`page_of(person, place, width=1366)`: a page of the product as a person sees it."""

    def show(person: Any, place: str, width: int = 1366) -> Page:
        page = open_page(width=width, height=800)
        client = Client()
        client.force_login(person, backend=BACKEND)
        name = settings.SESSION_COOKIE_NAME
        session = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page.goto(place)
        return page

    return show
