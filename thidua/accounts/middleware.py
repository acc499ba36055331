"""Sessions that end by themselves, and routes that refuse who is not let in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from thidua.accounts.access import access_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SIGNED_IN = "signed_in_at"
LAST_SEEN = "last_seen_at"
CHANGE_PAGE = "account_change_password"
# A write to the session for every click costs a disk flush; once a minute is exact enough.
TOUCH_EVERY_SECONDS = 60

IDLE_END = "Phiên làm việc đã tự kết thúc sau 15 phút không thao tác. Hãy đăng nhập lại."
DAY_END = "Phiên làm việc đã kết thúc sau 12 giờ. Hãy đăng nhập lại."


def start_clock(request: HttpRequest, **kwargs: Any) -> None:
    """At every sign-in, however it was made: the session's hours count from now."""
    now = timezone.now().isoformat()
    request.session[SIGNED_IN] = now
    request.session.pop(LAST_SEEN, None)


class IdleTimeoutMiddleware:
    """Ends a session after 15 minutes without a request, or after 12 hours (threat model T11)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._end_or_touch(request, timezone.now())
        elif SESSION_KEY in request.session:
            # The person was disabled or their password changed: nothing is left to come back to.
            logout(request)
        return self.get_response(request)

    def _end_or_touch(self, request: HttpRequest, now: datetime) -> None:
        idle = _seconds_since(request.session.get(LAST_SEEN), now)
        if (_seconds_since(request.session.get(SIGNED_IN), now) or 0) > settings.SESSION_COOKIE_AGE:
            _end(request, DAY_END)
        elif idle is not None and idle > settings.SESSION_IDLE_SECONDS:
            _end(request, IDLE_END)
        elif (idle is None or idle > TOUCH_EVERY_SECONDS) and not _leaves_no_trace(request):
            request.session[LAST_SEEN] = now.isoformat()
            # What the person sees under "Phiên đăng nhập".
            UserSession.objects.create_from_request(request)


def _leaves_no_trace(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "leaves_no_trace", False)
    except Resolver404:
        return False


def _seconds_since(moment: str | None, now: datetime) -> float | None:
    return (now - datetime.fromisoformat(moment)).total_seconds() if moment else None


def _end(request: HttpRequest, why: str) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    messages.info(request, why)


class AccessMiddleware:
    """Asks the mark of every view before it runs.

    Who still has the password an administrator gave them reaches the change of password and
    nothing else but what is public, signing out among it (threat model T11).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        access = access_of(view)
        if access is None:
            raise ImproperlyConfigured(f"{view.__module__}: route has no declared access")
        if access.public:
            return None
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            return redirect_to_login(_way_back(request))
        if request.user.must_change_password and not _is_change_of_password(request):
            return _lead_to_change(request)
        if access.may is not None and not access.may(request.user):
            raise Http404
        return None


def _is_change_of_password(request: HttpRequest) -> bool:
    return bool(request.resolver_match and request.resolver_match.url_name == CHANGE_PAGE)


def _lead_to_change(request: HttpRequest) -> HttpResponse:
    where = reverse(CHANGE_PAGE)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _way_back(request: HttpRequest) -> str:
    """Where a person is led after signing in again.

    What was posted is gone, and many addresses only take posts: the way back is the page on
    which the form stood.
    """
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if sent_from.netloc == request.get_host() and sent_from.path:
        return sent_from.path
    return reverse("home:front")
