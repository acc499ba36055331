"""Tỷ lệ: two counts and the fraction of them, exact; a rate never stands without its counts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from thidua.rules.numbers import vietnamese
from thidua.rules.reporting.amounts import Amount, Values, in_words
from thidua.rules.reporting.catalogue import DATA, edition
from thidua.rules.reporting.expressions import Resolve, read_sum
from thidua.rules.reporting.filled import completed, total_of
from thidua.rules.reporting.language.checks import across
from thidua.rules.reporting.templates import Edition, Sum


@dataclass(frozen=True)
class Rate:
    """What is divided by what. All are conventions of ours: no form prints a rate."""

    key: str
    name: str
    numerator: Sum
    denominator: Sum
    measure: str
    edition: str
    note: str = ""


@dataclass(frozen=True)
class Share:
    """A rate worked out; `ratio` is None where a count has no data or the divisor is 0."""

    rate: Rate
    numerator: Amount | None
    denominator: Amount | None

    @property
    def ratio(self) -> Fraction | None:
        """The exact fraction."""
        if self.numerator is None or self.denominator is None or not self.denominator.number:
            return None
        return Fraction(self.numerator.number) / Fraction(self.denominator.number)

    def percent(self, places: int = 1) -> Decimal | None:
        """The percentage, rounded half up to so many decimals; None where there is none."""
        if self.ratio is None:
            return None
        exact = self.ratio * 100
        step = Decimal(1).scaleb(-places)
        return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(step, ROUND_HALF_UP)

    @property
    def sentence(self) -> str:
        """“17.463/21.374 vụ việc = 81,7 %”, or why there is no rate."""
        counts = f"{in_words(self.numerator)}/{in_words(self.denominator)} {self.rate.measure}"
        percent = self.percent()
        if percent is not None:
            about = "khoảng " if self._is_qualified else ""
            return f"{counts} = {about}{vietnamese(percent)} %"
        if self.numerator is None or self.denominator is None:
            return f"{counts}: chưa tính được tỷ lệ"
        return f"{counts}: mẫu số bằng 0, không tính tỷ lệ"

    @property
    def _is_qualified(self) -> bool:
        return any(each and each.qualifier for each in (self.numerator, self.denominator))


@cache
def all_rates() -> tuple[Rate, ...]:
    """The rates that the software brings along, in order."""
    data = tomllib.loads((DATA / "rates.toml").read_text("utf-8"))
    home = edition(data["edition"])
    resolve = across(home.templates)
    return tuple(_rate(row, home, resolve) for row in data["rates"])


def _rate(row: Mapping[str, Any], home: Edition, resolve: Resolve) -> Rate:
    denominator = read_sum(row["denominator"], resolve)
    return Rate(
        key=row["key"],
        name=row["name"],
        numerator=read_sum(row["numerator"], resolve),
        denominator=denominator,
        measure=home.indicator(denominator[0].key).measure,
        edition=home.key,
        note=row.get("note", ""),
    )


def share(rate: Rate, values: Values) -> Share:
    """One rate of one report or of a total: of the sums of counts, never a mean of rates."""
    filled = completed(edition(rate.edition), values)
    return Share(rate, total_of(rate.numerator, filled), total_of(rate.denominator, filled))
