"""From a submitted sheet to a final one: appraised, explained, closed."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, total, vietnamese
from thidua.scoring.models import CompletedSection, Criterion, CriterionScore, ScoreSheet
from thidua.scoring.permissions import can_appraise, can_fill_sheet, can_finalise_sheet
from thidua.scoring.queries import appraised_claims, unappraised
from thidua.scoring.services.locks import (
    NOT_SUBMITTED,
    StaleVersion,
    State,
    check,
    open_score,
    open_sheet,
    some_codes,
    stamp,
    store_points,
)
from thidua.scoring.tables import claim_text, to_table

APPRAISAL_FIELDS = [
    "appraised_base",
    "appraised_bonus",
    "appraised_deduction",
    "reason",
    "appraised_by",
    "appraised_at",
    "reply_waits",
    "version",
    "changed_by",
    "changed_at",
]


@transaction.atomic
def appraise(
    *,
    score: CriterionScore,
    claim: Claim,
    reason: str,
    version: int,
    actor: User,
    at: datetime,
) -> CriterionScore:
    """The section's appraiser confirms or changes points; every change states its reason.

    `version` is the one the person saw; the same decision sent again is answered like the first
    time (R11). Raises StaleVersion when somebody changed the same points meanwhile.
    """
    if not can_appraise(actor, score.sheet, score.criterion):
        raise PermissionDenied
    score = open_score(score, State.SUBMITTED, NOT_SUBMITTED)
    changed = _parts(claim) != _parts(Claim(score.base, score.bonus, score.deduction))
    kept_reason = reason.strip() if changed else ""
    old = Claim(score.appraised_base, score.appraised_bonus, score.appraised_deduction)
    if (
        version == score.version - 1
        and score.appraised_by_id == actor.pk
        and (old, score.reason) == (claim, kept_reason)
        and not score.reply_waits
    ):
        return score
    if version != score.version:
        raise StaleVersion(score)
    _refuse_appraisal(score, claim, needs_reason=changed and not kept_reason)
    _set_appraisal(score, claim, kept_reason, actor, at)
    score.save(update_fields=APPRAISAL_FIELDS)
    record(
        actor,
        Action.APPRAISED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        claimed=claim_text(Claim(score.base, score.bonus, score.deduction)),
        old=claim_text(old),
        new=claim_text(claim),
        reason=score.reason,
    )
    return score


def _refuse_appraisal(score: CriterionScore, claim: Claim, *, needs_reason: bool) -> None:
    check(score, claim)
    code = score.criterion.code
    if claim.base is None and score.criterion.maximum is not None:
        raise RuleError(f"Tiêu chí {code}: hãy nhập điểm thẩm định.")
    if claim.is_empty:
        raise RuleError(f"Tiêu chí {code}: hãy nhập điểm thưởng hoặc điểm trừ, ghi 0 nếu không có.")
    if needs_reason:
        raise RuleError(f"Tiêu chí {code}: điểm thẩm định khác điểm tự chấm nên phải ghi lý do.")


def _set_appraisal(
    score: CriterionScore, claim: Claim, reason: str, actor: User, at: datetime
) -> None:
    score.appraised_base = claim.base
    score.appraised_bonus = claim.bonus
    score.appraised_deduction = claim.deduction
    score.reason = reason
    score.appraised_by = actor
    score.appraised_at = at
    score.reply_waits = False
    stamp(score, actor, at)


def _parts(claim: Claim) -> tuple[Decimal, Decimal, Decimal]:
    """The claim's numbers, where "not given" and 0 earn the same points."""
    zero = Decimal(0)
    return (claim.base or zero, claim.bonus or zero, claim.deduction or zero)


@transaction.atomic
def complete_section(
    *, sheet: ScoreSheet, section: Criterion, accept_rest: bool, actor: User, at: datetime
) -> None:
    """The appraiser is done with a section; `accept_rest` takes the rest as the unit claimed."""
    if section.criteria_set_id != sheet.criteria_set_id or not can_appraise(actor, sheet, section):
        raise PermissionDenied
    sheet = open_sheet(sheet.pk, State.SUBMITTED, NOT_SUBMITTED)
    if sheet.completed_sections.filter(criterion=section).exists():
        raise RuleError(f"Phần {section.code} đã hoàn thành thẩm định.")
    rest = [score for score in unappraised(sheet) if section.contains(score.criterion.path)]
    if rest and not accept_rest:
        raise RuleError(
            f"Phần {section.code} còn {len(rest)} tiêu chí chưa thẩm định: "
            + some_codes(score.criterion.code for score in rest)
            + "."
        )
    for score in rest:
        _set_appraisal(score, Claim(score.base, score.bonus, score.deduction), "", actor, at)
    CriterionScore.objects.bulk_update(rest, APPRAISAL_FIELDS, batch_size=40)
    CompletedSection.objects.create(
        sheet=sheet, criterion=section, completed_by=actor, completed_at=at
    )
    record(
        actor,
        Action.SECTION_COMPLETED,
        sheet,
        at=at,
        section=section.code,
        accepted=[score.criterion.path for score in rest],
    )


@transaction.atomic
def explain(
    *,
    score: CriterionScore,
    text: str,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> CriterionScore:
    """The unit answers a changed point; the appraiser then looks again before the sheet closes.

    `version` is the one the person saw: StaleVersion when the points or the answer are others by
    now (R08).
    """
    if not can_fill_sheet(actor, score.sheet):
        raise PermissionDenied
    score = open_score(score, State.SUBMITTED, NOT_SUBMITTED)
    if version is not None and version != score.version:
        raise StaleVersion(score)
    if score.appraised_at is None:
        raise RuleError("Tiêu chí này chưa được thẩm định nên chưa cần giải trình.")
    if not text.strip():
        raise RuleError("Hãy ghi nội dung giải trình.")
    old = score.reply
    score.reply, score.replied_by, score.replied_at = text.strip(), actor, at
    score.reply_waits = True
    stamp(score, actor, at)
    score.save(
        update_fields=[
            "reply",
            "replied_by",
            "replied_at",
            "reply_waits",
            "version",
            "changed_by",
            "changed_at",
        ]
    )
    record(
        actor,
        Action.EXPLAINED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        old=old,
        new=score.reply,
    )
    return score


@transaction.atomic
def finalise_sheet(*, sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """The lead closes the sheet with the appraised points; nothing changes afterwards."""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if not can_finalise_sheet(actor, sheet):
        raise PermissionDenied
    _refuse_finalising(sheet)
    result = total(to_table(sheet.criteria_set), appraised_claims(sheet))
    store_points(sheet, result, "points")
    sheet.state = State.FINALISED
    sheet.finalised_by = actor
    sheet.finalised_at = at
    sheet.final_score = result.rounded
    sheet.save(update_fields=["state", "finalised_by", "finalised_at", "final_score"])
    record(actor, Action.SHEET_FINALISED, sheet, at=at, score=vietnamese(result.rounded))
    return sheet


def _refuse_finalising(sheet: ScoreSheet) -> None:
    if sheet.state == State.FINALISED:
        raise RuleError("Bảng chấm điểm này đã được chốt.")
    if sheet.state != State.SUBMITTED:
        raise RuleError("Đơn vị chưa nộp bảng tự chấm.")
    waiting = unappraised(sheet)
    if waiting:
        raise RuleError(
            f"Còn {len(waiting)} tiêu chí chưa thẩm định: "
            + some_codes(score.criterion.code for score in waiting)
            + "."
        )
    unanswered = list(sheet.scores.filter(reply_waits=True).select_related("criterion"))
    if unanswered:
        raise RuleError(
            "Có giải trình mà người thẩm định chưa xem lại ở tiêu chí: "
            + some_codes(score.criterion.code for score in unanswered)
            + ". Hãy đề nghị người thẩm định xác nhận lại điểm."
        )
