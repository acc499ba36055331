"""Who may do what with figures and the calendars they are due by."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from thidua.accounts.models import User
from thidua.organisations.models import Assignment, EmulationYear, Membership, valid_on
from thidua.organisations.permissions import (
    has_role,
    heads_lead,
    is_administrator,
    is_head_of,
    is_superior_of,
    leads,
    works_for,
)
from thidua.reporting.models import OwnForms, Report

Role = Assignment.Role


def can_keep_deadlines(user: User) -> bool:
    """Calendars and settings of clocks hold for the whole installation: the administrator's."""
    return is_administrator(user)


def can_open_periods(user: User, year: EmulationYear) -> bool:
    """The lead opens the reporting periods of a year and moves their dates."""
    return leads(user, year)


def can_shape_outlines(user: User, year: EmulationYear) -> bool:
    """The lead gives the narrative of a year its headings."""
    return leads(user, year)


def can_draft_own_forms(user: User, year: EmulationYear) -> bool:
    """The lead writes the cluster's own forms; nobody else sees a draft."""
    return leads(user, year)


def wrote_in_own_forms(user: User, own: OwnForms) -> bool:
    """Started this version, or changed it since."""
    return own.authors.filter(pk=user.pk).exists()


def can_issue_own_forms(user: User, own: OwnForms) -> bool:
    """The head of the lead issues; nobody who wrote in it may issue it (four eyes)."""
    return heads_lead(user, own.year) and not wrote_in_own_forms(user, own)


def can_watch_reports(user: User, year: EmulationYear) -> bool:
    """Lead and superior: who has handed in and who has not."""
    return leads(user, year) or is_superior_of(user, year)


def can_start_report(user: User, membership: Membership) -> bool:
    """Officer or head of the unit itself."""
    return works_for(user, membership.organisation_id)


def can_fill_report(user: User, report: Report) -> bool:
    """Officer or head of the unit itself."""
    return works_for(user, report.membership.organisation_id)


def can_submit_report(user: User, report: Report) -> bool:
    """The head: an officer cannot hand in for the head."""
    return is_head_of(user, report.membership.organisation_id)


def can_return_report(user: User, report: Report) -> bool:
    """The lead or the superior; never the unit itself."""
    if works_for(user, report.membership.organisation_id):
        return False
    return can_watch_reports(user, report.membership.year)


def can_accept_report(user: User, report: Report) -> bool:
    """The lead; for the lead's own report the superior, since nobody judges itself."""
    return _decides(user, report.membership)


def can_allow_late(user: User, membership: Membership) -> bool:
    """The lead; for the lead itself the superior."""
    return _decides(user, membership)


def urgeable(
    user: User, year: EmulationYear, memberships: Iterable[Membership]
) -> list[Membership]:
    """The units of the year that lead or superior may urge: nobody urges the own unit by hand."""
    if not can_watch_reports(user, year):
        return []
    own = Assignment.objects.filter(
        valid_on(timezone.localdate()), user=user, role__in=[Role.OFFICER, Role.HEAD]
    ).values_list("organisation", flat=True)
    worked = set(own)
    return [
        each
        for each in memberships
        if each.year_id == year.pk and each.organisation_id not in worked
    ]


def can_keep_indicators(user: User) -> bool:
    """Indicators are shared by all clusters: the administrator's, and those of any leading body."""
    lead = Membership.objects.filter(role=Membership.Role.LEAD).values("organisation")
    return is_administrator(user) or has_role(
        user, Role.OFFICER, Role.HEAD, at=Q(organisation__in=lead)
    )


def can_set_urging(user: User, year: EmulationYear) -> bool:
    """The lead sets the steps of urging of a year."""
    return leads(user, year)


def _decides(user: User, membership: Membership) -> bool:
    if works_for(user, membership.organisation_id):
        return False
    if membership.role == Membership.Role.LEAD:
        return is_superior_of(user, membership.year)
    return leads(user, membership.year)
