"""What may stand in one cell of a form."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from thidua.rules.errors import RuleError
from thidua.rules.scoring import TableRules, plain, read_fact
from thidua.rules.scoring.language import NUMERIC, Input, InputKind
from thidua.workbooks.reading import number_of, text_of
from thidua.workbooks.scale.read.cells import folded
from thidua.workbooks.sheets import layout


def fact_of(each: Input, value: object, rules: TableRules) -> str:
    """Canonical text of one cell for an input, "" when it is blank; RuleError names the input."""
    try:
        text = _typed(each, value)
    except RuleError as error:
        raise RuleError(f"{each.label}: {error}") from error
    return read_fact(each, text, rules.bands)


def _typed(each: Input, value: object) -> str:
    """The cell as a person would have typed it."""
    if isinstance(value, datetime | date):
        if each.kind is not InputKind.DATE:
            raise RuleError("ô đang là ngày giờ; hãy định dạng ô là Văn bản rồi nhập lại.")
        return f"{value:%Y-%m-%d}"
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and each.kind is InputKind.DATE:
        raise RuleError("ô đang là số, không phải ngày; hãy ghi ngày/tháng/năm, ví dụ 31/01/2026.")
    if is_number and (each.kind in NUMERIC or each.kind is InputKind.EVENTS):
        # A number of the sheet is no typed text: 1.234 there is not in doubt.
        return plain(number_of(value) or Decimal(0)).replace(".", ",")
    if isinstance(value, bool) and each.kind is not InputKind.YES_NO:
        raise RuleError("ô phải ghi giá trị, không phải Đúng/Sai.")
    return text_of(value)


def among(labels: Collection[str], value: object) -> str:
    """The label that a cell names, "" when it is blank."""
    text = text_of(value)
    for label in labels:
        if folded(label) == folded(text):
            return label
    if text:
        raise RuleError(f"“{text[:60]}” không có trong các cỡ: {'; '.join(labels)}.")
    return ""


def positive(value: object) -> Decimal | None:
    """A number from 0 up, None when the cell is blank; RuleError otherwise."""
    number = number_of(value)
    if number is not None and number < 0:
        raise RuleError("số phải từ 0 trở lên.")
    return number


def year_of(value: object) -> int:
    """The year, 0 when the cell is blank."""
    number = number_of(value)
    if number is None:
        return 0
    if number != int(number) or not layout.FIRST_YEAR <= number <= layout.LAST_YEAR:
        raise RuleError(f"hãy ghi năm từ {layout.FIRST_YEAR} đến {layout.LAST_YEAR}.")
    return int(number)


def is_marked(value: object) -> bool:
    """Whether a mark stands in the cell; RuleError when that is not clear."""
    text = folded(text_of(value))
    if text in {"", "không"}:
        return False
    if text in {folded(layout.MARK), "x"}:
        return True
    raise RuleError(f"“{text[:40]}” không rõ; hãy chọn {layout.MARK} hoặc để trống.")
