"""Facts as people type them in one cell, “khoa = 3; ty_le = 98,5”, and as they are kept.

Values are read and shown by `thidua.rules.scoring.facts`; here is only how several stand in one
cell. A value that holds “;”, “=” or a quotation mark is typed between "…", a mark inside doubled;
points of several events follow each other: “lan = 8; 9; 7,5”.
"""

import re
from collections.abc import Mapping

from thidua.rules.errors import RuleError
from thidua.rules.scoring.language import Band, Input, InputKind

_QUOTED = re.compile(r'"(?:[^"]|"")*"', re.DOTALL)
_NEEDS_QUOTES = re.compile('[;=\n"]')


def read_facts(
    text: str, inputs: Mapping[str, Input], bands: Mapping[str, tuple[Band, ...]]
) -> dict[str, str]:
    """Canonical text of every fact of a cell by the key of its input.

    Raises RuleError (a reason without the cell) naming the first that is wrong.
    """
    from thidua.rules.scoring.facts import read_fact

    facts: dict[str, str] = {}
    for key, value in _pairs(text):
        each = inputs.get(key)
        if each is None:
            raise RuleError(f"không có số liệu “{key}” ở trang “Số liệu”.")
        if each.kind is InputKind.FORMULA:
            raise RuleError(f"số liệu “{key}” tính bằng công thức nên không ghi giá trị.")
        if key in facts:
            raise RuleError(f"số liệu “{key}” ghi hai lần.")
        if kept := read_fact(each, _unquoted(value), bands):
            facts[key] = kept
    return facts


def show_facts(facts: Mapping[str, str], inputs: Mapping[str, Input]) -> str:
    """Facts as one cell; the reverse of `read_facts`."""
    return "; ".join(f"{key} = {show_fact(inputs.get(key), kept)}" for key, kept in facts.items())


def show_fact(each: Input | None, kept: str, *, alone: bool = False) -> str:
    """A kept value as people write it, `alone` in its cell or among others.

    One that is not of its kind is shown as it stands.
    """
    from thidua.rules.scoring.facts import in_words

    try:
        shown = kept if each is None else in_words(each, kept)
    except ValueError:
        shown = kept
    is_list = each is not None and each.kind is InputKind.EVENTS
    if _NEEDS_QUOTES.search(shown) and not is_list and not alone:
        return '"' + shown.replace('"', '""') + '"'
    return shown


def _pairs(text: str) -> list[tuple[str, str]]:
    """Keys and values as typed; a piece without “=” belongs to the value before it."""
    pairs: list[tuple[str, str]] = []
    for piece in _split(text):
        key, sign, value = piece.partition("=")
        if sign and '"' not in key:
            pairs.append((key.strip(), value.strip()))
        elif pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}; {piece.strip()}")
        else:
            raise RuleError(f"“{piece.strip()}” không đọc được. Viết như: khoa = 3; ty_le = 98,5.")
    return pairs


def _split(text: str) -> list[str]:
    """The pieces between “;” and line ends that stand outside quotation marks."""
    pieces = [""]
    quoted = False
    for each in text:
        quoted ^= each == '"'
        if each in ";\n" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += each
    if quoted:
        raise RuleError('dấu ngoặc kép " mở ra mà không đóng lại.')
    return [piece for piece in pieces if piece.strip()]


def _unquoted(value: str) -> str:
    return value[1:-1].replace('""', '"') if _QUOTED.fullmatch(value) else value
