"""Several people at the same moment: nothing overwritten, nothing slips past the closing."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from tests.factories.scoring import issue_table
from tests.factories.world import make_world
from tests.scoring.cross_reviews import (
    close,
    cross_score,
    give,
    make_round,
    open_round,
    review_of,
)
from thidua.audit.models import Action, Entry
from thidua.rules.errors import RuleError
from thidua.scoring import services
from thidua.scoring.models import CrossReview, CrossReviewScore
from thidua.scoring.queries.cross_reviews import members_of, plan_key, planned

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]


@pytest.fixture
def one():
    one = make_world().one
    issue_table(one)
    return one


def together(*acts):
    """What each act came to when all start at once: "done" or the first words of its refusal."""

    def run(act):
        try:
            act()
        except RuleError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, acts))


def test_R08_people_of_a_unit_saving_the_same_version_at_once_one_wins(one):
    open_round(one)
    review = review_of(one, 1, 2)

    answers = together(
        *(
            lambda place=place: give(
                review, "A", str(Decimal(place) / 2), one.officers[1], version=1
            )
            for place in range(1, 9)
        )
    )

    assert sorted(answers) == ["StaleCrossScore"] * 7 + ["done"]
    assert cross_score(review, "A").version == 2


def test_R11_opening_at_once_from_two_screens_makes_one_plan(one):
    round = make_round(one)
    key = plan_key(planned(round, members_of(round)))

    answers = together(
        *[
            lambda: services.open_cross_review(
                round=round, plan=key, actor=one.lead_head, at=round.made_at
            )
        ]
        * 4
    )

    assert sorted(answers) == ["RuleError"] * 3 + ["done"]
    assert CrossReview.objects.count() == 6
    assert Entry.objects.filter(action=Action.CROSS_REVIEW_OPENED).count() == 1


def test_T03_a_closing_among_saves_and_handings_in_cuts_cleanly(one):
    """Whatever came first: what was acknowledged is stored, and the closing counted just that."""
    round = open_round(one)
    for reviewer, reviewed in PAIRS:
        give(review_of(one, reviewer, reviewed), "A", "5", one.officers[reviewer])
        give(review_of(one, reviewer, reviewed), "B", "2", one.officers[reviewer])

    def hand_in(reviewer, reviewed):
        services.hand_in_cross_review(
            review=review_of(one, reviewer, reviewed), actor=one.heads[reviewer], at=round.made_at
        )

    answers = together(
        *(lambda pair=pair: hand_in(*pair) for pair in PAIRS[:3]),
        lambda: close(one, round, "Hết hạn"),
        *(lambda pair=pair: hand_in(*pair) for pair in PAIRS[3:]),
    )

    handed_in = CrossReview.objects.filter(state="handed_in").count()
    closing = Entry.objects.get(action=Action.CROSS_REVIEW_CLOSED)
    assert answers[3] == "done"
    assert answers.count("done") == handed_in + 1
    assert closing.details["reviews"] == handed_in
    assert len(closing.details["missing"]) == 6 - handed_in
    assert CrossReviewScore.objects.filter(points__isnull=True).count() == 0
