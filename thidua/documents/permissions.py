"""Who may hand in a signed paper, and who may fetch which file."""

from thidua.accounts.models import User
from thidua.documents.models import SigningRound
from thidua.organisations.models import Membership
from thidua.organisations.permissions import leads, own_membership


def can_upload_signature(user: User, signing: SigningRound) -> bool:
    """People of an organisation that is to sign, and of the lead who collects for others.

    The signature itself proves who signed; bringing the file is clerks' work.
    """
    own: Membership | None = own_membership(user, signing.year)
    is_signer = own is not None and signing.places.filter(organisation=own.organisation_id).exists()
    return is_signer or leads(user, signing.year)
