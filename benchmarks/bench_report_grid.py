"""The grid of the longest form, 01/PCTN, every cell filled, against a bare page of the same bytes.

Time, statements and bytes of one page; the whole report's page and the list of forms beside it.
Both pages are asked in turn by the same signed-in client. Own temporary SQLite database.
"""

import gzip
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.reports import fill_numbers, started
from benchmarks.shared import BARE, Pages, own_database, show, timed

ROUNDS = int(os.environ.get("ROUNDS", "30"))
FORM, INDICATORS = "pctn1", 110
CELL = b'name="c-'


def main() -> None:
    with own_database():
        measure()


def measure() -> None:
    from django.db import connection
    from django.urls import reverse

    place, report = started()
    fill_numbers(report, place.person)
    pages = Pages(place.person)
    grid = reverse("reports:form", args=[place.year.pk, report.pk, FORM])
    whole = reverse("reports:report", args=[place.year.pk, report.pk])
    content = pages.whole(grid, CELL, INDICATORS)
    works = {"grid": pages.get(grid), "bare page": pages.get(BARE), "report": pages.get(whole)}
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        pages.client.get(grid)
    cells, packed = content.count(CELL), len(gzip.compress(content))
    title = (
        f"grid of {cells} cells: {len(asked)} statements, {len(content):,} bytes ({packed:,} packed), "
        f"{ROUNDS} rounds"
    )
    show(title, timed(works, ROUNDS), "bare page")


if __name__ == "__main__":
    main()
