"""What points would be without the habits of harsh and lenient scorers; exact."""

from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Generic, TypeVar

from thidua.rules.scoring.ranking import Key, named, shown

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True)
class Corrected:
    """One organisation's mean as given, and with the habits of its scorers taken out."""

    raw: Fraction
    corrected: Fraction
    component: int
    sentence: str


@dataclass(frozen=True)
class Correction(Generic[Item, Key]):
    """Means beside each other, and how much each scorer gives above (+) or below (−) the others.

    `components`: those whose scorers are linked; across two of them nothing can be compared.
    """

    items: Mapping[Item, Corrected]
    effects: Mapping[Key, Fraction]
    components: tuple[tuple[Item, ...], ...]
    trace: tuple[str, ...]

    @property
    def is_connected(self) -> bool:
        """Everybody can be compared with everybody."""
        return len(self.components) <= 1


def correct(
    points: Mapping[Item, Mapping[Key, Decimal]],
    item_names: Mapping[Item, str] | None = None,
    names: Mapping[Key, str] | None = None,
) -> Correction[Item, Key]:
    """Points = worth of the item + habit of the scorer, by least squares, exact.

    In: points by item (an organisation, for its total or for one criterion) and scorer; items that
    nobody scored are left out. Habits have mean 0 among the scorers who are linked.
    """
    scored = {item: row for item, row in points.items() if row}
    parts = _components(scored)
    effects: dict[Key, Fraction] = {}
    for items, reviewers in parts:
        effects.update(_effects({item: scored[item] for item in items}, reviewers))
    component = {item: number for number, (items, _) in enumerate(parts) for item in items}
    corrected = {
        item: _corrected(named([item], item_names or {}), row, effects, component[item])
        for item, row in scored.items()
    }
    components = tuple(items for items, _ in parts)
    told = tuple(_habits(components, effects, item_names or {}, names or {}))
    return Correction(corrected, effects, components, told)


def _corrected(
    name: str, row: Mapping[Key, Decimal], effects: Mapping[Key, Fraction], component: int
) -> Corrected:
    raw = _mean([Fraction(each) for each in row.values()])
    habit = _mean([effects[reviewer] for reviewer in row])
    sentence = (
        f"{name}: trung bình {shown(raw)}; người chấm trung bình {_habit(habit)} nên điểm đã hiệu"
        f" chỉnh {shown(raw - habit)}."
    )
    return Corrected(raw, raw - habit, component, sentence)


def _components(
    points: Mapping[Item, Collection[Key]],
) -> list[tuple[tuple[Item, ...], tuple[Key, ...]]]:
    """Items and scorers that are linked through each other, in the order given."""
    by_reviewer: dict[Key, list[Item]] = {}
    for item, row in points.items():
        for reviewer in row:
            by_reviewer.setdefault(reviewer, []).append(item)
    parts = []
    seen: set[Item] = set()
    for first in points:
        if first in seen:
            continue
        seen.add(first)
        items, reviewers, queue = [first], dict[Key, None](), deque([first])
        while queue:
            for reviewer in points[queue.popleft()]:
                reviewers[reviewer] = None
                fresh = [item for item in by_reviewer[reviewer] if item not in seen]
                seen.update(fresh)
                items += fresh
                queue += fresh
        parts.append((tuple(items), tuple(reviewers)))
    return parts


def _effects(
    points: Mapping[Item, Mapping[Key, Decimal]], reviewers: tuple[Key, ...]
) -> dict[Key, Fraction]:
    """Least squares for linked scorers, the worth of items eliminated.

    For each scorer: the sum of (points − mean of the item) equals the same sum of habits. One of
    these equations follows from the others; mean 0 takes its place. All in whole numbers: the
    equations times the common multiple of the items' scorers, the points in their finest unit.
    """
    index = {reviewer: number for number, reviewer in enumerate(reviewers)}
    size = len(reviewers)
    times = lcm(*(len(row) for row in points.values()))
    unit = lcm(*(each.as_integer_ratio()[1] for row in points.values() for each in row.values()))
    rows = [[0] * (size + 1) for _ in reviewers]
    for given in points.values():
        share = times // len(given)
        scorers = [index[reviewer] for reviewer in given]
        whole = [int(each * unit) for each in given.values()]
        mean = share * sum(whole)
        for scorer, value in zip(scorers, whole, strict=True):
            row = rows[scorer]
            row[scorer] += times
            row[size] += times * value - mean
            for other in scorers:
                row[other] -= share
    rows[-1] = [1] * size + [0]
    habits = (each / unit for each in _solved(rows))
    return dict(zip(reviewers, habits, strict=True))


def _solved(matrix: list[list[int]]) -> list[Fraction]:
    """The one solution of a regular system, by elimination without fractions (Bareiss)."""
    before = 1
    for step in range(len(matrix)):
        pivot = next(number for number in range(step, len(matrix)) if matrix[number][step])
        matrix[step], matrix[pivot] = matrix[pivot], matrix[step]
        head = matrix[step]
        for number, row in enumerate(matrix):
            if number != step:
                matrix[number] = [
                    (each * head[step] - row[step] * top) // before
                    for each, top in zip(row, head, strict=True)
                ]
        before = head[step]
    return [Fraction(row[-1], row[number]) for number, row in enumerate(matrix)]


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def _habit(effect: Fraction) -> str:
    if not effect:
        return "không chặt, không lỏng hơn"
    return f"{'cho cao hơn' if effect > 0 else 'cho thấp hơn'} {shown(abs(effect))} điểm"


def _habits(
    components: tuple[tuple[Item, ...], ...],
    effects: Mapping[Key, Fraction],
    item_names: Mapping[Item, str],
    names: Mapping[Key, str],
) -> Iterator[str]:
    if len(components) > 1:
        groups = "; ".join(named(items, item_names) for items in components)
        yield (
            f"Các lượt chấm tách thành {len(components)} nhóm không có người chấm chung ({groups});"
            " không so được điểm đã hiệu chỉnh giữa các nhóm."
        )
    for reviewer, effect in effects.items():
        yield f"{named([reviewer], names)}: {_habit(effect)} so với những người chấm cùng nhóm."
