"""Real points tables that come with the product, kept as readable data."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Rounding, RoundingMode, Table
from thidua.rules.scoring.tree import SEPARATOR

_DATA = Path(__file__).resolve().parents[2] / "scoring" / "data"
_NUMBERS = ("maximum", "bonus_cap", "deduction_cap", "net_cap")


def shipped_names() -> tuple[str, ...]:
    """The names of the tables that come with the product."""
    return tuple(sorted(path.stem for path in _DATA.glob("*.toml")))


def shipped_scale(name: str) -> Table:
    """A shipped table by name; RuleError when there is none of that name."""
    if name not in shipped_names():
        raise RuleError(f"Không có bảng chấm điểm mẫu “{name}”.")
    # Numbers stay exact: TOML floats are read from their text, never through a float.
    data = tomllib.loads((_DATA / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for entry in data["criteria"]:
        entries.setdefault(entry["under"], []).append(entry)
    return Table(
        title=data["title"],
        scale=Decimal(data["scale"]),
        nodes=tuple(_nodes(entries, "")),
        floor_at_zero=data["floor_at_zero"],
        rounding=Rounding(RoundingMode(data["rounding_mode"]), Decimal(data["rounding_quantum"])),
        source=data["source"],
        notes=data["notes"].strip(),
    )


def _nodes(entries: Mapping[str, list[Mapping[str, Any]]], parent: str) -> Iterator[CriterionNode]:
    for entry in entries.get(parent, ()):
        values = {name: value for name, value in entry.items() if name not in {"under", "step"}}
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = value.strip()
            elif name in _NUMBERS:
                values[name] = Decimal(value)
        if "step" in entry:
            values["rule"] = {"kind": "typed", "step": str(entry["step"])}
        path = f"{parent}{SEPARATOR}{entry['code']}" if parent else entry["code"]
        yield CriterionNode(**values, children=tuple(_nodes(entries, path)))
