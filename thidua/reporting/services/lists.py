"""The rows of a list form (02/PCTN, 03/PCTN), saved together."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.reporting.models import FigureChange, ListRow, Report
from thidua.reporting.queries.editions import edition_of
from thidua.reporting.services.report_locks import open_report
from thidua.reporting.services.typed_text import cleaned
from thidua.rules.errors import RuleError
from thidua.rules.reporting import Shape, Template
from thidua.rules.reporting.words import form_name, short

# What a page can show and send back; a workbook carries more.
MOST_ROWS = 500
LONGEST_CELL = 2000
Row = Mapping[str, str]


class StaleRows(RuleError):
    """Somebody changed the list meanwhile; nothing was kept (R08)."""

    def __init__(self, template: Template) -> None:
        super().__init__(
            f"{form_name(template)}: người khác vừa sửa danh sách này. Nội dung bạn nhập chưa được "
            "lưu; hãy chép phần cần giữ, tải lại trang rồi ghi tiếp."
        )


def rows_token(rows: Sequence[Row]) -> str:
    """A short mark of a list's content, by which a page says what it saw."""
    text = json.dumps([dict(row) for row in rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def save_rows(
    *,
    report: Report,
    form: str,
    rows: Sequence[Row],
    seen: str,
    actor: User,
    at: datetime,
    most: int = MOST_ROWS,
) -> Report:
    """Keep the whole list; rows without any word are left out, no rows say "nothing to list".

    `seen` is `rows_token` of what the person saw. Raises StaleRows, RuleError naming form, row and
    column; also for a stored list of more than `most` rows, of which a page shows only the first.
    """
    report = open_report(report, actor, at)
    template = _list_form(report, form)
    wanted = [kept for row in rows if (kept := _kept(row))]
    _refuse(template, wanted, most)
    stored = list(report.list_rows.filter(form_key=form).values_list("cells", flat=True))
    if stored == wanted and form in report.told_lists:
        return report
    if len(stored) > most:
        raise RuleError(f"{form_name(template)}: {too_long(len(stored))}")
    if rows_token(stored) != seen:
        raise StaleRows(template)
    report.list_rows.filter(form_key=form).delete()
    ListRow.objects.bulk_create(
        ListRow(
            report=report,
            form_key=form,
            position=place,
            cells=row,
            changed_by=actor,
            changed_at=at,
        )
        for place, row in enumerate(wanted, start=1)
    )
    _tell(report, template, stored, wanted, actor, at)
    return report


def _list_form(report: Report, form: str) -> Template:
    found = edition_of(report)
    for template in found.templates:
        if template.key == form and template.shape == Shape.LIST:
            return template
    raise RuleError(f"Bộ biểu mẫu {found.key} không có danh sách “{form}”.")


def _kept(row: Row) -> dict[str, str]:
    """The words of a row, empty cells left out."""
    return {key: words for key, text in row.items() if (words := cleaned(text))}


def too_long(count: int) -> str:
    """Why a page does not take changes of a long list, and the way out."""
    return (
        f"danh sách có {count} dòng, dài quá {MOST_ROWS} dòng nên chỉ sửa bằng biểu Excel: xuất biểu mẫu, "
        "sửa rồi nạp lại."
    )


def _refuse(template: Template, rows: Sequence[Row], most: int) -> None:
    if len(rows) > most:
        raise RuleError(
            f"{form_name(template)}: ở đây chỉ nhận không quá {most} dòng. Danh sách dài hơn thì nạp bằng "
            "biểu Excel."
        )
    for number, row in enumerate(rows, start=1):
        for key, text in row.items():
            if key not in template:
                raise RuleError(f"{form_name(template)} không có cột “{key}”.")
            if len(text) > LONGEST_CELL:
                named = short(template, template.indicator(key))
                raise RuleError(
                    f"{form_name(template)}, dòng {number}, {named}: dài quá {LONGEST_CELL} ký tự."
                )


def _tell(
    report: Report,
    template: Template,
    old: Sequence[Row],
    new: Sequence[Row],
    actor: User,
    at: datetime,
) -> None:
    if template.key not in report.told_lists:
        report.told_lists = [*report.told_lists, template.key]
    # The row is locked by `open_report`.
    report.version += 1
    report.save(update_fields=["version", "told_lists"])
    if report.round > 1:
        FigureChange.objects.create(
            report=report,
            indicator_key=template.key,
            old=_in_words(old, new),
            new=_in_words(new, old),
            why=f"Báo cáo được trả lại: {report.return_reason}",
            round=report.round,
            changed_by=actor,
            changed_at=at,
        )
    record(
        actor,
        Action.LIST_SAVED,
        report,
        at=at,
        form=form_name(template),
        old=f"{len(old)} dòng",
        new=f"{len(new)} dòng",
    )


def _in_words(rows: Sequence[Row], others: Sequence[Row]) -> str:
    """The rows that the other list does not have, by their numbers; how many both have."""
    same = {rows_token([row]) for row in others}
    lines = [
        f"{number}. {'; '.join(row.values())}"
        for number, row in enumerate(rows, start=1)
        if rows_token([row]) not in same
    ]
    if not rows:
        return "không có dòng nào"
    kept = len(rows) - len(lines)
    return "\n".join([*lines, f"{kept} dòng giữ nguyên"] if kept else lines)
