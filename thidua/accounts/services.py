"""Beginning, ending and clearing sessions; opening and closing accounts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.auth_backends import AuthenticationBackend
from allauth.usersessions.models import UserSession
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from thidua.accounts.models import User
from thidua.accounts.signals import sessions_ended

BACKEND = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__name__}"


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign a person in without asking for the password: only the demo may call this."""
    login(request, user, backend=BACKEND)


@transaction.atomic
def end_session(*, session: UserSession, actor: User) -> None:
    """One session of the actor ends at once, wherever it is."""
    _end([session], owner=session.user, actor=actor)


@transaction.atomic
def end_other_sessions(*, user: User, current_key: str | None) -> int:
    """Every session of a person but the one they are in; returns how many."""
    others = UserSession.objects.filter(user=user).exclude(session_key=current_key)
    return _end(list(others), owner=user, actor=user)


@transaction.atomic
def end_all_sessions(*, user: User, actor: User | None) -> int:
    """Every session of a person, when a role is lost or the account is closed."""
    return _end(list(UserSession.objects.filter(user=user)), owner=user, actor=actor)


@transaction.atomic
def disable(*, user: User, actor: User | None) -> None:
    """Close an account; what it is doing at this moment is its last request."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    end_all_sessions(user=user, actor=actor)


def enable(*, user: User, at: datetime) -> None:
    """Open an account, or wake one that slept for 45 days."""
    User.objects.filter(pk=user.pk).update(is_active=True, enabled_at=at)
    user.is_active, user.enabled_at = True, at


def forget_ended_sessions(now: datetime) -> int:
    """Remove sessions whose time is over; returns how many. Nobody is signed out by this."""
    removed = Session.objects.filter(expire_date__lt=now).delete()[0]
    # A row without its session is shown nowhere; a younger one may belong to one just beginning.
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    kept = Session.objects.values("session_key")
    UserSession.objects.filter(last_seen_at__lt=oldest).exclude(session_key__in=kept).delete()
    return removed


def forget_old_failures(now: datetime) -> int:
    """Remove failed sign-ins that no longer count towards a lock; returns how many."""
    pause: timedelta = get_cool_off() or timedelta()
    removed: int = AccessAttempt.objects.filter(attempt_time__lt=now - pause).delete()[0]
    return removed


def _end(sessions: Iterable[UserSession], *, owner: User, actor: User | None) -> int:
    count = 0
    for session in sessions:
        session.end()
        count += 1
    if count:
        sessions_ended.send(sender=User, user=owner, actor=actor, count=count)
    return count
