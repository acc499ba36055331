"""Formulas and conditions over inputs, as people write them in a cell: “a / b * 100”, “x >= 95”.

A formula knows + − × ÷, parentheses, numbers and names of inputs; a condition compares one name
with a number, a date, có/không or a label, several joined by “;”. Nothing else can be written, so
nothing else can be run.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from thidua.rules.errors import RuleError
from thidua.rules.numbers import NotANumber, parse

NAME = re.compile(r"[^\W\d_][\w.]*")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9][0-9.,]*)|(?P<name>@?[^\W\d_][\w.]*)|(?P<sign>[-−–+*×·/÷:()]))"
)
_SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/"}
LONGEST = 500
DEEPEST = 40

Value: TypeAlias = Fraction | bool | date | str | tuple[Fraction, ...]
Lookup = Callable[[str], Fraction | None]


class DividedByZero(RuleError):
    """A formula divides by a figure that is 0; a person must decide."""


@dataclass(frozen=True)
class Formula:
    """A formula as written, its names, and its steps in reverse Polish order."""

    text: str
    names: tuple[str, ...]
    steps: tuple[Fraction | str, ...]

    def evaluate(self, lookup: Lookup) -> Fraction | None:
        """The exact value; None when a name has none. Raises DividedByZero."""
        stack: list[Fraction] = []
        for step in self.steps:
            if isinstance(step, Fraction):
                stack.append(step)
            elif step in _OPERATIONS:
                second, first = stack.pop(), stack.pop()
                if step == "/" and second == 0:
                    raise DividedByZero(f"công thức “{self.text}” chia cho số 0.")
                stack.append(_OPERATIONS[step](first, second))
            else:
                value = lookup(step)
                if value is None:
                    return None
                stack.append(value)
        return stack[0]

    @property
    def never_computes(self) -> bool:
        """It divides by a part that is 0 whatever the figures are."""
        stack: list[Fraction | None] = []
        for step in self.steps:
            if isinstance(step, Fraction):
                stack.append(step)
            elif step in _OPERATIONS:
                second, first = stack.pop(), stack.pop()
                if step == "/" and second == 0:
                    return True
                known = first is not None and second is not None
                stack.append(_OPERATIONS[step](first, second) if known else None)  # type: ignore[arg-type]
            else:
                stack.append(None)
        return False


_OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda first, second: first + second,
    "-": lambda first, second: first - second,
    "*": lambda first, second: first * second,
    "/": lambda first, second: first / second,
}


def read_formula(text: str) -> Formula:
    """Parse a formula; RuleError says where it cannot be read."""
    if len(text) > LONGEST:
        raise RuleError(f"công thức dài quá {LONGEST} ký tự.")
    tokens = list(_tokens(text))
    reader = _Reader(text, tokens)
    steps = reader.sum()
    if reader.rest():
        raise RuleError(f"công thức “{text}” không đọc được từ chỗ “{reader.rest()}”.")
    names = tuple(
        dict.fromkeys(step for step in steps if isinstance(step, str) and step not in _OPERATIONS)
    )
    return Formula(text.strip(), names, tuple(steps))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _TOKEN.match(stripped, position)
        if found is None or found.lastgroup is None:
            raise RuleError(
                f"công thức “{text}” có ký tự không dùng được ở “{stripped[position:]}”."
            )
        position = found.end()
        token = found.group(found.lastgroup)
        yield found.lastgroup, _SIGNS.get(token, token)


class _Reader:
    """Reads tokens by precedence; every method returns steps in reverse Polish order."""

    def __init__(self, text: str, tokens: list[tuple[str, str]]) -> None:
        self.text, self.tokens, self.at, self.depth = text, tokens, 0, 0

    def rest(self) -> str:
        return " ".join(token for _, token in self.tokens[self.at :])

    def sum(self) -> list[Fraction | str]:
        return self._chain(self._product, "+-")

    def _product(self) -> list[Fraction | str]:
        return self._chain(self._atom, "*/")

    def _chain(self, below: Callable[[], list[Fraction | str]], signs: str) -> list[Fraction | str]:
        steps = below()
        while self._peek("sign") and self.tokens[self.at][1] in signs:
            sign = self.tokens[self.at][1]
            self.at += 1
            steps += [*below(), sign]
        return steps

    def _atom(self) -> list[Fraction | str]:
        if self.at >= len(self.tokens):
            raise RuleError(f"công thức “{self.text}” chưa viết hết.")
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            try:
                return [Fraction(parse(word))]
            except NotANumber as error:
                raise RuleError(f"công thức “{self.text}”: {error}") from error
        if kind == "name":
            return [word]
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleError("công thức có quá nhiều lớp ngoặc.")
        if word == "-":
            steps = [Fraction(0), *self._atom(), "-"]
            self.depth -= 1
            return steps
        if word == "(":
            steps = self.sum()
            self.depth -= 1
            if not self._peek("sign") or self.tokens[self.at][1] != ")":
                raise RuleError(f"công thức “{self.text}” thiếu dấu “)”.")
            self.at += 1
            return steps
        raise RuleError(f"công thức “{self.text}” không đọc được từ chỗ “{word}”.")

    def _peek(self, kind: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][0] == kind


class Comparison(StrEnum):
    """How a condition compares."""

    EQUAL = "="
    UNEQUAL = "≠"
    AT_LEAST = "≥"
    AT_MOST = "≤"
    ABOVE = ">"
    BELOW = "<"


_SPELLINGS = {">=": "≥", "<=": "≤", "!=": "≠", "<>": "≠", "==": "="}
_CONDITION = re.compile(
    r"\s*(?P<name>@?[^\W\d_][\w.]*)\s*(?P<sign>>=|<=|!=|<>|==|≥|≤|≠|>|<|=)\s*(?P<value>.+?)\s*"
)
_WORDS = {"có": True, "đúng": True, "x": True, "không": False, "sai": False}
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True)
class Condition:
    """One comparison: the value of `name` against `value`."""

    name: str
    comparison: Comparison
    value: Fraction | bool | date | str
    text: str

    def holds(self, value: Value) -> bool:
        """Whether a known value meets it; RuleError when the two cannot be compared."""
        if type(value) is not type(self.value):
            raise RuleError(f"điều kiện “{self.text}” so hai thứ khác loại.")
        match self.comparison:
            case Comparison.EQUAL:
                return value == self.value
            case Comparison.UNEQUAL:
                return value != self.value
            case Comparison.AT_LEAST:
                return value >= self.value  # type: ignore[operator] # same types, orders checked
            case Comparison.AT_MOST:
                return value <= self.value  # type: ignore[operator]
            case Comparison.ABOVE:
                return value > self.value  # type: ignore[operator]
        return value < self.value  # type: ignore[operator]


def read_conditions(text: str) -> tuple[Condition, ...]:
    """The comparisons of a cell, parted by “;”, all of which must hold; "" means none."""
    return tuple(_condition(part) for part in text.split(";") if part.strip())


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise RuleError(
            f"điều kiện “{text.strip()}” không đọc được. Viết như: ty_le >= 95; viết “;” giữa các "
            "điều kiện phải cùng đạt."
        )
    sign = found["sign"]
    comparison = Comparison(_SPELLINGS.get(sign, sign))
    value = _constant(found["value"])
    if isinstance(value, bool | str) and comparison not in {
        Comparison.EQUAL,
        Comparison.UNEQUAL,
    }:
        raise RuleError(f"điều kiện “{text.strip()}” chỉ so được bằng (=) hoặc khác (≠).")
    return Condition(found["name"], comparison, value, text.strip())


def _constant(text: str) -> Fraction | bool | date | str:
    word = text.casefold()
    if word in _WORDS:
        return _WORDS[word]
    if found := _DATE.fullmatch(text):
        day, month, year = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise RuleError(f"ngày “{text}” không có trong lịch.") from None
    try:
        return Fraction(parse(text))
    except NotANumber as error:
        if re.fullmatch(r"[-+0-9.,\s]+", text):
            raise RuleError(str(error)) from error
    return text.strip("“”\"'")
