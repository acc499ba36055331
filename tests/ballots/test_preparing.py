"""Setting a ballot up: who may, what is refused, what the journal says."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.ballots.polls import MAJORITY, open_poll, set_up, terms
from tests.ballots.test_pages import get, post, signed_in, text
from tests.factories.world import NOON, Role, assign, make_user
from thidua.audit.models import Action, Entry
from thidua.ballots import services
from thidua.ballots.models import Ballot, Elector, Question
from thidua.ballots.queries.board import ballot_view, conflict_of_chair
from thidua.rules.ballots.results import JoiningRule, ResultRule, Way
from thidua.rules.errors import RuleError

pytestmark = pytest.mark.django_db
State = Ballot.State


@pytest.fixture
def ballot(world) -> Ballot:
    return set_up(world)


def lines(world, *names: str) -> list[services.CandidateLine]:
    return [services.CandidateLine(name=name) for name in names]


def question(world, ballot, **changes):
    values = {
        "ballot": ballot,
        "question": None,
        "kind": Question.Kind.CHOOSE,
        "text": "Cờ thi đua",
        "most": 1,
        "reveal": Question.Reveal.TOTALS,
        "rule": ResultRule.from_json(MAJORITY),
        "candidates": lines(world, "A", "B"),
        "actor": world.one.lead_officer,
        "at": NOON,
    }
    return services.save_question(**{**values, **changes})


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["administrator", "superior", "stranger"])
def test_only_the_lead_makes_a_ballot(world, who):
    with pytest.raises(PermissionDenied):
        services.make_ballot(
            year=world.one.year, terms=terms(world), actor=getattr(world, who), at=NOON
        )


def test_a_members_head_prepares_nothing(world, ballot):
    head = world.one.heads[1]
    elector = ballot.electors.first()
    acts = (
        lambda: question(world, ballot, actor=head),
        lambda: services.draw_up_roll(ballot=ballot, actor=head, at=NOON),
        lambda: services.remove_elector(elector=elector, reason="x", actor=head, at=NOON),
        lambda: services.name_tellers(
            ballot=ballot, people=world.one.heads[:2], threshold=2, actor=head, at=NOON
        ),
        lambda: services.start_key_again(ballot=ballot, reason="x", actor=head, at=NOON),
        lambda: services.freeze_ballot(ballot=ballot, script_sha256="", actor=head, at=NOON),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_a_ballot_is_made_with_the_heads_of_the_members_and_journalled(world):
    ballot = services.make_ballot(
        year=world.one.year, terms=terms(world), actor=world.one.lead_officer, at=NOON
    )

    assert [one.user for one in ballot.electors.all()] == world.one.heads[:3]
    entry = Entry.objects.get(action=Action.BALLOT_MADE)
    assert entry.details["chair"] == str(world.one.lead_head)
    assert entry.details["quorum"] == "2/3"


def test_the_council_may_vote_instead(world):
    member = make_user("hoi-dong-1", "Ủy viên hội đồng")
    assign(member, Role.COUNCIL_MEMBER, cluster=world.one.year.cluster)

    ballot = services.make_ballot(
        year=world.one.year,
        terms=terms(world, electorate=Ballot.Electorate.COUNCIL),
        actor=world.one.lead_officer,
        at=NOON,
    )

    assert [one.user for one in ballot.electors.all()] == [member]


# --- What is refused --------------------------------------------------------------------------------


def test_chair_and_secretary_are_two_people(world):
    with pytest.raises(RuleError, match="hai người khác nhau"):
        services.make_ballot(
            year=world.one.year,
            terms=terms(world, secretary=world.one.lead_head),
            actor=world.one.lead_officer,
            at=NOON,
        )


def test_people_of_another_cluster_run_nothing_here(world, ballot):
    other = world.two.heads[0]
    with pytest.raises(RuleError, match="không thuộc năm thi đua này"):
        services.make_ballot(
            year=world.one.year,
            terms=terms(world, chair=other),
            actor=world.one.lead_officer,
            at=NOON,
        )
    with pytest.raises(RuleError, match="không kiểm phiếu được"):
        services.name_tellers(
            ballot=ballot,
            people=[other, world.one.heads[0]],
            threshold=2,
            actor=world.one.lead_officer,
            at=NOON,
        )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"candidates": []}, "ít nhất một đơn vị"),
        ({"candidates": [services.CandidateLine(name="A")] * 2}, "“A” có hai lần"),
        ({"candidates": [services.CandidateLine(name=" ")]}, "từ 1 đến 200 chữ"),
        ({"most": 3}, "Ô Được chọn tối đa"),
        ({"most": 0}, "Ô Được chọn tối đa"),
        (
            {"candidates": [services.CandidateLine(name=f"N{n}") for n in range(41)]},
            "nhiều nhất 40 dòng",
        ),
    ],
)
def test_a_question_that_cannot_be_voted_on_is_refused(world, ballot, changes, says):
    with pytest.raises(RuleError, match=says):
        question(world, ballot, **changes)
    assert ballot.questions.count() == 1


def test_a_candidate_of_another_cluster_is_refused(world, ballot):
    other = world.two.memberships[0]
    line = services.CandidateLine(name="Khác cụm", membership=other)

    with pytest.raises(RuleError, match="không phải thành viên"):
        question(world, ballot, candidates=[line])


@pytest.mark.parametrize("threshold", [1, 4])
def test_one_person_alone_never_opens_the_sum(world, ballot, threshold):
    with pytest.raises(RuleError, match="một người một mình không được"):
        services.name_tellers(
            ballot=ballot,
            people=world.one.heads[:3],
            threshold=threshold,
            actor=world.one.lead_officer,
            at=NOON,
        )


def test_naming_other_tellers_throws_their_key_away(world, ballot):
    services.name_tellers(
        ballot=ballot,
        people=world.one.heads[1:3],
        threshold=2,
        actor=world.one.lead_officer,
        at=NOON,
    )

    ballot.refresh_from_db()
    assert ballot.trustees == ballot.rehearsal == ""
    assert not ballot.tellers.exclude(certificate="").exists()


def test_too_few_electors_cannot_be_frozen(world, ballot):
    services.change_ballot(
        ballot=ballot,
        terms=terms(world, minimum_electors=5),
        version=ballot.version,
        actor=world.one.lead_officer,
        at=NOON,
    )

    with pytest.raises(RuleError, match="ít hơn mức tối thiểu 5 người"):
        services.freeze_ballot(
            ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON
        )


def test_R08_terms_changed_by_another_are_not_written_over(world, ballot):
    with pytest.raises(RuleError, match="Người khác vừa sửa"):
        services.change_ballot(
            ballot=ballot,
            terms=terms(world, title="Khác"),
            version=ballot.version - 1,
            actor=world.one.lead_officer,
            at=NOON,
        )


# --- The roll ---------------------------------------------------------------------------------------


def test_a_substitute_needs_a_mandate_and_works_for_the_same_unit(world, ballot):
    elector = ballot.electors.get(user=world.one.heads[1])

    def substitute(user, mandate):
        return services.substitute_elector(
            elector=elector,
            user=user,
            post="Phó Chánh Thanh tra",
            mandate=mandate,
            actor=world.one.lead_officer,
            at=NOON,
        )

    with pytest.raises(RuleError, match="Ô Văn bản ủy quyền"):
        substitute(world.one.officers[1], " ")
    with pytest.raises(RuleError, match="Khách mời và người của đơn vị khác"):
        substitute(world.one.officers[2], "01/GUQ")
    with pytest.raises(RuleError, match="không công tác tại"):
        substitute(world.superior, "01/GUQ")

    substitute(world.one.officers[1], "01/GUQ ngày 01/12/2026")

    elector.refresh_from_db()
    assert elector.user == world.one.officers[1]
    entry = Entry.objects.filter(action=Action.BALLOT_ROLL_CHANGED).latest("pk")
    assert entry.details["mandate"] == "01/GUQ ngày 01/12/2026"


def test_a_member_without_a_head_may_send_somebody(world):
    world.one.heads[2].assignments.update(valid_to="2025-12-31")
    ballot = set_up(world, minimum_electors=2, tellers=world.one.officers[:3])
    assert ballot.electors.count() == 2
    page = text(get(world.one.lead_officer, "roll", ballot))
    assert "chưa có người bỏ phiếu" in page

    response = post(
        world.one.lead_officer,
        "elector_add",
        ballot,
        world.one.memberships[2].pk,
        user=str(world.one.officers[2].pk),
        post="Phó Chánh Thanh tra",
        mandate="02/GUQ",
    )

    assert response.status_code == 302
    assert ballot.electors.get(membership=world.one.memberships[2]).user == world.one.officers[2]


def test_a_member_nobody_votes_for_still_counts_among_all_members(world):
    world.one.heads[2].assignments.update(valid_to="2025-12-31")
    ballot = set_up(world, minimum_electors=2, tellers=world.one.officers[:3])

    services.freeze_ballot(ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON)

    ballot.refresh_from_db()
    assert (ballot.electors.count(), ballot.members_total) == (2, 3)


def test_removing_from_the_roll_needs_a_reason_and_renumbers(world, ballot):
    first = ballot.electors.first()
    with pytest.raises(RuleError, match="Ô Lý do"):
        services.remove_elector(elector=first, reason=" ", actor=world.one.lead_officer, at=NOON)

    services.remove_elector(
        elector=first, reason="Không cử được người", actor=world.one.lead_officer, at=NOON
    )

    assert [one.order for one in ballot.electors.all()] == [1, 2]


def test_unfreezing_voids_every_code(world):
    ballot = set_up(world)
    services.freeze_ballot(ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON)
    Elector.objects.filter(ballot=ballot).update(has_checked=True, is_present=True)

    services.unfreeze_ballot(ballot=ballot, reason="Sai tên", actor=world.one.lead_officer, at=NOON)

    ballot.refresh_from_db()
    assert ballot.state == State.SETUP
    assert ballot.election == ""
    assert not ballot.electors.filter(has_checked=True).exists()


def test_opening_without_quorum_is_refused_with_the_numbers(world):
    ballot = set_up(world)
    services.freeze_ballot(ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON)
    services.call_roll(
        ballot=ballot,
        present={ballot.electors.first().pk},
        actor=world.one.lead_officer,
        at=NOON,
    )

    with pytest.raises(RuleError, match="Có mặt 1/3; cần ít nhất 2"):
        services.open_ballot(ballot=ballot, actor=world.one.lead_head, at=NOON)


def test_only_the_secretary_calls_the_roll_and_only_the_chair_opens(world):
    ballot = set_up(world)
    services.freeze_ballot(ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON)
    with pytest.raises(PermissionDenied):
        services.call_roll(ballot=ballot, present=set(), actor=world.one.lead_head, at=NOON)
    for person in (world.one.lead_officer, world.one.heads[1], world.administrator):
        with pytest.raises(PermissionDenied):
            services.open_ballot(ballot=ballot, actor=person, at=NOON)


def test_after_opening_the_roll_no_longer_knows_whose_code_is_whose(world):
    poll = open_poll(world)

    assert not poll.ballot.electors.exclude(credential="").exists()
    assert poll.ballot.credentials == sorted(poll.ballot.credentials)


@pytest.mark.parametrize("state", ["setup", "frozen", "open"])
def test_a_ballot_is_annulled_by_the_chair_with_a_reason_in_any_phase(world, state):
    ballot = set_up(world) if state != "open" else open_poll(world).ballot
    if state == "frozen":
        services.freeze_ballot(
            ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON
        )
    with pytest.raises(PermissionDenied):
        services.annul_ballot(ballot=ballot, reason="x", actor=world.one.lead_officer, at=NOON)

    services.annul_ballot(ballot=ballot, reason="Hội nghị hoãn", actor=world.one.lead_head, at=NOON)

    assert "Hội nghị hoãn" in text(get(world.one.heads[1], "ballot", ballot))


def test_the_chairs_conflict_goes_with_another_chair_of_the_count(world, ballot):
    own = [
        services.CandidateLine(name=str(one.organisation), membership=one)
        for one in world.one.memberships[:1]
    ]
    question(world, ballot, candidates=own)
    assert conflict_of_chair(ballot_view(world.superior, ballot))

    ballot.count_chair = world.one.heads[2]
    ballot.save()

    assert not conflict_of_chair(ballot_view(world.superior, ballot))


# --- Forms ------------------------------------------------------------------------------------------


def form_of(world, **changes) -> dict[str, object]:
    return {
        "title": "Suy tôn",
        "held_on": "10/12/2026",
        "electorate": "units",
        "chair": world.one.lead_head.pk,
        "secretary": world.one.lead_officer.pk,
        "quorum": "2/3",
        "minimum_electors": 3,
        "allows_paper": "on",
        **changes,
    }


def send_new(world, **changes):
    address = reverse("ballots:new", args=[world.one.year.pk])
    data = {"idempotency_key": "d" * 32, **form_of(world, **changes)}
    return signed_in(world.one.lead_officer).post(address, data)


@pytest.mark.parametrize("quorum", ["2/3", "80 %", "80", "66,5%"])
def test_a_share_is_typed_as_people_write_it(world, quorum):
    assert send_new(world, quorum=quorum).status_code == 302


@pytest.mark.parametrize("quorum", ["", "0", "-1/2", "101 %", "a/b", "1/0", "1/2/3", "9" * 50])
def test_a_share_that_is_none_is_refused_by_its_field(world, quorum):
    page = text(send_new(world, quorum=quorum))

    assert 'href="#id_quorum"' in page
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"held_on": "31/02/2026"},
        {"chair": "999999"},
        {"chair": "abc"},
        {"minimum_electors": "2"},
        {"electorate": "ai cũng được"},
    ],
)
def test_a_form_with_a_wrong_field_stores_nothing_and_keeps_what_was_typed(world, changes):
    page = text(send_new(world, **changes))

    assert "Chưa lưu được" in page
    assert not Ballot.objects.exists()


def test_a_question_is_saved_from_its_form_with_members_and_others(world, ballot):
    response = post(
        world.one.lead_officer,
        "question_new",
        ballot,
        text="Bằng khen",
        kind="approve",
        members=[str(world.one.memberships[1].pk)],
        others="Phòng Nghiệp vụ 1 – tập thể nhỏ\n\nNguyễn Văn Nam\n",
        base="all_members",
        share="80 %",
        more_than="least",
        rounds="1",
        last_word="",
        article="Quy chế, Điều 7",
        reveal="totals",
    )

    assert response.status_code == 302
    made = ballot.questions.get(text="Bằng khen")
    assert [(one.name, one.note) for one in made.candidates.all()] == [
        (str(world.one.memberships[1].organisation), ""),
        ("Phòng Nghiệp vụ 1", "tập thể nhỏ"),
        ("Nguyễn Văn Nam", ""),
    ]
    assert made.rule["share"] == "4/5"
    assert "Phòng Nghiệp vụ 1 – tập thể nhỏ" in text(
        get(world.one.lead_officer, "question_edit", ballot, made.pk)
    )


def test_a_rule_of_the_regulations_is_taken_over_with_its_warning(world, ballot):
    address = reverse("ballots:question_new", args=[ballot.year_id, ballot.pk])

    page = text(signed_in(world.one.lead_officer).get(address, {"mau": "n152-80"}))

    assert "80 %" in page
    assert "cần đối chiếu văn bản" in page
    assert "98/2023" in page  # named in the warning, never offered for a day it is not in force
    assert "?mau=n98-80" not in page


def test_a_unit_withdraws_its_own_candidacy_with_a_reason(world, ballot):
    own = services.CandidateLine(name="Đơn vị tôi", membership=world.one.memberships[1])
    made = question(world, ballot, candidates=[own, *lines(world, "B")])
    candidate = made.candidates.get(name="Đơn vị tôi")

    with pytest.raises(PermissionDenied):
        services.withdraw_candidate(
            candidate=candidate, reason="x", actor=world.one.heads[2], at=NOON
        )
    with pytest.raises(RuleError, match="Ô Lý do"):
        services.withdraw_candidate(
            candidate=candidate, reason=" ", actor=world.one.heads[1], at=NOON
        )
    services.withdraw_candidate(
        candidate=candidate, reason="Nhường đơn vị bạn", actor=world.one.heads[1], at=NOON
    )

    page = text(get(world.superior, "ballot", ballot))
    assert "xin rút: Nhường đơn vị bạn" in page


def test_who_withdrew_stays_back_when_the_question_is_edited(world, ballot):
    made = ballot.questions.get()
    services.withdraw_candidate(
        candidate=made.candidates.get(name="An"),
        reason="Nhường bạn",
        actor=world.one.lead_officer,
        at=NOON,
    )

    question(world, ballot, question=made, text="Tên khác", candidates=lines(world, "An", "Bình"))

    assert made.candidates.get(name="An").withdrawn_reason == "Nhường bạn"
    assert made.candidates.get(name="Bình").is_standing


def test_a_question_whose_votes_a_rule_reads_is_not_removed(world, ballot):
    made = ballot.questions.get()
    services.set_points_and_votes(
        year=world.one.year,
        rule=JoiningRule(way=Way.WEIGHTS),
        source="Quy chế",
        question=made,
        version=0,
        actor=world.one.lead_head,
        at=NOON,
    )

    response = post(world.one.lead_officer, "question_remove", ballot, made.pk)

    assert response.status_code == 302
    assert ballot.questions.filter(pk=made.pk).exists()
