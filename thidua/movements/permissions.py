"""Who launches and who confirms."""

from thidua.accounts.models import User
from thidua.movements.models import Launch
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import heads_lead, is_head_of, leads


def can_draft_launch(user: User, year: EmulationYear) -> bool:
    return leads(user, year)


def can_publish_launch(user: User, launch: Launch) -> bool:
    return heads_lead(user, launch.year)


def can_confirm_receipt(user: User, launch: Launch, membership: Membership) -> bool:
    """The head of the member confirms; an officer cannot do it for the head."""
    return launch.year_id == membership.year_id and is_head_of(user, membership.organisation_id)
