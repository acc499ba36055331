"""A report of one unit for the benchmarks: opened, and filled as far as they need."""

from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks.shared import NOW, Place, cluster, members

EDITION = "TT06-2025"


def started() -> tuple[Place, Any]:
    """A cluster of three units; the report of the first for the year, still to be filled in."""
    from thidua.reporting.models import Report, ReportingPeriod

    place = cluster(3)
    period = ReportingPeriod.objects.create(
        year=place.year,
        code="year",
        order=7,
        first_on=date(2025, 12, 15),
        last_on=date(2026, 11, 14),
        local_due_on=date(2026, 12, 1),
        due_on=date(2026, 12, 20),
        has_narrative=False,
    )
    report = Report.objects.create(
        membership=members(place)[0],
        period=period,
        edition=EDITION,
        started_by=place.person,
        started_at=NOW,
    )
    return place, loaded(report.pk)


def loaded(key: int) -> Any:
    """The report with what its pages load at once."""
    from thidua.reporting.models import Report

    return Report.objects.select_related(
        "membership__organisation", "membership__year__cluster", "period__year", "workbook"
    ).get(pk=key)


def fill_numbers(report: Any, actor: Any) -> None:
    """A figure in every cell that is not computed."""
    from thidua.reporting.models import Figure
    from thidua.rules.reporting import edition

    Figure.objects.bulk_create(
        Figure(
            report=report,
            indicator_key=each.key,
            value=Decimal(number % 97),
            changed_by=actor,
            changed_at=NOW,
        )
        for number, each in enumerate(edition(report.edition).numbers())
        if not each.is_computed
    )
