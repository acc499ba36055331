"""What the person reads when an act is not allowed."""

import errno


class RuleError(Exception):
    """An act is refused; the message is the Vietnamese sentence shown to the person."""


_REASONS = {
    errno.ENOENT: "không có tệp hay thư mục này",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ENOTDIR: "đường dẫn đi qua một tệp chứ không phải thư mục",
    errno.EACCES: "không có quyền mở",
    errno.EPERM: "không có quyền mở",
    errno.EROFS: "ổ đĩa chỉ đọc",
    errno.EEXIST: "tệp đã có; hãy chọn tên khác, hoặc thêm --overwrite để ghi đè",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.ENAMETOOLONG: "tên tệp quá dài",
}


def why_not(error: OSError) -> str:
    """Why the system did not open or write a file, in Vietnamese and without a full stop."""
    return _REASONS.get(error.errno or 0, f"hệ điều hành báo lỗi {error.errno}")
