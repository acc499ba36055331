"""After the count: a decision where votes leave it open, a second round, minutes, destruction."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.ballots.archives import archive_sha256
from thidua.ballots.counts import Settled, settled, settled_question
from thidua.ballots.models import Ballot, Candidate, Elector, PersonDecision, Question, Teller
from thidua.ballots.permissions import can_prepare, chairs_count, is_chair
from thidua.ballots.services.locks import State, keep, locked
from thidua.documents.receiving import PDF
from thidua.documents.services import receive_file
from thidua.organisations.models import Membership
from thidua.organisations.permissions import is_head_of
from thidua.rules.ballots.belenios import new_uuid
from thidua.rules.errors import RuleError

MINUTES_LIMIT = 20 * 1024 * 1024


@transaction.atomic
def decide_question(
    *,
    question: Question,
    candidates: Sequence[Candidate],
    reason: str,
    actor: User,
    at: datetime,
) -> PersonDecision:
    """Who has the last word decides what votes left open, in writing and with a reason.

    The chair proposes; where the rule asks for head and deputy together, the other one agrees
    by proposing the same.
    """
    ballot = locked(question.ballot, State.TALLIED)
    if not can_decide(actor, ballot):
        raise PermissionDenied
    outcome = settled_question(question).outcome
    if not outcome.needs_human:
        raise RuleError("Số phiếu đã quyết định nội dung này nên không cần ai quyết định thay.")
    if not reason.strip():
        raise RuleError("Ô Lý do: hãy ghi vì sao chọn như vậy; lý do được ghi vào biên bản.")
    standing = [one for one in question.candidates.all() if one.is_standing]
    names = {one.pk: standing.index(one) for one in standing}
    chosen = sorted({one.pk for one in candidates})
    if not set(chosen) <= set(names):
        raise RuleError("Người được chọn không có trong danh sách của nội dung này.")
    open_ones = set(outcome.undecided)
    if not {names[pk] for pk in chosen} <= open_ones or len(chosen) != outcome.places_left:
        raise RuleError(
            f"Hãy chọn đúng {outcome.places_left} trong số những người bằng phiếu còn chưa quyết định."
        )
    before = PersonDecision.objects.filter(question=question).first()
    if before is not None:
        return _agree(before, chosen, outcome.who_decides, actor, ballot, at)
    decision = PersonDecision.objects.create(
        question=question, reason=reason.strip(), decided_by=actor, decided_at=at
    )
    decision.candidates.set(chosen)
    keep(
        ballot,
        actor,
        Action.BALLOT_DECIDED,
        at,
        asked=question.text,
        chosen=[one.name for one in candidates],
        reason=reason.strip(),
    )
    return decision


def _agree(
    decision: PersonDecision,
    chosen: list[int],
    who: str,
    actor: User,
    ballot: Ballot,
    at: datetime,
) -> PersonDecision:
    if who != "head_and_deputy" or decision.agreed_by_id or decision.decided_by_id == actor.pk:
        raise RuleError("Nội dung này đã có quyết định.")
    if chosen != sorted(decision.candidates.values_list("pk", flat=True)):
        raise RuleError(
            "Lựa chọn của bạn khác với đề nghị của người kia. Hãy trao đổi cho thống nhất; "
            "quyết định chỉ có hiệu lực khi cụm trưởng và cụm phó chọn giống nhau."
        )
    decision.agreed_by = actor
    decision.save(update_fields=["agreed_by"])
    keep(ballot, actor, Action.BALLOT_DECIDED, at, asked=decision.question.text, agreed=str(actor))
    return decision


def can_decide(user: User, ballot: Ballot) -> bool:
    """Who has the last word: who chairs the count, and the head of a deputy organisation."""
    return chairs_count(user, ballot) or is_deputy_head(user, ballot)


def is_deputy_head(user: User, ballot: Ballot) -> bool:
    """Head of a deputy organisation of the cluster in the ballot's year."""
    deputies = ballot.year.memberships.filter(role=Membership.Role.DEPUTY)
    return any(is_head_of(user, one.organisation_id) for one in deputies)


@transaction.atomic
def make_second_round(*, ballot: Ballot, actor: User, at: datetime) -> Ballot:
    """A new ballot for the questions the first one left open, among those who may go on.

    Same people, a new key and new codes: nothing of the first vote can be compared paper by paper.
    """
    ballot = locked(ballot, State.TALLIED, State.CONCLUDED)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    if Ballot.objects.filter(previous=ballot).exists():
        raise RuleError("Vòng tiếp theo đã được lập.")
    going_on = [one for one in settled(ballot) if one.outcome.second_round]
    if not going_on:
        raise RuleError("Không nội dung nào cần bỏ phiếu lại theo quy tắc của cuộc bỏ phiếu này.")
    new = Ballot.objects.get(pk=ballot.pk)
    new.pk = None
    new._state.adding = True
    new.uuid, new.previous, new.round = new_uuid(), ballot, ballot.round + 1
    new.title = f"{ballot.title[:180]} – lần {new.round}"
    new.state, new.version = State.SETUP, 1
    for name in ("election", "trustees", "rehearsal", "encrypted_tally", "script_sha256"):
        setattr(new, name, "")
    new.archive_sha256 = new.minutes_number = new.annulled_reason = ""
    new.credentials, new.result, new.minutes_file = [], None, None
    for name in ("frozen", "opened", "closed", "tallied", "concluded", "destroyed", "annulled"):
        setattr(new, f"{name}_at", None)
    new.save()
    _copy_people(ballot, new)
    for order, one in enumerate(going_on, 1):
        _copy_question(one, new, order)
    return keep(new, actor, Action.BALLOT_MADE, at, second_round_of=str(ballot))


def _copy_people(old: Ballot, new: Ballot) -> None:
    Elector.objects.bulk_create(
        Elector(
            ballot=new,
            order=one.order,
            membership=one.membership,
            user=one.user,
            name=one.name,
            place=one.place,
            post=one.post,
            mandate=one.mandate,
        )
        for one in old.electors.all()
    )
    Teller.objects.bulk_create(
        Teller(ballot=new, order=one.order, user=one.user, name=one.name)
        for one in old.tellers.all()
    )


def _copy_question(one: Settled, ballot: Ballot, order: int) -> None:
    question, outcome = one.question, one.outcome
    places = outcome.places_left
    kept = [one.candidates[place] for place in outcome.second_round]
    rule = {**question.rule, "places": places, "quota": None}
    approves = question.kind == Question.Kind.APPROVE
    new = Question.objects.create(
        ballot=ballot,
        order=order,
        kind=question.kind,
        text=question.text,
        most=len(kept) if approves else max(1, min(question.most, len(kept), places)),
        reveal=question.reveal,
        rule=rule,
    )
    Candidate.objects.bulk_create(
        Candidate(
            question=new,
            order=position,
            membership=candidate.membership,
            name=candidate.name,
            note=candidate.note,
        )
        for position, candidate in enumerate(kept, 1)
    )


@transaction.atomic
def conclude_ballot(
    *, ballot: Ballot, number: str, data: bytes, name: str, actor: User, at: datetime
) -> Ballot:
    """The signed minutes come in; the result stands and the archive's fingerprint is journalled."""
    ballot = locked(ballot, State.TALLIED)
    if not chairs_count(actor, ballot):
        raise PermissionDenied
    for one in settled(ballot):
        if one.is_open:
            raise RuleError(
                f"Nội dung “{one.question.text}” còn chưa ngã ngũ: hãy lập vòng tiếp theo hoặc ghi "
                "quyết định của người có thẩm quyền trước khi ký biên bản."
            )
    if not number.strip():
        raise RuleError("Ô Số biên bản: hãy ghi số như trên biên bản đã ký.")
    ballot.minutes_file = receive_file(
        data=data,
        name=name,
        organisation=None,
        actor=actor,
        at=at,
        limit=MINUTES_LIMIT,
        only=[PDF],
    )
    ballot.minutes_number = number.strip()[:60]
    ballot.archive_sha256 = archive_sha256(ballot)
    ballot.state, ballot.concluded_at = State.CONCLUDED, at
    return keep(
        ballot,
        actor,
        Action.BALLOT_CONCLUDED,
        at,
        "state",
        "concluded_at",
        "minutes_number",
        "minutes_file",
        "archive_sha256",
        minutes=ballot.minutes_file.sha256,
        minutes_number=ballot.minutes_number,
        archive=ballot.archive_sha256,
    )


@transaction.atomic
def destroy_papers(*, ballot: Ballot, actor: User, at: datetime) -> Ballot:
    """Destroy the encrypted papers and key parts after the minutes, where the cluster says so (B8)."""
    ballot = locked(ballot, State.CONCLUDED)
    if not is_chair(actor, ballot):
        raise PermissionDenied
    if not ballot.destroys_papers:
        raise RuleError("Quy chế của cuộc bỏ phiếu này không yêu cầu tiêu hủy phiếu.")
    if ballot.destroyed_at is not None:
        raise RuleError("Phiếu đã được tiêu hủy.")
    count = ballot.papers.count()
    ballot.papers.all().delete()
    ballot.tellers.update(polynomial="", voutput="", rehearsal="", partial="")
    ballot.encrypted_tally, ballot.credentials, ballot.destroyed_at = "", [], at
    return keep(
        ballot,
        actor,
        Action.BALLOT_DESTROYED,
        at,
        "encrypted_tally",
        "credentials",
        "destroyed_at",
        papers=count,
        archive=ballot.archive_sha256,
    )
