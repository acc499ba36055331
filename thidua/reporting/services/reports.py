"""The course of a report: started, explained, handed in, given back, accepted, allowed late."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import EmulationYear, Membership
from thidua.reporting import effects
from thidua.reporting.models import FigureExplanation, Report, ReportingPeriod
from thidua.reporting.permissions import (
    can_accept_report,
    can_allow_late,
    can_return_report,
    can_start_report,
    can_submit_report,
)
from thidua.reporting.queries.editions import issued_own_forms
from thidua.reporting.queries.reports import Said, contents_of, findings_of, past_of, said_of
from thidua.reporting.services.report_locks import State, locked_report, open_report, refuse_late
from thidua.reporting.services.typed_text import cleaned
from thidua.rules.errors import RuleError

LONGEST_WORD = 2000
SHOWN = 3


@transaction.atomic
def start_report(
    *, period: ReportingPeriod, membership: Membership, actor: User, at: datetime
) -> Report:
    """The unit's report for a period, made when first asked for; the same one afterwards."""
    if not can_start_report(actor, membership):
        raise PermissionDenied
    return _report(period, membership, actor, at)


def _report(period: ReportingPeriod, membership: Membership, actor: User, at: datetime) -> Report:
    if period.year_id != membership.year_id:
        raise RuleError("Đơn vị không thuộc năm thi đua của kỳ báo cáo này.")
    found = Report.objects.filter(period=period, membership=membership).first()
    if found:
        return found
    # Issuing own forms locks the year too: no report starts on the version just replaced.
    EmulationYear.objects.select_for_update(of=("self",)).get(pk=period.year_id)
    try:
        # Two who start at once: the database lets one through, the other gets that one's.
        with transaction.atomic():
            report = Report.objects.create(
                period=period,
                membership=membership,
                edition=period.edition_key,
                own_forms=issued_own_forms(period.year),
                started_by=actor,
                started_at=at,
            )
    except IntegrityError:
        return Report.objects.get(period=period, membership=membership)
    record(actor, Action.REPORT_STARTED, report, at=at, edition=report.edition)
    return report


@transaction.atomic
def explain_finding(
    *, report: Report, check: str, text: str, actor: User, at: datetime
) -> FigureExplanation:
    """The unit's word on a finding that may be explained; saying it again replaces it."""
    report = open_report(report, actor, at)
    words = cleaned(text)
    if not words:
        raise RuleError("Hãy ghi lý do, ví dụ vì sao số liệu khác kỳ trước.")
    if len(words) > LONGEST_WORD:
        raise RuleError(f"Giải trình chỉ nhận không quá {LONGEST_WORD} ký tự.")
    finding = next((each.finding for each in _said(report) if each.finding.check == check), None)
    if finding is None:
        raise RuleError("Điều này không còn cần giải trình: số liệu đã thay đổi.")
    if not finding.explainable:
        raise RuleError("Lỗi này phải sửa số liệu, không giải trình được.")
    kept, _ = FigureExplanation.objects.update_or_create(
        report=report,
        check_key=check,
        defaults={
            "about": finding.sentence,
            "text": words,
            "explained_by": actor,
            "explained_at": at,
        },
    )
    record(
        actor, Action.FINDING_EXPLAINED, report, at=at, finding=finding.sentence, explanation=words
    )
    return kept


def _said(report: Report) -> list[Said]:
    return said_of(report, findings_of(contents_of(report), past_of(report)))


@transaction.atomic
def submit_report(*, report: Report, actor: User, at: datetime) -> Report:
    """The head hands the report in; from now on its figures are locked, in the database too.

    Errors stop it; warnings need a word each.
    """
    report = locked_report(report.pk)
    if not can_submit_report(actor, report):
        raise PermissionDenied
    if report.state != State.DRAFT:
        raise RuleError("Báo cáo này đã được nộp.")
    refuse_late(report, at)
    _refuse_open(_said(report))
    report.state = State.SUBMITTED
    report.submitted_by, report.submitted_at = actor, at
    report.first_submitted_at = report.first_submitted_at or at
    report.save(update_fields=["state", "submitted_by", "submitted_at", "first_submitted_at"])
    record(actor, Action.REPORT_SUBMITTED, report, at=at, round=report.round)
    effects.handed_in(report, actor=actor, at=at)
    return report


def _refuse_open(said: Sequence[Said]) -> None:
    hard = [each.finding.sentence for each in said if not each.finding.explainable]
    if hard:
        raise RuleError(f"Còn {len(hard)} lỗi phải sửa trước khi nộp. {_some(hard)}")
    waiting = [each.finding.sentence for each in said if not each.is_settled]
    if waiting:
        raise RuleError(f"Còn {len(waiting)} điều chưa giải trình. {_some(waiting)}")


def _some(sentences: Sequence[str]) -> str:
    more = len(sentences) - SHOWN
    return " ".join(sentences[:SHOWN]) + (f" Và {more} điều khác." if more > 0 else "")


@transaction.atomic
def return_report(*, report: Report, reason: str, actor: User, at: datetime) -> Report:
    """Lead or superior gives a report back to its unit, accepted or not, with a stored reason.

    What the unit changes from then on is kept with old and new.
    """
    report = locked_report(report.pk)
    if not can_return_report(actor, report):
        raise PermissionDenied
    if report.state == State.DRAFT:
        raise RuleError("Báo cáo này đang ở đơn vị, chưa nộp.")
    why = cleaned(reason)
    if not why:
        raise RuleError("Hãy ghi lý do trả lại để đơn vị biết cần sửa gì.")
    if report.state == State.ACCEPTED:
        report.accepted_round = report.round
    report.state = State.DRAFT
    report.round += 1
    report.returned_by, report.returned_at = actor, at
    report.return_reason = why
    report.accepted_by = report.accepted_at = None
    report.save(
        update_fields=[
            "state",
            "round",
            "accepted_round",
            "returned_by",
            "returned_at",
            "return_reason",
            "accepted_by",
            "accepted_at",
        ]
    )
    record(
        actor,
        Action.REPORT_RETURNED,
        report,
        at=at,
        reason=report.return_reason,
        round=report.round,
    )
    return report


@transaction.atomic
def accept_report(*, report: Report, actor: User, at: datetime, seen: int | None = None) -> Report:
    """The lead accepts a report handed in; the superior accepts the lead's. What its figures feed
    changes in the same transaction (`effects`).

    `seen` is the round that the person has before them: another one is refused unread (R08).
    """
    report = locked_report(report.pk)
    if not can_accept_report(actor, report):
        raise PermissionDenied
    if report.state != State.SUBMITTED:
        raise RuleError(
            "Báo cáo này đã được chấp nhận."
            if report.state == State.ACCEPTED
            else "Báo cáo này đang ở đơn vị, chưa nộp."
        )
    if seen is not None and seen != report.round:
        raise RuleError(
            f"Báo cáo đã được trả lại và nộp lại (lần {report.round}) sau khi bạn mở trang, nên chưa "
            "được chấp nhận. Hãy xem số liệu của lần nộp này rồi chấp nhận."
        )
    report.state = State.ACCEPTED
    report.accepted_by, report.accepted_at = actor, at
    report.save(update_fields=["state", "accepted_by", "accepted_at"])
    record(actor, Action.REPORT_ACCEPTED, report, at=at)
    effects.accepted(report, actor=actor, at=at)
    return report


@transaction.atomic
def allow_late(
    *, period: ReportingPeriod, membership: Membership, reason: str, actor: User, at: datetime
) -> Report:
    """Entry after the due date for one unit: an exception with its reason, in the journal."""
    if not can_allow_late(actor, membership):
        raise PermissionDenied
    report = locked_report(_report(period, membership, actor, at).pk)
    why = cleaned(reason)
    if not why:
        raise RuleError("Hãy ghi lý do cho nộp muộn.")
    if report.state != State.DRAFT:
        raise RuleError("Đơn vị đã nộp báo cáo này.")
    if report.takes_entries(at):
        raise RuleError("Đơn vị vẫn đang ghi được báo cáo này, không cần cho nộp muộn.")
    report.late_reason = why
    report.late_allowed_by, report.late_allowed_at = actor, at
    report.save(update_fields=["late_reason", "late_allowed_by", "late_allowed_at"])
    record(actor, Action.LATE_REPORT_ALLOWED, report, at=at, reason=report.late_reason)
    return report
