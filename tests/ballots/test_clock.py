"""R12, R03: a clock that runs wrong and a server started anew change nothing of a ballot."""

from datetime import timedelta

import pytest

from tests.ballots.polls import Poll, key_ceremony, set_up
from tests.factories.world import NOON, World
from thidua.ballots import services
from thidua.ballots.archives import archive_of
from thidua.ballots.documents import minutes_pdf
from thidua.ballots.models import Ballot
from thidua.rules.ballots import belenios
from thidua.rules.errors import RuleError

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def forget() -> None:
    """What a process keeps in memory of an election goes with it."""
    belenios.read_election.cache_clear()
    belenios.read_trustees.cache_clear()


def held(world: World, *shifts: timedelta, between=lambda: None) -> Poll:
    """A whole ballot; the clock stands elsewhere at freezing, checking, opening, closing, counting."""
    freeze, check, open_, close, count = (NOON + shift for shift in shifts)
    ballot = set_up(world)
    lead = world.one.lead_officer
    services.freeze_ballot(ballot=ballot, script_sha256="0" * 64, actor=lead, at=freeze)
    between()
    codes = {}
    for elector in ballot.electors.all():
        codes[elector.user_id] = belenios.new_credential()
        public = belenios.public_credential(ballot.uuid, codes[elector.user_id])
        services.check_roll(elector=elector, credential=public, actor=elector.user, at=check)
    between()
    present = set(ballot.electors.values_list("pk", flat=True))
    services.call_roll(ballot=ballot, present=present, actor=lead, at=check)
    services.open_ballot(ballot=ballot, actor=world.one.lead_head, at=open_)
    between()
    poll = Poll(
        Ballot.objects.get(pk=ballot.pk),
        [one.user for one in ballot.electors.all()],
        codes,
        key_ceremony()[0],
    )
    for person, choice in zip(poll.people, ([0, 1, 0], [0, 1, 0], [0, 0, 1]), strict=True):
        poll.vote(person, choice)
        between()
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=close)
    between()
    for owner in (1, 3):
        poll.fresh()
        teller = poll.ballot.tellers.get(order=owner)
        services.send_partial(teller=teller, text=poll.partial(teller), actor=teller.user, at=count)
        between()
    poll.fresh()
    return poll


@pytest.mark.parametrize(
    "shifts",
    [
        (DAY, -DAY, DAY, -DAY, DAY),
        (-DAY, -2 * DAY, -3 * DAY, -4 * DAY, -5 * DAY),
        (400 * DAY, DAY, -400 * DAY, DAY, 400 * DAY),
    ],
    ids=["to and fro", "backwards", "years apart"],
)
def test_R12_a_clock_that_jumps_between_phases_changes_no_result(world, shifts):
    poll = held(world, *shifts)

    assert poll.ballot.result == [[0, 2, 1]]
    assert belenios.verify_archive(archive_of(poll.ballot)).result == [[0, 2, 1]]
    assert minutes_pdf(poll.ballot).startswith(b"%PDF-")


def test_R12_the_order_of_phases_is_kept_whatever_the_clock_says(world):
    poll = held(world, *[timedelta(0)] * 5)

    for at in (NOON - 900 * DAY, NOON + 900 * DAY):
        with pytest.raises(RuleError):
            services.open_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=at)
        with pytest.raises(RuleError):
            services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=at)


def test_R03_a_server_started_anew_in_any_phase_goes_on(world):
    poll = held(world, *[timedelta(0)] * 5, between=forget)

    assert poll.ballot.result == [[0, 2, 1]]


def test_R12_the_archive_tells_no_moment_but_the_opening(world):
    poll = held(world, timedelta(0), timedelta(0), DAY, 2 * DAY, 3 * DAY)
    archive = belenios.read_archive(archive_of(poll.ballot))

    assert archive.timestamp == int((NOON + DAY).timestamp())
