"""What pages and services read."""

from thidua.reporting.queries.calendars import (
    LoadedYear,
    current_year_of,
    fingerprint_of,
    history_of,
    loaded_calendar,
    loaded_years,
)
from thidua.reporting.queries.clocks import LoadedClocks, loaded_clocks, setting_history

__all__ = [
    "LoadedClocks",
    "LoadedYear",
    "current_year_of",
    "fingerprint_of",
    "history_of",
    "loaded_calendar",
    "loaded_clocks",
    "loaded_years",
    "setting_history",
]
