"""Storing a year of the working calendar."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.reporting.models import StoredCalendarYear
from thidua.reporting.permissions import can_keep_deadlines
from thidua.reporting.queries import current_year_of, fingerprint_of
from thidua.rules.deadlines import CalendarYear, check_calendar_year, write_calendar_year
from thidua.rules.errors import RuleError


class StaleCalendar(RuleError):
    """Somebody stored the year after the page was opened."""


@transaction.atomic
def store_calendar_year(
    *, year: CalendarYear, base: str, file_name: str = "", actor: User, at: datetime
) -> StoredCalendarYear:
    """Add a year, or put one in the place of the year loaded so far; nothing is lost.

    `base` is the fingerprint of the year that the person saw, "" where none was loaded. Raises
    `PermissionDenied`, `StaleCalendar`, and `RuleError` where the year contradicts itself or is the
    same as the one loaded.
    """
    if not can_keep_deadlines(actor):
        raise PermissionDenied
    check_calendar_year(year)
    current = current_year_of(year.year)
    old = current.fingerprint if current else ""
    if base != old:
        raise _stale(year.year)
    new = fingerprint_of(year)
    if new == old:
        raise RuleError(f"Nội dung giống hệt lịch năm {year.year} đang dùng nên không lưu thêm.")
    stored = StoredCalendarYear(
        year=year.year,
        number=(current.stored.number if current and current.stored else 0) + 1,
        status=year.status.value,
        content=write_calendar_year(year),
        fingerprint=new,
        file_name=file_name[:150],
        stored_by=actor,
        stored_at=at,
    )
    _add(stored)
    details: dict[str, Any] = {
        "old": old,
        "new": new,
        "status": stored.get_status_display(),
        "documents": list(year.documents),
    }
    if stored.file_name:
        details["file"] = stored.file_name
    record(actor, Action.CALENDAR_YEAR_STORED, stored, at=at, **details)
    return stored


def _add(stored: StoredCalendarYear) -> None:
    """Two who store the same year at once: the second finds the number taken."""
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except IntegrityError as error:
        raise _stale(stored.year) from error


def _stale(year: int) -> StaleCalendar:
    return StaleCalendar(
        f"Lịch năm {year} vừa được một người khác nạp trong lúc bạn soạn. Hãy mở lại trang lịch năm "
        f"{year}, xem nội dung mới rồi sửa tiếp."
    )
