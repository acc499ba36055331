"""A filled workbook taken over: the whole of it or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.reporting.models import Report
from thidua.reporting.services.filling import Typed, save_figures
from thidua.reporting.services.lists import rows_token, save_rows
from thidua.reporting.services.report_locks import open_report
from thidua.rules.errors import RuleError
from thidua.workbooks.reports import Sent


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
    *, report: Report, sent: Sent, name: str, replace: bool, actor: User, at: datetime
) -> int:
    """Take over all forms of a workbook; returns how many cells changed, a list counting as one.

    A blank cell means no data here too. An empty list says nothing unless the list was there.
    Raises OldWorkbook unless `replace`, and whatever saving by screen raises.
    """
    report = open_report(report, actor, at)
    if sent.version != report.version and not replace:
        raise OldWorkbook(report, sent)
    before = report.version
    changed = sum(_form(report, form, texts, actor, at) for form, texts in sent.cells.items())
    changed += sum(_list(report, form, rows, actor, at) for form, rows in sent.rows.items())
    if changed:
        record(
            actor,
            Action.REPORT_IMPORTED,
            report,
            at=at,
            file=name,
            changes=f"{changed} ô, danh sách",
            version=before,
        )
    return changed


def _form(report: Report, form: str, texts: Mapping[str, str], actor: User, at: datetime) -> int:
    versions = dict(report.figures.filter(row="").values_list("indicator_key", "version"))
    cells = [Typed(key, text, versions.get(key, 0)) for key, text in texts.items()]
    return len(save_figures(report=report, form=form, cells=cells, actor=actor, at=at))


def _list(
    report: Report, form: str, rows: Sequence[Mapping[str, str]], actor: User, at: datetime
) -> int:
    stored = [each.cells for each in report.list_rows.filter(form_key=form)]
    if list(rows) == stored:
        return 0
    save_rows(report=report, form=form, rows=rows, seen=rows_token(stored), actor=actor, at=at)
    return 1
