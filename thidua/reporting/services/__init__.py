"""What people do with calendars and clocks, reporting periods and reports."""

from thidua.reporting.services.calendars import StaleCalendar, store_calendar_year
from thidua.reporting.services.clocks import StaleSetting, set_clock
from thidua.reporting.services.filling import CellsRefused, StaleCells, Typed, save_figures
from thidua.reporting.services.importing import OldWorkbook, import_report
from thidua.reporting.services.lists import StaleRows, rows_token, save_rows
from thidua.reporting.services.narratives import (
    AsksAboutPersons,
    StaleOutline,
    StaleSection,
    attach_file,
    remove_file,
    save_section,
    set_outline,
)
from thidua.reporting.services.own_forms import (
    FormRefused,
    StaleOwnForms,
    discard_own_forms,
    issue_own_forms,
    remove_own_form,
    replace_own_forms,
    save_own_checks,
    save_own_form,
    start_own_forms,
)
from thidua.reporting.services.periods import Dates, change_period, dates_of, open_periods
from thidua.reporting.services.reports import (
    accept_report,
    allow_late,
    explain_finding,
    return_report,
    start_report,
    submit_report,
)
from thidua.reporting.services.urging import change_urging_rule, urge_due, urge_now

__all__ = [
    "AsksAboutPersons",
    "CellsRefused",
    "Dates",
    "FormRefused",
    "OldWorkbook",
    "StaleCalendar",
    "StaleCells",
    "StaleOutline",
    "StaleOwnForms",
    "StaleRows",
    "StaleSection",
    "StaleSetting",
    "Typed",
    "accept_report",
    "allow_late",
    "attach_file",
    "change_period",
    "change_urging_rule",
    "dates_of",
    "discard_own_forms",
    "explain_finding",
    "import_report",
    "issue_own_forms",
    "open_periods",
    "remove_file",
    "remove_own_form",
    "replace_own_forms",
    "return_report",
    "rows_token",
    "save_figures",
    "save_own_checks",
    "save_own_form",
    "save_rows",
    "save_section",
    "set_clock",
    "set_outline",
    "start_own_forms",
    "start_report",
    "store_calendar_year",
    "submit_report",
    "urge_due",
    "urge_now",
]
