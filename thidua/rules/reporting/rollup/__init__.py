"""Tổng hợp: values added over units and rebuilt over the periods of a year.

Whoever lacks is named in every total that lacks it; what cannot be rebuilt says so.
"""

from thidua.rules.reporting.rollup.times import Piece, Take, over_time, plan, single_period
from thidua.rules.reporting.rollup.totals import Total, Totals, values_of
from thidua.rules.reporting.rollup.units import over_units, over_units_and_time, rows_together

__all__ = [
    "Piece",
    "Take",
    "Total",
    "Totals",
    "over_time",
    "over_units",
    "over_units_and_time",
    "plan",
    "rows_together",
    "single_period",
    "values_of",
]
