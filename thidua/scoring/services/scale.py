"""The table: imported, issued, its sections given to appraisers."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import heads_lead
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Facts, Severity, examine, lint, table_rules
from thidua.rules.scoring.cases import run_cases
from thidua.rules.scoring.homes import homes_of
from thidua.scoring.models import (
    CriteriaSet,
    Criterion,
    CriterionScore,
    CrossReviewRound,
    Evidence,
    ScoreSheet,
    SectionAppraiser,
)
from thidua.scoring.permissions import (
    can_import_scale,
    can_issue_scale,
    can_name_appraisers,
    can_open_late_sheets,
    may_be_appraiser,
)
from thidua.scoring.queries import issued_set, members_without_sheet, scored_count
from thidua.scoring.queries.facts import Leads, unit_of
from thidua.scoring.services.feeding import feed_sheets
from thidua.scoring.services.scale_editing import add_version
from thidua.scoring.services.terms_copying import copy_terms
from thidua.scoring.tables import to_table
from thidua.workbooks.scale import read_scale

SHOWN = 5


@transaction.atomic
def import_scale(*, year: EmulationYear, data: bytes, actor: User, at: datetime) -> CriteriaSet:
    """A new draft version from a workbook; RuleError lists every bad cell and nothing is kept.

    Slips that official tables themselves have come back as warnings, stored with the version.
    """
    if not can_import_scale(actor, year):
        raise PermissionDenied
    imported = read_scale(data)
    criteria_set = add_version(
        year=year,
        table=imported.table,
        warnings=[str(warning) for warning in imported.warnings],
        actor=actor,
        at=at,
    )
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
    # One at a time per year, and no claim is being saved meanwhile: all its sheets are locked.
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=criteria_set.year_id)
    list(
        ScoreSheet.objects.select_for_update(of=("self",))
        .filter(criteria_set__year=year)
        .order_by("pk")
    )
    criteria_set = CriteriaSet.objects.select_for_update(of=("self",)).get(pk=criteria_set.pk)
    _refuse_issue(criteria_set, actor)
    memberships = list(year.memberships.all())
    if len(memberships) < 2:
        raise RuleError("Năm này chưa chọn đơn vị thành viên. Hãy thiết lập thành viên trước.")
    criteria_set.state = CriteriaSet.State.ISSUED
    criteria_set.issued_by = actor
    criteria_set.issued_at = at
    criteria_set.save(update_fields=["state", "issued_by", "issued_at"])
    copy_terms(criteria_set, actor=actor, at=at)
    sheets = _open_sheets(criteria_set, memberships, actor, at)
    record(
        actor,
        Action.SCALE_ISSUED,
        criteria_set,
        at=at,
        fingerprint=criteria_set.fingerprint,
        sheets=len(sheets),
    )
    return criteria_set


def _open_sheets(
    criteria_set: CriteriaSet, memberships: Sequence[Membership], actor: User, at: datetime
) -> list[ScoreSheet]:
    """A sheet for each member, with the figures of reports accepted already."""
    scored = _scored_at_first(criteria_set)
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(
            criteria_set=criteria_set,
            membership=membership,
            opened_at=at,
            scored_criteria=scored(membership),
        )
        for membership in memberships
    )
    leaves = list(criteria_set.criteria.filter(is_leaf=True))
    CriterionScore.objects.bulk_create(
        (CriterionScore(sheet=sheet, criterion=leaf) for sheet in sheets for leaf in leaves),
        batch_size=500,
    )
    feed_sheets(sheets, to_table(criteria_set), actor=actor, at=at, because="Mở bảng tự chấm")
    return sheets


def _scored_at_first(criteria_set: CriteriaSet) -> Callable[[Membership], int]:
    """How many criteria of an empty sheet count as scored: figures that default, and what is not
    assigned to the member."""
    table = to_table(criteria_set)
    terms = {each.membership_id: each for each in criteria_set.unit_terms.all()}
    leads: Leads | None = None if homes_of(table).has_leader else {}
    year = criteria_set.year.year

    def scored(membership: Membership) -> int:
        facts = Facts(table_rules(table), {}, unit_of(terms.get(membership.pk)), year=year)
        return scored_count(examine(table, {}, facts, leads=leads))

    return scored


@transaction.atomic
def open_late_sheets(*, year: EmulationYear, actor: User, at: datetime) -> list[ScoreSheet]:
    """A sheet for each member that joined after the table in force was issued."""
    # The same row that issuing and choosing members lock: nobody is forgotten or counted twice.
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    if not can_open_late_sheets(actor, year):
        raise PermissionDenied
    criteria_set = issued_set(year)
    if criteria_set is None:
        raise RuleError("Chưa ban hành bảng điểm. Khi ban hành, mỗi đơn vị có một bảng tự chấm.")
    late = members_without_sheet(criteria_set)
    if not late:
        raise RuleError("Mọi đơn vị thành viên đã có bảng tự chấm.")
    sheets = _open_sheets(criteria_set, late, actor, at)
    record(
        actor,
        Action.SHEETS_OPENED,
        criteria_set,
        at=at,
        organisations=[str(membership.organisation) for membership in late],
    )
    return sheets


def _refuse_issue(criteria_set: CriteriaSet, actor: User) -> None:
    if not heads_lead(actor, criteria_set.year):
        raise PermissionDenied
    if criteria_set.state == CriteriaSet.State.ISSUED:
        raise RuleError("Bảng điểm này đã được ban hành.")
    if not can_issue_scale(actor, criteria_set):
        raise RuleError(
            "Người nhập bảng điểm không tự ban hành, người sửa cũng vậy. Hãy để cán bộ của đơn vị "
            "nhập và sửa, thủ trưởng ban hành."
        )
    _refuse_unsound(criteria_set)
    issued = CriteriaSet.objects.filter(
        year=criteria_set.year_id, state=CriteriaSet.State.ISSUED, number__gt=criteria_set.number
    )
    if issued.exists():
        raise RuleError(
            "Đã ban hành một phiên bản mới hơn. Hãy nhập lại bảng điểm này rồi ban hành."
        )
    if CrossReviewRound.objects.filter(
        criteria_set__year=criteria_set.year_id, state=CrossReviewRound.State.OPEN
    ).exists():
        raise RuleError(
            "Đang có vòng chấm chéo mở theo bảng điểm hiện hành. Hãy đóng vòng chấm chéo rồi mới "
            "ban hành bảng điểm mới."
        )
    year_sheets = {"sheet__criteria_set__year": criteria_set.year_id}
    if (
        CriterionScore.objects.filter(changed_at__isnull=False, **year_sheets).exists()
        or Evidence.objects.filter(
            **{f"score__{name}": value for name, value in year_sheets.items()}
        ).exists()
        # Figures of a whole sheet stand in no criterion, and defaults alone can fill a sheet.
        or ScoreSheet.objects.filter(criteria_set__year=criteria_set.year_id)
        .exclude(state=ScoreSheet.State.DRAFT, facts_version=1)
        .exists()
    ):
        raise RuleError(
            "Đã có đơn vị nhập điểm, ghi số liệu, nộp minh chứng hoặc nộp bảng theo bảng điểm hiện "
            "hành nên không thay bảng điểm được nữa."
        )


def _refuse_unsound(criteria_set: CriteriaSet) -> None:
    """RuleError naming the first mistakes of the table, or the worked examples that fail."""
    table = to_table(criteria_set)
    errors = [each.sentence for each in lint(table) if each.severity is Severity.ERROR]
    if errors:
        raise RuleError(f"Bảng điểm còn {len(errors)} lỗi nên chưa ban hành được: {_first(errors)}")
    results = run_cases(table, criteria_set.year.year)
    wrong = [each.sentence for each in results if not each.passed]
    if wrong:
        raise RuleError(
            f"{len(wrong)}/{len(results)} ví dụ kiểm thử chưa đúng nên chưa ban hành được: "
            f"{_first(wrong)}"
        )


def _first(sentences: Sequence[str]) -> str:
    rest = len(sentences) - SHOWN
    more = f" … và {rest} chỗ khác." if rest > 0 else ""
    return " ".join(sentences[:SHOWN]) + more


@transaction.atomic
def name_appraisers(
    *, criterion: Criterion, users: Sequence[User], actor: User, at: datetime
) -> None:
    """Who appraises one section, replacing who did; sections do not overlap."""
    criteria_set = CriteriaSet.objects.select_for_update(of=("self",)).get(
        pk=criterion.criteria_set_id
    )
    if not can_name_appraisers(actor, criteria_set.year):
        raise PermissionDenied
    for user in users:
        if not may_be_appraiser(user, criteria_set.year):
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
