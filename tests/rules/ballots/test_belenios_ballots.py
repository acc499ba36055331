"""T07: a ballot counts only as its voter made it, once, in the election it was made for."""

import json
import time

import pytest

from tests.rules.ballots.elections import AGREE, BLANK, CHOOSE, PAPERS, election_of
from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import InvalidBallot
from thidua.rules.ballots.belenios.credentials import secret_exponent
from thidua.rules.ballots.belenios.group import P, Q, below
from thidua.rules.ballots.belenios.proofs import know, proof_json
from thidua.rules.ballots.belenios.wire import fingerprint, written


@pytest.fixture(scope="module")
def election(tellers):
    return election_of(tellers)


@pytest.fixture(scope="module")
def code():
    return belenios.new_credential()


@pytest.fixture(scope="module")
def ballot(election, code):
    return belenios.make_ballot(election, code, PAPERS[0])


def _signed_again(election, code, value):
    """The ballot with its hash and signature made anew, as its own voter could."""
    value = {name: each for name, each in value.items() if name != "signature"}
    hash = fingerprint(written(value))
    proof = know(secret_exponent(election.uuid, code), f"sig|{hash}|", below)
    return written({**value, "signature": {"hash": hash, "proof": proof_json(proof)}})


def _refused(election, text, sentence):
    with pytest.raises(InvalidBallot, match=sentence) as caught:
        belenios.check_ballot(election, text)
    assert str(caught.value).endswith("Hãy tải lại trang bỏ phiếu và bỏ phiếu lại.")


@pytest.mark.parametrize("paper", [*PAPERS, [[0, 0, 0, 1], [1, 0, 0]]])
def test_make_ballot_is_accepted_with_credential_and_tracker(election, code, paper):
    text = belenios.make_ballot(election, code, paper)

    checked = belenios.check_ballot(election, text)

    assert checked.credential == belenios.public_credential(election.uuid, code)
    assert checked.tracker == fingerprint(text)
    assert len(checked.tracker) == 43


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        ([[0, 0, 0, 0], [0, 0, 0]], "phải chọn từ 1 đến 2, đã chọn 0"),
        ([[0, 1, 1, 1], [0, 0, 0]], "phải chọn từ 1 đến 2, đã chọn 3"),
        ([[1, 1, 0, 0], [0, 0, 0]], "phiếu trắng thì không được chọn gì khác"),
        ([[0, 2, 0, 0], [0, 0, 0]], "lựa chọn không khớp với câu hỏi"),
        ([[0, 1, 0], [0, 0, 0]], "lựa chọn không khớp với câu hỏi"),
        ([[0, 1, 0, 0]], "phải trả lời mọi câu hỏi"),
    ],
)
def test_make_ballot_the_question_does_not_allow_is_refused(election, code, paper, sentence):
    with pytest.raises(InvalidBallot, match=sentence):
        belenios.make_ballot(election, code, paper)


@pytest.mark.parametrize(
    "respell",
    [
        lambda text: text + "\n",
        lambda text: text.replace(",", ", ", 1),
        lambda text: text.replace('"alpha":"', '"alpha":"0', 1),
        lambda text: text.replace('"alpha":"', '"alpha":"+', 1),
        lambda text: text.replace('"alpha":"', '"alpha":" ', 1),
        lambda text: text.replace("a", "\\u0061", 1),
        lambda text: text[:-1] + ',"more":"1"}',
        lambda text: text[:-1] + ',"credential":"1"}',
        lambda text: '{"credential":"1",' + text[1:],
        lambda text: json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":")),
        lambda text: text[:-1],
        lambda text: text + text,
        lambda text: text.replace('"alpha":"', '"alpha":"\ud800', 1),
        lambda text: text.replace('"alpha":"', '"alpha":"٣', 1),
    ],
)
def test_T07_ballot_in_another_spelling_is_refused(election, ballot, respell):
    assert respell(ballot) != ballot
    with pytest.raises(InvalidBallot):
        belenios.check_ballot(election, respell(ballot))


@pytest.mark.parametrize("text", ["", "null", "[]", "7", '"a"', "{}", "[" * 9000, "NaN", "1e999"])
def test_T07_text_that_is_no_ballot_is_refused(election, text):
    with pytest.raises(InvalidBallot):
        belenios.check_ballot(election, text)


def test_T07_hostile_ten_megabytes_are_refused_before_parsing(election):
    began = time.perf_counter()

    _refused(election, "[" * 10_000_000, "dài quá mức")

    assert time.perf_counter() - began < 0.05


def test_T07_ballot_of_another_election_is_refused(tellers, election, code):
    other = election_of(tellers)
    same_uuid = election_of(tellers, election.uuid, [AGREE, CHOOSE])

    for foreign, paper in ((other, PAPERS[0]), (same_uuid, PAPERS[0][::-1])):
        text = belenios.make_ballot(foreign, code, paper)
        _refused(election, text, "được lập cho một cuộc bỏ phiếu khác")


def test_T07_ballot_of_another_election_under_this_name_is_refused(tellers, election, code):
    value = json.loads(belenios.make_ballot(election_of(tellers), code, PAPERS[0]))
    value |= {"election_uuid": election.uuid, "election_hash": election.fingerprint}

    _refused(election, _signed_again(election, code, value), "chữ ký|chứng minh")


def test_T07_copied_ballot_signed_by_another_voter_is_refused(election, ballot):
    thief = belenios.new_credential()
    stolen = json.loads(ballot)
    stolen["credential"] = belenios.public_credential(election.uuid, thief)

    _refused(
        election, _signed_again(election, thief, stolen), "chứng minh trong lá phiếu không đúng"
    )


def test_T07_ballot_under_a_credential_of_somebody_else_is_refused(election, ballot):
    value = json.loads(ballot)
    value["credential"] = belenios.public_credential(election.uuid, belenios.new_credential())

    _refused(election, _signed_again(election, belenios.new_credential(), value), "chữ ký")


def test_T07_ballot_changed_after_signing_is_refused(election, ballot):
    value = json.loads(ballot)
    value["answers"][0]["choices"].reverse()

    _refused(election, written(value), "bị thay đổi sau khi ký")


def test_T07_ballot_with_the_trivial_credential_is_refused(election, ballot):
    """Anyone can sign for g^0 = 1."""
    value = {**json.loads(ballot), "credential": "1"}
    del value["signature"]
    hash = fingerprint(written(value))
    proof = proof_json(know(0, f"sig|{hash}|", below))

    _refused(election, written({**value, "signature": {"hash": hash, "proof": proof}}), "chữ ký")


def test_T07_choices_put_in_another_order_by_their_voter_are_refused(election, code, ballot):
    value = json.loads(ballot)
    value["answers"][0]["choices"].reverse()

    _refused(election, _signed_again(election, code, value), "chứng minh trong lá phiếu")


@pytest.mark.parametrize("proofs", ["blank_proof", "overall_proof"])
@pytest.mark.parametrize("question", [0, 1])
def test_T07_each_rule_of_a_question_must_be_proved(election, code, ballot, question, proofs):
    value = json.loads(ballot)
    proof = value["answers"][question][proofs][0]
    proof["response"] = str(int(proof["response"]) ^ 1)

    _refused(election, _signed_again(election, code, value), "chứng minh trong lá phiếu")


@pytest.mark.parametrize("field", ["challenge", "response"])
def test_T07_exponent_plus_the_order_of_the_group_is_refused(election, code, ballot, field):
    """The proof would still hold: the same ballot under another tracker."""
    value = json.loads(ballot)
    proof = value["answers"][0]["individual_proofs"][0][0]
    proof[field] = str(int(proof[field]) + int(Q))

    _refused(election, _signed_again(election, code, value), "ngoài khoảng cho phép")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda alpha: alpha + P, "ngoài khoảng cho phép|không viết đúng"),
        (lambda alpha: P - alpha, "không thuộc nhóm"),
        (lambda alpha: alpha + 1, "không thuộc nhóm"),
        (lambda alpha: 0, "ngoài khoảng cho phép"),
        (lambda alpha: 10**700, "không viết đúng"),
    ],
)
def test_T07_number_outside_the_group_is_refused(election, code, ballot, change, sentence):
    value = json.loads(ballot)
    pair = value["answers"][0]["choices"][1]
    pair["alpha"] = str(change(int(pair["alpha"])))

    _refused(election, _signed_again(election, code, value), sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda answer: answer["choices"].pop(), "phải có 4 mục nhưng có 3"),
        (lambda answer: answer["overall_proof"].pop(), "phải có 3 mục nhưng có 2"),
        (lambda answer: answer["individual_proofs"][0].pop(), "phải có 2 mục nhưng có 1"),
        (lambda answer: answer.pop("blank_proof"), "thiếu mục, thừa mục"),
        (lambda answer: answer.update(choices="x"), "không đúng khuôn dạng"),
        (lambda answer: answer["choices"][0].update(alpha=3), "không viết đúng cách"),
    ],
)
def test_T07_answer_of_another_shape_is_refused(election, code, ballot, change, sentence):
    value = json.loads(ballot)
    change(value["answers"][0])

    _refused(election, _signed_again(election, code, value), sentence)


def test_T07_hash_that_is_no_text_is_refused(election, ballot):
    value = json.loads(ballot)
    value["signature"]["hash"] = 7

    _refused(election, written(value), "không đúng khuôn dạng")


def test_two_ballots_of_the_same_choices_have_nothing_in_common(election, code):
    first, second = (belenios.make_ballot(election, code, BLANK) for _ in range(2))

    assert json.loads(first)["credential"] == json.loads(second)["credential"]
    for one, other in zip(json.loads(first)["answers"], json.loads(second)["answers"], strict=True):
        numbers = {pair[name] for pair in one["choices"] for name in pair}
        assert numbers.isdisjoint(pair[name] for pair in other["choices"] for name in pair)


def test_ballots_of_one_election_have_nearly_one_length(election, code):
    lengths = {len(belenios.make_ballot(election, code, paper)) for paper in PAPERS}

    assert max(lengths) - min(lengths) < 60
