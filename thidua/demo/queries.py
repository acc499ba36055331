"""Who can be tried out, by year and part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from thidua.accounts.models import User
from thidua.demo.models import DemoMark
from thidua.demo.people import YEARS, demo_data
from thidua.demo.stages import Stage
from thidua.organisations.models import Assignment, EmulationYear, Membership

Role = Assignment.Role


@dataclass(frozen=True)
class Choice:
    """One person to sign in as, and what to try as this person."""

    user: User
    label: str
    what: str = ""


@dataclass(frozen=True)
class Unit:
    """A member organisation with its two people; how far it had come when the demo was loaded."""

    name: str
    stage: str
    head: Choice
    officer: Choice


@dataclass(frozen=True)
class Cast:
    """The people of one year: those to begin with, and every unit's."""

    year: EmulationYear
    begins: str
    first: Sequence[Choice]
    units: Sequence[Unit]

    @property
    def has_stages(self) -> bool:
        return any(unit.stage for unit in self.units)


def casts() -> list[Cast]:
    """The demo years in the order of the script: the base case first."""
    played = DemoMark.objects.filter(base_case_played=True).exists()
    assignments = list(
        Assignment.objects.select_related("user", "organisation", "cluster").order_by("pk")
    )
    years = {
        f"year_{year.year}": year
        for year in EmulationYear.objects.select_related("cluster").prefetch_related(
            "memberships__organisation"
        )
    }
    return [
        _cast(years[key], _script(key, played=played), assignments) for key in YEARS if key in years
    ]


def _script(key: str, *, played: bool) -> Mapping[str, Any]:
    """What the page says of a year; of the base case left before its launch, other things."""
    script: Mapping[str, Any] = demo_data()[key]
    if played or "tries_before_launch" not in script:
        return script
    return {
        "begins": script["begins_before_launch"],
        "tries": script["tries_before_launch"],
        "stages": [],
    }


def _cast(
    year: EmulationYear, script: Mapping[str, Any], assignments: Sequence[Assignment]
) -> Cast:
    people = {(row.role, row.organisation_id): row.user for row in assignments}
    stages = [Stage(each).words for each in script["stages"]]
    units = [
        _unit(member, stage, people)
        for member, stage in zip_longest(year.memberships.all(), stages, fillvalue="")
        # Whoever tries the demo may choose other members, without people of their own.
        if isinstance(member, Membership) and _people_of(member) <= people.keys()
    ]
    known = {choice.user.username: choice for unit in units for choice in (unit.head, unit.officer)}
    known |= {
        row.user.username: Choice(row.user, _label(row))
        for row in assignments
        if row.role in OTHERS
    }
    return Cast(
        year=year,
        begins=script["begins"],
        first=[
            Choice(known[row["who"]].user, known[row["who"]].label, row["what"])
            for row in script["tries"]
            if row["who"] in known
        ],
        units=units,
    )


OTHERS = {Role.APPRAISER, Role.SUPERIOR, Role.ADMINISTRATOR}


def _people_of(member: Membership) -> set[tuple[str, int | None]]:
    return {(Role.HEAD, member.organisation_id), (Role.OFFICER, member.organisation_id)}


def _unit(member: Membership, stage: str, people: Mapping[tuple[str, int | None], User]) -> Unit:
    name = member.organisation.short_name
    title = f"{member.get_role_display()} {name}"
    return Unit(
        title,
        stage,
        Choice(people[Role.HEAD, member.organisation_id], f"Thủ trưởng – {title}"),
        Choice(people[Role.OFFICER, member.organisation_id], f"Cán bộ – {title}"),
    )


def _label(row: Assignment) -> str:
    role = row.get_role_display()
    return f"{role}, {row.organisation.short_name}" if row.organisation else role
