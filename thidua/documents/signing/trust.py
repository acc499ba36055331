"""Is this signature intact, and whose is it? Certificates and revocation, without the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from thidua.documents.signing.certificates import CertificateFacts, certificate_facts
from thidua.documents.signing.waiting import run

# Authorities give either; encryption or certificate keys have neither.
SIGNING_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
KNOWN_KINDS = (SigSeedSubFilter.PADES.value, SigSeedSubFilter.ADOBE_PKCS7_DETACHED.value)


class Revocation(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    """No list or answer that covers the moment. Unknown is not good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Cryptography and trust of one signature at one moment; says nothing of later changes."""

    signer: CertificateFacts
    claimed_at: datetime | None
    timestamped_at: datetime | None
    intact: bool
    """The signed bytes are the bytes of the file, and the signature is the certificate's."""
    trusted: bool
    """The certificate leads to a trust anchor, and was valid at the moment."""
    revocation: Revocation
    revoked_at: datetime | None
    chain: tuple[bytes, ...]
    """DER, signer first, anchor last; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What the one who verifies holds to be true: DER certificates and revocation lists."""

    anchors: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...]

    @classmethod
    def of(cls, anchors: Sequence[bytes], crls: Sequence[bytes]) -> "Trust":
        return cls(tuple(x509.Certificate.load(der) for der in anchors), tuple(crls))


def judge(signature: EmbeddedPdfSignature, trust: Trust, moment: datetime) -> Judgement:
    """Raises whatever a malformed signature raises: to be called under `reading`."""
    if signature.sig_object.get("/SubFilter") not in KNOWN_KINDS:
        raise ValueError("not a kind of signature that can be verified")
    status = _validated(signature, trust, moment, revocation="require")
    revocation = Revocation.GOOD
    if status.revoked:
        revocation = Revocation.REVOKED
    elif not status.trusted:
        # Was it the revocation data that failed, or the chain?
        revocation = Revocation.UNKNOWN
        status = _validated(signature, trust, moment, revocation="none")
    details = status.revocation_details
    stamp = status.timestamp_validity
    return Judgement(
        signer=certificate_facts(signature.signer_cert.dump()),
        claimed_at=signature.self_reported_timestamp,
        timestamped_at=stamp.timestamp if stamp and stamp.valid and stamp.trusted else None,
        intact=status.intact and status.valid,
        trusted=status.trusted,
        revocation=revocation,
        revoked_at=details.revocation_date if details else None,
        chain=_chain(status),
    )


def _validated(
    signature: EmbeddedPdfSignature, trust: Trust, moment: datetime, *, revocation: str
) -> PdfSignatureStatus:
    certificates, crls, ocsps = _embedded_proof(signature.reader)
    context = ValidationContext(
        trust_roots=list(trust.anchors),
        other_certs=certificates,
        crls=[*trust.crls, *crls],
        ocsps=ocsps,
        moment=moment,
        allow_fetching=False,
        revocation_mode=revocation,
        # A list published after the moment tells of it better than one from before.
        retroactive_revinfo=True,
    )
    return run(
        async_validate_pdf_signature(
            signature,
            signer_validation_context=context,
            key_usage_settings=SIGNING_USAGE,
            skip_diff=True,
        )
    )


def _embedded_proof(
    reader: PdfFileReader,
) -> tuple[list[x509.Certificate], list[bytes], list[bytes]]:
    """Certificates and revocation data that signers left in the file; each proves itself."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return [], [], []
    crls = [reference.get_object().data for reference in store.crls]
    ocsps = [reference.get_object().data for reference in store.ocsps]
    return list(store.load_certs()), crls, ocsps


def _chain(status: PdfSignatureStatus) -> tuple[bytes, ...]:
    path = status.validation_path
    if path is None or not status.trusted:
        return ()
    return tuple(certificate.dump() for certificate in reversed(list(path)))
