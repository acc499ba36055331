"""Lines, and the rules of one criterion or one group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import Condition, read_conditions
from thidua.rules.scoring.language.data import choice, decimal, entries, mapping, number, optional
from thidua.rules.scoring.language.inputs import NUMERIC, InputKind
from thidua.rules.scoring.tree import CriterionNode, Rule


class Kind(StrEnum):
    """How one line turns inputs into points."""

    TYPED = "typed"
    FULL = "full"
    PASS_FAIL = "pass_fail"  # noqa: S105
    ALL_OR_NOTHING = "all_or_nothing"
    OPTIONS = "options"
    AVERAGE = "average"
    BANDS = "bands"
    MATRIX = "matrix"
    LINEAR = "linear"
    LEADER = "leader"
    PER_CASE = "per_case"
    PROGRESSIVE = "progressive"
    LATE = "late"
    EARLY = "early"


KIND_NAMES = {
    Kind.TYPED: "Nhập điểm",
    Kind.FULL: "Đủ điểm chuẩn",
    Kind.PASS_FAIL: "Đạt hoặc không",
    Kind.ALL_OR_NOTHING: "Đủ mức mới tính",
    Kind.OPTIONS: "Chọn mức",
    Kind.AVERAGE: "Trung bình các lần",
    Kind.BANDS: "Theo bậc",
    Kind.MATRIX: "Theo cỡ và bậc",
    Kind.LINEAR: "Theo tỷ lệ mục tiêu",
    Kind.LEADER: "So với đơn vị dẫn đầu",
    Kind.PER_CASE: "Mỗi trường hợp",
    Kind.PROGRESSIVE: "Lũy tiến",
    Kind.LATE: "Theo ngày chậm",
    Kind.EARLY: "Theo ngày sớm",
}


BASE_ONLY = {Kind.TYPED, Kind.FULL}


# Which fields a kind must have beside `kind`; `points` of a base line may be left out: all of them.
NEEDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TYPED: (),
    Kind.FULL: (),
    Kind.PASS_FAIL: ("input",),
    Kind.ALL_OR_NOTHING: ("input",),
    Kind.OPTIONS: ("input", "bands"),
    Kind.AVERAGE: ("input",),
    Kind.BANDS: ("input", "bands"),
    Kind.MATRIX: ("input", "bands", "tiers"),
    Kind.LINEAR: ("input",),
    Kind.LEADER: ("input",),
    Kind.PER_CASE: ("input", "points"),
    Kind.PROGRESSIVE: ("input", "points", "threshold"),
    Kind.LATE: ("input", "due"),
    Kind.EARLY: ("input", "due", "threshold"),
}


# What input each kind works on.
TAKES: Mapping[Kind, frozenset[InputKind]] = {
    Kind.PASS_FAIL: frozenset({InputKind.YES_NO}),
    Kind.ALL_OR_NOTHING: frozenset(NUMERIC),
    Kind.OPTIONS: frozenset({InputKind.CHOICE}),
    Kind.AVERAGE: frozenset({InputKind.EVENTS}),
    Kind.BANDS: frozenset(NUMERIC),
    Kind.MATRIX: frozenset(NUMERIC),
    Kind.LINEAR: frozenset(NUMERIC),
    Kind.LEADER: frozenset(NUMERIC),
    Kind.PER_CASE: frozenset(NUMERIC),
    Kind.PROGRESSIVE: frozenset(NUMERIC),
    Kind.LATE: frozenset({InputKind.DATE}),
    Kind.EARLY: frozenset({InputKind.DATE}),
}


@dataclass(frozen=True)
class Line:
    """Một dòng quy tắc of a criterion's standard points, bonus or deduction.

    Points of a deduction are written without a sign. `cap` bounds this line alone; lines with one
    `one_of` label count only the highest; lines with one `set` label share the cap of that name.
    `when` must hold for the line to count; a yes at `unless` takes it away.
    """

    kind: Kind
    input: str = ""
    points: Fraction | None = None
    first: Fraction | None = None
    threshold: Fraction | None = None
    every: Fraction | None = None
    step: Decimal | None = None
    at_target: Fraction = Fraction(50)
    bands: str = ""
    tiers: str = ""
    tier_input: str = ""
    due: str = ""
    cap: Fraction | None = None
    when: tuple[Condition, ...] = ()
    unless: str = ""
    one_of: str = ""
    set: str = ""
    text: str = ""
    article: str = ""


class NotApplicable(StrEnum):
    """What a criterion is worth that was not assigned to a unit."""

    FULL = "full"
    EXCLUDED = "excluded"


@dataclass(frozen=True)
class LeafRule:
    """All rules of one criterion."""

    base: Line
    bonus: tuple[Line, ...] = ()
    deduction: tuple[Line, ...] = ()
    sets: Mapping[str, Fraction] = field(default_factory=dict)
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    na: NotApplicable | None = None
    article: str = ""

    @property
    def lines(self) -> tuple[tuple[str, int, Line], ...]:
        """Every line with its part and its place there."""
        return (
            ("base", 0, self.base),
            *(("bonus", number, line) for number, line in enumerate(self.bonus)),
            *(("deduction", number, line) for number, line in enumerate(self.deduction)),
        )


@dataclass(frozen=True)
class GroupRule:
    """Nhóm có điều kiện: where `when` does not hold, nothing below applies, and counts as `na`."""

    when: tuple[Condition, ...] = ()
    na: NotApplicable | None = None
    article: str = ""


_LINE_NUMBERS = {
    "points": "mức điểm",
    "first": "mức điểm đầu",
    "threshold": "ngưỡng",
    "every": "bước đếm",
    "at_target": "tỷ lệ khi đạt mục tiêu",
    "cap": "trần",
}


_LINE_TEXTS = ("input", "bands", "tiers", "tier_input", "due", "unless", "one_of", "set")


_LINE_KEYS = {"kind", "step", "when", "text", "article", *_LINE_NUMBERS, *_LINE_TEXTS}


def read_line(data: Mapping[str, Any]) -> Line:
    """One line of a rule; RuleError when a field is missing, unknown or out of place."""
    kind = choice(Kind, data.get("kind", Kind.TYPED), "cách tính")
    name = KIND_NAMES[kind]
    for key in data:
        if key not in _LINE_KEYS:
            raise RuleError(f"quy tắc “{name}” có mục lạ “{key}”.")
    for key in NEEDS[kind]:
        if not data.get(key):
            raise RuleError(f"quy tắc “{name}” thiếu {FIELD_NAMES[key]}.")
    values: dict[str, Any] = {
        key: number(data[key], label) for key, label in _LINE_NUMBERS.items() if key in data
    }
    for key, label in _LINE_NUMBERS.items():
        if key != "threshold" and values.get(key, 0) < 0:
            raise RuleError(f"{label} phải từ 0 trở lên.")
    if values.get("every") == 0:
        raise RuleError("bước đếm phải lớn hơn 0.")
    values.update({key: str(data[key]) for key in (*_LINE_TEXTS, "text", "article") if key in data})
    step = data.get("step")
    if step is not None:
        values["step"] = decimal(step, "bước chấm")
        if values["step"] <= 0:
            raise RuleError("bước chấm phải là số lớn hơn 0.")
    return Line(kind=kind, when=read_conditions(str(data.get("when", ""))), **values)


FIELD_NAMES = {
    **_LINE_NUMBERS,
    "input": "số liệu",
    "bands": "bậc",
    "tiers": "cỡ đơn vị",
    "due": "hạn",
}


LEAF_KEYS = {"bonus", "deduction", "sets", "floor", "ceiling", "na", "leaf_article"}


def read_leaf_rule(rule: Rule) -> LeafRule:
    """The rules of a leaf from `CriterionNode.rule`: the base line's fields stand directly in it."""
    base = read_line({key: value for key, value in rule.items() if key not in LEAF_KEYS})
    parts: dict[str, tuple[Line, ...]] = {}
    for part in ("bonus", "deduction"):
        lines = tuple(read_line(each) for each in entries(rule.get(part)))
        for line in lines:
            if line.kind in BASE_ONLY:
                raise RuleError(f"“{KIND_NAMES[line.kind]}” chỉ dùng cho điểm chuẩn.")
        parts[part] = lines
    sets = {
        str(name): number(cap, f"trần của nhóm “{name}”")
        for name, cap in mapping(rule.get("sets")).items()
    }
    for line in (*parts["bonus"], *parts["deduction"]):
        if line.set and line.set not in sets:
            raise RuleError(f"nhóm trần “{line.set}” chưa ghi mức trần.")
    return LeafRule(
        base=base,
        sets=sets,
        floor=optional(rule, "floor", "mức thấp nhất"),
        ceiling=optional(rule, "ceiling", "mức cao nhất"),
        na=na_of(rule),
        article=str(rule.get("leaf_article", "")),
        **parts,
    )


def leaf_rule(node: CriterionNode) -> LeafRule:
    """The rules of a leaf, read once per node; RuleError naming the criterion."""
    known: LeafRule | None = node.__dict__.get("_leaf_rule")
    if known is None:
        try:
            known = read_leaf_rule(node.rule)
        except RuleError as error:
            raise RuleError(f"Tiêu chí {node.code}: {error}") from error
        # The node is frozen and so is what was read from it: this only saves reading it again.
        node.__dict__["_leaf_rule"] = known
    return known


def group_rule(node: CriterionNode) -> GroupRule:
    """The rule of a group, read once per node; RuleError naming the group."""
    known: GroupRule | None = node.__dict__.get("_group_rule")
    if known is None:
        try:
            known = read_group_rule(node.rule)
        except RuleError as error:
            raise RuleError(f"Nhóm {node.code}: {error}") from error
        node.__dict__["_group_rule"] = known
    return known


def read_group_rule(rule: Rule) -> GroupRule:
    """The rule of a group: conditional, or nothing."""
    for key in rule:
        if key not in {"kind", "when", "na", "article"}:
            raise RuleError("nhóm không chấm trực tiếp nên chỉ có thể đặt điều kiện áp dụng.")
    if rule.get("kind", "conditional") != "conditional":
        raise RuleError("nhóm không chấm trực tiếp nên không có quy tắc chấm điểm.")
    return GroupRule(
        read_conditions(str(rule.get("when", ""))), na_of(rule), str(rule.get("article", ""))
    )


def na_of(rule: Rule) -> NotApplicable | None:
    written = rule.get("na")
    return None if written is None else choice(NotApplicable, written, "cách tính khi không giao")
