"""What every change of a report does first: lock it and look again."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from thidua.accounts.models import User
from thidua.reporting.models import Report
from thidua.reporting.permissions import can_fill_report
from thidua.rules.deadlines import written
from thidua.rules.errors import RuleError

State = Report.State
NOT_DRAFT = "Báo cáo đã nộp nên không sửa được nữa. Nếu số liệu sai, hãy đề nghị cụm trưởng trả lại báo cáo."


def locked_report(pk: int) -> Report:
    """The report with what permissions look at, locked until the transaction ends."""
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("membership__organisation", "membership__year__cluster", "period__year")
        .get(pk=pk)
    )


def open_report(report: Report, actor: User, at: datetime) -> Report:
    """The report locked for an entry; refused when handed in, or late without an exception."""
    if not can_fill_report(actor, report):
        raise PermissionDenied
    report = locked_report(report.pk)
    if report.state != State.DRAFT:
        raise RuleError(NOT_DRAFT)
    refuse_late(report, at)
    return report


def refuse_late(report: Report, at: datetime) -> None:
    """After the due date nothing is entered but by a logged exception."""
    if not report.takes_entries(at):
        raise RuleError(
            f"Hạn gửi là {written(report.period.due_on)}, hôm nay {written(timezone.localdate(at))} "
            "đã quá hạn. Hãy đề nghị cụm trưởng cho nộp muộn; lý do được ghi vào nhật ký."
        )
