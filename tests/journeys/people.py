"""A person at a browser: signs in with a password and works page by page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from thidua.accounts.models import User

PASSWORD = "hop-vu-hoi-nghi-2024"


def give_passwords(hasher_password: str = PASSWORD) -> None:
    """Everybody in the database gets the same password; hashed once, since hashing is slow."""
    first = User.objects.first()
    assert first is not None
    first.set_password(hasher_password)
    User.objects.update(password=first.password)


@dataclass
class Person:
    """One person with a browser window of their own."""

    page: Page

    def go(self, address: str) -> None:
        self.page.goto(address)

    def press(self, name: str, *, exact: bool = False) -> None:
        """The button or link of that name."""
        target = self.page.get_by_role("button", name=name, exact=exact)
        if target.count() == 0:
            target = self.page.get_by_role("link", name=name, exact=exact)
        target.first.click()
        self.page.wait_for_load_state()

    def confirm(self, opener: str, yes: str) -> None:
        """A button that opens a dialog, then the dialog's own."""
        self.page.get_by_role("button", name=opener).first.click()
        self.page.get_by_role("dialog").get_by_role("button", name=yes).click()
        self.page.wait_for_load_state()

    def reads(self, text: str) -> None:
        # As long as the browser waits for a page: other tests keep the machine busy.
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=15_000)

    def download(self, name: str, into: Path) -> Path:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name).first.click()
        path = into / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path


def sign_in(open_page: Callable[..., Page], username: str, **options: Any) -> Person:
    """Through the sign-in page, as a person does."""
    page = open_page("/tai-khoan/dang-nhap/", **options)
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").last.click()
    page.wait_for_url("**/nam/*/")
    return Person(page)
