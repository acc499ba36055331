"""How many may be in a class: by place, and by people where places are equal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Generic

from thidua.rules.scoring.language import (
    Class,
    Quota,
    TableRules,
)
from thidua.rules.scoring.ranking import Key, named, shown


@dataclass(frozen=True)
class QuotaResult(Generic[Key]):
    """Classes after quotas; None where there is none, or where people must decide.

    `needs_person` has those tied at the edge of a quota. `notes` speak of the whole list.
    """

    names: Mapping[Key, str | None]
    trace: Mapping[Key, tuple[str, ...]]
    needs_person: Mapping[Key, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rivals(Generic[Key]):
    """At one place, `count` of `keys` go for a class; fewer than all: not known which."""

    keys: tuple[Key, ...]
    count: int

    @property
    def known(self) -> bool:
        return self.count == len(self.keys)


def apply_quotas(
    rules: TableRules,
    places: Mapping[Key, int],
    names: Mapping[Key, str | None],
    names_of: Mapping[Key, str] | None = None,
    waiting: Collection[Key] = (),
) -> QuotaResult[Key]:
    """In order of place, those beyond the quota of a class fall to the next class.

    In: places of all who are ranked together, and the class each reached (None: none). A share of
    those ranked is rounded down. Where equal places straddle the edge, nobody is chosen: all of
    them need a decision. `waiting` are those whose class people have yet to decide: not counted,
    and said so. `names_of` gives the words for keys.
    """
    applying = _Quotas(rules, len(places), names_of or {})
    carried: dict[int, list[_Rivals[Key]]] = {}
    for level, grade in enumerate(rules.classes):
        for key, place in places.items():
            if names.get(key) == grade.name and key not in waiting:
                carried.setdefault(place, []).append(_Rivals((key,), 1))
        carried = applying.fill(level, carried)
    final: dict[Key, str | None] = {key: applying.names.get(key) for key in places}
    notes = []
    pending = [key for key in places if key in waiting]
    if pending and any(each.quota for each in rules.classes):
        notes.append(
            f"Số suất mới tính tạm: chưa kể {named(pending, names_of or {})} vì còn chờ xác định mức"
            " xếp loại."
        )
    return QuotaResult(
        final,
        {key: tuple(lines) for key, lines in applying.trace.items()},
        applying.flagged,
        tuple(notes),
    )


class _Quotas(Generic[Key]):
    """Fills the classes from the highest down, and remembers why."""

    def __init__(self, rules: TableRules, ranked: int, names: Mapping[Key, str]) -> None:
        self.rules, self.ranked, self.words = rules, ranked, names
        self.names: dict[Key, str] = {}
        self.trace: dict[Key, list[str]] = {}
        self.flagged: dict[Key, str] = {}

    def fill(
        self, level: int, rivals: Mapping[int, list[_Rivals[Key]]]
    ) -> dict[int, list[_Rivals[Key]]]:
        """Give out a class in order of place; those who fall, by place."""
        grade = self.rules.classes[level]
        left = _capacity(grade.quota, self.ranked)
        if left is None:
            left = self.ranked
        fallen: dict[int, list[_Rivals[Key]]] = {}
        for place in sorted(rivals):
            here = rivals[place]
            count = sum(each.count for each in here)
            if count <= left:
                self.names.update(
                    {key: grade.name for each in here if each.known for key in each.keys}
                )
                left -= count
            elif left == 0:
                self._fall(level, here)
                fallen[place] = here
            else:
                fallen[place] = [self._straddle(level, here, place, left, count)]
                left = 0
        return fallen

    def _fall(self, level: int, rivals: list[_Rivals[Key]]) -> None:
        grade = self.rules.classes[level]
        sentence = f"Hết suất “{grade.name}” ({self._quota(grade)}) nên {self._next(level)}."
        for each in rivals:
            for key in each.keys if each.known else ():
                self.trace.setdefault(key, []).append(sentence)

    def _straddle(
        self, level: int, rivals: list[_Rivals[Key]], place: int, left: int, count: int
    ) -> _Rivals[Key]:
        grade = self.rules.classes[level]
        keys = tuple(key for each in rivals for key in each.keys)
        sentence = (
            f"{named(keys, self.words)} cùng hạng {place} mà “{grade.name}” chỉ còn {left} suất"
            f" ({self._quota(grade)}): phải có quyết định ai được; người còn lại {self._next(level)}."
        )
        for key in keys:
            self.flagged[key] = (
                f"{self.flagged[key]} {sentence}" if key in self.flagged else sentence
            )
        return _Rivals(keys, count - left)

    def _quota(self, grade: Class) -> str:
        quota = grade.quota or Quota()
        parts = [] if quota.places is None else [f"tối đa {quota.places} suất"]
        if quota.percent is not None:
            share = _capacity(Quota(percent=quota.percent), self.ranked)
            parts.append(f"tối đa {shown(quota.percent)} % của {self.ranked} đơn vị = {share} suất")
        return "; ".join(parts)

    def _next(self, level: int) -> str:
        lower = self.rules.classes[level + 1 :]
        return f"xuống “{lower[0].name}”" if lower else "không còn mức xếp loại thấp hơn"


def _capacity(quota: Quota | None, ranked: int) -> int | None:
    """How many the class may hold; the lower of the two where both are written; None: no bound."""
    if quota is None:
        return None
    bounds = [] if quota.places is None else [quota.places]
    if quota.percent is not None:
        bounds.append(int(quota.percent * ranked / 100))
    return min(bounds, default=None)
