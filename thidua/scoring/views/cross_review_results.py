"""What a cross-review came to, for lead and superior: means, differences to settle, the matrix."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import own_membership
from thidua.rules.errors import RuleError
from thidua.scoring import cross_review_cells, services
from thidua.scoring.cross_review_forms import SettleForm
from thidua.scoring.models import CrossReviewCriterion, CrossReviewRound
from thidua.scoring.permissions import (
    can_prepare_cross_review,
    can_settle_disagreement,
    can_watch_cross_review,
)
from thidua.scoring.queries.cross_review_matrix import cross_matrix
from thidua.scoring.queries.cross_review_results import (
    Scope,
    UnitResult,
    points_are_open,
    results,
)
from thidua.scoring.views.cross_reviews import round_or_404
from thidua.scoring.views.fetching import acted

State = CrossReviewRound.State


def _scope_or_404(request: SignedInRequest, year: int, round: int) -> tuple[EmulationYear, Scope]:
    """Lead or superior, when no point can change any more; else the page does not exist."""
    found, stored = round_or_404(request, year, round)
    if not can_watch_cross_review(request.user, found) or not points_are_open(stored):
        raise Http404
    return found, Scope(stored, own_membership(request.user, found))


@signed_in
@require_safe
def cross_review_results(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """Every unit's means, and where reviewers lie too far apart."""
    found, scope = _scope_or_404(request, year, round)
    return render(
        request,
        "scoring/cross_review_results.html",
        {
            "year": found,
            "round": scope.round,
            "results": results(scope),
            "leads": can_prepare_cross_review(request.user, found),
        },
    )


@signed_in
@require_safe
def cross_review_matrix(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """Units × reviewers × criteria on one page."""
    found, scope = _scope_or_404(request, year, round)
    table = cross_matrix(scope)
    context = {
        "year": found,
        "round": scope.round,
        "head": cross_review_cells.cross_head(table),
        "body": cross_review_cells.cross_body(table),
    }
    return render(request, "scoring/cross_review_matrix.html", context)


def _unit_or_404(scope: Scope, member: int) -> UnitResult:
    unit = results(scope, member).unit(member)
    if unit is None or not unit.cells:
        raise Http404
    return unit


@signed_in
@require_safe
def cross_review_unit(request: SignedInRequest, year: int, round: int, member: int) -> HttpResponse:
    """One unit: each reviewer's points, mean, spread, what is to be settled."""
    found, scope = _scope_or_404(request, year, round)
    return _unit_page(request, found, scope, _unit_or_404(scope, member))


def _unit_page(
    request: SignedInRequest,
    year: EmulationYear,
    scope: Scope,
    unit: UnitResult,
    refused: tuple[int, SettleForm] | None = None,
) -> HttpResponse:
    settles = scope.round.state == State.CLOSED and can_settle_disagreement(
        request.user, scope.round, unit.member
    )
    forms = {
        cell.criterion.pk: SettleForm(
            initial={
                "version": cell.settlement.version if cell.settlement else 0,
                "note": cell.settlement.note if cell.settlement else "",
            },
            auto_id=f"{cell.criterion.pk}-%s",
        )
        for cell in unit.flagged
        if settles
    }
    if refused:
        forms[refused[0]] = refused[1]
    return render(
        request,
        "scoring/cross_review_unit.html",
        {
            "year": year,
            "round": scope.round,
            "unit": unit,
            "cells": [(cell, forms.get(cell.criterion.pk)) for cell in unit.cells],
            "is_own": scope.is_own(unit.member.pk),
            "settles": settles,
        },
        status=422 if refused else 200,
    )


@signed_in
@require_POST
@once
def cross_review_settle(
    request: SignedInRequest, year: int, round: int, member: int, criterion: int
) -> HttpResponse:
    """Write down what was decided about one difference."""
    found, scope = _scope_or_404(request, year, round)
    unit = _unit_or_404(scope, member)
    chosen = get_object_or_404(scope.round.criteria.select_related("criterion"), pk=criterion)
    form = SettleForm(request.POST, auto_id=f"{chosen.pk}-%s")
    if form.is_valid():
        try:
            services.settle_disagreement(
                round=scope.round,
                reviewed=unit.member,
                criterion=chosen,
                note=form.cleaned_data["note"],
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except PermissionDenied:
            raise Http404 from None
        except RuleError as error:
            # What was typed stays; sent again, it answers what is stored now and shown beside it.
            unit = _unit_or_404(scope, member)
            form = _anew(form, unit, chosen, str(error))
        else:
            messages.success(request, f"Đã ghi kết luận ở nội dung {chosen.criterion.code}.")
            here = reverse("scoring:cross_review_unit", args=[found.pk, scope.round.pk, member])
            return redirect(f"{here}#criterion-{chosen.pk}")
    return _unit_page(request, found, scope, unit, (chosen.pk, form))


def _anew(
    form: SettleForm, unit: UnitResult, criterion: CrossReviewCriterion, said: str
) -> SettleForm:
    cell = next(each for each in unit.cells if each.criterion.pk == criterion.pk)
    version = cell.settlement.version if cell.settlement else 0
    again = SettleForm({"note": form.cleaned_data["note"], "version": version})
    again.auto_id = form.auto_id
    again.add_error(None, said)
    return again


@signed_in
@require_POST
@once
def cross_review_correction(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """Show or hide the corrected means."""
    found, stored = round_or_404(request, year, round)
    shown = request.POST.get("shown") == "1"
    acted(
        request,
        lambda: services.show_correction(
            round=stored, shown=shown, actor=request.user, at=timezone.now()
        ),
        "Đã hiện điểm hiệu chỉnh." if shown else "Đã ẩn điểm hiệu chỉnh.",
    )
    if points_are_open(stored):
        return redirect("scoring:cross_review_results", year=found.pk, round=stored.pk)
    return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)
