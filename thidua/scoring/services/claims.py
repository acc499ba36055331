"""What the unit claims, saved as it is typed, until the head hands it in."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, total, vietnamese
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.permissions import can_fill_sheet, can_submit_sheet
from thidua.scoring.queries import claims
from thidua.scoring.services.locks import (
    NOT_DRAFT,
    StaleVersion,
    State,
    check,
    open_score,
    refuse_superseded,
    some_codes,
    stamp,
    store_points,
)
from thidua.scoring.tables import claim_text, to_table


@transaction.atomic
def save_claim(
    *,
    score: CriterionScore,
    claim: Claim,
    explanation: str,
    version: int,
    actor: User,
    at: datetime,
) -> CriterionScore:
    """Keep what the unit's officer typed for one criterion, as it is typed.

    `version` is the one the person saw. The same content sent again is answered like the first
    time (R11). Raises StaleVersion when another person saved meanwhile, RuleError above a limit
    of the table.
    """
    if not can_fill_sheet(actor, score.sheet):
        raise PermissionDenied
    score = open_score(score, State.DRAFT, NOT_DRAFT)
    same = (score.base, score.bonus, score.deduction, score.explanation) == (
        claim.base,
        claim.bonus,
        claim.deduction,
        explanation,
    )
    if same and version in {score.version, score.version - 1}:
        return score
    if version != score.version:
        raise StaleVersion(score)
    check(score, claim)
    old = claim_text(Claim(score.base, score.bonus, score.deduction))
    score.base, score.bonus, score.deduction = claim.base, claim.bonus, claim.deduction
    score.explanation = explanation
    stamp(score, actor, at)
    score.save(
        update_fields=[
            "base",
            "bonus",
            "deduction",
            "explanation",
            "version",
            "changed_by",
            "changed_at",
        ]
    )
    record(
        actor,
        Action.SELF_SCORE_SAVED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        old=old,
        new=claim_text(claim),
        explanation=explanation,
    )
    return score


@transaction.atomic
def submit_self_score(*, sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """The head hands in the sheet; from now on the claims are locked."""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if not can_submit_sheet(actor, sheet):
        raise PermissionDenied
    if sheet.state != State.DRAFT:
        raise RuleError("Bảng tự chấm này đã được nộp.")
    refuse_superseded(sheet)
    result = total(to_table(sheet.criteria_set), claims(sheet))
    if result.missing:
        raise RuleError(
            f"Còn {len(result.missing)} tiêu chí chưa chấm: "
            + some_codes(path.rsplit("/", 1)[-1] for path in result.missing)
            + ". Hãy chấm đủ (ghi 0 nếu không có điểm) rồi nộp."
        )
    store_points(sheet, result, "self_points")
    sheet.state = State.SUBMITTED
    sheet.submitted_by = actor
    sheet.submitted_at = at
    sheet.self_score = result.rounded
    sheet.save(update_fields=["state", "submitted_by", "submitted_at", "self_score"])
    record(actor, Action.SELF_SCORE_SUBMITTED, sheet, at=at, score=vietnamese(result.rounded))
    return sheet
