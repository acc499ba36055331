"""A report compared with earlier ones on another circular: mapped where it is sure, else not at all."""

from datetime import date, datetime

import pytest

from tests.factories.world import HANOI
from tests.reporting.made import start
from thidua.organisations.models import EmulationYear, Membership
from thidua.reporting.models import Figure, Report, ReportingPeriod
from thidua.reporting.queries.reports import past_of

BEFORE = datetime(2025, 9, 18, 9, 0, tzinfo=HANOI)


@pytest.fixture
def one(world):
    return world.one


def earlier(one, code, year, last_on, edition, **figures):
    """An accepted report of the second member in an earlier year."""
    found, _ = EmulationYear.objects.get_or_create(
        cluster=one.cluster, year=year, defaults={"members_as_of": date(year, 1, 1)}
    )
    membership, _ = Membership.objects.get_or_create(
        year=found,
        organisation=one.memberships[1].organisation,
        defaults={"role": "member", "order": 1},
    )
    period = ReportingPeriod.objects.create(
        year=found,
        code=code,
        order=1,
        first_on=date(year, 1, 1),
        last_on=last_on,
        local_due_on=last_on,
        due_on=last_on,
        has_narrative=False,
    )
    report = Report.objects.create(
        period=period, membership=membership, edition=edition, started_at=BEFORE
    )
    Figure.objects.bulk_create(
        Figure(
            report=report,
            indicator_key=key.replace("_", "-"),
            value=value,
            changed_by=one.officers[1],
            changed_at=BEFORE,
        )
        for key, value in figures.items()
    )
    Report.objects.filter(pk=report.pk).update(
        state="accepted",
        submitted_by=one.heads[1],
        submitted_at=BEFORE,
        accepted_by=one.lead_head,
        accepted_at=BEFORE,
    )
    return report


def test_history_speaks_the_language_of_the_report(one):
    for quarter, month in (("q1", 3), ("q2", 6)):
        earlier(
            one,
            quarter,
            2025,
            date(2025, month, 14),
            "TT01-2024",
            tt01_tcd1_luot=40,
            tt01_tcd1_thuong_xuyen_lan_dau=3,
            tt01_tcd1_thuong_xuyen_nhieu_lan=4,
            tt01_kqgq1_dung_han=9,
            rieng_01_gu_viec=2,
        )
    earlier(one, "q4", 2025, date(2025, 12, 14), "TT06-2025", tcd1_luot=50)

    history = past_of(start(one)).history

    told = {key: [str(each) for each in found if each] for key, found in history.items()}
    assert told["tcd1-luot"] == ["40", "40", "50"]
    assert told["tcd1-thuong-xuyen-vu-viec"] == ["7", "7"]
    assert told["rieng-01-gu-viec"] == ["2", "2"]
    assert not any("dung-han" in key or key.startswith("tt01-") for key in told)


def test_the_period_before_is_carried_over_too(one):
    earlier(one, "q4", 2025, date(2025, 12, 14), "TT01-2024", tt01_kqgq2_quyet_dinh=12)

    past = past_of(start(one))

    assert past.previous_name == "Quý IV 2025"
    assert str(past.previous.values["kqth5-quyet-dinh"]) == "12"
