"""Pages of the roll-up: what they say, to whom, and what a wrong choice does."""

import io
from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories.world import HANOI, make_world
from tests.movements.browser import Browser, words
from tests.reporting.made import open_periods
from tests.reporting.own import FORM, issued
from tests.reporting.rolled import STATE, columns, put

JUNE = datetime(2026, 7, 1, 9, 0, tzinfo=HANOI)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel(JUNE, tick=False):
        yield


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def one(world):
    return world.one


@pytest.fixture
def periods(one):
    return open_periods(one)


def url(name, one, query=""):
    return reverse(f"reports:{name}", args=[one.year.pk]) + query


def test_totals_name_value_formula_counted_and_missing(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c2=5, c3=10, c6=3))
    put(one, 1, periods["q1"], columns("ttr1", c2=1, c3=2, c6="1234"))

    shown = Browser(one.lead_officer).text(url("rollup", one))

    assert "1.237" in shown
    assert "<strong>18</strong>" in shown
    assert "Cộng các đơn vị" in shown
    assert '<summary class="num">2/3</summary>An, Bình' in shown
    assert "Mọi số tổng hợp dưới đây còn thiếu</p><p>Cường.</p>" in shown
    assert "Quý I 2026" in shown


def test_a_rebuilt_period_says_its_formula_and_who_lacks_which_quarter(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c2=5, c3=10, c6=3))
    put(one, 0, periods["q2"], columns("ttr1", c2=7, c3=20, c6=4))
    put(one, 1, periods["q1"], columns("ttr1", c2=1, c3=2, c6=5))

    shown = Browser(one.lead_officer).text(url("rollup", one, "?period=6m:q1-q2"))

    assert "6 tháng 2026, dựng lại từ Quý I + Quý II" in shown
    assert "<strong>12</strong>" in shown
    assert "Lấy của Quý I" in shown
    assert "Cột 2 (lấy của Quý I) + cột 3 (cộng các kỳ)" in shown
    assert "Bình (Quý II)" in shown


def test_units_and_state_of_reports_are_chosen(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3))
    put(one, 1, periods["q1"], columns("ttr1", c6=40), STATE.SUBMITTED)
    lead = Browser(one.lead_officer)
    unit = one.memberships[1].pk

    accepted = lead.text(url("rollup", one))
    handed_in = lead.text(url("rollup", one, "?counts=submitted"))
    one_unit = lead.text(url("rollup", one, f"?counts=submitted&units={unit}"))

    assert "<strong>3</strong>" in accepted
    assert "<strong>43</strong>" in handed_in
    assert "<strong>40</strong>" in one_unit
    assert "1 đơn vị" in one_unit


def test_wrong_choices_fall_back_and_break_nothing(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3))
    lead = Browser(one.lead_officer)
    query = "?period=6m:x&form=bia&counts=1&units=abc&units=999&indicator=x&rate=x&set=x"

    for name in ("rollup", "rollup_periods", "rates", "published", "picture"):
        assert lead.get(url(name, one, query)).status_code == 200


def test_T01_a_member_sees_its_own_figures_alone(one, periods):
    put(one, 1, periods["q1"], columns("ttr1", c6=7))
    put(one, 2, periods["q1"], columns("ttr1", c6=987654))
    officer = Browser(one.officers[1])
    other = one.memberships[2].pk

    for name in ("rollup", "rates", "published", "picture", "rollup_periods"):
        shown = officer.text(url(name, one, f"?counts=submitted&units={other}"))
        assert "987.6" not in shown
        assert "Cường" not in shown
    assert "<strong>7</strong>" in officer.text(url("rollup", one))


def test_who_has_no_reports_to_see_is_told_so(world, one, periods):
    put(one, 1, periods["q1"], columns("ttr1", c6=7))

    shown = Browser(one.appraiser).text(url("rollup", one))

    assert "không có báo cáo nào được xem" in shown
    assert Browser(one.appraiser).get(url("rollup_xlsx", one)).status_code == 404
    assert Browser(world.stranger).get(url("rollup", one)).status_code == 404


def test_before_periods_are_open_there_is_nothing(one):
    assert "chưa mở các kỳ báo cáo" in Browser(one.lead_officer).text(url("rollup", one))


def test_longer_period_that_differs_from_its_quarters_is_named(one, periods):
    for code, made in (("q1", 3), ("q2", 4), ("6m", 8)):
        put(one, 1, periods[code], columns("ttr1", c6=made, c7=1 if code != "6m" else 2))
    put(one, 2, periods["6m"], columns("ttr1", c6=5))

    shown = Browser(one.lead_officer).text(url("rollup_periods", one, "?period=6m:q1-q2"))

    assert "1/2 số lệch" in shown
    assert '<td class="num">8</td><td class="num">7</td><td class="num">1</td>' in shown
    assert "thiếu báo cáo Quý I, Quý II" in shown
    assert "Không có báo cáo 6 tháng được tính để đối chiếu" in shown


def test_rates_come_from_the_sums_of_counts_with_both_shown(one, periods):
    put(one, 0, periods["q1"], columns("ttr2", c1=10, c3=9))
    put(one, 1, periods["q1"], columns("ttr2", c1=90, c3=1))
    put(one, 2, periods["q1"], columns("ttr2", c3=500))

    shown = Browser(one.lead_officer).text(url("rates", one, "?rate=ty-le-ket-luan-hoan-thanh"))

    # Not (90 % + 1,1 %) ÷ 2, and not with a unit that gave one count alone.
    assert '<td class="num">10</td><td class="num">100</td>' in shown
    assert "<strong>10 %</strong>" in shown
    assert "9/10 kết luận = 90 %" in shown
    assert '<td class="num">2/3</td> <td>Cường</td>' in shown


def test_rates_count_every_report_whatever_form_another_tab_chose(one, periods):
    put(one, 0, periods["q1"], columns("ttr2", c1=10, c3=9))
    issued(one)

    shown = Browser(one.lead_officer).text(
        url("rates", one, f"?form={FORM}&period=q1&rate=ty-le-ket-luan-hoan-thanh")
    )

    assert "9/10 kết luận = 90 %" in shown


def test_published_figures_stand_beside_ours_with_gap_and_reason(one, periods):
    put(one, 0, periods["6m"], columns("ttr1", c8="92783120", c9="2925000", c24=90))

    shown = Browser(one.lead_officer).text(
        url("published", one, "?period=6m&form=ttr1&set=toan-quoc-6-thang-2024")
    )

    assert "92.783.100" in shown
    assert "Khớp: nguồn làm tròn, cho phép lệch đến 50 triệu đồng." in shown
    assert '<td class="num">−4</td>' in shown
    assert shown.count("Nguồn công bố tự mâu thuẫn") == 1
    assert "lệch 151.000 m²" in shown


def test_published_figures_may_be_typed_and_a_bad_line_is_named(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c12="15342.7"))
    lead = Browser(one.lead_officer)

    good = lead.text(url("published", one, "?typed=12:%20hơn%2015,3%20tỷ%20đồng"))
    bad = lead.get(url("published", one, "?typed=12:%205%0Atám:%205"))

    assert "hơn 15.300" in good
    assert "42,7" in good
    assert bad.status_code == 422
    assert "Dòng 2 (“tám: 5”)" in words(bad)


def test_picture_shows_who_handed_in_units_and_course(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3))
    put(one, 1, periods["q1"], columns("ttr1", c6=0), STATE.SUBMITTED, at=JUNE)

    shown = Browser(one.lead_officer).text(
        url("picture", one, "?counts=submitted&indicator=ttr1-ket-luan")
    )

    assert shown.count('role="img"') == 3
    assert "Bình: Quý I nộp muộn, Quý II quá hạn, chưa nộp" in shown
    assert "Quý I thiếu Cường." in shown
    assert "An: 3 kết luận; Bình: 0 kết luận; Cường: chưa có số liệu." in shown


def test_report_page_draws_the_course_of_a_chosen_figure(one, periods):
    put(one, 1, periods["q1"], columns("ttr1", c6=3, c7=11))
    later = put(one, 1, periods["q2"], columns("ttr1", c6=4), STATE.DRAFT)
    officer = Browser(one.officers[1])
    where = reverse("reports:report", args=[one.year.pk, later.pk])

    assert "Quý I: 3 kết luận; Quý II: 4 kết luận; Quý III: chưa có" in officer.text(where)
    assert "Quý I: 11 đơn vị" in officer.text(f"{where}?indicator=ttr1-don-vi")


def test_workbook_holds_numbers_and_names_who_lacks(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3, c12="15.3"))

    answer = Browser(one.lead_officer).get(url("rollup_xlsx", one))

    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert rows["6"][4:] == (3, "Cộng các đơn vị", "1/3", "Bình, Cường")
    assert rows["12"][4] == 15.3
    assert rows["7"][4] is None
    assert "Thiếu trong mọi số tổng hợp: Bình, Cường." in rows
    assert "tong-hop-01ttr-quy-i-2026.xlsx" in answer.headers["Content-Disposition"]


def test_T15_a_unit_named_like_a_formula_stays_text(one, periods):
    one.memberships[1].organisation.short_name = "=1+1"
    one.memberships[1].organisation.save()

    answer = Browser(one.lead_officer).get(url("rollup_xlsx", one))

    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_paper_is_made_with_its_footnotes(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3))

    answer = Browser(one.lead_officer).get(url("rollup_pdf", one))

    assert answer.content.startswith(b"%PDF")


def test_pages_ask_as_much_with_three_units_as_with_two(one, periods):
    lead = Browser(one.lead_officer)
    pages = ["rollup", "rollup_periods", "rates", "published", "picture", "rollup_xlsx"]
    put(one, 0, periods["q1"], columns("ttr1", c6=3))
    put(one, 1, periods["q1"], columns("ttr1", c6=3, c7=4))
    query = "?set=thai-binh-quy-1-2024"
    before = {name: _asked(lead, url(name, one, query)) for name in pages}

    put(one, 2, periods["q1"], columns("ttr1", c6=3, c8=4))

    assert {name: _asked(lead, url(name, one, query)) for name in pages} == before
    assert max(before.values()) <= 30


def _asked(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        browser.get(address)
    return len(found)
