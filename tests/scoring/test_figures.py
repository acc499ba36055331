"""Points that follow from figures: claimed, argued, appraised, given back, closed together."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from tests.factories.scoring import issue_table, name_appraiser, score_of, sheet_of
from tests.factories.world import NOON
from thidua.audit.models import Action, Entry
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, CriterionNode, Table
from thidua.scoring import services
from thidua.scoring.models import UnitTerms

LATER = NOON + timedelta(hours=3)


def leaf(code, rule, maximum="5", **more):
    return CriterionNode(
        code=code, title=f"Tiêu chí {code}", maximum=Decimal(maximum), rule=rule, **more
    )


def ruled_table(*extra, **rules):
    """Late cases cost half a point; a rate counts by bands, with a hole at exactly 98."""
    inputs = [
        {"key": "cham", "label": "Số vụ chậm", "kind": "count", "default": "0"},
        {"key": "ty_le", "label": "Tỷ lệ giải quyết", "kind": "percent"},
        *rules.pop("inputs", ()),
    ]
    bands = {
        "ty_le": [
            {"low": "98", "low_in": False, "points": "5"},
            {"low": "90", "high": "98", "points": "4"},
            {"high": "90", "points": "0"},
        ]
    }
    late = {"kind": "per_case", "input": "cham", "points": "0.5", "cap": "2"}
    return Table(
        title="Bảng có quy tắc",
        scale=Decimal(10),
        nodes=(
            CriterionNode(
                code="A",
                title="Phần A",
                maximum=Decimal(10),
                children=(
                    leaf("a1", {"kind": "full", "deduction": [late]}, has_deduction=True),
                    leaf("a2", {"kind": "bands", "input": "ty_le", "bands": "ty_le"}),
                    *extra,
                ),
            ),
        ),
        rules={"inputs": inputs, "bands": bands, **rules},
    )


@pytest.fixture
def one(world):
    issue_table(world.one, ruled_table())
    name_appraiser(world.one, "A")
    return world.one


def save(world, member, code, facts, *, explanation="", version=None, **parts):
    score = score_of(sheet_of(world, member), code)
    claim = Claim(**{name: Decimal(text) for name, text in parts.items()})
    return services.save_claim(
        score=score,
        claim=claim,
        facts=facts,
        explanation=explanation,
        version=version or score.version,
        actor=world.officers[member],
        at=NOON,
    )


def hand_in(world, member, rate="95", late="1"):
    save(world, member, "a1", {"cham": late})
    save(world, member, "a2", {"ty_le": rate})
    return services.submit_self_score(
        sheet=sheet_of(world, member), actor=world.heads[member], at=NOON
    )


def decide(world, member, code, facts=None, reason="", **parts):
    score = score_of(sheet_of(world, member), code)
    return services.appraise(
        score=score,
        claim=Claim(**{name: Decimal(text) for name, text in parts.items()}),
        facts=facts,
        reason=reason,
        version=score.version,
        actor=world.appraiser,
        at=LATER,
    )


def test_points_follow_from_the_figures_and_both_totals_are_kept(one):
    sheet = hand_in(one, 1)

    assert (sheet.self_score, sheet.allowed_score) == (Decimal("8.5"), Decimal("8.5"))
    assert [score.self_points for score in sheet.scores.all()] == [Decimal("4.5"), 4]


def test_a_claim_above_the_rule_needs_an_explanation_and_is_kept_beside_it(one):
    save(one, 1, "a1", {"cham": "1"})
    with pytest.raises(services.ClaimRefused, match="đề nghị 5, theo quy tắc là 4: nhiều hơn 1"):
        save(one, 1, "a2", {"ty_le": "95"}, base="5")
    assert score_of(sheet_of(one, 1), "a2").version == 1

    save(one, 1, "a2", {"ty_le": "95"}, base="5", explanation="Có ba vụ do liên ngành.")
    sheet = services.submit_self_score(sheet=sheet_of(one, 1), actor=one.heads[1], at=NOON)

    assert (sheet.self_score, sheet.allowed_score) == (Decimal("9.5"), Decimal("8.5"))


def test_a_value_in_a_hole_of_the_bands_waits_for_a_person_and_is_never_zero(one):
    save(one, 1, "a1", {})
    save(one, 1, "a2", {"ty_le": "98"})
    with pytest.raises(RuleError, match="Còn 1 tiêu chí chưa chấm: a2"):
        services.submit_self_score(sheet=sheet_of(one, 1), actor=one.heads[1], at=NOON)

    save(one, 1, "a2", {"ty_le": "98"}, base="5")
    sheet = services.submit_self_score(sheet=sheet_of(one, 1), actor=one.heads[1], at=NOON)

    assert sheet.self_score == 10


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"ty_le": "95"}, "không có số liệu “ty_le” để nhập"),
        ({"cham": "-1"}, "từ 0 trở lên"),
        ({"cham": "1.5"}, "số đếm phải là số nguyên"),
        ({"cham": "ba"}, "không đọc được"),
    ],
)
def test_figures_that_are_none_are_refused_and_nothing_is_kept(one, facts, said):
    with pytest.raises(RuleError, match=said):
        save(one, 1, "a1", facts)

    assert score_of(sheet_of(one, 1), "a1").facts == {}


def test_R11_the_same_figures_sent_again_are_one_change(one):
    save(one, 1, "a1", {"cham": "1"}, version=1)
    again = save(one, 1, "a1", {"cham": "1"}, version=1)

    assert again.version == 2
    assert Entry.objects.filter(action=Action.SELF_SCORE_SAVED).count() == 1


def test_R08_other_figures_on_an_old_version_are_refused(one):
    save(one, 1, "a1", {"cham": "1"}, version=1)

    with pytest.raises(services.StaleVersion):
        save(one, 1, "a1", {"cham": "2"}, version=1)
    assert score_of(sheet_of(one, 1), "a1").facts == {"cham": "1"}


def test_an_appraiser_changes_a_figure_only_with_a_reason_and_the_points_follow(one):
    hand_in(one, 1)
    with pytest.raises(RuleError, match="phải ghi lý do"):
        decide(one, 1, "a1", {"cham": "3"})

    score = decide(one, 1, "a1", {"cham": "3"}, reason="Sổ theo dõi ghi ba vụ.", base="5")

    assert score.appraised_facts == {"cham": "3"}
    assert score.appraised_base is None, "a number beside computed points does not count"
    entry = Entry.objects.get(action=Action.APPRAISED)
    assert entry.details["new_facts"] == {"cham": "3"}
    decide(one, 1, "a2")
    sheet = services.finalise_sheet(sheet=sheet_of(one, 1), actor=one.lead_head, at=LATER)
    assert sheet.final_score == Decimal("7.5")


def test_a_claim_beyond_the_rule_is_not_accepted_with_the_rest(one):
    save(one, 1, "a1", {})
    save(one, 1, "a2", {"ty_le": "95"}, base="5", explanation="Có lý do.")
    sheet = services.submit_self_score(sheet=sheet_of(one, 1), actor=one.heads[1], at=NOON)
    section = sheet.criteria_set.criteria.get(code="A")

    with pytest.raises(RuleError, match="vượt quy tắc nên không chấp nhận chung được: a2"):
        services.complete_section(
            sheet=sheet, section=section, accept_rest=True, actor=one.appraiser, at=LATER
        )
    decide(one, 1, "a2", reason="Theo quy tắc chỉ được 4.")
    services.complete_section(
        sheet=sheet, section=section, accept_rest=True, actor=one.appraiser, at=LATER
    )
    final = services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=LATER)

    assert final.final_score == 9


def give_back(world, sheet, reason="Thiếu minh chứng phần A.", actor=None):
    return services.return_sheet(
        sheet=sheet, reason=reason, actor=actor or world.lead_head, at=LATER
    )


def test_a_returned_sheet_is_edited_handed_in_again_and_appraised_anew(one):
    sheet = hand_in(one, 1)
    section = sheet.criteria_set.criteria.get(code="A")
    services.complete_section(
        sheet=sheet, section=section, accept_rest=True, actor=one.appraiser, at=LATER
    )

    give_back(one, sheet)
    save(one, 1, "a1", {"cham": "2"})
    again = services.submit_self_score(sheet=sheet_of(one, 1), actor=one.heads[1], at=LATER)

    assert (again.round, again.self_score) == (2, 8)
    assert score_of(again, "a1").appraised_at is None
    assert score_of(again, "a2").appraised_at is not None, "an unchanged claim keeps its appraisal"
    services.complete_section(
        sheet=again, section=section, accept_rest=True, actor=one.appraiser, at=LATER
    )
    entry = Entry.objects.get(action=Action.SHEET_RETURNED)
    assert entry.details == {"reason": "Thiếu minh chứng phần A.", "round": 2}


def test_return_without_a_reason_by_the_unit_or_of_a_draft_is_refused(one):
    with pytest.raises(RuleError, match="không trong thời gian thẩm định"):
        give_back(one, sheet_of(one, 1))
    sheet = hand_in(one, 1)

    with pytest.raises(RuleError, match="ghi lý do trả lại"):
        give_back(one, sheet, reason=" ")
    for actor in (one.heads[1], one.officers[2]):
        with pytest.raises(PermissionDenied):
            give_back(one, sheet, actor=actor)
    assert sheet_of(one, 1).state == "submitted"


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE scoring_criterionscore SET facts = \'{"cham": "0"}\' WHERE sheet_id = %s',
        'UPDATE scoring_scoresheet SET facts = \'{"x": "0"}\' WHERE id = %s',
        "UPDATE scoring_scoresheet SET allowed_score = 10 WHERE id = %s",
        "UPDATE scoring_scoresheet SET state = 'draft' WHERE id = %s",
        "UPDATE scoring_scoresheet SET state = 'draft', round = 2 WHERE id = %s",
    ],
)
def test_T03_the_database_refuses_to_change_figures_handed_in(one, statement):
    sheet = hand_in(one, 1)

    with (
        pytest.raises(DatabaseError, match="đã nộp"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [sheet.pk])


def test_T03_terms_of_a_unit_that_handed_in_do_not_change(one):
    terms = {"criteria_set": sheet_of(one, 1).criteria_set, "membership": one.memberships[1]}
    kept = UnitTerms.objects.create(**terms)
    hand_in(one, 1)

    kept.tiers = {"cỡ": "lớn"}
    with pytest.raises(DatabaseError, match="Thông số"), transaction.atomic():
        kept.save()
    other = {**terms, "membership": one.memberships[2]}
    UnitTerms.objects.create(**other)


FLAG = {"key": "co", "label": "Cờ thi đua của tỉnh", "kind": "yes_no"}


@pytest.fixture
def flagged(world):
    """A table that also asks whether the unit holds a flag."""
    issue_table(world.one, ruled_table(inputs=[FLAG], awards=[{"input": "co", "points": "10"}]))
    name_appraiser(world.one, "A")
    return world.one


def test_figures_of_the_whole_sheet_are_asked_for_and_confirmed(flagged):
    with pytest.raises(RuleError, match="số liệu chung chưa ghi: Cờ thi đua của tỉnh"):
        hand_in(flagged, 1)
    services.save_sheet_facts(
        sheet=sheet_of(flagged, 1),
        facts={"co": "yes"},
        version=1,
        actor=flagged.officers[1],
        at=NOON,
    )
    sheet = services.submit_self_score(sheet=sheet_of(flagged, 1), actor=flagged.heads[1], at=NOON)
    for code in ("a1", "a2"):
        decide(flagged, 1, code)
    with pytest.raises(RuleError, match="Chưa xác nhận số liệu chung"):
        services.finalise_sheet(sheet=sheet, actor=flagged.lead_head, at=LATER)

    act = {"sheet": sheet, "facts": {"co": "no"}, "actor": flagged.lead_head, "at": LATER}
    with pytest.raises(RuleError, match="phải ghi lý do"):
        services.decide_sheet_facts(reason="", version=2, **act)
    services.decide_sheet_facts(reason="Chưa có quyết định tặng cờ.", version=2, **act)
    final = services.finalise_sheet(sheet=sheet, actor=flagged.lead_head, at=LATER)

    assert final.decided_facts == {"co": "no"}


def test_R08_figures_of_the_whole_sheet_on_an_old_version_are_refused(flagged):
    act = {"sheet": sheet_of(flagged, 1), "actor": flagged.officers[1], "at": NOON, "version": 1}
    services.save_sheet_facts(facts={"co": "yes"}, **act)

    with pytest.raises(services.StaleFigures, match="vừa sửa số liệu chung"):
        services.save_sheet_facts(facts={"co": "no"}, **act)
    with pytest.raises(PermissionDenied):
        services.save_sheet_facts(facts={}, **{**act, "actor": flagged.officers[2]})
    assert sheet_of(flagged, 1).facts == {"co": "yes"}


def test_a_total_above_the_self_score_ceiling_is_not_handed_in(world):
    issue_table(world.one, ruled_table(self_ceiling="9"))
    save(world.one, 1, "a1", {})
    save(world.one, 1, "a2", {"ty_le": "99"})

    with pytest.raises(RuleError, match="Tổng tự chấm 10 vượt trần tự chấm 9"):
        services.submit_self_score(sheet=sheet_of(world.one, 1), actor=world.one.heads[1], at=NOON)


def test_points_relative_to_the_leader_wait_for_all_and_are_closed_together(world):
    recovered = {"key": "thu_hoi", "label": "Tiền thu hồi", "kind": "figure"}
    lead = leaf("a3", {"kind": "leader", "input": "thu_hoi"}, maximum="10")
    issue_table(world.one, ruled_table(lead, inputs=[recovered]))
    name_appraiser(world.one, "A")
    members = range(len(world.one.memberships))
    for member in members:
        save(world.one, member, "a1", {})
        save(world.one, member, "a2", {"ty_le": "99"})
        save(world.one, member, "a3", {"thu_hoi": str(50 * (member + 1))})
        services.submit_self_score(
            sheet=sheet_of(world.one, member), actor=world.one.heads[member], at=NOON
        )
    first, last = sheet_of(world.one, 0), sheet_of(world.one, members[-1])
    assert first.scores.get(criterion__code="a3").self_points is None
    with pytest.raises(RuleError, match="chưa thẩm định"):
        services.finalise_sheet(sheet=last, actor=world.one.lead_head, at=LATER)

    for member in members:
        for code in ("a1", "a2", "a3"):
            decide(world.one, member, code)
    services.finalise_sheet(sheet=last, actor=world.one.lead_head, at=LATER)

    assert {sheet_of(world.one, member).state for member in members} == {"finalised"}
    assert sheet_of(world.one, members[-1]).final_score == 20
    expected = 10 + Decimal(10) / len(members)
    assert abs(sheet_of(world.one, 0).final_score - expected) < Decimal("0.01")
