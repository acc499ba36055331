"""One form as the grid shows it: titles, cells with what is stored, last period, what is computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from thidua.reporting.models import Figure
from thidua.reporting.queries.reports import Contents, Past, Said
from thidua.rules.numbers import vietnamese
from thidua.rules.reporting import (
    QUALIFIERS,
    Amount,
    Edition,
    Filled,
    Indicator,
    Kind,
    Template,
    completed,
    outline,
    rebuilt,
)

MOST_MARKED = 12
Amounts = Mapping[str, Amount | None]


@dataclass(frozen=True)
class Typing:
    """What a person sent and was not kept: the text by key, the sentence by key."""

    texts: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One line of the grid; a title has no `indicator`."""

    text: str
    depth: int
    indicator: Indicator | None = None
    value: str = ""
    seen: str = "0:"
    computed: str = ""
    previous: str = ""
    parts: str = ""
    error: str = ""
    mark: str = ""
    stamp: str = ""

    @property
    def is_number(self) -> bool:
        return self.indicator is not None and self.indicator.kind == Kind.NUMBER


def typed_text(figure: Figure | None) -> str:
    """What stands in the field: a number as people type it, without dots between thousands."""
    if figure is None:
        return ""
    if figure.text or figure.amount is None:
        return figure.text
    number = vietnamese(figure.amount.number, grouped=False)
    qualifier = figure.amount.qualifier
    return f"{QUALIFIERS[qualifier]} {number}" if qualifier else number


def seen_text(figure: Figure | None) -> str:
    """What a page says it saw of a cell: version and text."""
    return f"{figure.version if figure else 0}:{typed_text(figure)}"


def lines_of(
    contents: Contents,
    template: Template,
    past: Past,
    said: Sequence[Said],
    typing: Typing | None = None,
) -> list[Line]:
    """The grid of a form; `typing` puts back what was refused."""
    values = contents.filled.values
    sums = computed_of(contents.edition, template, values)
    before = _whole(contents.edition, past.previous)
    parts = _parts(contents, past)
    marks = marks_of(said, template.key)
    texts = typing.texts if typing else {}
    errors = typing.errors if typing else {}
    lines = []
    for row in outline(template):
        if row.indicator is None:
            lines.append(Line(row.text, row.depth))
            continue
        key = row.indicator.key
        figure = contents.figures.get(key)
        lines.append(
            Line(
                text=row.text,
                depth=row.depth,
                indicator=row.indicator,
                value=texts.get(key, typed_text(figure)),
                seen=seen_text(figure),
                computed=sums.get(key, ""),
                previous=_shown(before.get(key)),
                parts=_shown(parts.get(key)),
                error=errors.get(key, ""),
                mark=marks.get(key, ""),
                stamp=_stamp(figure),
            )
        )
    return lines


def computed_of(edition: Edition, template: Template, values: Amounts) -> dict[str, str]:
    """The sums the form itself prescribes, as text, for cells left blank."""
    whole = completed(edition, values, {template.key})
    return {
        each.key: _shown(whole.get(each.key))
        for each in template.numbers
        if each.is_computed and values.get(each.key) is None
    }


def marks_of(said: Sequence[Said], form: str) -> dict[str, str]:
    """“error” or “warning” by key of indicator; what is settled marks nothing."""
    marks: dict[str, str] = {}
    for each in said:
        if each.is_settled or each.asks_for_data or len(each.finding.places) > MOST_MARKED:
            continue
        for place in each.finding.places:
            if place.template == form and marks.get(place.indicator) != "error":
                marks[place.indicator] = "error" if each.is_error else "warning"
    return marks


def _whole(edition: Edition, filled: Filled | None) -> Amounts:
    return completed(edition, filled.values) if filled else {}


def _parts(contents: Contents, past: Past) -> Amounts:
    """A longer period as its quarters tell it, where none of them lacks."""
    totals = rebuilt(contents.edition, contents.report.period.code, past.this_year)
    return {key: each.amount for key, each in totals.items() if not each.missing}


def _shown(amount: Amount | None) -> str:
    return str(amount) if amount else ""


def _stamp(figure: Figure | None) -> str:
    if figure is None:
        return ""
    moment = timezone.localtime(figure.changed_at)
    return f"{figure.changed_by}, {moment:%H:%M %d/%m/%Y}"
