"""The published archive (specification, section 4.4): all public data of an election, hash-chained.

Ballots are written in the order of their trackers and every header has one time, so the archive
tells neither who voted first nor when anybody did.
"""

from collections.abc import Mapping, Sequence

from thidua.rules.ballots.belenios.refusals import InvalidArchive
from thidua.rules.ballots.belenios.tar import HEADER, packed
from thidua.rules.ballots.belenios.wire import fingerprint, sha256_hex, written

_MOST_TIME = 8**11 - 1


class _Writer:
    """Files in order, each event chained to the one before."""

    def __init__(self, timestamp: int) -> None:
        header = written({"version": 1, "timestamp": str(timestamp)})
        self.files = [(HEADER, header)]
        self._parent: dict[str, str] = {}
        self._height = 0

    def data(self, text: str) -> str:
        """Adds a data file. Out: its hash."""
        hash = sha256_hex(text)
        self.files.append((f"{hash}.data.json", text))
        return hash

    def event(self, kind: str, payload: str | None = None) -> None:
        about = {"payload": payload} if payload is not None else {}
        text = written({**self._parent, "height": self._height, "type": kind, **about})
        hash = sha256_hex(text)
        self.files.append((f"{hash}.event.json", text))
        self._parent, self._height = {"parent": hash}, self._height + 1


def archive(
    election_text: str,
    trustees_text: str,
    credentials: Sequence[str],
    ballots: Sequence[str],
    *,
    timestamp: int,
    tally_text: str | None = None,
    partials: Mapping[int, str] | None = None,
    result: Sequence[Sequence[int]] | None = None,
) -> bytes:
    """The archive of a closed election, as far as it is counted. `timestamp`: seconds, one for all.

    Raises InvalidArchive when later parts are given without the earlier ones.
    """
    if (partials and tally_text is None) or (result is not None and not partials):
        raise InvalidArchive(
            "Chưa lập được gói lưu trữ: còn thiếu tổng đã mã hóa hoặc phần giải mã. Hãy kiểm phiếu trước."
        )
    if not 0 <= timestamp <= _MOST_TIME:
        raise InvalidArchive(
            "Thời điểm ghi trong gói lưu trữ không hợp lệ. Hãy xem lại đồng hồ máy chủ."
        )
    writer = _Writer(timestamp)
    _write_setup(writer, election_text, trustees_text, credentials)
    for ballot in sorted(ballots, key=fingerprint):
        writer.event("Ballot", writer.data(ballot))
    writer.event("EndBallots")
    if tally_text is not None:
        _write_tally(writer, tally_text, len(ballots))
    for owner, partial in sorted((partials or {}).items()):
        owned = {"owner": owner, "payload": writer.data(partial)}
        writer.event("PartialDecryption", writer.data(written(owned)))
    if result is not None:
        writer.event("Result", writer.data(written({"result": [list(row) for row in result]})))
    return packed(writer.files, timestamp)


def _write_setup(writer: _Writer, election: str, trustees: str, credentials: Sequence[str]) -> None:
    setup = {
        "election": writer.data(election),
        "trustees": writer.data(trustees),
        "credentials": writer.data(written(sorted(credentials))),
    }
    writer.event("Setup", writer.data(written(setup)))


def _write_tally(writer: _Writer, tally: str, ballots: int) -> None:
    hash = writer.data(tally)
    sized = {"num_tallied": ballots, "total_weight": ballots, "encrypted_tally": hash}
    writer.event("EncryptedTally", writer.data(written(sized)))
