"""Problems in words: one cell, or several of the same kind in one sentence."""

from collections.abc import Sequence

from thidua.rules.errors import RuleError
from thidua.rules.scoring import Severity
from thidua.workbooks.reading import CellProblem, address, text_of

NAMED = 8


def problem(sheet: str, cell: str, sentence: str) -> CellProblem:
    """Something that has to be put right before anything is taken over."""
    return CellProblem(sheet, cell, Severity.ERROR, sentence)


def cell_name(place: tuple[int, int]) -> str:
    """The name of a cell from 0-based numbers."""
    return address(place[0] + 1, place[1] + 1)


def some(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" và {more} chỗ khác" if more > 0 else "")


def words_of(value: object) -> str:
    """What stands in a cell, spaces and line ends as one space; "" for what is no text."""
    try:
        return " ".join(text_of(value).split())
    except RuleError:
        return ""
