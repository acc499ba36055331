"""Who scores, who appraises, who finalises."""

from django.db.models import Q

from thidua.accounts.models import User
from thidua.organisations.models import Assignment, EmulationYear, Membership
from thidua.organisations.permissions import (
    has_role,
    heads_lead,
    is_head_of,
    is_superior_of,
    leads,
    works_for,
)
from thidua.scoring.models import (
    CriteriaSet,
    Criterion,
    CrossReview,
    CrossReviewConflict,
    CrossReviewRound,
    ScoreSheet,
    SectionAppraiser,
)


def can_import_scale(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def can_edit_scale(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def wrote_in_scale(user: User, criteria_set: CriteriaSet) -> bool:
    """Imported this version, or changed it since."""
    return (
        criteria_set.imported_by_id == user.pk or criteria_set.authors.filter(pk=user.pk).exists()
    )


def can_issue_scale(user: User, criteria_set: CriteriaSet) -> bool:
    """The head of the lead issues; nobody who wrote in it may issue it (four eyes)."""
    return heads_lead(user, criteria_set.year) and not wrote_in_scale(user, criteria_set)


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


def can_set_aside_sheet(user: User, sheet: ScoreSheet) -> bool:
    """The head of the lead says that a unit hands in nothing, and takes it back."""
    return heads_lead(user, sheet.membership.year)


def can_return_sheet(user: User, sheet: ScoreSheet) -> bool:
    """The lead, or whoever appraises a section of it; never the unit itself."""
    if works_for(user, sheet.membership.organisation_id):
        return False
    return leads(user, sheet.membership.year) or bool(sections_of(user, sheet))


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


def can_set_terms(user: User, year: EmulationYear) -> bool:
    """The lead says what the table means for each unit."""
    return leads(user, year)


def can_decide_tie(user: User, year: EmulationYear) -> bool:
    """The head of the lead, where the written rules leave units equal."""
    return heads_lead(user, year)


def can_try_changes(user: User, year: EmulationYear) -> bool:
    """Lead, superior, and who appraises in the year: those who see every sheet handed in."""
    if leads(user, year) or is_superior_of(user, year):
        return True
    if not has_role(user, Assignment.Role.APPRAISER, at=Q(cluster=year.cluster_id)):
        return False
    return SectionAppraiser.objects.filter(user=user, criterion__criteria_set__year=year).exists()


def can_prepare_cross_review(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def can_open_cross_review(user: User, year: EmulationYear) -> bool:
    """The head of the lead opens and closes a round."""
    return heads_lead(user, year)


def can_watch_cross_review(user: User, year: EmulationYear) -> bool:
    """Lead and superior: who has handed in, and points when nothing can change any more."""
    return leads(user, year) or is_superior_of(user, year)


def can_declare_conflict(
    user: User, round: CrossReviewRound, pair: tuple[Membership, Membership]
) -> bool:
    """A unit for itself; the lead for any two."""
    return leads(user, round.criteria_set.year) or any(
        works_for(user, membership.organisation_id) for membership in pair
    )


def can_withdraw_conflict(user: User, conflict: CrossReviewConflict) -> bool:
    """The lead, or the unit of the pair that declared it."""
    return leads(user, conflict.round.criteria_set.year) or any(
        works_for(user, membership.organisation_id)
        and works_for(conflict.declared_by, membership.organisation_id)
        for membership in (conflict.first, conflict.second)
    )


def can_fill_cross_review(user: User, review: CrossReview) -> bool:
    """Officer or head of the reviewing unit, unless they also work for the one reviewed."""
    return works_for(user, review.reviewer.organisation_id) and not works_for(
        user, review.reviewed.organisation_id
    )


def can_hand_in_cross_review(user: User, review: CrossReview) -> bool:
    """The head of the reviewing unit, unless also of the one reviewed."""
    return is_head_of(user, review.reviewer.organisation_id) and can_fill_cross_review(user, review)


def can_settle_disagreement(user: User, round: CrossReviewRound, reviewed: Membership) -> bool:
    """The lead; about the lead's own points the superior, since nobody judges itself."""
    year = round.criteria_set.year
    if reviewed.role == Membership.Role.LEAD:
        return is_superior_of(user, year) and not works_for(user, reviewed.organisation_id)
    return leads(user, year) and not works_for(user, reviewed.organisation_id)


def may_open_reports(user: User, sheet: ScoreSheet) -> bool:
    """Who may see the reports that figures of a sheet come from: the unit itself, lead, superior."""
    year = sheet.membership.year
    return (
        works_for(user, sheet.membership.organisation_id)
        or leads(user, year)
        or is_superior_of(user, year)
    )
