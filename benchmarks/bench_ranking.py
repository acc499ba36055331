"""The ranking page of 34 units × 176 leaves under caps, conditions, exceptions and written ties.

Beside it: the ranking alone without the page, all leaves computed anew (what the page would cost
without stored points), and a bare Django page of the same bytes, asked in turn in one run. Own
temporary SQLite database; prints medians, seconds of processor and ratios.
"""

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.ruled_table import UNITS, ruled_members, ruled_table
from benchmarks.shared import (
    BARE,
    NOW,
    Pages,
    Place,
    cluster,
    issued_table,
    own_database,
    show,
    timed,
)
from benchmarks.shared import members as memberships_of

ROUNDS = int(os.environ.get("ROUNDS", "20"))


def main() -> None:
    with own_database():
        measure()


def fill() -> tuple[Place, Any]:
    """A cluster with every sheet final under the table. Out: the cluster, the set in force."""
    place = cluster(UNITS)
    issued = issued_table(place, ruled_table())
    fill_sheets(issued, memberships_of(place))
    return place, issued


def fill_sheets(issued: Any, memberships: list[Any]) -> None:
    from thidua.rules.scoring.cluster import Cluster
    from thidua.scoring.models import ScoreSheet, UnitTerms

    table = ruled_table()
    members = ruled_members(table)
    results = Cluster(table, 2026, members).results()
    for number, member in members.items():
        UnitTerms.objects.create(
            criteria_set=issued,
            membership=memberships[number],
            targets={key: str(value) for key, value in member.unit.targets.items()},
            not_assigned=sorted(member.unit.not_assigned),
        )
        sheet = ScoreSheet.objects.create(
            criteria_set=issued,
            membership=memberships[number],
            opened_at=NOW,
            facts={key: member.facts[key] for key in ("co_bien", "sai")},
        )
        fill_scores(sheet, member, results[number])


def fill_scores(sheet: Any, member: Any, result: Any) -> None:
    from thidua.scoring.models import CriterionScore, ScoreSheet

    CriterionScore.objects.bulk_create(
        CriterionScore(
            sheet=sheet,
            criterion=leaf,
            facts=own,
            appraised_facts=own,
            self_points=points,
            points=points,
            appraised_at=NOW,
        )
        for leaf in sheet.criteria_set.criteria.filter(is_leaf=True)
        for points in [result.leaves[leaf.path].points]
        for own in [{f"x{leaf.code[1:]}": member.facts[f"x{leaf.code[1:]}"]}]
    )
    sheet.state = ScoreSheet.State.FINALISED
    sheet.self_score = sheet.final_score = result.rounded
    sheet.submitted_at = sheet.finalised_at = NOW
    sheet.save()


def measure() -> None:
    from django.urls import reverse

    from thidua.scoring.models import CriteriaSet
    from thidua.scoring.queries import standings
    from thidua.scoring.queries.evaluation import evaluate

    place, issued = fill()
    pages = Pages(place.person)
    address = reverse("scoring:ranking", args=[place.year.pk])
    pages.whole(address, b"<tr", UNITS)

    def whole() -> object:
        table = CriteriaSet.objects.select_related("year").get(pk=issued.pk)
        sheets = table.sheets.select_related("membership__organisation")
        return evaluate(table, list(sheets.order_by("membership__order")))

    same(standings(place.year), whole())
    works = {
        "ranking page": pages.get(address),
        "ranking without the page": lambda: standings(place.year),
        "all leaves computed anew": whole,
        "bare page": pages.get(BARE),
    }
    show(f"{UNITS} units × 176 leaves", timed(works, ROUNDS), "bare page")


def same(found: Any, computed: Any) -> None:
    """The quick way must give what computing every leaf gives."""
    totals = {unit.sheet.pk: unit.result.rounded for unit in computed.units}
    for each in found.units:
        if each.sheet.final_score != totals[each.sheet.pk]:
            raise SystemExit(f"stored and computed points differ: sheet {each.sheet.pk}")


if __name__ == "__main__":
    main()
