"""The register of clocks, and the page on which the administrator sets one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, requires, signed_in
from thidua.accounts.once import once
from thidua.reporting.display.clocks import clock_row, groups, lengths_set_by_people
from thidua.reporting.forms import ClockSearch, ClockSettingForm
from thidua.reporting.permissions import can_keep_deadlines
from thidua.reporting.queries import loaded_clocks, setting_history
from thidua.reporting.services import set_clock
from thidua.rules.deadlines import VARIANTS, shipped_clocks
from thidua.rules.errors import RuleError


@signed_in
@require_safe
def clock_list(request: SignedInRequest) -> HttpResponse:
    """Every clock with its versions, law and validity, as a lawyer reads it."""
    loaded = loaded_clocks()
    form = ClockSearch(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    found = groups(loaded.clocks.values(), loaded.settings, wanted)
    return render(
        request,
        "reporting/clock_list.html",
        {
            "form": form,
            "wanted": wanted,
            "groups": found,
            "total": sum(len(group.rows) for group in found),
            "can_keep": can_keep_deadlines(request.user),
        },
    )


@requires(can_keep_deadlines)
@once
def clock_setting(request: SignedInRequest, code: str) -> HttpResponse:
    """Another length for a clock that no text of law was read for, for the whole installation."""
    clock = shipped_clocks().get(code)
    shipped = lengths_set_by_people(clock) if clock else {}
    if clock is None or not shipped:
        raise Http404
    history = list(setting_history(code))
    current = history[0] if history else None
    form = ClockSettingForm(
        request.POST or None,
        clock=clock,
        shipped=shipped,
        initial={
            **(current.lengths if current else {}),
            "number": current.number if current else 0,
        },
    )
    if form.is_valid():
        try:
            set_clock(
                code=code,
                lengths=form.lengths(),
                reason=form.cleaned_data["reason"],
                number=form.cleaned_data["number"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã đặt lại thời hạn “{clock.name}”.")
            return redirect("reporting:clock_setting", code)
    said = [
        (row, [(VARIANTS.get(variant, variant), text) for variant, text in row.lengths.items()])
        for row in history
    ]
    return render(
        request,
        "reporting/clock_setting.html",
        {"form": form, "row": clock_row(clock), "history": said},
    )
