"""A year of the working calendar as a TOML file: read with Vietnamese reasons, and written back.

The years that come with the product are files of the same form, in `data/calendar/`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from thidua.rules.deadlines.calendar import (
    SATURDAY,
    Block,
    CalendarYear,
    OpenDay,
    Status,
    Swap,
    WorkingCalendar,
)
from thidua.rules.deadlines.days import (
    FIRST_YEAR,
    LAST_YEAR,
    NotADate,
    named,
    parse_date,
    shorten,
    written,
)
from thidua.rules.errors import RuleError

LONGEST_FILE = 64_000
LONGEST_BLOCK = timedelta(days=31)
# A make-up day lies near the day it makes up for; further off is a slip of the pen.
WIDEST_SWAP = timedelta(days=62)
_LONGEST_TEXT = 500
_AT_LINE = re.compile(r"\(at line ([0-9]+)")
_MOST_ENTRIES = 100

_YEAR_KEYS = {"year", "status", "documents", "note", "off", "swap", "open"}
_ENTRY_KEYS = {
    "off": {"from", "to", "reason", "source"},
    "swap": {"off", "worked", "reason", "source"},
    "open": {"on", "reason"},
}


class CalendarFileError(RuleError, ValueError):
    """The file is no calendar of a year; the message says where and why."""


@cache
def shipped_years() -> tuple[CalendarYear, ...]:
    """The years that come with the product, in order."""
    found = (Path(__file__).parent / "data" / "calendar").glob("*.toml")
    years = (read_calendar_year(each.read_text("utf-8")) for each in found)
    return tuple(sorted(years, key=lambda each: each.year))


@cache
def shipped_calendar() -> WorkingCalendar:
    """The calendar that comes with the product."""
    return WorkingCalendar(shipped_years())


def read_calendar_year(text: str) -> CalendarYear:
    """Read one year. Raises `CalendarFileError` with a sentence naming the entry at fault."""
    data = _parse(text)
    _known("tệp lịch", data, _YEAR_KEYS)
    year = CalendarYear(
        year=_year(data),
        status=_status(data),
        documents=_documents(data),
        blocks=tuple(_block(*entry) for entry in _entries(data, "off")),
        swaps=tuple(_swap(*entry) for entry in _entries(data, "swap")),
        open_days=tuple(_open(*entry) for entry in _entries(data, "open")),
        note=_text("tệp lịch", data, "note"),
    )
    check_calendar_year(year)
    return year


def _parse(text: str) -> dict[str, Any]:
    if len(text) > LONGEST_FILE:
        raise CalendarFileError("Tệp lịch quá lớn. Một năm chỉ cần vài chục dòng.")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = _AT_LINE.search(str(error))
        place = f" ở dòng {found[1]}" if found else ""
        raise CalendarFileError(
            f"Không đọc được tệp lịch, sai cách viết TOML{place}. Hãy so với mẫu trong hướng dẫn."
        ) from error


def _known(place: str, data: Mapping[str, Any], keys: set[str]) -> None:
    if strange := sorted(set(data) - keys):
        raise CalendarFileError(
            f"{_capital(place)}: không hiểu mục “{shorten(strange[0])}”. "
            f"Chỉ dùng: {', '.join(sorted(keys))}."
        )


def _year(data: Mapping[str, Any]) -> int:
    year = data.get("year")
    if type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarFileError(
            f"Tệp lịch phải ghi năm, ví dụ year = 2028 (từ {FIRST_YEAR} đến {LAST_YEAR})."
        )
    return year


def _status(data: Mapping[str, Any]) -> Status:
    try:
        return Status(str(data.get("status")))
    except ValueError as error:
        raise CalendarFileError(
            "Tệp lịch phải ghi status = “official” (đã có thông báo) hoặc “provisional” (tạm)."
        ) from error


def _documents(data: Mapping[str, Any]) -> tuple[str, ...]:
    listed = data.get("documents", [])
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise CalendarFileError(
            "Mục documents phải là danh sách tên văn bản, mỗi tên trong ngoặc kép."
        )
    return tuple(listed)


def _entries(data: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = data.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise CalendarFileError(f"Mục {key} phải viết thành từng khối [[{key}]].")
    if len(listed) > _MOST_ENTRIES:
        raise CalendarFileError(f"Mục {key} có quá {_MOST_ENTRIES} khối.")
    for number, entry in enumerate(listed, 1):
        place = f"khối [[{key}]] thứ {number}"
        _known(place, entry, _ENTRY_KEYS[key])
        yield place, entry


def _block(place: str, entry: Mapping[str, Any]) -> Block:
    first = _day(place, entry, "from")
    last = _day(place, entry, "to") if "to" in entry else first
    return Block(first, last, _reason(place, entry), _text(place, entry, "source"))


def _swap(place: str, entry: Mapping[str, Any]) -> Swap:
    return Swap(
        _day(place, entry, "off"),
        _day(place, entry, "worked"),
        _text(place, entry, "reason"),
        _text(place, entry, "source"),
    )


def _open(place: str, entry: Mapping[str, Any]) -> OpenDay:
    return OpenDay(_day(place, entry, "on"), _reason(place, entry))


def _day(place: str, entry: Mapping[str, Any], key: str) -> date:
    value = entry.get(key)
    if isinstance(value, str):
        try:
            return parse_date(value)
        except NotADate as error:
            raise CalendarFileError(f"{_capital(place)}, mục {key}: {error}") from error
    if not isinstance(value, date) or isinstance(value, datetime):
        raise CalendarFileError(
            f"{_capital(place)} thiếu ngày ở mục {key}. Hãy viết {key} = 2028-01-03."
        )
    return value


def _reason(place: str, entry: Mapping[str, Any]) -> str:
    if not (reason := _text(place, entry, "reason")):
        raise CalendarFileError(f'{_capital(place)} thiếu lý do: hãy viết reason = "…".')
    return reason


def _text(place: str, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise CalendarFileError(
            f"{_capital(place)}, mục {key} phải là chữ, không quá {_LONGEST_TEXT} ký tự."
        )
    return " ".join(value.split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def check_calendar_year(year: CalendarYear) -> None:
    """Refuse a year that contradicts itself, however it was typed. Raises `CalendarFileError`."""
    for block in year.blocks:
        _check_block(year.year, block)
    for before, after in pairwise(sorted(year.blocks, key=lambda each: each.first_on)):
        if after.first_on <= before.last_on:
            raise CalendarFileError(f"Ngày {written(after.first_on)} được ghi nghỉ hai lần.")
    for swap in year.swaps:
        _check_swap(year.year, swap)
    _check_swaps_apart(year)
    for each in year.open_days:
        _check_open(year, each)
    if year.status is Status.OFFICIAL and not any(each.strip() for each in year.documents):
        raise CalendarFileError(
            f"Lịch năm {year.year} ghi là chính thức thì phải nêu văn bản ở mục documents; "
            "chưa có văn bản thì ghi status = “provisional”."
        )


def _check_block(year: int, block: Block) -> None:
    span = f"Đợt nghỉ “{shorten(block.reason)}” từ {written(block.first_on)} đến {written(block.last_on)}"
    if block.last_on < block.first_on:
        raise CalendarFileError(f"{span}: ngày cuối phải không sớm hơn ngày đầu.")
    if block.last_on - block.first_on > LONGEST_BLOCK:
        raise CalendarFileError(f"{span} dài quá {LONGEST_BLOCK.days} ngày. Hãy kiểm tra lại.")
    if year not in (block.first_on.year, block.last_on.year):
        raise CalendarFileError(f"{span} không thuộc năm {year}.")


def _check_swap(year: int, swap: Swap) -> None:
    pair = f"Hoán đổi nghỉ {named(swap.off_on)}, làm bù {named(swap.worked_on)}"
    if year not in (swap.off_on.year, swap.worked_on.year):
        raise CalendarFileError(f"{pair} không thuộc năm {year}.")
    if swap.off_on.weekday() >= SATURDAY:
        raise CalendarFileError(
            f"{pair}: ngày được nghỉ phải là ngày làm việc từ thứ Hai đến thứ Sáu."
        )
    if swap.worked_on.weekday() < SATURDAY:
        raise CalendarFileError(f"{pair}: ngày làm bù phải là thứ Bảy hoặc Chủ nhật.")
    if abs(swap.worked_on - swap.off_on) > WIDEST_SWAP:
        raise CalendarFileError(f"{pair}: hai ngày cách nhau quá {WIDEST_SWAP.days} ngày.")


def _check_swaps_apart(year: CalendarYear) -> None:
    days = [day for swap in year.swaps for day in (swap.off_on, swap.worked_on)]
    for day in days:
        if days.count(day) > 1:
            raise CalendarFileError(f"Ngày {written(day)} có trong hai lần hoán đổi.")
    rests = {day for block in year.blocks for day in block.days()}
    for swap in year.swaps:
        if swap.worked_on in rests:
            raise CalendarFileError(
                f"Ngày {written(swap.worked_on)} vừa ghi làm bù, vừa nằm trong một đợt nghỉ."
            )


def _check_open(year: CalendarYear, open_day: OpenDay) -> None:
    if open_day.on.year != year.year:
        raise CalendarFileError(f"Ngày chưa rõ {written(open_day.on)} không thuộc năm {year.year}.")
    if open_day.on in year.off() or open_day.on in year.worked():
        raise CalendarFileError(
            f"Ngày {written(open_day.on)} đã ghi rõ nghỉ hoặc làm bù, không thể ghi là chưa rõ."
        )


def write_calendar_year(year: CalendarYear) -> str:
    """The year as the text that `read_calendar_year` reads; what an administrator keeps or edits."""
    head = [f"year = {year.year}", f"status = {_quoted(year.status)}"]
    head.append(f"documents = [{', '.join(_quoted(each) for each in year.documents)}]")
    if year.note:
        head.append(f"note = {_quoted(year.note)}")
    return "\n".join(head) + "\n" + "".join(_written_entries(year))


def _written_entries(year: CalendarYear) -> Iterator[str]:
    for block in year.blocks:
        days = {"from": block.first_on, "to": block.last_on}
        yield _entry("off", days, {"reason": block.reason, "source": block.source})
    for swap in year.swaps:
        days = {"off": swap.off_on, "worked": swap.worked_on}
        yield _entry("swap", days, {"reason": swap.reason, "source": swap.source})
    for each in year.open_days:
        yield _entry("open", {"on": each.on}, {"reason": each.reason})


def _entry(key: str, days: Mapping[str, date], words: Mapping[str, str]) -> str:
    lines = [f"{name} = {day.isoformat()}" for name, day in days.items()]
    lines += [f"{name} = {_quoted(text)}" for name, text in words.items() if text]
    return f"\n[[{key}]]\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    kept = "".join(each if each.isprintable() else " " for each in text)
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'
