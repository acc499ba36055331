"""After the count: ties, second rounds, decisions, minutes, destruction, points joined with votes."""

import hashlib
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.access.whole import make_whole
from tests.ballots.polls import Poll, key_ceremony, open_poll, set_up
from tests.ballots.test_pages import get, post, signed_in, text
from tests.factories.world import NOON
from thidua.audit.models import Action, Entry
from thidua.ballots import services
from thidua.ballots.archives import archive_of, archive_sha256
from thidua.ballots.counts import settled
from thidua.ballots.models import Ballot, PersonDecision, PointsAndVotes, Question
from thidua.ballots.queries.standing import joined_table
from thidua.rules.ballots import belenios
from thidua.rules.ballots.results import JoiningRule, ResultRule, Way
from thidua.rules.errors import RuleError
from thidua.scoring.models import CriteriaSet, ScoreSheet

pytestmark = pytest.mark.django_db
State = Ballot.State
ONE_PLACE = {
    "base": "all_members",
    "share": "1/3",
    "places": 1,
    "rounds": 2,
    "last_word": "head_and_deputy",
    "article": "Quy chế, Điều 7",
}
PDF = b"%PDF-1.7 bien ban da ky"


def counted(world, *choices, **options) -> Poll:
    poll = open_poll(world, **{"rule": ONE_PLACE, **options})
    for person, choice in zip(poll.people, choices, strict=False):
        poll.vote(person, choice)
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)
    poll.tally(1, 2)
    return poll


def conclude(world, poll, **changes):
    values = {
        "ballot": poll.ballot,
        "number": "01/BB-CTĐ",
        "data": PDF,
        "name": "bien-ban.pdf",
        "actor": world.one.lead_head,
        "at": NOON,
    }
    return services.conclude_ballot(**{**values, **changes})


@pytest.fixture
def tied(world, files_dir) -> Poll:
    """One vote each, the third is blank: a tie of two for one place."""
    return counted(world, [0, 1, 0], [0, 0, 1], [1, 0, 0])


@pytest.fixture
def won(world, files_dir) -> Poll:
    return counted(world, [0, 1, 0], [0, 1, 0], [0, 0, 1])


def test_a_tie_goes_to_a_second_ballot_of_the_same_people_with_a_new_key(world, tied):
    with pytest.raises(RuleError, match="chưa ngã ngũ"):
        conclude(world, tied)

    response = post(world.one.lead_officer, "second_round", tied.ballot)

    new = Ballot.objects.get(previous=tied.ballot)
    assert response.headers["Location"].endswith(f"/{new.pk}/")
    assert (new.round, new.state) == (2, State.SETUP)
    assert new.uuid != tied.ballot.uuid
    assert new.trustees == ""
    assert [one.user for one in new.electors.all()] == tied.people
    assert [one.name for one in new.questions.get().candidates.all()] == ["An", "Bình"]
    assert new.questions.get().rule["places"] == 1
    with pytest.raises(RuleError, match="đã được lập"):
        services.make_second_round(ballot=tied.ballot, actor=world.one.lead_officer, at=NOON)
    conclude(world, tied)
    assert tied.fresh().state == State.CONCLUDED


def second(world, tied) -> Poll:
    """The second ballot, tied again."""
    new = services.make_second_round(ballot=tied.ballot, actor=world.one.lead_officer, at=NOON)
    _, certificates, polynomials, voutputs, trustees = key_ceremony()
    for teller in new.tellers.all():
        place = teller.order - 1
        teller.certificate, teller.polynomial = certificates[place], polynomials[place]
        teller.voutput, teller.rehearsal = voutputs[place], "diễn tập"
        teller.save()
    new.refresh_from_db()
    new.trustees = trustees
    new.rehearsal = belenios.rehearsal(belenios.public_key_of(trustees))
    new.save()
    return vote_in(world, new, ([0, 1, 0], [0, 0, 1], [1, 0, 0]))


def vote_in(world, ballot: Ballot, choices) -> Poll:
    """From set-up with a key to the counted result."""
    services.freeze_ballot(ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON)
    codes = {}
    electors = list(ballot.electors.all())
    for elector in electors:
        codes[elector.user_id] = belenios.new_credential()
        public = belenios.public_credential(ballot.uuid, codes[elector.user_id])
        services.check_roll(elector=elector, credential=public, actor=elector.user, at=NOON)
    present = {one.pk for one in electors}
    services.call_roll(ballot=ballot, present=present, actor=world.one.lead_officer, at=NOON)
    services.open_ballot(ballot=ballot, actor=world.one.lead_head, at=NOON)
    people = [one.user for one in electors]
    poll = Poll(Ballot.objects.get(pk=ballot.pk), people, codes, key_ceremony()[0])
    for person, choice in zip(people, choices, strict=True):
        poll.vote(person, choice)
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)
    poll.tally(2, 3)
    return poll


def test_after_two_ballots_head_and_deputy_decide_together_in_writing(world, tied):
    poll = second(world, tied)
    question = poll.ballot.questions.get()
    first, other = question.candidates.all()
    lead, deputy = world.one.lead_head, world.one.heads[1]

    def decide(actor, candidates, reason="Thành tích nổi trội hơn"):
        return services.decide_question(
            question=question, candidates=candidates, reason=reason, actor=actor, at=NOON
        )

    with pytest.raises(PermissionDenied):
        decide(world.one.heads[2], [first])
    with pytest.raises(RuleError, match="Ô Lý do"):
        decide(lead, [first], " ")
    with pytest.raises(RuleError, match="Hãy chọn đúng 1"):
        decide(lead, [first, other])
    decide(lead, [first])
    assert settled(poll.ballot)[0].is_open
    with pytest.raises(RuleError, match="khác với đề nghị"):
        decide(deputy, [other])
    with pytest.raises(RuleError, match="đã có quyết định"):
        decide(lead, [first])
    decide(deputy, [first])

    assert [one.name for one in settled(poll.ballot)[0].elected] == ["An"]
    page = text(get(world.superior, "result", poll.ballot))
    assert "Thành tích nổi trội hơn" in page
    assert Entry.objects.filter(action=Action.BALLOT_DECIDED).count() == 2
    conclude(world, poll)
    assert poll.fresh().state == State.CONCLUDED


def test_a_decision_is_made_on_its_page(world, tied):
    poll = second(world, tied)
    question = poll.ballot.questions.get()
    page = text(get(world.one.lead_head, "decide", poll.ballot, question.pk))
    assert "Chọn đúng 1" in page

    post(
        world.one.lead_head,
        "decide",
        poll.ballot,
        question.pk,
        candidates=[str(question.candidates.first().pk)],
        reason="Thành tích nổi trội hơn",
    )

    assert PersonDecision.objects.count() == 1


def test_what_the_votes_decided_nobody_decides_again(world, won):
    question = won.ballot.questions.get()

    with pytest.raises(RuleError, match="Số phiếu đã quyết định"):
        services.decide_question(
            question=question,
            candidates=[question.candidates.first()],
            reason="x",
            actor=world.one.lead_head,
            at=NOON,
        )
    with pytest.raises(RuleError, match="Không nội dung nào cần bỏ phiếu lại"):
        services.make_second_round(ballot=won.ballot, actor=world.one.lead_officer, at=NOON)


# --- Minutes ----------------------------------------------------------------------------------------


def test_minutes_need_number_and_a_pdf_and_keep_the_archives_fingerprint(world, won):
    for person in (world.one.lead_officer, world.one.heads[1], world.administrator):
        with pytest.raises(PermissionDenied):
            conclude(world, won, actor=person)
    with pytest.raises(RuleError, match="Ô Số biên bản"):
        conclude(world, won, number=" ")
    with pytest.raises(RuleError, match="bien-ban"):
        conclude(world, won, data=b"MZ khong phai pdf", name="bien-ban.pdf")
    expected = archive_sha256(won.ballot)

    conclude(world, won)

    won.fresh()
    assert won.ballot.archive_sha256 == expected
    entry = Entry.objects.get(action=Action.BALLOT_CONCLUDED)
    assert entry.details["archive"] == expected
    file = get(world.superior, "signed_minutes_pdf", won.ballot)
    assert file.content == PDF


def test_nothing_changes_after_the_minutes(world, won):
    conclude(world, won)

    with pytest.raises(RuleError, match="biên bản đã ký"):
        conclude(world, won)
    with pytest.raises(RuleError, match="biên bản đã ký"):
        services.annul_ballot(ballot=won.ballot, reason="x", actor=world.one.lead_head, at=NOON)


def test_papers_are_destroyed_on_command_only_where_the_rule_says_so(world, won):
    conclude(world, won)

    with pytest.raises(RuleError, match="không yêu cầu tiêu hủy"):
        services.destroy_papers(ballot=won.ballot, actor=world.one.lead_head, at=NOON)


def test_destruction_leaves_the_fingerprint_and_nothing_that_opens(world, files_dir):
    poll = counted(world, [0, 1, 0], [0, 1, 0], [0, 0, 1], destroys_papers=True)
    data = archive_of(poll.ballot)
    conclude(world, poll)
    with pytest.raises(PermissionDenied):
        services.destroy_papers(ballot=poll.ballot, actor=world.one.lead_officer, at=NOON)

    services.destroy_papers(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)

    poll.fresh()
    assert poll.ballot.papers.count() == 0
    assert poll.ballot.credentials == []
    assert poll.ballot.encrypted_tally == ""
    assert not poll.ballot.tellers.exclude(voutput="", partial="", polynomial="").exists()
    assert hashlib.sha256(data).hexdigest() == poll.ballot.archive_sha256
    assert Entry.objects.get(action=Action.BALLOT_DESTROYED).details["papers"] == 3
    assert "tiêu hủy" in text(get(world.superior, "box", poll.ballot))
    assert "66,67 %" in text(get(world.superior, "result", poll.ballot))
    with pytest.raises(RuleError, match="đã được tiêu hủy"):
        archive_of(poll.ballot)


def test_T08_a_decided_ballots_result_stays_in_the_database(world, won):
    conclude(world, won)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ballots_ballot SET state = 'tallied' WHERE id = %s", [won.ballot.pk])


# --- Points and votes -------------------------------------------------------------------------------


def set_rule(world, question, **changes):
    values = {
        "year": world.one.year,
        "rule": JoiningRule(way=Way.WEIGHTS, points_weight=Fraction(7, 10)),
        "source": "Quy chế, Điều 9",
        "question": question,
        "version": 0,
        "actor": world.one.lead_head,
        "at": NOON,
    }
    return services.set_points_and_votes(**{**values, **changes})


def test_the_joining_rule_is_written_by_the_head_with_its_source(world):
    with pytest.raises(PermissionDenied):
        set_rule(world, None, actor=world.one.lead_officer)
    with pytest.raises(RuleError, match="Ô Căn cứ"):
        set_rule(world, None, source=" ")

    set_rule(world, None)

    page = text(signed_in(world.superior).get(reverse("ballots:joined", args=[world.one.year.pk])))
    assert "70 % × điểm quy về 100" in page
    assert "Điểm của các đơn vị chưa chính thức" in page


def test_the_joining_rule_cannot_change_once_votes_may_be_known(world):
    poll = open_poll(world)

    with pytest.raises(RuleError, match="quy tắc phải có trước khi biết phiếu"):
        set_rule(world, poll.ballot.questions.get())


def test_R08_another_joining_rule_is_not_written_over(world):
    set_rule(world, None)

    with pytest.raises(RuleError, match="Người khác vừa sửa"):
        set_rule(world, None)


def test_a_joining_form_with_wrong_fields_names_them(world):
    address = reverse("ballots:joined_edit", args=[world.one.year.pk])
    page = text(
        signed_in(world.one.lead_head).post(
            address,
            {
                "idempotency_key": "e" * 32,
                "way": "weights",
                "points_weight": "",
                "source": "x",
                "question": "99999",
                "version": 0,
            },
        )
    )
    assert 'href="#id_question"' in page
    assert 'href="#id_points_weight"' in page


def test_points_and_votes_are_joined_once_both_are_there(world, files_dir):
    make_whole(world)
    criteria = CriteriaSet.objects.get(year=world.one.year, state="issued")
    members = world.one.memberships
    ballot = set_up(world)
    lines = [
        services.CandidateLine(name=one.organisation.full_name, membership=one)
        for one in members[:2]
    ]
    question = services.save_question(
        ballot=ballot,
        question=None,
        kind=Question.Kind.CHOOSE,
        text="Dẫn đầu",
        most=1,
        reveal=Question.Reveal.TOTALS,
        rule=ResultRule.from_json(ONE_PLACE),
        candidates=lines,
        actor=world.one.lead_officer,
        at=NOON,
    )
    services.remove_question(
        question=ballot.questions.get(text="Đơn vị dẫn đầu"), actor=world.one.lead_officer, at=NOON
    )
    set_rule(world, question)
    kept = PointsAndVotes.objects.get()
    assert joined_table(world.one.year, kept).waits == "Điểm của các đơn vị chưa chính thức."

    points = (Decimal(8), Decimal(9), Decimal(7))
    criteria.sheets.filter(state="draft").update(self_score=9, submitted_at=NOON)
    for sheet, score in zip(criteria.sheets.order_by("membership__order"), points, strict=True):
        ScoreSheet.objects.filter(pk=sheet.pk).update(
            state=ScoreSheet.State.FINALISED, final_score=score, finalised_at=NOON
        )
    assert joined_table(world.one.year, kept).waits == "Cuộc bỏ phiếu chưa kiểm xong."
    poll = vote_in(world, ballot, ([0, 1, 0], [0, 1, 0], [0, 0, 1]))

    kept = PointsAndVotes.objects.select_related("question__ballot").get()
    table = joined_table(world.one.year, kept)

    assert table.waits == ""
    assert [(row.place, row.score) for row in table.rows] == [
        (1, Fraction(7, 10) * 80 + Fraction(3, 10) * Fraction(200, 3)),
        (2, Fraction(7, 10) * 90 + Fraction(3, 10) * Fraction(100, 3)),
        (3, Fraction(7, 10) * 70),
    ]
    address = reverse("ballots:joined", args=[world.one.year.pk])
    page = text(signed_in(world.superior).get(address))
    assert "70 % × 8/10 × 100 + 30 % × 2/3 × 100 = 76" in page
    assert poll.ballot.state == State.TALLIED
