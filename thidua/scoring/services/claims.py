"""What the unit claims, saved as it is typed, until the head hands it in."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, LeafResult, TableResult, examine, vietnamese
from thidua.rules.scoring.breaches import NEGOTIABLE
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import table_rules
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.permissions import can_fill_sheet, can_submit_sheet
from thidua.scoring.queries import claims
from thidua.scoring.queries.facts import known_of
from thidua.scoring.queries.fed import merged_facts
from thidua.scoring.services.feeding import NO_LONGER_APPRAISED, feed_sheets
from thidua.scoring.services.locks import (
    NOT_DRAFT,
    ClaimRefused,
    StaleVersion,
    State,
    evaluate,
    open_score,
    refuse_set_aside,
    refuse_superseded,
    some_codes,
    stamp,
    store_points,
)
from thidua.scoring.services.progress import count_scored
from thidua.scoring.tables import claim_text, to_table

SAVED = [
    "base",
    "bonus",
    "deduction",
    "facts",
    "explanation",
    "version",
    "changed_by",
    "changed_at",
    *NO_LONGER_APPRAISED,
]


@transaction.atomic
def save_claim(
    *,
    score: CriterionScore,
    claim: Claim,
    explanation: str,
    version: int,
    actor: User,
    at: datetime,
    facts: Mapping[str, str] | None = None,
) -> CriterionScore:
    """Keep what the unit's officer typed for one criterion, as it is typed.

    `facts` holds the canonical figures filled in at this criterion; None leaves them. `version` is
    the one the person saw. The same content sent again is answered like the first time (R11).
    Raises StaleVersion when another person saved meanwhile, RuleError beyond a limit of the table
    – where the limit may be argued, only while the explanation is empty.
    """
    if not can_fill_sheet(actor, score.sheet):
        raise PermissionDenied
    score = open_score(score, State.DRAFT, NOT_DRAFT)
    given = dict(score.facts) if facts is None else with_fed(score, facts)
    same = (score.base, score.bonus, score.deduction, score.facts, score.explanation) == (
        claim.base,
        claim.bonus,
        claim.deduction,
        given,
        explanation,
    )
    if same and version in {score.version, score.version - 1}:
        return score
    if version != score.version:
        raise StaleVersion(score)
    refuse_claim(evaluate(score, claim, given, decided=False), explanation)
    keep_claim(score, claim, given, explanation, actor, at)
    count_scored(score.sheet)
    return score


def with_fed(score: CriterionScore, facts: Mapping[str, str]) -> dict[str, str]:
    """What was typed at a criterion, with the figures that reports give (RuleError where other
    numbers were typed for them)."""
    if not score.sheet.fed:
        return dict(facts)
    own = homes_of(to_table(score.sheet.criteria_set)).own[score.criterion.path]
    return merged_facts(score.sheet, own, facts)


def keep_claim(
    score: CriterionScore,
    claim: Claim,
    facts: Mapping[str, str],
    explanation: str,
    actor: User,
    at: datetime,
) -> None:
    """Write one claim that was found allowed, with its journal entry; the score is locked."""
    old, old_facts = claim_text(Claim(score.base, score.bonus, score.deduction)), score.facts
    score.base, score.bonus, score.deduction = claim.base, claim.bonus, claim.deduction
    score.facts, score.explanation = dict(facts), explanation
    for name, value in NO_LONGER_APPRAISED.items():
        setattr(score, name, value)
    stamp(score, actor, at)
    score.save(update_fields=SAVED)
    figures = {"old_facts": old_facts, "new_facts": score.facts} if facts or old_facts else {}
    record(
        actor,
        Action.SELF_SCORE_SAVED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        old=old,
        new=claim_text(claim),
        explanation=explanation,
        **figures,
    )


def refuse_claim(result: LeafResult, explanation: str) -> None:
    """ClaimRefused for a claim the table does not allow; some limits may be argued in writing."""
    hard = [each for each in result.breaches if each.limit not in NEGOTIABLE]
    if hard:
        raise ClaimRefused([(each.field, each.sentence) for each in hard])
    if result.breaches and not explanation.strip():
        way_out = " Nếu vẫn đề nghị mức này, hãy ghi thuyết minh vì sao."
        raise ClaimRefused([(each.field, each.sentence + way_out) for each in result.breaches])


@transaction.atomic
def submit_self_score(*, sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """The head hands in the sheet; from now on the claims are locked, and with them what was read
    from accepted reports up to this moment."""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if not can_submit_sheet(actor, sheet):
        raise PermissionDenied
    if sheet.state != State.DRAFT:
        raise RuleError("Bảng tự chấm này đã được nộp.")
    refuse_set_aside(sheet)
    refuse_superseded(sheet)
    table = to_table(sheet.criteria_set)
    feed_sheets([sheet], table, actor=actor, at=at, because="Nộp bảng tự chấm")
    scores = list(sheet.scores.select_related("criterion"))
    known = known_of(sheet, table, scores, decided=False)
    result = examine(table, claims(sheet), known.facts(table), leads=known.leads)
    _refuse_submission(sheet, result, scores)
    store_points(sheet, result, "self_points", lambda leaf: leaf.asked)
    sheet.state = State.SUBMITTED
    sheet.submitted_by = actor
    sheet.submitted_at = at
    sheet.self_score = result.claimed_total
    sheet.allowed_score = result.rounded
    sheet.save(
        update_fields=["state", "submitted_by", "submitted_at", "self_score", "allowed_score"]
    )
    record(actor, Action.SELF_SCORE_SUBMITTED, sheet, at=at, score=vietnamese(sheet.self_score))
    return sheet


def _refuse_submission(
    sheet: ScoreSheet, result: TableResult, scores: list[CriterionScore]
) -> None:
    missing = [path for path in result.missing if path not in result.waiting]
    if missing:
        raise RuleError(
            f"Còn {len(missing)} tiêu chí chưa chấm: "
            + some_codes(path.rsplit("/", 1)[-1] for path in missing)
            + ". Hãy chấm đủ (ghi 0 nếu không có điểm) rồi nộp."
        )
    for score in scores:
        refuse_claim(result.leaves[score.criterion.path], score.explanation)
    table = to_table(sheet.criteria_set)
    rules = table_rules(table)
    empty = [
        each.label
        for each in homes_of(table).sheet
        if not sheet.facts.get(each.key) and not each.default
    ]
    if empty:
        raise RuleError(f"Còn số liệu chung chưa ghi: {some_codes(empty)}.")
    if rules.self_ceiling is not None and result.claimed_total > rules.self_ceiling:
        raise RuleError(
            f"Tổng tự chấm {vietnamese(result.claimed_total)} vượt trần tự chấm "
            f"{vietnamese(rules.self_ceiling)} của bảng điểm. Hãy xem lại các mức đề nghị rồi nộp."
        )
