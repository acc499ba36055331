"""Places from totals."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Ranking(Generic[Key]):
    """Places of those ranked, best first (equal totals share a place), and the unranked apart."""

    places: Mapping[Key, int]
    unranked: tuple[Key, ...]


def rank(totals: Mapping[Key, Decimal | None]) -> Ranking[Key]:
    """Rank by total, highest first: 1, 2, 2, 4. A total of None is not ranked.

    Those with equal totals keep the order in which they were given.
    """
    ranked = sorted(
        ((key, total) for key, total in totals.items() if total is not None),
        key=lambda each: each[1],
        reverse=True,
    )
    places: dict[Key, int] = {}
    last: Decimal | None = None
    for position, (key, total) in enumerate(ranked, start=1):
        places[key] = places[ranked[position - 2][0]] if total == last else position
        last = total
    return Ranking(places, tuple(key for key, total in totals.items() if total is None))
