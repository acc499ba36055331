"""Roll-up over units: everything adds but ratios."""

from collections.abc import Collection, Mapping

from thidua.rules.reporting.amounts import Values, added
from thidua.rules.reporting.filled import Filled, Row, completed
from thidua.rules.reporting.rollup.times import Parts, over_time
from thidua.rules.reporting.rollup.totals import NOT_ADDED, Total, once, summed
from thidua.rules.reporting.templates import Behaviour, Edition, Indicator


def over_units(
    edition: Edition,
    reports: Mapping[str, Filled | None],
    *,
    templates: Collection[str] | None = None,
) -> dict[str, Total]:
    """Every figure of all units together; None is a unit that has not reported.

    A blank computed cell counts as the sum of its parts; a typed one as typed, so that what a unit
    signed is what counts and a wrong sum still shows in the checks of the total.
    """
    filled = {
        unit: completed(edition, report.values, templates) if report else None
        for unit, report in reports.items()
    }
    silent = {unit for unit, values in filled.items() if values is None}
    return {each.key: _units(each, filled, silent) for each in edition.numbers(templates)}


def _units(indicator: Indicator, reports: Mapping[str, Values | None], silent: set[str]) -> Total:
    if indicator.behaviour == Behaviour.RATIO:
        return Total(None, reason=NOT_ADDED)
    given = {
        unit: values.get(indicator.key) if values else None for unit, values in reports.items()
    }
    return summed(indicator, given, silent)


def over_units_and_time(
    edition: Edition,
    reports: Mapping[str, Parts],
    *,
    templates: Collection[str] | None = None,
) -> dict[str, Total]:
    """Each unit's periods rebuilt, then all units together; lacking are “unit (period)”."""
    rebuilt = {
        unit: over_time(edition, parts, templates=templates) for unit, parts in reports.items()
    }
    return {
        each.key: _together({unit: totals[each.key] for unit, totals in rebuilt.items()})
        for each in edition.numbers(templates)
    }


def _together(totals: Mapping[str, Total]) -> Total:
    amounts = [total.amount for total in totals.values() if total.amount is not None]
    reasons = once(total.reason for total in totals.values() if total.reason)
    return Total(
        added(amounts) if amounts else None,
        counted=tuple(unit for unit, total in totals.items() if total.amount is not None),
        missing=tuple(
            f"{unit} ({period})" for unit, total in totals.items() for period in total.missing
        ),
        reason="" if amounts else " ".join(reasons),
    )


def rows_together(
    reports: Mapping[str, Filled | None], template: str
) -> tuple[tuple[str, Row], ...]:
    """The rows of a list form of all units, each with its unit."""
    return tuple(
        (unit, row)
        for unit, report in reports.items()
        if report
        for row in report.lists.get(template, ())
    )
