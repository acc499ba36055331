"""The cross-review matrix of 34 units × 12 scorers × 10 criteria against a bare Django page.

Both pages are asked in turn by the same signed-in client in one run, so the ratio holds on a
noisy machine. The floor is what no page of these figures can go below: reading them from the
database by plain SQL and joining text. The results page (means, differences, correction on) is
measured beside it. Own temporary SQLite database; prints medians and ratios.
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

UNITS, SCORERS, CRITERIA = 34, 12, 10
ROUNDS = int(os.environ.get("ROUNDS", "40"))


def fill() -> tuple[Place, int]:
    """A cluster of 34 units, a closed round with every point given. Out: the cluster, the round."""
    from thidua.scoring import services
    from thidua.scoring.queries.cross_reviews import members_of, plan_key, planned

    place = cluster(UNITS)
    members(place)
    issued = issued_table(place, table())
    settings = services.RoundSettings(
        criteria=tuple(issued.criteria.all()),
        reviewers_per_unit=SCORERS,
        distance=Decimal(6),
        distance_kind="points",
        seed=1,
        shows_correction=True,
    )
    person = place.person
    round = services.make_cross_review(criteria_set=issued, settings=settings, actor=person, at=NOW)
    key = plan_key(planned(round, members_of(round)))
    services.open_cross_review(round=round, plan=key, actor=person, at=NOW)
    give_points(round, person)
    return place, round.pk


def table() -> Any:
    from thidua.rules.scoring import CriterionNode, Table

    return Table(
        title="Bảng mười nội dung",
        scale=Decimal(CRITERIA * 10),
        nodes=tuple(
            CriterionNode(code=str(place), title=f"Nội dung số {place}", maximum=Decimal(10))
            for place in range(1, CRITERIA + 1)
        ),
    )


def give_points(round: Any, person: Any) -> None:
    """Past the services: every point given, every scorer done, the round closed."""
    from thidua.scoring.models import CrossReview, CrossReviewRound, CrossReviewScore

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


def floor() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT review_id, criterion_id, points FROM scoring_crossreviewscore")
        return "<td>".join([str(row[2]) for row in cursor.fetchall()])


def main() -> None:
    with own_database():
        measure()


def measure() -> None:
    from django.urls import reverse

    place, round = fill()
    pages = Pages(place.person)
    results = reverse("scoring:cross_review_results", args=[place.year.pk, round])
    pages.whole(results, b"<td", UNITS)
    address = reverse("scoring:cross_review_matrix", args=[place.year.pk, round])
    content = pages.whole(address, b"<td>", UNITS * SCORERS * CRITERIA)
    works = {"page": pages.get(address), "bare page": pages.get(BARE), "plain SQL, one join": floor}
    spent = timed(works, ROUNDS)
    size = f"{UNITS} × {SCORERS} × {CRITERIA}"
    title = f"cross-review matrix {size}: {len(content):,} bytes, {ROUNDS} rounds"
    show(title, spent, "bare page")
    show("", spent, "bare page", "plain SQL, one join")
    means = timed({"results page, corrected": pages.get(results)}, max(3, ROUNDS // 8))
    print(f"{'results page, corrected':<30}{means['results page, corrected'].clock * 1000:>10.2f}")


if __name__ == "__main__":
    main()
