"""How each kind of line turns inputs into points, with the reasons: one function a kind.

A line never guesses. It answers DONE with points; MISSING when a figure was not given; PERSON when
the table says nothing about the value (a hole between bands, a division by zero); WAITS when the
figures of other units decide and are not all known.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import NamedTuple

from thidua.rules.errors import RuleError
from thidua.rules.scoring.facts import Facts, in_words
from thidua.rules.scoring.formulas import Condition, DividedByZero, Value
from thidua.rules.scoring.language import KIND_NAMES, Band, Kind, Line
from thidua.rules.scoring.numbers import words

ZERO = Fraction(0)
Say = Callable[[str], None]


class State(StrEnum):
    """How far a line is."""

    DONE = "done"
    MISSING = "missing"
    PERSON = "person"
    WAITS = "waits"


class Outcome(NamedTuple):
    """The points of a line, or why there are none yet."""

    points: Fraction = ZERO
    state: State = State.DONE
    why: str = ""


class Open(Exception):
    """A line cannot be computed now; carries the outcome to give instead."""

    def __init__(self, state: State, why: str) -> None:
        super().__init__(why)
        self.outcome = Outcome(ZERO, state, why)


@dataclass(frozen=True)
class Lead:
    """What the others are held against: the best exceed rate, the best figure without a target."""

    exceed: Fraction | None = None
    best: Fraction | None = None


@dataclass
class Env:
    """What a line may look at: the unit's facts, this leaf's other parts, the cluster's leaders."""

    facts: Facts
    lead: Lead | None = None
    reserved: dict[str, Value] = field(default_factory=dict)

    def value(self, name: str) -> Value | None:
        """The value of an input or of a reserved name."""
        if name.startswith("@"):
            if name not in self.reserved:
                raise RuleError(f"tên “{name}” không dùng được ở đây.")
            return self.reserved[name]
        return self.facts.value(name)

    def label(self, key: str) -> str:
        """How an input is called."""
        each = self.facts.rules.inputs.get(key)
        return each.label if each else key

    def need(self, key: str) -> Value:
        """The value of an input; Open when it was not given or cannot be computed."""
        try:
            value = self.facts.value(key)
        except DividedByZero as error:
            raise Open(State.PERSON, f"{self.label(key)}: {error}") from error
        if value is None:
            raise Open(State.MISSING, f"chưa có số liệu “{self.label(key)}”")
        return value

    def number(self, key: str) -> Fraction:
        """The same as a number."""
        value = self.need(key)
        if isinstance(value, bool):
            return Fraction(int(value))
        if not isinstance(value, Fraction):
            raise RuleError(f"số liệu “{self.label(key)}” không phải là số.")
        return value

    def shown(self, key: str) -> str:
        """An input with its value, for a sentence."""
        each = self.facts.rules.inputs[key]
        value = self.facts.value(key)
        if isinstance(value, Fraction):
            text = words(value)
        else:
            text = in_words(each, self.facts.given.get(key) or each.default)
        measure = f" {each.measure}" if each.measure else ""
        default = " (để trống, tính theo bảng)" if self.facts.is_default(key) else ""
        return f"{each.label} {text}{measure}{default}"


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
            say(f"{_name(line, env)}: {error.outcome.why}.")
        return error.outcome
    if line.cap is not None and points > line.cap:
        if say:
            say(
                f"{_name(line, env)}: {words(points)} vượt mức {words(line.cap)}, tính {words(line.cap)}."
            )
        points = line.cap
    return Outcome(points)


def condition_state(line_when: Iterable[object], env: Env) -> bool | None:
    """Whether all conditions hold; None when a value is not known."""
    known: bool | None = True
    for condition in line_when:
        value = env.value(condition.name)  # type: ignore[attr-defined]
        if value is None:
            known = None
        elif not condition.holds(value):  # type: ignore[attr-defined]
            return False
    return known


def _skipped(line: Line, env: Env) -> str:
    """Why the line does not count, "" when it does."""
    for condition in line.when:
        try:
            value = env.value(condition.name)
        except DividedByZero as error:
            raise Open(State.PERSON, str(error)) from error
        if value is None:
            raise Open(State.MISSING, f"chưa có số liệu “{env.label(condition.name)}”")
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


def _whole(line: Line, maximum: Fraction | None) -> Fraction:
    """What the line is worth at most: its own points, else all standard points."""
    if line.points is not None:
        return line.points
    return maximum if maximum is not None else ZERO


def _full(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    points = _whole(line, maximum)
    if say:
        say(f"Bắt đầu từ {words(points)} điểm.")
    return points


def _pass_fail(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    points = _whole(line, maximum) if env.need(line.input) is True else ZERO
    if say:
        say(f"{env.shown(line.input)} → {words(points)}.")
    return points


def _all_or_nothing(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    needed = line.threshold if line.threshold is not None else Fraction(100)
    value = env.number(line.input)
    reached = value >= needed
    points = _whole(line, maximum) if reached else ZERO
    if say:
        sign = "đạt" if reached else "chưa đạt"
        say(f"{env.shown(line.input)}, {sign} mức {words(needed)} → {words(points)}.")
    return points


def _options(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    chosen = env.need(line.input)
    for band in _bands(line.bands, env):
        if band.label == chosen:
            points = band.worth(maximum)
            if say:
                say(f"{env.label(line.input)}: {band.label} → {words(points)}.")
            return points
    raise Open(State.PERSON, f"mức “{chosen}” không có trong bộ bậc “{line.bands}”")


def _average(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    events = env.need(line.input)
    if not isinstance(events, tuple):
        raise RuleError(f"số liệu “{env.label(line.input)}” không phải là điểm từng lần.")
    most = _whole(line, maximum)
    if any(event > most for event in events):
        raise Open(State.MISSING, f"có lần chấm vượt mức tối đa {words(most)}")
    points = sum(events, ZERO) / len(events)
    if say:
        total = " + ".join(words(event) for event in events)
        say(f"{env.label(line.input)}: ({total}) : {len(events)} = {words(points)}.")
    return points


def _banded(
    line: Line, maximum: Fraction | None, value: Fraction, env: Env, tier: str = ""
) -> tuple[Fraction, str]:
    """Points of the band that holds the value, and the band in words; Open in a hole."""
    for band in _bands(line.bands, env):
        if band.tier == tier and band.holds(value):
            return band.worth(maximum), span(band)
    at = f", cỡ “{tier}”" if tier else ""
    raise Open(
        State.PERSON,
        f"bộ bậc “{line.bands}” không quy định mức {words(value)}{at}; cần người quyết định",
    )


def _by_band(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    points, where = _banded(line, maximum, env.number(line.input), env)
    if say:
        say(f"{env.shown(line.input)}, thuộc bậc {where} → {words(points)}.")
    return points


def _matrix(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    tier = _tier(line, env)
    points, where = _banded(line, maximum, env.number(line.input), env, tier)
    if say:
        say(f"Cỡ “{tier}”; {env.shown(line.input)}, thuộc bậc {where} → {words(points)}.")
    return points


def _tier(line: Line, env: Env) -> str:
    if not line.tier_input:
        tier = env.facts.unit.tiers.get(line.tiers, "")
        if not tier:
            raise Open(State.MISSING, f"chưa ghi cỡ của đơn vị theo “{line.tiers}”")
        return tier
    size = env.number(line.tier_input)
    for band in _bands(line.tiers, env):
        if band.holds(size):
            return band.label
    raise Open(
        State.PERSON, f"“{line.tiers}” không quy định cỡ cho {words(size)}; cần người quyết định"
    )


def _linear(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    most = _whole(line, maximum)
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


def _leader(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    most = _whole(line, maximum)
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


def _per_case(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    count = env.number(line.input)
    each = line.points or ZERO
    times = Fraction(floor(count / line.every)) if line.every is not None else count
    points = times * each
    if line.first is not None and times > 0:
        points = line.first + max(ZERO, times - 1) * each
    if say:
        by = f", cứ {words(line.every)} tính một lần" if line.every is not None else ""
        first = f"{words(line.first)} + " if line.first is not None and times > 0 else ""
        rest = max(ZERO, times - 1) if first else times
        say(f"{env.shown(line.input)}{by}: {first}{words(rest)} × {words(each)} = {words(points)}.")
    return points


def _progressive(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    value, start = env.number(line.input), line.threshold or ZERO
    if value <= start:
        if say:
            say(f"{env.shown(line.input)}, chưa vượt {words(start)} → 0.")
        return ZERO
    every, each, first = line.every or Fraction(1), line.points or ZERO, line.first or ZERO
    times = floor((value - start) / every)
    points = first + times * each
    if say:
        say(
            f"{env.shown(line.input)}, vượt {words(start)}: {words(first)} + {times} × {words(each)} = "
            f"{words(points)}."
        )
    return points


def _by_date(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    done = env.need(line.input)
    due = due_on(line.due, env)
    if not isinstance(done, date):
        raise RuleError(f"số liệu “{env.label(line.input)}” không phải là ngày.")
    late = line.kind is Kind.LATE
    days = max(0, (done - due).days if late else (due - done).days)
    least = line.threshold if line.threshold is not None else Fraction(1)
    points = _for_days(line, maximum, days, env) if days >= least else ZERO
    if say:
        word = "chậm" if late else "sớm"
        how = f"{word} {days} ngày" if days else f"không {word}"
        say(f"{env.shown(line.input)}, hạn {due:%d/%m/%Y}: {how} → {words(points)}.")
    return points


def _for_days(line: Line, maximum: Fraction | None, days: int, env: Env) -> Fraction:
    if line.bands:
        return _banded(line, maximum, Fraction(days), env)[0]
    if line.every is None:
        return _whole(line, maximum)
    times = floor(days / line.every)
    each = line.points or ZERO
    return times * each if line.first is None else line.first + max(0, times - 1) * each


def due_on(due: str, env: Env) -> date:
    """A due date: “31/01” of the emulation year, “31/01/2027”, or the value of a date input."""
    parts = due.split("/")
    if len(parts) in {2, 3} and all(part.strip().isdigit() for part in parts):
        day, month = int(parts[0]), int(parts[1])
        year = int(parts[2]) if len(parts) == 3 else env.facts.year
        try:
            return date(year, month, day)
        except ValueError:
            raise RuleError(f"hạn “{due}” không phải là ngày có trong lịch.") from None
    value = env.need(due)
    if not isinstance(value, date):
        raise RuleError(f"hạn “{due}” không phải là ngày.")
    return value


def _bands(name: str, env: Env) -> tuple[Band, ...]:
    found = env.facts.rules.bands.get(name)
    if found is None:
        raise RuleError(f"bộ bậc “{name}” chưa khai báo.")
    return found


def span(band: Band) -> str:
    """A band in words: “từ 80 đến dưới 90”."""
    if band.label and band.low is None and band.high is None:
        return band.label
    low = "" if band.low is None else f"{'từ' if band.low_in else 'trên'} {words(band.low)}"
    high = "" if band.high is None else f"{'đến' if band.high_in else 'dưới'} {words(band.high)}"
    if low and high and not band.high_in:
        high = f"đến {high}"
    return " ".join(filter(None, (low, high))) or "mọi mức"


def _typed(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    raise Open(State.MISSING, "chưa chấm")


_KINDS: Mapping[Kind, Callable[[Line, Fraction | None, Env, Say | None], Fraction]] = {
    Kind.TYPED: _typed,
    Kind.FULL: _full,
    Kind.PASS_FAIL: _pass_fail,
    Kind.ALL_OR_NOTHING: _all_or_nothing,
    Kind.OPTIONS: _options,
    Kind.AVERAGE: _average,
    Kind.BANDS: _by_band,
    Kind.MATRIX: _matrix,
    Kind.LINEAR: _linear,
    Kind.LEADER: _leader,
    Kind.PER_CASE: _per_case,
    Kind.PROGRESSIVE: _progressive,
    Kind.LATE: _by_date,
    Kind.EARLY: _by_date,
}
