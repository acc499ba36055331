"""Tables and filled forms for tests and the benchmark of `thidua sheet`."""

import io
from decimal import Decimal

from openpyxl import load_workbook

from thidua.rules.scoring import Claim, CriterionNode, Table, Unit
from thidua.workbooks.sheets import Filled, write_form

YEAR = 2026
BANDS = {
    "Tỷ lệ": [
        {"low": "0", "high": "50", "share": "0"},
        {"low": "50", "high": "90", "share": "50"},
        {"low": "95", "high": "100", "high_in": True, "share": "100"},
    ],
    "Mức": [{"label": "Tốt, rất tốt", "share": "100"}, {"label": "Khá", "share": "70"}],
    "Cỡ": [{"label": "Nhỏ"}, {"label": "Lớn"}],
    "Ma trận": [
        {"tier": "Nhỏ", "low": "0", "share": "100"},
        {"tier": "Lớn", "low": "0", "high": "50", "share": "10"},
        {"tier": "Lớn", "low": "50", "share": "100"},
    ],
}
KINDS = {
    "typed": ({"step": "0.5"}, None),
    "full": ({}, None),
    "pass_fail": ({}, "yes_no"),
    "all_or_nothing": ({"threshold": "95"}, "percent"),
    "options": ({"bands": "Mức"}, "choice"),
    "average": ({}, "events"),
    "bands": ({"bands": "Tỷ lệ"}, "percent"),
    "matrix": ({"bands": "Ma trận", "tiers": "Cỡ"}, "count"),
    "linear": ({}, "figure"),
    "leader": ({}, "figure"),
    "late": ({"due": "31/01", "points": "0.5", "every": "1"}, "date"),
    "early": ({"due": "31/12", "threshold": "5"}, "date"),
}
GIVEN = {
    "yes_no": "yes",
    "percent": "98.5",
    "choice": "Tốt, rất tốt",
    "events": "3;2.5",
    "count": "60",
    "figure": "7.25",
    "date": "2026-01-15",
}


def mixed_table(count, *, prefix=""):
    """A table of `count` leaves of 4 points, every kind in turn, ten to a group."""
    inputs, leaves = [], []
    for number in range(count):
        kind, (fields, takes) = list(KINDS.items())[number % len(KINDS)]
        rule = {"kind": kind, **fields}
        if takes:
            key = f"so_{number}"
            inputs.append({"key": key, "label": f"Số liệu {number}", "kind": takes, "measure": "%"})
            if takes == "choice":
                inputs[-1]["options"] = "Mức"
            rule["input"] = key
        rule["deduction"] = [{"kind": "per_case", "input": f"loi_{number}", "points": "0.25"}]
        inputs.append(
            {"key": f"loi_{number}", "label": f"Lỗi {number}", "kind": "count", "default": "0"}
        )
        leaves.append(
            CriterionNode(
                f"{prefix}{number}",
                f"Tiêu chí {number} với tên đủ dài như ngoài đời",
                Decimal(4),
                has_deduction=True,
                deduction_cap=Decimal(2),
                has_bonus=number % 3 == 0,
                bonus_cap=Decimal(1) if number % 3 == 0 else None,
                guidance="Chấm theo số liệu báo cáo năm." * 2,
                evidence="Báo cáo năm" if number % 5 == 0 else "",
                rule=rule,
            )
        )
    groups = tuple(
        CriterionNode(
            f"N{start}",
            f"Nhóm {start}",
            Decimal(4 * len(leaves[start : start + 10])),
            children=tuple(leaves[start : start + 10]),
        )
        for start in range(0, count, 10)
    )
    rules = {"inputs": inputs, "bands": BANDS}
    return Table("Bảng trộn", Decimal(4 * count), groups, rules=rules)


def filled_for(table):
    """Everything that `mixed_table` asks, within its rules but for the leaders."""
    facts, targets, claims, evidence = {}, {}, {}, {}
    for each in table.rules["inputs"]:
        facts[each["key"]] = "0" if each["key"].startswith("loi") else GIVEN[each["kind"]]
    for node in table.leaves():
        if node.rule["kind"] in {"linear", "leader"}:
            targets[node.rule["input"]] = Decimal(5)
        if node.rule["kind"] == "typed":
            claims[node.path] = Claim(Decimal("3.5"))
        if node.evidence:
            evidence[node.path] = "Báo cáo số 12/BC ngày 05/12/2026"
    return Filled(
        claims=claims,
        facts=facts,
        evidence=evidence,
        unit_terms=Unit(targets=targets, tiers={"Cỡ": "Lớn"}),
        unit="Thanh tra tỉnh A",
        year=YEAR,
    )


def edited(data, *edits):
    """The workbook with cells changed by hand: (sheet, cell, value)."""
    book = load_workbook(io.BytesIO(data))
    for sheet, cell, value in edits:
        book[sheet][cell] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell_of(data, sheet, key, title):
    """The address of the cell in the row of a key under a heading."""
    page = load_workbook(io.BytesIO(data))[sheet]
    column = next(cell.column_letter for cell in page[1] if cell.value == title)
    row = next(cell.row for cell in page["A"] if cell.value == key)
    return f"{column}{row}"


def form(table, filled=None, *, edits=()):
    """A form, filled as given, then edited by (sheet, key, heading, value)."""
    data = write_form(table, unit="Thanh tra tỉnh A", year=YEAR, filled=filled)
    places = [
        (sheet, cell_of(data, sheet, key, title), value) for sheet, key, title, value in edits
    ]
    return edited(data, *places) if places else data
