"""A unit scores another in a real browser, on a phone; the lead plans, opens, closes, settles."""

from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from tests.factories.scoring import issue_table, save, sheet_of
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
from thidua.rules.scoring import Claim
from thidua.scoring import services
from thidua.scoring.models import CrossReviewRound

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(live_server: Any) -> Any:
    """The small table in force; the third member has handed in its sheet with explanations."""
    one = make_world().one
    issue_table(one)
    sheet = sheet_of(one, 2)
    said = {
        "a1": "Hoàn thành 12/12 cuộc thanh tra theo kế hoạch; 01 cuộc ban hành kết luận chậm 03 ngày.",
        "a2": "Tiếp 214 lượt công dân; có sổ theo dõi và báo cáo từng quý.",
    }
    for score in list(sheet.scores.select_related("criterion", "sheet__membership")):
        maximum = score.criterion.maximum
        services.save_claim(
            score=score,
            claim=Claim(base=maximum) if maximum is not None else Claim(bonus=Decimal(0)),
            explanation=said.get(score.criterion.code, ""),
            version=score.version,
            actor=one.officers[2],
            at=NOON,
        )
    save(sheet, "a1", one.officers[2], "2.5", explanation=said["a1"])
    services.submit_self_score(sheet=sheet, actor=one.heads[2], at=NOON)
    return one


@pytest.fixture
def page_of(open_page: Any, live_server: Any, client_of: Any) -> Any:
    """A page of the product as a person sees it."""

    def show(person: Any, place: str, width: int = 1366, **options: Any) -> Any:
        page = open_page(width=width, height=800, **options)
        name = settings.SESSION_COOKIE_NAME
        session = client_of(person).cookies[name].value
        page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page.goto(place)
        return page

    return show


def address(name: str, one: Any, *args: Any) -> str:
    return reverse(f"scoring:{name}", args=[one.year.pk, *args])


def type_into(page: Any, place: str, value: str) -> None:
    """Type and leave the field by the keyboard."""
    page.fill(place, value)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Tab")


def test_a_cross_reviewer_scores_another_unit_on_a_phone(one, page_of):
    """From the round to the handed-in review: the officer fills, a mistake is said, the head ends."""
    round = open_round(one)
    hand_in(one, 0, 2, "4.75", "1.25")
    review = review_of(one, 1, 2)
    a, b = cross_score(review, "A"), cross_score(review, "B")
    page = page_of(one.officers[1], address("cross_reviews", one), width=360)

    page.get_by_role("link", name="Vòng chấm chéo 1").click()
    page.get_by_role("link", name="Thanh tra tỉnh Cường").click()
    page.locator(f"#score-{a.pk}").get_by_text("Bảng tự chấm của đơn vị").click()
    page.locator(f"#score-{a.pk}").get_by_text("01 cuộc ban hành kết luận chậm").wait_for()
    assert "4,75" not in page.inner_text("body")

    type_into(page, f"#p-{a.pk}", "7,5")
    page.locator(f"#e-{a.pk}-points").get_by_text("từ 0 đến 7").wait_for()
    type_into(page, f"#p-{a.pk}", "6,5")
    page.locator(f"#r-{a.pk}").get_by_text("Đã lưu").wait_for()
    type_into(page, f"#t-{a.pk}", "Kết luận còn chậm")
    type_into(page, f"#p-{b.pk}", "2")
    page.locator("#cross-progress").get_by_text("Đã đủ: chờ thủ trưởng nộp").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    head = page_of(one.heads[1], address("cross_review", one, round.pk, review.pk), width=360)
    head.get_by_role("button", name="Nộp phiếu chấm").first.click()
    head.locator("#hand-in").get_by_role("button", name="Nộp phiếu chấm").click()
    head.get_by_text("Đã nộp phiếu chấm Cường").wait_for()
    head.get_by_text("Các đơn vị khác đã nộp: 4,75").wait_for()
    assert cross_score(review, "A").remark == "Kết luận còn chậm"


def test_R08_two_people_of_a_unit_score_one_criterion_and_nothing_is_overwritten(one, page_of):
    round = open_round(one)
    review = review_of(one, 1, 2)
    a = cross_score(review, "A")
    place = address("cross_review", one, round.pk, review.pk)
    first, second = page_of(one.officers[1], place), page_of(one.heads[1], place)

    type_into(first, f"#p-{a.pk}", "5")
    type_into(second, f"#p-{a.pk}", "6")
    conflict = second.locator(f"#r-{a.pk}")
    conflict.get_by_text("Cán bộ Bình vừa sửa nội dung này").wait_for()
    assert cross_score(review, "A").points == 5

    conflict.get_by_role("link", name="Dùng bản đang lưu").click()
    second.locator(f"#r-{a.pk}").get_by_text("Đã lưu").wait_for()
    assert second.input_value(f"#p-{a.pk}") == "5"
    type_into(second, f"#p-{a.pk}", "6")
    second.locator(f"#r-{a.pk}").get_by_text("Đã lưu").wait_for()
    type_into(first, f"#p-{a.pk}", "7")
    first.locator(f"#r-{a.pk}").get_by_role("button", name="Lưu bản của tôi thay vào").click()
    first.locator(f"#r-{a.pk}").get_by_text("Đã lưu").wait_for()
    assert cross_score(review, "A").points == 7


def test_the_lead_makes_opens_closes_a_round_and_settles_a_difference(one, page_of):
    officer = page_of(one.lead_officer, address("cross_reviews", one))
    officer.get_by_role("link", name="Lập vòng chấm chéo").click()
    officer.get_by_label("Số đơn vị chấm cho mỗi đơn vị").fill("2")
    officer.get_by_role("button", name="Lập vòng").click()
    officer.get_by_text("Đã lập vòng chấm chéo").wait_for()
    officer.get_by_role("button", name="Phân công lại").click()
    officer.get_by_text("Đã phân công lại với số mầm").wait_for()

    round = CrossReviewRound.objects.get()
    where = address("cross_review_round", one, round.pk)
    head = page_of(one.lead_head, where)
    head.get_by_role("button", name="Mở vòng chấm chéo").click()
    head.locator("#open-round").get_by_role("button", name="Mở vòng").click()
    head.get_by_text("Đã mở vòng chấm chéo").wait_for()
    all_in(one, {(0, 2): ("3", "2"), (1, 2): ("6.5", "2")})
    head.goto(where)
    head.get_by_text("6/6 phiếu đã nộp").last.wait_for()
    head.get_by_role("button", name="Đóng vòng chấm chéo").click()
    head.locator("#close-round").get_by_role("button", name="Đóng vòng").click()
    head.get_by_text("Đã đóng vòng chấm chéo").wait_for()

    head.get_by_role("link", name="Kết quả").click()
    head.get_by_role("link", name="Cường, nội dung A").click()
    head.get_by_label("Kết luận").fill("Thống nhất 5 điểm sau khi đối chiếu sổ tiếp công dân")
    head.get_by_role("button", name="Lưu kết luận").click()
    head.get_by_text("Đã ghi kết luận ở nội dung A").wait_for()
    assert round.settlements.get().note.startswith("Thống nhất 5 điểm")


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_of_cross_review_fit_the_screen_and_axe_finds_nothing(one, page_of, width):
    draft = make_round(one)
    services.declare_conflict(
        round=draft,
        pair=(one.memberships[1], one.memberships[2]),
        reason="Hai Chánh Thanh tra là anh em ruột",
        actor=one.heads[1],
        at=NOON,
    )
    check(page_of, width, *places_of_a_draft(one, draft))
    services.withdraw_conflict(conflict=draft.conflicts.get(), actor=one.lead_head, at=NOON)
    round = open_round(one, draft)
    review = review_of(one, 1, 2)
    give(review, "A", "5.5", one.officers[1], "Tốt")
    opened = address("cross_review", one, round.pk, review.pk)
    check(
        page_of,
        width,
        (one.officers[1], opened),
        (one.lead_head, address("cross_review_round", one, round.pk)),
    )
    all_in(one, {(0, 2): ("3", "2"), (1, 2): ("6.5", "2")})
    close(one, round)
    services.show_correction(round=round, shown=True, actor=one.lead_head, at=NOON)
    unit = one.memberships[2].pk
    check(
        page_of,
        width,
        (one.officers[1], opened),
        (one.officers[2], address("cross_review_round", one, round.pk)),
        (one.lead_head, address("cross_review_results", one, round.pk)),
        (one.lead_head, address("cross_review_unit", one, round.pk, unit)),
        (one.lead_head, address("cross_review_matrix", one, round.pk)),
    )


def places_of_a_draft(one: Any, round: Any) -> list[tuple[Any, str]]:
    return [
        (one.lead_head, address("cross_reviews", one)),
        (one.lead_head, address("cross_review_edit", one, round.pk)),
        (one.lead_head, address("cross_review_round", one, round.pk)),
        (one.heads[2], address("cross_review_round", one, round.pk)),
        (one.heads[2], address("cross_review_conflict", one, round.pk)),
    ]


def check(page_of: Any, width: int, *places: tuple[Any, str]) -> None:
    for person, place in places:
        page = page_of(person, place, width=width)
        found = Axe().run(page).response["violations"]
        faults = [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]
        assert faults == [], place
        assert page.evaluate("document.documentElement.scrollWidth") == width, place
        page.close()
