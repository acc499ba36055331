"""A password must not be made of the name it protects."""

import re
import unicodedata
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError

from thidua.accounts.models import User

MAX_SIMILARITY = 0.7
# Shorter parts ("An", "Lê") stand in too many innocent words.
SHORTEST_PART = 4


def fold(text: str) -> str:
    """Lower case letters and digits only, without tones: "Nguyễn Văn Đạt" → "nguyenvandat"."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", plain)


class NotLikeTheNameValidator:
    """Refuses a password like the user name, the full name or the mail address.

    Vietnamese names are compared without tones, as people type them into passwords.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError naming what the password is too close to."""
        if user is None:
            return
        typed = fold(password)
        given = {
            "tên đăng nhập": user.username,
            "họ và tên": user.full_name,
            "thư điện tử": user.email.partition("@")[0],
        }
        for name, value in given.items():
            if _alike(typed, fold(value)):
                raise ValidationError(
                    f"Mật khẩu này gần giống {name}. Hãy chọn mật khẩu khác hẳn.",
                    code="password_too_similar",
                )

    def get_help_text(self) -> str:
        return "Mật khẩu không được gần giống tên đăng nhập, họ tên hoặc thư điện tử."


def _alike(typed: str, name: str) -> bool:
    if len(name) < SHORTEST_PART or not typed:
        return False
    # The name with a year or a "123" around it is still the name.
    rest = len(typed) - len(name)
    if name in typed and rest <= len(name):
        return True
    return SequenceMatcher(a=typed, b=name).ratio() >= MAX_SIMILARITY
