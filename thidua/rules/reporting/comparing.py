"""Our totals beside figures published elsewhere: difference cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.rules.reporting.amounts import (
    Amount,
    Values,
    decimals,
    in_words,
    read_amount,
    slack,
)
from thidua.rules.reporting.templates import Edition, Indicator
from thidua.rules.reporting.words import where, with_measure

# One of the first is so many of the second.
CONVERSIONS = {
    ("tỷ đồng", "triệu đồng"): Decimal(1000),
    ("nghìn tỷ đồng", "triệu đồng"): Decimal(1_000_000),
    ("đồng", "triệu đồng"): Decimal("0.000001"),
    ("ha", "m²"): Decimal(10_000),
}


@dataclass(frozen=True)
class Published:
    """A figure as published, in the measure of its indicator; `rounding`: how far off it may be."""

    amount: Amount
    rounding: Decimal = Decimal(0)


@dataclass(frozen=True)
class Difference:
    """One figure compared; `gap` is ours less published, None where we have none."""

    indicator: str
    ours: Amount | None
    published: Amount
    gap: Decimal | None
    agrees: bool
    sentence: str


def read_published(text: str, *, written_in: str, indicator: Indicator) -> Published:
    """A published figure in its own measure (“hơn 15,3” tỷ đồng). RuleError when it is none."""
    factor = _factor(written_in, indicator)
    amount = read_amount(text, where=f"Số liệu công bố “{indicator.label}”", places=6)
    if amount is None:
        raise RuleError(f"Số liệu công bố “{indicator.label}” đang trống.")
    rounding = Decimal(1).scaleb(-decimals(amount.number)) / 2 * factor
    if amount.qualifier:
        rounding = slack(amount, places=6) * factor
    elif not indicator.places:
        rounding = Decimal(0)
    return Published(Amount(amount.number * factor, amount.qualifier), rounding)


def _factor(written_in: str, indicator: Indicator) -> Decimal:
    if written_in == indicator.measure:
        return Decimal(1)
    try:
        return CONVERSIONS[written_in, indicator.measure]
    except KeyError:
        raise RuleError(f"Không đổi được “{written_in}” sang “{indicator.measure}”.") from None


def compare(
    edition: Edition, ours: Values, published: Mapping[str, Published]
) -> tuple[Difference, ...]:
    """Every published figure beside ours, in the order of the forms."""
    return tuple(
        _difference(edition, each, ours.get(each.key), published[each.key])
        for each in edition.numbers()
        if each.key in published
    )


def _difference(
    edition: Edition, indicator: Indicator, ours: Amount | None, given: Published
) -> Difference:
    gap = None if ours is None else ours.number - given.amount.number
    agrees = gap is not None and _within(gap, ours, given, indicator)
    said = [
        f"{where(edition.home(indicator.key), indicator)}: công bố "
        f"{with_measure(str(given.amount), indicator.measure)}",
        f"tổng hợp {in_words(ours)}",
    ]
    if gap is not None:
        said.append("khớp" if agrees else f"lệch {vietnamese(gap)}")
    return Difference(indicator.key, ours, given.amount, gap, agrees, ", ".join(said) + ".")


def _within(gap: Decimal, ours: Amount | None, given: Published, indicator: Indicator) -> bool:
    if gap == 0 or ours is None:
        return gap == 0
    own = slack(ours, places=indicator.places) if ours.qualifier else Decimal(0)
    return abs(gap) <= given.rounding + own
