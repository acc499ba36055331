"""Who may do what in a cluster's year. Rights come from assignments valid today (design D2)."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from thidua.accounts.models import User
from thidua.organisations.models import Assignment, EmulationYear, Membership, valid_on

Role = Assignment.Role


def has_role(user: User, *roles: Assignment.Role, at: Q | None = None) -> bool:
    """The person holds one of the roles today, at the place `at` describes."""
    if not user.is_active:
        return False
    found = Assignment.objects.filter(valid_on(timezone.localdate()), user=user, role__in=roles)
    return found.filter(at).exists() if at is not None else found.exists()


def is_administrator(user: User) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


def is_superior_of(user: User, year: EmulationYear) -> bool:
    """An officer of the body above the cluster, or of a department of that body."""
    superior = year.cluster.superior_id
    return has_role(
        user,
        Role.SUPERIOR,
        at=Q(organisation=superior) | Q(organisation__parent=superior),
    )


def is_head_of(user: User, organisation_id: int) -> bool:
    return has_role(user, Role.HEAD, at=Q(organisation=organisation_id))


def works_for(user: User, organisation_id: int) -> bool:
    """Officer or head of the organisation."""
    return has_role(user, Role.OFFICER, Role.HEAD, at=Q(organisation=organisation_id))


def own_membership(user: User, year: EmulationYear) -> Membership | None:
    """The member organisation of the year for which the person works."""
    if not user.is_active:
        return None
    here = Assignment.objects.filter(
        valid_on(timezone.localdate()), user=user, role__in=[Role.OFFICER, Role.HEAD]
    )
    found = year.memberships.filter(organisation__in=here.values("organisation"))
    return found.select_related("organisation").first()


def leads(user: User, year: EmulationYear) -> bool:
    """Officer or head of the leading organisation: prepares what the cluster does."""
    return _in_lead(user, year, Role.OFFICER, Role.HEAD)


def heads_lead(user: User, year: EmulationYear) -> bool:
    """Head of the leading organisation: decides, publishes, freezes, finalises."""
    return _in_lead(user, year, Role.HEAD)


def _in_lead(user: User, year: EmulationYear, *roles: Assignment.Role) -> bool:
    lead = year.memberships.filter(role=Membership.Role.LEAD).values("organisation")
    return has_role(user, *roles, at=Q(organisation__in=lead))


def can_set_up_year(user: User, year: EmulationYear) -> bool:
    return leads(user, year) or is_administrator(user)


def can_open_year(user: User) -> bool:
    """A new year may be opened by the administrator; the lead only sets up one that exists."""
    return is_administrator(user)


def can_keep_structure(user: User) -> bool:
    """Organisations, their successions and clusters are shared by all years."""
    return is_administrator(user)


def can_register_certificates(user: User, year: EmulationYear) -> bool:
    """A superior's act: not the unit's own, not the administrator's (threat model T19)."""
    return is_superior_of(user, year)


def can_read_journal(user: User, year: EmulationYear) -> bool:
    return leads(user, year) or is_administrator(user) or is_superior_of(user, year)


@dataclass(frozen=True)
class Part:
    """What a person is in one year today, as the functions above say one by one.

    A page that shows something different to everyone asks once instead of ten times.
    """

    own: Membership | None
    is_head: bool
    leads: bool
    heads_lead: bool
    is_superior: bool
    is_administrator: bool

    @property
    def can_set_up(self) -> bool:
        return self.leads or self.is_administrator

    @property
    def can_read_journal(self) -> bool:
        return self.can_set_up or self.is_superior


def part_in(user: User, year: EmulationYear) -> Part:
    """The person's part in the year; two queries. Needs `year.cluster`."""
    held = _held_today(user)
    headed = {place for role, place, _ in held if role == Role.HEAD}
    worked = headed | {place for role, place, _ in held if role == Role.OFFICER}
    over = {
        body
        for role, place, parent in held
        if role == Role.SUPERIOR
        for body in (place, parent)
        if body is not None
    }
    own = (
        list(year.memberships.select_related("organisation").filter(organisation__in=worked))
        if worked
        else []
    )
    lead = [m.organisation_id for m in own if m.role == Membership.Role.LEAD]
    return Part(
        own=own[0] if own else None,
        is_head=bool(own) and own[0].organisation_id in headed,
        leads=bool(lead),
        heads_lead=bool(headed.intersection(lead)),
        is_superior=year.cluster.superior_id in over,
        is_administrator=any(role == Role.ADMINISTRATOR for role, _, _ in held),
    )


def _held_today(user: User) -> list[tuple[str, int | None, int | None]]:
    """Role, organisation and the body above it, for every role held today."""
    if not user.is_active:
        return []
    held = Assignment.objects.filter(valid_on(timezone.localdate()), user=user)
    return list(held.values_list("role", "organisation", "organisation__parent"))
