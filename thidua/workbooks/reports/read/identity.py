"""Whose workbook is this? Another unit's, cluster's, period's or edition's is refused as a whole."""

from thidua.rules.reporting import Edition
from thidua.workbooks.reading import Sheet, WorkbookError, address
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.layout import Identity
from thidua.workbooks.reports.read.saying import problem, words_of

_NOT_OURS = {
    layout.UNIT_ITEM: (
        "đây là biểu của đơn vị “{found}”, không phải của “{wanted}”. Hãy dùng biểu tải từ báo cáo của "
        "đơn vị mình."
    ),
    layout.CLUSTER_ITEM: (
        "đây là biểu của “{found}”, báo cáo đang mở thuộc “{wanted}”. Hãy nạp vào báo cáo của cụm, khối "
        "ghi trong tệp, hoặc tải biểu của báo cáo này."
    ),
    layout.PERIOD_ITEM: (
        "đây là biểu của kỳ “{found}”, báo cáo đang mở là “{wanted}”. Hãy mở đúng kỳ rồi nạp, hoặc tải "
        "biểu của kỳ này."
    ),
    layout.EDITION_ITEM: (
        "đây là biểu theo bộ “{found}”, kỳ này dùng bộ “{wanted}”. Hãy tải biểu mới rồi chép số sang."
    ),
    layout.FORMS_ITEM: (
        "biểu mẫu đã thay đổi sau khi tải tệp này (mã “{found}”, nay là “{wanted}”). Hãy tải biểu mới "
        "rồi chép số sang."
    ),
}


def identified(about: Sheet | None, edition: Edition, identity: Identity) -> int:
    """The report's version the workbook was written from. WorkbookError when it is not this one's."""
    if about is None:
        sentence = f"không có trang này nên không phải biểu tải từ phần mềm. {layout.AGAIN}"
        raise WorkbookError([problem(layout.ABOUT, "", sentence)])
    rows = {words_of(about.value(row, 1)): row for row in range(1, len(about.rows) + 1)}
    problems = []
    for item, wanted in layout.about(edition, identity).items():
        row = rows.get(item, 0)
        found = words_of(about.value(row, 2)) if row else ""
        said = _said(item, found, " ".join(wanted.split()))
        if said:
            problems.append(problem(about.name, address(row, 2) if row else "", said))
    if problems:
        raise WorkbookError(problems)
    return int(words_of(about.value(rows[layout.VERSION_ITEM], 2)))


def _said(item: str, found: str, wanted: str) -> str:
    """What is wrong with one line of “Thông tin”; "" when nothing is."""
    if item == layout.VERSION_ITEM:
        if found.isascii() and found.isdigit() and len(found) < 9:
            return ""
        return f"mục “{item}” bị xoá hoặc bị sửa. {layout.AGAIN}"
    if found == wanted:
        return ""
    if not found:
        return f"mục “{item}” bị xoá hoặc để trống. {layout.AGAIN}"
    return _NOT_OURS[item].format(found=found, wanted=wanted)
