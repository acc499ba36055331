"""The year on a line, with today on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# Beyond this many months a label under each would run into the next.
LABELLED_MONTHS = 12


@dataclass(frozen=True)
class Milestone:
    """Mốc: a day of the year that matters. `state` is a tone or a state of ui/states.py."""

    on: date
    label: str
    state: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the timeline; without a milestone it is today."""

    on: date
    position: str
    milestone: Milestone | None = None
    is_past: bool = False

    @property
    def is_today(self) -> bool:
        return self.milestone is None


@dataclass(frozen=True)
class Tick:
    """The first of a month, with its name where there is room."""

    position: str
    label: str


def position(day: date, first: date, last: date) -> str:
    """Where a day lies between two others, in percent, written for SVG: "42.5"."""
    span = (last - first).days
    share = (day - first).days * 100 / span if span else 0.0
    return f"{min(max(share, 0.0), 100.0):.1f}"


def _span(milestones: Iterable[Milestone], today: date) -> tuple[date, date]:
    """Whole years: from 1 January of the first milestone's to 31 December of the last one's."""
    years = [milestone.on.year for milestone in milestones] or [today.year]
    return date(min(years), 1, 1), date(max(years), 12, 31)


def rows(milestones: Iterable[Milestone], today: date) -> list[Row]:
    """Milestones in order of time with today in its place; no today outside their years."""
    ordered = sorted(milestones, key=lambda milestone: milestone.on)
    first, last = _span(ordered, today)
    before = [milestone for milestone in ordered if milestone.on < today]
    after = ordered[len(before) :]
    now = [Row(today, position(today, first, last))] if first <= today <= last else []
    return [
        *(Row(m.on, position(m.on, first, last), m, is_past=True) for m in before),
        *now,
        *(Row(m.on, position(m.on, first, last), m) for m in after),
    ]


def ticks(milestones: Iterable[Milestone], today: date) -> list[Tick]:
    """The first of each month of the years shown; over several years only January is named."""
    first, last = _span(list(milestones), today)
    years = range(first.year, last.year + 1)
    days = [date(year, month, 1) for year in years for month in range(1, 13)]
    if len(days) <= LABELLED_MONTHS:
        return [Tick(position(day, first, last), f"T{day.month}") for day in days]
    return [
        Tick(position(day, first, last), str(day.year) if day.month == 1 else "") for day in days
    ]
