"""From claims to points, with the reasons: leaf by leaf, group by group, exact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from thidua.rules.errors import RuleError
from thidua.rules.scoring.numbers import DECIMALS, LIMIT, vietnamese
from thidua.rules.scoring.tree import CriterionNode, Table

ZERO = Decimal(0)


@dataclass(frozen=True)
class Claim:
    """What was given for one leaf, each part 0 or more; None is "not given", which is not 0."""

    base: Decimal | None = None
    bonus: Decimal | None = None
    deduction: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing was given at all."""
        return self.base is None and self.bonus is None and self.deduction is None


class Limit(StrEnum):
    """Which limit of the table a claim broke."""

    RANGE = "range"
    NO_BASE = "no_base"
    BASE = "base"
    STEP = "step"
    NO_BONUS = "no_bonus"
    BONUS_CAP = "bonus_cap"
    NO_DEDUCTION = "no_deduction"
    DEDUCTION_CAP = "deduction_cap"
    NET_CAP = "net_cap"


@dataclass(frozen=True)
class Breach:
    """One limit that a claim broke, with the sentence the person reads."""

    path: str
    field: str
    limit: Limit
    sentence: str


@dataclass(frozen=True)
class TraceLine:
    """One step of the reasoning: rule, inputs, arithmetic in words, outcome in points."""

    path: str
    rule: str
    sentence: str
    inputs: tuple[tuple[str, Decimal], ...] = ()
    outcome: Decimal | None = None


@dataclass(frozen=True)
class LeafResult:
    """The points of one leaf: None when it was not scored.

    `claimed` is the plain arithmetic of the claim, `points` what the table allows of it.
    """

    path: str
    claimed: Decimal | None
    points: Decimal | None
    trace: tuple[TraceLine, ...]
    breaches: tuple[Breach, ...]


@dataclass(frozen=True)
class TableResult:
    """The points of a whole table: exact per node and in total, and the total as rounded."""

    leaves: Mapping[str, LeafResult]
    subtotals: Mapping[str, Decimal]
    total: Decimal
    rounded: Decimal
    missing: tuple[str, ...]
    trace: tuple[TraceLine, ...]

    @property
    def is_complete(self) -> bool:
        """Every leaf was scored."""
        return not self.missing

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Every limit broken, in printed order."""
        return tuple(each for leaf in self.leaves.values() for each in leaf.breaches)


def examine_leaf(node: CriterionNode, claim: Claim, *, floor_at_zero: bool) -> LeafResult:
    """What the table allows of a claim, and every limit the claim broke; refuses nothing.

    In: a leaf placed in its table, and the claim in points. Out: points with the reasons; points
    are None while the standard points are not given. Raises RuleError only when the leaf's rule
    itself cannot be applied.
    """
    breaches = tuple(_breaches(node, claim))
    if claim.is_empty or (claim.base is None and not node.bonus_only):
        line = TraceLine(node.path, _kind(node), f"{node.code}: chưa chấm.")
        return LeafResult(node.path, None, None, (line,), breaches)
    base = _allowed_base(node, claim)
    bonus = _allowed(claim.bonus, node.bonus_cap) if node.has_bonus else ZERO
    deduction = _allowed(claim.deduction, node.deduction_cap) if node.has_deduction else ZERO
    plain_sum = base + bonus - deduction
    trace = [
        _arithmetic(node, base, bonus, deduction, plain_sum),
        *(TraceLine(node.path, each.limit.value, each.sentence) for each in breaches),
    ]
    points = base + _within(bonus - deduction, node.net_cap)
    if points != plain_sum:
        sentence = (
            f"{node.code}: tổng điểm cộng, trừ {vietnamese(bonus - deduction)} chỉ tính"
            f" {vietnamese(points - base)} nên được {vietnamese(points)}."
        )
        trace.append(TraceLine(node.path, "net_cap", sentence, outcome=points))
    floored = max(ZERO, points) if floor_at_zero and node.maximum is not None else points
    if floored != points:
        sentence = f"{node.code}: bảng không cho điểm âm nên {vietnamese(points)} tính là 0."
        trace.append(TraceLine(node.path, "floor", sentence, (("điểm", points),), floored))
    return LeafResult(node.path, _claimed(claim), floored, tuple(trace), breaches)


def score_leaf(node: CriterionNode, claim: Claim, *, floor_at_zero: bool) -> LeafResult:
    """The points of a claim that keeps to the table; RuleError naming the criterion otherwise."""
    result = examine_leaf(node, claim, floor_at_zero=floor_at_zero)
    if result.breaches:
        raise RuleError(" ".join(each.sentence for each in result.breaches))
    return result


def examine(table: Table, claims: Mapping[str, Claim]) -> TableResult:
    """The whole table as its limits allow it; claims are by path, a leaf without one is missing.

    Raises RuleError when a claim names a path that is not a leaf of the table.
    """
    nodes = {node.path: node for node in table.leaves()}
    for path in claims:
        if path not in nodes:
            raise RuleError(f"Bảng chấm điểm không có tiêu chí để chấm ở “{path}”.")
    leaves = {
        path: examine_leaf(node, claims.get(path, Claim()), floor_at_zero=table.floor_at_zero)
        for path, node in nodes.items()
    }
    subtotals: dict[str, Decimal] = {}
    trace = [line for node in table.nodes for line in _sum_up(node, leaves, subtotals)]
    parts = [subtotals[node.path] for node in table.nodes if node.path in subtotals]
    whole = sum(parts, ZERO)
    rounded = table.rounding.apply(whole)
    trace.append(TraceLine("", "total", f"Tổng điểm: {_sum(parts, whole)}.", outcome=whole))
    if rounded != whole:
        step = vietnamese(table.rounding.quantum)
        sentence = f"Làm tròn đến {step}: {vietnamese(whole)} → {vietnamese(rounded)}."
        trace.append(TraceLine("", table.rounding.mode.value, sentence, outcome=rounded))
    missing = tuple(path for path, leaf in leaves.items() if leaf.points is None)
    return TableResult(leaves, subtotals, whole, rounded, missing, tuple(trace))


def total(table: Table, claims: Mapping[str, Claim]) -> TableResult:
    """The points of a whole table; RuleError listing every claim that breaks a limit."""
    result = examine(table, claims)
    if result.breaches:
        raise RuleError(" ".join(each.sentence for each in result.breaches))
    return result


def step_of(node: CriterionNode) -> Decimal | None:
    """The step of the standard points of a typed leaf, None when any value will do.

    Raises RuleError when the leaf's rule is of a kind, or has a step, that cannot be applied.
    """
    if _kind(node) != "typed":
        raise RuleError(f"Tiêu chí {node.code}: quy tắc “{_kind(node)}” chưa được hỗ trợ.")
    written = node.rule.get("step")
    if written is None:
        return None
    try:
        step = Decimal(written) if isinstance(written, str) else ZERO
    except InvalidOperation:
        step = ZERO
    if not step.is_finite() or step <= 0:
        raise RuleError(f"Tiêu chí {node.code}: bước chấm phải là số lớn hơn 0.")
    return step


def _kind(node: CriterionNode) -> str:
    return str(node.rule.get("kind", "typed"))


def _valid(part: Decimal | None) -> bool:
    return part is None or (
        part.is_finite() and 0 <= part < LIMIT and part == round(part, DECIMALS)
    )


def _allowed(part: Decimal | None, cap: Decimal | None) -> Decimal:
    if part is None or not _valid(part):
        return ZERO
    return part if cap is None else min(part, cap)


def _within(net: Decimal, cap: Decimal | None) -> Decimal:
    return net if cap is None else max(-cap, min(cap, net))


def _allowed_base(node: CriterionNode, claim: Claim) -> Decimal:
    """The standard points within the maximum; a value off the step counts as the step below."""
    if node.maximum is None:
        return ZERO
    base = _allowed(claim.base, node.maximum)
    step = step_of(node)
    # The maximum is always a value one may give, even 12.99 with steps of 0.5.
    return base if step is None or base == node.maximum else base - base % step


def _claimed(claim: Claim) -> Decimal | None:
    if not all(map(_valid, (claim.base, claim.bonus, claim.deduction))):
        return None
    return (claim.base or ZERO) + (claim.bonus or ZERO) - (claim.deduction or ZERO)


_PARTS = {"base": "điểm chuẩn", "bonus": "điểm thưởng", "deduction": "điểm trừ"}


def _breaches(node: CriterionNode, claim: Claim) -> Iterator[Breach]:
    def breach(field: str, limit: Limit, reason: str) -> Breach:
        return Breach(node.path, field, limit, f"Tiêu chí {node.code} ({node.title}): {reason}")

    invalid = [name for name in _PARTS if not _valid(getattr(claim, name))]
    for name in invalid:
        yield breach(
            name,
            Limit.RANGE,
            f"{_PARTS[name]} phải là số từ 0 trở lên, tối đa {DECIMALS} chữ số thập phân.",
        )
    if invalid:
        return
    yield from (breach(*each) for each in _base_limits(node, claim.base or ZERO))
    yield from (
        breach(*each)
        for each in _extra_limits(
            "bonus", claim.bonus or ZERO, has=node.has_bonus, cap=node.bonus_cap
        )
    )
    yield from (
        breach(*each)
        for each in _extra_limits(
            "deduction", claim.deduction or ZERO, has=node.has_deduction, cap=node.deduction_cap
        )
    )
    net = (claim.bonus or ZERO) - (claim.deduction or ZERO)
    if node.net_cap is not None and abs(net) > node.net_cap:
        yield breach(
            "bonus" if net > 0 else "deduction",
            Limit.NET_CAP,
            f"tổng điểm cộng, trừ là {vietnamese(net)}, vượt mức cho phép"
            f" {vietnamese(node.net_cap)}.",
        )


def _base_limits(node: CriterionNode, base: Decimal) -> Iterator[tuple[str, Limit, str]]:
    if node.maximum is None:
        if base:
            yield (
                "base",
                Limit.NO_BASE,
                "tiêu chí này không có điểm chuẩn; chỉ nhập điểm thưởng, điểm trừ.",
            )
        return
    step = step_of(node)
    if base > node.maximum:
        yield (
            "base",
            Limit.BASE,
            f"điểm chuẩn {vietnamese(base)} vượt mức tối đa {vietnamese(node.maximum)}.",
        )
    elif step is not None and base != node.maximum and base % step:
        yield (
            "base",
            Limit.STEP,
            f"điểm chuẩn {vietnamese(base)} không theo bước chấm {vietnamese(step)}.",
        )


def _extra_limits(
    name: str, value: Decimal, *, has: bool, cap: Decimal | None
) -> Iterator[tuple[str, Limit, str]]:
    label = _PARTS[name]
    if not has:
        if value:
            limit = Limit.NO_BONUS if name == "bonus" else Limit.NO_DEDUCTION
            yield name, limit, f"tiêu chí này không có {label}; hãy để trống hoặc ghi 0."
    elif cap is not None and value > cap:
        limit = Limit.BONUS_CAP if name == "bonus" else Limit.DEDUCTION_CAP
        yield name, limit, f"{label} {vietnamese(value)} vượt trần {vietnamese(cap)}."


def _arithmetic(
    node: CriterionNode, base: Decimal, bonus: Decimal, deduction: Decimal, points: Decimal
) -> TraceLine:
    """One line such as "a1: 3 − 0,5 = 2,5; trần điểm trừ 1,5"."""
    inputs: list[tuple[str, Decimal]] = []
    if node.maximum is not None:
        inputs.append((_PARTS["base"], base))
    if node.has_deduction:
        inputs.append((_PARTS["deduction"], -deduction))
    if node.has_bonus:
        inputs.append((_PARTS["bonus"], bonus))
    caps = (
        ("tối đa", node.maximum),
        ("trần điểm trừ", node.deduction_cap),
        ("trần điểm thưởng", node.bonus_cap),
        ("trần tổng điểm cộng, trừ", node.net_cap),
    )
    notes = "".join(f"; {name} {vietnamese(cap)}" for name, cap in caps if cap is not None)
    signs = [name == _PARTS["deduction"] for name, _ in inputs]
    sentence = f"{node.code}: {_sum([value for _, value in inputs], points, signs)}{notes}."
    return TraceLine(node.path, _kind(node), sentence, tuple(inputs), points)


def _sum(parts: list[Decimal], outcome: Decimal, subtracted: list[bool] | None = None) -> str:
    """The sum written out: "3 − 0,5 + 0 = 2,5"; one part alone is only itself."""
    minus = subtracted or [False] * len(parts)
    text = ""
    for part, is_subtracted in zip(parts, minus, strict=True):
        negative = is_subtracted or part < 0
        sign = (" − " if text else "−") if negative else (" + " if text else "")
        text += f"{sign}{vietnamese(abs(part))}"
    shown = vietnamese(outcome)
    return shown if text in {"", shown} else f"{text} = {shown}"


def _sum_up(
    node: CriterionNode, leaves: Mapping[str, LeafResult], subtotals: dict[str, Decimal]
) -> list[TraceLine]:
    """Fill in the subtotals from the leaves up; a node with nothing scored gets none."""
    if node.is_leaf:
        points = leaves[node.path].points
        if points is not None:
            subtotals[node.path] = points
        return list(leaves[node.path].trace)
    lines = [line for child in node.children for line in _sum_up(child, leaves, subtotals)]
    parts = [subtotals[child.path] for child in node.children if child.path in subtotals]
    if parts:
        outcome = sum(parts, ZERO)
        subtotals[node.path] = outcome
        sentence = f"{node.code} ({node.title}): {_sum(parts, outcome)}."
        lines.append(TraceLine(node.path, "sum", sentence, outcome=outcome))
    return lines
