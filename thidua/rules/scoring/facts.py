"""What a unit reports: typed text to canonical text, canonical text to values, formulas resolved.

Canonical text is what is stored and exported: "3.5", "2026-01-31", "yes"/"no", a label, "8;9;7.5".
An input without text is not given, which is not 0 – unless the table says what an empty field means.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.numbers import parse
from thidua.rules.scoring.formulas import DividedByZero, Formula, Value
from thidua.rules.scoring.language import NUMERIC, Band, Input, InputKind, TableRules
from thidua.rules.scoring.numbers import bounded, plain

YES, NO = "yes", "no"
_YES = {"có", "co", "x", "yes", "đúng", "1", "đạt"}
_NO = {"không", "khong", "no", "sai", "0", "không đạt"}
MOST_EVENTS = 400
# Formulas that call formulas: more layers than any table needs, fewer than the machine can hold.
DEEPEST_CHAIN = 50


def read_fact(each: Input, text: str, bands: Mapping[str, tuple[Band, ...]]) -> str:
    """Canonical text of what a person typed for an input; "" when nothing was.

    Raises RuleError with a sentence naming the input: no number, a number below zero, a part of a
    case, no such day, no such choice.
    """
    typed = text.strip()
    if not typed:
        return ""
    try:
        return _READ[each.kind](each, typed, bands)
    except RuleError as error:
        raise RuleError(f"{each.label}: {error}") from error


def _number(each: Input, typed: str, bands: Mapping[str, tuple[Band, ...]]) -> str:
    number = bounded(parse(typed.removesuffix("%").rstrip()))
    if number < 0:
        raise RuleError("số phải từ 0 trở lên.")
    if each.kind is InputKind.COUNT and number != int(number):
        raise RuleError(f"số đếm phải là số nguyên, đang là {typed}.")
    return plain(number)


def _day(each: Input, typed: str, bands: Mapping[str, tuple[Band, ...]]) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        pass
    parts = typed.replace("-", "/").replace(".", "/").split("/")
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day).isoformat()
    except ValueError:
        raise RuleError(
            f"“{typed}” không phải là ngày có trong lịch; hãy viết ngày/tháng/năm, ví dụ 31/01/2026."
        ) from None


def _yes_no(each: Input, typed: str, bands: Mapping[str, tuple[Band, ...]]) -> str:
    word = typed.casefold()
    if word in _YES:
        return YES
    if word in _NO:
        return NO
    raise RuleError(f"“{typed}” không rõ; hãy ghi Có hoặc Không.")


def _label(each: Input, typed: str, bands: Mapping[str, tuple[Band, ...]]) -> str:
    labels = [band.label for band in bands.get(each.options, ())]
    for label in labels:
        if label.casefold() == typed.casefold():
            return label
    raise RuleError(f"“{typed}” không có trong các mức: {'; '.join(labels)}.")


def _events(each: Input, typed: str, bands: Mapping[str, tuple[Band, ...]]) -> str:
    if ", " in typed and ";" not in typed:
        raise RuleError(
            f"“{typed}” là một số hay nhiều lần? Các lần cách nhau bằng dấu chấm phẩy, ví dụ 8; 9,5."
        )
    parts = [part for part in typed.split(";") if part.strip()]
    if len(parts) > MOST_EVENTS:
        raise RuleError(f"quá {MOST_EVENTS} lần.")
    return ";".join(_number(each, part.strip(), bands) for part in parts)


_READ = {
    InputKind.FIGURE: _number,
    InputKind.PERCENT: _number,
    InputKind.COUNT: _number,
    InputKind.DATE: _day,
    InputKind.YES_NO: _yes_no,
    InputKind.CHOICE: _label,
    InputKind.EVENTS: _events,
}


def value_of(each: Input, canonical: str) -> Value:
    """The value of canonical text; RuleError when the stored text is damaged."""
    try:
        if each.kind is InputKind.DATE:
            return date.fromisoformat(canonical)
        if each.kind is InputKind.YES_NO:
            return {YES: True, NO: False}[canonical]
        if each.kind is InputKind.CHOICE:
            return canonical
        if each.kind is InputKind.EVENTS:
            return tuple(Fraction(bounded(Decimal(part))) for part in canonical.split(";"))
        return Fraction(bounded(Decimal(canonical)))
    except (InvalidOperation, KeyError, OverflowError, RuleError, ValueError) as error:
        raise RuleError(f"Số liệu “{each.label}” không đọc được: “{canonical}”.") from error


def refuse_wrong(each: Input, canonical: str, bands: Mapping[str, tuple[Band, ...]]) -> None:
    """RuleError when canonical text is none: what people type goes through `read_fact` first."""
    value = value_of(each, canonical)
    if each.kind is InputKind.CHOICE:
        _label(each, canonical, bands)
    numbers = value if isinstance(value, tuple) else (value,)
    for number in numbers:
        if isinstance(number, Fraction) and number < 0:
            raise RuleError(f"{each.label}: số phải từ 0 trở lên.")
    if each.kind is InputKind.COUNT and isinstance(value, Fraction) and value.denominator != 1:
        raise RuleError(f"{each.label}: số đếm phải là số nguyên.")


def in_words(each: Input, canonical: str) -> str:
    """Canonical text as people write it in Vietnamese; "" stays ""."""
    if not canonical:
        return ""
    if each.kind is InputKind.DATE:
        return f"{date.fromisoformat(canonical):%d/%m/%Y}"
    if each.kind is InputKind.YES_NO:
        return {YES: "Có", NO: "Không"}.get(canonical, canonical)
    if each.kind in NUMERIC or each.kind is InputKind.EVENTS:
        return canonical.replace(".", ",").replace(";", "; ")
    return canonical


@dataclass(frozen=True)
class Unit:
    """What is set for one unit: targets by input key, criteria not assigned, sizes by set, group."""

    targets: Mapping[str, Decimal] = field(default_factory=dict)
    not_assigned: frozenset[str] = frozenset()
    tiers: Mapping[str, str] = field(default_factory=dict)
    group: str = ""


class Facts:
    """The values of one unit, each resolved once; formulas follow their names."""

    def __init__(
        self,
        rules: TableRules,
        given: Mapping[str, str],
        unit: Unit | None = None,
        *,
        year: int = 0,
    ) -> None:
        self.rules = rules
        self.given = given
        self.unit = unit or Unit()
        self.year = year
        self._known: dict[str, Value | None] = {}
        self._following: list[str] = []

    def value(self, key: str) -> Value | None:
        """The value of an input; None when it was not given. Raises DividedByZero."""
        if key not in self._known:
            self._known[key] = self._resolve(key)
        return self._known[key]

    def _resolve(self, key: str) -> Value | None:
        each = self.rules.inputs.get(key)
        if each is None:
            raise RuleError(f"Bảng chấm điểm không khai báo số liệu “{key}”.")
        if each.formula is not None:
            return self._follow(key, each.formula)
        text = self.given.get(key) or each.default
        return value_of(each, text) if text else None

    def _follow(self, key: str, formula: Formula) -> Fraction | None:
        if key in self._following or len(self._following) >= DEEPEST_CHAIN:
            chain = " → ".join((*self._following, key))
            raise RuleError(f"công thức vòng hoặc gọi nhau quá nhiều lớp: {chain}.")
        self._following.append(key)
        try:
            return formula.evaluate(self.number)
        finally:
            self._following.pop()

    def number(self, key: str) -> Fraction | None:
        """The same as a number; a yes counts 1. None when it is no number or not given."""
        value = self.value(key)
        if isinstance(value, bool):
            return Fraction(int(value))
        return value if isinstance(value, Fraction) else None

    def is_default(self, key: str) -> bool:
        """The field is empty and the table says what that means."""
        each = self.rules.inputs.get(key)
        return bool(each and not self.given.get(key) and each.default)

    def target(self, key: str) -> Fraction | None:
        """The unit's target for an input."""
        target = self.unit.targets.get(key)
        return None if target is None else Fraction(target)


def known_values(facts: Facts, keys: Iterable[str] | None = None) -> dict[str, Value]:
    """The inputs that have a value, by key; all of the table, or those of `keys`.

    What divides by zero has none.
    """
    found: dict[str, Value] = {}
    for key in facts.rules.inputs if keys is None else keys:
        try:
            value = facts.value(key)
        except DividedByZero:
            continue
        if value is not None:
            found[key] = value
    return found


def roots_of(rules: TableRules, keys: Iterable[str]) -> tuple[str, ...]:
    """The inputs that people fill in, below the given ones: formulas followed to their ends.

    Raises RuleError for an unknown name, or for formulas that lead back to themselves.
    """
    found: dict[str, None] = {}

    def follow(key: str, above: tuple[str, ...]) -> None:
        if key in above:
            chain = " → ".join((*above[above.index(key) :], key))
            raise RuleError(f"công thức vòng: {chain}.")
        each = rules.inputs.get(key)
        if each is None:
            raise RuleError(f"số liệu “{key}” chưa khai báo.")
        if each.formula is None:
            found[key] = None
            return
        for name in each.formula.names:
            follow(name, (*above, key))

    for key in keys:
        follow(key, ())
    return tuple(found)


__all__ = [
    "NO",
    "YES",
    "DividedByZero",
    "Facts",
    "Unit",
    "in_words",
    "known_values",
    "read_fact",
    "refuse_wrong",
    "roots_of",
    "value_of",
]
