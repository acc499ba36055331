"""What other packages and `accounts`, which may not know the journal, report to it.

Imported once when the application starts; importing is connecting.
"""

from typing import Any

from allauth.account.signals import password_changed
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from thidua.accounts.models import User
from thidua.accounts.signals import sessions_ended
from thidua.audit.models import Action
from thidua.audit.services import record


@receiver(user_logged_in, dispatch_uid="audit.signed_in")
def on_signed_in(user: User, **kwargs: Any) -> None:
    record(user, Action.SIGNED_IN, user)


@receiver(user_locked_out, dispatch_uid="audit.locked_out")
def on_locked_out(request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    """One entry when a lock begins; attempts while it lasts add none.

    A name nobody has leaves no entry: people type passwords there, and the journal never forgets.
    """
    if getattr(request, "axes_failures_since_start", None) != settings.AXES_FAILURE_LIMIT:
        return
    user = User.objects.filter(username=username).first()
    if user is not None:
        record(None, Action.LOCKED_OUT, user, failures=settings.AXES_FAILURE_LIMIT)


@receiver(password_changed, dispatch_uid="audit.password_changed")
def on_password_changed(user: User, **kwargs: Any) -> None:
    record(user, Action.PASSWORD_CHANGED, user)


@receiver(sessions_ended, dispatch_uid="audit.sessions_ended")
def on_sessions_ended(user: User, actor: User | None, count: int, **kwargs: Any) -> None:
    record(actor, Action.SESSION_ENDED, user, sessions=count)
