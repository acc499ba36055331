"""The written form of a check: `1 = 2 + 3`, `9 >= 5 * 8`, `6 = 0 => 7..25 = 0`, `6 only with 5`.

Parts are parted by blanks. A figure is named by the code of its column (`8`, `43.1`), by its key,
or as `form:code` in another form. `rows form` is the number of rows of a list form. What cannot be
read raises RuleError with the sentence for the person.
"""

import re
from collections.abc import Callable

from thidua.rules.errors import RuleError
from thidua.rules.reporting.templates import (
    Comparison,
    OneOf,
    OnlyWith,
    Sign,
    Statement,
    Sum,
    Term,
    ZeroMeansZero,
)

Resolve = Callable[[str], str]
FACTOR = re.compile(r"[1-9][0-9]{0,3}")
RANGE = re.compile(r"([0-9]{1,3})\.\.([0-9]{1,3})")
ZERO = ("=", "0", "=>")
LONGEST = 60


def read_statement(text: str, resolve: Resolve) -> Statement:
    """The statement a check makes."""
    words = text.split()
    if len(words) > LONGEST:
        raise RuleError(f"Quy tắc quá dài: “{text[:80]}…”.")
    if tuple(words[1:4]) == ZERO:
        return _zero(words, resolve)
    if words[1:3] == ["only", "with"] and len(words) == 4:
        return OnlyWith(resolve(words[0]), resolve(words[3]))
    if words[:2] == ["one", "of"] and len(words) > 3:
        return OneOf(tuple(resolve(word) for word in words[2:]))
    return _comparison(text, words, resolve)


def _zero(words: list[str], resolve: Resolve) -> ZeroMeansZero:
    if words[-2:] != ["=", "0"] or len(words) < 7:
        raise RuleError("Vế sau của “=>” phải kết thúc bằng “= 0”, ví dụ 6 = 0 => 7..25 = 0.")
    return ZeroMeansZero(
        resolve(words[0]),
        tuple(resolve(code) for word in words[4:-2] for code in _spread(word)),
    )


def _spread(word: str) -> list[str]:
    """`7..25` as the codes 7 to 25; anything else as it is."""
    found = RANGE.fullmatch(word)
    if not found:
        return [word]
    first, last = int(found[1]), int(found[2])
    if first > last:
        raise RuleError(f"Khoảng “{word}” phải đi từ nhỏ đến lớn.")
    return [str(code) for code in range(first, last + 1)]


def _comparison(text: str, words: list[str], resolve: Resolve) -> Comparison:
    signs = [word for word in words if word in set(Sign)]
    if len(signs) != 1:
        raise RuleError(f"Quy tắc “{text}” cần đúng một dấu =, <= hoặc >=.")
    at = words.index(signs[0])
    return Comparison(
        read_sum(" ".join(words[:at]), resolve),
        Sign(signs[0]),
        read_sum(" ".join(words[at + 1 :]), resolve),
    )


def read_sum(text: str, resolve: Resolve) -> Sum:
    """`4 + 23`, `1 - 6`, `5 * 8`, `rows pctn2`."""
    terms: list[Term] = []
    words, sign = text.split(), 1
    while words:
        term, words = _term(words, sign, resolve)
        terms.append(term)
        if not words:
            return tuple(terms)
        sign, words = _sign(words)
    raise RuleError(f"Biểu thức “{text}” thiếu số hạng.")


def _term(words: list[str], sign: int, resolve: Resolve) -> tuple[Term, list[str]]:
    if words[0] == "rows" and len(words) > 1:
        return Term(words[1], sign, rows=True), words[2:]
    if words[1:2] == ["*"] and len(words) > 2 and FACTOR.fullmatch(words[0]):
        return Term(resolve(words[2]), sign * int(words[0])), words[3:]
    return Term(resolve(words[0]), sign), words[1:]


def _sign(words: list[str]) -> tuple[int, list[str]]:
    if words[0] not in {"+", "-"}:
        raise RuleError(f"Giữa hai số hạng phải là dấu + hoặc −, không phải “{words[0]}”.")
    return (1 if words[0] == "+" else -1), words[1:]


def keys_of(statement: Statement) -> tuple[str, ...]:
    """Every figure the statement speaks of, in order."""
    if isinstance(statement, Comparison):
        return tuple(term.key for term in (*statement.left, *statement.right) if not term.rows)
    if isinstance(statement, ZeroMeansZero):
        return (statement.key, *statement.others)
    if isinstance(statement, OnlyWith):
        return (statement.key, statement.other)
    return statement.keys


def lists_of(statement: Statement) -> tuple[str, ...]:
    """The list forms whose rows the statement counts."""
    if not isinstance(statement, Comparison):
        return ()
    return tuple(term.key for term in (*statement.left, *statement.right) if term.rows)
