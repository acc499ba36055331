"""Places and the matrix, on screen, as workbook and on paper."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.documents.downloads import attachment
from thidua.documents.rendering import table_pdf
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.scope import year_or_404
from thidua.scoring import cells, documents, exports
from thidua.scoring import queries as read
from thidua.scoring.models import CriteriaSet, ScoreSheet
from thidua.scoring.queries import Matrix, SeenStanding
from thidua.scoring.views.fetching import PDF, XLSX

NO_TABLE = "Chưa có bảng điểm được ban hành nên chưa có kết quả để xuất."


@dataclass(frozen=True)
class Places:
    """The year, its table and the ranking as the person may see it."""

    year: EmulationYear
    criteria_set: CriteriaSet | None
    standings: list[SeenStanding]
    late: list[Membership]
    """Members that have no sheet yet: the ranking is not whole without them."""

    @property
    def total(self) -> int:
        return len(self.standings) + len(self.late)

    @property
    def final(self) -> int:
        return sum(each.sheet.state == ScoreSheet.State.FINALISED for each in self.standings)

    @property
    def is_whole(self) -> bool:
        return bool(self.standings) and self.final == self.total

    def matrix(self) -> Matrix | None:
        """The points of the sheets the person may see that were handed in."""
        return read.matrix(
            self.year,
            [
                each.sheet
                for each in self.standings
                if each.visible and each.sheet.state != ScoreSheet.State.DRAFT
            ],
            self.criteria_set,
        )


def _places(request: SignedInRequest, year: int) -> Places:
    found = year_or_404(request.user, year)
    criteria_set = read.issued_set(found)
    standings = read.ranking_seen_by(request.user, found, criteria_set) if criteria_set else []
    late = read.members_without_sheet(criteria_set) if criteria_set else []
    return Places(found, criteria_set, standings, late)


def _nothing_yet(request: SignedInRequest, year: int) -> HttpResponse:
    messages.info(request, NO_TABLE)
    return redirect("scoring:ranking", year=year)


@signed_in
@require_safe
def ranking(request: SignedInRequest, year: int) -> HttpResponse:
    """Places; who is not final is named with the state."""
    found = _places(request, year)
    return render(request, "scoring/ranking.html", {"year": found.year, "places": found})


@signed_in
@require_safe
def ranking_xlsx(request: SignedInRequest, year: int) -> HttpResponse:
    """The ranking as a workbook."""
    found = _places(request, year)
    if found.criteria_set is None:
        return _nothing_yet(request, year)
    workbook = exports.ranking_workbook(found.year, found.criteria_set, found.standings)
    return attachment(workbook, name=f"xep-hang-{found.year.year}.xlsx", media_type=XLSX)


@signed_in
@require_safe
def ranking_pdf(request: SignedInRequest, year: int) -> HttpResponse:
    """The ranking on paper."""
    found = _places(request, year)
    if found.criteria_set is None:
        return _nothing_yet(request, year)
    paper = documents.ranking_document(found.year, found.criteria_set, found.standings)
    return attachment(table_pdf(paper), name=f"xep-hang-{found.year.year}.pdf", media_type=PDF)


@signed_in
@require_safe
def matrix(request: SignedInRequest, year: int) -> HttpResponse:
    """Units × criteria on screen."""
    found = _places(request, year)
    table = found.matrix()
    addresses = {
        each.sheet.pk: reverse("scoring:sheet", args=[found.year.pk, each.sheet.pk])
        for each in found.standings
        if each.visible
    }
    return render(
        request,
        "scoring/matrix.html",
        {
            "year": found.year,
            "places": found,
            "head": cells.matrix_head(table) if table else "",
            "body": cells.matrix_body(table, found.standings, addresses) if table else "",
        },
    )


@signed_in
@require_safe
def matrix_xlsx(request: SignedInRequest, year: int) -> HttpResponse:
    """The matrix as a workbook."""
    found = _places(request, year)
    table = found.matrix()
    if found.criteria_set is None or table is None:
        return _nothing_yet(request, year)
    workbook = exports.matrix_workbook(found.year, found.criteria_set, table, found.standings)
    return attachment(workbook, name=f"diem-theo-tieu-chi-{found.year.year}.xlsx", media_type=XLSX)


@signed_in
@require_safe
def matrix_pdf(request: SignedInRequest, year: int) -> HttpResponse:
    """The matrix on paper."""
    found = _places(request, year)
    table = found.matrix()
    if found.criteria_set is None or table is None:
        return _nothing_yet(request, year)
    paper = documents.matrix_document(found.year, found.criteria_set, table, found.standings)
    return attachment(
        table_pdf(paper), name=f"diem-theo-tieu-chi-{found.year.year}.pdf", media_type=PDF
    )
