"""What a line may look at, and how far it comes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from thidua.rules.errors import RuleError
from thidua.rules.scoring.facts import Facts, in_words
from thidua.rules.scoring.formulas import DividedByZero, Value
from thidua.rules.scoring.language import Line
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
    reserved: dict[str, Value | None] = field(default_factory=dict)

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


def whole(line: Line, maximum: Fraction | None) -> Fraction:
    """What the line is worth at most: its own points, else all standard points."""
    if line.points is not None:
        return line.points
    return maximum if maximum is not None else ZERO
