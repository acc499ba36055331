"""The page of a name that is locked after too many wrong passwords (threat model T11).

It is the same for names that exist and names that do not.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    """429: when to try again, and whom to ask."""
    username = get_client_username(request, credentials) or ""
    now = timezone.now()
    until = locked_until(username, now)
    minutes = max(1, -int((now - until).total_seconds() // 60))
    answer = render(
        request,
        "accounts/locked_out.html",
        {"until": until, "minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT},
        status=429,
    )
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def locked_until(username: str, now: datetime) -> datetime:
    """When fewer failures than the limit will be left to count against this name."""
    pause: timedelta = get_cool_off() or timedelta()
    counted: list[tuple[datetime, int]] = list(
        AccessAttempt.objects.filter(username=username, attempt_time__gte=now - pause)
        .order_by("attempt_time")
        .values_list("attempt_time", "failures_since_start")
    )
    left = sum(failures for _, failures in counted)
    for at, failures in counted:
        left -= failures
        if left < settings.AXES_FAILURE_LIMIT:
            return at + pause
    return now + pause
