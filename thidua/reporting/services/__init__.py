"""What people do with calendars and clocks, reporting periods and reports."""

from thidua.reporting.services.calendars import StaleCalendar, store_calendar_year
from thidua.reporting.services.clocks import StaleSetting, set_clock
from thidua.reporting.services.filling import CellsRefused, StaleCells, Typed, save_figures
from thidua.reporting.services.importing import OldWorkbook, import_report
from thidua.reporting.services.lists import StaleRows, rows_token, save_rows
from thidua.reporting.services.periods import Dates, change_period, dates_of, open_periods
from thidua.reporting.services.reports import (
    accept_report,
    allow_late,
    explain_finding,
    return_report,
    start_report,
    submit_report,
)

__all__ = [
    "CellsRefused",
    "Dates",
    "OldWorkbook",
    "StaleCalendar",
    "StaleCells",
    "StaleRows",
    "StaleSetting",
    "Typed",
    "accept_report",
    "allow_late",
    "change_period",
    "dates_of",
    "explain_finding",
    "import_report",
    "open_periods",
    "return_report",
    "rows_token",
    "save_figures",
    "save_rows",
    "set_clock",
    "start_report",
    "store_calendar_year",
    "submit_report",
]
