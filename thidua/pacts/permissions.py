"""Who drafts, comments, agrees, freezes."""

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import heads_lead, is_head_of, leads, works_for
from thidua.pacts.models import PactVersion


def can_draft_pact(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def can_freeze_pact(user: User, pact: PactVersion) -> bool:
    return heads_lead(user, pact.year)


def can_comment(user: User, pact: PactVersion, membership: Membership) -> bool:
    """Officer or head of the member."""
    return pact.year_id == membership.year_id and works_for(user, membership.organisation_id)


def can_agree(user: User, pact: PactVersion, membership: Membership) -> bool:
    """The head: agreeing binds the unit."""
    return pact.year_id == membership.year_id and is_head_of(user, membership.organisation_id)
