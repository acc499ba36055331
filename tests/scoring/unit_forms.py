"""A unit's self-score form filled in by a person with a spreadsheet."""

import io
from decimal import Decimal

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from thidua.rules.scoring import CriterionNode, Table
from thidua.scoring.models import ScoreSheet
from thidua.scoring.sheet_workbooks import unit_form
from thidua.workbooks.sheets import layout

COLUMNS = {
    layout.FACTS: {each.name: place for place, each in enumerate(layout.FACT_COLUMNS, 1)},
    layout.TARGETS: {each.name: place for place, each in enumerate(layout.TARGET_COLUMNS, 1)},
    layout.UNASSIGNED: {
        each.name: place for place, each in enumerate(layout.UNASSIGNED_COLUMNS, 1)
    },
    layout.CLAIMS: {each.name: place for place, each in enumerate(layout.CLAIM_COLUMNS, 1)},
}


def form_table() -> Table:
    """Bands of a rate, a share of a target, a typed criterion that may be left out, an award."""
    return Table(
        title="Bảng có biểu",
        scale=Decimal(14),
        nodes=(
            CriterionNode(
                code="A",
                title="Chuyên môn",
                children=(
                    CriterionNode(
                        code="a1",
                        title="Giải quyết đơn",
                        maximum=Decimal(5),
                        rule={"kind": "bands", "input": "ty_le", "bands": "ty_le"},
                    ),
                    CriterionNode(
                        code="a2",
                        title="Thu hồi",
                        maximum=Decimal(4),
                        rule={"kind": "linear", "input": "thu_hoi"},
                    ),
                ),
            ),
            CriterionNode(
                code="B",
                title="Phong trào",
                maximum=Decimal(5),
                evidence="Báo cáo",
                rule={"kind": "typed", "na": "full"},
                has_deduction=True,
                deduction_cap=Decimal(1),
            ),
        ),
        rules={
            "inputs": [
                {"key": "ty_le", "label": "Tỷ lệ giải quyết", "kind": "percent"},
                {"key": "thu_hoi", "label": "Số tiền thu hồi", "kind": "figure"},
                {"key": "co", "label": "Cờ thi đua", "kind": "yes_no", "default": "no"},
            ],
            "bands": {
                "ty_le": [
                    {"low": "90", "points": "5"},
                    {"high": "90", "points": "2"},
                ]
            },
            "awards": [{"input": "co", "points": "2"}],
        },
    )


def filled(sheet: ScoreSheet, *cells: tuple[str, str, str, object]) -> bytes:
    """The unit's form with these cells typed: sheet, key of the row, column, value."""
    return typed_into(unit_form(sheet), *cells)


def typed_into(data: bytes, *cells: tuple[str, str, str, object]) -> bytes:
    """The same of a form at hand."""
    book = load_workbook(io.BytesIO(data))
    for sheet, key, column, value in cells:
        page = book[sheet]
        if sheet == layout.ABOUT:
            row = next(row for row in range(1, 20) if page.cell(row, 1).value == key)
            page.cell(row, 2).value = value
            continue
        columns = COLUMNS[sheet]
        row = next(row for row in range(2, 60) if page.cell(row, columns["key"]).value == key)
        page.cell(row, columns[column]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def claim(key: str, column: str, value: object) -> tuple[str, str, str, object]:
    return (layout.CLAIMS, key, column, value)


def fact(key: str, value: object) -> tuple[str, str, str, object]:
    return (layout.FACTS, key, "value", value)


def upload_address(sheet: ScoreSheet) -> str:
    return reverse("scoring:sheet_form_upload", args=[sheet.membership.year_id, sheet.pk])


def sheet_address(sheet: ScoreSheet, name: str = "scoring:sheet") -> str:
    return reverse(name, args=[sheet.membership.year_id, sheet.pk])


def content_of(response) -> str:
    return response.content.decode()


def post_form(client: Client, sheet: ScoreSheet, data: bytes, name: str = "bieu.xlsx"):
    """Hand a form in for looking over."""
    upload = io.BytesIO(data)
    upload.name = name
    return client.post(upload_address(sheet), {"workbook": upload})
