"""Biểu mẫu riêng của cụm: words of people into the language of forms, and back, as plain values.

A screen and a workbook both give `TypedForm`; `form_data` makes data of it or places every problem.
"""

from thidua.rules.reporting.own.changes import differences
from thidua.rules.reporting.own.crossing import cross_data, cross_lines
from thidua.rules.reporting.own.keys import form_key, indicator_key, slug
from thidua.rules.reporting.own.reading import Placed, form_data, typed_form
from thidua.rules.reporting.own.typed import (
    BEHAVIOUR_HELP,
    BEHAVIOUR_WORDS,
    FIELD_NAMES,
    KIND_WORDS,
    LEVELS,
    SHAPE_WORDS,
    TypedForm,
    TypedIndicator,
    periods_in_words,
    read_tick,
    rule_in_words,
    spaced,
)

__all__ = [
    "BEHAVIOUR_HELP",
    "BEHAVIOUR_WORDS",
    "FIELD_NAMES",
    "KIND_WORDS",
    "LEVELS",
    "SHAPE_WORDS",
    "Placed",
    "TypedForm",
    "TypedIndicator",
    "cross_data",
    "cross_lines",
    "differences",
    "form_data",
    "form_key",
    "indicator_key",
    "periods_in_words",
    "read_tick",
    "rule_in_words",
    "slug",
    "spaced",
    "typed_form",
]
