"""Days as Vietnamese people write and read them; one reading for screen, command and file."""

import re
from collections.abc import Iterable
from datetime import date, time, timedelta

from thidua.rules.errors import RuleError

FIRST_YEAR, LAST_YEAR = 2000, 2100

_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_VIETNAMESE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:hg]([0-9]{2})?)")
_SHOWN = 40


class NotADate(RuleError, ValueError):
    """The text is no day of the calendar; the message is the sentence for the person."""


def parse_date(text: str) -> date:
    """Read "2026-03-05" or "05/03/2026". Raises `NotADate` with a Vietnamese sentence."""
    typed = text.strip()
    if found := _ISO.fullmatch(typed):
        year, month, day = found.groups()
    elif found := _VIETNAMESE.fullmatch(typed):
        day, month, year = found.groups()
    else:
        raise NotADate(
            f"“{shorten(typed)}” không phải là ngày. Hãy viết như 2026-03-05 hoặc 05/03/2026."
        )
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise NotADate(f"Năm của ngày “{typed}” phải từ {FIRST_YEAR} đến {LAST_YEAR}.")
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NotADate(
            f"Không có ngày “{typed}” trong lịch. Hãy kiểm tra lại ngày và tháng."
        ) from error


def parse_time(text: str) -> time:
    """Read "14:30", "14h30" or "14h". Raises `NotADate` with a Vietnamese sentence."""
    found = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(part or 0) for part in found.groups()) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise NotADate(f"“{shorten(text)}” không phải là giờ. Hãy viết như 14:30.")
    return time(hour, minute)


def shorten(text: str) -> str:
    """What was typed, short enough to repeat on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def written(day: date) -> str:
    """05/03/2026."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def weekday_name(day: date) -> str:
    return _NAMES[day.weekday()]


def named(day: date) -> str:
    """Thứ Năm 05/03/2026, without the capital."""
    return f"{weekday_name(day)} {written(day)}"


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Group days in order into unbroken runs: first and last day of each."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def written_run(first: date, last: date) -> str:
    """One day or a run of days: "05/03/2026", "05/03/2026 đến 07/03/2026"."""
    return written(first) if first == last else f"{written(first)} đến {written(last)}"
