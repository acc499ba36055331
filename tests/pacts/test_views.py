"""The pact's pages for each who opens them, and every act on them."""

import hashlib
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories.world import NOON
from tests.movements.browser import Browser, words
from tests.pacts.pacts import (
    add,
    agree_all,
    consulting,
    draft,
    freeze,
    frozen,
    indicator,
    measured,
    say,
)
from thidua.audit.models import Action, Entry
from thidua.documents.models import SigningRound
from thidua.organisations.models import Organisation
from thidua.pacts import services
from thidua.pacts.content import content_fingerprint, content_of
from thidua.pacts.models import Agreement, Comment, Commitment, PactVersion
from thidua.pacts.services import CommitmentText


@pytest.fixture
def one(world, files_dir):
    return world.one


def at(name, one, *args):
    return reverse(f"pacts:{name}", args=[one.year.pk, *args])


def new_version(one):
    """A second version that differs from the frozen first one."""
    pact = services.start_pact(
        year=one.year, title="Giao ước thi đua", actor=one.lead_officer, at=NOON
    )
    row = Commitment.objects.filter(group__pact=pact).first()
    services.save_commitment(
        pact=pact,
        group=row.group,
        commitment=row,
        text=measured(target="95"),
        actor=one.lead_officer,
        at=NOON,
    )
    return pact


# --- The board -------------------------------------------------------------------------------
def test_board_without_a_pact_says_what_happens_next(one):
    assert "Lập bản soạn giao ước" in Browser(one.lead_officer).text(at("board", one))
    member = Browser(one.heads[1]).text(at("board", one))
    assert "Cụm trưởng đang chuẩn bị giao ước" in member
    assert at("start", one) not in member


def test_board_of_a_draft_is_the_leads(one, world):
    draft(one)

    assert "Hoàn thành kế hoạch thanh tra" in Browser(one.lead_officer).text(at("board", one))
    for other in (one.heads[1], world.superior, world.administrator):
        text = Browser(other).text(at("board", one))
        assert "Hoàn thành kế hoạch thanh tra" not in text
        assert "Cụm trưởng đang chuẩn bị giao ước" in text


def test_board_shows_measurable_targets_in_words(one):
    consulting(one)

    text = Browser(one.heads[1]).text(at("board", one))

    assert "Tỷ lệ cuộc thanh tra hoàn thành: <strong" in text
    assert "từ 100 % trở lên" in text
    assert text.count("Đo được") == 1


@pytest.mark.parametrize(
    ("who", "position", "shown", "hidden"),
    [
        ("heads", 1, ["agree", "comment"], ["freeze", "text_edit", "answer"]),
        ("officers", 1, ["comment"], ["agree", "freeze", "text_edit", "answer"]),
        ("heads", 0, ["agree", "freeze", "text_edit", "answer"], ["open"]),
        ("officers", 0, ["text_edit", "answer"], ["agree", "freeze"]),
    ],
)
def test_board_offers_acts_only_to_those_who_may(one, who, position, shown, hidden):
    pact = consulting(one)
    comment = say(one, pact)
    places = {
        "agree": at("agree", one),
        "comment": at("comment", one, comment.commitment_id),
        "freeze": at("freeze", one),
        "text_edit": at("text_edit", one),
        "answer": at("answer", one, comment.pk),
        "open": at("open", one),
    }

    text = Browser(getattr(one, who)[position]).text(at("board", one))

    assert all(f'"{places[name]}"' in text for name in shown)
    assert not any(f'"{places[name]}"' in text for name in hidden)


def test_board_for_who_only_reads_offers_nothing(one, world):
    consulting(one)

    for reader in (world.superior, world.administrator, one.appraiser):
        text = Browser(reader).text(at("board", one))
        assert "Hoàn thành kế hoạch thanh tra" in text
        assert 'action="/giao-uoc/' not in text


def test_board_shows_who_agreed_and_whose_agreement_is_out_of_date(one):
    pact = consulting(one)
    services.agree(
        pact=pact,
        membership=one.memberships[1],
        content=content_fingerprint(pact),
        actor=one.heads[1],
        at=NOON,
    )
    assert "1/3" in Browser(one.lead_head).text(at("board", one))

    add(one, pact, CommitmentText("Thêm cam kết"))

    text = Browser(one.lead_head).text(at("board", one))
    assert "0/3" in text
    assert "đã thống nhất bản lúc 12:00, 02/03/2026; nội dung đã sửa sau đó" in text
    assert "Chưa chốt được" in text


def test_board_shows_comments_with_their_answers(one):
    comment = say(one, consulting(one))
    before = Browser(one.heads[2]).text(at("board", one))
    services.answer(comment=comment, text="Sẽ bổ sung", actor=one.lead_head, at=NOON)

    after = Browser(one.heads[2]).text(at("board", one))

    assert "Chờ trả lời" in before
    assert "Nên ghi rõ thời hạn" in after
    assert "Sẽ bổ sung" in after
    assert "Chờ trả lời" not in after


def test_board_of_a_frozen_pact_shows_the_signing_progress(one):
    pact = frozen(one)

    text = Browser(one.heads[1]).text(at("board", one))

    assert "0/3" in text
    assert "Đơn vị bạn chưa ký" in text
    assert reverse("documents:signing", args=[one.year.pk, pact.signing_id]) in text
    assert pact.fingerprint in text


def test_board_keeps_showing_the_frozen_version_while_the_lead_writes_the_next(one):
    frozen(one)
    new_version(one)

    assert "phiên bản 1" in Browser(one.heads[1]).text(at("board", one))
    lead = Browser(one.lead_head).text(at("board", one))
    assert "phiên bản 2" in lead
    assert at("version", one, 1) in lead
    assert at("difference", one, 1, 2) in lead


def test_board_asks_as_many_queries_for_many_commitments_and_comments_as_for_few(one):
    pact = consulting(one)
    say(one, pact)
    browser, page = Browser(one.lead_head), at("board", one)
    few = browser.queries(page)

    group = services.save_group(
        pact=pact, group=None, title="Nhóm hai", actor=one.lead_officer, at=NOON
    )
    for number in range(4):
        row = add(one, pact, measured(f"Cam kết {number}", str(90 + number)), group)
        services.comment(
            commitment=row,
            membership=one.memberships[2],
            text="Góp ý",
            actor=one.heads[2],
            at=NOON,
        )
    agree_all(one, pact)

    assert browser.queries(page) == few


def test_pages_of_another_cluster_do_not_exist(one, world):
    pact = consulting(one)
    comment = say(one, pact)
    row = comment.commitment
    pages = [at("board", one), at("version", one, 1), at("version_json", one, 1)]
    acts = [
        at("start", one),
        at("text_edit", one),
        at("group_new", one),
        at("group_edit", one, row.group_id),
        at("group_remove", one, row.group_id),
        at("commitment_new", one, row.group_id),
        at("commitment_edit", one, row.pk),
        at("commitment_remove", one, row.pk),
        at("commitment_move", one, row.pk),
        at("comment", one, row.pk),
        at("answer", one, comment.pk),
        at("open", one),
        at("agree", one),
        at("freeze", one),
    ]
    before = content_of(pact)

    for other in (world.two.lead_head, world.stranger):
        browser = Browser(other)
        assert {browser.get(page).status_code for page in pages} == {404}
        assert {browser.post(act, {"text": "x", "title": "x"}).status_code for act in acts} == {404}

    assert content_of(pact) == before


def test_T01_objects_of_another_year_do_not_exist_under_the_own_one(one, world):
    consulting(one)
    other = world.two
    pact = consulting(other)
    row = Commitment.objects.filter(group__pact=pact).first()
    lead = Browser(one.lead_head)

    for name, pk in (
        ("group_edit", row.group_id),
        ("commitment_new", row.group_id),
        ("commitment_edit", row.pk),
        ("comment", row.pk),
    ):
        assert lead.get(at(name, one, pk)).status_code == 404
    for name in ("commitment_remove", "commitment_move"):
        assert lead.post(at(name, one, row.pk)).status_code == 404


# --- Writing ---------------------------------------------------------------------------------
def test_start_and_write_a_pact_in_the_browser(one):
    browser = Browser(one.lead_officer)

    browser.post(at("start", one), {"title": "Giao ước thi đua"})
    browser.post(
        at("text_edit", one),
        {
            "version": 1,
            "title": "Giao ước",
            "dated_on": "14/03/2026",
            "document_number": "05/GƯ-CTĐ",
            "preamble": "Mở đầu",
            "closing": "",
        },
    )
    browser.post(at("group_new", one), {"version": 2, "title": "Thanh tra"})
    pact = PactVersion.objects.get()
    group = pact.groups.get()
    answer = browser.post(
        at("commitment_new", one, group.pk),
        {
            "version": 3,
            "group": group.pk,
            "text": "Hoàn thành kế hoạch",
            "indicator": indicator().pk,
            "comparison": "at_least",
            "target": "82,5",
            "measure": "",
        },
    )

    assert answer.status_code == 302
    [(_, commitment)] = content_of(pact).commitments()
    assert (commitment.target, commitment.measure) == ("82.5", "%")
    assert (pact.title, pact.document_number) == ("Giao ước", "05/GƯ-CTĐ")


def test_commitment_with_half_a_target_keeps_what_was_typed(one):
    pact = draft(one)
    group = pact.groups.get()

    answer = Browser(one.lead_officer).post(
        at("commitment_new", one, group.pk),
        {
            "version": pact.version,
            "group": group.pk,
            "text": "Cam kết nửa chừng",
            "comparison": "at_least",
            "target": "80",
        },
    )

    assert "cần đủ bốn phần" in words(answer)
    assert "Cam kết nửa chừng" in words(answer)
    assert Commitment.objects.count() == 2


def test_commitment_with_a_number_in_the_wrong_writing_says_how(one):
    pact = draft(one)
    group = pact.groups.get()

    answer = Browser(one.lead_officer).post(
        at("commitment_new", one, group.pk),
        {"version": pact.version, "group": group.pk, "text": "x", "target": "1.234"},
    )

    assert "là 1234 hay 1,234?" in words(answer)


def test_T02_commitment_cannot_be_put_into_a_group_of_another_pact(one, world):
    pact, foreign = draft(one), draft(world.two)

    answer = Browser(one.lead_officer).post(
        at("commitment_new", one, pact.groups.get().pk),
        {"version": pact.version, "group": foreign.groups.get().pk, "text": "Chen vào"},
    )

    assert answer.status_code == 200
    assert "group" in answer.context["form"].errors
    assert foreign.groups.get().commitments.count() == 2


def test_R08_commitment_changed_meanwhile_shows_both_texts_and_saves_when_sent_again(one):
    pact = draft(one)
    row = Commitment.objects.first()
    browser, page = Browser(one.lead_head), at("commitment_edit", one, row.pk)
    mine = {"version": pact.version - 1, "group": row.group_id, "text": "Bản của tôi"}

    refused = browser.post(page, mine)
    again = browser.post(page, {**mine, "version": refused.context["form"]["version"].value()})

    assert "Cán bộ An vừa sửa giao ước" in words(refused)
    assert row.text in words(refused)
    assert "Bản của tôi" in words(refused)
    assert again.status_code == 302
    row.refresh_from_db()
    assert row.text == "Bản của tôi"


def test_R11_commitment_sent_twice_is_added_once(one):
    pact = draft(one)
    group = pact.groups.get()
    browser, key = Browser(one.lead_officer), uuid4().hex
    typed = {"version": pact.version, "group": group.pk, "text": "Một lần"}

    for _ in range(2):
        answer = browser.post(at("commitment_new", one, group.pk), typed, key=key)
        assert answer.status_code == 302

    assert Commitment.objects.filter(text="Một lần").count() == 1


def test_move_and_remove_in_the_browser(one):
    draft(one)
    browser = Browser(one.lead_officer)
    first, second = Commitment.objects.all()

    browser.post(at("commitment_move", one, second.pk), {"direction": "up"})
    assert list(Commitment.objects.values_list("pk", flat=True)) == [second.pk, first.pk]
    browser.post(at("commitment_remove", one, first.pk))
    assert not Commitment.objects.filter(pk=first.pk).exists()
    refused = browser.post(at("group_remove", one, second.group_id))
    assert "còn cam kết" in browser.said(refused)[-1]


def test_writing_by_a_member_is_forbidden(one):
    pact = consulting(one)
    comment = say(one, pact)
    row = comment.commitment
    browser = Browser(one.heads[1])

    for page in (
        at("text_edit", one),
        at("group_new", one),
        at("group_edit", one, row.group_id),
        at("commitment_new", one, row.group_id),
        at("commitment_edit", one, row.pk),
        at("answer", one, comment.pk),
    ):
        assert browser.get(page).status_code == 403
    for act in (
        at("start", one),
        at("group_remove", one, row.group_id),
        at("commitment_remove", one, row.pk),
        at("commitment_move", one, row.pk),
        at("open", one),
        at("freeze", one),
    ):
        assert browser.post(act, {"title": "x"}).status_code == 403


def test_T03_writing_a_frozen_pact_in_the_browser_leads_back_with_the_reason(one):
    pact = frozen(one)
    row = Commitment.objects.filter(group__pact=pact).first()
    browser, before = Browser(one.lead_head), content_of(pact)

    for page in (
        at("text_edit", one),
        at("group_new", one),
        at("group_edit", one, row.group_id),
        at("commitment_new", one, row.group_id),
        at("commitment_edit", one, row.pk),
    ):
        assert "đã chốt nên không sửa được" in browser.said(browser.get(page))[0]
        sent = browser.post(page, {"version": pact.version, "title": "x", "text": "x"})
        assert "đã chốt nên không sửa được" in browser.said(sent)[0]
    for act in (at("commitment_remove", one, row.pk), at("commitment_move", one, row.pk)):
        assert "đã chốt" in browser.said(browser.post(act))[0]

    assert content_of(pact) == before


# --- Consulting ------------------------------------------------------------------------------
def test_open_in_the_browser(one):
    pact = draft(one)

    Browser(one.lead_officer).post(at("open", one), {"version": pact.version})

    pact.refresh_from_db()
    assert pact.state == PactVersion.State.CONSULTING


def test_open_of_a_draft_changed_meanwhile_is_refused(one):
    pact = draft(one)
    browser = Browser(one.lead_officer)

    answer = browser.post(at("open", one), {"version": pact.version - 1})

    assert "Người khác vừa sửa" in browser.said(answer)[0]


def test_comment_and_answer_in_the_browser(one):
    pact = consulting(one)
    row = Commitment.objects.first()

    Browser(one.officers[1]).post(at("comment", one, row.pk), {"text": "Nên thêm mốc"})
    written = Comment.objects.get()
    Browser(one.lead_officer).post(at("answer", one, written.pk), {"text": "Đã thêm"})

    written.refresh_from_db()
    assert (written.membership, written.text, written.answer) == (
        one.memberships[1],
        "Nên thêm mốc",
        "Đã thêm",
    )
    assert pact.pk == row.group.pact_id


def test_comment_that_is_empty_or_too_long_comes_back_with_what_was_typed(one):
    consulting(one)
    row = Commitment.objects.first()
    browser = Browser(one.heads[1])

    empty = browser.post(at("comment", one, row.pk), {"text": " "})
    long = browser.post(at("comment", one, row.pk), {"text": "dài " * 600})

    assert "Hãy viết nội dung góp ý." in words(empty)
    assert long.status_code == 200
    assert "dài dài dài" in words(long)
    assert not Comment.objects.exists()


def test_comment_by_who_is_no_member_is_forbidden(one, world):
    consulting(one)
    row = Commitment.objects.first()

    for reader in (world.superior, world.administrator, one.appraiser):
        assert Browser(reader).post(at("comment", one, row.pk), {"text": "x"}).status_code == 403


def test_agree_in_the_browser_is_for_the_head_and_the_content_on_the_page(one):
    pact = consulting(one)
    seen = content_fingerprint(pact)
    head, officer = Browser(one.heads[1]), Browser(one.officers[1])

    assert officer.post(at("agree", one), {"content": seen}).status_code == 403
    head.post(at("agree", one), {"content": seen})
    assert Agreement.objects.get().membership == one.memberships[1]

    add(one, pact, CommitmentText("Thêm"))
    stale = head.post(at("agree", one), {"content": seen})
    assert "vừa được sửa sau khi bạn mở trang" in head.said(stale)[-1]
    assert Agreement.objects.count() == 1


def test_agree_by_who_is_no_member_is_forbidden(one, world):
    pact = consulting(one)

    for reader in (world.superior, world.administrator, one.appraiser):
        answer = Browser(reader).post(at("agree", one), {"content": content_fingerprint(pact)})
        assert answer.status_code == 403


# --- Freezing, versions ----------------------------------------------------------------------
def test_freeze_in_the_browser_opens_the_signing(one):
    pact = consulting(one)
    agree_all(one, pact)
    browser = Browser(one.lead_head)
    assert "Đã đủ điều kiện chốt" in browser.text(at("board", one))

    browser.post(at("freeze", one), {"version": pact.version})

    pact.refresh_from_db()
    assert pact.state == PactVersion.State.FROZEN
    assert pact.signing is not None


def test_freeze_with_open_comments_is_refused_with_the_reason(one):
    pact = consulting(one)
    say(one, pact)
    agree_all(one, pact)
    browser = Browser(one.lead_head)

    answer = browser.post(at("freeze", one), {"version": pact.version})

    assert "góp ý chưa trả lời" in browser.said(answer)[0]
    assert not Entry.objects.filter(action=Action.PACT_FROZEN).exists()


def test_freeze_by_an_officer_of_the_lead_is_forbidden(one):
    pact = consulting(one)
    agree_all(one, pact)

    answer = Browser(one.lead_officer).post(at("freeze", one), {"version": pact.version})

    assert answer.status_code == 403


def test_version_shows_fingerprint_and_hands_out_the_bytes_under_it(one, world):
    pact = frozen(one)
    browser = Browser(world.superior)

    page = browser.text(at("version", one, 1))
    answer = browser.get(at("version_json", one, 1))

    assert pact.fingerprint in page
    assert hashlib.sha256(answer.content).hexdigest() == pact.fingerprint
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == (
        'attachment; filename="giao-uoc-2026-phien-ban-1.json"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_version_json_is_the_text_that_was_frozen_whatever_changed_since(one):
    pact = frozen(one)
    Organisation.objects.filter(pk=one.memberships[0].organisation_id).update(full_name="Tên khác")

    answer = Browser(one.heads[1]).get(at("version_json", one, 1))

    assert hashlib.sha256(answer.content).hexdigest() == pact.fingerprint
    assert "Tên khác" not in answer.content.decode()


def test_T03_version_json_that_no_longer_fits_the_fingerprint_is_not_handed_out(one):
    pact = frozen(one)
    PactVersion.objects.create(
        year=one.year,
        number=2,
        title=pact.title,
        state=PactVersion.State.FROZEN,
        signing=SigningRound.objects.create(
            year=one.year, title="Giao ước", content_fingerprint="0" * 64, opened_at=NOON
        ),
        frozen_at=pact.frozen_at,
        canonical=pact.canonical,
        fingerprint="0" * 64,
    )
    browser = Browser(one.heads[1])

    answer = browser.get(at("version_json", one, 2))

    assert answer.status_code == 302
    assert "không còn khớp mã băm lúc chốt" in browser.said(answer)[0]


def test_version_that_is_a_draft_or_unknown_does_not_exist_for_members(one):
    frozen(one)
    new_version(one)
    member = Browser(one.heads[1])

    assert member.get(at("version", one, 1)).status_code == 200
    assert member.get(at("version", one, 2)).status_code == 404
    assert member.get(at("version_json", one, 2)).status_code == 404
    assert member.get(at("difference", one, 1, 2)).status_code == 404
    assert member.get(at("version", one, 9)).status_code == 404


def test_difference_is_readable(one):
    frozen(one)
    pact = new_version(one)
    add(one, pact, CommitmentText("Nhân rộng điển hình tiên tiến"))

    text = Browser(one.lead_officer).text(at("difference", one, 1, 2))

    assert "Công tác thanh tra" in text
    assert '<del><span class="visually-hidden">bỏ: </span>100' in text
    assert '<ins><span class="visually-hidden">thêm: </span>95' in text
    assert "Nhân rộng điển hình tiên tiến" in text
    assert "Chuyển kịp thời hồ sơ" not in text


def test_difference_of_equal_versions_says_so(one):
    frozen(one)
    services.start_pact(year=one.year, title="Giao ước thi đua", actor=one.lead_officer, at=NOON)

    text = Browser(one.lead_officer).text(at("difference", one, 1, 2))

    assert "Hai phiên bản giống hệt nhau" in text


def test_a_whole_second_round_in_the_browser(one):
    frozen(one)
    browser = Browser(one.lead_head)
    browser.post(at("start", one), {"title": "Giao ước thi đua"})
    second = PactVersion.objects.get(number=2)
    browser.post(at("open", one), {"version": second.version})
    second.refresh_from_db()
    agree_all(one, second)
    second = freeze(one, second)

    text = browser.text(at("board", one))

    assert "phiên bản 2" in text
    assert at("version", one, 1) in text


def test_start_without_a_title_comes_back(one):
    answer = Browser(one.lead_head).post(at("start", one), {"title": " "})

    assert answer.status_code == 200
    assert "title" in answer.context["start_form"].errors
    assert not PactVersion.objects.exists()


def test_acts_before_there_is_a_pact_do_not_exist(one):
    for name in ("open", "agree", "freeze"):
        assert Browser(one.lead_head).post(at(name, one)).status_code == 404


def test_rename_a_group_in_the_browser(one):
    pact = draft(one)
    group = pact.groups.get()

    Browser(one.lead_officer).post(
        at("group_edit", one, group.pk), {"version": pact.version, "title": "Tên mới"}
    )

    group.refresh_from_db()
    assert group.title == "Tên mới"


def test_answer_that_is_empty_comes_back_with_the_comment(one):
    comment = say(one, consulting(one))

    answer = Browser(one.lead_head).post(at("answer", one, comment.pk), {"text": " "})

    assert "Hãy viết nội dung trả lời." in words(answer)
    assert "Nên ghi rõ thời hạn" in words(answer)
