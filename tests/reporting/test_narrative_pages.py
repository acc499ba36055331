"""Pages of the narrative: who sees what, saving with and without a script, files, outlines."""

import json

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.movements.browser import Browser, words
from tests.reporting.made import LATE, MARCH, save, start, submit
from thidua.reporting import services
from thidua.reporting.models import NarrativeAttachment, NarrativeOutline, NarrativeSection

JSON = {"headers": {"accept": "application/json"}}
PDF = b"%PDF-1.7 danh muc"


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(MARCH, tick=False):
        yield


@pytest.fixture
def one(world, files_dir):
    return world.one


@pytest.fixture
def report(one):
    return start(one)


def url(name, one, *args):
    return reverse(f"reports:{name}", args=[one.year.pk, *args])


def sent(text, *, seen=0, section="ket-luan", **more):
    return {"section": section, "text": text, "seen": seen, **more}


def upload(name="danh-muc.pdf", data=PDF, place="mau01/ket-luan", **more):
    return {"attached": SimpleUploadedFile(name, data), "place": place, "note": "", **more}


def attached(one, report, **more) -> NarrativeAttachment:
    return services.attach_file(
        report=report,
        outline="mau01",
        section="ket-luan",
        data=more.pop("data", PDF),
        name="danh-muc.pdf",
        note="Danh mục kết luận",
        actor=one.officers[1],
        at=MARCH,
    )


# --- One outline ----------------------------------------------------------------------------------


def test_the_report_lists_its_outlines_with_how_far_they_are(one, report):
    officer = Browser(one.officers[1])
    officer.post(url("narrative", one, report.pk, "mau01"), sent("Ban hành 12 kết luận."))

    shown = officer.text(url("report", one, report.pk))

    assert "Phần lời" in shown
    assert "1/10 mục đã viết · 5 từ" in shown
    assert "9 mục chưa viết" in shown
    assert "Mẫu số 01 (Công tác thanh tra): 9 mục chưa có lời" in shown


def test_an_outline_shows_headings_help_and_ready_sentences(one, report):
    save(one, report, "ttr1", c2="4", c3="6", c4="7", c5="3")

    shown = Browser(one.officers[1]).text(url("narrative", one, report.pk, "mau01"))

    assert "II.1. Việc triển khai các cuộc thanh tra" in shown
    assert "Số cuộc thanh tra thực hiện trong kỳ: 10 cuộc (kỳ trước chuyển sang: 4 cuộc" in shown
    assert "Kết luận thanh tra đã ban hành: chưa có số liệu." in shown
    assert "Bài học kinh nghiệm" not in shown
    assert "Chưa đối chiếu." not in shown
    other = Browser(one.officers[1]).text(url("narrative", one, report.pk, "mau02"))
    assert "Chưa đối chiếu." in other


def test_a_section_is_saved_without_a_script(one, report):
    officer = Browser(one.officers[1])

    answer = officer.post(url("narrative", one, report.pk, "mau01"), sent("Ban hành 12 kết luận."))

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("#muc-ket-luan")
    assert NarrativeSection.objects.get().text == "Ban hành 12 kết luận."


def test_a_section_is_saved_as_it_is_typed(one, report):
    officer = Browser(one.officers[1])

    answer = officer.post(
        url("narrative", one, report.pk, "mau01"), sent("Ban hành 12 kết luận."), **JSON
    )

    said = json.loads(answer.content)
    assert (said["seen"], said["words"]) == (1, 5)
    assert said["progress"] == "1/10 mục đã viết · 5 từ"
    assert "Cán bộ Bình, 09:00 16/03/2026" in said["stamp"]
    assert "9 mục chưa viết" in said["badge"]


def test_R08_a_stale_save_shows_both_versions_with_and_without_a_script(one, report):
    officer, head = Browser(one.officers[1]), Browser(one.heads[1])
    place = url("narrative", one, report.pk, "mau01")
    head.post(place, sent("Bản của thủ trưởng."))

    told = officer.post(place, sent("Bản của cán bộ."), **JSON)
    page = officer.post(place, sent("Bản của cán bộ."))

    assert told.status_code == page.status_code == 409
    theirs = json.loads(told.content)["theirs"]
    assert (theirs["text"], theirs["seen"]) == ("Bản của thủ trưởng.", 1)
    assert "Trưởng Bình" in theirs["stamp"]
    shown = words(page)
    assert "Bản của thủ trưởng." in shown
    assert "Bản của cán bộ.</textarea>" in shown
    assert NarrativeSection.objects.get().text == "Bản của thủ trưởng."
    assert officer.post(place, sent("Bản của cán bộ.", seen=1)).status_code == 302


def test_T09_a_text_that_may_name_a_person_is_asked_about_and_kept_on_a_second_look(one, report):
    officer = Browser(one.officers[1])
    place = url("narrative", one, report.pk, "mau02")
    text = "Theo đơn tố cáo của bà Trần Thị B."

    told = officer.post(place, sent(text, section="to-cao"), **JSON)
    page = officer.post(place, sent(text, section="to-cao"))

    assert told.status_code == page.status_code == 422
    token = json.loads(told.content)["token"]
    assert f'name="confirmed" value="{token}"' in page.content.decode()
    assert not NarrativeSection.objects.exists()
    officer.post(place, sent(text, section="to-cao", confirmed=token))
    assert NarrativeSection.objects.get().text == text


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "１"])
def test_a_broken_mark_of_what_was_seen_is_never_trusted(one, report, seen):
    officer = Browser(one.officers[1])
    place = url("narrative", one, report.pk, "mau01")
    officer.post(place, sent("Một."))

    assert officer.post(place, sent("Hai.", seen=seen), **JSON).status_code == 409


def test_lead_and_superior_read_after_hand_in_and_nobody_writes(world, one, report):
    place = url("narrative", one, report.pk, "mau01")
    for person in (one.lead_head, world.superior, one.officers[2], world.stranger):
        assert Browser(person).get(place).status_code == 404
    submit(one)

    for person in (one.lead_head, world.superior, one.officers[1]):
        shown = Browser(person).text(place)
        assert "Báo cáo đã nộp: chỉ xem." in shown
        assert "<textarea" not in shown
    assert Browser(one.officers[2]).get(place).status_code == 404
    assert Browser(one.lead_head).post(place, sent("Xen vào.")).status_code == 404
    refused = Browser(one.officers[1]).post(place, sent("Muộn.", seen=1), **JSON)
    assert refused.status_code == 422
    assert "đã nộp" in json.loads(refused.content)["message"]


def test_an_outline_that_is_not_there_is_not_found(one, report):
    officer = Browser(one.officers[1])

    assert officer.get(url("narrative", one, report.pk, "mau04")).status_code == 404
    quarter = start(one, code="q2")
    assert officer.get(url("narrative", one, quarter.pk, "mau01")).status_code == 404
    assert "Phần lời" not in officer.text(url("report", one, quarter.pk))


def test_changes_after_a_return_are_shown_with_both_texts(one, report):
    submit(one)
    services.return_report(
        report=report, reason="Viết rõ kết luận", actor=one.lead_officer, at=MARCH
    )
    officer = Browser(one.officers[1])
    place = url("narrative", one, report.pk, "mau01")
    officer.post(place, sent("Ban hành 12 kết luận.", seen=1))

    shown = officer.text(place)

    assert "1 thay đổi sau khi nộp" in shown
    assert "Mẫu số 01, mục II.2" in shown
    assert "Báo cáo được trả lại: Viết rõ kết luận" in shown


def test_pages_ask_as_many_queries_for_many_texts_and_files_as_for_few(one, report):
    officer = Browser(one.officers[1])
    pages = [url("narrative", one, report.pk, "mau01"), url("report", one, report.pk)]
    officer.post(pages[0], sent("Một."))
    attached(one, report)
    few = [officer.queries(page) for page in pages]

    for number, section in enumerate(("boi-canh", "trien-khai", "quan-ly", "nhiem-vu")):
        officer.post(pages[0], sent("Một ý.", section=section))
        attached(one, report, data=PDF + str(number).encode())
    save(one, report, "ttr1", c2="4", c3="6")

    assert [officer.queries(page) for page in pages] == few


# --- Files ----------------------------------------------------------------------------------------


def test_a_file_is_attached_listed_and_handed_out_as_received(one, report):
    officer = Browser(one.officers[1])

    answer = officer.post(url("attachment_add", one, report.pk), upload(note="Danh mục kết luận"))

    assert answer.headers["Location"].endswith("/loi/mau01/#tep")
    kept = NarrativeAttachment.objects.get()
    shown = officer.text(url("narrative", one, report.pk, "mau01"))
    assert "danh-muc.pdf" in shown
    assert "Mẫu số 01, mục II.2" in shown
    file = officer.get(url("attachment_file", one, report.pk, kept.pk))
    assert file.content == PDF
    assert file.headers["Content-Disposition"] == 'attachment; filename="danh-muc.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"].startswith("sandbox")


def test_R11_the_same_upload_sent_twice_is_one_file(one, report):
    officer = Browser(one.officers[1])
    place = url("attachment_add", one, report.pk)

    first = officer.post(place, upload(), key="0" * 32)
    second = officer.post(place, upload(), key="0" * 32)

    assert first.headers["Location"] == second.headers["Location"]
    assert NarrativeAttachment.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không thuộc loại được nhận"),
        ("giả.pdf", b"<html><script>alert(1)</script>", "không thuộc loại được nhận"),
        ("hong.docx", b"PK\x03\x04" + b"rac" * 40, "bị hỏng"),
        ("rong.pdf", b"", "rỗng"),
    ],
)
def test_T14_a_hostile_file_comes_back_with_its_reason(one, report, name, data, said):
    answer = Browser(one.officers[1]).post(
        url("attachment_add", one, report.pk), upload(name, data)
    )

    assert answer.status_code == 422
    assert said in words(answer)
    assert not NarrativeAttachment.objects.exists()


def test_T14_a_file_over_the_limit_is_refused_before_it_is_read(one, report, settings):
    settings.EVIDENCE_LIMIT = 1024 * 1024
    answer = Browser(one.officers[1]).post(
        url("attachment_add", one, report.pk), upload(data=PDF + b"x" * 1024 * 1024)
    )

    assert answer.status_code == 422
    assert "lớn hơn 1 MB" in words(answer)


def test_T09_a_file_whose_words_may_name_a_person_asks_for_a_second_look(one, report):
    officer = Browser(one.officers[1])
    place = url("attachment_add", one, report.pk)

    asked = officer.post(place, upload(note="Người tố cáo: Nguyễn Văn A"))

    assert asked.status_code == 422
    assert 'name="confirmed"' in asked.content.decode()
    officer.post(place, upload(note="Người tố cáo: Nguyễn Văn A", confirmed="on"))
    assert NarrativeAttachment.objects.count() == 1


def test_files_follow_the_report_they_belong_to(world, one, report):
    kept = attached(one, report)
    file = url("attachment_file", one, report.pk, kept.pk)
    remove = url("attachment_remove", one, report.pk, kept.pk)
    other = start(one, member=2)

    for person in (one.lead_head, world.superior, one.officers[2], world.stranger):
        assert Browser(person).get(file).status_code == 404
        assert Browser(person).post(remove).status_code == 404
    lost = url("attachment_file", one, other.pk, kept.pk)
    assert Browser(one.officers[2]).get(lost).status_code == 404
    submit(one)
    assert Browser(one.lead_head).get(file).status_code == 200
    refused = Browser(one.officers[1])
    assert "đã nộp" in refused.said(refused.post(remove))[0]
    assert NarrativeAttachment.objects.count() == 1


def test_T04_the_same_file_from_two_units_is_flagged_to_the_lead_and_to_nobody_else(
    world, one, report
):
    attached(one, report)
    other = start(one, member=2)
    services.attach_file(
        report=other,
        outline="",
        section="",
        data=PDF,
        name="cua-cuong.pdf",
        note="",
        actor=one.officers[2],
        at=MARCH,
    )
    submit(one)
    pages = [url("report", one, report.pk), url("narrative", one, report.pk, "mau01")]

    for person in (one.lead_head, world.superior):
        for page in pages:
            shown = Browser(person).text(page)
            assert "Tệp cùng nội dung cũng được gửi từ: Cường." in shown
    assert "cũng được gửi từ" not in Browser(one.heads[1]).text(pages[0])


def test_a_file_is_taken_off_a_draft(one, report):
    kept = attached(one, report)
    officer = Browser(one.officers[1])

    answer = officer.post(url("attachment_remove", one, report.pk, kept.pk))

    assert officer.said(answer) == ["Đã bỏ tệp “danh-muc.pdf” khỏi báo cáo."]
    assert not NarrativeAttachment.objects.exists()


def test_after_the_due_date_there_is_no_upload_page(one, report):
    with time_machine.travel(LATE, tick=False):
        answer = Browser(one.officers[1]).get(url("attachment_add", one, report.pk))

    assert answer.headers["Location"] == url("report", one, report.pk)


def test_a_damaged_file_is_not_handed_out(one, report, files_dir):
    kept = attached(one, report)
    for path in files_dir.rglob(kept.file.sha256):
        path.write_bytes(b"khac")
    officer = Browser(one.officers[1])

    answer = officer.get(url("attachment_file", one, report.pk, kept.pk))

    assert "không còn khớp mã băm" in officer.said(answer)[0]


# --- Outlines of the year ---------------------------------------------------------------------------


def rows(*headings, **more):
    found = {"reason": "Công văn 15/TTCP", "seen": "0", **more}
    for number, (order, heading, kind) in enumerate(headings, start=1):
        found[f"r-{number}-order"] = order
        found[f"r-{number}-heading"] = heading
        found[f"r-{number}-kind"] = kind
        found[f"r-{number}-required"] = "x"
    return found


def test_everybody_of_the_year_reads_the_outlines_and_what_is_not_checked_says_so(world, one):
    for person in (one.officers[2], world.superior):
        shown = Browser(person).text(url("outlines", one))
        assert shown.count("Chưa đối chiếu") == 2
        assert "VII. Đề xuất, kiến nghị" in shown
        assert "Sửa đề cương" not in shown
    assert "Sửa đề cương" in Browser(one.lead_officer).text(url("outlines", one))
    assert Browser(world.stranger).get(url("outlines", one)).status_code == 404


def test_the_lead_sets_headings_in_the_order_typed(one):
    lead = Browser(one.lead_officer)
    place = url("outline", one, "mau02")
    assert "Tiếp công dân" in lead.text(place)

    answer = lead.post(
        place,
        rows(
            ("30", "Kiến nghị", "top"), ("10", "Tình hình", "top"), ("20", "Theo địa bàn", "under")
        ),
    )

    assert lead.said(answer) == ["Đã đặt phiên bản 1 của đề cương Mẫu số 02."]
    kept = NarrativeOutline.objects.get().content["sections"]
    assert [row["heading"] for row in kept] == ["Tình hình", "Theo địa bàn", "Kiến nghị"]
    shown = lead.text(url("outlines", one))
    assert "I.1. Theo địa bàn" in shown
    assert "Phiên bản 1, đặt bởi Cán bộ An" in shown


def test_an_outline_refused_comes_back_as_typed(one):
    lead = Browser(one.lead_officer)
    place = url("outline", one, "mau01")

    bare = lead.post(place, rows(("10", "Chỉ đề mục lớn", "title")))
    unreasoned = lead.post(place, rows(("10", "Tình hình", "top"), reason=""))
    stale = lead.post(place, rows(("10", "Tình hình", "top"), seen="4"))

    assert (bare.status_code, unreasoned.status_code, stale.status_code) == (422, 422, 409)
    assert 'value="Chỉ đề mục lớn"' in words(bare)
    assert "lý do hoặc văn bản" in words(unreasoned)
    assert not NarrativeOutline.objects.exists()


def test_only_the_lead_reaches_the_page_that_sets_an_outline(world, one):
    place = url("outline", one, "mau01")

    for person in (one.officers[1], world.superior, world.administrator, world.stranger):
        assert Browser(person).get(place).status_code == 404
        assert Browser(person).post(place, rows(("10", "Tình hình", "top"))).status_code == 404
    assert Browser(one.lead_officer).get(url("outline", one, "mau09")).status_code == 404


def test_a_year_whose_forms_have_no_known_outline_says_so(one):
    one.year.year = 2024
    one.year.save()

    assert "Chưa có đề cương" in Browser(one.lead_officer).text(url("outlines", one))
