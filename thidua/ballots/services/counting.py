"""Closing once, opening the sum with the tellers' keys, and entering what was counted on paper."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.ballots.counts import PAPER_WAYS, agreed_counts
from thidua.ballots.models import Ballot, Elector, PaperCount, Question, Teller
from thidua.ballots.permissions import chairs_count
from thidua.ballots.services.locks import State, keep, locked
from thidua.rules.ballots import belenios
from thidua.rules.ballots.results import ChannelCount, check_channel
from thidua.rules.errors import RuleError

Way = Elector.Way


@transaction.atomic
def close_ballot(*, ballot: Ballot, actor: User, at: datetime) -> Ballot:
    """Close once (B6). The sum of the encrypted papers is formed; nothing is opened.

    The journal now receives who took part, in the order of the roll: never a single vote's moment.
    """
    ballot = locked(ballot, State.OPEN)
    if not chairs_count(actor, ballot):
        raise PermissionDenied
    papers = list(ballot.papers.values_list("content", flat=True))
    if papers:
        election = belenios.read_election(ballot.election)
        ballot.encrypted_tally = belenios.encrypted_tally(election, papers)
    ballot.state, ballot.closed_at = State.CLOSED, at
    electors = list(ballot.electors.all())
    ballot = keep(
        ballot,
        actor,
        Action.BALLOT_CLOSED,
        at,
        "state",
        "closed_at",
        "encrypted_tally",
        entitled=len(electors),
        took_part=[str(one) for one in electors if one.way],
        on_paper=[str(one) for one in electors if one.way == Way.PAPER],
        in_writing=[str(one) for one in electors if one.way == Way.WRITTEN],
        electronic=len(papers),
    )
    return _finish(ballot, actor, at)


@transaction.atomic
def send_partial(*, teller: Teller, text: str, actor: User, at: datetime) -> Teller:
    """One teller's partial decryption of the sum; the k-th one opens it. Sent again: no effect."""
    ballot = locked(teller.ballot, State.CLOSED, State.TALLIED)
    mine = ballot.tellers.get(pk=teller.pk)
    if mine.user_id != actor.pk or not actor.is_active:
        raise PermissionDenied
    if mine.partial == text:
        return mine
    if mine.partial:
        raise RuleError("Phần mở phiếu của bạn đã được nhận; mỗi người chỉ gửi một lần.")
    if not ballot.encrypted_tally:
        raise RuleError("Không có phiếu nào bỏ trên máy nên không cần mở phiếu.")
    if ballot.state == State.TALLIED or ballot.result is not None:
        raise RuleError("Phiếu đã được mở đủ số người; phần của bạn không cần nữa.")
    belenios.check_partial(
        belenios.read_election(ballot.election),
        ballot.trustees,
        mine.order,
        ballot.encrypted_tally,
        text,
    )
    mine.partial = text
    mine.save(update_fields=["partial"])
    keep(ballot, actor, Action.BALLOT_PARTIAL_SENT, at, teller=mine.order)
    _finish(ballot, actor, at)
    return mine


@transaction.atomic
def save_paper_count(
    *, teller: Teller, channel: str, content: dict[str, Any], actor: User, at: datetime
) -> PaperCount:
    """What one teller counted on paper; a second teller must enter the same (four eyes).

    `content`: {"questions": [ChannelCount as JSON, …]}, one per question in order.
    """
    ballot = locked(teller.ballot, State.CLOSED)
    mine = ballot.tellers.get(pk=teller.pk)
    if mine.user_id != actor.pk or not actor.is_active:
        raise PermissionDenied
    issued = ballot.electors.filter(way=PAPER_WAYS[PaperCount.Channel(channel)]).count()
    if not issued:
        raise RuleError("Không có ai bỏ phiếu bằng cách này nên không có số để nhập.")
    questions = list(ballot.questions.prefetch_related("candidates"))
    counts = [ChannelCount.from_json(one) for one in content["questions"]]
    if len(counts) != len(questions):
        raise RuleError("Số liệu thiếu nội dung bỏ phiếu. Hãy tải lại trang rồi nhập lại.")
    for question, count in zip(questions, counts, strict=True):
        if count.issued != issued:
            raise RuleError(
                f"Ô Số phiếu phát ra: danh sách ghi đã phát {issued} phiếu, không phải {count.issued}."
            )
        check_channel(
            count,
            candidates=sum(one.is_standing for one in question.candidates.all()),
            most=question.most,
            approves=question.kind == Question.Kind.APPROVE,
        )
    saved, _ = PaperCount.objects.update_or_create(
        ballot=ballot,
        channel=channel,
        teller=mine,
        defaults={"content": {"questions": [one.to_json() for one in counts]}},
    )
    keep(
        ballot,
        actor,
        Action.BALLOT_PAPER_COUNTED,
        at,
        teller=mine.order,
        channel=str(PaperCount.Channel(channel).label),
    )
    _finish(ballot, actor, at)
    return saved


def _finish(ballot: Ballot, actor: User, at: datetime) -> Ballot:
    """Open the sum when k tellers have sent theirs; counted when paper agrees as well."""
    if ballot.result is None and ballot.encrypted_tally:
        partials = {one.order: one.partial for one in ballot.tellers.all() if one.partial}
        if len(partials) >= ballot.threshold:
            ballot.result = belenios.combine(
                belenios.read_election(ballot.election),
                ballot.trustees,
                ballot.encrypted_tally,
                partials,
                ballot.papers.count(),
            )
            ballot.save(update_fields=["result"])
    if ballot.result is None and ballot.encrypted_tally:
        return ballot
    ways = set(ballot.electors.values_list("way", flat=True))
    agreed = agreed_counts(ballot)
    if any(way in ways and channel not in agreed for channel, way in PAPER_WAYS.items()):
        return ballot
    ballot.state, ballot.tallied_at = State.TALLIED, at
    return keep(ballot, actor, Action.BALLOT_TALLIED, at, "state", "tallied_at")
