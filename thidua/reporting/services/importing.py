"""A filled workbook taken over: the whole of it or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.documents.receiving import XLSX
from thidua.documents.services import receive_file
from thidua.documents.storage import fingerprint
from thidua.reporting.models import Report
from thidua.reporting.services.filling import Typed, keep_figures
from thidua.reporting.services.lists import rows_token, save_rows
from thidua.reporting.services.report_locks import open_report
from thidua.rules.errors import RuleError
from thidua.workbooks.reports import Sent
from thidua.workbooks.reports.layout import MOST_ROWS


class OldWorkbook(RuleError):
    """The report was changed since the workbook was downloaded; nothing was kept (R08)."""

    def __init__(self, report: Report, sent: Sent) -> None:
        super().__init__(
            f"Tệp tải ở lần sửa {sent.version}, báo cáo nay đã ở lần sửa {report.version}: có người ghi "
            "trên phần mềm sau khi tải tệp. Chưa nạp gì. Hãy tải biểu mới, hoặc chọn “Vẫn nạp” để số "
            "trong tệp thay cho số đang lưu; số cũ vẫn còn trong nhật ký."
        )


@transaction.atomic
def import_report(
    *,
    report: Report,
    sent: Sent,
    name: str,
    replace: bool,
    actor: User,
    at: datetime,
    data: bytes = b"",
) -> int:
    """Take over all forms of a workbook; returns how many cells changed, a list counting as one.

    A blank cell means no data here too. An empty list says nothing unless the list was there, or
    the workbook marks that there is nothing to list. `data` are the bytes that were sent: they are
    kept, and give the next workbook its look. Raises OldWorkbook unless `replace`, and whatever
    saving by screen raises; then, and when the server dies, nothing of it stays (R02).
    """
    report = open_report(report, actor, at)
    if sent.version != report.version and not replace:
        raise OldWorkbook(report, sent)
    before = report.version
    changed = sum(_form(report, form, texts, actor, at) for form, texts in sent.cells.items())
    changed += sum(
        _list(report, form, rows, form in sent.nothing, actor, at)
        for form, rows in sent.rows.items()
    )
    kept = _keep(report, data, name, actor, at)
    if changed or kept:
        record(
            actor,
            Action.REPORT_IMPORTED,
            report,
            at=at,
            file=name,
            changes=f"{changed} ô, danh sách" if changed else "chỉ giữ định dạng của tệp",
            version=before,
        )
    return changed


def _keep(report: Report, data: bytes, name: str, actor: User, at: datetime) -> bool:
    """Keep what was sent; False where it is what is kept already, or nothing to keep."""
    if not data or (report.workbook and report.workbook.sha256 == fingerprint(data)):
        return False
    report.workbook = receive_file(
        data=data,
        name=name,
        organisation=report.membership.organisation,
        actor=actor,
        at=at,
        limit=settings.WORKBOOK_LIMIT,
        only=(XLSX,),
    )
    # The figures are as they were: no page or workbook gets old by this.
    Report.objects.filter(pk=report.pk).update(workbook=report.workbook)
    return True


def _form(report: Report, form: str, texts: Mapping[str, str], actor: User, at: datetime) -> int:
    versions = dict(report.figures.filter(row="").values_list("indicator_key", "version"))
    cells = [Typed(key, text, versions.get(key, 0)) for key, text in texts.items()]
    return len(keep_figures(report=report, form=form, cells=cells, actor=actor, at=at))


def _list(
    report: Report,
    form: str,
    rows: Sequence[Mapping[str, str]],
    says_nothing: bool,
    actor: User,
    at: datetime,
) -> int:
    stored = list(report.list_rows.filter(form_key=form).values_list("cells", flat=True))
    if list(rows) == stored and (form in report.told_lists or not says_nothing):
        return 0
    save_rows(
        report=report,
        form=form,
        rows=rows,
        seen=rows_token(stored),
        actor=actor,
        at=at,
        most=MOST_ROWS,
    )
    return 1
