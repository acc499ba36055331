"""Cross-review as people take part in it: rounds, conflicts, the plan, opening and closing."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import own_membership
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.scoring import services
from thidua.scoring.cross_review_forms import ConflictForm, RoundForm
from thidua.scoring.models import CriteriaSet, CrossReviewConflict, CrossReviewRound
from thidua.scoring.permissions import (
    can_open_cross_review,
    can_prepare_cross_review,
    can_watch_cross_review,
    can_withdraw_conflict,
)
from thidua.scoring.queries import issued_set
from thidua.scoring.queries.cross_review_results import points_are_open, received
from thidua.scoring.queries.cross_reviews import (
    PlanLine,
    handings,
    maxima_of,
    members_of,
    own_reviews,
    plan_key,
    plan_lines,
    planned,
    stored_plan,
)
from thidua.scoring.services.cross_reviews import NOT_DRAFT
from thidua.scoring.views.fetching import acted

State = CrossReviewRound.State
SEEDS = 1_000_000


def round_or_404(
    request: SignedInRequest, year: int, number: int
) -> tuple[EmulationYear, CrossReviewRound]:
    """The year and its round by key, if the person takes part in it or watches it."""
    found = year_or_404(request.user, year)
    rounds = CrossReviewRound.objects.visible_to(request.user, found).select_related(
        "criteria_set__year__cluster", "made_by", "opened_by", "closed_by", "changed_by"
    )
    return found, get_object_or_404(rounds, pk=number)


@signed_in
@require_safe
def cross_reviews(request: SignedInRequest, year: int) -> HttpResponse:
    """The rounds of the year; the lead starts one here."""
    found = year_or_404(request.user, year)
    rounds = list(
        CrossReviewRound.objects.visible_to(request.user, found)
        .select_related("criteria_set")
        .order_by("-criteria_set__number", "-number")
    )
    leading = can_prepare_cross_review(request.user, found)
    running = any(each.state != State.CLOSED for each in rounds)
    return render(
        request,
        "scoring/cross_reviews.html",
        {
            "year": found,
            "rounds": rounds,
            "leading": leading,
            "criteria_set": issued_set(found),
            "may_make": leading and not running,
        },
    )


@signed_in
@once
def cross_review_new(request: SignedInRequest, year: int) -> HttpResponse:
    """The lead sets up a round under the table in force."""
    found = year_or_404(request.user, year)
    criteria_set = issued_set(found)
    if criteria_set is None or not can_prepare_cross_review(request.user, found):
        raise Http404
    criteria = list(criteria_set.criteria.all())
    form = _round_form(
        request,
        criteria_set,
        {
            "version": 0,
            "criteria": [each.pk for each in criteria if each.parent_id is None],
            "reviewers_per_unit": 2,
            "distance_kind": CrossReviewRound.DistanceKind.POINTS,
            "distance": 1,
            "seed": secrets.randbelow(SEEDS),
        },
    )
    if form.is_valid():
        try:
            round = services.make_cross_review(
                criteria_set=criteria_set,
                settings=form.settings(),
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã lập vòng chấm chéo. Hãy xem phương án phân công.")
            return redirect("scoring:cross_review_round", year=found.pk, round=round.pk)
    return _form_page(request, found, form, None)


@signed_in
@once
def cross_review_edit(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """The lead changes the settings of a round that is not open yet."""
    found, stored = round_or_404(request, year, round)
    if not can_prepare_cross_review(request.user, found):
        raise Http404
    form = _round_form(
        request,
        stored.criteria_set,
        {
            "version": stored.version,
            "criteria": list(stored.criteria.values_list("criterion", flat=True)),
            "reviewers_per_unit": stored.reviewers_per_unit,
            "distance": stored.distance,
            "distance_kind": stored.distance_kind,
            "seed": stored.seed,
            "shows_correction": stored.shows_correction,
        },
    )
    if stored.state != State.DRAFT:
        messages.error(request, NOT_DRAFT)
        return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)
    if form.is_valid():
        try:
            services.change_cross_review(
                round=stored,
                settings=form.settings(),
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã lưu thiết lập. Phương án phân công được tính lại.")
            return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)
    return _form_page(request, found, form, stored)


def _round_form(
    request: SignedInRequest, criteria_set: CriteriaSet, initial: dict[str, Any]
) -> RoundForm:
    criteria = list(criteria_set.criteria.all())
    data = request.POST if request.method == "POST" else None
    return RoundForm(criteria, maxima_of(criteria), data=data, initial=initial)


def _form_page(
    request: SignedInRequest,
    year: EmulationYear,
    form: RoundForm,
    round: CrossReviewRound | None,
) -> HttpResponse:
    context = {"year": year, "form": form, "round": round}
    status = 422 if form.errors else 200
    return render(request, "scoring/cross_review_form.html", context, status=status)


@signed_in
@require_safe
def cross_review_round(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """One round: for a unit its work and later its results, for lead and superior how far it is."""
    found, stored = round_or_404(request, year, round)
    own = own_membership(request.user, found)
    watches = can_watch_cross_review(request.user, found)
    leads = can_prepare_cross_review(request.user, found)
    draft = stored.state == State.DRAFT
    progress = handings(stored) if watches and not draft else []
    return render(
        request,
        "scoring/cross_review_round.html",
        {
            "year": found,
            "round": stored,
            "criteria": list(stored.criteria.select_related("criterion")),
            "own": own,
            "own_reviews": own_reviews(stored, own) if own and not draft else [],
            "received": received(stored, own) if own else None,
            "watches": watches,
            "leads": leads,
            "may_open": can_open_cross_review(request.user, found),
            "conflicts": _conflicts(request, stored, own, watches=watches),
            "progress": progress,
            "handed_in": sum(each.done for each in progress),
            "assigned": sum(each.total for each in progress),
            "points_open": watches and points_are_open(stored),
            "history": history_of(stored) if watches else [],
            **(_plan(stored) if watches else {}),
        },
    )


def _plan(round: CrossReviewRound) -> dict[str, Any]:
    """The plan as drawn now, or as it was opened; with the reason where there can be none."""
    members = members_of(round)
    if round.state != State.DRAFT:
        return {"plan": plan_lines(stored_plan(round), members)}
    none: list[PlanLine] = []
    try:
        drawn = planned(round, members)
    except RuleError as error:
        return {"plan": none, "plan_error": str(error)}
    return {
        "plan": plan_lines(drawn.assignments, members),
        "plan_key": plan_key(drawn),
        "plan_words": drawn.trace,
    }


def _conflicts(
    request: SignedInRequest, round: CrossReviewRound, own: Membership | None, *, watches: bool
) -> list[tuple[CrossReviewConflict, bool]]:
    """Declared conflicts with whether the person may take them back; a unit sees its own."""
    rows = round.conflicts.select_related(
        "first__organisation", "second__organisation", "declared_by", "round__criteria_set__year"
    )
    seen = [
        each
        for each in rows
        if watches or (own is not None and own.pk in {each.first_id, each.second_id})
    ]
    if round.state != State.DRAFT:
        return [(each, False) for each in seen]
    if can_prepare_cross_review(request.user, round.criteria_set.year):
        return [(each, True) for each in seen]
    return [(each, can_withdraw_conflict(request.user, each)) for each in seen]


@signed_in
@require_POST
@once
def cross_review_replan(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """Draw the plan anew with another seed."""
    found, stored = round_or_404(request, year, round)
    seed = secrets.randbelow(SEEDS)
    acted(
        request,
        lambda: services.replan_cross_review(
            round=stored,
            seed=seed,
            version=_whole(request.POST.get("version", "")),
            actor=request.user,
            at=timezone.now(),
        ),
        f"Đã phân công lại với số mầm {seed}.",
    )
    return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)


def _whole(text: str) -> int:
    """A hidden number as sent; −1 where it is none, which no version equals."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


@signed_in
@once
def cross_review_conflict(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """A unit, or the lead for two others, declares that two units do not score each other."""
    found, stored = round_or_404(request, year, round)
    leads = can_prepare_cross_review(request.user, found)
    own = own_membership(request.user, found)
    if not leads and own is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ConflictForm(members_of(stored), None if leads else own, data=data)
    if form.is_valid():
        try:
            services.declare_conflict(
                round=stored,
                pair=form.pair(),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except PermissionDenied:
            raise Http404 from None
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi nhận: hai đơn vị không chấm chéo cho nhau.")
            return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)
    context = {"year": found, "round": stored, "form": form, "own": None if leads else own}
    status = 422 if form.errors else 200
    return render(request, "scoring/cross_review_conflict.html", context, status=status)


@signed_in
@require_POST
@once
def cross_review_conflict_withdraw(
    request: SignedInRequest, year: int, round: int, conflict: int
) -> HttpResponse:
    """Take a declared conflict back."""
    found, stored = round_or_404(request, year, round)
    declared = get_object_or_404(
        CrossReviewConflict.objects.select_related("round"), pk=conflict, round=stored
    )
    acted(
        request,
        lambda: services.withdraw_conflict(
            conflict=declared, actor=request.user, at=timezone.now()
        ),
        "Đã rút khai báo.",
    )
    return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)


@signed_in
@require_POST
@once
def cross_review_open(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """The head of the lead opens the round with the plan just seen."""
    found, stored = round_or_404(request, year, round)
    acted(
        request,
        lambda: services.open_cross_review(
            round=stored,
            plan=request.POST.get("plan", ""),
            actor=request.user,
            at=timezone.now(),
        ),
        "Đã mở vòng chấm chéo. Các đơn vị chấm được ngay.",
    )
    return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)


@signed_in
@require_POST
@once
def cross_review_close(request: SignedInRequest, year: int, round: int) -> HttpResponse:
    """The head of the lead closes the round."""
    found, stored = round_or_404(request, year, round)
    acted(
        request,
        lambda: services.close_cross_review(
            round=stored,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
        "Đã đóng vòng chấm chéo. Mỗi đơn vị xem được kết quả của mình.",
    )
    return redirect("scoring:cross_review_round", year=found.pk, round=stored.pk)
