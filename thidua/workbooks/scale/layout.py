"""The layout of a points-table workbook: its sheets, its fields, its columns.

Read by the writer, the reader and the template, so the three cannot disagree. A column added
later must not be `required`, so that workbooks made before it still load.
"""

from dataclasses import dataclass
from enum import StrEnum

from thidua.rules.scoring import RoundingMode
from thidua.rules.scoring.difference import ROUNDING_NAMES

GUIDE = "Hướng dẫn"
ABOUT = "Thông tin"
CRITERIA = "Tiêu chí"

YES, NO = "Có", "Không"
RULE_NAMES = {"typed": "Nhập điểm"}
ROUNDING_LABELS: dict[RoundingMode, str] = {
    mode: name[0].upper() + name[1:] for mode, name in ROUNDING_NAMES.items()
}


class Content(StrEnum):
    """What may stand in a cell."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    LEVEL = "level"
    RULE = "rule"
    ROUNDING = "rounding"


@dataclass(frozen=True)
class Field:
    """One named cell of "Thông tin", or one column of "Tiêu chí"."""

    name: str
    title: str
    content: Content
    help: str
    required: bool = False
    width: float = 12


ABOUT_FIELDS = (
    Field("title", "Tên bảng", Content.TEXT, "Tên đầy đủ của bảng chấm điểm.", required=True),
    Field("scale", "Thang điểm", Content.NUMBER, "Tổng điểm chuẩn, ví dụ 100.", required=True),
    Field(
        "floor_at_zero",
        "Không cho điểm âm",
        Content.YES_NO,
        "Có: tiêu chí có điểm chuẩn bị trừ quá thì tính 0. Để trống là Có.",
    ),
    Field("mode", "Cách làm tròn", Content.ROUNDING, "Chọn trong danh sách."),
    Field("quantum", "Làm tròn đến", Content.NUMBER, "Ví dụ 0,01. Để trống là 0,01."),
    Field("source", "Nguồn", Content.TEXT, "Số, ngày, cơ quan ban hành văn bản."),
    Field("notes", "Ghi chú", Content.TEXT, "Điều người dùng bảng cần biết."),
)

COLUMNS = (
    Field(
        "level",
        "Cấp",
        Content.LEVEL,
        "1 là phần lớn nhất; cấp sau thuộc về dòng cấp trước gần nhất ở trên.",
        required=True,
        width=6,
    ),
    Field(
        "code",
        "Mã",
        Content.TEXT,
        "Mã in trong bảng, ví dụ 1, a, a1; không lặp trong cùng một nhóm.",
        required=True,
        width=8,
    ),
    Field("title", "Tên tiêu chí", Content.TEXT, "Như văn bản ghi.", required=True, width=44),
    Field(
        "maximum",
        "Điểm chuẩn",
        Content.NUMBER,
        "Mức cao nhất, chưa kể thưởng. Tiêu chí chỉ có thưởng, trừ thì để trống.",
        required=True,
        width=9,
    ),
    Field("has_bonus", "Thưởng", Content.YES_NO, "Có ô điểm thưởng hay không.", True, 9),
    Field("bonus_cap", "Trần thưởng", Content.NUMBER, "Để trống là không giới hạn.", True, 9),
    Field("has_deduction", "Trừ", Content.YES_NO, "Có ô điểm trừ hay không.", True, 9),
    Field(
        "deduction_cap",
        "Trần trừ",
        Content.NUMBER,
        "Ghi số dương; để trống là không giới hạn.",
        required=True,
        width=9,
    ),
    Field(
        "net_cap",
        "Trần cộng trừ",
        Content.NUMBER,
        "Giới hạn của hiệu thưởng trừ đi trừ, theo cả hai chiều.",
        width=9,
    ),
    Field("rule", "Quy tắc", Content.RULE, "Để trống là Nhập điểm.", width=12),
    Field(
        "step",
        "Bước chấm",
        Content.NUMBER,
        "Ví dụ 0,5: chỉ chấm 0; 0,5; 1… Để trống là mức nào cũng được.",
        width=9,
    ),
    Field("guidance", "Cách chấm", Content.TEXT, "Cách chấm điểm chuẩn.", width=40),
    Field("bonus_guidance", "Cách chấm điểm thưởng", Content.TEXT, "Khi nào được cộng.", width=40),
    Field("deduction_guidance", "Cách chấm điểm trừ", Content.TEXT, "Khi nào bị trừ.", width=40),
    Field("evidence", "Căn cứ chấm điểm", Content.TEXT, "Tài liệu phải có để chấm.", width=32),
    Field(
        "appraised_by",
        "Đơn vị thẩm định",
        Content.TEXT,
        "Ai theo dõi, đánh giá; để trống là theo nhóm ở trên.",
        width=24,
    ),
)

GUIDANCE = (
    "Tệp này dùng để nhập một bảng chấm điểm thi đua vào phần mềm.",
    f"1. Điền trang “{ABOUT}”: mỗi dòng một mục, giá trị ở cột B.",
    f"2. Điền trang “{CRITERIA}”: mỗi dòng một nhóm hoặc một tiêu chí, theo thứ tự in.",
    "   Nhóm là dòng có dòng cấp lớn hơn ngay bên dưới; chỉ dòng không có gì bên dưới được chấm.",
    "   Nhóm chỉ ghi cấp, mã, tên, điểm chuẩn, đơn vị thẩm định và phần chữ.",
    "3. Số viết với dấu phẩy thập phân (3,5); dấu chấm chỉ để tách nhóm ba chữ số (1.234).",
    "4. Không đổi tên trang tính, không xóa dòng tiêu đề. Có thể bỏ trống dòng.",
    "5. Trước khi gửi, kiểm tra bằng lệnh: thidua scale check TÊN-TỆP.xlsx",
    "   Lỗi phải sửa thì tệp mới được nhập; cảnh báo thì vẫn nhập và được liệt kê để xem lại.",
)
