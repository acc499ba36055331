"""Who can be tried out, by year and part."""

from collections.abc import Sequence
from dataclasses import dataclass

from thidua.accounts.models import User
from thidua.demo.people import demo_data
from thidua.organisations.models import Assignment, EmulationYear, Membership

Role = Assignment.Role


@dataclass(frozen=True)
class Choice:
    """One person to sign in as."""

    user: User
    label: str


@dataclass(frozen=True)
class Unit:
    """A member organisation with its two people."""

    name: str
    head: Choice
    officer: Choice


@dataclass(frozen=True)
class Cast:
    """The people of one year: one of each part to begin with, and every other unit."""

    year: EmulationYear
    begins: str
    first: Sequence[Choice]
    units: Sequence[Unit]


def casts() -> list[Cast]:
    """Every demo year, the newest first, because it is the furthest along."""
    assignments = list(
        Assignment.objects.select_related("user", "organisation", "cluster").order_by("pk")
    )
    years = EmulationYear.objects.select_related("cluster").prefetch_related(
        "memberships__organisation"
    )
    return [_cast(year, assignments) for year in years.order_by("-year")]


def _cast(year: EmulationYear, assignments: Sequence[Assignment]) -> Cast:
    people = {(row.role, row.organisation_id): row.user for row in assignments}
    units = {m.role: _unit(m, people) for m in reversed(year.memberships.all())}
    lead, member = units[Membership.Role.LEAD], units[Membership.Role.MEMBER]
    return Cast(
        year=year,
        begins=demo_data().get(f"year_{year.year}", {}).get("begins", ""),
        first=(
            lead.head,
            lead.officer,
            member.head,
            member.officer,
            *(Choice(row.user, _label(row)) for row in assignments if row.role in OTHERS),
        ),
        units=[_unit(m, people) for m in year.memberships.all()],
    )


OTHERS = {Role.APPRAISER, Role.SUPERIOR, Role.ADMINISTRATOR}


def _unit(member: Membership, people: dict[tuple[str, int | None], User]) -> Unit:
    name = member.organisation.short_name
    title = f"{member.get_role_display()} {name}"
    return Unit(
        title,
        Choice(people[Role.HEAD, member.organisation_id], f"Thủ trưởng – {title}"),
        Choice(people[Role.OFFICER, member.organisation_id], f"Cán bộ – {title}"),
    )


def _label(row: Assignment) -> str:
    role = row.get_role_display()
    return f"{role}, {row.organisation.short_name}" if row.organisation else role
