"""Points from an imported table to a finalised ranking: one verb each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.documents.services import receive_file
from thidua.organisations.models import Assignment, EmulationYear
from thidua.organisations.permissions import has_role
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, TableResult, score_leaf, total, vietnamese
from thidua.scoring.models import (
    CompletedSection,
    CriteriaSet,
    Criterion,
    CriterionScore,
    Evidence,
    ScoreSheet,
    SectionAppraiser,
)
from thidua.scoring.permissions import (
    can_appraise,
    can_fill_sheet,
    can_finalise_sheet,
    can_import_scale,
    can_issue_scale,
    can_name_appraisers,
    can_submit_sheet,
)
from thidua.scoring.queries import appraised_claims, claims, unappraised
from thidua.scoring.tables import claim_text, store_table, to_table
from thidua.workbooks.scale import read_scale

State = ScoreSheet.State


class StaleVersion(RuleError):
    """Somebody changed the same points meanwhile; `current` holds what is stored now (R08)."""

    def __init__(self, current: CriterionScore) -> None:
        self.current = current
        who = current.changed_by or "Người khác"
        when = timezone.localtime(current.changed_at) if current.changed_at else None
        at = f" lúc {when:%H:%M %d/%m/%Y}" if when else ""
        super().__init__(
            f"{who} vừa sửa tiêu chí này{at}. Điểm bạn nhập chưa được lưu và không đè lên bản mới; "
            "hãy so hai bản rồi lưu lại nếu cần."
        )


@transaction.atomic
def import_scale(
    *, year: EmulationYear, data: bytes, actor: User, at: datetime
) -> CriteriaSet:
    """A new draft version from a workbook; RuleError lists every bad cell and nothing is kept.

    Slips that official tables themselves have come back as warnings, stored with the version.
    """
    if not can_import_scale(actor, year):
        raise PermissionDenied
    imported = read_scale(data)
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    last = year.criteria_sets.aggregate(last=Max("number"))["last"] or 0
    criteria_set = CriteriaSet(
        year=year,
        number=last + 1,
        imported_by=actor,
        imported_at=at,
        warnings=[str(warning) for warning in imported.warnings],
    )
    store_table(criteria_set, imported.table)
    record(
        actor,
        Action.SCALE_IMPORTED,
        criteria_set,
        at=at,
        fingerprint=criteria_set.fingerprint,
        warnings=len(imported.warnings),
    )
    return criteria_set


@transaction.atomic
def issue_scale(*, criteria_set: CriteriaSet, actor: User, at: datetime) -> CriteriaSet:
    """Freeze a version and open one sheet per member; four eyes: importer and issuer differ."""
    criteria_set = CriteriaSet.objects.select_for_update(of=("self",)).get(pk=criteria_set.pk)
    if criteria_set.state == CriteriaSet.State.ISSUED:
        raise RuleError("Bảng điểm này đã được ban hành.")
    if not can_issue_scale(actor, criteria_set):
        if criteria_set.imported_by_id == actor.pk:
            raise RuleError(
                "Người nhập bảng điểm không tự ban hành. Hãy để thủ trưởng đơn vị cụm trưởng "
                "(không phải người nhập) ban hành."
            )
        raise PermissionDenied
    memberships = list(criteria_set.year.memberships.all())
    if len(memberships) < 2:
        raise RuleError("Năm này chưa chọn đơn vị thành viên. Hãy thiết lập thành viên trước.")
    used = CriterionScore.objects.filter(
        sheet__criteria_set__year=criteria_set.year, changed_at__isnull=False
    )
    if used.exists():
        raise RuleError(
            "Đã có đơn vị nhập điểm theo bảng điểm hiện hành nên không thay bảng điểm được nữa."
        )
    criteria_set.state = CriteriaSet.State.ISSUED
    criteria_set.issued_by = actor
    criteria_set.issued_at = at
    criteria_set.save(update_fields=["state", "issued_by", "issued_at"])
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(criteria_set=criteria_set, membership=membership, opened_at=at)
        for membership in memberships
    )
    leaves = list(criteria_set.criteria.filter(is_leaf=True))
    CriterionScore.objects.bulk_create(
        CriterionScore(sheet=sheet, criterion=leaf) for sheet in sheets for leaf in leaves
    )
    record(
        actor,
        Action.SCALE_ISSUED,
        criteria_set,
        at=at,
        fingerprint=criteria_set.fingerprint,
        sheets=len(sheets),
    )
    return criteria_set


@transaction.atomic
def name_appraisers(
    *, criterion: Criterion, users: Sequence[User], actor: User, at: datetime
) -> None:
    """Who appraises one section, replacing who did; sections do not overlap."""
    criteria_set = criterion.criteria_set
    if not can_name_appraisers(actor, criteria_set.year):
        raise PermissionDenied
    for user in users:
        if not has_role(user, Assignment.Role.APPRAISER, Assignment.Role.SUPERIOR):
            raise RuleError(f"{user} chưa được giao vai trò người thẩm định trong cụm.")
    other_sections = Criterion.objects.filter(
        criteria_set=criteria_set, appraisers__isnull=False
    ).exclude(pk=criterion.pk)
    for other in other_sections.distinct():
        if users and (other.contains(criterion.path) or criterion.contains(other.path)):
            raise RuleError(
                f"Phần {criterion.code} trùng với phần {other.code} đã có người thẩm định."
            )
    criterion.appraisers.all().delete()
    SectionAppraiser.objects.bulk_create(
        SectionAppraiser(criterion=criterion, user=user) for user in users
    )
    record(
        actor,
        Action.APPRAISERS_SET,
        criteria_set,
        at=at,
        section=criterion.code,
        appraisers=[str(user) for user in users],
    )


def _open_score(score: CriterionScore, state: ScoreSheet.State, said: str) -> CriterionScore:
    """The score's sheet and the score itself, locked in this order; refused in another state."""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=score.sheet_id)
    if sheet.state != state:
        raise RuleError(said)
    return CriterionScore.objects.select_for_update(of=("self",)).select_related(
        "criterion", "sheet__criteria_set", "changed_by"
    ).get(pk=score.pk)


NOT_DRAFT = "Bảng tự chấm đã nộp nên không sửa được nữa."
NOT_SUBMITTED = "Bảng chấm điểm này không trong thời gian thẩm định."


def _check(score: CriterionScore, claim: Claim) -> None:
    """RuleError when a claim breaks a limit of the table."""
    table = score.sheet.criteria_set
    node = to_table(table).node(score.criterion.path)
    score_leaf(node, claim, floor_at_zero=table.floor_at_zero)


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

    Raises StaleVersion when another person saved meanwhile, RuleError above a limit of the table.
    """
    if not can_fill_sheet(actor, score.sheet):
        raise PermissionDenied
    score = _open_score(score, State.DRAFT, NOT_DRAFT)
    if version != score.version:
        raise StaleVersion(score)
    _check(score, claim)
    old = claim_text(Claim(score.base, score.bonus, score.deduction))
    score.base, score.bonus, score.deduction = claim.base, claim.bonus, claim.deduction
    score.explanation = explanation
    _stamp(score, actor, at)
    score.save(
        update_fields=[
            "base", "bonus", "deduction", "explanation", "version", "changed_by", "changed_at",
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


def _stamp(score: CriterionScore, actor: User, at: datetime) -> None:
    score.version += 1
    score.changed_by = actor
    score.changed_at = at


@transaction.atomic
def add_evidence(
    *,
    score: CriterionScore,
    data: bytes,
    name: str,
    description: str,
    actor: User,
    at: datetime,
) -> Evidence:
    """Receive a piece of evidence: type told by content, SHA-256 and server time at reception."""
    if not can_fill_sheet(actor, score.sheet):
        raise PermissionDenied
    score = _open_score(score, State.DRAFT, NOT_DRAFT)
    stored = receive_file(
        data=data,
        name=name,
        organisation=score.sheet.membership.organisation,
        actor=actor,
        at=at,
        limit=settings.EVIDENCE_LIMIT,
    )
    if score.evidence.filter(file__sha256=stored.sha256).exists():
        raise RuleError(f"Tệp “{name}” đã có trong minh chứng của tiêu chí này.")
    evidence = Evidence.objects.create(
        score=score, file=stored, description=description, added_by=actor, added_at=at
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
    score = _open_score(evidence.score, State.DRAFT, NOT_DRAFT)
    evidence.delete()
    record(
        actor,
        Action.EVIDENCE_REMOVED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        file=evidence.file.name,
        sha256=evidence.file.sha256,
    )


@transaction.atomic
def submit_self_score(*, sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """The head hands in the sheet; from now on the claims are locked."""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if not can_submit_sheet(actor, sheet):
        raise PermissionDenied
    if sheet.state != State.DRAFT:
        raise RuleError("Bảng tự chấm này đã được nộp.")
    result = total(to_table(sheet.criteria_set), claims(sheet))
    if result.missing:
        raise RuleError(
            f"Còn {len(result.missing)} tiêu chí chưa chấm: "
            + ", ".join(_codes(result.missing))
            + ". Hãy chấm đủ (ghi 0 nếu không có điểm) rồi nộp."
        )
    _store_points(sheet, result, "self_points")
    sheet.state = State.SUBMITTED
    sheet.submitted_by = actor
    sheet.submitted_at = at
    sheet.self_score = result.rounded
    sheet.save(update_fields=["state", "submitted_by", "submitted_at", "self_score"])
    record(
        actor, Action.SELF_SCORE_SUBMITTED, sheet, at=at, score=vietnamese(result.rounded)
    )
    return sheet


def _store_points(sheet: ScoreSheet, result: TableResult, name: str) -> None:
    """Keep each leaf's points as computed now; before the sheet's state locks them."""
    scores = list(sheet.scores.select_related("criterion"))
    for score in scores:
        setattr(score, name, result.leaves[score.criterion.path].points)
    CriterionScore.objects.bulk_update(scores, [name], batch_size=200)


def _codes(paths: Iterable[str]) -> list[str]:
    return [path.rsplit("/", 1)[-1] for path in paths]


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
    """The section's appraiser confirms or changes points; every change states its reason."""
    if not can_appraise(actor, score.sheet, score.criterion):
        raise PermissionDenied
    score = _open_score(score, State.SUBMITTED, NOT_SUBMITTED)
    if version != score.version:
        raise StaleVersion(score)
    _check(score, claim)
    node_given = claim.base is not None or score.criterion.maximum is None
    if not node_given:
        raise RuleError(f"Tiêu chí {score.criterion.code}: hãy nhập điểm thẩm định.")
    changed = _parts(claim) != _parts(Claim(score.base, score.bonus, score.deduction))
    if changed and not reason.strip():
        raise RuleError(
            f"Tiêu chí {score.criterion.code}: điểm thẩm định khác điểm tự chấm nên phải ghi lý do."
        )
    old = claim_text(
        Claim(score.appraised_base, score.appraised_bonus, score.appraised_deduction)
    )
    _set_appraisal(score, claim, reason.strip() if changed else "", actor, at)
    score.save(update_fields=APPRAISAL_FIELDS)
    record(
        actor,
        Action.APPRAISED,
        score.sheet,
        at=at,
        criterion=score.criterion.path,
        claimed=claim_text(Claim(score.base, score.bonus, score.deduction)),
        old=old,
        new=claim_text(claim),
        reason=score.reason,
    )
    return score


APPRAISAL_FIELDS = [
    "appraised_base",
    "appraised_bonus",
    "appraised_deduction",
    "reason",
    "appraised_by",
    "appraised_at",
    "version",
    "changed_by",
    "changed_at",
]


def _set_appraisal(
    score: CriterionScore, claim: Claim, reason: str, actor: User, at: datetime
) -> None:
    score.appraised_base = claim.base
    score.appraised_bonus = claim.bonus
    score.appraised_deduction = claim.deduction
    score.reason = reason
    score.appraised_by = actor
    score.appraised_at = at
    _stamp(score, actor, at)


def _parts(claim: Claim) -> tuple[Decimal, Decimal, Decimal]:
    """The claim's numbers, where "not given" and 0 earn the same points."""
    zero = Decimal(0)
    return (claim.base or zero, claim.bonus or zero, claim.deduction or zero)


@transaction.atomic
def complete_section(
    *, sheet: ScoreSheet, section: Criterion, accept_rest: bool, actor: User, at: datetime
) -> None:
    """The appraiser is done with a section; `accept_rest` takes what is left as the unit claimed."""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if not can_appraise(actor, sheet, section):
        raise PermissionDenied
    if sheet.state != State.SUBMITTED:
        raise RuleError(NOT_SUBMITTED)
    if sheet.completed_sections.filter(criterion=section).exists():
        raise RuleError(f"Phần {section.code} đã hoàn thành thẩm định.")
    rest = [score for score in unappraised(sheet) if section.contains(score.criterion.path)]
    if rest and not accept_rest:
        raise RuleError(
            f"Phần {section.code} còn {len(rest)} tiêu chí chưa thẩm định: "
            + ", ".join(score.criterion.code for score in rest)
            + "."
        )
    for score in rest:
        _set_appraisal(score, Claim(score.base, score.bonus, score.deduction), "", actor, at)
    CriterionScore.objects.bulk_update(rest, APPRAISAL_FIELDS)
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
    *, score: CriterionScore, text: str, actor: User, at: datetime
) -> CriterionScore:
    """The unit answers a changed point; the appraiser then looks again before the sheet closes."""
    if not can_fill_sheet(actor, score.sheet):
        raise PermissionDenied
    score = _open_score(score, State.SUBMITTED, NOT_SUBMITTED)
    if score.appraised_at is None:
        raise RuleError("Tiêu chí này chưa được thẩm định nên chưa cần giải trình.")
    if not text.strip():
        raise RuleError("Hãy ghi nội dung giải trình.")
    old = score.reply
    score.reply, score.replied_by, score.replied_at = text.strip(), actor, at
    _stamp(score, actor, at)
    score.save(
        update_fields=[
            "reply", "replied_by", "replied_at", "version", "changed_by", "changed_at",
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
    if sheet.state == State.FINALISED:
        raise RuleError("Bảng chấm điểm này đã được chốt.")
    if sheet.state != State.SUBMITTED:
        raise RuleError("Đơn vị chưa nộp bảng tự chấm.")
    waiting = unappraised(sheet)
    if waiting:
        raise RuleError(
            f"Còn {len(waiting)} tiêu chí chưa thẩm định: "
            + ", ".join(score.criterion.code for score in waiting)
            + "."
        )
    unanswered = [
        score
        for score in sheet.scores.select_related("criterion").exclude(replied_at=None)
        if score.appraised_at is None or score.replied_at > score.appraised_at
    ]
    if unanswered:
        raise RuleError(
            "Có giải trình mà người thẩm định chưa xem lại ở tiêu chí: "
            + ", ".join(score.criterion.code for score in unanswered)
            + ". Hãy đề nghị người thẩm định xác nhận lại điểm."
        )
    result = total(to_table(sheet.criteria_set), appraised_claims(sheet))
    _store_points(sheet, result, "points")
    sheet.state = State.FINALISED
    sheet.finalised_by = actor
    sheet.finalised_at = at
    sheet.final_score = result.rounded
    sheet.save(update_fields=["state", "finalised_by", "finalised_at", "final_score"])
    record(actor, Action.SHEET_FINALISED, sheet, at=at, score=vietnamese(result.rounded))
    return sheet
