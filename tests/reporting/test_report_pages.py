"""Pages of periods and reports: who sees what, saving without a script, acts, query counts."""

import json
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from tests.movements.browser import Browser, words
from tests.reporting.made import LATE, MARCH, fill, open_periods, save, start, submit
from thidua.reporting import services
from thidua.reporting.models import Report

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture(autouse=True)
def march():
    """After the data of quarter I is complete, before it is due."""
    with time_machine.travel(MARCH, tick=False):
        yield


@pytest.fixture
def one(world):
    return world.one


def url(name, one, *args):
    return reverse(f"reports:{name}", args=[one.year.pk, *args])


def test_the_lead_opens_the_periods_and_everybody_sees_what_is_due(one):
    lead, officer = Browser(one.lead_officer), Browser(one.officers[1])
    assert "Khi cụm trưởng mở các kỳ" in officer.text(url("list", one))

    answer = lead.post(url("periods_open", one))

    assert "Đã mở bảy kỳ" in lead.said(answer)[0]
    shown = officer.text(url("list", one))
    assert "Số liệu 15/12/2025 – 14/03/2026 · hạn gửi 20/03/2026, còn 4 ngày" in shown
    assert shown.count("Làm báo cáo") == 7


def test_only_lead_and_superior_see_who_has_not_handed_in(world, one):
    submit(one, member=2)

    for person in (one.lead_officer, world.superior):
        shown = Browser(person).text(url("list", one))
        assert "1/3 đơn vị đã nộp. Chưa nộp: An, Bình." in shown
    shown = Browser(one.officers[1]).text(url("list", one))
    assert "đơn vị đã nộp" not in shown
    assert "Cường" not in shown


def test_a_unit_starts_its_report_and_comes_back_to_the_same(one):
    period = open_periods(one)["q1"]
    officer = Browser(one.officers[1])

    first = officer.post(url("start", one, period.pk))
    second = officer.post(url("start", one, period.pk))

    report = Report.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == url("report", one, report.pk)
    shown = officer.text(url("report", one, report.pk))
    assert "01/PCTN" in shown
    assert "Chưa ghi" in shown


def test_a_person_without_a_unit_starts_nothing(world, one):
    period = open_periods(one)["q1"]

    assert Browser(world.superior).post(url("start", one, period.pk)).status_code == 404
    assert not Report.objects.exists()


def test_period_page_shows_days_off_and_the_lead_moves_them(one):
    period = open_periods(one)["6m"]
    lead = Browser(one.lead_officer)
    shown = lead.text(url("period", one, period.pk))
    assert "chậm nhất 20/06/2026 <small" in shown
    assert "giữ nguyên ngày, không tự dời" in shown

    fields = {
        "first_on": "15/12/2025",
        "last_on": "14/06/2026",
        "local_due_on": "17/06/2026",
        "due_on": "22/06/2026",
        "version": "1",
    }
    refused = lead.post(url("period_edit", one, period.pk), fields)
    done = lead.post(url("period_edit", one, period.pk), {**fields, "reason": "Công văn 5"})

    assert refused.status_code == 422
    assert lead.said(done) == ["Đã sửa ngày của kỳ 6 tháng."]
    period.refresh_from_db()
    assert f"{period.due_on}" == "2026-06-22"
    assert Browser(one.officers[1]).get(url("period_edit", one, period.pk)).status_code == 404


def test_period_edit_says_when_another_was_first(one):
    period = open_periods(one)["q1"]
    lead = Browser(one.lead_officer)
    fields = {"first_on": "15/12/2025", "last_on": "14/03/2026", "local_due_on": "17/03/2026"}

    answer = lead.post(
        url("period_edit", one, period.pk),
        {**fields, "due_on": "21/03/2026", "version": "9", "reason": "x"},
    )

    assert answer.status_code == 422
    assert "Người khác vừa sửa kỳ báo cáo này" in words(answer)


def test_grid_shows_headings_values_sums_and_last_period(one):
    first = start(one)
    fill(one, first)
    save(one, first, "ttr1", c2="4", c3="6", c4="10")
    services.submit_report(report=first, actor=one.heads[1], at=MARCH)
    second = start(one, code="q2")
    save(one, second, "ttr1", c2="10", c3="1234", c4="1244")

    shown = Browser(one.officers[1]).text(url("form", one, second.pk, "ttr1"))

    assert 'name="c-ttr1-cuoc-trong-ky" value="1234"' in shown
    assert 'placeholder="= 1.244"' in shown
    assert '<td class="num before">10</td>' in shown
    assert "Quý I 2026" in shown


def test_grid_saves_without_a_script_only_what_was_touched(one):
    report = start(one)
    save(one, report, "ttr1", c6="7")
    officer = Browser(one.officers[1])

    answer = officer.post(
        url("form", one, report.pk, "ttr1"),
        {
            "c-ttr1-ket-luan": "5",
            "s-ttr1-ket-luan": "0:5",
            "c-ttr1-don-vi": "3",
            "s-ttr1-don-vi": "0:",
        },
    )

    assert officer.said(answer) == ["Đã lưu 1 ô."]
    stored = dict(report.figures.values_list("indicator_key", "value"))
    assert stored == {"ttr1-ket-luan": 7, "ttr1-don-vi": 3}


def test_grid_keeps_what_was_typed_beside_its_error(one):
    report = start(one)
    officer = Browser(one.officers[1])

    answer = officer.post(
        url("form", one, report.pk, "ttr1"),
        {"c-ttr1-ket-luan": "1,5", "s-ttr1-ket-luan": "0:", "c-ttr1-don-vi": "3"},
    )

    shown = words(answer)
    assert answer.status_code == 422
    assert 'value="1,5"' in shown
    assert "Biểu 01/TTr, cột 6 (Số kết luận thanh tra đã ban hành): phải là số nguyên" in shown
    assert not report.figures.exists()


def test_R08_grid_shows_what_the_other_wrote(one):
    report = start(one)
    save(one, report, "ttr1", c6="7")

    answer = Browser(one.heads[1]).post(
        url("form", one, report.pk, "ttr1"),
        {"c-ttr1-ket-luan": "8", "s-ttr1-ket-luan": "0:"},
    )

    shown = words(answer)
    assert answer.status_code == 409
    assert "Cán bộ Bình vừa ghi “7”" in shown
    assert 'value="8"' in shown
    assert 'name="s-ttr1-ket-luan" value="1:7"' in shown


def test_grid_answers_a_script_with_cells_sums_marks_and_findings(one):
    report = start(one)
    officer = Browser(one.officers[1])
    where = url("form", one, report.pk, "ttr1")

    saved = officer.post(
        where,
        {
            "c-ttr1-cuoc-ky-truoc": "4",
            "c-ttr1-cuoc-trong-ky": " 6 ",
            "c-ttr1-ket-luan": "20",
            "s-ttr1-ket-luan": "hỏng",
        },
        **JSON,
    )
    refused = officer.post(where, {"c-ttr1-don-vi": "x"}, **JSON)
    stale = officer.post(where, {"c-ttr1-ket-luan": "9", "s-ttr1-ket-luan": "0:"}, **JSON)

    said = saved.json()
    assert said["cells"]["ttr1-cuoc-trong-ky"] == {"seen": "1:6", "value": "6"}
    assert said["computed"]["ttr1-cuoc"] == "10"
    assert said["marks"]["ttr1-ket-luan"] == "warning"
    assert "phải không quá cột 1" in said["findings"]
    assert "chỉ tiêu có số liệu" in said["progress"]
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["ttr1-don-vi"]
    assert stale.status_code == 409
    assert stale.json()["theirs"]["ttr1-ket-luan"]["seen"] == "1:20"
    assert json.loads(stale.content)["errors"]["ttr1-ket-luan"].startswith("Cán bộ Bình")


def test_list_form_saves_rows_and_ticks(one):
    report = start(one)
    officer = Browser(one.officers[1])
    where = url("form", one, report.pk, "pctn3")
    seen = services.rows_token([])

    answer = officer.post(
        where,
        {
            "seen": seen,
            "r-1-pctn3-ten-van-ban": "Nghị quyết 1",
            "r-1-pctn3-da-khac-phuc": "on",
            "r-2-pctn3-ten-van-ban": " ",
            "r-x-pctn3-ten-van-ban": "không phải dòng",
        },
    )

    assert officer.said(answer) == ["Đã lưu Biểu 03/PCTN."]
    assert report.list_rows.get().cells == {
        "pctn3-ten-van-ban": "Nghị quyết 1",
        "pctn3-da-khac-phuc": "x",
    }
    assert 'value="x" checked' in officer.text(where)
    stale = officer.post(where, {"seen": seen, "r-1-pctn3-ten-van-ban": "Khác"})
    assert stale.status_code == 409
    assert "Khác" in words(stale)
    assert f'name="seen" value="{seen}"' in words(stale)
    long = officer.post(where, {"seen": seen, "r-1-pctn3-ten-van-ban": "a" * 2001})
    assert long.status_code == 422


def test_a_form_that_does_not_exist_is_not_found(one):
    report = start(one)

    assert Browser(one.officers[1]).get(url("form", one, report.pk, "bia")).status_code == 404


def test_an_explanation_leads_back_to_the_form_it_was_asked_in(one):
    report = start(one)
    officer = Browser(one.officers[1])
    word = {"check": "ttr1/chua-co-so-lieu", "text": "Chưa tổng hợp xong"}

    on_form = officer.post(url("explain", one, report.pk), {**word, "form": "ttr1"})
    on_report = officer.post(url("explain", one, report.pk), {**word, "form": "//evil"})

    assert on_form.headers["Location"] == f"{url('form', one, report.pk, 'ttr1')}#xem-lai"
    assert on_report.headers["Location"] == url("report", one, report.pk)
    assert "1 điều đã giải trình" in officer.text(url("report", one, report.pk))


def test_the_course_by_pages_submit_return_change_accept(one):
    report = start(one)
    fill(one, report)
    head, lead, officer = Browser(one.heads[1]), Browser(one.lead_officer), Browser(one.officers[1])
    where = url("report", one, report.pk)
    assert "Nộp báo cáo này?" in head.text(where)
    assert "Nộp báo cáo này?" not in officer.text(where)
    assert lead.get(where).status_code == 404

    assert "Đã nộp" in head.said(head.post(url("submit", one, report.pk)))[0]
    assert "Số liệu đã khoá" in officer.text(where)
    assert "Báo cáo đã nộp: chỉ xem" in officer.text(url("form", one, report.pk, "ttr1"))
    returned = lead.post(url("return", one, report.pk), {"reason": "Sai biểu 03"})
    assert returned.headers["Location"] == url("period", one, report.period_id)
    assert "Sai biểu 03" in officer.text(where)
    save(one, report, "ttr3", c1="5")
    head.post(url("submit", one, report.pk))
    shown = lead.text(where)
    assert "Biểu 03/TTr, cột 1" in shown
    assert "Báo cáo được trả lại: Sai biểu 03" in shown
    assert lead.said(lead.post(url("accept", one, report.pk), {"round": "2"})) == [
        "Đã chấp nhận báo cáo."
    ]
    assert "Đã chấp nhận lúc" in officer.text(where)


def test_R08_a_round_nobody_has_read_is_not_accepted(one):
    report = submit(one)
    lead = Browser(one.lead_officer)
    assert '<input type="hidden" name="round" value="1">' in lead.text(
        url("report", one, report.pk)
    )
    lead.post(url("return", one, report.pk), {"reason": "Sai biểu 03"})
    Browser(one.heads[1]).post(url("submit", one, report.pk))

    said = lead.said(lead.post(url("accept", one, report.pk), {"round": "1"}))

    assert "nộp lại (lần 2) sau khi bạn mở trang" in said[-1]
    report.refresh_from_db()
    assert report.state == report.State.SUBMITTED


def test_return_without_a_reason_stays_with_its_sentence(one):
    report = submit(one)
    lead = Browser(one.lead_officer)

    answer = lead.post(url("return", one, report.pk), {"reason": " "})

    assert answer.headers["Location"] == url("report", one, report.pk)
    assert "ghi lý do trả lại" in lead.said(answer)[0]


def test_after_the_due_date_the_lead_opens_it_by_a_reason(one):
    report = start(one)
    with time_machine.travel(LATE, tick=False):
        officer, lead = Browser(one.officers[1]), Browser(one.lead_officer)
        form = url("form", one, report.pk, "ttr1")
        assert "chưa được phép ghi tiếp" in officer.text(form)
        assert officer.post(form, {"c-ttr1-don-vi": "3"}).status_code == 422

        place = url("late_allow", one, report.period_id, report.membership_id)
        assert "cho-bình" not in place
        answer = lead.post(place, {"reason": "Bão lũ"})

        assert "Đã cho Bình nộp muộn" in lead.said(answer)[0]
        assert "Được ghi sau hạn" in officer.text(url("report", one, report.pk))
        assert 'id="grid"' in officer.text(form)


def test_print_shows_every_form_with_no_data_apart_from_zero(one):
    report = start(one)
    save(one, report, "ttr1", c6="0", c8="1234,5")

    shown = Browser(one.officers[1]).text(url("print", one, report.pk))

    assert shown.count('class="paper"') == 12
    assert '<td class="num">1.234,5</td>' in shown
    assert '<td class="num">0</td>' in shown
    assert '<td class="num">…</td>' in shown
    assert "Bản đang làm, chưa nộp" in shown


def test_pages_ask_as_much_with_sixty_cells_as_with_ten(one):
    few, many = start(one, member=1), start(one, member=2)
    keys = ["c2", "c3", "c4", "c5", "c6", "c7"]
    save(one, few, "ttr1", **dict.fromkeys(keys, "1"))
    fill(one, many, member=2)
    asked = {}
    for member, report in ((1, few), (2, many)):
        officer = Browser(one.officers[member])
        asked[member] = [
            officer.queries(url("form", one, report.pk, "ttr1")),
            officer.queries(url("form", one, report.pk, "pctn1")),
            officer.queries(url("report", one, report.pk)),
            officer.queries(url("print", one, report.pk)),
        ]

    assert asked[1] == asked[2]
    assert max(asked[1]) <= 30


def test_lists_ask_as_much_with_three_reports_as_with_one(one):
    lead = Browser(one.lead_officer)
    report = submit(one)
    before = [lead.queries(url("list", one)), lead.queries(url("period", one, report.period_id))]

    submit(one, member=2)
    submit(one, member=0)

    after = [lead.queries(url("list", one)), lead.queries(url("period", one, report.period_id))]
    assert after == before


def test_saving_asks_as_much_for_sixty_cells_as_for_ten(one, django_assert_max_num_queries):
    report = start(one)
    template = services.filling.edition_of(report).template("pctn1")
    cells = [services.Typed(each.key, "1") for each in template.numbers]

    for batch in (cells[:10], cells[10:70]):
        with django_assert_max_num_queries(14):
            services.save_figures(
                report=report, form="pctn1", cells=batch, actor=one.officers[1], at=MARCH
            )


def test_a_period_without_known_forms_is_not_started(one):
    period = open_periods(one)["q1"]
    period.first_on, period.last_on = date(2018, 1, 1), date(2018, 3, 1)
    period.save()
    officer = Browser(one.officers[1])

    answer = officer.post(url("start", one, period.pk))

    assert "chưa có bộ biểu mẫu" in officer.said(answer)[0]
    assert not Report.objects.exists()


def test_who_has_no_unit_sees_the_periods_only(one):
    submit(one)

    shown = Browser(one.appraiser).text(url("list", one))

    assert "Quý I" in shown
    assert "Bình" not in shown
