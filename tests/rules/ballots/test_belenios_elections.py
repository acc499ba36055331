"""The text of an election, and voting codes."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.ballots.elections import AGREE, CHOOSE, election_of
from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import InvalidCredential, InvalidElection, Question
from thidua.rules.ballots.belenios.base58 import ALPHABET
from thidua.rules.ballots.belenios.group import P

UUID = "c2oP91heGEKwC4"
PUBLIC_OF_THE_TOOL = "905232374289349642175115271177405519044793860806179587096436"


@pytest.fixture(scope="module")
def election(tellers):
    return election_of(tellers)


def test_read_election_gives_back_what_was_written(election):
    text = election.text

    assert belenios.read_election(text) == election
    assert belenios.read_election(text).fingerprint == election.fingerprint
    assert list(json.loads(text)) == [
        *("version", "description", "name", "group", "public_key", "questions", "uuid")
    ]
    assert list(json.loads(text)["questions"][0]) == [
        *("answers", "blank", "min", "max", "question")
    ]
    assert "Tỉnh “A”" in text


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + " ",
        lambda text: text.replace('"version":1', '"version":2'),
        lambda text: text.replace('"version":1', '"version":1.0'),
        lambda text: text.replace('"version":1', '"version":true'),
        lambda text: text.replace("BELENIOS-2048", "RFC-3526-2048"),
        lambda text: text.replace('"min":1', '"min":true'),
        lambda text: text.replace('"min":1', '"min":3'),
        lambda text: text.replace('"max":2', '"max":101'),
        lambda text: text.replace('"blank":true', '"blank":false'),
        lambda text: text.replace('"public_key":"', '"public_key":"1'),
        lambda text: text.replace('"uuid":"', '"uuid":"0'),
        lambda text: text.replace('"name":"Bỏ', '"name":"\\u0001'),
        lambda text: text.replace('"name":"Bỏ phiếu suy tôn"', '"name":7'),
        lambda text: text[:-1] + ',"administrator":"a"}',
        lambda text: "x" * 600_000,
    ],
)
def test_read_election_of_another_spelling_or_kind_is_refused(election, change):
    assert change(election.text) != election.text
    with pytest.raises(InvalidElection):
        belenios.read_election(change(election.text))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"uuid": "short"}, "mã của cuộc bỏ phiếu"),
        ({"public_key": 1}, "khóa công khai"),
        ({"public_key": int(P) - 1}, "khóa công khai"),
        ({"public_key": 3}, "khóa công khai"),
        ({"questions": ()}, "từ 1 đến 30 câu hỏi"),
        ({"name": "dòng\nhai"}, "ký tự điều khiển"),
        ({"description": "x" * 1001}, "tối đa 1000 ký tự"),
        ({"questions": (replace(AGREE, answers=()),)}, "từ 1 đến 100 lựa chọn"),
        ({"questions": (replace(AGREE, least=2, most=1),)}, "số lựa chọn ít nhất"),
        ({"questions": (replace(AGREE, most=0),)}, "số lựa chọn ít nhất"),
        ({"questions": (replace(AGREE, most=3),)}, "số lựa chọn ít nhất"),
        ({"questions": (replace(AGREE, least=-1),)}, "số lựa chọn ít nhất"),
    ],
)
def test_election_made_of_what_it_must_not_be_is_refused(election, change, sentence):
    with pytest.raises(InvalidElection, match=sentence):
        replace(election, **change)


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60),
    st.integers(0, 2),
    st.integers(1, 3),
    st.booleans(),
)
def test_any_text_of_an_election_is_read_back(election, words, least, more, blank):
    answers = tuple(f"{words}{place}" for place in range(least + more))
    question = Question(words, answers, least, least + more, blank)
    made = replace(election, name=words, questions=(question, CHOOSE))

    assert belenios.read_election(made.text) == made


def test_new_uuid_is_fourteen_letters_each_time_others():
    made = {belenios.new_uuid() for _ in range(50)}

    assert len(made) == 50
    assert all(len(uuid) == 14 and set(uuid) <= set(ALPHABET) for uuid in made)


def test_public_credential_is_what_the_tool_derives():
    """Made by belenios-tool 2.0 for this election and code."""
    public = belenios.public_credential(UUID, "Po2-unq-myL-eCE-MT7")

    assert public.startswith(PUBLIC_OF_THE_TOOL)
    assert belenios.check_public_credential(public) == public


@given(st.randoms(use_true_random=False))
def test_code_typed_in_any_way_a_person_may_is_the_same_code(random):
    code = belenios.new_credential(lambda bound: random.randrange(bound))
    letters = code.replace("-", "")

    for typed in (
        code,
        letters,
        f"  {code} ",
        code.replace("-", " – "),
        code.replace("-", "\u2011"),
    ):
        assert belenios.normal_credential(typed) == code


@given(st.integers(0, 14), st.sampled_from(ALPHABET))
def test_code_with_one_wrong_letter_is_nearly_always_noticed(place, letter):
    code = "Po2unqmyLeCEMT7"
    typed = code[:place] + letter + code[place + 1 :]
    far = abs(ALPHABET.index(letter) - ALPHABET.index(code[place]))

    if far % 53 == 0:
        assert belenios.normal_credential(typed).replace("-", "") == typed
    else:
        with pytest.raises(InvalidCredential, match="gõ sai ở một chỗ"):
            belenios.normal_credential(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "bạn đã gõ 0"),
        ("Po2-unq-myL-eCE-MT", "bạn đã gõ 14"),
        ("Po2-unq-myL-eCE-MT77", "bạn đã gõ 16"),
        ("Po2-unq-myL-eCE-M0O", "không có chữ O hoa"),
        ("x" * 10_000_000, "bạn đã gõ 200"),
    ],
)
def test_code_of_another_shape_is_refused(typed, sentence):
    with pytest.raises(InvalidCredential, match=sentence):
        belenios.normal_credential(typed)


@pytest.mark.parametrize(
    "text", ["", "1", "0", "-3", "02", "3", "1,1", "x", str(P - 1), str(P + 1)]
)
def test_check_public_credential_outside_the_group_is_refused(text):
    with pytest.raises(InvalidCredential, match=r"không dùng được|không thuộc nhóm"):
        belenios.check_public_credential(text)
