"""Nguồn số liệu: how points tables and commitments name reported figures, and what those say.

A source is written `key`, `key@q1`, `key + key`, `key / key * 100`; the key is that of an indicator,
a rate, an installation's own indicator, or one of the words on lateness. `read_source` reads it,
`reading` gives its value with the trace down to form, column and report. Nothing is ever guessed:
a part that is not there is named and there is no value.
"""

from thidua.rules.reporting.sources.language import (
    DAYS_LATE,
    LATE,
    LATENESS,
    NEVER_SENT,
    Name,
    Source,
    named_indicators,
    problem_of,
    read_source,
)
from thidua.rules.reporting.sources.readings import Reading, course_of, reading, to_date
from thidua.rules.reporting.sources.units import Accepted, Link, Sent, UnitYear

__all__ = [
    "DAYS_LATE",
    "LATE",
    "LATENESS",
    "NEVER_SENT",
    "Accepted",
    "Link",
    "Name",
    "Reading",
    "Sent",
    "Source",
    "UnitYear",
    "course_of",
    "named_indicators",
    "problem_of",
    "read_source",
    "reading",
    "to_date",
]
