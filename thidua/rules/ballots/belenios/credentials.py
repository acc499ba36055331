"""Voting codes (specification, section 4.8): fifteen letters the voter keeps, a number we publish."""

import hashlib
import re
import unicodedata

from thidua.rules.ballots.belenios.base58 import ALPHABET, drawn, is_base58, value
from thidua.rules.ballots.belenios.group import Q, Randomness, all_members, below, g_to
from thidua.rules.ballots.belenios.refusals import InvalidCredential, refusing
from thidua.rules.ballots.belenios.wire import element

_LETTERS = 14
_ROUNDS = 1000
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_.]+")


def new_credential(random: Randomness = below) -> str:
    """A fresh code, XXX-XXX-XXX-XXX-XXX."""
    letters = drawn(_LETTERS, random)
    return _dashed(letters + _checksum(letters))


def normal_credential(typed: str) -> str:
    """The code as it is written, from what a person typed (spaces, other dashes or none).

    Raises InvalidCredential when it is too long, too short, or mistyped.
    """
    letters = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed[:200]))
    if len(letters) != _LETTERS + 1:
        raise InvalidCredential(
            f"Mã bỏ phiếu có {_LETTERS + 1} chữ và số, chia năm nhóm ba; bạn đã gõ {len(letters)}. "
            "Hãy xem lại mã và gõ đủ."
        )
    if not is_base58(letters):
        raise InvalidCredential(
            "Mã bỏ phiếu không có chữ O hoa, I hoa, l thường, số 0 và các dấu. Hãy xem lại mã và gõ lại."
        )
    if letters[-1] != _checksum(letters[:-1]):
        raise InvalidCredential(
            "Mã bỏ phiếu gõ sai ở một chỗ nào đó (chữ hoa khác chữ thường). Hãy xem lại mã và gõ lại."
        )
    return _dashed(letters)


def public_credential(uuid: str, code: str) -> str:
    """The published part of a code in the election `uuid`, as a decimal text."""
    return str(g_to(secret_exponent(uuid, code)))


def secret_exponent(uuid: str, code: str) -> int:
    """The exponent only the holder of the code can compute."""
    code = normal_credential(code)
    derived = hashlib.pbkdf2_hmac("sha256", code.encode(), uuid.encode(), _ROUNDS)
    return int.from_bytes(derived) % Q


def check_public_credential(text: str) -> str:
    """The same text. Raises InvalidCredential unless it is a member of the group, well written."""
    with refusing(
        InvalidCredential,
        "Phần công khai của mã bỏ phiếu không dùng được",
        "Hãy tải lại trang để trình duyệt tạo mã mới.",
    ):
        read = element(text)
    if read == 1 or not all_members([read]):
        raise InvalidCredential(
            "Phần công khai của mã bỏ phiếu không thuộc nhóm số của giao thức. "
            "Hãy tải lại trang để trình duyệt tạo mã mới."
        )
    return text


def _checksum(letters: str) -> str:
    return ALPHABET[53 - value(letters) % 53]


def _dashed(letters: str) -> str:
    return "-".join(letters[start : start + 3] for start in range(0, len(letters), 3))
