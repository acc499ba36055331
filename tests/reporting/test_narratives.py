"""The narrative through its services: who, when, what is refused, what stays, what the journal says."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from tests.documents.test_receiving import HOSTILE, LIMIT
from tests.reporting.made import LATE, MARCH, fill, findings, start, submit
from thidua.audit.models import Action, Entry
from thidua.documents import storage
from thidua.documents.models import StoredFile
from thidua.reporting import services
from thidua.reporting.models import (
    NarrativeAttachment,
    NarrativeChange,
    NarrativeOutline,
    NarrativeSection,
)
from thidua.reporting.queries.narratives import narrative_of, outlines_of, outlines_of_year
from thidua.reporting.services import AsksAboutPersons, StaleOutline, StaleSection
from thidua.rules.errors import RuleError
from thidua.rules.reporting.narrative import Section

PDF = b"%PDF-1.7 danh muc"


@pytest.fixture
def one(world, files_dir):
    return world.one


@pytest.fixture
def report(one):
    return start(one)


def save(one, report, text, *, seen=0, section="ket-luan", person=None, at=MARCH, confirmed=""):
    return services.save_section(
        report=report,
        outline="mau01",
        section=section,
        text=text,
        seen=seen,
        actor=person or one.officers[1],
        at=at,
        confirmed=confirmed,
    )


def attach(one, report, data=PDF, name="danh-muc.pdf", note="", person=None, **rest):
    return services.attach_file(
        report=report,
        outline=rest.pop("outline", "mau01"),
        section=rest.pop("section", "ket-luan"),
        data=data,
        name=name,
        note=note,
        actor=person or one.officers[1],
        at=rest.pop("at", MARCH),
        **rest,
    )


def entry(action: Action) -> Entry:
    return Entry.objects.get(action=action)


# --- Sections -----------------------------------------------------------------------------------


def test_a_section_is_kept_with_who_and_when_and_the_journal_tells_how_much(one, report):
    kept = save(one, report, "Ban hành 12 kết luận.\r\n\r\nTập trung vào đất đai. ")

    assert kept.text == "Ban hành 12 kết luận.\n\nTập trung vào đất đai."
    assert (kept.version, kept.changed_by, kept.changed_at) == (1, one.officers[1], MARCH)
    told = entry(Action.NARRATIVE_SAVED)
    assert told.details == {
        "outline": "Mẫu số 01",
        "heading": "II.2. Kết luận thanh tra",
        "old": "0 từ",
        "new": "10 từ",
    }
    assert "12 kết luận" not in str(told.details)


def test_R11_the_same_text_again_is_answered_and_changes_nothing(one, report):
    first = save(one, report, "Một ý.")

    again = save(one, report, "Một ý.  ", seen=0, person=one.heads[1])

    assert (again.pk, again.version, again.changed_by) == (first.pk, 1, one.officers[1])
    assert save(one, report, "  ", section="boi-canh") is None
    assert Entry.objects.filter(action=Action.NARRATIVE_SAVED).count() == 1


def test_R08_a_stale_save_shows_who_when_and_both_and_overwrites_nothing(one, report):
    save(one, report, "Bản một.")
    save(one, report, "Bản hai.", seen=1, person=one.heads[1], at=MARCH + timedelta(minutes=5))

    with pytest.raises(StaleSection, match=r"Trưởng Bình vừa lưu bản khác lúc 09:05") as refused:
        save(one, report, "Bản ba.", seen=1)

    assert refused.value.current.text == "Bản hai."
    assert NarrativeSection.objects.get().text == "Bản hai."
    assert save(one, report, "Bản ba.", seen=2).version == 3


def test_R08_two_who_begin_the_same_section_do_not_overwrite(one, report):
    save(one, report, "Của cán bộ.")

    with pytest.raises(StaleSection):
        save(one, report, "Của thủ trưởng.", seen=0, person=one.heads[1])


def test_others_may_not_write_and_cannot_be_told_from_nobody(world, one, report):
    for person in (one.officers[2], one.lead_head, world.superior, one.appraiser, world.stranger):
        with pytest.raises(PermissionDenied):
            save(one, report, "Xen vào.", person=person)
        with pytest.raises(PermissionDenied):
            attach(one, report, person=person)
    assert not NarrativeSection.objects.exists()
    assert not StoredFile.objects.exists()


def test_after_the_due_date_only_a_logged_exception_opens_the_narrative(one, report):
    with pytest.raises(RuleError, match="đã quá hạn"):
        save(one, report, "Muộn.", at=LATE)

    services.allow_late(
        period=report.period,
        membership=report.membership,
        reason="Mất điện",
        actor=one.lead_officer,
        at=LATE,
    )

    assert save(one, report, "Muộn.", at=LATE).text == "Muộn."


@pytest.mark.parametrize(
    ("outline", "section", "reason"),
    [
        ("mau09", "ket-luan", "không có phần lời theo mẫu đó"),
        ("mau01", "khong-co", "không còn mục này"),
        ("mau01", "ket-qua", "không còn mục này"),
        ("mau01", "bai-hoc", "không còn mục này"),
    ],
)
def test_a_place_the_period_does_not_have_is_refused(one, report, outline, section, reason):
    with pytest.raises(RuleError, match=reason):
        services.save_section(
            report=report,
            outline=outline,
            section=section,
            text="Chữ",
            seen=0,
            actor=one.officers[1],
            at=MARCH,
        )


def test_a_period_without_narrative_takes_none_but_takes_files(one):
    report = start(one, code="q2")

    assert outlines_of(report) == ()
    with pytest.raises(RuleError, match="không có phần lời"):
        save(one, report, "Chữ")
    assert attach(one, report, outline="", section="").section_key == ""


def test_a_text_too_long_is_refused_with_the_way_out(one, report):
    with pytest.raises(RuleError, match=r"II\.2.*dài quá 20000 ký tự.*tệp kèm theo"):
        save(one, report, "x" * 20_001)


def test_what_cannot_be_read_is_left_out(one, report):
    assert save(one, report, "Một\x00 ý\u2028mới").text == "Một ýmới"


# --- Persons (T09) --------------------------------------------------------------------------------


def test_T09_a_text_that_may_name_a_denouncer_is_asked_about_first(one, report):
    text = "Theo đơn tố cáo của bà Trần Thị B, CCCD 001085012345."

    with pytest.raises(AsksAboutPersons, match="không ghi danh tính người tố cáo") as asked:
        save(one, report, text)
    assert not NarrativeSection.objects.exists()
    with pytest.raises(AsksAboutPersons):
        save(one, report, text + " Gọi 0912 345 678.", confirmed=asked.value.token)

    kept = save(one, report, text, confirmed=asked.value.token)

    assert kept.version == 1
    told = entry(Action.NARRATIVE_SAVED).details
    assert len(told["looked_at"]) == 2
    assert "Trần" not in str(told)
    assert "0010" not in str(told)
    assert save(one, report, text + " Đã rà soát.", seen=1).version == 2


def test_T09_names_of_files_and_their_notes_are_asked_about_too(one, report):
    with pytest.raises(AsksAboutPersons):
        attach(one, report, note="Người tố cáo: Nguyễn Văn A")
    with pytest.raises(AsksAboutPersons):
        attach(one, report, name="don to cao 001085012345.pdf")
    assert not StoredFile.objects.exists()

    assert attach(one, report, note="Người tố cáo: Nguyễn Văn A", looked_again=True).pk


# --- Before hand-in -------------------------------------------------------------------------------


def narrative_findings(report):
    return [each for each in findings(report) if each.check.endswith("/chua-viet")]


def test_empty_sections_wait_for_a_text_or_a_word_before_hand_in(one, report):
    fill(one, report)
    NarrativeSection.objects.filter(section_key__in=["ket-luan", "xu-ly-don"]).delete()
    found = narrative_findings(report)
    assert [each.check for each in found] == ["mau01/chua-viet", "mau02/chua-viet"]
    with pytest.raises(RuleError, match=r"Còn 2 điều chưa giải trình.*Mẫu số 01.*II\.2"):
        services.submit_report(report=report, actor=one.heads[1], at=MARCH)

    save(one, report, "Ban hành 12 kết luận.")
    services.explain_finding(
        report=report,
        check="mau02/chua-viet",
        text="Chưa đối chiếu xong sổ đơn",
        actor=one.officers[1],
        at=MARCH,
    )

    assert services.submit_report(report=report, actor=one.heads[1], at=MARCH).state == "submitted"


def test_a_period_without_narrative_waits_for_no_words(one):
    assert narrative_findings(start(one, code="q2")) == []


# --- Files ----------------------------------------------------------------------------------------


def test_T04_a_file_is_kept_twice_under_its_fingerprint_and_told(one, report):
    kept = attach(one, report, name="Danh mục.pdf", note="Danh mục kết luận")

    assert (kept.file.name, kept.file.media_type) == ("Danh mục.pdf", "application/pdf")
    assert kept.file.organisation == one.memberships[1].organisation
    assert [path.read_bytes() for path in storage.places(kept.file.sha256)] == [PDF, PDF]
    told = entry(Action.REPORT_FILE_ADDED).details
    assert told == {"file": "Danh mục.pdf", "sha256": kept.file.sha256, "note": "Danh mục kết luận"}


@pytest.mark.parametrize(("name", "data", "said"), HOSTILE.values(), ids=HOSTILE)
def test_T14_a_hostile_file_is_refused_with_its_reason_and_nothing_is_stored(
    one, report, settings, name, data, said
):
    settings.EVIDENCE_LIMIT = LIMIT
    with pytest.raises(RuleError, match=said):
        attach(one, report, data=data, name=name)

    assert not StoredFile.objects.exists()
    assert not NarrativeAttachment.objects.exists()


def test_the_same_file_twice_and_too_many_files_are_refused(one, report, monkeypatch):
    monkeypatch.setattr("thidua.reporting.services.narratives.FILES_PER_REPORT", 2)
    attach(one, report)
    with pytest.raises(RuleError, match="đã kèm theo báo cáo này"):
        attach(one, report, section="boi-canh")
    attach(one, report, data=PDF + b"2")

    with pytest.raises(RuleError, match="tối đa 2 tệp"):
        attach(one, report, data=PDF + b"3")


def test_a_file_taken_off_stays_in_the_store_and_in_the_journal(one, report):
    kept = attach(one, report)
    with pytest.raises(PermissionDenied):
        services.remove_file(attachment=kept, actor=one.officers[2], at=MARCH)

    services.remove_file(attachment=kept, actor=one.heads[1], at=MARCH)

    assert not NarrativeAttachment.objects.exists()
    assert storage.get(kept.file.sha256) == PDF
    assert entry(Action.REPORT_FILE_REMOVED).details["sha256"] == kept.file.sha256
    with pytest.raises(RuleError, match="đã được bỏ"):
        services.remove_file(attachment=kept, actor=one.heads[1], at=MARCH)


# --- Locked, returned ------------------------------------------------------------------------------


def handed_in(one):
    report = start(one)
    attach(one, report)
    return submit(one)


def test_after_hand_in_nothing_of_the_narrative_is_written(one):
    report = handed_in(one)
    kept = report.narrative_attachments.get()

    with pytest.raises(RuleError, match="đã nộp"):
        save(one, report, "Thêm.", seen=1)
    with pytest.raises(RuleError, match="đã nộp"):
        attach(one, report, data=PDF + b"2")
    with pytest.raises(RuleError, match="đã nộp"):
        services.remove_file(attachment=kept, actor=one.officers[1], at=MARCH)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reporting_narrativesection SET text = 'khác'",
        "DELETE FROM reporting_narrativesection",
        "UPDATE reporting_narrativeattachment SET note = 'khác'",
        "DELETE FROM reporting_narrativeattachment",
        "INSERT INTO reporting_narrativesection (report_id, outline_key, section_key, text, version, "
        "changed_by_id, changed_at) SELECT report_id, outline_key, 'them-9', text, 1, changed_by_id, "
        "changed_at FROM reporting_narrativesection WHERE section_key = 'boi-canh'",
    ],
)
def test_the_database_itself_holds_what_was_handed_in(one, statement):
    handed_in(one)

    with (
        pytest.raises(DatabaseError, match="phần lời và tệp kèm theo không thay đổi được"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_section_is_not_moved_into_a_report_handed_in(one):
    report = handed_in(one)
    other = start(one, member=2)
    save(one, other, "Chữ.", person=one.officers[2], section="ket-luan")

    with pytest.raises(DatabaseError, match="không thay đổi được"), transaction.atomic():
        NarrativeSection.objects.filter(report=other).update(report=report, outline_key="mau09")


def test_changes_after_a_return_keep_both_texts_and_the_reason(one):
    report = handed_in(one)
    services.return_report(
        report=report, reason="Viết rõ kết luận", actor=one.lead_officer, at=MARCH
    )

    save(one, report, "Ban hành 12 kết luận.", seen=1)

    change = NarrativeChange.objects.get()
    assert (change.old, change.new) == ("Không phát sinh.", "Ban hành 12 kết luận.")
    assert (change.why, change.round) == ("Báo cáo được trả lại: Viết rõ kết luận", 2)
    with pytest.raises(DatabaseError, match="chỉ ghi thêm"), transaction.atomic():
        NarrativeChange.objects.update(old="khác")


# --- Outlines of the lead ---------------------------------------------------------------------------


def set_outline(one, sections, *, seen=0, person=None, reason="Công văn 15/TTCP", at=MARCH):
    (current, *_) = outlines_of_year(one.year, "TT06-2025")
    return services.set_outline(
        year=one.year,
        outline=current.outline,
        sections=sections,
        reason=reason,
        seen=seen,
        actor=person or one.lead_officer,
        at=at,
    )


OWN = (Section("boi-canh", "Tình hình chung"), Section("", "Chuyển đổi số"))


def test_the_lead_sets_other_headings_and_the_journal_tells_them(one, report):
    save(one, report, "Đã viết trước khi đổi.")

    kept = set_outline(one, OWN)

    assert kept.number == 1
    narrative = narrative_of(report)
    outline = narrative.outlines[0]
    assert [each.name for each in outline.sections] == ["I. Tình hình chung", "II. Chuyển đổi số"]
    assert outline.sections[1].key == "them-1"
    assert [each.text for each in narrative.outside(outline)] == ["Đã viết trước khi đổi."]
    told = entry(Action.NARRATIVE_OUTLINE_SET)
    assert told.details["headings"] == ["Tình hình chung", "Chuyển đổi số"]
    assert told.details["reason"] == "Công văn 15/TTCP"


def test_a_new_heading_never_takes_the_key_of_an_old_one(one, report):
    set_outline(one, OWN)
    set_outline(one, OWN[:1], seen=1)

    kept = set_outline(one, OWN, seen=2)

    assert [row["key"] for row in kept.content["sections"]] == ["boi-canh", "them-2"]


def test_what_was_handed_in_keeps_the_outline_of_its_day(one):
    report = handed_in(one)

    set_outline(one, OWN, at=MARCH + timedelta(days=1))

    assert len(outlines_of(report)[0].sections) == 12
    assert len(outlines_of(start(one, member=2))[0].sections) == 2


def test_only_the_lead_sets_an_outline_with_a_reason_and_on_the_newest(world, one):
    for person in (one.officers[1], world.superior, world.administrator, world.two.heads[0]):
        with pytest.raises(PermissionDenied):
            set_outline(one, OWN, person=person)
    with pytest.raises(RuleError, match="lý do hoặc văn bản"):
        set_outline(one, OWN, reason="  ")
    with pytest.raises(RuleError, match="ít nhất một mục"):
        set_outline(one, ())
    set_outline(one, OWN)

    with pytest.raises(StaleOutline, match="vừa đặt phiên bản 1"):
        set_outline(one, OWN, seen=0)

    assert NarrativeOutline.objects.count() == 1


def test_headings_are_kept_without_what_cannot_be_read(one):
    kept = set_outline(one, (Section("", "Chuyển\x00 đổi số", help="Nêu\r\nkết quả\x07"),))

    (row,) = kept.content["sections"]
    assert (row["heading"], row["help"]) == ("Chuyển đổi số", "Nêu\nkết quả")


def test_an_outline_that_was_set_stays_in_the_database(one):
    set_outline(one, OWN)

    for act in (
        lambda: NarrativeOutline.objects.update(reason="khác"),
        lambda: NarrativeOutline.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="chỉ ghi thêm"), transaction.atomic():
            act()
