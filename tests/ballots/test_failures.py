"""R03: the process dies anywhere in a vote or a tally. Papers equal marks; the result stays the same."""

import pytest
from django.db import connection

from tests.ballots.polls import Poll, open_poll
from tests.factories.world import NOON, make_world
from thidua.ballots import services
from thidua.ballots.models import Ballot, Elector

YES = [0, 1, 0]
pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class KillAt:
    """Dies before statement number `at`, counting those that write."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            raise Killed
        self.left -= 1
        return execute(sql, params, many, context)


def dies_at(at: int, act) -> bool:
    """Whether the act was killed before its statement number `at`; False where it was done by then."""
    try:
        with connection.execute_wrapper(KillAt(at)):
            act()
    except Killed:
        return True
    return False


def in_step(ballot: Ballot) -> bool:
    marked = ballot.electors.filter(way=Elector.Way.ONLINE).count()
    return ballot.papers.count() == marked


def test_R03_a_vote_killed_at_any_statement_is_absent_or_whole():
    poll = open_poll(make_world())
    first = poll.vote(poll.people[0], YES)
    text = poll.paper(poll.people[1], YES)

    killed = 0
    while dies_at(
        killed, lambda: services.cast(ballot=poll.ballot, text=text, actor=poll.people[1])
    ):
        assert in_step(poll.ballot)
        assert poll.ballot.papers.filter(tracker=first).exists()
        killed += 1

    assert killed >= 5
    assert poll.ballot.papers.count() == 2
    assert in_step(poll.ballot)


def closed_poll() -> Poll:
    world = make_world()
    poll = open_poll(world)
    for person, choice in zip(poll.people, ([0, 1, 0], [0, 1, 0], [1, 0, 0]), strict=False):
        poll.vote(person, choice)
    return poll


def test_R03_a_closing_killed_at_any_statement_closes_once():
    poll = closed_poll()
    chair = poll.ballot.chair

    killed = 0
    while dies_at(killed, lambda: services.close_ballot(ballot=poll.ballot, actor=chair, at=NOON)):
        assert poll.fresh().state == Ballot.State.OPEN
        assert poll.ballot.encrypted_tally == ""
        killed += 1

    assert killed >= 5
    assert poll.fresh().state == Ballot.State.CLOSED


def test_R03_a_tally_killed_at_any_statement_gives_the_same_result_later():
    poll = closed_poll()
    services.close_ballot(ballot=poll.ballot, actor=poll.ballot.chair, at=NOON)
    poll.tally(1)
    teller = poll.ballot.tellers.get(order=3)
    text = poll.partial(teller)

    killed = 0
    while dies_at(
        killed,
        lambda: services.send_partial(teller=teller, text=text, actor=teller.user, at=NOON),
    ):
        assert poll.fresh().state == Ballot.State.CLOSED
        assert poll.ballot.result is None
        killed += 1

    assert killed >= 5
    assert poll.fresh().state == Ballot.State.TALLIED
    assert poll.ballot.result == [[1, 2, 0]]
