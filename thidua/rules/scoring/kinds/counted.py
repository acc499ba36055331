"""Lines that count cases, steps beyond a threshold, or days."""

from datetime import date
from fractions import Fraction
from math import floor

from thidua.rules.errors import RuleError
from thidua.rules.scoring.kinds.banded import banded, bands_named
from thidua.rules.scoring.kinds.env import ZERO, Env, Say, whole
from thidua.rules.scoring.language import Kind, Line
from thidua.rules.scoring.numbers import words


def per_case(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    count = env.number(line.input)
    each = line.points or ZERO
    times = Fraction(floor(count / line.every)) if line.every is not None else count
    points = times * each
    if line.first is not None and times > 0:
        points = line.first + max(ZERO, times - 1) * each
    if say:
        by = f", cứ {words(line.every)} tính một lần" if line.every is not None else ""
        first = f"{words(line.first)} + " if line.first is not None and times > 0 else ""
        rest = max(ZERO, times - 1) if first else times
        say(f"{env.shown(line.input)}{by}: {first}{words(rest)} × {words(each)} = {words(points)}.")
    return points


def progressive(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    value, start = env.number(line.input), line.threshold or ZERO
    if value <= start:
        if say:
            say(f"{env.shown(line.input)}, chưa vượt {words(start)} → 0.")
        return ZERO
    every, each, first = line.every or Fraction(1), line.points or ZERO, line.first or ZERO
    times = floor((value - start) / every)
    points = first + times * each
    if say:
        say(
            f"{env.shown(line.input)}, vượt {words(start)}: {words(first)} + {times} × {words(each)} = "
            f"{words(points)}."
        )
    return points


def by_date(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    done = env.need(line.input)
    due = due_on(line.due, env)
    if not isinstance(done, date):
        raise RuleError(f"số liệu “{env.label(line.input)}” không phải là ngày.")
    late = line.kind is Kind.LATE
    days = max(0, (done - due).days if late else (due - done).days)
    least = line.threshold if line.threshold is not None else Fraction(1)
    points = _for_days(line, maximum, days, env) if days >= least else _within(line, maximum, env)
    if say:
        word = "chậm" if late else "sớm"
        how = f"{word} {days} ngày" if days else f"không {word}"
        say(f"{env.shown(line.input)}, hạn {due:%d/%m/%Y}: {how} → {words(points)}.")
    return points


def _within(line: Line, maximum: Fraction | None, env: Env) -> Fraction:
    """What who is within the due date gets: bands may have one for it, with no threshold written."""
    if not line.bands or line.threshold is not None:
        return ZERO
    found = (band for band in bands_named(line.bands, env) if band.holds(ZERO))
    return next((band.worth(maximum) for band in found), ZERO)


def _for_days(line: Line, maximum: Fraction | None, days: int, env: Env) -> Fraction:
    if line.bands:
        return banded(line, maximum, Fraction(days), env)[0]
    if line.every is None:
        return whole(line, maximum)
    times = floor(days / line.every)
    each = line.points or ZERO
    return times * each if line.first is None else line.first + max(0, times - 1) * each


def due_on(due: str, env: Env) -> date:
    """A due date: “31/01” of the emulation year, “31/01/2027”, or the value of a date input."""
    parts = due.split("/")
    if len(parts) in {2, 3} and all(part.strip().isdigit() for part in parts):
        day, month = int(parts[0]), int(parts[1])
        year = int(parts[2]) if len(parts) == 3 else env.facts.year
        try:
            return date(year, month, day)
        except ValueError:
            raise RuleError(f"hạn “{due}” không phải là ngày có trong lịch.") from None
    value = env.need(due)
    if not isinstance(value, date):
        raise RuleError(f"hạn “{due}” không phải là ngày.")
    return value
