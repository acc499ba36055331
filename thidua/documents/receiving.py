"""What a person may hand in as evidence: told by the content, never by the file name (T14)."""

import re
import unicodedata

from thidua.documents.archives import check_archive
from thidua.rules.errors import RuleError

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx", XLSX: ".xlsx"}
ACCEPTED = "PDF, ảnh PNG hoặc JPEG, Word (.docx), Excel (.xlsx)"


def media_type_of(data: bytes, name: str, limit: int) -> str:
    """The type of a file that may be stored, or a RuleError naming the file and the way out."""
    if not data:
        raise RuleError(f"Tệp “{name}” rỗng. Hãy chọn tệp khác.")
    if len(data) > limit:
        raise RuleError(
            f"Tệp “{name}” lớn hơn {limit // (1024 * 1024)} MB. Hãy giảm dung lượng hoặc tách tệp."
        )
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"PK\x03\x04"):
        parts = check_archive(data, name)
        if "word/document.xml" in parts:
            return DOCX
        if "xl/workbook.xml" in parts:
            return XLSX
    raise RuleError(f"Tệp “{name}” không thuộc loại được nhận. Chỉ nhận: {ACCEPTED}.")


def safe_name(name: str, media_type: str) -> str:
    """The name under which a file is shown and handed out: one line, no path, true extension."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", shown) or "tep"
    return stem[:150] + EXTENSIONS[media_type]
