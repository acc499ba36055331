"""Points of several scorers side by side, and where they lie too far apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic

from thidua.rules.errors import RuleError
from thidua.rules.scoring.ranking import Key, named, shown

ZERO = Decimal(0)


@dataclass(frozen=True)
class Distance:
    """Set by people: scorers may differ by this much. Points, or per cent of the maximum."""

    points: Decimal | None = None
    percent: Fraction | None = None

    def __post_init__(self) -> None:
        if (self.points is None) == (self.percent is None):
            raise RuleError(
                "Mức chênh lệch ghi bằng điểm hoặc bằng % điểm tối đa, chỉ một trong hai."
            )
        if (self.points or self.percent or 0) < 0:
            raise RuleError("Mức chênh lệch phải từ 0 trở lên.")


@dataclass(frozen=True)
class Disagreement(Generic[Key]):
    """Scorers of one criterion of one organisation lie further apart than was set."""

    unit: Key
    path: str
    low: Decimal
    high: Decimal
    lowest: tuple[Key, ...]
    highest: tuple[Key, ...]
    sentence: str

    @property
    def spread(self) -> Decimal:
        """Points between the highest and the lowest."""
        return self.high - self.low


def disagreements(
    points: Mapping[tuple[Key, str], Mapping[Key, Decimal]],
    distance: Distance,
    maxima: Mapping[str, Decimal | None] | None = None,
    names: Mapping[Key, str] | None = None,
) -> tuple[Disagreement[Key], ...]:
    """Where the points of one criterion differ by more than `distance`, the widest first.

    In: points by (organisation, path) and scorer; maxima by path, for a distance in per cent. A
    criterion without a maximum has no per cent, so any difference there is told.
    """
    found = []
    for (unit, path), given in points.items():
        if len(given) > 1:
            limit, words = _limit(distance, (maxima or {}).get(path))
            told = _disagreement(unit, path, given, words, names or {})
            if told.spread > limit:
                found.append(told)
    return tuple(sorted(found, key=lambda each: -each.spread))


def _limit(distance: Distance, maximum: Decimal | None) -> tuple[Fraction, str]:
    if distance.points is not None:
        return Fraction(distance.points), f"vượt mức {shown(distance.points)} điểm"
    percent = distance.percent or Fraction(0)
    if not maximum:
        return Fraction(0), "tiêu chí không có điểm tối đa nên mọi chênh lệch đều được nêu"
    limit = percent * Fraction(maximum) / 100
    return limit, f"vượt mức {shown(percent)} % của {shown(maximum)} điểm = {shown(limit)}"


def _disagreement(
    unit: Key, path: str, given: Mapping[Key, Decimal], limit: str, names: Mapping[Key, str]
) -> Disagreement[Key]:
    low, high = min(given.values()), max(given.values())
    lowest = tuple(key for key, each in given.items() if each == low)
    highest = tuple(key for key, each in given.items() if each == high)
    sentence = (
        f"{named([unit], names)}, tiêu chí {path}: {named(highest, names)} cho {shown(high)},"
        f" {named(lowest, names)} cho {shown(low)}; chênh {shown(high - low)} điểm, {limit}."
    )
    return Disagreement(unit, path, low, high, lowest, highest, sentence)


def totals_by_reviewer(
    points: Mapping[tuple[Key, str], Mapping[Key, Decimal]], names: Mapping[Key, str] | None = None
) -> tuple[dict[Key, dict[Key, Decimal]], tuple[str, ...]]:
    """Each scorer's total for each organisation, for `correct`; who has not scored all is left out.

    Out: totals by organisation and scorer, and a sentence for each one left out.
    """
    paths: dict[Key, set[str]] = {}
    given: dict[Key, dict[Key, dict[str, Decimal]]] = {}
    for (unit, path), row in points.items():
        paths.setdefault(unit, set()).add(path)
        for reviewer, value in row.items():
            given.setdefault(unit, {}).setdefault(reviewer, {})[path] = value
    totals: dict[Key, dict[Key, Decimal]] = {}
    left_out = []
    for unit, reviewers in given.items():
        for reviewer, own in reviewers.items():
            missing = len(paths[unit]) - len(own)
            if not missing:
                totals.setdefault(unit, {})[reviewer] = sum(own.values(), ZERO)
                continue
            who, whom = named([reviewer], names or {}), named([unit], names or {})
            left_out.append(f"{who} còn {missing} tiêu chí chưa chấm cho {whom} nên chưa tính.")
    return totals, tuple(left_out)
