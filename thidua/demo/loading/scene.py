"""A year being played: its script, its people, and what time it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from thidua.accounts.models import User
from thidua.demo.people import Cast, script_file
from thidua.organisations.models import EmulationYear, Membership

# Members do the same thing one after another.
BETWEEN_MEMBERS = timedelta(minutes=20)


@dataclass(frozen=True)
class Scene:
    """One year on the stage; `script` is its part of the demo's data."""

    year: EmulationYear
    data: Mapping[str, Any]
    script: Mapping[str, Any]
    cast: Cast
    now: datetime

    def at(self, act: str, place: int = 0) -> datetime:
        """When an act happens for the member at that place; now in a year without a calendar."""
        begins: datetime | None = self.script["moments"].get(act)
        return begins + BETWEEN_MEMBERS * place if begins else self.now

    @property
    def file(self) -> Path:
        """Where the script stands."""
        return script_file(f"year_{self.year.year}")

    @cached_property
    def members(self) -> Sequence[Membership]:
        """In the order of the script."""
        return list(self.year.memberships.select_related("organisation"))

    def member(self, name: str) -> Membership:
        """By the short name of its organisation."""
        return next(each for each in self.members if each.organisation.short_name == name)

    @cached_property
    def lead(self) -> Membership:
        """The cluster's lead of the year."""
        return next(each for each in self.members if each.role == Membership.Role.LEAD)

    def head(self, member: Membership | None = None) -> User:
        """Of the member, else of the lead."""
        return self.cast.heads[(member or self.lead).organisation_id]

    def officer(self, member: Membership | None = None) -> User:
        """Of the member, else of the lead."""
        return self.cast.officers[(member or self.lead).organisation_id]
