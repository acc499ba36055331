"""Lines held against a target or against the cluster’s leader."""

from collections.abc import Iterable
from fractions import Fraction

from thidua.rules.scoring.facts import Facts
from thidua.rules.scoring.formulas import DividedByZero
from thidua.rules.scoring.kinds.env import ZERO, Env, Lead, Open, Say, State, whole
from thidua.rules.scoring.language import Line
from thidua.rules.scoring.numbers import words


def linear(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    most = whole(line, maximum)
    actual, target = env.number(line.input), _target(line, env)
    points = min(most, most * actual / target)
    if say:
        note = f", không quá {words(most)}" if actual > target else ""
        say(
            f"{env.shown(line.input)}, mục tiêu {words(target)}: {words(most)} × {words(actual)} : "
            f"{words(target)} = {words(points)}{note}."
        )
    return points


def _target(line: Line, env: Env) -> Fraction:
    target = env.facts.target(line.input)
    if target is None:
        raise Open(
            State.MISSING, f"có số liệu “{env.label(line.input)}” nhưng đơn vị chưa có mục tiêu"
        )
    if target == 0:
        raise Open(State.PERSON, f"mục tiêu “{env.label(line.input)}” bằng 0 nên không chia được")
    return target


def leader(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    most = whole(line, maximum)
    actual, target = env.number(line.input), env.facts.target(line.input)
    if target is None:
        return _without_target(line, most, actual, env, say)
    target = _target(line, env)
    half = most * line.at_target / 100
    if actual <= target:
        points = half * actual / target
        if say:
            say(
                f"{env.shown(line.input)}, mục tiêu {words(target)}, chưa vượt: {words(half)} × "
                f"{words(actual)} : {words(target)} = {words(points)}."
            )
        return points
    exceed = actual / target - 1
    best = env.lead.exceed if env.lead else None
    if best is None:
        raise Open(
            State.WAITS, "vượt mục tiêu; chờ số liệu của các đơn vị khác để biết đơn vị dẫn đầu"
        )
    points = half + (most - half) * exceed / max(best, exceed)
    if say:
        say(
            f"{env.shown(line.input)}, mục tiêu {words(target)}, vượt {words(exceed * 100)}%; đơn vị dẫn "
            f"đầu vượt {words(max(best, exceed) * 100)}%: {words(half)} + {words(most - half)} × "
            f"{words(exceed * 100)} : {words(max(best, exceed) * 100)} = {words(points)}."
        )
    return points


def _without_target(
    line: Line, most: Fraction, actual: Fraction, env: Env, say: Say | None
) -> Fraction:
    best = env.lead.best if env.lead else None
    if best is None:
        raise Open(
            State.WAITS, "không có mục tiêu; chờ số liệu của các đơn vị cùng không có mục tiêu"
        )
    best = max(best, actual)
    points = most * actual / best if best else ZERO
    if say:
        say(
            f"{env.shown(line.input)}, không có mục tiêu; cao nhất trong các đơn vị không có mục tiêu "
            f"{words(best)}: {words(most)} × {words(actual)} : {words(best)} = {words(points)}."
            if best
            else f"{env.shown(line.input)}, không đơn vị nào có số liệu lớn hơn 0 → 0."
        )
    return points


def lead_of(line: Line, peers: Iterable[Facts]) -> Lead:
    """Who leads among units: the best exceed rate above target; without targets, the best figure."""
    exceed, best = ZERO, None
    for facts in peers:
        try:
            actual = facts.number(line.input)
        except DividedByZero:
            continue
        if actual is None:
            continue
        target = facts.target(line.input)
        if target is None:
            best = actual if best is None else max(best, actual)
        elif target > 0:
            exceed = max(exceed, actual / target - 1)
    return Lead(exceed, best if best is not None else ZERO)
