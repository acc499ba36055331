"""1,000,000 due dates with the working calendar, and one deadline with its reasons.

    .venv/bin/python benchmarks/bench_deadlines.py [due dates]

The floor is NumPy's `busday_offset` on an array made beforehand (no make-up Saturdays: NumPy has no
such thing), and the same from a list of dates to a list of dates, which is what we take and give.
Where NumPy is not installed the floor is plain Python, day by day, on a twentieth of the dates; the
print says so. Run it with NumPy: `uv run --with numpy python benchmarks/bench_deadlines.py`.
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from thidua.rules.deadlines import (
    Circumstances,
    compute,
    due_dates,
    shipped_calendar,
    shipped_clocks,
)

try:
    import numpy as np
except ImportError:
    np = None

FIRST, LAST = date(2023, 1, 1), date(2026, 11, 30)
ROUNDS = 5
CLOCK, LENGTH = "reception-answer", 10
SHARE = 20


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    span = (LAST - FIRST).days
    pick = random.Random(7)
    starts = [FIRST + timedelta(days=pick.randint(0, span)) for _ in range(number)]
    clock, calendar = shipped_clocks()[CLOCK], shipped_calendar()

    ours = middle(lambda: due_dates(clock, starts, calendar))
    print(f"{number:,} due dates of {CLOCK} ({LENGTH} working days)")
    print(f"  ours, list of dates to list of dates   {ours * 1000:9.1f} ms")
    for name, floor in floors(starts):
        print(f"  {name:<38} {floor * 1000:9.1f} ms   ratio {ours / floor:6.2f}")
    one(clock, calendar)
    whole_process()


def floors(starts: list[date]) -> list[tuple[str, float]]:
    if np is None:
        few = starts[: max(1, len(starts) // SHARE)]
        taken = middle(lambda: [day_by_day(start) for start in few])
        return [("plain Python, day by day (no NumPy)", taken * len(starts) / len(few))]
    holidays = np.array(list(weekdays_off()), dtype="datetime64[D]")
    ready = np.array(starts, dtype="datetime64[D]")

    def offset(days: "np.ndarray") -> "np.ndarray":
        return np.busday_offset(days, LENGTH, roll="backward", holidays=holidays)

    agree(starts, offset(ready).tolist())
    return [
        ("busday_offset, array to array", middle(lambda: offset(ready))),
        (
            "busday_offset, list to list",
            middle(lambda: offset(np.array(starts, dtype="datetime64[D]")).tolist()),
        ),
    ]


def weekdays_off() -> set[date]:
    return {
        day for year in shipped_calendar().years.values() for day in year.off() if day.weekday() < 5
    }


def agree(starts: list[date], found: list[date]) -> None:
    """Where no make-up Saturday is on the way, NumPy and we say the same."""
    ours = due_dates(shipped_clocks()[CLOCK], starts, shipped_calendar())
    made_up = [day for year in shipped_calendar().years.values() for day in year.worked()]
    for start, one_way, other in zip(starts, ours, found, strict=True):
        met = any(start <= day <= other for day in made_up)
        if one_way != other and not met:
            raise RuntimeError(f"{start}: {one_way} is not {other}")


def day_by_day(start: date) -> date:
    calendar, left, day = shipped_calendar(), LENGTH, start
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return day


def one(clock: object, calendar: object) -> None:
    circumstances = Circumstances(date(2026, 8, 20))
    taken = middle(lambda: [compute(clock, circumstances, calendar) for _ in range(1000)])
    print(f"  one deadline with its reasons          {taken * 1000:9.1f} µs")


def whole_process() -> None:
    """The whole command, against a process that only imports argparse."""
    script = (
        "import argparse; from thidua.reporting import deadline_command as c; "
        "p = argparse.ArgumentParser(); c.add_parser(p.add_subparsers()); "
        "o = p.parse_args(['deadline', 'reception-answer', '2026-08-20', '--json']); o.run(o)"
    )
    floor, ours = process("import argparse"), process(script)
    print(
        f"  the command, start to exit             {ours * 1000:9.1f} ms   ratio {ours / floor:6.2f} "
        "to importing argparse"
    )


def process(script: str) -> float:
    return middle(
        lambda: subprocess.run(
            [sys.executable, "-c", script], cwd=sys.path[0], check=True, stdout=-3
        )
    )


def middle(work: Callable[[], object]) -> float:
    """Median seconds of some rounds; the first only warms up."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
