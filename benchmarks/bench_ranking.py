"""The ranking page of 34 units × 176 leaves under caps, conditions, exceptions and written ties.

Beside it: the ranking alone without the page, all leaves computed anew (what the page would cost
without stored points), and a bare Django page of the same bytes, asked in turn in one run. Own
temporary SQLite database; prints medians, seconds of processor and ratios.
"""

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.bench_matrix import NOW, prepare
from benchmarks.ruled_table import UNITS, ruled_members, ruled_table

ROUNDS = int(os.environ.get("ROUNDS", "20"))


def main() -> None:
    place = prepare()
    try:
        measure()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def fill() -> tuple[Any, Any]:
    """A cluster with every sheet final under the table. Out: a person, the set in force."""
    from thidua.accounts.models import User
    from thidua.organisations.models import Assignment, Cluster, EmulationYear, Organisation
    from thidua.scoring.models import CriteriaSet
    from thidua.scoring.tables import store_table

    units = [
        Organisation.objects.create(
            kind="other",
            full_name=f"Thanh tra tỉnh số {unit}",
            short_name=f"Tỉnh số {unit}",
            valid_from=date(2020, 1, 1),
        )
        for unit in range(UNITS + 1)
    ]
    cluster = Cluster.objects.create(name="Cụm", short_name="Cụm", superior=units[-1])
    year = EmulationYear.objects.create(cluster=cluster, year=2026, members_as_of=date(2026, 1, 1))
    person = User.objects.create_user("nguoi-xem", "Người xem")
    Assignment.objects.create(
        user=person, role="head", organisation=units[0], valid_from=date(2020, 1, 1)
    )
    issued = CriteriaSet(year=year, number=1, imported_at=NOW, imported_by=person)
    store_table(issued, ruled_table())
    issued.state, issued.issued_at = CriteriaSet.State.ISSUED, NOW
    issued.save()
    fill_sheets(issued, units[:UNITS])
    return person, issued


def fill_sheets(issued: Any, units: list[Any]) -> None:
    from thidua.organisations.models import Membership
    from thidua.rules.scoring.cluster import Cluster
    from thidua.scoring.models import ScoreSheet, UnitTerms

    table = ruled_table()
    members = ruled_members(table)
    results = Cluster(table, 2026, members).results()
    for number, member in members.items():
        membership = Membership.objects.create(
            year=issued.year,
            organisation=units[number],
            order=number + 1,
            role=Membership.Role.MEMBER if number else Membership.Role.LEAD,
        )
        UnitTerms.objects.create(
            criteria_set=issued,
            membership=membership,
            targets={key: str(value) for key, value in member.unit.targets.items()},
            not_assigned=sorted(member.unit.not_assigned),
        )
        sheet = ScoreSheet.objects.create(
            criteria_set=issued,
            membership=membership,
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
    person, issued = fill()
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path, reverse

    from config import urls
    from thidua.accounts.access import signed_in
    from thidua.scoring.models import CriteriaSet
    from thidua.scoring.queries import standings
    from thidua.scoring.queries.evaluation import evaluate

    held = {"bytes": b""}
    urls.urlpatterns.insert(0, path("tran/", signed_in(lambda r: HttpResponse(held["bytes"]))))
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("scoring:ranking", args=[issued.year.pk])
    answer = client.get(address)
    if answer.status_code != 200 or answer.content.count(b"<tr") < UNITS:
        raise SystemExit(f"the ranking page is not whole: {answer.status_code}")
    held["bytes"] = answer.content

    def whole() -> object:
        table = CriteriaSet.objects.select_related("year").get(pk=issued.pk)
        sheets = table.sheets.select_related("membership__organisation")
        return evaluate(table, list(sheets.order_by("membership__order")))

    same(standings(issued.year), whole())
    works = {
        "ranking page": lambda: client.get(address),
        "ranking without the page": lambda: standings(issued.year),
        "all leaves computed anew": whole,
        "bare page": lambda: client.get("/tran/"),
    }
    show(timed(works))


def same(found: Any, computed: Any) -> None:
    """The quick way must give what computing every leaf gives."""
    totals = {unit.sheet.pk: unit.result.rounded for unit in computed.units}
    for each in found.units:
        if each.sheet.final_score != totals[each.sheet.pk]:
            raise SystemExit(f"stored and computed points differ: sheet {each.sheet.pk}")


def timed(works: dict[str, Callable[[], object]]) -> dict[str, list[tuple[float, float]]]:
    """By the clock and by processor; interleaved, so that a slow moment falls on all alike."""
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, act in works.items():
            clock, used = time.perf_counter(), time.process_time()
            act()
            taken = time.perf_counter() - clock, time.process_time() - used
            spent[name].append(taken)
    return spent


def show(spent: dict[str, list[tuple[float, float]]]) -> None:
    bare = statistics.median(each[1] for each in spent["bare page"])
    print(f"{f'{UNITS} units × 176 leaves':<28}{'clock ms':>10}{'CPU ms':>10}{'CPU ratio':>11}")
    for name, taken in spent.items():
        clock, used = (statistics.median(each[side] for each in taken) for side in (0, 1))
        print(f"{name:<28}{clock * 1000:>10.1f}{used * 1000:>10.1f}{used / bare:>11.2f}")


if __name__ == "__main__":
    main()
