"""A submitted sheet: appraised by section, explained by its unit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, LeafResult, examine
from thidua.rules.scoring.breaches import PART_NAMES
from thidua.scoring.models import CompletedSection, Criterion, CriterionScore, ScoreSheet
from thidua.scoring.permissions import can_appraise, can_fill_sheet
from thidua.scoring.queries import claims, unappraised
from thidua.scoring.queries.facts import known_of, standing_facts
from thidua.scoring.services.locks import (
    NOT_SUBMITTED,
    ClaimRefused,
    StaleVersion,
    State,
    evaluate,
    open_score,
    open_sheet,
    some_codes,
    stamp,
)
from thidua.scoring.tables import claim_text, to_table

APPRAISAL_FIELDS = [
    "appraised_base",
    "appraised_bonus",
    "appraised_deduction",
    "appraised_facts",
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
    facts: Mapping[str, str] | None = None,
) -> CriterionScore:
    """The section's appraiser confirms or changes points; every change states its reason.

    `facts` holds the criterion's figures as the appraiser finds them; None takes the unit's, or what
    an accepted report corrected since. Parts
    that figures decide are computed, so a number typed for them does not count. `version` is the
    one the person saw; the same decision sent again is answered like the first time (R11). Raises
    StaleVersion when somebody changed the same points meanwhile.
    """
    if not can_appraise(actor, score.sheet, score.criterion):
        raise PermissionDenied
    score = open_score(score, State.SUBMITTED, NOT_SUBMITTED)
    standing = standing_facts(score)
    given = dict(standing if facts is None else facts)
    result = evaluate(score, claim, given, decided=True)
    claim = _judged(claim, result)
    changed = given != standing or _differs(score, claim, result)
    kept_reason = reason.strip() if changed else ""
    old = Claim(score.appraised_base, score.appraised_bonus, score.appraised_deduction)
    if (
        version == score.version - 1
        and score.appraised_by_id == actor.pk
        and (old, score.appraised_facts, score.reason) == (claim, given, kept_reason)
        and not score.reply_waits
    ):
        return score
    if version != score.version:
        raise StaleVersion(score)
    _refuse_appraisal(score, claim, result, needs_reason=changed and not kept_reason)
    old_facts = score.appraised_facts
    _set_appraisal(score, claim, given, kept_reason, actor, at)
    score.save(update_fields=APPRAISAL_FIELDS)
    figures = {"old_facts": old_facts, "new_facts": given} if given or old_facts else {}
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
        **figures,
    )
    return score


def _judged(claim: Claim, result: LeafResult) -> Claim:
    """The claim without numbers for parts that the figures decide alone."""
    decided = result.computed if not result.needs_person else frozenset()
    return Claim(**{name: None if name in decided else getattr(claim, name) for name in PART_NAMES})


def _differs(score: CriterionScore, claim: Claim, result: LeafResult) -> bool:
    """Whether the decision gives other points than the unit asks for."""
    zero = Decimal(0)
    for name in PART_NAMES:
        asked, decided = getattr(score, name), getattr(claim, name)
        if name in result.computed and decided is None:
            # The unit that asks for nothing else takes what the figures give.
            if asked is not None and asked != getattr(result, name):
                return True
        elif (asked or zero) != (decided or zero):
            return True
    return False


def _refuse_appraisal(
    score: CriterionScore, claim: Claim, result: LeafResult, *, needs_reason: bool
) -> None:
    code = score.criterion.code
    wrong = [each for each in result.breaches if each.field not in result.computed]
    if wrong:
        raise ClaimRefused([(each.field, each.sentence) for each in wrong])
    if "base" not in result.computed and result.not_applicable is None:
        if claim.base is None and score.criterion.maximum is not None:
            raise RuleError(f"Tiêu chí {code}: hãy nhập điểm thẩm định.")
        if claim.is_empty and not result.computed:
            raise RuleError(
                f"Tiêu chí {code}: hãy nhập điểm thưởng hoặc điểm trừ, ghi 0 nếu không có."
            )
    if result.missing:
        raise RuleError(f"Tiêu chí {code}: {'; '.join(dict.fromkeys(result.missing))}.")
    if needs_reason:
        raise RuleError(f"Tiêu chí {code}: điểm thẩm định khác điểm tự chấm nên phải ghi lý do.")


def _set_appraisal(
    score: CriterionScore,
    claim: Claim,
    facts: Mapping[str, str],
    reason: str,
    actor: User,
    at: datetime,
) -> None:
    score.appraised_base = claim.base
    score.appraised_bonus = claim.bonus
    score.appraised_deduction = claim.deduction
    score.appraised_facts = dict(facts)
    score.reason = reason
    score.appraised_by = actor
    score.appraised_at = at
    score.reply_waits = False
    stamp(score, actor, at)


@transaction.atomic
def complete_section(
    *, sheet: ScoreSheet, section: Criterion, accept_rest: bool, actor: User, at: datetime
) -> None:
    """The appraiser is done with a section; `accept_rest` takes the rest as the unit claimed."""
    if section.criteria_set_id != sheet.criteria_set_id or not can_appraise(actor, sheet, section):
        raise PermissionDenied
    sheet = open_sheet(sheet.pk, State.SUBMITTED, NOT_SUBMITTED)
    if sheet.completed_sections.filter(criterion=section, round=sheet.round).exists():
        raise RuleError(f"Phần {section.code} đã hoàn thành thẩm định.")
    rest = [score for score in unappraised(sheet) if section.contains(score.criterion.path)]
    if rest and not accept_rest:
        raise RuleError(
            f"Phần {section.code} còn {len(rest)} tiêu chí chưa thẩm định: "
            + some_codes(score.criterion.code for score in rest)
            + "."
        )
    _accept(sheet, rest, actor, at)
    CriterionScore.objects.bulk_update(rest, APPRAISAL_FIELDS, batch_size=40)
    CompletedSection.objects.create(
        sheet=sheet, criterion=section, completed_by=actor, completed_at=at, round=sheet.round
    )
    record(
        actor,
        Action.SECTION_COMPLETED,
        sheet,
        at=at,
        section=section.code,
        accepted=[score.criterion.path for score in rest],
    )


def _accept(sheet: ScoreSheet, rest: Sequence[CriterionScore], actor: User, at: datetime) -> None:
    """Take the rest as the unit reports it; RuleError where it asks for more than the rules give."""
    if not rest:
        return
    for score in rest:
        score.sheet = sheet
    table = to_table(sheet.criteria_set)
    known = known_of(sheet, table, sheet.scores.all(), decided=True)
    result = examine(table, claims(sheet), known.facts(table), leads=known.leads)
    beyond = [score for score in rest if result.leaves[score.criterion.path].breaches]
    if beyond:
        raise RuleError(
            "Có tiêu chí đơn vị đề nghị vượt quy tắc nên không chấp nhận chung được: "
            + some_codes(score.criterion.code for score in beyond)
            + ". Hãy thẩm định từng tiêu chí này."
        )
    for score in rest:
        asked = Claim(score.base, score.bonus, score.deduction)
        kept = _judged(asked, result.leaves[score.criterion.path])
        _set_appraisal(score, kept, standing_facts(score), "", actor, at)


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
