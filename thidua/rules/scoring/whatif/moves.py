"""Totals and places side by side, before and after hypothetical changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeAlias

from thidua.rules.errors import RuleError
from thidua.rules.scoring.ranking import Key, named, rank, shown
from thidua.rules.scoring.tree import Rounding
from thidua.rules.scoring.whatif.disputes import ZERO

Totals: TypeAlias = "Mapping[Key, Decimal | None]"


Changes: TypeAlias = "Mapping[tuple[Key, str], Decimal]"


@dataclass(frozen=True)
class Moved(Generic[Key]):
    """One organisation before and after hypothetical changes; None: not ranked."""

    key: Key
    total_before: Decimal | None
    total_after: Decimal | None
    place_before: int | None
    place_after: int | None
    sentence: str

    @property
    def unchanged(self) -> bool:
        """Neither its points nor its place moved."""
        return (self.total_before, self.place_before) == (self.total_after, self.place_after)


@dataclass(frozen=True)
class WhatIf(Generic[Key]):
    """Totals and places side by side, by place before the changes."""

    rows: tuple[Moved[Key], ...]
    first_before: tuple[Key, ...]
    first_after: tuple[Key, ...]

    @property
    def first_changes(self) -> bool:
        """Whether others lead after the changes."""
        return set(self.first_before) != set(self.first_after)


def _places(totals: "Totals[Key]") -> Mapping[Key, int]:
    return rank(totals).places


def what_if(
    recompute: "Callable[[Changes[Key]], Totals[Key]]",
    changes: "Changes[Key]",
    places: "Callable[[Totals[Key]], Mapping[Key, int]] | None" = None,
    names: Mapping[Key, str] | None = None,
) -> WhatIf[Key]:
    """Totals and places with and without `changes` (points by organisation and path of a leaf).

    `recompute` gives every total under such changes, however far they reach; `places` turns totals
    into places (without it: `rank`). Raises what these two raise.
    """
    before, after = recompute({}), recompute(changes)
    find = places or _places
    return side_by_side(before, after, find(before), find(after), names)


def side_by_side(
    before: "Totals[Key]",
    after: "Totals[Key]",
    places_before: Mapping[Key, int],
    places_after: Mapping[Key, int],
    names: Mapping[Key, str] | None = None,
) -> WhatIf[Key]:
    """The same from totals and places that the caller has already."""
    rows = [
        _moved(
            key,
            before.get(key),
            after.get(key),
            places_before.get(key),
            places_after.get(key),
            names,
        )
        for key in dict.fromkeys([*before, *after])
    ]
    rows.sort(key=lambda row: (row.place_before is None, row.place_before or 0))
    return WhatIf(
        tuple(rows),
        tuple(row.key for row in rows if row.place_before == 1),
        tuple(row.key for row in rows if row.place_after == 1),
    )


def additive(
    points: Mapping[Key, Mapping[str, Decimal]], rounding: Rounding | None = None
) -> "Callable[[Changes[Key]], Totals[Key]]":
    """A `recompute` for tables whose total is the plain sum of leaves, rounded.

    The function raises RuleError for a change at a leaf that is not there.
    """

    def recompute(changes: "Changes[Key]") -> "Totals[Key]":
        for key, path in changes:
            if path not in points.get(key, {}):
                raise RuleError(f"Không có điểm ở tiêu chí “{path}” của “{key}” để giả định.")
        totals: dict[Key, Decimal | None] = {}
        for key, leaves in points.items():
            parts = (changes.get((key, path), value) for path, value in leaves.items())
            total = sum(parts, ZERO)
            totals[key] = rounding.apply(total) if rounding else total
        return totals

    return recompute


def _moved(
    key: Key,
    before: Decimal | None,
    after: Decimal | None,
    place_before: int | None,
    place_after: int | None,
    names: Mapping[Key, str] | None,
) -> Moved[Key]:
    place = _place(place_before)
    if place_before != place_after:
        place += f" → {_place(place_after)}"
    sentence = f"{named([key], names or {})}: {_change(before, after)}; {place}."
    return Moved(key, before, after, place_before, place_after, sentence)


def _change(before: Decimal | None, after: Decimal | None) -> str:
    if before == after:
        return "chưa có điểm" if after is None else f"{shown(after)} điểm, không đổi"
    if before is None or after is None:
        texts = [
            "chưa có điểm" if total is None else f"{shown(total)} điểm" for total in (before, after)
        ]
        return " → ".join(texts)
    step = Fraction(after) - Fraction(before)
    sign = "+" if step > 0 else ""
    return f"{shown(before)} → {shown(after)} điểm ({sign}{shown(step)})"


def _place(place: int | None) -> str:
    return "không xếp hạng" if place is None else f"hạng {place}"
