"""Tổng hợp: reports added over units and rebuilt over periods, in a few queries for any number.

The answers are those of `rules.reporting` (`over_units`, `over_units_and_time`); the database adds
what is alike, the rules do the rest.
"""

from thidua.reporting.queries.rollup.asking import ACCEPTED, HANDED_IN, Asked, counting, in_order
from thidua.reporting.queries.rollup.forms import Forms, forms_of
from thidua.reporting.queries.rollup.lines import Line, lines_of, silent_of
from thidua.reporting.queries.rollup.own import forms_on, own_course
from thidua.reporting.queries.rollup.parts import (
    Reported,
    Told,
    course_of,
    differences,
    values_by_unit,
    ways_of,
)
from thidua.reporting.queries.rollup.rates import (
    RateLine,
    UnitShare,
    rate_course,
    rate_lines,
    rates_for,
)
from thidua.reporting.queries.rollup.totals import rolled_up

__all__ = [
    "ACCEPTED",
    "HANDED_IN",
    "Asked",
    "Forms",
    "Line",
    "RateLine",
    "Reported",
    "Told",
    "UnitShare",
    "counting",
    "course_of",
    "differences",
    "forms_of",
    "forms_on",
    "in_order",
    "lines_of",
    "own_course",
    "rate_course",
    "rate_lines",
    "rates_for",
    "rolled_up",
    "silent_of",
    "values_by_unit",
    "ways_of",
]
