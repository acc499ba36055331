"""Chỉ tiêu, biểu mẫu, kiểm tra và tổng hợp: the reporting regime as plain values.

Forms are data (`catalogue`, `language`); a report is `Filled`; `check_report`, `odd_figures` and
`check_against_parts` say what to look at; `over_units` and `over_time` roll up; rates divide counts.
"""

from thidua.rules.reporting.amounts import (
    QUALIFIERS,
    Amount,
    Qualifier,
    Values,
    checked,
    in_words,
    read_amount,
)
from thidua.rules.reporting.catalogue import clashes, edition, edition_on, editions
from thidua.rules.reporting.checks import check_report
from thidua.rules.reporting.comparing import Difference, Published, compare, read_published
from thidua.rules.reporting.filled import Filled, blank, completed, completeness
from thidua.rules.reporting.findings import Finding, stops
from thidua.rules.reporting.language import (
    TemplateRefused,
    edition_to_data,
    read_edition,
    read_template,
    template_to_data,
)
from thidua.rules.reporting.layout import HeaderCell, OutlineRow, header, outline
from thidua.rules.reporting.outliers import OutlierSettings, odd_figures
from thidua.rules.reporting.periods import check_against_parts, rebuilt
from thidua.rules.reporting.rates import Rate, Share, all_rates, share
from thidua.rules.reporting.rollup import (
    Piece,
    Take,
    Total,
    over_time,
    over_units,
    over_units_and_time,
    plan,
    rows_together,
    single_period,
    values_of,
)
from thidua.rules.reporting.templates import (
    Basis,
    Behaviour,
    Check,
    Edition,
    Indicator,
    Kind,
    Mark,
    Severity,
    Shape,
    Template,
)
from thidua.rules.reporting.words import Place, where

__all__ = [
    "QUALIFIERS",
    "Amount",
    "Basis",
    "Behaviour",
    "Check",
    "Difference",
    "Edition",
    "Filled",
    "Finding",
    "HeaderCell",
    "Indicator",
    "Kind",
    "Mark",
    "OutlierSettings",
    "OutlineRow",
    "Piece",
    "Place",
    "Published",
    "Qualifier",
    "Rate",
    "Severity",
    "Shape",
    "Share",
    "Take",
    "Template",
    "TemplateRefused",
    "Total",
    "Values",
    "all_rates",
    "blank",
    "check_against_parts",
    "check_report",
    "checked",
    "clashes",
    "compare",
    "completed",
    "completeness",
    "edition",
    "edition_on",
    "edition_to_data",
    "editions",
    "header",
    "in_words",
    "odd_figures",
    "outline",
    "over_time",
    "over_units",
    "over_units_and_time",
    "plan",
    "read_amount",
    "read_edition",
    "read_published",
    "read_template",
    "rebuilt",
    "rows_together",
    "share",
    "single_period",
    "stops",
    "template_to_data",
    "values_of",
    "where",
]
