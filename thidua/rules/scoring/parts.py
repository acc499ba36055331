"""The three parts of a leaf – standard points, bonus, deduction – where lines compute them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thidua.rules.scoring.kinds import Env, Lead, Outcome, Say, State, evaluate
from thidua.rules.scoring.language import Kind, LeafRule, Line
from thidua.rules.scoring.numbers import words
from thidua.rules.scoring.tree import CriterionNode

Leads = Mapping[tuple[str, str, int], Lead]
ZERO = Fraction(0)


@dataclass(frozen=True)
class Part:
    """One part of a leaf. Typed by hand unless `is_computed`; `state` DONE when `points` stand."""

    is_computed: bool = False
    state: State = State.DONE
    points: Decimal | None = None
    whys: tuple[str, ...] = ()


TYPED = Part()


@dataclass
class _Line:
    """A line with what it came to; `counted` is what is left of it after alternatives."""

    line: Line
    outcome: Outcome
    counted: Fraction


def parts_of(
    node: CriterionNode,
    rule: LeafRule,
    typed: Mapping[str, Decimal | None],
    env: Env,
    leads: Leads | None,
    say: Say | None,
    *,
    extras_only: bool = False,
) -> dict[str, Part]:
    """Standard points, bonus and deduction of a leaf as its lines compute them.

    Deductions come before bonuses: a bonus may ask for `@diem_tru` or `@diem_chuan`.
    `extras_only`: standard points are worked out only where a bonus or a deduction asks for them.
    """
    lines: dict[str, list[_Line]] = {}
    maximum = None if node.maximum is None else Fraction(node.maximum)

    def run(name: str, chosen: Sequence[Line]) -> None:
        lines[name] = []
        for place, line in enumerate(chosen):
            env.lead = leads.get((node.path, name, place)) if leads is not None else None
            outcome = evaluate(line, maximum, env, say)
            lines[name].append(_Line(line, outcome, outcome.points))
        _alternatives(lines[name], say)

    is_typed = rule.base.kind is Kind.TYPED or node.maximum is None
    run("base", () if is_typed or (extras_only and not _asks_base(rule)) else (rule.base,))
    env.reserved["@diem_chuan"] = _so_far(lines["base"], typed["base"])
    run("deduction", rule.deduction)
    env.reserved["@diem_tru"] = _so_far(lines["deduction"], typed["deduction"])
    run("bonus", rule.bonus)
    _shared_caps(rule, lines["bonus"], lines["deduction"], say)
    caps = {"base": node.maximum, "bonus": node.bonus_cap, "deduction": node.deduction_cap}
    rounding = env.facts.rules.leaf_rounding
    return {
        name: _part(found, caps[name], rounding.exactly, say) if found else TYPED
        for name, found in lines.items()
    }


def _asks_base(rule: LeafRule) -> bool:
    return any(
        condition.name == "@diem_chuan"
        for line in (*rule.bonus, *rule.deduction)
        for condition in line.when
    )


def _so_far(lines: Sequence[_Line], typed: Decimal | None) -> Fraction | None:
    """What other lines may ask of a part: its lines' sum, a person's word where lines leave it to
    one, None while it is not known."""
    given = Fraction(typed) if typed is not None and typed.is_finite() else None
    if not lines:
        return given or ZERO
    if any(each.outcome.state is not State.DONE for each in lines):
        return given
    return sum((each.counted for each in lines), ZERO)


def _alternatives(lines: Sequence[_Line], say: Say | None) -> None:
    """Of lines with one label only the highest counts; the first written where they are equal."""
    for label in {each.line.one_of for each in lines if each.line.one_of}:
        rivals = [each for each in lines if each.line.one_of == label]
        best = max(rivals, key=lambda each: each.counted)
        for each in rivals:
            if each is not best:
                each.counted = ZERO
        if say and sum(each.outcome.points > 0 for each in rivals) > 1:
            say(f"Chỉ lấy một mức của nhóm “{label}”: tính {words(best.counted)}.")


def _shared_caps(
    rule: LeafRule, bonus: Sequence[_Line], deduction: Sequence[_Line], say: Say | None
) -> None:
    """Lines of one set: plus minus minus stays within the cap both ways; the excess is taken off
    the side that has too much, from its last line on."""
    for label, cap in rule.sets.items():
        plus = [each for each in bonus if each.line.set == label]
        minus = [each for each in deduction if each.line.set == label]
        net = sum((each.counted for each in plus), ZERO) - sum(
            (each.counted for each in minus), ZERO
        )
        excess = abs(net) - cap
        if excess <= 0:
            continue
        if say:
            sign = "" if net > 0 else "−"
            say(
                f"Nhóm “{label}” {sign}{words(abs(net))} vượt mức {words(cap)}, tính {sign}{words(cap)}."
            )
        for each in reversed(plus if net > 0 else minus):
            taken = min(excess, each.counted)
            each.counted -= taken
            excess -= taken


def _part(
    lines: Sequence[_Line],
    cap: Decimal | None,
    rounded: Callable[[Fraction], Decimal],
    say: Say | None,
) -> Part:
    states = [each.outcome.state for each in lines]
    for state in (State.MISSING, State.WAITS, State.PERSON):
        if state in states:
            whys = tuple(each.outcome.why for each in lines if each.outcome.state is state)
            return Part(True, state, None, whys)
    total = sum((each.counted for each in lines), ZERO)
    if cap is not None and total > cap:
        if say:
            say(
                f"Tổng {words(total)} vượt mức {words(Fraction(cap))}, tính {words(Fraction(cap))}."
            )
        total = Fraction(cap)
    points = rounded(total)
    if say and points != total:
        say(f"Làm tròn {words(total)} → {words(Fraction(points))}.")
    return Part(True, State.DONE, points)
