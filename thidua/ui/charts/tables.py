"""A drawing with the table that holds the same numbers; pages show both (`ui/chart.html`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from thidua.ui.charts.bars import NO_DATA, bars_chart
from thidua.ui.charts.completeness import STATES, completeness_chart
from thidua.ui.charts.completeness import Rows as CompletenessRows
from thidua.ui.charts.course import course_chart
from thidua.ui.charts.drawing import written

Numbers = Sequence[tuple[str, Fraction | None]]


@dataclass(frozen=True)
class Chart:
    """Drawing, title, heads of the table and its rows; the first cell of a row is its name.

    `numeric` aligns the cells after the first as numbers.
    """

    title: str
    svg: SafeString
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: bool = True
    note: str = ""


def course(
    *, title: str, points: Numbers, target: Fraction | None, measure: str, note: str = ""
) -> Chart:
    """`course_chart` with its table; the target is its last row."""
    rows = [(name, written(value)) for name, value in points]
    if target is not None:
        rows.append(("Mức phấn đấu", written(target)))
    svg = course_chart(title=title, points=points, target=target, measure=measure)
    return Chart(title, svg, ("Kỳ", _headed(measure)), rows, note=note)


def bars(
    *,
    title: str,
    rows: Numbers,
    target: Fraction | None = None,
    measure: str,
    head: str = "Đơn vị",
    note: str = "",
) -> Chart:
    """`bars_chart` with its table."""
    cells = [(name, NO_DATA if value is None else written(value)) for name, value in rows]
    if target is not None:
        cells.append(("Mức phấn đấu", written(target)))
    svg = bars_chart(title=title, rows=rows, target=target, measure=measure)
    return Chart(title, svg, (head, _headed(measure)), cells, note=note)


def completeness(*, title: str, rows: CompletenessRows, note: str = "") -> Chart:
    """`completeness_chart` with its table, the states spelt out."""
    periods = [name for name, _ in rows[0][1]] if rows else []
    cells = [(unit, *(STATES[state][1] for _, state in cells)) for unit, cells in rows]
    svg = completeness_chart(title=title, rows=rows)
    return Chart(title, svg, ("Đơn vị", *periods), cells, numeric=False, note=note)


def _headed(measure: str) -> str:
    return f"Số liệu ({measure})" if measure else "Số liệu"
