"""Shares and fractions as people read them."""

from decimal import Decimal
from fractions import Fraction

from thidua.rules.numbers import vietnamese


def fraction_words(value: Fraction, *, share: bool = True) -> str:
    """A share as "80 %" where that is exact, else as "2/3"; a plain number as "7,2" or "22/3"."""
    number = value * 100 if share else value
    denominator = number.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    text = vietnamese(Decimal(number.numerator) / Decimal(number.denominator))
    return f"{text} %" if share else text


def percent(part: int, whole: int) -> str:
    """part/whole as a percentage with two decimals, "66,67 %"; "–" of nothing."""
    if whole == 0:
        return "–"
    hundredths = (Fraction(part, whole) * 10000).__round__()
    return f"{vietnamese(Decimal(hundredths) / 100)} %"
