"""Chấm chéo: who scores whom, where scorers disagree, and harsh or lenient scorers evened out."""

from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from random import Random
from typing import Generic, TypeVar

from thidua.rules.errors import RuleError
from thidua.rules.scoring.ranking import Key, named, shown

Item = TypeVar("Item", bound=Hashable)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Plan(Generic[Key]):
    """Who scores each one (in the order of the units), and how many each scorer has."""

    assignments: Mapping[Key, tuple[Key, ...]]
    load: Mapping[Key, int]
    trace: tuple[str, ...]


def plan(
    units: Sequence[Key],
    reviewers_per_unit: int,
    conflicts: Collection[tuple[Key, Key]] = (),
    *,
    seed: int,
    names: Mapping[Key, str] | None = None,
) -> Plan[Key]:
    """Each unit gets that many others to score it: never itself, never one of a declared conflict.

    A conflict holds both ways. The load is as even as the conflicts allow; the same units in the
    same order with the same seed give the same plan. Raises RuleError naming those for whom too
    few scorers are left, or a unit given twice, or one in a conflict that is not there.
    """
    words = names or {}
    allowed = _allowed(units, reviewers_per_unit, conflicts, words)
    random = Random(seed)  # noqa: S311 - a repeatable draw, no secret
    drawn = list(units)
    random.shuffle(drawn)
    load = dict.fromkeys(drawn, 0)
    chosen: dict[Key, set[Key]] = {}
    for unit in sorted(drawn, key=lambda each: len(allowed[each])):
        order = [each for each in drawn if each in allowed[unit]]
        random.shuffle(order)
        chosen[unit] = set(sorted(order, key=load.__getitem__)[:reviewers_per_unit])
        for reviewer in chosen[unit]:
            load[reviewer] += 1
    while _ease(chosen, allowed, load):
        pass
    assignments = {unit: tuple(each for each in units if each in chosen[unit]) for unit in units}
    loads = {unit: load[unit] for unit in units}
    trace = tuple(_told(assignments, loads, reviewers_per_unit, _pairs(conflicts), seed, words))
    return Plan(assignments, loads, trace)


def _pairs(conflicts: Collection[tuple[Key, Key]]) -> int:
    return len({frozenset(pair) for pair in conflicts})


def _allowed(
    units: Sequence[Key],
    wanted: int,
    conflicts: Collection[tuple[Key, Key]],
    names: Mapping[Key, str],
) -> dict[Key, set[Key]]:
    """Who may score whom; enough for everybody, or RuleError."""
    if wanted < 1:
        raise RuleError("Số đơn vị chấm cho mỗi đơn vị phải từ 1 trở lên.")
    if len(set(units)) != len(units):
        raise RuleError("Danh sách chấm chéo nêu một đơn vị nhiều lần.")
    allowed = {unit: set(units) - {unit} for unit in units}
    for first, second in conflicts:
        for one, other in ((first, second), (second, first)):
            if one not in allowed:
                raise RuleError(f"{named([one], names)} không có trong danh sách chấm chéo.")
            allowed[one].discard(other)
    short = [unit for unit in units if len(allowed[unit]) < wanted]
    if short:
        left = "; ".join(f"{named([each], names)} chỉ còn {len(allowed[each])}" for each in short)
        raise RuleError(
            f"Không phân công được: mỗi đơn vị cần {wanted} đơn vị chấm nhưng {left}. Hãy giảm số đơn"
            " vị chấm hoặc xem lại các trường hợp không được chấm nhau."
        )
    return allowed


def _ease(
    chosen: dict[Key, set[Key]], allowed: Mapping[Key, set[Key]], load: dict[Key, int]
) -> bool:
    """Pass one unit on from a scorer to one with at least two fewer, through others if need be.

    Where no such path is left, no plan is more even: the sum of squared loads is least.
    """
    for start in sorted(load, key=lambda each: -load[each]):
        came: dict[Key, tuple[Key, Key]] = {}
        queue = deque([start])
        while queue:
            giver = queue.popleft()
            if load[giver] <= load[start] - 2:
                _pass_on(giver, start, came, chosen)
                load[start] -= 1
                load[giver] += 1
                return True
            for unit, reviewers in chosen.items():
                if giver in reviewers:
                    for taker in load:
                        free = taker in allowed[unit] and taker not in reviewers
                        if free and taker != start and taker not in came:
                            came[taker] = (giver, unit)
                            queue.append(taker)
    return False


def _pass_on(
    last: Key, start: Key, came: Mapping[Key, tuple[Key, Key]], chosen: dict[Key, set[Key]]
) -> None:
    while last != start:
        giver, unit = came[last]
        chosen[unit].remove(giver)
        chosen[unit].add(last)
        last = giver


def _told(
    assignments: Mapping[Key, tuple[Key, ...]],
    load: Mapping[Key, int],
    wanted: int,
    conflicts: int,
    seed: int,
    names: Mapping[Key, str],
) -> Iterator[str]:
    least, most = min(load.values(), default=0), max(load.values(), default=0)
    each = f"{most}" if least == most else f"từ {least} đến {most}"
    yield (
        f"Mỗi đơn vị được {wanted} đơn vị khác chấm và chấm {each} đơn vị; không đơn vị nào tự chấm"
        f" chéo cho mình; đã tránh {conflicts} cặp không được chấm nhau; số mầm {seed}."
    )
    if most - least > 1:
        yield "Các cặp không được chấm nhau khiến không thể chia đều hơn."
    parts = _components(assignments)
    if len(parts) > 1:
        groups = "; ".join(named(items, names) for items, _ in parts)
        yield (
            f"Kết quả chấm sẽ tách thành {len(parts)} nhóm không có người chấm chung ({groups}) nên"
            " không so được độ chặt, lỏng giữa các nhóm; nên tăng số đơn vị chấm."
        )


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
