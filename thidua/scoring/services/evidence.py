"""Evidence on a claim: received whole or not at all, taken off only while the claim is open."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.documents.receiving import media_type_of
from thidua.documents.services import receive_file
from thidua.documents.storage import fingerprint
from thidua.rules.errors import RuleError
from thidua.scoring.models import CriterionScore, Evidence
from thidua.scoring.permissions import can_fill_sheet
from thidua.scoring.services.locks import NOT_DRAFT, State, open_score

FILES_PER_CLAIM = 50


@transaction.atomic
def add_evidence(
    *,
    score: CriterionScore,
    data: bytes,
    name: str,
    description: str,
    actor: User,
    at: datetime,
    dated_on: date | None = None,
) -> Evidence:
    """Receive a piece of evidence: type told by content, SHA-256 and server time at reception."""
    (evidence,) = add_evidence_files(
        score=score,
        files=[(name, data)],
        description=description,
        actor=actor,
        at=at,
        dated_on=dated_on,
    )
    return evidence


@transaction.atomic
def add_evidence_files(
    *,
    score: CriterionScore,
    files: Sequence[tuple[str, bytes]],
    description: str,
    actor: User,
    at: datetime,
    dated_on: date | None = None,
) -> list[Evidence]:
    """Receive several files (name, bytes) at once, all or none.

    Every file is examined before the first is stored, so that a refusal leaves nothing behind
    (T14).
    """
    if not can_fill_sheet(actor, score.sheet):
        raise PermissionDenied
    score = open_score(score, State.DRAFT, NOT_DRAFT)
    known = set(score.evidence.values_list("file__sha256", flat=True))
    if len(known) + len(files) > FILES_PER_CLAIM:
        raise RuleError(
            f"Mỗi tiêu chí nhận tối đa {FILES_PER_CLAIM} tệp minh chứng. Hãy gộp bớt tệp."
        )
    for name, data in files:
        media_type_of(data, name, settings.EVIDENCE_LIMIT)
        sha256 = fingerprint(data)
        if sha256 in known:
            raise RuleError(f"Tệp “{name}” đã có trong minh chứng của tiêu chí này.")
        known.add(sha256)
    told = (description, dated_on)
    return [_receive(score, name, data, told, actor, at) for name, data in files]


def _receive(
    score: CriterionScore,
    name: str,
    data: bytes,
    told: tuple[str, date | None],
    actor: User,
    at: datetime,
) -> Evidence:
    stored = receive_file(
        data=data,
        name=name,
        organisation=score.sheet.membership.organisation,
        actor=actor,
        at=at,
        limit=settings.EVIDENCE_LIMIT,
    )
    evidence = Evidence.objects.create(
        score=score,
        file=stored,
        description=told[0],
        dated_on=told[1],
        added_by=actor,
        added_at=at,
    )
    record(
        actor,
        Action.EVIDENCE_ADDED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        file=stored.name,
        sha256=stored.sha256,
    )
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, actor: User, at: datetime) -> None:
    """Take a piece of evidence off the claim; the received file and the journal stay."""
    if not can_fill_sheet(actor, evidence.score.sheet):
        raise PermissionDenied
    score = open_score(evidence.score, State.DRAFT, NOT_DRAFT)
    removed, _ = Evidence.objects.filter(pk=evidence.pk).delete()
    if not removed:
        raise RuleError(f"Tệp “{evidence.file.name}” đã được bỏ khỏi minh chứng trước đó.")
    record(
        actor,
        Action.EVIDENCE_REMOVED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        file=evidence.file.name,
        sha256=evidence.file.sha256,
    )
