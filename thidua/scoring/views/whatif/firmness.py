"""How places shift when the weights of the parts vary."""

from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.rules.scoring.robustness import Robustness
from thidua.scoring import queries as read
from thidua.scoring.charts import PlaceRow, percent, places_chart
from thidua.scoring.models import ScoreSheet
from thidua.scoring.permissions import can_try_changes
from thidua.scoring.queries.evaluation import Evaluated, Evaluation
from thidua.scoring.queries.what_if import evaluation_of, firmness, weighted_parts
from thidua.scoring.ranking_forms import BOUNDS, RobustnessForm

DEFAULT_BOUND, DEFAULT_SEED = 20, 2026


@dataclass(frozen=True)
class FirmRow:
    """One unit: its place now, and how firm that is under each bound."""

    name: str
    place: int
    kept: tuple[str, ...]
    best: int
    worst: int
    first: str


@signed_in
@require_safe
def robustness(request: SignedInRequest, year: int) -> HttpResponse:
    """How places shift when the weights of the parts vary; the seed makes it repeatable."""
    found = year_or_404(request.user, year)
    criteria_set = read.issued_set(found)
    data = {
        "bound": request.GET.get("bound", str(DEFAULT_BOUND)),
        "seed": request.GET.get("seed", str(DEFAULT_SEED)),
    }
    form = RobustnessForm(data)
    context: dict[str, object] = {"year": found, "form": form}
    if criteria_set is not None and form.is_valid():
        criteria_set.year = found
        context |= _firm(
            request,
            found,
            evaluation_of(criteria_set),
            form.cleaned_data["bound"],
            form.cleaned_data["seed"],
        )
    status = 422 if form.errors else 200
    return render(request, "scoring/robustness.html", context, status=status)


def _firm(
    request: SignedInRequest, year: EmulationYear, evaluation: Evaluation, bound: int, seed: int
) -> dict[str, object]:
    """Final sheets for everybody; for those who see every sheet handed in, these too."""
    whole = can_try_changes(request.user, year)
    units = [
        unit for unit in evaluation.units if whole or unit.sheet.state == ScoreSheet.State.FINALISED
    ]
    groups = list(dict.fromkeys(unit.group for unit in units))
    parts = {each.path: each for each in evaluation.criteria}
    return {
        "bound": bound,
        "bounds": BOUNDS,
        "seed": seed,
        "is_provisional": any(unit.sheet.state != ScoreSheet.State.FINALISED for unit in units),
        "parts": [parts[path] for path in weighted_parts(evaluation)],
        "results": [
            _group(evaluation, group, [u for u in units if u.group == group], bound, seed)
            for group in groups
        ],
    }


def _group(
    evaluation: Evaluation, name: str, units: list[Evaluated], bound: int, seed: int
) -> dict[str, object]:
    by_bound: dict[int, Robustness[int]] = {
        each: firmness(evaluation, units, bound=Fraction(each, 100), seed=seed) for each in BOUNDS
    }
    chosen = by_bound[bound]
    names = {unit.sheet.membership_id: unit.name for unit in units}
    rows = [
        FirmRow(
            names[key],
            firm.place,
            tuple(
                percent(found.units[key].shares.get(firm.place, Fraction(0)))
                for found in by_bound.values()
            ),
            firm.best,
            firm.worst,
            percent(firm.first),
        )
        for key, firm in chosen.units.items()
    ]
    title = f"Tỷ lệ số lần ở từng hạng khi trọng số thay đổi ±{bound} %"
    chart = places_chart(
        [PlaceRow(names[key], firm.place, firm.shares) for key, firm in chosen.units.items()],
        f"{title}, nhóm {name}" if name else title,
    )
    return {
        "name": name,
        "rows": rows,
        "chart": chart,
        "sentences": [firm.sentence for firm in chosen.units.values()],
        "certain": [each.sentence for each in chosen.certain],
        "how": chosen.trace,
    }
