"""What is known of one unit's year: accepted reports, and when each report was handed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from thidua.rules.reporting.filled import Filled
from thidua.rules.reporting.templates import Edition

T = TypeVar("T")


class Link(NamedTuple):
    """A report looked at: its key, 0 where there is none, and what it is called."""

    ref: int
    name: str


@dataclass(frozen=True)
class Accepted:
    """A report whose figures count.

    `name` is “Báo cáo quý I 2026”; `said` says who accepted it and when; `ref` leads a page to it.
    """

    code: str
    name: str
    edition: Edition
    filled: Filled
    said: str = ""
    ref: int = 0

    @property
    def link(self) -> Link:
        """What leads a page to the report."""
        return Link(self.ref, self.name)


@dataclass(frozen=True)
class Sent:
    """One reporting period: when it was due, when the unit first handed in, None for not yet."""

    code: str
    name: str
    due_on: date
    first_on: date | None
    ref: int = 0
    note: str = ""

    @property
    def link(self) -> Link:
        """What leads a page to the report."""
        return Link(self.ref, self.name)

    @property
    def days_late(self) -> int:
        """0 when on time or not handed in."""
        return max(0, (self.first_on - self.due_on).days) if self.first_on else 0

    def is_missing(self, on: date) -> bool:
        """Overdue on that day and never handed in."""
        return self.first_on is None and self.due_on < on


@dataclass(frozen=True)
class UnitYear:
    """The year of one unit as it stands on the day `on`.

    `aliases`: the installation's own indicators by key, with the source each is linked to.
    """

    on: date
    reports: Mapping[str, Accepted] = field(default_factory=dict)
    sent: Sequence[Sent] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    # Forms worked out once, however many figures of them are asked for.
    memo: dict[tuple[str, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, *place: str, work: Callable[[], T]) -> T:
        """What `work` gives, worked out the first time that `place` is asked for."""
        if place not in self.memo:
            self.memo[place] = work()
        found: T = self.memo[place]
        return found
