"""What a unit filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from thidua.rules.scoring import Claim, Severity, Unit
from thidua.workbooks.reading import CellProblem


@dataclass(frozen=True)
class Filled:
    """Phiếu tự chấm: claims and texts by path, canonical facts by input key, terms of the unit.

    Nothing is guessed of what could not be read: it stands in `problems` by sheet and cell, and
    `unread_facts` (input keys) and `unread_leaves` (paths) say what it leaves open. `total` is the
    total that the unit wrote itself, in points. `places` are the cells of a leaf by field.
    `fed`: by input key, where a value that nobody fills in comes from.
    """

    claims: Mapping[str, Claim] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    unit_terms: Unit = field(default_factory=Unit)
    explanations: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[CellProblem, ...] = ()
    unit: str = ""
    year: int = 0
    total: Decimal | None = None
    unread_facts: frozenset[str] = frozenset()
    unread_leaves: frozenset[str] = frozenset()
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """Every cell could be read."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)
