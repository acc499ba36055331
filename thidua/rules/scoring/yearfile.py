"""Tệp dữ liệu năm: one year's scores with table, figures and reasons, recomputed by anybody.

A file is one JSON object. `units` hold what was given (terms, figures, claims, evidence by SHA-256,
history) and `results`: the points as stored, with subtotals, totals, class, place and reasons. From
what was given everything in `results` can be computed again (`recompute`).
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from hashlib import sha256
from typing import Any, NoReturn

from thidua.rules.errors import RuleError
from thidua.rules.scoring.canonical import table_from_data
from thidua.rules.scoring.cluster import Cluster, Member
from thidua.rules.scoring.facts import Unit
from thidua.rules.scoring.language import NUMERIC, InputKind, TableRules, decimal, table_rules
from thidua.rules.scoring.numbers import bounded, plain
from thidua.rules.scoring.placing import Entrant, Placing, placings
from thidua.rules.scoring.points import Claim
from thidua.rules.scoring.ranking import Decision
from thidua.rules.scoring.totals import TableResult
from thidua.rules.scoring.tree import Table

FORMAT = "thidua-nam-diem-1"
SIDES = CLAIMED, DECIDED = "claimed", "decided"
SUBMITTED, FINALISED = "submitted", "finalised"
HANDED_IN = (SUBMITTED, FINALISED)
LARGEST = 256 * 1024 * 1024
DAMAGED = "Tệp dữ liệu năm bị hỏng hoặc đã bị sửa sai cấu trúc; hãy xuất lại tệp."

Content = Mapping[str, Any]


def digest(content: Content) -> str:
    """SHA-256 of everything but the digest itself, however the file is spaced."""
    rest = {key: value for key, value in content.items() if key != "sha256"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def write_year(content: Content) -> bytes:
    """The bytes of a year file: equal content gives equal bytes; its digest is put in."""
    whole = {**content, "format": FORMAT}
    whole["sha256"] = digest(whole)
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def read_year(data: bytes) -> dict[str, Any]:
    """The content of a year file; RuleError when it is none or is damaged."""
    if len(data) > LARGEST:
        raise RuleError("Tệp quá lớn, không phải là tệp dữ liệu năm.")
    try:
        content = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RuleError("Tệp không phải là tệp dữ liệu năm (JSON, UTF-8).") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise RuleError(f"Tệp không phải là tệp dữ liệu năm theo định dạng “{FORMAT}”.")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name written twice would let two readers of one file see two things."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"not a number: {text}")


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Whatever is not where it should be, or not of the kind: one sentence for the person."""
    try:
        yield
    except RuleError:
        raise
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise RuleError(DAMAGED) from error


def recompute(content: Content) -> dict[str, dict[str, Any] | None]:
    """The `results` of every unit by its key, from what was given; None without a sheet handed in.

    Raises RuleError when the content cannot be computed: damaged, or of rules that do not hold.
    """
    with refusing_damage():
        return _recompute(content)


def _recompute(content: Content) -> dict[str, dict[str, Any] | None]:
    refuse_exponents(content["table"])
    table = table_from_data(content["table"])
    units = {str(unit["key"]): unit for unit in content["units"]}
    if len(units) != len(content["units"]):
        raise RuleError("Tệp ghi một đơn vị nhiều lần.")
    sides = {side: _cluster(content, table, units, side) for side in SIDES}
    claimed, decided = (sides[side].results() for side in SIDES)
    facts = sides[DECIDED].facts()
    entrants = {
        key: Entrant(decided[key], facts[key], units[key]["name"], _is_final(units[key]))
        for key in decided
    }
    placed = placings(table, entrants, [_decision(each) for each in content["ties"]])
    return {
        key: {
            CLAIMED: _claimed_to_data(table, claimed[key]),
            DECIDED: result_to_data(table, decided[key]) if _is_final(unit) else None,
            "placing": _placing_to_data(placed[key]),
        }
        if key in decided
        else None
        for key, unit in units.items()
    }


def _is_final(unit: Content) -> bool:
    return bool(unit["state"] == FINALISED)


def _cluster(
    content: Content, table: Table, units: Mapping[str, Content], side: str
) -> Cluster[str]:
    rules = table_rules(table)
    members = {
        key: _member(unit, rules, side) for key, unit in units.items() if unit["state"] in HANDED_IN
    }
    complete = content["leads"][side] is True
    return Cluster(table, int(content["year"]), members, complete=complete, traced=True)


def _member(unit: Content, rules: TableRules, side: str) -> Member:
    given = unit[side]
    for key, text in given["facts"].items():
        _refuse_fact(rules, key, text)
    terms = unit["terms"]
    return Member(
        claims={path: _claim(each) for path, each in given["claims"].items()},
        facts=given["facts"],
        unit=Unit(
            targets={key: _points(text) for key, text in terms["targets"].items()},
            not_assigned=frozenset(terms["not_assigned"]),
            tiers=terms["tiers"],
            group=terms["group"],
        ),
    )


def _refuse_fact(rules: TableRules, key: str, text: str) -> None:
    """A number beyond what the product keeps would take for ever rather than be wrong."""
    each = rules.inputs.get(key)
    if each is None or each.formula is not None:
        raise RuleError(f"Bảng chấm điểm không có số liệu “{key}” để nhập.")
    if each.kind in NUMERIC or each.kind is InputKind.EVENTS:
        for part in text.split(";"):
            bounded(decimal(part, f"Số liệu “{each.label}”"))


_EXPONENT = re.compile(r"\s*[-+]?[0-9._]*[eE][-+]?[0-9_]{3,}\s*")


def refuse_exponents(value: object) -> None:
    """No number of a table is written with an exponent, least of all one that fills the memory."""
    if isinstance(value, str) and _EXPONENT.fullmatch(value):
        raise RuleError(f"Bảng chấm điểm trong tệp có số không dùng được: “{value}”.")
    if isinstance(value, Mapping):
        for each in value.values():
            refuse_exponents(each)
    elif isinstance(value, list):
        for each in value:
            refuse_exponents(each)


def _claim(data: Content) -> Claim:
    parts = (data.get(name) for name in ("base", "bonus", "deduction"))
    return Claim(*(None if each is None else _points(each) for each in parts))


def _points(text: object) -> Decimal:
    return bounded(decimal(text, "Điểm hoặc mục tiêu trong tệp"))


def _decision(data: Content) -> Decision[str]:
    return Decision(tuple(str(key) for key in data["order"]), data["reason"])


def result_to_data(table: Table, result: TableResult) -> dict[str, Any]:
    """The points of a whole table as JSON values: by path, with the sentences behind them."""
    leaves = result.leaves
    groups = {path: points for path, points in result.subtotals.items() if path not in leaves}
    return {
        "points": {path: points_to_data(leaf.points) for path, leaf in leaves.items()},
        "subtotals": {path: points_to_data(points) for path, points in groups.items()},
        "total": plain(result.rounded),
        "maximum": plain(result.maximum),
        "traces": {path: [line.sentence for line in leaf.trace] for path, leaf in leaves.items()},
        "trace": [line.sentence for line in result.trace if line.path not in leaves],
    }


def _claimed_to_data(table: Table, result: TableResult) -> dict[str, Any]:
    """The same for what a unit claims: `points` as it asks for them, `allowed` by the rules."""
    whole = result_to_data(table, result)
    asked = {path: points_to_data(leaf.asked) for path, leaf in result.leaves.items()}
    self_score = plain(result.claimed_total)
    return {**whole, "allowed": whole["points"], "points": asked, "self_score": self_score}


def points_to_data(points: Decimal | None) -> str | None:
    """Points as text; None stays None."""
    return None if points is None else plain(points)


def _placing_to_data(placing: Placing) -> dict[str, Any]:
    return {
        "award": plain(placing.award),
        "total": points_to_data(placing.total),
        "place": placing.place,
        "class": placing.class_name,
        "trace": list(placing.trace),
        "needs_person": list(placing.needs_person),
    }


__all__ = [
    "CLAIMED",
    "DECIDED",
    "FINALISED",
    "HANDED_IN",
    "SIDES",
    "digest",
    "points_to_data",
    "read_year",
    "recompute",
    "refuse_exponents",
    "refusing_damage",
    "result_to_data",
    "write_year",
]
