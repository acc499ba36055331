"""Is this file an .xlsx that may be opened at all? Decided from the ZIP, before any XML is read.

Everything that could make the reader work without end or run something is refused first (T14):
old and locked formats, macros, embedded objects, links to other files, document type
declarations, and archives that unpack to far more than they weigh.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from thidua.rules.errors import RuleError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """How large a workbook may be: bytes, parts of the archive, cells, seconds of reading.

    `marks` are tags and attributes in all, `run` those within one row, `texts` rows and texts.
    """

    file_bytes: int = 10 * MEGABYTE
    unpacked_bytes: int = 40 * MEGABYTE
    shared_bytes: int = 10 * MEGABYTE
    ratio: int = 200
    parts: int = 300
    sheets: int = 40
    rows: int = 12_000
    columns: int = 256
    cells: int = 300_000
    marks: int = 1_500_000
    run: int = 100_000
    texts: int = 200_000
    seconds: float = 10.0


BOUNDS = Bounds()

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEET_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_CONTENT_TYPES = "[Content_Types].xml"
_WORKBOOK = "xl/workbook.xml"
# Read whole into memory by the reader, unlike the sheets, which stream.
_SHARED = ("xl/sharedstrings", "xl/styles", "xl/theme", _WORKBOOK, "[content_types]")
_FORBIDDEN_PARTS = {
    "vbaproject": "macro",
    "xl/activex/": "điều khiển ActiveX",
    "xl/ctrlprops/": "điều khiển biểu mẫu",
    "xl/embeddings/": "đối tượng nhúng",
    "xl/externallinks/": "liên kết tới tệp khác",
    "xl/connections": "kết nối dữ liệu ngoài",
    "xl/querytables/": "truy vấn dữ liệu ngoài",
    "xl/macrosheets/": "macro",
    "xl/dialogsheets/": "macro",
}
_LINKS = (b"/relationships/externalLink", b"/relationships/attachedTemplate")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = {b"utf-8", b"us-ascii"}
_ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:row|si)\s*>|<(?:[\w.-]+:)?(?:row|si)\s*/>")
_TOO_RICH = "Tệp chứa quá nhiều ô, chữ hoặc định dạng nên không được mở."
_ADVICE = "Hãy mở tệp bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx."


def checked_archive(data: bytes, bounds: Bounds = BOUNDS) -> bytes:
    """The archive that may be read; RuleError says why there is none, and the way out.

    Refuses anything but a plain .xlsx within bounds. Parts that office systems attach for
    themselves (customXml) are left out: they are nobody's data and keep to no rule.
    """
    _check_kind(data, bounds)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, bounds)
            _check_content(archive, bounds)
            return _without_attachments(archive, data)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
        ValueError,
        OSError,
        RuntimeError,
    ) as error:
        raise RuleError(f"Tệp bị hỏng, không mở được. {_ADVICE}") from error


def _check_kind(data: bytes, bounds: Bounds) -> None:
    if not data:
        raise RuleError("Tệp rỗng.")
    if len(data) > bounds.file_bytes:
        raise RuleError(f"Tệp lớn hơn {bounds.file_bytes // MEGABYTE} MB. Hãy bỏ bớt hình ảnh.")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise RuleError("Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.")
        raise RuleError(f"Tệp ở định dạng .xls cũ. {_ADVICE}")
    if not data.startswith(b"PK\x03\x04"):
        raise RuleError(f"Tệp không phải là bảng tính .xlsx. {_ADVICE}")
    # Counted on the raw bytes: a huge central directory is costly before it can be measured.
    if data.count(b"PK\x01\x02") > bounds.parts:
        raise RuleError(f"Tệp có quá {bounds.parts} phần bên trong. {_ADVICE}")


def _check_parts(archive: zipfile.ZipFile, bounds: Bounds) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > bounds.parts or len({name.lower() for name in names}) != len(names):
        raise RuleError(f"Tệp có quá nhiều phần bên trong hoặc có phần bị lặp. {_ADVICE}")
    if any(part.flag_bits & 0x1 for part in parts):
        raise RuleError("Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.")
    if _CONTENT_TYPES not in names or _WORKBOOK not in names:
        raise RuleError(f"Tệp không phải là bảng tính .xlsx. {_ADVICE}")
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unpacked > bounds.unpacked_bytes or unpacked > max(MEGABYTE, packed * bounds.ratio):
        raise RuleError("Tệp bung ra quá lớn so với dung lượng của nó nên không được mở.")
    for part in parts:
        name = part.filename.lower()
        if name.startswith(_SHARED) and part.file_size > bounds.shared_bytes:
            raise RuleError(_TOO_RICH)
        for marker, what in _FORBIDDEN_PARTS.items():
            if marker in name:
                raise RuleError(f"Tệp có {what} nên không được nhận. Hãy bỏ đi rồi gửi lại.")


def _check_content(archive: zipfile.ZipFile, bounds: Bounds) -> None:
    """Look inside every part that a parser might take for XML, whatever its name says."""
    marks = 0
    for part in archive.infolist():
        if _is_attachment(part):
            continue
        content = archive.read(part)
        if not _is_markup(content):
            continue
        _check_markup(content)
        marks += _weight(content, bounds)
        if marks > bounds.marks:
            raise RuleError(_TOO_RICH)
        if part.filename == _CONTENT_TYPES and _SHEET_TYPE not in content:
            raise RuleError(f"Tệp không phải là .xlsx thường (có thể là .xlsm, .xltx). {_ADVICE}")


def _is_attachment(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().lstrip("/").startswith("customxml/")


def _without_attachments(archive: zipfile.ZipFile, data: bytes) -> bytes:
    if not any(map(_is_attachment, archive.infolist())):
        return data
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for part in archive.infolist():
            if not _is_attachment(part):
                copy.writestr(part.filename, archive.read(part))
    return target.getvalue()


def _is_markup(content: bytes) -> bool:
    start = content[:64].lstrip() or content.lstrip()
    return start.startswith(_BYTE_ORDER_MARKS) or b"<" in start[:4]


def _check_markup(content: bytes) -> None:
    head = content[:256]
    declared = _ENCODING.search(head)
    # Any other encoding could hide a declaration from the search; spreadsheets write UTF-8.
    if b"\x00" in head or (declared is not None and declared[1].lower() not in _ENCODINGS):
        raise RuleError(f"Tệp dùng bảng mã lạ nên không được nhận. {_ADVICE}")
    # Document types, entities, comments, CDATA; and instructions but for the XML declaration.
    if b"<!" in content or content.count(b"<?") > 1:
        raise RuleError(f"Tệp có khai báo XML không được phép. {_ADVICE}")
    if any(mark in content for mark in _LINKS):
        raise RuleError("Tệp có liên kết tới tệp khác nên không được nhận. Hãy bỏ đi rồi gửi lại.")


def _weight(content: bytes, bounds: Bounds) -> int:
    """How many tags and attributes a part has; refuses too many before a row or a text ends.

    The reader holds one row, or one text, in memory at a time: that is what must stay small.
    """
    start = marks = 0
    ends = (*(found.end() for found in _ENDS.finditer(content)), len(content))
    if len(ends) > bounds.texts:
        raise RuleError(_TOO_RICH)
    for end in ends:
        run = content.count(b"<", start, end) + content.count(b"=", start, end)
        marks += run
        start = end
        if run > bounds.run:
            raise RuleError(_TOO_RICH)
    return marks
