"""The worked examples of a table come out as written, or say what came out instead."""

from decimal import Decimal

import pytest

from tests.rules.engine import BANDS, INPUTS
from tests.workbooks.make_examples import EXAMPLES, TABLES
from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.scoring.cases import run_cases
from thidua.workbooks.scale import read_scale, shipped_names, shipped_scale


def node(code, maximum, rule):
    return CriterionNode(
        code,
        f"Tiêu chí {code}",
        Decimal(maximum),
        rule=rule,
        has_bonus="bonus" in rule,
        has_deduction="deduction" in rule,
    )


BORDER = {"kind": "conditional", "when": "mien = có", "na": "full"}
LATE = {"kind": "late", "input": "ngay", "due": "31/01", "points": "0.5"}
TABLE = (
    node("a", "10", {"kind": "bands", "input": "ct", "bands": "Thu gom"}),
    node("b", "20", {"kind": "leader", "input": "so"}),
    node("c", "5", {"kind": "full", "deduction": [LATE]}),
    node("d", "5", {"kind": "typed", "step": "0.5"}),
    node("e", "5", {"kind": "matrix", "input": "ty_le", "bands": "Theo cỡ", "tiers": "Cỡ"}),
    CriterionNode(
        "f", "Nhóm", rule=BORDER, children=(node("1", "5", {"kind": "pass_fail", "input": "co"}),)
    ),
)


def run(year=2026, **case):
    rules = {"inputs": INPUTS, "bands": BANDS, "cases": [{"name": "v", **case}]}
    (result,) = run_cases(Table("B", Decimal(50), TABLE, rules=rules), year)
    return result


@pytest.mark.parametrize(
    "case",
    [
        {"path": "a", "facts": {"xong": "975", "tong": "1000"}, "points": "4"},
        {"path": "a", "facts": {"xong": "98", "tong": "100"}},
        {"path": "a", "facts": {"xong": "0", "tong": "0"}},
        {"path": "b", "facts": {"so": "3"}, "target": "4", "points": "7.5"},
        # Alone in its cluster, a unit above its target leads.
        {"path": "b", "facts": {"so": "5"}, "target": "4", "points": "20"},
        {"path": "c", "facts": {"ngay": "2022-01-31"}, "points": "5"},
        {"path": "c", "facts": {"ngay": "2022-02-01"}, "points": "4.5"},
        {"path": "d", "base": "3.5", "points": "3.5"},
        {"path": "e", "facts": {"ty_le": "6"}, "tier": "lớn", "points": "1.5"},
        {"path": "f/1", "facts": {"mien": "no"}, "points": "5"},
        {"path": "f/1", "facts": {"mien": "yes", "co": "no"}, "points": "0"},
        # Of the whole table: a 4, b 20 (leads those without a target), c 5, e open, f full.
        {
            "path": "",
            "facts": {"xong": "975", "tong": "1000", "so": "9", "ngay": "2026-01-05", "mien": "no"},
            "points": "34",
        },
    ],
)
def test_an_example_that_comes_out_passes(case):
    result = run(**case)

    assert result.passed, result.sentence


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            {"path": "a", "facts": {"xong": "975", "tong": "1000"}, "points": "5"},
            "Ví dụ “v”: ví dụ ghi 5 điểm, phần mềm tính 4. a: Tỷ lệ xong 97,5, thuộc bậc",
        ),
        ({"path": "a", "facts": {"xong": "975", "tong": "1000"}}, "phần mềm tự tính được"),
        ({"path": "a", "points": "5"}, "chưa tính được điểm: chưa có số liệu “Tỷ lệ xong”"),
        ({"path": "b", "facts": {"so": "x"}, "points": "5"}, "Số liệu “Số liệu” không đọc được"),
        ({"path": "f", "points": "5"}, "“f” là nhóm, không chấm trực tiếp"),
        ({"path": "z", "points": "5"}, "không có tiêu chí “z”"),
        (
            {"path": "", "points": "7"},
            "ví dụ ghi 7 điểm, phần mềm tính 5. Tổng điểm: 5. Chưa có điểm: a, b",
        ),
    ],
)
def test_an_example_that_does_not_come_out_says_what_did(case, sentence):
    result = run(**case)

    assert not result.passed
    assert sentence in result.sentence


def test_the_year_of_due_dates_is_the_first_the_examples_name_else_the_given_one():
    early = {"path": "c", "facts": {"ngay": "2030-01-31"}, "points": "5"}

    assert run(2027, **early).passed
    rules = {
        "inputs": INPUTS,
        "cases": [
            {"name": "một", **early},
            {"name": "hai", "path": "c", "facts": {"ngay": "2031-01-01"}, "points": "4.5"},
        ],
    }
    assert [each.passed for each in run_cases(Table("B", Decimal(5), TABLE[2:3], rules=rules))] == [
        True,
        True,
    ]


@pytest.mark.parametrize("name", [*shipped_names(), *sorted(TABLES)])
def test_every_example_of_the_tables_here_comes_out(name):
    known = name in shipped_names()
    table = shipped_scale(name) if known else read_scale((EXAMPLES / name).read_bytes()).table

    results = run_cases(table)

    assert results
    assert [each.sentence for each in results if not each.passed] == []
