"""From a submitted sheet to a final one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from tests.factories.scoring import (
    accept,
    decide,
    finalise,
    name_appraiser,
    save,
    score_of,
    sheet_of,
    submit,
)
from tests.factories.world import NOON, Role, assign
from thidua.audit.models import Action, Entry
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim
from thidua.scoring import services
from thidua.scoring.models import ScoreSheet
from thidua.scoring.queries import matrix, ranking

LATER = NOON + timedelta(hours=5)


def test_appraise_changes_a_point_with_its_reason(one):
    sheet = submit(one, 1)

    score = decide(sheet, "a1", one.appraiser, "3", None, "0.5", reason=" Một việc chậm ")

    assert (score.appraised_base, score.appraised_deduction) == (3, Decimal("0.5"))
    assert (score.base, score.deduction) == (3, None)
    entry = Entry.objects.get(action=Action.APPRAISED)
    assert entry.details == {
        "criterion": "A/a1",
        "claimed": {"base": "3", "bonus": None, "deduction": None},
        "old": {"base": None, "bonus": None, "deduction": None},
        "new": {"base": "3", "bonus": None, "deduction": "0.5"},
        "reason": "Một việc chậm",
    }


def test_appraise_a_changed_point_without_a_reason_is_refused(one):
    sheet = submit(one, 1)

    with pytest.raises(RuleError, match="phải ghi lý do"):
        decide(sheet, "a1", one.appraiser, "2", reason="  ")

    assert score_of(sheet, "a1").appraised_at is None


def test_appraise_a_point_as_claimed_needs_no_reason_and_keeps_none(one):
    sheet = submit(one, 1)

    score = decide(sheet, "a1", one.appraiser, "3", None, "0", reason="thừa")

    assert score.reason == ""


@pytest.mark.parametrize(
    ("code", "claim", "said"),
    [
        ("a1", ("3.5", None, None), "vượt mức tối đa 3"),
        ("a1", (None, None, None), "hãy nhập điểm thẩm định"),
        ("b2", (None, None, None), "ghi 0 nếu không có"),
    ],
)
def test_appraise_outside_the_table_is_refused(one, code, claim, said):
    sheet = submit(one, 1)

    with pytest.raises(RuleError, match=said):
        decide(sheet, code, one.appraiser, *claim, reason="Lý do")


def test_appraise_outside_ones_sections_is_refused(one, world):
    from thidua.scoring.models import SectionAppraiser

    SectionAppraiser.objects.filter(criterion__code="B").delete()
    sheet = submit(one, 1)

    for person in (one.appraiser, one.lead_head, world.superior, one.officers[1]):
        with pytest.raises(PermissionDenied):
            decide(sheet, "b1", person, "3")


def test_appraise_ones_own_unit_is_refused(one):
    assign(one.appraiser, Role.OFFICER, organisation=one.memberships[1].organisation)
    own, other = submit(one, 1), submit(one, 2)

    with pytest.raises(PermissionDenied):
        decide(own, "a1", one.appraiser, "3")
    assert decide(other, "a1", one.appraiser, "3").appraised_by == one.appraiser


def test_appraise_before_submission_is_refused(one):
    with pytest.raises(RuleError, match="không trong thời gian thẩm định"):
        decide(sheet_of(one, 1), "a1", one.appraiser, "3")


def test_R08_appraise_a_stale_version_is_refused(one):
    sheet = submit(one, 1)
    score = score_of(sheet, "a1")
    decide(sheet, "a1", one.appraiser, "2", reason="Một")

    with pytest.raises(services.StaleVersion, match="Thẩm định một vừa sửa"):
        services.appraise(
            score=score,
            claim=Claim(base=Decimal(1)),
            reason="Hai",
            version=score.version,
            actor=one.appraiser,
            at=LATER,
        )


def test_R11_appraise_again_with_the_same_decision_is_one_act(one):
    sheet = submit(one, 1)
    score = score_of(sheet, "a1")

    versions = {
        services.appraise(
            score=score,
            claim=Claim(base=Decimal(2)),
            reason="Một",
            version=score.version,
            actor=one.appraiser,
            at=LATER,
        ).version
        for _ in range(3)
    }

    assert versions == {score.version + 1}
    assert Entry.objects.filter(action=Action.APPRAISED).count() == 1


def test_complete_section_takes_the_rest_as_claimed(one):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")

    accept(one, 1, "A")

    assert [
        (score.criterion.code, score.appraised_base, score.reason)
        for score in sheet.scores.select_related("criterion")
    ] == [("a1", 2, "Một việc chậm"), ("a2", 4, ""), ("b1", None, ""), ("b2", None, "")]
    entry = Entry.objects.get(action=Action.SECTION_COMPLETED)
    assert entry.details == {"section": "A", "accepted": ["A/a2"]}


def test_complete_section_with_criteria_left_needs_the_word(one):
    sheet = submit(one, 1)

    with pytest.raises(RuleError, match="còn 2 tiêu chí chưa thẩm định: a1, a2"):
        services.complete_section(
            sheet=sheet,
            section=sheet.criteria_set.criteria.get(code="A"),
            accept_rest=False,
            actor=one.appraiser,
            at=LATER,
        )


def test_complete_section_twice_is_refused(one):
    submit(one, 1)
    accept(one, 1, "A")

    with pytest.raises(RuleError, match="đã hoàn thành"):
        accept(one, 1, "A")


def test_explain_waits_until_the_appraiser_looks_again(one):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")
    accept(one, 1, "A", "B")

    services.explain(
        score=score_of(sheet, "a1"), text="Có công văn", actor=one.officers[1], at=LATER
    )

    with pytest.raises(RuleError, match="chưa xem lại ở tiêu chí: a1"):
        services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=LATER)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")
    done = services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=LATER)
    assert (done.state, done.final_score) == (ScoreSheet.State.FINALISED, 9)
    assert Entry.objects.get(action=Action.EXPLAINED).details["new"] == "Có công văn"


@pytest.mark.parametrize("meanwhile", ["colleague", "appraiser"])
def test_R08_explain_over_what_the_person_has_not_seen_is_refused(one, meanwhile):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")
    seen = score_of(sheet, "a1").version
    if meanwhile == "colleague":
        services.explain(
            score=score_of(sheet, "a1"), text="Của đồng nghiệp", actor=one.heads[1], at=LATER
        )
    else:
        decide(sheet, "a1", one.appraiser, "1", reason="Hai việc chậm")
    before = score_of(sheet, "a1").reply

    with pytest.raises(services.StaleVersion, match="vừa sửa tiêu chí này"):
        services.explain(
            score=score_of(sheet, "a1"),
            text="Đè lên",
            version=seen,
            actor=one.officers[1],
            at=LATER,
        )

    assert score_of(sheet, "a1").reply == before


def test_R12_explain_waits_although_the_clock_steps_back(one):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")
    accept(one, 1, "A", "B")

    services.explain(
        score=score_of(sheet, "a1"),
        text="Có công văn",
        actor=one.officers[1],
        at=NOON - timedelta(days=1),
    )

    with pytest.raises(RuleError, match="chưa xem lại"):
        services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=LATER)


def test_explain_without_words_or_before_appraisal_is_refused(one):
    sheet = submit(one, 1)

    with pytest.raises(RuleError, match="chưa được thẩm định"):
        services.explain(score=score_of(sheet, "a1"), text="x", actor=one.officers[1], at=LATER)
    decide(sheet, "a1", one.appraiser, "2", reason="Một")
    with pytest.raises(RuleError, match="Hãy ghi nội dung"):
        services.explain(score=score_of(sheet, "a1"), text=" ", actor=one.officers[1], at=LATER)
    with pytest.raises(PermissionDenied):
        services.explain(score=score_of(sheet, "a1"), text="x", actor=one.officers[2], at=LATER)


def test_finalise_sheet_stores_the_points_and_locks_everything(one):
    sheet = finalise(one, 1, "A", "B")

    assert sheet.final_score == 10
    assert list(sheet.scores.values_list("points", flat=True)) == [3, 4, 3, 0]
    for act in (
        lambda: decide(sheet, "a1", one.appraiser, "3"),
        lambda: services.explain(
            score=score_of(sheet, "a1"), text="x", actor=one.officers[1], at=LATER
        ),
        lambda: save(sheet, "a1", one.officers[1], "1"),
        lambda: accept(one, 1, "A"),
        lambda: services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=LATER),
    ):
        with pytest.raises(RuleError):
            act()


def test_finalise_sheet_by_anybody_but_the_leads_head_is_refused(one, world):
    submit(one, 1)
    sheet = accept(one, 1, "A", "B")

    for person in (one.lead_officer, one.heads[1], one.appraiser, world.superior):
        with pytest.raises(PermissionDenied):
            services.finalise_sheet(sheet=sheet, actor=person, at=LATER)


def test_finalise_sheet_too_early_is_refused(one):
    with pytest.raises(RuleError, match="chưa nộp"):
        services.finalise_sheet(sheet=sheet_of(one, 1), actor=one.lead_head, at=LATER)
    sheet = submit(one, 1)
    with pytest.raises(RuleError, match="Còn 4 tiêu chí chưa thẩm định: a1, a2, b1, b2"):
        services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=LATER)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scoring_scoresheet SET final_score = 99",
        "UPDATE scoring_scoresheet SET state = 'submitted'",
        "DELETE FROM scoring_scoresheet",
    ],
)
def test_T03_the_database_refuses_sql_on_a_final_sheet(one, statement):
    sheet = finalise(one, 1, "A", "B")

    with (
        pytest.raises(DatabaseError, match="đã chốt"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{statement} WHERE id = {sheet.pk}")


@pytest.mark.parametrize(
    "change", [{"points": Decimal(9)}, {"appraised_base": Decimal(1)}, {"reason": "khác"}]
)
def test_T03_the_database_refuses_to_change_final_points(one, change):
    sheet = finalise(one, 1, "A", "B")

    with pytest.raises(DatabaseError, match="đã chốt"), transaction.atomic():
        sheet.scores.filter(criterion__code="a1").update(**change)


def test_ranking_shares_places_and_names_who_is_not_final_last(one):
    finalise(one, 0, "A", "B")
    finalise(one, 2, "A", "B")
    submit(one, 1)

    assert [(each.place, each.sheet.membership_id) for each in ranking(one.year)] == [
        (1, one.memberships[0].pk),
        (1, one.memberships[2].pk),
        (None, one.memberships[1].pk),
    ]


def test_matrix_holds_final_points_else_claimed_ones(one):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")
    finalise(one, 2, "A", "B")
    sheets = list(ScoreSheet.objects.order_by("membership__order"))

    found = matrix(one.year, sheets)

    assert [leaf.code for leaf in found.leaves] == ["a1", "a2", "b1", "b2"]
    assert [found.points[each.pk] for each in sheets] == [
        (None, None, None, None),
        (3, 4, 3, 0),
        (3, 4, 3, 0),
    ]
    assert [found.totals[each.pk] for each in sheets] == [None, 10, 10]


def test_a_superior_may_be_named_appraiser(one, world):
    from thidua.scoring.models import SectionAppraiser

    SectionAppraiser.objects.filter(criterion__code="B").delete()
    name_appraiser(one, "B", user=world.superior)
    sheet = submit(one, 1)

    assert decide(sheet, "b1", world.superior, "3").appraised_by == world.superior
