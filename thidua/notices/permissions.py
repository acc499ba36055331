"""Who may look after addresses, letters and background work."""

from thidua.accounts.models import User
from thidua.organisations.permissions import is_administrator


def can_keep_address(user: User, person: User) -> bool:
    """One's own, or the administrator's for anybody."""
    return user == person or is_administrator(user)


def can_keep_background(user: User) -> bool:
    """See deliveries, schedules and jobs; send a letter or run a job again."""
    return is_administrator(user)
