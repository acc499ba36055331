"""T05: somebody holds a copy of everything after every vote, and guesses who chose what.

The attacker has the whole database – as bytes on SQLite, as every column with its hidden ones on
PostgreSQL – and the logs, after each vote. From all differences a guess is learned on half of the
elections and tried on the other half; it must be no better than the published totals allow.
The same attacker is let loose on a box that leaks, to show that it would have noticed.
"""

import json
import logging
import math
import random
import sqlite3
from collections import defaultdict

import pytest
from django.db import connection

from tests.ballots.polls import Poll, open_poll
from tests.factories.world import make_world
from thidua.ballots import services
from thidua.ballots.models import BallotPaper, Elector
from thidua.rules.ballots import belenios

ELECTIONS = 200
VOTERS = 5
HIDDEN = {"sqlite": "rowid", "postgresql": "xmin::text, ctid::text, xmax::text"}
COLUMNS = {"tracker", "ballot_id", "credential", "content"}


# --- What the attacker copies ---------------------------------------------------------------------


def database_bytes() -> bytes:
    """The database file as it lies on disk, free pages included (SQLite)."""
    raw = connection.connection
    assert isinstance(raw, sqlite3.Connection)
    return raw.serialize()


def rows(table: str, where: str) -> list[tuple]:
    """Every row with what the database keeps beside it, in the order of its storage."""
    hidden = HIDDEN[connection.vendor]
    if connection.vendor == "sqlite" and table == "ballots_ballotpaper":
        hidden = "0"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {hidden}, * FROM {table} WHERE {where}")
        return cursor.fetchall()


def features(before: list[tuple], after: list[tuple], text: str) -> list[int]:
    """Everything about one vote that a copy shows, as small numbers to learn from."""
    place = next(index for index, row in enumerate(after) if text in row)
    value = json.loads(text)
    numbers = [
        int(part)
        for answer in value["answers"]
        for choice in answer["choices"]
        for part in (choice["alpha"], choice["beta"])
    ]
    proofs = [
        int(proof[name])
        for answer in value["answers"]
        for branch in answer["individual_proofs"]
        for proof in branch
        for name in ("challenge", "response")
    ]
    return [
        place,
        len(text),
        len(after) - len(before),
        ord(text[-5]),
        *(number % 2 for number in numbers),
        *(number % 3 for number in numbers),
        *(len(str(number)) for number in numbers),
        *(numbers[index] > numbers[index + 2] for index in range(len(numbers) - 2)),
        *(number % 2 for number in proofs),
        *(proofs[index] > proofs[index + 2] for index in range(len(proofs) - 2)),
    ]


# --- How it learns and guesses -------------------------------------------------------------------


def best_feature(samples: list[tuple[list[int], int]]) -> tuple[int, dict[int, float]]:
    """The feature that told choices best, and how likely choice 1 is at each of its values."""
    found: tuple[float, int, dict[int, float]] = (-1.0, 0, {})
    for index in range(len(samples[0][0])):
        seen: dict[int, list[int]] = defaultdict(list)
        for values, choice in samples:
            seen[values[index]].append(choice)
        right = sum(max(sum(c), len(c) - sum(c)) for c in seen.values() if len(c) > 10)
        if right > found[0]:
            found = (right, index, {v: sum(c) / len(c) for v, c in seen.items()})
    return found[1], found[2]


def z_of_guesses(elections: list[list[tuple[list[int], int]]]) -> float:
    """How many standard deviations the guesses lie above what the totals alone allow.

    In each election the attacker knows the total t and names the t voters likeliest to have chosen 1:
    by luck t²/n + (n-t)²/n of n are right.
    """
    half = len(elections) // 2
    index, likely = best_feature([vote for votes in elections[:half] for vote in votes])
    right = expected = variance = 0.0
    for votes in elections[half:]:
        n, t = len(votes), sum(choice for _, choice in votes)
        order = sorted(
            range(n), key=lambda i: (-likely.get(votes[i][0][index], 0.5), random.random())
        )
        named = set(order[:t])
        right += sum((i in named) == bool(choice) for i, (_, choice) in enumerate(votes))
        expected += (t * t + (n - t) * (n - t)) / n
        if 0 < t < n:
            variance += 4 * t * t * (n - t) * (n - t) / (n * n * (n - 1))
    return (right - expected) / math.sqrt(variance)


# --- The elections -------------------------------------------------------------------------------


def held(poll: Poll, watch) -> list[tuple[list[int], int]]:
    """One election in which everybody votes at random; what the attacker saw of each vote."""
    people = random.sample(poll.people, len(poll.people))
    table, where = "ballots_ballotpaper", f"ballot_id = {poll.ballot.pk}"
    seen = []
    for person in people:
        choice = random.randrange(2)
        text = poll.paper(person, [0, choice, 1 - choice])
        before = rows(table, where)
        services.cast(ballot=poll.ballot, text=text, actor=person)
        seen.append((features(before, rows(table, where), text), choice))
        watch(poll.codes[person.pk])
    return seen


@pytest.mark.django_db(transaction=True)
def test_T05_guesses_from_copies_after_every_vote_are_no_better_than_chance(caplog):
    caplog.set_level(logging.DEBUG)
    world = make_world(members=VOTERS)

    def watch(code: str) -> None:
        """No secret half of a code is anywhere, the logs included."""
        assert code not in caplog.text
        if connection.vendor == "sqlite" and random.random() < 0.05:
            assert code.encode() not in database_bytes()

    elections = [held(open_poll(world), watch) for _ in range(ELECTIONS)]

    assert z_of_guesses(elections) < 4


def test_T05_the_same_attacker_finds_a_box_that_leaks():
    """One choice in five shows in the length of the paper: 3.3 % more right than chance."""
    elections = []
    for _ in range(ELECTIONS):
        votes = []
        for _ in range(VOTERS):
            choice = random.randrange(2)
            length = 900 + (choice if random.random() < 0.9 else random.randrange(2))
            votes.append(([random.randrange(5), length, random.randrange(2)], choice))
        elections.append(votes)

    assert z_of_guesses(elections) > 4


# --- What the storage itself may not hold --------------------------------------------------------


def test_T05_a_paper_has_no_column_for_a_person_a_moment_or_an_order():
    assert {field.column for field in BallotPaper._meta.get_fields()} == COLUMNS


def test_T05_the_roll_has_no_column_for_a_moment():
    kinds = {field.get_internal_type() for field in Elector._meta.get_fields()}

    assert kinds.isdisjoint({"DateField", "DateTimeField", "TimeField"})


@pytest.mark.django_db(transaction=True)
def test_T05_storage_keeps_neither_order_nor_transaction_of_a_vote():
    poll = open_poll(make_world(members=VOTERS))

    for person in poll.people:
        poll.vote(person, [0, 1, 0])

    papers = rows("ballots_ballotpaper", f"ballot_id = {poll.ballot.pk}")
    roll = rows("ballots_elector", f"ballot_id = {poll.ballot.pk}")
    trackers = list(BallotPaper.objects.values_list("tracker", flat=True))
    assert len(papers) == VOTERS
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'ballots_ballotpaper'")
            assert cursor.fetchone()[0].endswith("WITHOUT ROWID")
        assert [row[1] for row in papers] == sorted(trackers)
    else:
        assert len({row[0] for row in papers}) == 1
        assert len({row[0] for row in roll}) == 1
        assert [row[3] for row in papers] == sorted(trackers)


@pytest.mark.django_db(transaction=True)
def test_T05_opening_forgets_whose_code_is_whose():
    poll = open_poll(make_world(members=VOTERS))

    assert set(poll.ballot.electors.values_list("credential", flat=True)) == {""}
    assert poll.ballot.credentials == sorted(
        belenios.public_credential(poll.ballot.uuid, code) for code in poll.codes.values()
    )


@pytest.mark.django_db(transaction=True)
def test_T05_a_vote_writes_nothing_but_the_box_and_the_roll():
    """Every other table is the same before and after, bytes and row stamps included."""
    poll = open_poll(make_world(members=VOTERS))
    tables = set(connection.introspection.table_names()) - {
        "ballots_ballotpaper",
        "ballots_elector",
    }
    before = {table: _content(table) for table in tables}

    poll.vote(poll.people[0], [0, 1, 0])

    changed = {table for table in tables if _content(table) != before[table]}
    assert changed == set()
    assert BallotPaper.objects.count() == 1


def _content(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return sorted(cursor.fetchall(), key=repr)
