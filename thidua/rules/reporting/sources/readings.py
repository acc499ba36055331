"""The value of a source for one unit, and every step down to form, column and report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.reporting.filled import total_of
from thidua.rules.reporting.periods import NAMES
from thidua.rules.reporting.rates import Rate, Share
from thidua.rules.reporting.sources.figures import Found, figure, lower
from thidua.rules.reporting.sources.language import (
    DAYS_LATE,
    LATE,
    LATENESS,
    NEVER_SENT,
    PRINTED_SIGNS,
    Name,
    Node,
    Number,
    Operation,
    Source,
    in_words,
    keys_of,
    names_in,
    number_words,
    rates,
    read_source,
)
from thidua.rules.reporting.sources.lateness import days_late, late_reports, never_sent
from thidua.rules.reporting.sources.units import Link, UnitYear
from thidua.rules.reporting.words import short

YEAR = "year"
# From the longest period to the shortest: what counts as the present state of a year.
UP_TO_NOW = ("year", "9m", "6m", "q1")
IN_TIME = ("q1", "6m", "9m", "year")
# The periods that have ended with each of these: what counts as lateness up to then.
ENDED = {
    "q1": {"q1"},
    "6m": {"q1", "q2", "6m"},
    "9m": {"q1", "q2", "6m", "q3", "9m"},
    "year": set(NAMES),
}


@dataclass(frozen=True)
class Reading:
    """What a source comes to. Without a value `missing` names every part that is not there.

    `words` is the trace, line by line; `reports` are the reports looked at;
    `is_about`: some figure came with “hơn”, “gần” or “khoảng”.
    """

    value: Fraction | None
    words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reports: tuple[Link, ...] = ()
    is_about: bool = False


def reading(text: str, unit: UnitYear, period: str = YEAR) -> Reading:
    """A source read for a unit; `period` is that of names which say none.

    What cannot be read as a source has no value and says why.
    """
    try:
        return _Reader(unit, period).whole(read_source(text))
    except RuleError as error:
        return Reading(None, missing=(str(error),))


def to_date(text: str, unit: UnitYear) -> tuple[str, Reading]:
    """The reading of the longest period that has a value, and that period's code.

    Where none has, the year's reading with what is missing.
    """
    found = {code: reading(text, unit, code) for code in UP_TO_NOW}
    code = next((each for each in UP_TO_NOW if found[each].value is not None), YEAR)
    return code, found[code]


def course_of(text: str, unit: UnitYear) -> tuple[tuple[str, Fraction | None], ...]:
    """The value after each quarter, from the beginning of the year, for a chart."""
    return tuple((NAMES[code], reading(text, _up_to(unit, code), code).value) for code in IN_TIME)


def _up_to(unit: UnitYear, code: str) -> UnitYear:
    """The same year without the hand-ins of later periods."""
    return replace(unit, sent=[each for each in unit.sent if each.code in ENDED[code]])


@dataclass(frozen=True)
class Part:
    """One part worked out: its value and its lines of trace."""

    value: Fraction | None
    words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reports: tuple[Link, ...] = ()
    is_about: bool = False


class _Reader:
    def __init__(self, unit: UnitYear, period: str, following: tuple[str, ...] = ()) -> None:
        self.unit = unit
        self.period = period
        self.following = following
        self.written: dict[Name, str] = {}

    def whole(self, source: Source) -> Reading:
        """The first way that the year's forms have."""
        way = next((each for each in source.ways if self._fits(each)), source.ways[0])
        part = self.part(way)
        words = list(part.words)
        if isinstance(way, Operation) and part.value is not None:
            value = number_words(part.value)
            words.append(f"Tính: {self.with_titles(way)} = {self.with_numbers(way)} = {value}.")
        if part.is_about:
            words.append(
                "Có số liệu đi kèm “hơn”, “gần” hoặc “khoảng”: tính theo đúng con số đã ghi."
            )
        return Reading(
            part.value,
            tuple(dict.fromkeys(words)),
            tuple(dict.fromkeys(part.missing)),
            tuple(link for link in dict.fromkeys(part.reports) if link.ref),
            part.is_about,
        )

    def _fits(self, way: Node) -> bool:
        """Whether some report of the year is on forms that have every figure of it."""
        keys = {key for name in names_in(way) for key in keys_of(name.key)}
        return any(all(key in each.edition for key in keys) for each in self.unit.reports.values())

    def part(self, node: Node) -> Part:
        """One part of the source."""
        if isinstance(node, Number):
            return Part(node.value)
        if isinstance(node, Operation):
            return self._joined(node)
        part = self._named(node)
        self.written[node] = "?" if part.value is None else number_words(part.value)
        return part

    def with_titles(self, node: Node) -> str:
        """The way as a person reads it: form and column of each figure."""
        return in_words(node, self._title, PRINTED_SIGNS)

    def _title(self, name: Name) -> str:
        period = f" ({lower(NAMES[name.period])})" if name.period else ""
        if name.key in LATENESS:
            return lower(LATENESS[name.key]) + period
        if rate := rates().get(name.key):
            return lower(rate.name) + period
        for report in self.unit.reports.values():
            for template in report.edition.templates:
                if name.key in template:
                    column = short(template, template.indicator(name.key))
                    return f"{template.code or template.title} {column}{period}"
        return str(name)

    def with_numbers(self, node: Node) -> str:
        """The way with the value of each figure in its place."""
        return in_words(node, lambda name: self.written[name], PRINTED_SIGNS)

    def _joined(self, node: Operation) -> Part:
        left, right = self.part(node.left), self.part(node.right)
        missing = (*left.missing, *right.missing)
        value = None
        if left.value is not None and right.value is not None:
            if node.sign == "/" and right.value == 0:
                why = f"Mẫu số bằng 0 ({self.with_numbers(node)}) nên không tính được."
                missing = (*missing, why)
            else:
                value = _computed(node.sign, left.value, right.value)
        return Part(
            value,
            (*left.words, *right.words),
            missing,
            (*left.reports, *right.reports),
            left.is_about or right.is_about,
        )

    def _named(self, name: Name) -> Part:
        period = name.period or self.period
        if name.key == LATE:
            return _lateness(late_reports(self.unit))
        if name.key == NEVER_SENT:
            return _lateness(never_sent(self.unit))
        if name.key == DAYS_LATE:
            return _lateness(days_late(self.unit, name.period or YEAR))
        if name.key in self.unit.aliases:
            return self._alias(name.key, period)
        if rate := rates().get(name.key):
            return self._rate(rate, period)
        found = figure(self.unit, name.key, period)
        return Part(
            None if found.amount is None else Fraction(found.amount.number),
            found.words,
            found.missing,
            found.reports,
            bool(found.amount and found.amount.qualifier),
        )

    def _alias(self, key: str, period: str) -> Part:
        """An indicator of the installation: whatever it is linked to."""
        text = self.unit.aliases[key]
        if not text:
            return Part(None, missing=(f"Chỉ tiêu “{key}” chưa gắn với số liệu báo cáo.",))
        if key in self.following:
            return Part(None, missing=(f"Chỉ tiêu “{key}” gắn vòng với chính nó.",))
        inner = _Reader(self.unit, period, (*self.following, key))
        found = inner.whole(read_source(text))
        return Part(found.value, found.words, found.missing, found.reports, found.is_about)

    def _rate(self, rate: Rate, period: str) -> Part:
        """A rate in per cent, with both counts shown."""
        keys = dict.fromkeys(term.key for term in (*rate.numerator, *rate.denominator))
        found = {key: figure(self.unit, key, period) for key in keys}
        amounts = {key: each.amount for key, each in found.items()}
        share = Share(rate, total_of(rate.numerator, amounts), total_of(rate.denominator, amounts))
        missing = [sentence for each in found.values() for sentence in each.missing]
        line = f"{rate.name}: {share.sentence}."
        if share.ratio is None and not missing:
            missing.append(line)
        return Part(
            None if share.ratio is None else share.ratio * 100,
            (*_words(found.values()), *((line,) if share.ratio is not None else ())),
            tuple(missing),
            tuple(link for each in found.values() for link in each.reports),
            any(amount is not None and bool(amount.qualifier) for amount in amounts.values()),
        )


def _words(found: Iterable[Found]) -> Sequence[str]:
    return [line for each in found for line in each.words]


def _lateness(found: Found) -> Part:
    value = None if found.amount is None else Fraction(found.amount.number)
    return Part(value, found.words, found.missing, found.reports)


def _computed(sign: str, left: Fraction, right: Fraction) -> Fraction:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right
