"""Closing once, too few tellers, wrong keys, nothing early (T06), nothing altered (T08)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from tests.ballots.polls import Poll, open_poll
from tests.factories.world import NOON
from thidua.audit.models import Action, Entry
from thidua.ballots import services
from thidua.ballots.archives import archive_of
from thidua.ballots.models import Ballot, BallotPaper
from thidua.rules.ballots import belenios
from thidua.rules.errors import RuleError

State = Ballot.State


@pytest.fixture
def poll(world) -> Poll:
    found = open_poll(world)
    for person, choice in zip(found.people, ([0, 1, 0], [0, 1, 0], [1, 0, 0]), strict=True):
        found.vote(person, choice)
    return found


@pytest.fixture
def closed(poll, world) -> Poll:
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)
    poll.fresh()
    return poll


def test_tally_by_two_of_three_tellers_opens_the_sum(closed):
    closed.tally(1)
    assert closed.ballot.state == State.CLOSED
    assert closed.ballot.result is None

    closed.tally(3)

    assert closed.ballot.state == State.TALLIED
    assert closed.ballot.result == [[1, 2, 0]]


def test_T08_any_two_tellers_open_the_same_sum(closed):
    closed.tally(1, 2)
    first = belenios.verify_archive(archive_of(closed.ballot)).result
    election = belenios.read_election(closed.ballot.election)
    partials = {
        teller.order: closed.partial(teller)
        for teller in closed.ballot.tellers.filter(order__in=(2, 3))
    }

    second = belenios.combine(
        election, closed.ballot.trustees, closed.ballot.encrypted_tally, partials, 3
    )

    assert [list(row) for row in first] == second == [[1, 2, 0]]


def test_T06_no_archive_and_no_total_before_closing(poll):
    with pytest.raises(RuleError, match="sau khi cuộc bỏ phiếu đã đóng"):
        archive_of(poll.ballot)

    assert poll.fresh().encrypted_tally == ""
    assert poll.ballot.result is None


def test_T06_a_second_tally_of_the_same_ballot_is_refused(closed):
    closed.tally(1, 2)

    with pytest.raises(RuleError, match="mở đủ số người"):
        closed.tally(3)

    assert closed.ballot.tellers.get(order=3).partial == ""


def test_only_the_chair_of_the_count_closes(poll, world):
    for person in (world.one.lead_officer, world.one.heads[1], world.administrator):
        with pytest.raises(PermissionDenied):
            services.close_ballot(ballot=poll.ballot, actor=person, at=NOON)


def test_closing_twice_is_refused(closed, world):
    with pytest.raises(RuleError, match="đã đóng"):
        services.close_ballot(ballot=closed.ballot, actor=world.one.lead_head, at=NOON)


def test_the_part_of_another_teller_is_refused(closed):
    first, second = closed.ballot.tellers.filter(order__in=(1, 2))
    text = closed.partial(first)

    with pytest.raises(RuleError):
        services.send_partial(teller=second, text=text, actor=second.user, at=NOON)
    with pytest.raises(PermissionDenied):
        services.send_partial(teller=first, text=text, actor=second.user, at=NOON)

    assert not closed.ballot.tellers.exclude(partial="").exists()


def test_fewer_tellers_than_needed_wait_and_may_only_be_annulled(closed, world):
    closed.tally(2)

    services.annul_ballot(
        ballot=closed.ballot,
        reason="Hai người kiểm phiếu mất khóa.",
        actor=world.one.lead_head,
        at=NOON,
    )

    assert closed.fresh().state == State.ANNULLED
    assert closed.ballot.result is None
    assert Entry.objects.filter(action=Action.BALLOT_ANNULLED).count() == 1


def test_annulling_without_a_reason_is_refused(closed, world):
    with pytest.raises(RuleError, match="Ô Lý do"):
        services.annul_ballot(ballot=closed.ballot, reason=" ", actor=world.one.lead_head, at=NOON)


def test_nobody_on_a_machine_needs_no_key(world):
    poll = open_poll(world)

    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)

    assert poll.fresh().state == State.TALLIED


# --- What the database itself refuses, whoever asks -----------------------------------------------


def refused(sql: str, *values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_T08_the_database_refuses_to_change_the_box_after_closing(closed):
    paper = BallotPaper.objects.first()
    refused("DELETE FROM ballots_ballotpaper WHERE tracker = %s", paper.tracker)
    refused("UPDATE ballots_ballotpaper SET content = 'x' WHERE tracker = %s", paper.tracker)
    refused(
        "INSERT INTO ballots_ballotpaper (tracker, ballot_id, credential, content) "
        "VALUES ('x', %s, 'x', 'x')",
        closed.ballot.pk,
    )


def test_T08_the_database_refuses_to_change_a_paper_while_voting(poll):
    refused("UPDATE ballots_ballotpaper SET content = 'x'")


@pytest.mark.parametrize("state", ["setup", "frozen", "open"])
def test_T08_the_database_refuses_to_open_a_closed_ballot_again(closed, state):
    refused("UPDATE ballots_ballot SET state = %s WHERE id = %s", state, closed.ballot.pk)


@pytest.mark.parametrize("column", ["election", "trustees", "uuid"])
def test_T08_the_database_refuses_another_election_after_opening(poll, column):
    refused(f"UPDATE ballots_ballot SET {column} = 'x' WHERE id = %s", poll.ballot.pk)


def test_T08_the_database_refuses_another_result(closed):
    closed.tally(1, 2)

    refused("UPDATE ballots_ballot SET result = '[[0, 0, 3]]' WHERE id = %s", closed.ballot.pk)


def test_T08_the_database_refuses_to_add_to_the_roll_or_take_from_it(poll):
    elector = poll.ballot.electors.first()
    refused("DELETE FROM ballots_elector WHERE id = %s", elector.pk)
    refused("UPDATE ballots_elector SET name = 'x' WHERE id = %s", elector.pk)


def test_T08_the_database_refuses_other_candidates_once_the_list_is_frozen(poll):
    refused("UPDATE ballots_candidate SET name = 'x'")
    refused("DELETE FROM ballots_candidate")
    refused("UPDATE ballots_question SET most = 2")
