"""The course of one figure on the page of a report."""

from dataclasses import dataclass
from fractions import Fraction

from thidua.accounts.models import User
from thidua.reporting.models import Report
from thidua.reporting.queries.rollup import forms_on, own_course
from thidua.rules.reporting import Edition, Indicator
from thidua.ui import charts

# What people look at first where they have not chosen: made conclusions, by key.
FIRST = "ttr1-ket-luan"


@dataclass(frozen=True)
class Choice:
    """One figure of the list, and whether it is drawn."""

    indicator: Indicator
    is_drawn: bool

    @property
    def text(self) -> str:
        code = f"{self.indicator.code}. " if self.indicator.code else ""
        return f"{code}{self.indicator.label}"


@dataclass(frozen=True)
class ReportCharts:
    """The drawing, and the figures one may choose from, form by form."""

    chart: charts.Chart
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]


def report_charts(user: User, report: Report, wanted: str = "") -> ReportCharts | None:
    """In: the key of the figure asked for. Out: its course; None where no form has figures.

    The chart compares the unit with itself; the pact's target stands on the board of the pact.
    """
    forms = forms_on(report).edition
    indicator = _chosen(forms, wanted)
    if indicator is None:
        return None
    points = [
        (name, None if amount is None else Fraction(amount.number))
        for name, amount in own_course(user, report, indicator)
    ]
    chart = charts.course(
        title=f"{indicator.label} qua các kỳ", points=points, target=None, measure=indicator.measure
    )
    return ReportCharts(chart, _groups(forms, indicator))


def _chosen(forms: Edition, wanted: str) -> Indicator | None:
    known = {each.key: each for each in forms.numbers()}
    return known.get(wanted) or known.get(FIRST) or next(iter(known.values()), None)


def _groups(forms: Edition, drawn: Indicator) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    return tuple(
        (
            template.code or template.title,
            tuple(Choice(each, each.key == drawn.key) for each in template.numbers),
        )
        for template in forms.templates
        if template.numbers
    )
