"""Sample values for the page of components (/ui/), which exists in test mode only."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator

from thidua.ui.fields import VietnameseDateField, VietnameseDecimalField
from thidua.ui.timeline import Milestone

TODAY = date(2026, 7, 20)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

STATES = [
    ("draft", "Đang soạn"),
    ("submitted", "Đã nộp"),
    ("signed", "Đã ký"),
    ("due", "Sắp đến hạn"),
    ("overdue", "Quá hạn 3 ngày"),
]
MILESTONES = [
    Milestone(date(2026, 1, 15), "Phát động thi đua năm 2026", "done", "#timeline"),
    Milestone(date(2026, 3, 10), "Ký giao ước thi đua", "done", note="Đủ 9/9 đơn vị"),
    Milestone(date(2026, 7, 10), "Nộp báo cáo sơ kết sáu tháng", "overdue", note="Còn 2 đơn vị"),
    Milestone(date(2026, 7, 31), "Hội nghị sơ kết", "due", "#timeline"),
    Milestone(date(2026, 11, 15), "Tự chấm điểm và gửi hồ sơ"),
    Milestone(date(2026, 12, 20), "Hội nghị tổng kết, bình xét"),
]
STEPS = [
    {"label": "Soạn thảo", "state": "done", "note": "12/02/2026"},
    {"label": "Lấy ý kiến", "state": "done", "note": "27/02/2026"},
    {"label": "Ký giao ước", "state": "current", "note": "7/9 đã ký", "url": "#steps"},
    {"label": "Công bố", "state": "next"},
]
DIFF = [
    ("same", "Hoàn thành 100% kế hoạch thanh tra được duyệt; ban hành kết luận "),
    ("del", "trong 30 ngày"),
    ("ins", "đúng thời hạn luật định"),
    ("same", " sau khi kết thúc thanh tra trực tiếp."),
]


@dataclass(frozen=True)
class SampleEntry:
    """Looks like a journal entry."""

    actor_label: str
    action: str
    subject_label: str
    at: datetime
    details: dict[str, str]


HISTORY = [
    SampleEntry(
        "Nguyễn Thị Ngọc Ánh",
        "Sửa điểm thẩm định",
        "Tiêu chí I.2.a",
        datetime(2026, 12, 2, 15, 4, tzinfo=HANOI),
        {"reason": "Minh chứng chỉ thể hiện 8/10 kết luận đã công khai."},
    ),
    SampleEntry(
        "Trần Quốc Vượng",
        "Nộp bảng tự chấm",
        "Bảng chấm điểm năm 2026",
        datetime(2026, 11, 14, 9, 30, tzinfo=HANOI),
        {},
    ),
]
ROWS = [
    ("Thanh tra tỉnh Quảng Ninh", "signed", "Đã nộp", Decimal("98.5"), Decimal("97.25"), 1),
    ("Thanh tra thành phố Hải Phòng", "submitted", "Đang thẩm định", Decimal("96"), None, None),
    ("Thanh tra tỉnh Hưng Yên", "overdue", "Quá hạn", None, None, None),
]
TASKS = [
    {
        "url": "#tasks",
        "title": "Ký bản giao ước thi đua năm 2026",
        "note": "Tải bản hiện hành, ký rồi tải lên lại",
        "icon": "file-pen-line",
        "state": "overdue",
        "label": "Quá hạn 3 ngày",
    },
    {
        "url": "#tasks",
        "title": "Góp ý 12 cam kết trong dự thảo",
        "note": "Hạn 27/02/2026",
        "icon": "message-square-text",
        "state": "due",
        "label": "Còn 2 ngày",
    },
    {"url": "#tasks", "title": "Xem quyết định phát động", "icon": "megaphone"},
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label="Tên gọi của phong trào",
        max_length=120,
        help_text="Ghi đầy đủ như trong kế hoạch đã ban hành.",
    )
    target = VietnameseDecimalField(
        label="Mức phấn đấu", min_value=0, max_value=100, step=Decimal("0.25")
    )
    kind = forms.ChoiceField(
        label="Loại chỉ tiêu",
        choices=[("", "Chọn loại"), ("text", "Mô tả"), ("measured", "Đo được")],
    )
    on = VietnameseDateField(label="Ngày ban hành", required=False)
    reason = forms.CharField(
        label="Giải trình", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    role = forms.ChoiceField(
        label="Vai trò trong cụm",
        widget=forms.RadioSelect,
        choices=[("lead", "Cụm trưởng"), ("deputy", "Cụm phó"), ("member", "Thành viên")],
    )
    members = forms.MultipleChoiceField(
        label="Đơn vị nhận thông báo",
        widget=forms.CheckboxSelectMultiple,
        choices=[("qn", "Thanh tra tỉnh Quảng Ninh"), ("hp", "Thanh tra thành phố Hải Phòng")],
    )
    agree = forms.BooleanField(label="Tôi đã kiểm tra số liệu và chịu trách nhiệm")
    evidence = forms.FileField(label="Minh chứng", help_text="PDF, DOCX hoặc ảnh; tối đa 20 MB.")


def everything() -> dict[str, Any]:
    """The context of the page of components."""
    return {
        "header_context": "Cụm thi đua số 2 · Năm 2026",
        "navigation": [
            {"label": "Trang chính", "url": "#", "icon": "house", "active": True},
            {"label": "Phát động", "url": "#1", "icon": "megaphone", "active": False},
            {"label": "Giao ước", "url": "#2", "icon": "handshake", "active": False},
            {"label": "Chấm điểm", "url": "#3", "icon": "list-checks", "active": False},
            {"label": "Xếp hạng", "url": "#4", "icon": "chart-column", "active": False},
            {"label": "Tổ chức", "url": "#5", "icon": "building-2", "active": False},
            {"label": "Nhật ký", "url": "#6", "icon": "history", "active": False},
        ],
        "demo": True,
        "today": TODAY,
        "states": STATES,
        "milestones": MILESTONES,
        "steps": STEPS,
        "parts": DIFF,
        "entries": HISTORY,
        "rows": ROWS,
        "tasks": TASKS,
        "columns": [f"I.{number}" for number in range(1, 19)],
        "sha256": sha256(b"Thi dua").hexdigest(),
        "page": Paginator(range(95), 10).page(3),
        "crumbs": [("Trang chính", "#"), ("Giao ước", "#2"), ("Giao ước năm 2026", "")],
        "form": SampleForm(
            initial={"name": "Đoàn kết, đổi mới, hiệu quả", "target": Decimal("97.5"), "on": TODAY},
            auto_id="id_filled_%s",
        ),
        "refused": SampleForm(
            {"target": "1.5", "kind": "measured", "on": "31/02/2026"}, auto_id="id_refused_%s"
        ),
    }
