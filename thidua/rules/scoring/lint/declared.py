"""What a table declares – inputs and sets of bands – read one by one, so that one slip hides none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

from thidua.rules.errors import RuleError
from thidua.rules.scoring.facts import DEEPEST_CHAIN, value_of
from thidua.rules.scoring.formulas import Condition
from thidua.rules.scoring.language import (
    INPUT_KINDS,
    NUMERIC,
    Band,
    Input,
    InputKind,
    read_band,
    read_input,
    table_rules,
)
from thidua.rules.scoring.language.data import entries, mapping
from thidua.rules.scoring.lint.findings import (
    Finding,
    Findings,
    read_or,
    table_error,
)
from thidua.rules.scoring.numbers import bounded
from thidua.rules.scoring.tree import Table

# What a condition on an input of each kind may compare it with.
_COMPARED: Mapping[InputKind, type] = {
    **dict.fromkeys(NUMERIC, Fraction),
    InputKind.DATE: date,
    InputKind.YES_NO: bool,
    InputKind.CHOICE: str,
}
_CONSTANTS = {Fraction: "một số", date: "một ngày", bool: "có hoặc không", str: "tên một mức"}
RESERVED: Mapping[str, type] = {
    "@diem_tru": Fraction,
    "@diem_chuan": Fraction,
    "@nop": bool,
    "@tong_diem": Fraction,
}


@dataclass
class Declared:
    """The inputs and bands of a table that could be read; `unread` names those that could not."""

    inputs: dict[str, Input] = field(default_factory=dict)
    bands: dict[str, tuple[Band, ...]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def unknown_input(self, key: str) -> str:
        """Why the key names no input, "" when it does; using it counts as use."""
        self.used.add(key)
        if key in self.inputs or key in self.unread:
            return ""
        return f"số liệu “{key}” chưa khai báo."

    def unknown_bands(self, name: str) -> str:
        """The same for a set of bands."""
        if name in self.bands or name in self.unread:
            return ""
        return f"bộ bậc “{name}” chưa khai báo."

    def wrong_kind(self, key: str, kinds: frozenset[InputKind] | set[InputKind]) -> str:
        """Why the input at a key is of no use where these kinds are wanted, "" when it is."""
        if reason := self.unknown_input(key):
            return reason
        each = self.inputs.get(key)
        if each is None or each.kind in kinds:
            return ""
        wanted = ", ".join(name for kind, name in INPUT_KINDS.items() if kind in kinds)
        return f"số liệu “{each.label}” thuộc loại “{INPUT_KINDS[each.kind]}”, ở đây cần loại: {wanted}."

    def is_whole(self, key: str, depth: int = 0) -> bool:
        """Only whole numbers can come: a count, a yes as 1, a formula of these that only adds."""
        each = self.inputs.get(key)
        if each is None or depth > DEEPEST_CHAIN:
            return False
        if each.formula is None:
            return each.kind in {InputKind.COUNT, InputKind.YES_NO}
        steps = each.formula.steps
        constants = [step for step in steps if isinstance(step, Fraction)]
        return (
            "/" not in steps
            and all(step.denominator == 1 for step in constants)
            and all(self.is_whole(name, depth + 1) for name in each.formula.names)
        )

    def most(self, key: str) -> Fraction | None:
        """The largest value where it is certain: of a sum of yeses, their number."""
        each = self.inputs.get(key)
        if each is None or each.formula is None:
            return None
        names = [str(step) for step in each.formula.steps if step != "+"]
        kinds = {self.inputs[name].kind if name in self.inputs else None for name in names}
        return Fraction(len(names)) if kinds == {InputKind.YES_NO} else None

    def wrong_condition(self, condition: Condition, reserved: frozenset[str] = frozenset()) -> str:
        """Why a condition can never be asked, "" when it can."""
        name = condition.name
        if name.startswith("@"):
            if name not in reserved:
                known = f" Dùng được: {', '.join(sorted(reserved))}." if reserved else ""
                return f"tên “{name}” không dùng được ở đây.{known}"
            return _compared(condition, RESERVED[name])
        if reason := self.unknown_input(name):
            return reason
        each = self.inputs.get(name)
        if each is None:
            return ""
        if each.kind is InputKind.EVENTS:
            return f"không so sánh được số liệu “{each.label}” (điểm từng lần) trong điều kiện."
        return _compared(condition, _COMPARED[each.kind])


def _compared(condition: Condition, wanted: type) -> str:
    if type(condition.value) is wanted:
        return ""
    return f"điều kiện “{condition.text}” phải so với {_CONSTANTS[wanted]}."


def declared(table: Table) -> Declared:
    """Read the inputs and bands of a table, with what is wrong in them alone."""
    found = Declared()
    try:
        rules = table_rules(table)
    except RuleError:
        _read_bands(table, found)
        _read_inputs(table, found)
    else:
        # Nothing is wrong with any of them: they need not be read once more.
        found.bands, found.inputs = dict(rules.bands), dict(rules.inputs)
    found.findings += _inputs(found)
    return found


def _read_bands(table: Table, found: Declared) -> None:
    def refused(field: str, sentence: str) -> None:
        found.findings.append(table_error(field, sentence))

    sets = read_or(lambda: mapping(table.rules.get("bands")), partial(refused, "bands"))
    for name, rows in (sets or {}).items():
        place = f"bands.{name}"

        def said(sentence: str, place: str = place, name: str = name) -> None:
            refused(place, f"bộ bậc “{name}”: {sentence}")
            found.unread.add(name)

        bands = [
            read_or(partial(read_band, row), said)
            for row in read_or(partial(entries, rows), said) or ()
        ]
        if name not in found.unread:
            found.bands[name] = tuple(band for band in bands if band is not None)


def _read_inputs(table: Table, found: Declared) -> None:
    def refused(field: str, sentence: str) -> None:
        found.findings.append(table_error(field, sentence))

    rows = read_or(lambda: entries(table.rules.get("inputs")), partial(refused, "inputs"))
    for number, row in enumerate(rows or ()):
        key = str(row.get("key", ""))
        each = read_or(partial(read_input, row), partial(refused, f"inputs.{number}"))
        if each is None:
            found.unread.add(key)
        elif key in found.inputs:
            refused(f"inputs.{number}", f"mã số liệu “{key}” bị lặp.")
        else:
            found.inputs[key] = each


def _inputs(found: Declared) -> Findings:
    cyclic: set[str] = set()
    for key, each in found.inputs.items():
        reason = (
            _wrong_options(each, found)
            or _wrong_default(each, found)
            or _wrong_formula(each, found, cyclic)
        )
        if reason:
            yield table_error(f"inputs.{key}", f"số liệu “{key}”: {reason}")


def _wrong_options(each: Input, found: Declared) -> str:
    if each.kind is not InputKind.CHOICE:
        return ""
    return found.unknown_bands(each.options)


def _wrong_default(each: Input, found: Declared) -> str:
    if not each.default or each.kind is InputKind.FORMULA:
        return ""
    if each.kind is InputKind.CHOICE:
        labels = [band.label for band in found.bands.get(each.options, ())]
        known = each.default in labels or each.options in found.unread
        return "" if known else f"giá trị khi để trống “{each.default}” không có trong các mức."
    try:
        if each.kind in NUMERIC or each.kind is InputKind.EVENTS:
            _check_numbers(each)
        value_of(each, each.default)
    except (ArithmeticError, RuleError):
        return f"giá trị khi để trống “{each.default}” không đúng loại “{INPUT_KINDS[each.kind]}”."
    return ""


def _check_numbers(each: Input) -> None:
    for part in each.default.split(";"):
        number = bounded(Decimal(part))
        if number < 0 or (each.kind is InputKind.COUNT and number != int(number)):
            raise RuleError("số ngoài khoảng.")


def _wrong_formula(each: Input, found: Declared, cyclic: set[str]) -> str:
    if each.formula is None:
        return ""
    if each.formula.never_computes:
        return f"công thức “{each.formula.text}” luôn chia cho số 0 nên không bao giờ tính được."
    for name in each.formula.names:
        other = found.inputs.get(name)
        if reason := "tên có “@” không dùng trong công thức." if name[0] == "@" else "":
            return reason
        if reason := found.unknown_input(name):
            return reason
        if other and other.kind not in {*NUMERIC, InputKind.YES_NO}:
            return f"công thức dùng “{other.label}”, không phải là số."
    return _cycle(each.key, found.inputs, cyclic)


def _cycle(start: str, inputs: Mapping[str, Input], cyclic: set[str]) -> str:
    """A formula that leads back to itself, told once per circle; or a chain too long to follow."""
    chain: list[str] = []
    done: set[str] = set()

    def follow(key: str) -> str:
        if key in chain:
            circle = chain[chain.index(key) :]
            if cyclic.intersection(circle) or start not in circle:
                return ""
            cyclic.update(circle)
            return f"công thức vòng: {' → '.join((*circle, key))}."
        each = inputs.get(key)
        if each is None or each.formula is None or key in done:
            return ""
        if len(chain) >= DEEPEST_CHAIN:
            return f"công thức gọi nhau quá {DEEPEST_CHAIN} lớp."
        chain.append(key)
        for name in each.formula.names:
            if reason := follow(name):
                return reason
        chain.pop()
        done.add(key)
        return ""

    return follow(start)
