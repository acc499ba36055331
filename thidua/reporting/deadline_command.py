"""`thidua deadline`: when something is due and why, without a database or a server.

Every typed value is read here and not by argparse, so that a slip is one Vietnamese sentence, also
in JSON. The rules are imported only when the command runs.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thidua.rules.errors import RuleError, why_not

if TYPE_CHECKING:
    from thidua.rules.deadlines import (
        CalendarNotLoaded,
        Circumstances,
        Deadline,
        Suspension,
        WorkingCalendar,
    )

DONE, NO_ANSWER, WRONG = 0, 1, 2
_MOST_FILES = 20


class WrongUsage(RuleError):
    """The command was not written as it should be; the message says how."""


def add_parser(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add `deadline`; it sets `run`, which returns the exit code."""
    deadline = commands.add_parser(
        "deadline",
        help="tính thời hạn theo luật, có giải thích từng bước",
        epilog=(
            "Mã kết thúc: 0 tính được; 1 chưa có lịch của năm đó hoặc ngày nằm ngoài hiệu lực; "
            "2 nhập sai."
        ),
    )
    deadline.add_argument("rule", nargs="?", metavar="THỜI_HẠN", help="mã của thời hạn, xem --list")
    deadline.add_argument("date", nargs="?", metavar="NGÀY", help="2026-03-05 hoặc 05/03/2026")
    deadline.add_argument("--list", action="store_true", help="liệt kê các thời hạn")
    deadline.add_argument(
        "--variant", default="", metavar="TRƯỜNG_HỢP", help="ví dụ complex, remote"
    )
    deadline.add_argument(
        "--extensions", metavar="SỐ_LẦN", help="số lần đã gia hạn, mỗi lần tối đa"
    )
    deadline.add_argument("--extension-days", metavar="15,20", help="số ngày của từng lần gia hạn")
    _add_special(deadline)
    deadline.add_argument("--json", action="store_true", help="in kết quả cho máy đọc")
    deadline.set_defaults(run=run_deadline)


def _add_special(deadline: argparse.ArgumentParser) -> None:
    deadline.add_argument(
        "--suspended", action="append", default=[], metavar="NGÀY", help="ngày tạm đình chỉ"
    )
    deadline.add_argument(
        "--continued", action="append", default=[], metavar="NGÀY", help="ngày tiếp tục"
    )
    deadline.add_argument(
        "--began", metavar="NGÀY", help="ngày bắt đầu cuộc thanh tra, khi luật cũ còn áp dụng"
    )
    deadline.add_argument("--at", metavar="GIỜ", help="giờ, với thời hạn tính theo giờ: 14:00")
    deadline.add_argument(
        "--granted", metavar="SỐ_NGÀY", help="thời hạn ghi trong quyết định: “70 ngày làm việc”"
    )
    deadline.add_argument(
        "--calendar",
        action="append",
        default=[],
        type=Path,
        metavar="LỊCH.toml",
        help="thêm hoặc thay lịch làm việc của một năm",
    )


def run_deadline(options: argparse.Namespace) -> int:
    """Answer one question, or list the clocks; 0 answered, 1 no answer to give, 2 wrong input."""
    from thidua.rules.deadlines import CalendarNotLoaded
    from thidua.rules.deadlines.telling import outcome_data, outcome_lines

    try:
        calendar = read_calendar(options.calendar)
        if options.list:
            return _list(calendar, as_json=options.json)
        outcome = _answer(options, calendar)
    except RuleError as error:
        return refuse(error, as_json=options.json)
    if isinstance(outcome, CalendarNotLoaded):
        return _no_calendar(outcome, as_json=options.json)
    if options.json:
        say_json(outcome_data(outcome))
    else:
        for line in outcome_lines(outcome):
            say(line)
    return DONE


def read_calendar(paths: "Sequence[Path]") -> "WorkingCalendar":
    """The shipped calendar with the years of these files. Raises `RuleError`."""
    from thidua.rules.deadlines import shipped_calendar

    calendar = shipped_calendar()
    if len(paths) > _MOST_FILES:
        raise WrongUsage(f"Chỉ nhận không quá {_MOST_FILES} tệp lịch.")
    for path in paths:
        calendar = calendar.with_year(_year_of(path))
    return calendar


def _year_of(path: Path) -> Any:
    from thidua.rules.deadlines import CalendarFileError, read_calendar_year
    from thidua.rules.deadlines.yearfile import LONGEST_FILE

    try:
        with path.open("rb") as stream:
            text = stream.read(4 * LONGEST_FILE).decode("utf-8-sig")
        return read_calendar_year(text)
    except OSError as error:
        raise WrongUsage(f"Không mở được tệp lịch {path}: {why_not(error)}.") from error
    except UnicodeDecodeError as error:
        raise CalendarFileError(f"{path}: tệp lịch phải là chữ mã hóa UTF-8.") from error
    except CalendarFileError as error:
        raise CalendarFileError(f"{path}: {error}") from error


def _answer(
    options: argparse.Namespace, calendar: "WorkingCalendar"
) -> "Deadline | CalendarNotLoaded":
    from thidua.rules.deadlines import compute, find_clock, shipped_clocks

    if not options.rule or not options.date:
        raise WrongUsage(
            "Hãy viết: thidua deadline THỜI_HẠN NGÀY, ví dụ thidua deadline complaint-acceptance "
            "2026-07-01. Danh sách: thidua deadline --list."
        )
    clock = find_clock(shipped_clocks(), options.rule)
    return compute(clock, _circumstances(options), calendar)


def _circumstances(options: argparse.Namespace) -> "Circumstances":
    from thidua.rules.deadlines import Circumstances, parse_date, parse_period, parse_time

    return Circumstances(
        start_on=parse_date(options.date),
        variant=options.variant,
        extensions=_extensions(options),
        suspensions=_suspensions(options.suspended, options.continued),
        began_on=None if options.began is None else parse_date(options.began),
        at=None if options.at is None else parse_time(options.at),
        granted=None if options.granted is None else parse_period(options.granted),
    )


def _extensions(options: argparse.Namespace) -> int | tuple[int, ...]:
    number = None if options.extensions is None else _whole(options.extensions, "--extensions")
    if options.extension_days is None:
        return number or 0
    days = tuple(_whole(each, "--extension-days") for each in options.extension_days.split(","))
    if number not in (None, len(days)):
        raise WrongUsage(
            f"--extensions ghi {number} lần nhưng --extension-days ghi {len(days)} lần."
        )
    return days


def _whole(text: str, name: str) -> int:
    from thidua.rules.deadlines.days import shorten

    typed = text.strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) > 4:
        raise WrongUsage(f"{name} phải là số nguyên từ 0 trở lên, đang là “{shorten(text)}”.")
    return int(typed)


def _suspensions(suspended: Sequence[str], continued: Sequence[str]) -> "tuple[Suspension, ...]":
    from thidua.rules.deadlines import Suspension, parse_date
    from thidua.rules.deadlines.days import shorten

    if len(suspended) > len(continued):
        raise WrongUsage(
            f"Tạm dừng từ “{shorten(suspended[-1])}” mà chưa có ngày tiếp tục thì thời hạn chưa "
            "chạy lại, chưa tính được hạn. Khi có quyết định tiếp tục, hãy ghi --continued NGÀY."
        )
    if len(suspended) < len(continued):
        raise WrongUsage("Mỗi --continued phải đi với một --suspended trước nó.")
    return tuple(
        Suspension(parse_date(first), parse_date(last))
        for first, last in zip(suspended, continued, strict=True)
    )


def refuse(error: RuleError, *, as_json: bool) -> int:
    """Say why there is no answer; 1 where no rule covers the date, 2 where the input is wrong."""
    kind = _kind(error)
    if as_json:
        say_json({"ok": False, "error": kind, "message": str(error)})
    else:
        say(str(error), file=sys.stderr)
    return NO_ANSWER if kind == "outside_validity" else WRONG


def _kind(error: RuleError) -> str:
    from thidua.rules import deadlines

    kinds = (
        (deadlines.OutsideValidity, "outside_validity"),
        (deadlines.OutsideRegime, "outside_validity"),
        (deadlines.UnknownClock, "unknown_rule"),
        (deadlines.NotADate, "bad_date"),
        (deadlines.CalendarFileError, "bad_calendar_file"),
        (WrongUsage, "wrong_usage"),
    )
    return next((name for kind, name in kinds if isinstance(error, kind)), "bad_circumstances")


def _no_calendar(outcome: "CalendarNotLoaded", *, as_json: bool) -> int:
    if as_json:
        say_json(
            {
                "ok": False,
                "error": "calendar_not_loaded",
                "message": outcome.message,
                "rule": outcome.clock,
                "year": outcome.year,
            }
        )
    else:
        say(outcome.message, file=sys.stderr)
    return NO_ANSWER


def _list(calendar: "WorkingCalendar", *, as_json: bool) -> int:
    from thidua.rules.deadlines import shipped_clocks
    from thidua.rules.deadlines.telling import clock_data, clock_lines

    clocks = shipped_clocks().values()
    if as_json:
        years = [
            {"year": year, "status": each.status.value, "documents": list(each.documents)}
            for year, each in sorted(calendar.years.items())
        ]
        say_json({"ok": True, "rules": [clock_data(each) for each in clocks], "calendar": years})
        return DONE
    group = ""
    for clock in clocks:
        if clock.group != group:
            group = clock.group
            say(f"\n{group.upper()}" if group else "")
        for line in clock_lines(clock):
            say(line)
    return DONE


def say_json(data: dict[str, Any]) -> None:
    """Print one object for machines."""
    say(json.dumps(data, ensure_ascii=False, indent=2))


def say(line: str, file: Any = None) -> None:
    """Print one line; bytes that were no text on the command line come out as question marks."""
    print(line.encode("utf-8", "replace").decode("utf-8"), file=file or sys.stdout)
