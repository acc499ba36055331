"""One line evaluated: its conditions, its kind, its cap."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from thidua.rules.scoring.formulas import Condition, DividedByZero
from thidua.rules.scoring.kinds.banded import by_band, matrix, options
from thidua.rules.scoring.kinds.counted import by_date, per_case, progressive
from thidua.rules.scoring.kinds.env import Env, Open, Outcome, Say, State
from thidua.rules.scoring.kinds.plain import all_or_nothing, average, full, pass_fail, typed
from thidua.rules.scoring.kinds.relative import leader, linear
from thidua.rules.scoring.language import KIND_NAMES, Kind, Line
from thidua.rules.scoring.numbers import words


def evaluate(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Outcome:
    """The points of one line; `say` takes the sentences of the reasoning, None saves the work.

    In: the criterion's standard points (None: it has none). Raises RuleError only when the line
    itself cannot be applied, which `lint` finds before a table is issued.
    """
    try:
        if why := _skipped(line, env):
            if say:
                say(f"{_name(line, env)}: {why}, tính 0.")
            return Outcome()
        points = _KINDS[line.kind](line, maximum, env, say)
    except Open as error:
        if say:
            say(f"{_name(line, env)}: {error.outcome.why.rstrip('.')}.")
        return error.outcome
    if line.cap is not None and points > line.cap:
        if say:
            say(
                f"{_name(line, env)}: {words(points)} vượt mức {words(line.cap)}, tính {words(line.cap)}."
            )
        points = line.cap
    return Outcome(points)


def _skipped(line: Line, env: Env) -> str:
    """Why the line does not count, "" when it does."""
    for condition in line.when:
        try:
            value = env.value(condition.name)
        except DividedByZero as error:
            raise Open(State.PERSON, str(error)) from error
        if value is None:
            label = RESERVED.get(condition.name) or f"số liệu “{env.label(condition.name)}”"
            raise Open(State.MISSING, f"chưa có {label}")
        if not condition.holds(value):
            return f"không đạt điều kiện “{named(condition, env)}”"
    if line.unless and env.need(line.unless) is True:
        return f"được miễn vì {env.label(line.unless)}: Có"
    return ""


RESERVED = {
    "@diem_tru": "điểm trừ của tiêu chí",
    "@diem_chuan": "điểm chuẩn được tính",
    "@nop": "đã nộp bảng tự chấm",
    "@tong_diem": "tổng điểm",
}


def named(condition: Condition, env: Env) -> str:
    """A condition with the input's label in place of its key."""
    name = RESERVED.get(condition.name) or env.label(condition.name)
    return f"{name} {condition.text.removeprefix(condition.name).strip()}"


def _name(line: Line, env: Env) -> str:
    return (
        line.article
        or line.text
        or (env.label(line.input) if line.input else KIND_NAMES[line.kind])
    )


_KINDS: Mapping[Kind, Callable[[Line, Fraction | None, Env, Say | None], Fraction]] = {
    Kind.TYPED: typed,
    Kind.FULL: full,
    Kind.PASS_FAIL: pass_fail,
    Kind.ALL_OR_NOTHING: all_or_nothing,
    Kind.OPTIONS: options,
    Kind.AVERAGE: average,
    Kind.BANDS: by_band,
    Kind.MATRIX: matrix,
    Kind.LINEAR: linear,
    Kind.LEADER: leader,
    Kind.PER_CASE: per_case,
    Kind.PROGRESSIVE: progressive,
    Kind.LATE: by_date,
    Kind.EARLY: by_date,
}
