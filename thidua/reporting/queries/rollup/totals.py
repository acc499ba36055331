"""Totals of any number of reports in at most eight queries.

Where all units have data in the same cells, adding commutes with everything the rules do (sums that
a form prescribes, the plan of a longer period): the database adds cell by cell, and the rules work
once, on the sums. Few units differ: a cell without data, a printed sum typed although it could be
computed, a period without a report. They are loaded, and those that differ alike go together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q

from thidua.reporting.models import Figure, ReportingPeriod
from thidua.reporting.queries.rollup.asking import Asked
from thidua.reporting.queries.rollup.exact import ExactSum
from thidua.reporting.queries.rollup.parts import cells_needed, values_of_reports
from thidua.rules.reporting import Amount, Filled, Qualifier, Total, over_time, over_units
from thidua.rules.reporting.amounts import added
from thidua.rules.reporting.rollup.totals import once

Totals = dict[str, Total]
# By key of period, then of indicator.
Sums = dict[int, dict[str, Amount]]
# Units that have data in the same cells, and what the rules make of their sums.
Group = tuple[list[int], Totals]
ONE = "x"


@dataclass
class Tally:
    """One cell of one period over all reports: how many have data, and their sum by qualifier."""

    present: int = 0
    sums: dict[Qualifier, Decimal] = field(default_factory=dict)
    counts: dict[Qualifier, int] = field(default_factory=dict)

    def add(self, qualifier: Qualifier, total: Decimal, count: int) -> None:
        """So many more; fewer with a negative count."""
        self.present += count
        self.sums[qualifier] = self.sums.get(qualifier, Decimal(0)) + total
        self.counts[qualifier] = self.counts.get(qualifier, 0) + count

    @property
    def amount(self) -> Amount:
        """All of them together."""
        return added(Amount(self.sums[kind], kind) for kind, count in self.counts.items() if count)


Tallies = dict[int, dict[str, Tally]]


def rolled_up(asked: Asked) -> Totals:
    """Every figure of the form over the units, and over the periods where there are several.

    Out: by key of indicator a `Total` with the names of who is counted and who lacks, as
    `over_units` (one period) or `over_units_and_time` (several) would give it.
    """
    places = _places(asked)
    tallies = _tallies(asked)
    odd = _odd_units(asked, places, tallies)
    values = values_of_reports(
        asked, [report for unit in odd for report in places.get(unit, {}).values()]
    )
    for unit in odd:
        _take_out(tallies, places.get(unit, {}), values)
    groups = _groups(asked, odd, places, values)
    if len(odd) < len(asked.members):
        groups.append(([], _of_unit(asked, _sums(tallies))))
    names = {each.pk: each.organisation.short_name for each in asked.members}
    return {
        each.key: _together(asked, each.key, names, groups)
        for each in asked.edition.numbers({asked.template.key})
    }


def _places(asked: Asked) -> dict[int, dict[int, int]]:
    """The reports by unit and period."""
    places: dict[int, dict[int, int]] = defaultdict(dict)
    for unit, period, report in asked.counted().values_list("membership", "period", "pk"):
        places[unit][period] = report
    return places


def _tallies(asked: Asked) -> Tallies:
    """One grouped query over all figures."""
    tallies: Tallies = {each.pk: defaultdict(Tally) for each in asked.periods}
    by = ["indicator_key", "qualifier"]
    if asked.is_rebuilt:
        by.append("report__period")
    found = (
        Figure.objects.filter(
            report__in=asked.counted().values("pk"),
            indicator_key__in=cells_needed(asked.edition, asked.template),
            row="",
            value__isnull=False,
        )
        .order_by()
        .values(*by)
        .annotate(total=ExactSum("value"), count=Count("pk"))
    )
    for row in found:
        period = row["report__period"] if asked.is_rebuilt else asked.periods[0].pk
        tally = tallies[period][row["indicator_key"]]
        tally.add(Qualifier(row["qualifier"]), row["total"], row["count"])
    return tallies


def _odd_units(asked: Asked, places: Mapping[int, Mapping[int, int]], tallies: Tallies) -> set[int]:
    """The units that lack a report, or whose cells with data are not those of most."""
    odd = {each.pk for each in asked.members if len(places.get(each.pk, {})) < len(asked.periods)}
    for period in asked.periods:
        reports = {each[period.pk]: unit for unit, each in places.items() if period.pk in each}
        usual, rare = _unequal(tallies[period.pk], len(reports))
        if usual or rare:
            even = _even_reports(asked, period, usual, rare, set(reports))
            odd.update(unit for report, unit in reports.items() if report not in even)
    return odd


def _unequal(tallies: Mapping[str, Tally], reports: int) -> tuple[list[str], list[str]]:
    """The cells that some reports have and some have not: those of most reports, those of few."""
    mixed = {key: each for key, each in tallies.items() if each.present < reports}
    usual = [key for key, each in mixed.items() if each.present * 2 >= reports]
    return usual, [key for key in mixed if key not in usual]


def _even_reports(
    asked: Asked,
    period: ReportingPeriod,
    usual: Sequence[str],
    rare: Sequence[str],
    reports: set[int],
) -> set[int]:
    """The reports of a period that have every usual cell and no rare one; one query."""
    found = (
        Figure.objects.filter(
            report__in=asked.counted().filter(period=period).values("pk"),
            indicator_key__in=[*usual, *rare],
            row="",
            value__isnull=False,
        )
        .order_by()
        .values_list("report")
        .annotate(
            usual=Count("pk", filter=Q(indicator_key__in=usual)),
            rare=Count("pk", filter=Q(indicator_key__in=rare)),
        )
    )
    cells = {report: (usual_cells, rare_cells) for report, usual_cells, rare_cells in found}
    return {each for each in reports if cells.get(each, (0, 0)) == (len(usual), 0)}


def _take_out(
    tallies: Tallies, reports: Mapping[int, int], values: Mapping[int, Mapping[str, Amount]]
) -> None:
    """The figures of one unit leave the sums."""
    for period, report in reports.items():
        for key, amount in values[report].items():
            tallies[period][key].add(amount.qualifier, -amount.number, -1)


def _sums(tallies: Tallies) -> Sums:
    return {
        period: {key: each.amount for key, each in cells.items() if each.present}
        for period, cells in tallies.items()
    }


def _groups(
    asked: Asked,
    odd: Iterable[int],
    places: Mapping[int, Mapping[int, int]],
    values: Mapping[int, Mapping[str, Amount]],
) -> list[Group]:
    """The odd units that have data in the same cells, together."""
    alike: dict[frozenset[tuple[int, frozenset[str]]], list[int]] = defaultdict(list)
    for unit in odd:
        reports = places.get(unit, {})
        alike[frozenset((p, frozenset(values[r])) for p, r in reports.items())].append(unit)
    return [
        (units, _of_unit(asked, _added([places.get(each, {}) for each in units], values)))
        for units in alike.values()
    ]


def _added(
    reports: Sequence[Mapping[int, int]], values: Mapping[int, Mapping[str, Amount]]
) -> Sums:
    """The cells of some units' reports, period by period."""
    return {
        period: {
            key: added(values[each[period]][key] for each in reports)
            for key in values[reports[0][period]]
        }
        for period in reports[0]
    }


def _of_unit(asked: Asked, values: Mapping[int, Mapping[str, Amount]]) -> Totals:
    """What the rules make of one unit's periods, or of the sums of many that are alike."""
    parts = [
        (each.name, Filled(values[each.pk]) if each.pk in values else None)
        for each in asked.periods
    ]
    only = {asked.template.key}
    if asked.is_rebuilt:
        return over_time(asked.edition, parts, templates=only)
    return over_units(asked.edition, {ONE: parts[0][1]}, templates=only)


def _together(asked: Asked, key: str, names: Mapping[int, str], groups: Sequence[Group]) -> Total:
    """One figure over all units; who is in no group of odd ones is in the last."""
    found = [totals[key] for _, totals in groups]
    amounts = [each.amount for each in found if each.amount is not None]
    reasons = once(each.reason for each in found if each.reason)
    told = {unit: totals[key] for units, totals in groups for unit in units}
    rest = found[-1]
    return Total(
        added(amounts) if amounts else None,
        counted=tuple(_counted(names, told, rest)),
        missing=tuple(
            f"{names[unit]} ({part})" if asked.is_rebuilt else names[unit]
            for unit in (names if rest.missing else [each for each in names if each in told])
            for part in told.get(unit, rest).missing
        ),
        reason="" if amounts else " ".join(reasons),
    )


def _counted(names: Mapping[int, str], told: Mapping[int, Total], rest: Total) -> Iterable[str]:
    """Who is in a total. Thousands of units that are all alike are not asked one by one."""
    if not told:
        return names.values() if rest.amount is not None else ()
    return (name for unit, name in names.items() if told.get(unit, rest).amount is not None)
