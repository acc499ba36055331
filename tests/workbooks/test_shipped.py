"""The tables that come with the product, whole and computable, and our own examples."""

from decimal import Decimal

import pytest

from tests.workbooks.make_examples import EXAMPLES, TABLES, fill
from thidua.rules.errors import RuleError
from thidua.rules.scoring import fingerprint
from thidua.rules.scoring.language import KIND_NAMES, Kind, read_leaf_rule, read_table_rules
from thidua.workbooks.reading import read_sheets
from thidua.workbooks.scale import read_scale, shipped_names, shipped_scale, write_scale

SLIPS = [
    ("Tiêu chí", "M5", "Tiêu chí a2: có ô điểm thưởng nhưng không ghi cách chấm."),
    (
        "Tiêu chí",
        "M15",
        "Tiêu chí b2: cách chấm điểm thưởng có mức trừ (số âm); có thể bản gốc in nhầm cột.",
    ),
]


def kinds_of(table):
    """Every way of computing that occurs in a table."""
    return {line.kind for leaf in table.leaves() for _, _, line in read_leaf_rule(leaf.rule).lines}


def test_shipped_scale_of_an_unknown_name_is_refused():
    with pytest.raises(RuleError, match="Không có bảng chấm điểm mẫu"):
        shipped_scale("../pyproject")


def test_tables_a_and_b_are_shipped():
    assert shipped_names() == ("table_a_2022", "table_b_2008")


def test_table_a_is_whole_and_adds_up():
    table = shipped_scale("table_a_2022")

    assert [(node.code, node.maximum) for node in table.nodes] == [
        ("1", 80),
        ("2", 2),
        ("3", 10),
        ("4", 3),
        ("5", 5),
    ]
    assert [(node.code, node.maximum) for node in table.nodes[0].children] == [
        ("a", 30),
        ("b", 15),
        ("C", 25),
        ("d", 10),
    ]
    leaves = list(table.leaves())
    assert len(leaves) == 36
    assert sum(leaf.maximum or 0 for leaf in leaves) == table.scale == 100
    assert [leaf.code for leaf in leaves if leaf.bonus_only] == ["C3.3"]
    assert all(leaf.guidance or leaf.bonus_only for leaf in leaves)


def test_every_line_of_table_a_is_computable():
    table = shipped_scale("table_a_2022")

    rules = read_table_rules(table.rules)

    for leaf in table.leaves():
        rule = read_leaf_rule(leaf.rule)
        if not leaf.bonus_only:
            assert rule.base.kind is not Kind.TYPED, leaf.path
        # The source prints 0.5 in the bonus column of a2 and gives no rule for it.
        assert leaf.has_bonus is bool(rule.bonus) or leaf.code == "a2"
        assert leaf.has_deduction is bool(rule.deduction)
        for _, _, line in rule.lines:
            assert not line.input or line.input in rules.inputs, leaf.path
            assert not line.bands or line.bands in rules.bands, leaf.path
    assert kinds_of(table) == {
        Kind.TYPED,
        Kind.FULL,
        Kind.PASS_FAIL,
        Kind.ALL_OR_NOTHING,
        Kind.BANDS,
        Kind.MATRIX,
        Kind.PER_CASE,
        Kind.PROGRESSIVE,
        Kind.LATE,
    }


def test_table_a_every_input_is_asked_for_by_a_line():
    table = shipped_scale("table_a_2022")
    rules = read_table_rules(table.rules)
    lines = [line for leaf in table.leaves() for _, _, line in read_leaf_rule(leaf.rule).lines]

    asked = {
        name for line in lines for name in (line.input, line.tier_input, line.unless, line.due)
    }
    asked |= {condition.name for line in lines for condition in line.when}
    for each in rules.inputs.values():
        asked |= set(each.formula.names) if each.formula else set()

    assert set(rules.inputs) <= asked


def test_every_criterion_of_table_a_has_a_worked_example():
    table = shipped_scale("table_a_2022")

    shown = {case.path for case in read_table_rules(table.rules).cases}

    assert shown == {leaf.path for leaf in table.leaves()}


def test_table_a_through_its_workbook_keeps_its_two_official_slips_as_warnings():
    table = shipped_scale("table_a_2022")

    found = read_scale(write_scale(table))

    assert found.table == table
    located = [(each.sheet, each.cell, each.sentence) for each in found.warnings]
    assert located[-2:] == SLIPS or set(SLIPS) <= set(located)


def test_table_b_is_judged_and_adds_points_for_flags():
    table = shipped_scale("table_b_2008")

    rules = read_table_rules(table.rules)

    assert sum(leaf.maximum for leaf in table.leaves()) == table.scale == 100
    assert kinds_of(table) == {Kind.TYPED}
    assert [(award.input, award.points) for award in rules.awards] == [
        ("co_thanh_pho", 10),
        ("co_chinh_phu", 15),
    ]
    found = read_scale(write_scale(table))
    assert (found.table, found.warnings) == (table, ())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_an_example_is_what_typing_it_into_the_template_gives(name):
    data = (EXAMPLES / name).read_bytes()

    assert read_sheets(data) == read_sheets(fill(TABLES[name]))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_an_example_loads_without_an_error_and_through_its_workbook(name):
    found = read_scale((EXAMPLES / name).read_bytes())

    assert sum(leaf.maximum or 0 for leaf in found.table.leaves()) == found.table.scale
    again = read_scale(write_scale(found.table)).table
    assert fingerprint(again) == fingerprint(found.table)


def test_the_tables_here_hold_every_way_of_computing():
    tables = [shipped_scale(name) for name in shipped_names()]
    tables += [read_scale((EXAMPLES / name).read_bytes()).table for name in TABLES]

    kinds = set().union(*map(kinds_of, tables))

    assert {KIND_NAMES[kind] for kind in Kind if kind not in kinds} == set()


def test_the_two_examples_differ_as_tables_of_the_field_do():
    one, two = (read_scale((EXAMPLES / name).read_bytes()).table for name in sorted(TABLES))

    depth = [max(leaf.path.count("/") + 1 for leaf in table.leaves()) for table in (one, two)]
    assert depth == [4, 2]
    assert (one.scale, two.scale) == (1000, 90)
    assert two.node("A/A1").maximum == Decimal("12.99")
    assert one.rules["excluded"] == "rescale"
    assert two.rules["self_ceiling"] == "85"
