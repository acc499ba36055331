"""Signing in and out, the password, one's sessions."""

import re
from typing import Any

from allauth.account import views as allauth
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from thidua.accounts.access import SignedInRequest, public, signed_in
from thidua.accounts.forms import PasswordForm, SignInForm
from thidua.accounts.queries import own_sessions
from thidua.accounts.services import end_other_sessions, end_session


class SignInView(allauth.LoginView):  # type: ignore[misc]
    form_class = SignInForm
    template_name = "accounts/sign_in.html"


class SignOutView(allauth.LogoutView):  # type: ignore[misc]
    template_name = "accounts/sign_out.html"


class PasswordView(allauth.PasswordChangeView):  # type: ignore[misc]
    form_class = PasswordForm
    template_name = "accounts/password.html"

    def dispatch(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():
            messages.warning(
                request,
                "Tài khoản này chưa có mật khẩu. Hãy nhờ người quản trị hệ thống đặt mật khẩu.",
            )
            return redirect("account_sessions")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        is_first = form.user.must_change_password
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            end_other_sessions(user=form.user, current_key=self.request.session.session_key)
        return redirect(settings.LOGIN_REDIRECT_URL) if is_first else answer


sign_in = public(SignInView.as_view())
# Public, or who was signed out meanwhile would sign in only to be asked to sign out.
sign_out = public(SignOutView.as_view())
password = signed_in(PasswordView.as_view())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: SignedInRequest) -> HttpResponse:
    """One's own sessions; a POST ends one (`session`) or all others."""
    if request.method == "POST":
        return _end(request)
    found = own_sessions(request.user, request.session.session_key, timezone.now())
    return render(request, "accounts/sessions.html", {"sessions": found, "others": len(found) > 1})


def _end(request: SignedInRequest) -> HttpResponse:
    chosen = request.POST.get("session", "")
    if chosen:
        own = UserSession.objects.filter(user=request.user)
        session = get_object_or_404(
            own, pk=int(chosen) if re.fullmatch("[0-9]{1,18}", chosen) else 0
        )
        end_session(session=session, actor=request.user)
        messages.success(request, "Đã kết thúc phiên đăng nhập đã chọn.")
    else:
        end_other_sessions(user=request.user, current_key=request.session.session_key)
        messages.success(request, "Đã kết thúc mọi phiên đăng nhập khác.")
    return redirect("account_sessions")
