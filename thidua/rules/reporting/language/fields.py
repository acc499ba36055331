"""Reading single fields of data: each gives a value or a sentence in the list of problems."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from thidua.rules.errors import RuleError

Read = TypeVar("Read")
Choice = TypeVar("Choice", bound=StrEnum)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_KEY = 60
LONGEST_TEXT = 1000


def known(data: Mapping[str, Any], fields: set[str], name: str, problems: list[str]) -> None:
    """Complain of every field that the language does not have: it may be a slip of the pen."""
    problems.extend(
        f"{name}: không có mục “{each}”." for each in sorted(set(map(str, data)) - fields)
    )


def text(data: Mapping[str, Any], field: str, name: str, problems: list[str]) -> str:
    """A line of text, "" where there is none."""
    value = data.get(field, "")
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        problems.append(f"{name}: mục “{field}” phải là chữ, không quá {LONGEST_TEXT} ký tự.")
        return ""
    return value


def required(data: Mapping[str, Any], field: str, name: str, problems: list[str]) -> str:
    """A line of text that must be there."""
    value = text(data, field, name, problems)
    if not value.strip():
        problems.append(f"{name}: chưa ghi mục “{field}”.")
    return value


def required_key(data: Mapping[str, Any], name: str, problems: list[str]) -> str:
    """A slug: small letters and digits parted by single hyphens."""
    key = required(data, "key", name, problems)
    if key and (not SLUG.fullmatch(key) or len(key) > LONGEST_KEY):
        problems.append(
            f"{name}: khoá “{key}” chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, không quá "
            f"{LONGEST_KEY} ký tự."
        )
    return key


def member(
    choices: type[Choice], value: Any, field: str, name: str, problems: list[str]
) -> Choice | None:
    """One of an enumeration."""
    try:
        return choices(value)
    except ValueError:
        allowed = ", ".join(choices)
        problems.append(f"{name}: mục “{field}” phải là một trong: {allowed}.")
        return None


def repeated(keys: Iterable[str], what: str, problems: list[str]) -> None:
    """Complain of everything that stands twice; `what` opens the sentence."""
    problems.extend(
        f"{what} “{key}” xuất hiện {times} lần."
        for key, times in Counter(keys).items()
        if times > 1
    )


def tried(read: Callable[[], Read], name: str, problems: list[str]) -> Read | None:
    """What `read` gives; None, and its sentence among the problems, when it cannot be read."""
    try:
        return read()
    except RuleError as problem:
        problems.append(f"{name}: {problem}")
        return None
