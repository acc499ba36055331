"""T17 corpus: signed papers good and bad, made from nothing with the demonstration authority."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, copy_into_new_writer
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from tests.documents.papers import pact, signatories
from thidua.documents.rendering import pact_pdf
from thidua.documents.signing.authority import (
    Authority,
    IssuedSigner,
    create_authority,
    issue_crl,
    issue_signer,
)
from thidua.documents.signing.fields import add_signature_fields
from thidua.documents.signing.signer import open_key_store, sign_pdf
from thidua.documents.signing.verification import NewSignature, RegisteredSigner, check_upload
from thidua.documents.signing.waiting import run

VIETNAM = timezone(timedelta(hours=7))
FOUNDED = datetime(2026, 1, 1, tzinfo=VIETNAM)
NOON = datetime(2026, 2, 5, 12, tzinfo=VIETNAM)
PASSPHRASE = "mật khẩu thử".encode()

Change = Callable[[IncrementalPdfFileWriter], None]
"""Something done to a paper that is not a signature."""


@dataclass(frozen=True)
class Head:
    signer: IssuedSigner
    registered: RegisteredSigner


class Corpus:
    """One paper, its heads, and every way to sign it."""

    def __init__(self, members: int = 3) -> None:
        self.members = members
        self.authority = create_authority(name="CA thử nghiệm", at=FOUNDED)
        self.crl = issue_crl(self.authority, at=FOUNDED)

    @cached_property
    def first(self) -> bytes:
        rendered = pact_pdf(pact(self.members))
        return add_signature_fields(rendered.pdf, rendered.boxes)

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        return tuple(self.head(position) for position in range(1, self.members + 1))

    def head(
        self,
        position: int,
        *,
        authority: Authority | None = None,
        at: datetime = FOUNDED,
        days: int = 1825,
    ) -> Head:
        block = signatories(self.members)[position - 1]
        signer = issue_signer(
            authority or self.authority,
            name=block.full_name,
            organisation=block.organisation,
            at=at,
            days=days,
            passphrase=PASSPHRASE,
        )
        registered = RegisteredSigner(
            key=f"head-{position}",
            organisation=block.organisation,
            certificate=signer.certificate,
            valid_from=FOUNDED,
            valid_to=None,
            field_name=block.field_name,
            has_signed=False,
        )
        return Head(signer, registered)

    def sign(
        self, pdf: bytes, head: Head, *, field: str | None = None, at: datetime = NOON
    ) -> bytes:
        return sign_pdf(
            pdf,
            pkcs12=head.signer.pkcs12,
            passphrase=PASSPHRASE,
            at=at,
            field_name=field or head.registered.field_name,
        )

    def check(
        self,
        current: bytes,
        uploaded: bytes,
        heads: tuple[Head, ...] | None = None,
        **settings: object,
    ) -> tuple[NewSignature, ...]:
        given = {
            "registered": [head.registered for head in heads or self.heads],
            "trust_anchors": [self.authority.certificate],
            "crls": [self.crl],
            "at": NOON,
        }
        return check_upload(current, uploaded, **{**given, **settings})  # type: ignore[arg-type]


class AtNoon(PdfSigner):
    """pyHanko as another program would use it, with a fixed clock."""

    def init_signing_session(self, pdf_out, existing_fields_only=False):
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = NOON
        return session


def changed(pdf: bytes, change: Change) -> bytes:
    """The paper with one more revision that is not a signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def signed_with(
    pdf: bytes,
    head: Head,
    change: Change | None = None,
    *,
    field: str | None = None,
    new_field: SigFieldSpec | None = None,
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
    certify: bool = False,
    md_algorithm: str = "sha256",
) -> bytes:
    """Signed as another program would: the change and the signature in one revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if change is not None:
        change(writer)
    metadata = PdfSignatureMetadata(
        field_name=new_field.sig_field_name if new_field else field or head.registered.field_name,
        md_algorithm=md_algorithm,
        subfilter=subfilter,
        certify=certify,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    key = open_key_store(head.signer.pkcs12, PASSPHRASE)
    signer = AtNoon(metadata, key, new_field_spec=new_field)
    output = io.BytesIO()
    run(signer.async_sign_pdf(writer, output=output))
    return output.getvalue()


def write_on_page(writer: IncrementalPdfFileWriter) -> None:
    stream = generic.StreamObject(stream_data=b"0 0 300 300 re f")
    writer.add_stream_to_page(0, writer.add_object(stream))


def add_page(writer: IncrementalPdfFileWriter) -> None:
    content = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 595, 842)))


def add_note(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = writer.add_object(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
                generic.pdf_name("/Rect"): generic.ArrayObject(
                    [generic.NumberObject(number) for number in (100, 100, 300, 200)]
                ),
                generic.pdf_name("/Contents"): generic.pdf_string("một trăm phần trăm"),
            }
        )
    )
    page.setdefault(generic.pdf_name("/Annots"), generic.ArrayObject()).append(note)
    writer.update_container(page)


def add_script(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
        }
    )
    writer.update_root()


def attach_file(writer: IncrementalPdfFileWriter) -> None:
    stored = EmbeddedFileObject.from_file_data(writer, data=b"x", mime_type="text/plain")
    embed_file(writer, FileSpec("phu-luc.txt", embedded_data=stored))


def carry_along(writer: IncrementalPdfFileWriter) -> None:
    """An object that nothing uses: a later revision could."""
    writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))


def retitle(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(
        generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Khác")})
    )


def move_field(writer: IncrementalPdfFileWriter) -> None:
    *_, (_, _, reference) = enumerate_sig_fields(writer)
    field = reference.get_object()
    field["/Rect"] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)])
    writer.update_container(field)


def script_in_field(writer: IncrementalPdfFileWriter) -> None:
    *_, (_, _, reference) = enumerate_sig_fields(writer)
    field = reference.get_object()
    field["/AA"] = generic.DictionaryObject()
    writer.update_container(field)


def add_text_field(writer: IncrementalPdfFileWriter) -> None:
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(
        writer.add_object(
            generic.DictionaryObject(
                {
                    generic.pdf_name("/FT"): generic.pdf_name("/Tx"),
                    generic.pdf_name("/T"): generic.pdf_string("ghi-chu"),
                }
            )
        )
    )
    writer.update_container(fields)


CHANGES: dict[str, Change] = {
    "written-on-page": write_on_page,
    "page-added": add_page,
    "note-added": add_note,
    "script-added": add_script,
    "file-attached": attach_file,
    "object-carried-along": carry_along,
    "title-changed": retitle,
    "field-moved": move_field,
    "script-in-field": script_in_field,
    "text-field-added": add_text_field,
}


def without_last_revisions(pdf: bytes, base: bytes) -> bytes:
    """A cross-reference section that leads past the last revision, back to an older one."""
    old = PdfFileReader(io.BytesIO(base))
    root = old.root_ref
    size = old.trailer["/Size"]
    start = len(pdf) + 1
    section = (
        f"\nxref\n0 0\ntrailer\n<</Size {size}/Root {root.idnum} {root.generation} R"
        f"/Info {old.trailer.raw_get('/Info').idnum} 0 R/Prev {old.last_startxref}>>\n"
        f"startxref\n{start}\n%%EOF\n"
    )
    return pdf + section.encode()


def encrypted(pdf: bytes) -> bytes:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    writer.encrypt(owner_pass="chủ", user_pass="người dùng")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def resaved(pdf: bytes) -> bytes:
    """As a viewer saves it: the same pages in a new file, the first half of its identifier kept."""
    reader = PdfFileReader(io.BytesIO(pdf))
    writer = copy_into_new_writer(reader)
    mine, fresh = reader.document_id[0], writer.document_id[1]
    writer._document_id = generic.ArrayObject(
        [generic.ByteStringObject(mine), generic.ByteStringObject(fresh)]
    )
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
