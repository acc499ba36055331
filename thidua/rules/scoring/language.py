"""The rule language as typed values: inputs, bands, lines, and the rules of a whole table.

A table keeps its rules as JSON (`CriterionNode.rule`, `Table.rules`); here they become values that
can be evaluated. Every name below is a key of that JSON; numbers there are text, so that they stay
exact. What cannot be read raises RuleError with the sentence for the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import NAME, Condition, Formula, read_conditions, read_formula
from thidua.rules.scoring.tree import CriterionNode, Rounding, RoundingMode, Rule, Table


class InputKind(StrEnum):
    """Where a value comes from and what it looks like."""

    FIGURE = "figure"
    PERCENT = "percent"
    COUNT = "count"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    EVENTS = "events"
    FORMULA = "formula"


INPUT_KINDS = {
    InputKind.FIGURE: "Số liệu",
    InputKind.PERCENT: "Tỷ lệ %",
    InputKind.COUNT: "Số đếm",
    InputKind.DATE: "Ngày",
    InputKind.YES_NO: "Có hoặc không",
    InputKind.CHOICE: "Chọn mức",
    InputKind.EVENTS: "Điểm từng lần",
    InputKind.FORMULA: "Công thức",
}
NUMERIC = {InputKind.FIGURE, InputKind.PERCENT, InputKind.COUNT, InputKind.FORMULA}


@dataclass(frozen=True)
class Input:
    """Số liệu đầu vào: one thing a rule asks for.

    `default` is what an empty field means, written in the table ("0" for a count of cases); ""
    means that the field must be filled in. `formula` is given exactly for kind FORMULA. `options`
    names the set of bands whose labels a CHOICE offers.
    """

    key: str
    label: str
    kind: InputKind
    measure: str = ""
    formula: Formula | None = None
    default: str = ""
    options: str = ""
    indicator: str = ""


@dataclass(frozen=True)
class Band:
    """Một bậc: numbers from `low` to `high` (None: no end), or a label; what it is worth.

    Worth `points`, or `share` per cent of the criterion's standard points. `tier` limits the band
    to one size of unit. In a set of tiers the label is the name of the tier and nothing is worth.
    """

    low: Fraction | None = None
    low_in: bool = True
    high: Fraction | None = None
    high_in: bool = False
    label: str = ""
    tier: str = ""
    points: Fraction | None = None
    share: Fraction | None = None

    def holds(self, value: Fraction) -> bool:
        """Whether the number lies in this band, ends as written."""
        above = self.low is None or value > self.low or (self.low_in and value == self.low)
        below = self.high is None or value < self.high or (self.high_in and value == self.high)
        return above and below

    def worth(self, maximum: Fraction | None) -> Fraction:
        """Points of this band for a criterion of `maximum` standard points."""
        if self.share is not None:
            return self.share * (maximum or 0) / 100
        return self.points if self.points is not None else Fraction(0)


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


def number(value: Any, what: str) -> Fraction:
    """An exact number of the data; RuleError naming `what` it is."""
    return Fraction(decimal(value, what))


def decimal(value: Any, what: str) -> Decimal:
    """An exact decimal of the data; RuleError naming `what` it is."""
    try:
        read = Decimal(value) if isinstance(value, str | int) else None
    except InvalidOperation:
        read = None
    if read is None or not read.is_finite() or not -100 <= read.adjusted() <= 100:
        raise RuleError(f"{what} phải là một số, đang là “{value}”.")
    return read


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
    kind = _choice(Kind, data.get("kind", Kind.TYPED), "cách tính")
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
_LEAF_KEYS = {"bonus", "deduction", "sets", "floor", "ceiling", "na", "leaf_article"}


def read_leaf_rule(rule: Rule) -> LeafRule:
    """The rules of a leaf from `CriterionNode.rule`: the base line's fields stand directly in it."""
    base = read_line({key: value for key, value in rule.items() if key not in _LEAF_KEYS})
    parts: dict[str, tuple[Line, ...]] = {}
    for part in ("bonus", "deduction"):
        lines = tuple(read_line(each) for each in _list(rule.get(part)))
        for line in lines:
            if line.kind in BASE_ONLY:
                raise RuleError(f"“{KIND_NAMES[line.kind]}” chỉ dùng cho điểm chuẩn.")
        parts[part] = lines
    sets = {
        str(name): number(cap, f"trần của nhóm “{name}”")
        for name, cap in _mapping(rule.get("sets")).items()
    }
    for line in (*parts["bonus"], *parts["deduction"]):
        if line.set and line.set not in sets:
            raise RuleError(f"nhóm trần “{line.set}” chưa ghi mức trần.")
    return LeafRule(
        base=base,
        sets=sets,
        floor=_optional(rule, "floor", "mức thấp nhất"),
        ceiling=_optional(rule, "ceiling", "mức cao nhất"),
        na=_na(rule),
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


def table_rules(table: Table) -> TableRules:
    """The rules of a table, read once per table; RuleError when they cannot be."""
    known: TableRules | None = table.__dict__.get("_table_rules")
    if known is None:
        known = table.__dict__["_table_rules"] = read_table_rules(table.rules)
    return known


def read_group_rule(rule: Rule) -> GroupRule:
    """The rule of a group: conditional, or nothing."""
    for key in rule:
        if key not in {"kind", "when", "na", "article"}:
            raise RuleError("nhóm không chấm trực tiếp nên chỉ có thể đặt điều kiện áp dụng.")
    if rule.get("kind", "conditional") != "conditional":
        raise RuleError("nhóm không chấm trực tiếp nên không có quy tắc chấm điểm.")
    return GroupRule(
        read_conditions(str(rule.get("when", ""))), _na(rule), str(rule.get("article", ""))
    )


def read_input(data: Mapping[str, Any]) -> Input:
    """One declared input; RuleError when it cannot be."""
    key, label = str(data.get("key", "")), str(data.get("label", ""))
    if not NAME.fullmatch(key):
        raise RuleError(
            f"mã số liệu “{key}” không dùng được: bắt đầu bằng chữ, chỉ gồm chữ, số, dấu “_” và “.”."
        )
    if not label.strip():
        raise RuleError(f"số liệu “{key}” chưa có tên.")
    kind = _choice(InputKind, data.get("kind"), f"loại của số liệu “{key}”")
    formula = str(data.get("formula", ""))
    if (kind is InputKind.FORMULA) != bool(formula.strip()):
        raise RuleError(
            f"số liệu “{key}”: công thức chỉ ghi, và phải ghi, khi loại là “Công thức”."
        )
    if kind is InputKind.CHOICE and not data.get("options"):
        raise RuleError(f"số liệu “{key}”: loại “Chọn mức” phải ghi tên bộ bậc có các mức để chọn.")
    return Input(
        key=key,
        label=label,
        kind=kind,
        measure=str(data.get("measure", "")),
        formula=read_formula(formula) if kind is InputKind.FORMULA else None,
        default=str(data.get("default", "")),
        options=str(data.get("options", "")),
        indicator=str(data.get("indicator", "")),
    )


def read_band(data: Mapping[str, Any]) -> Band:
    """One band of a named set."""
    values: dict[str, Any] = {
        key: number(data[key], label)
        for key, label in (
            ("low", "mốc từ"),
            ("high", "mốc đến"),
            ("points", "điểm của bậc"),
            ("share", "tỷ lệ điểm của bậc"),
        )
        if data.get(key) is not None
    }
    band = Band(
        low_in=bool(data.get("low_in", True)),
        high_in=bool(data.get("high_in", False)),
        label=str(data.get("label", "")),
        tier=str(data.get("tier", "")),
        **values,
    )
    if band.low is not None and band.high is not None:
        both = band.low_in and band.high_in
        if band.low > band.high or (band.low == band.high and not both):
            raise RuleError("mốc từ phải nhỏ hơn mốc đến.")
    if band.points is not None and band.share is not None:
        raise RuleError("bậc chỉ ghi điểm hoặc tỷ lệ điểm, không ghi cả hai.")
    return band


def read_table_rules(rules: Rule) -> TableRules:
    """The rules of a whole table from `Table.rules`; RuleError at the first that cannot be read."""
    inputs: dict[str, Input] = {}
    for data in _list(rules.get("inputs")):
        each = read_input(data)
        if each.key in inputs:
            raise RuleError(f"mã số liệu “{each.key}” bị lặp.")
        inputs[each.key] = each
    bands = {
        str(name): tuple(read_band(band) for band in _list(rows))
        for name, rows in _mapping(rules.get("bands")).items()
    }
    return TableRules(
        inputs=inputs,
        bands=bands,
        gates=tuple(read_gate(data) for data in _list(rules.get("gates"))),
        classes=tuple(read_class(data) for data in _list(rules.get("classes"))),
        class_basis=_choice(ClassBasis, rules.get("class_basis", "points"), "cơ sở xếp loại"),
        awards=tuple(read_award(data) for data in _list(rules.get("awards"))),
        award_policy=_choice(
            AwardPolicy, rules.get("award_policy", "highest"), "cách cộng điểm thành tích"
        ),
        ties=tuple(read_tie(data) for data in _list(rules.get("ties"))),
        self_ceiling=_optional(rules, "self_ceiling", "trần tự chấm"),
        excluded=_choice(Excluded, rules.get("excluded", "shrink"), "cách loại khỏi tổng"),
        na=_na(rules),
        leaf_rounding=_rounding(_mapping(rules.get("leaf_rounding"))),
        cases=tuple(read_case(data) for data in _list(rules.get("cases"))),
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
    by = _choice(TieBreak, data.get("by"), "quy tắc khi bằng điểm")
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
        facts={str(key): str(value) for key, value in _mapping(data.get("facts")).items()},
        points=None if points is None else decimal(points, f"ví dụ “{name}”: kết quả"),
        tier=str(data.get("tier", "")),
        **given,
    )


def _rounding(data: Mapping[str, Any]) -> Rounding:
    return Rounding(
        mode=_choice(RoundingMode, data.get("mode", Rounding().mode), "cách làm tròn tiêu chí"),
        quantum=decimal(data.get("quantum", "0.01"), "bước làm tròn tiêu chí"),
    )


def _na(rule: Rule) -> NotApplicable | None:
    written = rule.get("na")
    return None if written is None else _choice(NotApplicable, written, "cách tính khi không giao")


def _optional(rule: Rule, key: str, what: str) -> Decimal | None:
    written = rule.get(key)
    return None if written is None else decimal(written, what)


def _choice(enum: Any, value: Any, what: str) -> Any:
    try:
        return enum(value)
    except ValueError:
        raise RuleError(f"{what} “{value}” chưa được hỗ trợ.") from None


def _list(value: Any) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(each, Mapping) for each in value):
        raise RuleError("dữ liệu quy tắc không đúng dạng danh sách.")
    return list(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RuleError("dữ liệu quy tắc không đúng dạng bảng.")
    return value
