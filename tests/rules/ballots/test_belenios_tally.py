"""Counting with k of n tellers: fewer never, a wrong part is named, the sum comes out right."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.ballots.elections import AGREE, PAPERS, ceremony, election_of, expected
from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import InvalidPartial, InvalidTally
from thidua.rules.ballots.belenios.wire import written


def _combined(held, partials, ballots=4):
    tellers = held.tellers
    return belenios.combine(held.election, tellers.trustees, held.tally, partials, ballots)


def test_combine_by_any_two_of_three_gives_the_counts(held):
    partials = {
        owner: held.tellers.partial(held.election, held.tally, owner) for owner in (1, 2, 3)
    }

    for owners in [*itertools.combinations((1, 2, 3), 2), (3, 1), (1, 2, 3)]:
        counts = _combined(held, {owner: partials[owner] for owner in owners})
        assert counts == expected(PAPERS)


@pytest.mark.parametrize("owners", [(), (1,), (3,)])
def test_combine_by_fewer_than_k_tellers_is_refused(held, owners):
    partials = {owner: held.partials[owner] for owner in owners}

    with pytest.raises(InvalidPartial, match=f"Mới có {len(owners)} người .* cần ít nhất 2"):
        _combined(held, partials)


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.sampled_from([[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1]]), max_size=6)
)
def test_counts_of_any_papers_are_their_sums(papers):
    tellers = ceremony(2, 2)
    election = election_of(tellers, questions=[AGREE])
    ballots = [
        belenios.make_ballot(election, belenios.new_credential(), [paper]) for paper in papers
    ]
    tally = belenios.encrypted_tally(election, ballots)
    partials = {owner: tellers.partial(election, tally, owner) for owner in (1, 2)}

    counts = belenios.combine(election, tellers.trustees, tally, partials, len(ballots))

    assert counts == (expected([[paper] for paper in papers]) if papers else [[0, 0, 0]])


def test_wrong_partial_is_named_by_its_owner(held):
    value = json.loads(held.partials[3])
    factors, proofs = value["decryption_factors"], value["decryption_proofs"]
    swapped = [[*factors[0][::-1]], factors[1]]
    off = [[{**proofs[0][0], "response": "7"}, *proofs[0][1:]], proofs[1]]
    outside = [["2", *factors[0][1:]], factors[1]]
    for text in (
        written({**value, "decryption_factors": swapped}),
        written({**value, "decryption_factors": outside}),
        written({**value, "decryption_factors": factors[:1]}),
        written({**value, "decryption_proofs": off}),
        written({**value, "decryption_proofs": [proofs[0][:2], proofs[1]]}),
        held.partials[1],
        "{}",
        "",
        "x" * 11_000_000,
    ):
        with pytest.raises(InvalidPartial, match="người kiểm phiếu số 3 không được nhận") as caught:
            _combined(held, {**held.partials, 3: text})
        assert caught.value.owner == 3


def test_partial_of_no_teller_is_refused(held):
    for owner in (0, 4):
        with pytest.raises(InvalidPartial, match=f"số {owner} không được nhận: không có"):
            _combined(held, {**held.partials, owner: held.partials[1]})


def test_check_partial_of_another_tally_or_election_is_refused(held, tellers):
    text = held.partials[1]
    other = election_of(tellers)
    less = belenios.encrypted_tally(held.election, held.ballots[1:])

    belenios.check_partial(held.election, tellers.trustees, 1, held.tally, text)
    for election, tally in ((other, held.tally), (held.election, less)):
        with pytest.raises(InvalidPartial, match="chứng minh giải mã không đúng"):
            belenios.check_partial(election, tellers.trustees, 1, tally, text)


def test_combine_of_more_votes_than_ballots_is_refused(held):
    with pytest.raises(InvalidTally, match="Giải mã không ra số phiếu hợp lý"):
        _combined(held, held.partials, ballots=1)


def test_tally_of_another_shape_or_outside_the_group_is_refused(held):
    rows = json.loads(held.tally)
    outside = [[{**rows[0][0], "alpha": "2"}, *rows[0][1:]], rows[1]]
    for text in ("[]", written(rows[:1]), written([rows[0][:2], rows[1]]), written(outside)):
        with pytest.raises(InvalidTally, match="Tổng số phiếu đã mã hóa không dùng được"):
            belenios.combine(held.election, held.tellers.trustees, text, held.partials, 4)


def test_tellers_of_another_election_are_refused(held):
    stranger = ceremony(2, 3)

    with pytest.raises(InvalidTally, match="không phải khóa của cuộc bỏ phiếu này"):
        stranger.partial(held.election, held.tally, 1)


def test_partial_with_somebody_elses_file_is_refused(held):
    election, tellers = held.election, held.tellers
    for seed, owner, private, sentence in (
        (tellers.seeds[1], 1, tellers.private(1), "không phải của người kiểm phiếu số 1"),
        (tellers.seeds[0], 1, tellers.private(2), "thư mật không mở được"),
        (tellers.seeds[0], 4, tellers.private(1), "không có người kiểm phiếu này"),
        (tellers.seeds[0], 1, "{}", "thiếu mục"),
    ):
        with pytest.raises(InvalidPartial, match=sentence):
            belenios.partial_decryption(
                election, tellers.trustees, seed, owner, private, held.tally
            )


def test_partial_with_the_key_of_an_earlier_ceremony_is_refused(held):
    """Same seed, other polynomials: the seed fits, the decryption key does not."""
    tellers = held.tellers
    certificates, seeds = tellers.certificates, tellers.seeds
    polynomials = [belenios.polynomial(seed, certificates, 2) for seed in seeds]
    given = belenios.vinput(certificates, polynomials, 1)
    private = json.loads(belenios.voutput(seeds[0], certificates, given, 2))["private_key"]

    with pytest.raises(InvalidPartial, match="không khớp với khóa đã công bố"):
        belenios.partial_decryption(
            held.election, tellers.trustees, seeds[0], 1, private, held.tally
        )
