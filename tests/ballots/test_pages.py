"""Every page of a ballot in every phase, for every part: opens, says what matters, costs the same."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.ballots.polls import MAJORITY, Poll, counted_poll, more_members, open_poll, set_up, terms
from tests.factories.world import NOON, World, make_world
from tests.movements.browser import BACKEND
from thidua.accounts.models import HandledPost, User
from thidua.audit.models import Action, Entry
from thidua.ballots import services
from thidua.ballots.models import Ballot, Question
from thidua.ballots.script import script_sha256
from thidua.rules.ballots import belenios
from thidua.rules.ballots.results import ResultRule

State = Ballot.State
YES = [0, 1, 0]
pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def get(person: User, name: str, ballot: Ballot, *args: object):
    return signed_in(person).get(
        reverse(f"ballots:{name}", args=[ballot.year_id, ballot.pk, *args])
    )


def post(person: User, name: str, of: Ballot, *args: object, **data: object):
    address = reverse(f"ballots:{name}", args=[of.year_id, of.pk, *args])
    return signed_in(person).post(address, {"idempotency_key": uuid4().hex, **data})


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def tallied(world: World, **options) -> Poll:
    poll = counted_poll(world, **options)
    poll.tally(1, 3)
    return poll


def test_a_year_without_ballots_says_what_comes(world):
    client = signed_in(world.one.heads[1])

    page = text(client.get(reverse("ballots:list", args=[world.one.year.pk])))

    assert "Chưa có cuộc bỏ phiếu nào" in page
    assert "Lập cuộc bỏ phiếu" not in page


def test_the_list_shows_each_ballot_with_ones_own_tasks(world):
    open_poll(world)

    page = text(
        signed_in(world.one.heads[1]).get(reverse("ballots:list", args=[world.one.year.pk]))
    )

    assert "Suy tôn đơn vị dẫn đầu" in page
    assert "Bỏ phiếu" in page


def test_set_up_says_what_is_missing_until_nothing_is(world):
    lead = world.one.lead_officer
    ballot = services.make_ballot(year=world.one.year, terms=terms(world), actor=lead, at=NOON)

    page = text(get(lead, "ballot", ballot))

    assert "Chưa có nội dung bỏ phiếu nào." in page
    assert "Chưa cử tổ kiểm phiếu." in page


def test_set_up_that_is_whole_can_be_frozen(world):
    ballot = set_up(world)
    Ballot.objects.filter(pk=ballot.pk).update(rehearsal="x")

    page = text(get(world.one.lead_officer, "ballot", ballot))

    assert "Còn thiếu để chốt danh sách" not in page
    assert "Kết quả có thể để lộ điều gì?" in page
    assert "phải nhiều hơn số đó, tức 2 phiếu" in page
    assert "Lập khóa lại từ đầu?" in page


def test_the_conflict_of_the_chair_is_shown(world):
    lead = world.one.lead_officer
    ballot = set_up(world)
    services.save_question(
        ballot=ballot,
        question=None,
        kind=Question.Kind.CHOOSE,
        text="Cờ",
        most=1,
        reveal=Question.Reveal.TOTALS,
        rule=ResultRule.from_json(MAJORITY),
        candidates=[
            services.CandidateLine(name=str(one.organisation), membership=one)
            for one in world.one.memberships
        ],
        actor=lead,
        at=NOON,
    )

    assert "có trong danh sách được bầu" in text(get(lead, "ballot", ballot))


@pytest.mark.parametrize("name", ["ballot", "roll", "box", "room"])
def test_pages_of_an_open_ballot_open_for_everybody_of_the_year(world, name):
    poll = open_poll(world)
    for person in (world.one.lead_head, world.one.heads[2], world.superior, world.administrator):
        assert poll.ballot.title in text(get(person, name, poll.ballot))


def test_T05_who_has_not_voted_only_the_secretary_sees(world):
    poll = open_poll(world)
    poll.vote(poll.people[1], YES)

    assert "chưa bỏ" in text(get(world.one.lead_officer, "roll", poll.ballot))
    for person in (world.one.lead_head, world.one.heads[1], world.administrator):
        page = text(get(person, "roll", poll.ballot))
        assert "chưa bỏ" not in page
        assert "trên máy" not in page


def test_T06_no_page_of_an_open_ballot_tells_a_choice_or_a_total(world):
    poll = open_poll(world, names=("Phương Đông", "Phương Tây"))
    for person in poll.people:
        poll.vote(person, YES)

    for name in ("ballot", "roll", "box", "room"):
        page = text(get(world.one.lead_head, name, poll.ballot))
        assert "phiếu cần" not in page
        assert "Đạt" not in page
    for name in ("result", "archive_file", "minutes_pdf"):
        assert get(world.one.lead_head, name, poll.ballot).status_code == 302


def test_the_box_lists_trackers_in_their_own_order(world):
    poll = open_poll(world)
    trackers = [poll.vote(person, YES) for person in poll.people]

    page = text(get(world.one.heads[1], "box", poll.ballot))

    places = [page.index(tracker) for tracker in sorted(trackers)]
    assert places == sorted(places)


def test_the_voters_page_carries_scripts_with_their_fingerprints(world):
    poll = open_poll(world)

    page = text(get(poll.people[0], "vote", poll.ballot))

    assert page.count('integrity="sha384-') == 3
    assert poll.ballot.uuid in page


def test_who_is_not_on_the_roll_has_no_voters_page(world):
    poll = open_poll(world)

    assert get(world.one.officers[1], "vote", poll.ballot).status_code == 404
    assert get(world.administrator, "vote", poll.ballot).status_code == 404


def test_the_cast_view_answers_with_receipt_or_reason(world):
    poll = open_poll(world)
    person = poll.people[0]
    paper = poll.paper(person, YES)

    first = post(person, "cast", poll.ballot, ballot=paper)
    again = post(person, "cast", poll.ballot, ballot=paper)
    broken = post(poll.people[1], "cast", poll.ballot, ballot="{}")
    stranger = post(world.one.officers[1], "cast", poll.ballot, ballot=paper)

    assert json.loads(first.content) == json.loads(again.content)
    assert broken.status_code == 409
    assert "không được nhận" in json.loads(broken.content)["error"]
    assert stranger.status_code == 404


def test_T05_casting_leaves_nothing_in_session_or_posts(world):
    poll = open_poll(world)
    client = signed_in(poll.people[0])
    before = dict(client.session.items())
    address = reverse("ballots:cast", args=[poll.ballot.year_id, poll.ballot.pk])

    client.post(address, {"ballot": poll.paper(poll.people[0], YES)})

    assert dict(client.session.items()) == before
    assert not HandledPost.objects.exists()


def test_T05_taking_a_code_and_a_paper_keeps_neither_fingerprint_nor_moment(world):
    ballot = set_up(world)
    services.freeze_ballot(
        ballot=ballot, script_sha256="0" * 64, actor=world.one.lead_officer, at=NOON
    )
    for person in world.one.heads[:3]:
        public = belenios.public_credential(ballot.uuid, belenios.new_credential())
        for _ in range(2):
            assert post(person, "check_code", ballot, credential=public).status_code == 302
    elector = ballot.electors.first()
    ballot.electors.update(is_present=True)
    services.open_ballot(ballot=ballot, actor=world.one.lead_head, at=NOON)
    for _ in range(2):
        post(world.one.lead_officer, "paper_hand_out", ballot, elector.pk)

    elector.refresh_from_db()
    assert elector.way == "paper"
    assert not HandledPost.objects.exists()
    assert Entry.objects.filter(action=Action.BALLOT_ROLL_CHECKED).count() == 3


def test_a_changed_program_is_said_before_voting(world):
    poll = open_poll(world)  # frozen with the fingerprint of another program

    page = text(get(poll.people[0], "vote", poll.ballot))

    assert "Chương trình bỏ phiếu đã đổi" in page


def test_the_check_page_shows_list_and_candidates(world):
    ballot = set_up(world)
    services.freeze_ballot(
        ballot=ballot, script_sha256="0" * 64, actor=world.one.lead_officer, at=NOON
    )

    page = text(get(world.one.heads[1], "check", ballot))

    assert "– bạn" in page
    assert "Bình" in page


def test_an_objection_stops_the_opening_and_is_shown(world):
    ballot = set_up(world)
    services.freeze_ballot(
        ballot=ballot, script_sha256="0" * 64, actor=world.one.lead_officer, at=NOON
    )

    post(world.one.heads[1], "check_object", ballot, reason="Sai tên tôi")

    page = text(get(world.one.lead_head, "ballot", ballot))
    assert "nêu danh sách chưa đúng: “Sai tên tôi”" in page


@pytest.mark.parametrize("state", ["closed", "tallied"])
def test_the_public_page_is_there_from_the_closing_on(world, state):
    poll = counted_poll(world) if state == "closed" else tallied(world)
    address = reverse("ballots:public", args=[poll.ballot.uuid])

    page = text(Client().get(address))

    assert "Tải hồ sơ kiểm chứng" in page
    assert ("Đạt" in page) is (state == "tallied")
    archive = Client().get(reverse("ballots:public_archive_file", args=[poll.ballot.uuid]))
    assert belenios.verify_archive(archive.content)


def test_T06_the_public_page_is_not_there_before_the_closing(world):
    poll = open_poll(world)

    for name in ("public", "public_archive_file"):
        address = reverse(f"ballots:{name}", args=[poll.ballot.uuid])
        assert Client().get(address).status_code == 404


def test_the_result_explains_itself(world):
    poll = tallied(world)

    page = text(get(world.one.heads[2], "result", poll.ballot))

    assert "Vì sao có kết quả này?" in page
    assert "50 % của 3 (tổng số thành viên) là 1,5; phải nhiều hơn số đó, tức 2 phiếu" in page
    assert "66,67 %" in page


def test_T06_a_total_that_is_withheld_is_told_to_nobody_but_who_counted(world):
    poll = tallied(world, reveal=Question.Reveal.PASSED)

    reader = text(get(world.superior, "result", poll.ballot))
    teller = text(get(poll.ballot.tellers.first().user, "result", poll.ballot))
    wall = text(get(world.superior, "room", poll.ballot))
    public = text(Client().get(reverse("ballots:public", args=[poll.ballot.uuid])))

    assert "66,67 %" in teller
    for page in (reader, wall, public):
        assert "66,67 %" not in page
        assert "chỉ công bố đạt hoặc không đạt" in page or "Đạt" in page
    assert get(world.superior, "archive_file", poll.ballot).status_code == 302
    address = reverse("ballots:public_archive_file", args=[poll.ballot.uuid])
    assert Client().get(address).status_code == 404


def test_paper_figures_of_two_tellers_must_agree(world):
    poll = open_poll(world)
    poll.vote(poll.people[0], YES)
    services.hand_out_paper(
        elector=poll.ballot.electors.get(user=poll.people[1]),
        written=False,
        actor=world.one.lead_officer,
    )
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)
    poll.tally(1, 2)
    one, two = (poll.ballot.tellers.get(order=order).user for order in (1, 2))
    right = {
        "q0-returned": 1,
        "q0-valid": 1,
        "q0-blank": 0,
        "q0-invalid": 0,
        "q0-c0": 0,
        "q0-c1": 1,
    }
    page = text(get(one, "paper_count", poll.ballot, "paper"))
    assert "Chỉ có một phiếu loại này" in page

    post(one, "paper_count", poll.ballot, "paper", **{**right, "q0-c0": 1, "q0-c1": 0})
    differs = signed_in(two)
    address = reverse("ballots:paper_count", args=[poll.ballot.year_id, poll.ballot.pk, "paper"])
    said = text(differs.post(address, {"idempotency_key": "b" * 32, **right}, follow=True))
    assert "Số bạn đếm khác số của người kiểm phiếu kia ở nội dung 1: An; nội dung 1: Bình" in said
    assert poll.fresh().state == State.CLOSED

    signed_in(one).post(address, {"idempotency_key": "c" * 32, **right})

    assert poll.fresh().state == State.TALLIED
    page = text(get(world.superior, "result", poll.ballot))
    assert "Không tách phiếu máy và phiếu giấy" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"q0-valid": 2}, "Phiếu hợp lệ, phiếu trắng và phiếu không hợp lệ cộng lại là 2"),
        ({"q0-returned": 2}, "nhiều hơn số phiếu phát ra"),
        ({"q0-c0": 1}, "nhiều hơn mức 1 phiếu hợp lệ"),
        ({"q0-c1": ""}, "Nội dung 1: Bình"),
        ({"q0-c1": "một"}, "Nội dung 1: Bình"),
    ],
)
def test_impossible_paper_figures_are_refused_in_words(world, changes, says):
    poll = open_poll(world)
    services.hand_out_paper(
        elector=poll.ballot.electors.get(user=poll.people[1]),
        written=False,
        actor=world.one.lead_officer,
    )
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)
    figures = {
        "q0-returned": 1,
        "q0-valid": 1,
        "q0-blank": 0,
        "q0-invalid": 0,
        "q0-c0": 0,
        "q0-c1": 1,
        **changes,
    }

    page = post(poll.ballot.tellers.first().user, "paper_count", poll.ballot, "paper", **figures)

    assert says in text(page)
    assert not poll.ballot.paper_counts.exists()


QUERIES = {
    "list": 24,
    "ballot": 40,
    "roll": 30,
    "box": 30,
    "room": 30,
    "result": 40,
}


@pytest.mark.parametrize("name", ["ballot", "roll", "box", "room", "result"])
def test_a_page_costs_the_same_queries_for_more_members(django_assert_max_num_queries, name):
    def count(world: World) -> int:
        poll = tallied(world)
        client = signed_in(world.one.lead_officer)
        address = reverse(f"ballots:{name}", args=[poll.ballot.year_id, poll.ballot.pk])
        client.get(address)
        with django_assert_max_num_queries(QUERIES[name]) as captured:
            client.get(address)
        return len(captured)

    small = make_world()
    few = count(small)
    more_members(small, 9)

    assert count(small) == few


def test_the_fingerprint_of_the_voters_program_is_published_as_it_is():
    published = Path("docs/ballot.md").read_text(encoding="utf-8")

    assert f"\n    {script_sha256()}\n" in published
