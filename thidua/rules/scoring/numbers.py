"""Points as people write them and as the product keeps them: exact, with a decimal comma."""

from decimal import Decimal
from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.numbers import parse, vietnamese

__all__ = ["DECIMALS", "LIMIT", "bounded", "parse_number", "plain", "vietnamese", "words"]

# Six decimals and nine digits before the mark: any sum of a table stays exact in 28 digits, and
# a spreadsheet's 15 significant digits give back the same number.
DECIMALS = 6
LIMIT = Decimal(1_000_000_000)


def parse_number(text: str) -> Decimal:
    """Read typed points or a cell of text; the exact number, within the precision kept.

    Raises RuleError with a sentence (no field name) when the text is not a number, may mean two
    numbers ("1.5"), or is out of bounds.
    """
    return bounded(parse(text))


def bounded(number: Decimal) -> Decimal:
    """The number itself when it is finite and within the precision kept; RuleError otherwise."""
    if not number.is_finite():
        raise RuleError("Giá trị không phải là số hữu hạn.")
    if abs(number) >= LIMIT:
        raise RuleError("Số quá lớn; giá trị phải nhỏ hơn 1 000 000 000.")
    if number != round(number, DECIMALS):
        raise RuleError(f"Số có quá nhiều chữ số thập phân; tối đa {DECIMALS} chữ số.")
    return number


def plain(number: Decimal) -> str:
    """One spelling for each number, for machines: "3.5", "3", "0"; never an exponent or "-0"."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def words(value: Fraction) -> str:
    """A fraction in a sentence: exact where a decimal says it, else six decimals after “≈”."""
    scaled = value * 10**DECIMALS
    if scaled.denominator == 1:
        return vietnamese(Decimal(scaled.numerator).scaleb(-DECIMALS))
    return f"≈{vietnamese(Decimal(round(scaled)).scaleb(-DECIMALS))}"
