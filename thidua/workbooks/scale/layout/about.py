"""Layout of "Thông tin": what holds for the whole table, one item a row."""

from thidua.rules.scoring import RoundingMode
from thidua.rules.scoring.difference import ROUNDING_NAMES
from thidua.rules.scoring.language import AwardPolicy, ClassBasis, Excluded, NotApplicable
from thidua.workbooks.scale.layout.fields import Content, Field

ABOUT = "Thông tin"

ROUNDING_LABELS: dict[RoundingMode, str] = {
    mode: name[0].upper() + name[1:] for mode, name in ROUNDING_NAMES.items()
}
ROUNDING_CHOICES = {mode.value: label for mode, label in ROUNDING_LABELS.items()}
NA_CHOICES = {
    NotApplicable.FULL.value: "Tính đủ điểm",
    NotApplicable.EXCLUDED.value: "Không tính vào tổng",
}
EXCLUDED_CHOICES = {
    Excluded.SHRINK.value: "Giảm thang điểm",
    Excluded.RESCALE.value: "Quy đổi về thang điểm",
}
BASIS_CHOICES = {ClassBasis.POINTS.value: "Điểm", ClassBasis.PERCENT.value: "Tỷ lệ %"}
POLICY_CHOICES = {
    AwardPolicy.HIGHEST.value: "Chỉ lấy mức cao nhất",
    AwardPolicy.SUM.value: "Cộng tất cả",
}

# Kept in `Table.rules` under their own names; the two of leaf_rounding stand together there.
RULE_SETTINGS = ("self_ceiling", "na", "excluded", "class_basis", "award_policy")
LEAF_ROUNDING = {"leaf_mode": "mode", "leaf_quantum": "quantum"}

ABOUT_FIELDS = (
    Field(
        "title",
        "Tên bảng",
        Content.TEXT,
        "Tên đầy đủ của bảng chấm điểm.",
        required=True,
        must=True,
    ),
    Field(
        "scale",
        "Thang điểm",
        Content.NUMBER,
        "Tổng điểm chuẩn, ví dụ 100.",
        required=True,
        must=True,
        above_zero=True,
    ),
    Field(
        "floor_at_zero",
        "Không cho điểm âm",
        Content.YES_NO,
        "Có: tiêu chí có điểm chuẩn bị trừ quá thì tính 0. Để trống là Có.",
    ),
    Field(
        "mode",
        "Cách làm tròn",
        Content.CHOICE,
        "Cách làm tròn tổng điểm; chọn trong danh sách.",
        choices=ROUNDING_CHOICES,
    ),
    Field(
        "quantum",
        "Làm tròn đến",
        Content.NUMBER,
        "Ví dụ 0,01. Để trống là 0,01.",
        above_zero=True,
    ),
    Field("source", "Nguồn", Content.TEXT, "Số, ngày, cơ quan ban hành văn bản."),
    Field("notes", "Ghi chú", Content.TEXT, "Điều người dùng bảng cần biết."),
    Field(
        "self_ceiling",
        "Trần tự chấm",
        Content.NUMBER,
        "Tổng điểm tự chấm cao nhất, ví dụ 85. Để trống là không giới hạn.",
    ),
    Field(
        "na",
        "Khi không giao",
        Content.CHOICE,
        "Đơn vị không được giao tiêu chí: tính đủ điểm, hay không tính vào tổng.",
        choices=NA_CHOICES,
    ),
    Field(
        "excluded",
        "Khi không tính vào tổng",
        Content.CHOICE,
        "Giảm thang điểm (mặc định), hay quy đổi điểm về đủ thang điểm.",
        choices=EXCLUDED_CHOICES,
    ),
    Field(
        "class_basis",
        "Cơ sở xếp loại",
        Content.CHOICE,
        "Mức ở trang “Xếp loại” là điểm (mặc định), hay % của điểm tối đa.",
        choices=BASIS_CHOICES,
    ),
    Field(
        "award_policy",
        "Nhiều thành tích",
        Content.CHOICE,
        "Trang “Điểm cộng”: chỉ lấy mức cao nhất (mặc định), hay cộng tất cả.",
        choices=POLICY_CHOICES,
    ),
    Field(
        "leaf_mode",
        "Cách làm tròn tiêu chí",
        Content.CHOICE,
        "Cách làm tròn điểm từng tiêu chí. Để trống là Nửa làm tròn lên.",
        choices=ROUNDING_CHOICES,
    ),
    Field(
        "leaf_quantum",
        "Làm tròn tiêu chí đến",
        Content.NUMBER,
        "Ví dụ 0,01. Để trống là 0,01.",
        above_zero=True,
    ),
)
