"""Receiving files, registering certificates, collecting signatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.documents import storage
from thidua.documents.models import (
    Revision,
    Signature,
    SignerCertificate,
    SigningPlace,
    SigningRound,
    StoredFile,
    TrustAnchor,
)
from thidua.documents.permissions import can_upload_signature
from thidua.documents.queries import anchors_and_crls, registered_signers
from thidua.documents.receiving import PDF, media_type_of, safe_name
from thidua.documents.signing import verification
from thidua.documents.signing.certificates import (
    parse_certificate,
    parse_revocation_list,
    read_certificate,
)
from thidua.documents.signing.refusals import UploadRefused
from thidua.organisations.models import EmulationYear, Organisation
from thidua.organisations.permissions import can_register_certificates, is_head_of
from thidua.rules.errors import RuleError


def receive_file(
    *,
    data: bytes,
    name: str,
    organisation: Organisation | None,
    actor: User | None,
    at: datetime,
    limit: int,
    only: Sequence[str] = (),
) -> StoredFile:
    """Store bytes a person handed in, with their SHA-256 and the server's time.

    Refused by RuleError, before anything is stored, when the content is of no accepted type
    (`only` narrows the accepted media types) or over `limit` bytes.
    """
    media_type = media_type_of(data, name, limit)
    if only and media_type not in only:
        raise RuleError(f"Tệp “{name}” không đúng loại cần gửi ở đây.")
    sha256 = storage.put(data)
    return StoredFile.objects.create(
        sha256=sha256,
        size=len(data),
        name=safe_name(name, media_type),
        media_type=media_type,
        received_at=at,
        received_by=actor,
        organisation=organisation,
    )


@transaction.atomic
def register_certificate(
    *,
    holder: User,
    organisation: Organisation,
    data: bytes,
    year: EmulationYear,
    actor: User,
    at: datetime,
) -> SignerCertificate:
    """A superior registers the public certificate of a member's head."""
    if not can_register_certificates(actor, year):
        raise PermissionDenied
    if not year.memberships.filter(organisation=organisation).exists():
        raise RuleError(f"{organisation} không phải thành viên của {year}.")
    if not is_head_of(holder, organisation.pk):
        raise RuleError(f"{holder} hiện không phải thủ trưởng của {organisation}.")
    facts = read_certificate(data, at=at)
    try:
        # The database's own word: two superiors may register one certificate at the same moment.
        with transaction.atomic():
            certificate = SignerCertificate.objects.create(
                holder=holder,
                organisation=organisation,
                subject=facts.subject_name,
                issuer=facts.issuer_name,
                serial=facts.serial,
                fingerprint=facts.fingerprint,
                der=facts.der,
                valid_from=facts.valid_from,
                valid_to=facts.valid_to,
                is_demo=facts.demo,
                registered_by=actor,
                registered_at=at,
            )
    except IntegrityError as error:
        raise RuleError("Chứng thư số này đã được đăng ký.") from error
    record(
        actor,
        Action.CERTIFICATE_REGISTERED,
        certificate,
        at=at,
        year=year.pk,
        holder=str(holder),
        organisation=str(organisation),
        fingerprint=facts.fingerprint,
    )
    return certificate


@transaction.atomic
def withdraw_certificate(
    *, certificate: SignerCertificate, year: EmulationYear, actor: User, at: datetime
) -> None:
    """From now on no signature of this certificate is accepted; earlier ones stay."""
    if not can_register_certificates(actor, year):
        raise PermissionDenied
    if not year.memberships.filter(organisation=certificate.organisation_id).exists():
        # A superior of this year has no word over members of another.
        raise PermissionDenied
    certificate = SignerCertificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.withdrawn_at is not None:
        raise RuleError("Chứng thư số này đã được thu hồi trước đó.")
    certificate.withdrawn_at = at
    certificate.withdrawn_by = actor
    certificate.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(actor, Action.CERTIFICATE_WITHDRAWN, certificate, at=at, year=year.pk)


@transaction.atomic
def add_trust_anchor(
    *, certificate: bytes, crl: bytes | None, actor: User | None, at: datetime
) -> TrustAnchor:
    """Trust a certification authority, or renew the revocation list of one already trusted.

    Both as PEM or DER. Refused: a certificate that is no authority's, a list it did not sign.
    """
    facts = parse_certificate(certificate)
    if not facts.is_ca:
        raise RuleError("Chứng thư này không phải của tổ chức chứng thực (CA).")
    if crl is not None:
        crl = parse_revocation_list(crl, facts.der)
    anchor, _ = TrustAnchor.objects.update_or_create(
        fingerprint=facts.fingerprint,
        defaults={
            "subject": facts.subject_name,
            "der": facts.der,
            "is_demo": facts.demo,
            **({"crl": crl, "crl_updated_at": at} if crl is not None else {}),
        },
    )
    record(actor, Action.TRUST_ANCHOR_ADDED, anchor, at=at, fingerprint=facts.fingerprint)
    return anchor


@dataclass(frozen=True)
class Place:
    """Whom a field of the paper is for."""

    organisation: Organisation
    field_name: str
    post: str
    signer_name: str


@transaction.atomic
def open_signing_round(
    *,
    year: EmulationYear,
    title: str,
    token: str,
    pdf: bytes,
    content_fingerprint: str,
    places: Sequence[Place],
    at: datetime,
    actor: User,
) -> SigningRound:
    """A paper ready to be signed: its first revision holds the empty fields.

    Called by the service of the area that owns the paper, which has asked who may.
    """
    signing = SigningRound.objects.create(
        year=year, title=title, token=token, content_fingerprint=content_fingerprint, opened_at=at
    )
    SigningPlace.objects.bulk_create(
        SigningPlace(
            round=signing,
            organisation=place.organisation,
            order=order,
            field_name=place.field_name,
            post=place.post,
            signer_name=place.signer_name,
        )
        for order, place in enumerate(places, start=1)
    )
    _add_revision(signing, 0, pdf, actor=actor, at=at)
    return signing


def _add_revision(
    signing: SigningRound, number: int, pdf: bytes, *, actor: User, at: datetime
) -> Revision:
    stored = receive_file(
        data=pdf,
        name=f"{signing.title}.pdf",
        organisation=None,
        actor=actor,
        at=at,
        limit=settings.SIGNED_PDF_LIMIT,
        only=[PDF],
    )
    return Revision.objects.create(round=signing, number=number, file=stored, received_at=at)


def accept_signed_pdf(
    *, signing: SigningRound, pdf: bytes, actor: User, at: datetime
) -> list[Signature]:
    """Take the uploaded PDF as the next revision if it adds valid signatures and nothing else.

    Refused by `verification.UploadRefused` with the exact reason; the refusal itself is journalled
    and the current revision stays (design D9).
    """
    try:
        return _accept(signing=signing, pdf=pdf, actor=actor, at=at)
    except UploadRefused as refusal:
        record(
            actor,
            Action.SIGNATURE_REFUSED,
            signing,
            at=at,
            code=refusal.code,
            reason=str(refusal),
            sha256=storage.fingerprint(pdf),
        )
        raise


@transaction.atomic
def _accept(*, signing: SigningRound, pdf: bytes, actor: User, at: datetime) -> list[Signature]:
    signing = SigningRound.objects.select_for_update().get(pk=signing.pk)
    if not can_upload_signature(actor, signing):
        raise PermissionDenied
    if signing.is_closed:
        raise RuleError("Văn bản này đã ngừng nhận chữ ký vì có phiên bản mới.")
    revisions = list(signing.revisions.select_related("file"))
    current = revisions[-1]
    if (
        current.number > 0
        and current.file.sha256 == storage.fingerprint(pdf)
        and current.file.received_by_id == actor.pk
    ):
        # The same person sends the same bytes again (double click, reload): the same answer.
        return list(current.signatures.all())
    anchors, crls = anchors_and_crls()
    found = verification.check_upload(
        storage.get(current.file.sha256),
        pdf,
        registered=registered_signers(signing, at),
        trust_anchors=anchors,
        crls=crls,
        at=at,
        earlier=[
            verification.Revision(sha256=old.file.sha256, length=old.file.size)
            for old in revisions[:-1]
        ],
        limit=settings.SIGNED_PDF_LIMIT,
    )
    revision = _add_revision(signing, current.number + 1, pdf, actor=actor, at=at)
    places = {place.field_name: place for place in signing.places.all()}
    accepted = []
    for new in found:
        place = places[new.field_name]
        certificate = SignerCertificate.objects.select_related("holder").get(pk=int(new.key))
        signature = Signature.objects.create(
            place=place,
            certificate=certificate,
            revision=revision,
            claimed_at=new.claimed_at,
            received_at=at,
            uploaded_by=actor,
        )
        accepted.append(signature)
        record(
            actor,
            Action.SIGNATURE_ACCEPTED,
            signing,
            at=at,
            organisation=str(place.organisation),
            # Who signed, not whose name was printed: the head may have changed in between.
            signer=str(certificate.holder),
            certificate=new.signer.fingerprint,
            revision=revision.number,
            sha256=revision.file.sha256,
        )
    return accepted
