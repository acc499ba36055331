"""Reading a published archive (specification, section 4.4): each file is what its name says, each
event follows the one before, and nothing is there that no event refers to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from thidua.rules.ballots.belenios.refusals import InvalidArchive, Malformed, refusing
from thidua.rules.ballots.belenios.tar import HEADER, File, unpacked
from thidua.rules.ballots.belenios.wire import (
    fields,
    read,
    rows,
    sha256_hex,
    whole,
    words,
)

_LONGEST = 10_000_000
_SHORT = 1000
_MOST = 10_000
REFUSED = "Gói lưu trữ cuộc bỏ phiếu không được nhận"
WAY_OUT = "Hãy tải lại gói từ trang kết quả; nếu vẫn vậy, gói đã bị sửa."

_FOLLOWS = {
    "Setup": ("start",),
    "Ballot": ("Setup", "Ballot"),
    "EndBallots": ("Setup", "Ballot"),
    "EncryptedTally": ("EndBallots",),
    "PartialDecryption": ("EncryptedTally", "PartialDecryption"),
    "Result": ("PartialDecryption",),
}


@dataclass(frozen=True)
class Archive:
    """What an archive says, in the order it says it; nothing of it is proved yet."""

    timestamp: int
    election: str
    trustees: str
    credentials: tuple[str, ...]
    ballots: tuple[str, ...] = ()
    is_closed: bool = False
    tally: str | None = None
    counted: int | None = None
    partials: tuple[tuple[int, str], ...] = ()
    result: list[list[int]] | None = None
    has_one_time: bool = True


class _Reader:
    """Takes files one by one; every event must follow the one before and use what precedes it."""

    def __init__(self, files: Sequence[File]) -> None:
        first = files[0]
        if first.name != HEADER:
            raise Malformed("gói không bắt đầu bằng tệp BELENIOS")
        version, timestamp = fields(read(first.text, _SHORT), "version", "timestamp")
        if whole(version, 0, 9) != 1 or not words(timestamp).isdecimal() or len(timestamp) > 11:
            raise Malformed("tệp BELENIOS không đúng phiên bản 1")
        self.timestamp = int(timestamp)
        self.said: dict[str, Any] = {"ballots": [], "partials": []}
        self._waiting: dict[str, str] = {}
        self._parent: str | None = None
        self._height = 0
        self._stage = "start"
        for file in files[1:]:
            self._take(file)
        if self._waiting or self._stage == "start":
            raise Malformed("gói bị thiếu phần cuối")
        self.is_closed = self._stage not in {"Setup", "Ballot"}

    def _take(self, file: File) -> None:
        hash, _, kind = file.name.partition(".")
        if file.name == HEADER or hash != sha256_hex(file.text):
            raise Malformed("nội dung một tệp con không khớp với tên của nó")
        if kind == "event.json":
            self._event(file.text)
            self._parent, self._height = hash, self._height + 1
        elif hash in self._waiting:
            raise Malformed("có tệp con bị lặp lại")
        else:
            self._waiting[hash] = file.text

    def _event(self, text: str) -> None:
        value = read(text, _SHORT)
        names = ["height", "type"]
        names = names if self._parent is None else ["parent", *names]
        if isinstance(value, dict) and "payload" in value:
            names.append("payload")
        fields(value, *names)
        if value.get("parent") != self._parent or whole(value["height"], 0, _MOST) != self._height:
            raise Malformed("chuỗi sự kiện bị đứt hoặc bị đảo")
        kind = words(value["type"])
        before = _FOLLOWS.get(kind)
        if before is None or self._stage not in before:
            raise Malformed("các sự kiện không theo đúng thứ tự")
        self._stage = kind
        payload = self._data(value["payload"]) if "payload" in value else None
        if (payload is None) != (kind == "EndBallots"):
            raise Malformed("một sự kiện thiếu hoặc thừa dữ liệu")
        if payload is not None:
            self._payload(kind, payload)
        if self._waiting:
            raise Malformed("có dữ liệu thừa không thuộc sự kiện nào")

    def _payload(self, kind: str, text: str) -> None:
        if kind == "Setup":
            election, trustees, credentials = fields(
                read(text, _SHORT), "election", "trustees", "credentials"
            )
            self.said["election"] = self._data(election)
            self.said["trustees"] = self._data(trustees)
            listed = rows(read(self._data(credentials), _LONGEST))
            self.said["credentials"] = tuple(words(each) for each in listed)
        elif kind == "Ballot":
            self.said["ballots"].append(text)
        elif kind == "EncryptedTally":
            number, weight, tally = fields(
                read(text, _SHORT), "num_tallied", "total_weight", "encrypted_tally"
            )
            self.said["counted"] = whole(number, 0, _MOST)
            if whole(weight, 0, _MOST * 1000) != number:
                raise Malformed("lá phiếu có trọng số khác nhau; phần mềm này không dùng trọng số")
            self.said["tally"] = self._data(tally)
        elif kind == "PartialDecryption":
            owner, hash = fields(read(text, _SHORT), "owner", "payload")
            self.said["partials"].append((whole(owner, 1, 1000), self._data(hash)))
        else:
            listed = rows(fields(read(text, _LONGEST), "result")[0])
            self.said["result"] = [[whole(each, 0, _MOST) for each in rows(row)] for row in listed]

    def _data(self, hash: Any) -> str:
        """The waiting data file of a hash, which is then used up."""
        text = self._waiting.pop(words(hash), None)
        if text is None:
            raise Malformed("thiếu dữ liệu mà một sự kiện nhắc tới")
        return text


def read_archive(data: bytes) -> Archive:
    """What the archive says. Raises InvalidArchive when it is too large, damaged, or its chain of
    hashes is broken. No proof is checked: `verify_archive` does."""
    with refusing(InvalidArchive, REFUSED, WAY_OUT):
        files = list(unpacked(data))
        if not files:
            raise Malformed("gói rỗng")
        reader = _Reader(files)
    said = dict(reader.said)
    return Archive(
        timestamp=reader.timestamp,
        ballots=tuple(said.pop("ballots")),
        partials=tuple(said.pop("partials")),
        is_closed=reader.is_closed,
        has_one_time={file.time for file in files} == {reader.timestamp},
        **said,
    )
