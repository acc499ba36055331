"""The one spelling of a table as bytes, and the SHA-256 fingerprint under which it is frozen."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any
from unicodedata import normalize

from thidua.rules.errors import RuleError
from thidua.rules.scoring.numbers import plain
from thidua.rules.scoring.tree import CriterionNode, Json, Rounding, RoundingMode, Table

FORMAT = "thidua-bang-diem-1"
_DERIVED = {"path"}
_ALWAYS = {"code", "title", "scale", "nodes"}


def table_to_data(table: Table) -> dict[str, Json]:
    """The table as JSON values: numbers as plain text, text in NFC, defaults left out."""
    return {"format": FORMAT, **_data(table)}


def canonical_json(table: Table) -> bytes:
    """The bytes that are hashed: UTF-8, keys sorted, no spaces. Equal tables give equal bytes."""
    text = json.dumps(
        table_to_data(table), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def fingerprint(table: Table) -> str:
    """SHA-256 of the canonical bytes, 64 hexadecimal digits."""
    return sha256(canonical_json(table)).hexdigest()


def table_from_data(data: Mapping[str, Any]) -> Table:
    """The table that `table_to_data` described.

    Raises RuleError when the data is of another format or is damaged.
    """
    if data.get("format") != FORMAT:
        raise RuleError("Dữ liệu không phải là bảng chấm điểm theo định dạng của phần mềm.")
    known = {name: value for name, value in data.items() if name != "format"}
    try:
        known["nodes"] = tuple(_node(child) for child in known["nodes"])
        known["scale"] = Decimal(known["scale"])
        if "rounding" in known:
            stored = known["rounding"]
            known["rounding"] = Rounding(
                mode=RoundingMode(stored.get("mode", Rounding().mode)),
                quantum=Decimal(stored.get("quantum", Rounding().quantum)),
            )
        return Table(**known)
    except (AttributeError, InvalidOperation, KeyError, TypeError, ValueError) as error:
        raise RuleError("Dữ liệu của bảng chấm điểm bị hỏng.") from error


_NUMBERS = ("maximum", "bonus_cap", "deduction_cap", "net_cap")


def _node(data: Mapping[str, Any]) -> CriterionNode:
    known = dict(data)
    for name in _NUMBERS:
        if name in known:
            known[name] = Decimal(known[name])
    known["children"] = tuple(_node(child) for child in known.get("children", ()))
    return CriterionNode(**known)


def _data(value: Table | CriterionNode | Rounding) -> dict[str, Json]:
    return {
        each.name: _json(getattr(value, each.name))
        for each in fields(value)
        if each.name not in _DERIVED
        and (each.name in _ALWAYS or getattr(value, each.name) != _default(each))
    }


def _default(each: "Field[Any]") -> Any:
    if each.default_factory is not MISSING:
        return each.default_factory()
    return each.default


def _json(value: Any) -> Json:
    """A value of a table as JSON; a float would not be exact, so it is a bug (TypeError)."""
    match value:
        case None | bool() | int():
            return value
        case Decimal():
            return plain(value)
        case str():
            return normalize("NFC", str(value))
        case CriterionNode() | Rounding():
            return _data(value)
        case Mapping():
            return {normalize("NFC", str(key)): _json(each) for key, each in value.items()}
        case tuple() | list():
            return [_json(each) for each in value]
    raise TypeError(f"not a value of a points table: {value!r}")
