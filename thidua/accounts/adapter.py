"""How allauth behaves here: names and passwords only, no sign-up, one answer for every failure."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from thidua.accounts.models import User

# Threat model T11: who has not signed in for so long must ask to be let in again.
DORMANT_AFTER = timedelta(days=45)

REFUSED = (
    "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đã ngừng dùng. "
    "Hãy kiểm tra lại; nếu quên mật khẩu, hãy liên hệ người quản trị hệ thống."
)
SAID = {
    "account/messages/logged_out.txt": "Đã đăng xuất.",
    "account/messages/password_changed.txt": (
        "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc."
    ),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": REFUSED,
        "account_inactive": REFUSED,
        "enter_current_password": "Mật khẩu hiện tại không đúng.",
        "incorrect_password": "Mật khẩu hiện tại không đúng.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are given by an administrator, never taken."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, or None with nothing to tell an unknown name from a disabled account.

        Failures are counted by axes, which listens to Django's own signal.
        """
        user = authenticate(request, **credentials)
        return user if isinstance(user, User) and not is_dormant(user) else None

    def set_password(self, user: User, password: str) -> None:
        """A password of the person's own choice: nothing is left to change."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages are pages; the product has no second, scripted form of signing in."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """allauth's messages in our words; those without words of ours are not shown."""
        text = message or SAID.get(message_template or "")
        if text:
            super().add_message(request, level, extra_tags=extra_tags, message=text)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_sessions")


def is_dormant(user: User) -> bool:
    """Not signed in for 45 days, nor enabled since."""
    last = max(filter(None, (user.last_login, user.enabled_at)))
    return timezone.now() - last > DORMANT_AFTER
