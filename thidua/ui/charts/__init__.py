"""Biểu đồ: drawings for people who would rather look than read, as SVG made on the server.

Only presentation attributes and classes, so nothing is inline style (CSP) and the theme colours
them; widths are shares of the place a drawing gets, so that words keep their size on a phone and on
paper. A drawing is `role="img"` with title and description; the table beside it (`Chart`,
`ui/chart.html`) holds the same numbers. Floats are for drawing alone.
"""

from thidua.ui.charts.bars import bars_chart
from thidua.ui.charts.completeness import STATES, completeness_chart
from thidua.ui.charts.course import course_chart
from thidua.ui.charts.drawing import NOT_YET, written
from thidua.ui.charts.tables import Chart, bars, completeness, course

__all__ = [
    "NOT_YET",
    "STATES",
    "Chart",
    "bars",
    "bars_chart",
    "completeness",
    "completeness_chart",
    "course",
    "course_chart",
    "written",
]
