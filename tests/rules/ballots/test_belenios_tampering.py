"""T08: an archive in which anything was added, removed or changed is refused, by us and by the tool."""

import json
from dataclasses import replace

import pytest

from tests.rules.ballots.elections import BLANK, TIME, ceremony, counted
from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import InvalidArchive


def _changed_number(text: str, name: str) -> str:
    """The text with the last digit of the last number called `name` changed."""
    before, _, after = text.rpartition(f'"{name}":"')
    number, _, rest = after.partition('"')
    return f'{before}"{name}":"{int(number) ^ 1}"{rest}'


def _stranger(held):
    return belenios.make_ballot(held.election, belenios.new_credential(), BLANK)


def _added(held):
    return held.archive(ballots=[*held.ballots, _stranger(held)])


def _added_and_counted(held):
    ballots = [*held.ballots, _stranger(held)]
    again = counted(held.election, held.tellers, held.codes, ballots, (1, 3))
    return again.archive()


def _removed(held):
    return held.archive(ballots=held.ballots[1:])


def _changed(held):
    return held.archive(ballots=[_changed_number(held.ballots[0], "response"), *held.ballots[1:]])


def _swapped(held):
    other = belenios.make_ballot(held.election, held.codes[0], BLANK)
    return held.archive(ballots=[other, *held.ballots[1:]])


def _tally_changed(held):
    rows = json.loads(held.tally)
    rows[0][0], rows[0][1] = rows[0][1], rows[0][0]
    return held.archive(tally=json.dumps(rows, separators=(",", ":")))


def _partial_changed(held):
    return held.archive(
        partials={**held.partials, 1: _changed_number(held.partials[1], "response")}
    )


def _partial_of_another_owner(held):
    return held.archive(partials={1: held.partials[1], 2: held.partials[3]})


def _result_changed(held):
    row = held.result[1]
    return held.archive(result=[held.result[0], [row[0], row[2], row[1]]])


def _credential_removed(held):
    return held.archive(credentials=held.credentials[1:])


def _credential_changed(held):
    stranger = belenios.public_credential(held.election.uuid, belenios.new_credential())
    return held.archive(credentials=[stranger, *held.credentials[1:]])


def _other_tellers(held):
    return held.archive(tellers=replace(held.tellers, trustees=ceremony(2, 3).trustees))


TAMPERED = [
    (_added, "có lá phiếu mang mã không có trong danh sách"),
    (_added_and_counted, "có lá phiếu mang mã không có trong danh sách"),
    (_removed, "tổng đã mã hóa không phải tổng của các lá phiếu"),
    (_changed, "chữ ký của lá phiếu không khớp"),
    (_swapped, "tổng đã mã hóa không phải tổng của các lá phiếu"),
    (_partial_changed, "Phần giải mã của người kiểm phiếu số 1"),
    (_partial_of_another_owner, "Phần giải mã của người kiểm phiếu số 2"),
    (_result_changed, "kết quả không khớp"),
    (_credential_removed, "có lá phiếu mang mã không có trong danh sách"),
    (_credential_changed, "có lá phiếu mang mã không có trong danh sách"),
    (_other_tellers, "không phải khóa của cuộc bỏ phiếu này"),
]


@pytest.mark.parametrize(
    ("tamper", "sentence"), TAMPERED, ids=lambda each: getattr(each, "__name__", "")
)
def test_T08_tampered_archive_is_refused_by_us_and_by_the_tool(held, tool, tamper, sentence):
    archive = tamper(held)

    with pytest.raises(InvalidArchive, match=sentence):
        belenios.verify_archive(archive)
    assert not tool.accepts(archive, held.election.uuid)


def test_T08_untouched_archive_is_accepted_by_us_and_by_the_tool(held, tool):
    assert belenios.verify_archive(held.archive()).result == held.result
    assert tool.accepts(held.archive(), held.election.uuid)


def test_T08_written_sum_that_is_not_of_the_ballots_is_refused(held):
    """The tool never reads the written sum: it multiplies the ballots itself. We do both."""
    with pytest.raises(InvalidArchive, match="không phải tổng của các lá phiếu"):
        belenios.verify_archive(_tally_changed(held))


def test_T07_second_ballot_of_a_code_is_refused_though_the_tool_would_count_the_last(held):
    again = belenios.make_ballot(held.election, held.codes[0], BLANK)
    ballots = [*held.ballots, again]

    with pytest.raises(belenios.InvalidBallot, match="hai lá phiếu của cùng một mã"):
        belenios.encrypted_tally(held.election, ballots)
    with pytest.raises(InvalidArchive, match="có mã bỏ phiếu được dùng hai lần"):
        belenios.verify_archive(held.archive(ballots=ballots))


def test_archive_with_the_same_credential_twice_in_the_roll_is_refused(held):
    credentials = [*held.credentials, held.credentials[0]]

    with pytest.raises(InvalidArchive, match="có mã lặp lại"):
        belenios.verify_archive(held.archive(credentials=credentials))


def test_T05_archive_tells_no_order_and_one_time_only(held):
    archive = held.archive(ballots=list(reversed(held.ballots)))

    assert archive == held.archive()
    times = {archive[place + 136 : place + 147] for place in _headers(archive)}
    assert times == {b"%011o" % TIME}


def _headers(data: bytes) -> list[int]:
    places, place = [], 0
    while place < len(data):
        places.append(place)
        size = int(data[place + 124 : place + 135], 8)
        place += 512 + size + -size % 512
    return places
