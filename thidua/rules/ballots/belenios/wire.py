"""The texts of the protocol: compact JSON that has one spelling only, and decimal numbers in range.

What is read must be, letter for letter, what we would write. So nobody can send the same ballot in
another dress (spaces, order, leading zeros, a field twice, a field more) under another tracker.
"""

import base64
import hashlib
import json
import re
from typing import Any

from thidua.rules.ballots.belenios.group import P, Q, number
from thidua.rules.ballots.belenios.refusals import Malformed

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,616}", re.ASCII)
_TOO_LONG = "văn bản dài quá mức cho phép"
_UNREADABLE = "văn bản không đúng khuôn dạng"


def written(value: Any) -> str:
    """Compact JSON, letters not escaped, fields in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read(text: str, most: int) -> Any:
    """The JSON value of a text of at most `most` characters that is spelled as we would.

    Raises Malformed, before parsing when the text is too long.
    """
    if len(text) > most:
        raise Malformed(_TOO_LONG)
    try:
        value = json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)
        if written(value) != text:
            raise Malformed(_UNREADABLE)
        text.encode()
    except (ValueError, RecursionError):
        raise Malformed(_UNREADABLE) from None
    return value


def fields(value: Any, *names: str) -> tuple[Any, ...]:
    """The values of an object that has exactly these fields in this order."""
    if not isinstance(value, dict) or tuple(value) != names:
        raise Malformed("văn bản thiếu mục, thừa mục hoặc sai thứ tự các mục")
    return tuple(value.values())


def rows(value: Any, count: int | None = None, most: int = 1000) -> list[Any]:
    """A list, of exactly `count` items when given."""
    if not isinstance(value, list) or len(value) > most:
        raise Malformed(_UNREADABLE)
    if count is not None and len(value) != count:
        raise Malformed(f"một danh sách phải có {count} mục nhưng có {len(value)}")
    return value


def words(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed(_UNREADABLE)
    return value


def whole(value: Any, least: int, most: int) -> int:
    """A small JSON number."""
    if type(value) is not int or not least <= value <= most:
        raise Malformed("một con số nằm ngoài khoảng cho phép")
    return value


def exponent(value: Any) -> int:
    """A decimal text of 0 … Q-1."""
    return _decimal(value, 0, Q)


def element(value: Any) -> int:
    """A decimal text of 1 … P-1. Whether it lies in the subgroup is for `all_members` to say."""
    return _decimal(value, 1, P)


def _decimal(value: Any, least: int, bound: int) -> int:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise Malformed("một số không viết đúng cách (chỉ gồm chữ số, không có số 0 ở đầu)")
    read = number(value)
    if not least <= read < bound:
        raise Malformed("một số nằm ngoài khoảng cho phép")
    return read


def private_exponent(value: Any) -> int:
    """A decimal text that only its owner sees, modulo Q: the tool adds shares up without reducing."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise Malformed(_UNREADABLE)
    return number(value) % Q


def _no_fraction(text: str) -> None:
    """The protocol knows whole numbers only."""
    raise ValueError(text)


def sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(text: str) -> str:
    """SHA-256 in base 64 without padding: of an election, of a ballot (its tracker)."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
