"""From the frozen list to the opened ballot: everybody checks, takes a code, and is counted."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.ballots.models import Ballot, Elector, Question
from thidua.ballots.permissions import can_prepare, is_chair, is_secretary
from thidua.ballots.services.locks import State, keep, locked
from thidua.rules.ballots import belenios
from thidua.rules.ballots.results import ResultRule, has_quorum
from thidua.rules.errors import RuleError


@transaction.atomic
def freeze_ballot(*, ballot: Ballot, script_sha256: str, actor: User, at: datetime) -> Ballot:
    """Roll, candidates and key become one election; from here on everybody checks the list."""
    ballot = locked(ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    missing = what_is_missing(ballot)
    if missing:
        raise RuleError(" ".join(missing))
    ballot.election = belenios.Election(
        uuid=ballot.uuid,
        name=ballot.title,
        description=f"{ballot.year.cluster}, {ballot.held_on:%d/%m/%Y}",
        public_key=belenios.public_key_of(ballot.trustees),
        questions=tuple(_protocol_question(one) for one in ballot.questions.all()),
    ).text
    ballot.members_total = members_of_vote(ballot)
    ballot.state, ballot.frozen_at, ballot.script_sha256 = State.FROZEN, at, script_sha256
    return keep(
        ballot,
        actor,
        Action.BALLOT_FROZEN,
        at,
        "state",
        "frozen_at",
        "election",
        "members_total",
        "script_sha256",
        members=ballot.members_total,
        electors=[str(one) for one in ballot.electors.all()],
        fingerprint=belenios.read_election(ballot.election).fingerprint,
    )


def members_of_vote(ballot: Ballot) -> int:
    """All members: of the cluster, or of its council; never fewer than stand on the roll."""
    electors = ballot.electors.count()
    if ballot.electorate == Ballot.Electorate.COUNCIL:
        return electors
    return max(electors, ballot.year.memberships.count())


def _protocol_question(question: Question) -> belenios.Question:
    names = tuple(one.name for one in question.candidates.all() if one.is_standing)
    approves = question.kind == Question.Kind.APPROVE
    return belenios.Question(
        text=question.text,
        answers=names,
        least=0 if approves else 1,
        most=len(names) if approves else min(question.most, len(names)),
    )


def what_is_missing(ballot: Ballot) -> list[str]:
    """Why the list cannot be frozen yet, one sentence each; empty when it can."""
    found = []
    questions = list(ballot.questions.prefetch_related("candidates"))
    if not questions:
        found.append("Chưa có nội dung bỏ phiếu nào.")
    for question in questions:
        if not any(one.is_standing for one in question.candidates.all()):
            found.append(f"Nội dung “{question.text}” không còn ai trong danh sách.")
        ResultRule.from_json(question.rule)
    electors = ballot.electors.count()
    if electors < ballot.minimum_electors:
        found.append(
            f"Danh sách có {electors} người bỏ phiếu, ít hơn mức tối thiểu "
            f"{ballot.minimum_electors} người mà cụm đã đặt."
        )
    tellers = list(ballot.tellers.all())
    if not tellers:
        found.append("Chưa cử tổ kiểm phiếu.")
    elif not ballot.trustees:
        waiting = ", ".join(one.name for one in tellers if not one.voutput)
        found.append(f"Tổ kiểm phiếu chưa lập xong khóa (còn chờ: {waiting}).")
    else:
        rehearsed = sum(bool(one.rehearsal) for one in tellers)
        if rehearsed < ballot.threshold:
            found.append(
                f"Mới có {rehearsed} người kiểm phiếu diễn tập xong; cần ít nhất "
                f"{ballot.threshold} người để chắc chắn mở được phiếu."
            )
    return found


@transaction.atomic
def unfreeze_ballot(*, ballot: Ballot, reason: str, actor: User, at: datetime) -> Ballot:
    """Back to set-up because the list is wrong; every check and code given is void."""
    ballot = locked(ballot, State.FROZEN)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    if not reason.strip():
        raise RuleError("Ô Lý do: hãy ghi điều phải sửa trong danh sách.")
    ballot.electors.update(
        has_checked=False, objection="", credential="", is_present=False, way=Elector.Way.NONE
    )
    ballot.state, ballot.election, ballot.frozen_at = State.SETUP, "", None
    return keep(
        ballot,
        actor,
        Action.BALLOT_UNFROZEN,
        at,
        "state",
        "election",
        "frozen_at",
        reason=reason.strip(),
    )


@transaction.atomic
def check_roll(*, elector: Elector, credential: str, actor: User, at: datetime) -> Elector:
    """The elector finds the list right and leaves the public part of a voting code.

    The secret part was made in the elector's browser and never comes here: nobody else, the
    administrator included, can vote in the elector's place.
    """
    ballot = locked(elector.ballot, State.FROZEN)
    mine = ballot.electors.select_for_update(of=("self",)).get(pk=elector.pk)
    if mine.user_id != actor.pk or not actor.is_active:
        raise PermissionDenied
    public = belenios.check_public_credential(credential)
    if mine.credential == public:
        return mine
    if ballot.electors.filter(credential=public).exclude(pk=mine.pk).exists():
        raise RuleError("Mã phiếu này đã có người dùng. Hãy bấm lại để tạo mã khác.")
    mine.credential, mine.has_checked, mine.objection = public, True, ""
    mine.save(update_fields=["credential", "has_checked", "objection"])
    keep(ballot, actor, Action.BALLOT_ROLL_CHECKED, at, elector=str(mine))
    return mine


@transaction.atomic
def object_to_roll(*, elector: Elector, words: str, actor: User, at: datetime) -> Elector:
    """The elector finds a mistake in the list; the chair must deal with it before opening."""
    ballot = locked(elector.ballot, State.FROZEN)
    mine = ballot.electors.select_for_update(of=("self",)).get(pk=elector.pk)
    if mine.user_id != actor.pk or not actor.is_active:
        raise PermissionDenied
    if not words.strip():
        raise RuleError("Ô Điều chưa đúng: hãy ghi điều cần sửa trong danh sách.")
    mine.objection, mine.has_checked, mine.credential = words.strip()[:500], False, ""
    mine.save(update_fields=["objection", "has_checked", "credential"])
    keep(ballot, actor, Action.BALLOT_ROLL_OBJECTED, at, elector=str(mine), words=mine.objection)
    return mine


@transaction.atomic
def call_roll(*, ballot: Ballot, present: set[int], actor: User, at: datetime) -> Ballot:
    """The secretary notes who is present, before the ballot opens."""
    ballot = locked(ballot, State.FROZEN)
    if not is_secretary(actor, ballot):
        raise PermissionDenied
    for one in ballot.electors.all():
        if one.is_present != (one.pk in present):
            one.is_present = one.pk in present
            one.save(update_fields=["is_present"])
    return keep(ballot, actor, Action.BALLOT_ROLL_CALLED, at, present=len(present))


@transaction.atomic
def open_ballot(*, ballot: Ballot, actor: User, at: datetime) -> Ballot:
    """The chair opens the vote: codes become one sorted list, and nobody joins any more (B7)."""
    ballot = locked(ballot, State.FROZEN)
    if not is_chair(actor, ballot):
        raise PermissionDenied
    why_not = what_stops_opening(ballot)
    if why_not:
        raise RuleError(" ".join(why_not))
    electors = list(ballot.electors.all())
    ballot.credentials = sorted(one.credential for one in electors if one.credential)
    # From here on the roll no longer says whose code is whose.
    ballot.electors.update(credential="")
    ballot.state, ballot.opened_at = State.OPEN, at
    return keep(
        ballot,
        actor,
        Action.BALLOT_OPENED,
        at,
        "state",
        "opened_at",
        "credentials",
        present=sum(one.is_present for one in electors),
        entitled=len(electors),
        codes=len(ballot.credentials),
    )


def what_stops_opening(ballot: Ballot) -> list[str]:
    """Why the ballot cannot be opened yet, one sentence each; empty when it can."""
    electors = list(ballot.electors.all())
    present = sum(one.is_present for one in electors)
    quorum = has_quorum(
        present, ballot.members_total, ballot.quorum_numerator, ballot.quorum_denominator
    )
    found = [] if quorum.is_met else [quorum.sentence]
    found += [
        f"{one} nêu danh sách chưa đúng: “{one.objection}”." for one in electors if one.objection
    ]
    without = [str(one) for one in electors if one.is_present and not one.credential]
    if without and not ballot.allows_paper:
        found.append(
            "Chưa nhận mã phiếu: " + ", ".join(without) + ". "
            "Cuộc bỏ phiếu này không có phiếu giấy nên mỗi người phải tự nhận mã trước khi mở."
        )
    if not any(one.credential for one in electors) and not ballot.allows_paper:
        found.append("Chưa ai nhận mã phiếu.")
    return found
