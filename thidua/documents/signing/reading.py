"""Opens a PDF from outside, within bounds, and lists its signatures."""

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature

from thidua.documents.signing.bounds import LIMITS, check_cross_references
from thidua.documents.signing.refusals import RefusalCode, UploadRefused

LIMIT = 20_000_000

_UNREADABLE = (
    "Tệp PDF bị hỏng hoặc có cấu trúc không được chấp nhận nên không kiểm tra được. "
    "Hãy tải lại văn bản từ hệ thống, ký và tải lên đúng tệp do phần mềm ký tạo ra."
)


def check_kind(data: bytes, limit: int) -> None:
    """Size and kind, before anything is parsed."""
    if len(data) > limit:
        raise UploadRefused(
            RefusalCode.TOO_LARGE,
            f"Tệp quá lớn ({len(data) / 1e6:.1f} MB). Văn bản đã ký không vượt quá "
            f"{limit / 1e6:.0f} MB.".replace(".", ",", 1),
        )
    if not data.startswith(b"%PDF-"):
        raise UploadRefused(
            RefusalCode.NOT_A_PDF,
            "Tệp này không phải là PDF. Hãy tải lên tệp PDF đã ký, tải về từ hệ thống trước đó.",
        )


@contextmanager
def reading(code: RefusalCode) -> Iterator[None]:
    """Whatever a hostile file makes the parser raise becomes a refusal with this code.

    The one place where everything is caught: pyHanko and the libraries under it raise some twenty
    kinds of exceptions on broken input, also plain assertions, and a file from outside must never
    end in a server error. A refusal passes as it is.
    """
    try:
        yield
    except UploadRefused:
        raise
    except Exception as error:
        raise UploadRefused(code, _UNREADABLE) from error


def open_pdf(data: bytes) -> PdfFileReader:
    """A reader within bounds. Refuses an encrypted file; raises for a broken or overgrown one."""
    check_cross_references(data)
    reader = PdfFileReader(io.BytesIO(data), strict=True, decode_limits=LIMITS)
    if reader.encrypted:
        raise UploadRefused(
            RefusalCode.ENCRYPTED,
            "Tệp PDF đã bị đặt mật khẩu hoặc mã hoá nên không kiểm tra được chữ ký. "
            "Hãy ký trên bản tải về từ hệ thống, không đặt mật khẩu.",
        )
    return reader


def signatures_of(
    reader: PdfFileReader, *, without: Collection[str] = ()
) -> Sequence[EmbeddedPdfSignature]:
    """Every filled signature field, in the order of signing; also those of unknown kinds.

    Fields named in `without` are passed over.

    Raises whatever a malformed signature raises: to be called under `reading`.
    """
    found = [
        EmbeddedPdfSignature(reader, field, name)
        for name, _, field in enumerate_sig_fields(reader, filled_status=True)
        if name not in without
    ]
    return sorted(found, key=lambda signature: (signature.signed_revision, _end(signature)))


def covered_length(signature: EmbeddedPdfSignature) -> int | None:
    """How many bytes from the start of the file are signed; None when there is any other gap.

    The one permitted gap is exactly the signature's own value, between its angle brackets.
    """
    bounds = [int(bound) for bound in signature.byte_range]
    if len(bounds) != 4:
        return None
    start, before, resume, after = bounds
    gap = 2 * len(signature.pkcs7_content) + 2
    if start != 0 or before <= 0 or after <= 0 or resume != before + gap:
        return None
    stream = signature.reader.stream
    stream.seek(before)
    value = stream.read(gap)
    if value[:1] != b"<" or value[-1:] != b">":
        return None
    return resume + after


def _end(signature: EmbeddedPdfSignature) -> int:
    return covered_length(signature) or 0
