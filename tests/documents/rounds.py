"""A paper out for signing in the world of the tests, with the heads' keys and certificates."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings

from tests.documents.papers import pact
from tests.factories.world import NOON, ClusterWorld, World
from thidua.documents import storage
from thidua.documents.content import field_name_for
from thidua.documents.models import SignerCertificate, SigningRound, new_token
from thidua.documents.queries import current_revision
from thidua.documents.rendering import pact_pdf
from thidua.documents.services import (
    Place,
    add_trust_anchor,
    open_signing_round,
    register_certificate,
)
from thidua.documents.signing.authority import (
    Authority,
    IssuedSigner,
    create_authority,
    issue_crl,
    issue_signer,
)
from thidua.documents.signing.fields import add_signature_fields
from thidua.documents.signing.signer import sign_pdf

FOUNDED = NOON - timedelta(days=60)
PASSPHRASE = b"mat-khau-thu"


@cache
def authority() -> Authority:
    return create_authority(name="CA thử nghiệm", at=FOUNDED)


@cache
def crl() -> bytes:
    return issue_crl(authority(), at=FOUNDED)


@cache
def signer(name: str, organisation: str, *, days: int = 1825) -> IssuedSigner:
    return issue_signer(
        authority(),
        name=name,
        organisation=organisation,
        at=FOUNDED,
        days=days,
        passphrase=PASSPHRASE,
    )


@cache
def paper(members: int) -> bytes:
    rendered = pact_pdf(pact(members))
    return add_signature_fields(rendered.pdf, rendered.boxes)


@dataclass
class Signing:
    """One round with everything that is needed to sign in it."""

    world: ClusterWorld
    round: SigningRound
    signers: list[IssuedSigner] = field(default_factory=list)
    certificates: list[SignerCertificate] = field(default_factory=list)

    def current(self) -> bytes:
        return storage.get(current_revision(self.round).file.sha256)

    def sign(self, position: int, pdf: bytes | None = None, at: datetime = NOON) -> bytes:
        """The paper (the current revision by default) with the signature of one head."""
        return sign_pdf(
            self.current() if pdf is None else pdf,
            pkcs12=self.signers[position].pkcs12,
            passphrase=PASSPHRASE,
            at=at,
            field_name=field_name_for(position + 1),
        )


def trust(at: datetime = NOON) -> None:
    add_trust_anchor(certificate=authority().certificate, crl=crl(), actor=None, at=at)


def register(world: World, position: int, issued: IssuedSigner) -> SignerCertificate:
    one = world.one
    return register_certificate(
        holder=one.heads[position],
        organisation=one.memberships[position].organisation,
        data=issued.certificate,
        year=one.year,
        actor=world.superior,
        at=NOON,
    )


def signing_in(world: World, *, title: str = "Giao ước thi đua năm 2026") -> Signing:
    """A round over all members of cluster one; every head's certificate is registered."""
    one = world.one
    trust()
    places = [
        Place(
            organisation=membership.organisation,
            field_name=field_name_for(position),
            post="Chánh Thanh tra",
            signer_name=head.full_name,
        )
        for position, (membership, head) in enumerate(
            zip(one.memberships, one.heads, strict=True), start=1
        )
    ]
    opened = open_signing_round(
        year=one.year,
        title=title,
        token=new_token(),
        pdf=paper(len(places)),
        content_fingerprint="a" * 64,
        places=places,
        at=NOON,
        actor=one.lead_head,
    )
    signing = Signing(one, opened)
    for position, place in enumerate(places):
        issued = signer(place.signer_name, place.organisation.full_name)
        signing.signers.append(issued)
        signing.certificates.append(register(world, position, issued))
    return signing


def stored_files() -> list[str]:
    """Every file in the store, to see that a refusal left nothing behind."""
    from pathlib import Path

    return sorted(str(path) for path in Path(settings.FILES_DIR).rglob("*") if path.is_file())
