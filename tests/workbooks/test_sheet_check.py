"""A filled form against its table: every difference with its rule, and nothing guessed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from tests.rules.tables import claimed_tables, whole_tables
from tests.workbooks.sheet_forms import YEAR, filled_for, form, mixed_table
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, CriterionNode, Table, Unit, examine
from thidua.workbooks.sheets import Filled, check, read_form
from thidua.workbooks.sheets.telling import report_lines

COUNT = [{"key": "loi", "label": "Lỗi", "kind": "count", "default": "0"}]
PER_CASE = {"kind": "per_case", "input": "loi", "points": "0.5"}


def leaf(code="1", **changes):
    values = {
        "title": "Tiêu chí",
        "maximum": Decimal(3),
        "has_deduction": True,
        "deduction_cap": Decimal("1.5"),
        "has_bonus": True,
        "bonus_cap": Decimal(1),
    }
    return CriterionNode(code, **{**values, **changes})


def table(*nodes, inputs=(), **rules):
    return Table("Bảng", Decimal(10), nodes, rules={"inputs": list(inputs), **rules})


def only(report):
    """The one leaf of a report."""
    (found,) = report.leaves
    return found


def limits(report):
    return [(each.field, each.limit, each.claimed, each.allowed) for each in only(report).breaches]


def test_check_of_a_whole_form_is_clean_but_for_what_waits_for_others():
    big = mixed_table(24)

    report = check(big, read_form(form(big, filled_for(big)), big))

    assert report.is_clean
    assert report.problems == ()
    assert [leaf.node.path for leaf in report.leaves if leaf.waits] == ["N0/9", "N20/21"]
    assert [leaf.allowed for leaf in report.leaves if leaf.waits] == [None, None]
    assert not report.complete
    assert report.claimed == report.allowed


def test_check_of_an_empty_form_says_what_every_leaf_lacks():
    small = mixed_table(12)

    report = check(small, read_form(form(small), small))

    kinds = [leaf.node.rule["kind"] for leaf in report.leaves if not leaf.missing]
    assert kinds == ["full"]
    assert report.leaves[0].missing == ("chưa chấm",)
    assert report.leaves[2].missing == ("chưa có số liệu “Số liệu 2”",)
    assert not report.is_clean


@pytest.mark.parametrize(
    ("changes", "claim", "expected"),
    [
        ({}, Claim(Decimal("3.5")), ("base", "base", Decimal("3.5"), Decimal(3))),
        (
            {"rule": {"kind": "typed", "step": "0.5"}},
            Claim(Decimal("2.75")),
            ("base", "step", Decimal("2.75"), Decimal("2.5")),
        ),
        ({}, Claim(Decimal(3), Decimal(2)), ("bonus", "bonus_cap", Decimal(2), Decimal(1))),
        (
            {},
            Claim(Decimal(3), None, Decimal(2)),
            ("deduction", "deduction_cap", Decimal(2), Decimal("1.5")),
        ),
        (
            {"has_bonus": False, "bonus_cap": None},
            Claim(Decimal(3), Decimal(1)),
            ("bonus", "no_bonus", Decimal(1), Decimal(0)),
        ),
        (
            {"has_deduction": False, "deduction_cap": None},
            Claim(Decimal(3), None, Decimal(1)),
            ("deduction", "no_deduction", Decimal(1), Decimal(0)),
        ),
        ({"maximum": None}, Claim(Decimal(1)), ("base", "no_base", Decimal(1), None)),
        (
            {"net_cap": Decimal("0.5")},
            Claim(Decimal(3), Decimal(1)),
            ("bonus", "net_cap", Decimal(1), None),
        ),
        ({}, Claim(Decimal(-1)), ("base", "range", Decimal(-1), None)),
    ],
)
def test_check_lists_a_limit_that_a_claim_breaks(changes, claim, expected):
    report = check(table(leaf(**changes)), Filled(claims={"1": claim}))

    assert limits(report) == [expected]
    assert not report.is_clean


def test_check_counts_nothing_of_a_number_that_cannot_stand():
    claim = Claim(Decimal(3), None, Decimal("-0.5"))

    found = only(check(table(leaf()), Filled(claims={"1": claim})))

    assert (found.claimed, found.allowed, found.missing) == (
        None,
        None,
        ("có số điểm không hợp lệ",),
    )


def ruled(**changes):
    return table(leaf(rule={"kind": "full", "deduction": [PER_CASE]}, **changes), inputs=COUNT)


def test_check_lists_a_claim_above_the_rule_with_the_difference_and_asks_why():
    filled = Filled(claims={"1": Claim(deduction=Decimal("0.5"))}, facts={"loi": "2"})

    report = check(ruled(), filled)

    assert limits(report) == [
        ("deduction", "rule", Decimal("0.5"), Decimal("1.0")),
        ("explanation", "no_explanation", None, None),
    ]
    assert only(report).breaches[0].difference == Decimal("-0.5")
    assert "điểm trừ đề nghị 0,5, theo quy tắc là 1" in only(report).breaches[0].sentence
    assert (only(report).claimed, only(report).allowed) == (Decimal("2.5"), Decimal("2.0"))
    assert (report.claimed, report.allowed) == (Decimal("2.5"), Decimal("2"))


def test_check_of_a_claim_above_the_rule_with_an_explanation_still_marks_it():
    filled = Filled(
        claims={"1": Claim(deduction=Decimal("0.5"))},
        facts={"loi": "2"},
        explanations={"1": "Một lỗi do cấp trên."},
    )

    report = check(ruled(), filled)

    assert [limit for _, limit, _, _ in limits(report)] == ["rule"]
    assert only(report).explanation == "Một lỗi do cấp trên."
    assert not report.is_clean


def test_check_of_a_claim_below_the_rule_is_clean():
    filled = Filled(claims={"1": Claim(base=Decimal(2))}, facts={"loi": "0"})

    report = check(ruled(), filled)

    assert report.is_clean
    assert (report.claimed, report.allowed) == (Decimal(2), Decimal(3))


def test_check_asks_for_the_evidence_that_the_table_names_where_points_are_claimed():
    named = table(leaf(evidence="Quyết định khen thưởng."))

    without = check(named, Filled(claims={"1": Claim(Decimal(1))}))
    zero = check(named, Filled(claims={"1": Claim(Decimal(0))}))
    given = check(named, Filled(claims={"1": Claim(Decimal(1))}, evidence={"1": "QĐ 12"}))

    assert limits(without) == [("evidence", "no_evidence", None, None)]
    assert only(without).breaches[0].sentence.endswith("bảng yêu cầu: Quyết định khen thưởng.")
    assert zero.is_clean
    assert given.is_clean


def test_check_holds_the_total_against_the_ceiling_of_self_scores():
    claims = {code: Claim(Decimal(3)) for code in "12"}
    capped = table(leaf("1"), leaf("2"), self_ceiling="5.5")

    report = check(capped, Filled(claims=claims))

    (found,) = report.breaches
    assert (found.limit, found.claimed, found.allowed) == (
        "self_ceiling",
        Decimal(6),
        Decimal("5.5"),
    )
    assert found.difference == Decimal("0.5")
    assert not report.is_clean


def test_check_compares_the_written_total_with_the_criteria():
    filled = Filled(claims={"1": Claim(Decimal(3))}, total=Decimal("3.5"))

    (found,) = check(table(leaf()), filled).breaches

    assert found.sentence == "“Tổng điểm tự chấm” ghi 3,5, cộng các tiêu chí được 3."


def test_check_names_the_cell_of_a_breach():
    small = table(leaf())
    data = form(small, Filled(claims={"1": Claim(Decimal(4))}))

    (found,) = only(check(small, read_form(data, small))).breaches

    assert found.cell == "H2"


def test_check_leaves_a_value_in_a_hole_of_the_bands_to_a_person():
    bands = {"Bậc": [{"low": "0", "high": "90", "points": "0"}, {"low": "95", "points": "3"}]}
    holed = table(
        leaf(rule={"kind": "bands", "input": "tl", "bands": "Bậc"}),
        inputs=[{"key": "tl", "label": "Tỷ lệ", "kind": "percent"}],
        bands=bands,
    )

    open_ = only(check(holed, Filled(facts={"tl": "92"})))
    decided = check(holed, Filled(facts={"tl": "92"}, claims={"1": Claim(Decimal(1))}))

    assert open_.allowed is None
    assert "không quy định mức 92" in open_.needs_person[0]
    assert open_.missing
    assert only(decided).needs_person
    assert (decided.claimed, decided.allowed) == (Decimal(1), Decimal(1))


def test_check_does_not_compute_alone_what_the_leader_decides():
    led = table(
        leaf(rule={"kind": "leader", "input": "so"}),
        inputs=[{"key": "so", "label": "Số", "kind": "figure"}],
    )
    unit = Unit(targets={"so": Decimal(4)})

    above = check(led, Filled(facts={"so": "5"}, unit_terms=unit, claims={"1": Claim(Decimal(2))}))
    below = check(led, Filled(facts={"so": "2"}, unit_terms=unit))

    assert only(above).waits == (
        "vượt mục tiêu; chờ số liệu của các đơn vị khác để biết đơn vị dẫn đầu",
    )
    assert (only(above).claimed, only(above).allowed) == (Decimal(2), None)
    assert (above.is_clean, above.complete) == (True, False)
    assert only(below).allowed == Decimal("0.75")


def test_check_never_takes_an_unread_figure_for_the_empty_one():
    data = form(ruled(), edits=[("Số liệu", "loi", "Giá trị", "hai")])

    found = only(check(ruled(), read_form(data, ruled())))

    assert found.allowed is None
    assert found.missing == ("chưa có số liệu “Lỗi”",)
    assert only(check(ruled(), Filled())).allowed == Decimal(3)


def test_check_never_takes_an_unread_claim_for_none():
    small = table(leaf())
    filled = Filled(claims={"1": Claim(Decimal(3))})
    data = form(small, filled, edits=[("Tự chấm", "1", "Điểm trừ", "một")])

    report = check(small, read_form(data, small))

    assert (only(report).claimed, only(report).allowed) == (None, None)
    assert only(report).missing == ("có ô không đọc được",)
    assert (report.claimed, report.allowed, report.complete) == (Decimal(0), Decimal(0), False)


def test_check_counts_what_was_not_assigned_as_the_table_says():
    def report(policy, **rules):
        both = table(
            leaf("1", maximum=Decimal(4)), leaf("2", maximum=Decimal(6)), na=policy, **rules
        )
        unit = Unit(not_assigned=frozenset({"1"}))
        found = check(both, Filled(claims={"2": Claim(Decimal(3))}, unit_terms=unit))
        return found.claimed, found.allowed, found.maximum

    assert report("full") == (Decimal(7), Decimal(7), Decimal(10))
    assert report("excluded") == (Decimal(3), Decimal(3), Decimal(6))
    assert report("excluded", excluded="rescale") == (Decimal(5), Decimal(5), Decimal(10))


def test_check_notes_what_the_cap_of_a_group_takes_off():
    group = CriterionNode("A", "Nhóm", children=(leaf("1"), leaf("2")), bonus_cap=Decimal(1))
    claims = {path: Claim(Decimal(3), Decimal(1)) for path in ("A/1", "A/2")}

    report = check(table(group), Filled(claims=claims))

    assert (report.claimed, report.allowed) == (Decimal(7), Decimal(7))
    assert report.notes == ("A (Nhóm): tổng điểm thưởng 2 vượt trần của nhóm 1, được 7.",)


def test_check_adds_fractions_exactly():
    claims = {code: Claim(Decimal("0.1")) for code in "123"}

    report = check(table(*(leaf(code) for code in "123")), Filled(claims=claims))

    assert (report.claimed, report.allowed) == (Decimal("0.3"), Decimal("0.3"))


def test_check_without_a_year_asks_for_it_only_where_a_due_date_needs_one():
    due = table(
        leaf(rule={"kind": "early", "input": "ngay", "due": "31/01", "threshold": "5"}),
        inputs=[{"key": "ngay", "label": "Ngày nộp", "kind": "date"}],
    )
    filled = Filled(facts={"ngay": "2026-01-20"})

    with pytest.raises(RuleError, match="Năm thi đua"):
        check(due, filled)
    assert only(check(due, filled, YEAR)).allowed == Decimal(3)
    assert only(check(due, replace(filled, year=YEAR))).allowed == Decimal(3)
    assert only(check(due, replace(filled, year=YEAR), YEAR - 1)).allowed == Decimal(0)
    assert check(table(leaf()), Filled(claims={"1": Claim(Decimal(1))})).is_clean


@whole_tables
@given(claimed_tables())
def test_check_allows_what_the_engine_allows(drawn):
    any_table, claims = drawn

    report = check(any_table, Filled(claims=claims))
    result = examine(any_table, claims)

    assert [leaf.allowed for leaf in report.leaves] == [
        each.points for each in result.leaves.values()
    ]
    assert report.allowed == result.rounded
    assert report.complete == result.is_complete
    assert {each.sentence for each in result.breaches} <= {
        each.sentence for leaf in report.leaves for each in leaf.breaches
    }


def test_check_says_once_what_several_lines_lack():
    lines = [{**PER_CASE, "text": text} for text in "ab"]
    both = table(
        leaf(rule={"kind": "full", "deduction": lines}),
        inputs=[{"key": "loi", "label": "Lỗi", "kind": "count"}],
    )

    assert only(check(both, Filled())).missing == ("chưa có số liệu “Lỗi”",)


def test_check_of_a_leaf_where_nothing_is_claimed_asks_for_what_the_rules_give():
    # The floor of the leaf holds: the plain sum would be below zero.
    rule = {"kind": "full", "deduction": [{**PER_CASE, "points": "5"}]}
    report = check(table(leaf(rule=rule), inputs=COUNT), Filled(facts={"loi": "9"}))

    assert (only(report).claimed, only(report).allowed) == (Decimal("1.5"), Decimal("1.5"))
    assert report.claimed == report.allowed


def test_check_says_what_the_unit_marked_as_not_assigned_by_itself():
    marked = Filled(unit_terms=Unit(not_assigned=frozenset({"1"})))

    report = check(table(leaf(), na="full"), marked)

    assert report.notes == (
        "1 (Tiêu chí): đơn vị tự đánh dấu không được giao nên tính đủ 3 điểm; cụm trưởng phải xác"
        " nhận.",
    )


def test_check_tells_award_points_and_the_class_apart_from_the_total():
    rules = {
        "inputs": [{"key": "co", "label": "Cờ thi đua", "kind": "yes_no", "default": "no"}],
        "awards": [{"input": "co", "points": "10", "label": "Cờ thi đua"}],
        "classes": [{"name": "Tốt", "least": "2"}, {"name": "Khá", "least": "0"}],
    }
    whole = Table("Bảng", Decimal(3), (leaf(),), rules=rules)

    report = check(whole, Filled(claims={"1": Claim(Decimal(1))}, facts={"co": "yes"}))

    assert report.allowed == 1
    assert (report.judged.award.points, report.judged.total) == (10, 11)
    assert report.judged.classed.name == "Tốt"
    assert "cộng sau tổng trên, thành 11" in "\n".join(report_lines(report))
