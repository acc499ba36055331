"""docs/workbooks.md against the layout: nothing that can be typed is left unexplained."""

from pathlib import Path

import pytest

from thidua.rules.scoring.language import INPUT_KINDS, KIND_NAMES, TIE_BREAK_NAMES
from thidua.workbooks.scale.layout import (
    ABOUT,
    ABOUT_FIELDS,
    COLUMNS,
    CRITERIA,
    PERSON,
    RULE_SHEETS,
)

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "workbooks.md").read_text("utf-8")
SHEETS = [
    (ABOUT, ABOUT_FIELDS),
    (CRITERIA, COLUMNS),
    *((each.name, each.fields) for each in RULE_SHEETS),
]


def section(name):
    """The text under the heading of a sheet."""
    head = f"\n## Trang “{name}”\n"
    assert DOCS.count(head) == 1
    return DOCS.split(head)[1].split("\n## ")[0]


@pytest.mark.parametrize(("name", "fields"), SHEETS)
def test_every_column_has_its_row_in_the_section_of_its_sheet(name, fields):
    text = section(name)

    assert [each.title for each in fields if f"\n| {each.title} |" not in text] == []


@pytest.mark.parametrize(("name", "fields"), SHEETS)
def test_every_choice_is_named_in_the_documentation(name, fields):
    words = [word for each in fields for word in each.choices.values()]

    assert [word for word in words if word not in DOCS] == []


def test_every_way_of_computing_has_an_example_with_its_arithmetic():
    text = section("Quy tắc")

    assert [name for name in KIND_NAMES.values() if f"\n**{name}.** " not in text] == []
    assert [name for name in KIND_NAMES.values() if f"\n| {name} |" not in text] == []


def test_every_kind_of_input_and_every_tie_break_is_explained():
    assert [name for name in INPUT_KINDS.values() if f"\n| {name} |" not in DOCS] == []
    assert [name for name in TIE_BREAK_NAMES.values() if name not in DOCS] == []
    assert PERSON in DOCS
