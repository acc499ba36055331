"""A year of the working calendar laid out for a page: months, runs of days, what a change changes."""

from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from thidua.rules.deadlines import Block, CalendarYear, OpenDay, Swap, WorkingCalendar, named

_WEEKS = Calendar(firstweekday=0)


class Kind(StrEnum):
    """What a day is, as the month shows it."""

    WORKED = "worked"
    REST = "rest"
    OFF = "off"
    MADE_UP = "made-up"
    OPEN = "open"


@dataclass(frozen=True)
class Cell:
    """One day of a month; `said` is empty for plain days."""

    day: int
    kind: Kind
    said: str = ""


@dataclass(frozen=True)
class Month:
    """Tháng: weeks from Monday, None where the day belongs to another month."""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True)
class YearView:
    """A year as people look it over."""

    content: CalendarYear
    months: tuple[Month, ...]
    blocks: tuple[Block, ...]
    swaps: tuple[Swap, ...]
    open_days: tuple[OpenDay, ...]
    days_off: int
    """Days named as off that are not weekly rest."""
    working_days: int


def year_view(content: CalendarYear, calendar: WorkingCalendar) -> YearView:
    """The year laid out; `calendar` must contain it."""
    year = content.year
    off = [day for day in content.off() if day.weekday() < 5]
    return YearView(
        content=content,
        months=tuple(_month(year, number, content, calendar) for number in range(1, 13)),
        blocks=tuple(sorted(content.blocks, key=lambda each: each.first_on)),
        swaps=tuple(sorted(content.swaps, key=lambda each: each.off_on)),
        open_days=tuple(sorted(content.open_days, key=lambda each: each.on)),
        days_off=len(off),
        working_days=calendar.working_days(date(year, 1, 1), date(year, 12, 31)),
    )


def _month(year: int, number: int, content: CalendarYear, calendar: WorkingCalendar) -> Month:
    open_days = {each.on: each.reason for each in content.open_days}
    weeks = tuple(
        tuple(_cell(day, calendar, open_days) if day.month == number else None for day in week)
        for week in _WEEKS.monthdatescalendar(year, number)
    )
    return Month(number, weeks)


def _cell(day: date, calendar: WorkingCalendar, open_days: dict[date, str]) -> Cell:
    if day in open_days:
        return Cell(day.day, Kind.OPEN, f"chưa rõ: {open_days[day]}")
    if made_up := calendar.why_worked(day):
        return Cell(day.day, Kind.MADE_UP, made_up)
    if calendar.is_working(day):
        return Cell(day.day, Kind.WORKED)
    if day.weekday() >= 5:
        return Cell(day.day, Kind.REST)
    return Cell(day.day, Kind.OFF, calendar.why_off(day))


def differences(year: int, old: WorkingCalendar, new: WorkingCalendar) -> list[str]:
    """Days of the year that change between working and off, each as a sentence, in order."""
    return list(_differences(year, old, new))


def _differences(year: int, old: WorkingCalendar, new: WorkingCalendar) -> Iterator[str]:
    day = date(year, 1, 1)
    while day.year == year:
        if old.is_working(day) and not new.is_working(day):
            yield f"{_capital(named(day))}: đang là ngày làm việc, sẽ là ngày nghỉ ({new.why_off(day)})"
        elif new.is_working(day) and not old.is_working(day):
            why = new.why_worked(day)
            yield (
                f"{_capital(named(day))}: đang là ngày nghỉ ({old.why_off(day)}), sẽ là ngày làm việc"
                f"{f' ({why})' if why else ''}"
            )
        day += timedelta(days=1)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
