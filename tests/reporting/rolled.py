"""Reports put straight into the database, for the tests of roll-up: any figures, any state."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from tests.factories.world import HANOI, ClusterWorld
from thidua.reporting.models import Figure, Report, ReportingPeriod
from thidua.rules.reporting import Amount, edition

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=HANOI)
STATE = Report.State


def put(
    world: ClusterWorld,
    member: int,
    period: ReportingPeriod,
    values: Mapping[str, Amount | str | int | None],
    state: str = STATE.ACCEPTED,
    at: datetime = NOON,
) -> Report:
    """One report with these figures by key of indicator."""
    report = Report.objects.create(
        membership=world.memberships[member],
        period=period,
        edition=period.edition_key,
        started_by=world.officers[member],
        started_at=at,
    )
    Figure.objects.bulk_create(
        Figure(
            report=report,
            indicator_key=key,
            value=amount.number if amount else None,
            qualifier=amount.qualifier if amount else "",
            changed_by=world.officers[member],
            changed_at=at,
        )
        for key, given in values.items()
        for amount in [_amount(given)]
    )
    if state != STATE.DRAFT:
        report.state, report.submitted_at, report.submitted_by = state, at, world.heads[member]
        report.first_submitted_at = at
    if state == STATE.ACCEPTED:
        report.accepted_at, report.accepted_by = at, world.lead_officer
    report.save()
    return report


def _amount(given: Amount | str | int | None) -> Amount | None:
    if given is None or isinstance(given, Amount):
        return given
    return Amount(Decimal(given))


def keys(form: str, forms: str = "TT06-2025") -> dict[str, str]:
    """The keys of a form's indicators by their printed numbers."""
    return {each.code: each.key for each in edition(forms).template(form).indicators}


def columns(form: str, **given: str | int | None) -> dict[str, str | int | None]:
    """Figures by printed number: `columns("ttr1", c6=3)`."""
    known = keys(form)
    return {known[code[1:].replace("_", ".")]: value for code, value in given.items()}
