"""A rehearsal for the tellers before the vote: they decrypt a mock number with their real keys.

Its randomness is published with it, so anyone can see that it hides nothing and that no ballot was
slipped in as a rehearsal. The proofs are bound to the word "rehearsal", which is no election's
fingerprint, so what tellers make here is worth nothing in a count.
"""

from collections.abc import Mapping

from thidua.rules.ballots.belenios.group import (
    P,
    Randomness,
    below,
    fixed,
    g_to,
    number,
    random_exponent,
)
from thidua.rules.ballots.belenios.proofs import Ciphertext
from thidua.rules.ballots.belenios.refusals import (
    InvalidCeremony,
    InvalidTally,
    Malformed,
    refusing,
)
from thidua.rules.ballots.belenios.tally import Sums, counts, decrypt, read_partial, secret_key
from thidua.rules.ballots.belenios.tellers import read_trustees
from thidua.rules.ballots.belenios.wire import element, exponent, fields, read, whole, written

CONTEXT = "rehearsal"
_MOST = 34


def rehearsal(public_key: int, random: Randomness = below) -> str:
    """A mock number encrypted to the key of the tellers, with everything needed to see through it."""
    message, randomness = 1 + random(_MOST), random_exponent(random)
    made = _encrypt(public_key, message, randomness)
    return written(
        {
            "m": message,
            "r": str(randomness),
            "alpha": str(made.alpha),
            "beta": str(made.beta),
        }
    )


def rehearsal_partial(
    trustees_text: str,
    seed: str,
    owner: int,
    private_key_message: str,
    rehearsal_text: str,
    random: Randomness = below,
) -> str:
    """Teller `owner`'s part of the rehearsal. Raises InvalidCeremony when it is no rehearsal."""
    trustees = read_trustees(trustees_text)
    _, sums = _read(rehearsal_text, int(trustees.public_key))
    return decrypt(CONTEXT, secret_key(trustees, seed, owner, private_key_message), sums, random)


def check_rehearsal_partial(trustees_text: str, owner: int, rehearsal_text: str, text: str) -> None:
    """Raises InvalidPartial unless teller `owner` decrypted the rehearsal with their key."""
    trustees = read_trustees(trustees_text)
    _, sums = _read(rehearsal_text, int(trustees.public_key))
    read_partial(CONTEXT, trustees, owner, sums, text)


def combine_rehearsal(trustees_text: str, rehearsal_text: str, partials: Mapping[int, str]) -> int:
    """The mock number, when k tellers find it together. Raises InvalidPartial or InvalidTally."""
    trustees = read_trustees(trustees_text)
    message, sums = _read(rehearsal_text, int(trustees.public_key))
    found = counts(CONTEXT, trustees, sums, partials, _MOST)[0][0]
    if found != message:
        raise InvalidTally(
            f"Diễn tập ra số {found} nhưng số thử là {message}. Hãy lập khóa lại từ đầu."
        )
    return found


def _encrypt(public_key: int, message: int, randomness: int) -> Ciphertext:
    shared = fixed(number(str(public_key))).power(randomness)
    return Ciphertext(g_to(randomness), shared * g_to(message) % P)


def _read(text: str, public_key: int) -> tuple[int, Sums]:
    """The mock number and its ciphertext, seen through."""
    with refusing(
        InvalidCeremony, "Số thử để diễn tập không dùng được", "Hãy tải lại trang diễn tập."
    ):
        m, r, alpha, beta = fields(read(text, 5000), "m", "r", "alpha", "beta")
        message = whole(m, 0, _MOST)
        given = Ciphertext(element(alpha), element(beta))
        if given != _encrypt(public_key, message, exponent(r)):
            raise Malformed("số thử không khớp với phần mã hóa, có thể đây là lá phiếu thật")
    return message, ((given,),)
