"""Biểu mẫu: indicators, checks and the editions (form versions) that hold them, as values.

A key is a slug that says what is counted. It is never renumbered and never reused: figures, pacts
and points tables name indicators by key. The printed number of a column is its `code`, a label.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Behaviour(StrEnum):
    """How a value adds over the periods of a year (`indicators.md` section 2.2)."""

    FLOW = "F"
    OPENING = "S"
    CLOSING = "E"
    TOTAL = "T"
    RATIO = "R"
    TEXT = "X"


BEHAVIOURS = {
    Behaviour.FLOW: "Phát sinh trong kỳ: cộng qua các kỳ",
    Behaviour.OPENING: "Tồn đầu kỳ: lấy của kỳ đầu",
    Behaviour.CLOSING: "Tồn cuối kỳ: lấy của kỳ cuối",
    Behaviour.TOTAL: "Tổng có cả phần tồn: tính lại, không cộng",
    Behaviour.RATIO: "Tỷ lệ: không cộng theo đơn vị và theo kỳ",
    Behaviour.TEXT: "Chữ",
}


class Kind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    TEXT = "text"
    TICK = "tick"


class Shape(StrEnum):
    """How a form lies on paper.

    COLUMNS: one column per indicator, one row per reporting unit. LINES: one row per indicator and
    one column of figures. LIST: as many rows as there are matters, columns of text and ticks.
    """

    COLUMNS = "columns"
    LINES = "lines"
    LIST = "list"


class Mark(StrEnum):
    """How sure a fact is: read in the text, derived by us, or general knowledge to be checked."""

    READ = "V"
    DERIVED = "D"
    GENERAL = "G"


MARKS = {
    Mark.READ: "đã đọc trong văn bản",
    Mark.DERIVED: "suy ra, chưa có trong văn bản",
    Mark.GENERAL: "hiểu biết chung, cần kiểm tra",
}


class Severity(StrEnum):
    """An error stops the report; a warning asks a person to look."""

    ERROR = "error"
    WARNING = "warning"


class Basis(StrEnum):
    """Where a check comes from: printed in the form, its logic, or the period before."""

    PRINTED = "printed"
    LOGICAL = "logical"
    CARRIED = "carried"


@dataclass(frozen=True)
class Term:
    """`factor` times one figure; with `rows`, times the number of rows of the list form `key`."""

    key: str
    factor: int = 1
    rows: bool = False


Sum = tuple[Term, ...]


class Sign(StrEnum):
    EQUAL = "="
    AT_MOST = "<="
    AT_LEAST = ">="


@dataclass(frozen=True)
class Comparison:
    """Two sums of figures compared. In a CARRIED check the right side is the period before."""

    left: Sum
    sign: Sign
    right: Sum


@dataclass(frozen=True)
class ZeroMeansZero:
    """Where the figure `key` is 0, every one of `others` is 0."""

    key: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class OnlyWith:
    """In a row of a list form, `key` is filled in only where `other` is ticked."""

    key: str
    other: str


@dataclass(frozen=True)
class OneOf:
    """In a row of a list form, exactly one of `keys` is ticked."""

    keys: tuple[str, ...]


Statement = Comparison | ZeroMeansZero | OnlyWith | OneOf


@dataclass(frozen=True)
class Check:
    """One check. `key` is stable; `template` is "" where it runs across forms.

    `explainable`: the report may be handed in with a word of explanation beside it.
    """

    key: str
    rule: str
    template: str
    statement: Statement
    basis: Basis
    note: str = ""
    explainable: bool = True

    @property
    def severity(self) -> Severity:
        """Printed checks are errors, all others warnings."""
        return Severity.ERROR if self.basis == Basis.PRINTED else Severity.WARNING


@dataclass(frozen=True)
class Indicator:
    """Chỉ tiêu: one column or line of a form.

    `heading` is its path in the header tree. `totals` are the printed sums, the first of which
    fills the cell. `outflow` names the figure by which a TOTAL shrinks in the period (dues and
    what was paid of them). `only_for`: the one body that fills it in. `places`: decimals allowed.
    """

    key: str
    heading: tuple[str, ...]
    behaviour: Behaviour
    code: str = ""
    kind: Kind = Kind.NUMBER
    measure: str = ""
    places: int = 0
    totals: tuple[Sum, ...] = ()
    outflow: str = ""
    optional: bool = False
    only_for: str = ""
    mark: Mark = Mark.READ
    note: str = ""

    @property
    def label(self) -> str:
        """The headings from the top down, in one line."""
        return " – ".join(self.heading)

    @property
    def is_computed(self) -> bool:
        """Whether the form itself says how the cell is made from others."""
        return bool(self.totals)

    @property
    def depth(self) -> int:
        """0 for 43, 1 for 43.1."""
        return self.code.count(".")


@dataclass(frozen=True)
class Template:
    """Biểu mẫu: one blank return."""

    key: str
    code: str
    title: str
    shape: Shape
    indicators: tuple[Indicator, ...]
    checks: tuple[Check, ...] = ()
    article: str = ""
    note: str = ""

    @property
    def numbers(self) -> tuple[Indicator, ...]:
        """The indicators that hold figures, in order."""
        return tuple(each for each in self.indicators if each.kind == Kind.NUMBER)

    @cached_property
    def _by_key(self) -> dict[str, Indicator]:
        return {each.key: each for each in self.indicators}

    def indicator(self, key: str) -> Indicator:
        """The indicator of that key; KeyError when the form has none."""
        return self._by_key[key]

    def __contains__(self, key: str) -> bool:
        return key in self._by_key


@dataclass(frozen=True)
class Edition:
    """Phiên bản biểu mẫu: the forms of one document, valid from a day to a day (inclusive).

    A partial edition lacks forms or facts, named in `missing`. A cluster's own templates are an
    edition too. `checks` run across its forms.
    """

    key: str
    title: str
    templates: tuple[Template, ...]
    valid_from: date
    valid_to: date | None = None
    document: str = ""
    article: str = ""
    partial: bool = False
    missing: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {template.key: template for template in self.templates}

    @cached_property
    def _homes(self) -> dict[str, Template]:
        return {each.key: template for template in self.templates for each in template.indicators}

    def template(self, key: str) -> Template:
        """The form of that key; KeyError when the edition has none."""
        return self._templates[key]

    def home(self, key: str) -> Template:
        """The form in which an indicator stands; KeyError when there is none."""
        return self._homes[key]

    def indicator(self, key: str) -> Indicator:
        """The indicator of that key; KeyError when no form has it."""
        return self._homes[key].indicator(key)

    def __contains__(self, key: str) -> bool:
        return key in self._homes

    def numbers(self, templates: Collection[str] | None = None) -> Iterator[Indicator]:
        """Every indicator that holds a figure, form by form; of some forms, by their keys."""
        for template in self.templates:
            if templates is None or template.key in templates:
                yield from template.numbers

    def every_check(self) -> Iterator[Check]:
        """The checks of all forms, then those across forms."""
        for template in self.templates:
            yield from template.checks
        yield from self.checks

    def holds_on(self, day: date) -> bool:
        """Whether the edition is in force on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
