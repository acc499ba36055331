"""A form as it is printed: head, numbers of the columns, and what the unit wrote."""

from collections.abc import Sequence
from dataclasses import dataclass

from thidua.reporting.queries.reports import Contents
from thidua.rules.reporting import (
    HeaderCell,
    Kind,
    OutlineRow,
    Shape,
    Template,
    completed,
    header,
    outline,
)

NOTHING = "…"


@dataclass(frozen=True)
class Paper:
    """One printed form. `head` and `codes` for columns and lists, `lines` for a form of lines."""

    template: Template
    head: Sequence[Sequence[HeaderCell]]
    codes: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[tuple[OutlineRow, str]]

    @property
    def is_lines(self) -> bool:
        return self.template.shape == Shape.LINES


def paper_of(contents: Contents, template: Template) -> Paper:
    """The form with its values; “…” is no data, which is not 0."""
    if template.shape == Shape.LINES:
        values = _values(contents, template)
        lines = [
            (row, values[row.indicator.key] if row.indicator else "") for row in outline(template)
        ]
        return Paper(template, (), (), (), lines)
    codes = [each.code or str(place) for place, each in enumerate(template.indicators, start=1)]
    return Paper(template, header(template), codes, _rows(contents, template), ())


def _rows(contents: Contents, template: Template) -> list[list[str]]:
    keys = [each.key for each in template.indicators]
    if template.shape == Shape.LIST:
        return [[row.get(key, "") for key in keys] for row in contents.rows.get(template.key, ())]
    values = _values(contents, template)
    return [[values[key] for key in keys]]


def _values(contents: Contents, template: Template) -> dict[str, str]:
    whole = completed(contents.edition, contents.filled.values, {template.key})
    shown = {}
    for each in template.indicators:
        figure = contents.figures.get(each.key)
        if each.kind == Kind.NUMBER:
            shown[each.key] = str(whole.get(each.key) or NOTHING)
        else:
            shown[each.key] = figure.text if figure else ""
    return shown
