"""The sheets and columns of a self-score workbook, read by the writer and the reader alike."""

from thidua.workbooks.scale.layout import Content, Field

GUIDE = "Hướng dẫn"
ABOUT = "Thông tin"
FACTS = "Số liệu"
TARGETS = "Mục tiêu"
TIERS = "Cỡ đơn vị"
UNASSIGNED = "Không giao"
CLAIMS = "Tự chấm"
LISTS = "Danh mục"

UNIT_ITEM = "Tên đơn vị"
YEAR_ITEM = "Năm thi đua"
TABLE_ITEM = "Bảng chấm điểm"
FINGERPRINT_ITEM = "Mã băm của bảng"
SCALE_ITEM = "Thang điểm"
TOTAL_ITEM = "Tổng điểm tự chấm"
FIRST_YEAR, LAST_YEAR = 2000, 2100

MARK = "Có"


def _column(name: str, title: str, help: str, width: float, content: Content) -> Field:
    return Field(name, title, content, help, required=True, width=width)


def _text(name: str, title: str, width: float, help: str = "") -> Field:
    return _column(name, title, help, width, Content.TEXT)


def _number(name: str, title: str, width: float, help: str = "") -> Field:
    return _column(name, title, help, width, Content.NUMBER)


_KEY = _text("key", "Mã số liệu", 14)
_LABEL = _text("label", "Số liệu", 44)
_MEASURE = _text("measure", "Đơn vị tính", 12)

FACT_COLUMNS = (
    _KEY,
    _text("used_by", "Dùng cho", 18),
    _LABEL,
    _MEASURE,
    _text("kind", "Cách ghi", 24),
    _text("value", "Giá trị", 18, "Số liệu cả năm của đơn vị."),
    _text("note", "Để trống thì", 20),
)
TARGET_COLUMNS = (
    _KEY,
    _LABEL,
    _MEASURE,
    _number("value", "Mục tiêu", 14, "Mục tiêu giao cho đơn vị; để trống nếu không được giao."),
)
TIER_COLUMNS = (
    _text("key", "Bộ cỡ", 30),
    _text("value", "Cỡ của đơn vị", 24, "Chọn trong danh sách."),
)
UNASSIGNED_COLUMNS = (
    _text("key", "Đường dẫn", 16),
    _text("label", "Tiêu chí", 80),
    _text("value", "Không giao", 12, "Chọn Có nếu đơn vị không được giao việc này."),
)
CLAIM_COLUMNS = (
    _text("key", "Đường dẫn", 10),
    _text("code", "Mã", 7),
    _text("title", "Tiêu chí", 28),
    _number("maximum", "Điểm tối đa", 8),
    _text("caps", "Trần", 12),
    _text("how", "Cách chấm", 42),
    _text("needed", "Minh chứng cần có", 16),
    _number("base", "Điểm chuẩn", 8, "Để trống ở ô xám nhạt: tính theo số liệu."),
    _number("bonus", "Điểm thưởng", 8, "Để trống ở ô xám nhạt: tính theo số liệu."),
    _number("deduction", "Điểm trừ", 8, "Ghi số không có dấu trừ."),
    _text("explanation", "Thuyết minh", 22, "Bắt buộc khi đề nghị khác điểm tính theo số liệu."),
    _text("evidence", "Minh chứng", 22, "Số, ngày văn bản hoặc tên tệp gửi kèm."),
)
PARTS = ("base", "bonus", "deduction")

GUIDANCE = (
    "Tệp này là phiếu tự chấm điểm thi đua của một đơn vị theo một bảng chấm điểm đã ban hành.",
    "1. Chỉ điền vào ô nền vàng; ô xám nhạt ở trang “Tự chấm” thường để trống.",
    f"2. Trang “{ABOUT}”: tên đơn vị, năm thi đua. Không sửa mã băm: mã này giữ cho phiếu và bảng",
    "   chấm điểm luôn khớp nhau.",
    f"3. Trang “{FACTS}”: số liệu của cả năm. Điểm được tính từ đây, không cần tự tính.",
    f"4. Trang “{TARGETS}”, “{TIERS}”, “{UNASSIGNED}” (nếu có): điền theo văn bản giao cho đơn vị.",
    f"5. Trang “{CLAIMS}”: ô vàng là điểm phải tự chấm. Ô xám nhạt là điểm tính theo số liệu; chỉ ghi",
    "   khi đề nghị mức khác, và phải ghi thuyết minh. Điểm trừ ghi số không có dấu trừ.",
    "6. Có điểm mà bảng yêu cầu minh chứng thì ghi số, ngày văn bản hoặc tên tệp gửi kèm.",
    "7. Số viết với dấu phẩy thập phân (3,5); không viết dấu chấm giữa hàng nghìn; tỷ lệ 98,5% ghi 98,5.",
    "   Ngày ghi ngày/tháng/năm. Điểm nhiều lần cách nhau bằng dấu chấm phẩy: 8; 9; 7,5.",
    "8. Trước khi gửi, kiểm tra bằng lệnh: thidua sheet check BẢNG.xlsx PHIẾU.xlsx",
)
