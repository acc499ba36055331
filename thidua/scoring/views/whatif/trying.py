"""Other points and other figures typed in the address: totals and places before and after."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.rules.scoring.whatif import Moved, PointMoved
from thidua.scoring import queries as read
from thidua.scoring.models import Criterion
from thidua.scoring.permissions import can_try_changes
from thidua.scoring.queries.evaluation import Evaluated, Evaluation
from thidua.scoring.queries.what_if import (
    Tried,
    evaluation_of,
    first_places,
    open_points,
    try_changes,
)
from thidua.scoring.views.whatif.figures import FigureTrial, askable, figures_in
from thidua.scoring.views.whatif.points import MOST_CHANGES, Trial, trials_in

MOST_MOVED = 100


@dataclass(frozen=True)
class Row:
    """One unit before and after, for the table; `by_leader` counts points moved by another lead."""

    unit: Evaluated
    moved: Moved[int]
    by_leader: int = 0

    @property
    def step(self) -> Decimal | None:
        before, after = self.moved.total_before, self.moved.total_after
        return None if before is None or after is None else after - before


@dataclass(frozen=True)
class MovedLeaf:
    """One point that moved with the figures tried."""

    unit: Evaluated
    criterion: Criterion
    moved: PointMoved[int]


@signed_in
@require_safe
def what_if(request: SignedInRequest, year: int) -> HttpResponse:
    """Totals and places under what was typed, and which points moved. Saves nothing."""
    found = year_or_404(request.user, year)
    if not can_try_changes(request.user, found):
        raise Http404
    criteria_set = read.issued_set(found)
    if criteria_set is None:
        return render(request, "scoring/what_if.html", {"year": found})
    criteria_set.year = found
    evaluation = evaluation_of(criteria_set)
    points = open_points(evaluation)
    trials, adding_error = trials_in(request, evaluation, points)
    figures, figure_error = figures_in(request, evaluation)
    tried, refused = _tried(evaluation, trials, figures)
    everything: list[Trial | FigureTrial] = [*trials, *figures]
    return render(
        request,
        "scoring/what_if.html",
        {
            "year": found,
            "evaluation": evaluation,
            "trials": trials,
            "figures": figures,
            "hidden": max(0, len(points) - MOST_CHANGES),
            "adding_error": adding_error,
            "figure_error": figure_error,
            "refused": refused,
            "leaves": [each for each in evaluation.criteria if each.is_leaf],
            "inputs": askable(evaluation),
            "has_errors": any(each.error for each in everything),
            "first_places": first_places(evaluation, points),
            "compares": evaluation.leads != {},
            "leaders_unknown": evaluation.leads is None,
            **_shown(evaluation, tried),
            "tried": not refused and any(map(_is_tried, everything)),
        },
    )


def _is_tried(each: Trial | FigureTrial) -> bool:
    return each.points is not None if isinstance(each, Trial) else bool(each.text)


def _tried(
    evaluation: Evaluation, trials: Iterable[Trial], figures: Iterable[FigureTrial]
) -> tuple[Tried, str]:
    """What the trial gives; nothing tried, and the reason, where the rules cannot be applied."""
    changes = {
        (each.unit.sheet.pk, each.criterion.path): each.points
        for each in trials
        if each.points is not None
    }
    given = {(each.unit.sheet.pk, each.input.key): each.text for each in figures if each.text}
    try:
        return try_changes(evaluation, changes, given), ""
    except RuleError as error:
        return try_changes(evaluation, {}), str(error)


def _shown(evaluation: Evaluation, tried: Tried) -> dict[str, object]:
    """The trial as the page shows it."""
    by_member = {unit.sheet.membership_id: unit for unit in evaluation.units}
    by_sheet = {unit.sheet.pk: unit for unit in evaluation.units}
    criteria = {each.path: each for each in evaluation.criteria}
    leaves = [MovedLeaf(by_sheet[each.key], criteria[each.path], each) for each in tried.points]
    led = Counter(by_sheet[each.key].sheet.membership_id for each in tried.by_leader)
    return {
        "rows": [Row(by_member[each.key], each, led[each.key]) for each in tried.moves.rows],
        "first_changes": tried.moves.first_changes,
        "moved_leaves": leaves[:MOST_MOVED],
        "moved_beyond": max(0, len(leaves) - MOST_MOVED),
        "led_units": [by_member[key].name for key in led],
    }
