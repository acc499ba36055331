"""The tellers' key ceremony, and the rehearsal: who sends something wrong is named or refused."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.ballots.elections import ceremony
from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import InvalidCeremony, InvalidPartial, InvalidTally
from thidua.rules.ballots.belenios.channels import keys_of, receive, send
from thidua.rules.ballots.belenios.group import G, P, Q, below, number, power, product
from thidua.rules.ballots.belenios.refusals import Malformed
from thidua.rules.ballots.belenios.tellers import read_trustees
from thidua.rules.ballots.belenios.wire import written


def _again(text, **changed):
    return written({**json.loads(text), **changed})


@pytest.mark.parametrize(("threshold", "count"), [(1, 1), (1, 2), (2, 2), (3, 4), (3, 5)])
def test_any_k_of_n_tellers_find_the_rehearsed_number(threshold, count):
    tellers = ceremony(threshold, count)
    mock = belenios.rehearsal(tellers.key)
    partials = {owner: _rehearsed(tellers, mock, owner) for owner in range(1, count + 1)}

    for owners in itertools.combinations(partials, threshold):
        chosen = {owner: partials[owner] for owner in owners}
        found = belenios.combine_rehearsal(tellers.trustees, mock, chosen)
        assert found == json.loads(mock)["m"]
    assert belenios.combine_rehearsal(tellers.trustees, mock, partials) == json.loads(mock)["m"]


def _rehearsed(tellers, mock, owner):
    seed, private = tellers.seeds[owner - 1], tellers.private(owner)
    return belenios.rehearsal_partial(tellers.trustees, seed, owner, private, mock)


def test_rehearsal_hides_nothing(tellers):
    mock = json.loads(belenios.rehearsal(tellers.key))
    randomness = int(mock["r"])

    assert int(mock["alpha"]) == power(G, randomness)
    assert int(mock["beta"]) == product(
        [power(number(str(tellers.key)), randomness), power(G, mock["m"])]
    )


def test_rehearsal_that_may_hide_a_ballot_is_refused(tellers, held):
    pair = json.loads(held.ballots[0])["answers"][0]["choices"][1]
    mock = _again(belenios.rehearsal(tellers.key), **pair)

    with pytest.raises(InvalidCeremony, match="có thể đây là lá phiếu thật"):
        _rehearsed(tellers, mock, 1)
    with pytest.raises(InvalidCeremony, match="có thể đây là lá phiếu thật"):
        belenios.check_rehearsal_partial(tellers.trustees, 1, mock, "{}")


def test_rehearsed_part_is_checked_and_belongs_to_its_owner(tellers):
    mock = belenios.rehearsal(tellers.key)
    text = _rehearsed(tellers, mock, 1)

    belenios.check_rehearsal_partial(tellers.trustees, 1, mock, text)
    with pytest.raises(InvalidPartial, match="người kiểm phiếu số 2") as caught:
        belenios.check_rehearsal_partial(tellers.trustees, 2, mock, text)
    assert caught.value.owner == 2
    with pytest.raises(InvalidPartial, match="Mới có 1 người kiểm phiếu giải mã; cần ít nhất 2"):
        belenios.combine_rehearsal(tellers.trustees, mock, {1: text})


def test_rehearsal_that_gives_another_number_is_refused(tellers, monkeypatch):
    mock = belenios.rehearsal(tellers.key)
    parts = {owner: _rehearsed(tellers, mock, owner) for owner in (1, 2)}
    monkeypatch.setattr("thidua.rules.ballots.belenios.rehearsing.counts", lambda *_: [[99]])

    with pytest.raises(InvalidTally, match="Diễn tập ra số 99"):
        belenios.combine_rehearsal(tellers.trustees, mock, parts)


def test_new_seed_is_refused_when_not_of_22_letters():
    for seed in ("", "short", "O" * 22, "1" * 23):
        with pytest.raises(InvalidCeremony, match="phải gồm 22 chữ và số"):
            belenios.certificate(seed)


def test_certificate_signed_by_nobody_is_refused(tellers):
    mine, other = (json.loads(text) for text in tellers.certificates[:2])
    for text in (
        written({**mine, "signature": other["signature"]}),
        written({**mine, "message": other["message"]}),
        json.dumps(mine),
        _with_key(tellers.seeds[0], 1),
        _with_key(tellers.seeds[0], int(P) - 1),
        "{}",
    ):
        with pytest.raises(InvalidCeremony, match="Chứng thư của người kiểm phiếu không được nhận"):
            belenios.check_certificate(text)
    for text in tellers.certificates:
        belenios.check_certificate(text)


def _with_key(seed, encryption):
    """A certificate whose encryption key is chosen at will, properly signed."""
    from thidua.rules.ballots.belenios.channels import signed

    keys = keys_of(seed)
    message = {"verification": str(keys.verification), "encryption": str(encryption)}
    return written(signed(keys, written(message), below))


def test_certificates_with_one_teller_twice_or_too_many_are_refused(tellers):
    first = tellers.certificates[0]
    same_seed = belenios.certificate(tellers.seeds[0])

    for texts in ([first, first], [first, same_seed]):
        with pytest.raises(InvalidCeremony, match="có cùng một khóa"):
            belenios.check_certificates(texts)
    for texts in ([], [first] * 31):
        with pytest.raises(InvalidCeremony, match="từ 1 đến 30 người"):
            belenios.check_certificates(texts)


def test_polynomial_of_a_stranger_or_a_wrong_threshold_is_refused(tellers):
    with pytest.raises(InvalidCeremony, match="khóa của bạn không có trong danh sách"):
        belenios.polynomial(belenios.new_seed(), tellers.certificates, 2)
    for threshold in (0, 4):
        with pytest.raises(InvalidCeremony, match="phải từ 1 đến 3"):
            belenios.polynomial(tellers.seeds[0], tellers.certificates, threshold)


def test_check_polynomial_of_another_owner_shape_or_threshold_is_refused(tellers):
    text = tellers.polynomials[0]
    value = json.loads(text)
    for owner, threshold, changed in (
        (2, 2, text),
        (0, 2, text),
        (4, 2, text),
        (1, 3, text),
        (1, 1, text),
        (1, 2, _again(text, secrets=value["secrets"][:2])),
        (1, 2, _again(text, secrets=[*value["secrets"][:2], "{}"])),
        (1, 2, _again(text, polynomial=value["polynomial"].replace('"data":"', '"data":"A'))),
        (1, 2, _again(text, polynomial=value["polynomial"].replace('"data":"', '"data":"0'))),
        (1, 2, _again(text, coefexps=json.loads(tellers.polynomials[1])["coefexps"])),
        (1, 2, "x" * 6_000_000),
    ):
        with pytest.raises(InvalidCeremony, match=f"Phần khóa của người kiểm phiếu số {owner}"):
            belenios.check_polynomial(tellers.certificates, owner, threshold, changed)
    belenios.check_polynomial(tellers.certificates, 1, 2, text)


def test_polynomial_with_bad_commitments_is_refused(tellers):
    for coefficients, sentence in (
        ([str(int(P) - 1), str(G)], "không thuộc nhóm số"),
        (["1", str(G)], "bằng không"),
    ):
        text = _committed(tellers, coefficients)
        with pytest.raises(InvalidCeremony, match=sentence):
            belenios.check_polynomial(tellers.certificates, 1, 2, text)


def _committed(tellers, coefficients, place=0):
    from thidua.rules.ballots.belenios.channels import signed

    message = written({"coefexps": coefficients})
    made = signed(keys_of(tellers.seeds[place]), message, below)
    return _again(tellers.polynomials[place], coefexps=made)


def test_vinput_of_nobody_or_of_too_few_is_refused(tellers):
    with pytest.raises(InvalidCeremony, match="không có người kiểm phiếu này"):
        belenios.vinput(tellers.certificates, tellers.polynomials, 4)
    with pytest.raises(InvalidCeremony, match="phải có 3 mục nhưng có 2"):
        belenios.vinput(tellers.certificates, tellers.polynomials[:2], 1)


def test_voutput_names_the_teller_whose_contribution_is_wrong(tellers):
    given = json.loads(tellers.vinputs[0])
    others = json.loads(tellers.vinputs[1])
    secrets = given["secrets"]
    own = keys_of(tellers.seeds[0])
    wrong = send(keys_of(tellers.seeds[1]), own.encryption, written({"secret": "7"}), below)
    for changed, sentence in (
        ({"secrets": [secrets[0], wrong, secrets[2]]}, r"số 2 không đúng \(giá trị"),
        ({"secrets": [*secrets[:2], others["secrets"][2]]}, r"số 3 không đúng \(thư mật không mở"),
        ({"secrets": [secrets[0], secrets[2], secrets[1]]}, r"số 2 không đúng \(chữ ký"),
        ({"coefexps": given["coefexps"][::-1]}, r"số 1 không đúng \(chữ ký"),
        ({"polynomial": others["polynomial"]}, "thư mật không mở được"),
        ({"polynomial": secrets[0]}, "thiếu mục, thừa mục"),
        ({"secrets": secrets[:2]}, "phải có 3 mục"),
    ):
        text = written({**given, **changed})
        with pytest.raises(InvalidCeremony, match=sentence):
            belenios.voutput(tellers.seeds[0], tellers.certificates, text, 2)


def test_voutput_when_the_tellers_own_part_was_replaced_is_refused(tellers):
    keys = keys_of(tellers.seeds[0])
    other = written({"polynomial": ["1", "2"]})
    given = json.loads(tellers.vinputs[0])
    text = written({**given, "polynomial": send(keys, keys.encryption, other, below)})

    with pytest.raises(InvalidCeremony, match="phần góp của chính bạn đã bị thay đổi"):
        belenios.voutput(tellers.seeds[0], tellers.certificates, text, 2)


def test_voutput_of_contributions_that_cancel_out_is_refused():
    """Two tellers whose polynomials sum to zero at the first: its key would be g^0."""
    from thidua.rules.ballots.belenios.channels import signed
    from thidua.rules.ballots.belenios.group import g_to

    seeds = [belenios.new_seed() for _ in range(2)]
    certificates = [belenios.certificate(seed) for seed in seeds]
    keys = [keys_of(seed) for seed in seeds]
    polynomials = []
    for sender, secret in zip(keys, (5, int(Q) - 5), strict=True):
        value = written({"secret": str(secret)})
        commitments = written({"coefexps": [str(g_to(secret))]})
        raw = written({"polynomial": [str(secret)]})
        polynomials.append(
            written(
                {
                    "polynomial": send(sender, sender.encryption, raw, below),
                    "secrets": [send(sender, to.encryption, value, below) for to in keys],
                    "coefexps": signed(sender, commitments, below),
                }
            )
        )
    given = belenios.vinput(certificates, polynomials, 1)

    with pytest.raises(InvalidCeremony, match="khóa chung bằng không"):
        belenios.voutput(seeds[0], certificates, given, 1)


def test_check_voutput_that_does_not_follow_is_refused(tellers):
    first, second = tellers.voutputs[:2]
    proof = json.loads(second)["public_key"]["pok"]
    public = {**json.loads(first)["public_key"], "pok": proof}
    for owner, text, sentence in (
        (2, first, "không khớp với phần đã góp"),
        (1, second, "không khớp với phần đã góp"),
        (1, _again(first, public_key=public), "không chứng minh được là biết khóa"),
        (1, _again(first, private_key="{}"), "thiếu mục"),
        (4, first, "không có người kiểm phiếu này"),
    ):
        with pytest.raises(InvalidCeremony, match=sentence):
            belenios.check_voutput(tellers.certificates, tellers.polynomials, owner, text)


def test_trustees_of_mixed_up_voutputs_are_refused(tellers):
    with pytest.raises(InvalidCeremony, match="không khớp với phần đã góp"):
        belenios.trustees(2, tellers.certificates, tellers.polynomials, tellers.voutputs[::-1])
    for threshold in (1, 3):
        with pytest.raises(InvalidCeremony, match="phải có"):
            belenios.trustees(
                threshold, tellers.certificates, tellers.polynomials, tellers.voutputs
            )


def test_read_trustees_knows_threshold_and_key(tellers):
    read = read_trustees(tellers.trustees)

    assert read.threshold == 2
    assert len(read.keys) == len(read.certificates) == 3
    assert belenios.public_key_of(tellers.trustees) == tellers.key
    for text in ("[]", '[["Single",{}]]', tellers.trustees + " "):
        with pytest.raises(InvalidCeremony, match="Khóa của tổ kiểm phiếu không dùng được"):
            belenios.read_trustees(text)


@settings(max_examples=12, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_message_is_received_by_its_recipient_only(message):
    sender, recipient, other = (keys_of(belenios.new_seed()) for _ in range(3))

    sent = send(sender, recipient.encryption, message, below)

    assert receive(recipient, sender.verification, sent) == message
    with pytest.raises(Malformed, match="không mở được"):
        receive(other, sender.verification, sent)
    with pytest.raises(Malformed, match="chữ ký"):
        receive(recipient, other.verification, sent)


def test_message_passed_on_to_somebody_else_is_refused():
    """Signed for one, encrypted again to another by whoever opened it."""
    sender, first, second = (keys_of(belenios.new_seed()) for _ in range(3))
    from thidua.rules.ballots.belenios import channels

    signed_for_first = {}
    original = channels.signed

    def remember(keys, message, random):
        return signed_for_first.setdefault("it", original(keys, message, random))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(channels, "signed", remember)
        send(sender, first.encryption, "bí mật", below)
        passed_on = send(sender, second.encryption, "khác", below)
    with pytest.raises(Malformed, match="gửi cho người khác"):
        receive(second, sender.verification, passed_on)


def test_message_with_numbers_outside_the_group_is_refused():
    keys = keys_of(belenios.new_seed())
    sent = json.loads(send(keys, keys.encryption, "x", below))
    text = written({**sent, "alpha": str(int(P) - int(sent["alpha"]))})

    with pytest.raises(Malformed, match="không thuộc nhóm"):
        receive(keys, keys.verification, text)
