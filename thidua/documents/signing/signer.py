"""Signs a paper. Runs on the signer's own machine; the server never calls it with a real key."""

import io
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import pkcs12 as asn1_pkcs12
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSigningSession,
    SigDSSPlacementPreference,
)
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

from thidua.documents.content import Stamp
from thidua.documents.rendering import stamp_pdf
from thidua.documents.signing.certificates import CertificateFacts, certificate_facts
from thidua.documents.signing.fields import SignatureField, fields_of
from thidua.documents.signing.waiting import run
from thidua.rules.errors import RuleError


def sign_pdf(
    pdf: bytes,
    *,
    pkcs12: bytes,
    passphrase: bytes,
    at: datetime,
    field_name: str | None = None,
    reason: str | None = None,
    crls: Sequence[bytes] = (),
) -> bytes:
    """The paper with one more signature (PAdES), appended; what was there stays byte for byte.

    Without a field name the field is chosen by `choose_field`. With `crls` (DER) the proof that the
    certificate was not revoked goes into the same revision. Raises RuleError with what to do.
    """
    key = open_key_store(pkcs12, passphrase)
    facts = signer_facts(key)
    reader = read_paper(pdf)
    field = choose_field(fields_of(reader), facts, field_name)
    writer = IncrementalPdfFileWriter.from_reader(reader)
    signer = _DatedSigner(
        _metadata(field.name, reason, key, crls, at),
        key,
        stamp_style=_stamp_style(reader, field, facts, reason, at),
        at=at,
    )
    output = io.BytesIO()
    run(signer.async_sign_pdf(writer, existing_fields_only=True, output=output))
    return output.getvalue()


def open_key_store(pkcs12: bytes, passphrase: bytes) -> SimpleSigner:
    """The key of a PKCS#12 file. Raises RuleError when it is none or the passphrase is wrong."""
    try:
        asn1_pkcs12.Pfx.load(pkcs12).native  # noqa: B018
    except (ValueError, TypeError) as error:
        raise RuleError(
            "Tệp khoá không phải PKCS#12 (.p12, .pfx). Hãy chọn đúng tệp khoá."
        ) from error
    try:
        key = SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=passphrase)
    except (ValueError, TypeError, AttributeError) as error:
        raise RuleError(
            "Không mở được tệp khoá: mật khẩu không đúng hoặc tệp không chứa khoá để ký. "
            "Hãy nhập lại mật khẩu."
        ) from error
    if not isinstance(key, SimpleSigner):
        raise TypeError("a key store opens to a signer")
    return key


def signer_facts(key: SimpleSigner) -> CertificateFacts:
    """Whose key it is."""
    if key.signing_cert is None:
        raise RuleError("Tệp khoá không có chứng thư của người ký. Hãy chọn đúng tệp khoá.")
    return certificate_facts(key.signing_cert.dump())


def choose_field(
    fields: Sequence[SignatureField], signer: CertificateFacts, field_name: str | None = None
) -> SignatureField:
    """The named field, else the only open one, else the one labelled as the signer's organisation."""
    if field_name is not None:
        return _named_field(fields, field_name)
    waiting = [field for field in fields if not field.signed]
    if not waiting:
        raise RuleError("Văn bản không còn ô ký nào để trống.")
    own = [field for field in waiting if _same_label(field.label, signer.organisation)]
    if len(own) == 1:
        return own[0]
    if len(waiting) == 1:
        return waiting[0]
    choices = "; ".join(f"{field.name} ({field.label})" for field in waiting)
    raise RuleError(f"Hãy chỉ rõ ô ký của đơn vị bằng --field. Các ô còn trống: {choices}.")


def _named_field(fields: Sequence[SignatureField], name: str) -> SignatureField:
    found = next((field for field in fields if field.name == name), None)
    if found is None:
        names = ", ".join(field.name for field in fields) or "không có ô nào"
        raise RuleError(f"Văn bản không có ô ký “{name}”. Các ô ký của văn bản: {names}.")
    if found.signed:
        raise RuleError(f"Ô ký “{found.label or found.name}” đã có chữ ký. Không ký đè lên được.")
    return found


def _same_label(left: str, right: str) -> bool:
    return bool(left) and " ".join(left.casefold().split()) == " ".join(right.casefold().split())


def read_paper(pdf: bytes) -> PdfFileReader:
    """A PDF that can be signed. Raises RuleError for anything else."""
    if b"%PDF-" not in pdf[:1024]:
        raise RuleError("Tệp này không phải PDF. Hãy chọn tệp giao ước tải về từ hệ thống.")
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            raise RuleError("Tệp PDF đã bị đặt mật khẩu nên không ký được. Hãy tải lại bản gốc.")
        list(enumerate_sig_fields(reader))
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise RuleError("Tệp PDF bị hỏng. Hãy tải lại tệp từ hệ thống rồi ký.") from error
    return reader


def _metadata(
    field_name: str,
    reason: str | None,
    key: SimpleSigner,
    crls: Sequence[bytes],
    at: datetime,
) -> PdfSignatureMetadata:
    proof = {}
    if crls:
        proof = {
            "embed_validation_info": True,
            "validation_context": ValidationContext(
                trust_roots=list(key.cert_registry),
                crls=list(crls),
                moment=at,
                allow_fetching=False,
                revocation_mode="require",
            ),
        }
    return PdfSignatureMetadata(
        field_name=field_name,
        reason=reason,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        # A revision after the signature would be something added to the paper.
        dss_settings=DSSContentSettings(
            placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE, include_vri=False
        ),
        **proof,  # type: ignore[arg-type]
    )


class _DatedSigner(PdfSigner):
    """Signs at the given moment, so that the stamp and the signature agree to the second."""

    def __init__(
        self,
        metadata: PdfSignatureMetadata,
        key: SimpleSigner,
        *,
        stamp_style: StaticStampStyle,
        at: datetime,
    ) -> None:
        super().__init__(metadata, key, stamp_style=stamp_style)
        self._at = at

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


class _Drawn(PdfContent):
    """The first page of a PDF held in memory."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        drawing = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        name = pdf_name("/Stamp")
        self.resources.xobject[name] = drawing
        left, bottom, right, top = drawing.get_object()["/BBox"]
        self.box = layout.BoxConstraints(
            width=float(right) - float(left), height=float(top) - float(bottom)
        )
        return b"/Stamp Do"


def _stamp_style(
    reader: PdfFileReader,
    field: SignatureField,
    signer: CertificateFacts,
    reason: str | None,
    at: datetime,
) -> StaticStampStyle:
    """Drawn by Typst: pyHanko's own text stamp breaks the spacing of Vietnamese words."""
    width, height = _field_size(reader, field.name)
    drawing = stamp_pdf(
        Stamp(
            organisation=signer.organisation or field.label,
            signer=signer.subject_name,
            signed_at=at,
            width=width,
            height=height,
            reason=reason or "",
            demo=signer.demo,
        )
    )
    middle = layout.AxisAlignment.ALIGN_MID
    return StaticStampStyle(
        background=_Drawn(drawing),
        border_width=0,
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=middle, y_align=middle, margins=layout.Margins.uniform(0)
        ),
    )


def _field_size(reader: PdfFileReader, name: str) -> tuple[float, float]:
    [(_, _, reference)] = list(enumerate_sig_fields(reader, with_name=name))
    left, bottom, right, top = (float(corner) for corner in reference.get_object()["/Rect"])
    # An invisible field still needs a page to be drawn on.
    return max(abs(right - left), 1.0), max(abs(top - bottom), 1.0)
