"""Reading the clocks that come with the product. A slip in the data is a bug and stays loud."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from thidua.rules.deadlines.clocks import (
    VARIANTS,
    Clock,
    Direction,
    GovernedBy,
    SuspensionRule,
    Version,
    by_code,
)
from thidua.rules.deadlines.counting import parse_period
from thidua.rules.deadlines.outcomes import Basis


@cache
def shipped_clocks() -> Mapping[str, Clock]:
    """Every clock that comes with the product, by code, in the order of the files."""
    found = sorted((Path(__file__).parent / "data" / "clocks").glob("*.toml"))
    return by_code(clock for each in found for clock in read_clocks(each.read_text("utf-8")))


def read_clocks(text: str) -> Iterator[Clock]:
    """The clocks of one file. Raises KeyError, TypeError or ValueError for a slip in the data."""
    data = tomllib.loads(text)
    shared = data.get("suspensions", {})
    for entry in data["clock"]:
        yield _clock(data["group"], dict(entry), shared)


def _clock(group: str, entry: dict[str, Any], shared: Mapping[str, Any]) -> Clock:
    versions = tuple(_version(each) for each in entry.pop("version"))
    suspension = entry.pop("suspension", None)
    if isinstance(suspension, str):
        suspension = shared[suspension]
    return Clock(
        group=group,
        versions=versions,
        direction=Direction(entry.pop("direction", Direction.AFTER)),
        governed_by=GovernedBy(entry.pop("governed_by", GovernedBy.START)),
        suspension=_suspension(suspension) if suspension else None,
        is_granted=entry.pop("granted", False),
        **entry,
    )


def _version(entry: Mapping[str, Any]) -> Version:
    known = dict(entry)
    lengths = {
        _variant(code): parse_period(text) for code, text in known.pop("lengths", {}).items()
    }
    extensions = {
        _variant(code): tuple(parse_period(text) for text in listed)
        for code, listed in known.pop("extensions", {}).items()
    }
    return Version(
        valid_from=known.pop("from"),
        valid_to=known.pop("to", None),
        basis=Basis(known.pop("basis", Basis.LAW)),
        lengths=lengths,
        extensions=extensions,
        **known,
    )


def _suspension(entry: Mapping[str, Any]) -> SuspensionRule:
    known = dict(entry)
    return SuspensionRule(
        valid_from=known.pop("from"), basis=Basis(known.pop("basis", Basis.LAW)), **known
    )


def _variant(code: str) -> str:
    if code not in VARIANTS:
        raise KeyError(code)
    return code
