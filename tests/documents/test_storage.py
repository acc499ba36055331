"""T04: what was received is what is handed out, or nothing is."""

import pytest

from thidua.documents import storage
from thidua.rules.errors import RuleError

CONTENT = "minh chứng".encode() * 100


def flip(path):
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(bytes(data))


def test_put_keeps_two_copies_under_the_fingerprint(files_dir):
    sha256 = storage.put(CONTENT)

    first, second = storage.places(sha256)
    assert sha256 == storage.fingerprint(CONTENT)
    assert first.read_bytes() == second.read_bytes() == CONTENT
    assert not list(files_dir.rglob("tmp*"))


def test_put_the_same_content_again_writes_nothing(files_dir):
    first, _ = storage.places(storage.put(CONTENT))
    written = first.stat().st_ino

    storage.put(CONTENT)

    assert first.stat().st_ino == written
    assert len([path for path in files_dir.rglob("*") if path.is_file()]) == 2


def test_get_returns_the_content(files_dir):
    assert storage.get(storage.put(CONTENT)) == CONTENT


@pytest.mark.parametrize("place", [0, 1])
def test_T04_one_flipped_byte_is_reported_and_healed_from_the_other_copy(files_dir, place):
    sha256 = storage.put(CONTENT)
    path = storage.places(sha256)[place]
    flip(path)

    assert list(storage.damaged(iter([sha256]))) == [(sha256, True)]
    assert path.read_bytes() == CONTENT
    assert list(storage.damaged(iter([sha256]))) == []


def test_T04_a_missing_copy_is_reported_and_healed(files_dir):
    sha256 = storage.put(CONTENT)
    storage.places(sha256)[1].unlink()

    assert list(storage.damaged(iter([sha256]))) == [(sha256, True)]
    assert storage.is_whole(storage.places(sha256)[1])


def test_T04_get_heals_a_damaged_first_copy(files_dir):
    sha256 = storage.put(CONTENT)
    first, _ = storage.places(sha256)
    flip(first)

    assert storage.get(sha256) == CONTENT
    assert first.read_bytes() == CONTENT


def test_T04_both_copies_damaged_are_reported_and_never_handed_out(files_dir):
    sha256 = storage.put(CONTENT)
    for path in storage.places(sha256):
        flip(path)

    assert list(storage.damaged(iter([sha256]))) == [(sha256, False)]
    with pytest.raises(RuleError, match="không còn khớp mã băm"):
        storage.get(sha256)


def test_T04_put_again_heals_a_damaged_copy(files_dir):
    sha256 = storage.put(CONTENT)
    for path in storage.places(sha256):
        flip(path)

    storage.put(CONTENT)

    assert storage.get(sha256) == CONTENT


def test_R04_a_full_disk_leaves_nothing_unfinished(files_dir, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        storage.put(CONTENT)

    assert [path for path in files_dir.rglob("*") if path.is_file()] == []
