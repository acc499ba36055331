"""Who may do what in a cluster's year. Rights come from assignments valid today (design D2)."""

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
    today = timezone.localdate()
    return (
        year.memberships.select_related("organisation")
        .filter(
            valid_on(today, "organisation__assignments__"),
            organisation__assignments__user=user,
            organisation__assignments__role__in=[Role.OFFICER, Role.HEAD],
        )
        .distinct()
        .first()
    )


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


def can_register_certificates(user: User, year: EmulationYear) -> bool:
    """A superior's act: not the unit's own, not the administrator's (threat model T19)."""
    return is_superior_of(user, year)


def can_read_journal(user: User, year: EmulationYear) -> bool:
    return leads(user, year) or is_administrator(user) or is_superior_of(user, year)
