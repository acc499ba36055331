"""What people type."""

from thidua.reporting.forms.calendars import CalendarUploadForm, CalendarYearForm
from thidua.reporting.forms.clocks import ClockSearch, ClockSettingForm
from thidua.reporting.forms.deadlines import DeadlineForm, PeriodsForm

__all__ = [
    "CalendarUploadForm",
    "CalendarYearForm",
    "ClockSearch",
    "ClockSettingForm",
    "DeadlineForm",
    "PeriodsForm",
]
