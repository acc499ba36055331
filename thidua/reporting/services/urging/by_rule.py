"""Urging by rule: what the schedule calls, any number of times, with one effect (R15)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.notices.models import Notice
from thidua.notices.services import notify
from thidua.reporting.display.urging import above_body, above_title, unit_body, unit_title
from thidua.reporting.models import Reminder, ReportingPeriod
from thidua.reporting.queries.calendars import loaded_calendar
from thidua.reporting.queries.urging import (
    UNIT,
    People,
    Waiting,
    people_of,
    periods_urged_on,
    urging_of,
    waiting_of,
)
from thidua.reporting.services.urging.shared import (
    KIND,
    locked_period,
    people_told,
    units_of,
)
from thidua.rules.deadlines import WorkingCalendar
from thidua.rules.urging import Channel, DueStep, Level, urgings_on


@dataclass(frozen=True)
class Call:
    """One person to be urged about one unit by one step."""

    recipient: User
    level: Level
    waiting: Waiting
    due: DueStep

    @property
    def is_own(self) -> bool:
        """To the unit's own people; the others get one notice for all units."""
        return self.level in UNIT


def urge_due(at: datetime) -> None:
    """Urge what is due at this moment, once; for the schedule, any number of times a day.

    Each period is one transaction, so that a stop in between loses nothing and repeats nothing;
    trouble with one does not keep the others waiting, but fails the run after them.
    Outside the hours of the year's rule and on days off nothing happens.
    """
    calendar = loaded_calendar()
    failed: list[Exception] = []
    for period in periods_urged_on(timezone.localdate(at)):
        try:
            if _calls(period, at, calendar):
                _urge_period(period.pk, at, calendar)
        except Exception as error:  # noqa: BLE001 - told below, when the others have been urged
            failed.append(error)
    if failed:
        raise failed[0]


@transaction.atomic
def _urge_period(pk: int, at: datetime, calendar: WorkingCalendar) -> list[Reminder]:
    """Looked at again under the lock of the period: two machines urge once."""
    period = locked_period(pk)
    calls = _calls(period, at, calendar)
    reminders = [
        reminder for same in _together(calls) for reminder in _tell(period, same, at, calendar)
    ]
    _record_by_rule(period, reminders, at)
    return reminders


def _calls(period: ReportingPeriod, at: datetime, calendar: WorkingCalendar) -> list[Call]:
    """Who is to be urged now: the latest step of each person and unit, if not sent before."""
    rule = urging_of(period.year).rule
    if not rule.is_open(timezone.localtime(at).time()):
        return []
    day = timezone.localdate(at)
    due = [
        (each, urgings_on(day, each.base, rule, calendar).due)
        for each in waiting_of(period, day, calendar)
    ]
    if not any(steps for _, steps in due):
        return []
    people, sent = people_of(period.year, day), _sent_of(period)
    calls = (call for waiting, steps in due for call in _calls_of(waiting, steps, people))
    return [call for call in calls if not _is_sent(call, sent)]


def _calls_of(waiting: Waiting, due: Mapping[Level, DueStep], people: People) -> Iterable[Call]:
    """For each person the step furthest along, whichever of their parts it reaches them by."""
    found: dict[User, Call] = {}
    for reached, step in due.items():
        level = people.level_over(waiting.membership, reached)
        for user in people.at(waiting.membership, level):
            if user not in found or found[user].due.step.offset < step.step.offset:
                found[user] = Call(user, level, waiting, step)
    return found.values()


# Step and offset of what each person was told about each unit, by the day counted from.
Sent = Mapping[tuple[int, int, date], Sequence[tuple[str, int]]]


def _sent_of(period: ReportingPeriod) -> Sent:
    sent: dict[tuple[int, int, date], list[tuple[str, int]]] = defaultdict(list)
    for each in Reminder.objects.filter(period=period, offset__isnull=False):
        key = (each.membership_id, each.recipient_id, each.counted_from)
        sent[key].append((each.step, each.offset or 0))
    return sent


def _is_sent(call: Call, sent: Sent) -> bool:
    """This step, wherever the rule had it then, or one as far along."""
    key = (call.waiting.membership.pk, call.recipient.pk, call.due.counted_from)
    step = call.due.step
    return any(told == step.key or offset >= step.offset for told, offset in sent.get(key, ()))


def _together(calls: Sequence[Call]) -> Iterable[list[Call]]:
    """The calls that make one notice: a unit's own alone, those above get all units at once."""
    groups: dict[tuple[int, int | None], list[Call]] = defaultdict(list)
    for call in calls:
        groups[call.recipient.pk, call.waiting.membership.pk if call.is_own else None].append(call)
    return groups.values()


def _tell(
    period: ReportingPeriod, calls: Sequence[Call], at: datetime, calendar: WorkingCalendar
) -> list[Reminder]:
    notice = _notice(period, calls, at, calendar)
    return [_remind(period, call, notice, at) for call in calls]


def _notice(
    period: ReportingPeriod, calls: Sequence[Call], at: datetime, calendar: WorkingCalendar
) -> Notice:
    first, waiting = calls[0], [each.waiting for each in calls]
    if first.is_own:
        title = unit_title(period, first.waiting)
        body = unit_body(period, first.waiting, timezone.localdate(at), calendar)
        page = "reports:period"
    else:
        title, body = above_title(period, waiting), above_body(period, waiting)
        page = "reports:urging"
    return notify(
        recipient=first.recipient,
        kind=KIND,
        title=title,
        body=body,
        url=reverse(page, args=[period.year_id, period.pk]),
        key=f"{KIND}:{period.pk}:{_mark(calls)}",
        at=at,
        year=period.year,
        by_mail=any(each.due.step.channel == Channel.MAIL for each in calls),
    )


def _mark(calls: Sequence[Call]) -> str:
    """The same for the same units and steps, so that a notice is told once."""
    parts = sorted(
        f"{each.waiting.membership.pk}/{each.due.counted_from}/{each.due.step.key}"
        for each in calls
    )
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]


def _remind(period: ReportingPeriod, call: Call, notice: Notice, at: datetime) -> Reminder:
    return Reminder.objects.create(
        membership=call.waiting.membership,
        period=period,
        step=call.due.step.key,
        step_name=call.due.step.name,
        offset=call.due.step.offset,
        level=call.level,
        recipient=call.recipient,
        counted_from=call.due.counted_from,
        due_on=call.due.on,
        urged_at=at,
        channel=call.due.step.channel,
        notice=notice,
    )


def _record_by_rule(period: ReportingPeriod, reminders: Sequence[Reminder], at: datetime) -> None:
    """One entry for each step: which units, and who was told."""
    steps: dict[str, list[Reminder]] = defaultdict(list)
    for each in reminders:
        steps[each.step_name].append(each)
    for name, sent in steps.items():
        record(
            None,
            Action.REMINDERS_SENT,
            period,
            at=at,
            step=name,
            organisations=units_of(sent),
            recipients=people_told(sent),
        )
