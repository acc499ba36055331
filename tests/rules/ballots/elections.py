"""Elections for the tests: tellers with all their messages, voters with their codes."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import Election, Question

TIME = 1_796_108_773
CHOOSE = Question("Đơn vị dẫn đầu năm 2026?", ("Tỉnh “A”", "Tỉnh \\B", "Tỉnh C"), 1, 2)
AGREE = Question("Đồng ý tặng cờ?", ("Tỉnh A", "Tỉnh B"), 0, 2)
BLANK = [[1, 0, 0, 0], [1, 0, 0]]
PAPERS = [[[0, 1, 0, 1], [0, 1, 0]], [[0, 0, 1, 0], [0, 0, 0]], BLANK, [[0, 1, 1, 0], [0, 1, 1]]]


def seeded(seed: str) -> Callable[[int], int]:
    """Numbers that look random and are the same each time; never for a real election."""
    drawn = 0

    def below(bound: int) -> int:
        nonlocal drawn
        drawn += 1
        length = (int(bound).bit_length() + 7) // 8 + 16
        stream = hashlib.shake_256(f"{seed}|{drawn}".encode()).digest(length)
        return int.from_bytes(stream) % int(bound)

    return below


@dataclass(frozen=True)
class Tellers:
    """k of n tellers after the ceremony."""

    threshold: int
    seeds: list[str]
    certificates: list[str]
    polynomials: list[str]
    vinputs: list[str]
    voutputs: list[str]
    trustees: str

    @property
    def key(self) -> int:
        return belenios.public_key_of(self.trustees)

    def private(self, owner: int) -> str:
        """What teller `owner` keeps encrypted at the server."""
        return json.loads(self.voutputs[owner - 1])["private_key"]

    def partial(self, election: Election, tally: str, owner: int) -> str:
        return belenios.partial_decryption(
            election, self.trustees, self.seeds[owner - 1], owner, self.private(owner), tally
        )


def ceremony(threshold: int, count: int, random: Callable[[int], int] | None = None) -> Tellers:
    drawn = {} if random is None else {"random": random}
    seeds = [belenios.new_seed(**drawn) for _ in range(count)]
    certificates = [belenios.certificate(seed, **drawn) for seed in seeds]
    polynomials = [belenios.polynomial(seed, certificates, threshold, **drawn) for seed in seeds]
    vinputs = [belenios.vinput(certificates, polynomials, owner + 1) for owner in range(count)]
    voutputs = [
        belenios.voutput(seed, certificates, given, threshold, **drawn)
        for seed, given in zip(seeds, vinputs, strict=True)
    ]
    trustees = belenios.trustees(threshold, certificates, polynomials, voutputs)
    return Tellers(threshold, seeds, certificates, polynomials, vinputs, voutputs, trustees)


@dataclass(frozen=True)
class Held:
    """An election that was voted on, counted as far as there are partials."""

    election: Election
    tellers: Tellers
    codes: list[str]
    credentials: list[str]
    ballots: list[str]
    tally: str
    partials: dict[int, str] = field(default_factory=dict)
    result: list[list[int]] | None = None

    def archive(self, **changed: object) -> bytes:
        """The archive; `changed` replaces parts of the election beforehand."""
        held = replace(self, **changed)
        return belenios.archive(
            held.election.text,
            held.tellers.trustees,
            held.credentials,
            held.ballots,
            timestamp=TIME,
            tally_text=held.tally,
            partials=held.partials,
            result=held.result,
        )


def election_of(
    tellers: Tellers, uuid: str | None = None, questions: Sequence[Question] = (CHOOSE, AGREE)
) -> Election:
    uuid = uuid or belenios.new_uuid()
    return Election(uuid, "Bỏ phiếu suy tôn", "Cụm thi đua số 1", tellers.key, tuple(questions))


def hold(tellers: Tellers, voters: int, owners: Sequence[int] = (1, 3), abstain: int = 1) -> Held:
    """An election of so many voters, the last `abstain` of whom do not vote."""
    election = election_of(tellers)
    codes = [belenios.new_credential() for _ in range(voters)]
    ballots = [
        belenios.make_ballot(election, code, PAPERS[place % len(PAPERS)])
        for place, code in enumerate(codes[: voters - abstain])
    ]
    return counted(election, tellers, codes, ballots, owners)


def counted(
    election: Election,
    tellers: Tellers,
    codes: list[str],
    ballots: list[str],
    owners: Sequence[int],
) -> Held:
    tally = belenios.encrypted_tally(election, ballots)
    partials = {owner: tellers.partial(election, tally, owner) for owner in owners}
    result = belenios.combine(election, tellers.trustees, tally, partials, len(ballots))
    credentials = [belenios.public_credential(election.uuid, code) for code in codes]
    return Held(election, tellers, codes, credentials, ballots, tally, partials, result)


def expected(papers: Sequence[Sequence[Sequence[int]]]) -> list[list[int]]:
    """The counts of papers in the open."""
    return [
        [sum(column) for column in zip(*rows, strict=True)] for rows in zip(*papers, strict=True)
    ]
