"""Số liệu bất thường: a figure far from the unit's own past, or off by the factor of a measure.

Robust z: c · (x − median) / MAD, with MAD the median of the distances from the median (Iglewicz and
Hoaglin 1993); where MAD is 0 the mean distance takes its place. All in fractions. A finding is a
warning: it asks for a word and stops nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from thidua.rules.numbers import vietnamese
from thidua.rules.reporting.amounts import Amount, Values
from thidua.rules.reporting.findings import Finding
from thidua.rules.reporting.templates import Edition, Indicator, Severity
from thidua.rules.reporting.words import Place, where, with_measure


@dataclass(frozen=True)
class OutlierSettings:
    """What counts as far: conventions of ours, for the cluster to set.

    `least_history`: periods of the same kind needed. `threshold`: the robust z from which a figure
    is odd. `consistency` and `mean_consistency` make MAD and mean distance comparable with a
    standard deviation. `least_change` and `least_share` (of the median): smaller changes are never
    odd. `slip_band`: how near to a factor of measures (1,000; 1,000,000; 10,000) a ratio must lie.
    """

    least_history: int = 4
    threshold: Fraction = Fraction(7, 2)
    consistency: Fraction = Fraction(6745, 10000)
    mean_consistency: Fraction = Fraction(797885, 1000000)
    least_change: Fraction = Fraction(5)
    least_share: Fraction = Fraction(1, 5)
    slip_band: Fraction = Fraction(3)


USUAL = OutlierSettings()
# Measures people mix up, and by what.
SLIPS = {
    "triệu đồng": ((1000, "tỷ đồng"), (1_000_000, "đồng")),
    "m²": ((10_000, "ha"),),
}
History = Mapping[str, Sequence[Amount | None]]


def median(numbers: Sequence[Fraction]) -> Fraction:
    """The middle, or the mean of the two in the middle; there must be at least one."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def spread(numbers: Sequence[Fraction], settings: OutlierSettings = USUAL) -> Fraction:
    """The robust counterpart of a standard deviation; 0 only where all are the same."""
    middle = median(numbers)
    distances = [abs(each - middle) for each in numbers]
    if mad := median(distances):
        return mad / settings.consistency
    return sum(distances, Fraction(0)) / len(distances) / settings.mean_consistency


def robust_z(
    value: Fraction, history: Sequence[Fraction], settings: OutlierSettings = USUAL
) -> Fraction | None:
    """How many spreads from the median; None where the past never moved."""
    width = spread(history, settings)
    return (value - median(history)) / width if width else None


def odd_figures(
    edition: Edition, values: Values, history: History, *, settings: OutlierSettings = USUAL
) -> tuple[Finding, ...]:
    """The figures that ask for a word.

    `history` by key of indicator: the unit's own accepted figures of periods of the same kind
    (quarters with quarters), in any order; None has no data and is left out.
    """
    found = []
    for indicator in edition.numbers():
        amount = values.get(indicator.key)
        past = _numbers(history.get(indicator.key, ()))
        if amount is not None and past:
            finding = _odd(edition, indicator, amount, past, settings)
            if finding:
                found.append(finding)
    return tuple(found)


def _numbers(amounts: Sequence[Amount | None]) -> list[Fraction]:
    return [Fraction(each.number) for each in amounts if each is not None]


def _odd(
    edition: Edition,
    indicator: Indicator,
    amount: Amount,
    past: list[Fraction],
    settings: OutlierSettings,
) -> Finding | None:
    value, middle = Fraction(amount.number), median(past)
    template = edition.home(indicator.key)
    said = f"{where(template, indicator)} là {with_measure(str(amount), indicator.measure)}"
    slip = _slip(indicator, value, middle, settings)
    if slip:
        return _finding(edition, indicator, "don-vi-tinh", f"{said}, {slip}")
    if not _is_far(value, past, settings):
        return None
    reason = (
        f"khác hẳn {len(past)} kỳ trước (trung vị {_shown(middle)}, thấp nhất "
        f"{_shown(min(past))}, cao nhất {_shown(max(past))}). Hãy kiểm tra; nếu đúng, ghi lý do."
    )
    return _finding(edition, indicator, "bat-thuong", f"{said}, {reason}")


def _is_far(value: Fraction, past: list[Fraction], settings: OutlierSettings) -> bool:
    if len(past) < settings.least_history:
        return False
    change = abs(value - median(past))
    if change < max(settings.least_change, settings.least_share * median(past)):
        return False
    z = robust_z(value, past, settings)
    return z is None or abs(z) >= settings.threshold


def _slip(
    indicator: Indicator, value: Fraction, middle: Fraction, settings: OutlierSettings
) -> str:
    """The question about the measure; "" where the ratio is near no factor."""
    if not value or not middle:
        return ""
    for factor, measure in SLIPS.get(indicator.measure, ()):
        for ratio, direction in ((value / middle, "gấp"), (middle / value, "bằng một phần")):
            if factor / settings.slip_band <= ratio <= factor * settings.slip_band:
                return (
                    f"{direction} khoảng {_shown(ratio, places=0)} mức thường thấy ({_shown(middle)}). Có "
                    f"nhầm {measure} với {indicator.measure} không? Nếu đúng, ghi lý do."
                )
    return ""


def _shown(number: Fraction, places: int = 2) -> str:
    """A number for reading, rounded half up."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return vietnamese(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _finding(edition: Edition, indicator: Indicator, kind: str, sentence: str) -> Finding:
    template = edition.home(indicator.key)
    return Finding(
        check=f"{template.key}/{kind}:{indicator.key}",
        severity=Severity.WARNING,
        places=(Place(template.key, indicator.key),),
        sentence=sentence,
    )
