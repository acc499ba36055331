"""Figures tried in place of what a unit reported: typed as in its own sheet, never saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from thidua.accounts.access import SignedInRequest
from thidua.rules.errors import RuleError
from thidua.rules.scoring import in_words, read_fact
from thidua.rules.scoring.language import Input, InputKind
from thidua.scoring.queries.evaluation import Evaluated, Evaluation

MOST_FIGURES = 40
LONGEST = 200
_NOT_THERE = "Hãy chọn cả đơn vị đã nộp bảng tự chấm và số liệu trong danh sách."


@dataclass
class FigureTrial:
    """One figure of one unit that may be tried with another value."""

    unit: Evaluated
    input: Input
    choices: tuple[str, ...] = ()
    typed: str = ""
    text: str = ""
    """Canonical; "" where nothing is tried."""
    error: str = ""

    @property
    def key(self) -> str:
        return f"s-{self.unit.sheet.pk}-{self.input.key}"

    @property
    def now(self) -> str:
        """The figure as it stands, in words; "" where it was not given."""
        given = self.unit.facts.given if self.unit.facts else {}
        return in_words(self.input, given.get(self.input.key) or self.input.default)


def askable(evaluation: Evaluation) -> list[Input]:
    """What people report, in the order of the table."""
    return [each for each in evaluation.rules.inputs.values() if each.formula is None]


def figures_in(request: SignedInRequest, evaluation: Evaluation) -> tuple[list[FigureTrial], str]:
    """The figures named in the address, with what was typed for each; and what was named wrongly."""
    found: dict[str, FigureTrial] = {}
    error = ""
    inputs = {each.key: each for each in askable(evaluation)}
    for name in _wanted(request.GET):
        sheet, key = _parsed(name)
        unit = evaluation.unit(sheet)
        if unit is None or key not in inputs:
            error = _NOT_THERE
        elif name not in found and len(found) < MOST_FIGURES:
            each = inputs[key]
            trial = found[name] = FigureTrial(unit, each, _choices(each, evaluation))
            _read(trial, request.GET, evaluation)
    return list(found.values()), error


def _wanted(data: Mapping[str, str]) -> list[str]:
    """Those tried already, then the one that was just chosen."""
    wanted = [name for name in data if name.startswith("s-")]
    unit, key = data.get("don-vi-so-lieu"), data.get("so-lieu")
    if unit or key:
        wanted.append(f"s-{unit}-{key}")
    return wanted


def _parsed(name: str) -> tuple[int, str]:
    _, _, rest = name.partition("-")
    sheet, _, key = rest.partition("-")
    known = sheet.isascii() and sheet.isdigit() and len(sheet) < 18
    return (int(sheet) if known else 0), normalize("NFC", key)


def _choices(each: Input, evaluation: Evaluation) -> tuple[str, ...]:
    """What there is to choose from, where it is not typed freely."""
    if each.kind is InputKind.YES_NO:
        return ("Có", "Không")
    if each.kind is InputKind.CHOICE:
        return tuple(band.label for band in evaluation.rules.bands.get(each.options, ()))
    return ()


def _read(trial: FigureTrial, data: Mapping[str, str], evaluation: Evaluation) -> None:
    trial.typed = data.get(trial.key, "").strip()[:LONGEST]
    try:
        trial.text = read_fact(trial.input, trial.typed, evaluation.rules.bands)
    except RuleError as error:
        trial.error = str(error)
