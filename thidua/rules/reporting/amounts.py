"""Số liệu of one cell: no data, or a number with the qualifier that came with it (hơn, gần, khoảng).

No data is `None`, and never 0. A cell of a list form holds text instead.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from thidua.rules.errors import RuleError
from thidua.rules.numbers import NotANumber, parse, vietnamese

# One below is the largest number a cell takes: 15 digits before the comma.
LARGEST = Decimal(10) ** 15
MOST_PLACES = 6
# What every store and every spreadsheet keeps of a number; SQLite rounds the digits behind these.
MOST_DIGITS = 15


class Qualifier(StrEnum):
    """What stood before the number: nothing, more than, nearly, about."""

    EXACT = ""
    MORE = "more"
    NEARLY = "nearly"
    ABOUT = "about"


QUALIFIERS = {
    Qualifier.EXACT: "đúng",
    Qualifier.MORE: "hơn",
    Qualifier.NEARLY: "gần",
    Qualifier.ABOUT: "khoảng",
}
_WRITTEN = {
    "hơn": Qualifier.MORE,
    "trên": Qualifier.MORE,
    ">": Qualifier.MORE,
    "gần": Qualifier.NEARLY,
    "<": Qualifier.NEARLY,
    "khoảng": Qualifier.ABOUT,
    "xấp xỉ": Qualifier.ABOUT,
    "~": Qualifier.ABOUT,
    "≈": Qualifier.ABOUT,
}
_QUALIFIED = re.compile(rf"({'|'.join(map(re.escape, _WRITTEN))})\s*(.*)", re.IGNORECASE)
_NO_DATA = {"", "…", "...", "chưa có", "chưa có số liệu", "không có số liệu"}
_DASHES = {"-", "–", "—", "\u2212"}


@dataclass(frozen=True)
class Amount:
    """A number in the measure of its indicator, exact unless qualified."""

    number: Decimal
    qualifier: Qualifier = Qualifier.EXACT

    def __str__(self) -> str:
        written = vietnamese(self.number)
        return f"{QUALIFIERS[self.qualifier]} {written}" if self.qualifier else written


Values = Mapping[str, Amount | None]
NO_DATA = "chưa có số liệu"


def in_words(amount: Amount | None) -> str:
    """The amount as a person reads it; no data says so."""
    return NO_DATA if amount is None else str(amount)


def read_amount(text: str, *, where: str, places: int) -> Amount | None:
    """What a person typed or a workbook cell says. None: no data.

    `where` names form, row and column; `places` is how many decimals the measure allows. Raises
    RuleError with the sentence for the person.
    """
    typed = " ".join(unicodedata.normalize("NFC", text).split())
    if typed.lower() in _NO_DATA:
        return None
    if typed in _DASHES:
        raise RuleError(
            f"{where}: dấu “{typed}” là 0 hay chưa có số liệu? Hãy ghi 0 nếu không phát sinh, để "
            "trống nếu chưa có số liệu."
        )
    qualifier, rest = _split(typed)
    try:
        number = parse(rest)
    except NotANumber as problem:
        raise RuleError(f"{where}: {problem}") from problem
    return checked(Amount(number, qualifier), where=where, places=places)


def _split(typed: str) -> tuple[Qualifier, str]:
    found = _QUALIFIED.fullmatch(typed)
    if not found:
        return Qualifier.EXACT, typed
    return _WRITTEN[found[1].lower()], found[2]


def checked(amount: Amount, *, where: str, places: int) -> Amount:
    """The amount, refused (RuleError) when negative, too large or with too many digits."""
    number = amount.number
    if number < 0:
        raise RuleError(f"{where}: số liệu không được âm, đang là {vietnamese(number)}.")
    if number >= LARGEST:
        raise RuleError(f"{where}: số quá lớn. Hãy kiểm tra đơn vị tính.")
    if decimals(number) > places:
        allowed = f"chỉ nhận {places} chữ số thập phân" if places else "phải là số nguyên"
        raise RuleError(f"{where}: {allowed}, đang là {vietnamese(number)}.")
    if len(number.normalize().as_tuple().digits) > MOST_DIGITS:
        raise RuleError(
            f"{where}: chỉ lưu đúng được {MOST_DIGITS} chữ số, đang là {vietnamese(number)}. Hãy kiểm "
            "tra đơn vị tính, hoặc làm tròn phần thập phân."
        )
    return Amount(number + 0, amount.qualifier)


def decimals(number: Decimal) -> int:
    """How many decimals are written, without trailing zeros."""
    return max(0, -_last_place(number))


def _last_place(number: Decimal) -> int:
    """The power of ten of the last digit that is not 0, at least as far left as 10^0 for integers."""
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def slack(amount: Amount, *, places: int) -> Decimal:
    """How far the true value may lie from what is written.

    Half a unit of the last written decimal for money and land, nothing for counts and for 0, one
    unit of the last digit that is not 0 for a qualified number.
    """
    if amount.number == 0:
        return Decimal(0)
    if amount.qualifier:
        return Decimal(1).scaleb(_last_place(amount.number))
    if not places:
        return Decimal(0)
    return Decimal(1).scaleb(min(0, _last_place(amount.number))) / 2


def added(amounts: Iterable[Amount]) -> Amount:
    """The sum. More-than stays so beside exact numbers, nearly too; mixed becomes about."""
    listed = tuple(amounts)
    kinds = {amount.qualifier for amount in listed} - {Qualifier.EXACT}
    total = sum((amount.number for amount in listed), Decimal(0))
    return Amount(total, _together(kinds))


def _together(kinds: set[Qualifier]) -> Qualifier:
    if len(kinds) > 1:
        return Qualifier.ABOUT
    return kinds.pop() if kinds else Qualifier.EXACT


def less(amount: Amount, other: Amount) -> Amount:
    """The difference; what is taken away turns its qualifier round."""
    turned = {Qualifier.MORE: Qualifier.NEARLY, Qualifier.NEARLY: Qualifier.MORE}
    kinds = {amount.qualifier, turned.get(other.qualifier, other.qualifier)} - {Qualifier.EXACT}
    return Amount(amount.number - other.number, _together(kinds))
