"""The score matrix of 34 units × 176 criteria against a bare Django page of the same bytes.

Both pages are asked in turn by the same signed-in client in one run, so the ratio holds on a
noisy machine. The floor is what no page of these figures can go below: reading them from the
database by plain SQL and joining text. Own temporary SQLite database; prints medians and ratios.
"""

import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.shared import (
    BARE,
    NOW,
    Pages,
    Place,
    cluster,
    issued_table,
    members,
    own_database,
    show,
    timed,
)

UNITS, GROUPS, CRITERIA = 34, 16, 11  # 16 × 11 = 176
ROUNDS = int(os.environ.get("ROUNDS", "60"))


def fill() -> Place:
    """A cluster of 34 units, all handed in with points on every criterion."""
    place = cluster(UNITS)
    issued = issued_table(place, table())
    leaves = list(issued.criteria.filter(is_leaf=True))
    for order, membership in enumerate(members(place), start=1):
        fill_sheet(issued, membership, leaves, order)
    return place


def table() -> Any:
    from thidua.rules.scoring import CriterionNode, Table

    return Table(
        title="Bảng rộng",
        scale=Decimal(GROUPS * CRITERIA),
        nodes=tuple(
            CriterionNode(
                code=str(group),
                title=f"Nhóm tiêu chí số {group}",
                children=tuple(
                    CriterionNode(
                        code=f"{group}.{place}",
                        title=f"Tiêu chí số {group}.{place} của bảng điểm",
                        maximum=Decimal(1),
                    )
                    for place in range(1, CRITERIA + 1)
                ),
            )
            for group in range(1, GROUPS + 1)
        ),
    )


def fill_sheet(issued: Any, membership: Any, leaves: list[Any], order: int) -> None:
    from thidua.scoring.models import CriterionScore, ScoreSheet

    sheet = ScoreSheet.objects.create(criteria_set=issued, membership=membership, opened_at=NOW)
    CriterionScore.objects.bulk_create(
        CriterionScore(
            sheet=sheet,
            criterion=leaf,
            base=points,
            self_points=points,
            points=points,
            appraised_at=NOW,
        )
        for place, leaf in enumerate(leaves)
        for points in [Decimal((order * 7 + place * 3) % 101) / 100]
    )
    sheet.state = ScoreSheet.State.FINALISED
    sheet.self_score = sheet.final_score = Decimal(order)
    sheet.submitted_at = sheet.finalised_at = NOW
    sheet.save()


def floor() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sheet_id, criterion_id, COALESCE(points, self_points) "
            "FROM scoring_criterionscore"
        )
        return "<td>".join([str(row[2]) for row in cursor.fetchall()])


def main() -> None:
    with own_database():
        measure()


def measure() -> None:
    from django.urls import reverse

    place = fill()
    pages = Pages(place.person)
    address = reverse("scoring:matrix", args=[place.year.pk])
    content = pages.whole(address, b"<td>", UNITS * GROUPS * CRITERIA)
    works = {"page": pages.get(address), "bare page": pages.get(BARE), "plain SQL, one join": floor}
    spent = timed(works, ROUNDS)
    title = f"matrix {UNITS} × {GROUPS * CRITERIA}: {len(content):,} bytes, {ROUNDS} rounds"
    show(title, spent, "bare page")
    show("", spent, "bare page", "plain SQL, one join")


if __name__ == "__main__":
    main()
