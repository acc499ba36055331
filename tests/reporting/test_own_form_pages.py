"""Pages of own forms: the table without a script, checks, workbook, acts, query counts."""

import io
from dataclasses import replace
from urllib.parse import urlencode
from uuid import uuid4

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.movements.browser import Browser, words
from tests.reporting.made import MARCH, open_periods, start
from tests.reporting.own import FORM, PACT, draft, issued, keep, stored
from thidua.reporting.models import OwnForms
from thidua.reporting.queries.own_forms import forms_of
from thidua.rules.reporting.own import TypedForm, TypedIndicator
from thidua.workbooks.forms import write_forms


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(MARCH, tick=False):
        yield


@pytest.fixture
def one(world):
    return world.one


@pytest.fixture
def lead(one):
    return Browser(one.lead_officer)


def url(name, one, *args):
    return reverse(f"reports:{name}", args=[one.year.pk, *args])


FIELDS = {
    "version": "1",
    "code": "01/GƯ",
    "title": "Giao ước",
    "shape": "Theo dòng",
    "periods": ["q1", "year"],
    "i-1-code": "1",
    "i-1-heading": "Việc > Phải làm",
    "i-1-measure": "việc",
    "i-1-kind": "Số",
    "i-1-behaviour": "Phát sinh",
    "i-1-required": "Có",
    "i-2-code": "2",
    "i-2-heading": "Việc > Đã làm",
    "i-2-measure": "việc",
    "i-2-kind": "Số",
    "i-2-behaviour": "Phát sinh",
    "i-3-kind": "Số",
    "i-3-behaviour": "Phát sinh",
    "logical": "2 <= 1",
    "act": "save",
}


def test_the_lead_starts_writes_and_the_head_issues(one, lead):
    assert "Cụm chưa có biểu mẫu riêng" in lead.text(url("own_forms", one))
    assert "Đã mở dự thảo" in lead.said(lead.post(url("own_forms_start", one)))[0]
    answer = lead.post(url("own_form_new", one), FIELDS)
    assert lead.said(answer) == ["Đã lưu biểu 01/GƯ trong dự thảo."]
    shown = lead.text(url("own_forms", one))
    assert "2 chỉ tiêu · Quý I, Năm" in shown
    assert 'id="issue"' not in shown

    head = Browser(one.lead_head)
    assert 'id="issue"' in head.text(url("own_forms", one))
    done = head.post(url("own_forms_issue", one), {"version": "2"})

    assert "Đã ban hành biểu mẫu riêng." in head.said(done)[0]
    own = OwnForms.objects.get()
    assert own.is_issued
    assert own.data["periods"] == {FORM: ["q1", "year"]}
    assert own.data["templates"][0]["indicators"][1]["optional"] is True


def test_members_read_what_was_issued_and_nothing_of_a_draft(one):
    officer = Browser(one.officers[1])
    assert "Khi cụm trưởng ban hành" in officer.text(url("own_forms", one))
    own = issued(one)
    second = keep(one, draft(one), replace(stored(own), title="Tên bí mật"))

    shown = officer.text(url("own_forms", one))
    form = officer.text(url("own_form", one, 1, FORM))

    assert "Kết quả thực hiện giao ước" in shown
    assert "bí mật" not in shown
    assert "Quý I cộng quý II thành 6 tháng" in form
    assert "Đã làm không quá phải làm." in form
    assert officer.get(url("own_form", one, second.number, FORM)).status_code == 404
    assert officer.get(url("own_form", one, 1, "khong-co")).status_code == 404
    assert officer.get(url("own_form_edit", one, FORM)).status_code == 404
    assert officer.post(url("own_forms_start", one)).status_code == 404


def test_rows_are_added_moved_and_taken_out_without_being_kept(one, lead):
    draft(one)
    place = url("own_form_new", one)

    added = words(lead.post(place, {**FIELDS, "act": "add"}))
    moved = words(lead.post(place, {**FIELDS, "act": "up-2"}))
    gone = words(lead.post(place, {**FIELDS, "act": "remove-1"}))
    nonsense = words(lead.post(place, {**FIELDS, "act": "up-x"}))

    assert 'name="i-4-code"' in added
    assert 'name="i-1-code" value="2"' in moved
    assert 'name="i-2-code" value="1"' in moved
    assert 'value="Việc &gt; Phải làm"' not in gone
    assert 'name="i-1-code" value="1"' in nonsense
    assert OwnForms.objects.get().data["templates"] == []


def test_a_refused_form_comes_back_as_it_was_written(one, lead):
    draft(one)

    answer = lead.post(
        url("own_form_new", one), {**FIELDS, "i-2-measure": "", "i-2-kind": "Lạ", "i-1-total": "9"}
    )

    shown = words(answer)
    assert answer.status_code == 422
    assert "Chưa lưu: 1 chỗ phải sửa" in shown
    assert '<a href="#i-2-kind">Chỉ tiêu 2: Không có loại ô “Lạ”' in shown
    assert '<option value="Lạ" selected>' in shown
    assert 'value="Việc &gt; Đã làm"' in shown
    assert "2 &lt;= 1</textarea>" in shown


def test_a_form_is_changed_and_keeps_its_keys(one, lead):
    keep(one, draft(one))
    shown = lead.text(url("own_form_edit", one, FORM))
    assert f'name="i-2-key" value="{FORM}-kien-nghi-da-thuc-hien"' in shown

    answer = lead.post(
        url("own_form_edit", one, FORM),
        {
            **FIELDS,
            "version": "2",
            "i-1-key": f"{FORM}-kien-nghi-phai-thuc-hien",
            "i-2-key": f"{FORM}-kien-nghi-da-thuc-hien",
        },
    )

    assert answer.status_code == 302
    (form,) = forms_of(OwnForms.objects.get().data)
    assert [each.key for each in form.template.indicators] == [
        f"{FORM}-kien-nghi-phai-thuc-hien",
        f"{FORM}-kien-nghi-da-thuc-hien",
    ]


def test_R08_a_page_opened_before_anothers_change_is_refused(one, lead):
    keep(one, draft(one))

    answer = lead.post(url("own_form_edit", one, FORM), FIELDS)

    assert answer.status_code == 422
    assert "vừa sửa dự thảo này" in words(answer)


def test_forms_are_taken_out_and_drafts_thrown_away(one, lead):
    keep(one, draft(one))

    stale = lead.said(lead.post(url("own_form_remove", one, FORM), {"version": "1"}))
    gone = lead.said(lead.post(url("own_form_remove", one, FORM), {"version": "2"}))
    thrown = lead.said(lead.post(url("own_forms_discard", one), {"version": "3"}))

    assert "vừa sửa" in stale[0]
    assert gone == ["Đã bỏ biểu khỏi dự thảo."]
    assert "Đã bỏ dự thảo" in thrown[0]
    assert not OwnForms.objects.exists()


def test_checks_across_forms_are_kept_or_told(one, lead):
    keep(one, draft(one))
    place = url("own_forms_checks", one)

    wrong = lead.post(place, {"version": "2", "printed": "01/GƯ:2 <= 01/TTr:99"})
    right = lead.post(place, {"version": "2", "logical": "01/GƯ:2 ≤ 01/TTr:6 | vì"})

    assert wrong.status_code == 422
    assert "không có ô số “01/TTr:99”" in words(wrong)
    assert right.status_code == 302
    assert "01/GƯ:2 &lt;= 01/TTr:6 | vì</textarea>" in lead.text(place)
    assert "01/GƯ:2 &lt;= 01/TTr:6 | vì" in lead.text(url("own_forms", one))


def upload(browser, one, data, version):
    file = SimpleUploadedFile("bieu.xlsx", data)
    return browser.post(url("own_forms_upload", one), {"workbook": file, "version": version})


def test_a_workbook_goes_out_and_its_changes_come_in(one, lead):
    own = keep(one, draft(one))
    data = lead.get(url("own_forms_xlsx", one)).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.worksheets[0]["B10"] = "Kiến nghị > Đã xong"
    target = io.BytesIO()
    book.save(target)

    answer = upload(lead, one, target.getvalue(), own.version)

    assert lead.said(answer) == ["Đã nạp 1 biểu vào dự thảo."]
    again = OwnForms.objects.get()
    assert again.data["templates"][0]["indicators"][1] == {
        **own.data["templates"][0]["indicators"][1],
        "heading": ["Kiến nghị", "Đã xong"],
    }
    assert again.data["templates"][0]["logical"] == own.data["templates"][0]["logical"]


def test_a_bad_workbook_changes_nothing_and_names_the_cells(one, lead):
    own = keep(one, draft(one))
    bad = replace(
        PACT, indicators=(TypedIndicator("1", "a", "vụ", "Số", "cộng"),), logical=(), title=""
    )

    answer = upload(lead, one, write_forms([bad], {}), own.version)

    shown = words(answer)
    assert answer.status_code == 422
    assert "Chưa nạp gì: tệp có 2 chỗ phải sửa" in shown
    assert '<td class="nowrap">E9</td>' in shown
    assert OwnForms.objects.get().data == own.data


def test_a_workbook_for_another_state_of_the_draft_or_with_a_clash_is_refused(one, lead):
    own = keep(one, draft(one))
    clash = TypedForm(
        code="01/TTr", title="x", indicators=(TypedIndicator("1", "a", "vụ", "Số", "Phát sinh"),)
    )

    stale = upload(lead, one, write_forms([PACT], {}), 1)
    clashing = upload(lead, one, write_forms([clash], {}), own.version)
    nothing = lead.post(url("own_forms_upload", one), {"version": own.version})

    assert "vừa sửa dự thảo" in words(stale)
    assert "trùng với biểu 01/TTr của ngành" in words(clashing)
    assert "Hãy chọn tệp mô tả biểu mẫu." in words(nothing)
    assert {each.status_code for each in (stale, clashing, nothing)} == {422}
    assert OwnForms.objects.get().version == own.version


def test_without_any_form_the_workbook_is_a_sample(one, lead):
    book = openpyxl.load_workbook(io.BytesIO(lead.get(url("own_forms_xlsx", one)).content))

    assert book.sheetnames == ["01 GƯ", "Kiểm tra", "Hướng dẫn"]


def test_the_draft_says_what_changes_and_what_would_be_lost(one, lead):
    own = issued(one)
    report = start(one)
    report.figures.create(
        indicator_key=f"{FORM}-cap-tinh", value=3, changed_by=one.officers[1], changed_at=MARCH
    )
    less = tuple(
        replace(e, total="5") if e.code == "3" else e
        for e in stored(own).indicators
        if e.code != "4"
    )
    keep(one, draft(one), replace(stored(own), indicators=less))

    shown = lead.text(url("own_forms", one))

    assert "Biểu 01/GƯ: bỏ chỉ tiêu 4 (Cấp tỉnh)." in shown
    assert "Chưa ban hành được: làm mất số liệu đã có" in shown
    assert "chỉ tiêu 4 (Cấp tỉnh): bị bỏ nhưng Báo cáo quý I 2026 của Bình" in shown
    assert 'data-dialog="issue"' not in Browser(one.lead_head).text(url("own_forms", one))


def test_who_wrote_is_told_why_they_do_not_issue(one):
    own = keep(one, draft(one))
    own.authors.add(one.lead_head)

    shown = Browser(one.lead_head).text(url("own_forms", one))

    assert "Người soạn không tự ban hành." in shown


def test_own_forms_stand_in_the_report_and_on_its_print(one):
    open_periods(one)
    issued(one)
    report = start(one)
    officer = Browser(one.officers[1])

    form = officer.text(url("form", one, report.pk, FORM))

    assert f'name="c-{FORM}-kien-nghi-da-thuc-hien"' in form
    assert 'placeholder="x nếu có"' in form
    assert "Kết quả thực hiện giao ước" in officer.text(url("report", one, report.pk))
    assert "Biểu 01/GƯ" in officer.text(url("print", one, report.pk))
    assert "Biểu mẫu riêng" in officer.text(url("list", one))


def test_pages_ask_as_much_for_one_form_as_for_three(one, lead):
    own = keep(one, draft(one))
    before = lead.queries(url("own_forms", one)), lead.queries(url("own_form_edit", one, FORM))
    for number in (2, 3):
        own = keep(one, own, replace(PACT, code=f"0{number}/GƯ"))

    after = lead.queries(url("own_forms", one)), lead.queries(url("own_form_edit", one, FORM))

    assert before == after


def test_T12_what_is_written_in_a_form_never_runs(one, lead):
    evil = "<script>alert(1)</script>"
    form = replace(
        PACT, title=evil, note=evil, indicators=(replace(PACT.indicators[1], heading=evil),)
    )
    keep(one, draft(one), replace(form, logical=()))

    for place in (
        url("own_forms", one),
        url("own_form", one, 1, FORM),
        url("own_form_edit", one, FORM),
        url("own_forms_checks", one),
    ):
        shown = lead.text(place)
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert" in shown


def test_what_no_page_can_send_is_not_kept_and_breaks_nothing(one, lead):
    draft(one)
    long = "9" * 5000
    sent = {**FIELDS, "title": "Giao\x00 ước", "note": "\x00", f"i-{long}-code": "7"}

    def post(act):
        body = urlencode({**sent, "act": act, "idempotency_key": uuid4().hex}, doseq=True)
        kind = "application/x-www-form-urlencoded"
        return lead.client.post(url("own_form_new", one), body, content_type=kind)

    moved, kept = post(f"remove-{long}"), post("save")

    assert (moved.status_code, kept.status_code) == (200, 302)
    assert "\x00" not in str(OwnForms.objects.get().data)
    assert forms_of(OwnForms.objects.get().data)[0].template.title == "Giao ước"
