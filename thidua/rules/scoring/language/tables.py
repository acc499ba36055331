"""What holds for a whole table: gates, classes, awards, ties, worked examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import Condition, read_conditions
from thidua.rules.scoring.language.data import choice, decimal, entries, mapping, number, optional
from thidua.rules.scoring.language.inputs import Band, Input, read_band, read_input
from thidua.rules.scoring.language.lines import NotApplicable, na_of
from thidua.rules.scoring.tree import Rounding, RoundingMode, Rule, Table


@dataclass(frozen=True)
class Gate:
    """Điều kiện xếp loại: where `when` holds, the unit is not ranked, or at most of `limit`."""

    when: tuple[Condition, ...]
    label: str
    limit: str = ""
    article: str = ""


@dataclass(frozen=True)
class Quota:
    """At most `places`, or `percent` of those ranked (rounded down), may be in a class."""

    places: int | None = None
    percent: Fraction | None = None


@dataclass(frozen=True)
class Class:
    """Một mức xếp loại: from `least` up, and each criterion of `share_level` at least `share` per
    cent of its maximum (level 1: the largest parts; 0: every leaf)."""

    name: str
    least: Fraction
    share: Fraction | None = None
    share_level: int = 1
    quota: Quota | None = None


@dataclass(frozen=True)
class Award:
    """Điểm cộng thành tích: added after the total, per the yes or the count at `input`."""

    input: str
    points: Fraction
    label: str = ""


class TieBreak(StrEnum):
    """What decides between equal totals."""

    NODE = "node"
    INPUT_HIGH = "input_high"
    INPUT_LOW = "input_low"
    LEAST_DEDUCTION = "least_deduction"
    MOST_BONUS = "most_bonus"


TIE_BREAK_NAMES = {
    TieBreak.NODE: "Điểm tiêu chí cao hơn",
    TieBreak.INPUT_HIGH: "Số liệu cao hơn",
    TieBreak.INPUT_LOW: "Số liệu thấp hơn",
    TieBreak.LEAST_DEDUCTION: "Ít điểm trừ hơn",
    TieBreak.MOST_BONUS: "Nhiều điểm thưởng hơn",
}


@dataclass(frozen=True)
class TieRule:
    """One written rule for equal totals; `of` is the path of a node or the key of an input."""

    by: TieBreak
    of: str = ""


class ClassBasis(StrEnum):
    """Classes are bounded in points, or in per cent of the maximum that applied to the unit."""

    POINTS = "points"
    PERCENT = "percent"


class Excluded(StrEnum):
    """A maximum lowered by what was not assigned: the total stays, or is scaled up to it."""

    SHRINK = "shrink"
    RESCALE = "rescale"


class AwardPolicy(StrEnum):
    """Of several awards: the highest only, or all of them."""

    HIGHEST = "highest"
    SUM = "sum"


@dataclass(frozen=True)
class Case:
    """Ví dụ kiểm thử: a worked example that belongs to the table and must come out as written.

    `path` is a criterion, "" the whole table. `points` None means: a person must decide.
    """

    name: str
    path: str
    facts: Mapping[str, str]
    points: Decimal | None
    base: Decimal | None = None
    bonus: Decimal | None = None
    deduction: Decimal | None = None
    target: Decimal | None = None
    tier: str = ""


@dataclass(frozen=True)
class TableRules:
    """Everything that holds for the whole table."""

    inputs: Mapping[str, Input] = field(default_factory=dict)
    bands: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    classes: tuple[Class, ...] = ()
    class_basis: ClassBasis = ClassBasis.POINTS
    awards: tuple[Award, ...] = ()
    award_policy: AwardPolicy = AwardPolicy.HIGHEST
    ties: tuple[TieRule, ...] = ()
    self_ceiling: Decimal | None = None
    excluded: Excluded = Excluded.SHRINK
    na: NotApplicable | None = None
    leaf_rounding: Rounding = field(default_factory=Rounding)
    cases: tuple[Case, ...] = ()


def table_rules(table: Table) -> TableRules:
    """The rules of a table, read once per table; RuleError when they cannot be."""
    known: TableRules | None = table.__dict__.get("_table_rules")
    if known is None:
        known = table.__dict__["_table_rules"] = read_table_rules(table.rules)
    return known


def read_table_rules(rules: Rule) -> TableRules:
    """The rules of a whole table from `Table.rules`; RuleError at the first that cannot be read."""
    inputs: dict[str, Input] = {}
    for data in entries(rules.get("inputs")):
        each = read_input(data)
        if each.key in inputs:
            raise RuleError(f"mã số liệu “{each.key}” bị lặp.")
        inputs[each.key] = each
    bands = {
        str(name): tuple(read_band(band) for band in entries(rows))
        for name, rows in mapping(rules.get("bands")).items()
    }
    return TableRules(
        inputs=inputs,
        bands=bands,
        gates=tuple(read_gate(data) for data in entries(rules.get("gates"))),
        classes=tuple(read_class(data) for data in entries(rules.get("classes"))),
        class_basis=choice(ClassBasis, rules.get("class_basis", "points"), "cơ sở xếp loại"),
        awards=tuple(read_award(data) for data in entries(rules.get("awards"))),
        award_policy=choice(
            AwardPolicy, rules.get("award_policy", "highest"), "cách cộng điểm thành tích"
        ),
        ties=tuple(read_tie(data) for data in entries(rules.get("ties"))),
        self_ceiling=optional(rules, "self_ceiling", "trần tự chấm"),
        excluded=choice(Excluded, rules.get("excluded", "shrink"), "cách loại khỏi tổng"),
        na=na_of(rules),
        leaf_rounding=_rounding(mapping(rules.get("leaf_rounding"))),
        cases=tuple(read_case(data) for data in entries(rules.get("cases"))),
    )


def read_gate(data: Mapping[str, Any]) -> Gate:
    """One gate; it must say when it closes."""
    when = read_conditions(str(data.get("when", "")))
    if not when:
        raise RuleError("điều kiện xếp loại phải ghi khi nào áp dụng.")
    label = str(data.get("label", "")) or str(data["when"])
    return Gate(when, label, str(data.get("limit", "")), str(data.get("article", "")))


def read_class(data: Mapping[str, Any]) -> Class:
    """One class."""
    name = str(data.get("name", "")).strip()
    if not name:
        raise RuleError("mức xếp loại chưa có tên.")
    quota = None
    if data.get("places") is not None or data.get("percent") is not None:
        places = data.get("places")
        quota = Quota(
            places=None if places is None else int(decimal(places, f"số suất của “{name}”")),
            percent=None
            if data.get("percent") is None
            else number(data["percent"], f"tỷ lệ tối đa của “{name}”"),
        )
    return Class(
        name=name,
        least=number(data.get("least", "0"), f"mức điểm của “{name}”"),
        share=None
        if data.get("share") is None
        else number(data["share"], f"tỷ lệ tối thiểu từng tiêu chí của “{name}”"),
        share_level=int(decimal(data.get("share_level", "1"), f"cấp tiêu chí của “{name}”")),
        quota=quota,
    )


def read_award(data: Mapping[str, Any]) -> Award:
    """One award that adds points."""
    if not data.get("input"):
        raise RuleError("điểm cộng thành tích thiếu số liệu.")
    return Award(
        str(data["input"]),
        number(data.get("points"), "điểm cộng thành tích"),
        str(data.get("label", "")),
    )


def read_tie(data: Mapping[str, Any]) -> TieRule:
    """One rule for equal totals."""
    by = choice(TieBreak, data.get("by"), "quy tắc khi bằng điểm")
    of = str(data.get("of", ""))
    if by in {TieBreak.NODE, TieBreak.INPUT_HIGH, TieBreak.INPUT_LOW} and not of:
        raise RuleError(
            f"quy tắc khi bằng điểm “{TIE_BREAK_NAMES[by]}” phải ghi tiêu chí hoặc số liệu."
        )
    return TieRule(by, of)


def read_case(data: Mapping[str, Any]) -> Case:
    """One worked example of the table."""
    name = str(data.get("name", "")) or "không tên"
    given = {
        key: decimal(data[key], f"ví dụ “{name}”: {label}")
        for key, label in (
            ("base", "điểm chuẩn"),
            ("bonus", "điểm thưởng"),
            ("deduction", "điểm trừ"),
            ("target", "mục tiêu"),
        )
        if data.get(key) is not None
    }
    points = data.get("points")
    return Case(
        name=name,
        path=str(data.get("path", "")),
        facts={str(key): str(value) for key, value in mapping(data.get("facts")).items()},
        points=None if points is None else decimal(points, f"ví dụ “{name}”: kết quả"),
        tier=str(data.get("tier", "")),
        **given,
    )


def _rounding(data: Mapping[str, Any]) -> Rounding:
    return Rounding(
        mode=choice(RoundingMode, data.get("mode", Rounding().mode), "cách làm tròn tiêu chí"),
        quantum=decimal(data.get("quantum", "0.01"), "bước làm tròn tiêu chí"),
    )
