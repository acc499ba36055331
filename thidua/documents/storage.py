"""Where the bytes of received files lie: under their SHA-256, in two places (threat model T04)."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from thidua.rules.errors import RuleError


def fingerprint(data: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def places(sha256: str) -> tuple[Path, Path]:
    """The file and its second copy."""
    inside = Path(sha256[:2], sha256[2:4], sha256)
    root = Path(settings.FILES_DIR)
    return root / "first" / inside, root / "second" / inside


def put(data: bytes) -> str:
    """Write both copies, flushed to the disk, and return the SHA-256.

    The same content is stored once; a copy that is missing or damaged is written anew.
    """
    sha256 = fingerprint(data)
    for path in places(sha256):
        if not is_whole(path):
            _write(path, data)
    return sha256


def get(sha256: str) -> bytes:
    """The content, checked against its name; the second copy heals a damaged first one.

    Raises RuleError when neither copy is whole: better no file than a changed one.
    """
    first, second = places(sha256)
    for path in (first, second):
        if path.exists():
            data = path.read_bytes()
            if fingerprint(data) == sha256:
                if path is second:
                    _write(first, data)
                return data
    raise RuleError(
        "Tệp lưu trên máy chủ không còn khớp mã băm lúc tiếp nhận nên không được mở. "
        "Hãy báo người quản trị khôi phục từ bản sao lưu."
    )


def is_whole(path: Path) -> bool:
    """The copy is there and its bytes are those of its name."""
    return path.exists() and fingerprint(path.read_bytes()) == path.name


def damaged(sha256s: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """For each content with a missing or changed copy: its SHA-256, and whether it was healed."""
    for sha256 in sha256s:
        first, second = places(sha256)
        whole = [path for path in (first, second) if is_whole(path)]
        if len(whole) == 2:
            continue
        if whole:
            data = whole[0].read_bytes()
            for path in (first, second):
                if path not in whole:
                    _write(path, data)
        yield sha256, bool(whole)


def _write(path: Path, data: bytes) -> None:
    """Whole or absent: a temporary file, flushed, then renamed; removed when the disk is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            unfinished.unlink()
            raise
    unfinished.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
