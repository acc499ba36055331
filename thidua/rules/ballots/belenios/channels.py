"""Private messages between tellers (specification, sections 4.6.1 to 4.6.3).

All keys of a teller come from one seed of 22 letters. A message is signed by the sender and
encrypted to the recipient; the server only carries it.
"""

import hashlib
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from thidua.rules.ballots.belenios.base58 import SEED_LENGTH, drawn, is_base58
from thidua.rules.ballots.belenios.group import (
    P,
    Randomness,
    all_members,
    below,
    g_to,
    power,
    quotient,
    random_exponent,
)
from thidua.rules.ballots.belenios.proofs import (
    hashed,
    know,
    knows,
    proof_json,
    read_proof,
)
from thidua.rules.ballots.belenios.refusals import InvalidCeremony, Malformed
from thidua.rules.ballots.belenios.wire import element, fields, read, words, written

LONGEST_MESSAGE = 60_000
_TAG, _NONCE = 8, 13  # what sjcl, which the browsers use, takes by default


class TellerKeys(NamedTuple):
    """The secret exponents of one teller, and what the others know of them."""

    signing: int
    decryption: int
    verification: int
    encryption: int


def new_seed(random: Randomness = below) -> str:
    """A teller's secret."""
    return drawn(SEED_LENGTH, random)


def keys_of(seed: str) -> TellerKeys:
    """The four keys of a seed. Raises InvalidCeremony when it is none."""
    if len(seed) != SEED_LENGTH or not is_base58(seed):
        raise InvalidCeremony(
            f"Khóa của người kiểm phiếu phải gồm {SEED_LENGTH} chữ và số. Hãy mở lại tệp khóa của mình."
        )
    signing, decryption = hashed(f"sk|{seed}"), hashed(f"dk|{seed}")
    return TellerKeys(signing, decryption, g_to(signing), g_to(decryption))


def signed(keys: TellerKeys, message: str, random: Randomness) -> dict[str, Any]:
    """A signed_msg."""
    proof = know(keys.signing, f"sigmsg|{message}|", random)
    return {"message": message, "signature": proof_json(proof)}


def read_signed(value: Any, verification: int) -> str:
    """The message, when the holder of `verification` signed it. Raises Malformed."""
    message, signature = fields(value, "message", "signature")
    if not knows(verification, f"sigmsg|{words(message)}|", read_proof(signature)):
        raise Malformed("chữ ký của người kiểm phiếu không đúng")
    return words(message)


def send(keys: TellerKeys, recipient: int, message: str, random: Randomness) -> str:
    """`message`, signed, encrypted to the encryption key `recipient`."""
    channel = written({"recipient": str(recipient), "message": message})
    data = written(signed(keys, channel, random)).encode()
    randomness, shared = random_exponent(random), g_to(random_exponent(random))
    alpha = g_to(randomness)
    beta = power(recipient, randomness) * shared % P
    cipher, nonce = _cipher(shared, alpha)
    sealed = cipher.encrypt(nonce, data, None).hex()
    return written({"alpha": str(alpha), "beta": str(beta), "data": sealed})


def receive(keys: TellerKeys, sender: int, text: str) -> str:
    """The message that `sender` (a verification key) sent to the holder of `keys`.

    Raises Malformed when it was damaged, is for somebody else, or came from somebody else.
    """
    alpha, beta, data = read_sealed(text)
    if not all_members([alpha, beta]):
        raise Malformed("thư mật có số không thuộc nhóm số của giao thức")
    cipher, nonce = _cipher(quotient(beta, power(alpha, keys.decryption)), alpha)
    try:
        channel = cipher.decrypt(nonce, data, None).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise Malformed("thư mật không mở được bằng khóa này") from None
    message = read_signed(read(channel, LONGEST_MESSAGE), sender)
    recipient, inner = fields(read(message, LONGEST_MESSAGE), "recipient", "message")
    if recipient != str(keys.encryption):
        raise Malformed("thư mật gửi cho người khác")
    return words(inner)


def read_sealed(text: str) -> tuple[int, int, bytes]:
    """alpha, beta and data of an encrypted message. Raises Malformed."""
    alpha, beta, data = fields(read(text, 2 * LONGEST_MESSAGE), "alpha", "beta", "data")
    try:
        raw = bytes.fromhex(words(data))
    except ValueError:
        raise Malformed("thư mật không đúng khuôn dạng") from None
    if raw.hex() != data or len(raw) <= _TAG:
        raise Malformed("thư mật không đúng khuôn dạng")
    return element(alpha), element(beta), raw


def _cipher(shared: int, alpha: int) -> tuple[AESCCM, bytes]:
    key = hashlib.sha256(f"key|{shared}".encode()).digest()
    nonce = hashlib.sha256(f"iv|{alpha}".encode()).digest()[:_NONCE]
    return AESCCM(key, tag_length=_TAG), nonce
