"""`thidua sheet`: make and check self-score workbooks, without a database or a server.

Nothing heavy is imported until a command runs: checking is a whole process of under a second.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thidua.arguments import add_out, write_out
from thidua.rules.errors import RuleError, why_not

if TYPE_CHECKING:
    from thidua.rules.scoring import Table
    from thidua.workbooks.reading import CellProblem
    from thidua.workbooks.sheets import Report

CLEAN, FAULTY, UNREADABLE = 0, 1, 2


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add `sheet new` and `sheet check`; each sets `run`, which returns the exit code."""
    sheet = subparsers.add_parser("sheet", help="phiếu tự chấm trong tệp Excel")
    acts = sheet.add_subparsers(dest="act", required=True)

    new = acts.add_parser("new", help="tạo phiếu tự chấm trống từ một bảng chấm điểm")
    new.add_argument("scale", type=Path, metavar="BẢNG.xlsx", help="bảng chấm điểm")
    add_out(new, metavar="PHIẾU.xlsx")
    new.add_argument("--unit", default="", metavar="TÊN", help="tên đơn vị ghi sẵn")
    new.add_argument("--year", type=_year, default=0, metavar="NĂM", help="năm thi đua ghi sẵn")
    new.set_defaults(run=run_new)

    check = acts.add_parser(
        "check",
        help="tính điểm theo quy tắc, đối chiếu với điểm tự chấm",
        epilog="Mã kết thúc: 0 khớp và đủ; 1 có chỗ sai quy tắc hoặc còn thiếu; 2 không đọc được.",
    )
    check.add_argument("scale", type=Path, metavar="BẢNG.xlsx", help="bảng chấm điểm")
    check.add_argument("filled", type=Path, metavar="PHIẾU.xlsx", help="phiếu đã điền")
    check.add_argument("--json", action="store_true", help="in kết quả cho máy đọc")
    check.add_argument(
        "--year", type=_year, default=0, metavar="NĂM", help="thay cho năm ghi trên phiếu"
    )
    check.set_defaults(run=run_check)


def _year(text: str) -> int:
    from thidua.workbooks.sheets.layout import FIRST_YEAR, LAST_YEAR

    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise argparse.ArgumentTypeError(f"năm phải từ {FIRST_YEAR} đến {LAST_YEAR}, đang là “{text}”")


def run_new(options: argparse.Namespace) -> int:
    """Write a blank form; 0, 1 when it cannot be saved, 2 when the table cannot be read."""
    from thidua.workbooks.sheets import write_form

    try:
        data = write_form(_table(options.scale), unit=options.unit, year=options.year)
    except RuleError as error:
        _say(f"LỖI: {options.scale}: {error}", file=sys.stderr)
        return UNREADABLE
    try:
        write_out(options, data)
    except OSError as error:
        _say(f"Không ghi được tệp {options.out}: {why_not(error)}.", file=sys.stderr)
        return FAULTY
    _say(f"Đã tạo {options.out}.")
    return CLEAN


def run_check(options: argparse.Namespace) -> int:
    """Check a filled form; 0 clean, 1 something broken or missing, 2 something unreadable."""
    from thidua.workbooks.sheets import check, read_form

    table: Table | None = None
    report: Report | None = None
    problems: tuple[CellProblem, ...] = ()
    at = options.scale
    try:
        table = _table(at)
        at = options.filled
        filled = read_form(_read(at), table)
        problems = filled.problems
        report = check(table, filled, options.year)
    except RuleError as error:
        problems = (*problems, *_problems(at, error))
    code = _code(report, problems)
    if options.json:
        _say(json.dumps(_data(table, report, problems, code), ensure_ascii=False, indent=2))
    else:
        _print(report, problems, code)
    return code


def _table(path: Path) -> "Table":
    from thidua.workbooks.scale import read_scale

    return read_scale(_read(path)).table


def _read(path: Path) -> bytes:
    from thidua.workbooks.safety import BOUNDS

    try:
        with path.open("rb") as stream:
            # One byte more than is allowed is enough to be refused.
            return stream.read(BOUNDS.file_bytes + 1)
    except OSError as error:
        raise RuleError(f"Không mở được tệp: {why_not(error)}.") from error


def _problems(path: Path, error: Exception) -> "tuple[CellProblem, ...]":
    """The reasons why a file cannot be read; what is said of a whole file names it."""
    from thidua.rules.scoring import Severity
    from thidua.workbooks.reading import CellProblem, WorkbookError

    if isinstance(error, WorkbookError):
        return error.problems
    return (CellProblem("", "", Severity.ERROR, f"{path}: {error}"),)


def _code(report: "Report | None", problems: "Sequence[CellProblem]") -> int:
    from thidua.rules.scoring import Severity

    if report is None or any(each.severity is Severity.ERROR for each in problems):
        return UNREADABLE
    return CLEAN if report.is_clean else FAULTY


def _data(
    table: "Table | None",
    report: "Report | None",
    problems: "Sequence[CellProblem]",
    code: int,
) -> dict[str, Any]:
    from thidua.rules.scoring import fingerprint
    from thidua.workbooks.sheets.telling import to_data

    named = {"title": table.title, "fingerprint": fingerprint(table)} if table else None
    return to_data(report, problems, ok=code == CLEAN, table=named)


_ENDS = {
    CLEAN: "Phiếu khớp với bảng chấm điểm.",
    FAULTY: "Phiếu có chỗ sai quy tắc hoặc còn thiếu; xem các dòng ở trên.",
    UNREADABLE: "Có chỗ không đọc được; hãy sửa các ô nêu trên rồi kiểm tra lại.",
}


def _print(report: "Report | None", problems: "Sequence[CellProblem]", code: int) -> None:
    from thidua.workbooks.sheets.telling import problem_lines, report_lines

    for line in problem_lines(problems):
        _say(line)
    for line in report_lines(report) if report else ():
        _say(line)
    _say(_ENDS[code])


def _say(line: str, file: Any = None) -> None:
    print(line, file=file or sys.stdout)
