"""Filling in one criterion: saved as it is typed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.rules.errors import RuleError
from thidua.scoring import services
from thidua.scoring.forms import ClaimForm
from thidua.scoring.models import CriterionScore
from thidua.scoring.permissions import can_fill_sheet, can_submit_sheet
from thidua.scoring.views.fetching import Found, score_or_404
from thidua.scoring.views.leaves import Conflict, conflict_of, sheet_page, typed


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedInRequest, year: int, sheet: int, score: int) -> HttpResponse:
    """GET: the criterion as stored. POST: save it, unless somebody else did meanwhile (R08)."""
    found, row = score_or_404(request, year, sheet, score)
    if not can_fill_sheet(request.user, found.sheet):
        raise Http404
    if request.method != "POST":
        return _fresh(request, found, row)
    page = sheet_page(request.user, found.sheet)
    form = ClaimForm(row, page.inputs_of(row.pk), page.rules, request.POST)
    errors: tuple[str, ...] = ()
    conflict: Conflict | None = None
    if form.is_valid():
        try:
            services.save_claim(
                score=row,
                claim=form.claim(),
                facts=form.facts(),
                explanation=form.text(),
                version=form.known_version(),
                actor=request.user,
                at=timezone.now(),
            )
        except services.StaleVersion as stale:
            conflict = conflict_of(form, stale.current, appraising=False)
        except PermissionDenied:
            raise Http404 from None
        except services.ClaimRefused as refused:
            for part, sentence in refused.at:
                form.add_error(part if part in form.fields else None, sentence)
        except RuleError as error:
            errors = (str(error),)
        else:
            return _saved(request, found, row)
    return _refused(request, found, row, form, errors, conflict)


def _anchor(found: Found, row: CriterionScore) -> str:
    address = reverse("scoring:sheet", args=[found.year.pk, found.sheet.pk])
    return f"{address}#leaf-{row.pk}"


def _fresh(request: SignedInRequest, found: Found, row: CriterionScore) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(_anchor(found, row))
    page = sheet_page(request.user, found.sheet)
    return render(
        request,
        "scoring/leaf.html",
        {"leaf": page.leaf(row.pk), "sheet": found.sheet, "year": found.year},
    )


def _saved(request: SignedInRequest, found: Found, row: CriterionScore) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        messages.success(request, f"Đã lưu tiêu chí {row.criterion.code}.")
        return redirect(_anchor(found, row))
    page = sheet_page(request.user, found.sheet)
    return render(
        request,
        "scoring/claim_saved.html",
        {
            "leaf": page.leaf(row.pk),
            "group": page.group_of(row.pk),
            "page": page,
            "sheet": found.sheet,
            "year": found.year,
            "may_submit": can_submit_sheet(request.user, found.sheet),
            "saved": True,
        },
    )


def _refused(
    request: SignedInRequest,
    found: Found,
    row: CriterionScore,
    form: ClaimForm,
    errors: tuple[str, ...],
    conflict: Conflict | None,
) -> HttpResponse:
    """Nothing was saved; what was typed stays in its fields."""
    page = sheet_page(request.user, found.sheet)
    leaf = typed(page.leaf(row.pk), form, errors=errors, conflict=conflict)
    context = {"leaf": leaf, "sheet": found.sheet, "year": found.year, "page": page}
    if request.headers.get("HX-Request"):
        return render(request, "scoring/claim_saved.html", context)
    return render(request, "scoring/leaf_page.html", context, status=409 if conflict else 422)
