"""What a sheet of a points-table workbook is made of: fields, and what may stand in their cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

YES, NO = "Có", "Không"


class Content(StrEnum):
    """What may stand in a cell."""

    TEXT = "text"
    NUMBER = "number"
    SIGNED = "signed"
    WHOLE = "whole"
    LEVEL = "level"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CONDITION = "condition"
    FORMULA = "formula"
    RESULT = "result"


@dataclass(frozen=True)
class Field:
    """One named cell of "Thông tin", or one column of another sheet.

    `required`: the column must be there; `must`: its cell must be filled in on every filled row.
    `choices` are the words of a CHOICE by the value kept for each.
    """

    name: str
    title: str
    content: Content
    help: str
    required: bool = False
    width: float = 12
    must: bool = False
    above_zero: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetLayout:
    """A sheet with one record per row, headings in row 1; `key` is its name in `Table.rules`."""

    name: str
    key: str
    help: str
    fields: tuple[Field, ...]
    spare: int = 40

    def field(self, name: str) -> Field:
        """The field of a name."""
        return next(each for each in self.fields if each.name == name)
