"""The workbook of one report, from what is stored and back."""

from thidua.documents import storage
from thidua.documents.models import StoredFile
from thidua.reporting.models import Report
from thidua.reporting.queries.editions import edition_of
from thidua.reporting.queries.reports import Contents, contents_of, past_of
from thidua.rules.errors import RuleError
from thidua.rules.reporting import completed
from thidua.workbooks.reading import CellProblem
from thidua.workbooks.reports import (
    Identity,
    Sent,
    keep_format,
    questions,
    read_report,
    write_report,
)


def identity_of(report: Report) -> Identity:
    """Whose workbook it is."""
    return Identity(
        unit=report.membership.organisation.full_name,
        period=f"{report.period.name} {report.period.year.year}",
        edition=report.edition,
        version=report.version,
        cluster=report.membership.year.cluster.name,
    )


def workbook_of(report: Report) -> bytes:
    """All forms with what is stored."""
    contents = contents_of(report)
    return write_report(contents.edition, contents.filled, _texts(contents), identity_of(report))


def workbook_in_own_look(report: Report) -> bytes:
    """All forms with what is stored, in the look of the workbook the unit sent last.

    RuleError where it never sent one, or sent it on other forms.
    """
    file = last_workbook(report)
    if file is None:
        raise RuleError(
            "Đơn vị chưa nạp biểu nào để giữ định dạng. Hãy xuất biểu mẫu của phần mềm."
        )
    contents = contents_of(report)
    data = storage.get(file.sha256)
    return keep_format(
        data, contents.edition, contents.filled, _texts(contents), identity_of(report)
    )


def last_workbook(report: Report) -> StoredFile | None:
    """The workbook the unit sent for this report, else for the period nearest before it."""
    if report.workbook:
        return report.workbook
    before = (
        Report.objects.filter(
            membership__organisation=report.membership.organisation_id,
            membership__year__cluster=report.membership.year.cluster_id,
            period__last_on__lt=report.period.last_on,
            workbook__isnull=False,
        )
        .select_related("workbook")
        .order_by("-period__last_on", "-pk")
        .first()
    )
    return before.workbook if before else None


def _texts(contents: Contents) -> dict[str, str]:
    return {key: figure.text for key, figure in contents.figures.items() if figure.text}


def read_workbook(report: Report, data: bytes) -> Sent:
    """What a filled workbook of this report says. WorkbookError names every bad cell."""
    return read_report(data, edition_of(report), identity_of(report))


def questions_about(report: Report, sent: Sent) -> list[CellProblem]:
    """Figures of a workbook that look written in another measure; seven queries.

    They may be right: whoever sends them says so, and the findings of the report still ask for a
    word where its rules call them odd.
    """
    contents, past = contents_of(report), past_of(report)
    if past.previous is None:
        return []
    before = completed(contents.edition, past.previous.values)
    name = past.previous_name
    return questions(contents.edition, sent, contents.filled.values, before, name)
