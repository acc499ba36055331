"""Keys of own forms: made once from the words, then kept through every change of the words."""

import re
from collections.abc import Collection
from unicodedata import normalize

from thidua.rules.reporting.language.fields import LONGEST_KEY

# No form of the sector begins like this, now or later.
OWN = "rieng"
LONGEST_FORM_KEY = 24
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Small letters without marks and digits, parted by single hyphens."""
    plain = normalize("NFD", text.casefold().replace("đ", "d"))
    return _OTHER.sub("-", "".join(each for each in plain if each.isascii())).strip("-")


def form_key(code: str, taken: Collection[str]) -> str:
    """A key for a new form: 01/GƯ is rieng-01-gu."""
    return _free(f"{OWN}-{slug(code) or 'bieu'}"[:LONGEST_FORM_KEY].strip("-"), taken)


def indicator_key(form: str, heading: str, taken: Collection[str]) -> str:
    """A key for a new indicator of the form, from its heading."""
    room = LONGEST_KEY - 3
    return _free(f"{form}-{slug(heading) or 'chi-tieu'}"[:room].strip("-"), taken)


def _free(wanted: str, taken: Collection[str]) -> str:
    if wanted not in taken:
        return wanted
    numbers = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in numbers if each not in taken)
