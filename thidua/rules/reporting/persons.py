"""Signs in a text that it may name a person (T09): numbers of papers, phones, words on a denouncer.

A sign is a question, never a judgement: the person who writes looks again and decides. What was
found is described, not repeated, so that a journal may hold it.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_NAME = r"(?:[A-ZĐÀ-Ỹ][\w’'-]*)"
_PERSON = rf"(?:(?:ông|bà|anh|chị)\s+{_NAME}|{_NAME}\s+{_NAME})"


@dataclass(frozen=True)
class Concern:
    """One sign: its stable `key`, what it looks like, and how often it stands in the text."""

    key: str
    sentence: str
    count: int


@dataclass(frozen=True)
class _Sign:
    key: str
    sentence: str
    pattern: re.Pattern[str]
    is_one: Callable[[str], bool] = bool


def _digits(text: str) -> int:
    return sum(each.isdigit() for each in text)


_SIGNS = (
    _Sign(
        "so-dinh-danh",
        "Có dãy số giống số căn cước, số định danh cá nhân hoặc chứng minh nhân dân.",
        re.compile(
            r"(?<![\d.,])0\d{2}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?![\d])"
            r"|(?:CMND|CMTND|CCCD|căn cước|định danh|chứng minh)[^\d\n]{0,40}\d{9}(?:\d{3})?(?!\d)",
            re.IGNORECASE,
        ),
    ),
    _Sign(
        "so-dien-thoai",
        "Có dãy số giống số điện thoại.",
        re.compile(r"(?<![\d.,/])(?:\+84|0)(?:[ .-]?\d){9}(?![\d])"),
        lambda found: 10 <= _digits(found) <= 12,
    ),
    _Sign(
        "thu-dien-tu",
        "Có địa chỉ thư điện tử.",
        re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    ),
    _Sign(
        "nguoi-to-cao",
        "Có chữ cho biết ai là người tố cáo.",
        re.compile(
            rf"(?i:người tố cáo|người đứng đơn tố cáo)(?i:\s*(?:là|tên|có tên|:|\())\s*{_PERSON}"
            rf"|(?i:người tố cáo)\s+(?i:ông|bà|anh|chị)\s+{_NAME}"
            rf"|(?i:đơn(?: thư)? tố cáo (?:của|do))\s+{_PERSON}"
            rf"|(?i:do)\s+(?i:ông|bà|anh|chị)\s+{_NAME}(?:\s+{_NAME})*\s+(?i:tố cáo)"
            rf"|(?<!bị )(?i:ông|bà|anh|chị)\s+{_NAME}(?:\s+{_NAME})*\s+(?i:tố cáo|(?:có|gửi|làm) đơn tố cáo)"
            r"|(?i:họ tên|danh tính|địa chỉ|bút danh)\s+(?i:của\s+)?(?i:người tố cáo)\s*(?:là|:)"
        ),
    ),
)


def concerns(text: str) -> tuple[Concern, ...]:
    """The signs in a text, in their order; empty where there is nothing to ask about."""
    read = unicodedata.normalize("NFC", text)
    found = []
    for sign in _SIGNS:
        count = sum(1 for each in sign.pattern.finditer(read) if sign.is_one(each[0]))
        if count:
            found.append(Concern(sign.key, sign.sentence, count))
    return tuple(found)


def new_concerns(old: str, new: str) -> tuple[Concern, ...]:
    """What the new text asks about and the old one did not, or not as often."""
    before = {each.key: each.count for each in concerns(old)}
    return tuple(each for each in concerns(new) if each.count > before.get(each.key, 0))
