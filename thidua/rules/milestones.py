"""The customary dates of an emulation year, offered as defaults that a cluster changes.

Each default names its source; what is only our proposal says so.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DefaultMilestone:
    """A step of the year, the day proposed for it, and why that day."""

    kind: str
    due_on: date
    source: str


_CUSTOM = (
    ("launch", 3, 15, "Thông lệ: hội nghị phát động giữa tháng 3 (đã thấy 14/3/2023, 29/3/2019)"),
    ("pact", 3, 25, "Quyết định 575/QĐ-TTCP năm 2019: đăng ký và giao ước gửi trước ngày 25/3"),
    ("mid_year_review", 6, 30, "Thông lệ: sơ kết cuối tháng 6, đầu tháng 7 (đã thấy 21/6/2024)"),
    ("self_score", 11, 10, "Đề xuất của phần mềm, chưa có văn bản: cụm tự đặt"),
    ("appraisal", 11, 20, "Đề xuất của phần mềm, chưa có văn bản: cụm tự đặt"),
    ("annual_review", 11, 30, "Thông lệ: hội nghị tổng kết tháng 11, 12 (đã thấy 16/11/2018)"),
    ("cluster_dossier", 12, 20, "Thông tư 01/2016/TT-TTCP, Điều 15: trước ngày 20/12"),
    ("unit_dossier", 12, 25, "Thông tư 01/2016/TT-TTCP, Điều 15: trước ngày 25/12"),
)


def default_milestones(year: int) -> tuple[DefaultMilestone, ...]:
    """The defaults of one calendar year, in order of date."""
    return tuple(
        DefaultMilestone(kind, date(year, month, day), source)
        for kind, month, day, source in _CUSTOM
    )


def allowed_days(year: int) -> tuple[date, date]:
    """First and last day to which a milestone may be moved: dossiers may run into spring."""
    return date(year, 1, 1), date(year + 1, 3, 31)
