"""The score matrix of 34 units × 176 criteria against a bare Django page of the same bytes.

Both pages are asked in turn by the same signed-in client in one run, so the ratio holds on a
noisy machine. The floor is what no page of these figures can go below: reading them from the
database by plain SQL and joining text. Own temporary SQLite database; prints medians and ratios.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
UNITS, GROUPS, CRITERIA = 34, 16, 11  # 16 × 11 = 176
ROUNDS = int(os.environ.get("ROUNDS", "60"))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def prepare() -> str:
    """Settings over an empty temporary data directory, database migrated."""
    place = tempfile.mkdtemp(prefix="thidua-bench-")
    Path(place, "static").mkdir()
    os.environ.update(
        THIDUA_MODE="test", THIDUA_DATA=place, DJANGO_SETTINGS_MODULE="config.settings"
    )
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    return place


def fill() -> tuple[object, int]:
    """A cluster of 34 units, all handed in with points on every criterion. Out: a person, a year."""
    from thidua.accounts.models import User
    from thidua.organisations.models import (
        Assignment,
        Cluster,
        EmulationYear,
        Membership,
        Organisation,
    )
    from thidua.rules.scoring import CriterionNode, Table
    from thidua.scoring.models import CriteriaSet, CriterionScore, ScoreSheet
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
    table = Table(
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
    issued = CriteriaSet(year=year, number=1, imported_at=NOW, imported_by=person)
    store_table(issued, table)
    issued.state, issued.issued_at = CriteriaSet.State.ISSUED, NOW
    issued.save()
    leaves = list(issued.criteria.filter(is_leaf=True))
    for order, unit in enumerate(units[:UNITS], start=1):
        sheet = ScoreSheet.objects.create(
            criteria_set=issued,
            membership=Membership.objects.create(
                year=year,
                organisation=unit,
                order=order,
                role=Membership.Role.LEAD if order == 1 else Membership.Role.MEMBER,
            ),
            opened_at=NOW,
        )
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
    return person, year.pk


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> None:
    place = prepare()
    try:
        measure()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def measure() -> None:
    person, year = fill()
    from django.db import connection
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path, reverse

    from config import urls
    from thidua.accounts.access import signed_in

    held = {"bytes": b""}
    urls.urlpatterns.insert(0, path("tran/", signed_in(lambda r: HttpResponse(held["bytes"]))))
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("scoring:matrix", args=[year])
    answer = client.get(address)
    cells = answer.content.count(b"<td>")
    if answer.status_code != 200 or cells < UNITS * GROUPS * CRITERIA:
        raise SystemExit(f"the matrix page is not whole: {answer.status_code}, {cells} cells")
    held["bytes"] = answer.content
    if client.get("/tran/").content != answer.content:
        raise SystemExit("the bare page differs")

    def floor() -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sheet_id, criterion_id, COALESCE(points, self_points) "
                "FROM scoring_criterionscore"
            )
            return "<td>".join([str(row[2]) for row in cursor.fetchall()])

    page, bare, least = [], [], []
    for _ in range(ROUNDS):
        page.append(seconds(lambda: client.get(address)))
        bare.append(seconds(lambda: client.get("/tran/")))
        least.append(seconds(floor))
    own, other, bottom = (statistics.median(each) * 1000 for each in (page, bare, least))
    print(f"matrix {UNITS} × {GROUPS * CRITERIA}: {len(answer.content):,} bytes, {ROUNDS} rounds")
    print(f"  page        {own:7.2f} ms (median)")
    print(f"  bare page   {other:7.2f} ms, same bytes, same middleware, signed in")
    print(f"  floor       {bottom:7.2f} ms for plain SQL over all points and one join")
    print(f"  page / bare page           {own / other:5.2f}")
    print(f"  page / (bare page + floor) {own / (other + bottom):5.2f}")


if __name__ == "__main__":
    main()
