"""Where things lie in a report's workbook, for the writer and the reader alike.

Every column or line carries its indicator's key in a hidden row or column. The key and the heading
must stand where they were written: what was moved, renamed or pushed aside is told, never guessed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from thidua.rules.reporting import Edition, HeaderCell, Indicator, Shape, Template, header, outline
from thidua.workbooks.writing import sheet_name

GUIDE = "Hướng dẫn"
ABOUT = "Thông tin"
UNIT_ITEM = "Đơn vị"
PERIOD_ITEM = "Kỳ báo cáo"
CLUSTER_ITEM = "Cụm, khối thi đua"
EDITION_ITEM = "Bộ biểu mẫu"
FORMS_ITEM = "Mã bộ biểu"
VERSION_ITEM = "Lần sửa"

# 0-based rows and columns.
HEAD = 3
FIRST_COLUMN = 1
CODE, LABEL, MEASURE, VALUE, KEY = range(5)
LINE_TITLES = ("Mã", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Khoá")
LIST_ROWS = 60
# Of one list form; on screen a list is filled in only while it is short.
MOST_ROWS = 10_000
LONGEST_TEXT = 2000
# The cell by which a list form says that there is nothing to list, between title and head.
NOTHING = "Không có nội dung nào thì ghi x vào ô bên:"
NOTHING_LABEL = (2, 1)
NOTHING_CELL = (2, 2)
MARK = "x"
# What a sum shows where a part of it is only about right: a formula cannot add “hơn 120”.
ESTIMATED = "(tự cộng khi nạp)"
AGAIN = "Hãy tải lại biểu từ phần mềm rồi chép số sang, không thêm, xoá, đổi tên hay dời cột, dòng."

GUIDANCE = (
    "Tệp này chỉ dùng cho đơn vị, kỳ và bộ biểu ghi ở trang “Thông tin”.",
    "1. Chỉ ghi vào ô nền vàng. Không thêm, xoá, dời cột, dòng, trang tính.",
    "2. Để trống là chưa có số liệu; 0 là không phát sinh.",
    "3. Tiền tính bằng triệu đồng, đất tính bằng m².",
    "4. Số chưa chính xác: ghi chữ đứng trước, ví dụ hơn 120, gần 35, khoảng 1500,5; Excel hỏi lại thì",
    "   đồng ý.",
    "5. Ô xám là ô tự cộng theo công thức in trong biểu.",
    "6. Biểu danh sách: mỗi nội dung một dòng; ô đánh dấu ghi x. Không có nội dung nào thì ghi x ở ô trên",
    "   đầu biểu.",
    "7. Nạp tệp ở trang của báo cáo. Có một ô sai thì không nạp gì; phần mềm liệt kê từng ô phải sửa.",
)


@dataclass(frozen=True)
class Identity:
    """Whose workbook it is: unit, period, edition of forms, the report's version, the cluster."""

    unit: str
    period: str
    edition: str
    version: int
    cluster: str = ""

    def items(self) -> Mapping[str, str]:
        """What must still stand in the workbook when it comes back."""
        return {
            UNIT_ITEM: self.unit,
            CLUSTER_ITEM: self.cluster,
            PERIOD_ITEM: self.period,
            EDITION_ITEM: self.edition,
        }


def about(edition: Edition, identity: Identity) -> Mapping[str, str]:
    """Everything the sheet “Thông tin” says."""
    return {
        **identity.items(),
        FORMS_ITEM: fingerprint(edition),
        VERSION_ITEM: str(identity.version),
    }


def fingerprint(edition: Edition) -> str:
    """A short mark of how the forms lie: other forms, columns, headings or measures give another."""
    forms = [
        (
            each.key,
            each.code,
            each.shape,
            [(one.key, one.code, one.heading, one.measure, one.kind) for one in each.indicators],
        )
        for each in edition.templates
    ]
    return hashlib.sha256(json.dumps(forms, ensure_ascii=False).encode()).hexdigest()[:12]


def page_name(template: Template) -> str:
    """The sheet of a form: 01/TTr is “01 TTr”."""
    return sheet_name(template.code or template.title)


def height(template: Template) -> int:
    """How many rows the head of a form of columns has."""
    return max(len(each.heading) for each in template.indicators)


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
    return indicator.code or str(template.indicators.index(indicator) + FIRST_COLUMN)


def is_list(template: Template) -> bool:
    """Whether the form holds matters instead of figures."""
    return template.shape == Shape.LIST


def value_cells(template: Template) -> dict[str, tuple[int, int]]:
    """Where the content of each indicator stands, 0-based; of a list, in its first row."""
    if template.shape == Shape.LINES:
        return {
            each.indicator.key: (row, VALUE)
            for row, each in enumerate(outline(template), start=HEAD + 1)
            if each.indicator
        }
    row = data_row(template)
    return {
        each.key: (row, column)
        for column, each in enumerate(template.indicators, start=FIRST_COLUMN)
    }


def key_cells(template: Template) -> dict[str, tuple[int, int]]:
    """Where the key of each indicator stands, 0-based."""
    if template.shape == Shape.LINES:
        return {key: (row, KEY) for key, (row, _) in value_cells(template).items()}
    return {key: (row - 1, column) for key, (row, column) in value_cells(template).items()}


def heading_cells(template: Template) -> dict[tuple[int, int], str]:
    """The printed words and numbers that must stand in their places, 0-based."""
    if template.shape == Shape.LINES:
        return {
            (row, LABEL): each.text for row, each in enumerate(outline(template), start=HEAD + 1)
        }
    cells = {
        (HEAD + each.row, FIRST_COLUMN + each.column): each.text for each in head_cells(template)
    }
    row = code_row(template)
    for column, each in enumerate(template.indicators, start=FIRST_COLUMN):
        cells[row, column] = each.code or str(column)
    return cells


def last_column(template: Template) -> int:
    """The last column of the form, 0-based."""
    return KEY if template.shape == Shape.LINES else len(template.indicators)


def last_row(template: Template) -> int | None:
    """The last row of the form, 0-based; a list has none."""
    if is_list(template):
        return None
    return max(row for row, _ in value_cells(template).values())
