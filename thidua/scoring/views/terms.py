"""What the table means for each unit: read by everybody of the year, set by the lead."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.organisations.models import Membership
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.scoring import queries as read
from thidua.scoring import services
from thidua.scoring.permissions import can_set_terms
from thidua.scoring.queries.terms import TermsLine, terms_lines
from thidua.scoring.ranking_forms import TermsForm

CLOSED = "Đơn vị này đã nộp bảng tự chấm nên thông số không thay đổi được nữa."


@signed_in
@require_safe
def terms(request: SignedInRequest, year: int) -> HttpResponse:
    """Every unit with its targets, sizes, criteria not assigned and ranking group."""
    found = year_or_404(request.user, year)
    criteria_set = read.issued_set(found)
    settable, lines = terms_lines(criteria_set) if criteria_set else (None, [])
    context = {
        "year": found,
        "criteria_set": criteria_set,
        "settable": settable,
        "lines": lines,
        "may_set": can_set_terms(request.user, found),
    }
    return render(request, "scoring/terms.html", context)


@signed_in
@once
def terms_edit(request: SignedInRequest, year: int, member: int) -> HttpResponse:
    """The lead sets what holds for one unit."""
    found = year_or_404(request.user, year)
    row = get_object_or_404(
        Membership.objects.select_related("organisation"), pk=member, year=found
    )
    criteria_set = read.issued_set(found)
    if criteria_set is None or not can_set_terms(request.user, found):
        raise Http404
    settable, lines = terms_lines(criteria_set)
    line = next(each for each in lines if each.member.pk == row.pk)
    if line.closed and request.method != "POST":
        messages.info(request, CLOSED)
        return redirect("scoring:terms", year=found.pk)
    groups = sorted({each.group for each in lines if each.group})
    form = TermsForm(
        settable,
        groups,
        data=request.POST if request.method == "POST" else None,
        initial=TermsForm.initial_of(settable, line.terms),
    )
    stored: TermsLine | None = None
    if form.is_valid():
        try:
            services.set_terms(
                criteria_set=criteria_set,
                member=row,
                terms=form.terms(),
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except services.StaleTerms as stale:
            form.add_error(None, str(stale))
            form.show_anew(stale.current.version)
            stored = line
        except PermissionDenied:
            raise Http404 from None
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã lưu thông số của {row.organisation.short_name}.")
            return redirect("scoring:terms", year=found.pk)
    context = {
        "year": found,
        "line": line,
        "form": form,
        "stored": stored,
        "history": history_of(line.terms) if line.terms else [],
    }
    return render(request, "scoring/terms_edit.html", context, status=422 if form.errors else 200)
