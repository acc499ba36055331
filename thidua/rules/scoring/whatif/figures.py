"""Other figures tried: which points move, of the unit itself and of those held against the leader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic

from thidua.rules.scoring.cluster import Cluster
from thidua.rules.scoring.ranking import Key
from thidua.rules.scoring.totals import TableResult


@dataclass(frozen=True)
class PointMoved(Generic[Key]):
    """One leaf of one unit with other points than before; None: not scored.

    `by_leader`: no figure of its own was tried there, it moved because another leads now.
    """

    key: Key
    path: str
    before: Decimal | None
    after: Decimal | None
    by_leader: bool

    @property
    def step(self) -> Decimal | None:
        """After less before; None where one of them is no number."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def try_figures(
    cluster: Cluster[Key], figures: Mapping[tuple[Key, str], str]
) -> tuple[PointMoved[Key], ...]:
    """Change figures in a cluster and say which points moved, unit by unit in printed order.

    In: canonical text by unit and input, "" takes a figure away. The cluster is changed: it is the
    caller's own. Raises RuleError for a figure the table does not ask for, or a wrong text.
    """
    before = cluster.results()
    tried = {
        (key, path)
        for key, name in figures
        for path in cluster.depends.leaves.get(name, frozenset())
    }
    for (key, name), text in figures.items():
        cluster.change(key, name, text)
    after = cluster.results()
    return tuple(moved for key in before for moved in _moved(key, before[key], after[key], tried))


def _moved(
    key: Key, before: TableResult, after: TableResult, tried: set[tuple[Key, str]]
) -> Iterator[PointMoved[Key]]:
    if before is after:
        return
    for path, old in before.leaves.items():
        new = after.leaves[path]
        if old.points != new.points:
            # A group that closed or opened is the unit's own figure too.
            own = (key, path) in tried or old.not_applicable is not new.not_applicable
            yield PointMoved(key, path, old.points, new.points, by_leader=not own)


__all__ = ["PointMoved", "try_figures"]
