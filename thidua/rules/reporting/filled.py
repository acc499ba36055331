"""A filled-in report as values: cells computed from others, sums, what is still blank."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from thidua.rules.reporting.amounts import Amount, Values, added, less
from thidua.rules.reporting.templates import Edition, Indicator, Sum, Template

Row = Mapping[str, str]
Lists = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Filled:
    """What one unit says for one period.

    `values` by key of indicator over all forms; a key that is absent or None has no data. `lists`:
    the rows of each list form handed in, an empty list meaning that there is no matter to list.
    """

    values: Values = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """A sum worked out: what is known of it, how far off it may be, which figures lack."""

    known: Decimal
    slack: Decimal
    missing: tuple[str, ...]
    qualified: bool

    @property
    def is_complete(self) -> bool:
        """Whether no part of the sum is without data."""
        return not self.missing


def total_of(terms: Sum, values: Values) -> Amount | None:
    """The sum of figures; None as soon as one of them has no data."""
    plus: list[Amount] = []
    minus: list[Amount] = []
    for term in terms:
        amount = values.get(term.key)
        if amount is None:
            return None
        scaled = Amount(amount.number * abs(term.factor), amount.qualifier)
        (plus if term.factor > 0 else minus).append(scaled)
    return less(added(plus), added(minus)) if minus else added(plus)


def completed(
    edition: Edition, values: Values, templates: Collection[str] | None = None
) -> dict[str, Amount | None]:
    """The values with every blank computed cell filled from its parts, where all have data.

    `templates` limits the work to some forms; None is all of them.

    A typed total stays as typed: checks compare it with its parts.
    """
    filled = dict(values)
    for indicator in edition.numbers(templates):
        if indicator.is_computed:
            _complete(edition, indicator, filled)
    return filled


def _complete(edition: Edition, indicator: Indicator, filled: dict[str, Amount | None]) -> None:
    """Fill one cell after its parts; language.checks has refused circles."""
    if filled.get(indicator.key) is not None:
        return
    for term in indicator.totals[0]:
        part = edition.indicator(term.key)
        if part.is_computed:
            _complete(edition, part, filled)
    for total in indicator.totals:
        filled[indicator.key] = total_of(total, filled)
        if filled[indicator.key] is not None:
            return


def blank(template: Template, values: Values) -> tuple[Indicator, ...]:
    """The figures a unit still has to give: typed, not optional, not another body's, no data."""
    return tuple(
        each
        for each in template.numbers
        if not each.is_computed
        and not each.optional
        and not each.only_for
        and values.get(each.key) is None
    )


def completeness(templates: Collection[Template], values: Values) -> tuple[int, int]:
    """How many of the figures asked for have data, and how many are asked for."""
    asked = sum(len(blank(template, {})) for template in templates)
    return asked - sum(len(blank(template, values)) for template in templates), asked
