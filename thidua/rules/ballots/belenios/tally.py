"""The sum of the ballots and its decryption by k tellers (specification, sections 4.16 to 4.19)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from thidua.rules.ballots.belenios.answers import ciphertext_json, read_ciphertext
from thidua.rules.ballots.belenios.ceremony import private_key
from thidua.rules.ballots.belenios.channels import keys_of
from thidua.rules.ballots.belenios.election import Election
from thidua.rules.ballots.belenios.group import (
    G,
    P,
    Q,
    Randomness,
    all_members,
    below,
    g_to,
    power,
    product,
    quotient,
    random_exponent,
)
from thidua.rules.ballots.belenios.proofs import Ciphertext, Proof, hashed, proof_json, read_proofs
from thidua.rules.ballots.belenios.refusals import (
    InvalidBallot,
    InvalidPartial,
    InvalidTally,
    Malformed,
    refusing,
)
from thidua.rules.ballots.belenios.tellers import Trustees, read_trustees
from thidua.rules.ballots.belenios.voting import Ballot, read_ballot
from thidua.rules.ballots.belenios.wire import element, fields, read, rows, written

_LONGEST = 10_000_000
Sums = tuple[tuple[Ciphertext, ...], ...]


class Partial(NamedTuple):
    """A teller's alpha^x for every ciphertext, and the proofs that x is the teller's key."""

    factors: tuple[tuple[int, ...], ...]
    proofs: tuple[tuple[Proof, ...], ...]


def encrypted_tally(election: Election, ballots: Sequence[str]) -> str:
    """The product of the ballots, answer by answer. They are ones that `check_ballot` accepted.

    Raises InvalidBallot when one is not of this election, or two have the same credential.
    """
    return sums_text(summed(election, [read_ballot(election, text) for text in ballots]))


def summed(election: Election, ballots: Sequence[Ballot]) -> Sums:
    credentials = {ballot.credential for ballot in ballots}
    if len(credentials) != len(ballots):
        raise InvalidBallot(
            "Có hai lá phiếu của cùng một mã bỏ phiếu. Mỗi mã chỉ được một lá phiếu; hãy bỏ lá thừa."
        )
    return tuple(
        tuple(
            Ciphertext(
                product(ballot.answers[place].choices[column].alpha for ballot in ballots),
                product(ballot.answers[place].choices[column].beta for ballot in ballots),
            )
            for column in range(question.width)
        )
        for place, question in enumerate(election.questions)
    )


def sums_text(sums: Sums) -> str:
    return written([[ciphertext_json(each) for each in row] for row in sums])


def read_tally(text: str, widths: Sequence[int]) -> Sums:
    """The sums of their text, `widths` numbers per question. Raises InvalidTally."""
    with refusing(
        InvalidTally, "Tổng số phiếu đã mã hóa không dùng được", "Hãy tải lại trang kiểm phiếu."
    ):
        value = rows(read(text, _LONGEST), len(widths))
        sums = tuple(
            tuple(read_ciphertext(each) for each in rows(row, width))
            for row, width in zip(value, widths, strict=True)
        )
        if not all_members([each for row in sums for pair in row for each in pair]):
            raise Malformed("có số không thuộc nhóm số của giao thức")
    return sums


def partial_decryption(
    election: Election,
    trustees_text: str,
    seed: str,
    owner: int,
    private_key_message: str,
    tally_text: str,
    random: Randomness = below,
) -> str:
    """Teller `owner`'s part of the decryption, on the teller's own machine.

    The caller has made sure that `tally_text` is the sum of all published ballots and not, say,
    one of them. Raises InvalidPartial when the key is not the teller's.
    """
    trustees = trustees_of(election, trustees_text)
    sums = read_tally(tally_text, [question.width for question in election.questions])
    secret = secret_key(trustees, seed, owner, private_key_message)
    return decrypt(election.fingerprint, secret, sums, random)


def check_partial(
    election: Election, trustees_text: str, owner: int, tally_text: str, text: str
) -> None:
    """Raises InvalidPartial unless teller `owner` decrypted this tally with the key of theirs."""
    trustees = trustees_of(election, trustees_text)
    sums = read_tally(tally_text, [question.width for question in election.questions])
    read_partial(election.fingerprint, trustees, owner, sums, text)


def combine(
    election: Election,
    trustees_text: str,
    tally_text: str,
    partials: Mapping[int, str],
    ballots: int,
) -> list[list[int]]:
    """The counts per question, from the partials {owner: text} of k or more tellers.

    Raises InvalidPartial (with `owner`) when one is wrong or fewer than k are given, InvalidTally
    when a count is not in 0 … `ballots`.
    """
    trustees = trustees_of(election, trustees_text)
    sums = read_tally(tally_text, [question.width for question in election.questions])
    return counts(election.fingerprint, trustees, sums, partials, ballots)


def counts(
    context: str, trustees: Trustees, sums: Sums, partials: Mapping[int, str], most: int
) -> list[list[int]]:
    """What the sums hold. Every partial given is checked; the first k of them are used."""
    if len(partials) < trustees.threshold:
        raise InvalidPartial(
            f"Mới có {len(partials)} người kiểm phiếu giải mã; cần ít nhất {trustees.threshold}. "
            "Hãy chờ đủ người rồi kiểm phiếu."
        )
    read = {
        owner: read_partial(context, trustees, owner, sums, partials[owner])
        for owner in sorted(partials)
    }
    chosen = sorted(read)[: trustees.threshold]
    weights = {owner: _lagrange(owner, chosen) for owner in chosen}
    logarithms = {int(power(G, count)): count for count in range(most + 1)}
    return [
        [
            _count(pair, [(read[one].factors[q][c], weights[one]) for one in chosen], logarithms)
            for c, pair in enumerate(row)
        ]
        for q, row in enumerate(sums)
    ]


def secret_key(trustees: Trustees, seed: str, owner: int, message: str) -> int:
    """The decryption key of teller `owner`, from the private_key field of their voutput.

    Raises InvalidPartial unless seed, message and published key belong together.
    """
    keys = keys_of(seed)
    with refusing(
        InvalidPartial, "Không dùng được khóa này để kiểm phiếu", "Hãy mở đúng tệp khóa của mình."
    ):
        if not 1 <= owner <= len(trustees.keys):
            raise Malformed("không có người kiểm phiếu này")
        if keys.verification != trustees.certificates[owner - 1].verification:
            raise Malformed(f"tệp khóa không phải của người kiểm phiếu số {owner}")
        secret = private_key(keys, message)
        if g_to(secret) != trustees.keys[owner - 1].key:
            raise Malformed("khóa giải mã không khớp với khóa đã công bố")
    return secret


def decrypt(context: str, secret: int, sums: Sums, random: Randomness) -> str:
    """The text of alpha^secret for every ciphertext, each with its proof."""
    public = g_to(secret)
    factors: list[list[str]] = []
    proofs: list[list[dict[str, str]]] = []
    for row in sums:
        factors.append([str(power(pair.alpha, secret)) for pair in row])
        proofs.append(
            [proof_json(_prove(context, secret, public, pair.alpha, random)) for pair in row]
        )
    return written({"decryption_factors": factors, "decryption_proofs": proofs})


def read_partial(context: str, trustees: Trustees, owner: int, sums: Sums, text: str) -> Partial:
    """The checked partial of teller `owner`. Raises InvalidPartial with the owner."""
    try:
        return _read_partial(context, trustees, owner, sums, text)
    except Malformed as reason:
        raise InvalidPartial(
            f"Phần giải mã của người kiểm phiếu số {owner} không được nhận: {reason}. "
            "Người đó cần mở đúng tệp khóa của mình và làm lại.",
            owner,
        ) from None


def trustees_of(election: Election, text: str) -> Trustees:
    """The tellers, who must be those of the election. Raises InvalidTally."""
    trustees = read_trustees(text)
    if trustees.public_key != election.public_key:
        raise InvalidTally(
            "Khóa của tổ kiểm phiếu không phải khóa của cuộc bỏ phiếu này. "
            "Hãy lấy đúng tệp của cuộc bỏ phiếu này."
        )
    return trustees


def _prove(context: str, secret: int, public: int, alpha: int, random: Randomness) -> Proof:
    nonce = random_exponent(random)
    challenge = hashed(f"decrypt|{context}|{public}|{g_to(nonce)},{power(alpha, nonce)}")
    return Proof(challenge, (nonce - secret * challenge) % Q)


def _read_partial(context: str, trustees: Trustees, owner: int, sums: Sums, text: str) -> Partial:
    if not 1 <= owner <= len(trustees.keys):
        raise Malformed("không có người kiểm phiếu này")
    public = trustees.keys[owner - 1].key
    listed, proved = fields(read(text, _LONGEST), "decryption_factors", "decryption_proofs")
    factors = tuple(
        tuple(element(each) for each in rows(row, len(pairs)))
        for row, pairs in zip(rows(listed, len(sums)), sums, strict=True)
    )
    proofs = tuple(
        read_proofs(row, len(pairs))
        for row, pairs in zip(rows(proved, len(sums)), sums, strict=True)
    )
    if not all_members([each for row in factors for each in row]):
        raise Malformed("có số không thuộc nhóm số của giao thức")
    for pairs, row, row_proofs in zip(sums, factors, proofs, strict=True):
        for pair, factor, proof in zip(pairs, row, row_proofs, strict=True):
            if not _decrypted(context, public, pair.alpha, factor, proof):
                raise Malformed("chứng minh giải mã không đúng")
    return Partial(factors, proofs)


def _decrypted(context: str, public: int, alpha: int, factor: int, proof: Proof) -> bool:
    first = g_to(proof.response) * power(public, proof.challenge) % P
    second = power(alpha, proof.response) * power(factor, proof.challenge) % P
    return hashed(f"decrypt|{context}|{public}|{first},{second}") == proof.challenge


def _lagrange(owner: int, owners: Sequence[int]) -> int:
    """The weight of one teller's factor among those chosen."""
    above, under = 1, 1
    for other in owners:
        if other != owner:
            above, under = above * other % Q, under * (other - owner) % Q
    return above * pow(int(under), -1, int(Q)) % Q


def _count(
    pair: Ciphertext, factors: Sequence[tuple[int, int]], logarithms: Mapping[int, int]
) -> int:
    shared = product(power(factor, weight) for factor, weight in factors)
    count = logarithms.get(int(quotient(pair.beta, shared)))
    if count is None:
        raise InvalidTally(
            "Giải mã không ra số phiếu hợp lý: tổng đã mã hóa không phải tổng của các lá phiếu đã nhận. "
            "Đừng công bố kết quả; hãy giữ nguyên dữ liệu và kiểm tra lại."
        )
    return count
