"""Cross-review as each person sees it: blind until own is in, nameless for the unit reviewed."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.scoring import fill, issue_table, save, sheet_of, submit, wide_table
from tests.factories.world import NOON, make_world
from tests.scoring.cross_reviews import (
    all_in,
    close,
    cross_score,
    give,
    hand_in,
    make_round,
    open_round,
    review_of,
)
from thidua.audit.models import Action, Entry
from thidua.scoring import services
from thidua.scoring.models import CrossReviewConflict, CrossReviewRound
from thidua.scoring.queries.cross_review_results import about
from thidua.scoring.queries.cross_reviews import review_lines

HTMX = {"HTTP_HX_REQUEST": "true"}


def key(number=1):
    return {"idempotency_key": f"{number:032x}"}


def address(name, one, *args):
    return reverse(f"scoring:{name}", args=[one.year.pk, *args])


def review_address(one, review, name="cross_review", *args):
    return address(name, one, review.round_id, review.pk, *args)


def text_of(answer):
    """The words of a page."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- Who reaches what ------------------------------------------------------------------------


def test_T01_a_round_is_for_members_and_the_superior(one, world, client_of):
    round = open_round(one)
    inside = [*one.heads, *one.officers, world.superior]

    for person in inside:
        assert (
            client_of(person).get(address("cross_review_round", one, round.pk)).status_code == 200
        )
    for person in (one.appraiser, world.administrator, world.stranger, world.two.heads[0]):
        answer = client_of(person).get(address("cross_review_round", one, round.pk))
        assert answer.status_code == 404, person


def test_T01_a_review_is_found_by_the_reviewing_unit_only(one, world, client_of):
    open_round(one)
    review = review_of(one, 1, 2)
    score = cross_score(review, "A")

    for person in (one.heads[1], one.officers[1]):
        assert client_of(person).get(review_address(one, review)).status_code == 200
    for person in (one.lead_head, one.heads[2], one.appraiser, world.superior, world.two.heads[0]):
        browser = client_of(person)
        found = [
            browser.get(review_address(one, review)).status_code,
            browser.post(
                review_address(one, review, "cross_review_score", score.pk),
                {"points": "1", "version": 1},
            ).status_code,
            browser.post(review_address(one, review, "cross_review_hand_in"), key()).status_code,
        ]
        assert found == [404, 404, 404], person
    assert cross_score(review, "A").points is None


def test_T01_an_act_of_the_lead_does_not_exist_for_members(one, client_of):
    round = make_round(one)
    browser = client_of(one.heads[1])

    for name in ("cross_review_replan", "cross_review_open", "cross_review_correction"):
        answer = browser.post(address(name, one, round.pk), key())
        assert answer.status_code == 404, name
    assert browser.get(address("cross_review_new", one)).status_code == 404
    assert browser.get(address("cross_review_edit", one, round.pk)).status_code == 404
    assert Entry.objects.filter(action=Action.CROSS_REVIEW_CHANGED).count() == 0


# --- What the reviewer sees of the unit ------------------------------------------------------


def test_a_reviewer_reads_the_submitted_self_scores_and_explanations(one, client_of):
    save(sheet_of(one, 2), "a1", one.officers[2], "2.5", explanation="Ba cuộc đúng hạn")
    open_round(one)
    browser = client_of(one.officers[1])
    where = review_address(one, review_of(one, 1, 2))

    before = text_of(browser.get(where))
    submit_with(one, 2, "2.5", "Ba cuộc đúng hạn")
    after = text_of(browser.get(where))

    assert "chưa nộp bảng tự chấm" in before
    assert "Ba cuộc đúng hạn" not in before
    assert "2,5" not in before
    assert "Đơn vị tự chấm 6,5 /7 điểm" in after
    assert "a1. Thanh tra 2,5 /3 Ba cuộc đúng hạn" in after


def submit_with(one, member, points, explanation):
    sheet = fill(one, member)
    save(sheet, "a1", one.officers[member], points, explanation=explanation)
    return services.submit_self_score(sheet=sheet, actor=one.heads[member], at=NOON)


def test_a_unit_that_is_no_reviewer_does_not_see_the_sheet_through_cross_review(one, client_of):
    """Being a reviewer opens one page, not the sheet itself."""
    sheet = submit(one, 2)
    open_round(one)

    assert client_of(one.officers[1]).get(address("sheet", one, sheet.pk)).status_code == 404


# --- Blind until own is in -------------------------------------------------------------------


def test_a_reviewer_sees_others_points_only_after_handing_in_own(one, client_of):
    open_round(one)
    hand_in(one, 0, 2, "4.75", "1.25", remark="Nhận xét của An")
    browser = client_of(one.officers[1])
    where = review_address(one, review_of(one, 1, 2))

    before = text_of(browser.get(where))
    hand_in(one, 1, 2, "6", "2")
    after = text_of(browser.get(where))

    assert "4,75" not in before
    assert "1,25" not in before
    assert "Các đơn vị khác đã nộp: 4,75" in after
    assert "Nhận xét của An" not in after


def test_a_reviewer_sees_no_points_of_others_that_are_not_handed_in(one, client_of):
    open_round(one)
    give(review_of(one, 0, 2), "A", "4.75", one.officers[0])
    hand_in(one, 1, 2)

    shown = text_of(client_of(one.officers[1]).get(review_address(one, review_of(one, 1, 2))))

    assert "4,75" not in shown
    assert "Chưa có đơn vị khác nộp điểm" in shown


def test_the_unit_sees_nothing_until_closing_and_then_no_names(one, client_of):
    round = open_round(one)
    all_in(one, {(0, 2): ("4.75", "1"), (1, 2): ("6", "2")})
    hand = [address("cross_review_round", one, round.pk), address("cross_reviews", one)]
    browser = client_of(one.heads[2])

    before = " ".join(text_of(browser.get(where)) for where in hand)
    close(one, round)
    after = text_of(browser.get(hand[0]))

    for secret in ("4,75", "5,38", "Kết quả chấm chéo của đơn vị bạn"):
        assert secret not in before
    found = after[after.index("Kết quả chấm chéo của đơn vị bạn") :]
    results = found[: found.index("Xung đột lợi ích")]
    assert "A. Chuyên môn tối đa 7 ≈5,38 4,75 – 6" in results
    assert "Cộng ≈6,88" in results
    for name in ("Bình", "Trưởng An", "Cán bộ An"):
        assert name not in results


def test_remarks_reach_the_unit_without_names_after_closing(one, client_of):
    round = open_round(one)
    all_in_but = [(0, 1), (1, 0), (2, 0), (2, 1)]
    for pair in all_in_but:
        hand_in(one, *pair)
    hand_in(one, 1, 2, remark="Ý kiến thứ hai")
    hand_in(one, 0, 2, remark="Đề nghị bổ sung sổ sách")
    where = address("cross_review_round", one, round.pk)
    browser = client_of(one.officers[2])

    before = text_of(browser.get(where))
    close(one, round)
    after = text_of(browser.get(where))

    assert "Ý kiến thứ hai" not in before
    assert "“Ý kiến thứ hai” “Đề nghị bổ sung sổ sách”" in after


@pytest.mark.parametrize("name", ["cross_review_results", "cross_review_matrix"])
def test_lead_and_superior_see_points_only_when_all_are_in(one, world, client_of, name):
    round = open_round(one)
    hand_in(one, 0, 2, "4.75")
    where = address(name, one, round.pk)

    for person in (one.lead_head, one.lead_officer, world.superior):
        assert client_of(person).get(where).status_code == 404
        progress = text_of(client_of(person).get(address("cross_review_round", one, round.pk)))
        assert "1/6 phiếu đã nộp" in progress
        assert "4,75" not in progress
    for pair in [(0, 1), (1, 0), (1, 2), (2, 0), (2, 1)]:
        hand_in(one, *pair)
    for person in (one.lead_head, one.lead_officer, world.superior):
        assert client_of(person).get(where).status_code == 200
    for person in (one.heads[1], one.officers[2], one.appraiser, world.administrator):
        assert client_of(person).get(where).status_code == 404


def test_the_lead_is_as_blind_as_others_about_its_own_unit(one, world, client_of):
    """All are in, but until the closing the lead's own points stay hidden; then without names."""
    round = open_round(one)
    all_in(one, {(1, 0): ("6.75", "1"), (2, 0): ("3.25", "2")})
    an = one.memberships[0].pk
    lead = client_of(one.lead_head)
    pages = ["cross_review_results", "cross_review_matrix"]

    def shown(browser):
        return " ".join(text_of(browser.get(address(name, one, round.pk))) for name in pages)

    before, above = shown(lead), shown(client_of(world.superior))
    unit = address("cross_review_unit", one, round.pk, an)
    assert "6,75" not in before
    assert "chênh 3,5" not in before
    assert "6,75" in above
    assert lead.get(unit).status_code == 404
    close(one, round)
    after = text_of(lead.get(unit))
    assert "Một đơn vị chấm 3,25 Một đơn vị chấm 6,75" in after
    assert "Bình" not in after
    assert "Bình 6,75" in text_of(client_of(world.superior).get(unit))


def test_the_journal_tells_no_points_before_closing(one, client_of):
    open_round(one)
    hand_in(one, 0, 2, "4.75", remark="Nhận xét kín")

    shown = text_of(client_of(one.lead_head).get(reverse("home:journal", args=[one.year.pk])))

    assert "Nộp phiếu chấm chéo" in shown
    assert "4,75" not in shown
    assert "4.75" not in shown
    assert "Nhận xét kín" not in shown


def test_every_detail_of_the_journal_has_a_vietnamese_name(one):
    from thidua.home.templatetags.journal import NAMES

    round = make_round(one)
    services.replan_cross_review(round=round, seed=3, version=1, actor=one.lead_head, at=NOON)
    conflict = services.declare_conflict(
        round=round,
        pair=(one.memberships[0], one.memberships[1]),
        reason="Lý do",
        actor=one.heads[1],
        at=NOON,
    )
    services.withdraw_conflict(conflict=conflict, actor=one.heads[1], at=NOON)
    opened = open_round(one, round)
    all_in(one, {(0, 2): ("1", "1")})
    close(one, opened)
    services.settle_disagreement(
        round=opened,
        reviewed=one.memberships[2],
        criterion=opened.criteria.first(),
        note="Kết luận",
        version=0,
        actor=one.lead_head,
        at=NOON,
    )
    services.show_correction(round=opened, shown=True, actor=one.lead_head, at=NOON)

    ours = Entry.objects.filter(subject_type__startswith="scoring.crossreview")
    assert {entry.action for entry in ours} == {
        "cross_review_made",
        "cross_review_changed",
        "conflict_declared",
        "conflict_withdrawn",
        "cross_review_opened",
        "cross_score_saved",
        "cross_review_handed_in",
        "cross_review_closed",
        "disagreement_settled",
        "correction_shown",
    }
    assert {name for entry in ours for name in entry.details} <= set(NAMES)


# --- The lead's way --------------------------------------------------------------------------


def form_of(one, **changed):
    criteria = one.year.criteria_sets.get().criteria
    return {
        "version": 0,
        "criteria": [criteria.get(code=code).pk for code in ("A", "B")],
        "reviewers_per_unit": "2",
        "distance": "1,5",
        "distance_kind": "points",
        "seed": "12",
        **key(),
        **changed,
    }


def test_the_lead_makes_plans_and_opens_a_round_on_screen(one, client_of):
    officer, head = client_of(one.lead_officer), client_of(one.lead_head)

    answer = officer.post(address("cross_review_new", one), form_of(one))
    round = CrossReviewRound.objects.get()
    where = address("cross_review_round", one, round.pk)
    assert answer.headers["Location"] == where
    shown = text_of(officer.get(where))
    assert "Mỗi đơn vị được 2 đơn vị khác chấm" in shown
    assert "Thủ trưởng đơn vị cụm trưởng xem phương án này và mở vòng" in shown
    officer.post(
        address("cross_review_replan", one, round.pk), {**key(2), "version": round.version}
    )
    round.refresh_from_db()
    assert round.version == 2

    page = head.get(where)
    seen = re.search(r'name="plan" value="([0-9a-f]+)"', page.content.decode()).group(1)
    head.post(address("cross_review_open", one, round.pk), {**key(3), "plan": seen})
    round.refresh_from_db()
    assert (round.state, round.distance) == ("open", Decimal("1.5"))


def test_a_round_that_makes_no_sense_keeps_what_was_typed(one, client_of):
    criteria = one.year.criteria_sets.get().criteria
    both = [criteria.get(code=code).pk for code in ("A", "a1")]

    answer = client_of(one.lead_head).post(
        address("cross_review_new", one), form_of(one, criteria=both, seed="77")
    )

    assert answer.status_code == 422
    assert "Nội dung a1 nằm trong A" in text_of(answer)
    assert 'value="77"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reviewers_per_unit": "hai"}, "Nhập một số nguyên"),
        ({"reviewers_per_unit": ""}, "Hãy ghi số đơn vị chấm"),
        ({"distance": "xa"}, "không phải là số"),
        ({"distance": ""}, "Hãy ghi khoảng cách"),
        ({"criteria": []}, "Hãy chọn ít nhất một nội dung"),
        ({"seed": "99999999999"}, "Số mầm không quá"),
    ],
)
def test_wrong_settings_are_refused_at_their_field(one, client_of, changed, said):
    answer = client_of(one.lead_head).post(
        address("cross_review_new", one), form_of(one, **changed)
    )

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not CrossReviewRound.objects.exists()


def test_the_default_is_the_top_level_groups_and_no_correction(one, client_of):
    page = client_of(one.lead_head).get(address("cross_review_new", one))

    form = page.context["form"]
    chosen = {form.by_key[each].code for each in form.initial["criteria"]}
    assert chosen == {"A", "B"}
    assert not form.initial.get("shows_correction")


def test_a_member_declares_a_conflict_and_sees_only_its_own(one, client_of):
    round = make_round(one)
    other = one.memberships[2]

    client_of(one.officers[1]).post(
        address("cross_review_conflict", one, round.pk),
        {**key(), "second": other.pk, "reason": "Chánh Thanh tra là anh em"},
    )

    assert CrossReviewConflict.objects.get().declared_by == one.officers[1]
    where = address("cross_review_round", one, round.pk)
    assert "Chánh Thanh tra là anh em" in text_of(client_of(one.heads[2]).get(where))
    lead = text_of(client_of(one.lead_head).get(where))
    assert "Chánh Thanh tra là anh em" in lead
    assert "Không phân công được" in lead
    extra = make_round_conflict(one, round)
    assert extra.reason not in text_of(client_of(one.heads[2]).get(where))


def make_round_conflict(one, round):
    return services.declare_conflict(
        round=round,
        pair=(one.memberships[0], one.memberships[1]),
        reason="Riêng của An và Bình",
        actor=one.heads[1],
        at=NOON,
    )


def test_a_member_withdraws_its_declaration(one, client_of):
    round = make_round(one)
    conflict = make_round_conflict(one, round)

    client_of(one.officers[1]).post(
        address("cross_review_conflict_withdraw", one, round.pk, conflict.pk), key()
    )

    assert not CrossReviewConflict.objects.exists()


def test_members_do_not_see_who_scores_whom(one, client_of):
    """Only the own work: a unit that knew its reviewers would know whose points it reads later."""
    round = open_round(one)

    shown = client_of(one.officers[1]).get(address("cross_review_round", one, round.pk))

    assert "plan" not in shown.context
    assert "Phân công" not in text_of(shown)


def test_R11_opening_twice_is_one_act_with_the_same_answer(one, client_of):
    round = make_round(one)
    head = client_of(one.lead_head)
    page = head.get(address("cross_review_round", one, round.pk)).content.decode()
    seen = re.search(r'name="plan" value="([0-9a-f]+)"', page).group(1)
    where = address("cross_review_open", one, round.pk)

    answers = [head.post(where, {**key(), "plan": seen}).headers["Location"] for _ in range(3)]

    assert len(set(answers)) == 1
    assert Entry.objects.filter(action=Action.CROSS_REVIEW_OPENED).count() == 1


# --- Scoring on screen -----------------------------------------------------------------------


def test_a_point_typed_is_saved_at_once(one, client_of):
    open_round(one)
    review = review_of(one, 1, 2)
    score = cross_score(review, "A")
    where = review_address(one, review, "cross_review_score", score.pk)

    answer = client_of(one.officers[1]).post(
        where, {"points": "6,5", "remark": "Tốt\r\nrõ", "version": 1}, **HTMX
    )

    shown = text_of(answer)
    assert "Đã lưu" in shown
    assert "1/2 nội dung" in shown
    assert 'value="2"' in answer.content.decode()
    score.refresh_from_db()
    assert (score.points, score.remark) == (Decimal("6.5"), "Tốt\nrõ")


def test_a_point_that_is_wrong_is_not_saved_and_stays_typed(one, client_of):
    open_round(one)
    review = review_of(one, 1, 2)
    score = cross_score(review, "A")
    where = review_address(one, review, "cross_review_score", score.pk)
    browser = client_of(one.officers[1])

    swapped = browser.post(where, {"points": "8", "version": 1}, **HTMX)
    whole = browser.post(where, {"points": "tám", "version": 1})

    assert "Chưa lưu" in text_of(swapped)
    assert "Nhập một số từ 0 đến 7" in text_of(swapped)
    assert whole.status_code == 422
    assert 'value="tám"' in whole.content.decode()
    assert cross_score(review, "A").points is None


def test_R08_a_colleagues_point_is_shown_beside_the_own(one, client_of):
    open_round(one)
    review = review_of(one, 1, 2)
    give(review, "A", "5", one.heads[1], "Bản của trưởng")
    where = review_address(one, review, "cross_review_score", cross_score(review, "A").pk)
    browser = client_of(one.officers[1])

    answer = browser.post(where, {"points": "6", "remark": "Bản tôi", "version": 1})
    shown = text_of(answer)
    assert answer.status_code == 409
    assert "Trưởng Bình vừa sửa nội dung này" in shown
    assert "Bản đang lưu: 5 điểm – “Bản của trưởng”" in shown
    assert "Bản của bạn, chưa lưu: 6 điểm – “Bản tôi”" in shown

    browser.post(where, {"points": "6", "remark": "Bản tôi", "version": 1, "seen": 2}, **HTMX)
    assert cross_score(review, "A").points == 6


def test_R11_handing_in_twice_is_one_act(one, client_of):
    open_round(one)
    review = review_of(one, 1, 2)
    for code in "AB":
        give(review, code, "1", one.officers[1])
    head = client_of(one.heads[1])

    for _ in range(3):
        head.post(review_address(one, review, "cross_review_hand_in"), key())

    assert Entry.objects.filter(action=Action.CROSS_REVIEW_HANDED_IN).count() == 1
    shown = text_of(head.get(review_address(one, review)))
    assert "Đã nộp phiếu chấm Cường" in shown
    assert "Cộng: 2 /10 điểm" in shown


def test_an_officer_is_told_that_the_head_hands_in(one, client_of):
    open_round(one)
    review = review_of(one, 1, 2)
    for code in "AB":
        give(review, code, "1", one.officers[1])

    page = client_of(one.officers[1]).get(review_address(one, review))

    assert "chờ thủ trưởng nộp" in text_of(page)
    assert 'id="hand-in"' not in page.content.decode()


# --- Results ---------------------------------------------------------------------------------


@pytest.fixture
def closed(one):
    round = open_round(one)
    all_in(one, {(0, 2): ("3", "2"), (1, 2): ("4.5", "2")})
    return close(one, round)


def test_the_lead_reads_points_means_and_differences_with_their_arithmetic(one, client_of, closed):
    unit = address("cross_review_unit", one, closed.pk, one.memberships[2].pk)

    shown = text_of(client_of(one.lead_head).get(unit))

    assert "An 3 Bình 4,5 Trung bình 3,75 (3 + 4,5) : 2 = 3,75 · chênh 1,5" in shown
    assert "Cường, tiêu chí A: Bình cho 4,5, An cho 3; chênh 1,5 điểm, vượt mức 1 điểm." in shown
    over = text_of(client_of(one.lead_head).get(address("cross_review_results", one, closed.pk)))
    assert "1 chỗ, còn 1 chỗ chưa kết luận" in over
    assert "Cường, nội dung A chênh 1,5 điểm (4,5 − 3), vượt mức 1 điểm." in over


def test_corrected_means_are_shown_only_when_switched_on(one, client_of, closed):
    lead = client_of(one.lead_head)
    where = address("cross_review_results", one, closed.pk)

    before = text_of(lead.get(where))
    lead.post(address("cross_review_correction", one, closed.pk), {**key(), "shown": "1"})
    after = text_of(lead.get(where))

    assert "hiệu chỉnh theo độ chặt" not in before
    assert "hiệu chỉnh theo độ chặt" in after
    assert re.search(r"Cường 2/2 3,75 \([^)]+\)", after)


def test_the_lead_settles_a_difference_on_screen(one, client_of, closed):
    criterion = closed.criteria.get(criterion__code="A")
    where = address("cross_review_settle", one, closed.pk, one.memberships[2].pk, criterion.pk)
    unit = address("cross_review_unit", one, closed.pk, one.memberships[2].pk)
    lead = client_of(one.lead_head)

    empty = lead.post(where, {**key(), "note": "", "version": 0})
    assert empty.status_code == 422
    assert "Hãy ghi kết luận" in text_of(empty)
    lead.post(where, {**key(2), "note": "Thống nhất 4 điểm", "version": 0})
    stale = client_of(one.lead_officer).post(where, {**key(3), "note": "Khác", "version": 0})
    assert stale.status_code == 422
    assert "Trưởng An vừa ghi kết luận này" in text_of(stale)
    assert "Kết luận: Thống nhất 4 điểm" in text_of(lead.get(unit))
    told = text_of(client_of(one.heads[2]).get(address("cross_review_round", one, closed.pk)))
    assert "Kết luận về chênh lệch: Thống nhất 4 điểm" in told


def test_reviews_that_were_not_handed_in_do_not_count(one, client_of):
    round = open_round(one)
    hand_in(one, 0, 2, "3", "2")
    give(review_of(one, 1, 2), "A", "6.75", one.officers[1])
    close(one, round, "Quá hạn")
    lead = client_of(one.lead_head)

    unit = text_of(lead.get(address("cross_review_unit", one, round.pk, one.memberships[2].pk)))
    matrix = text_of(lead.get(address("cross_review_matrix", one, round.pk)))

    assert "1/2 đơn vị chấm đã nộp" in unit
    assert "6,75" not in unit + matrix
    assert "Cường Bình — — — Cường Trung bình 3 2 5" in matrix


def test_the_matrix_shows_every_point_and_the_means(one, world, client_of, closed):
    shown = text_of(client_of(world.superior).get(address("cross_review_matrix", one, closed.pk)))

    assert "Cường An 3 2 5 Cường Bình 4,5 2 6,5 Cường Trung bình 3,75 2 5,75" in shown


def test_texts_people_wrote_are_escaped_in_the_matrix(one, world, client_of, closed):
    organisation = one.memberships[1].organisation
    organisation.short_name = "<b>Bình</b>"
    organisation.save()

    page = client_of(world.superior).get(address("cross_review_matrix", one, closed.pk))

    assert "<b>Bình" not in page.content.decode()
    assert "&lt;b&gt;Bình" in page.content.decode()


@given(st.fractions(min_value=0, max_value=1000, max_denominator=60))
def test_a_mean_is_shown_exactly_or_marked_as_rounded(value):
    shown = about(value)

    number = Fraction(shown.removeprefix("≈").replace(".", "").replace(",", "."))
    assert abs(number - value) <= Fraction(1, 200)
    assert shown.startswith("≈") == (number != value)


def test_an_empty_mean_is_a_dash():
    assert about(None) == "—"


# --- Query counts ----------------------------------------------------------------------------


def count(browser, where):
    browser.get(where)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert browser.get(where).status_code == 200
    return len(found)


def rounds_of_size(size, leaves):
    """A closed round of so many units, everybody scoring two others on `leaves` criteria."""
    world = make_world(size)
    table = issue_table(world.one, wide_table(leaves))
    criteria = tuple(table.criteria.filter(is_leaf=True))
    round = open_round(
        world.one, make_round(world.one, "1", criteria=criteria, distance=Decimal(0))
    )
    for number, review in enumerate(round.reviews.order_by("pk")):
        place = next(
            index
            for index, each in enumerate(world.one.memberships)
            if each.pk == review.reviewer_id
        )
        full = (
            type(review)
            .objects.select_related(
                "round__criteria_set__year", "reviewer__organisation", "reviewed__organisation"
            )
            .get(pk=review.pk)
        )
        for score in review.scores.select_related("criterion__criterion"):
            give_number(full, score, number % 2, world.one.officers[place])
        services.hand_in_cross_review(review=full, actor=world.one.heads[place], at=NOON)
    return world, close(world.one, round)


def give_number(review, score, value, actor):
    score.review = review
    services.save_cross_score(
        score=score, points=Decimal(value), remark="", version=1, actor=actor, at=NOON
    )


QUERIES = {
    "list": 11,
    "round": 25,
    "results": 17,
    "unit": 18,
    "matrix": 15,
    "round of a member": 22,
    "review": 17,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "leaves"), [(3, 2), (6, 12)])
def test_pages_need_a_constant_number_of_queries(client_of, size, leaves):
    world, round = rounds_of_size(size, leaves)
    one = world.one
    lead, member = client_of(one.lead_head), client_of(one.officers[1])
    review = round.reviews.filter(reviewer=one.memberships[1]).first()
    unit = round.reviews.exclude(reviewed=one.memberships[0]).first().reviewed_id

    found = {
        "list": count(lead, address("cross_reviews", one)),
        "round": count(lead, address("cross_review_round", one, round.pk)),
        "results": count(lead, address("cross_review_results", one, round.pk)),
        "unit": count(lead, address("cross_review_unit", one, round.pk, unit)),
        "matrix": count(lead, address("cross_review_matrix", one, round.pk)),
        "round of a member": count(member, address("cross_review_round", one, round.pk)),
        "review": count(member, review_address(one, review)),
    }

    assert found == QUERIES


# --- The rest of the lead's acts on screen ---------------------------------------------------


def test_the_lead_changes_settings_until_the_round_is_open(one, client_of):
    round = make_round(one)
    where = address("cross_review_edit", one, round.pk)
    lead = client_of(one.lead_officer)

    lead.post(where, form_of(one, version=1, distance="10", distance_kind="percent"))
    stale = lead.post(where, form_of(one, version=1, distance="20", **key(2)))
    round.refresh_from_db()
    assert (round.distance, round.distance_kind) == (10, "percent")
    assert stale.status_code == 422
    assert "vừa sửa vòng chấm chéo này" in text_of(stale)

    open_round(one, round)
    refused = lead.get(where, follow=True)
    assert "không sửa được nữa" in text_of(refused)


def test_the_head_closes_a_round_on_screen_with_a_reason(one, client_of):
    round = open_round(one)
    where = address("cross_review_close", one, round.pk)
    head = client_of(one.lead_head)

    refused = text_of(head.post(where, key(), follow=True))
    head.post(where, {**key(2), "reason": "Quá hạn ba ngày"})

    assert "Còn 6/6 phiếu chưa nộp" in refused
    shown = text_of(head.get(address("cross_review_round", one, round.pk)))
    assert "Lý do đóng khi còn phiếu chưa nộp: Quá hạn ba ngày" in shown
    mine = client_of(one.officers[1])
    assert "Không đơn vị nào nộp điểm chấm đơn vị bạn" in text_of(
        mine.get(address("cross_review_round", one, round.pk))
    )
    late = text_of(mine.get(review_address(one, review_of(one, 1, 2))))
    assert "Vòng chấm chéo đã đóng trước khi phiếu này được nộp" in late


def test_a_distance_in_per_cent_is_told_with_its_arithmetic(one, client_of):
    round = open_round(one, distance=Decimal(20), distance_kind="percent")
    all_in(one, {(0, 2): ("3", "2"), (1, 2): ("4.5", "2")})
    close(one, round)

    shown = text_of(client_of(one.lead_head).get(address("cross_review_results", one, round.pk)))

    assert "chênh 1,5 điểm (4,5 − 3), vượt mức 20 % của 7 điểm = 1,4." in shown


def test_a_spread_equal_to_the_set_distance_is_no_disagreement(one, client_of):
    round = open_round(one, distance=Decimal("1.5"))
    all_in(one, {(0, 2): ("3", "2"), (1, 2): ("4.5", "2")})
    close(one, round)

    shown = text_of(client_of(one.lead_head).get(address("cross_review_results", one, round.pk)))

    assert "Không có chênh lệch nào vượt mức" in shown


def test_corrected_means_that_cannot_be_compared_come_with_a_warning(one, client_of):
    """Each unit scored by one other: no two share a reviewer."""
    round = open_round(one, reviewers_per_unit=1, shows_correction=True)
    for review in round.reviews.all():
        places = [member.pk for member in one.memberships]
        hand_in(one, places.index(review.reviewer_id), places.index(review.reviewed_id))
    close(one, round)

    shown = text_of(client_of(one.lead_head).get(address("cross_review_results", one, round.pk)))

    assert "không có người chấm chung" in shown
    assert "không so được điểm đã hiệu chỉnh giữa các nhóm" in shown


def test_the_stored_criterion_is_fetched_again_alone(one, client_of):
    open_round(one)
    review = review_of(one, 1, 2)
    score = give(review, "A", "5", one.officers[1], "Đang lưu")
    where = review_address(one, review, "cross_review_score", score.pk)
    browser = client_of(one.officers[1])

    alone = browser.get(where, **HTMX)
    whole = browser.get(where)

    assert f'id="score-{score.pk}"' in alone.content.decode()
    assert "Đang lưu" in text_of(alone)
    assert "<html" not in alone.content.decode()
    assert whole.headers["Location"] == f"{review_address(one, review)}#score-{score.pk}"


def test_no_sheet_is_read_for_a_round_that_is_not_open(one):
    submit_with(one, 2, "2.5", "Kín")
    round = make_round(one)
    review = round.reviews.create(reviewer=one.memberships[1], reviewed=one.memberships[2])
    for criterion in round.criteria.all():
        review.scores.create(criterion=criterion)

    assert [line.claims for line in review_lines(review)] == [(), ()]


def test_a_conflict_without_a_reason_or_unit_is_refused_at_its_field(one, client_of):
    round = make_round(one)
    where = address("cross_review_conflict", one, round.pk)

    answer = client_of(one.officers[1]).post(where, {**key(), "second": "", "reason": " "})
    lead = client_of(one.lead_head).post(
        where,
        {
            **key(2),
            "first": one.memberships[1].pk,
            "second": one.memberships[1].pk,
            "reason": "Lý do",
        },
    )

    assert answer.status_code == lead.status_code == 422
    assert "Hãy chọn đơn vị" in text_of(answer)
    assert "Hãy ghi lý do" in text_of(answer)
    assert "Hãy chọn hai đơn vị khác nhau" in text_of(lead)
