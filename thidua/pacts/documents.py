"""What the pact's paper says: rows gathered into the dataclass that `documents/` renders."""

from django.conf import settings

from thidua.documents.content import (
    Commitment,
    CommitmentGroup,
    Header,
    PactDocument,
    SignatureBlock,
    Target,
    field_name_for,
)
from thidua.documents.services import Place
from thidua.organisations.models import Membership
from thidua.pacts.content import groups_of, plain_number
from thidua.pacts.models import Commitment as CommitmentRow
from thidua.pacts.models import PactVersion

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
SIGNS = {"at_least": "≥", "more_than": ">", "exactly": "=", "at_most": "≤", "less_than": "<"}


def verification_url(token: str) -> str:
    """The address in the QR code."""
    return f"{settings.PUBLIC_URL}/van-ban/kiem-tra/{token}/"


def pact_document(
    pact: PactVersion, *, places: list[Place], fingerprint: str, token: str, demo: bool
) -> PactDocument:
    """The pact's paper with one signature block per unit head, in the order of the members."""
    year = pact.year
    lead = year.memberships.filter(role=Membership.Role.LEAD).select_related("organisation").first()
    launch = getattr(year, "launch", None)
    theme = launch.slogan if launch is not None and launch.published_at else ""
    return PactDocument(
        header=Header(
            parent=year.cluster.superior.full_name,
            issuer=year.cluster.name,
            number=pact.document_number,
            place=lead.organisation.place if lead else "",
            dated=pact.dated_on,
        ),
        year=year.year,
        title=pact.title,
        subject=f"Năm {year.year}",
        theme=theme,
        grounds=(),
        opening=pact.preamble,
        groups=tuple(
            CommitmentGroup(
                title=group.title,
                label=f"{ROMAN[position]}." if position < len(ROMAN) else f"{position + 1}.",
                commitments=tuple(
                    _commitment(number, row)
                    for number, row in enumerate(group.commitments.all(), start=1)
                ),
            )
            for position, group in enumerate(groups_of(pact))
        ),
        closing=pact.closing,
        signatories=tuple(
            SignatureBlock(
                field_name=place.field_name,
                organisation=place.organisation.full_name,
                post=place.post,
                full_name=place.signer_name,
            )
            for place in places
        ),
        recipients=(
            f"{year.cluster.superior.full_name} (để báo cáo)",
            "Các đơn vị thành viên",
            "Lưu: VT",
        ),
        fingerprint=fingerprint,
        verification_url=verification_url(token),
        demo=demo,
    )


def _commitment(number: int, row: CommitmentRow) -> Commitment:
    targets: tuple[Target, ...] = ()
    if row.indicator is not None:
        targets = (
            Target(
                indicator=row.indicator.name,
                comparison=SIGNS[row.comparison],
                value=plain_number(row.target).replace(".", ","),
                measure=row.measure,
            ),
        )
    return Commitment(text=row.text, label=f"{number}.", targets=targets)


def signing_places(heads: list[tuple[Membership, str, str]]) -> list[Place]:
    """Signature fields in the order of the members, from (membership, post, full name)."""
    return [
        Place(
            organisation=membership.organisation,
            field_name=field_name_for(position),
            post=post,
            signer_name=name,
        )
        for position, (membership, post, name) in enumerate(heads, start=1)
    ]
