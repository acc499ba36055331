"""The working calendar of Vietnam's state bodies: which day is worked, and why not.

Years are data with their documents. A year that is not loaded is never guessed: asking about one of
its days raises `CalendarGap`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from thidua.rules.deadlines.days import written
from thidua.rules.errors import RuleError

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEKLY_REST = "nghỉ hằng tuần"


class CalendarGap(RuleError):
    """The calendar of a year is not loaded; `year` says which."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"Chưa nạp lịch làm việc năm {year} nên chưa tính được. "
            f"Hãy thêm lịch năm {year} theo thông báo nghỉ lễ, tết của cơ quan có thẩm quyền."
        )


class Status(StrEnum):
    """How sure a year's calendar is."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


@dataclass(frozen=True)
class Block:
    """Days off in one run, both ends included; weekends inside may be listed too."""

    first_on: date
    last_on: date
    reason: str
    source: str = ""

    def days(self) -> Iterable[date]:
        for number in range((self.last_on - self.first_on).days + 1):
            yield self.first_on + timedelta(days=number)


@dataclass(frozen=True)
class Swap:
    """Hoán đổi ngày làm việc: a weekday off, made up by work on a weekly rest day."""

    off_on: date
    worked_on: date
    reason: str = ""
    source: str = ""


@dataclass(frozen=True)
class OpenDay:
    """A day of which nobody has said yet whether it is off: counted as worked, and said so."""

    on: date
    reason: str


@dataclass(frozen=True)
class CalendarYear:
    """Lịch làm việc một năm, with the documents it rests on."""

    year: int
    status: Status
    documents: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    swaps: tuple[Swap, ...] = ()
    open_days: tuple[OpenDay, ...] = ()
    note: str = ""

    def off(self) -> dict[date, str]:
        """Days of this year named as off, with the reason; plain weekends are not listed."""
        found = {day: block.reason for block in self.blocks for day in block.days()}
        for swap in self.swaps:
            found[swap.off_on] = f"hoán đổi, làm bù ngày {written(swap.worked_on)}"
        return {day: reason for day, reason in found.items() if day.year == self.year}

    def worked(self) -> dict[date, str]:
        """Weekly rest days of this year that are worked, with the reason."""
        return {
            swap.worked_on: f"làm bù cho ngày {written(swap.off_on)}"
            for swap in self.swaps
            if swap.worked_on.year == self.year
        }


@dataclass(frozen=True)
class AgencyExceptions:
    """What one agency does differently, by its own decision: day → reason."""

    off: Mapping[date, str] = field(default_factory=dict)
    worked: Mapping[date, str] = field(default_factory=dict)


class WorkingCalendar:
    """Loaded years put together; answers for a day, never guesses for a year it lacks."""

    def __init__(
        self, years: Iterable[CalendarYear] = (), exceptions: AgencyExceptions | None = None
    ) -> None:
        self.years = {each.year: each for each in years}
        self.exceptions = exceptions or AgencyExceptions()
        self._off: dict[date, str] = {}
        self._worked: dict[date, str] = {}
        for each in self.years.values():
            self._off.update(each.off())
            self._worked.update(each.worked())
        self._except(self.exceptions)

    def _except(self, exceptions: AgencyExceptions) -> None:
        for day, reason in exceptions.off.items():
            self._worked.pop(day, None)
            self._off[day] = reason
        for day, reason in exceptions.worked.items():
            self._off.pop(day, None)
            self._worked[day] = reason

    def with_year(self, year: CalendarYear) -> "WorkingCalendar":
        """The same calendar with a year added, or put in the place of the one it had."""
        return WorkingCalendar({**self.years, year.year: year}.values(), self.exceptions)

    def with_exceptions(self, exceptions: AgencyExceptions) -> "WorkingCalendar":
        """The calendar of one agency."""
        return WorkingCalendar(self.years.values(), exceptions)

    def with_open_days_off(self) -> "WorkingCalendar":
        """As it would be if every open day became a day off."""
        return WorkingCalendar(
            (
                replace(
                    year,
                    blocks=(*year.blocks, *(Block(o.on, o.on, o.reason) for o in year.open_days)),
                    open_days=(),
                )
                for year in self.years.values()
            ),
            self.exceptions,
        )

    def is_working(self, day: date) -> bool:
        """Whether the day is worked. Raises `CalendarGap` for a year that is not loaded."""
        if day.year not in self.years:
            raise CalendarGap(day.year)
        if day.weekday() < SATURDAY:
            return day not in self._off
        return day in self._worked

    def why_off(self, day: date) -> str:
        """Why the day is off, in Vietnamese; empty where it is worked. Raises `CalendarGap`."""
        return "" if self.is_working(day) else self._off.get(day, WEEKLY_REST)

    def why_worked(self, day: date) -> str:
        """Why a weekly rest day is worked; empty for every other day."""
        return self._worked.get(day, "")

    def next_working(self, day: date) -> date:
        """The day itself if worked, else the next worked day. Raises `CalendarGap`."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        """The day itself if worked, else the last worked day before it. Raises `CalendarGap`."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def working_days(self, first: date, last: date) -> int:
        """How many days are worked from `first` to `last`, both included; 0 if none lie between."""
        return sum(
            self.is_working(first + timedelta(days=number))
            for number in range((last - first).days + 1)
        )

    def open_between(self, first: date, last: date) -> tuple[OpenDay, ...]:
        """Open days from `first` to `last`, both included, in order."""
        found = (
            each
            for year in self.years.values()
            for each in year.open_days
            if first <= each.on <= last
        )
        return tuple(sorted(found, key=lambda each: each.on))

    def provisional_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years from `first` to `last` whose calendar is not official yet."""
        return tuple(
            year
            for year in range(first.year, last.year + 1)
            if year in self.years and self.years[year].status is Status.PROVISIONAL
        )
