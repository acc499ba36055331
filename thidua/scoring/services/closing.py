"""A sheet given back to its unit, figures of the whole sheet, and the final points."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Table, TableResult, examine, vietnamese
from thidua.rules.scoring.facts import refuse_wrong
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import table_rules
from thidua.scoring.models import ScoreSheet
from thidua.scoring.permissions import can_fill_sheet, can_finalise_sheet, can_return_sheet
from thidua.scoring.queries import appraised_claims, unappraised
from thidua.scoring.queries.facts import corrections_of, known_of
from thidua.scoring.queries.fed import last_readings, merged_facts
from thidua.scoring.services.feeding import confirm_anew, feed_sheets
from thidua.scoring.services.locks import (
    NOT_DRAFT,
    NOT_SUBMITTED,
    State,
    open_sheet,
    refuse_superseded,
    some_codes,
    store_points,
)
from thidua.scoring.services.progress import count_scored
from thidua.scoring.tables import to_table


@transaction.atomic
def return_sheet(*, sheet: ScoreSheet, reason: str, actor: User, at: datetime) -> ScoreSheet:
    """Give a submitted sheet back to its unit, with a stored reason; the next hand-in is a new
    round, in which the appraisers complete their sections again."""
    sheet = open_sheet(sheet.pk, State.SUBMITTED, NOT_SUBMITTED)
    if not can_return_sheet(actor, sheet):
        raise PermissionDenied
    if not reason.strip():
        raise RuleError("Hãy ghi lý do trả lại để đơn vị biết cần sửa gì.")
    sheet.state = State.DRAFT
    sheet.round += 1
    sheet.return_reason, sheet.returned_by, sheet.returned_at = reason.strip(), actor, at
    # The draft reads the reports anew: a correction is then simply its figure, also while its
    # report is given back.
    sheet.fed, sheet.corrected = last_readings(sheet), None
    sheet.save(
        update_fields=[
            "state",
            "round",
            "return_reason",
            "returned_by",
            "returned_at",
            "fed",
            "corrected",
        ]
    )
    record(
        actor, Action.SHEET_RETURNED, sheet, at=at, reason=sheet.return_reason, round=sheet.round
    )
    feed_sheets(
        [sheet], to_table(sheet.criteria_set), actor=actor, at=at, because="Bảng được trả lại"
    )
    return sheet


class StaleFigures(RuleError):
    """Somebody changed the figures of the whole sheet meanwhile (R08)."""

    def __init__(self, sheet: ScoreSheet) -> None:
        who = sheet.facts_changed_by or "Người khác"
        when = sheet.facts_changed_at
        moment = f" lúc {timezone.localtime(when):%H:%M %d/%m/%Y}" if when else ""
        super().__init__(
            f"{who} vừa sửa số liệu chung{moment}. Nội dung bạn nhập chưa được lưu; hãy xem lại rồi "
            "lưu lại nếu cần."
        )


@transaction.atomic
def save_sheet_facts(
    *, sheet: ScoreSheet, facts: Mapping[str, str], version: int, actor: User, at: datetime
) -> ScoreSheet:
    """The unit fills in the figures of the whole sheet while it is a draft."""
    if not can_fill_sheet(actor, sheet):
        raise PermissionDenied
    sheet = open_sheet(sheet.pk, State.DRAFT, NOT_DRAFT)
    _refuse_figures(sheet, facts, version)
    asked = homes_of(to_table(sheet.criteria_set)).sheet
    old, sheet.facts = sheet.facts, merged_facts(sheet, asked, facts)
    confirm_anew(sheet, old)
    _stamp(sheet, actor, at)
    sheet.save(
        update_fields=[
            "facts",
            "decided_facts",
            "facts_reason",
            "facts_version",
            "facts_changed_by",
            "facts_changed_at",
        ]
    )
    count_scored(sheet)
    record(actor, Action.SHEET_FIGURES_SAVED, sheet, at=at, old_facts=old, new_facts=sheet.facts)
    return sheet


@transaction.atomic
def decide_sheet_facts(
    *,
    sheet: ScoreSheet,
    facts: Mapping[str, str],
    reason: str,
    version: int,
    actor: User,
    at: datetime,
) -> ScoreSheet:
    """The head of the lead confirms those figures, or changes them with a reason."""
    if not can_finalise_sheet(actor, sheet):
        raise PermissionDenied
    sheet = open_sheet(sheet.pk, State.SUBMITTED, NOT_SUBMITTED)
    _refuse_figures(sheet, facts, version)
    # What a report corrected since is not the person's change: that has its own reason.
    corrected = corrections_of(sheet, lambda home: home is None)
    changed = dict(facts) != {**sheet.facts, **corrected}
    if changed and not reason.strip():
        raise RuleError("Số liệu chung khác số đơn vị ghi nên phải ghi lý do.")
    old, sheet.decided_facts = sheet.decided_facts, dict(facts)
    sheet.facts_reason = reason.strip() if changed else ""
    _stamp(sheet, actor, at)
    sheet.save(
        update_fields=[
            "decided_facts",
            "facts_reason",
            "facts_version",
            "facts_changed_by",
            "facts_changed_at",
        ]
    )
    record(
        actor,
        Action.SHEET_FIGURES_DECIDED,
        sheet,
        at=at,
        old_facts=old,
        new_facts=sheet.decided_facts,
        reason=sheet.facts_reason,
    )
    return sheet


def _refuse_figures(sheet: ScoreSheet, facts: Mapping[str, str], version: int) -> None:
    if version != sheet.facts_version:
        raise StaleFigures(sheet)
    table = to_table(sheet.criteria_set)
    asked = {each.key: each for each in homes_of(table).sheet}
    for key, text in facts.items():
        if key not in asked:
            raise RuleError(f"Bảng chấm điểm không hỏi số liệu chung “{key}”.")
        refuse_wrong(asked[key], text, table_rules(table).bands)


def _stamp(sheet: ScoreSheet, actor: User, at: datetime) -> None:
    # The row is locked by `open_sheet`, so nothing is lost (R10).
    sheet.facts_version += 1
    sheet.facts_changed_by = actor
    sheet.facts_changed_at = at


@transaction.atomic
def finalise_sheet(*, sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """The lead closes the sheet with the appraised points; nothing changes afterwards.

    Where the table compares units, one sheet's figures move another's points: all sheets are then
    closed together, but for those of units recorded as handing in nothing.
    """
    if not can_finalise_sheet(actor, sheet):
        raise PermissionDenied
    table = to_table(sheet.criteria_set)
    together = homes_of(table).has_leader
    chosen = ScoreSheet.objects.filter(criteria_set=sheet.criteria_set_id)
    if not together:
        chosen = chosen.filter(pk=sheet.pk)
    # Also those set aside are locked: none comes back while the others are being closed.
    locked = list(
        chosen.select_for_update(of=("self",))
        .select_related("criteria_set", "membership__organisation", "membership__year")
        .order_by("pk")
    )
    refuse_superseded(sheet)
    sheets = [each for each in locked if each.pk == sheet.pk or not each.is_set_aside]
    if together:
        _refuse_waiting(sheets)
    for each in sheets:
        _refuse_finalising(each, table, name=together)
    results = [(each, _result(each, table)) for each in sheets]
    for each, result in results:
        _close(each, result, actor, at)
    return next(each for each in sheets if each.pk == sheet.pk)


def _result(sheet: ScoreSheet, table: Table) -> TableResult:
    known = known_of(sheet, table, list(sheet.scores.select_related("criterion")), decided=True)
    result = examine(table, appraised_claims(sheet), known.facts(table), leads=known.leads)
    if result.breaches:
        raise RuleError(" ".join(each.sentence for each in result.breaches))
    if result.missing:
        raise RuleError(
            "Chưa tính được điểm của tiêu chí: "
            + some_codes(path.rsplit("/", 1)[-1] for path in result.missing)
            + ". Hãy bổ sung số liệu còn thiếu."
        )
    return result


def _close(sheet: ScoreSheet, result: TableResult, actor: User, at: datetime) -> None:
    store_points(sheet, result, "points", lambda leaf: leaf.points)
    sheet.state = State.FINALISED
    sheet.finalised_by = actor
    sheet.finalised_at = at
    sheet.final_score = result.rounded
    sheet.save(update_fields=["state", "finalised_by", "finalised_at", "final_score"])
    record(actor, Action.SHEET_FINALISED, sheet, at=at, score=vietnamese(result.rounded))


def _refuse_finalising(sheet: ScoreSheet, table: Table, *, name: bool) -> None:
    who = f"{sheet.membership.organisation}: " if name else ""
    if sheet.state == State.FINALISED:
        raise RuleError(f"{who}Bảng chấm điểm này đã được chốt.")
    if sheet.is_set_aside:
        raise RuleError(
            f"{who}Đơn vị được ghi nhận không nộp bảng tự chấm nên không có điểm để chốt."
        )
    if sheet.state != State.SUBMITTED:
        raise RuleError(f"{who}Đơn vị chưa nộp bảng tự chấm.")
    waiting = unappraised(sheet)
    if waiting:
        raise RuleError(
            f"{who}Còn {len(waiting)} tiêu chí chưa thẩm định: "
            + some_codes(score.criterion.code for score in waiting)
            + "."
        )
    unanswered = list(sheet.scores.filter(reply_waits=True).select_related("criterion"))
    if unanswered:
        raise RuleError(
            f"{who}Có giải trình mà người thẩm định chưa xem lại ở tiêu chí: "
            + some_codes(score.criterion.code for score in unanswered)
            + ". Hãy đề nghị người thẩm định xác nhận lại điểm."
        )
    asked = {each.key for each in homes_of(table).sheet if not each.default}
    if asked - sheet.decided_facts.keys():
        raise RuleError(f"{who}Chưa xác nhận số liệu chung của bảng chấm điểm.")


def _refuse_waiting(sheets: Sequence[ScoreSheet]) -> None:
    """Who is still to hand in, with the way out for a unit that never will."""
    waiting = [each for each in sheets if each.state == State.DRAFT and not each.is_set_aside]
    if waiting:
        names = ", ".join(each.membership.organisation.short_name for each in waiting)
        raise RuleError(
            f"Đơn vị chưa nộp bảng tự chấm: {names}. Bảng điểm này so các đơn vị với nhau nên chốt cùng "
            "lúc; nếu có đơn vị không nộp, hãy ghi nhận điều đó ở mục Chấm điểm."
        )
