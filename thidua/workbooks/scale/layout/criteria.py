"""Layout of "Tiêu chí": one group or one criterion a row, in printed order."""

from thidua.rules.scoring.language import KIND_NAMES, Kind
from thidua.workbooks.scale.layout.about import NA_CHOICES
from thidua.workbooks.scale.layout.fields import Content, Field

CRITERIA = "Tiêu chí"
FROM_SHEET = "sheet"
# Rules that need nothing more than a word; every other stands on its own row of "Quy tắc".
RULE_CHOICES = {
    Kind.TYPED.value: KIND_NAMES[Kind.TYPED],
    Kind.FULL.value: KIND_NAMES[Kind.FULL],
    FROM_SHEET: "Theo trang Quy tắc",
}

COLUMNS = (
    Field(
        "level",
        "Cấp",
        Content.LEVEL,
        "1 là phần lớn nhất; cấp sau thuộc về dòng cấp trước gần nhất ở trên.",
        required=True,
        width=6,
        must=True,
    ),
    Field(
        "code",
        "Mã",
        Content.TEXT,
        "Mã in trong bảng, ví dụ 1, a, a1; không lặp trong cùng một nhóm.",
        required=True,
        width=8,
        must=True,
    ),
    Field(
        "title",
        "Tên tiêu chí",
        Content.TEXT,
        "Như văn bản ghi.",
        required=True,
        width=44,
        must=True,
    ),
    Field(
        "maximum",
        "Điểm chuẩn",
        Content.NUMBER,
        "Mức cao nhất, chưa kể thưởng. Tiêu chí chỉ có thưởng, trừ thì để trống.",
        required=True,
        width=9,
    ),
    Field(
        "has_bonus",
        "Thưởng",
        Content.YES_NO,
        "Có ô điểm thưởng hay không. Để trống: Có khi trang “Quy tắc” có dòng điểm thưởng.",
        required=True,
        width=9,
    ),
    Field("bonus_cap", "Trần thưởng", Content.NUMBER, "Để trống là không giới hạn.", True, 9),
    Field(
        "has_deduction",
        "Trừ",
        Content.YES_NO,
        "Có ô điểm trừ hay không. Để trống: Có khi trang “Quy tắc” có dòng điểm trừ.",
        required=True,
        width=9,
    ),
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
    Field(
        "rule",
        "Quy tắc",
        Content.CHOICE,
        "Cách tính điểm chuẩn. Để trống là Nhập điểm, hoặc theo trang “Quy tắc” nếu có dòng ở đó.",
        width=12,
        choices=RULE_CHOICES,
    ),
    Field(
        "step",
        "Bước chấm",
        Content.NUMBER,
        "Ví dụ 0,5: chỉ chấm 0; 0,5; 1… Để trống là mức nào cũng được.",
        width=9,
        above_zero=True,
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
    Field("article", "Điều khoản", Content.TEXT, "Điều, khoản, mục của văn bản.", width=16),
    Field(
        "na",
        "Khi không giao",
        Content.CHOICE,
        "Đơn vị không được giao: tính đủ điểm, hay không tính vào tổng. Để trống là theo nhóm,"
        " rồi theo trang “Thông tin”.",
        width=14,
        choices=NA_CHOICES,
    ),
    Field(
        "floor",
        "Thấp nhất",
        Content.SIGNED,
        "Điểm thấp nhất của tiêu chí sau cộng, trừ; có thể là số âm.",
        width=9,
    ),
    Field("ceiling", "Cao nhất", Content.SIGNED, "Điểm cao nhất sau cộng, trừ.", width=9),
    Field(
        "when",
        "Điều kiện áp dụng",
        Content.CONDITION,
        "Chỉ ở nhóm: nhóm chỉ tính cho đơn vị đạt điều kiện, ví dụ co_cua_khau = có.",
        width=20,
    ),
)
