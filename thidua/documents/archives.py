"""Is a ZIP file (and so a DOCX or XLSX) safe to open? Asked before anything reads it (T14)."""

import io
import zipfile

from thidua.rules.errors import RuleError

MAX_ENTRIES = 2_000
DIRECTORY_ENTRY = b"PK\x01\x02"
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200
FORBIDDEN_PARTS = ("vbaproject.bin", "activex", "oleobject", "externallinks/")


def check_archive(data: bytes, name: str) -> frozenset[str]:
    """The entry names of a ZIP that is safe to read, or a RuleError that says why not.

    Only the directory of the archive is read; nothing is unpacked.
    """
    # Told by the bytes: reading a directory of 400,000 entries takes seconds and 300 MB.
    if data.count(DIRECTORY_ENTRY) > MAX_ENTRIES:
        raise RuleError(f"Tệp “{name}” chứa quá nhiều thành phần nên không được nhận.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise RuleError(
            f"Tệp “{name}” bị hỏng, không mở được. Hãy lưu lại rồi gửi tệp mới."
        ) from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 4096):
        raise RuleError(f"Tệp “{name}” nén bất thường nên không được nhận.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RuleError(f"Tệp “{name}” đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.")
    names = frozenset(entry.filename for entry in entries)
    if any(part in entry.lower() for entry in names for part in FORBIDDEN_PARTS):
        raise RuleError(
            f"Tệp “{name}” có macro hoặc liên kết ra ngoài. "
            "Hãy lưu lại dưới dạng không macro (.docx, .xlsx) rồi gửi lại."
        )
    return names
