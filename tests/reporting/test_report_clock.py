"""Midnight of a due date, the turn of a year, and clocks that are wrong: the server's time decides."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories.world import HANOI, make_world
from tests.movements.browser import BACKEND
from tests.reporting.made import MARCH, fill, open_periods, save, start, submit
from thidua.organisations import services as organisations
from thidua.reporting import services
from thidua.reporting.models import Report, ReportingPeriod
from thidua.reporting.queries.reports import past_of
from thidua.rules.errors import RuleError

LAST_SECOND = datetime(2026, 3, 20, 23, 59, 59, tzinfo=HANOI)
MIDNIGHT = datetime(2026, 3, 21, 0, 0, 0, tzinfo=HANOI)


@pytest.mark.django_db
def test_R12_last_second_of_the_due_date_still_counts_and_midnight_does_not():
    one = make_world().one
    report = start(one)

    save(one, report, "ttr1", at=LAST_SECOND, c1="3")
    with pytest.raises(RuleError, match="đã quá hạn"):
        save(one, report, "ttr1", at=MIDNIGHT, c1="4")

    assert [each.value for each in report.figures.all()] == [3]


@pytest.mark.django_db
def test_R12_midnight_is_that_of_vietnam_not_of_greenwich():
    one = make_world().one
    report = start(one)

    # 20/3 in Greenwich, 21/3 in Hà Nội.
    with pytest.raises(RuleError, match="đã quá hạn"):
        save(one, report, "ttr1", at=datetime(2026, 3, 20, 17, 0, tzinfo=UTC), c1="4")


@pytest.mark.django_db
def test_R12_a_clock_set_back_a_day_neither_loses_nor_reorders_what_was_said():
    one = make_world().one
    report = submit(one)
    before = MARCH - timedelta(days=1)

    services.return_report(report=report, reason="Sai cột 8", actor=one.lead_officer, at=before)
    save(one, Report.objects.get(pk=report.pk), "ttr1", at=before, c1="4", c2="4", c4="4")
    services.submit_report(report=report, actor=one.heads[1], at=before)

    report.refresh_from_db()
    assert (report.round, report.state) == (2, Report.State.SUBMITTED)
    assert report.first_submitted_at == MARCH
    assert [each.new for each in report.changes.order_by("pk")] == ["4", "4", "4"]


@pytest.mark.django_db
def test_R12_the_time_a_browser_claims_changes_nothing():
    one = make_world().one
    with time_machine.travel(MIDNIGHT, tick=False):
        report = start(one)
        client = Client(headers={"date": "Thu, 19 Mar 2026 09:00:00 GMT"})
        client.force_login(one.officers[1], backend=BACKEND)
        address = reverse("reports:form", args=[one.year.pk, report.pk, "ttr1"])

        answer = client.post(address, {"c-ttr1-cuoc": "3", "s-ttr1-cuoc": "", "at": "2026-03-19"})

    assert answer.status_code == 422
    assert "đã quá hạn" in answer.content.decode()
    assert not report.figures.exists()


@pytest.mark.django_db
def test_R19_the_new_year_has_periods_of_its_own_and_the_old_ones_stay():
    one = make_world().one
    old = open_periods(one)
    report = submit(one)
    following = next_year(one)

    services.open_periods(year=following, actor=one.lead_officer, at=MARCH)

    assert ReportingPeriod.objects.filter(year=one.year).count() == 7
    new = following.reporting_periods.get(code="q1")
    assert (new.first_on.year, new.last_on.year) == (2026, 2027)
    assert new.first_on == old["year"].last_on + timedelta(days=1)
    membership = following.memberships.get(organisation=one.memberships[1].organisation)
    with pytest.raises(RuleError, match="không thuộc năm thi đua"):
        services.start_report(
            period=old["q2"], membership=membership, actor=one.officers[1], at=MARCH
        )
    assert Report.objects.get(pk=report.pk).state == Report.State.SUBMITTED


@pytest.mark.django_db
def test_R19_the_first_report_of_a_year_is_compared_with_the_last_of_the_year_before():
    one = make_world().one
    start(one)
    december = datetime(2026, 12, 16, 9, 0, tzinfo=HANOI)
    last = start(one, code="q4")
    fill(one, last, at=december)
    services.submit_report(report=last, actor=one.heads[1], at=december)
    following = next_year(one)
    opened = services.open_periods(year=following, actor=one.lead_officer, at=december)

    first = services.start_report(
        period=opened[0],
        membership=following.memberships.get(organisation=one.memberships[1].organisation),
        actor=one.officers[1],
        at=datetime(2027, 3, 16, 9, 0, tzinfo=HANOI),
    )

    assert past_of(first).previous_name == "Quý IV 2026"


def next_year(one):
    """The year after, with the same members; set up by nobody, as at installation."""
    first = one.memberships[0].organisation
    year = organisations.open_year(
        cluster=one.cluster, year=2027, members_as_of=date(2027, 1, 1), actor=None, at=MARCH
    )
    organisations.set_members(
        year=year,
        organisations=[each.organisation for each in one.memberships],
        lead=first,
        deputy=None,
        members_as_of=date(2027, 1, 1),
        actor=None,
        at=MARCH,
    )
    return year


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("server_is_off_by", "said"),
    [(timedelta(0), ""), (timedelta(minutes=-5), "nhanh hơn máy chủ khoảng 5 phút"),
     (timedelta(days=1), "chậm hơn máy chủ khoảng 24 giờ")],
    ids=["right", "fast", "slow"],
)  # fmt: skip
def test_R12_a_reader_whose_clock_is_wrong_is_told_by_how_much(
    live_server, page_of, server_is_off_by, said
):
    with time_machine.travel(datetime.now(UTC) + server_is_off_by, tick=True):
        one = make_world().one
        page = page_of(one.officers[1], reverse("home:front"))

        told = page.locator("#clock-warning").inner_text()

    assert said in told
    assert bool(told) is bool(said)
