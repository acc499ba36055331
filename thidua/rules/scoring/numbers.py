"""Points as people write them and as the product keeps them: exact, with a decimal comma."""

import re
from decimal import Decimal

from thidua.rules.errors import RuleError

# Six decimals and nine digits before the mark: any sum of a table stays exact in 28 digits, and
# a spreadsheet's 15 significant digits give back the same number.
DECIMALS = 6
LIMIT = Decimal(1_000_000_000)

_THOUSANDS_AND_DECIMAL = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+,\d+")
_SPACED_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}( \d{3})+([.,]\d+)?")
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")
_PLAIN = re.compile(r"-?\d+([.,]\d+)?")
# ASCII digits only: `\d` would let Arabic and full-width digits through.
_ALLOWED = re.compile(r"[-0-9., ]+")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2013": "-"})


def parse_number(text: str) -> Decimal:
    """Read a number typed by a Vietnamese hand; "3,5" and "3.5" both mean three and a half.

    In: the typed text. Out: the exact number. Raises RuleError with a sentence (no field name)
    when the text is not a number, may mean two numbers ("1.234"), or is out of bounds.
    """
    typed = text.translate(_SPACES).strip()
    if _ALLOWED.fullmatch(typed) is None or len(typed) > 32:
        raise RuleError(f"“{text.strip()[:40]}” không phải là số.")
    if _AMBIGUOUS.fullmatch(typed):
        grouped, decimal = typed.replace(".", ""), typed.replace(".", ",")
        raise RuleError(
            f"“{typed}” là {grouped} hay {decimal}? Hãy viết {grouped} hoặc {decimal}"
            " để không bị hiểu nhầm."
        )
    if _THOUSANDS_AND_DECIMAL.fullmatch(typed):
        typed = typed.replace(".", "")
    elif _SPACED_THOUSANDS.fullmatch(typed):
        typed = typed.replace(" ", "")
    if _PLAIN.fullmatch(typed) is None:
        raise RuleError(f"“{text.strip()[:40]}” không phải là số.")
    return bounded(Decimal(typed.replace(",", ".")))


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


def vietnamese(number: Decimal) -> str:
    """The number for people: "3,5", "−0,5"."""
    return plain(number).replace(".", ",").replace("-", "−")
