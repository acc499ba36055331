"""What is measured, members' reports, the calendars by which time is counted, settings of clocks."""

from thidua.reporting.models.deadlines import ClockSetting, StoredCalendarYear
from thidua.reporting.models.indicators import Indicator
from thidua.reporting.models.narratives import (
    NarrativeAttachment,
    NarrativeChange,
    NarrativeOutline,
    NarrativeSection,
)
from thidua.reporting.models.own_forms import OwnForms
from thidua.reporting.models.reminders import Reminder, UrgingRule
from thidua.reporting.models.reports import (
    Figure,
    FigureChange,
    FigureExplanation,
    ListRow,
    Report,
    ReportingPeriod,
)

__all__ = [
    "ClockSetting",
    "Figure",
    "FigureChange",
    "FigureExplanation",
    "Indicator",
    "ListRow",
    "NarrativeAttachment",
    "NarrativeChange",
    "NarrativeOutline",
    "NarrativeSection",
    "OwnForms",
    "Reminder",
    "Report",
    "ReportingPeriod",
    "StoredCalendarYear",
    "UrgingRule",
]
