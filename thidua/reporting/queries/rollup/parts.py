"""Figures of single units: what they reported, what their periods make, where the two differ."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from thidua.organisations.models import Membership
from thidua.reporting.models import Figure, ReportingPeriod
from thidua.reporting.queries.rollup.asking import Asked
from thidua.rules.reporting import (
    Amount,
    Edition,
    Filled,
    Indicator,
    Qualifier,
    Template,
    Total,
    completed,
    over_time,
    over_units,
    plan,
)
from thidua.rules.reporting.amounts import slack
from thidua.rules.reporting.periods import WAYS

# Databases take so many keys at once.
CHUNK = 5_000


def cells_needed(edition: Edition, template: Template) -> set[str]:
    """The figures of a form, and those its sums and its plans over time are made of."""
    return reached(edition, (each.key for each in template.numbers))


def reached(edition: Edition, keys: Iterable[str]) -> set[str]:
    """These figures, and those their sums and plans are made of."""
    found: set[str] = set()
    for key in keys:
        _reach(edition, key, found)
    return found


def _reach(edition: Edition, key: str, found: set[str]) -> None:
    if key in found:
        return
    found.add(key)
    for terms in edition.indicator(key).totals:
        for term in terms:
            _reach(edition, term.key, found)
    for piece in plan(edition, key):
        _reach(edition, piece.key, found)


def values_of_reports(
    asked: Asked, reports: Collection[int], keys: Collection[str] | None = None
) -> dict[int, dict[str, Amount]]:
    """The cells with data of these reports, by report and indicator; one query per 5,000."""
    listed = list(reports)
    wanted = cells_needed(asked.edition, asked.template) if keys is None else keys
    values: dict[int, dict[str, Amount]] = {each: {} for each in listed}
    for start in range(0, len(listed), CHUNK):
        rows = Figure.objects.filter(
            report__in=listed[start : start + CHUNK],
            indicator_key__in=wanted,
            row="",
            value__isnull=False,
        )
        for report, key, value, qualifier in rows.order_by().values_list(
            "report", "indicator_key", "value", "qualifier"
        ):
            values[report][key] = Amount(normal(value), Qualifier(qualifier))
    return values


def normal(value: Decimal | None) -> Decimal:
    """A stored number without trailing zeros; the query has left out what has no data."""
    if value is None:
        raise ValueError("a cell without data has no number")
    return Decimal(value).normalize() + 0


def parts_of(asked: Asked, keys: Collection[str] | None = None) -> dict[int, dict[str, Filled]]:
    """What each unit reported, by key of membership and code of period; two queries."""
    rows = list(asked.counted().values_list("membership", "period", "pk"))
    values = values_of_reports(asked, [report for _, _, report in rows], keys)
    codes = {each.pk: each.code for each in asked.periods}
    parts: dict[int, dict[str, Filled]] = {each.pk: {} for each in asked.members}
    for unit, period, report in rows:
        parts[unit][codes[period]] = Filled(values[report])
    return parts


def rebuilt_for(asked: Asked, parts: Mapping[str, Filled]) -> dict[str, Total]:
    """One unit's longer period from its parts."""
    named = [(each.name, parts.get(each.code)) for each in asked.periods]
    return over_time(asked.edition, named, templates={asked.template.key})


def values_by_unit(asked: Asked, indicator: Indicator) -> list[tuple[Membership, Amount | None]]:
    """One figure of every unit, computed or rebuilt as the rules say; two queries."""
    parts = parts_of(asked, reached(asked.edition, [indicator.key]))
    return [(each, _value(asked, parts[each.pk], indicator)) for each in asked.members]


def _value(asked: Asked, parts: Mapping[str, Filled], indicator: Indicator) -> Amount | None:
    if asked.is_rebuilt:
        return rebuilt_for(asked, parts)[indicator.key].amount
    report = parts.get(asked.periods[0].code)
    if report is None:
        return None
    return completed(asked.edition, report.values, {asked.template.key}).get(indicator.key)


def course_of(asked: Asked, indicator: Indicator) -> list[tuple[ReportingPeriod, Total]]:
    """One figure of all units together in each of `asked.periods` by itself; two queries."""
    parts = parts_of(asked, reached(asked.edition, [indicator.key]))
    only = {asked.template.key}
    names = {each.pk: each.organisation.short_name for each in asked.members}
    course = []
    for period in asked.periods:
        reports = {names[unit]: found.get(period.code) for unit, found in parts.items()}
        course.append((period, over_units(asked.edition, reports, templates=only)[indicator.key]))
    return course


@dataclass(frozen=True)
class Reported:
    """A figure that a unit reported for a longer period beside what its parts make."""

    membership: Membership
    indicator: Indicator
    reported: Amount
    rebuilt: Amount
    parts: tuple[str, ...]

    @property
    def gap(self) -> Decimal:
        """Reported less rebuilt."""
        return self.reported.number - self.rebuilt.number


@dataclass(frozen=True)
class Told:
    """How the longer period of a unit stands: what differs, how much was compared, what lacks."""

    membership: Membership
    has_report: bool
    lacking: tuple[str, ...]
    compared: int
    differing: tuple[Reported, ...]


def differences(asked: Asked, longer: ReportingPeriod) -> list[Told]:
    """Unit by unit, the report of the longer period against its parts; four queries.

    In: `asked.periods` are the parts. Only a figure that the report and every part have is
    compared, within the rounding of each.
    """
    parts = parts_of(asked)
    whole = parts_of(
        Asked(
            asked.forms,
            asked.template,
            (longer,),
            asked.members,
            asked.reports,
            asked.all_members,
        )
    )
    return [
        _told(asked, each, parts[each.pk], whole[each.pk].get(longer.code))
        for each in asked.members
    ]


def _told(
    asked: Asked, member: Membership, parts: Mapping[str, Filled], whole: Filled | None
) -> Told:
    lacking = tuple(each.name for each in asked.periods if each.code not in parts)
    if whole is None:
        return Told(member, False, lacking, 0, ())
    values = completed(asked.edition, whole.values, {asked.template.key})
    pairs = list(_pairs(asked, member, values, rebuilt_for(asked, parts)))
    return Told(member, True, lacking, len(pairs), tuple(each for each in pairs if _differs(each)))


def _pairs(
    asked: Asked,
    member: Membership,
    values: Mapping[str, Amount | None],
    totals: Mapping[str, Total],
) -> Iterable[Reported]:
    for each in asked.edition.numbers({asked.template.key}):
        amount, total = values.get(each.key), totals[each.key]
        if amount is not None and total.amount is not None and not total.missing:
            yield Reported(member, each, amount, total.amount, total.counted)


def _differs(pair: Reported) -> bool:
    # As `check_against_parts`: rounding of the report, and as much for each part.
    allowed = slack(pair.reported, places=pair.indicator.places) * (1 + len(pair.parts))
    return abs(pair.gap) > allowed


def ways_of(code: str) -> tuple[tuple[str, ...], ...]:
    """The sets of periods that make up a longer one, the finest first; () for a quarter."""
    return WAYS.get(code, ())
