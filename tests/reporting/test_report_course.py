"""Periods opened and moved, reports explained, handed in, given back, accepted; and the database."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from tests.reporting.made import LATE, MARCH, fill, findings, open_periods, save, start, submit
from thidua.audit.models import Action, Entry
from thidua.reporting import services
from thidua.reporting.models import Figure, FigureChange, FigureExplanation, ListRow, Report
from thidua.rules.errors import RuleError

State = Report.State


@pytest.fixture
def one(world):
    return world.one


def explain(one, report, check, text="Đã kiểm tra, đúng", at=MARCH):
    return services.explain_finding(
        report=report, check=check, text=text, actor=one.officers[1], at=at
    )


def test_open_periods_makes_the_seven_of_the_circular(one):
    periods = open_periods(one)

    assert list(periods) == ["q1", "q2", "6m", "q3", "9m", "q4", "year"]
    first = periods["q1"]
    assert (first.first_on, first.last_on) == (date(2025, 12, 15), date(2026, 3, 14))
    assert (first.local_due_on, first.due_on) == (date(2026, 3, 17), date(2026, 3, 20))
    assert first.has_narrative
    assert Entry.objects.get(action=Action.PERIODS_OPENED).details["periods"][0] == "Quý I"


def test_open_periods_twice_is_refused(one):
    open_periods(one)

    with pytest.raises(RuleError, match="đã được mở"):
        open_periods(one)


def test_open_periods_is_the_leads(world):
    for actor in (world.one.heads[1], world.superior, world.administrator, world.two.lead_head):
        with pytest.raises(PermissionDenied):
            services.open_periods(year=world.one.year, actor=actor, at=MARCH)


def test_change_period_keeps_old_new_and_reason(one):
    period = open_periods(one)["q1"]
    moved = replace(services.dates_of(period), due_on=date(2026, 3, 25))

    services.change_period(
        period=period,
        dates=moved,
        reason="Công văn 12/TTCP",
        version=1,
        actor=one.lead_officer,
        at=MARCH,
    )

    period.refresh_from_db()
    assert (period.due_on, period.version) == (date(2026, 3, 25), 2)
    entry = Entry.objects.get(action=Action.PERIOD_CHANGED)
    assert entry.details["reason"] == "Công văn 12/TTCP"
    assert "20/03/2026" in entry.details["old"]
    assert "25/03/2026" in entry.details["new"]


@pytest.mark.parametrize(
    ("changed", "reason", "version", "said"),
    [
        ({}, " ", 1, "lý do"),
        ({}, "x", 7, "vừa sửa"),
        ({"first_on": date(2026, 5, 1)}, "x", 1, "trước ngày chốt"),
        ({"due_on": date(2026, 3, 1)}, "x", 1, "không được trước"),
    ],
)
def test_change_period_is_refused(one, changed, reason, version, said):
    period = open_periods(one)["q1"]

    with pytest.raises(RuleError, match=said):
        services.change_period(
            period=period,
            dates=replace(services.dates_of(period), **changed),
            reason=reason,
            version=version,
            actor=one.lead_officer,
            at=MARCH,
        )


def test_change_period_is_the_leads(one):
    period = open_periods(one)["q1"]

    with pytest.raises(PermissionDenied):
        services.change_period(
            period=period,
            dates=services.dates_of(period),
            reason="x",
            version=1,
            actor=one.heads[1],
            at=MARCH,
        )


def test_submit_report_locks_it_and_names_the_head(one):
    report = submit(one)

    report.refresh_from_db()
    assert (report.state, report.submitted_by) == (State.SUBMITTED, one.heads[1])
    assert report.first_submitted_at == MARCH
    assert not report.was_late
    assert Entry.objects.filter(action=Action.REPORT_SUBMITTED).count() == 1


def test_submit_report_is_the_heads(one):
    report = start(one)
    fill(one, report)

    for actor in (one.officers[1], one.lead_head, one.heads[2]):
        with pytest.raises(PermissionDenied):
            services.submit_report(report=report, actor=actor, at=MARCH)


def test_submit_report_twice_is_refused(one):
    report = submit(one)

    with pytest.raises(RuleError, match="đã được nộp"):
        services.submit_report(report=report, actor=one.heads[1], at=MARCH)


def test_submit_report_with_an_error_is_refused_whatever_is_explained(one):
    report = start(one)
    fill(one, report)
    save(one, report, "ttr1", c1="5", c2="2", c3="2")

    with pytest.raises(RuleError, match=r"lỗi phải sửa.*01/TTr"):
        services.submit_report(report=report, actor=one.heads[1], at=MARCH)
    error = next(each for each in findings(report) if not each.explainable)
    with pytest.raises(RuleError, match="phải sửa số liệu"):
        explain(one, report, error.check)


def test_submit_report_with_blanks_needs_a_word(one):
    report = start(one)
    fill(one, report)
    save(one, report, "ttr1", c6="")

    with pytest.raises(RuleError, match=r"1 điều chưa giải trình.*chưa có số liệu"):
        services.submit_report(report=report, actor=one.heads[1], at=MARCH)
    explain(one, report, "ttr1/chua-co-so-lieu", "Hai sở chưa gửi số liệu")

    services.submit_report(report=report, actor=one.heads[1], at=MARCH)

    assert Entry.objects.get(action=Action.FINDING_EXPLAINED).details["explanation"] == (
        "Hai sở chưa gửi số liệu"
    )


def test_an_explanation_does_not_stand_for_other_figures(one):
    report = start(one)
    fill(one, report)
    save(one, report, "ttr1", c6="1")
    (warning,) = findings(report)
    explain(one, report, warning.check)

    save(one, report, "ttr1", c6="2")

    with pytest.raises(RuleError, match=r"1 điều chưa giải trình.*2 so với 0"):
        services.submit_report(report=report, actor=one.heads[1], at=MARCH)
    explain(one, report, warning.check)
    services.submit_report(report=report, actor=one.heads[1], at=MARCH)


@pytest.mark.parametrize(
    ("check", "text", "said"),
    [
        ("ttr1/chua-co-so-lieu", " ", "Hãy ghi lý do"),
        ("ttr1/chua-co-so-lieu", "a" * 2001, "không quá 2000"),
        ("bịa", "x", "không còn cần giải trình"),
    ],
)
def test_explain_finding_is_refused(one, check, text, said):
    report = start(one)

    with pytest.raises(RuleError, match=said):
        explain(one, report, check, text)

    assert not FigureExplanation.objects.exists()


def test_explain_finding_again_replaces_the_word(one):
    report = start(one)

    explain(one, report, "ttr1/chua-co-so-lieu", "Một")
    explain(one, report, "ttr1/chua-co-so-lieu", "Hai")

    assert FigureExplanation.objects.get().text == "Hai"


def test_return_report_gives_it_back_with_the_reason(one):
    report = submit(one)

    services.return_report(report=report, reason=" Sai biểu 02 ", actor=one.lead_officer, at=MARCH)

    report.refresh_from_db()
    assert (report.state, report.round, report.return_reason) == (State.DRAFT, 2, "Sai biểu 02")
    assert (report.state_mark, report.state_label) == ("returned", "Trả lại để sửa")
    assert Entry.objects.get(action=Action.REPORT_RETURNED).details["reason"] == "Sai biểu 02"


def test_return_report_is_the_leads_or_superiors_never_ones_own(world):
    one = world.one
    report = submit(one)

    for actor in (one.heads[1], one.heads[2], world.administrator, one.appraiser):
        with pytest.raises(PermissionDenied):
            services.return_report(report=report, reason="x", actor=actor, at=MARCH)
    with pytest.raises(RuleError, match="ghi lý do trả lại"):
        services.return_report(report=report, reason=" ", actor=world.superior, at=MARCH)
    services.return_report(report=report, reason="x", actor=world.superior, at=MARCH)
    with pytest.raises(RuleError, match="chưa nộp"):
        services.return_report(report=report, reason="x", actor=world.superior, at=MARCH)


def test_a_report_returned_after_its_due_date_takes_entries_and_is_not_late(one):
    report = submit(one)
    services.return_report(report=report, reason="Sai", actor=one.lead_officer, at=LATE)

    save(one, report, "ttr3", at=LATE, c1="1")
    services.submit_report(report=report, actor=one.heads[1], at=LATE)

    report.refresh_from_db()
    assert report.state == State.SUBMITTED
    assert not report.was_late


def test_accept_report_is_the_leads_and_for_the_leads_own_the_superiors(world):
    one = world.one
    report, own = submit(one), submit(one, member=0)

    for actor in (one.heads[1], one.heads[2], world.superior):
        with pytest.raises(PermissionDenied):
            services.accept_report(report=report, actor=actor, at=MARCH)
    with pytest.raises(PermissionDenied):
        services.accept_report(report=own, actor=one.lead_head, at=MARCH)
    services.accept_report(report=report, actor=one.lead_officer, at=MARCH)
    services.accept_report(report=own, actor=world.superior, at=MARCH)

    assert set(Report.objects.values_list("state", flat=True)) == {State.ACCEPTED}
    with pytest.raises(RuleError, match="đã được chấp nhận"):
        services.accept_report(report=report, actor=one.lead_officer, at=MARCH)


def test_accept_report_of_a_draft_is_refused(one):
    with pytest.raises(RuleError, match="chưa nộp"):
        services.accept_report(report=start(one), actor=one.lead_officer, at=MARCH)


def test_an_accepted_report_may_be_returned_for_correction(one):
    report = submit(one)
    services.accept_report(report=report, actor=one.lead_officer, at=MARCH)

    services.return_report(report=report, reason="Đính chính", actor=one.lead_officer, at=LATE)

    report.refresh_from_db()
    assert (report.state, report.accepted_at) == (State.DRAFT, None)


def test_allow_late_is_the_leads_needs_a_reason_and_a_past_due_date(world):
    one = world.one
    report = start(one)
    late = {"period": report.period, "membership": one.memberships[1]}

    for actor in (one.heads[1], one.heads[2], world.superior):
        with pytest.raises(PermissionDenied):
            services.allow_late(**late, reason="x", actor=actor, at=LATE)
    with pytest.raises(RuleError, match="lý do"):
        services.allow_late(**late, reason=" ", actor=one.lead_officer, at=LATE)
    with pytest.raises(RuleError, match="không cần cho nộp muộn"):
        services.allow_late(**late, reason="x", actor=one.lead_officer, at=MARCH)


def test_allow_late_starts_the_report_and_it_stays_late(one):
    period = open_periods(one)["q1"]

    report = services.allow_late(
        period=period,
        membership=one.memberships[1],
        reason="Bão",
        actor=one.lead_officer,
        at=LATE,
    )
    fill(one, report, at=LATE)
    report = services.submit_report(report=report, actor=one.heads[1], at=LATE)

    assert report.was_late


def refused():
    return pytest.raises(DatabaseError, match=r"nộp|ghi thêm")


def try_to(act) -> None:
    with refused(), transaction.atomic():
        act()


def test_T03_figures_of_a_report_handed_in_do_not_change_behind_the_services(one):
    report = submit(one)
    figure = report.figures.first()
    draft = start(one, member=2)
    other = {"changed_by": one.officers[1], "changed_at": MARCH}

    try_to(lambda: Figure.objects.filter(pk=figure.pk).update(value=5))
    try_to(lambda: Figure.objects.filter(pk=figure.pk).delete())
    try_to(lambda: Figure.objects.create(report=report, indicator_key="x", **other))
    loose = Figure.objects.create(report=draft, indicator_key="x", **other)
    try_to(lambda: Figure.objects.filter(pk=loose.pk).update(report=report))
    try_to(lambda: ListRow.objects.create(report=report, form_key="pctn2", position=1, **other))
    try_to(
        lambda: FigureExplanation.objects.create(
            report=report,
            check_key="x",
            about="x",
            text="x",
            explained_by=one.heads[1],
            explained_at=MARCH,
        )
    )


@pytest.mark.parametrize("accepted", [False, True])
def test_T03_a_report_handed_in_is_only_accepted_or_returned_with_a_reason(one, accepted):
    report = submit(one)
    if accepted:
        services.accept_report(report=report, actor=one.lead_officer, at=MARCH)
    row = Report.objects.filter(pk=report.pk)

    try_to(lambda: row.update(state="draft"))
    try_to(lambda: row.update(state="draft", round=2, return_reason=""))
    try_to(lambda: row.update(submitted_at=LATE))
    try_to(lambda: row.update(first_submitted_at=None))
    try_to(lambda: row.update(membership=one.memberships[2]))
    try_to(lambda: row._raw_delete("default"))


def test_T04_changes_after_hand_in_are_only_added(one):
    report = submit(one)
    services.return_report(report=report, reason="Sai", actor=one.lead_officer, at=MARCH)
    save(one, report, "ttr1", c6="7")

    try_to(lambda: FigureChange.objects.update(new="8"))
    try_to(lambda: FigureChange.objects.all().delete())


def test_visible_to_own_drafts_handed_in_ones_to_lead_and_superior(world):
    one = world.one
    draft, handed_in = start(one, member=1), submit(one, member=2)

    def seen(user):
        return set(Report.objects.visible_to(user, one.year))

    assert seen(one.officers[1]) == {draft}
    assert seen(one.officers[2]) == {handed_in}
    assert seen(one.lead_officer) == seen(world.superior) == {handed_in}
    for user in (world.two.lead_head, one.appraiser, world.administrator, world.stranger):
        assert seen(user) == set()
