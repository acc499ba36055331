"""One unit's sheet on paper and as a workbook."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.documents.downloads import attachment
from thidua.documents.rendering import table_pdf
from thidua.scoring import sheet_papers
from thidua.scoring.models import ScoreSheet
from thidua.scoring.queries import Standing, sheet_view, standing_of
from thidua.scoring.views.fetching import PDF, XLSX, Found, sheet_or_404


@signed_in
@require_safe
def sheet_pdf(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """The sheet as A4 paper."""
    found = sheet_or_404(request, year, sheet)
    paper = sheet_papers.sheet_document(sheet_view(found.sheet), _standing(found.sheet))
    return attachment(table_pdf(paper), name=f"{_name(found)}.pdf", media_type=PDF)


@signed_in
@require_safe
def sheet_xlsx(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """The sheet as a workbook."""
    found = sheet_or_404(request, year, sheet)
    workbook = sheet_papers.sheet_workbook(sheet_view(found.sheet), _standing(found.sheet))
    return attachment(workbook, name=f"{_name(found)}.xlsx", media_type=XLSX)


def _standing(sheet: ScoreSheet) -> Standing | None:
    """Place and class belong to what is closed."""
    return standing_of(sheet) if sheet.state == ScoreSheet.State.FINALISED else None


def _name(found: Found) -> str:
    return f"bang-cham-diem-{found.year.year}-{found.sheet.membership.order:02d}"
