"""From a leaf's claim and figures to its points, with the reasons; exact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from thidua.rules.errors import RuleError
from thidua.rules.scoring.breaches import PART_NAMES, Breach, Limit, breaches_of, valid
from thidua.rules.scoring.facts import Facts
from thidua.rules.scoring.kinds import Env, State
from thidua.rules.scoring.language import (
    Kind,
    LeafRule,
    NotApplicable,
    TableRules,
    leaf_rule,
)
from thidua.rules.scoring.numbers import vietnamese
from thidua.rules.scoring.parts import TYPED, Leads, Part, parts_of
from thidua.rules.scoring.tree import CriterionNode

__all__ = [
    "Breach",
    "Claim",
    "LeafResult",
    "Limit",
    "Setting",
    "TraceLine",
    "examine_leaf",
    "extras",
]

ZERO = Decimal(0)


@dataclass(frozen=True)
class Claim:
    """What was given for one leaf, each part 0 or more; None is "not given", which is not 0.

    For a part that figures decide, a number here is what the unit asks for instead; where the
    table leaves the part to a person, it is that person's decision.
    """

    base: Decimal | None = None
    bonus: Decimal | None = None
    deduction: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing was given at all."""
        return self.base is None and self.bonus is None and self.deduction is None


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
    """The points of one leaf: None when it is not scored yet.

    `claimed` is the plain arithmetic of what was asked for, `points` what the table allows of it
    with its parts `base`, `bonus`, `deduction`. `missing` says in sentences what is not given yet;
    `needs_person` what the table leaves to a person; `waits` that other units' figures decide.
    `computed` names the parts that figures decide. `excluded` is the maximum that does not count.
    """

    path: str
    claimed: Decimal | None
    points: Decimal | None
    trace: tuple[TraceLine, ...]
    breaches: tuple[Breach, ...]
    base: Decimal = ZERO
    bonus: Decimal = ZERO
    deduction: Decimal = ZERO
    missing: tuple[str, ...] = ()
    needs_person: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    computed: frozenset[str] = frozenset()
    not_applicable: NotApplicable | None = None
    excluded: Decimal = ZERO

    @property
    def asked(self) -> Decimal | None:
        """The points as the unit asks for them: the table's own, unless it asks for more."""
        return self.claimed if self.breaches else self.points


@dataclass(frozen=True)
class Setting:
    """What a leaf is scored under: the unit's figures, the leaders, the table's settings.

    `leads` None: the other units' figures are not known. `traced` False saves the sentences.
    """

    facts: Facts = field(default_factory=lambda: Facts(TableRules(), {}))
    leads: Leads | None = None
    floor_at_zero: bool = True
    traced: bool = True


def examine_leaf(
    node: CriterionNode,
    claim: Claim,
    setting: Setting | None = None,
    *,
    not_applicable: NotApplicable | None = None,
) -> LeafResult:
    """What the table allows of a claim, and every limit the claim broke; refuses nothing.

    In: a leaf placed in its table, the claim in points, the unit's figures in `setting`. Out:
    points with the reasons; points are None while something is not given. Raises RuleError only
    when the leaf's rule itself cannot be applied.
    """
    at = setting or Setting()
    if not_applicable is not None:
        return _unassigned(node, not_applicable)
    rule = leaf_rule(node)
    typed = {name: getattr(claim, name) for name in PART_NAMES}
    said: list[str] = []
    parts = parts_of(node, rule, typed, Env(at.facts), at.leads, said.append if at.traced else None)
    breaches = breaches_of(
        node,
        typed,
        {name: part.points for name, part in parts.items() if part.points is not None},
        rule.base.step,
    )
    steps = [TraceLine(node.path, "line", f"{node.code}: {sentence}") for sentence in said]
    result = LeafResult(
        node.path,
        None,
        None,
        (),
        breaches,
        needs_person=_whys(parts, State.PERSON),
        computed=frozenset(name for name, part in parts.items() if part.is_computed),
    )
    missing, waits = _missing(node, typed, parts), _whys(parts, State.WAITS)
    if missing or waits:
        return _unscored(node, rule, result, missing, waits, steps, at)
    return _scored(node, rule, typed, parts, result, steps, at)


def _whys(parts: Mapping[str, Part], state: State) -> tuple[str, ...]:
    return tuple(why for part in parts.values() if part.state is state for why in part.whys)


def _missing(
    node: CriterionNode, typed: Mapping[str, Decimal | None], parts: Mapping[str, Part]
) -> tuple[str, ...]:
    """What must still be given, in words."""
    found = list(_whys(parts, State.MISSING))
    for name, part in parts.items():
        if part.state is State.PERSON and typed[name] is None:
            found.append(f"{PART_NAMES[name]} cần người quyết định: {'; '.join(part.whys)}")
    base = parts["base"]
    if not base.is_computed and typed["base"] is None:
        everything_typed = not any(part.is_computed for part in parts.values())
        empty = all(value is None for value in typed.values())
        if not node.bonus_only or (everything_typed and empty):
            found.append("chưa chấm")
    return tuple(found)


def _unscored(
    node: CriterionNode,
    rule: LeafRule,
    result: LeafResult,
    missing: tuple[str, ...],
    waits: tuple[str, ...],
    steps: list[TraceLine],
    at: Setting,
) -> LeafResult:
    why = "; ".join(dict.fromkeys((*missing, *waits)))
    line = TraceLine(node.path, rule.base.kind.value, f"{node.code}: {why.rstrip('.')}.")
    trace = (*steps, line) if at.traced else ()
    return LeafResult(
        **{**result.__dict__, "trace": trace, "missing": missing, "waits": waits},
    )


def _scored(
    node: CriterionNode,
    rule: LeafRule,
    typed: Mapping[str, Decimal | None],
    parts: Mapping[str, Part],
    result: LeafResult,
    steps: list[TraceLine],
    at: Setting,
) -> LeafResult:
    base = _base(node, rule, typed["base"], parts["base"])
    bonus = _extra(typed["bonus"], parts["bonus"], node.has_bonus, node.bonus_cap)
    deduction = _extra(
        typed["deduction"], parts["deduction"], node.has_deduction, node.deduction_cap
    )
    points, limits = _limited(node, rule, base, bonus, deduction, at)
    trace: tuple[TraceLine, ...] = ()
    if at.traced:
        judged = [
            TraceLine(node.path, "person", f"{node.code}: {why.rstrip('.')}.")
            for why in result.needs_person
        ]
        broken = [TraceLine(node.path, each.limit.value, each.sentence) for each in result.breaches]
        sums = _arithmetic(node, rule, base, bonus, deduction)
        trace = (*steps, *judged, sums, *broken, *limits)
    return LeafResult(
        **{
            **result.__dict__,
            "claimed": _claimed(typed, parts),
            "points": points,
            "trace": trace,
            "base": base,
            "bonus": bonus,
            "deduction": deduction,
        }
    )


def _base(node: CriterionNode, rule: LeafRule, typed: Decimal | None, part: Part) -> Decimal:
    """Standard points within the maximum; a value off the step counts as the step below."""
    if part.points is not None:
        return part.points
    if node.maximum is None:
        return ZERO
    base = _allowed(typed, node.maximum)
    step = rule.base.step
    # The maximum is always a value one may give, even 12.99 with steps of 0.5.
    return base if step is None or base == node.maximum else base - base % step


def _extra(typed: Decimal | None, part: Part, has: bool, cap: Decimal | None) -> Decimal:
    if part.points is not None:
        return part.points
    return _allowed(typed, cap) if has or part.is_computed else ZERO


def extras(node: CriterionNode, claim: Claim, at: Setting) -> tuple[Decimal, Decimal]:
    """Bonus and deduction of a leaf that is scored, as `examine_leaf` gives them, without the rest."""
    rule = leaf_rule(node)
    bonus, deduction = TYPED, TYPED
    if rule.bonus or rule.deduction:
        typed = {name: getattr(claim, name) for name in PART_NAMES}
        parts = parts_of(node, rule, typed, Env(at.facts), at.leads, None, extras_only=True)
        bonus, deduction = parts["bonus"], parts["deduction"]
    return (
        _extra(claim.bonus, bonus, node.has_bonus, node.bonus_cap),
        _extra(claim.deduction, deduction, node.has_deduction, node.deduction_cap),
    )


def _allowed(part: Decimal | None, cap: Decimal | None) -> Decimal:
    if part is None or not valid(part):
        return ZERO
    return part if cap is None else min(part, cap)


def _limited(
    node: CriterionNode,
    rule: LeafRule,
    base: Decimal,
    bonus: Decimal,
    deduction: Decimal,
    at: Setting,
) -> tuple[Decimal, list[TraceLine]]:
    """The sum of the parts within the limits of the whole leaf, each limit that bit with a line."""
    lines: list[TraceLine] = []

    def say(name: str, sentence: str, outcome: Decimal) -> None:
        if at.traced:
            lines.append(TraceLine(node.path, name, f"{node.code}: {sentence}", (), outcome))

    net = bonus - deduction
    kept = net if node.net_cap is None else max(-node.net_cap, min(node.net_cap, net))
    points = base + kept
    if kept != net:
        say(
            "net_cap",
            f"tổng điểm cộng, trừ {vietnamese(net)} chỉ tính {vietnamese(kept)} nên được"
            f" {vietnamese(points)}.",
            points,
        )
    for name, bound, word in (
        ("floor", rule.floor, "thấp nhất"),
        ("ceiling", rule.ceiling, "cao nhất"),
    ):
        beyond = bound is not None and (points < bound if name == "floor" else points > bound)
        if bound is not None and beyond:
            say(
                name,
                f"{vietnamese(points)} vượt mức {word} {vietnamese(bound)}, tính {vietnamese(bound)}.",
                bound,
            )
            points = bound
    if at.floor_at_zero and node.maximum is not None and rule.floor is None and points < 0:
        say("floor", f"bảng không cho điểm âm nên {vietnamese(points)} tính là 0.", ZERO)
        points = ZERO
    return points, lines


def _unassigned(node: CriterionNode, how: NotApplicable) -> LeafResult:
    """A criterion that was not assigned to the unit."""
    whole = node.maximum or ZERO
    full = how is NotApplicable.FULL
    points = whole if full else ZERO
    said = (
        f"đơn vị không được giao, tính đủ {vietnamese(whole)} điểm."
        if full
        else f"đơn vị không được giao, loại {vietnamese(whole)} điểm khỏi tổng."
    )
    line = TraceLine(node.path, "not_applicable", f"{node.code}: {said}", (), points)
    return LeafResult(
        node.path,
        points,
        points,
        (line,),
        (),
        base=points,
        not_applicable=how,
        excluded=ZERO if full else whole,
    )


def _claimed(typed: Mapping[str, Decimal | None], parts: Mapping[str, Part]) -> Decimal | None:
    """The plain arithmetic of what was asked for; None when a number cannot be kept."""
    if not all(map(valid, typed.values())):
        return None
    asked = {
        name: typed[name] if typed[name] is not None else parts[name].points for name in PART_NAMES
    }
    return (asked["base"] or ZERO) + (asked["bonus"] or ZERO) - (asked["deduction"] or ZERO)


def _arithmetic(
    node: CriterionNode, rule: LeafRule, base: Decimal, bonus: Decimal, deduction: Decimal
) -> TraceLine:
    """One line such as "a1: 3 − 0,5 = 2,5; trần điểm trừ 1,5"."""
    inputs: list[tuple[str, Decimal]] = []
    if node.maximum is not None:
        inputs.append((PART_NAMES["base"], base))
    if node.has_deduction or rule.deduction:
        inputs.append((PART_NAMES["deduction"], -deduction))
    if node.has_bonus or rule.bonus:
        inputs.append((PART_NAMES["bonus"], bonus))
    caps = (
        ("tối đa", node.maximum),
        ("trần điểm trừ", node.deduction_cap),
        ("trần điểm thưởng", node.bonus_cap),
        ("trần tổng điểm cộng, trừ", node.net_cap),
    )
    notes = "".join(f"; {name} {vietnamese(cap)}" for name, cap in caps if cap is not None)
    signs = [name == PART_NAMES["deduction"] for name, _ in inputs]
    points = base + bonus - deduction
    sentence = f"{node.code}: {written_sum([value for _, value in inputs], points, signs)}{notes}."
    return TraceLine(node.path, rule.base.kind.value, sentence, tuple(inputs), points)


def written_sum(
    parts: list[Decimal], outcome: Decimal, subtracted: list[bool] | None = None
) -> str:
    """The sum written out: "3 − 0,5 + 0 = 2,5"; one part alone is only itself."""
    minus = subtracted or [False] * len(parts)
    text = ""
    for part, is_subtracted in zip(parts, minus, strict=True):
        negative = is_subtracted or part < 0
        sign = (" − " if text else "−") if negative else (" + " if text else "")
        text += f"{sign}{vietnamese(abs(part))}"
    shown = vietnamese(outcome)
    return shown if text in {"", shown} else f"{text} = {shown}"


def step_of(node: CriterionNode) -> Decimal | None:
    """The step of the standard points of a typed leaf, None when any value will do.

    Raises RuleError when the leaf's rule cannot be applied.
    """
    rule = leaf_rule(node)
    return rule.base.step if rule.base.kind is Kind.TYPED else None


def score_leaf(node: CriterionNode, claim: Claim, setting: Setting | None = None) -> LeafResult:
    """The points of a claim that keeps to the table; RuleError naming the criterion otherwise."""
    result = examine_leaf(node, claim, setting)
    if result.breaches:
        raise RuleError(" ".join(each.sentence for each in result.breaches))
    return result
