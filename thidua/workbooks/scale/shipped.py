"""Real points tables that come with the product, kept as readable data."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Rounding, RoundingMode, Table, plain
from thidua.rules.scoring.tree import SEPARATOR, Json
from thidua.workbooks.scale.layout import BONUS, DEDUCTION, RULE_SETTINGS, RULE_SHEETS

_DATA = Path(__file__).resolve().parents[2] / "scoring" / "data"
_NUMBERS = ("maximum", "bonus_cap", "deduction_cap", "net_cap")
_TABLE_RULES = (
    *(layout.key for layout in RULE_SHEETS if layout.key),
    *RULE_SETTINGS,
    "leaf_rounding",
)
_LEAF_RULES = (BONUS, DEDUCTION, "sets", "floor", "ceiling", "na", "leaf_article")


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
        rules={key: _json(data[key]) for key in _TABLE_RULES if key in data},
    )


def _nodes(entries: Mapping[str, list[Mapping[str, Any]]], parent: str) -> Iterator[CriterionNode]:
    for entry in entries.get(parent, ()):
        values = {
            name: value
            for name, value in entry.items()
            if name not in {"under", "step", "base", *_LEAF_RULES}
        }
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = value.strip()
            elif name in _NUMBERS:
                values[name] = Decimal(value)
        path = f"{parent}{SEPARATOR}{entry['code']}" if parent else entry["code"]
        yield CriterionNode(**values, rule=_rule(entry), children=tuple(_nodes(entries, path)))


def _rule(entry: Mapping[str, Any]) -> dict[str, Json]:
    """The rule of an entry: `base` says the standard points, else they are typed with `step`."""
    rest = {name: _json(entry[name]) for name in _LEAF_RULES if name in entry}
    base = entry.get("base") or ({"step": entry["step"]} if "step" in entry else {})
    if not base and not rest:
        return {}
    kind = base.get("kind", "typed")
    return {"kind": kind, **{name: _json(value) for name, value in base.items()}, **rest}


def _json(value: Any) -> Json:
    """TOML as the JSON of a table: numbers as text."""
    match value:
        case bool():
            return value
        case int() | Decimal():
            return plain(Decimal(value))
        case str():
            return value.strip()
        case Mapping():
            return {name: _json(each) for name, each in value.items()}
        case list():
            return [_json(each) for each in value]
    raise TypeError(f"not a value of a points table: {value!r}")
