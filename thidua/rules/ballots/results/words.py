"""Shares and fractions as people read them."""

import math
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


def two_decimals(value: Fraction) -> str:
    """Rounded half up, as people do: 3,125 is "3,13"."""
    return vietnamese(Decimal(math.floor(value * 100 + Fraction(1, 2))) / 100)


def percent(part: int, whole: int) -> str:
    """part/whole as a percentage with two decimals, "66,67 %"; "–" of nothing."""
    return f"{two_decimals(Fraction(100 * part, whole))} %" if whole else "–"
