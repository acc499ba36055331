"""The old-style tar of an archive, read and written strictly: files of known names, nothing else.

Neither the order of voters nor any moment can hide here: every header has the same time and owner.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from thidua.rules.ballots.belenios.refusals import Malformed

HEADER = "BELENIOS"
MOST_BYTES = 64 * 1024 * 1024
_MOST_FILES = 5000
_MOST_FILE = 10_000_000
_BLOCK = 512
_NAME = re.compile(r"BELENIOS|[0-9a-f]{64}\.(?:data|event)\.json", re.ASCII)
_OCTAL = re.compile(rb"[0-7]{11}\0")


class File(NamedTuple):
    name: str
    text: str
    time: int


def packed(files: Iterable[tuple[str, str]], time: int) -> bytes:
    """The tar of (name, text) pairs, every header with the same time."""
    return b"".join(_packed(name, text.encode(), time) for name, text in files)


def _packed(name: str, content: bytes, time: int) -> bytes:
    padding = b"\0" * (-len(content) % _BLOCK)
    return _header(name, len(content), time) + content + padding


def _header(name: str, size: int, time: int) -> bytes:
    before = b"".join(
        (
            name.encode().ljust(100, b"\0"),
            b"0000644\0" + b"0000000\0" * 2,
            b"%011o\0" % size,
            b"%011o\0" % time,
        )
    )
    after = b"0" + b"\0" * 355
    total = sum(before) + sum(after) + 8 * ord(" ")
    return before + b"%06o\0 " % total + after


def unpacked(data: bytes) -> Iterator[File]:
    """The files in order. Raises Malformed at anything this module would not have written."""
    if len(data) > MOST_BYTES:
        raise Malformed("tệp quá lớn")
    if not data or len(data) % _BLOCK:
        raise Malformed("tệp bị cắt cụt hoặc không phải gói lưu trữ")
    place = 0
    for _ in range(_MOST_FILES):
        if place == len(data) or not data[place:].strip(b"\0"):
            return
        file, place = _file(data, place)
        yield file
    raise Malformed("có quá nhiều tệp con")


def _file(data: bytes, place: int) -> tuple[File, int]:
    header = data[place : place + _BLOCK]
    name = header[:100].rstrip(b"\0").decode("ascii", "replace")
    if not _NAME.fullmatch(name):
        raise Malformed("có tệp con mang tên lạ")
    size, time = _octal(header[124:136]), _octal(header[136:148])
    if size > _MOST_FILE or header != _header(name, size, time):
        raise Malformed("phần đầu của một tệp con không đúng khuôn dạng")
    start = place + _BLOCK
    end = start + size
    after = end + -size % _BLOCK
    content = data[start:end]
    if after > len(data) or data[end:after].strip(b"\0"):
        raise Malformed("tệp bị cắt cụt hoặc có dữ liệu thừa")
    try:
        return File(name, content.decode(), time), after
    except UnicodeDecodeError:
        raise Malformed("có tệp con không phải văn bản") from None


def _octal(raw: bytes) -> int:
    if not _OCTAL.fullmatch(raw):
        raise Malformed("phần đầu của một tệp con không đúng khuôn dạng")
    return int(raw[:11], 8)
