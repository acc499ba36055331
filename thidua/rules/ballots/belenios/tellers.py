"""The tellers as published (specification, sections 4.6.2, 4.6.7 and 4.7): keys, and who signed them.

Reading checks everything that can be checked without a secret: signatures, that each teller's key
follows from the polynomials all tellers committed to, and that each knows the secret of it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from thidua.rules.ballots.belenios.channels import read_signed
from thidua.rules.ballots.belenios.group import NAME, P, all_members, power, product
from thidua.rules.ballots.belenios.proofs import Proof, knows, read_proof
from thidua.rules.ballots.belenios.refusals import InvalidCeremony, Malformed, refusing
from thidua.rules.ballots.belenios.wire import (
    element,
    fields,
    read,
    rows,
    whole,
    words,
    written,
)

MOST_TELLERS = 30
_LONGEST = 1_000_000
_SHORT = 10_000
FROM_THE_START = "Hãy lập lại khóa của tổ kiểm phiếu từ đầu."


class Certificate(NamedTuple):
    """A teller's public keys: to check signatures of, and to write to in private."""

    verification: int
    encryption: int


class PublicKey(NamedTuple):
    """A teller's part of the election's key, with the proof that the secret is known."""

    key: int
    proof: Proof


class Trustees(NamedTuple):
    """Any `threshold` of the tellers can decrypt; `keys[0]` is of teller 1."""

    threshold: int
    certificates: tuple[Certificate, ...]
    coefficients: tuple[tuple[int, ...], ...]
    keys: tuple[PublicKey, ...]

    @property
    def public_key(self) -> int:
        """The key the ballots are encrypted to."""
        return product(each[0] for each in self.coefficients)


@lru_cache(maxsize=16)
def read_trustees(text: str) -> Trustees:
    """The tellers of their published text. Raises InvalidCeremony when anything does not hold."""
    with refusing(InvalidCeremony, "Khóa của tổ kiểm phiếu không dùng được", FROM_THE_START):
        kind, value = rows(rows(read(text, _LONGEST), 1)[0], 2)
        if kind != "Pedersen":
            raise Malformed("chỉ nhận khóa chia cho tổ kiểm phiếu theo ngưỡng")
        threshold, certs, coefexps, keys = fields(
            value, "threshold", "certs", "coefexps", "verification_keys"
        )
        certificates = distinct_certificates([written(one) for one in rows(certs)])
        count = len(certificates)
        threshold = whole(threshold, 1, count)
        coefficients = tuple(
            read_coefficients(one, certificate, threshold)
            for one, certificate in zip(rows(coefexps, count), certificates, strict=True)
        )
        return Trustees(
            threshold,
            certificates,
            coefficients,
            tuple(
                read_public_key(one, share_of(coefficients, owner))
                for owner, one in enumerate(rows(keys, count), start=1)
            ),
        )


def public_key_of(text: str) -> int:
    """The election's public key of the tellers' published text."""
    return int(read_trustees(text).public_key)


@lru_cache(maxsize=256)
def read_certificate(text: str) -> Certificate:
    """The keys of a certificate signed by its owner. Raises Malformed."""
    value = read(text, _SHORT)
    inner = read(words(fields(value, "message", "signature")[0]), _SHORT)
    verification, encryption = (
        element(each) for each in fields(inner, "verification", "encryption")
    )
    if 1 in (verification, encryption) or not all_members([verification, encryption]):
        raise Malformed("khóa công khai không thuộc nhóm số của giao thức")
    read_signed(value, verification)
    return Certificate(verification, encryption)


def distinct_certificates(texts: Sequence[str]) -> tuple[Certificate, ...]:
    """The certificates in order, no key among them twice. Raises Malformed."""
    if not 1 <= len(texts) <= MOST_TELLERS:
        raise Malformed(f"tổ kiểm phiếu phải có từ 1 đến {MOST_TELLERS} người")
    certificates = tuple(read_certificate(text) for text in texts)
    keys = [key for certificate in certificates for key in certificate]
    if len(set(keys)) != len(keys):
        raise Malformed("hai người trong tổ kiểm phiếu có cùng một khóa")
    return certificates


def read_coefficients(value: Any, owner: Certificate, threshold: int) -> tuple[int, ...]:
    """g to each coefficient of a teller's polynomial, signed by the teller. Raises Malformed."""
    inner = read(read_signed(value, owner.verification), _SHORT * MOST_TELLERS)
    (listed,) = fields(inner, "coefexps")
    coefficients = tuple(element(each) for each in rows(listed, threshold))
    if not all_members(coefficients):
        raise Malformed("có số không thuộc nhóm số của giao thức")
    if coefficients[0] == 1:
        raise Malformed("phần khóa của một người kiểm phiếu bằng không")
    return coefficients


def evaluated(coefficients: Sequence[int], at: int) -> int:
    """g to the value at a small number of the polynomial with g to these coefficients."""
    total = coefficients[-1]
    for each in reversed(coefficients[:-1]):
        total = power(total, at) * each % P
    return total


def share_of(coefficients: Sequence[Sequence[int]], owner: int) -> int:
    """The public key that follows for teller `owner` from everybody's polynomials."""
    return product(evaluated(each, owner) for each in coefficients)


def read_public_key(value: Any, expected: int) -> PublicKey:
    """A teller's trustee_public_key, which must be `expected`. Raises Malformed."""
    proof, key = fields(value, "pok", "public_key")
    made = PublicKey(element(key), read_proof(proof))
    if made.key != expected or made.key == 1:
        raise Malformed("khóa của một người kiểm phiếu không khớp với phần đã góp của cả tổ")
    if not knows(made.key, f"pok|{NAME}|{made.key}|", made.proof):
        raise Malformed("một người kiểm phiếu không chứng minh được là biết khóa của mình")
    return made
