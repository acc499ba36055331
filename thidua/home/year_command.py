"""`thidua year export`, `thidua verify`: a year's scores as one file, checked without a database."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thidua.arguments import add_out, write_out
from thidua.rules.errors import RuleError, why_not

if TYPE_CHECKING:
    from thidua.organisations.models import EmulationYear
    from thidua.rules.scoring.verification import Difference


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `year export`, which reads the database, and `verify`, which needs none."""
    year = commands.add_parser("year", help="dữ liệu một năm thi đua")
    acts = year.add_subparsers(dest="act", required=True, metavar="VIỆC")
    export = acts.add_parser("export", help="xuất điểm cả năm ra một tệp tự kiểm chứng được")
    export.add_argument("year", type=int, metavar="NĂM")
    export.add_argument("--cluster", metavar="TÊN", help="tên ngắn của cụm, khi có nhiều cụm")
    add_out(export, metavar="TỆP.json")
    export.set_defaults(run=run_export, needs_django=True)
    verify = commands.add_parser("verify", help="tính lại mọi điểm trong tệp dữ liệu năm")
    verify.add_argument("file", type=Path, metavar="TỆP.json")
    verify.add_argument("--json", action="store_true", help="in kết quả cho máy đọc")
    verify.set_defaults(run=run_verify)


def run_export(arguments: argparse.Namespace) -> int:
    """Write the year file; 1 with the reason when there is no such year, or it cannot be saved."""
    from thidua.scoring.yearfiles import year_file

    try:
        data = year_file(_year(arguments.year, arguments.cluster))
        write_out(arguments, data)
    except RuleError as error:
        _say(str(error), file=sys.stderr)
        return 1
    except OSError as error:
        _say(f"Không ghi được tệp {arguments.out}: {why_not(error)}.", file=sys.stderr)
        return 1
    _say(f"Đã xuất {arguments.out}. Kiểm chứng: thidua verify {arguments.out}")
    return 0


def _year(number: int, cluster: str | None) -> "EmulationYear":
    from thidua.organisations.models import EmulationYear

    years = EmulationYear.objects.filter(year=number).select_related("cluster")
    if cluster:
        years = years.filter(cluster__short_name=cluster)
    found = list(years.order_by("cluster__short_name"))
    if not found:
        raise RuleError(
            f"Không có năm thi đua {number}{f' của cụm “{cluster}”' if cluster else ''}."
        )
    if len(found) > 1:
        names = "; ".join(year.cluster.short_name for year in found)
        raise RuleError(f"Năm {number} có nhiều cụm: {names}. Hãy ghi thêm --cluster TÊN.")
    return found[0]


def run_verify(arguments: argparse.Namespace) -> int:
    """Recompute everything: 0 no difference, 1 differences, 2 the file cannot be checked."""
    from thidua.rules.scoring.verification import checked_points, differences
    from thidua.rules.scoring.yearfile import LARGEST, read_year

    try:
        with arguments.file.open("rb") as stream:
            content = read_year(stream.read(LARGEST + 1))
        found = differences(content)
        checked = checked_points(content)
    except (OSError, RuleError) as error:
        said = f"Không mở được tệp: {why_not(error)}." if isinstance(error, OSError) else str(error)
        return _unreadable(arguments, said)
    if arguments.json:
        _say(json.dumps(_report(arguments.file, content, checked, found), ensure_ascii=False))
    else:
        _print(content, checked, found)
    return 1 if found else 0


def _unreadable(arguments: argparse.Namespace, said: str) -> int:
    if arguments.json:
        _say(json.dumps({"file": str(arguments.file), "error": said}, ensure_ascii=False))
    else:
        _say(f"{arguments.file}: {said}", file=sys.stderr)
    return 2


def _report(
    path: Path, content: dict[str, Any], checked: int, found: "list[Difference]"
) -> dict[str, Any]:
    return {
        "file": str(path),
        "cluster": content.get("cluster"),
        "year": content.get("year"),
        "sha256": content.get("sha256"),
        "units": len(content["units"]),
        "points": checked,
        "differences": [
            {
                "unit": each.unit,
                "path": each.path,
                "stored": each.stored,
                "recomputed": each.recomputed,
                "sentence": each.sentence,
            }
            for each in found
        ],
    }


def _print(content: dict[str, Any], checked: int, found: "list[Difference]") -> None:
    for each in found:
        _say(each.sentence)
    _say(
        f"{content.get('cluster')}, năm {content.get('year')}: đã tính lại {checked} điểm tiêu chí."
    )
    _say(f"Mã băm SHA-256 của nội dung: {content.get('sha256')}")
    _say(f"{len(found)} khác biệt")


def _say(line: str, file: Any = None) -> None:
    print(line, file=file or sys.stdout)
