"""What a question about a deadline is answered with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from thidua.rules.deadlines.counting import Period, Suspension
from thidua.rules.errors import RuleError


class Basis(StrEnum):
    """Where the length of a period comes from."""

    LAW = "law"
    SETTING = "setting"


class OutsideValidity(RuleError):
    """No rule in force covers the date; the message names the rule and its time."""


class UnknownClock(RuleError):
    """There is no clock of that code."""


class BadCircumstances(RuleError):
    """The variant, the extensions or the suspension do not fit the clock."""


@dataclass(frozen=True)
class Circumstances:
    """The facts of one case that a deadline depends on.

    `start_on` is the event from which the period runs (or, for "at least so long before", the event
    itself). `extensions` says how many were decided, or the days of each. `began_on` is the start of
    the whole case where the law in force then goes on applying. `at` is the hour, for periods in
    hours. `granted` is the period written in a decision, for clocks whose length is granted.
    """

    start_on: date
    variant: str = ""
    extensions: int | Sequence[int] = 0
    suspensions: Sequence[Suspension] = ()
    began_on: date | None = None
    at: time | None = None
    granted: Period | None = None


@dataclass(frozen=True)
class Deadline:
    """Thời hạn đã tính: the day, and in words how it came about.

    `notes` are reservations the reader must know (a transitional rule not found, an open day);
    `is_provisional` says that the calendar it rests on may still change.
    """

    clock: str
    name: str
    variant: str
    start_on: date
    period: Period
    raw_end_on: date
    due_on: date
    law: str
    article: str
    basis: Basis
    trace: tuple[str, ...]
    first_counted_on: date | None = None
    due_at: time | None = None
    notes: tuple[str, ...] = ()
    is_provisional: bool = False

    @property
    def citation(self) -> str:
        return cited(self.law, self.article)


@dataclass(frozen=True)
class CalendarNotLoaded:
    """The answer needs a year whose working calendar nobody has loaded: no guess is made."""

    clock: str
    year: int
    message: str


Outcome = Deadline | CalendarNotLoaded


def cited(law: str, article: str) -> str:
    """The law with its article."""
    return f"{law}, {article}" if article else law
