"""Numbers, choices and lists of the data; RuleError names what cannot be read."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.tree import Rule


def number(value: Any, what: str) -> Fraction:
    """An exact number of the data; RuleError naming `what` it is."""
    return Fraction(decimal(value, what))


def decimal(value: Any, what: str) -> Decimal:
    """An exact decimal of the data; RuleError naming `what` it is."""
    try:
        read = Decimal(value) if isinstance(value, str | int) else None
    except InvalidOperation:
        read = None
    if read is None or not read.is_finite() or not -100 <= read.adjusted() <= 100:
        raise RuleError(f"{what} phải là một số, đang là “{value}”.")
    return read


def optional(rule: Rule, key: str, what: str) -> Decimal | None:
    written = rule.get(key)
    return None if written is None else decimal(written, what)


def choice(enum: Any, value: Any, what: str) -> Any:
    try:
        return enum(value)
    except ValueError:
        raise RuleError(f"{what} “{value}” chưa được hỗ trợ.") from None


def entries(value: Any) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(each, Mapping) for each in value):
        raise RuleError("dữ liệu quy tắc không đúng dạng danh sách.")
    return list(value)


def mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RuleError("dữ liệu quy tắc không đúng dạng bảng.")
    return value
