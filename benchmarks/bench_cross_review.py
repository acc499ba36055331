"""The cross-review matrix of 34 units × 12 scorers × 10 criteria against a bare Django page.

Both pages are asked in turn by the same signed-in client in one run, so the ratio holds on a
noisy machine. The floor is what no page of these figures can go below: reading them from the
database by plain SQL and joining text. The results page (means, differences, correction on) is
measured beside it. Own temporary SQLite database; prints medians and ratios.
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
UNITS, SCORERS, CRITERIA = 34, 12, 10
ROUNDS = int(os.environ.get("ROUNDS", "40"))
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


def fill() -> tuple[object, int, int]:
    """A cluster of 34 units, a closed round with every point given. Out: person, year, round."""
    from thidua.accounts.models import User
    from thidua.organisations.models import (
        Assignment,
        Cluster,
        EmulationYear,
        Membership,
        Organisation,
    )
    from thidua.rules.scoring import CriterionNode, Table
    from thidua.scoring import services
    from thidua.scoring.models import CriteriaSet, CrossReview, CrossReviewRound, CrossReviewScore
    from thidua.scoring.queries.cross_reviews import members_of, plan_key, planned
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
    for order, unit in enumerate(units[:UNITS], start=1):
        role = Membership.Role.LEAD if order == 1 else Membership.Role.MEMBER
        Membership.objects.create(year=year, organisation=unit, order=order, role=role)
    person = User.objects.create_user("nguoi-xem", "Người xem")
    Assignment.objects.create(
        user=person, role="head", organisation=units[0], valid_from=date(2020, 1, 1)
    )
    table = Table(
        title="Bảng mười nội dung",
        scale=Decimal(CRITERIA * 10),
        nodes=tuple(
            CriterionNode(code=str(place), title=f"Nội dung số {place}", maximum=Decimal(10))
            for place in range(1, CRITERIA + 1)
        ),
    )
    issued = CriteriaSet(year=year, number=1, imported_at=NOW, imported_by=person)
    store_table(issued, table)
    issued.state, issued.issued_at = CriteriaSet.State.ISSUED, NOW
    issued.save()
    settings = services.RoundSettings(
        criteria=tuple(issued.criteria.all()),
        reviewers_per_unit=SCORERS,
        distance=Decimal(6),
        distance_kind="points",
        seed=1,
        shows_correction=True,
    )
    round = services.make_cross_review(criteria_set=issued, settings=settings, actor=person, at=NOW)
    key = plan_key(planned(round, members_of(round)))
    services.open_cross_review(round=round, plan=key, actor=person, at=NOW)
    scores = list(CrossReviewScore.objects.filter(review__round=round).order_by("pk"))
    for place, score in enumerate(scores):
        score.points = Decimal((place * 37) % 41) / 4
    CrossReviewScore.objects.bulk_update(scores, ["points"], batch_size=400)
    CrossReview.objects.filter(round=round).update(
        state="handed_in", handed_in_at=NOW, handed_in_by=person
    )
    CrossReviewRound.objects.filter(pk=round.pk).update(
        state="closed", closed_at=NOW, closed_by=person
    )
    return person, year.pk, round.pk


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
    person, year, round = fill()
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
    address = reverse("scoring:cross_review_matrix", args=[year, round])
    results = reverse("scoring:cross_review_results", args=[year, round])
    answer = client.get(address)
    cells = answer.content.count(b"<td>")
    if answer.status_code != 200 or cells < UNITS * SCORERS * CRITERIA:
        raise SystemExit(f"the matrix page is not whole: {answer.status_code}, {cells} cells")
    if client.get(results).status_code != 200:
        raise SystemExit("the results page does not open")
    held["bytes"] = answer.content
    if client.get("/tran/").content != answer.content:
        raise SystemExit("the bare page differs")

    def floor() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT review_id, criterion_id, points FROM scoring_crossreviewscore")
            return "<td>".join([str(row[2]) for row in cursor.fetchall()])

    page, bare, least = [], [], []
    for _ in range(ROUNDS):
        page.append(seconds(lambda: client.get(address)))
        bare.append(seconds(lambda: client.get("/tran/")))
        least.append(seconds(floor))
    whole = [seconds(lambda: client.get(results)) for _ in range(max(3, ROUNDS // 8))]
    own, other, bottom, means = (
        statistics.median(each) * 1000 for each in (page, bare, least, whole)
    )
    size = f"{UNITS} × {SCORERS} × {CRITERIA}"
    print(f"cross-review matrix {size}: {len(answer.content):,} bytes, {ROUNDS} rounds")
    print(f"  page        {own:7.2f} ms (median)")
    print(f"  bare page   {other:7.2f} ms, same bytes, same middleware, signed in")
    print(f"  floor       {bottom:7.2f} ms for plain SQL over all points and one join")
    print(f"  page / bare page           {own / other:5.2f}")
    print(f"  page / (bare page + floor) {own / (other + bottom):5.2f}")
    print(f"  results page, corrected    {means:7.2f} ms")


if __name__ == "__main__":
    main()
