"""Signature fields: the places prepared for signatures."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from thidua.documents.content import SignatureBox


@dataclass(frozen=True, slots=True)
class SignatureField:
    name: str
    label: str
    signed: bool


def add_signature_fields(pdf: bytes, boxes: Sequence[SignatureBox]) -> bytes:
    """The paper with one empty field per box, as an appended revision.

    All fields are made before anyone signs: a signature then touches its own field and nothing else.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for box in boxes:
        append_signature_field(writer, _specification(box))
    if boxes:
        # Said once, here: "signed, append only". No signature needs to change the form afterwards.
        form = writer.root["/AcroForm"]
        form["/SigFlags"] = NumberObject(3)
        writer.update_container(form)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def open_fields(pdf: bytes) -> tuple[SignatureField, ...]:
    """Every signature field of a trusted PDF, in the order they were made."""
    return fields_of(PdfFileReader(io.BytesIO(pdf)))


def fields_of(reader: PdfFileReader) -> tuple[SignatureField, ...]:
    """Every signature field that the reader sees."""
    return tuple(
        SignatureField(
            name=name,
            label=str(reference.get_object().get("/TU", "")),
            signed=value is not None,
        )
        for name, value, reference in enumerate_sig_fields(reader)
    )


def _specification(box: SignatureBox) -> SigFieldSpec:
    corners = (box.x, box.y, box.x + box.width, box.y + box.height)
    return SigFieldSpec(
        sig_field_name=box.field_name,
        on_page=box.page - 1,
        box=tuple(round(corner) for corner in corners),  # type: ignore[arg-type]
        readable_field_name=box.label,
    )
