"""Figures as they are typed: whole batches, two people at once, no data beside 0."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tests.reporting.made import LATE, MARCH, fill, findings, save, start, submit
from thidua.audit.models import Action, Entry
from thidua.reporting import services
from thidua.reporting.models import Figure, FigureChange
from thidua.reporting.queries.reports import past_of
from thidua.reporting.services import CellsRefused, StaleCells, StaleRows, Typed
from thidua.rules.errors import RuleError


@pytest.fixture
def one(world):
    return world.one


@pytest.fixture
def report(one):
    return start(one)


def test_start_report_again_gives_the_same(one, report):
    again = services.start_report(
        period=report.period, membership=one.memberships[1], actor=one.heads[1], at=MARCH
    )

    assert again == report
    assert report.edition == "TT06-2025"
    assert Entry.objects.filter(action=Action.REPORT_STARTED).count() == 1


def test_start_report_of_another_unit_is_forbidden(one, report):
    with pytest.raises(PermissionDenied):
        services.start_report(
            period=report.period, membership=one.memberships[2], actor=one.heads[1], at=MARCH
        )


def test_save_figures_keeps_no_data_apart_from_zero_and_the_word_before(one, report):
    save(one, report, "ttr1", c2="0", c3="", c8="hơn 1.234,5", c6="7")

    stored = {each.indicator_key: each.amount for each in report.figures.all()}
    assert {key: str(amount) for key, amount in stored.items()} == {
        "ttr1-cuoc-ky-truoc": "0",
        "ttr1-vi-pham-tien": "hơn 1.234,5",
        "ttr1-ket-luan": "7",
    }
    entry = Entry.objects.filter(action=Action.FIGURES_SAVED).get()
    assert entry.details["form"] == "Biểu 01/TTr"
    assert "6: chưa có số liệu → 7" in entry.details["changes"]


def test_save_figures_refuses_the_whole_batch_naming_form_and_column(one, report):
    with pytest.raises(CellsRefused) as refused:
        save(one, report, "ttr1", c6="7", c7="bảy", c8="-5")

    assert set(refused.value.at) == {"ttr1-don-vi", "ttr1-vi-pham-tien"}
    assert "Biểu 01/TTr, cột 7" in str(refused.value)
    assert not Figure.objects.exists()


def test_save_figures_of_another_form_is_refused(one, report):
    with pytest.raises(RuleError, match="không có chỉ tiêu"):
        services.save_figures(
            report=report,
            form="ttr2",
            cells=[Typed("ttr1-ket-luan", "1")],
            actor=one.officers[1],
            at=MARCH,
        )


def test_R08_second_person_on_the_same_cell_is_told_and_nothing_of_theirs_is_kept(one, report):
    save(one, report, "ttr1", c6="7")

    with pytest.raises(StaleCells, match="Cán bộ Bình vừa ghi “7”") as stale:
        services.save_figures(
            report=report,
            form="ttr1",
            cells=[Typed("ttr1-ket-luan", "8"), Typed("ttr1-don-vi", "3")],
            actor=one.heads[1],
            at=MARCH,
        )

    assert list(stale.value.current) == ["ttr1-ket-luan"]
    assert report.figures.get().value == 7


def test_R08_two_people_on_different_cells_do_not_meet(one, report):
    save(one, report, "ttr1", c6="7")

    services.save_figures(
        report=report, form="ttr1", cells=[Typed("ttr1-don-vi", "3")], actor=one.heads[1], at=MARCH
    )

    assert {each.value for each in report.figures.all()} == {Decimal(7), Decimal(3)}


def test_R11_the_same_cells_sent_again_change_nothing(one, report):
    save(one, report, "ttr1", c6="7")

    again = services.save_figures(
        report=report,
        form="ttr1",
        cells=[Typed("ttr1-ket-luan", "7", 0)],
        actor=one.officers[1],
        at=MARCH,
    )

    assert again == []
    assert Entry.objects.filter(action=Action.FIGURES_SAVED).count() == 1


@pytest.mark.parametrize("who", ["lead_head", "neighbour", "superior", "administrator"])
def test_save_figures_is_the_units_own(world, report, who):
    actor = {
        "lead_head": world.one.lead_head,
        "neighbour": world.one.officers[2],
        "superior": world.superior,
        "administrator": world.administrator,
    }[who]

    with pytest.raises(PermissionDenied):
        services.save_figures(
            report=report, form="ttr1", cells=[Typed("ttr1-ket-luan", "7")], actor=actor, at=MARCH
        )

    assert not Figure.objects.exists()


def test_save_figures_after_the_due_date_is_refused_until_allowed(one, report):
    with pytest.raises(RuleError, match="quá hạn"):
        save(one, report, "ttr1", at=LATE, c6="7")

    services.allow_late(
        period=report.period,
        membership=report.membership,
        reason="Mất điện nhiều ngày",
        actor=one.lead_officer,
        at=LATE,
    )
    save(one, report, "ttr1", at=LATE, c6="7")

    assert report.figures.get().value == 7
    entry = Entry.objects.get(action=Action.LATE_REPORT_ALLOWED)
    assert entry.details["reason"] == "Mất điện nhiều ngày"


def test_save_figures_once_handed_in_is_refused(one):
    report = submit(one)

    with pytest.raises(RuleError, match="đã nộp"):
        save(one, report, "ttr1", c6="7")


def test_save_figures_after_a_return_keeps_old_new_why_and_who(one):
    report = submit(one)
    services.return_report(report=report, reason="Sai cột 6", actor=one.lead_officer, at=MARCH)

    save(one, report, "ttr1", c6="7")

    change = FigureChange.objects.get()
    assert (change.indicator_key, change.old, change.new) == ("ttr1-ket-luan", "0", "7")
    assert change.why == "Báo cáo được trả lại: Sai cột 6"
    assert (change.changed_by, change.round) == (one.officers[1], 2)


def test_a_text_column_keeps_words_not_numbers(one, report):
    save(one, report, "ttr1", c27="Chưa gồm hai cuộc đột xuất")

    figure = report.figures.get()
    assert (figure.text, figure.amount) == ("Chưa gồm hai cuộc đột xuất", None)


def test_save_rows_keeps_rows_in_order_without_the_blank_ones(one, report):
    token = services.rows_token([])
    rows = [{"pctn2-ten-vu": " Vụ A "}, {}, {"pctn2-ten-vu": "Vụ B", "pctn2-ghi-chu": ""}]

    services.save_rows(
        report=report, form="pctn2", rows=rows, seen=token, actor=one.officers[1], at=MARCH
    )

    assert [row.cells for row in report.list_rows.all()] == [
        {"pctn2-ten-vu": "Vụ A"},
        {"pctn2-ten-vu": "Vụ B"},
    ]
    report.refresh_from_db()
    assert report.told_lists == ["pctn2"]


def test_R08_save_rows_on_a_list_changed_meanwhile_is_refused(one, report):
    seen = services.rows_token([])
    both = {"report": report, "form": "pctn2", "seen": seen, "at": MARCH}
    services.save_rows(rows=[{"pctn2-ten-vu": "Vụ A"}], actor=one.officers[1], **both)

    with pytest.raises(StaleRows, match="người khác vừa sửa"):
        services.save_rows(rows=[{"pctn2-ten-vu": "Vụ B"}], actor=one.heads[1], **both)

    assert report.list_rows.get().cells == {"pctn2-ten-vu": "Vụ A"}


@pytest.mark.parametrize(
    ("form", "rows", "said"),
    [
        ("ttr1", [], "không có danh sách"),
        ("pctn2", [{"pctn3-ghi-chu": "x"}], "không có cột"),
        ("pctn2", [{"pctn2-ten-vu": "a" * 2001}], "dòng 1, cột .* dài quá"),
        ("pctn2", [{"pctn2-ten-vu": "a"}] * 501, "không quá 500 dòng"),
    ],
)
def test_save_rows_refuses_what_is_no_list(one, report, form, rows, said):
    with pytest.raises(RuleError, match=said):
        services.save_rows(
            report=report,
            form=form,
            rows=rows,
            seen=services.rows_token([]),
            actor=one.officers[1],
            at=MARCH,
        )


def test_findings_say_what_has_no_data_and_stop_at_zero(one, report):
    before = {each.check for each in findings(report)}

    fill(one, report)

    assert "ttr1/chua-co-so-lieu" in before
    assert "pctn2/chua-ke-khai" in before
    report.refresh_from_db()
    assert findings(report) == ()


def test_past_is_what_the_unit_handed_in(one):
    first = submit(one)
    services.accept_report(report=first, actor=one.lead_officer, at=MARCH)
    submit(one, member=2)
    second, half = start(one, code="q2"), start(one, code="6m")

    assert past_of(second).previous_name == "Quý I 2026"
    assert past_of(second).history["ttr1-ket-luan"][0].number == 0
    assert past_of(half).previous is None
    assert list(past_of(half).this_year) == ["q1"]


def test_findings_compare_the_opening_stock_with_the_closing_one_before(one):
    submit(one)
    second = start(one, code="q2")
    fill(one, second)

    save(one, second, "ttr1", c2="4")

    said = [each for each in findings(second) if "của kỳ trước" in each.sentence]
    assert said
    assert all(each.explainable for each in said)


def test_findings_compare_six_months_with_its_quarters(one):
    submit(one)
    submit(one, code="q2")
    half = start(one, code="6m")
    fill(one, half)

    save(one, half, "ttr3", c1="5")

    (found,) = findings(half)
    assert found.check == "ttr3/luy-ke:ttr3-van-ban-moi"
    assert "còn tính từ Quý I, Quý II là 0" in found.sentence


def test_a_list_changed_after_a_return_keeps_old_and_new(one):
    report = submit(one)
    services.return_report(report=report, reason="Thiếu vụ", actor=one.lead_officer, at=MARCH)

    services.save_rows(
        report=report,
        form="pctn2",
        rows=[{"pctn2-ten-vu": "Vụ A", "pctn2-ghi-chu": "mới"}],
        seen=services.rows_token([]),
        actor=one.officers[1],
        at=MARCH,
    )

    change = FigureChange.objects.get()
    assert (change.indicator_key, change.old) == ("pctn2", "không có dòng nào")
    assert change.new == "1. Vụ A; mới"


def test_what_no_database_can_hold_is_left_out_of_words(one, report):
    """PostgreSQL refuses NUL: the page would end in an error 500."""
    form = "pctn2"
    rows = [{"pctn2-ten-vu": "Vụ\x00 A"}, {"pctn2-ten-vu": "\x00"}]
    report = services.save_rows(
        report=report,
        form=form,
        rows=rows,
        seen=services.rows_token([]),
        actor=one.officers[1],
        at=MARCH,
    )
    fill(one, start(one, 2), 2)
    other = services.submit_report(report=start(one, 2), actor=one.heads[2], at=MARCH)
    with pytest.raises(RuleError, match="Hãy ghi lý do"):
        services.return_report(report=other, reason=" \x00", actor=one.lead_head, at=MARCH)
    other = services.return_report(report=other, reason="Sai\x00", actor=one.lead_head, at=MARCH)

    assert [each.cells for each in report.list_rows.all()] == [{"pctn2-ten-vu": "Vụ A"}]
    assert other.return_reason == "Sai"


def test_what_the_unit_reports_in_another_cluster_is_not_compared(world, one, report):
    two = world.two
    two.year.__class__.objects.filter(pk=two.year.pk).update(year=one.year.year)
    two.year.refresh_from_db()
    there = two.memberships[1].__class__.objects.create(
        year=two.year, organisation=report.membership.organisation, order=99
    )
    elsewhere = services.open_periods(year=two.year, actor=two.lead_officer, at=MARCH)[0]
    given = services.start_report(
        period=elsewhere, membership=there, actor=one.officers[1], at=MARCH
    )
    given.__class__.objects.filter(pk=given.pk).update(
        state="submitted", submitted_by=one.heads[1], submitted_at=MARCH
    )

    assert past_of(start(one, 1, "q2")).previous is None
