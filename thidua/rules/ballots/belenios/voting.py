"""Ballots (specification, sections 4.14 and 4.15): made, read, and checked before they count."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from thidua.rules.ballots.belenios.answers import (
    Answer,
    answer_holds,
    answer_json,
    longest_answer,
    make_answer,
    read_answer,
)
from thidua.rules.ballots.belenios.credentials import secret_exponent
from thidua.rules.ballots.belenios.election import Election
from thidua.rules.ballots.belenios.group import Randomness, all_members, below, g_to
from thidua.rules.ballots.belenios.proofs import Proof, know, knows, proof_json, read_proof
from thidua.rules.ballots.belenios.refusals import InvalidBallot, Malformed, refusing
from thidua.rules.ballots.belenios.wire import (
    element,
    fields,
    fingerprint,
    read,
    rows,
    words,
    written,
)

REFUSED = "Lá phiếu không được nhận"
AGAIN = "Hãy tải lại trang bỏ phiếu và bỏ phiếu lại."


class Ballot(NamedTuple):
    """A ballot read from its text; what it claims is not checked yet."""

    credential: int
    answers: tuple[Answer, ...]
    hash: str
    signature: Proof
    tracker: str


class Checked(NamedTuple):
    """A ballot that holds: whose public credential signed it, and its tracker."""

    credential: str
    tracker: str


def make_ballot(
    election: Election, code: str, choices: Sequence[Sequence[int]], random: Randomness = below
) -> str:
    """The ballot of a voting code; `choices` per question are 0 or 1: [blank, first, second …].

    Raises InvalidBallot when a question does not allow them.
    """
    secret = secret_exponent(election.uuid, code)
    credential = str(g_to(secret))
    context = f"{election.fingerprint}|{credential}"
    with refusing(InvalidBallot, "Không lập được lá phiếu", "Hãy chọn lại."):
        if len(choices) != len(election.questions):
            raise Malformed("phải trả lời mọi câu hỏi")
        answers = [
            make_answer(question, election.key, context, chosen, random)
            for question, chosen in zip(election.questions, choices, strict=True)
        ]
    content: dict[str, Any] = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": credential,
        "answers": [answer_json(answer) for answer in answers],
    }
    hash = fingerprint(written(content))
    proof = know(secret, f"sig|{hash}|", random)
    content["signature"] = {"hash": hash, "proof": proof_json(proof)}
    return written(content)


def check_ballot(election: Election, text: str) -> Checked:
    """The credential and tracker of a ballot every part of which holds.

    Raises InvalidBallot otherwise. Whether the credential is on the roll and has not voted yet is
    for the caller to ask.
    """
    ballot = read_ballot(election, text)
    with refusing(InvalidBallot, REFUSED, AGAIN):
        check_members(list(elements(ballot)))
        check_proofs(election, ballot)
    return Checked(str(ballot.credential), ballot.tracker)


def read_ballot(election: Election, text: str) -> Ballot:
    """The ballot of its text, spelled the one way it can be, and meant for this election.

    Raises InvalidBallot. Neither membership in the group nor any proof is checked here.
    """
    with refusing(InvalidBallot, REFUSED, AGAIN):
        value = read(text, _longest(election))
        uuid, hash, credential, answers, signature = fields(
            value, "election_uuid", "election_hash", "credential", "answers", "signature"
        )
        if uuid != election.uuid or hash != election.fingerprint:
            raise Malformed("lá phiếu được lập cho một cuộc bỏ phiếu khác")
        signed, proof = fields(signature, "hash", "proof")
        ballot = Ballot(
            element(credential),
            tuple(
                read_answer(question, answer)
                for question, answer in zip(
                    election.questions, rows(answers, len(election.questions)), strict=True
                )
            ),
            words(signed),
            read_proof(proof),
            fingerprint(text),
        )
        del value["signature"]
        if ballot.hash != fingerprint(written(value)):
            raise Malformed("nội dung đã bị thay đổi sau khi ký")
    return ballot


def elements(ballot: Ballot) -> Iterator[int]:
    """Every number of the ballot that must lie in the group."""
    yield ballot.credential
    for answer in ballot.answers:
        for ciphertext in answer.choices:
            yield from ciphertext


def check_members(numbers: Sequence[int]) -> None:
    """Raises Malformed."""
    if not all_members(numbers):
        raise Malformed("có số không thuộc nhóm số của giao thức")


def check_proofs(election: Election, ballot: Ballot) -> None:
    """Raises Malformed when a proof does not hold."""
    if ballot.credential == 1 or not knows(
        ballot.credential, f"sig|{ballot.hash}|", ballot.signature
    ):
        raise Malformed("chữ ký của lá phiếu không khớp với mã bỏ phiếu")
    context = f"{election.fingerprint}|{ballot.credential}"
    for question, answer in zip(election.questions, ballot.answers, strict=True):
        if not answer_holds(question, election.key, context, answer):
            raise Malformed("chứng minh trong lá phiếu không đúng")


def _longest(election: Election) -> int:
    return 3000 + sum(longest_answer(question) for question in election.questions)
