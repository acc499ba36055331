"""The tree itself: paths, fingerprint, difference, findings, places, numbers."""

from dataclasses import replace
from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.rules.tables import tables, whole_tables
from thidua.rules.errors import RuleError
from thidua.rules.scoring import (
    CriterionNode,
    Rounding,
    RoundingMode,
    Severity,
    Table,
    canonical_json,
    difference,
    fingerprint,
    lint,
    parse_number,
    plain,
    rank,
    table_from_data,
    table_to_data,
    vietnamese,
)

C1 = CriterionNode("C1", "Thu gom chất thải", Decimal(5))
C2 = CriterionNode(
    "C2",
    "Xử lý chất thải",
    Decimal(5),
    has_bonus=True,
    bonus_cap=Decimal("0.5"),
    bonus_guidance="Trên 92%: +0,1.",
)
GROUP = CriterionNode("C", "Môi trường", Decimal(10), children=(C1, C2))
TABLE = Table("Bảng A", Decimal(10), (GROUP,))


def with_children(*children, **changes):
    return replace(TABLE, nodes=(replace(GROUP, children=children, **changes),))


def sentences(table, severity=None):
    return [finding.sentence for finding in lint(table) if severity in {None, finding.severity}]


def test_table_gives_each_node_its_path_and_each_leaf_its_rule():
    assert [(node.path, dict(node.rule)) for node in TABLE.walk()] == [
        ("C", {}),
        ("C/C1", {"kind": "typed"}),
        ("C/C2", {"kind": "typed"}),
    ]
    assert TABLE.node("C/C2").title == "Xử lý chất thải"
    assert [node.bonus_only for node in with_children(replace(C2, maximum=None)).leaves()] == [True]
    with pytest.raises(RuleError, match="không có tiêu chí “C/C9”"):
        TABLE.node("C/C9")


def test_table_lets_codes_repeat_in_different_groups():
    two = Table("B", Decimal(1), (replace(GROUP, code="1"), replace(GROUP, code="2")))

    assert [node.path for node in two.leaves()] == ["1/C1", "1/C2", "2/C1", "2/C2"]


@pytest.mark.parametrize("code", ["", " ", "1/2"])
def test_table_with_a_code_that_cannot_be_a_label_is_refused(code):
    with pytest.raises(RuleError, match="không dùng được"):
        with_children(replace(C1, code=code))


def test_table_with_a_code_repeated_among_siblings_is_refused():
    with pytest.raises(RuleError, match="“C1” bị lặp"):
        with_children(C1, C1)


def test_table_too_deep_is_refused():
    node = C1
    for _ in range(12):
        node = CriterionNode("1", "Nhóm", children=(node,))

    with pytest.raises(RuleError, match="quá 12 cấp"):
        Table("B", Decimal(1), (node,))


def test_fingerprint_of_a_known_table_never_changes():
    # Fails when the canonical form changes: every table already issued would lose its fingerprint.
    assert canonical_json(TABLE).decode() == (
        '{"format":"thidua-bang-diem-1","nodes":[{"children":['
        '{"code":"C1","maximum":"5","rule":{"kind":"typed"},"title":"Thu gom chất thải"},'
        '{"bonus_cap":"0.5","bonus_guidance":"Trên 92%: +0,1.","code":"C2","has_bonus":true,'
        '"maximum":"5","rule":{"kind":"typed"},"title":"Xử lý chất thải"}],'
        '"code":"C","maximum":"10","title":"Môi trường"}],"scale":"10","title":"Bảng A"}'
    )
    assert fingerprint(TABLE) == (
        "2232c64d5c3e477fa45c14532b5d13c781cf7c588138785ff905c117ab72627a"
    )


def test_fingerprint_ignores_how_a_number_or_a_letter_is_encoded():
    spelled = with_children(
        replace(C1, maximum=Decimal("5.00"), title=normalize("NFD", C1.title)), C2
    )

    assert fingerprint(spelled) == fingerprint(TABLE)
    assert difference(TABLE, spelled) == ()


def test_canonical_json_of_a_float_is_a_bug_and_loud():
    with pytest.raises(TypeError):
        canonical_json(with_children(replace(C1, rule={"kind": "typed", "step": 0.5})))


@whole_tables
@given(tables())
def test_table_survives_being_stored_as_json(table):
    assert table_from_data(table_to_data(table)) == table


@whole_tables
@given(tables(), tables())
def test_fingerprint_differs_exactly_when_the_difference_says_so(old, new):
    assert (fingerprint(old) == fingerprint(new)) == (difference(old, new) == ())
    assert difference(old, old) == ()


CHANGES = {
    "title": "Tên khác",
    "maximum": Decimal("7.77"),
    "has_bonus": None,
    "bonus_cap": Decimal("7.77"),
    "has_deduction": None,
    "deduction_cap": Decimal("7.77"),
    "net_cap": Decimal("7.77"),
    "guidance": "Khác.",
    "bonus_guidance": "Khác.",
    "deduction_guidance": "Khác.",
    "evidence": "Khác.",
    "appraised_by": "Khác.",
    "rule": {"kind": "typed", "step": "0.07"},
}


@whole_tables
@given(tables(), st.sampled_from(sorted(CHANGES)))
def test_changing_any_field_of_a_criterion_shows(table, name):
    first = next(table.leaves())
    was = getattr(first, name)
    now = not was if CHANGES[name] is None else CHANGES[name]
    assume(was != now)

    def changed(node):
        if node.path == first.path:
            return replace(node, **{name: now})
        return replace(node, children=tuple(map(changed, node.children)))

    new = replace(table, nodes=tuple(map(changed, table.nodes)))

    assert fingerprint(new) != fingerprint(table)
    assert len(difference(table, new)) == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"format": "khác"},
        {**table_to_data(TABLE), "nodes": [{"code": "1"}]},
        {**table_to_data(TABLE), "scale": "mười"},
        {**table_to_data(TABLE), "unknown": 1},
        {**table_to_data(TABLE), "rounding": {"mode": "lên"}},
        {**table_to_data(TABLE), "nodes": 5},
    ],
)
def test_table_from_damaged_data_is_refused(data):
    with pytest.raises(RuleError):
        table_from_data(data)


def test_difference_reads_as_a_person_would_say_it():
    c3 = CriterionNode("C3", "Bao gói thuốc", Decimal(5))
    new = replace(
        TABLE,
        scale=Decimal(15),
        floor_at_zero=False,
        rounding=Rounding(RoundingMode.DOWN, Decimal("0.1")),
        nodes=(
            replace(
                GROUP,
                maximum=Decimal(15),
                children=(
                    replace(
                        C2,
                        bonus_cap=Decimal(1),
                        rule={"kind": "typed", "step": "0.5"},
                        evidence="Hóa đơn",
                    ),
                    c3,
                ),
            ),
        ),
    )

    assert difference(TABLE, new) == (
        "Bảng: thang điểm 10 → 15",
        "Bảng: không cho điểm âm có → không",
        "Bảng: làm tròn nửa làm tròn lên, đến 0,01 → bỏ phần lẻ, đến 0,1",
        "Bỏ tiêu chí C1: Thu gom chất thải (5 điểm)",
        "Thêm tiêu chí C3: Bao gói thuốc (5 điểm)",
        "C: điểm chuẩn 10 → 15",
        "C2: trần điểm thưởng 0,5 → 1",
        "C2: căn cứ chấm điểm (trống) → “Hóa đơn”",
        "C2: bước chấm (trống) → 0,5",
    )


def test_difference_names_a_new_order():
    assert difference(TABLE, with_children(C2, C1)) == ("C: thứ tự → C2, C1",)


def test_difference_uses_the_path_where_codes_repeat():
    two = Table("B", Decimal(1), (replace(GROUP, code="1"), replace(GROUP, code="2")))
    changed = replace(
        two, nodes=(two.nodes[0], replace(two.nodes[1], children=(replace(C1, maximum=None), C2)))
    )

    assert difference(two, changed) == ("2/C1: điểm chuẩn 5 → (trống)",)


def test_lint_of_a_good_table_finds_nothing():
    assert lint(TABLE) == ()


def test_lint_warns_of_slips_that_official_tables_have():
    table = Table(
        "B",
        Decimal(100),
        (
            CriterionNode(
                "5",
                "Nông thôn mới",
                Decimal(9),
                children=(
                    CriterionNode("5.3", "Báo cáo", Decimal(3), has_bonus=True),
                    CriterionNode(
                        "5.5",
                        "Xã đạt",
                        Decimal(3),
                        has_bonus=True,
                        bonus_guidance="Vượt: +1\nKhông có kế hoạch: −0,5",
                        deduction_guidance="Chậm: −1",
                    ),
                    CriterionNode("5.4", "Khác", Decimal(1), bonus_guidance="Thêm: +1"),
                ),
            ),
        ),
    )

    assert (
        sentences(table, Severity.WARNING)
        == sentences(table)
        == [
            "Điểm chuẩn của các phần cộng lại là 9, khác thang điểm 100.",
            "Tiêu chí 5: điểm chuẩn ghi 9 nhưng các tiêu chí bên dưới cộng lại là 7.",
            "Tiêu chí 5.5: mã nhảy số so với mã đứng trước (5.3).",
            "Tiêu chí 5.4: mã lùi số so với mã đứng trước (5.5).",
            "Tiêu chí 5.3: có ô điểm thưởng nhưng không ghi cách chấm.",
            "Tiêu chí 5.5: cách chấm điểm thưởng có mức trừ (số âm); có thể bản gốc in nhầm cột.",
            "Tiêu chí 5.5: có cách chấm điểm trừ nhưng ô điểm trừ ghi “Không”.",
            "Tiêu chí 5.4: có cách chấm điểm thưởng nhưng ô điểm thưởng ghi “Không”.",
        ]
    )


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        (CriterionNode("1", "Trống"), "phải có điểm chuẩn, hoặc có điểm thưởng hay điểm trừ"),
        (CriterionNode("1", "Âm", Decimal(-1)), "số phải từ 0 trở lên"),
        (CriterionNode("1", "Trần", Decimal(1), bonus_cap=Decimal(1)), "có trần điểm thưởng"),
        (CriterionNode("1", "Trần", Decimal(1), deduction_cap=Decimal(1)), "có trần điểm trừ"),
        (CriterionNode("1", "Trần", Decimal(1), net_cap=Decimal(1)), "có trần tổng cộng, trừ"),
        (CriterionNode("1", "Lạ", Decimal(1), rule={"kind": "lạ"}), "chưa được hỗ trợ"),
        (CriterionNode("1", "Nhóm", has_bonus=True, children=(C1,)), "nhóm không chấm trực tiếp"),
        (CriterionNode("1", "Nhóm", rule={"kind": "x"}, children=(C1,)), "không có quy tắc"),
        (CriterionNode("1" * 41, "Dài", Decimal(1)), "vượt mức 40 ký tự"),
        (CriterionNode("1", "D" * 601, Decimal(1)), "vượt mức 600 ký tự"),
    ],
)
def test_lint_stops_a_criterion_that_cannot_be_scored(node, sentence):
    found = sentences(Table("B", Decimal(1), (node,)), Severity.ERROR)

    assert len(found) == 1
    assert sentence in found[0]


def test_lint_stops_a_path_too_long_to_store():
    node = CriterionNode("1" * 40, "Lá", Decimal(1))
    for _ in range(5):
        node = CriterionNode("1" * 40, "Nhóm", children=(node,))

    found = sentences(Table("B", Decimal(1), (node,)), Severity.ERROR)

    assert found == [f"Tiêu chí {'1' * 40}: các mã từ gốc tới đây dài quá 200 ký tự."] * 2


def test_lint_stops_a_table_without_title_scale_or_criteria():
    found = sentences(Table(" ", Decimal(0), (), source="x" * 601), Severity.ERROR)

    assert found == [
        "Bảng: nội dung dài 601 ký tự, vượt mức 600 ký tự.",
        "Bảng chưa có tên.",
        "Thang điểm phải lớn hơn 0.",
        "Bảng chưa có tiêu chí nào.",
    ]


def test_rank_lets_equal_totals_share_a_place_and_sets_the_unranked_apart():
    ranking = rank(
        {
            "An Giang": Decimal("97.5"),
            "Bạc Liêu": None,
            "Bến Tre": Decimal(99),
            "Cà Mau": Decimal("97.50"),
            "Đồng Tháp": Decimal(90),
        }
    )

    assert ranking.places == {"Bến Tre": 1, "An Giang": 2, "Cà Mau": 2, "Đồng Tháp": 4}
    assert list(ranking.places) == ["Bến Tre", "An Giang", "Cà Mau", "Đồng Tháp"]
    assert ranking.unranked == ("Bạc Liêu",)


@given(st.dictionaries(st.integers(), st.one_of(st.none(), st.decimals(0, 100, places=1))))
def test_rank_place_is_one_more_than_those_strictly_above(totals):
    ranking = rank(totals)

    ranked = {key: value for key, value in totals.items() if value is not None}
    assert ranking.places == {
        key: 1 + sum(other > value for other in ranked.values()) for key, value in ranked.items()
    }
    assert set(ranking.unranked) == set(totals) - set(ranked)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3,5", "3.5"),
        (" 3 ", "3"),
        ("−0,5", "-0.5"),
        ("-0,5", "-0.5"),
        ("0,125", "0.125"),
        ("12,345", "12.345"),
        ("1.234,5", "1234.5"),
        ("3.5", "3.5"),
        ("0.125", "0.125"),
        ("12.99", "12.99"),
        ("1.234.567", "1234567"),
        ("1 234", "1234"),
        ("1\u00a0234,5", "1234.5"),
        ("1000", "1000"),
    ],
)
def test_parse_number_reads_a_vietnamese_hand(typed, number):
    assert parse_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1.234", "12.500", "−1.000"])
def test_parse_number_that_may_mean_two_is_refused_with_a_question(typed):
    with pytest.raises(RuleError, match=r"là \d+ hay [\d,]+\?"):
        parse_number(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ba",
        "3,5,5",
        "1e3",
        "NaN",
        "٣",
        "３",
        "--1",
        "1,",
        "1.23.4",
        "5%",
        "1" * 40,
        "9" * 12,
        "0," + "1" * 7,
    ],
)
def test_parse_number_of_something_else_is_refused(typed):
    with pytest.raises(RuleError):
        parse_number(typed)


@given(st.decimals(-(10**8), 10**8, places=6))
def test_numbers_read_back_as_written(number):
    assert Decimal(plain(number)) == number
    if "," not in vietnamese(number) or abs(number) < 1 or len(plain(number)) < 5:
        return
    assert parse_number(vietnamese(number)) == number
