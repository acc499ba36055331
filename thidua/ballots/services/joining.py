"""The cluster's one written rule for joining points and votes."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.ballots.models import PointsAndVotes, Question
from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import heads_lead
from thidua.rules.ballots.results import JoiningRule
from thidua.rules.errors import RuleError


@transaction.atomic
def set_points_and_votes(
    *,
    year: EmulationYear,
    rule: JoiningRule,
    source: str,
    question: Question | None,
    version: int,
    actor: User,
    at: datetime,
) -> PointsAndVotes:
    """Keep the rule of a year; the head of the lead decides, with the document it comes from.

    Refused once the ballot it reads has been opened: a rule is written before the votes are known.
    """
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    if not heads_lead(actor, year):
        raise PermissionDenied
    if not source.strip():
        raise RuleError("Ô Căn cứ: hãy ghi văn bản của cụm quy định cách kết hợp điểm và phiếu.")
    if question is not None and question.ballot.year_id != year.pk:
        raise RuleError("Nội dung bỏ phiếu không thuộc năm này.")
    kept = PointsAndVotes.objects.filter(year=year).first()
    if kept is not None and kept.version != version:
        raise RuleError("Người khác vừa sửa quy tắc này. Hãy xem nội dung đang lưu rồi làm lại.")
    for one in filter(None, [question, kept.question if kept else None]):
        if one.ballot.opened_at is not None:
            raise RuleError(
                "Cuộc bỏ phiếu đã mở nên không đổi quy tắc kết hợp được nữa: quy tắc phải có "
                "trước khi biết phiếu."
            )
    kept = kept or PointsAndVotes(year=year, version=0)
    kept.rule, kept.source, kept.question = rule.to_json(), source.strip()[:300], question
    kept.version += 1
    kept.save()
    record(
        actor,
        Action.POINTS_AND_VOTES_SET,
        kept,
        at=at,
        rule=rule.words(),
        source=kept.source,
        asked=str(question) if question else "",
    )
    return kept
