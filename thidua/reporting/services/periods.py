"""The reporting periods of a year: opened in one act, dates moved with a reason."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import EmulationYear
from thidua.reporting.models import ReportingPeriod
from thidua.reporting.permissions import can_open_periods
from thidua.reporting.queries import loaded_calendar
from thidua.rules.deadlines import ReportingWindow, reporting_windows, written
from thidua.rules.errors import RuleError


@dataclass(frozen=True)
class Dates:
    """The four days of a period."""

    first_on: date
    last_on: date
    local_due_on: date
    due_on: date

    def in_words(self) -> str:
        """As the journal tells them."""
        return (
            f"số liệu {written(self.first_on)} – {written(self.last_on)}; hạn gửi tỉnh "
            f"{written(self.local_due_on)}; hạn gửi TTCP {written(self.due_on)}"
        )


def dates_of(period: ReportingPeriod) -> Dates:
    """The four days as stored."""
    return Dates(period.first_on, period.last_on, period.local_due_on, period.due_on)


@transaction.atomic
def open_periods(*, year: EmulationYear, actor: User, at: datetime) -> list[ReportingPeriod]:
    """The seven periods of the year with the dates of the circular. RuleError when open already."""
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    if not can_open_periods(actor, year):
        raise PermissionDenied
    if year.reporting_periods.exists():
        raise RuleError(f"Các kỳ báo cáo năm {year.year} đã được mở.")
    windows = reporting_windows(year.year, loaded_calendar())
    opened = [
        ReportingPeriod.objects.create(
            year=year,
            code=window.code,
            order=order,
            first_on=window.first_on,
            last_on=window.last_on,
            local_due_on=window.local.on,
            due_on=window.ttcp.on,
            has_narrative=window.has_narrative,
            source=_source(window),
        )
        for order, window in enumerate(windows, start=1)
    ]
    record(actor, Action.PERIODS_OPENED, year, at=at, periods=[each.name for each in opened])
    return opened


def _source(window: ReportingWindow) -> str:
    return ", ".join(part for part in (window.law, window.article) if part)


@transaction.atomic
def change_period(
    *,
    period: ReportingPeriod,
    dates: Dates,
    reason: str,
    version: int,
    actor: User,
    at: datetime,
) -> ReportingPeriod:
    """Move the dates of a period: a setting of the cluster, never without a reason."""
    period = ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if not can_open_periods(actor, period.year):
        raise PermissionDenied
    if period.version != version:
        raise RuleError(
            "Người khác vừa sửa kỳ báo cáo này. Hãy mở lại trang, xem ngày mới rồi sửa tiếp."
        )
    if not reason.strip():
        raise RuleError("Hãy ghi lý do sửa ngày, ví dụ số văn bản của cấp trên.")
    _refuse_dates(dates)
    old = dates_of(period)
    for name, day in vars(dates).items():
        setattr(period, name, day)
    # The row is locked above, so nothing is lost (R10).
    period.version += 1
    period.save()
    record(
        actor,
        Action.PERIOD_CHANGED,
        period,
        at=at,
        old=old.in_words(),
        new=dates.in_words(),
        reason=reason.strip(),
    )
    return period


def _refuse_dates(dates: Dates) -> None:
    if dates.first_on > dates.last_on:
        raise RuleError("Ngày đầu của số liệu phải trước ngày chốt số liệu.")
    if min(dates.local_due_on, dates.due_on) < dates.last_on:
        raise RuleError("Hạn gửi báo cáo không được trước ngày chốt số liệu.")
