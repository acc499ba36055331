"""Urging by hand: lead or superior in words of their own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.notices.services import notify
from thidua.organisations.models import Membership
from thidua.reporting.display.urging import hand_body, hand_title
from thidua.reporting.models import Reminder, ReportingPeriod
from thidua.reporting.permissions import can_watch_reports, urgeable
from thidua.reporting.queries.calendars import loaded_calendar
from thidua.reporting.queries.urging import UNIT, People, Waiting, people_of, waiting_of
from thidua.reporting.services.urging.shared import (
    KIND,
    locked_period,
    people_told,
    units_of,
)
from thidua.rules.errors import RuleError
from thidua.rules.reporting.persons import concerns
from thidua.rules.urging import Channel, Level

LONGEST_TEXT = 2000
# A telephone number or an address to answer to may be told; who a person is may not.
NEVER_SENT = {"so-dinh-danh", "nguoi-to-cao"}


@transaction.atomic
def urge_now(
    *,
    period: ReportingPeriod,
    memberships: Sequence[Membership],
    text: str,
    actor: User,
    at: datetime,
) -> list[Reminder]:
    """Lead or superior urges units in words of their own: officers and heads, at any hour.

    By hand a returned report and one of a year that is over may be urged too: a person decides.
    Refused for units that have handed in, that have nobody to be told, or without words.
    """
    period = locked_period(period.pk)
    if not can_watch_reports(actor, period.year):
        raise PermissionDenied
    if len(urgeable(actor, period.year, memberships)) < len(memberships):
        raise PermissionDenied
    text = _checked(memberships, text)
    day = timezone.localdate(at)
    waiting = _still_waiting(period, memberships, day)
    people = people_of(period.year, day)
    told = [(each, _of_unit(each.membership, people)) for each in waiting]
    _refuse_nobody(told)
    reminders = [
        _remind_by_hand(period, each, level, user, text, actor, at)
        for each, users in told
        for user, level in users.items()
    ]
    record(
        actor,
        Action.UNITS_URGED,
        period,
        at=at,
        organisations=units_of(reminders),
        recipients=people_told(reminders),
        text=text,
    )
    return reminders


def _checked(memberships: Sequence[Membership], text: str) -> str:
    if not memberships:
        raise RuleError("Hãy chọn ít nhất một đơn vị để đôn đốc.")
    if not text.strip():
        raise RuleError("Hãy ghi lời đôn đốc gửi tới đơn vị.")
    if len(text) > LONGEST_TEXT:
        raise RuleError(f"Lời đôn đốc dài quá {LONGEST_TEXT} ký tự. Hãy viết ngắn hơn.")
    # Letters leave the server and the journal keeps them for good (T09).
    signs = [each.sentence for each in concerns(text) if each.key in NEVER_SENT]
    if signs:
        raise RuleError(
            f"Lời đôn đốc: {' '.join(signs)} Thư và nhật ký không ghi danh tính; hãy bỏ phần đó."
        )
    return text.strip()


def _still_waiting(
    period: ReportingPeriod, memberships: Sequence[Membership], day: date
) -> list[Waiting]:
    waiting = {each.membership.pk: each for each in waiting_of(period, day, loaded_calendar())}
    done = [each for each in memberships if each.pk not in waiting]
    if done:
        names = ", ".join(each.organisation.short_name for each in done)
        raise RuleError(
            f"{names} đã nộp báo cáo này nên không cần đôn đốc. Hãy mở lại trang rồi chọn đơn vị chưa nộp."
        )
    return [waiting[key] for key in dict.fromkeys(each.pk for each in memberships)]


def _of_unit(membership: Membership, people: People) -> dict[User, Level]:
    """The unit's people; who is officer and head at once is told as head."""
    return {user: level for level in UNIT for user in people.at(membership, level)}


def _refuse_nobody(told: Sequence[tuple[Waiting, Mapping[User, Level]]]) -> None:
    empty = [each.membership.organisation.short_name for each, users in told if not users]
    if empty:
        raise RuleError(
            f"{', '.join(empty)} chưa có cán bộ hay thủ trưởng nào đang giữ vai trò nên không có ai nhận "
            "đôn đốc. Hãy đề nghị quản trị giao vai trò, hoặc bỏ chọn đơn vị này."
        )


def _remind_by_hand(
    period: ReportingPeriod,
    waiting: Waiting,
    level: Level,
    user: User,
    text: str,
    actor: User,
    at: datetime,
) -> Reminder:
    notice = notify(
        recipient=user,
        kind=KIND,
        title=hand_title(period),
        body=hand_body(period, waiting, text, actor),
        # The words stand there in full.
        url=reverse("reports:urging", args=[period.year_id, period.pk]),
        key=f"{KIND}:{period.pk}:{waiting.membership.pk}:{at.isoformat()}",
        at=at,
        year=period.year,
    )
    return Reminder.objects.create(
        membership=waiting.membership,
        period=period,
        level=level,
        recipient=user,
        counted_from=waiting.base.counted_from,
        due_on=timezone.localdate(at),
        urged_at=at,
        urged_by=actor,
        channel=Channel.MAIL,
        text=text,
        notice=notice,
    )
