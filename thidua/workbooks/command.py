"""`thidua scale`: make and check points-table workbooks, without a database."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from thidua.arguments import add_out, write_out
from thidua.rules.errors import RuleError, why_not
from thidua.rules.scoring import Severity, fingerprint, plain
from thidua.rules.scoring.cases import CaseResult, run_cases
from thidua.workbooks.reading import CellProblem, WorkbookError
from thidua.workbooks.safety import BOUNDS
from thidua.workbooks.scale import (
    ScaleImport,
    read_scale,
    shipped_names,
    shipped_scale,
    write_scale,
    write_template,
)
from thidua.workbooks.scale.layout import CASES

EXAMPLE = "table_a_2022"


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add `scale template` and `scale check`; each sets `run`, which returns the exit code."""
    scale = subparsers.add_parser("scale", help="bảng chấm điểm trong tệp Excel")
    acts = scale.add_subparsers(dest="act", required=True)

    template = acts.add_parser("template", help="tạo tệp mẫu để điền bảng chấm điểm")
    template.add_argument(
        "--example",
        nargs="?",
        const=EXAMPLE,
        choices=shipped_names(),
        metavar="BẢNG",
        help=f"kèm một bảng thật làm ví dụ: {', '.join(shipped_names())}",
    )
    add_out(template, metavar="TỆP.xlsx")
    template.set_defaults(run=run_template)

    check = acts.add_parser("check", help="kiểm tra tệp đã điền, liệt kê lỗi theo ô")
    check.add_argument("file", type=Path, metavar="TỆP.xlsx")
    check.add_argument("--json", action="store_true", help="in kết quả cho máy đọc")
    check.set_defaults(run=run_check)


def run_template(options: argparse.Namespace) -> int:
    """Write the template, or the example table in its layout; 0, or 1 when it cannot be saved."""
    data = write_scale(shipped_scale(options.example)) if options.example else write_template()
    try:
        write_out(options, data)
    except OSError as error:
        _say(f"Không ghi được tệp {options.out}: {why_not(error)}.", file=sys.stderr)
        return 1
    _say(f"Đã tạo {options.out}.")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Check a filled workbook and compute its examples; 0 when all is well, 1 on any error."""
    found: ScaleImport | None = None
    results: tuple[CaseResult, ...] = ()
    try:
        found = read_scale(_read(options.file))
        results = run_cases(found.table)
        problems: tuple[CellProblem, ...] = (*found.warnings, *_failed(found, results))
    except WorkbookError as error:
        problems = error.problems
    except RuleError as error:
        problems = (CellProblem("", "", Severity.ERROR, str(error)),)
    if options.json:
        report = _report(options.file, found, problems, results)
        _say(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print(options.file, found, problems, results)
    return 0 if _is_fine(problems) else 1


def _failed(found: ScaleImport, results: Sequence[CaseResult]) -> Iterator[CellProblem]:
    """Each example that does not come out, at its cell."""
    for number, result in enumerate(results):
        if not result.passed:
            cell = found.case_cells[number] if number < len(found.case_cells) else ""
            yield CellProblem(CASES.name, cell, Severity.ERROR, result.sentence)


def _is_fine(problems: Sequence[CellProblem]) -> bool:
    return all(each.severity is Severity.WARNING for each in problems)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            # One byte more than is allowed is enough to be refused.
            return stream.read(BOUNDS.file_bytes + 1)
    except OSError as error:
        raise RuleError(f"Không mở được tệp {path}: {why_not(error)}.") from error


def _report(
    path: Path,
    found: ScaleImport | None,
    problems: tuple[CellProblem, ...],
    results: Sequence[CaseResult],
) -> dict[str, object]:
    report: dict[str, object] = {
        "file": str(path),
        "ok": _is_fine(problems),
        "problems": [
            {
                "sheet": each.sheet,
                "cell": each.cell,
                "severity": each.severity.value,
                "sentence": each.sentence,
            }
            for each in problems
        ],
    }
    if found:
        report["table"] = {
            "title": found.table.title,
            "criteria": len(list(found.table.leaves())),
            "fingerprint": fingerprint(found.table),
        }
        report["cases"] = [
            {
                "name": each.case.name,
                "path": each.case.path,
                "passed": each.passed,
                "points": None if each.points is None else plain(each.points),
                "sentence": each.sentence,
            }
            for each in results
        ]
    return report


_NAMES = {Severity.ERROR: "LỖI", Severity.WARNING: "CẢNH BÁO"}


def _print(
    path: Path,
    found: ScaleImport | None,
    problems: tuple[CellProblem, ...],
    results: Sequence[CaseResult],
) -> None:
    for each in problems:
        _say(f"{_NAMES[each.severity]}: {each}")
    if found is None:
        _say(f"{path}: có {len(problems)} lỗi, chưa nhập được.")
        return
    failed = sum(not each.passed for each in results)
    count = len(list(found.table.leaves()))
    _say(f"{path}: nhập được, {count} tiêu chí để chấm, {len(problems) - failed} cảnh báo.")
    if failed:
        _say(f"{failed} trong {len(results)} ví dụ không ra đúng kết quả nên chưa ban hành được.")
    elif results:
        _say(f"Cả {len(results)} ví dụ của bảng đều ra đúng kết quả.")
    _say(f"Mã băm SHA-256: {fingerprint(found.table)}")


def _say(line: str, file: Any = None) -> None:
    print(line, file=file or sys.stdout)
