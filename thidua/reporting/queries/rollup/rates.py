"""Tỷ lệ: of units, of all together and over the periods, always from the counts of both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thidua.organisations.models import Membership
from thidua.reporting.models import ReportingPeriod
from thidua.reporting.queries.rollup.asking import Asked
from thidua.reporting.queries.rollup.parts import parts_of, reached
from thidua.rules.reporting import (
    Filled,
    Rate,
    Share,
    Total,
    all_rates,
    completed,
    over_time,
)
from thidua.rules.reporting.amounts import added
from thidua.rules.reporting.filled import total_of

Parts = Mapping[int, Mapping[str, Filled]]


@dataclass(frozen=True)
class UnitShare:
    """The rate of one unit; `lacking` are the periods one of whose counts has no data."""

    membership: Membership
    share: Share
    lacking: tuple[str, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Both counts are known; with one alone the rate of all would be wrong."""
        return self.share.numerator is not None and self.share.denominator is not None


@dataclass(frozen=True)
class RateLine:
    """One rate over all units, from the sums of their counts and never from their rates."""

    rate: Rate
    units: tuple[UnitShare, ...]

    @property
    def share(self) -> Share:
        """Of all units together that have both counts."""
        counted = [each.share for each in self.units if each.is_counted]
        if not counted:
            return Share(self.rate, None, None)
        above = [each.numerator for each in counted if each.numerator is not None]
        below = [each.denominator for each in counted if each.denominator is not None]
        return Share(self.rate, added(above), added(below))

    @property
    def counted(self) -> tuple[str, ...]:
        """The units in the rate."""
        return tuple(_name(each) for each in self.units if each.is_counted)

    @property
    def missing(self) -> tuple[str, ...]:
        """The units that are not in it, and those that lack a period."""
        return tuple(
            _name(each) + (f" ({', '.join(each.lacking)})" if each.lacking else "")
            for each in self.units
            if not each.is_counted or each.lacking
        )


def _name(unit: UnitShare) -> str:
    return unit.membership.organisation.short_name


def rates_for(asked: Asked) -> tuple[Rate, ...]:
    """The rates that can be told from these forms."""
    return tuple(each for each in all_rates() if each.edition == asked.forms.base)


def rate_lines(asked: Asked, rates: Sequence[Rate]) -> list[RateLine]:
    """Rates of the units in one period, or in a longer one made of several; two queries.

    `asked.template` is any form of the sector: the rates name theirs.
    """
    parts = parts_of(asked, _keys(asked, rates))
    totals = {
        each.pk: _totals(asked, rates, asked.periods, parts[each.pk]) for each in asked.members
    }
    return [
        RateLine(rate, tuple(_unit(each, rate, totals[each.pk]) for each in asked.members))
        for rate in rates
    ]


def rate_course(asked: Asked, rate: Rate) -> list[tuple[ReportingPeriod, RateLine]]:
    """One rate in each of `asked.periods`, each by itself; two queries."""
    parts = parts_of(asked, _keys(asked, [rate]))
    course = []
    for period in asked.periods:
        units = [
            _unit(each, rate, _totals(asked, [rate], (period,), parts[each.pk]))
            for each in asked.members
        ]
        course.append((period, RateLine(rate, tuple(units))))
    return course


def _keys(asked: Asked, rates: Sequence[Rate]) -> set[str]:
    terms = [term.key for rate in rates for term in (*rate.numerator, *rate.denominator)]
    return reached(asked.edition, terms)


def _totals(
    asked: Asked,
    rates: Sequence[Rate],
    periods: Sequence[ReportingPeriod],
    parts: Mapping[str, Filled],
) -> dict[str, Total]:
    """The figures of one unit that the rates are made of."""
    only = {
        asked.edition.home(term.key).key
        for rate in rates
        for term in (*rate.numerator, *rate.denominator)
    }
    if len(periods) > 1:
        named = [(each.name, parts.get(each.code)) for each in periods]
        return over_time(asked.edition, named, templates=only)
    found = parts.get(periods[0].code)
    values = completed(asked.edition, found.values, only) if found else {}
    return {key: Total(amount) for key, amount in values.items()}


def _unit(member: Membership, rate: Rate, totals: Mapping[str, Total]) -> UnitShare:
    values = {key: each.amount for key, each in totals.items()}
    above, below = total_of(rate.numerator, values), total_of(rate.denominator, values)
    lacking = [
        {name for term in terms if term.key in totals for name in totals[term.key].missing}
        for terms in (rate.numerator, rate.denominator)
    ]
    # Counts over different periods make no rate.
    if lacking[0] != lacking[1]:
        above = None
    return UnitShare(member, Share(rate, above, below), tuple(sorted(lacking[0] | lacking[1])))
