"""Points tried in place of what stands: the open ones, and any leaf a person adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from thidua.accounts.access import SignedInRequest
from thidua.rules.errors import RuleError
from thidua.rules.scoring import parse_number, vietnamese
from thidua.scoring.models import Criterion
from thidua.scoring.queries.evaluation import Evaluated, Evaluation
from thidua.scoring.queries.what_if import OpenPoint

MOST_CHANGES = 60


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


def trials_in(
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
