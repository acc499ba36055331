"""The seven reporting periods of an inspection year: windows of data and due dates.

Thông tư 06/2025/TT-TTCP, Điều 4 and 7. The circular prints fixed dates (the 17th, the 20th); a date
on a day off is flagged and never moved, since no text seen says that it moves.
"""

from dataclasses import dataclass
from datetime import date

from thidua.rules.deadlines.calendar import CalendarGap, WorkingCalendar
from thidua.rules.deadlines.days import LAST_YEAR, weekday_name
from thidua.rules.deadlines.outcomes import Basis
from thidua.rules.errors import RuleError

# The first year all of whose periods end under a circular with the cut-off of the 15th and 14th.
FIRST_REPORTING_YEAR = 2022
_LOCAL_DAY, _TTCP_DAY = 17, 20
_FIRST_DAY, _LAST_DAY = 15, 14

# code, name, month it opens (negative: of the year before), month it closes, narrative part too
_PERIODS = (
    ("q1", "Quý I", -12, 3, True),
    ("q2", "Quý II", 3, 6, False),
    ("6m", "6 tháng", -12, 6, True),
    ("q3", "Quý III", 6, 9, False),
    ("9m", "9 tháng", -12, 9, True),
    ("q4", "Quý IV", 9, 12, False),
    ("year", "Năm", -12, 12, True),
)

# In force from, circular, whether the windows were read in its text.
_REGIMES = (
    (date(2025, 9, 30), "Thông tư 06/2025/TT-TTCP", "Điều 7", Basis.LAW),
    (date(2024, 3, 5), "Thông tư 01/2024/TT-TTCP", "", Basis.SETTING),
    (date(2021, 5, 10), "Thông tư 02/2021/TT-TTCP", "", Basis.SETTING),
)


class OutsideRegime(RuleError):
    """No reporting regime known here covers the year."""


@dataclass(frozen=True)
class DueDay:
    """A printed due date. `is_working` is None where the year's calendar is not loaded."""

    on: date
    is_working: bool | None
    why_off: str

    @property
    def flag(self) -> str:
        """What to say beside the date; empty on a working day."""
        if self.is_working is None:
            return f"chưa nạp lịch làm việc năm {self.on.year}"
        if self.is_working:
            return ""
        return f"{weekday_name(self.on)}, ngày nghỉ ({self.why_off}); giữ nguyên ngày, không tự dời"


@dataclass(frozen=True)
class ReportingWindow:
    """Kỳ báo cáo: data from `first_on` to `last_on`, both included, and when it is due.

    `local` is for communes and provincial departments to the provincial People's Committee, `ttcp`
    for the province to the Government Inspectorate. `has_narrative` says that the three outlines go
    with the forms.
    """

    code: str
    name: str
    year: int
    first_on: date
    last_on: date
    local: DueDay
    ttcp: DueDay
    has_narrative: bool
    law: str
    article: str
    basis: Basis


def reporting_windows(year: int, calendar: WorkingCalendar) -> tuple[ReportingWindow, ...]:
    """The seven periods of a reporting year, in order. Raises `OutsideRegime`."""
    if not FIRST_REPORTING_YEAR <= year <= LAST_YEAR:
        raise OutsideRegime(
            f"Chế độ báo cáo mà phần mềm có chỉ gồm các năm từ {FIRST_REPORTING_YEAR} đến "
            f"{LAST_YEAR}; không tính cho năm {year}."
        )
    return tuple(_window(year, *each, calendar) for each in _PERIODS)


def _window(
    year: int,
    code: str,
    name: str,
    opens: int,
    closes: int,
    has_narrative: bool,
    calendar: WorkingCalendar,
) -> ReportingWindow:
    last = date(year, closes, _LAST_DAY)
    law, article, basis = regime_on(last)
    return ReportingWindow(
        code=code,
        name=name,
        year=year,
        first_on=date(year - 1 if opens < 0 else year, abs(opens), _FIRST_DAY),
        last_on=last,
        local=_due_day(date(year, closes, _LOCAL_DAY), calendar),
        ttcp=_due_day(date(year, closes, _TTCP_DAY), calendar),
        has_narrative=has_narrative,
        law=law,
        article=article,
        basis=basis,
    )


def regime_on(day: date) -> tuple[str, str, Basis]:
    """The circular in force that day, its article, and how sure. Raises `OutsideRegime`."""
    for since, law, article, basis in _REGIMES:
        if day >= since:
            return law, article, basis
    raise OutsideRegime("Trước 10/05/2021 phần mềm chưa có chế độ báo cáo.")


def _due_day(day: date, calendar: WorkingCalendar) -> DueDay:
    try:
        return DueDay(day, calendar.is_working(day), calendar.why_off(day))
    except CalendarGap:
        return DueDay(day, None, "")
