"""Pages of urging: who sees what, urging by hand, the letter as files, the steps of a year."""

import io
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from tests.documents.test_letters import all_text
from tests.documents.test_rendering import text_of
from tests.factories.world import HANOI, make_world
from tests.movements.browser import Browser, words
from tests.reporting.made import MARCH, open_periods, submit
from thidua.notices.models import Delivery, Notice
from thidua.notices.services import mark_seen
from thidua.reporting import services
from thidua.reporting.models import Reminder, UrgingRule

MONDAY = datetime(2026, 3, 23, 9, 0, tzinfo=HANOI)


@pytest.fixture
def one(world):
    """An has handed in; Bình and Cường have not, three days after the due date."""
    with time_machine.travel(MARCH, tick=False):
        open_periods(world.one)
        submit(world.one, member=0)
    with time_machine.travel(MONDAY, tick=False):
        yield world.one


@pytest.fixture
def quarter(one):
    return one.year.reporting_periods.get(code="q1")


def url(name, one, *args):
    return reverse(f"reports:{name}", args=[one.year.pk, *args])


def test_lead_and_superior_see_who_is_missing_and_how_late(world, one, quarter):
    for person in (one.lead_officer, world.superior):
        shown = Browser(person).text(url("urging", one, quarter.pk))

        assert "Chưa nộp: 2/3 đơn vị" in shown
        assert "quá hạn 3 ngày (1 ngày làm việc)" in shown
        assert "Thanh tra tỉnh Bình" in shown
        assert "Thanh tra tỉnh An" not in shown
        assert "chưa đôn đốc" in shown


def test_steps_are_shown_with_their_days_and_why_they_moved(one, quarter):
    shown = Browser(one.lead_officer).text(url("urging", one, quarter.pk))

    assert "Các bước đặt sẵn của phần mềm (không phải quy định của pháp luật)" in shown
    assert "thứ Bảy 21/03/2026 là ngày nghỉ (nghỉ hằng tuần)" in shown


def test_a_unit_sees_its_own_urgings_only(one, quarter):
    services.urge_due(MONDAY)

    shown = Browser(one.officers[1]).text(url("urging", one, quarter.pk))

    assert "Đơn vị bạn chưa nộp: chưa làm, quá hạn 3 ngày (1 ngày làm việc)" in shown
    assert "Trưởng Bình" in shown
    assert "Cường" not in shown
    assert "Đôn đốc ngay" not in shown


def test_others_find_nothing(world, one, quarter):
    for person in (one.appraiser, world.administrator, world.two.lead_head, world.stranger):
        for name in ("urging", "urging_pdf", "urging_docx_file"):
            assert Browser(person).get(url(name, one, quarter.pk)).status_code == 404
    for name in ("urging_pdf", "urging_docx_file"):
        assert Browser(one.heads[1]).get(url(name, one, quarter.pk)).status_code == 404


def test_urging_shows_seen_and_what_became_of_the_letter(one, quarter):
    one.heads[1].email = "truong@binh.gov.vn"
    one.heads[1].save()
    services.urge_due(MONDAY)
    mark_seen(
        notice=Notice.objects.get(recipient=one.heads[1]),
        actor=one.heads[1],
        at=MONDAY.replace(hour=10),
    )
    lead = Browser(one.lead_officer)

    shown = lead.text(url("urging", one, quarter.pk))
    assert "đã xem 10:00 23/03/2026" in shown
    assert "thư: chờ gửi" in shown
    assert "thư: không có địa chỉ" in shown
    Delivery.objects.filter(address="truong@binh.gov.vn").update(
        state="sent", sent_at=MONDAY.replace(minute=5)
    )
    assert "thư: đã gửi 09:05 23/03/2026" in lead.text(url("urging", one, quarter.pk))


def test_the_lead_chooses_units_and_words(one, quarter):
    lead = Browser(one.lead_officer)

    answer = lead.post(
        url("urging", one, quarter.pk),
        {"units": [one.memberships[1].pk], "text": "Nộp trước 16 giờ hôm nay."},
    )

    assert lead.said(answer) == ["Đã đôn đốc 1 đơn vị, 2 người nhận."]
    assert {each.text for each in Reminder.objects.all()} == {"Nộp trước 16 giờ hôm nay."}
    shown = lead.text(url("urging", one, quarter.pk))
    assert "Đôn đốc trực tiếp – Cán bộ An" in shown
    assert "“Nộp trước 16 giờ hôm nay.”" in shown


def test_R11_a_double_click_urges_once(one, quarter):
    lead, data = Browser(one.lead_officer), {"units": [one.memberships[1].pk], "text": "Nộp."}

    for _ in range(2):
        lead.post(url("urging", one, quarter.pk), data, key="a" * 32)

    assert Reminder.objects.count() == 2


@pytest.mark.parametrize(
    ("units", "text", "said"),
    [
        ([], "Nộp", "Hãy chọn ít nhất một đơn vị để đôn đốc."),
        ([1], "", "Hãy ghi lời đôn đốc gửi tới đơn vị."),
        ([0], "Nộp", "Danh sách đơn vị chưa nộp vừa thay đổi."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(one, quarter, units, text, said):
    data = {"units": [one.memberships[each].pk for each in units], "text": text}

    answer = Browser(one.lead_officer).post(url("urging", one, quarter.pk), data)

    assert answer.status_code == 422
    assert said in words(answer)
    assert not Reminder.objects.exists()


def test_a_unit_cannot_urge(one, quarter):
    data = {"units": [one.memberships[2].pk], "text": "Nộp"}

    assert Browser(one.heads[1]).post(url("urging", one, quarter.pk), data).status_code == 404
    assert not Reminder.objects.exists()


def test_when_everybody_has_handed_in_there_is_nobody_to_urge(one, quarter):
    with time_machine.travel(MARCH, tick=False):
        submit(one, member=1)
        submit(one, member=2)
    lead = Browser(one.lead_officer)

    assert "Không còn ai phải đôn đốc" in lead.text(url("urging", one, quarter.pk))
    answer = lead.get(url("urging_pdf", one, quarter.pk))
    assert lead.said(answer) == ["Không còn đơn vị nào cần gửi công văn đôn đốc."]


def test_a_year_without_a_calendar_says_so(one, quarter, monkeypatch):
    from thidua.reporting.views import urging
    from thidua.rules.deadlines import WorkingCalendar

    monkeypatch.setattr(urging, "loaded_calendar", WorkingCalendar)

    shown = Browser(one.lead_officer).text(url("urging", one, quarter.pk))

    assert "Chưa nạp lịch làm việc năm 2026" in shown
    assert "chưa tính được" in shown


def test_the_letter_goes_to_the_late_units_only_as_pdf(one, quarter):
    organisation = one.memberships[0].organisation
    organisation.governing_body, organisation.abbreviation = "Ủy ban nhân dân tỉnh An", "TTr"
    organisation.save()

    answer = Browser(one.lead_officer).get(url("urging_pdf", one, quarter.pk))

    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="cong-van-don-doc-nop-bao-cao-quy-i-nam-2026.pdf"' in str(
        answer["Content-Disposition"]
    )
    whole = " ".join(text_of(answer.content)).replace("\u00a0", " ")
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    for part in (
        "ỦY BAN NHÂN DÂN TỈNH AN THANH TRA TỈNH AN",
        "Số: /TTr-",
        "V/v đôn đốc nộp báo cáo quý I năm 2026",
        "Kính gửi: - Thanh tra tỉnh Bình; - Thanh tra tỉnh Cường.",
        "Thực hiện chế độ báo cáo theo Thông tư 06/2025/TT-TTCP, Điều 7",
        "gửi chậm nhất ngày 20 tháng 3 năm 2026",
        "Tính đến 09 giờ 00 ngày 23 tháng 3 năm 2026, 2 đơn vị sau đây chưa nộp báo cáo",
        "1 Thanh tra tỉnh Bình Toàn bộ báo cáo (chưa làm) 21/03/2026 3 1",
        "- Thanh tra Chính phủ (để báo cáo);",
        "CHÁNH THANH TRA Trưởng An",
    ):
        assert part in whole, part


def test_the_letter_opens_in_a_word_processor_with_the_same_words(one, quarter):
    answer = Browser(one.lead_officer).get(url("urging_docx_file", one, quarter.pk))

    lines = all_text(Document(io.BytesIO(answer.content)))
    assert 'filename="cong-van-don-doc-nop-bao-cao-quy-i-nam-2026.docx"' in str(
        answer["Content-Disposition"]
    )
    assert [each for each in lines if each.startswith(("Kính", "- Thanh tra tỉnh"))] == [
        "Kính gửi:",
        "- Thanh tra tỉnh Bình;",
        "- Thanh tra tỉnh Cường.",
    ]
    # The space before the year does not break; it is a space all the same.
    assert "V/v đôn đốc nộp báo cáo quý I năm 2026" in lines
    assert lines[-1] == "Trưởng An"


def test_the_new_date_in_the_letter_is_not_in_a_year_that_is_over(one, quarter):
    with time_machine.travel(datetime(2027, 1, 5, 9, tzinfo=HANOI), tick=False):
        answer = Browser(one.lead_officer).get(url("urging_pdf", one, quarter.pk))

    assert "trước ngày …… tháng …… năm 2027." in " ".join(text_of(answer.content))


def test_the_superior_s_letter_is_the_superior_s_own(world, one, quarter):
    answer = Browser(world.superior).get(url("urging_pdf", one, quarter.pk))

    whole = " ".join(text_of(answer.content))
    assert "Thanh tra Chính phủ đề nghị các đơn vị nêu trên" in whole
    assert "để báo cáo" not in whole
    assert "THỦ TRƯỞNG ĐƠN VỊ" in whole


def test_a_permission_stands_in_the_letter_and_on_the_page(one, quarter):
    services.allow_late(
        period=quarter,
        membership=one.memberships[1],
        reason="Bão",
        actor=one.lead_head,
        at=MONDAY,
    )
    lead = Browser(one.lead_officer)

    assert "được nộp muộn từ 23/03/2026" in lead.text(url("urging", one, quarter.pk))
    pdf = lead.get(url("urging_pdf", one, quarter.pk)).content
    assert "Đang làm, chưa nộp; được cho nộp muộn từ 23/03/2026" in " ".join(text_of(pdf))


def test_a_returned_report_is_not_called_late_it_says_since_when_it_is_back(one, quarter):
    with time_machine.travel(MARCH, tick=False):
        report = submit(one, member=1)
    services.return_report(report=report, reason="Sai cột 5", actor=one.lead_head, at=MONDAY)
    lead = Browser(one.lead_officer)

    shown = lead.text(url("urging", one, quarter.pk))
    assert "Trả lại để sửa" in shown
    assert "nộp lần đầu 16/03/2026, trả lại 23/03/2026" in shown
    pdf = " ".join(text_of(lead.get(url("urging_pdf", one, quarter.pk)).content))
    assert (
        "Đã trả lại để sửa, chưa nộp lại (nộp lần đầu 16/03/2026, trả lại 23/03/2026) – – –" in pdf
    )
    own = Browser(one.heads[1]).text(url("urging", one, quarter.pk))
    assert "trả lại để sửa, nộp lần đầu 16/03/2026, trả lại 23/03/2026." in own


def test_before_the_due_date_nobody_is_called_late(one, quarter):
    with time_machine.travel(MARCH, tick=False):
        lead = Browser(one.lead_officer)
        shown = lead.text(url("urging", one, quarter.pk))
        pdf = " ".join(text_of(lead.get(url("urging_pdf", one, quarter.pk)).content))

    assert "Hạn gửi 20/03/2026: còn 4 ngày" in shown
    assert "Chưa làm" in shown
    assert "chưa đến hạn – –" in pdf


# The steps of a year


def steps_typed(**changed):
    """The shipped steps as the form sends them, with changes by name (`late_1_days`)."""
    from thidua.rules.urging import shipped_rule

    data = {"from_time": "07:30", "until_time": "17:00", "reason": "Cụm thống nhất", "number": "0"}
    for step in shipped_rule().steps:
        data[f"{step.key}-on"] = "on"
        data[f"{step.key}-to"] = [str(each) for each in step.to]
        data[f"{step.key}-channel"] = str(step.channel)
        if step.offset:
            data[f"{step.key}-days"] = str(abs(step.offset))
    return {**data, **{name.replace("__", "-"): value for name, value in changed.items()}}


def test_the_lead_sets_the_steps_and_sees_who_set_them(one, quarter):
    lead = Browser(one.lead_officer)

    answer = lead.post(
        url("urging_setting", one),
        steps_typed(before__days="5", before__to=["officer", "head"], from_time="8h"),
    )

    assert lead.said(answer)[0].startswith("Đã đặt lại các bước đôn đốc")
    rule = UrgingRule.objects.get().rule
    assert (rule.steps[0].offset, len(rule.steps[0].to), rule.hours) == (-5, 2, "08:00 – 17:00")
    shown = lead.text(url("urging", one, quarter.pk))
    assert "Các bước do Cán bộ An đặt ngày 23/03/2026: Cụm thống nhất." in shown
    assert "trước hạn 5 ngày" in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"late-1-days": "x"}, "Hãy ghi số ngày bằng một số nguyên"),
        ({"late-1-days": "0"}, "Số ngày phải từ 1."),
        ({"late-1-days": "9"}, "“Quá hạn, lần 2” phải sau “Quá hạn, lần 1” ít nhất một ngày."),
        ({"due-to": []}, "“Nhắc ngày đến hạn”: hãy chọn ít nhất một nơi nhận"),
        ({"from_time": "sáng"}, "Giờ viết như 07:30."),
        ({"reason": ""}, "Hãy ghi lý do sửa các bước đôn đốc."),
        ({"number": "3"}, "Người khác vừa đặt lại các bước đôn đốc"),
    ],
)
def test_a_setting_that_makes_no_sense_is_said_at_its_place(one, changed, said):
    answer = Browser(one.lead_officer).post(
        url("urging_setting", one), {**steps_typed(before__days="4"), **changed}
    )

    assert answer.status_code == 422
    assert said in words(answer)
    assert not UrgingRule.objects.exists()


def test_only_the_lead_finds_the_steps_page(world, one):
    assert Browser(one.lead_head).get(url("urging_setting", one)).status_code == 200
    for person in (one.heads[1], world.superior, world.administrator):
        assert Browser(person).get(url("urging_setting", one)).status_code == 404


def test_a_step_that_is_off_is_gone_from_the_plan(one, quarter):
    lead, data = Browser(one.lead_officer), steps_typed()
    del data["late-3-on"]

    lead.post(url("urging_setting", one), data)

    assert "Quá hạn, lần 3" not in lead.text(url("urging", one, quarter.pk))


@pytest.mark.parametrize("person", ["lead", "unit"])
@pytest.mark.django_db
def test_the_page_asks_as_many_questions_for_many_units_and_urgings_as_for_few(person):
    asked = []
    for members in (3, 6):
        # Both worlds live in one database: other names, the same shape.
        asked.append(_asked(members, person))

    assert asked[0] == asked[1]


def _asked(members: int, person: str) -> int:
    from django.db import transaction

    with transaction.atomic():
        one = make_world(members).one
        with time_machine.travel(MARCH, tick=False):
            quarter = open_periods(one)["q1"]
        for at in (datetime(2026, 3, 20, 9, tzinfo=HANOI), MONDAY):
            with time_machine.travel(at, tick=False):
                services.urge_due(at)
        with time_machine.travel(MONDAY, tick=False):
            who = Browser(one.lead_officer if person == "lead" else one.officers[1])
            asked = who.queries(url("urging", one, quarter.pk))
        transaction.set_rollback(True)
    return asked


def test_dates_of_the_steps_follow_a_moved_due_date(one, quarter):
    quarter.due_on = date(2026, 4, 10)
    quarter.save()

    shown = Browser(one.lead_officer).text(url("urging", one, quarter.pk))

    assert "07/04/2026" in shown
