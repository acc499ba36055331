"""“Tính thời hạn” and the due days of the seven reporting periods: for everybody signed in."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.reporting.display.clocks import answer_of, clock_row, groups
from thidua.reporting.forms import ClockSearch, DeadlineForm, PeriodsForm
from thidua.reporting.permissions import can_keep_deadlines
from thidua.reporting.queries import LoadedClocks, loaded_calendar, loaded_clocks
from thidua.rules.deadlines import CalendarNotLoaded, Deadline, reporting_windows
from thidua.rules.deadlines.days import shorten


@signed_in
@require_safe
def deadline(request: SignedInRequest) -> HttpResponse:
    """Choose a clock, say the facts, read the day with its computation; all in the address."""
    loaded = loaded_clocks()
    code = request.GET.get("clock", "").strip()
    if code not in loaded.clocks:
        return _choose(request, loaded, code)
    return _answer(request, loaded, code)


def _choose(request: SignedInRequest, loaded: LoadedClocks, unknown: str) -> HttpResponse:
    form = ClockSearch(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    return render(
        request,
        "reporting/deadline_choose.html",
        {
            "form": form,
            "wanted": wanted,
            "groups": groups(loaded.clocks.values(), loaded.settings, wanted),
            "unknown": shorten(unknown),
        },
        status=404 if unknown else 200,
    )


def _answer(request: SignedInRequest, loaded: LoadedClocks, code: str) -> HttpResponse:
    clock = loaded.clocks[code]
    asked = "start" in request.GET
    form = DeadlineForm(request.GET if asked else None, clock=clock, asked=request.GET)
    outcome = form.answer(loaded_calendar()) if form.is_valid() else None
    return render(
        request,
        "reporting/deadline.html",
        {
            "form": form,
            "row": clock_row(clock, loaded.settings.get(code)),
            "answer": answer_of(outcome) if isinstance(outcome, Deadline) else None,
            "not_loaded": outcome if isinstance(outcome, CalendarNotLoaded) else None,
            "link": f"{reverse('reporting:deadline')}?{form.link()}" if outcome else "",
            "can_keep": outcome is not None and can_keep_deadlines(request.user),
        },
    )


@signed_in
@require_safe
def due_days(request: SignedInRequest) -> HttpResponse:
    """The seven periods of a reporting year: windows, due days, which of them are days off."""
    # In December the next year's first period has begun.
    this_year = (timezone.localdate() + timedelta(days=17)).year
    form = PeriodsForm(request.GET if "year" in request.GET else {"year": this_year})
    windows = (
        reporting_windows(form.cleaned_data["year"], loaded_calendar()) if form.is_valid() else ()
    )
    return render(
        request,
        "reporting/due_days.html",
        {"form": form, "windows": windows, "year": form.cleaned_data.get("year")},
    )
