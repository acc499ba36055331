"""How the demo's figures hang together: lines of arithmetic read from `data/recipes_*.toml`.

    4 ~ 720                  about so many in a quarter, times the size of the unit
    5 = 130 % of 4           a share, a little different for every unit and quarter
    1 = 2 + 3                a sum
    2 = before 1 - 6 or 14   what the quarter before left; about 14 in the first quarter of a year
    6 -> 8 : 11, 9 : 89      parted by weights, to the last one

A column is named by its printed code, in another form as `form:code`; `$name` is a number that no
form asks for. A line may only speak of what stands above it.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from thidua.rules.reporting import Edition, edition
from thidua.rules.reporting.expressions import read_sum
from thidua.rules.reporting.templates import Sum

DATA = Path(__file__).parents[1] / "data"
FILES = {"TT01-2024": "recipes_tt01_2024.toml", "TT06-2025": "recipes_tt06_2025.toml"}
NUMBER = r"[0-9]+(?:\.[0-9]+)?"
ABOUT = re.compile(rf"(\S+) ~ ({NUMBER})")
LEFT = re.compile(rf"(\S+) = before (.+) or ({NUMBER})")
SHARE = re.compile(rf"(\S+) = ({NUMBER}) % of (.+)")
PARTED = re.compile(r"(\S+) -> (.+)")
EQUAL = re.compile(r"(\S+) = (.+)")
Resolve = Callable[[str], str]


@dataclass(frozen=True)
class About:
    """A number of its own."""

    key: str
    base: Decimal


@dataclass(frozen=True)
class Share:
    """So many per cent of a sum."""

    key: str
    percent: Decimal
    of: Sum


@dataclass(frozen=True)
class Equal:
    """A sum."""

    key: str
    of: Sum


@dataclass(frozen=True)
class Left:
    """A sum of the quarter before; in the first quarter a number of its own."""

    key: str
    of: Sum
    base: Decimal


@dataclass(frozen=True)
class Parted:
    """A whole and its parts with their weights."""

    whole: str
    parts: tuple[tuple[str, int], ...]


Line = About | Share | Equal | Left | Parted


@dataclass(frozen=True)
class Recipe:
    """One form's lines; `size` names the scale of units that goes with it."""

    form: str
    size: str
    lines: tuple[Line, ...]


@cache
def recipes(key: str) -> tuple[Recipe, ...]:
    """The recipes of one edition, in the order in which they are worked out."""
    forms = edition(key)
    written = tomllib.loads((DATA / FILES[key]).read_text("utf-8"))["form"]
    return tuple(
        Recipe(
            row["key"],
            row["size"],
            tuple(read_line(text, resolver(forms, row["key"])) for text in row["lines"]),
        )
        for row in written
    )


def resolver(forms: Edition, form: str) -> Resolve:
    """From `8`, `xld2:6` or `$name` to the key of an indicator, or of a hidden number."""

    def resolve(written: str) -> str:
        place, _, code = written.rpartition(":")
        template = forms.template(place or form)
        if code.startswith("$"):
            return f"${template.key}.{code[1:]}"
        return next(each.key for each in template.indicators if each.code == code)

    return resolve


def read_line(text: str, resolve: Resolve) -> Line:
    """One line understood; ValueError where it is none."""
    if found := ABOUT.fullmatch(text):
        return About(resolve(found[1]), Decimal(found[2]))
    if found := LEFT.fullmatch(text):
        return Left(resolve(found[1]), read_sum(found[2], resolve), Decimal(found[3]))
    if found := SHARE.fullmatch(text):
        return Share(resolve(found[1]), Decimal(found[2]), read_sum(found[3], resolve))
    if found := PARTED.fullmatch(text):
        parts = (part.split(":") for part in found[2].split(","))
        return Parted(
            resolve(found[1]),
            tuple((resolve(code.strip()), int(weight)) for code, weight in parts),
        )
    if found := EQUAL.fullmatch(text):
        return Equal(resolve(found[1]), read_sum(found[2], resolve))
    raise ValueError(text)
