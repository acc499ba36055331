"""Workbooks made by hand for tests, good and bad."""

import io
import zipfile
from decimal import Decimal

import xlsxwriter

from thidua.rules.scoring import CriterionNode, Table
from thidua.workbooks.scale.layout import COLUMNS

HEADINGS = [column.title for column in COLUMNS]
NAMES = [column.name for column in COLUMNS]
ABOUT = {"Tên bảng": "Bảng A", "Thang điểm": 10}
ROWS = (
    {"level": 1, "code": "C", "title": "Môi trường", "maximum": 10},
    {"level": 2, "code": "C1", "title": "Thu gom", "maximum": 5},
    {
        "level": 2,
        "code": "C2",
        "title": "Xử lý",
        "maximum": "5",
        "has_bonus": "Có",
        "bonus_cap": "0,5",
        "bonus_guidance": "Trên 92%: +0,1",
    },
)
TABLE = Table(
    "Bảng A",
    Decimal(10),
    (
        CriterionNode(
            "C",
            "Môi trường",
            Decimal(10),
            children=(
                CriterionNode("C1", "Thu gom", Decimal(5)),
                CriterionNode(
                    "C2",
                    "Xử lý",
                    Decimal(5),
                    has_bonus=True,
                    bonus_cap=Decimal("0.5"),
                    bonus_guidance="Trên 92%: +0,1",
                ),
            ),
        ),
    ),
)


def workbook(sheets):
    """A workbook of plain values: {sheet name: rows}."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        dated = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if hasattr(value, "year"):
                        page.write_datetime(number, column, value, dated)
                    elif value is not None:
                        page.write(number, column, value)
    return target.getvalue()


def scale_workbook(*rows, about=None, headings=HEADINGS, names=("Thông tin", "Tiêu chí")):
    """A points-table workbook from rows by field name; ROWS when none are given."""
    body = [[row.get(name) for name in NAMES] for row in rows or ROWS]
    sheets = {
        "Thông tin": [["Mục", "Giá trị"], *map(list, (ABOUT if about is None else about).items())],
        "Tiêu chí": [headings, *body],
    }
    return workbook({name: sheets[name] for name in names} or {"Khác": []})


def row(number, **changes):
    """The rows of ROWS, one of them changed."""
    return [{**each, **(changes if index == number else {})} for index, each in enumerate(ROWS)]


def repacked(data, changes=None, added=None, compression=zipfile.ZIP_DEFLATED):
    """The same archive with parts changed (name → function of bytes) or added (name → bytes)."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", compression) as copy,
    ):
        for part in source.infolist():
            content = source.read(part)
            change = (changes or {}).get(part.filename)
            if change is not None:
                content = change(content)
            if content is not None:
                copy.writestr(part.filename, content)
        for name, content in (added or {}).items():
            copy.writestr(name, content)
    return target.getvalue()
