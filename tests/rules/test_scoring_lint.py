"""What lint finds in rules: each slip once, where it stands; whatever the data, it never raises."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.engine import BANDS, INPUTS, some
from thidua.rules.scoring import CriterionNode, Severity, Table, lint

EVERYTHING = {
    "kind": "conditional",
    "when": "so > 0; ty_le > 0; dem = 0; dem2 = 0; ngay > 01/01/2026; han > 01/01/2026; co = có;"
    "mien = có; muc = Đạt; ct > 0",
    "na": "full",
}
USED = {"kind": "average", "input": "lan"}


def node(rule, maximum="5", **changes):
    return CriterionNode(
        "x",
        "Tiêu chí",
        None if maximum is None else Decimal(maximum),
        **{
            "has_bonus": "bonus" in rule,
            "has_deduction": "deduction" in rule,
            "rule": rule,
            **changes,
        },
    )


def table(*nodes, inputs=(), bands=None, **rules):
    """A table where every input is used, so that only what a test is about is found."""
    using = CriterionNode(
        "g", "Nhóm", rule=EVERYTHING, children=(CriterionNode("y", "Lá", Decimal(0), rule=USED),)
    )
    own = {"inputs": [*INPUTS, *inputs], "bands": {**BANDS, **(bands or {})}, **rules}
    whole = (*nodes, using)
    return Table(
        "B",
        sum((each.maximum or Decimal(0) for each in nodes), Decimal(0)) or Decimal(5),
        whole,
        rules=own,
    )


# The official hole at 98 and below 96 (Table A, C1) is in every table here.
HOLES = "bands.Thu gom"


def found(whole):
    return [
        (each.path, each.field, each.severity.value, each.sentence)
        for each in lint(whole)
        if each.field not in {HOLES, "scale"}
    ]


def test_the_tables_here_are_clean_but_for_the_official_hole():
    (hole,) = lint(table(node({"kind": "bands", "input": "ct", "bands": "Thu gom"})))

    assert (hole.field, hole.severity) == (HOLES, Severity.WARNING)
    assert hole.sentence == (
        "Bảng: bộ bậc “Thu gom” không quy định mức: từ 0 đến dưới 96, đúng 98;"
        " gặp mức đó thì người quyết định."
    )


def per_case(**changes):
    return {"kind": "per_case", "input": "dem", "points": "1", **changes}


@pytest.mark.parametrize(
    ("rule", "field", "sentence"),
    [
        ({"kind": "lạ"}, "rule", "cách tính “lạ” chưa được hỗ trợ"),
        ({"kind": "linear"}, "rule", "thiếu số liệu"),
        ({"kind": "linear", "input": "lạ"}, "base.input", "số liệu “lạ” chưa khai báo"),
        ({"kind": "linear", "input": "ngay"}, "base.input", "thuộc loại “Ngày”, ở đây cần loại"),
        ({"kind": "pass_fail", "input": "dem"}, "base.input", "cần loại: Có hoặc không"),
        (
            {"kind": "pass_fail", "input": "co", "unless": "so"},
            "base.unless",
            "cần loại: Có hoặc không",
        ),
        (
            {"kind": "bands", "input": "so", "bands": "Lạ"},
            "base.bands",
            "bộ bậc “Lạ” chưa khai báo",
        ),
        ({"kind": "bands", "input": "so", "bands": "Theo cỡ"}, "base.bands", "ghi theo cỡ đơn vị"),
        (
            {"kind": "matrix", "input": "so", "bands": "Theo cỡ", "tiers": "Lạ"},
            "base.tiers",
            "bộ bậc “Lạ” chưa khai báo",
        ),
        (
            {
                "kind": "matrix",
                "input": "so",
                "bands": "Theo cỡ",
                "tiers": "Cỡ",
                "tier_input": "ngay",
            },
            "base.tier_input",
            "thuộc loại “Ngày”",
        ),
        (
            {"kind": "late", "input": "ngay", "due": "31/02"},
            "base.due",
            "hạn “31/02” không phải là ngày",
        ),
        ({"kind": "late", "input": "ngay", "due": "29/02"}, "base.due", "mọi năm"),
        ({"kind": "late", "input": "ngay", "due": "so"}, "base.due", "phải là ngày, ví dụ 31/01"),
        ({"kind": "linear", "input": "so", "when": "lạ > 1"}, "base.when", "“lạ” chưa khai báo"),
        (
            {"kind": "linear", "input": "so", "when": "co > 1"},
            "base.when",
            "phải so với có hoặc không",
        ),
        ({"kind": "linear", "input": "so", "when": "so = có"}, "base.when", "phải so với một số"),
        ({"kind": "linear", "input": "so", "when": "lan > 1"}, "base.when", "điểm từng lần"),
        (
            {"kind": "linear", "input": "so", "when": "@nop = có"},
            "base.when",
            "không dùng được ở đây",
        ),
        ({"kind": "linear", "input": "so", "when": "so"}, "rule", "điều kiện “so” không đọc được"),
        ({"kind": "full", "bonus": [per_case(), per_case(input="lạ")]}, "bonus.1.input", "“lạ”"),
        ({"kind": "full", "bonus": [{"kind": "full"}]}, "bonus.0.kind", "chỉ dùng cho điểm chuẩn"),
        ({"kind": "full", "bonus": [per_case(points="x")]}, "bonus.0", "mức điểm phải là một số"),
        (
            {"kind": "full", "bonus": [per_case(when="@nop = có")]},
            "bonus.0.when",
            "@diem_chuan, @diem_tru",
        ),
        (
            {"kind": "full", "deduction": [per_case(when="@diem_tru = 0")]},
            "deduction.0.when",
            "không dùng được",
        ),
        (
            {"kind": "full", "deduction": [per_case(set="s")]},
            "sets",
            "nhóm trần “s” chưa ghi mức trần",
        ),
        ({"kind": "full", "deduction": 5}, "deduction", "không đúng dạng danh sách"),
        (
            {"kind": "full", "floor": "3", "ceiling": "2"},
            "base.floor",
            "mức thấp nhất 3 cao hơn mức cao nhất 2",
        ),
        ({"kind": "full", "floor": "x"}, "rule", "mức thấp nhất phải là một số"),
    ],
)
def test_a_rule_that_cannot_be_computed_is_one_error_at_its_place(rule, field, sentence):
    (only,) = found(table(node(rule)))

    assert only[:3] == ("x", field, "error")
    assert only[3].startswith("Tiêu chí x: ")
    assert sentence in only[3]


@pytest.mark.parametrize(
    ("rule", "changes", "field"),
    [
        ({"kind": "full", "bonus": [per_case()]}, {"has_bonus": False}, "has_bonus"),
        ({"kind": "full", "deduction": [per_case()]}, {"has_deduction": False}, "has_deduction"),
        ({"kind": "full", "bonus": [per_case()]}, {"maximum": None}, "rule"),
    ],
)
def test_a_rule_for_what_the_criterion_does_not_have_is_an_error(rule, changes, field):
    (only,) = found(table(node(rule, **changes)))

    assert only[:3] == ("x", field, "error")


@pytest.mark.parametrize(
    ("rule", "field", "sentence"),
    [
        ({"kind": "linear", "input": "so", "due": "31/01"}, "base.due", "không dùng tới cột hạn"),
        ({"kind": "full", "one_of": "a"}, "base.one_of", "không dùng tới cột chỉ lấy một"),
        (
            {"kind": "full", "bonus": [per_case(threshold="3")]},
            "bonus.0.threshold",
            "không dùng tới cột ngưỡng",
        ),
        (
            {"kind": "early", "input": "ngay", "due": "06/12", "threshold": "0"},
            "base.threshold",
            "nộp lúc nào cũng được tính là sớm",
        ),
        (
            {"kind": "full", "bonus": [{"kind": "pass_fail", "input": "co"}]},
            "bonus.0.points",
            "chưa ghi mức điểm nên tính cả điểm chuẩn (5)",
        ),
        (
            {"kind": "bands", "input": "so", "bands": "Lớn"},
            "base.bands",
            "có bậc 9 điểm, nhiều hơn điểm chuẩn 5",
        ),
        ({"kind": "full", "sets": {"s": "2"}}, "sets", "nhóm trần “s” không có dòng nào dùng"),
    ],
)
def test_what_may_be_meant_otherwise_is_a_warning(rule, field, sentence):
    (only,) = found(table(node(rule), bands={"Lớn": [{"points": "9"}]}))

    assert only[:3] == ("x", field, "warning")
    assert sentence in only[3]


BY_SO = {"kind": "bands", "input": "so", "bands": "B"}
BY_COUNT = {"kind": "bands", "input": "dem", "bands": "B"}
BY_CHOICE = {"kind": "options", "input": "muc", "bands": "B"}
BY_SIZE = {"kind": "matrix", "input": "so", "bands": "Theo cỡ", "tiers": "B", "tier_input": "dem"}
BOTH = [{"high": "1", "tier": "nhỏ", "points": "1"}]


@pytest.mark.parametrize(
    ("rule", "rows", "severity", "sentence"),
    [
        (BY_SO, [], "error", "chưa có bậc nào"),
        (BY_SO, [{"low": "0", "high": "5"}], "error", "bậc từ 0 đến dưới 5 chưa ghi điểm"),
        (
            BY_SO,
            [
                {"low": "0", "high": "5", "high_in": True, "points": "1"},
                {"low": "5", "points": "2"},
            ],
            "error",
            "hai bậc chồng nhau: từ 0 đến 5 và từ 5",
        ),
        (BY_SO, [{"low": "5", "high": "2", "points": "1"}], "error", "mốc từ phải nhỏ hơn mốc đến"),
        (
            BY_SO,
            [{"high": "5", "points": "1"}, {"low": "5", "low_in": False, "points": "2"}],
            "warning",
            "không quy định mức: đúng 5;",
        ),
        (
            BY_SO,
            [{"high": "5", "points": "1"}, {"low": "7", "high": "9", "points": "2"}],
            "warning",
            "không quy định mức: từ 5 đến dưới 7, từ 9;",
        ),
        (
            BY_COUNT,
            [{"high": "1", "high_in": True, "points": "1"}, {"low": "4", "points": "2"}],
            "warning",
            "không quy định mức: từ 2 đến 3;",
        ),
        (BY_CHOICE, [{"label": "Vượt", "points": "1"}], "error", "không có mức “Đạt”"),
        (
            BY_CHOICE,
            [{"label": "Đạt", "points": "1"}, {"points": "1"}],
            "error",
            "chưa ghi tên mức",
        ),
        (
            BY_CHOICE,
            [{"label": "Đạt"}, {"label": "Vượt"}, {"label": "đạt"}],
            "error",
            "bị lặp",
        ),
        (BY_SIZE, [{"high": "9"}, {"low": "9", "label": "lớn"}], "error", "chưa ghi tên mức"),
    ],
)
def test_bands_that_overlap_or_leave_holes_are_said_from_to(rule, rows, severity, sentence):
    findings = [
        each
        for each in found(table(node(rule, "9"), bands={"B": rows}))
        if "Theo cỡ" not in each[1]
    ]

    assert [(each[2], sentence in each[3]) for each in findings][:1] == [(severity, True)]


def test_counts_that_follow_each_other_leave_no_hole():
    rows = [{"low": str(n), "high": str(n), "high_in": True, "points": "1"} for n in range(3)]
    rows.append({"low": "3", "points": "0"})

    assert found(table(node(BY_COUNT), bands={"B": rows})) == []


def test_a_size_that_no_tier_has_is_an_error_and_a_size_without_bands_a_warning():
    rule = {"kind": "matrix", "input": "so", "bands": "B", "tiers": "Cỡ", "tier_input": "dem"}

    (wrong,) = found(table(node(rule), bands={"B": [{"tier": "vừa", "points": "1"}]}))
    (hole,) = found(table(node(rule), bands={"B": [{"tier": "nhỏ", "points": "1"}]}))

    assert wrong[1:] == ("bands.B", "error", "Bảng: bộ bậc “B”: cỡ “vừa” không có trong “Cỡ”.")
    assert hole[1:3] == ("bands.B", "warning")
    assert "mọi mức của cỡ “lớn”" in hole[3]


def formula(key, text):
    return {"key": key, "label": key, "kind": "formula", "formula": text}


@pytest.mark.parametrize(
    ("inputs", "fields", "sentence"),
    [
        ([formula("p", "lạ + 1")], ["inputs.p"], "số liệu “lạ” chưa khai báo"),
        ([formula("p", "ngay + 1")], ["inputs.p"], "không phải là số"),
        ([formula("p", "p + 1")], ["inputs.p"], "công thức vòng: p → p"),
        (
            [formula("p", "q"), formula("q", "r"), formula("r", "p")],
            ["inputs.p"],
            "vòng: p → q → r → p",
        ),
        ([formula("p", "1 +")], ["inputs.13"], "chưa viết hết"),
        ([formula("p", "1.234")], ["inputs.13"], "1234 hay 1,234"),
        (
            [{"key": "1", "label": "x", "kind": "count"}],
            ["inputs.13"],
            "mã số liệu “1” không dùng được",
        ),
        ([{"key": "p", "label": "", "kind": "count"}], ["inputs.13"], "chưa có tên"),
        ([{"key": "so", "label": "x", "kind": "count"}], ["inputs.13"], "mã số liệu “so” bị lặp"),
        (
            [{"key": "p", "label": "P", "kind": "choice", "options": "Lạ"}],
            ["inputs.p"],
            "bộ bậc “Lạ”",
        ),
        (
            [{"key": "p", "label": "P", "kind": "count", "default": "1.5"}],
            ["inputs.p"],
            "không đúng loại",
        ),
        (
            [{"key": "p", "label": "P", "kind": "count", "default": "-1"}],
            ["inputs.p"],
            "không đúng loại",
        ),
        (
            [{"key": "p", "label": "P", "kind": "count", "default": "1e99999999"}],
            ["inputs.p"],
            "không đúng loại",
        ),
        (
            [{"key": "p", "label": "P", "kind": "date", "default": "31/01"}],
            ["inputs.p"],
            "không đúng loại",
        ),
    ],
)
def test_an_input_that_cannot_be_is_one_error(inputs, fields, sentence):
    errors = [
        each for each in found(table(node({"kind": "full"}), inputs=inputs)) if each[2] == "error"
    ]

    assert [each[1] for each in errors] == fields
    assert sentence in errors[0][3]


def test_an_input_that_nothing_asks_for_is_a_warning():
    unused = {"key": "p", "label": "Thừa", "kind": "count"}

    (only,) = found(table(node({"kind": "full"}), inputs=[unused]))

    assert only[1:] == (
        "inputs.p",
        "warning",
        "Bảng: số liệu “Thừa” (p) không có quy tắc nào hỏi tới.",
    )


CLASSES = [{"name": "Tốt", "least": "80"}, {"name": "Khá", "least": "60"}]


@pytest.mark.parametrize(
    ("rules", "field", "sentence"),
    [
        (
            {"gates": [{"when": "@nop = không", "limit": "Giỏi"}], "classes": CLASSES},
            "gates.0",
            "không có mức xếp loại “Giỏi”",
        ),
        ({"gates": [{"label": "x"}]}, "gates.0", "phải ghi khi nào áp dụng"),
        ({"gates": [{"when": "@diem_tru > 1"}]}, "gates.0", "Dùng được: @nop, @tong_diem"),
        ({"gates": [{"when": "@nop = 1"}]}, "gates.0", "phải so với có hoặc không"),
        ({"classes": CLASSES[::-1]}, "classes.1", "phải ghi từ cao xuống thấp"),
        ({"classes": [CLASSES[0], CLASSES[0]]}, "classes.1", "bị lặp"),
        ({"classes": [{"name": ""}]}, "classes.0", "chưa có tên"),
        (
            {"classes": [{"name": "Tốt", "least": "80", "share": "120"}]},
            "classes.0",
            "từ 0 đến 100",
        ),
        (
            {"awards": [{"input": "so", "points": "1"}]},
            "awards.0",
            "cần loại: Số đếm, Có hoặc không",
        ),
        ({"awards": [{"input": "co"}]}, "awards.0", "phải là một số"),
        ({"ties": [{"by": "node", "of": "z"}]}, "ties.0", "không có tiêu chí “z”"),
        ({"ties": [{"by": "input_low", "of": "ngay"}]}, "ties.0", "thuộc loại “Ngày”"),
        ({"ties": [{"by": "tung đồng xu"}]}, "ties.0", "chưa được hỗ trợ"),
        ({"leaf_rounding": {"quantum": "0.0000001"}}, "leaf_rounding", "quá nhỏ"),
        ({"leaf_rounding": {"quantum": "1e30"}}, "leaf_rounding", "quá lớn"),
        ({"leaf_rounding": {"quantum": "0"}}, "leaf_rounding", "lớn hơn 0"),
        ({"self_ceiling": "nhiều"}, "self_ceiling", "phải là một số"),
        ({"excluded": "bỏ"}, "excluded", "chưa được hỗ trợ"),
        ({"na": "bỏ"}, "na", "chưa được hỗ trợ"),
        ({"cases": [{"name": "v", "path": "z"}]}, "cases.0", "không có tiêu chí để chấm “z”"),
        ({"cases": [{"name": "v", "path": "g"}]}, "cases.0", "không có tiêu chí để chấm “g”"),
        (
            {"cases": [{"name": "v", "path": "x", "facts": {"lạ": "1"}}]},
            "cases.0",
            "“lạ” chưa khai báo",
        ),
        (
            {"cases": [{"name": "v", "path": "x", "facts": {"ct": "1"}}]},
            "cases.0",
            "do công thức tính",
        ),
        (
            {"cases": [{"name": "v", "path": "x", "facts": {"ngay": "31/01"}}]},
            "cases.0",
            "không đọc được",
        ),
        (
            {"cases": [{"name": "v", "path": "x", "facts": {"dem": "-1"}}]},
            "cases.0",
            "phải từ 0 trở lên",
        ),
        ({"cases": 5}, "cases", "không đúng dạng danh sách"),
    ],
)
def test_a_rule_of_the_whole_table_that_cannot_be_is_one_error(rules, field, sentence):
    (only,) = found(table(node({"kind": "full"}), **rules))

    assert only[:3] == ("", field, "error")
    assert sentence in only[3]


def conditional(**changes):
    rule = {"kind": "conditional", "when": "co = có", **changes}
    return CriterionNode("h", "Nhóm", rule=rule, children=(node({"kind": "full"}),))


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        (conditional(), "phải ghi cách tính khi không áp dụng"),
        (conditional(when="lạ = có", na="full"), "số liệu “lạ” chưa khai báo"),
        (conditional(when="", na=None), "chưa ghi điều kiện"),
        (conditional(input="so"), "chỉ có thể đặt điều kiện áp dụng"),
    ],
)
def test_a_conditional_group_says_when_and_what_counts_otherwise(group, sentence):
    (only,) = found(table(group))

    assert only[:3] == ("h", "rule", "error")
    assert sentence in only[3]


@pytest.mark.parametrize(
    "whole",
    [
        table(conditional(na="excluded")),
        table(conditional(), na="full"),
        table(
            CriterionNode(
                "h",
                "Nhóm",
                rule={"kind": "conditional", "when": "co = có"},
                children=(node({"kind": "full", "na": "full"}),),
            )
        ),
    ],
)
def test_what_counts_otherwise_may_stand_above_or_below(whole):
    assert found(whole) == []


def test_an_input_that_cannot_be_read_is_not_told_again_where_it_is_used():
    broken = {"key": "p", "label": "P", "kind": "lạ"}

    findings = found(table(node({"kind": "linear", "input": "p"}), inputs=[broken]))

    assert [each[1] for each in findings] == ["inputs.13"]


json = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-9, 9),
        st.sampled_from(["", "so", "1", "x", "0", "@nop = có", "Cỡ", "full", "bands", "per_case"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "kind",
                    "input",
                    "points",
                    "bands",
                    "when",
                    "bonus",
                    "sets",
                    "name",
                    "key",
                    "label",
                    "least",
                    "by",
                    "path",
                    "facts",
                    "tiers",
                    "due",
                    "na",
                    "low",
                    "high",
                    "quantum",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
KEYS = [
    "inputs",
    "bands",
    "gates",
    "classes",
    "awards",
    "ties",
    "cases",
    "leaf_rounding",
    "na",
    "excluded",
    "self_ceiling",
]


@some
@given(st.dictionaries(st.sampled_from(KEYS), json), json, json)
def test_lint_of_any_data_never_raises(rules, leaf, group):
    below = node({"kind": "full"} if not isinstance(leaf, dict) else leaf)
    above = CriterionNode("h", "Nhóm", rule=group, children=(below,))

    for whole in (
        Table("B", Decimal(5), (above,), rules=rules),
        table(above, **{k: v for k, v in rules.items() if k not in {"inputs", "bands"}}),
    ):
        for each in lint(whole):
            assert each.sentence.strip()
