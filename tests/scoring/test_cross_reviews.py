"""Cross-review: who may do what, what is refused, what the journal keeps."""

import random
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from tests.factories.scoring import import_table, issue_table, wide_table
from tests.factories.world import NOON, Role, assign, make_organisation
from tests.scoring.cross_reviews import (
    LATER,
    all_in,
    close,
    cross_score,
    give,
    hand_in,
    make_round,
    open_round,
    review_of,
    settings_of,
)
from thidua.audit.models import Action, Entry
from thidua.organisations.models import Membership
from thidua.organisations.services import has_taken_part
from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table
from thidua.scoring import services
from thidua.scoring.models import (
    CrossReview,
    CrossReviewConflict,
    CrossReviewCriterion,
    CrossReviewRound,
    CrossReviewScore,
    CrossReviewSettlement,
)
from thidua.scoring.queries import issued_set
from thidua.scoring.queries.cross_reviews import members_of, plan_key, planned, stored_plan

# --- Making and planning ---------------------------------------------------------------------


def test_make_cross_review_keeps_settings_and_tells_the_journal(one):
    round = make_round(one)

    assert [(each.criterion.code, each.maximum) for each in round.criteria.all()] == [
        ("A", 7),
        ("B", 3),
    ]
    assert (round.state, round.number, round.shows_correction) == ("draft", 1, False)
    entry = Entry.objects.get(action=Action.CROSS_REVIEW_MADE)
    assert entry.year_id == one.year.pk
    assert entry.details == {
        "criteria": ["A", "B"],
        "reviewers": 2,
        "distance": "1 điểm",
        "seed": 7,
        "correction": "không",
    }


def test_make_cross_review_by_another_than_the_lead_is_refused(one, world):
    for person in (one.heads[1], one.officers[2], one.appraiser, world.superior, world.stranger):
        with pytest.raises(PermissionDenied):
            services.make_cross_review(
                criteria_set=issued_set(one.year), settings=settings_of(one), actor=person, at=NOON
            )


@pytest.mark.parametrize(
    ("codes", "changed", "said"),
    [
        (("A", "a1"), {}, "a1 nằm trong A"),
        (("b2",), {}, "b2 không có điểm tối đa"),
        (("A",), {"criteria": ()}, "ít nhất một nội dung"),
        (("A",), {"reviewers_per_unit": 0}, "từ 1 trở lên"),
        (("A",), {"distance": Decimal(-1)}, "không được âm"),
        (("A",), {"distance": Decimal(101), "distance_kind": "percent"}, "không quá 100 %"),
        (("A",), {"seed": -1}, "Số mầm"),
        (("A",), {"reviewers_per_unit": 40_000}, "Số đơn vị chấm"),
    ],
)
def test_make_cross_review_with_settings_that_make_no_sense_is_refused(one, codes, changed, said):
    with pytest.raises(RuleError, match=said):
        make_round(one, *codes, **changed)

    assert not CrossReviewRound.objects.exists()


def test_make_cross_review_under_a_table_not_in_force_is_refused(one):
    draft = import_table(one)

    with pytest.raises(RuleError, match="bảng điểm đang có hiệu lực"):
        services.make_cross_review(
            criteria_set=draft, settings=settings_of(one), actor=one.lead_head, at=NOON
        )


def test_make_a_second_round_while_one_is_not_closed_is_refused(one):
    make_round(one)

    with pytest.raises(RuleError, match="chưa đóng"):
        make_round(one)


def test_make_a_second_round_after_the_first_is_closed_has_its_own_number(one):
    close(one, open_round(one), "Thử")

    assert make_round(one).number == 2


def test_a_group_without_a_maximum_counts_that_of_its_leaves(world):
    issue_table(world.one, wide_table(12))

    round = make_round(world.one, "1", "2")

    assert list(round.criteria.values_list("maximum", flat=True)) == [10, 2]


def test_change_cross_review_replaces_the_settings(one):
    round = make_round(one)

    services.change_cross_review(
        round=round,
        settings=settings_of(one, "a1", "B", distance=Decimal(10), distance_kind="percent"),
        version=round.version,
        actor=one.lead_head,
        at=LATER,
    )

    round.refresh_from_db()
    assert [each.criterion.code for each in round.criteria.all()] == ["a1", "B"]
    assert (round.distance, round.distance_kind, round.version) == (10, "percent", 2)
    assert Entry.objects.get(action=Action.CROSS_REVIEW_CHANGED).details["distance"] == (
        "10 % điểm tối đa"
    )


def test_R08_change_cross_review_with_an_old_version_is_refused(one):
    round = make_round(one)
    services.replan_cross_review(
        round=round, seed=8, version=round.version, actor=one.lead_head, at=NOON
    )

    with pytest.raises(RuleError, match="Trưởng An vừa sửa"):
        services.change_cross_review(
            round=round,
            settings=settings_of(one),
            version=round.version,
            actor=one.lead_officer,
            at=LATER,
        )


def test_R11_replan_and_change_again_with_the_same_content_is_one_act(one):
    round = make_round(one)

    for _ in range(3):
        services.replan_cross_review(
            round=round, seed=8, version=round.version, actor=one.lead_head, at=NOON
        )
    round.refresh_from_db()
    for _ in range(3):
        services.change_cross_review(
            round=round,
            settings=settings_of(one, "A"),
            version=2,
            actor=one.lead_head,
            at=NOON,
        )

    assert Entry.objects.filter(action=Action.CROSS_REVIEW_CHANGED).count() == 2


def test_replan_with_another_seed_draws_another_plan_and_nobody_scores_itself(world):
    one = world.one
    for name in ("Dũng", "Giang", "Hà", "Khánh"):
        organisation = type(one.memberships[0].organisation).objects.create(
            kind="other", full_name=name, short_name=name, valid_from="2020-01-01"
        )
        one.memberships.append(
            Membership.objects.create(
                year=one.year, organisation=organisation, order=len(one.memberships) + 1
            )
        )
    issue_table(one)
    round = make_round(one)
    plans = []
    for seed in range(8):
        round.refresh_from_db()
        round = services.replan_cross_review(
            round=round, seed=seed, version=round.version, actor=one.lead_head, at=NOON
        )
        drawn = planned(round, members_of(round))
        plans.append(plan_key(drawn))
        assert all(unit not in chosen for unit, chosen in drawn.assignments.items())
        assert set(drawn.load.values()) == {2}

    assert len(set(plans)) > 1


def test_declare_conflict_by_the_unit_keeps_the_pair_apart(one):
    round = make_round(one, reviewers_per_unit=1)

    conflict = services.declare_conflict(
        round=round,
        pair=(one.memberships[2], one.memberships[1]),
        reason=" Cùng đoàn thanh tra ",
        actor=one.officers[1],
        at=NOON,
    )

    drawn = planned(round, members_of(round)).assignments
    first, second = one.memberships[1].pk, one.memberships[2].pk
    assert second not in drawn[first]
    assert first not in drawn[second]
    assert (conflict.first_id, conflict.second_id) == (first, second)
    entry = Entry.objects.get(action=Action.CONFLICT_DECLARED)
    assert entry.details == {"pair": "Bình – Cường", "reason": "Cùng đoàn thanh tra"}


def test_declare_conflict_about_two_others_is_for_the_lead_only(one, world):
    round = make_round(one)
    pair = (one.memberships[1], one.memberships[2])

    for person in (one.appraiser, world.superior, world.two.heads[0]):
        with pytest.raises(PermissionDenied):
            services.declare_conflict(round=round, pair=pair, reason="Lý do", actor=person, at=NOON)
    with pytest.raises(PermissionDenied):
        services.declare_conflict(
            round=round,
            pair=(one.memberships[0], one.memberships[2]),
            reason="Lý do",
            actor=one.heads[1],
            at=NOON,
        )
    assert services.declare_conflict(
        round=round, pair=pair, reason="Lý do", actor=one.lead_officer, at=NOON
    ).pk


@pytest.mark.parametrize(
    ("places", "reason", "said"),
    [
        ((1, 1), "Lý do", "hai đơn vị khác nhau"),
        ((1, 2), "  ", "ghi lý do"),
        ((0, 1), "Lý do", "Đã khai báo"),
    ],
)
def test_declare_conflict_that_makes_no_sense_is_refused(one, places, reason, said):
    round = make_round(one)
    services.declare_conflict(
        round=round,
        pair=(one.memberships[1], one.memberships[0]),
        reason="Trước",
        actor=one.heads[1],
        at=NOON,
    )

    with pytest.raises(RuleError, match=said):
        services.declare_conflict(
            round=round,
            pair=(one.memberships[places[0]], one.memberships[places[1]]),
            reason=reason,
            actor=one.heads[1],
            at=NOON,
        )


def test_declare_conflict_with_a_unit_of_another_cluster_is_refused(one, world):
    with pytest.raises(RuleError, match="thành viên của năm này"):
        services.declare_conflict(
            round=make_round(one),
            pair=(one.memberships[1], world.two.memberships[0]),
            reason="Lý do",
            actor=one.heads[1],
            at=NOON,
        )


def test_withdraw_conflict_is_for_the_lead_and_the_unit_that_declared(one):
    round = make_round(one)

    def declared(actor, reason):
        return services.declare_conflict(
            round=round,
            pair=(one.memberships[1], one.memberships[2]),
            reason=reason,
            actor=actor,
            at=NOON,
        )

    conflict = declared(one.officers[1], "Một")
    with pytest.raises(PermissionDenied):
        services.withdraw_conflict(conflict=conflict, actor=one.heads[2], at=NOON)
    services.withdraw_conflict(conflict=conflict, actor=one.heads[1], at=NOON)
    services.withdraw_conflict(conflict=declared(one.heads[2], "Hai"), actor=one.lead_head, at=NOON)

    assert not round.conflicts.exists()
    kept = Entry.objects.filter(action=Action.CONFLICT_WITHDRAWN)
    assert sorted(entry.details["reason"] for entry in kept) == ["Hai", "Một"]


# --- Opening ---------------------------------------------------------------------------------


def test_open_cross_review_freezes_the_plan_into_reviews(one):
    round = open_round(one)

    assert round.state == "open"
    assert {key: sorted(chosen) for key, chosen in stored_plan(round).items()} == {
        member.pk: sorted(each.pk for each in one.memberships if each != member)
        for member in one.memberships
    }
    assert CrossReviewScore.objects.filter(review__round=round, points=None).count() == 6 * 2
    entry = Entry.objects.get(action=Action.CROSS_REVIEW_OPENED)
    assert (entry.details["reviews"], entry.details["seed"]) == (6, 7)


def test_open_cross_review_is_for_the_head_of_the_lead(one, world):
    round = make_round(one)
    key = plan_key(planned(round, members_of(round)))

    for person in (one.lead_officer, one.heads[1], world.superior, world.administrator):
        with pytest.raises(PermissionDenied):
            services.open_cross_review(round=round, plan=key, actor=person, at=NOON)


def test_R08_open_cross_review_with_another_plan_than_seen_is_refused(one):
    round = make_round(one, reviewers_per_unit=1)
    seen = plan_key(planned(round, members_of(round)))
    drawn = planned(round, members_of(round)).assignments
    reviewed, (reviewer,) = next(iter(drawn.items()))
    by_key = {each.pk: each for each in one.memberships}
    services.declare_conflict(
        round=round,
        pair=(by_key[reviewed], by_key[reviewer]),
        reason="Người nhà",
        actor=one.lead_head,
        at=NOON,
    )

    with pytest.raises(RuleError, match="Phương án phân công vừa thay đổi"):
        services.open_cross_review(round=round, plan=seen, actor=one.lead_head, at=NOON)

    assert not CrossReview.objects.exists()


def test_open_cross_review_without_enough_reviewers_names_the_unit(one):
    round = make_round(one, reviewers_per_unit=2)
    services.declare_conflict(
        round=round,
        pair=(one.memberships[0], one.memberships[1]),
        reason="Người nhà",
        actor=one.lead_head,
        at=NOON,
    )

    with pytest.raises(RuleError, match="An chỉ còn 1"):
        services.open_cross_review(round=round, plan="", actor=one.lead_head, at=NOON)


def test_open_cross_review_twice_and_changes_after_it_are_refused(one):
    round = open_round(one)

    with pytest.raises(RuleError, match="đã được mở"):
        services.open_cross_review(round=round, plan="", actor=one.lead_head, at=NOON)
    with pytest.raises(RuleError, match="không sửa được nữa"):
        services.replan_cross_review(
            round=round, seed=9, version=round.version, actor=one.lead_head, at=NOON
        )
    with pytest.raises(RuleError, match="không sửa được nữa"):
        services.declare_conflict(
            round=round,
            pair=(one.memberships[0], one.memberships[1]),
            reason="Muộn",
            actor=one.heads[1],
            at=NOON,
        )


# --- Scoring ---------------------------------------------------------------------------------


def test_save_cross_score_keeps_points_and_the_journal_does_not_tell_them(one):
    open_round(one)

    score = give(review_of(one, 1, 2), "A", "6.25", one.officers[1], "Tốt, còn chậm một việc")

    assert (score.points, score.remark, score.version) == (
        Decimal("6.25"),
        "Tốt, còn chậm một việc",
        2,
    )
    entry = Entry.objects.get(action=Action.CROSS_SCORE_SAVED)
    assert entry.details == {"criterion": "A", "version": 2}
    assert entry.subject_label == "Phiếu chấm chéo: Bình chấm Cường"


def test_save_cross_score_is_for_the_reviewing_unit_only(one, world):
    open_round(one)
    review = review_of(one, 1, 2)
    people = (
        one.lead_head,
        one.heads[2],
        one.officers[2],
        one.appraiser,
        world.superior,
        world.administrator,
        world.two.heads[0],
    )

    for person in people:
        with pytest.raises(PermissionDenied):
            give(review, "A", "1", person)


def test_save_cross_score_by_who_also_works_for_the_reviewed_unit_is_refused(one):
    assign(one.officers[1], Role.OFFICER, organisation=one.memberships[2].organisation)
    open_round(one)

    with pytest.raises(PermissionDenied):
        give(review_of(one, 1, 2), "A", "1", one.officers[1])
    assert give(review_of(one, 1, 0), "A", "1", one.officers[1]).points == 1


@pytest.mark.parametrize(
    ("points", "said"),
    [("7.5", "vượt mức tối đa 7"), ("-1", "không được âm"), ("0.1234567", "chữ số thập phân")],
)
def test_save_cross_score_outside_the_table_is_refused(one, points, said):
    open_round(one)

    with pytest.raises(RuleError, match=said):
        give(review_of(one, 1, 2), "A", points, one.officers[1])


def test_R08_save_cross_score_over_a_colleagues_is_refused(one):
    open_round(one)
    review = review_of(one, 1, 2)
    give(review, "A", "5", one.officers[1], version=1)

    with pytest.raises(services.StaleCrossScore, match="Cán bộ Bình vừa sửa") as stale:
        give(review, "A", "6", one.heads[1], version=1)

    assert stale.value.current.points == 5
    assert cross_score(review, "A").points == 5


def test_R11_save_cross_score_again_with_the_same_content_is_one_act(one):
    open_round(one)
    review = review_of(one, 1, 2)

    versions = {give(review, "A", "5", one.officers[1], "Tốt", version=1).version for _ in "abc"}

    assert versions == {2}
    assert Entry.objects.filter(action=Action.CROSS_SCORE_SAVED).count() == 1


def test_hand_in_cross_review_is_for_the_head_and_only_when_whole(one):
    open_round(one)
    review = review_of(one, 1, 2)
    give(review, "A", "5", one.officers[1])

    with pytest.raises(PermissionDenied):
        services.hand_in_cross_review(review=review, actor=one.officers[1], at=NOON)
    with pytest.raises(PermissionDenied):
        services.hand_in_cross_review(review=review, actor=one.heads[2], at=NOON)
    with pytest.raises(RuleError, match="1 nội dung chưa chấm: B"):
        services.hand_in_cross_review(review=review, actor=one.heads[1], at=NOON)

    give(review, "B", "0", one.officers[1])
    assert services.hand_in_cross_review(review=review, actor=one.heads[1], at=NOON).is_handed_in
    assert Entry.objects.get(action=Action.CROSS_REVIEW_HANDED_IN).details == {}


def test_T03_nothing_changes_after_handing_in(one):
    open_round(one)
    review = hand_in(one, 1, 2)

    with pytest.raises(RuleError, match="đã nộp"):
        give(review, "A", "7", one.officers[1])
    with pytest.raises(RuleError, match="đã nộp"):
        services.hand_in_cross_review(review=review, actor=one.heads[1], at=NOON)

    assert cross_score(review, "A").points == 5


def test_T03_nothing_is_scored_before_opening_or_after_closing(one):
    round = open_round(one)
    give(review_of(one, 1, 2), "A", "5", one.officers[1])
    close(one, round, "Hết hạn")

    with pytest.raises(RuleError, match="không trong thời gian chấm"):
        give(review_of(one, 1, 2), "A", "6", one.officers[1])
    with pytest.raises(RuleError, match="không trong thời gian chấm"):
        services.hand_in_cross_review(review=review_of(one, 1, 2), actor=one.heads[1], at=LATER)


# --- Closing and settling --------------------------------------------------------------------


def test_close_cross_review_with_reviews_missing_needs_a_reason(one):
    round = open_round(one)
    hand_in(one, 1, 2)

    with pytest.raises(RuleError, match="Còn 5/6 phiếu chưa nộp"):
        close(one, round)
    close(one, round, "Quá hạn ba ngày")

    entry = Entry.objects.get(action=Action.CROSS_REVIEW_CLOSED)
    assert entry.details["reviews"] == 1
    assert entry.details["reason"] == "Quá hạn ba ngày"
    assert len(entry.details["missing"]) == 5
    assert "Cường chấm Bình" in entry.details["missing"]
    assert len(entry.details["sha256"]) == 64


def test_close_cross_review_is_for_the_head_of_the_lead_and_once(one, world):
    round = open_round(one)
    all_in(one)

    for person in (one.lead_officer, one.heads[1], world.superior):
        with pytest.raises(PermissionDenied):
            services.close_cross_review(round=round, reason="", actor=person, at=LATER)
    close(one, round)
    with pytest.raises(RuleError, match="đã đóng"):
        close(one, round)


def test_close_a_round_that_was_never_opened_is_refused(one):
    with pytest.raises(RuleError, match="chưa mở"):
        close(one, make_round(one))


def settle(round, reviewed, actor, note="Thống nhất 4 điểm", version=0, code="A"):
    return services.settle_disagreement(
        round=round,
        reviewed=reviewed,
        criterion=round.criteria.get(criterion__code=code),
        note=note,
        version=version,
        actor=actor,
        at=LATER,
    )


@pytest.fixture
def closed(one):
    """Everybody handed in; on A the reviewers of An and of Cường lie far apart."""
    round = open_round(one)
    all_in(one, {(0, 2): ("3", "2"), (1, 0): ("2", "1")})
    return close(one, round)


def test_settle_disagreement_keeps_the_note_in_the_journal(one, closed):
    settlement = settle(closed, one.memberships[2], one.lead_officer, " Thống nhất 4 điểm ")
    settle(closed, one.memberships[2], one.lead_head, "Thống nhất 4,5 điểm", version=1)

    settlement.refresh_from_db()
    assert (settlement.note, settlement.version) == ("Thống nhất 4,5 điểm", 2)
    newest = Entry.objects.filter(action=Action.DISAGREEMENT_SETTLED).first()
    assert newest.details == {
        "reviewed": "Cường",
        "criterion": "A",
        "old": "Thống nhất 4 điểm",
        "new": "Thống nhất 4,5 điểm",
    }


def test_settle_disagreement_about_ones_own_unit_is_the_superiors(one, world, closed):
    an = one.memberships[0]

    with pytest.raises(RuleError, match="chính đơn vị mình"):
        settle(closed, an, one.lead_head)
    assert settle(closed, an, world.superior).settled_by == world.superior
    with pytest.raises(RuleError, match="do cụm trưởng kết luận"):
        settle(closed, one.memberships[2], world.superior)


def test_settle_disagreement_by_others_is_refused(one, world, closed):
    for person in (one.heads[1], one.officers[2], one.appraiser, world.administrator):
        with pytest.raises(PermissionDenied):
            settle(closed, one.memberships[2], person)


def test_settle_where_nobody_disagrees_or_without_words_or_before_closing_is_refused(one):
    round = open_round(one)
    all_in(one, {(0, 2): ("3", "2")})

    with pytest.raises(RuleError, match="sau khi vòng chấm chéo đã đóng"):
        settle(round, one.memberships[2], one.lead_head)
    close(one, round)
    with pytest.raises(RuleError, match="không có chênh lệch vượt mức"):
        settle(round, one.memberships[2], one.lead_head, code="B")
    with pytest.raises(RuleError, match="Hãy ghi kết luận"):
        settle(round, one.memberships[2], one.lead_head, note="  ")


def test_R08_R11_settle_disagreement_twice(one, closed):
    cuong = one.memberships[2]
    settle(closed, cuong, one.lead_officer, "Một")

    assert settle(closed, cuong, one.lead_officer, "Một").version == 1
    with pytest.raises(RuleError, match="Cán bộ An vừa ghi kết luận"):
        settle(closed, cuong, one.lead_head, "Hai")

    assert Entry.objects.filter(action=Action.DISAGREEMENT_SETTLED).count() == 1


def test_show_correction_is_the_leads_choice_at_any_time(one, world, closed):
    with pytest.raises(PermissionDenied):
        services.show_correction(round=closed, shown=True, actor=world.superior, at=LATER)
    for shown in (True, True, False):
        services.show_correction(round=closed, shown=shown, actor=one.lead_officer, at=LATER)

    entries = Entry.objects.filter(action=Action.CORRECTION_SHOWN)
    assert [entry.details["correction"] for entry in entries] == ["không", "có"]


# --- The database itself refuses (T03) -------------------------------------------------------


def refused(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_T03_the_database_refuses_changes_of_an_open_rounds_plan(one):
    round = open_round(one)
    rows = CrossReviewRound.objects.filter(pk=round.pk)
    review = review_of(one, 1, 2)

    for change in (
        {"seed": 99},
        {"distance": 5},
        {"reviewers_per_unit": 1},
        {"state": "draft"},
        {"opened_at": LATER},
    ):
        refused(lambda change=change: rows.update(**change))
    refused(lambda: CrossReviewCriterion.objects.filter(round=round).update(maximum=1))
    refused(lambda: CrossReviewCriterion.objects.filter(round=round)._raw_delete("default"))
    refused(lambda: CrossReview.objects.filter(pk=review.pk).update(reviewer=one.memberships[0]))
    refused(lambda: CrossReviewScore.objects.filter(review=review)._raw_delete("default"))
    refused(lambda: CrossReview.objects.filter(pk=review.pk)._raw_delete("default"))
    refused(
        lambda: CrossReviewConflict.objects.create(
            round=round,
            first=one.memberships[0],
            second=one.memberships[1],
            reason="Muộn",
            declared_by=one.heads[1],
            declared_at=NOON,
        )
    )


def test_T03_the_database_refuses_a_new_review_in_an_open_round(one):
    round = open_round(one, reviewers_per_unit=1)
    taken = set(round.reviews.values_list("reviewer", "reviewed"))
    free = next(
        (a, b)
        for a in one.memberships
        for b in one.memberships
        if a != b and (a.pk, b.pk) not in taken
    )

    refused(lambda: CrossReview.objects.create(round=round, reviewer=free[0], reviewed=free[1]))


def test_T03_the_database_refuses_changes_of_points_handed_in(one):
    open_round(one)
    review = hand_in(one, 1, 2)
    scores = CrossReviewScore.objects.filter(review=review)

    refused(lambda: scores.update(points=7))
    refused(lambda: scores.update(remark="Khác"))
    refused(lambda: CrossReview.objects.filter(pk=review.pk).update(state="draft"))
    refused(lambda: CrossReview.objects.filter(pk=review.pk).update(handed_in_at=LATER))


def test_T03_the_database_refuses_points_above_the_maximum_and_out_of_time(one):
    round = open_round(one)
    open_scores = CrossReviewScore.objects.filter(review=review_of(one, 1, 2))
    b = open_scores.filter(criterion__criterion__code="B")

    refused(lambda: b.update(points=Decimal("3.5")))
    refused(lambda: b.update(points=-1))
    close(one, round, "Hết hạn")
    refused(lambda: b.update(points=2))
    refused(lambda: CrossReview.objects.filter(round=round).update(state="handed_in"))


def test_T03_the_database_refuses_changes_of_a_closed_round(one, closed):
    rows = CrossReviewRound.objects.filter(pk=closed.pk)
    settlement = settle(closed, one.memberships[2], one.lead_head)
    kept = CrossReviewSettlement.objects.filter(pk=settlement.pk)

    for change in (
        {"state": "open"},
        {"closing_note": "Khác"},
        {"closed_at": NOON},
        {"distance": 9},
    ):
        refused(lambda change=change: rows.update(**change))
    refused(lambda: kept.update(note="Sửa lén"))
    refused(lambda: kept._raw_delete("default"))
    assert rows.update(shows_correction=True) == 1


@pytest.mark.parametrize("seed", range(3))
def test_T03_random_calls_never_alter_a_point_handed_in(one, seed):
    """Any order of saving, handing in and closing leaves handed-in points as they were."""
    draw = random.Random(seed)
    round = open_round(one)
    people = [*one.heads, *one.officers]
    locked = {}

    for _ in range(60):
        review = review_of(one, *draw.sample(range(3), 2))
        act = draw.choice(["save", "save", "save", "in", "in", "close"])
        actor = draw.choice(people)
        try:
            with transaction.atomic():
                if act == "save":
                    give(review, draw.choice("AB"), str(draw.randint(0, 4)), actor)
                elif act == "in":
                    services.hand_in_cross_review(review=review, actor=actor, at=NOON)
                    locked[review.pk] = points_of(review)
                elif draw.random() < 0.1:
                    services.close_cross_review(round=round, reason="Thử", actor=actor, at=LATER)
        except (RuleError, PermissionDenied):
            pass
        assert {key: points_of(key) for key in locked} == locked


def points_of(review):
    return list(
        CrossReviewScore.objects.filter(review=review)
        .order_by("pk")
        .values_list("points", "remark", "version")
    )


# --- A table with repeated codes -------------------------------------------------------------


def test_criteria_with_the_same_code_are_told_apart_by_their_place(world):
    def node(code, *below):
        return CriterionNode(code=code, title=code, maximum=Decimal(2), children=below)

    table = Table(
        title="Mã lặp", scale=Decimal(4), nodes=(node("I", node("1")), node("II", node("1")))
    )
    issue_table(world.one, table)
    leaves = tuple(issued_set(world.one.year).criteria.filter(code="1"))
    round = open_round(world.one, make_round(world.one, "I", criteria=leaves))

    assert [each.criterion.path for each in round.criteria.all()] == ["I/1", "II/1"]


def test_a_member_with_a_declaration_has_taken_part_and_stays_in_its_year(one):
    round = make_round(one)
    late = Membership.objects.create(
        year=one.year,
        organisation=make_organisation("Muộn"),
        order=9,
    )
    before = has_taken_part(late)

    services.declare_conflict(
        round=round,
        pair=(one.memberships[0], late),
        reason="Người nhà",
        actor=one.lead_head,
        at=NOON,
    )

    assert (before, has_taken_part(late)) == (False, True)


def test_units_that_join_after_the_opening_are_not_in_the_round(one):
    round = open_round(one)
    Membership.objects.create(year=one.year, organisation=make_organisation("Muộn"), order=9)
    all_in(one)

    assert close(one, round).closing_note == ""
    assert len(stored_plan(round)) == 3
