"""Who prepares, chairs, keeps the roll, counts and votes in a secret ballot."""

from thidua.accounts.models import User
from thidua.ballots.models import Ballot, Elector, Teller
from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import leads


def can_make_ballot(user: User, year: EmulationYear) -> bool:
    """The leading organisation prepares the cluster's ballots."""
    return leads(user, year)


def can_prepare(user: User, ballot: Ballot) -> bool:
    """Officers and head of the lead, and the secretary of this ballot."""
    return is_secretary(user, ballot) or leads(user, ballot.year)


def is_chair(user: User, ballot: Ballot) -> bool:
    """Opens and annuls the ballot."""
    return user.is_active and user.pk == ballot.chair_id


def chairs_count(user: User, ballot: Ballot) -> bool:
    """Closes the ballot and concludes the count: the chair, or who was named in the chair's place."""
    return user.is_active and user.pk == (ballot.count_chair_id or ballot.chair_id)


def is_secretary(user: User, ballot: Ballot) -> bool:
    """Keeps the roll: who is present, who is handed a paper, who has not voted yet (B4)."""
    return user.is_active and user.pk == ballot.secretary_id


def elector_of(user: User, ballot: Ballot) -> Elector | None:
    """The person's own line of the roll."""
    return ballot.electors.filter(user=user).first() if user.is_active else None


def teller_of(user: User, ballot: Ballot) -> Teller | None:
    """The person's own line among the tellers."""
    return ballot.tellers.filter(user=user).first() if user.is_active else None


def can_read_totals_withheld(user: User, ballot: Ballot) -> bool:
    """Totals of a question reported as passed or not passed only: who ran the count."""
    return (
        is_chair(user, ballot)
        or chairs_count(user, ballot)
        or is_secretary(user, ballot)
        or teller_of(user, ballot) is not None
    )
