"""Verifies signed papers: one that anybody holds, and one that a signer sends back (T17)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

from thidua.documents.signing import sentences
from thidua.documents.signing.certificates import CertificateFacts
from thidua.documents.signing.changes import first_more_than_signed
from thidua.documents.signing.fields import fields_of
from thidua.documents.signing.reading import (
    LIMIT,
    check_kind,
    covered_length,
    open_pdf,
    reading,
    signatures_of,
)
from thidua.documents.signing.refusals import RefusalCode, UploadRefused
from thidua.documents.signing.trust import Judgement, Revocation, Trust, judge

# A file that shares this much with the paper, byte for byte from its start, is that paper altered.
SAME_BEGINNING = 1024


class RevocationPolicy(StrEnum):
    """What to do where nothing says whether a certificate was revoked."""

    REQUIRE = "require"
    """Not valid (T17: unknown ≠ valid)."""
    ACCEPT_UNKNOWN = "accept_unknown"
    """Valid, and said so in the sentences. For authorities that publish no list we can hold."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of a file: its first bytes, known by their number and SHA-256."""

    sha256: str
    length: int

    @classmethod
    def of(cls, pdf: bytes) -> "Revision":
        return cls(hashlib.sha256(pdf).hexdigest(), len(pdf))

    def begins(self, pdf: bytes) -> bool:
        """Whether the file starts with exactly this revision."""
        return len(pdf) >= self.length and Revision.of(pdf[: self.length]) == self


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredSigner:
    """A certificate registered to a head; one person may have several, with one `key`."""

    key: str
    organisation: str
    certificate: bytes
    """DER."""
    valid_from: datetime
    valid_to: datetime | None
    field_name: str
    has_signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignature:
    """A signature that an upload adds, found valid."""

    key: str
    organisation: str
    field_name: str
    signer: CertificateFacts
    claimed_at: datetime | None
    timestamped_at: datetime | None
    revocation: Revocation
    revision: Revision
    """The file up to and with this signature."""
    chain: tuple[bytes, ...]
    """DER, signer first, anchor last: evidence to keep."""


class Change(StrEnum):
    NOTHING = "nothing"
    SIGNATURES = "signatures"
    CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    position: int
    """From 1, in the order of signing."""
    field_name: str
    label: str
    signer: CertificateFacts | None
    """None when the signature cannot be read."""
    claimed_at: datetime | None
    timestamped_at: datetime | None
    intact: bool
    trusted: bool
    revocation: Revocation
    covers_whole_file: bool
    changed_after: Change
    problem: RefusalCode | None
    sentences: tuple[str, ...]

    @property
    def valid(self) -> bool:
        return self.problem is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReport:
    revision: Revision
    signatures: tuple[SignatureReport, ...]
    empty_fields: int
    problem: RefusalCode | None
    summary: str

    @property
    def valid(self) -> bool:
        """At least one signature, all of them valid, and nothing changed but by signing."""
        return self.problem is None and bool(self.signatures)

    @property
    def sentences(self) -> tuple[str, ...]:
        return (self.summary, *(line for report in self.signatures for line in report.sentences))


def verify_document(
    pdf: bytes,
    *,
    trust_anchors: Sequence[bytes],
    at: datetime,
    crls: Sequence[bytes] = (),
    received_at: Mapping[str, datetime] | None = None,
    revocation: RevocationPolicy = RevocationPolicy.REQUIRE,
    limit: int = LIMIT,
) -> DocumentReport:
    """What the signatures of a file are worth, in plain words. Never raises for a bad file.

    `received_at` (field name → moment) tells when the server itself took each signature in; it is
    judged at that moment, any other at `at`. A signer's own clock proves nothing.
    """
    try:
        check_kind(pdf, limit)
        trust = Trust.of(trust_anchors, crls)
        with reading(RefusalCode.INVALID_SIGNATURE):
            reader = open_pdf(pdf)
            return _Examination(reader, pdf, trust, at, received_at or {}, revocation).report()
    except UploadRefused as refusal:
        return DocumentReport(
            revision=Revision.of(pdf),
            signatures=(),
            empty_fields=0,
            problem=refusal.code,
            summary=str(refusal),
        )


def check_upload(
    current: bytes,
    uploaded: bytes,
    *,
    registered: Sequence[RegisteredSigner],
    trust_anchors: Sequence[bytes],
    at: datetime,
    crls: Sequence[bytes] = (),
    earlier: Sequence[Revision] = (),
    revocation: RevocationPolicy = RevocationPolicy.REQUIRE,
    limit: int = LIMIT,
) -> tuple[NewSignature, ...]:
    """The signatures that the upload adds to the current revision, or UploadRefused (design D9).

    The upload must be the current bytes followed by one or more revisions, each of which holds one
    valid signature and nothing else, by a registered head who had not signed, in that head's field.
    `earlier` are revisions the paper went through, to tell a late signer from a forger. Everything
    is judged at the moment `at`: the server's time, never the signer's.
    """
    check_kind(uploaded, limit)
    _check_descent(current, uploaded, earlier)
    gate = _Gate(registered, Trust.of(trust_anchors, crls), at, revocation)
    with reading(RefusalCode.INVALID_SIGNATURE):
        return gate.admit(current, uploaded)


def _check_descent(current: bytes, uploaded: bytes, earlier: Sequence[Revision]) -> None:
    """The upload starts with the current bytes and goes on; else the exact reason why not."""
    if uploaded.startswith(current):
        if not uploaded[len(current) :].strip():
            raise UploadRefused(RefusalCode.SAME_AS_CURRENT, sentences.NOTHING_SIGNED)
        return
    if any(len(uploaded) == known.length and known.begins(uploaded) for known in earlier):
        raise UploadRefused(RefusalCode.SAME_AS_CURRENT, sentences.OLD_COPY)
    if any(known.begins(uploaded) for known in earlier):
        raise UploadRefused(RefusalCode.STALE_REVISION, sentences.STALE)
    if _encrypted(uploaded):
        raise UploadRefused(RefusalCode.ENCRYPTED, sentences.ENCRYPTED)
    if current.startswith(uploaded):
        raise UploadRefused(RefusalCode.ALTERED, sentences.CUT_SHORT)
    if uploaded[:SAME_BEGINNING] == current[:SAME_BEGINNING] or _same_identity(current, uploaded):
        raise UploadRefused(RefusalCode.ALTERED, sentences.ALTERED)
    raise UploadRefused(RefusalCode.OTHER_DOCUMENT, sentences.OTHER_DOCUMENT)


def _encrypted(data: bytes) -> bool:
    try:
        with reading(RefusalCode.NOT_A_PDF):
            open_pdf(data)
    except UploadRefused as refusal:
        return refusal.code == RefusalCode.ENCRYPTED
    return False


def _same_identity(current: bytes, uploaded: bytes) -> bool:
    """A program that rewrites a PDF keeps the first half of its identifier."""
    try:
        with reading(RefusalCode.NOT_A_PDF):
            return open_pdf(current).document_id[0] == open_pdf(uploaded).document_id[0]
    except UploadRefused:
        return False


@dataclass(frozen=True, slots=True)
class _Gate:
    """Admits the revisions of an upload one by one, each against the one before it."""

    registered: Sequence[RegisteredSigner]
    trust: Trust
    at: datetime
    revocation: RevocationPolicy

    def admit(self, current: bytes, uploaded: bytes) -> tuple[NewSignature, ...]:
        base, whole = open_pdf(current), open_pdf(uploaded)
        admitted: list[NewSignature] = []
        for end in _new_ends(base, whole, len(uploaded)):
            step = whole if end == len(uploaded) else open_pdf(uploaded[:end])
            signature = _only_new_signature(base, step)
            admitted.append(self._admit_one(signature, uploaded[:end], admitted))
            base = step
        return tuple(admitted)

    def _admit_one(
        self, signature: EmbeddedPdfSignature, signed: bytes, admitted: Sequence[NewSignature]
    ) -> NewSignature:
        judgement = judge(signature, self.trust, self.at)
        problem = problem_of(judgement, self.at, self.revocation)
        if problem is not None:
            raise UploadRefused(problem, sentences.of_signature(problem, judgement))
        holder = self._holder(judgement.signer)
        done = {known.key for known in self.registered if known.has_signed}
        done |= {new.key for new in admitted}
        if holder.key in done:
            raise UploadRefused(
                RefusalCode.ALREADY_SIGNED, sentences.already_signed(holder.organisation)
            )
        if signature.field_name != holder.field_name:
            raise UploadRefused(
                RefusalCode.WRONG_FIELD,
                sentences.wrong_field(holder.organisation, _label(signature)),
            )
        return NewSignature(
            key=holder.key,
            organisation=holder.organisation,
            field_name=holder.field_name,
            signer=judgement.signer,
            claimed_at=judgement.claimed_at,
            timestamped_at=judgement.timestamped_at,
            revocation=judgement.revocation,
            revision=Revision.of(signed),
            chain=judgement.chain,
        )

    def _holder(self, signer: CertificateFacts) -> RegisteredSigner:
        """The head this certificate is registered to, at this moment."""
        known = [one for one in self.registered if one.certificate == signer.der]
        for one in known:
            if one.valid_from <= self.at and (one.valid_to is None or self.at <= one.valid_to):
                return one
        sentence = sentences.lapsed(known[0].organisation) if known else sentences.stranger(signer)
        raise UploadRefused(RefusalCode.UNREGISTERED_SIGNER, sentence)


def _new_ends(base: PdfFileReader, whole: PdfFileReader, length: int) -> list[int]:
    """Where each new revision ends: exactly where a new signature stops covering the file."""
    added = signatures_of(whole, without=_signed_names(base))
    if not added:
        raise UploadRefused(RefusalCode.ADDED_CONTENT, sentences.ADDED_WITHOUT_SIGNATURE)
    ends = [covered_length(one) for one in added]
    clean = [end for end in ends if end is not None]
    if len(clean) < len(ends) or any(left >= right for left, right in pairwise(clean)):
        raise UploadRefused(RefusalCode.INVALID_SIGNATURE, sentences.PARTIAL)
    if clean[-1] != length:
        raise UploadRefused(RefusalCode.ADDED_CONTENT, sentences.ADDED_AFTER)
    return clean


def _signed_names(reader: PdfFileReader) -> frozenset[str]:
    return frozenset(field.name for field in fields_of(reader) if field.signed)


def _only_new_signature(base: PdfFileReader, step: PdfFileReader) -> EmbeddedPdfSignature:
    """The one signature by which `step` differs from `base`; refuses anything more."""
    _check_one_revision(base, step)
    before, after = fields_of(base), fields_of(step)
    if {field.name for field in after} - {field.name for field in before}:
        raise UploadRefused(RefusalCode.WRONG_FIELD, sentences.OWN_FIELD)
    new = signatures_of(step, without={field.name for field in before if field.signed})
    if len(new) != 1:
        raise UploadRefused(RefusalCode.ADDED_CONTENT, sentences.ADDED_CONTENT)
    [signature] = new
    if "/Reference" in signature.sig_object:
        raise UploadRefused(RefusalCode.LOCKS_DOCUMENT, sentences.LOCKS)
    last = step.total_revisions - 1
    if first_more_than_signed(step, range(last, last + 1)) is not None:
        raise UploadRefused(RefusalCode.ADDED_CONTENT, sentences.ADDED_CONTENT)
    return signature


def _check_one_revision(base: PdfFileReader, step: PdfFileReader) -> None:
    """The chain of revisions goes through the very end of the base, and one step further.

    Without this an appended file could point past the base, at objects of its own.
    """
    last = base.total_revisions - 1
    same_base = step.total_revisions > last and (
        step.xrefs.get_startxref_for_revision(last) == base.last_startxref
    )
    if not same_base or step.total_revisions != last + 2:
        raise UploadRefused(RefusalCode.ADDED_CONTENT, sentences.ADDED_CONTENT)


def problem_of(
    judgement: Judgement, moment: datetime, policy: RevocationPolicy
) -> RefusalCode | None:
    """The first thing wrong with a signature by itself, the gravest first."""
    signer = judgement.signer
    unknown = judgement.revocation == Revocation.UNKNOWN
    found = (
        (RefusalCode.INVALID_SIGNATURE, not judgement.intact),
        (RefusalCode.NOT_YET_VALID, moment < signer.valid_from),
        (RefusalCode.EXPIRED, moment > signer.valid_to),
        (RefusalCode.REVOKED, judgement.revocation == Revocation.REVOKED),
        (RefusalCode.UNTRUSTED, not judgement.trusted),
        (RefusalCode.REVOCATION_UNKNOWN, unknown and policy == RevocationPolicy.REQUIRE),
    )
    return next((code for code, applies in found if applies), None)


@dataclass(frozen=True, slots=True)
class _Examination:
    """All signatures of one file."""

    reader: PdfFileReader
    pdf: bytes
    trust: Trust
    at: datetime
    received_at: Mapping[str, datetime]
    policy: RevocationPolicy

    def report(self) -> DocumentReport:
        signatures = signatures_of(self.reader)
        changed = self._changed_revisions(signatures)
        reports = tuple(
            self._report_one(position, signature, changed)
            for position, signature in enumerate(signatures, 1)
        )
        problem = self._problem(reports)
        return DocumentReport(
            revision=Revision.of(self.pdf),
            signatures=reports,
            empty_fields=sum(not field.signed for field in fields_of(self.reader)),
            problem=problem,
            summary=sentences.summary(problem, len(reports)),
        )

    def _problem(self, reports: Sequence[SignatureReport]) -> RefusalCode | None:
        if any(report.changed_after == Change.CONTENT for report in reports):
            return RefusalCode.ADDED_CONTENT
        first = next((report.problem for report in reports if report.problem), None)
        if first is None and reports and not any(one.covers_whole_file for one in reports):
            return RefusalCode.ADDED_CONTENT
        return first

    def _changed_revisions(self, signatures: Sequence[EmbeddedPdfSignature]) -> range:
        """The revisions from the first that did more than sign: what came later builds on it."""
        end = self.reader.total_revisions
        first = signatures[0].signed_revision + 1 if signatures else end
        changed = first_more_than_signed(self.reader, range(first, end))
        return range(end if changed is None else changed, end)

    def _report_one(
        self, position: int, signature: EmbeddedPdfSignature, changed: range
    ) -> SignatureReport:
        length = covered_length(signature)
        later = range(signature.signed_revision + 1, self.reader.total_revisions)
        change = Change.NOTHING
        if length is None or any(number in changed for number in later):
            change = Change.CONTENT
        elif length < len(self.pdf):
            change = Change.SIGNATURES
        moment = self.received_at.get(signature.field_name, self.at)
        judgement = self._judgement(signature, moment)
        problem = (
            RefusalCode.INVALID_SIGNATURE
            if judgement is None
            else problem_of(judgement, moment, self.policy)
        )
        if problem is None and change == Change.CONTENT:
            problem = RefusalCode.ADDED_CONTENT
        label = _label(signature)
        return SignatureReport(
            position=position,
            field_name=signature.field_name,
            label=label,
            signer=judgement.signer if judgement else None,
            claimed_at=judgement.claimed_at if judgement else None,
            timestamped_at=judgement.timestamped_at if judgement else None,
            intact=judgement.intact if judgement else False,
            trusted=judgement.trusted if judgement else False,
            revocation=judgement.revocation if judgement else Revocation.UNKNOWN,
            covers_whole_file=length == len(self.pdf),
            changed_after=change,
            problem=problem,
            sentences=sentences.report(position, label, judgement, problem, change),
        )

    def _judgement(self, signature: EmbeddedPdfSignature, moment: datetime) -> Judgement | None:
        try:
            with reading(RefusalCode.INVALID_SIGNATURE):
                return judge(signature, self.trust, moment)
        except UploadRefused:
            return None


def _label(signature: EmbeddedPdfSignature) -> str:
    return str(signature.sig_field.get("/TU", "")) or str(signature.field_name)
