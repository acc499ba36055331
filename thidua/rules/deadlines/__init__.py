"""Statutory clocks and the working calendar: values in, a day **and the reasons** out.

Start with `compute(find_clock(shipped_clocks(), code), Circumstances(start_on=…), shipped_calendar())`.
"""

from thidua.rules.deadlines.calendar import (
    AgencyExceptions,
    Block,
    CalendarGap,
    CalendarYear,
    OpenDay,
    Status,
    Swap,
    WorkingCalendar,
)
from thidua.rules.deadlines.clockfile import shipped_clocks
from thidua.rules.deadlines.clocks import VARIANTS, Clock, Version, find_clock, with_setting
from thidua.rules.deadlines.computing import compute, due_dates
from thidua.rules.deadlines.counting import Period, Suspension, Unit, parse_period
from thidua.rules.deadlines.days import NotADate, named, parse_date, parse_time, written
from thidua.rules.deadlines.outcomes import (
    BadCircumstances,
    Basis,
    CalendarNotLoaded,
    Circumstances,
    Deadline,
    Outcome,
    OutsideValidity,
    UnknownClock,
)
from thidua.rules.deadlines.periods import (
    OutsideRegime,
    ReportingWindow,
    reporting_windows,
)
from thidua.rules.deadlines.yearfile import (
    CalendarFileError,
    check_calendar_year,
    read_calendar_year,
    shipped_calendar,
    shipped_years,
    write_calendar_year,
)

__all__ = [
    "VARIANTS",
    "AgencyExceptions",
    "BadCircumstances",
    "Basis",
    "Block",
    "CalendarFileError",
    "CalendarGap",
    "CalendarNotLoaded",
    "CalendarYear",
    "Circumstances",
    "Clock",
    "Deadline",
    "NotADate",
    "OpenDay",
    "Outcome",
    "OutsideRegime",
    "OutsideValidity",
    "Period",
    "ReportingWindow",
    "Status",
    "Suspension",
    "Swap",
    "Unit",
    "UnknownClock",
    "Version",
    "WorkingCalendar",
    "check_calendar_year",
    "compute",
    "due_dates",
    "find_clock",
    "named",
    "parse_date",
    "parse_period",
    "parse_time",
    "read_calendar_year",
    "reporting_windows",
    "shipped_calendar",
    "shipped_clocks",
    "shipped_years",
    "with_setting",
    "write_calendar_year",
    "written",
]
