"""Số liệu đã công bố: sets as printed by their sources, and lines that a person pastes."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.rules.reporting.catalogue import DATA, editions
from thidua.rules.reporting.checks import check_report
from thidua.rules.reporting.comparing import CONVERSIONS, Difference, Published, read_published
from thidua.rules.reporting.filled import Filled
from thidua.rules.reporting.findings import Finding
from thidua.rules.reporting.templates import Edition, Indicator, Template
from thidua.rules.reporting.words import with_measure

MOST_LINES = 200
# “8; 4.910; tỷ đồng”, “cột 8 = hơn 15,3 tỷ đồng”, “8<tab>4910”: number, then figure with measure.
LINE = re.compile(r"(?:cột|chỉ tiêu)?\s*([0-9]+(?:\.[0-9]+)?)\s*[:;=\t]\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class PublishedSet:
    """Figures of one source for one place and period. `figures`: places “form:code”, text, measure."""

    key: str
    name: str
    source: str
    figures: tuple[tuple[tuple[str, ...], str, str], ...]


@cache
def published_sets() -> tuple[PublishedSet, ...]:
    """The sets that the software brings along, in order."""
    data = tomllib.loads((DATA / "published.toml").read_text("utf-8"))
    return tuple(
        PublishedSet(
            key=row["key"],
            name=row["name"],
            source=row["source"],
            figures=tuple(
                (tuple(each["at"]), each["text"], each["measure"]) for each in row["figures"]
            ),
        )
        for row in data["sets"]
    )


def published_in(edition: Edition, given: PublishedSet) -> dict[str, Published]:
    """The figures of a set that have a column in this edition, by key of indicator."""
    found: dict[str, Published] = {}
    for places, text, measure in given.figures:
        indicator = next((each for place in places if (each := _at(edition, place))), None)
        if indicator is not None:
            found[indicator.key] = read_published(text, written_in=measure, indicator=indicator)
    return found


def _at(edition: Edition, place: str) -> Indicator | None:
    form, _, code = place.partition(":")
    for template in edition.templates:
        if template.key == form:
            return _numbered(template, code)
    return None


def _numbered(template: Template, code: str) -> Indicator | None:
    return next((each for each in template.numbers if each.code == code), None)


def read_lines(template: Template, text: str) -> dict[str, Published]:
    """Figures as a person typed or pasted them, one line each: number of the column, figure,
    measure where it is not that of the form. RuleError names the line.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise RuleError(f"Chỉ nhận tối đa {MOST_LINES} dòng số liệu công bố.")
    found: dict[str, Published] = {}
    for number, line in enumerate(lines, start=1):
        indicator, published = _line(template, line.strip(), number)
        if indicator.key in found:
            raise RuleError(f"Dòng {number}: cột {indicator.code} đã có ở một dòng trên.")
        found[indicator.key] = published
    return found


def _line(template: Template, line: str, number: int) -> tuple[Indicator, Published]:
    read = LINE.fullmatch(line)
    if not read:
        raise RuleError(
            f"Dòng {number} (“{line[:60]}”): hãy viết số cột, dấu hai chấm rồi số liệu, ví dụ "
            "8: 4910 hoặc 8: hơn 15,3 tỷ đồng."
        )
    indicator = _numbered(template, read[1])
    if indicator is None:
        raise RuleError(
            f"Dòng {number}: biểu {template.code or template.title} không có cột {read[1]}."
        )
    text, measure = _measured(re.sub(r"[\t;]", " ", read[2]).strip(), indicator)
    try:
        return indicator, read_published(text, written_in=measure, indicator=indicator)
    except RuleError as problem:
        raise RuleError(f"Dòng {number}: {problem}") from problem


def _measured(text: str, indicator: Indicator) -> tuple[str, str]:
    """Figure and measure apart; without one it is the measure of the form."""
    known = [written for written, of in CONVERSIONS if of == indicator.measure]
    for measure in sorted([indicator.measure, *known], key=len, reverse=True):
        if measure and text.endswith(measure):
            return text.removesuffix(measure).strip(), measure
    return text, indicator.measure


def contradictions(edition: Edition, published: Mapping[str, Published]) -> tuple[Finding, ...]:
    """Where the source itself does not add up: the form's own checks on what it printed."""
    values = {key: each.amount for key, each in published.items()}
    return check_report(edition, Filled(values))


def why(difference: Difference, published: Published, indicator: Indicator) -> str:
    """What the difference means, in words."""
    if difference.gap is None:
        return "Tổng hợp chưa có số liệu này."
    allowed = with_measure(vietnamese(published.rounding), indicator.measure)
    if difference.gap == 0:
        return "Khớp đúng."
    if difference.agrees:
        return f"Khớp: nguồn làm tròn, cho phép lệch đến {allowed}."
    if published.rounding:
        return f"Lệch quá mức làm tròn của nguồn ({allowed}): hãy xem đơn vị nào còn thiếu hoặc tính khác."
    return "Lệch: hãy xem đơn vị nào còn thiếu, hoặc nguồn tính kỳ khác, cắt số khác."


def places_known(sets: Sequence[PublishedSet]) -> list[str]:
    """Every “form:code” the sets name that no edition of the software has."""
    known = {
        f"{template.key}:{each.code}"
        for edition in editions()
        for template in edition.templates
        for each in template.numbers
    }
    named = {place for each in sets for places, _, _ in each.figures for place in places}
    return sorted(named - known)
