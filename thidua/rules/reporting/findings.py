"""What a check says."""

from dataclasses import dataclass

from thidua.rules.reporting.templates import Severity
from thidua.rules.reporting.words import Place


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    `check` is the stable key under which a word of explanation is kept; `places` are the cells to
    mark; `arithmetic` is the sum that does not come out, in figures. An `explainable` finding does
    not stop a report that says why; the others do.
    """

    check: str
    severity: Severity
    places: tuple[Place, ...]
    sentence: str
    arithmetic: str = ""
    explainable: bool = True
    article: str = ""


def stops(findings: tuple[Finding, ...], explained: frozenset[str]) -> tuple[Finding, ...]:
    """What keeps a report from being handed in, given the checks that have an explanation."""
    return tuple(each for each in findings if not each.explainable or each.check not in explained)
