"""Where the headings and cells of a form lie, for a grid on screen and for a workbook.

A form of columns has a head of several levels: `header`. A form of lines has titles between its
lines: `outline`. Cells are counted from 0; the leading columns (unit, code, measure) are not counted.
"""

from dataclasses import dataclass

from thidua.rules.reporting.templates import Indicator, Template


@dataclass(frozen=True)
class HeaderCell:
    """One heading: its first row and column, and how many of each it covers."""

    text: str
    row: int
    column: int
    rows: int
    columns: int
    indicator: str = ""


@dataclass(frozen=True)
class OutlineRow:
    """One line: a title (`indicator` is None) or an indicator, indented by `depth`."""

    text: str
    depth: int
    indicator: Indicator | None = None


def header(template: Template) -> tuple[tuple[HeaderCell, ...], ...]:
    """The head, one tuple per row from the top; a heading that ends early runs down to the last."""
    height = max(len(each.heading) for each in template.indicators)
    return tuple(_header_row(template, level, height) for level in range(height))


def _header_row(template: Template, level: int, height: int) -> tuple[HeaderCell, ...]:
    cells: list[HeaderCell] = []
    column = 0
    while column < len(template.indicators):
        indicator = template.indicators[column]
        wide = _width(template, column, level)
        if level < len(indicator.heading):
            cells.append(_cell(indicator, level, column, wide, height))
        column += wide
    return tuple(cells)


def _width(template: Template, column: int, level: int) -> int:
    """How many neighbours share the heading down to this level; a leaf stands alone."""
    path = template.indicators[column].heading
    if level >= len(path) - 1:
        return 1
    wide = 1
    for other in template.indicators[column + 1 :]:
        if other.heading[: level + 1] != path[: level + 1] or len(other.heading) <= level + 1:
            break
        wide += 1
    return wide


def _cell(indicator: Indicator, level: int, column: int, wide: int, height: int) -> HeaderCell:
    is_leaf = level == len(indicator.heading) - 1
    return HeaderCell(
        text=indicator.heading[level],
        row=level,
        column=column,
        rows=height - level if is_leaf else 1,
        columns=wide,
        indicator=indicator.key if is_leaf else "",
    )


def outline(template: Template) -> tuple[OutlineRow, ...]:
    """The lines of a form of lines, with a title wherever the headings above change."""
    rows: list[OutlineRow] = []
    above: tuple[str, ...] = ()
    for indicator in template.indicators:
        *titles, text = indicator.heading
        for depth, title in enumerate(titles):
            if above[: depth + 1] != tuple(titles[: depth + 1]):
                rows.append(OutlineRow(title, depth))
        above = tuple(titles)
        rows.append(OutlineRow(text, len(titles) + _within(indicator), indicator))
    return tuple(rows)


def _within(indicator: Indicator) -> int:
    """One deeper for a sub-code (43.1) and for an "of which" line without code."""
    return indicator.depth or int(not indicator.code)
