"""Accepted figures by unit, as points tables and commitments name them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils import timezone

from thidua.organisations.models import EmulationYear
from thidua.reporting.models import Figure, FigureChange, Indicator, Report, ReportingPeriod
from thidua.reporting.queries.editions import editions_of, issued_own_forms
from thidua.rules.errors import RuleError
from thidua.rules.reporting import Amount, Edition, Filled, Qualifier, Values, read_amount
from thidua.rules.reporting.amounts import MOST_PLACES
from thidua.rules.reporting.language import read_template
from thidua.rules.reporting.sources import (
    Accepted,
    Reading,
    Sent,
    Source,
    UnitYear,
    read_source,
    reading,
)
from thidua.rules.reporting.sources.language import keys_of

Also = Mapping[int, Values]
"""Reports counted as accepted though they are not yet, each with values in place of its own."""


def readings_of(
    year: EmulationYear,
    sources: Iterable[str],
    memberships: Iterable[int],
    *,
    on: date | None = None,
    also: Also | None = None,
) -> dict[tuple[int, str], Reading]:
    """Every source for every membership of the year; five queries at most, however many.

    `on` is the day on which overdue reports are counted, today when not given.
    """
    wanted = list(dict.fromkeys(sources))
    units = unit_years(year, wanted, memberships, on=on, also=also)
    return {(key, text): reading(text, unit) for key, unit in units.items() for text in wanted}


def unit_years(
    year: EmulationYear,
    sources: Iterable[str],
    memberships: Iterable[int],
    *,
    on: date | None = None,
    also: Also | None = None,
) -> dict[int, UnitYear]:
    """By membership: the accepted figures that these sources may look at, and all hand-in days."""
    members = list(memberships)
    extra = also or {}
    periods = list(year.reporting_periods.all())
    reports = list(
        Report.objects.filter(period__year=year, membership__in=members)
        .select_related("period__year", "accepted_by")
        .order_by("period__order")
    )
    aliases = dict(Indicator.objects.values_list("key", "figure"))
    counted = [each for each in reports if each.state == Report.State.ACCEPTED or each.pk in extra]
    editions = editions_of(counted)
    values = _values(counted, _needed(sources, aliases, editions.values()))
    day = on or timezone.localdate()
    return {
        member: UnitYear(
            on=day,
            reports={
                each.period.code: _accepted(
                    each, editions[each.pk], {**values[each.pk], **extra.get(each.pk, {})}
                )
                for each in counted
                if each.membership_id == member
            },
            sent=_sent(periods, [each for each in reports if each.membership_id == member]),
            aliases=aliases,
        )
        for member in members
    }


def _accepted(report: Report, edition: Edition, values: Values) -> Accepted:
    return Accepted(
        code=report.period.code,
        name=str(report.period),
        edition=edition,
        filled=Filled(values),
        said=_accepted_by(report),
        ref=report.pk,
    )


def _accepted_by(report: Report) -> str:
    if report.accepted_at is None:
        return "số của lần nộp đang chờ chấp nhận"
    return f"{report.accepted_by} chấp nhận {timezone.localtime(report.accepted_at):%H:%M %d/%m/%Y}"


def _sent(periods: Iterable[ReportingPeriod], reports: Collection[Report]) -> list[Sent]:
    own = {each.period_id: each for each in reports}
    return [_hand_in(period, own.get(period.pk)) for period in periods]


def _hand_in(period: ReportingPeriod, report: Report | None) -> Sent:
    first = report.first_submitted_at if report else None
    allowed = report.late_reason if report else ""
    return Sent(
        code=period.code,
        name=str(period),
        due_on=period.due_on,
        first_on=timezone.localdate(first) if first else None,
        ref=report.pk if report else 0,
        note=f"Được cho nộp muộn: {allowed.rstrip('.')}." if allowed else "",
    )


def _needed(
    sources: Iterable[str], aliases: Mapping[str, str], editions: Iterable[Edition]
) -> set[str]:
    """The cells to read: those named, and all of the forms they stand in, for computed cells."""
    named = {key for text in sources for key in _indicators(text, aliases)}
    found = set(named)
    for edition in {id(each): each for each in editions}.values():
        homes = {edition.home(key).key for key in named if key in edition}
        for home in homes:
            for each in edition.template(home).numbers:
                found |= {each.key, each.outflow}
                found |= {term.key for terms in each.totals for term in terms}
    return found - {""}


def _indicators(
    text: str, aliases: Mapping[str, str], seen: frozenset[str] = frozenset()
) -> Iterable[str]:
    """The indicators of forms that a source comes down to; none where it cannot be read."""
    source = _read(text)
    for name in source.names if source else ():
        if name.key in aliases and name.key not in seen:
            yield from _indicators(aliases[name.key], aliases, seen | {name.key})
        yield from keys_of(name.key)


def _read(text: str) -> Source | None:
    try:
        return read_source(text)
    except RuleError:
        return None


def _values(reports: Iterable[Report], keys: Collection[str]) -> dict[int, dict[str, Amount]]:
    found: dict[int, dict[str, Amount]] = {each.pk: {} for each in reports}
    rows = Figure.objects.filter(
        report__in=list(found), row="", indicator_key__in=sorted(keys), value__isnull=False
    )
    for report, key, value, qualifier in rows.values_list(
        "report", "indicator_key", "value", "qualifier"
    ):
        found[report][key] = Amount(Decimal(value or 0).normalize() + 0, Qualifier(qualifier))
    return found


def values_before(report: Report) -> Values | None:
    """What differs in the report from its last acceptance; None where it never was accepted.

    The first change of each cell since then holds what stood there.
    """
    if report.accepted_round is None:
        return None
    before: dict[str, Amount | None] = {}
    changes = FigureChange.objects.filter(report=report, row="", round__gt=report.accepted_round)
    for each in changes.order_by("pk"):
        if each.indicator_key not in before:
            before[each.indicator_key] = _shown(each.old)
    return before


def _shown(old: str) -> Amount | None:
    """An amount read back from the words in which a change keeps it; a list's words are none."""
    try:
        return read_amount(old.replace(".", ""), where="Số cũ", places=MOST_PLACES)
    except RuleError:
        return None


def own_keys(year: EmulationYear) -> frozenset[str]:
    """Keys that tables of the year may name beside the sector's: own forms, own indicators."""
    keys = set(Indicator.objects.values_list("key", flat=True))
    forms = issued_own_forms(year)
    if forms is not None:
        for template in forms.data["templates"]:
            keys |= {each.key for each in read_template(template).numbers}
    return frozenset(keys)
