"""Who scores, who appraises, who finalises."""

from django.db.models import Q

from thidua.accounts.models import User
from thidua.organisations.models import Assignment, EmulationYear
from thidua.organisations.permissions import (
    has_role,
    heads_lead,
    is_head_of,
    is_superior_of,
    leads,
    works_for,
)
from thidua.scoring.models import CriteriaSet, Criterion, ScoreSheet, SectionAppraiser


def can_import_scale(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def can_issue_scale(user: User, criteria_set: CriteriaSet) -> bool:
    """The head of the lead issues; who imported it may not issue it (four eyes)."""
    return heads_lead(user, criteria_set.year) and criteria_set.imported_by_id != user.pk


def can_name_appraisers(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def can_open_late_sheets(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def may_be_appraiser(user: User, year: EmulationYear) -> bool:
    """Holds today the role of appraiser in this cluster, or of its superior."""
    return has_role(
        user, Assignment.Role.APPRAISER, at=Q(cluster=year.cluster_id)
    ) or is_superior_of(user, year)


def can_fill_sheet(user: User, sheet: ScoreSheet) -> bool:
    """Officer or head of the unit itself."""
    return works_for(user, sheet.membership.organisation_id)


def can_submit_sheet(user: User, sheet: ScoreSheet) -> bool:
    """The head: an officer cannot submit for the head."""
    return is_head_of(user, sheet.membership.organisation_id)


def can_finalise_sheet(user: User, sheet: ScoreSheet) -> bool:
    return heads_lead(user, sheet.membership.year)


def sections_of(user: User, sheet: ScoreSheet) -> list[Criterion]:
    """The sections of this sheet that the person appraises; never of the person's own unit."""
    if works_for(user, sheet.membership.organisation_id):
        return []
    if not may_be_appraiser(user, sheet.membership.year):
        return []
    return [
        named.criterion
        for named in SectionAppraiser.objects.filter(
            user=user, criterion__criteria_set=sheet.criteria_set_id
        ).select_related("criterion")
    ]


def can_appraise(user: User, sheet: ScoreSheet, criterion: Criterion) -> bool:
    return any(section.contains(criterion.path) for section in sections_of(user, sheet))
