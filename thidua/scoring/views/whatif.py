"""Pages that try and save nothing: other points, other weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.rules.scoring import parse_number, vietnamese
from thidua.rules.scoring.robustness import Robustness
from thidua.rules.scoring.whatif import Moved
from thidua.scoring import queries as read
from thidua.scoring.charts import PlaceRow, percent, places_chart
from thidua.scoring.models import Criterion, ScoreSheet
from thidua.scoring.permissions import can_try_changes
from thidua.scoring.queries.evaluation import Evaluated, Evaluation
from thidua.scoring.queries.what_if import (
    OpenPoint,
    evaluation_of,
    firmness,
    first_places,
    open_points,
    try_changes,
    weighted_parts,
)
from thidua.scoring.ranking_forms import BOUNDS, RobustnessForm

MOST_CHANGES = 60
DEFAULT_BOUND, DEFAULT_SEED = 20, 2026


@dataclass
class Trial:
    """One leaf of one unit that may be tried with other points."""

    unit: Evaluated
    criterion: Criterion
    now: Decimal | None
    claimed: Decimal | None
    note: str
    typed: str = ""
    points: Decimal | None = None
    error: str = ""

    @property
    def key(self) -> str:
        return f"d-{self.unit.sheet.pk}-{self.criterion.pk}"


@dataclass(frozen=True)
class Row:
    """One unit before and after, for the table."""

    unit: Evaluated
    moved: Moved[int]

    @property
    def step(self) -> Decimal | None:
        before, after = self.moved.total_before, self.moved.total_after
        return None if before is None or after is None else after - before


@signed_in
@require_safe
def what_if(request: SignedInRequest, year: int) -> HttpResponse:
    """Other points typed in the address: totals and places before and after. Saves nothing."""
    found = year_or_404(request.user, year)
    if not can_try_changes(request.user, found):
        raise Http404
    criteria_set = read.issued_set(found)
    if criteria_set is None:
        return render(request, "scoring/what_if.html", {"year": found})
    criteria_set.year = found
    evaluation = evaluation_of(criteria_set)
    points = open_points(evaluation)
    trials, adding_error = _trials(request, evaluation, points)
    changes = {
        (each.unit.sheet.pk, each.criterion.path): each.points
        for each in trials
        if each.points is not None
    }
    moved = try_changes(evaluation, changes)
    by_member = {unit.sheet.membership_id: unit for unit in evaluation.units}
    rows = [Row(by_member[each.key], each) for each in moved.rows]
    leaves = [each for each in evaluation.criteria if each.is_leaf]
    return render(
        request,
        "scoring/what_if.html",
        {
            "year": found,
            "evaluation": evaluation,
            "trials": trials,
            "hidden": max(0, len(points) - MOST_CHANGES),
            "adding_error": adding_error,
            "leaves": leaves,
            "rows": rows,
            "tried": changes,
            "first_changes": moved.first_changes,
            "first_places": first_places(evaluation, points),
            "has_errors": any(each.error for each in trials),
        },
    )


def _trials(
    request: SignedInRequest, evaluation: Evaluation, points: list[OpenPoint]
) -> tuple[list[Trial], str]:
    """The open points, then those the person added; with what was typed for each."""
    found = {
        (each.unit.sheet.pk, each.criterion.pk): Trial(
            each.unit, each.criterion, each.now, each.claimed, _note(each)
        )
        for each in points[:MOST_CHANGES]
    }
    wanted = [_added(key) for key in request.GET if key.startswith("d-")]
    error = ""
    if request.GET.get("don-vi") or request.GET.get("tieu-chi"):
        wanted.append(_added(f"d-{request.GET.get('don-vi')}-{request.GET.get('tieu-chi')}"))
    leaves = {each.pk: each for each in evaluation.criteria if each.is_leaf}
    for key in wanted:
        unit = evaluation.unit(key[0]) if key else None
        leaf = leaves.get(key[1]) if key else None
        if key is None or unit is None or leaf is None:
            error = "Hãy chọn cả đơn vị đã nộp bảng tự chấm và tiêu chí trong danh sách."
        elif key not in found and len(found) < 2 * MOST_CHANGES:
            score = unit.scores.get(leaf.path)
            found[key] = Trial(
                unit,
                leaf,
                unit.result.leaves[leaf.path].points,
                score.self_points if score else None,
                "Bạn thêm vào để thử",
            )
    trials = list(found.values())
    for trial in trials:
        _read(trial, request.GET)
    return trials, error


def _note(each: OpenPoint) -> str:
    if each.waits:
        return "Đơn vị đã giải trình, chờ người thẩm định xem lại"
    return "Thẩm định khác tự chấm"


def _added(key: str) -> tuple[int, int] | None:
    parts = key.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[1:]):
        return None
    return int(parts[1]), int(parts[2])


def _read(trial: Trial, data: Mapping[str, str]) -> None:
    trial.typed = data.get(trial.key, "").strip()[:40]
    if not trial.typed:
        return
    try:
        points = parse_number(trial.typed)
        _refuse_beyond(trial, points)
    except RuleError as error:
        trial.error = str(error)
    else:
        trial.points = points


def _refuse_beyond(trial: Trial, points: Decimal) -> None:
    """No more than the table can give, no less than it can take away."""
    leaf = trial.criterion
    if leaf.has_bonus and leaf.bonus_cap is None:
        most = None
    else:
        most = (leaf.maximum or Decimal(0)) + (leaf.bonus_cap or Decimal(0))
    if most is not None and points > most:
        raise RuleError(f"Tiêu chí này không quá {vietnamese(most)} điểm.")
    if points < 0 and leaf.maximum is not None and trial.unit.sheet.criteria_set.floor_at_zero:
        raise RuleError("Bảng điểm không cho điểm âm ở tiêu chí này.")


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
