"""The working calendar in force here: shipped years with the administrator's laid over them."""

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet

from thidua.reporting.models import StoredCalendarYear
from thidua.rules.deadlines import (
    CalendarYear,
    WorkingCalendar,
    read_calendar_year,
    shipped_calendar,
    shipped_years,
    write_calendar_year,
)

Key = tuple[tuple[int, str], ...]

# The calendar last put together in this process. Its key is the content itself, so it is right
# whatever another process stored and whatever a transaction took back.
_last: tuple[Key, WorkingCalendar] | None = None


@dataclass(frozen=True)
class LoadedYear:
    """A year as it counts: shipped with the product, or the newest one stored (`stored`)."""

    content: CalendarYear
    stored: StoredCalendarYear | None

    @property
    def fingerprint(self) -> str:
        return self.stored.fingerprint if self.stored else fingerprint_of(self.content)


def fingerprint_of(year: CalendarYear) -> str:
    """SHA-256 of the year as `write_calendar_year` writes it: the same days, the same mark."""
    return hashlib.sha256(write_calendar_year(year).encode()).hexdigest()


def loaded_calendar() -> WorkingCalendar:
    """The calendar to count with; one query, a second one only after a year was stored."""
    global _last
    newest = _newest()
    key = tuple((year, fingerprint) for year, (_, fingerprint) in newest.items())
    if not key:
        return shipped_calendar()
    if _last is None or _last[0] != key:
        _last = key, _put_together([pk for pk, _ in newest.values()])
    return _last[1]


def _newest() -> dict[int, tuple[int, str]]:
    """Year → key and fingerprint of the row that counts."""
    rows = StoredCalendarYear.objects.order_by("year", "number")
    return {year: (pk, mark) for year, pk, mark in rows.values_list("year", "pk", "fingerprint")}


def _put_together(keys: list[int]) -> WorkingCalendar:
    rows = StoredCalendarYear.objects.filter(pk__in=keys).values_list("content", flat=True)
    stored = [read_calendar_year(content) for content in rows]
    return WorkingCalendar([*shipped_years(), *stored])


def loaded_years() -> list[LoadedYear]:
    """Every year that is loaded, in order; one query."""
    rows = StoredCalendarYear.objects.select_related("stored_by").order_by("year", "number")
    found = {year.year: LoadedYear(year, None) for year in shipped_years()}
    newest = {row.year: row for row in rows}
    for year, row in newest.items():
        found[year] = LoadedYear(read_calendar_year(row.content), row)
    return [found[year] for year in sorted(found)]


def current_year_of(year: int) -> LoadedYear | None:
    """The year as it counts now, or None where nobody has loaded it; one query."""
    row = history_of(year).first()
    if row is not None:
        return LoadedYear(read_calendar_year(row.content), row)
    return next((LoadedYear(each, None) for each in shipped_years() if each.year == year), None)


def history_of(year: int) -> QuerySet[StoredCalendarYear]:
    """Every time the year was stored, the newest first."""
    rows = StoredCalendarYear.objects.filter(year=year).select_related("stored_by")
    return rows.order_by("-number")
