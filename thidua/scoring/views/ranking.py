"""Places and the matrix, on screen, as workbook and on paper."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.documents.downloads import attachment
from thidua.documents.rendering import table_pdf
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import is_superior_of, leads
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.scoring import cells, documents, exports, services
from thidua.scoring import queries as read
from thidua.scoring.models import CriteriaSet, ScoreSheet, TieDecision
from thidua.scoring.permissions import can_decide_tie, can_try_changes
from thidua.scoring.queries import Matrix, SeenStanding, Standings
from thidua.scoring.queries.standings import TiedUnits, open_ties
from thidua.scoring.ranking_forms import TieForm
from thidua.scoring.views.fetching import PDF, XLSX

NO_TABLE = "Chưa có bảng điểm được ban hành nên chưa có kết quả để xuất."


@dataclass(frozen=True)
class Places:
    """The year, its table and the ranking as the person may see it."""

    year: EmulationYear
    criteria_set: CriteriaSet | None
    ranking: Standings
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

    @property
    def groups(self) -> list[tuple[str, list[SeenStanding]]]:
        """The standings by ranking group; one nameless group where the table has none."""
        return [
            (name, [each for each in self.standings if each.group == name])
            for name in self.ranking.groups
        ]

    @property
    def has_steps(self) -> bool:
        """Something about a place is to be explained beyond the total."""
        return any(each.why or each.open_questions for each in self.standings)

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
    whole = read.standings(found, criteria_set) if criteria_set else Standings()
    standings = read.seen_by(request.user, found, whole) if criteria_set else []
    late = read.members_without_sheet(criteria_set) if criteria_set else []
    return Places(found, criteria_set, whole, standings, late)


def _nothing_yet(request: SignedInRequest, year: int) -> HttpResponse:
    messages.info(request, NO_TABLE)
    return redirect("scoring:ranking", year=year)


@signed_in
@require_safe
def ranking(request: SignedInRequest, year: int) -> HttpResponse:
    """Places; who is not final is named with the state."""
    found = _places(request, year)
    context = {
        "year": found.year,
        "places": found,
        "may_decide": can_decide_tie(request.user, found.year),
        "may_try": can_try_changes(request.user, found.year),
        "may_export": found.criteria_set is not None
        and (leads(request.user, found.year) or is_superior_of(request.user, found.year)),
    }
    return render(request, "scoring/ranking.html", context)


@dataclass(frozen=True)
class TieToDecide:
    """Units that every written rule leaves equal, the form to order them, and what was decided."""

    tie: TiedUnits
    names: dict[int, str]
    form: TieForm
    decided: TieDecision | None

    @property
    def key(self) -> str:
        return "-".join(str(each) for each in sorted(self.tie.members))

    @property
    def decided_names(self) -> list[str]:
        order = self.decided.order if self.decided else []
        return [self.names[key] for key in order if key in self.names]


@signed_in
@once
def ties(request: SignedInRequest, year: int) -> HttpResponse:
    """The head of the lead orders units that are equal under every written rule."""
    found = year_or_404(request.user, year)
    criteria_set = read.issued_set(found)
    if not can_decide_tie(request.user, found):
        raise Http404
    open_now = _ties(request, found, criteria_set) if criteria_set else []
    posted = request.POST.get("tie") if request.method == "POST" else None
    chosen = next((each for each in open_now if each.key == posted), None)
    if posted is not None and chosen is None:
        messages.error(request, "Các đơn vị này không còn bằng điểm. Hãy xem lại bảng xếp hạng.")
        return redirect("scoring:ranking", year=found.pk)
    if chosen and criteria_set and chosen.form.is_valid():
        try:
            services.decide_tie(
                criteria_set=criteria_set,
                order=chosen.form.order(),
                reason=chosen.form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except PermissionDenied:
            raise Http404 from None
        except RuleError as error:
            chosen.form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi quyết định xếp thứ tự.")
            return redirect("scoring:ranking", year=found.pk)
    refused = bool(chosen and chosen.form.errors)
    return render(
        request,
        "scoring/ranking_ties.html",
        {"year": found, "ties": open_now},
        status=422 if refused else 200,
    )


def _ties(
    request: SignedInRequest, year: EmulationYear, criteria_set: CriteriaSet
) -> list[TieToDecide]:
    criteria_set.year = year
    names = {
        member.pk: member.organisation.short_name
        for member in year.memberships.select_related("organisation").order_by("order")
    }
    made = list(reversed(read.decisions_of(criteria_set)))
    found = []
    for tie in open_ties(criteria_set):
        tied = {key: name for key, name in names.items() if key in tie.members}
        key = "-".join(str(each) for each in sorted(tied))
        posted = request.method == "POST" and request.POST.get("tie") == key
        form = TieForm(tied, request.POST if posted else None)
        decided = next((each for each in made if set(tied) <= set(each.order)), None)
        found.append(TieToDecide(tie, tied, form, decided))
    return found


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
    # Relative to this page: 6,000 whole addresses would be most of it.
    points = "../diem/"
    extras = cells.extra_columns(found.standings)
    return render(
        request,
        "scoring/matrix.html",
        {
            "year": found.year,
            "places": found,
            "head": cells.matrix_head(table, extras) if table else "",
            "body": cells.matrix_body(table, found.standings, addresses, points, extras)
            if table
            else "",
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
