"""Proofs of knowledge (specification, sections 4.5, 4.12, 4.13): that a number is what it must be.

The proofs of a ballot are all of one kind: of several claims "this ciphertext holds this number"
one is true, and nobody learns which.
"""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from thidua.rules.ballots.belenios.group import (
    FixedBase,
    P,
    Q,
    Randomness,
    g_to,
    power,
    powers,
    random_exponent,
)
from thidua.rules.ballots.belenios.wire import exponent, fields, rows


class Proof(NamedTuple):
    challenge: int
    response: int


class Ciphertext(NamedTuple):
    alpha: int
    beta: int


class Opened(NamedTuple):
    """A ciphertext of one's own: its randomness and what it holds."""

    randomness: int
    message: int


def hashed(text: str) -> int:
    """The challenge of a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()) % Q


def know(secret: int, context: str, random: Randomness) -> Proof:
    """A proof that one knows the exponent of g^secret; `context` is hashed before g^w."""
    nonce = random_exponent(random)
    challenge = hashed(f"{context}{g_to(nonce)}")
    return Proof(challenge, (nonce - secret * challenge) % Q)


def knows(public: int, context: str, proof: Proof) -> bool:
    """Whether the proof shows knowledge of the exponent of `public`."""
    commitment = g_to(proof.response) * power(public, proof.challenge) % P
    return hashed(f"{context}{commitment}") == proof.challenge


def prove_one(
    context: str,
    key: FixedBase,
    claims: Sequence[tuple[Opened, int]],
    true: int,
    random: Randomness,
) -> list[Proof]:
    """A proof that one of the claims (own ciphertext, number) holds; `true` is the place of it.

    The other claims are simulated. Their powers are of g and of the key only, since one's own
    alpha is g^r and beta is y^r·g^m.
    """
    simulated = [Proof(random_exponent(random), random_exponent(random)) for _ in claims]
    nonce = random_exponent(random)
    commitments: list[int] = []
    for place, ((opened, message), proof) in enumerate(zip(claims, simulated, strict=True)):
        if place == true:
            commitments += (g_to(nonce), key.power(nonce))
            continue
        joined = proof.response + opened.randomness * proof.challenge
        off = g_to((opened.message - message) * proof.challenge)
        commitments += (g_to(joined), key.power(joined) * off % P)
    others = sum(proof.challenge for proof in simulated) - simulated[true].challenge
    challenge = (hashed(context + _listed(commitments)) - others) % Q
    secret = claims[true][0].randomness
    simulated[true] = Proof(challenge, (nonce - secret * challenge) % Q)
    return simulated


def one_holds(
    context: str,
    key: FixedBase,
    claims: Sequence[tuple[Ciphertext, int]],
    proofs: Sequence[Proof],
) -> bool:
    """Whether the proofs show that one of the claims (ciphertext, number) holds."""
    commitments: list[int] = []
    pairs = zip(claims, proofs, strict=True)
    for ciphertext, group in groupby(pairs, key=lambda pair: pair[0][0]):
        same = list(group)
        challenges = [proof.challenge for _, proof in same]
        alphas, betas = powers(ciphertext.alpha, challenges), powers(ciphertext.beta, challenges)
        for ((_, message), proof), alpha, beta in zip(same, alphas, betas, strict=True):
            commitments.append(g_to(proof.response) * alpha % P)
            if message:
                beta = beta * g_to(-message * proof.challenge) % P
            commitments.append(key.power(proof.response) * beta % P)
    total = sum(proof.challenge for proof in proofs) % Q
    return hashed(context + _listed(commitments)) == total


def read_proof(value: Any) -> Proof:
    challenge, response = fields(value, "challenge", "response")
    return Proof(exponent(challenge), exponent(response))


def read_proofs(value: Any, count: int) -> tuple[Proof, ...]:
    return tuple(read_proof(each) for each in rows(value, count))


def proof_json(proof: Proof) -> dict[str, str]:
    return {"challenge": str(proof.challenge), "response": str(proof.response)}


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
