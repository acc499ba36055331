"""Reading an archive: bounded, strict, no names or paths of its own choosing."""

import io
import tarfile
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.ballots.elections import TIME
from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import InvalidArchive
from thidua.rules.ballots.belenios.refusals import Malformed
from thidua.rules.ballots.belenios.tar import packed, unpacked
from thidua.rules.ballots.belenios.wire import sha256_hex, written


@pytest.fixture(scope="module")
def files(held):
    return [(file.name, file.text) for file in unpacked(held.archive())]


def _refused(data, sentence="Gói lưu trữ"):
    with pytest.raises(InvalidArchive, match=sentence):
        belenios.read_archive(data)


def _event(height, kind, parent=None, payload=None):
    before = {"parent": parent} if parent else {}
    after = {"payload": payload} if payload else {}
    text = written({**before, "height": height, "type": kind, **after})
    return f"{sha256_hex(text)}.event.json", text


def _data(text):
    return f"{sha256_hex(text)}.data.json", text


def test_read_archive_gives_back_what_was_written(held):
    said = belenios.read_archive(held.archive())

    assert said.timestamp == TIME
    assert said.election == held.election.text
    assert said.trustees == held.tellers.trustees
    assert said.credentials == tuple(sorted(held.credentials))
    assert sorted(said.ballots) == sorted(held.ballots)
    assert said.is_closed
    assert (said.tally, said.counted) == (held.tally, 4)
    assert dict(said.partials) == held.partials
    assert said.result == held.result
    assert said.has_one_time


def test_archive_is_an_ordinary_tar(held):
    with tarfile.open(fileobj=io.BytesIO(held.archive() + b"\0" * 1024)) as read:
        members = read.getmembers()

    assert members[0].name == "BELENIOS"
    assert {(each.mtime, each.uid, each.gid, each.mode) for each in members} == {
        (TIME, 0, 0, 0o644)
    }


def test_archive_with_zero_blocks_at_the_end_is_read(held):
    assert belenios.read_archive(held.archive() + b"\0" * 1024).result == held.result


def test_archive_of_parts_that_need_earlier_ones_is_refused(held):
    with pytest.raises(InvalidArchive, match="còn thiếu tổng đã mã hóa"):
        held.archive(tally=None)
    with pytest.raises(InvalidArchive, match="còn thiếu tổng đã mã hóa"):
        held.archive(partials={})
    for timestamp in (-1, 8**11):
        with pytest.raises(InvalidArchive, match="xem lại đồng hồ"):
            belenios.archive("", "", [], [], timestamp=timestamp)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "cắt cụt"),
        (b"x" * 511, "cắt cụt"),
        (b"\0" * 1024, "gói rỗng"),
        (b"x" * 1024, "tệp con mang tên lạ"),
        (b"PK\x03\x04" + b"\0" * 508, "tệp con mang tên lạ"),
        (packed([("../../etc/passwd", "x")], TIME), "tên lạ"),
        (packed([("/" + "a" * 63 + ".data.json", "x")], TIME), "tên lạ"),
        (packed([("a" * 64 + ".data.json", "x")], TIME), "không bắt đầu bằng tệp BELENIOS"),
        (packed([("BELENIOS", "{}")], TIME), "thiếu mục"),
        (packed([("BELENIOS", '{"version":2,"timestamp":"1"}')], TIME), "phiên bản 1"),
        (packed([("BELENIOS", '{"version":1,"timestamp":"-1"}')], TIME), "phiên bản 1"),
        (packed([("BELENIOS", '{"version":1,"timestamp":"1"}')], TIME), "thiếu phần cuối"),
        (packed([("BELENIOS", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"))], TIME),
         "khuôn dạng"),
    ],
)  # fmt: skip
def test_file_that_is_no_archive_is_refused(data, sentence):
    _refused(data, sentence)


def test_T07_archive_larger_than_the_bound_is_refused_at_once():
    data = bytes(65 * 1024 * 1024)
    began = time.perf_counter()

    _refused(data, "tệp quá lớn")

    assert time.perf_counter() - began < 0.1


def test_archive_with_too_many_files_or_a_huge_one_is_refused(held):
    header = '{"version":1,"timestamp":"1"}'
    _refused(packed([("BELENIOS", header)] * 5001, TIME), "quá nhiều tệp con")
    _refused(packed([("BELENIOS", "x" * 10_000_001)], TIME), "phần đầu của một tệp con")


@pytest.mark.parametrize("place", [100, 108, 116, 124, 136, 148, 156, 157, 200, 257, 345])
def test_archive_with_another_byte_in_a_header_is_refused(held, place):
    data = bytearray(held.archive())
    data[place] ^= 1

    _refused(bytes(data))


def test_archive_that_is_a_link_is_refused():
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as made:
        link = tarfile.TarInfo("BELENIOS")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)

    _refused(data.getvalue(), "phần đầu của một tệp con")


def test_archive_cut_or_with_bytes_hidden_in_the_padding_is_refused(held):
    data = held.archive()

    _refused(data[:-512])
    _refused(data[: len(data) // 1024 * 512])
    _refused(data[:-1] + b"x", "cắt cụt hoặc có dữ liệu thừa")
    _refused(data[:550] + b"\xff" + data[551:])
    _refused(data[:520] + b"\xff" + data[521:], "không phải văn bản")


def test_archive_with_a_file_changed_dropped_repeated_or_moved_is_refused(files):
    for place in range(1, len(files)):
        name, text = files[place]
        _refused(packed([*files[:place], (name, text + " "), *files[place + 1 :]], TIME))
        _refused(packed([*files[:place], files[place], *files[place:]], TIME))
        if place < len(files) - 1:
            _refused(packed([*files[:place], *files[place + 1 :]], TIME))


def test_archive_with_a_broken_chain_is_refused(files):
    setup = files[:6]
    parent = setup[-1][0][:64]
    ballot = _data('{"a":1}')
    hash = ballot[0][:64]
    for added, sentence in (
        ([_event(1, "EndBallots")], "thiếu mục"),
        ([_event(1, "EndBallots", "0" * 64)], "chuỗi sự kiện bị đứt"),
        ([_event(2, "EndBallots", parent)], "chuỗi sự kiện bị đứt"),
        ([_event(1, "Result", parent)], "không theo đúng thứ tự"),
        ([_event(1, "Other", parent)], "không theo đúng thứ tự"),
        ([_event(1, "Ballot", parent)], "thiếu hoặc thừa dữ liệu"),
        ([ballot, _event(1, "EndBallots", parent, hash)], "thiếu hoặc thừa dữ liệu"),
        ([_event(1, "Ballot", parent, hash)], "thiếu dữ liệu"),
        ([ballot, _event(1, "EndBallots", parent)], "dữ liệu thừa"),
        ([ballot], "thiếu phần cuối"),
        ([ballot, ballot], "lặp lại"),
        ([("BELENIOS", setup[0][1])], "không khớp với tên"),
    ):
        _refused(packed([*setup, *added], TIME), sentence)
    assert belenios.read_archive(packed(setup, TIME)).is_closed is False


def test_archive_with_weights_is_refused(held, files):
    closed = files[: 6 + 2 * len(held.ballots) + 1]
    tally = _data(held.tally)
    sized = {"num_tallied": 4, "total_weight": 5, "encrypted_tally": tally[0][:64]}
    payload = _data(written(sized))
    height = len(held.ballots) + 2
    event = _event(height, "EncryptedTally", closed[-1][0][:64], payload[0][:64])

    _refused(packed([*closed, tally, payload, event], TIME), "không dùng trọng số")


def test_verify_archive_in_the_order_of_voting_is_refused_unless_asked(held, files):
    """The tool keeps the order in which ballots came; ours must not tell it."""
    credentials = sorted(held.credentials, reverse=True)
    data = _renamed(files, credentials)

    with pytest.raises(InvalidArchive, match="có thể lộ ai bỏ trước"):
        belenios.verify_archive(data)
    assert belenios.verify_archive(data, any_order=True).result is None


def _renamed(files, credentials):
    """The set-up of the archive with the credentials in another order."""
    header, election, trustees = files[:3]
    listed = _data(written(credentials))
    setup = _data(
        written(
            {
                "election": election[0][:64],
                "trustees": trustees[0][:64],
                "credentials": listed[0][:64],
            }
        )
    )
    event = _event(0, "Setup", None, setup[0][:64])
    return packed([header, election, trustees, listed, setup, event], TIME)


def test_verify_archive_with_different_times_is_refused(held):
    data = held.archive()
    parts = list(unpacked(data))
    later = packed([(parts[0].name, parts[0].text)], TIME) + packed(
        [(file.name, file.text) for file in parts[1:]], TIME + 1
    )

    with pytest.raises(InvalidArchive, match="thời điểm khác nhau"):
        belenios.verify_archive(later)
    assert belenios.verify_archive(later, any_order=True).result == held.result


def test_verify_archive_with_a_credential_outside_the_group_is_refused(held):
    for odd, sentence in (
        ("2", "không thuộc nhóm"),
        ("1", "không hợp lệ"),
        ("07", "không viết đúng"),
    ):
        with pytest.raises(InvalidArchive, match=sentence):
            belenios.verify_archive(held.archive(credentials=[*held.credentials, odd]))


def test_verify_archive_with_one_teller_twice_is_refused(held, files):
    again = files[-5:-2]
    parent, height = files[-3][0][:64], 0
    height = len(held.ballots) + 5
    payload = again[1]
    event = _event(height, "PartialDecryption", parent, payload[0][:64])
    data = packed([*files[:-2], again[0], payload, event], TIME)

    with pytest.raises(InvalidArchive, match="giải mã hai lần"):
        belenios.verify_archive(data)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=700), max_size=5),
    st.integers(0, 8**11 - 1),
)
def test_any_texts_are_unpacked_as_they_were_packed(texts, moment):
    packed_files = [_data(text) for text in texts]
    data = packed(packed_files, moment)

    if not texts:
        with pytest.raises(Malformed):
            list(unpacked(data))
    else:
        assert [tuple(file) for file in unpacked(data)] == [
            (name, text, moment) for name, text in packed_files
        ]
