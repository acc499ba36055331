"""Who has handed in what: the periods of a year with the reports of its members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from thidua.organisations.models import EmulationYear, Membership
from thidua.reporting.models import Report, ReportingPeriod
from thidua.reporting.queries.calendars import loaded_calendar
from thidua.rules.deadlines import CalendarGap
from thidua.rules.deadlines.periods import DueDay


@dataclass(frozen=True)
class PeriodLine:
    """One period: the person's own report, and those of all members in their order."""

    period: ReportingPeriod
    cells: Sequence["Cell"]
    own: "Cell | None"
    today: date

    @property
    def handed_in(self) -> int:
        return sum(each.is_handed_in for each in self.cells)

    @property
    def accepted(self) -> int:
        return sum(each.state == Report.State.ACCEPTED for each in self.cells)

    @property
    def missing(self) -> list["Cell"]:
        """Members that have not handed in."""
        return [each for each in self.cells if not each.is_handed_in]

    @property
    def is_over(self) -> bool:
        """The due date has passed."""
        return self.period.is_due_before(self.today)

    @property
    def is_running(self) -> bool:
        """The data of the period can be complete: its last day is over, the due date is not."""
        return self.period.last_on <= self.today <= self.period.due_on

    @property
    def days_left(self) -> int:
        return (self.period.due_on - self.today).days


@dataclass(frozen=True)
class Cell:
    """One member in one period; no report yet is a state of its own."""

    membership: Membership
    report: Report | None
    is_over: bool

    @property
    def state(self) -> str:
        return self.report.state if self.report else ""

    @property
    def is_handed_in(self) -> bool:
        return self.report is not None and self.report.state != Report.State.DRAFT

    @property
    def mark(self) -> str:
        """The word by which a page colours the state."""
        if self.is_over and not self.is_handed_in:
            return "overdue"
        return self.report.state_mark if self.report else "none"

    @property
    def label(self) -> str:
        if self.report is None:
            return "Chưa làm"
        late = " (muộn)" if self.is_handed_in and self.report.was_late else ""
        return f"{self.report.state_label}{late}"


def period_lines(
    year: EmulationYear, own: Membership | None, today: date
) -> tuple[list[Membership], list[PeriodLine]]:
    """The members, and every period with their reports; three queries."""
    members = list(year.memberships.select_related("organisation"))
    reports = {(each.period_id, each.membership_id): each for each in _reports(year)}
    lines = []
    for period in year.reporting_periods.all():
        period.year = year
        over = period.is_due_before(today)
        cells = []
        for member in members:
            report = reports.get((period.pk, member.pk))
            if report:
                report.period, report.membership = period, member
            cells.append(Cell(member, report, over))
        mine = next((each for each in cells if own and each.membership.pk == own.pk), None)
        lines.append(PeriodLine(period, cells, mine, today))
    return members, lines


def _reports(year: EmulationYear) -> QuerySet[Report]:
    return Report.objects.filter(period__year=year)


def due_flag(day: date) -> str:
    """What to say beside a due date that is a day off; the date itself never moves."""
    calendar = loaded_calendar()
    try:
        due = DueDay(day, calendar.is_working(day), calendar.why_off(day))
    except CalendarGap:
        due = DueDay(day, None, "")
    return due.flag
