"""Changes of rules as a person would say them: nothing is left out, nothing is made up."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.tables import whole_tables
from tests.workbooks.ruled import ruled_tables
from thidua.rules.scoring import CriterionNode, Table, difference, fingerprint

LINE = {
    "kind": "progressive",
    "input": "dat",
    "points": "0.1",
    "threshold": "92",
    "text": "Vượt 92%",
}
RULE = {"kind": "full", "bonus": [LINE]}
RULES = {
    "inputs": [{"key": "dat", "label": "Số đạt", "kind": "percent"}],
    "bands": {
        "thu_gom": [{"low": "98", "points": "5"}, {"low": "97", "high": "98", "points": "4"}]
    },
    "gates": [{"when": "@nop = không", "label": "Không nộp"}],
    "classes": [{"name": "Tốt", "least": "80"}, {"name": "Khá", "least": "60"}],
    "awards": [{"input": "dat", "points": "10", "label": "Cờ"}],
    "ties": [{"by": "node", "of": "C2"}],
    "cases": [{"name": "một", "path": "C2", "points": "5"}],
}


def table(rule=None, rules=None, **changes):
    node = CriterionNode(
        "C2", "Xử lý", Decimal(5), has_bonus=True, rule=RULE if rule is None else rule, **changes
    )
    return Table("B", Decimal(5), (node,), rules=RULES if rules is None else rules)


def line(**changes):
    return {**RULE, "bonus": [{**LINE, **changes}]}


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        (line(points="0.2"), ["C2: điểm thưởng, dòng 1 (Vượt 92%): mức điểm 0,1 → 0,2"]),
        (
            line(cap="0.5", when="a = có"),
            [
                "C2: điểm thưởng, dòng 1 (Vượt 92%): trần của dòng (trống) → 0,5",
                "C2: điểm thưởng, dòng 1 (Vượt 92%): điều kiện (trống) → “a = có”",
            ],
        ),
        (
            {"kind": "full"},
            [
                "C2: điểm thưởng: bỏ dòng 1: “Lũy tiến” (số liệu “dat”, mức điểm 0,1, ngưỡng 92, "
                "diễn giải “Vượt 92%”)"
            ],
        ),
        (
            {**RULE, "bonus": [{"kind": "pass_fail", "input": "x", "points": "1"}, LINE]},
            ["C2: điểm thưởng: thêm dòng 1: “Đạt hoặc không” (số liệu “x”, mức điểm 1)"],
        ),
        (
            {**RULE, "kind": "linear", "input": "dat"},
            ["C2: quy tắc điểm chuẩn: “Đủ điểm chuẩn” → “Theo tỷ lệ mục tiêu” (số liệu “dat”)"],
        ),
        (
            {**RULE, "floor": "-5", "na": "excluded", "sets": {"s": "2"}},
            [
                "C2: trần của nhóm “s” (trống) → 2",
                "C2: mức thấp nhất (trống) → −5",
                "C2: khi không giao (trống) → “loại khỏi tổng”",
            ],
        ),
    ],
)
def test_a_changed_rule_of_a_criterion_is_one_sentence_a_change(rule, sentences):
    assert list(difference(table(), table(rule))) == sentences


def test_a_cap_reads_as_before():
    old, new = (table(bonus_cap=Decimal(cap)) for cap in ("0.5", "1"))

    assert difference(old, new) == ("C2: trần điểm thưởng 0,5 → 1",)


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        (
            {
                "bands": {
                    "thu_gom": [
                        RULES["bands"]["thu_gom"][0],
                        {"low": "97", "high": "98", "points": "4.5"},
                    ]
                }
            },
            ["Bộ bậc “thu_gom”: bậc từ 97 đến dưới 98: 4 → 4,5 điểm"],
        ),
        (
            {"bands": {"thu_gom": RULES["bands"]["thu_gom"][:1]}},
            ["Bộ bậc “thu_gom”: bỏ bậc từ 97 đến dưới 98 (4 điểm)"],
        ),
        (
            {
                "bands": {
                    "thu_gom": [
                        RULES["bands"]["thu_gom"][0],
                        {"low": "96", "high": "98", "points": "4"},
                    ]
                }
            },
            ["Bộ bậc “thu_gom”: bậc từ 97 đến dưới 98 (4 điểm) → từ 96 đến dưới 98 (4 điểm)"],
        ),
        ({"bands": {}}, ["Bộ bậc: bỏ “thu_gom”"]),
        (
            {"inputs": [{"key": "dat", "label": "Số đạt", "kind": "count", "default": "0"}]},
            [
                "Số liệu “Số đạt” (dat): loại “Tỷ lệ %” → “Số đếm”",
                "Số liệu “Số đạt” (dat): để trống là (trống) → 0",
            ],
        ),
        (
            {"inputs": [{"key": "moi", "label": "Mới", "kind": "count"}]},
            ["Số liệu: bỏ “Số đạt” (dat)", "Số liệu: thêm “Mới” (moi)"],
        ),
        (
            {"gates": []},
            ["Điều kiện xếp loại: bỏ dòng 1 (nội dung “Không nộp”, điều kiện “@nop = không”)"],
        ),
        (
            {"gates": [{**RULES["gates"][0], "limit": "Khá"}]},
            ["Điều kiện xếp loại, dòng 1: mức cao nhất (trống) → “Khá”"],
        ),
        (
            {"classes": [{"name": "Tốt", "least": "85"}, RULES["classes"][1]]},
            ["Mức xếp loại “Tốt”: từ 80 → 85"],
        ),
        ({"classes": RULES["classes"][::-1]}, ["Mức xếp loại: thứ tự → Khá, Tốt"]),
        (
            {"awards": [{**RULES["awards"][0], "points": "15"}]},
            ["Điểm cộng thành tích, dòng 1: điểm cộng 10 → 15"],
        ),
        (
            {"ties": [*RULES["ties"], {"by": "most_bonus"}]},
            ["Quy tắc khi bằng điểm: thêm dòng 2 (quy tắc “Nhiều điểm thưởng hơn”)"],
        ),
        ({"cases": []}, ["Ví dụ kiểm thử: bỏ 1"]),
        (
            {"cases": [{**RULES["cases"][0], "points": "4"}, {"name": "hai"}, {"name": "ba"}]},
            ["Ví dụ kiểm thử: thêm 2, đổi 1"],
        ),
        (
            {"self_ceiling": "95", "excluded": "rescale"},
            [
                "Bảng: trần tự chấm (trống) → 95",
                "Bảng: cách loại khỏi tổng (trống) → “quy về đủ thang”",
            ],
        ),
    ],
)
def test_a_changed_rule_of_the_table_is_one_sentence_a_change(changes, sentences):
    assert list(difference(table(), table(rules={**RULES, **changes}))) == sentences


def backwards(value):
    """The same data with every dictionary written the other way round."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(each) for each in value] if isinstance(value, list) else value


@whole_tables
@given(ruled_tables())
def test_the_order_of_keys_is_no_change(whole):
    def turned(node):
        return replace(node, rule=backwards(node.rule), children=tuple(map(turned, node.children)))

    other = replace(whole, rules=backwards(whole.rules), nodes=tuple(map(turned, whole.nodes)))

    assert fingerprint(other) == fingerprint(whole)
    assert difference(whole, other) == difference(whole, whole) == ()


def spots(value, above=()):
    """The way to every value in the data."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in items:
        yield (*above, key)
        yield from spots(each, (*above, key))


@st.composite
def changed(draw, data):
    """The data with one value changed, gone, or said twice."""
    new = deepcopy(data)
    way = draw(st.sampled_from(list(spots(new))))
    holder = new
    for step in way[:-1]:
        holder = holder[step]
    act = draw(st.sampled_from(["set", "delete", "twice", "reverse"]))
    if act == "delete":
        del holder[way[-1]]
    elif act == "twice" and isinstance(holder, list):
        holder.append(deepcopy(holder[way[-1]]))
    elif act == "reverse" and isinstance(holder, list):
        holder.reverse()
    else:
        holder[way[-1]] = draw(st.sampled_from(["0.5", "0.50", "x", "", None, 1, True, [], {}]))
    return new


@whole_tables
@given(st.data(), ruled_tables())
def test_a_change_of_rules_is_said_exactly_when_the_fingerprint_changes(data, whole):
    leaf = data.draw(st.sampled_from([each for each in whole.leaves() if each.rule]))
    rule = data.draw(changed(dict(leaf.rule)))

    def with_rule(node):
        if node.path == leaf.path:
            return replace(node, rule=rule)
        return replace(node, children=tuple(map(with_rule, node.children)))

    for other in (
        replace(whole, nodes=tuple(map(with_rule, whole.nodes))),
        replace(whole, rules=data.draw(changed(dict(whole.rules)))),
    ):
        sentences = difference(whole, other)
        assert (fingerprint(whole) == fingerprint(other)) == (sentences == ())
        assert all(each.strip() for each in sentences)
