"""Counting periods of time: Bộ luật Dân sự 2015, Điều 144–148.

Numbers only; what is said about them is in `wording`. R1–R9 are the rules as `docs/thoi-han.md`
numbers them.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from thidua.rules.deadlines.calendar import ONE_DAY, WorkingCalendar
from thidua.rules.deadlines.days import shorten, written
from thidua.rules.errors import RuleError

_PERIOD = re.compile(r"([0-9]{1,4}) (ngày làm việc|ngày mỗi tháng|ngày|tuần|tháng|năm|giờ)")
_AT_ONCE = "ngay"
LONGEST = 1000


class Unit(StrEnum):
    """What a period is counted in, as the laws write it."""

    DAYS = "ngày"
    WORKING_DAYS = "ngày làm việc"
    WEEKS = "tuần"
    MONTHS = "tháng"
    YEARS = "năm"
    HOURS = "giờ"
    AT_ONCE = "ngay"
    DAYS_A_MONTH = "ngày mỗi tháng"


@dataclass(frozen=True)
class Period:
    """A length of time: 30 ngày, 7 ngày làm việc, 2 tháng, ngay."""

    length: int
    unit: Unit

    def __str__(self) -> str:
        return _AT_ONCE if self.unit is Unit.AT_ONCE else f"{self.length} {self.unit}"

    def plus(self, other: "Period") -> "Period":
        """One longer period of the same unit (R9)."""
        if other.unit is not self.unit:
            raise ValueError(f"{self} and {other} are counted differently")
        return Period(self.length + other.length, self.unit)


@dataclass(frozen=True)
class Suspension:
    """Tạm đình chỉ: from the day of the decision to the day of the decision to continue."""

    from_on: date
    continued_on: date

    @property
    def days(self) -> int:
        return (self.continued_on - self.from_on).days


@dataclass(frozen=True)
class End:
    """Where a period ends, as counted and after rolling off a day off."""

    raw_on: date
    due_on: date


def parse_period(text: str) -> Period:
    """Read "70 ngày làm việc", "2 tháng", "ngay". Raises `RuleError` with a Vietnamese sentence."""
    typed = " ".join(text.split()).lower()
    if typed == _AT_ONCE:
        return Period(0, Unit.AT_ONCE)
    found = _PERIOD.fullmatch(typed)
    if not found or not 1 <= int(found[1]) <= LONGEST:
        raise RuleError(
            f"Không hiểu thời hạn “{shorten(text)}”. Hãy viết như “30 ngày”, “7 ngày làm việc” "
            f"hoặc “2 tháng”, không quá {LONGEST}."
        )
    return Period(int(found[1]), Unit(found[2]))


def add_months(start: date, months: int) -> date:
    """The same-numbered day so many months later, or the last day of that month (R4)."""
    whole = start.year * 12 + start.month - 1 + months
    year, month = divmod(whole, 12)
    month += 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def end_after(
    start: date,
    period: Period,
    calendar: WorkingCalendar,
    suspensions: Sequence[Suspension] = (),
) -> End:
    """Count forward from the day after `start` (R1) and roll the end (R3). Raises `CalendarGap`."""
    if period.unit is Unit.AT_ONCE:
        return End(start, start)
    if period.unit is Unit.WORKING_DAYS:
        end = working_days_after(start, period.length, calendar, suspensions)
        return End(end, end)
    raw = _plain_end(start, period)
    for each in suspensions:
        # Suspended on the day to which the end was moved, nothing is left but the day of continuing.
        raw = max(raw + timedelta(days=each.days), each.continued_on)
    return End(raw, calendar.next_working(raw))


def _plain_end(start: date, period: Period) -> date:
    match period.unit:
        case Unit.DAYS:
            return start + timedelta(days=period.length)
        case Unit.WEEKS:
            return start + timedelta(weeks=period.length)
        case Unit.MONTHS:
            return add_months(start, period.length)
        case Unit.YEARS:
            return add_months(start, 12 * period.length)
    raise ValueError(f"{period} has no end of its own")


def working_days_after(
    start: date, number: int, calendar: WorkingCalendar, suspensions: Sequence[Suspension] = ()
) -> date:
    """The `number`-th working day after `start` (R6), suspended days left out."""
    day = start
    while number:
        day += ONE_DAY
        if calendar.is_working(day) and not is_suspended(day, suspensions):
            number -= 1
    return day


def is_suspended(day: date, suspensions: Sequence[Suspension]) -> bool:
    """From the day of suspension; the day of continuing counts again."""
    return any(each.from_on <= day < each.continued_on for each in suspensions)


def end_before(event: date, period: Period, calendar: WorkingCalendar) -> End:
    """The last day for what must be done "at least so long before" an event.

    The event's own day is not counted. An end on a day off moves back, since moving it forward
    would leave less time than the law gives. Raises `CalendarGap`.
    """
    if period.unit is Unit.WORKING_DAYS:
        day = event
        for _ in range(period.length):
            day = calendar.previous_working(day - ONE_DAY)
        return End(day, day)
    raw = event - timedelta(days=period.length)
    return End(raw, calendar.previous_working(raw))


def end_of_month(day: date, calendar: WorkingCalendar) -> End:
    """The last day, and the last working day, of the month: for a duty of every month."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return End(last, calendar.previous_working(last))


def check_suspensions(
    start: date, period: Period, calendar: WorkingCalendar, suspensions: Sequence[Suspension]
) -> None:
    """Refuse suspensions out of order or outside the period. Raises `RuleError`, `CalendarGap`."""
    after = start
    for number, each in enumerate(suspensions):
        if each.continued_on < each.from_on:
            raise RuleError(
                f"Ngày tiếp tục ({written(each.continued_on)}) sớm hơn ngày tạm dừng "
                f"({written(each.from_on)}). Hãy kiểm tra lại hai ngày."
            )
        if each.from_on < after:
            raise RuleError(
                f"Ngày tạm dừng {written(each.from_on)} sớm hơn {written(after)}, là ngày bắt đầu "
                "thời hạn hoặc ngày tiếp tục lần trước. Hãy ghi theo thứ tự thời gian."
            )
        due = end_after(start, period, calendar, suspensions[:number]).due_on
        if each.from_on > due:
            raise RuleError(
                f"Ngày tạm dừng {written(each.from_on)} sau khi đã hết thời hạn ({written(due)})."
            )
        after = each.continued_on
