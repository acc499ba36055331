"""Who has not handed in and how late, whom to urge, who was urged and has seen it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from thidua.accounts.models import User
from thidua.notices.models import Delivery
from thidua.organisations.models import Assignment, EmulationYear, Membership, valid_on
from thidua.reporting.models import Reminder, Report, ReportingPeriod, UrgingRule
from thidua.rules.deadlines import WorkingCalendar, written
from thidua.rules.urging import (
    Base,
    Lateness,
    Level,
    Rule,
    closes_on,
    lateness,
    shipped_rule,
)

Role = Assignment.Role
# A unit's own people; the others are told about all units at once.
UNIT = (Level.OFFICER, Level.HEAD)
# No step lies further before a due date, days off included.
AHEAD = timedelta(days=60)
NOT_STARTED, DRAFTING, RETURNED = "Chưa làm", "Đang làm", "Trả lại để sửa"


@dataclass(frozen=True)
class LoadedUrging:
    """The steps that count in a year; `stored` None where they are the product's own."""

    rule: Rule
    stored: UrgingRule | None

    @property
    def number(self) -> int:
        """How often the year's lead has set them."""
        return self.stored.number if self.stored else 0


def urging_of(year: EmulationYear) -> LoadedUrging:
    """The steps of a year; one query."""
    stored = urging_history(year).first()
    return LoadedUrging(stored.rule if stored else shipped_rule(), stored)


def urging_history(year: EmulationYear) -> QuerySet[UrgingRule]:
    """Every time the steps of the year were set, the newest first."""
    return UrgingRule.objects.filter(year=year).select_related("set_by").order_by("-number")


def periods_urged_on(day: date) -> QuerySet[ReportingPeriod]:
    """The periods of which steps may be due: of a year that is not over, or due in one (R19).

    A due date early in the next year is warned of in this one.
    """
    return (
        ReportingPeriod.objects.filter(Q(year__year__gte=day.year) | Q(due_on__year__gte=day.year))
        .filter(due_on__lte=day + AHEAD)
        .select_related("year__cluster")
        .order_by("due_on", "pk")
    )


@dataclass(frozen=True)
class Waiting:
    """A unit that has not handed in: what state its report is in, and how late it is."""

    membership: Membership
    report: Report | None
    lateness: Lateness
    base: Base

    @property
    def state(self) -> str:
        """The state in words; what is in a draft stays the unit's own."""
        if self.report is None:
            return NOT_STARTED
        return RETURNED if self.report.is_returned else DRAFTING

    @property
    def mark(self) -> str:
        """The word by which a page colours the state."""
        if self.is_late:
            return "overdue"
        return self.report.state_mark if self.report else "none"

    @property
    def is_returned(self) -> bool:
        """Back with its unit: not urged by rule, since nobody set a new date."""
        return self.report is not None and self.report.is_returned

    @property
    def is_late(self) -> bool:
        """Never handed in and past the due date; lateness is told from the first hand-in."""
        return self.lateness.is_late and not self.is_returned

    @property
    def back_since(self) -> str:
        """When it was handed in first and when it was returned; empty for the others."""
        if self.report is None or not self.is_returned:
            return ""
        first, back = _on(self.report.first_submitted_at), _on(self.report.returned_at)
        told = (("nộp lần đầu", first), ("trả lại", back))
        return ", ".join(f"{what} {written(day)}" for what, day in told if day)

    def in_words(self) -> str:
        """How late it is, or since when it is back with its unit."""
        return self.back_since or self.lateness.in_words()


def waiting_of(period: ReportingPeriod, day: date, calendar: WorkingCalendar) -> list[Waiting]:
    """The members that have not handed in, in their order; two queries."""
    reports = {each.membership_id: each for each in period.reports.all()}
    late = lateness(period.due_on, day, calendar)
    found = []
    for member in period.year.memberships.select_related("organisation"):
        member.year = period.year
        report = reports.get(member.pk)
        if report is None or report.state == Report.State.DRAFT:
            found.append(Waiting(member, report, late, _base(period, report)))
    return found


def _base(period: ReportingPeriod, report: Report | None) -> Base:
    return Base(
        due_on=period.due_on,
        closes_on=closes_on(period.year.year, period.due_on),
        handed_in_on=_on(report.first_submitted_at if report else None),
        allowed_late_on=_on(report.late_allowed_at if report else None),
    )


def _on(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


@dataclass(frozen=True)
class People:
    """Who holds which part on a day: units' people by organisation, the superior's officers."""

    held: Mapping[tuple[int, str], Sequence[User]]
    superiors: Sequence[User]
    lead: int | None

    def level_over(self, membership: Membership, level: Level) -> Level:
        """The level that stands in: nobody watches over itself, so over the lead the superior."""
        is_lead = membership.organisation_id == self.lead
        return Level.SUPERIOR if is_lead and level == Level.LEAD else level

    def at(self, membership: Membership, level: Level) -> Sequence[User]:
        """Who is urged at that level about the unit."""
        if level == Level.SUPERIOR:
            return self.superiors
        if level == Level.LEAD:
            return self._of(self.lead, Role.OFFICER, Role.HEAD)
        role = Role.HEAD if level == Level.HEAD else Role.OFFICER
        return self._of(membership.organisation_id, role)

    def _of(self, organisation: int | None, *roles: str) -> list[User]:
        if organisation is None:
            return []
        found = [user for role in roles for user in self.held.get((organisation, role), ())]
        return list(dict.fromkeys(found))


def people_of(year: EmulationYear, day: date) -> People:
    """The people of a year whose part is valid on the day and whose account is open; two queries."""
    members = {each.organisation_id: each.role for each in year.memberships.all()}
    superior = year.cluster.superior_id
    over = Q(organisation=superior) | Q(organisation__parent=superior)
    roles = (
        Assignment.objects.filter(valid_on(day), valid_on(day, "organisation__"))
        .filter(
            Q(organisation__in=members, role__in=[Role.OFFICER, Role.HEAD])
            | Q(over, role=Role.SUPERIOR),
            user__is_active=True,
        )
        .select_related("user")
    )
    held: dict[tuple[int, str], list[User]] = defaultdict(list)
    superiors = []
    for each in roles:
        if each.role == Role.SUPERIOR:
            superiors.append(each.user)
        elif each.organisation_id is not None:
            held[each.organisation_id, each.role].append(each.user)
    lead = next((key for key, role in members.items() if role == Membership.Role.LEAD), None)
    return People(held, list(dict.fromkeys(superiors)), lead)


def reminders_of(
    period: ReportingPeriod, membership: Membership | None = None
) -> QuerySet[Reminder]:
    """Urgings of a period, the newest first, with people, notices and letters; two queries."""
    rows = Reminder.objects.filter(period=period)
    if membership is not None:
        rows = rows.filter(membership=membership)
    return rows.select_related(
        "membership__organisation", "recipient", "urged_by", "notice"
    ).prefetch_related("notice__deliveries")


@dataclass(frozen=True)
class Told:
    """One person of an urging: whether it was seen, what became of the letter."""

    reminder: Reminder
    letter: Delivery | None

    @property
    def name(self) -> str:
        return str(self.reminder.recipient)

    @property
    def level(self) -> str:
        """The person's part then, in words."""
        return self.reminder.get_level_display()

    @property
    def seen_at(self) -> datetime | None:
        return self.reminder.notice.seen_at

    @property
    def seen_on(self) -> str:
        """The moment in words."""
        return f"{timezone.localtime(self.seen_at):%H:%M %d/%m/%Y}" if self.seen_at else ""

    @property
    def letter_words(self) -> str:
        """“thư: đã gửi 08:03 20/03/2026”."""
        if self.letter is None:
            return ""
        sent = self.letter.sent_at
        when = f" {timezone.localtime(sent):%H:%M %d/%m/%Y}" if sent else ""
        return f"thư: {self.letter.get_state_display().lower()}{when}"

    @property
    def letter_mark(self) -> str:
        """The word by which a page colours the letter's state."""
        marks = {
            Delivery.State.SENT: "complete",
            Delivery.State.WAITING: "waiting",
            Delivery.State.FAILED: "error",
        }
        return marks.get(Delivery.State(self.letter.state), "none") if self.letter else "none"


@dataclass(frozen=True)
class Urging:
    """One urging of one unit as a line: everybody who got it at that moment."""

    first: Reminder
    told: Sequence[Told]

    @property
    def membership(self) -> Membership:
        return self.first.membership

    @property
    def at(self) -> datetime:
        return self.first.urged_at

    @property
    def what(self) -> str:
        """The step, or that somebody urged by hand."""
        return "Đôn đốc trực tiếp" if self.first.is_by_hand else self.first.step_name

    @property
    def is_to_unit(self) -> bool:
        """To the unit's own people, not only about it to those above."""
        return any(each.reminder.level in UNIT for each in self.told)


def urgings_in(reminders: Iterable[Reminder]) -> list[Urging]:
    """Rows gathered into lines, in the order given."""
    lines: dict[tuple[int, datetime, str], list[Told]] = defaultdict(list)
    for each in reminders:
        letter = next(iter(each.notice.deliveries.all()), None)
        lines[each.membership_id, each.urged_at, each.step].append(Told(each, letter))
    return [Urging(told[0].reminder, told) for told in lines.values()]
