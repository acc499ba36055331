"""Where things lie in a workbook of own forms, for the writer and the reader alike.

One sheet per form: what is said of the form itself as label and value, then a table with one row
per indicator. Columns are found by their headings, so they may stand in any order.
"""

from thidua.rules.reporting.own import BEHAVIOUR_HELP, BEHAVIOUR_WORDS, FIELD_NAMES

GUIDE = "Hướng dẫn"
CHECKS = "Kiểm tra"
# What stands above the table of a form, by field of TypedForm; 0-based rows in this order.
ITEMS = {
    "code": "Mã biểu",
    "title": "Tên biểu",
    "shape": "Loại biểu",
    "periods": "Các kỳ",
    "note": "Ghi chú",
    "key": "Khoá biểu",
}
HEAD = len(ITEMS) + 1
COLUMNS = FIELD_NAMES
MUST = ("code", "heading", "measure", "kind", "behaviour")
WIDTHS = {"heading": 48, "measure": 14, "total": 16, "outflow": 14, "note": 36, "key": 30}
CHECK_COLUMNS = {"form": "Biểu", "level": "Mức", "rule": "Quy tắc", "note": "Ghi chú"}
CHECK_MUST = ("level", "rule")
CHECK_WIDTHS = {"form": 14, "level": 18, "rule": 48, "note": 48}
MOST_ROWS = 300
MOST_CHECKS = 300
SPARE = 40
OWN_KEY = "rieng-"

GUIDANCE = (
    "Tệp này mô tả biểu mẫu riêng của cụm. Mỗi trang tính là một biểu; tên trang tính đặt tuỳ ý.",
    "Nạp tệp thì dự thảo đang soạn được thay bằng đúng những gì tệp ghi. Có một ô sai thì không nạp gì.",
    "",
    "PHẦN ĐẦU CỦA MỖI TRANG",
    "Mã biểu: ngắn, không có dấu cách, ví dụ 01/GƯ. Không trùng mã biểu của Thanh tra Chính phủ.",
    "Loại biểu: Theo dòng (mỗi chỉ tiêu một dòng), Theo cột, hoặc Danh sách (mỗi vụ việc một dòng).",
    "Các kỳ: để trống là mọi kỳ; hoặc ghi tên kỳ, cách nhau bằng dấu phẩy, ví dụ: Quý I, 6 tháng, Năm.",
    "Khoá biểu, Khoá: phần mềm tự đặt. Giữ nguyên khoá đã có; dòng mới để trống.",
    "",
    "BẢNG CHỈ TIÊU",
    "Mã: số hiệu in trên biểu, dùng trong cách tính và quy tắc. Mỗi chỉ tiêu một mã.",
    "Chỉ tiêu: tên; có tiêu đề cấp trên thì ghi từ trên xuống, cách nhau bằng dấu >,",
    "ví dụ: Kiến nghị > Đã xong.",
    "Loại ô: Số, Chữ, hoặc Có/Không (đánh dấu x là có). Hai loại sau để trống đơn vị tính và cách cộng.",
    *(f"Cách cộng “{word}”: {BEHAVIOUR_HELP[each]}" for each, word in BEHAVIOUR_WORDS.items()),
    "Tổng của: mã các phần, ví dụ 2 + 3. Ô để trống thì tự cộng; đã ghi mà lệch là lỗi.",
    "Đã giải quyết: chỉ cho “Tổng có tồn”: mã của chỉ tiêu đếm phần đã xong trong kỳ.",
    "Số lẻ: số chữ số sau dấu phẩy; để trống thì theo đơn vị tính (triệu đồng 6, m² và % 2, còn lại 0).",
    "Bắt buộc: Có (mặc định) hoặc Không.",
    "",
    f"TRANG “{CHECKS}”",
    "Biểu: mã biểu; để trống khi quy tắc so nhiều biểu với nhau, khi đó ô viết dạng biểu:mã,",
    "ví dụ 01/GƯ:2 <= 01/TTr:6.",
    "Mức: Lỗi (phải sửa mới nộp được), Cảnh báo (phải giải trình), So với kỳ trước (vế phải là số kỳ trước).",
    "Quy tắc: 1 = 2 + 3 · 3 <= 2 · 9 >= 5 * 8 · 6 = 0 => 7..9 = 0;",
    "biểu danh sách: 6 chỉ khi 5 · đúng một trong 4 5.",
    "Viết dấu cách hai bên dấu trừ.",
)
