"""Setting a ballot up: what is asked, who stands, who may vote, who counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.ballots.models import Ballot, Candidate, Elector, PointsAndVotes, Question, Teller
from thidua.ballots.permissions import can_make_ballot, can_prepare, is_chair
from thidua.ballots.services.locks import State, keep, locked
from thidua.organisations.models import Assignment, EmulationYear, Membership, valid_on
from thidua.organisations.permissions import is_head_of, works_for
from thidua.rules.ballots.belenios import new_uuid
from thidua.rules.ballots.results import ResultRule
from thidua.rules.errors import RuleError

MOST_QUESTIONS = 10
MOST_CANDIDATES = 40
MOST_TELLERS = 7
NO_SUCH_MEMBER = "Đơn vị “{name}” không phải thành viên của năm này."


@dataclass(frozen=True, kw_only=True)
class BallotTerms:
    """What the lead types to set a ballot up."""

    title: str
    purpose: str
    electorate: str
    held_on: date
    place: str
    chair: User
    count_chair: User | None
    secretary: User
    threshold: int
    quorum_numerator: int
    quorum_denominator: int
    minimum_electors: int
    allows_paper: bool
    destroys_papers: bool

    def values(self) -> dict[str, Any]:
        return vars(self).copy()

    def said(self) -> dict[str, Any]:
        """The terms as the journal tells them."""
        return {
            "title": self.title,
            "held_on": f"{self.held_on:%Y-%m-%d}",
            "place": self.place,
            "electorate": str(Ballot.Electorate(self.electorate).label),
            "chair": str(self.chair),
            "count_chair": str(self.count_chair or self.chair),
            "secretary": str(self.secretary),
            "quorum": f"{self.quorum_numerator}/{self.quorum_denominator}",
            "minimum": self.minimum_electors,
            "paper": "có" if self.allows_paper else "không",
            "destruction": "có" if self.destroys_papers else "không",
        }


@dataclass(frozen=True, kw_only=True)
class CandidateLine:
    """One candidate as typed: a member of the year, or anybody by name."""

    name: str
    membership: Membership | None = None
    note: str = ""


@transaction.atomic
def make_ballot(*, year: EmulationYear, terms: BallotTerms, actor: User, at: datetime) -> Ballot:
    """A new ballot in set-up, with the roll of the electorate as it stands today."""
    if not can_make_ballot(actor, year):
        raise PermissionDenied
    _check_people(year, terms)
    ballot = Ballot.objects.create(year=year, uuid=new_uuid(), **terms.values())
    _fill_roll(ballot)
    return keep(ballot, actor, Action.BALLOT_MADE, at, **terms.said())


@transaction.atomic
def change_ballot(
    *, ballot: Ballot, terms: BallotTerms, version: int, actor: User, at: datetime
) -> Ballot:
    """Keep new terms; another electorate draws the roll up again."""
    ballot = locked(ballot, State.SETUP, version=version)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    _check_people(ballot.year, terms)
    if terms.threshold != ballot.threshold and any(t.polynomial for t in ballot.tellers.all()):
        raise RuleError(
            "Tổ kiểm phiếu đang lập khóa theo số người đã định. Muốn đổi, hãy lập khóa lại từ đầu."
        )
    other = terms.electorate != ballot.electorate
    for name, value in terms.values().items():
        setattr(ballot, name, value)
    if other:
        ballot.electors.all().delete()
        _fill_roll(ballot)
    return keep(ballot, actor, Action.BALLOT_CHANGED, at, *terms.values(), **terms.said())


def _check_people(year: EmulationYear, terms: BallotTerms) -> None:
    for person in (terms.chair, terms.secretary, terms.count_chair):
        if person is not None and not _is_of(person, year):
            raise RuleError(f"{person} không thuộc năm thi đua này nên không giao việc được.")
    if terms.chair == terms.secretary:
        raise RuleError("Chủ trì và thư ký phải là hai người khác nhau.")


def _is_of(person: User, year: EmulationYear) -> bool:
    return EmulationYear.objects.visible_to(person).filter(pk=year.pk).exists()


def _fill_roll(ballot: Ballot) -> None:
    """One person per member – its head – or every member of the council."""
    today = valid_on(timezone.localdate())
    if ballot.electorate == Ballot.Electorate.COUNCIL:
        held = Assignment.objects.filter(
            today, cluster=ballot.year.cluster, role=Assignment.Role.COUNCIL_MEMBER
        ).select_related("user")
        lines: list[tuple[Membership | None, Assignment]] = [
            (None, one) for one in held.order_by("user__full_name")
        ]
    else:
        members = list(ballot.year.memberships.select_related("organisation"))
        heads: dict[int, Assignment] = {}
        for one in Assignment.objects.filter(
            today,
            role=Assignment.Role.HEAD,
            organisation__in=[member.organisation_id for member in members],
            user__is_active=True,
        ).select_related("user"):
            heads.setdefault(one.organisation_id or 0, one)
        lines = [
            (member, heads[member.organisation_id])
            for member in members
            if member.organisation_id in heads
        ]
    seen: set[int] = set()
    for member, one in lines:
        if one.user_id not in seen:
            seen.add(one.user_id)
            Elector.objects.create(
                ballot=ballot,
                order=len(seen),
                membership=member,
                user=one.user,
                name=one.user.full_name,
                place=str(member.organisation) if member else "",
                post=one.post,
            )


@transaction.atomic
def draw_up_roll(*, ballot: Ballot, actor: User, at: datetime) -> Ballot:
    """The roll again from who holds the posts today; mandates typed before are gone."""
    ballot = locked(ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    ballot.electors.all().delete()
    _fill_roll(ballot)
    return keep(ballot, actor, Action.BALLOT_ROLL_CHANGED, at, electors=ballot.electors.count())


@transaction.atomic
def substitute_elector(
    *, elector: Elector, user: User, post: str, mandate: str, actor: User, at: datetime
) -> Elector:
    """Another person of the same unit votes in the elector's place, by a written mandate."""
    ballot = locked(elector.ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    _check_mandate(ballot, elector.membership, user, mandate, but=elector.pk)
    before = elector.name
    elector.user, elector.name, elector.post = user, user.full_name, post
    elector.mandate = mandate.strip()
    elector.save(update_fields=["user", "name", "post", "mandate"])
    keep(
        ballot,
        actor,
        Action.BALLOT_ROLL_CHANGED,
        at,
        elector=str(elector),
        before=before,
        mandate=elector.mandate,
    )
    return elector


@transaction.atomic
def add_elector(
    *,
    ballot: Ballot,
    membership: Membership,
    user: User,
    post: str,
    mandate: str,
    actor: User,
    at: datetime,
) -> Elector:
    """Somebody votes for a member whose head's post is vacant, by a written mandate."""
    ballot = locked(ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    if membership.year_id != ballot.year_id or ballot.electorate != Ballot.Electorate.UNITS:
        raise RuleError(NO_SUCH_MEMBER.format(name=membership.organisation))
    if ballot.electors.filter(membership=membership).exists():
        raise RuleError(f"{membership.organisation} đã có người bỏ phiếu trong danh sách.")
    _check_mandate(ballot, membership, user, mandate)
    last = ballot.electors.order_by("-order").first()
    elector = Elector.objects.create(
        ballot=ballot,
        order=last.order + 1 if last else 1,
        membership=membership,
        user=user,
        name=user.full_name,
        place=str(membership.organisation),
        post=post,
        mandate=mandate.strip(),
    )
    keep(
        ballot,
        actor,
        Action.BALLOT_ROLL_CHANGED,
        at,
        elector=str(elector),
        mandate=elector.mandate,
    )
    return elector


def _check_mandate(
    ballot: Ballot, member: Membership | None, user: User, mandate: str, but: int = 0
) -> None:
    """A person of the same unit, not on the roll yet, with a paper that says so; else RuleError."""
    if not mandate.strip():
        raise RuleError("Ô Văn bản ủy quyền: hãy ghi số, ngày của văn bản cử người thay.")
    if member is not None and not works_for(user, member.organisation_id):
        raise RuleError(
            f"{user} không công tác tại {member.organisation} nên không bỏ phiếu thay được. "
            "Khách mời và người của đơn vị khác không có quyền bỏ phiếu."
        )
    if member is None and not _is_of(user, ballot.year):
        raise RuleError(f"{user} không thuộc cụm nên không bỏ phiếu thay được.")
    if ballot.electors.filter(user=user).exclude(pk=but).exists():
        raise RuleError(f"{user} đã có trong danh sách; mỗi người chỉ bỏ một phiếu.")


@transaction.atomic
def remove_elector(*, elector: Elector, reason: str, actor: User, at: datetime) -> None:
    """Take a person off the roll, with the reason: a unit without a vote in this ballot."""
    ballot = locked(elector.ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    if not reason.strip():
        raise RuleError("Ô Lý do: hãy ghi vì sao người này không bỏ phiếu.")
    said = str(elector)
    elector.delete()
    for order, one in enumerate(ballot.electors.all(), 1):
        if one.order != order:
            Elector.objects.filter(pk=one.pk).update(order=order)
    keep(ballot, actor, Action.BALLOT_ROLL_CHANGED, at, removed=said, reason=reason.strip())


@transaction.atomic
def save_question(
    *,
    ballot: Ballot,
    question: Question | None,
    kind: str,
    text: str,
    most: int,
    reveal: str,
    rule: ResultRule,
    candidates: Sequence[CandidateLine],
    actor: User,
    at: datetime,
) -> Question:
    """Add a question, or keep another text, rule and list of candidates for one."""
    ballot = locked(ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    _check_candidates(ballot, candidates)
    if kind == Question.Kind.CHOOSE and not 1 <= most <= len(candidates):
        raise RuleError(
            f"Ô Được chọn tối đa: phải từ 1 đến số người được đưa vào danh sách ({len(candidates)})."
        )
    if question is None:
        if ballot.questions.count() >= MOST_QUESTIONS:
            raise RuleError(f"Một cuộc bỏ phiếu có nhiều nhất {MOST_QUESTIONS} nội dung.")
        last = ballot.questions.order_by("-order").first()
        question = Question(ballot=ballot, order=last.order + 1 if last else 1)
    question.kind, question.text, question.reveal = kind, text, reveal
    question.most = most if kind == Question.Kind.CHOOSE else len(candidates)
    question.rule = rule.to_json()
    question.save()
    # Who stepped back stays back, whatever else is edited.
    withdrawn = dict(question.candidates.values_list("name", "withdrawn_reason"))
    question.candidates.all().delete()
    Candidate.objects.bulk_create(
        Candidate(
            question=question,
            order=order,
            membership=line.membership,
            name=line.name,
            note=line.note,
            withdrawn_reason=withdrawn.get(line.name, ""),
        )
        for order, line in enumerate(candidates, 1)
    )
    keep(
        ballot,
        actor,
        Action.BALLOT_QUESTION_SAVED,
        at,
        asked=text,
        candidates=[line.name for line in candidates],
        rule=rule.words(),
    )
    return question


def _check_candidates(ballot: Ballot, candidates: Sequence[CandidateLine]) -> None:
    if not candidates:
        raise RuleError("Ô Danh sách: hãy đưa vào ít nhất một đơn vị hoặc một người.")
    if len(candidates) > MOST_CANDIDATES:
        raise RuleError(f"Ô Danh sách: nhiều nhất {MOST_CANDIDATES} dòng.")
    names = [line.name for line in candidates]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise RuleError(f"Ô Danh sách: “{twice}” có hai lần.")
    for line in candidates:
        if not line.name.strip() or len(line.name) > 200:
            raise RuleError("Ô Danh sách: mỗi tên từ 1 đến 200 chữ.")
        if line.membership is not None and line.membership.year_id != ballot.year_id:
            raise RuleError(NO_SUCH_MEMBER.format(name=line.name))


@transaction.atomic
def remove_question(*, question: Question, actor: User, at: datetime) -> None:
    """Take a question out of a ballot that is being set up."""
    ballot = locked(question.ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    if PointsAndVotes.objects.filter(question=question).exists():
        raise RuleError(
            "Quy tắc kết hợp điểm và phiếu đang lấy số phiếu của nội dung này. Hãy sửa quy tắc đó trước "
            "(mục Điểm và phiếu)."
        )
    said = question.text
    question.delete()
    keep(ballot, actor, Action.BALLOT_QUESTION_REMOVED, at, asked=said)


@transaction.atomic
def withdraw_candidate(
    *, candidate: Candidate, reason: str, actor: User, at: datetime
) -> Candidate:
    """A unit's own head, or who prepares the ballot, takes a candidate out, with the reason."""
    ballot = locked(candidate.question.ballot, State.SETUP)
    own = candidate.membership is not None and is_head_of(
        actor, candidate.membership.organisation_id
    )
    if not own and not can_prepare(actor, ballot):
        raise PermissionDenied
    if not reason.strip():
        raise RuleError("Ô Lý do: hãy ghi vì sao xin rút.")
    candidate.withdrawn_reason = reason.strip()[:300]
    candidate.save(update_fields=["withdrawn_reason"])
    keep(
        ballot,
        actor,
        Action.BALLOT_CANDIDATE_WITHDRAWN,
        at,
        candidate=candidate.name,
        asked=candidate.question.text,
        reason=candidate.withdrawn_reason,
    )
    return candidate


@transaction.atomic
def name_tellers(
    *, ballot: Ballot, people: Sequence[User], threshold: int, actor: User, at: datetime
) -> Ballot:
    """Who counts, and how many of them are needed; keys made before are gone."""
    ballot = locked(ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    if not 2 <= len(people) <= MOST_TELLERS:
        raise RuleError(f"Tổ kiểm phiếu có từ 2 đến {MOST_TELLERS} người.")
    if len({person.pk for person in people}) < len(people):
        raise RuleError("Tổ kiểm phiếu: mỗi người chỉ ghi một lần.")
    if not 2 <= threshold <= len(people):
        raise RuleError(
            f"Ô Số người cần để mở phiếu: phải từ 2 đến {len(people)}; "
            "một người một mình không được mở được phiếu."
        )
    for person in people:
        if not _is_of(person, ballot.year):
            raise RuleError(f"{person} không thuộc năm thi đua này nên không kiểm phiếu được.")
    ballot.tellers.all().delete()
    Teller.objects.bulk_create(
        Teller(ballot=ballot, order=order, user=person, name=person.full_name)
        for order, person in enumerate(people, 1)
    )
    ballot.threshold = threshold
    ballot.trustees = ballot.rehearsal = ""
    return keep(
        ballot,
        actor,
        Action.BALLOT_TELLERS_NAMED,
        at,
        "threshold",
        "trustees",
        "rehearsal",
        tellers=[str(person) for person in people],
        threshold=threshold,
    )


@transaction.atomic
def annul_ballot(*, ballot: Ballot, reason: str, actor: User, at: datetime) -> Ballot:
    """The chair ends a ballot without a result; it is never half-counted."""
    ballot = locked(ballot, State.SETUP, State.FROZEN, State.OPEN, State.CLOSED, State.TALLIED)
    if not is_chair(actor, ballot):
        raise PermissionDenied
    if not reason.strip():
        raise RuleError("Ô Lý do: hãy ghi vì sao hủy cuộc bỏ phiếu; lý do được ghi vào biên bản.")
    ballot.state, ballot.annulled_at = State.ANNULLED, at
    ballot.annulled_reason = reason.strip()[:1000]
    return keep(
        ballot,
        actor,
        Action.BALLOT_ANNULLED,
        at,
        "state",
        "annulled_at",
        "annulled_reason",
        reason=ballot.annulled_reason,
    )
