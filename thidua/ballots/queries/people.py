"""Who of a year may be named in a ballot: chair, secretary, teller, somebody's substitute."""

from dataclasses import dataclass

from django.utils import timezone

from thidua.accounts.models import User
from thidua.organisations.models import Assignment, EmulationYear, valid_on

Role = Assignment.Role


@dataclass(frozen=True)
class Person:
    """Somebody who can be chosen, with the post and the place that tell namesakes apart."""

    user: User
    post: str
    place: str
    organisation: int | None

    @property
    def label(self) -> str:
        return f"{self.user.full_name} – {', '.join(filter(None, [self.post, self.place]))}"


def people_of(year: EmulationYear) -> list[Person]:
    """Officers and heads of the members, then members of the cluster's council; two queries."""
    today = valid_on(timezone.localdate())
    members = dict(year.memberships.values_list("organisation", "order"))
    of_members = Assignment.objects.filter(
        today, organisation__in=members, role__in=[Role.HEAD, Role.OFFICER], user__is_active=True
    ).select_related("user", "organisation")
    of_council = Assignment.objects.filter(
        today, cluster=year.cluster_id, role=Role.COUNCIL_MEMBER, user__is_active=True
    ).select_related("user", "organisation")
    rows = sorted(
        of_members, key=lambda one: (members[one.organisation_id or 0], one.role != Role.HEAD)
    )
    found: dict[int, Person] = {}
    for one in [*rows, *of_council.order_by("user__full_name")]:
        place = one.organisation.short_name if one.organisation else "hội đồng"
        post = one.post or one.get_role_display()
        found.setdefault(one.user_id, Person(one.user, post, place, one.organisation_id))
    return list(found.values())
