"""Encrypted answers (specification, section 4.11): made in the open here, in the browser for real.

Choices are numbers 0 or 1: the blank vote first when the question allows it, then each answer.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from thidua.rules.ballots.belenios.election import Question
from thidua.rules.ballots.belenios.group import (
    FixedBase,
    G,
    P,
    Q,
    Randomness,
    g_to,
    product,
    random_exponent,
)
from thidua.rules.ballots.belenios.proofs import (
    Ciphertext,
    Opened,
    Proof,
    one_holds,
    proof_json,
    prove_one,
    read_proofs,
)
from thidua.rules.ballots.belenios.refusals import Malformed
from thidua.rules.ballots.belenios.wire import element, fields, rows


class Answer(NamedTuple):
    """One question's answer: ciphertexts, a proof for each, and of the rule of the question."""

    choices: tuple[Ciphertext, ...]
    individual: tuple[tuple[Proof, ...], ...]
    overall: tuple[Proof, ...]
    blank: tuple[Proof, ...]


def encrypt(key: FixedBase, message: int, randomness: int) -> Ciphertext:
    """g^r and y^r·g^m; `message` is 0 or 1."""
    shared = key.power(randomness)
    return Ciphertext(g_to(randomness), shared * G % P if message else shared)


def make_answer(
    question: Question, key: FixedBase, context: str, choices: Sequence[int], random: Randomness
) -> Answer:
    """The answer with its proofs. `context` is the election's fingerprint and the credential.

    Raises Malformed when the question does not allow the choices.
    """
    _check_choices(question, choices)
    opened = [Opened(random_exponent(random), chosen) for chosen in choices]
    made = tuple(encrypt(key, each.message, each.randomness) for each in opened)
    individual = tuple(
        tuple(
            prove_one(
                _about_one(context, ciphertext), key, [(each, 0), (each, 1)], each.message, random
            )
        )
        for ciphertext, each in zip(made, opened, strict=True)
    )
    ticked = _opened_sum(opened[question.blank :])
    about = f"{context}|{_listed(made)}"
    range_claims = [(ticked, count) for count in _range(question)]
    if not question.blank:
        summed = _summed(made)
        overall = prove_one(
            _about_one(about, summed), key, range_claims, ticked.message - question.least, random
        )
        return Answer(made, individual, tuple(overall), ())
    is_blank = bool(choices[0])
    blank = prove_one(
        f"bproof0|{about}|", key, [(opened[0], 0), (ticked, 0)], int(is_blank), random
    )
    true = 0 if is_blank else 1 + ticked.message - question.least
    overall = prove_one(f"bproof1|{about}|", key, [(opened[0], 1), *range_claims], true, random)
    return Answer(made, individual, tuple(overall), tuple(blank))


def answer_holds(question: Question, key: FixedBase, context: str, answer: Answer) -> bool:
    """Whether every proof of the answer holds; membership in the group was checked before."""
    for ciphertext, proofs in zip(answer.choices, answer.individual, strict=True):
        claims = [(ciphertext, 0), (ciphertext, 1)]
        if not one_holds(_about_one(context, ciphertext), key, claims, proofs):
            return False
    about = f"{context}|{_listed(answer.choices)}"
    summed = _summed(answer.choices[question.blank :])
    range_claims = [(summed, count) for count in _range(question)]
    if not question.blank:
        return one_holds(_about_one(about, summed), key, range_claims, answer.overall)
    first = answer.choices[0]
    return one_holds(
        f"bproof0|{about}|", key, [(first, 0), (summed, 0)], answer.blank
    ) and one_holds(f"bproof1|{about}|", key, [(first, 1), *range_claims], answer.overall)


def read_answer(question: Question, value: Any) -> Answer:
    """The answer of its JSON; every list as long as the question says, every number in range."""
    names = ["choices", "individual_proofs", "overall_proof"]
    names += ["blank_proof"] if question.blank else []
    choices, individual, overall, *blank = fields(value, *names)
    return Answer(
        tuple(read_ciphertext(each) for each in rows(choices, question.width)),
        tuple(read_proofs(each, 2) for each in rows(individual, question.width)),
        read_proofs(overall, len(_range(question)) + question.blank),
        read_proofs(blank[0], 2) if question.blank else (),
    )


def answer_json(answer: Answer) -> dict[str, Any]:
    made: dict[str, Any] = {
        "choices": [ciphertext_json(each) for each in answer.choices],
        "individual_proofs": [[proof_json(each) for each in pair] for pair in answer.individual],
        "overall_proof": [proof_json(each) for each in answer.overall],
    }
    if answer.blank:
        made["blank_proof"] = [proof_json(each) for each in answer.blank]
    return made


def longest_answer(question: Question) -> int:
    """A bound on the letters of an answer: numbers have at most 617 and 77 digits."""
    proofs = 2 * question.width + len(_range(question)) + 4
    return 200 + question.width * (2 * 617 + 50) + proofs * (2 * 77 + 40)


def read_ciphertext(value: Any) -> Ciphertext:
    alpha, beta = fields(value, "alpha", "beta")
    return Ciphertext(element(alpha), element(beta))


def ciphertext_json(ciphertext: Ciphertext) -> dict[str, str]:
    return {"alpha": str(ciphertext.alpha), "beta": str(ciphertext.beta)}


def _check_choices(question: Question, choices: Sequence[int]) -> None:
    if len(choices) != question.width or any(each not in (0, 1) for each in choices):
        raise Malformed("lựa chọn không khớp với câu hỏi")
    ticked = sum(choices[question.blank :])
    if question.blank and choices[0]:
        if ticked:
            raise Malformed("phiếu trắng thì không được chọn gì khác")
    elif not question.least <= ticked <= question.most:
        raise Malformed(f"phải chọn từ {question.least} đến {question.most}, đã chọn {ticked}")


def _range(question: Question) -> range:
    return range(question.least, question.most + 1)


def _opened_sum(opened: Sequence[Opened]) -> Opened:
    return Opened(sum(each.randomness for each in opened) % Q, sum(each.message for each in opened))


def _summed(choices: Sequence[Ciphertext]) -> Ciphertext:
    """The ciphertext of the sum."""
    return Ciphertext(
        product(each.alpha for each in choices), product(each.beta for each in choices)
    )


def _about_one(context: str, ciphertext: Ciphertext) -> str:
    return f"prove|{context}|{ciphertext.alpha},{ciphertext.beta}|"


def _listed(choices: Sequence[Ciphertext]) -> str:
    return ",".join(f"{each.alpha},{each.beta}" for each in choices)
