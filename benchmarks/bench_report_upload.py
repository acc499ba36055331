"""A workbook with a list of 10,000 rows, checked and stored, against reading it and one raw insert.

The floor is openpyxl in its read-only mode over every sheet, and one `executemany` of the rows as
JSON: the fastest well-kept reader that may open a stranger's file here. python-calamine is faster
and is refused by design: a file of 4.8 KB aborts the whole process in it. All is rolled back after
each round, so every round does the same. Own temporary SQLite database; ROUNDS=5 by default.
"""

import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.reports import loaded, started
from benchmarks.shared import NOW, own_database, show, timed

ROWS = int(os.environ.get("ROWS", "10000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
FORM = "pctn3"


def rows() -> list[dict[str, str]]:
    return [
        {
            "pctn3-ten-van-ban": f"Quyết định số {number}/QĐ-UBND ngày 05/03/2026",
            "pctn3-co-quan-ban-hanh": "Uỷ ban nhân dân tỉnh",
            "pctn3-noi-dung-so-ho": f"Nội dung còn sơ hở thứ {number}, dễ bị lợi dụng",
            "pctn3-chua-khac-phuc": "x",
            "pctn3-nguyen-nhan": "Đang chờ văn bản hướng dẫn của cấp trên",
        }
        for number in range(1, ROWS + 1)
    ]


def workbook(report: Any) -> bytes:
    from thidua.reporting.exports.report import identity_of
    from thidua.reporting.queries.reports import contents_of
    from thidua.rules.reporting import Filled
    from thidua.workbooks.reports import write_report

    edition = contents_of(report).edition
    return write_report(edition, Filled({}, {FORM: rows()}), {}, identity_of(report))


def read_only(data: bytes) -> list[list[tuple[Any, ...]]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return [list(page.values) for page in book.worksheets]


def raw_insert(report: Any, actor: Any) -> None:
    from django.db import connection, transaction

    values = [
        (FORM, number, json.dumps(row), str(NOW), actor.pk, report.pk)
        for number, row in enumerate(rows(), start=1)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO reporting_listrow "
            "(form_key, position, cells, changed_at, changed_by_id, report_id) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            values,
        )
        transaction.set_rollback(True)


def taken_over(key: int, data: bytes, actor: Any) -> None:
    from django.db import transaction

    from thidua.reporting import services
    from thidua.reporting.exports.report import questions_about, read_workbook

    with transaction.atomic():
        report = loaded(key)
        sent = read_workbook(report, data)
        questions_about(report, sent)
        changed = services.import_report(
            report=report,
            sent=sent,
            name="bieu.xlsx",
            replace=False,
            actor=actor,
            at=NOW,
            data=data,
        )
        if changed != 1 or report.list_rows.count() != ROWS:
            raise SystemExit(f"not taken over whole: {changed}, {report.list_rows.count()} rows")
        transaction.set_rollback(True)


def main() -> None:
    with own_database():
        measure()


def measure() -> None:
    from thidua.reporting.exports.report import read_workbook

    place, report = started()
    data = workbook(report)
    works = {
        "checked and stored": lambda: taken_over(report.pk, data, place.person),
        "of which checked": lambda: read_workbook(report, data),
        "openpyxl read-only": lambda: read_only(data),
        "raw bulk insert": lambda: raw_insert(report, place.person),
    }
    spent = timed(works, ROUNDS)
    title = f"{ROWS:,} rows × 5 cells, {len(data):,} bytes, {ROUNDS} rounds"
    show(title, spent, "openpyxl read-only", "raw bulk insert")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest memory of the process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
