"""Reading the journal."""

from collections.abc import Sequence
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet

from thidua.accounts.passwords import fold
from thidua.audit.models import Entry


def history_of(*subjects: models.Model, limit: int = 100) -> Sequence[Entry]:
    """What happened to these objects, newest first; one query."""
    wanted = Q(pk__in=[])
    for subject in subjects:
        wanted |= Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return list(Entry.objects.filter(wanted)[:limit])


def filtered(
    entries: QuerySet[Entry],
    *,
    action: str = "",
    person: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """The entries of one action, one person's name, between two days (both included).

    Names are compared without tones and capitals: databases disagree about "Đ" and "đ".
    """
    if person:
        names = entries.order_by().values_list("actor_label", flat=True).distinct()
        entries = entries.filter(actor_label__in=[n for n in names if fold(person) in fold(n)])
    if action:
        entries = entries.filter(action=action)
    if since:
        entries = entries.filter(at__date__gte=since)
    if until:
        entries = entries.filter(at__date__lte=until)
    return entries
