"""Layout of the sheets of rules: each row is one record; all of them may be absent."""

from thidua.rules.scoring.language import INPUT_KINDS, KIND_NAMES, TIE_BREAK_NAMES
from thidua.workbooks.scale.layout.fields import Content, Field, SheetLayout

BASE, BONUS, DEDUCTION = "base", "bonus", "deduction"
PART_CHOICES = {BASE: "Điểm chuẩn", BONUS: "Điểm thưởng", DEDUCTION: "Điểm trừ"}
PERSON = "Người quyết định"

_CONDITION_HELP = "Ví dụ: ty_le >= 95; co_ke_hoach = có. Viết “;” giữa các điều kiện phải cùng đạt."
_PATH_HELP = "Mã, hoặc các mã từ gốc nối bằng “/” khi mã bị trùng, ví dụ 1/a/a1."


def _text(name: str, title: str, help: str, width: float = 14, *, must: bool = False) -> Field:
    return Field(name, title, Content.TEXT, help, must, width, must)


def _number(name: str, title: str, help: str, *, must: bool = False) -> Field:
    return Field(name, title, Content.NUMBER, help, must, 9, must)


INPUTS = SheetLayout(
    "Số liệu",
    "inputs",
    "Mọi số liệu mà quy tắc hỏi tới.",
    (
        _text(
            "key",
            "Mã số liệu",
            "Chữ, số, dấu “_”, “.”; bắt đầu bằng chữ. Ví dụ a1_viec.",
            must=True,
        ),
        _text("label", "Tên số liệu", "Như người nhập sẽ đọc.", 50, must=True),
        Field(
            "kind",
            "Loại",
            Content.CHOICE,
            "Chọn trong danh sách.",
            required=True,
            width=16,
            must=True,
            choices={kind.value: name for kind, name in INPUT_KINDS.items()},
        ),
        _text("measure", "Đơn vị tính", "Ví dụ %, vụ, hồ sơ."),
        Field(
            "formula",
            "Công thức",
            Content.FORMULA,
            "Chỉ cho loại Công thức, ví dụ so_ho_thu_gom / tong_so_ho * 100.",
            width=30,
        ),
        _text("default", "Để trống là", "Giá trị khi người nhập để trống, ví dụ 0, không."),
        _text("options", "Bộ bậc để chọn", "Chỉ cho loại Chọn mức: tên bộ ở trang “Bậc”."),
        _text("indicator", "Chỉ tiêu", "Mã chỉ tiêu báo cáo cung cấp số liệu này, nếu có."),
    ),
)
LINES = SheetLayout(
    "Quy tắc",
    "",
    "Mỗi dòng là một cách cho, cộng hoặc trừ điểm của một tiêu chí.",
    (
        _text("criterion", "Tiêu chí", _PATH_HELP, 12, must=True),
        Field(
            "part",
            "Phần",
            Content.CHOICE,
            "Điểm chuẩn (nhiều nhất một dòng), Điểm thưởng, Điểm trừ.",
            required=True,
            width=13,
            must=True,
            choices=PART_CHOICES,
        ),
        Field(
            "kind",
            "Cách tính",
            Content.CHOICE,
            "Chọn trong danh sách; từng cách được giải thích trong docs/workbooks.md.",
            required=True,
            width=20,
            must=True,
            choices={kind.value: name for kind, name in KIND_NAMES.items()},
        ),
        _text("input", "Số liệu", "Mã số liệu."),
        _number("points", "Điểm", "Điểm mỗi lần, mỗi bước hoặc khi đạt; ghi số dương."),
        _number("first", "Điểm đầu", "Điểm của lần hoặc bước đầu, nếu khác."),
        Field(
            "threshold",
            "Ngưỡng",
            Content.SIGNED,
            "Mức phải đạt, phải vượt, hoặc số ngày phải sớm.",
            width=9,
        ),
        Field(
            "every", "Mỗi", Content.NUMBER, "Bao nhiêu thì tính một lần.", False, 9, above_zero=True
        ),
        Field("step", "Bước chấm", Content.NUMBER, "Chỉ cho Nhập điểm.", False, 9, above_zero=True),
        _number("at_target", "% khi đạt", "So với đơn vị dẫn đầu: phần điểm khi vừa đạt mục tiêu."),
        _text("bands", "Bậc", "Tên bộ ở trang “Bậc”."),
        _text("tiers", "Cỡ", "Tên bộ bậc chia cỡ đơn vị."),
        _text("tier_input", "Số liệu chọn cỡ", "Mã số liệu để biết đơn vị thuộc cỡ nào."),
        _text("due", "Hạn", "31/01 (năm thi đua), 31/01/2027, hoặc mã một số liệu loại Ngày."),
        _number("cap", "Trần", "Điểm cao nhất của riêng dòng này."),
        Field("when", "Điều kiện", Content.CONDITION, _CONDITION_HELP, width=24),
        _text("unless", "Miễn khi", "Mã số liệu Có hoặc không; có thì dòng này không tính."),
        _text("one_of", "Chỉ lấy một", "Các dòng cùng tên ở đây chỉ lấy dòng cao nhất."),
        _text("set", "Nhóm trần", "Các dòng cùng tên ở đây chung một trần."),
        _text("text", "Nội dung", "Câu của văn bản.", 40),
        _text("article", "Điều khoản", "Điều, khoản, mục của văn bản.", 16),
    ),
    spare=100,
)
SETS = SheetLayout(
    "Nhóm trần",
    "",
    "Trần chung của các dòng có cùng tên ở cột “Nhóm trần” của trang “Quy tắc”.",
    (
        _text("criterion", "Tiêu chí", _PATH_HELP, 12, must=True),
        _text("set", "Nhóm trần", "Tên như ở trang “Quy tắc”.", 24, must=True),
        _number("cap", "Trần", "Tổng điểm cao nhất của các dòng trong nhóm.", must=True),
    ),
)
BANDS = SheetLayout(
    "Bậc",
    "bands",
    "Các bộ bậc có tên, nhiều tiêu chí cùng dùng được. Mỗi dòng là một bậc.",
    (
        _text("set", "Bộ bậc", "Các dòng cùng tên là một bộ.", 20, must=True),
        Field("low", "Từ", Content.SIGNED, "Để trống là không có mốc dưới.", width=9),
        Field(
            "low_in",
            "Gồm mốc từ",
            Content.YES_NO,
            "Có (mặc định): từ mốc trở lên. Không: trên mốc.",
            width=9,
        ),
        Field("high", "Đến", Content.SIGNED, "Để trống là không có mốc trên.", width=9),
        Field(
            "high_in",
            "Gồm mốc đến",
            Content.YES_NO,
            "Không (mặc định): dưới mốc. Có: đến hết mốc.",
            width=9,
        ),
        _text("label", "Nhãn", "Tên mức để chọn, hoặc tên cỡ.", 30),
        _text("tier", "Cỡ", "Bậc chỉ dùng cho đơn vị cỡ này.", 20),
        Field("points", "Điểm", Content.SIGNED, "Điểm của bậc.", width=9),
        Field("share", "% điểm chuẩn", Content.SIGNED, "Hoặc: phần trăm của điểm chuẩn.", width=9),
    ),
    spare=100,
)
GATES = SheetLayout(
    "Điều kiện xếp loại",
    "gates",
    "Khi điều kiện đúng, đơn vị không được xếp loại, hoặc chỉ được xếp cao nhất tới một mức.",
    (
        Field(
            "when",
            "Khi",
            Content.CONDITION,
            "Ví dụ: @nop = không; hoặc: so_vu_cham > 2.",
            required=True,
            width=30,
            must=True,
        ),
        _text("label", "Nội dung", "Câu của văn bản.", 50),
        _text("limit", "Cao nhất được", "Tên mức ở trang “Xếp loại”; để trống là không xếp loại."),
        _text("article", "Điều khoản", "Điều, khoản, mục của văn bản.", 16),
    ),
)
CLASSES = SheetLayout(
    "Xếp loại",
    "classes",
    "Các mức, từ cao xuống thấp.",
    (
        _text("name", "Mức", "Ví dụ Xuất sắc.", 30, must=True),
        _number("least", "Từ", "Điểm (hoặc %) thấp nhất của mức.", must=True),
        _number("share", "% mỗi tiêu chí", "Mỗi tiêu chí phải đạt ít nhất ngần này % điểm chuẩn."),
        Field(
            "share_level",
            "Xét ở cấp",
            Content.WHOLE,
            "Cấp của tiêu chí được xét: 1 (mặc định) là phần lớn nhất, 0 là từng tiêu chí chấm.",
            width=9,
        ),
        Field("places", "Số suất", Content.WHOLE, "Nhiều nhất bao nhiêu đơn vị.", width=9),
        _number("percent", "% số đơn vị", "Nhiều nhất bao nhiêu % đơn vị được xếp."),
    ),
)
AWARDS = SheetLayout(
    "Điểm cộng",
    "awards",
    "Điểm cộng vào tổng theo thành tích được khen trong năm.",
    (
        _text("input", "Số liệu", "Mã số liệu Có hoặc không, hoặc Số đếm.", must=True),
        _number("points", "Điểm cộng", "Cho mỗi lần được khen.", must=True),
        _text("label", "Thành tích", "Tên danh hiệu, hình thức khen.", 50),
    ),
)
TIES = SheetLayout(
    "Khi bằng điểm",
    "ties",
    "Xét lần lượt từ trên xuống khi hai đơn vị bằng điểm.",
    (
        Field(
            "by",
            "Xét theo",
            Content.CHOICE,
            "Chọn trong danh sách.",
            required=True,
            width=26,
            must=True,
            choices={by.value: name for by, name in TIE_BREAK_NAMES.items()},
        ),
        _text("of", "Của", "Tiêu chí hoặc mã số liệu; để trống khi xét thưởng, trừ.", 24),
    ),
)
CASES = SheetLayout(
    "Kiểm thử",
    "cases",
    "Ví dụ tính tay; phần mềm phải ra đúng như vậy thì bảng mới ban hành được.",
    (
        _text("name", "Tên ví dụ", "Ngắn gọn.", 40, must=True),
        _text("path", "Tiêu chí", _PATH_HELP + " Để trống là cả bảng.", 12),
        _text("facts", "Số liệu", "Ví dụ: a1_viec = 2; ty_le = 98,5; nop = có.", 50),
        _number("base", "Điểm chuẩn", "Điểm chuẩn người chấm nhập, nếu tiêu chí nhập điểm."),
        _number("bonus", "Điểm thưởng", "Điểm thưởng người chấm nhập."),
        _number("deduction", "Điểm trừ", "Điểm trừ người chấm nhập, ghi số dương."),
        _number("target", "Mục tiêu", "Mục tiêu giao cho đơn vị."),
        _text("tier", "Cỡ", "Cỡ của đơn vị."),
        Field(
            "points",
            "Kết quả",
            Content.RESULT,
            f"Điểm phải ra; hoặc ghi “{PERSON}” khi văn bản không cho biết.",
            required=True,
            width=18,
            must=True,
        ),
    ),
)
RULE_SHEETS = (INPUTS, LINES, SETS, BANDS, GATES, CLASSES, AWARDS, TIES, CASES)
