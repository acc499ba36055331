"""What people type to sign in and to change their password."""

import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

# Argon2 reads all of it: nobody may make the server hash a novel.
LONGEST_PASSWORD = 256


def _password(label: str, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(LoginForm):  # type: ignore[misc]
    """Name and password. `clean` raises the same sentence whatever was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="Tên đăng nhập",
            max_length=150,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                }
            ),
        )
        self.fields["password"] = _password("Mật khẩu", "current-password")

    def clean_login(self) -> str:
        """One spelling of each name, or failures would be counted apart ("NAM", "Nam", "nam")."""
        return unicodedata.normalize("NFKC", self.cleaned_data["login"]).strip().lower()


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The current password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "oldpassword": _password("Mật khẩu hiện tại", "current-password"),
            "password1": _password("Mật khẩu mới", "new-password"),
            "password2": _password("Nhập lại mật khẩu mới", "new-password"),
        }

    def clean_oldpassword(self) -> str:
        """Counted like a sign-in: a stolen session is no place to guess the password."""
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed

    def clean_password1(self) -> str:
        """The rules of AUTH_PASSWORD_VALIDATORS, and not the old password again."""
        new: str = self.cleaned_data["password1"]
        if new == self.cleaned_data.get("oldpassword"):
            raise ValidationError("Mật khẩu mới phải khác mật khẩu hiện tại.")
        validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Hai lần nhập mật khẩu mới không giống nhau.")
        return cleaned
