"""`thidua periods`: the seven reporting periods of a year, without a database or a server."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thidua.reporting.deadline_command import DONE, WrongUsage, read_calendar, refuse, say, say_json
from thidua.rules.errors import RuleError

if TYPE_CHECKING:
    from thidua.rules.deadlines import ReportingWindow
    from thidua.rules.deadlines.periods import DueDay


def add_parser(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add `periods`; it sets `run`, which returns the exit code."""
    periods = commands.add_parser(
        "periods",
        help="bảy kỳ báo cáo của một năm: thời gian chốt số liệu, hạn gửi",
        epilog="Mã kết thúc: 0 xong; 1 năm nằm ngoài chế độ báo cáo đã có; 2 nhập sai.",
    )
    periods.add_argument(
        "year", nargs="?", default="", metavar="NĂM", help="năm báo cáo, ví dụ 2026"
    )
    periods.add_argument(
        "--calendar",
        action="append",
        default=[],
        type=Path,
        metavar="LỊCH.toml",
        help="thêm hoặc thay lịch làm việc của một năm",
    )
    periods.add_argument("--json", action="store_true", help="in kết quả cho máy đọc")
    periods.set_defaults(run=run_periods)


def run_periods(options: argparse.Namespace) -> int:
    """Print the periods of one year; 0 done, 1 outside the regimes known, 2 wrong input."""
    from thidua.rules.deadlines import reporting_windows

    try:
        year = _year(options.year)
        windows = reporting_windows(year, read_calendar(options.calendar))
    except RuleError as error:
        return refuse(error, as_json=options.json)
    if options.json:
        say_json({"ok": True, "year": year, "periods": [_data(each) for each in windows]})
        return DONE
    for window in windows:
        for line in _lines(window):
            say(line)
    return DONE


def _year(text: str) -> int:
    from thidua.rules.deadlines.days import shorten

    typed = text.strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) != 4:
        raise WrongUsage(
            f"Hãy ghi năm báo cáo bằng bốn chữ số, ví dụ 2026, đang là “{shorten(text)}”."
        )
    return int(typed)


def _data(window: "ReportingWindow") -> dict[str, Any]:
    return {
        "period": window.code,
        "name": window.name,
        "from": window.first_on.isoformat(),
        "to": window.last_on.isoformat(),
        **_due_data("local", window.local),
        **_due_data("ttcp", window.ttcp),
        "has_narrative": window.has_narrative,
        "law": f"{window.law}, {window.article}" if window.article else window.law,
        "basis": window.basis.value,
    }


def _due_data(name: str, due: "DueDay") -> dict[str, Any]:
    return {
        f"{name}_due_on": due.on.isoformat(),
        f"{name}_due_is_working_day": due.is_working,
        f"{name}_due_flag": due.flag,
    }


def _lines(window: "ReportingWindow") -> Iterator[str]:
    from thidua.rules.deadlines import Basis, named, written

    mark = " (theo hiểu biết chung, chưa đối chiếu)" if window.basis is Basis.SETTING else ""
    parts = "biểu mẫu và đề cương" if window.has_narrative else "biểu mẫu"
    yield f"{window.name} {window.year}: {parts}; {window.law}{mark}"
    yield f"  Số liệu từ {written(window.first_on)} đến hết {written(window.last_on)}"
    for name, due in (
        ("Gửi UBND cấp tỉnh", window.local),
        ("Gửi Thanh tra Chính phủ", window.ttcp),
    ):
        yield f"  {name}: {named(due.on)}{f' – {due.flag}' if due.flag else ''}"
