"""Who scores whom: nobody itself, no declared conflicts, a balanced load."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic

from thidua.rules.errors import RuleError
from thidua.rules.scoring.crossreview.correction import _components
from thidua.rules.scoring.ranking import Key, named


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
