"""Writing the journal."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action, Entry


def record(
    actor: User | None,
    action: Action,
    subject: models.Model,
    *,
    at: datetime | None = None,
    year: int | None = None,
    **details: Any,
) -> Entry:
    """Append one entry; call it inside the transaction of the act it records.

    `subject` may have an attribute `journal_year`, the key of the emulation year it belongs to;
    `year` overrides it. `details` must be JSON: decimals and dates as text.
    """
    return Entry.objects.create(
        at=at or timezone.now(),
        actor=actor,
        actor_label=str(actor) if actor else "Hệ thống",
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:300],
        year_id=year if year is not None else getattr(subject, "journal_year", None),
        details=details,
    )
