"""Working out a unit's figures for one period: the same on every machine, on every day.

What looks like chance comes from a fingerprint of year, unit, period and column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from itertools import accumulate

from thidua.demo.figures.recipes import About, Equal, Left, Line, Parted, Recipe, Share
from thidua.rules.reporting import Edition
from thidua.rules.reporting.templates import Sum

Numbers = Mapping[str, Decimal]
# How far from the middle a number may lie, as a part of it; large shares leave less room.
SWING = Decimal("0.18")
SHARE_SWING = Decimal("0.12")
MONEY_PLACES = 1


@dataclass(frozen=True)
class Place:
    """Whose figures, and of when; `sizes` by name of scale."""

    year: int
    unit: str
    period: str
    sizes: Numbers


@dataclass(frozen=True)
class Kitchen:
    """What one period is worked out from: the quarter before, and what is settled beforehand."""

    forms: Edition
    place: Place
    before: Numbers | None
    settled: Numbers


def work_out(recipes: tuple[Recipe, ...], kitchen: Kitchen) -> dict[str, Decimal]:
    """Every number of the recipes, hidden ones with them; what is settled stays as it is."""
    values: dict[str, Decimal] = dict(kitchen.settled)
    for recipe in recipes:
        size = kitchen.place.sizes[recipe.size]
        for line in recipe.lines:
            for key, number in _carried_out(line, size, values, kitchen).items():
                values.setdefault(key, number)
    return values


def _carried_out(line: Line, size: Decimal, values: Numbers, kitchen: Kitchen) -> Numbers:
    place = kitchen.place
    match line:
        case About():
            number = line.base * size * (1 + _luck(place, line.key) * SWING)
            return {line.key: _rounded(kitchen, line.key, number)}
        case Left() if kitchen.before is not None:
            return {line.key: _total(line.of, kitchen.before)}
        case Left():
            # The same for the first quarter and for every longer period that begins with it.
            first = Place(place.year, place.unit, "", place.sizes)
            number = line.base * size * (1 + _luck(first, line.key) * SWING)
            return {line.key: _rounded(kitchen, line.key, number)}
        case Share():
            number = _total(line.of, values) * _percent(line, place) / 100
            return {line.key: _rounded(kitchen, line.key, number)}
        case Equal():
            return {line.key: _total(line.of, values)}
        case Parted():
            return _parted(line, values, kitchen)


def _total(terms: Sum, values: Numbers) -> Decimal:
    return sum((values[term.key] * term.factor for term in terms), Decimal(0))


def _percent(line: Share, place: Place) -> Decimal:
    """A little more or less, never below 0, nor above 100 where it was not."""
    room = min(line.percent, abs(100 - line.percent)) if line.percent <= 100 else line.percent
    return line.percent + room * SHARE_SWING * _luck(place, line.key)


def _parted(line: Parted, values: Numbers, kitchen: Kitchen) -> dict[str, Decimal]:
    """The whole cut at the rounded sums of the weights, so that nothing is lost; what is settled
    of the parts is taken off first."""
    free = [(key, weight) for key, weight in line.parts if key not in values]
    taken = sum((values[key] for key, _ in line.parts if key in values), Decimal(0))
    whole = values[line.whole] - taken
    weights = [
        weight * (1 + _luck(kitchen.place, f"{line.whole}/{key}") * SHARE_SWING)
        for key, weight in free
    ]
    reached = (whole * each / sum(weights) for each in accumulate(weights))
    cuts = [Decimal(0), *(_rounded(kitchen, free[0][0], each) for each in reached)]
    return {key: cuts[number + 1] - cuts[number] for number, (key, _) in enumerate(free)}


def _rounded(kitchen: Kitchen, key: str, number: Decimal) -> Decimal:
    places = 0
    if not key.startswith("$") and kitchen.forms.indicator(key).measure == "triệu đồng":
        places = MONEY_PLACES
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _luck(place: Place, key: str) -> Decimal:
    """Between -1 and 1."""
    said = f"{place.year}|{place.unit}|{place.period}|{key}"
    drawn = int.from_bytes(sha256(said.encode()).digest()[:4])
    return Decimal(drawn) / Decimal(2**31) - 1
