"""Details of journal entries in words."""

import re
from contextlib import suppress
from datetime import date

from django import template

register = template.Library()

NAMES = {
    "accepted": "Chấp nhận như tự chấm",
    "address": "Địa chỉ nhận thư",
    "agreed": "Người thống nhất",
    "appraisers": "Người thẩm định",
    "archive": "Mã băm hồ sơ",
    "asked": "Nội dung bỏ phiếu",
    "because": "Vì",
    "before": "Người trước",
    "candidate": "Ứng viên",
    "candidates": "Danh sách ứng cử",
    "certificate": "Chứng thư số",
    "chair": "Chủ trì",
    "changes": "Thay đổi",
    "channel": "Cách bỏ phiếu",
    "chosen": "Được chọn",
    "claimed": "Đơn vị tự chấm",
    "clock": "Thời hạn",
    "code": "Mã lý do",
    "codes": "Số mã phiếu",
    "commitment": "Cam kết",
    "copied": "Đã chép",
    "correction": "Hiện điểm hiệu chỉnh",
    "count_chair": "Điều hành kiểm phiếu",
    "criteria": "Nội dung chấm",
    "criterion": "Tiêu chí",
    "deputy": "Cụm phó",
    "destruction": "Tiêu hủy phiếu",
    "distance": "Khoảng cách cho phép",
    "documents": "Văn bản",
    "edition": "Bộ biểu mẫu",
    "elector": "Người bỏ phiếu",
    "electorate": "Thành phần",
    "electors": "Danh sách bỏ phiếu",
    "electronic": "Phiếu trên máy",
    "entitled": "Số người trong danh sách",
    "explanation": "Thuyết minh",
    "failures": "Số lần sai",
    "file": "Tệp",
    "finding": "Điều được hỏi",
    "fingerprint": "Mã băm",
    "form": "Biểu",
    "heading": "Mục",
    "headings": "Các đề mục",
    "held_on": "Ngày bỏ phiếu",
    "holder": "Người ký",
    "in_writing": "Ý kiến bằng văn bản",
    "kept": "Giữ nguyên",
    "kind": "Hình thức",
    "last_day": "Ngày cuối",
    "lead": "Cụm trưởng",
    "looked_at": "Đã xem lại",
    "mandate": "Văn bản ủy quyền",
    "members": "Thành viên",
    "members_as_of": "Tính đến ngày",
    "minimum": "Số người tối thiểu",
    "minutes": "Mã băm biên bản",
    "minutes_number": "Số biên bản",
    "missing": "Chưa nộp",
    "new": "Mới",
    "new_facts": "Số liệu mới",
    "not_copied": "Không chép được",
    "note": "Nội dung tệp",
    "number": "Phiên bản",
    "old": "Cũ",
    "old_facts": "Số liệu cũ",
    "on": "Kể từ ngày",
    "on_paper": "Bỏ phiếu giấy",
    "order": "Thứ tự",
    "organisation": "Đơn vị",
    "organisations": "Các đơn vị",
    "origin": "Lấy từ",
    "outline": "Đề cương",
    "pair": "Hai đơn vị",
    "paper": "Phiếu giấy",
    "papers": "Số phiếu",
    "parent": "Cơ quan cấp trên",
    "periods": "Các kỳ",
    "place": "Địa điểm",
    "predecessors": "Đơn vị trước",
    "present": "Có mặt",
    "question": "Góp ý",
    "quorum": "Tỷ lệ dự họp",
    "reason": "Lý do",
    "recipient": "Người nhận",
    "recipients": "Người nhận",
    "removed": "Bỏ khỏi danh sách",
    "reports": "Số báo cáo dùng phiên bản mới",
    "reviewed": "Đơn vị được chấm",
    "reviewers": "Số đơn vị chấm mỗi đơn vị",
    "reviews": "Số phiếu chấm chéo",
    "revision": "Bản số",
    "round": "Lần nộp",
    "rule": "Quy tắc",
    "score": "Tổng điểm",
    "second_round_of": "Bỏ phiếu lại của",
    "secretary": "Thư ký",
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
    "teller": "Người kiểm phiếu số",
    "tellers": "Tổ kiểm phiếu",
    "text": "Nội dung",
    "threshold": "Số người cần để mở phiếu",
    "title": "Tên",
    "took_part": "Đã bỏ phiếu",
    "username": "Tên đăng nhập",
    "valid_from": "Từ ngày",
    "version": "Lần sửa",
    "warnings": "Số cảnh báo",
    "what": "Phần sửa",
    "words": "Ý kiến",
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
