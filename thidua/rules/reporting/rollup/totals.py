"""One figure rolled up, with who is in it and who lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from thidua.rules.reporting.amounts import Amount, Values, added
from thidua.rules.reporting.templates import Indicator

NOT_ADDED = "Tỷ lệ không cộng được: hãy tính lại từ các số đếm."
NOT_REBUILT = "Không dựng lại được từ các kỳ: hãy lấy từ báo cáo lũy kế hoặc lập lại từ hồ sơ."


@dataclass(frozen=True)
class Total:
    """What a figure comes to, who is counted, who lacks, and why there is no amount."""

    amount: Amount | None
    counted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether there is an amount and nobody lacks."""
        return self.amount is not None and not self.missing


Totals = Mapping[str, Total]


def values_of(totals: Totals) -> Values:
    """The bare amounts, for checks, rates and another roll-up."""
    return {key: total.amount for key, total in totals.items()}


def summed(indicator: Indicator, given: Mapping[str, Amount | None], silent: set[str]) -> Total:
    """The sum over names. Lacking are the `silent`, and those whose cell has no data.

    A cell that may stay blank, or is another body's, lacks only where nothing was handed in.
    """
    amounts = [amount for amount in given.values() if amount is not None]
    is_free = indicator.optional or bool(indicator.only_for)
    lacking = silent if is_free else given.keys()
    return Total(
        added(amounts) if amounts else None,
        counted=tuple(name for name, amount in given.items() if amount is not None),
        missing=tuple(name for name, amount in given.items() if amount is None and name in lacking),
    )


def once(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order of first mention."""
    return tuple(dict.fromkeys(names))
