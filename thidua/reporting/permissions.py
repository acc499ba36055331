"""Who may do what with figures and the calendars they are due by."""

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import (
    is_administrator,
    is_head_of,
    is_superior_of,
    leads,
    works_for,
)
from thidua.reporting.models import Report


def can_keep_deadlines(user: User) -> bool:
    """Calendars and settings of clocks hold for the whole installation: the administrator's."""
    return is_administrator(user)


def can_open_periods(user: User, year: EmulationYear) -> bool:
    """The lead opens the reporting periods of a year and moves their dates."""
    return leads(user, year)


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


def _decides(user: User, membership: Membership) -> bool:
    if works_for(user, membership.organisation_id):
        return False
    if membership.role == Membership.Role.LEAD:
        return is_superior_of(user, membership.year)
    return leads(user, membership.year)
