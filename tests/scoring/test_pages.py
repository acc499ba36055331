"""The pages as each role sees and uses them."""

import hashlib
import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.scoring import (
    PDF,
    accept,
    decide,
    fill,
    finalise,
    import_table,
    issue_table,
    name_appraiser,
    save,
    score_of,
    sheet_of,
    small_table,
    submit,
    wide_table,
)
from tests.factories.world import NOON, Role, assign, make_organisation, make_user, make_world
from thidua.audit.models import Action, Entry
from thidua.organisations.models import Membership
from thidua.rules.scoring import Table, canonical_json
from thidua.scoring import services
from thidua.scoring.models import CriteriaSet, Evidence, ScoreSheet, SectionAppraiser
from thidua.workbooks.scale import read_scale, write_scale

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name, one, *args):
    return reverse(f"scoring:{name}", args=[one.year.pk, *args])


def key(number=1):
    return {"idempotency_key": f"{number:032x}"}


def text_of(answer):
    """The words of a page."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- Who sees what ---------------------------------------------------------------------------


def roles(one, world):
    return {
        "lead_head": one.lead_head,
        "lead_officer": one.lead_officer,
        "head": one.heads[1],
        "officer": one.officers[1],
        "other": one.officers[2],
        "appraiser": one.appraiser,
        "superior": world.superior,
        "administrator": world.administrator,
        "stranger": world.stranger,
        "neighbour": world.two.lead_head,
    }


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [
        ("draft", {"head", "officer"}),
        (
            "submitted",
            {"head", "officer", "lead_head", "lead_officer", "appraiser", "superior"},
        ),
        (
            "finalised",
            {
                "head",
                "officer",
                "lead_head",
                "lead_officer",
                "appraiser",
                "superior",
                "other",
                "administrator",
            },
        ),
    ],
)
def test_T01_a_sheet_and_its_evidence_are_seen_by_these_and_by_nobody_else(
    one, world, client_of, state, seen_by
):
    sheet = sheet_of(one, 1)
    piece = services.add_evidence(
        score=score_of(sheet, "a1"),
        data=PDF,
        name="a.pdf",
        description="",
        actor=one.officers[1],
        at=NOON,
    )
    if state == "submitted":
        submit(one, 1)
    elif state == "finalised":
        finalise(one, 1, "A", "B")
    score = score_of(sheet, "a1")

    for role, person in roles(one, world).items():
        browser = client_of(person)
        expected = 200 if role in seen_by else 404
        found = [
            browser.get(address("sheet", one, sheet.pk)).status_code,
            browser.get(address("evidence", one, piece.pk)).status_code,
        ]
        assert found == [expected, expected], role
        if role not in {"head", "officer"}:
            claim = {"base": "1", "version": score.version}
            assert (
                browser.post(address("claim", one, sheet.pk, score.pk), claim).status_code == 404
            ), role


@pytest.mark.parametrize("name", ["scale", "sheet_list", "ranking", "matrix"])
def test_T01_pages_of_the_year_are_for_the_cluster_only(one, world, client_of, name):
    for role, person in roles(one, world).items():
        expected = 404 if role in {"stranger", "neighbour"} else 200
        assert client_of(person).get(address(name, one)).status_code == expected, role


def test_T01_a_sheet_of_another_year_is_not_found_under_this_one(one, world, client_of):
    issue_table(world.two)
    theirs = sheet_of(world.two, 0)

    answer = client_of(world.two.heads[0]).get(
        reverse("scoring:sheet", args=[one.year.pk, theirs.pk])
    )

    assert answer.status_code == 404


def test_the_list_tells_the_officer_what_to_do_next(one, client_of):
    browser = client_of(one.officers[1])
    save(sheet_of(one, 1), "a1", one.officers[1], "3")

    before = text_of(browser.get(address("sheet_list", one)))
    fill(one, 1)
    full = text_of(browser.get(address("sheet_list", one)))
    head = text_of(client_of(one.heads[1]).get(address("sheet_list", one)))

    assert "Chấm tiếp: đã chấm 1/4 tiêu chí" in before
    assert "Đã chấm đủ 4 tiêu chí: chờ thủ trưởng nộp" in full
    assert "Đã chấm đủ 4 tiêu chí: xem lại và nộp" in head


def test_the_list_tells_the_lead_who_is_missing_and_hides_drafts_points(one, client_of):
    submit(one, 1)
    save(sheet_of(one, 2), "a1", one.officers[2], "2.75")

    shown = text_of(client_of(one.lead_head).get(address("sheet_list", one)))

    assert "1/3 đơn vị đã nộp bảng tự chấm" in shown
    assert "Chưa nộp: An, Cường." in shown
    assert "1/4 tiêu chí" in shown
    assert "2,75" not in shown


def test_the_list_tells_the_appraiser_what_waits(one, client_of):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một")
    services.explain(score=score_of(sheet, "a1"), text="Vì", actor=one.officers[1], at=NOON)

    shown = text_of(client_of(one.appraiser).get(address("sheet_list", one)))

    assert "Việc thẩm định của bạn" in shown
    assert "Phần A: 1/2 tiêu chí, 1 giải trình cần xem lại; Phần B: 0/2 tiêu chí" in shown


def test_members_see_others_points_in_the_ranking_only_when_final(one, client_of):
    sheet = submit(one, 1)
    member = client_of(one.officers[2])

    before = text_of(member.get(address("ranking", one)))
    accept(one, 1, "A", "B")
    services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=NOON)
    after = text_of(member.get(address("ranking", one)))
    lead = text_of(client_of(one.lead_head).get(address("ranking", one)))

    assert "— Thanh tra tỉnh Bình — — Đang thẩm định" in before
    assert "1 Thanh tra tỉnh Bình 10 10 Đã chốt" in after
    assert "Kết quả tạm tính: 1/3 đơn vị" in lead


# --- Filling in ------------------------------------------------------------------------------


@pytest.fixture
def officer(one, client_of):
    return client_of(one.officers[1])


def post_claim(browser, one, code="a1", version=1, htmx=True, **fields):
    sheet = sheet_of(one, 1)
    score = score_of(sheet, code)
    return browser.post(
        address("claim", one, sheet.pk, score.pk),
        {"version": version, "explanation": "", **fields},
        **(HTMX if htmx else {}),
    )


def test_a_claim_is_saved_as_typed_with_its_points_and_arithmetic_at_once(one, officer):
    answer = post_claim(officer, one, base="2,5", deduction="0,5")

    assert answer.status_code == 200
    shown = text_of(answer)
    assert "Được tính 2 điểm a1: 2,5 − 0,5 = 2" in shown
    assert "Đã lưu" in shown
    assert "Tổng tự chấm 2 điểm 1/4 tiêu chí Chưa chấm: a2 b1 b2" in shown
    assert 'name="version" value="2"' in answer.content.decode()
    assert str(score_of(sheet_of(one, 1), "a1").base) == "2.500000"


@pytest.mark.parametrize(
    ("fields", "place", "said"),
    [
        ({"base": "3,5"}, "base", "vượt mức tối đa 3"),
        ({"base": "1.234"}, "base", "là 1234 hay 1,234?"),
        ({"base": "ba"}, "base", "không phải là số"),
        ({"base": "3", "deduction": "2"}, "deduction", "vượt trần 1,5"),
        ({"base": "-1"}, "base", "từ 0 trở lên"),
    ],
)
def test_a_refused_claim_says_why_at_its_field_and_is_not_saved(one, officer, fields, place, said):
    answer = post_claim(officer, one, **fields)

    score = score_of(sheet_of(one, 1), "a1")
    cell = re.search(
        rf'innerHTML:#e-{score.pk}-{place}">(.*?)</div>', answer.content.decode(), re.S
    )[1]
    assert said in cell
    assert "Chưa lưu" in text_of(answer)
    assert (score.base, score.version) == (None, 1)
    assert post_claim(officer, one, htmx=False, **fields).status_code == 422


def test_R11_the_same_autosave_again_is_answered_alike_and_changes_nothing(one, officer):
    first = post_claim(officer, one, base="2")
    second = post_claim(officer, one, base="2")

    assert "Chưa lưu" not in text_of(second)
    assert re.findall(r'name="version" value="\d+"', second.content.decode()) == re.findall(
        r'name="version" value="\d+"', first.content.decode()
    )
    assert Entry.objects.filter(action=Action.SELF_SCORE_SAVED).count() == 1


def test_R08_the_second_of_two_people_sees_who_when_and_both_versions(one, officer, client_of):
    head = client_of(one.heads[1])
    post_claim(officer, one, base="2", explanation="Của cán bộ")

    answer = post_claim(head, one, base="3", explanation="Của trưởng")

    shown = text_of(answer)
    assert re.search(r"Cán bộ Bình vừa sửa tiêu chí này lúc \d\d:\d\d \d\d/\d\d/\d{4}", shown)
    assert "Bản đang lưu: điểm chuẩn 2; điểm trừ — – “Của cán bộ”" in shown
    assert "Bản của bạn, chưa lưu: điểm chuẩn 3; điểm trừ — – “Của trưởng”" in shown
    assert score_of(sheet_of(one, 1), "a1").base == 2

    replaced = post_claim(head, one, base="3", explanation="Của trưởng", seen="2")

    assert "Đã lưu" in text_of(replaced)
    assert score_of(sheet_of(one, 1), "a1").base == 3


def test_R08_without_script_the_conflict_is_a_page_with_what_was_typed(one, officer):
    post_claim(officer, one, base="2")

    answer = post_claim(officer, one, base="3", htmx=False)

    assert answer.status_code == 409
    assert 'value="3"' in answer.content.decode()


def test_T02_fields_that_are_not_asked_for_are_not_stored(one, officer):
    post_claim(
        officer,
        one,
        base="2",
        bonus="1",
        appraised_base="3",
        points="9",
        self_points="9",
        reason="x",
        changed_by=str(one.heads[1].pk),
        sheet="999",
    )

    score = score_of(sheet_of(one, 1), "a1")
    assert (score.base, score.bonus, score.appraised_base, score.points, score.self_points) == (
        2,
        None,
        None,
        None,
        None,
    )
    assert (score.reason, score.changed_by) == ("", one.officers[1])


def test_the_saved_version_of_one_criterion_can_be_fetched_alone(one, officer):
    sheet = sheet_of(one, 1)
    score = score_of(sheet, "a1")
    save(sheet, "a1", one.officers[1], "2")

    part = officer.get(address("claim", one, sheet.pk, score.pk), **HTMX)
    whole = officer.get(address("claim", one, sheet.pk, score.pk))

    assert part.content.decode().lstrip().startswith("<article")
    assert 'value="2"' in part.content.decode()
    assert whole.url.endswith(f"#leaf-{score.pk}")


def test_a_claim_after_submission_is_refused(one, officer):
    submit(one, 1)

    assert "đã nộp nên không sửa được" in text_of(post_claim(officer, one, base="1", version=2))


# --- Evidence --------------------------------------------------------------------------------


def upload(browser, one, *files, number=1, code="a1"):
    sheet = sheet_of(one, 1)
    return browser.post(
        address("evidence_add", one, sheet.pk, score_of(sheet, code).pk),
        {
            **key(number),
            "description": "Báo cáo",
            "attached": [SimpleUploadedFile(name, data) for name, data in files],
        },
    )


def test_several_files_are_received_and_handed_out_as_attachments(one, officer):
    answer = upload(officer, one, ("một.pdf", PDF), ("hai.pdf", PDF + b"%2"))

    assert answer.status_code == 302
    pieces = list(Evidence.objects.order_by("pk"))
    assert [piece.file.name for piece in pieces] == ["một.pdf", "hai.pdf"]
    handed = officer.get(address("evidence", one, pieces[0].pk))
    assert handed.content == PDF
    assert handed["Content-Disposition"].startswith("attachment; filename*=utf-8''m%E1%BB%99t.pdf")
    assert handed["X-Content-Type-Options"] == "nosniff"
    assert handed["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    page = officer.get(address("sheet", one, sheet_of(one, 1).pk))
    assert hashlib.sha256(PDF).hexdigest() in page.content.decode()


def test_T14_a_refused_file_is_4xx_with_its_reason_and_leaves_nothing(one, officer, files_dir):
    answer = upload(officer, one, ("tốt.pdf", PDF), ("xấu.exe", b"MZ"))

    assert answer.status_code == 422
    assert "Tệp “xấu.exe” không thuộc loại được nhận" in text_of(answer)
    assert not Evidence.objects.exists()
    assert not any(path.is_file() for path in files_dir.rglob("*"))


def test_R11_the_same_upload_again_is_one_file(one, officer):
    answers = [upload(officer, one, ("một.pdf", PDF)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Evidence.objects.count() == 1


def test_evidence_can_be_removed_until_submission(one, officer):
    upload(officer, one, ("một.pdf", PDF), ("hai.pdf", PDF + b"%2"))
    first, second = Evidence.objects.order_by("pk")

    officer.post(address("evidence_remove", one, first.pk), key(2))
    submit(one, 1)
    officer.post(address("evidence_remove", one, second.pk), key(3))

    assert list(Evidence.objects.all()) == [second]


def test_T01_evidence_of_another_unit_can_be_neither_added_nor_removed(one, officer, client_of):
    upload(officer, one, ("một.pdf", PDF))
    stranger = client_of(one.officers[2])

    assert upload(stranger, one, ("hai.pdf", PDF + b"%2"), number=2).status_code == 404
    piece = Evidence.objects.get()
    assert stranger.post(address("evidence_remove", one, piece.pk), key(3)).status_code == 404


def test_T04_the_appraiser_sees_where_else_a_file_is_used_the_unit_does_not(
    one, officer, client_of
):
    upload(officer, one, ("một.pdf", PDF))
    services.add_evidence(
        score=score_of(sheet_of(one, 2), "b1"),
        data=PDF,
        name="x.pdf",
        description="",
        actor=one.officers[2],
        at=NOON,
    )
    submit(one, 1)
    submit(one, 2)
    page = address("sheet", one, sheet_of(one, 1).pk)

    said = "Cùng một tệp được dùng ở: Bình (tiêu chí a1), Cường (tiêu chí b1)."
    assert said in text_of(client_of(one.appraiser).get(page))
    assert "Cùng một tệp" not in text_of(officer.get(page))


# --- Submitting, appraising, explaining, closing ---------------------------------------------


def test_the_officer_cannot_submit_and_sees_who_can(one, officer):
    sheet = fill(one, 1)

    page = officer.get(address("sheet", one, sheet.pk))
    answer = officer.post(address("sheet_submit", one, sheet.pk), key())

    assert "chờ thủ trưởng nộp" in text_of(page)
    assert "Nộp bảng tự chấm?" not in page.content.decode()
    assert answer.status_code == 404
    assert ScoreSheet.objects.get(pk=sheet.pk).state == ScoreSheet.State.DRAFT


def test_R11_the_head_submits_once_however_often_it_is_sent(one, client_of):
    sheet = fill(one, 1)
    head = client_of(one.heads[1])

    for number in (1, 1, 2):
        answer = head.post(address("sheet_submit", one, sheet.pk), key(number))
        assert answer.status_code == 302

    assert Entry.objects.filter(action=Action.SELF_SCORE_SUBMITTED).count() == 1
    shown = text_of(head.get(address("sheet", one, sheet.pk)))
    assert "Đã nộp bảng tự chấm" in shown
    assert "Bảng tự chấm này đã được nộp." in shown


def test_submitting_too_early_says_what_is_missing(one, client_of):
    sheet = sheet_of(one, 1)
    head = client_of(one.heads[1])

    head.post(address("sheet_submit", one, sheet.pk), key())

    assert "Còn 4 tiêu chí chưa chấm: a1, a2, b1, b2" in text_of(
        head.get(address("sheet", one, sheet.pk))
    )


def post_appraisal(browser, one, code="a1", **fields):
    sheet = sheet_of(one, 1)
    score = score_of(sheet, code)
    return browser.post(
        address("appraisal", one, sheet.pk, score.pk),
        {"version": score.version, "reason": "", **fields},
        **HTMX,
    )


def test_from_submission_to_a_final_sheet_through_the_pages(one, officer, client_of):
    sheet = submit(one, 1)
    page = address("sheet", one, sheet.pk)
    appraiser, lead = client_of(one.appraiser), client_of(one.lead_head)
    score = score_of(sheet, "a1")

    refused = text_of(post_appraisal(appraiser, one, base="2", deduction=""))
    changed = text_of(
        post_appraisal(appraiser, one, base="2", deduction="", reason="Một việc chậm")
    )
    assert "khác điểm tự chấm nên phải ghi lý do" in refused
    assert "Thẩm định (khác tự chấm) 2 — 2 Lý do thay đổi – Thẩm định một: Một việc chậm" in changed

    unit = text_of(officer.get(page))
    assert "Cần xem và giải trình nếu không đồng ý: a1 (3 → 2)" in unit
    reply = address("reply", one, sheet.pk, score.pk)
    assert officer.get(reply).status_code == 200
    version = score_of(sheet, "a1").version
    assert officer.post(reply, {**key(1), "version": version, "text": ""}).status_code == 422
    done = officer.post(reply, {**key(2), "version": version, "text": "Có công văn"})
    assert done.status_code == 302
    assert "Có công văn Chờ xem lại" in text_of(appraiser.get(page))

    for number, code in enumerate(("A", "B"), start=10):
        section = sheet.criteria_set.criteria.get(code=code)
        done = appraiser.post(
            address("section_complete", one, sheet.pk, section.pk),
            {**key(number), "accept_rest": "1"},
        )
        assert done.status_code == 302
    assert "còn 1 giải trình chờ người thẩm định xem lại" in text_of(lead.get(page))
    lead.post(address("sheet_finalise", one, sheet.pk), key(20))
    assert "chưa xem lại ở tiêu chí: a1" in text_of(lead.get(page))

    post_appraisal(appraiser, one, base="2,5", deduction="", reason="Xét giải trình")
    lead.post(address("sheet_finalise", one, sheet.pk), key(21))

    final = text_of(client_of(one.officers[2]).get(page))
    assert "Bảng đã chốt" in final
    assert "Điểm cuối cùng 9,5 điểm" in final
    assert "Thẩm định – a1: 2,5 − 0 = 2,5; tối đa 3; trần điểm trừ 1,5." in final


def test_the_page_of_others_has_no_form_of_the_appraiser(one, client_of):
    SectionAppraiser.objects.filter(criterion__code="B").delete()
    sheet = submit(one, 1)

    body = client_of(one.appraiser).get(address("sheet", one, sheet.pk)).content.decode()
    unit = client_of(one.officers[1]).get(address("sheet", one, sheet.pk)).content.decode()

    own = address("appraisal", one, sheet.pk, score_of(sheet, "a1").pk)
    foreign = address("appraisal", one, sheet.pk, score_of(sheet, "b1").pk)
    assert (own in body, foreign in body) == (True, False)
    assert "tham-dinh/" not in unit.replace("bang-diem/tham-dinh/", "")
    assert (
        client_of(one.appraiser)
        .post(foreign, {"version": 2, "base": "3", "reason": ""})
        .status_code
        == 404
    )


# --- The table -------------------------------------------------------------------------------


def send_workbook(browser, one, data, number=1):
    return browser.post(
        address("scale_import", one),
        {**key(number), "workbook": SimpleUploadedFile("bang.xlsx", data)},
    )


@pytest.fixture
def lead(world, client_of):
    return client_of(world.one.lead_officer)


def test_a_workbook_becomes_a_draft_that_another_person_issues(world, lead, client_of):
    one = world.one
    answer = send_workbook(lead, one, write_scale(small_table()))
    assert answer.url == address("scale_version", one, 1)
    assert "Dự thảo do bạn nhập" in text_of(lead.get(answer.url))

    lead.post(address("scale_issue", one, 1), key(2))
    assert CriteriaSet.objects.get().state == CriteriaSet.State.DRAFT
    assert "không tự ban hành" in text_of(lead.get(answer.url))

    client_of(one.lead_head).post(address("scale_issue", one, 1), key(3))
    assert CriteriaSet.objects.get().state == CriteriaSet.State.ISSUED
    assert "Thanh tra" in text_of(client_of(one.officers[2]).get(address("scale", one)))


def changed(data, sheet_part, old, new):
    """The workbook with a change in the XML of one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            if part.startswith(sheet_part):
                assert old in content
                content = content.replace(old, new)
            after.writestr(part, content)
    return out.getvalue()


def spoiled(what):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(write_scale(small_table())))
    page = book["Tiêu chí"]
    if what == "missing sheet":
        del book["Tiêu chí"]
    elif what == "text in a number cell":
        page["D3"] = "ba điểm"
        page["D4"] = "bốn"
    elif what == "repeated code":
        page["B4"] = "a1"
    elif what == "missing code":
        page["B4"] = None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("missing sheet", ["Tiêu chí", "thiếu trang tính này"]),
        ("text in a number cell", ["D3", "D4", "không phải là số"]),
        ("repeated code", ["B4", "mã “a1” bị lặp"]),
        ("missing code", ["B4", "thiếu mã"]),
    ],
)
def test_a_bad_workbook_is_refused_cell_by_cell_and_nothing_is_kept(world, lead, what, said):
    answer = send_workbook(lead, world.one, spoiled(what))

    assert answer.status_code == 422
    for words in said:
        assert words in text_of(answer)
    assert not CriteriaSet.objects.exists()
    assert not Entry.objects.filter(action=Action.SCALE_IMPORTED).exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "rỗng"), (b"khong phai", "không phải là bảng tính"), (PDF, "không phải là bảng tính")],
)
def test_a_file_that_is_no_workbook_is_refused(world, lead, data, said):
    answer = send_workbook(lead, world.one, data)

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_workbook_over_the_limit_is_refused(world, lead, settings):
    settings.WORKBOOK_LIMIT = 1024 * 1024

    answer = send_workbook(lead, world.one, b"x" * (1024 * 1024 + 1))

    assert "lớn hơn 1 MB" in text_of(answer)


def test_warnings_of_official_slips_are_listed_on_the_draft(world, lead):
    table = small_table()
    slipped = Table(title=table.title, scale=table.scale * 2, nodes=table.nodes)

    answer = send_workbook(lead, world.one, write_scale(slipped))

    assert "1 cảnh báo khi nhập" in text_of(lead.get(answer.url))
    assert "khác thang điểm 20" in text_of(lead.get(answer.url))


def test_drafts_are_the_leads_alone(world, client_of, lead):
    import_table(world.one)

    assert lead.get(address("scale_version", world.one, 1)).status_code == 200
    for person in (world.one.officers[1], world.one.appraiser, world.superior):
        browser = client_of(person)
        for name in ("scale_version", "scale_json", "scale_xlsx"):
            assert browser.get(address(name, world.one, 1)).status_code == 404
        assert browser.get(address("scale_import", world.one)).status_code == 404
        assert "Chưa ban hành" in text_of(browser.get(address("scale", world.one)))


def test_the_fingerprint_can_be_recomputed_from_the_download(one, officer):
    issued = CriteriaSet.objects.get()

    answer = officer.get(address("scale_json", one, 1))

    assert answer.content == canonical_json(small_table())
    assert hashlib.sha256(answer.content).hexdigest() == issued.fingerprint
    assert issued.fingerprint in officer.get(address("scale", one)).content.decode()


def test_the_table_as_a_workbook_gives_the_same_table(one, officer):
    answer = officer.get(address("scale_xlsx", one, 1))

    assert read_scale(answer.content).table == small_table()
    assert officer.get(address("scale_template", one)).content[:2] == b"PK"


def test_the_difference_of_two_versions_is_readable(world, lead):
    import_table(world.one)
    import_table(world.one, small_table("Tên mới"))

    shown = text_of(lead.get(address("scale_difference", world.one, 1, 2)))

    assert "1 thay đổi: Bảng: tên bảng “Bảng điểm thử” → “Tên mới”" in shown
    same = text_of(lead.get(address("scale_difference", world.one, 2, 2)))
    assert "giống hệt nhau" in same


def test_the_lead_names_appraisers_per_section(world, client_of, lead):
    issue_table(world.one)
    a, b = CriteriaSet.objects.get().criteria.filter(is_leaf=False)

    answer = lead.post(
        address("appraisers", world.one),
        {
            **key(),
            f"section_{a.pk}": [world.one.appraiser.pk],
            f"section_{b.pk}": [world.superior.pk, world.one.appraiser.pk],
        },
    )

    assert answer.status_code == 302
    assert {(s.criterion_id, s.user_id) for s in SectionAppraiser.objects.all()} == {
        (a.pk, world.one.appraiser.pk),
        (b.pk, world.superior.pk),
        (b.pk, world.one.appraiser.pk),
    }
    assert client_of(world.one.officers[1]).get(address("appraisers", world.one)).status_code == 404


def test_T02_only_candidates_can_be_named(world, lead):
    issue_table(world.one)
    a = CriteriaSet.objects.get().criteria.filter(is_leaf=False)[0]

    lead.post(
        address("appraisers", world.one), {**key(), f"section_{a.pk}": [world.two.appraiser.pk]}
    )

    assert not SectionAppraiser.objects.exists()


# --- How much a page asks of the database ----------------------------------------------------


def queries(browser, place):
    browser.get(place)  # the session's own writes and cached content are not the page's
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(place).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["sheet_list", "ranking", "matrix", "scale"])
@pytest.mark.parametrize("who", ["lead_head", "appraiser", "officer"])
def test_a_list_asks_as_much_for_two_members_as_for_six(db, client_of, name, who):
    counts = []
    for members in (2, 6):
        world = make_world(members) if members == 2 else _second(members)
        one = world.one
        issue_table(one)
        name_appraiser(one, "A", "B")
        for member in range(members):
            submit(one, member)
        person = {"lead_head": one.lead_head, "appraiser": one.appraiser}.get(who, one.officers[1])
        counts.append(queries(client_of(person), address(name, one)))

    assert counts[0] == counts[1]


def _second(members):
    """Another world beside the first: people's names must differ."""
    from thidua.accounts.models import User
    from thidua.organisations.models import Organisation

    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(username=f"{user.username}.cu")
    for organisation in Organisation.objects.all():
        Organisation.objects.filter(pk=organisation.pk).update(
            full_name=f"{organisation.full_name} (trước)"
        )
    return make_world(members)


@pytest.mark.parametrize("who", ["officer", "appraiser", "lead_head"])
def test_a_sheet_asks_as_much_for_sixty_criteria_as_for_ten(db, client_of, who):
    counts = []
    for leaves in (10, 60):
        world = make_world() if leaves == 10 else _second(3)
        one = world.one
        issue_table(one, wide_table(leaves))
        name_appraiser(one, "1", user=one.appraiser)
        if who != "officer":
            submit(one, 1)
        person = {"lead_head": one.lead_head, "appraiser": one.appraiser}.get(who, one.officers[1])
        counts.append(queries(client_of(person), address("sheet", one, sheet_of(one, 1).pk)))

    assert counts[0] == counts[1]


def test_T12_what_people_write_is_shown_as_text(one, officer, client_of):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    post_claim(officer, one, base="3", explanation=hostile)
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason=hostile)
    services.explain(score=score_of(sheet, "a1"), text=hostile, actor=one.officers[1], at=NOON)

    body = client_of(one.appraiser).get(address("sheet", one, sheet.pk)).content.decode()

    assert body.count("&lt;script&gt;alert(1)") >= 3
    assert "<script>alert" not in body
    assert "<img src=x" not in body


def test_R08_the_second_of_two_explanations_sees_the_first_and_replaces_it_knowingly(
    one, officer, client_of
):
    sheet = submit(one, 1)
    score = score_of(sheet, "a1")
    post_appraisal(client_of(one.appraiser), one, base="2", deduction="", reason="Một việc chậm")
    reply = address("reply", one, sheet.pk, score.pk)
    seen = score_of(sheet, "a1").version
    client_of(one.heads[1]).post(reply, {**key(1), "version": seen, "text": "Thủ trưởng viết"})

    refused = officer.post(reply, {**key(2), "version": seen, "text": "Cán bộ viết"})

    assert refused.status_code == 422
    text = text_of(refused)
    assert "vừa sửa tiêu chí này" in text
    assert "Giải trình đang lưu : Thủ trưởng viết" in text
    assert "Cán bộ viết" in text
    assert f'name="version" value="{seen + 1}"' in refused.content.decode()
    again = officer.post(reply, {**key(3), "version": seen + 1, "text": "Cán bộ viết"})
    assert again.status_code == 302
    assert score_of(sheet, "a1").reply == "Cán bộ viết"


def test_a_member_that_joined_late_is_named_until_the_lead_opens_its_sheet(one, client_of):
    late = Membership.objects.create(
        year=one.year, organisation=make_organisation("Muộn"), order=len(one.memberships) + 1
    )
    head = make_user("truong-muon", "Trưởng Muộn")
    assign(head, Role.HEAD, organisation=late.organisation)
    pages = {name: address(name, one) for name in ("sheet_list", "ranking", "sheets_open_late")}
    lead, member = client_of(one.lead_head), client_of(head)

    assert "Đơn vị bạn chưa có bảng tự chấm" in text_of(member.get(pages["sheet_list"]))
    assert "Thanh tra tỉnh Muộn" in text_of(lead.get(pages["sheet_list"]))
    ranked = text_of(lead.get(pages["ranking"]))
    assert "0/4 đơn vị" in ranked
    assert "Thanh tra tỉnh Muộn — — Chưa có bảng chấm điểm" in ranked
    assert member.post(pages["sheets_open_late"], key(1)).status_code == 404

    lead.post(pages["sheets_open_late"], key(2))

    assert ScoreSheet.objects.get(membership=late).state == ScoreSheet.State.DRAFT
    assert "chưa có bảng tự chấm" not in text_of(lead.get(pages["sheet_list"]))
    assert "đã chấm 0/4 tiêu chí" in text_of(member.get(pages["sheet_list"]))
