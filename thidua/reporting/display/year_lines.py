"""A year of the working calendar as lines that people type, and back; refusals name the line.

One line is one run of days off, one swap or one open day:
`30/04/2026 – 03/05/2026 | reason | source`, `02/01/2026 → 10/01/2026 | reason | source`,
`24/11/2026 | reason`. A tab does as well as a bar, so that rows pasted from a workbook are read.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from thidua.rules.deadlines import (
    Block,
    CalendarFileError,
    CalendarYear,
    OpenDay,
    Status,
    Swap,
    check_calendar_year,
    parse_date,
    written,
)
from thidua.rules.errors import RuleError

MOST_LINES = 100
LONGEST_TEXT = 500
_BETWEEN = re.compile(r"\s+(?:-|đến|tới|làm bù|bù)\s+|\s*(?:->|→|–|—)\s*", re.IGNORECASE)
_BLOCK_NAMED = re.compile(r"[Kk]hối \[\[(off|swap|open)\]\] thứ (\d+)")
_DAY_NAMED = re.compile(r"\d{2}/\d{2}/\d{4}")

Entry = TypeVar("Entry", Block, Swap, OpenDay)


class BadLines(RuleError):
    """Lines that cannot be read; `sentences` has one for each, "Dòng 3: …"."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(sentences))


@dataclass(frozen=True)
class Typed:
    """Entries with the number of the line on which each stands."""

    lines: tuple[int, ...]
    entries: tuple[Block | Swap | OpenDay, ...]


def read_off(text: str) -> Typed:
    """Runs of days off. Raises `BadLines`."""
    return _read(text, _block)


def read_swaps(text: str) -> Typed:
    """Swapped days. Raises `BadLines`."""
    return _read(text, _swap)


def read_open(text: str) -> Typed:
    """Days nobody has settled yet. Raises `BadLines`."""
    return _read(text, _open)


def _read(text: str, read: Callable[[list[str]], Entry]) -> Typed:
    found: list[tuple[int, Entry]] = []
    wrong: list[str] = []
    for number, parts in _lines(text):
        if len(found) + len(wrong) >= MOST_LINES:
            wrong.append(f"Dòng {number}: đã quá {MOST_LINES} dòng. Hãy kiểm tra lại nội dung dán.")
            break
        try:
            found.append((number, read(parts)))
        except RuleError as error:
            wrong.append(f"Dòng {number}: {error}")
    if wrong:
        raise BadLines(wrong)
    return Typed(tuple(n for n, _ in found), tuple(entry for _, entry in found))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, [" ".join(part.split()) for part in re.split(r"[|\t]", line.strip())]


def _block(parts: list[str]) -> Block:
    days, reason, source = _columns(parts, 3)
    first, last = _one_or_two(days)
    return Block(first, last or first, _needed(reason), source)


def _swap(parts: list[str]) -> Swap:
    days, reason, source = _columns(parts, 3)
    off, worked = _one_or_two(days)
    if worked is None:
        raise RuleError("cần hai ngày: ngày được nghỉ → ngày làm bù.")
    return Swap(off, worked, reason, source)


def _open(parts: list[str]) -> OpenDay:
    day, reason = _columns(parts, 2)
    return OpenDay(parse_date(day), _needed(reason))


def _columns(parts: list[str], most: int) -> list[str]:
    if len(parts) > most:
        raise RuleError(f"có {len(parts)} phần cách nhau bằng dấu |, nhiều nhất là {most} phần.")
    if any(len(each) > LONGEST_TEXT for each in parts):
        raise RuleError(f"có phần dài quá {LONGEST_TEXT} ký tự.")
    return [*parts, *[""] * (most - len(parts))]


def _one_or_two(text: str) -> tuple[date, date | None]:
    days = [part for part in _BETWEEN.split(text) if part]
    if len(days) > 2:
        raise RuleError("có nhiều hơn hai ngày; mỗi dòng chỉ ghi một đợt.")
    first = parse_date(days[0] if days else "")
    return first, parse_date(days[1]) if len(days) == 2 else None


def _needed(reason: str) -> str:
    if not reason:
        raise RuleError("thiếu lý do; hãy ghi sau dấu |, ví dụ: 30/04/2026 | Ngày Chiến thắng.")
    return reason


def written_off(blocks: Sequence[Block]) -> str:
    """The runs of days off as lines to edit."""
    return "\n".join(_joined(_span(b.first_on, b.last_on), b.reason, b.source) for b in blocks)


def written_swaps(swaps: Sequence[Swap]) -> str:
    """The swaps as lines to edit."""
    return "\n".join(
        _joined(f"{written(s.off_on)} → {written(s.worked_on)}", s.reason, s.source) for s in swaps
    )


def written_open(days: Sequence[OpenDay]) -> str:
    """The open days as lines to edit."""
    return "\n".join(_joined(written(each.on), each.reason) for each in days)


def _span(first: date, last: date) -> str:
    return written(first) if first == last else f"{written(first)} – {written(last)}"


def _joined(*parts: str) -> str:
    # A bar inside a text would read as the next column.
    columns = [part.replace("|", "/") for part in parts]
    while columns and not columns[-1]:
        columns.pop()
    return " | ".join(columns)


_ADD: dict[str, Callable[[CalendarYear, Any], CalendarYear]] = {
    "off": lambda year, entry: replace(year, blocks=(*year.blocks, entry)),
    "swap": lambda year, entry: replace(year, swaps=(*year.swaps, entry)),
    "open": lambda year, entry: replace(year, open_days=(*year.open_days, entry)),
}


def put_together(
    head: CalendarYear, off: Typed, swaps: Typed, open_days: Typed
) -> tuple[CalendarYear, dict[str, str]]:
    """The year with its lines, and what is wrong with it: field → sentence naming the line.

    `head` carries year, status, documents and note. Lines are added one after the other, so that the
    first one that contradicts the rest is the one named.
    """
    year = replace(head, status=Status.PROVISIONAL, blocks=(), swaps=(), open_days=())
    for name, typed in (("off", off), ("swap", swaps), ("open", open_days)):
        for number, entry in zip(typed.lines, typed.entries, strict=True):
            year = _ADD[name](year, entry)
            if said := _fault(year):
                return year, {name: f"Dòng {number}: {said}"}
    year = replace(year, status=head.status)
    said = _fault(year)
    return year, {"documents": said} if said else {}


def _fault(year: CalendarYear) -> str:
    try:
        check_calendar_year(year)
    except CalendarFileError as error:
        return str(error)
    return ""


def with_line(message: str, text: str) -> str:
    """A refusal of an uploaded file with the line it speaks of, where that can be told."""
    if "dòng" in message:
        return message
    number = _line_of_block(message, text) or _line_of_day(message, text)
    return f"Dòng {number} của tệp: {message}" if number else message


def _line_of_block(message: str, text: str) -> int | None:
    named = _BLOCK_NAMED.search(message)
    if named is None:
        return None
    head = f"[[{named[1]}]]"
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(head)]
    place = int(named[2])
    return lines[place - 1] if place <= len(lines) else None


def _line_of_day(message: str, text: str) -> int | None:
    named = _DAY_NAMED.search(message)
    if named is None:
        return None
    day, month, year = named[0].split("/")
    for number, line in enumerate(text.splitlines(), 1):
        if named[0] in line or f"{year}-{month}-{day}" in line:
            return number
    return None
