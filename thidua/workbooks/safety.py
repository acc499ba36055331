"""Is this file an .xlsx that may be opened at all? Decided from the ZIP, before any XML is read.

Everything that could make the reader work without end or run something is refused first (T14):
old and locked formats, macros, embedded objects, links to other files, document type
declarations, and archives that unpack to far more than they weigh.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass

from thidua.rules.errors import RuleError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """How large a workbook may be: bytes, parts of the archive, cells, seconds of reading."""

    file_bytes: int = 10 * MEGABYTE
    unpacked_bytes: int = 40 * MEGABYTE
    shared_bytes: int = 10 * MEGABYTE
    ratio: int = 200
    parts: int = 300
    sheets: int = 40
    rows: int = 12_000
    columns: int = 256
    cells: int = 600_000
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
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")
_LINKS = (b"/relationships/externalLink", b"/relationships/attachedTemplate")
_CHUNK = 256 * 1024
_ADVICE = "Hãy mở tệp bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx."


def check_archive(data: bytes, bounds: Bounds = BOUNDS) -> None:
    """Refuse anything but a plain .xlsx within bounds; RuleError says why and the way out."""
    _check_kind(data, bounds)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, bounds)
            for part in archive.infolist():
                _check_content(archive, part)
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
            raise RuleError("Tệp chứa quá nhiều chữ hoặc định dạng nên không được mở.")
        for marker, what in _FORBIDDEN_PARTS.items():
            if marker in name:
                raise RuleError(f"Tệp có {what} nên không được nhận. {_ADVICE}")


def _check_content(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read one part to its end (so that it cannot lie about its size) and look inside the XML."""
    name = part.filename.lower()
    is_markup = name.endswith((".xml", ".rels", ".vml"))
    is_types = part.filename == _CONTENT_TYPES
    tail, found_type = b"", False
    with archive.open(part) as stream:
        first = True
        while chunk := stream.read(_CHUNK):
            if is_markup:
                window = tail + chunk
                _check_markup(window, is_start=first)
                found_type = found_type or _SHEET_TYPE in window
                tail = window[-256:]
            first = False
    if is_types and not found_type:
        raise RuleError(f"Tệp không phải là .xlsx thường (có thể là .xlsm, .xltx). {_ADVICE}")


def _check_markup(window: bytes, *, is_start: bool) -> None:
    # Two-byte encodings would hide a declaration from the search; spreadsheets write UTF-8.
    if is_start and (b"\x00" in window[:256] or window[:2] in {b"\xff\xfe", b"\xfe\xff"}):
        raise RuleError(f"Tệp dùng bảng mã lạ nên không được nhận. {_ADVICE}")
    if any(mark in window for mark in _DECLARATIONS):
        raise RuleError(f"Tệp có khai báo XML không được phép. {_ADVICE}")
    if any(mark in window for mark in _LINKS):
        raise RuleError(f"Tệp có liên kết tới tệp khác nên không được nhận. {_ADVICE}")
