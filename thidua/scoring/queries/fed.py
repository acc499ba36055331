"""Figures that come from accepted reports: which inputs, their canonical text, what is stored."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from thidua.organisations.models import EmulationYear
from thidua.reporting.models import Report
from thidua.reporting.queries.accepted import Also, own_keys, readings_of
from thidua.rules.errors import RuleError
from thidua.rules.reporting.sources import Link, Reading, read_source
from thidua.rules.scoring import Table
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import Input, InputKind
from thidua.rules.scoring.numbers import DECIMALS, LIMIT, bounded, plain, vietnamese, words
from thidua.scoring.models import CriteriaSet, ScoreSheet

STEP, ROUNDER = Decimal(1).scaleb(-DECIMALS), Decimal(1).scaleb(1 - DECIMALS)


@dataclass(frozen=True)
class Place:
    """An input that reports fill in, and the path of the criterion where it is at home ("": the
    figures of the whole sheet)."""

    input: Input
    path: str


def fed_places(table: Table) -> tuple[Place, ...]:
    """Every input with a source, in the order of the table; worked out once per table."""
    known: tuple[Place, ...] | None = table.__dict__.get("_fed")
    if known is None:
        homes = homes_of(table)
        found = [Place(each, path) for path, own in homes.own.items() for each in own]
        found += [Place(each, "") for each in homes.sheet]
        known = table.__dict__["_fed"] = tuple(each for each in found if each.input.is_fed)
    return known


@dataclass(frozen=True)
class Fed:
    """One input's value from the reports, as canonical text; "" with what is missing."""

    place: Place
    text: str
    words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reports: tuple[Link, ...] = ()

    def record(self) -> dict[str, Any]:
        """As it is kept with the sheet."""
        return {
            "source": self.place.input.indicator,
            "value": self.text,
            "words": list(self.words),
            "missing": list(self.missing),
            "reports": [list(each) for each in self.reports],
        }


def fed_of(
    year: EmulationYear,
    table: Table,
    memberships: Iterable[int],
    *,
    on: date | None = None,
    also: Also | None = None,
) -> dict[int, list[Fed]]:
    """By membership, every fed input of the table; five queries at most, none without sources.

    `on` is the day on which overdue reports are counted, today when not given.
    """
    places, members = fed_places(table), list(memberships)
    if not places or not members:
        return {member: [] for member in members}
    sources = [each.input.indicator for each in places]
    found = readings_of(year, sources, members, on=on, also=also)
    return {
        member: [_fed(place, found[member, place.input.indicator]) for place in places]
        for member in members
    }


def _fed(place: Place, reading: Reading) -> Fed:
    if reading.value is None:
        return Fed(place, "", missing=reading.missing, reports=reading.reports)
    try:
        text = canonical(place.input, reading.value)
    except RuleError as error:
        return Fed(place, "", missing=(*reading.words, str(error)), reports=reading.reports)
    lines = reading.words
    if Fraction(Decimal(text)) != reading.value:
        lines = (*lines, f"Số lẻ vô hạn được ghi đến sáu chữ số: {vietnamese(Decimal(text))}.")
    return Fed(place, text, lines, reports=reading.reports)


def canonical(each: Input, value: Fraction) -> str:
    """A value as the input keeps it, with at most six decimals. RuleError where it cannot be one.

    A value that is not exact in six decimals never becomes a rounder number by rounding: 89,9999999
    stays below a threshold of 90.
    """
    if value < 0:
        raise RuleError(f"{each.label}: số lấy từ báo cáo nhỏ hơn 0 nên không dùng được.")
    if each.kind is InputKind.COUNT and value.denominator != 1:
        raise RuleError(
            f"{each.label}: số lấy từ báo cáo không phải là số nguyên nên không dùng được."
        )
    if value >= LIMIT:
        # Refused before it is divided: 28 digits would not hold it with its decimals.
        bounded(Decimal(int(value)))
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(STEP, ROUND_HALF_UP)
    if Fraction(rounded) != value and rounded == rounded.quantize(ROUNDER):
        rounded += STEP if value > Fraction(rounded) else -STEP
    return plain(bounded(max(rounded, Decimal(0))))


def known_to(year: EmulationYear, table: Table) -> frozenset[str]:
    """The keys beside the sector's that a table of the year may name; none are looked up for a
    table that names no source."""
    rows = table.rules.get("inputs")
    named = isinstance(rows, list | tuple) and any(
        isinstance(each, Mapping) and each.get("indicator") for each in rows
    )
    return own_keys(year) if named else frozenset()


def held_by_table(key: str) -> str:
    """Why an indicator's figure stays: a table issued names it and has sheets not final; "" else."""
    found = CriteriaSet.objects.filter(
        state=CriteriaSet.State.ISSUED,
        sheets__set_aside_at=None,
        sheets__state__in=[ScoreSheet.State.DRAFT, ScoreSheet.State.SUBMITTED],
    )
    for each in found.select_related("year").distinct().order_by("pk"):
        if key in _named(each.rules):
            return (
                f"Bảng điểm {each.title} của {each.year} đã ban hành lấy số liệu từ chỉ tiêu này và còn "
                "bảng chấm điểm chưa chốt nên không đổi nguồn số liệu được. Hãy thêm một chỉ tiêu mới."
            )
    return ""


def _named(rules: Mapping[str, Any]) -> set[str]:
    """The keys that the inputs of a table name."""
    found: set[str] = set()
    for row in rules.get("inputs", ()):
        with suppress(RuleError):
            text = str(row.get("indicator") or "").strip()
            found |= {name.key for name in read_source(text).names} if text else set()
    return found


def record_of(sheet: ScoreSheet, key: str) -> Mapping[str, Any]:
    """What is stored of one fed input; empty where nothing was read."""
    found: Mapping[str, Any] = (sheet.fed or {}).get(key, {})
    return found


def last_readings(sheet: ScoreSheet) -> dict[str, Any] | None:
    """What reports gave last for each fed input: at a correction, else at the hand-in."""
    corrected = {
        key: {name: each[name] for name in ("source", "value", "words", "missing", "reports")}
        for key, each in (sheet.corrected or {}).items()
    }
    return {**sheet.fed, **corrected} if sheet.fed else corrected or None


def given_back(memberships: Iterable[int]) -> frozenset[int]:
    """Reports of these members that are not accepted now."""
    reports = Report.objects.filter(membership__in=list(memberships))
    return frozenset(reports.exclude(state=Report.State.ACCEPTED).values_list("pk", flat=True))


def is_withdrawn(sheet: ScoreSheet, fed: Fed, waiting: Callable[[], Collection[int]]) -> bool:
    """Whether the reports that gave the figure are accepted and give it no more.

    `waiting`: the reports not accepted now; a figure of one of those stays until it is accepted
    again. Asked only where a figure is gone.
    """
    stored = record_of(sheet, fed.place.input.key)
    if fed.text or not stored.get("value"):
        return False
    not_accepted = waiting()
    return not any(ref in not_accepted for ref, _ in stored["reports"])


def locked_facts(sheet: ScoreSheet, keys: Collection[str]) -> dict[str, str]:
    """The values of these inputs that reports give, so that nobody types them."""
    return {
        key: str(each["value"])
        for key, each in (sheet.fed or {}).items()
        if key in keys and each["value"]
    }


def merged_facts(
    sheet: ScoreSheet, inputs: Iterable[Input], given: Mapping[str, str]
) -> dict[str, str]:
    """What was typed, with the figures of reports. RuleError where something else was typed."""
    own = {each.key: each for each in inputs}
    fed = locked_facts(sheet, own)
    for key, text in fed.items():
        if given.get(key, text) not in {text, ""}:
            raise RuleError(
                f"{own[key].label}: số này lấy từ báo cáo đã được chấp nhận, đang là "
                f"{words(Fraction(Decimal(text)))}, nên không ghi tay được. Nếu số sai, hãy đề nghị "
                "cụm trưởng trả lại báo cáo để sửa."
            )
    return {**given, **fed}
