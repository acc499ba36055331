"""The workbook of one report, from what is stored and back."""

from thidua.reporting.models import Report
from thidua.reporting.queries.reports import contents_of
from thidua.rules.reporting import edition
from thidua.workbooks.reports import Identity, Sent, read_report, write_report


def identity_of(report: Report) -> Identity:
    """Whose workbook it is."""
    return Identity(
        unit=report.membership.organisation.full_name,
        period=f"{report.period.name} {report.period.year.year}",
        edition=report.edition,
        version=report.version,
    )


def workbook_of(report: Report) -> bytes:
    """All forms with what is stored."""
    contents = contents_of(report)
    texts = {key: figure.text for key, figure in contents.figures.items() if figure.text}
    filled = contents.filled
    return write_report(contents.edition, filled, texts, identity_of(report))


def read_workbook(report: Report, data: bytes) -> Sent:
    """What a filled workbook of this report says. WorkbookError names every bad cell."""
    return read_report(data, edition(report.edition), identity_of(report))
