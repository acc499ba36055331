"""Details of journal entries in words."""

import re
from contextlib import suppress
from datetime import date

from django import template

register = template.Library()

NAMES = {
    "accepted": "Chấp nhận như tự chấm",
    "address": "Địa chỉ nhận thư",
    "appraisers": "Người thẩm định",
    "because": "Vì",
    "certificate": "Chứng thư số",
    "changes": "Thay đổi",
    "claimed": "Đơn vị tự chấm",
    "clock": "Thời hạn",
    "code": "Mã lý do",
    "commitment": "Cam kết",
    "copied": "Đã chép",
    "correction": "Hiện điểm hiệu chỉnh",
    "criteria": "Nội dung chấm",
    "criterion": "Tiêu chí",
    "deputy": "Cụm phó",
    "distance": "Khoảng cách cho phép",
    "documents": "Văn bản",
    "edition": "Bộ biểu mẫu",
    "explanation": "Thuyết minh",
    "failures": "Số lần sai",
    "file": "Tệp",
    "finding": "Điều được hỏi",
    "fingerprint": "Mã băm",
    "form": "Biểu",
    "heading": "Mục",
    "headings": "Các đề mục",
    "holder": "Người ký",
    "kept": "Giữ nguyên",
    "kind": "Hình thức",
    "last_day": "Ngày cuối",
    "lead": "Cụm trưởng",
    "looked_at": "Đã xem lại",
    "members": "Thành viên",
    "members_as_of": "Tính đến ngày",
    "missing": "Chưa nộp",
    "new": "Mới",
    "new_facts": "Số liệu mới",
    "not_copied": "Không chép được",
    "note": "Nội dung tệp",
    "number": "Phiên bản",
    "old": "Cũ",
    "old_facts": "Số liệu cũ",
    "on": "Kể từ ngày",
    "order": "Thứ tự",
    "organisation": "Đơn vị",
    "organisations": "Các đơn vị",
    "origin": "Lấy từ",
    "outline": "Đề cương",
    "pair": "Hai đơn vị",
    "parent": "Cơ quan cấp trên",
    "periods": "Các kỳ",
    "predecessors": "Đơn vị trước",
    "question": "Góp ý",
    "reason": "Lý do",
    "recipient": "Người nhận",
    "recipients": "Người nhận",
    "reviewed": "Đơn vị được chấm",
    "reviewers": "Số đơn vị chấm mỗi đơn vị",
    "reviews": "Số phiếu chấm chéo",
    "reports": "Số báo cáo dùng phiên bản mới",
    "revision": "Bản số",
    "round": "Lần nộp",
    "score": "Tổng điểm",
    "section": "Phần",
    "seed": "Số mầm",
    "sessions": "Số phiên",
    "sha256": "SHA-256",
    "sheets": "Số bảng chấm điểm",
    "signer": "Người ký",
    "slogan": "Khẩu hiệu",
    "source": "Căn cứ",
    "status": "Tình trạng",
    "step": "Bước",
    "superior": "Cấp trên",
    "symbol": "Ký hiệu",
    "text": "Nội dung",
    "username": "Tên đăng nhập",
    "valid_from": "Từ ngày",
    "version": "Lần sửa",
    "warnings": "Số cảnh báo",
    "what": "Phần sửa",
}
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PARTS = {"base": "điểm", "bonus": "thưởng", "deduction": "trừ"}


@register.filter
def detail_name(name: str) -> str:
    """The Vietnamese name of a detail; the stored one where it has none."""
    return NAMES.get(name, name)


@register.filter
def detail_value(value: object) -> str:
    """A stored value in words: lists joined, days as people write them, points with their part."""
    if isinstance(value, dict):
        return (
            "; ".join(
                f"{PARTS.get(name, name)} {detail_value(part)}"
                for name, part in value.items()
                if part is not None
            )
            or "chưa có"
        )
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or "không có"
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        # What a person typed may only look like a day.
        with suppress(ValueError):
            return f"{date.fromisoformat(value):%d/%m/%Y}"
    return "chưa có" if value in (None, "") else str(value)
