"""Numbers as Vietnamese people write and read them: 1.234,5. One reading for screen and workbook."""

import re
from decimal import Decimal

from thidua.rules.errors import RuleError

GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
PLAIN = re.compile(r"[+-]?([0-9]+(,[0-9]+)?|,[0-9]+)")
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
    """Read a Vietnamese number: a comma before decimals, dots only between whole thousands.

    "1.234" is one thousand two hundred and thirty-four; "1.5" is refused, never guessed.
    Raises `NotANumber`.
    """
    typed = SPACES.sub("", text).replace(MINUS, "-")
    if len(typed) > LONGEST:
        raise NotANumber("Số quá dài. Hãy kiểm tra lại.")
    if not (GROUPED.fullmatch(typed) or PLAIN.fullmatch(typed)):
        raise NotANumber(_why(typed))
    return Decimal(typed.replace(".", "").replace(",", "."))


def _why(typed: str) -> str:
    dotted = re.fullmatch(r"[+-]?([0-9]+)\.([0-9]+)", typed)
    if dotted:
        whole, fraction = dotted.groups()
        return (
            f"“{typed}” chưa rõ nghĩa. Dùng dấu phẩy cho phần thập phân, ví dụ {whole},{fraction}; "
            "dấu chấm chỉ để tách từng nhóm ba chữ số, ví dụ 1.234."
        )
    if re.fullmatch(r"[+-]?[0-9.,]+", typed):
        return (
            f"“{typed}” không đúng cách viết số. Viết dấu chấm giữa các nhóm ba chữ số và "
            "một dấu phẩy trước phần thập phân, ví dụ 1.234,5."
        )
    return (
        f"“{typed}” không phải là số. Hãy nhập một số, ví dụ 12 hoặc 0,25, không kèm đơn vị tính."
    )
