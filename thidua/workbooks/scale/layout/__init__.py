"""The layout of a points-table workbook: its sheets, its fields, its columns.

Read by the writer, the reader and the template, so the three cannot disagree. A column added
later must not be `required`, so that workbooks made before it still load; every sheet of rules may
be absent.
"""

from thidua.workbooks.scale.layout.about import (
    ABOUT,
    ABOUT_FIELDS,
    LEAF_ROUNDING,
    RULE_SETTINGS,
)
from thidua.workbooks.scale.layout.criteria import COLUMNS, CRITERIA, FROM_SHEET
from thidua.workbooks.scale.layout.fields import NO, YES, Content, Field, SheetLayout
from thidua.workbooks.scale.layout.guide import GUIDANCE, GUIDE
from thidua.workbooks.scale.layout.rules import (
    AWARDS,
    BANDS,
    BASE,
    BONUS,
    CASES,
    CLASSES,
    DEDUCTION,
    GATES,
    INPUTS,
    LINES,
    PERSON,
    RULE_SHEETS,
    SETS,
    TIES,
)

__all__ = [
    "ABOUT",
    "ABOUT_FIELDS",
    "AWARDS",
    "BANDS",
    "BASE",
    "BONUS",
    "CASES",
    "CLASSES",
    "COLUMNS",
    "CRITERIA",
    "DEDUCTION",
    "FROM_SHEET",
    "GATES",
    "GUIDANCE",
    "GUIDE",
    "INPUTS",
    "LEAF_ROUNDING",
    "LINES",
    "NO",
    "PERSON",
    "RULE_SETTINGS",
    "RULE_SHEETS",
    "SETS",
    "TIES",
    "YES",
    "Content",
    "Field",
    "SheetLayout",
]
