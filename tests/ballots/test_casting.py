"""Papers that are taken in, and papers that are not: each with its sentence (T07), under any load (R09)."""

import json
import re
import threading
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from tests.ballots.polls import Poll, more_members, open_poll, set_up
from tests.factories.world import NOON, make_world
from thidua.audit.models import Action, Entry
from thidua.ballots import services
from thidua.ballots.models import Ballot, BallotPaper, Elector
from thidua.rules.ballots import belenios
from thidua.rules.errors import RuleError

YES = [0, 1, 0]
Way = Elector.Way


@pytest.fixture
def poll(world) -> Poll:
    return open_poll(world)


def voted(ballot: Ballot) -> int:
    return ballot.electors.filter(way=Way.ONLINE).count()


def kept(poll: Poll) -> tuple[int, int]:
    """Papers in the box, and electors marked as having voted on a machine: always the same."""
    return poll.ballot.papers.count(), voted(poll.ballot)


def test_cast_takes_the_paper_and_gives_its_tracker(poll):
    text = poll.paper(poll.people[0], YES)

    tracker = services.cast(ballot=poll.ballot, text=text, actor=poll.people[0])

    election = belenios.read_election(poll.ballot.election)
    assert tracker == belenios.check_ballot(election, text).tracker
    assert list(BallotPaper.objects.values_list("tracker", "content")) == [(tracker, text)]
    assert kept(poll) == (1, 1)


def test_cast_writes_no_journal_entry(poll):
    before = Entry.objects.count()

    poll.vote(poll.people[0], YES)

    assert Entry.objects.count() == before


def test_T07_R11_the_same_paper_again_gives_the_same_receipt_and_one_paper(poll):
    text = poll.paper(poll.people[0], YES)

    receipts = {
        services.cast(ballot=poll.ballot, text=text, actor=poll.people[0]) for _ in range(3)
    }

    assert len(receipts) == 1
    assert kept(poll) == (1, 1)


def test_T07_a_second_vote_is_refused(poll):
    poll.vote(poll.people[0], YES)

    with pytest.raises(RuleError, match="đã bỏ phiếu trên máy rồi"):
        poll.vote(poll.people[0], [0, 0, 1])

    assert kept(poll) == (1, 1)


def test_T07_a_copied_paper_is_refused(poll):
    text = poll.paper(poll.people[0], YES)
    services.cast(ballot=poll.ballot, text=text, actor=poll.people[0])

    with pytest.raises(RuleError, match="không được nhận hai lần"):
        services.cast(ballot=poll.ballot, text=text, actor=poll.people[1])

    assert kept(poll) == (1, 1)


def test_T07_the_code_of_another_is_used_once_only(poll):
    """A stolen code gives no second vote: whoever comes later is told, and votes on paper."""
    poll.codes[poll.people[1].pk] = poll.codes[poll.people[0].pk]
    poll.vote(poll.people[0], YES)

    with pytest.raises(RuleError, match="đã được dùng"):
        poll.vote(poll.people[1], YES)

    assert kept(poll) == (1, 1)


def test_T07_a_code_that_is_not_on_the_list_is_refused(poll):
    poll.codes[poll.people[0].pk] = belenios.new_credential()

    with pytest.raises(RuleError, match="không thuộc danh sách"):
        poll.vote(poll.people[0], YES)

    assert kept(poll) == (0, 0)


def test_T07_a_paper_of_another_election_is_refused(world):
    one, two = open_poll(world), open_poll(world)
    two.codes = one.codes
    foreign = one.paper(one.people[0], YES)

    with pytest.raises(RuleError, match="cuộc bỏ phiếu khác"):
        services.cast(ballot=two.ballot, text=foreign, actor=two.people[0])

    assert kept(two) == (0, 0)


def _next_digit(found: re.Match[str]) -> str:
    return f'{found[1]}{(int(found[2]) + 1) % 10}"'


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + " ",
        lambda text: json.dumps(json.loads(text)),
        lambda text: text.replace('"alpha":"', '"alpha":"0', 1),
        lambda text: re.sub(r'("response":"\d*)(\d)"', _next_digit, text, count=1),
        lambda text: text[:-1],
        lambda text: "{}",
        lambda text: "",
        lambda text: "[" * 100_000,
    ],
    ids=["space", "reformatted", "leading zero", "proof", "cut", "empty", "nothing", "nested"],
)
def test_T07_a_malleated_paper_is_refused(poll, change):
    text = change(poll.paper(poll.people[0], YES))

    with pytest.raises(RuleError):
        services.cast(ballot=poll.ballot, text=text, actor=poll.people[0])

    assert kept(poll) == (0, 0)


def test_cast_by_a_guest_is_refused(poll, world):
    text = poll.paper(poll.people[0], YES)

    with pytest.raises(PermissionDenied):
        services.cast(ballot=poll.ballot, text=text, actor=world.superior)

    assert kept(poll) == (0, 0)


def test_cast_before_opening_is_refused(world):
    ballot = set_up(world)

    with pytest.raises(RuleError, match="chưa mở"):
        services.cast(ballot=ballot, text="{}", actor=world.one.heads[0])


def test_cast_after_closing_is_refused(poll, world):
    late = poll.paper(poll.people[1], YES)
    poll.vote(poll.people[0], YES)
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)

    with pytest.raises(RuleError, match="đã đóng"):
        # The page was loaded while the ballot was open.
        services.cast(ballot=poll.ballot, text=late, actor=poll.people[1])

    assert kept(poll) == (1, 1)


def test_a_paper_handed_out_shuts_the_machine(poll, world):
    elector = poll.ballot.electors.get(user=poll.people[0])
    services.hand_out_paper(elector=elector, written=False, actor=world.one.lead_officer)

    with pytest.raises(RuleError, match="nhận phiếu giấy"):
        poll.vote(poll.people[0], YES)

    assert kept(poll) == (0, 0)


def test_a_vote_on_a_machine_shuts_paper(poll, world):
    poll.vote(poll.people[0], YES)
    elector = poll.ballot.electors.get(user=poll.people[0])

    with pytest.raises(RuleError, match="mỗi người chỉ bỏ một phiếu"):
        services.hand_out_paper(elector=elector, written=False, actor=world.one.lead_officer)

    assert kept(poll) == (1, 1)


def test_a_paper_given_back_opens_the_machine_again(poll, world):
    elector = poll.ballot.electors.get(user=poll.people[0])
    services.hand_out_paper(elector=elector, written=False, actor=world.one.lead_officer)

    services.take_paper_back(elector=elector, actor=world.one.lead_officer)
    poll.vote(poll.people[0], YES)

    assert kept(poll) == (1, 1)


def test_only_the_secretary_hands_out_paper(poll, world):
    elector = poll.ballot.electors.get(user=poll.people[0])

    for person in (world.one.lead_head, poll.people[0], world.administrator):
        with pytest.raises(PermissionDenied):
            services.hand_out_paper(elector=elector, written=False, actor=person)


def test_the_written_opinion_of_a_present_elector_is_refused(poll, world):
    elector = poll.ballot.electors.get(user=poll.people[0])

    with pytest.raises(RuleError, match="có mặt"):
        services.hand_out_paper(elector=elector, written=True, actor=world.one.lead_officer)


def test_closing_says_in_the_journal_who_took_part_in_the_order_of_the_roll(poll, world):
    for person in reversed(poll.people[1:]):
        poll.vote(person, YES)

    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)

    said = Entry.objects.get(action=Action.BALLOT_CLOSED).details
    assert said["took_part"] == [
        str(one) for one in poll.ballot.electors.all() if one.user_id != poll.people[0].pk
    ]


def together(acts):
    """Run the acts in as many threads; what each gave or raised, and how long it took."""
    barrier = threading.Barrier(len(acts))
    answers = [None] * len(acts)

    def run(place, act):
        barrier.wait()
        start = time.monotonic()
        try:
            answers[place] = act()
        except Exception as error:  # noqa: BLE001 - told below
            answers[place] = error
        finally:
            connection.close()
        return time.monotonic() - start

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_R09_T07_34_voters_twice_at_once_give_34_papers_and_34_clear_answers():
    world = make_world()
    more_members(world, 34)
    poll = open_poll(world)
    papers = [(person, poll.paper(person, YES)) for person in poll.people]
    papers += [(person, poll.paper(person, [0, 0, 1])) for person in poll.people]

    answers = together(
        [
            lambda text=text, person=person: services.cast(
                ballot=poll.ballot, text=text, actor=person
            )
            for person, text in papers
        ]
    )

    refused = [one for one in answers if isinstance(one, Exception)]
    assert kept(poll) == (34, 34)
    assert sorted(one for one in answers if isinstance(one, str)) == sorted(
        BallotPaper.objects.values_list("tracker", flat=True)
    )
    assert len(refused) == 34
    assert all(isinstance(one, RuleError) and "đã bỏ phiếu" in str(one) for one in refused)
