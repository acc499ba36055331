"""A teller's file: opens with its passphrase in its election, and not otherwise."""

import base64
import json
import unicodedata

import pytest

from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import InvalidKeyFile, keyfile

UUID, OTHER = "c2oP91heGEKwC4", "c2oP91heGEKwC5"
PASSPHRASE = "sáng trăng suông Ờ"
SEED = "7aXg2ZqpR9bTnVcWmK4sLd"


@pytest.fixture
def quick(monkeypatch):
    """Fewer rounds: what is tested is not how long guessing takes."""
    monkeypatch.setattr(keyfile, "ITERATIONS", 3)


@pytest.fixture
def file(quick):
    return belenios.lock_key(SEED, PASSPHRASE, UUID, 2)


def test_lock_key_has_the_agreed_shape_and_full_strength():
    text = belenios.lock_key(SEED, PASSPHRASE, UUID, 2)
    value = json.loads(text)

    assert list(value) == [
        *("format", "version", "uuid", "owner", "kdf", "iterations", "salt"),
        *("cipher", "nonce", "data"),
    ]
    assert value["iterations"] == 600_000
    assert [len(base64.b64decode(value[name])) for name in ("salt", "nonce", "data")] == [
        16,
        12,
        38,
    ]
    assert SEED not in text
    assert belenios.open_key(text, PASSPHRASE, UUID) == (SEED, 2)


def test_open_key_takes_the_passphrase_however_the_keyboard_composed_it(file):
    assert belenios.open_key(file, unicodedata.normalize("NFD", PASSPHRASE), UUID) == (SEED, 2)


def test_lock_key_twice_shares_nothing(file):
    again = json.loads(belenios.lock_key(SEED, PASSPHRASE, UUID, 2))

    assert all(again[name] != json.loads(file)[name] for name in ("salt", "nonce", "data"))


def test_lock_key_with_a_short_passphrase_is_refused(quick):
    for short in ("", "mười một ký", "é" * 11, "x" * 1001):
        with pytest.raises(InvalidKeyFile, match="ít nhất 12 ký tự"):
            belenios.lock_key(SEED, short, UUID, 2)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE + " ", PASSPHRASE.lower(), "x" * 5000])
def test_open_key_with_a_wrong_passphrase_is_refused(file, passphrase):
    with pytest.raises(InvalidKeyFile, match="Cụm mật khẩu không đúng"):
        belenios.open_key(file, passphrase, UUID)


def test_open_key_of_another_election_is_refused(file):
    with pytest.raises(InvalidKeyFile, match="của một cuộc bỏ phiếu khác"):
        belenios.open_key(file, PASSPHRASE, OTHER)
    moved = file.replace(UUID, OTHER)
    with pytest.raises(InvalidKeyFile, match="không đúng, hoặc tệp khóa đã bị sửa"):
        belenios.open_key(moved, PASSPHRASE, OTHER)


def test_open_key_of_a_file_said_to_be_another_tellers_is_refused(file):
    with pytest.raises(InvalidKeyFile, match="không đúng, hoặc tệp khóa đã bị sửa"):
        belenios.open_key(file.replace('"owner":2', '"owner":1'), PASSPHRASE, UUID)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "other"),
        ("version", 2),
        ("version", True),
        ("kdf", "scrypt"),
        ("iterations", 1),
        ("cipher", "none"),
        ("uuid", 7),
        ("uuid", "../../x"),
        ("owner", "2"),
        ("owner", True),
        ("owner", 0),
        ("salt", "AAAA"),
        ("nonce", "không"),
        ("nonce", 12),
        ("data", ""),
        ("more", 1),
    ],
)
def test_open_key_of_a_damaged_file_is_refused(file, name, value):
    damaged = json.dumps({**json.loads(file), name: value})

    with pytest.raises(InvalidKeyFile, match="bị hỏng"):
        belenios.open_key(damaged, PASSPHRASE, UUID)


@pytest.mark.parametrize("text", ["", "[]", "x", "[" * 3000, "9" * 10_000_000])
def test_open_key_of_something_else_is_refused(quick, text):
    with pytest.raises(InvalidKeyFile, match="bị hỏng"):
        belenios.open_key(text, PASSPHRASE, UUID)


def test_open_key_that_holds_no_seed_is_refused(quick, monkeypatch):
    monkeypatch.setattr(keyfile, "keys_of", lambda seed: None)
    odd = [belenios.lock_key(each, PASSPHRASE, UUID, 2) for each in ("O" * 22, "é" * 11)]
    monkeypatch.undo()
    monkeypatch.setattr(keyfile, "ITERATIONS", 3)

    for text in odd:
        with pytest.raises(InvalidKeyFile, match="bị hỏng"):
            belenios.open_key(text, PASSPHRASE, UUID)
