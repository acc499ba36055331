"""Numbers as Vietnamese people write and read them: 1.234,5. One reading for screen and workbook."""

import re
from decimal import Decimal

from thidua.rules.errors import RuleError

GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
PLAIN = re.compile(r"[+-]?([0-9]+([.,][0-9]+)?|[.,][0-9]+)")
# One to three digits, a dot, three digits: a thousand and something, or something and decimals?
DOUBTFUL = re.compile(r"[+-]?([1-9][0-9]{0,2})\.([0-9]{3})")
SPACES = re.compile("[\\s\u00a0\u202f]")
MINUS = "\u2212"
LONGEST = 32


class NotANumber(RuleError, ValueError):
    """The text is no Vietnamese number; the message is the sentence for the person."""


def vietnamese(value: Decimal, *, grouped: bool = True) -> str:
    """Write a number with a decimal comma, dots between thousands, no trailing zeros.

    `grouped=False` leaves the dots out, as people type into a field.
    """
    if value == 0:
        return "0"
    whole, _, fraction = format(abs(value), ",f" if grouped else "f").partition(".")
    text = whole.replace(",", ".")
    fraction = fraction.rstrip("0")
    sign = MINUS if value < 0 else ""
    return f"{sign}{text},{fraction}" if fraction else f"{sign}{text}"


def parse(text: str) -> Decimal:
    """Read a number: "3,5" and "3.5" are the same; dots part thousands where nothing else is meant.

    "1.234.567" and "1.234,5" are plain; "1.234" may mean two numbers and is refused with a
    question, never guessed. Raises `NotANumber`.
    """
    shown = " ".join(text.split())
    typed = SPACES.sub("", text).replace(MINUS, "-")
    if len(typed) > LONGEST:
        raise NotANumber("Số quá dài. Hãy kiểm tra lại.")
    if doubtful := DOUBTFUL.fullmatch(typed):
        whole, fraction = doubtful.groups()
        raise NotANumber(
            f"“{typed}” là {whole}{fraction} hay {whole},{fraction}? Hãy viết {whole}{fraction} nếu là "
            f"số nguyên, {whole},{fraction} nếu là số thập phân."
        )
    if PLAIN.fullmatch(typed):
        return Decimal(typed.replace(",", "."))
    if not GROUPED.fullmatch(typed):
        raise NotANumber(_why(typed, shown))
    return Decimal(typed.replace(".", "").replace(",", "."))


def _why(typed: str, shown: str) -> str:
    if re.fullmatch(r"[+-]?[0-9.,]+", typed):
        return (
            f"“{shown}” không đúng cách viết số. Viết dấu chấm giữa các nhóm ba chữ số và "
            "một dấu phẩy trước phần thập phân, ví dụ 1.234.567,5."
        )
    return (
        f"“{shown}” không phải là số. Hãy nhập một số, ví dụ 12 hoặc 0,25, không kèm đơn vị tính."
    )
