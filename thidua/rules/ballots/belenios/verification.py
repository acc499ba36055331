"""Everything anyone can check of a published archive, from the keys to the result.

What `belenios-tool election verify` checks, and besides: no voting code was used twice, and the
order of credentials and ballots is that of their texts, so it tells nothing.
"""

import hashlib
from typing import NamedTuple

from thidua.rules.ballots.belenios.election import Election, read_election
from thidua.rules.ballots.belenios.group import all_members
from thidua.rules.ballots.belenios.reading import REFUSED, WAY_OUT, Archive, read_archive
from thidua.rules.ballots.belenios.refusals import InvalidArchive, Malformed, refusing
from thidua.rules.ballots.belenios.tally import (
    Sums,
    counts,
    read_partial,
    summed,
    sums_text,
    trustees_of,
)
from thidua.rules.ballots.belenios.tellers import Trustees
from thidua.rules.ballots.belenios.voting import Ballot, check_proofs, elements, read_ballot
from thidua.rules.ballots.belenios.wire import element
from thidua.rules.errors import RuleError


class Verified(NamedTuple):
    """An archive that holds. `result` is None while it is not counted; `fingerprint` is the
    SHA-256 of the whole file in hexadecimal."""

    archive: Archive
    election: Election
    trustees: Trustees
    trackers: tuple[str, ...]
    result: list[list[int]] | None
    fingerprint: str


def verify_archive(data: bytes, *, any_order: bool = False) -> Verified:
    """The archive, when everything in it holds; raises InvalidArchive with what does not.

    `any_order`: made by another program, which may keep the order in which people voted.
    """
    said = read_archive(data)
    try:
        with refusing(InvalidArchive, REFUSED, WAY_OUT):
            return _verified(said, any_order, hashlib.sha256(data).hexdigest())
    except InvalidArchive:
        raise
    except RuleError as error:
        raise InvalidArchive(f"{REFUSED}. {error}") from None


def _verified(said: Archive, any_order: bool, fingerprint: str) -> Verified:
    election = read_election(said.election)
    trustees = trustees_of(election, said.trustees)
    credentials = [element(each) for each in said.credentials]
    ballots = [read_ballot(election, text) for text in said.ballots]
    if not any_order:
        _check_order(said, ballots)
    _check_roll(credentials, ballots)
    numbers = [each for ballot in ballots for each in elements(ballot)]
    if not all_members([*credentials, *numbers]):
        raise Malformed("có số không thuộc nhóm số của giao thức")
    for ballot in ballots:
        check_proofs(election, ballot)
    sums = summed(election, ballots)
    _check_tally(said, sums, len(ballots))
    _check_result(said, election, trustees, sums)
    trackers = tuple(ballot.tracker for ballot in ballots)
    return Verified(said, election, trustees, trackers, said.result, fingerprint)


def _check_order(said: Archive, ballots: list[Ballot]) -> None:
    trackers = [ballot.tracker for ballot in ballots]
    if list(said.credentials) != sorted(said.credentials) or trackers != sorted(trackers):
        raise Malformed(
            "thứ tự các lá phiếu hoặc mã không phải thứ tự chữ nên có thể lộ ai bỏ trước"
        )
    if not said.has_one_time:
        raise Malformed("các tệp con mang thời điểm khác nhau nên có thể lộ ai bỏ trước")


def _check_roll(credentials: list[int], ballots: list[Ballot]) -> None:
    roll = set(credentials)
    if len(roll) != len(credentials) or 1 in roll:
        raise Malformed("danh sách mã bỏ phiếu có mã lặp lại hoặc không hợp lệ")
    used = [ballot.credential for ballot in ballots]
    if len(set(used)) != len(used):
        raise Malformed("có mã bỏ phiếu được dùng hai lần")
    if not roll.issuperset(used):
        raise Malformed("có lá phiếu mang mã không có trong danh sách")


def _check_tally(said: Archive, sums: Sums, ballots: int) -> None:
    if said.tally is None:
        return
    if said.counted != ballots or said.tally != sums_text(sums):
        raise Malformed("tổng đã mã hóa không phải tổng của các lá phiếu trong gói")


def _check_result(said: Archive, election: Election, trustees: Trustees, sums: Sums) -> None:
    """Every partial decryption is checked, also when there is no result yet."""
    partials = dict(said.partials)
    if len(partials) != len(said.partials):
        raise Malformed("một người kiểm phiếu giải mã hai lần")
    if said.result is None:
        for owner, text in said.partials:
            read_partial(election.fingerprint, trustees, owner, sums, text)
        return
    if counts(election.fingerprint, trustees, sums, partials, len(said.ballots)) != said.result:
        raise Malformed("kết quả không khớp với phần giải mã")
