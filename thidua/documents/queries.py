"""What pages and services read about papers, signatures and certificates."""

from dataclasses import dataclass
from datetime import datetime

from thidua.documents.models import (
    Signature,
    SignerCertificate,
    SigningPlace,
    SigningRound,
    TrustAnchor,
)
from thidua.documents.signing.verification import RegisteredSigner


def anchors_and_crls() -> tuple[list[bytes], list[bytes]]:
    """Certificates of the trusted authorities and their latest revocation lists, as DER."""
    anchors = list(TrustAnchor.objects.all())
    return (
        [bytes(anchor.der) for anchor in anchors],
        [bytes(anchor.crl) for anchor in anchors if anchor.crl],
    )


def registered_signers(signing: SigningRound, at: datetime) -> list[RegisteredSigner]:
    """Every registered certificate of every organisation that is to sign.

    Certificates outside their validity are included: the refusal then says "expired" rather than
    "unknown". Withdrawn ones are not.
    """
    places = {
        place.organisation_id: place
        for place in signing.places.select_related("organisation", "signature")
    }
    certificates = SignerCertificate.objects.filter(
        organisation__in=places.keys(), withdrawn_at=None
    )
    return [
        RegisteredSigner(
            key=str(certificate.pk),
            organisation=places[certificate.organisation_id].organisation.full_name,
            certificate=bytes(certificate.der),
            valid_from=certificate.valid_from,
            valid_to=certificate.valid_to,
            field_name=places[certificate.organisation_id].field_name,
            has_signed=hasattr(places[certificate.organisation_id], "signature"),
        )
        for certificate in certificates
    ]


@dataclass(frozen=True)
class SigningBoard:
    """Who has signed, who is missing, since when."""

    signing: SigningRound
    signed: tuple[SigningPlace, ...]
    missing: tuple[SigningPlace, ...]

    @property
    def total(self) -> int:
        return len(self.signed) + len(self.missing)

    @property
    def complete(self) -> bool:
        return not self.missing


def signing_board(signing: SigningRound) -> SigningBoard:
    """Two queries however many organisations there are."""
    places = list(signing.places.select_related("organisation"))
    signatures = {
        signature.place_id: signature
        for signature in Signature.objects.filter(place__round=signing).select_related(
            "certificate", "revision"
        )
    }
    signed, missing = [], []
    for place in places:
        found = signatures.get(place.pk)
        if found is None:
            missing.append(place)
        else:
            place.signature = found
            signed.append(place)
    return SigningBoard(signing, tuple(signed), tuple(missing))
