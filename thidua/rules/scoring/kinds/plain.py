"""Lines that look at one value: full, pass or fail, all or nothing, average."""

from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.scoring.kinds.env import ZERO, Env, Open, Say, State, whole
from thidua.rules.scoring.language import Line
from thidua.rules.scoring.numbers import words


def full(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    points = whole(line, maximum)
    if say:
        say(f"Bắt đầu từ {words(points)} điểm.")
    return points


def pass_fail(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    points = whole(line, maximum) if env.need(line.input) is True else ZERO
    if say:
        say(f"{env.shown(line.input)} → {words(points)}.")
    return points


def all_or_nothing(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    needed = line.threshold if line.threshold is not None else Fraction(100)
    value = env.number(line.input)
    reached = value >= needed
    points = whole(line, maximum) if reached else ZERO
    if say:
        sign = "đạt" if reached else "chưa đạt"
        say(f"{env.shown(line.input)}, {sign} mức {words(needed)} → {words(points)}.")
    return points


def average(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    events = env.need(line.input)
    if not isinstance(events, tuple):
        raise RuleError(f"số liệu “{env.label(line.input)}” không phải là điểm từng lần.")
    most = whole(line, maximum)
    beyond = [event for event in events if event > most]
    if beyond:
        raise Open(
            State.MISSING,
            f"“{env.label(line.input)}” có lần ghi {words(beyond[0])}, vượt mức tối đa {words(most)};"
            " hãy sửa lại",
        )
    points = sum(events, ZERO) / len(events)
    if say:
        total = " + ".join(words(event) for event in events)
        say(f"{env.label(line.input)}: ({total}) : {len(events)} = {words(points)}.")
    return points


def typed(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    raise Open(State.MISSING, "chưa chấm")
