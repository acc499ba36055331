"""What pages and services read about papers, signatures and certificates."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from thidua.documents import storage
from thidua.documents.models import (
    Revision,
    Signature,
    SignerCertificate,
    SigningPlace,
    SigningRound,
    TrustAnchor,
)
from thidua.documents.signing.reading import open_pdf, reading
from thidua.documents.signing.refusals import RefusalCode, UploadRefused
from thidua.documents.signing.verification import (
    SAME_BEGINNING,
    DocumentReport,
    RegisteredSigner,
    verify_document,
)
from thidua.organisations.models import Assignment, EmulationYear, Membership, valid_on
from thidua.rules.errors import RuleError

ENDS_SOON = timedelta(days=30)


def anchors_and_crls() -> tuple[list[bytes], list[bytes]]:
    """Certificates of the trusted authorities and their latest revocation lists, as DER.

    The demonstration authority counts for nothing in production.
    """
    trusted = TrustAnchor.objects.all()
    anchors = list(trusted.exclude(is_demo=True) if settings.PRODUCTION else trusted)
    return (
        [bytes(anchor.der) for anchor in anchors],
        [bytes(anchor.crl) for anchor in anchors if anchor.crl],
    )


def registered_signers(signing: SigningRound, at: datetime) -> list[RegisteredSigner]:
    """The registered certificates of those who head, on that day, an organisation that is to sign.

    Certificates outside their validity are included: the refusal then says "expired" rather than
    "unknown". Withdrawn ones, and those of a former head, are not.
    """
    places = {
        place.organisation_id: place
        for place in signing.places.select_related("organisation", "signature")
    }
    certificates = SignerCertificate.objects.filter(
        valid_on(timezone.localdate(at), "holder__assignments__"),
        holder__assignments__role=Assignment.Role.HEAD,
        holder__assignments__organisation=F("organisation"),
        organisation__in=places.keys(),
        withdrawn_at=None,
    ).distinct()
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


# --- The signing board -----------------------------------------------------------------------
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

    @property
    def has_demo(self) -> bool:
        """Some signature rests on a certificate made for demonstration."""
        return any(place.signature.certificate.is_demo for place in self.signed)

    def place_of(self, membership: Membership | None) -> SigningPlace | None:
        """The place where one member still has to sign, or None."""
        for place in self.missing:
            if membership is not None and place.organisation_id == membership.organisation_id:
                return place
        return None


def signing_board(signing: SigningRound) -> SigningBoard:
    """Two queries however many organisations there are."""
    places = list(signing.places.select_related("organisation"))
    signatures = {
        signature.place_id: signature
        for signature in Signature.objects.filter(place__round=signing).select_related(
            "certificate__holder", "revision"
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
    signed.sort(key=lambda place: (place.signature.received_at, place.signature.pk))
    return SigningBoard(signing, tuple(signed), tuple(missing))


def current_revision(signing: SigningRound) -> Revision:
    """The newest revision with its file: what the next signer downloads."""
    return signing.revisions.select_related("file").latest("number")


# --- Certificates ----------------------------------------------------------------------------
@dataclass(frozen=True)
class CertificateRow:
    """A certificate and what it is worth now; `state` is a key of the colour language."""

    certificate: SignerCertificate
    state: str
    label: str

    @property
    def is_registered(self) -> bool:
        return self.certificate.withdrawn_at is None

    @property
    def dialog_key(self) -> str:
        return str(self.certificate.pk)

    @property
    def withdraw_text(self) -> str:
        return (
            f"Từ nay chữ ký bằng chứng thư này của {self.certificate.holder} không được nhận nữa. "
            "Những chữ ký đã nhận trước đó vẫn giữ nguyên giá trị."
        )


@dataclass(frozen=True)
class MemberCertificates:
    """A member's heads today and every certificate ever registered for it."""

    membership: Membership
    heads: tuple[Assignment, ...]
    rows: tuple[CertificateRow, ...]


def heads_of_members(year: EmulationYear, at: datetime) -> list[Assignment]:
    """Who heads a member organisation of the year on that day."""
    return list(
        Assignment.objects.filter(
            valid_on(timezone.localdate(at)),
            role=Assignment.Role.HEAD,
            organisation__memberships__year=year,
        ).select_related("user", "organisation")
    )


def certificate_board(year: EmulationYear, at: datetime) -> list[MemberCertificates]:
    """Three queries however many members there are."""
    heads = heads_of_members(year, at)
    certificates = list(
        SignerCertificate.objects.filter(organisation__memberships__year=year).select_related(
            "holder", "registered_by", "withdrawn_by"
        )
    )
    leading = {(head.user_id, head.organisation_id) for head in heads}
    return [
        MemberCertificates(
            membership,
            tuple(h for h in heads if h.organisation_id == membership.organisation_id),
            tuple(
                _certificate_row(c, at, (c.holder_id, c.organisation_id) in leading)
                for c in certificates
                if c.organisation_id == membership.organisation_id
            ),
        )
        for membership in year.memberships.select_related("organisation")
    ]


def _certificate_row(certificate: SignerCertificate, at: datetime, is_head: bool) -> CertificateRow:
    if certificate.withdrawn_at is not None:
        return CertificateRow(certificate, "withdrawn", "Đã thu hồi")
    if not is_head:
        return CertificateRow(certificate, "inactive", "Người giữ không còn là thủ trưởng")
    if at < certificate.valid_from:
        return CertificateRow(certificate, "planned", "Chưa có hiệu lực")
    if at > certificate.valid_to:
        return CertificateRow(certificate, "expired", "Hết hạn")
    if certificate.valid_to - at < ENDS_SOON:
        return CertificateRow(certificate, "due_soon", "Sắp hết hạn")
    return CertificateRow(certificate, "valid", "Còn hiệu lực")


# --- What is this file? ----------------------------------------------------------------------
class Match(StrEnum):
    """How a file relates to the papers kept here."""

    CURRENT = "current"
    EARLIER = "earlier"
    EXTENDED = "extended"
    """Starts with a kept revision and goes on."""
    ALTERED = "altered"
    """Comes from a kept paper but its bytes are others."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """A file held against what is kept here; `revision` is the last one it begins with."""

    match: Match
    report: DocumentReport
    signing: SigningRound | None = None
    revision: Revision | None = None
    current: Revision | None = None
    differs_at: int = 0
    """Where an altered file first differs, counted from 1; 0 where it does not apply."""


def examine(pdf: bytes, *, at: datetime) -> Finding:
    """Which paper the file is, and what its signatures are worth. Stores nothing."""
    match, revision = _recognise(pdf)
    anchors, crls = anchors_and_crls()
    report = verify_document(
        pdf,
        trust_anchors=anchors,
        crls=crls,
        at=at,
        received_at=_received_in(revision) if revision and match != Match.ALTERED else {},
        limit=settings.SIGNED_PDF_LIMIT,
    )
    if revision is None:
        return Finding(match, report)
    current = current_revision(revision.round)
    if match == Match.CURRENT and revision.number != current.number:
        match = Match.EARLIER
    differs_at = _first_difference(pdf, current) if match == Match.ALTERED else 0
    return Finding(match, report, revision.round, revision, current, differs_at)


def _received_in(revision: Revision) -> dict[str, datetime]:
    """When the server took in each signature that this revision holds, by field."""
    return {
        signature.place.field_name: signature.received_at
        for signature in Signature.objects.filter(
            place__round=revision.round_id, revision__number__lte=revision.number
        ).select_related("place")
    }


def _recognise(pdf: bytes) -> tuple[Match, Revision | None]:
    """By the bytes it begins with; failing that, by the identity a PDF keeps when it is edited."""
    revisions = Revision.objects.select_related("file", "round__year__cluster")
    found = _longest_beginning(pdf, revisions.values_list("file__size", flat=True).distinct())
    revision = revisions.filter(file__sha256__in=found.keys()).order_by("-number").first()
    if revision is not None:
        exact = revision.file.size == len(pdf)
        return (Match.CURRENT if exact else Match.EXTENDED), revision
    mine = _identity_of(pdf)
    firsts = list(revisions.filter(number=0).order_by("-pk"))
    # The identifier names one paper; the first bytes may be alike in two versions of a pact.
    for part in (1, 0):
        for first in firsts:
            if len(mine[part]) > 8 and mine[part] == _kept_identity(first.file.sha256)[part]:
                return Match.ALTERED, first
    return Match.UNKNOWN, None


def _longest_beginning(pdf: bytes, sizes: Iterable[int]) -> dict[str, int]:
    """SHA-256 of the beginnings of a file that are as long as a kept revision; one pass."""
    digest, done, found = hashlib.sha256(), 0, {}
    for size in sorted(size for size in sizes if size <= len(pdf)):
        digest.update(pdf[done:size])
        done = size
        found[digest.copy().hexdigest()] = size
    return found


Identity = tuple[bytes, bytes]


def _identity_of(pdf: bytes) -> Identity:
    """The first bytes and the document identifier, which programs keep when they save again."""
    try:
        with reading(RefusalCode.NOT_A_PDF):
            return pdf[:SAME_BEGINNING], bytes(open_pdf(pdf).document_id[0])
    except UploadRefused:
        return pdf[:SAME_BEGINNING], b""


def _kept_identity(sha256: str) -> Identity:
    """Of a kept file; nothing while the file cannot be read, and asked again the next time."""
    try:
        return _identity_in_store(sha256)
    except RuleError:
        return b"", b""


@lru_cache(maxsize=1024)
def _identity_in_store(sha256: str) -> Identity:
    """The content under a SHA-256 never changes, so neither does the answer; errors are not kept."""
    return _identity_of(storage.get(sha256))


def _first_difference(pdf: bytes, current: Revision) -> int:
    """The first byte, from 1, in which the file is not the kept one; 0 when that cannot be read."""
    try:
        kept = storage.get(current.file.sha256)
    except RuleError:
        return 0
    return _common_length(pdf, kept) + 1


def _common_length(one: bytes, other: bytes) -> int:
    """By halves: comparing slices is fast, comparing bytes one by one is not."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
