"""The outlines of a year: read by everybody of it, set by the lead."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.reporting import services
from thidua.reporting.forms.narratives import KINDS, outline_rows, sent_outline
from thidua.reporting.permissions import can_shape_outlines
from thidua.reporting.queries.narratives import SetOutline, outlines_of_year
from thidua.rules.errors import RuleError
from thidua.rules.reporting import edition_on
from thidua.rules.reporting.narrative import Section, of_period

LAST_DAY_OF_DATA = (12, 14)


def _outlines(year: EmulationYear) -> tuple[SetOutline, ...]:
    """Those that go with the forms in force when the year's data close."""
    try:
        edition = edition_on(date(year.year, *LAST_DAY_OF_DATA)).key
    except RuleError:
        return ()
    return outlines_of_year(year, edition)


@signed_in
@require_safe
def outlines(request: SignedInRequest, year: int) -> HttpResponse:
    """The three outlines as they count this year, each with where it comes from."""
    found = year_or_404(request.user, year)
    lines = [SetOutline(of_period(each.outline, "year"), each.stored) for each in _outlines(found)]
    return render(
        request,
        "reporting/narrative_outlines.html",
        {"year": found, "lines": lines, "may_set": can_shape_outlines(request.user, found)},
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def outline(request: SignedInRequest, year: int, outline: str) -> HttpResponse:
    """The headings of one outline, set anew with a reason."""
    found = year_or_404(request.user, year)
    if not can_shape_outlines(request.user, found):
        raise Http404
    current = next((each for each in _outlines(found) if each.outline.key == outline), None)
    if current is None:
        raise Http404
    if request.method == "POST":
        return _set(request, found, current)
    return _page(request, found, current, current.outline.sections)


def _set(request: SignedInRequest, year: EmulationYear, current: SetOutline) -> HttpResponse:
    sections = sent_outline(current.outline, request.POST)
    seen = request.POST.get("seen", "0")
    reason = request.POST.get("reason", "")
    try:
        kept = services.set_outline(
            year=year,
            outline=current.outline,
            sections=sections,
            reason=reason,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0,
            actor=request.user,
            at=timezone.now(),
        )
    except PermissionDenied:
        raise Http404 from None
    except RuleError as error:
        status = 409 if isinstance(error, services.StaleOutline) else 422
        return _page(request, year, current, sections, str(error), reason, seen, status)
    messages.success(
        request, f"Đã đặt phiên bản {kept.number} của đề cương {current.outline.code}."
    )
    return redirect("reports:outlines", year=year.pk)


def _page(
    request: SignedInRequest,
    year: EmulationYear,
    current: SetOutline,
    sections: tuple[Section, ...] | list[Section],
    problem: str = "",
    reason: str = "",
    seen: str = "",
    status: int = 200,
) -> HttpResponse:
    number = current.stored.number if current.stored else 0
    return render(
        request,
        "reporting/narrative_outline_edit.html",
        {
            "year": year,
            "outline": current.outline,
            "rows": outline_rows(sections),
            "kinds": KINDS,
            "seen": seen or number,
            "reason": reason,
            "problem": problem,
        },
        status=status,
    )
