"""A unit that hands in nothing: recorded with its reason, so that the others can be closed."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring.homes import homes_of
from thidua.scoring.models import ScoreSheet
from thidua.scoring.permissions import can_set_aside_sheet
from thidua.scoring.services.locks import State, refuse_superseded
from thidua.scoring.tables import to_table


@transaction.atomic
def set_aside_sheet(*, sheet: ScoreSheet, reason: str, actor: User, at: datetime) -> ScoreSheet:
    """Record that a unit hands in no self-score: it leads nowhere, waits for nobody, has no place.

    Raises RuleError without a reason, or once the unit has handed in. Recording it again is
    answered like the first time (R11).
    """
    locked = _locked(sheet, actor)
    if locked.state != State.DRAFT:
        raise RuleError("Đơn vị đã nộp bảng tự chấm nên không ghi nhận là không nộp được.")
    if not reason.strip():
        raise RuleError("Hãy ghi lý do đơn vị không nộp bảng tự chấm.")
    if locked.is_set_aside:
        return locked
    locked.set_aside_reason = reason.strip()
    locked.set_aside_by, locked.set_aside_at = actor, at
    _save(locked)
    record(actor, Action.SHEET_SET_ASIDE, locked, at=at, reason=locked.set_aside_reason)
    return locked


@transaction.atomic
def take_back_sheet(*, sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """The unit may hand in after all; refused once sheets that it would be compared with are
    closed."""
    locked = _locked(sheet, actor)
    if not locked.is_set_aside:
        return locked
    together = homes_of(to_table(locked.criteria_set)).has_leader
    if together and locked.criteria_set.sheets.filter(state=State.FINALISED).exists():
        raise RuleError(
            "Các bảng chấm điểm đã được chốt khi không tính đơn vị này nên không bỏ ghi nhận được nữa."
        )
    reason = locked.set_aside_reason or ""
    locked.set_aside_reason = locked.set_aside_by = locked.set_aside_at = None
    _save(locked)
    record(actor, Action.SHEET_TAKEN_BACK, locked, at=at, old=reason)
    return locked


def _locked(sheet: ScoreSheet, actor: User) -> ScoreSheet:
    """The sheet; every sheet of its table is locked in the order in which closing locks them."""
    if not can_set_aside_sheet(actor, sheet):
        raise PermissionDenied
    sheets = list(
        ScoreSheet.objects.select_for_update(of=("self",))
        .filter(criteria_set=sheet.criteria_set_id)
        .select_related("criteria_set", "membership__organisation", "membership__year")
        .order_by("pk")
    )
    found = next(each for each in sheets if each.pk == sheet.pk)
    refuse_superseded(found)
    return found


def _save(sheet: ScoreSheet) -> None:
    sheet.save(update_fields=["set_aside_reason", "set_aside_by", "set_aside_at"])
