"""Texts of 58 letters and digits that are hard to confuse: codes, seeds, names of elections."""

from thidua.rules.ballots.belenios.group import Randomness, below

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
UUID_LENGTH = 14
SEED_LENGTH = 22


def drawn(length: int, random: Randomness = below) -> str:
    """So many letters, each as likely."""
    return "".join(ALPHABET[random(58)] for _ in range(length))


def is_base58(text: str) -> bool:
    return all(letter in ALPHABET for letter in text)


def value(text: str) -> int:
    """The text as a number in base 58, first letter first."""
    total = 0
    for letter in text:
        total = total * 58 + ALPHABET.index(letter)
    return total


def new_uuid(random: Randomness = below) -> str:
    """The name of a new election."""
    return drawn(UUID_LENGTH, random)


def is_uuid(text: str) -> bool:
    return UUID_LENGTH <= len(text) <= 64 and is_base58(text)
