"""The written form of a source, and whether the names in it are known.

    source  = sum { "|" sum }
    sum     = product { (" + " | " - ") product }
    product = part { ("*" | "/") part }
    part    = number | name ["@" period] | "(" sum ")"

Keys hold hyphens, so a minus stands between blanks. A name without a period is of the whole year.
After “|” stands what to take where the year's forms do not have the figures before it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cache

from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.rules.reporting.catalogue import editions
from thidua.rules.reporting.periods import NAMES
from thidua.rules.reporting.rates import Rate, all_rates

LATE = "bao-cao-nop-muon"
NEVER_SENT = "bao-cao-chua-nop"
DAYS_LATE = "so-ngay-nop-muon"
LATENESS = {
    LATE: "Số báo cáo trong năm nộp lần đầu sau hạn",
    NEVER_SENT: "Số báo cáo trong năm đã quá hạn mà chưa nộp lần nào",
    DAYS_LATE: "Số ngày nộp muộn của báo cáo một kỳ",
}
LONGEST = 300
MOST_NAMES = 12
DEEPEST = 20
DECIMALS = 6
SIGNS = {sign: sign for sign in "+-*/"}
PRINTED_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:[.,][0-9]+)?(?![0-9a-z@-]))"
    r"|(?P<name>[a-z0-9][a-z0-9_.-]*(?:@[a-z0-9]+)?)"
    r"|(?P<sign>[-+*/()−]))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Name:
    """One figure; `period` "" is the whole year, or what the reader of the source asks for."""

    key: str
    period: str = ""

    def __str__(self) -> str:
        return f"{self.key}@{self.period}" if self.period else self.key


@dataclass(frozen=True)
class Number:
    """A number written in the source."""

    value: Fraction


@dataclass(frozen=True)
class Operation:
    """Two parts and the sign between them."""

    sign: str
    left: "Node"
    right: "Node"


Node = Name | Number | Operation


@dataclass(frozen=True)
class Source:
    """A source read; of its `ways` the first counts that the year's forms have."""

    text: str
    ways: tuple[Node, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        """The figures it speaks of, each once, in order."""
        return tuple(dict.fromkeys(name for way in self.ways for name in names_in(way)))


def names_in(node: Node) -> Iterator[Name]:
    """Every figure one way speaks of."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Operation):
        yield from names_in(node.left)
        yield from names_in(node.right)


@cache
def read_source(text: str) -> Source:
    """The source that a text writes. RuleError with the sentence for the person."""
    if len(text) > LONGEST:
        raise RuleError(f"Nguồn số liệu dài quá {LONGEST} ký tự.")
    source = Source(
        " ".join(text.split()), tuple(_Reader(each).whole() for each in text.split("|"))
    )
    if not source.names:
        raise RuleError(f"Nguồn số liệu “{source.text}” không nêu chỉ tiêu nào.")
    if len(source.names) > MOST_NAMES:
        raise RuleError(f"Nguồn số liệu nêu quá {MOST_NAMES} chỉ tiêu.")
    for name in source.names:
        _refuse_period(name)
    return source


def _refuse_period(name: Name) -> None:
    if name.period and name.period not in NAMES:
        raise RuleError(f"“{name}”: không có kỳ “{name.period}”; các kỳ là {', '.join(NAMES)}.")
    if name.period and name.key in {LATE, NEVER_SENT}:
        raise RuleError(f"“{name}”: số này đếm cả năm nên không ghi kỳ.")


class _Reader:
    """Reads left to right; what is left over or missing is said with its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._split(text)
        self.at = 0
        self.depth = 0

    def _split(self, text: str) -> list[tuple[str, str]]:
        found, at = [], 0
        while text[at:].strip():
            token = _TOKEN.match(text, at)
            if token is None:
                raise RuleError(
                    f"Nguồn số liệu “{text.strip()}”: không đọc được từ “{text[at:].strip()[:20]}”. "
                    "Viết mã chỉ tiêu, dấu + − * / và ngoặc, ví dụ "
                    "ttr2-ket-luan-xong / ttr2-ket-luan * 100."
                )
            kind = str(token.lastgroup)
            found.append((kind, token[kind].replace("−", "-").lower()))
            at = token.end()
        return found

    def whole(self) -> Node:
        """Everything there is."""
        node = self._sum()
        if self.at < len(self.tokens):
            raise self._refused(f"thừa “{self.tokens[self.at][1]}”")
        return node

    def _refused(self, why: str) -> RuleError:
        return RuleError(f"Nguồn số liệu “{self.text.strip()}”: {why}.")

    def _sign(self, *signs: str) -> str:
        """The next sign if it is one of these; "" otherwise."""
        if self.at < len(self.tokens) and self.tokens[self.at] in [("sign", s) for s in signs]:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._sign("+", "-"):
            node = Operation(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._part()
        while sign := self._sign("*", "/"):
            node = Operation(sign, node, self._part())
        return node

    def _part(self) -> Node:
        if self._sign("("):
            return self._inside()
        if self.at >= len(self.tokens) or self.tokens[self.at][0] == "sign":
            raise self._refused("thiếu một chỉ tiêu hoặc một số")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Number(Fraction(text.replace(",", ".")))
        key, _, period = text.partition("@")
        return Name(key, period)

    def _inside(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._refused(f"quá {DEEPEST} lớp ngoặc")
        node = self._sum()
        if not self._sign(")"):
            raise self._refused("thiếu dấu đóng ngoặc “)”")
        self.depth -= 1
        return node


@cache
def rates() -> Mapping[str, Rate]:
    """The rates by key."""
    return {each.key: each for each in all_rates()}


@cache
def named_indicators() -> frozenset[str]:
    """Every indicator of the sector's forms that holds a figure, of all editions."""
    return frozenset(each.key for edition in editions() for each in edition.numbers())


def problem_of(text: str, own: Collection[str] = ()) -> str:
    """Why a source cannot be used: how it is written, or a name nobody knows; "" when it can.

    `own`: keys of a cluster's own forms and of the installation's own indicators.
    """
    try:
        source = read_source(text)
    except RuleError as error:
        return str(error)
    known = named_indicators() | rates().keys() | LATENESS.keys() | set(own)
    for name in source.names:
        if name.key not in known:
            return _unknown(name.key, known)
    return ""


def _unknown(key: str, known: Collection[str]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.75)
    asked = f" Có phải “{near[0]}” không?" if near else ""
    return f"không có chỉ tiêu báo cáo “{key}”.{asked}"


def keys_of(key: str) -> tuple[str, ...]:
    """The indicators of forms that a name stands for; () for lateness."""
    if key in LATENESS:
        return ()
    rate = rates().get(key)
    if rate is None:
        return (key,)
    return tuple(dict.fromkeys(term.key for term in (*rate.numerator, *rate.denominator)))


def in_words(
    node: Node, shown: Callable[[Name], str] = str, signs: Mapping[str, str] = SIGNS
) -> str:
    """A way as it may be written, with names as `shown` says; brackets only where they are needed."""
    if isinstance(node, Name):
        return shown(node)
    if isinstance(node, Number):
        return number_words(node.value)
    left, right = in_words(node.left, shown, signs), in_words(node.right, shown, signs)
    if node.sign in "*/":
        left = f"({left})" if _is_sum(node.left) else left
    if isinstance(node.right, Operation) and (node.sign != "+" or not _is_sum(node.right)):
        right = f"({right})"
    return f"{left} {signs[node.sign]} {right}"


def _is_sum(node: Node) -> bool:
    return isinstance(node, Operation) and node.sign in "+-"


def number_words(value: Fraction) -> str:
    """A fraction in a sentence: exact where a decimal says it, else six decimals after “≈”."""
    scaled = value * 10**DECIMALS
    about = "" if scaled.denominator == 1 else "≈"
    return f"{about}{vietnamese(Decimal(round(scaled)).scaleb(-DECIMALS))}"
