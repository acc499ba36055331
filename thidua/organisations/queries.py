"""What the pages of organisations and years read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch

from thidua.accounts.models import User
from thidua.accounts.passwords import fold
from thidua.organisations.models import (
    Assignment,
    Cluster,
    EmulationYear,
    Membership,
    Organisation,
    Succession,
    valid_on,
)


def members_of(year: EmulationYear) -> Sequence[Membership]:
    """Members with what followed them, in two queries."""
    return list(
        year.memberships.select_related("organisation").prefetch_related(
            Prefetch("organisation__successions", Succession.objects.select_related("successor"))
        )
    )


@dataclass(frozen=True)
class OrganisationPage:
    """One organisation through time."""

    organisation: Organisation
    origins: Sequence[Succession]
    successions: Sequence[Succession]
    memberships: Sequence[Membership]


def organisation_page(organisation: Organisation, user: User) -> OrganisationPage:
    """Where it came from, what followed it, and the years the person may see it in."""
    return OrganisationPage(
        organisation,
        list(organisation.origins.select_related("predecessor")),
        list(organisation.successions.select_related("successor")),
        list(
            organisation.memberships.filter(year__in=EmulationYear.objects.visible_to(user))
            .select_related("year__cluster")
            .order_by("-year__year")
        ),
    )


def head_of(organisation_id: int, day: date) -> Assignment | None:
    """Who heads an organisation on a day, with the user; None where nobody is named."""
    return (
        Assignment.objects.filter(
            valid_on(day),
            organisation=organisation_id,
            role=Assignment.Role.HEAD,
            user__is_active=True,
        )
        .select_related("user")
        .first()
    )


def candidates(day: date) -> Sequence[Organisation]:
    """Organisations that exist on a day and could be members: those below a cluster's superior."""
    kinds = [Organisation.Kind.PROVINCIAL_INSPECTORATE, Organisation.Kind.OTHER]
    return list(Organisation.objects.existing_on(day).filter(kind__in=kinds))


def people() -> Sequence[User]:
    """Everyone who can sign in, with their assignments, in two queries."""
    return list(
        User.objects.prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("organisation", "cluster"))
        ).order_by("full_name", "pk")
    )


def organisations_on(day: date, name: str = "") -> Sequence[Organisation]:
    """Organisations that exist on a day, by short name; tones and capitals make no difference."""
    wanted = fold(name)
    found = [
        organisation
        for organisation in Organisation.objects.existing_on(day).select_related("parent")
        if wanted in fold(organisation.full_name) or wanted in fold(organisation.short_name)
    ]
    # Databases disagree about where "Đ" belongs.
    return sorted(found, key=lambda organisation: fold(organisation.short_name))


def clusters() -> Sequence[Cluster]:
    """Every cluster with its superior and, as `year_count`, how many years it has."""
    return list(Cluster.objects.select_related("superior").annotate(year_count=Count("years")))
