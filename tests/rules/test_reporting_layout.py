"""Headings for a grid and a workbook: every column under its path, nothing twice, nothing left out."""

import pytest

from tests.rules.test_reporting_sample import TT06
from thidua.rules.reporting import Shape, editions, header, outline

TEMPLATES = [
    pytest.param(template, id=template.key) for each in editions() for template in each.templates
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_header_covers_every_cell_of_the_head_exactly_once(template):
    rows = header(template)

    covered = [
        (row, column)
        for line in rows
        for cell in line
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]

    assert sorted(covered) == [
        (row, column) for row in range(len(rows)) for column in range(len(template.indicators))
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_headings_above_a_column_are_its_path(template):
    rows = header(template)

    for column, indicator in enumerate(template.indicators):
        above = [
            cell
            for line in rows
            for cell in line
            if cell.column <= column < cell.column + cell.columns
        ]
        assert tuple(cell.text for cell in above) == indicator.heading
        assert above[-1].indicator == indicator.key


def test_header_of_01_ttr_merges_as_on_paper():
    rows = header(TT06.template("ttr1"))

    top = [(cell.text, cell.columns, cell.rows) for cell in rows[0]]
    assert top[:5] == [
        ("Số cuộc thanh tra thực hiện trong kỳ", 5, 1),
        ("Số kết luận thanh tra đã ban hành", 1, 3),
        ("Số đơn vị được thanh tra theo kết luận", 1, 3),
        ("Tổng số vi phạm về kinh tế", 2, 1),
        ("Kiến nghị thu hồi", 6, 1),
    ]


def test_outline_of_01_pctn_has_every_line_once_and_titles_between():
    rows = outline(TT06.template("pctn1"))

    lines = [row.indicator for row in rows if row.indicator]
    titles = [(row.depth, row.text) for row in rows if not row.indicator]
    assert lines == list(TT06.template("pctn1").indicators)
    assert titles[:5] == [
        (0, "Chính sách, pháp luật"),
        (0, "Tuyên truyền, phổ biến, giáo dục"),
        (0, "Thanh tra trách nhiệm thực hiện pháp luật về phòng, chống tham nhũng"),
        (0, "Phòng ngừa"),
        (1, "Công khai, minh bạch"),
    ]
    assert len(titles) == len(set(titles))


def test_sub_codes_and_lines_without_code_are_indented():
    depth = {
        row.indicator.code or row.indicator.key: row.depth
        for row in outline(TT06.template("pctn1"))
        if row.indicator
    }

    assert depth["43.1"] == depth["43"] + 1
    assert depth["pctn1-kiem-tra-noi-bo-thanh-tra-vu"] == depth["52"] + 1


def test_forms_are_columns_but_for_01_pctn_and_the_two_lists():
    shapes = {template.key: template.shape for template in TT06.templates}

    assert {k for k, shape in shapes.items() if shape == Shape.LINES} == {"pctn1"}
    assert {k for k, shape in shapes.items() if shape == Shape.LIST} == {"pctn2", "pctn3"}
