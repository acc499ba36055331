"""Appraising a section, and the unit's answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.rules.errors import RuleError
from thidua.scoring import services
from thidua.scoring.forms import AppraisalForm, ReplyForm
from thidua.scoring.models import Criterion, CriterionScore
from thidua.scoring.permissions import can_appraise
from thidua.scoring.views.fetching import Found, acted, score_or_404, sheet_or_404
from thidua.scoring.views.leaves import Conflict, SheetPage, conflict_of, sheet_page, typed


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def appraisal(request: SignedInRequest, year: int, sheet: int, score: int) -> HttpResponse:
    """GET: the criterion as stored. POST: the appraiser's decision on it."""
    found, row = score_or_404(request, year, sheet, score)
    if not can_appraise(request.user, found.sheet, row.criterion):
        raise Http404
    if request.method != "POST":
        return _answer(request, found, row, saved=False)
    page = sheet_page(request.user, found.sheet)
    form = AppraisalForm(row, page.inputs_of(row.pk), page.rules, request.POST)
    errors: tuple[str, ...] = ()
    conflict: Conflict | None = None
    if form.is_valid():
        try:
            services.appraise(
                score=row,
                claim=form.claim(),
                facts=form.facts(),
                reason=form.text(),
                version=form.known_version(),
                actor=request.user,
                at=timezone.now(),
            )
        except services.StaleVersion as stale:
            conflict = conflict_of(form, stale.current, appraising=True)
        except PermissionDenied:
            raise Http404 from None
        except services.ClaimRefused as refused:
            for part, sentence in refused.at:
                form.add_error(part if part in form.fields else None, sentence)
        except RuleError as error:
            errors = (str(error),)
        else:
            return _answer(request, found, row, saved=True)
    return _refused(request, found, row, form, errors, conflict)


def _answer(
    request: SignedInRequest, found: Found, row: CriterionScore, *, saved: bool
) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        here = reverse("scoring:sheet", args=[found.year.pk, found.sheet.pk])
        return redirect(f"{here}#leaf-{row.pk}")
    page = sheet_page(request.user, found.sheet)
    context = {**_context(found, page, row), "saved": saved}
    return render(request, "scoring/appraisal_saved.html", context)


def _refused(
    request: SignedInRequest,
    found: Found,
    row: CriterionScore,
    form: AppraisalForm,
    errors: tuple[str, ...],
    conflict: Conflict | None,
) -> HttpResponse:
    """Nothing was saved; what was typed stays in its fields."""
    page = sheet_page(request.user, found.sheet)
    context = _context(found, page, row)
    context["leaf"] = typed(page.leaf(row.pk), form, errors=errors, conflict=conflict)
    if request.headers.get("HX-Request"):
        return render(request, "scoring/appraisal_saved.html", context)
    return render(request, "scoring/leaf_page.html", context, status=409 if conflict else 422)


def _context(found: Found, page: SheetPage, row: CriterionScore) -> dict[str, object]:
    return {
        "leaf": page.leaf(row.pk),
        "group": page.group_of(row.pk),
        "page": page,
        "sheet": found.sheet,
        "year": found.year,
    }


@signed_in
@require_POST
@once
def section_complete(
    request: SignedInRequest, year: int, sheet: int, criterion: int
) -> HttpResponse:
    """The appraiser is done with a section, taking the rest as the unit claimed."""
    found = sheet_or_404(request, year, sheet)
    section = get_object_or_404(Criterion, pk=criterion, criteria_set=found.sheet.criteria_set_id)
    acted(
        request,
        lambda: services.complete_section(
            sheet=found.sheet,
            section=section,
            accept_rest=request.POST.get("accept_rest") == "1",
            actor=request.user,
            at=timezone.now(),
        ),
        f"Đã hoàn thành thẩm định phần {section.code}.",
    )
    return redirect("scoring:sheet", year=found.year.pk, sheet=found.sheet.pk)


@signed_in
@once
def reply(request: SignedInRequest, year: int, sheet: int, score: int) -> HttpResponse:
    """The unit explains a changed point."""
    found, row = score_or_404(request, year, sheet, score)
    page = sheet_page(request.user, found.sheet)
    leaf = page.leaf(row.pk)
    if not leaf.may_reply:
        raise Http404
    form = ReplyForm(
        request.POST.dict() if request.method == "POST" else None,
        initial={"text": row.reply, "version": row.version},
    )
    stored = ""
    if form.is_valid():
        try:
            services.explain(
                score=row,
                text=form.cleaned_data["text"],
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except services.StaleVersion as stale:
            form.add_error(None, str(stale))
            form.show_anew(stale.current.version)
            stored = stale.current.reply
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"Đã gửi giải trình tiêu chí {row.criterion.code} cho người thẩm định."
            )
            here = reverse("scoring:sheet", args=[found.year.pk, found.sheet.pk])
            return redirect(f"{here}#leaf-{row.pk}")
    context = {
        "year": found.year,
        "sheet": found.sheet,
        "leaf": leaf,
        "form": form,
        "stored": stored,
    }
    return render(request, "scoring/reply.html", context, status=422 if form.errors else 200)
