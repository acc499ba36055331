"""The launch page for each who opens it, and the acts on it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories.world import NOON, make_organisation, make_world
from tests.movements.browser import Browser, words
from tests.movements.launches import TEXT, draft, published
from thidua.audit.models import Action, Entry
from thidua.movements.models import Launch, Receipt
from thidua.movements.services import confirm_receipt
from thidua.organisations.models import Membership

TYPED = {
    "version": "",
    "plan_number": "12/KH-CTĐ",
    "plan_on": "20/02/2026",
    "slogan": "Siết chặt kỷ cương, tăng cường hiệu quả",
    "theme": "Đổi mới hoạt động thanh tra",
    "introduction": "",
    "goals": "1. Hoàn thành kế hoạch thanh tra\n\n- Giải quyết đơn thư đúng hạn\n",
}


def address(name, world):
    return reverse(f"movements:{name}", args=[world.one.year.pk])


def test_launch_not_yet_there_says_what_happens_next(world):
    page = address("launch", world)

    assert "Soạn phát động" in Browser(world.one.lead_officer).text(page)
    member = Browser(world.one.heads[1]).text(page)
    assert "Cụm trưởng chưa công bố phát động" in member
    assert address("launch_edit", world) not in member


def test_launch_draft_is_shown_to_the_lead_only(world):
    draft(world.one)
    page = address("launch", world)

    assert TEXT.slogan in Browser(world.one.lead_officer).text(page)
    for other in (world.one.heads[1], world.superior, world.administrator):
        assert TEXT.slogan not in Browser(other).text(page)


def test_launch_offers_publishing_to_the_head_of_the_lead_only(world):
    draft(world.one)
    page, act = address("launch", world), address("launch_publish", world)

    assert act in Browser(world.one.lead_head).text(page)
    assert act not in Browser(world.one.lead_officer).text(page)


def test_launch_published_shows_plan_slogan_goals_and_who_has_it(world):
    launch = published(world.one)
    confirm_receipt(
        launch=launch, membership=world.one.memberships[2], actor=world.one.heads[2], at=NOON
    )

    text = Browser(world.superior).text(address("launch", world))

    assert "Kế hoạch số 12/KH-CTĐ ngày 20/02/2026" in text
    assert TEXT.slogan in text
    assert all(goal in text for goal in TEXT.goals)
    assert "1/3" in text
    assert "12:00, 02/03/2026" in text
    assert text.count("Chưa xác nhận") == 2


@pytest.mark.parametrize(
    ("who", "offered"),
    [("heads", True), ("officers", False)],
)
def test_launch_offers_confirming_to_the_head(world, who, offered):
    published(world.one)

    text = Browser(getattr(world.one, who)[1]).text(address("launch", world))

    assert (address("launch_confirm", world) in text) is offered


def test_launch_of_another_cluster_does_not_exist(world):
    published(world.one)

    for other in (world.two.lead_head, world.stranger):
        browser = Browser(other)
        assert browser.get(address("launch", world)).status_code == 404
        assert browser.get(address("launch_edit", world)).status_code == 404
        assert browser.post(address("launch_confirm", world)).status_code == 404
        assert browser.post(address("launch_publish", world)).status_code == 404
    assert not Receipt.objects.exists()


def test_launch_edit_saves_goals_one_per_line_without_their_marks(world):
    answer = Browser(world.one.lead_officer).post(address("launch_edit", world), TYPED)

    assert answer.status_code == 302
    launch = Launch.objects.get()
    assert [goal.text for goal in launch.goals.all()] == [
        "Hoàn thành kế hoạch thanh tra",
        "Giải quyết đơn thư đúng hạn",
    ]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("plan_on", "31/02/2026", "Nhập ngày theo dạng"),
        ("plan_on", "20/02/2062", "quá xa"),
        ("goals", "x" * 501, "Mục tiêu thứ 1 dài hơn 500 ký tự"),
        ("slogan", "", "Khẩu hiệu"),
    ],
)
def test_launch_edit_with_a_slip_keeps_what_was_typed(world, field, typed, said):
    answer = Browser(world.one.lead_officer).post(
        address("launch_edit", world), {**TYPED, field: typed}
    )

    assert said in words(answer)
    assert "Đổi mới hoạt động thanh tra" in words(answer)
    assert not Launch.objects.exists()


def test_R08_launch_edit_shows_both_texts_and_saves_when_sent_again(world):
    draft(world.one)
    browser = Browser(world.one.lead_head)
    mine = {**TYPED, "version": "7", "slogan": "Bản của tôi"}

    refused = browser.post(address("launch_edit", world), mine)
    shown = words(refused)
    again = browser.post(
        address("launch_edit", world),
        {**mine, "version": refused.context["form"]["version"].value()},
    )

    assert "Người khác vừa sửa" in shown
    assert "Cán bộ An" in shown
    assert TEXT.slogan in shown
    assert "Bản của tôi" in shown
    assert again.status_code == 302
    assert Launch.objects.get().slogan == "Bản của tôi"


def test_launch_edit_after_publishing_leads_back(world):
    published(world.one)
    browser = Browser(world.one.lead_head)

    answer = browser.get(address("launch_edit", world))

    assert browser.said(answer) == ["Phát động đã công bố nên không sửa được nữa."]


def test_launch_edit_and_publish_by_a_member_are_forbidden(world):
    draft(world.one)
    browser = Browser(world.one.heads[1])

    assert browser.get(address("launch_edit", world)).status_code == 403
    assert browser.post(address("launch_edit", world), TYPED).status_code == 403
    # For a member there is no draft that could be published.
    assert browser.post(address("launch_publish", world)).status_code == 404


def test_launch_publish_of_a_text_changed_meanwhile_is_refused(world):
    draft(world.one)
    browser = Browser(world.one.lead_head)

    answer = browser.post(address("launch_publish", world), {"version": "9"})

    assert "Người khác vừa sửa" in browser.said(answer)[0]
    assert Launch.objects.get().published_at is None


def test_launch_publish_and_confirm(world):
    launch = draft(world.one)

    Browser(world.one.lead_head).post(address("launch_publish", world), {"version": launch.version})
    Browser(world.one.heads[1]).post(address("launch_confirm", world))

    assert Launch.objects.get().published_at is not None
    assert Receipt.objects.get().membership == world.one.memberships[1]


def test_launch_confirm_by_an_officer_is_forbidden(world):
    published(world.one)

    for actor in (world.one.officers[1], world.superior, world.administrator):
        assert Browser(actor).post(address("launch_confirm", world)).status_code == 403

    assert not Receipt.objects.exists()


def test_R11_launch_confirm_sent_twice_has_one_effect_and_one_answer(world):
    published(world.one)
    browser, key = Browser(world.one.heads[1]), uuid4().hex

    first = browser.post(address("launch_confirm", world), key=key)
    second = browser.post(address("launch_confirm", world), key=key)
    new = browser.post(address("launch_confirm", world))

    assert first.url == second.url
    assert "Đơn vị đã xác nhận nhận phát động trước đó." in browser.said(new)
    assert Receipt.objects.count() == 1
    assert Entry.objects.filter(action=Action.LAUNCH_RECEIVED).count() == 1


def test_launch_page_asks_as_many_queries_for_six_members_as_for_two(db):
    world = make_world(2)
    launch = published(world.one)
    browser, page = Browser(world.one.heads[0]), address("launch", world)
    confirm_receipt(
        launch=launch, membership=world.one.memberships[1], actor=world.one.heads[1], at=NOON
    )

    few = browser.queries(page)
    for order, name in enumerate(["Dũng", "Giang", "Hà", "Khánh"], start=3):
        membership = Membership.objects.create(
            year=world.one.year, organisation=make_organisation(name), order=order
        )
        if order > 4:
            Receipt.objects.create(
                launch=launch,
                membership=membership,
                confirmed_by=world.one.heads[1],
                confirmed_at=NOON,
            )

    assert browser.queries(page) == few
