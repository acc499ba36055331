"""A teller's key as a file with a passphrase; the same format is made in the browser."""

import base64
import hashlib
import json
import secrets
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from thidua.rules.ballots.belenios.base58 import is_uuid
from thidua.rules.ballots.belenios.channels import keys_of
from thidua.rules.ballots.belenios.group import Randomness
from thidua.rules.ballots.belenios.refusals import InvalidCeremony, InvalidKeyFile

FORMAT, VERSION = "thidua-teller-key", 1
KDF, ITERATIONS = "PBKDF2-HMAC-SHA256", 600_000
CIPHER = "AES-256-GCM"
SHORTEST_PASSPHRASE = 12
_SALT, _NONCE = 16, 12
_LONGEST = 4000
_LONGEST_PASSPHRASE = 1000
_DAMAGED = (
    "Tệp khóa bị hỏng hoặc không phải tệp khóa của người kiểm phiếu. Hãy chọn đúng tệp đã lưu."
)


def lock_key(
    seed: str, passphrase: str, uuid: str, owner: int, random: Randomness = secrets.randbelow
) -> str:
    """The file of teller `owner` of the election `uuid`. Raises InvalidKeyFile when the passphrase
    is too short."""
    keys_of(seed)
    passphrase = unicodedata.normalize("NFC", passphrase)
    if not SHORTEST_PASSPHRASE <= len(passphrase) <= _LONGEST_PASSPHRASE:
        raise InvalidKeyFile(
            f"Cụm mật khẩu của tệp khóa phải dài ít nhất {SHORTEST_PASSPHRASE} ký tự. "
            "Hãy chọn vài từ dễ nhớ."
        )
    salt, nonce = _drawn(_SALT, random), _drawn(_NONCE, random)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, seed.encode(), _about(uuid, owner))
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "uuid": uuid,
            "owner": owner,
            "kdf": KDF,
            "iterations": ITERATIONS,
            "salt": base64.b64encode(salt).decode(),
            "cipher": CIPHER,
            "nonce": base64.b64encode(nonce).decode(),
            "data": base64.b64encode(sealed).decode(),
        },
        separators=(",", ":"),
    )


def open_key(text: str, passphrase: str, uuid: str) -> tuple[str, int]:
    """Seed and number of the teller. Raises InvalidKeyFile: wrong passphrase, file of another
    election, or damaged."""
    value = _read(text)
    if value["uuid"] != uuid:
        raise InvalidKeyFile(
            "Tệp khóa này của một cuộc bỏ phiếu khác. Hãy chọn tệp đã lưu khi lập khóa cho cuộc này."
        )
    passphrase = unicodedata.normalize("NFC", passphrase[:_LONGEST_PASSPHRASE])
    cipher = AESGCM(_key(passphrase, value["salt"]))
    about = _about(uuid, value["owner"])
    try:
        seed = cipher.decrypt(value["nonce"], value["data"], about).decode()
        keys_of(seed)
    except InvalidTag:
        raise InvalidKeyFile(
            "Cụm mật khẩu không đúng, hoặc tệp khóa đã bị sửa. Hãy gõ lại cụm mật khẩu."
        ) from None
    except (UnicodeDecodeError, InvalidCeremony):
        raise InvalidKeyFile(_DAMAGED) from None
    return seed, value["owner"]


def _read(text: str) -> dict[str, Any]:
    """The fields of a file, each of the kind it must be."""
    try:
        value = json.loads(text[: _LONGEST + 1]) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        value = None
    fixed = {
        "format": FORMAT,
        "version": VERSION,
        "kdf": KDF,
        "iterations": ITERATIONS,
        "cipher": CIPHER,
    }
    if not isinstance(value, dict) or set(value) != {*fixed, *_SIZES, "uuid", "owner"}:
        raise InvalidKeyFile(_DAMAGED)
    if any(repr(value[name]) != repr(wanted) for name, wanted in fixed.items()):
        raise InvalidKeyFile(_DAMAGED)
    if not isinstance(value["uuid"], str) or not is_uuid(value["uuid"]):
        raise InvalidKeyFile(_DAMAGED)
    if type(value["owner"]) is not int or not 1 <= value["owner"] <= 1000:
        raise InvalidKeyFile(_DAMAGED)
    return value | {name: _bytes(value[name], size) for name, size in _SIZES.items()}


_SIZES = {"salt": _SALT, "nonce": _NONCE, "data": 22 + 16}


def _bytes(value: Any, size: int) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        raw = b""
    if len(raw) != size:
        raise InvalidKeyFile(_DAMAGED)
    return raw


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ITERATIONS)


def _about(uuid: str, owner: int) -> bytes:
    return f"{FORMAT}|{VERSION}|{uuid}|{owner}".encode()


def _drawn(size: int, random: Randomness) -> bytes:
    return random(256**size).to_bytes(size)
