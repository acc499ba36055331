"""Indicators: everybody reads what is measured and from which figures; leads and administrators
keep them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, requires, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.reporting.forms.indicators import IndicatorForm
from thidua.reporting.models import Indicator
from thidua.reporting.permissions import can_keep_indicators
from thidua.reporting.queries.indicators import is_used, names
from thidua.reporting.services.indicators import add_indicator, change_indicator
from thidua.rules.errors import RuleError


@signed_in
@require_safe
def indicator_list(request: SignedInRequest) -> HttpResponse:
    """Every indicator with its figure, and the names that a figure may be made of."""
    return render(
        request,
        "reporting/indicator_list.html",
        {
            "indicators": Indicator.objects.all(),
            "names": names(),
            "can_keep": can_keep_indicators(request.user),
        },
    )


@requires(can_keep_indicators)
@once
def indicator_new(request: SignedInRequest) -> HttpResponse:
    """A new indicator."""
    form = IndicatorForm(request.POST or None)
    return _page(
        request,
        form,
        None,
        lambda: add_indicator(
            key=form.cleaned_data["key"], text=form.text(), actor=request.user, at=timezone.now()
        ),
    )


@requires(can_keep_indicators)
@once
def indicator_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Other words or another figure."""
    indicator = get_object_or_404(Indicator, pk=pk)
    form = IndicatorForm(request.POST or None, indicator=indicator)
    return _page(
        request,
        form,
        indicator,
        lambda: change_indicator(
            indicator=indicator,
            text=form.text(),
            version=form.cleaned_data["version"] or 0,
            actor=request.user,
            at=timezone.now(),
        ),
    )


def _page(
    request: SignedInRequest,
    form: IndicatorForm,
    indicator: Indicator | None,
    act: Callable[[], Indicator],
) -> HttpResponse:
    """Saved, or the form with what is wrong."""
    if form.is_valid():
        try:
            saved = act()
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã lưu chỉ tiêu “{saved.name}”.")
            return redirect("reporting:indicator_list")
    context = {
        "form": form,
        "indicator": indicator,
        "is_used": indicator is not None and is_used(indicator),
        "names": names(),
        "history": history_of(indicator) if indicator else [],
    }
    status = 422 if form.errors else 200
    return render(request, "reporting/indicator_edit.html", context, status=status)
