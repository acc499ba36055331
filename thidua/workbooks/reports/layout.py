"""Where things lie in a report's workbook, for the writer and the reader alike.

Every column or line carries its indicator's key in a hidden row or column: what is read is found
by key, and a heading that no longer fits its key is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from thidua.rules.reporting import HeaderCell, Indicator, Shape, Template, header
from thidua.workbooks.writing import sheet_name

GUIDE = "Hướng dẫn"
ABOUT = "Thông tin"
UNIT_ITEM = "Đơn vị"
PERIOD_ITEM = "Kỳ báo cáo"
EDITION_ITEM = "Bộ biểu mẫu"
VERSION_ITEM = "Lần sửa"

# 0-based rows and columns.
HEAD = 3
FIRST_COLUMN = 1
CODE, LABEL, MEASURE, VALUE, KEY = range(5)
LINE_TITLES = ("Mã", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Khoá")
LIST_ROWS = 60
MOST_ROWS = 500

GUIDANCE = (
    "Tệp này chỉ dùng cho đơn vị, kỳ và bộ biểu ghi ở trang “Thông tin”.",
    "1. Chỉ ghi vào ô nền vàng. Không thêm, xoá, dời cột, dòng, trang tính.",
    "2. Để trống là chưa có số liệu; 0 là không phát sinh.",
    "3. Tiền tính bằng triệu đồng, đất tính bằng m².",
    "4. Số chưa chính xác: ghi chữ đứng trước, ví dụ hơn 120, gần 35, khoảng 1500,5; Excel hỏi lại thì",
    "   đồng ý.",
    "5. Ô xám là ô tự cộng theo công thức in trong biểu.",
    "6. Biểu danh sách: mỗi nội dung một dòng; ô đánh dấu ghi x.",
    "7. Nạp tệp ở trang của báo cáo. Có một ô sai thì không nạp gì; phần mềm liệt kê từng ô phải sửa.",
)


@dataclass(frozen=True)
class Identity:
    """Whose workbook it is: unit, period, edition of forms, and the report's version it shows."""

    unit: str
    period: str
    edition: str
    version: int

    def items(self) -> Mapping[str, str]:
        """What must still stand in the workbook when it comes back."""
        return {UNIT_ITEM: self.unit, PERIOD_ITEM: self.period, EDITION_ITEM: self.edition}


def page_name(template: Template) -> str:
    """The sheet of a form: 01/TTr is “01 TTr”."""
    return sheet_name(template.code or template.title)


def height(template: Template) -> int:
    """How many rows the head of a form of columns has."""
    return len(header(template))


def head_cells(template: Template) -> list[HeaderCell]:
    """All heading cells of a form of columns."""
    return [cell for row in header(template) for cell in row]


def code_row(template: Template) -> int:
    """The row with the printed numbers of the columns."""
    return HEAD + height(template)


def key_row(template: Template) -> int:
    """The hidden row with the keys; below the numbers and the measures."""
    return code_row(template) + 2


def data_row(template: Template) -> int:
    """The first row to fill in."""
    return key_row(template) + 1


def code_of(template: Template, indicator: Indicator) -> str:
    """The printed number of a column, or its place where nothing is numbered."""
    return indicator.code or str(template.indicators.index(indicator) + 1)


def is_list(template: Template) -> bool:
    """Whether the form holds matters instead of figures."""
    return template.shape == Shape.LIST
