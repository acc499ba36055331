"""The rule of a criterion in words: one sentence a line, whatever the kind."""

from decimal import Decimal

import pytest
from hypothesis import given

from tests.rules.tables import whole_tables
from tests.workbooks.ruled import ruled_tables
from thidua.rules.scoring import CriterionNode, Table, table_rules
from thidua.rules.scoring.inwords import rule_in_words
from thidua.rules.scoring.language import leaf_rule

RULES = {
    "inputs": [
        {"key": "so", "label": "Số vụ", "kind": "count", "default": "0"},
        {"key": "ty_le", "label": "Tỷ lệ", "kind": "percent"},
        {"key": "ngay", "label": "Ngày gửi", "kind": "date"},
        {"key": "co", "label": "Tự phát hiện", "kind": "yes_no", "default": "no"},
        {"key": "muc", "label": "Mức", "kind": "choice", "options": "Mức"},
        {"key": "lan", "label": "Các lần", "kind": "events"},
    ],
    "bands": {
        "Bậc": [{"low": "0", "high": "80", "points": "1"}, {"low": "80", "share": "100"}],
        "Mức": [{"label": "Tốt", "points": "4"}, {"label": "Khá", "points": "2"}],
        "Cỡ": [
            {"low": "0", "points": "1", "tier": "nhỏ"},
            {"low": "0", "points": "2", "tier": "lớn"},
        ],
    },
}


def words(rule, **node):
    table = Table(
        title="t",
        scale=Decimal(4),
        nodes=(CriterionNode(code="1", title="x", maximum=Decimal(4), rule=rule, **node),),
        rules=RULES,
    )
    return rule_in_words(table_rules(table), table.nodes[0])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"kind": "typed", "step": "0.5"}, "người chấm nhập từ 0 đến 4 điểm, theo bước 0,5."),
        ({"kind": "full"}, "cho đủ 4 điểm rồi mới cộng, trừ."),
        (
            {"kind": "pass_fail", "input": "co"},
            "“Tự phát hiện” là Có thì được 4 điểm, Không thì 0.",
        ),
        (
            {"kind": "all_or_nothing", "input": "ty_le"},
            "“Tỷ lệ” đạt từ 100 trở lên thì được 4 điểm, dưới mức đó 0.",
        ),
        (
            {"kind": "options", "input": "muc", "bands": "Mức"},
            "theo mức chọn ở “Mức”: Tốt: 4 điểm; Khá: 2 điểm.",
        ),
        (
            {"kind": "average", "input": "lan"},
            "trung bình cộng của “Các lần”, mỗi lần tối đa 4 điểm.",
        ),
        (
            {"kind": "bands", "input": "ty_le", "bands": "Bậc"},
            "theo “Tỷ lệ”: từ 0 đến dưới 80: 1 điểm; từ 80: 100 % = 4 điểm.",
        ),
        (
            {"kind": "matrix", "input": "so", "bands": "Cỡ", "tiers": "Quy mô"},
            "theo cỡ đơn vị và “Số vụ”: cỡ “nhỏ”: từ 0: 1 điểm | cỡ “lớn”: từ 0: 2 điểm.",
        ),
        (
            {"kind": "late", "input": "ngay", "due": "31/01", "points": "0.5", "every": "5"},
            "“Ngày gửi” sau hạn 31/01 từ 1 ngày: cứ 5 ngày 0,5 điểm.",
        ),
        (
            {"kind": "progressive", "input": "ty_le", "points": "0.1", "threshold": "90"},
            "“Tỷ lệ” vượt 90: cứ thêm trọn 1 được 0,1 điểm.",
        ),
    ],
)
def test_each_kind_has_its_sentence(rule, said):
    assert words(rule)[0] == f"Điểm chuẩn: {said}"


def test_conditions_caps_sets_and_exemptions_are_said():
    rule = {
        "kind": "full",
        "deduction": [
            {
                "kind": "per_case",
                "input": "so",
                "points": "0.5",
                "first": "1",
                "cap": "2",
                "when": "ty_le < 80",
                "unless": "co",
                "set": "vi phạm",
                "one_of": "chậm",
                "article": "Điều 3",
            }
        ],
        "sets": {"vi phạm": "3"},
        "floor": "1",
        "na": "excluded",
    }

    assert words(rule, has_deduction=True, deduction_cap=Decimal(3))[1:] == (
        "Điểm trừ: “Số vụ”, lần đầu 1 điểm, sau đó mỗi trường hợp 0,5 điểm; dòng này không quá 2 điểm;"
        " chỉ tính khi “Tỷ lệ” < 80; không tính nếu có “Tự phát hiện”; thuộc nhóm trần “vi phạm”"
        " (Điều 3).",
        "Các dòng cùng nhóm “chậm” chỉ lấy mức cao nhất.",
        "Các dòng của nhóm “vi phạm” cộng trừ lại không quá 3 điểm.",
        "Điểm trừ của tiêu chí không quá 3 điểm.",
        "Thấp nhất là 1 điểm.",
        "Đơn vị không được giao: loại điểm này khỏi tổng.",
    )


def test_a_group_says_its_condition_and_caps():
    table = Table(
        title="t",
        scale=Decimal(4),
        nodes=(
            CriterionNode(
                code="A",
                title="Nhóm",
                bonus_cap=Decimal(2),
                rule={"kind": "conditional", "when": "co = có", "na": "full"},
                children=(CriterionNode(code="1", title="x", maximum=Decimal(4)),),
            ),
        ),
        rules=RULES,
    )

    assert rule_in_words(table_rules(table), table.nodes[0]) == (
        "Cộng điểm của các tiêu chí bên trong.",
        "Chỉ áp dụng khi “Tự phát hiện” = có.",
        "Đơn vị không được giao: tính đủ điểm.",
        "Điểm thưởng của cả nhóm không quá 2 điểm.",
    )


@whole_tables
@given(ruled_tables())
def test_every_line_of_any_table_is_said(table):
    rules = table_rules(table)

    for node in table.leaves():
        said = rule_in_words(rules, node)
        lines = leaf_rule(node)
        expected = (node.maximum is not None) + len(lines.bonus) + len(lines.deduction)
        assert sum(sentence.startswith("Điểm") for sentence in said) >= expected
        assert all(sentence.endswith(".") for sentence in said)
