"""Indicators across circulars: what an older figure is called now, or that it has no successor.

A comparison across circulars is made by this table (data/mapping.toml, a convention of ours) or not
at all. A cluster's own indicators keep their keys whatever circular is in force.
"""

import tomllib
from collections.abc import Mapping
from functools import cache

from thidua.rules.reporting.amounts import Amount, Values, added
from thidua.rules.reporting.catalogue import DATA, edition
from thidua.rules.reporting.filled import Filled
from thidua.rules.reporting.own.keys import OWN

Step = Mapping[str, tuple[str, ...]]


@cache
def _steps() -> dict[tuple[str, str], Step]:
    """By older and newer edition: new key → the older keys it is the sum of."""
    listed = tomllib.loads((DATA / "mapping.toml").read_text("utf-8"))["steps"]
    steps: dict[tuple[str, str], Step] = {}
    for each in listed:
        keys = {new: tuple(old) for new, old in each["keys"].items()}
        for form in each.get("same", ()):
            keys |= _same(each["from"], each["to"], form)
        steps[each["from"], each["to"]] = keys
    return steps


def _same(older: str, newer: str, form: str) -> dict[str, tuple[str, ...]]:
    """A form that did not change: the same names, behind the number of the newer circular."""
    before, now = (f"{key[:4].lower()}-{form}-" for key in (older, newer))
    there = {each.key for each in edition(older).numbers()}
    return {
        each.key: (before + each.key.removeprefix(now),)
        for each in edition(newer).numbers()
        if each.key.startswith(now) and before + each.key.removeprefix(now) in there
    }


def _way(older: str, newer: str) -> tuple[Step, ...] | None:
    """The steps from one edition to another, oldest first; None where there is no way."""
    if older == newer:
        return ()
    for (first, then), step in _steps().items():
        if first == older:
            rest = _way(then, newer)
            if rest is not None:
                return (step, *rest)
    return None


def successor(edition_key: str, indicator_key: str, to_edition: str) -> str | None:
    """What exactly this indicator is called in another edition; None where nothing is sure.

    An indicator that has become part of a sum has no successor of its own.
    """
    if indicator_key.startswith(f"{OWN}-"):
        return indicator_key
    key: str | None = indicator_key
    for step in _way(edition_key, to_edition) or (() if edition_key == to_edition else ({},)):
        key = next((new for new, old in step.items() if old == (key,)), None)
    return key


def carried_over(values: Values, from_edition: str, to_edition: str) -> Values:
    """Figures of one edition by the keys of another; what has no sure successor is left out.

    A sum of older figures has no data as soon as one of them has none.
    """
    way = _way(from_edition, to_edition)
    own = {key: amount for key, amount in values.items() if key.startswith(f"{OWN}-")}
    if way is None:
        return own
    for step in way:
        values = {new: _sum(values, old) for new, old in step.items()}
    return {**values, **own}


def _sum(values: Values, keys: tuple[str, ...]) -> Amount | None:
    parts = [values.get(key) for key in keys]
    known = [each for each in parts if each is not None]
    return added(known) if len(known) == len(parts) else None


def filled_in(filled: Filled, from_edition: str, to_edition: str) -> Filled:
    """A report of one edition as far as another can say it; lists only within the same edition."""
    if from_edition == to_edition:
        return filled
    lists = {key: rows for key, rows in filled.lists.items() if key.startswith(f"{OWN}-")}
    return Filled(carried_over(filled.values, from_edition, to_edition), lists)
