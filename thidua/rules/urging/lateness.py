"""How late, in calendar days and in working days, each named."""

from dataclasses import dataclass
from datetime import date

from thidua.rules.deadlines import CalendarGap, WorkingCalendar
from thidua.rules.deadlines.calendar import ONE_DAY


@dataclass(frozen=True)
class Lateness:
    """Days past the due date on a day. `days` is negative while there is time left.

    `working_days` counts the days worked after the due date; None where the calendar is not loaded.
    """

    days: int
    working_days: int | None

    @property
    def is_late(self) -> bool:
        return self.days > 0

    @property
    def in_working_days(self) -> str:
        """The working days in words; says so where they cannot be counted."""
        if self.working_days is None:
            return "chưa tính được ngày làm việc"
        return f"{self.working_days} ngày làm việc"

    def in_words(self) -> str:
        """“quá hạn 10 ngày (1 ngày làm việc)”, “hôm nay là hạn”, “còn 3 ngày”."""
        if self.days < 0:
            return f"còn {-self.days} ngày"
        if self.days == 0:
            return "hôm nay là hạn"
        return f"quá hạn {self.days} ngày ({self.in_working_days})"


def lateness(due_on: date, day: date, calendar: WorkingCalendar) -> Lateness:
    """How late it is on the day; the due date itself is not late."""
    try:
        worked = calendar.working_days(due_on + ONE_DAY, day)
    except CalendarGap:
        return Lateness((day - due_on).days, None)
    return Lateness((day - due_on).days, worked)
