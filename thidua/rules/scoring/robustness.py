"""How firm a ranking is: places when the weights of criteria vary within stated bounds.

Seeded and exact: weights lie on a grid of fractions and everything is counted in whole numbers, so
that the same seed gives the same answer on every machine.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from operator import mul
from random import Random
from typing import Generic

from thidua.rules.errors import RuleError
from thidua.rules.scoring.ranking import Key, named, shown
from thidua.rules.scoring.tree import Rounding, RoundingMode

# A weight is one of 2 × 1000 + 1 equal steps between its bounds.
GRID = 1000
SAMPLES = 1000
MOST_SAMPLES = 100_000


@dataclass(frozen=True)
class Firmness:
    """One organisation over all samples: how often at each place, as shares of 1."""

    place: int
    shares: Mapping[int, Fraction]
    best: int
    worst: int
    sentence: str

    @property
    def first(self) -> Fraction:
        """How often it came first, alone or shared."""
        return self.shares.get(1, Fraction(0))


@dataclass(frozen=True)
class Certain(Generic[Key]):
    """`above` can never come below `under`; `dominates`: not with any weights at all."""

    above: Key
    under: Key
    dominates: bool
    sentence: str


@dataclass(frozen=True)
class Robustness(Generic[Key]):
    """Firmness by organisation, best first, and the pairs that are certain within the bounds."""

    samples: int
    seed: int
    units: Mapping[Key, Firmness]
    certain: tuple[Certain[Key], ...]
    trace: tuple[str, ...]


def robustness(
    points: Mapping[Key, Mapping[str, Decimal]],
    bounds: Mapping[str, Fraction] | Fraction,
    *,
    seed: int,
    samples: int = SAMPLES,
    fixed: Mapping[Key, Decimal] | None = None,
    rounding: Rounding | None = None,
    names: Mapping[Key, str] | None = None,
) -> Robustness[Key]:
    """Places when each criterion's weight, 1 as the table stands, varies by up to its bound.

    In: points by organisation and criterion (one not there counts 0, as in the total); bounds as
    parts of 1 (1/5 is ±20 %), one for all or by criterion (0 where not named); `fixed` points that
    carry no weight, such as awards; the rounding of totals. Raises RuleError for bounds outside
    0…1, or a number of samples out of range.
    """
    varied = _Varied(points, bounds, fixed or {}, rounding)
    if not 1 <= samples <= MOST_SAMPLES:
        raise RuleError(f"Số lần thử phải từ 1 đến {shown(Decimal(MOST_SAMPLES))}.")
    counts: list[Counter[int]] = [Counter() for _ in varied.keys]
    random = Random(seed)  # noqa: S311 - a repeatable simulation, no secret
    for _ in range(samples):
        steps = [random.randint(-GRID, GRID) for _ in varied.paths]
        for count, place in zip(counts, varied.places(steps), strict=True):
            count[place] += 1
    nominal = varied.places([0] * len(varied.paths))
    words = names or {}
    units = {
        varied.keys[index]: _firmness(
            named([varied.keys[index]], words), nominal[index], counts[index], samples
        )
        for index in sorted(range(len(nominal)), key=nominal.__getitem__)
    }
    return Robustness(
        samples, seed, units, tuple(varied.certain(units, words)), (varied.says(samples, seed),)
    )


class _Varied(Generic[Key]):
    """All points as whole numbers: weights in steps, points in their finest unit."""

    def __init__(
        self,
        points: Mapping[Key, Mapping[str, Decimal]],
        bounds: Mapping[str, Fraction] | Fraction,
        fixed: Mapping[Key, Decimal],
        rounding: Rounding | None,
    ) -> None:
        self.keys = tuple(points)
        self.paths = tuple(dict.fromkeys(path for row in points.values() for path in row))
        by_path = bounds if isinstance(bounds, Mapping) else dict.fromkeys(self.paths, bounds)
        self.bounds = [_bound(path, by_path.get(path, Fraction(0))) for path in self.paths]
        rows = {
            key: [Fraction(row.get(path, 0)) for path in self.paths] for key, row in points.items()
        }
        extra = {key: Fraction(fixed.get(key, 0)) for key in self.keys}
        numbers = [number for row in rows.values() for number in row] + list(extra.values())
        unit = lcm(*(number.denominator for number in numbers))
        grain = lcm(*(bound.denominator for bound in self.bounds))
        # A weight of 1 is `whole` steps; a bound is as many steps for each of the grid's.
        self.whole = GRID * grain
        self.strides = [int(bound * grain) for bound in self.bounds]
        self.rows = [[int(number * unit) for number in rows[key]] for key in self.keys]
        self.extra = [int(extra[key] * unit) * self.whole for key in self.keys]
        self.round = _rounder(rounding, unit * self.whole)

    def places(self, steps: Sequence[int]) -> list[int]:
        """The place of each with the weights these many grid steps away from 1."""
        weights = [
            self.whole + stride * step for stride, step in zip(self.strides, steps, strict=True)
        ]
        totals = [
            extra + sum(map(mul, weights, row))
            for extra, row in zip(self.extra, self.rows, strict=True)
        ]
        if self.round is not None:
            totals = [self.round(total) for total in totals]
        ascending = sorted(-total for total in totals)
        return [bisect_left(ascending, -total) + 1 for total in totals]

    def certain(
        self, order: Mapping[Key, Firmness], names: Mapping[Key, str]
    ) -> Iterator[Certain[Key]]:
        """Pairs of which one is at or above the other for every weight in the bounds: exact.

        The least difference is at an end of each bound, so no weight need be tried.
        """
        index = {key: number for number, key in enumerate(self.keys)}
        for above in order:
            for under in order:
                if order[above].place < order[under].place:
                    found = self._certain(above, under, index, names)
                    if found:
                        yield found

    def _certain(
        self, above: Key, under: Key, index: Mapping[Key, int], names: Mapping[Key, str]
    ) -> Certain[Key] | None:
        upper, lower = index[above], index[under]
        more = [high - low for high, low in zip(self.rows[upper], self.rows[lower], strict=True)]
        ahead = self.extra[upper] - self.extra[lower]
        least = ahead + sum(
            self.whole * each - GRID * stride * abs(each)
            for each, stride in zip(more, self.strides, strict=True)
        )
        if least < 0:
            return None
        dominates = ahead >= 0 and all(each >= 0 for each in more)
        why = (
            "từng tiêu chí đều bằng hoặc hơn nên trọng số nào cũng vậy"
            if dominates
            else "trong phạm vi trọng số đã nêu"
        )
        sentence = f"{named([above], names)} không thể xếp dưới {named([under], names)}: {why}."
        return Certain(above, under, dominates, sentence)

    def says(self, samples: int, seed: int) -> str:
        """How the samples were drawn, so that anyone can draw them again."""
        ranges = {
            path: f"±{shown(bound * 100)} %"
            for path, bound in zip(self.paths, self.bounds, strict=True)
        }
        if len(set(ranges.values())) == 1:
            within = f"mọi tiêu chí {next(iter(ranges.values()))}"
        else:
            within = "; ".join(f"tiêu chí {path} {each}" for path, each in ranges.items())
        return (
            f"Thử {samples} lần với trọng số thay đổi ngẫu nhiên ({within}), số mầm {seed}; cùng số"
            " mầm luôn cho cùng kết quả."
        )


def _bound(path: str, bound: Fraction) -> Fraction:
    if not 0 <= bound <= 1:
        raise RuleError(f"Mức thay đổi trọng số của tiêu chí {path} phải từ 0 đến 100 %.")
    return Fraction(bound)


class _Rounder:
    """Rounds a whole number of `unit`-ths of a point to a whole number of the table's steps."""

    def __init__(self, rounding: Rounding, unit: int) -> None:
        step = Fraction(rounding.quantum) * unit
        self.times, self.per, self.mode = step.denominator, step.numerator, rounding.mode

    def __call__(self, number: int) -> int:
        steps, rest = divmod(abs(number) * self.times, self.per)
        twice = 2 * rest
        match self.mode:
            case RoundingMode.UP:
                up = rest > 0
            case RoundingMode.HALF_UP:
                up = twice >= self.per
            case RoundingMode.HALF_EVEN:
                up = twice > self.per or (twice == self.per and steps % 2 == 1)
            case _:
                up = False
        return (steps + up) if number >= 0 else -(steps + up)


def _rounder(rounding: Rounding | None, unit: int) -> _Rounder | None:
    return None if rounding is None else _Rounder(rounding, unit)


def _firmness(name: str, place: int, count: Counter[int], samples: int) -> Firmness:
    shares = {each: Fraction(count[each], samples) for each in sorted(count)}
    best, worst = min(count), max(count)
    held = shares.get(place, Fraction(0))
    span = f"luôn hạng {best}" if best == worst else f"từ hạng {best} đến hạng {worst}"
    sentence = f"{name}: giữ hạng {place} trong {shown(held * 100)} % số lần thử; {span}."
    return Firmness(place, shares, best, worst, sentence)
