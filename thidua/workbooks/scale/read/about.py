""" "Thông tin" read: the table's own fields, and the settings that stand in its rules."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from thidua.rules.scoring import Rounding, RoundingMode, plain
from thidua.rules.scoring.tree import Json
from thidua.workbooks.reading import Sheet, address
from thidua.workbooks.scale.layout import ABOUT, ABOUT_FIELDS, LEAF_ROUNDING, RULE_SETTINGS
from thidua.workbooks.scale.read.cells import Problems, error_at, folded, heading_text, read_cell


def read_about(sheet: Sheet, problems: Problems) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of "Thông tin" by field name, and the cell of each."""
    rows: dict[str, int] = {}
    known = {folded(each.title) for each in ABOUT_FIELDS}
    for number in range(1, len(sheet.rows) + 1):
        title = folded(heading_text(sheet.value(number, 1)))
        if title in known and title in rows:
            problems.append(error_at(ABOUT, address(number, 1), "mục này đã có ở dòng trên."))
        rows.setdefault(title, number)
    values: dict[str, Any] = {}
    cells: dict[str, str] = {}
    for each in ABOUT_FIELDS:
        row = rows.get(folded(each.title))
        if row is None:
            if each.required:
                problems.append(error_at(ABOUT, "", f"thiếu mục “{each.title}” ở cột A."))
            continue
        cells[each.name] = address(row, 2)
        values[each.name] = read_cell(ABOUT, cells[each.name], each, sheet.value(row, 2), problems)
    return values, cells


def table_fields(about: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `Table` that stand on this sheet, defaults for what is blank."""
    quantum, mode = about.get("quantum"), about.get("mode")
    floor = about.get("floor_at_zero")
    return {
        "title": about.get("title") or "",
        "scale": about.get("scale") or Decimal(0),
        "floor_at_zero": True if floor is None else floor,
        "rounding": Rounding(
            mode=RoundingMode.HALF_UP if mode is None else RoundingMode(mode),
            quantum=Rounding().quantum if quantum is None else quantum,
        ),
        "source": about.get("source") or "",
        "notes": about.get("notes") or "",
    }


def rule_settings(about: Mapping[str, Any]) -> dict[str, Json]:
    """The settings that stand in `Table.rules`; what is blank is left out."""
    settings = {name: _json(about[name]) for name in RULE_SETTINGS if about.get(name) is not None}
    leaf = {
        key: _json(about[name])
        for name, key in LEAF_ROUNDING.items()
        if about.get(name) is not None
    }
    return {**settings, **({"leaf_rounding": leaf} if leaf else {})}


def _json(value: Any) -> Json:
    return plain(value) if isinstance(value, Decimal) else str(value)
