"""Reports on the front page: due from me, waiting for me, how far the members are."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories.world import make_world
from tests.movements.browser import Browser
from tests.reporting import made
from thidua.home.queries import dashboard
from thidua.organisations.models import EmulationYear
from thidua.reporting import services
from thidua.reporting.models import Report, ReportingPeriod

# Quarter I is due on 20/03/2026.
MARCH = date(2026, 3, 16)
AFTER = date(2026, 3, 23)


@pytest.fixture
def one(world):
    """A world with its reporting periods open."""
    made.open_periods(world.one)
    return world.one


def board(user, world, today=MARCH):
    return dashboard(user, EmulationYear.objects.get(pk=world.year.pk), today)


def reports_among(tasks):
    """What speaks of reports: title, note, state, label."""
    return [
        (task.title, task.note, task.state, task.label) for task in tasks if "/bao-cao/" in task.url
    ]


def due(user, world, today=MARCH):
    return reports_among(board(user, world, today).due)


def waiting(user, world, today=MARCH):
    return reports_among(board(user, world, today).waiting)


def progress(user, world, today=MARCH):
    return [
        (each.label, each.done, each.total)
        for each in board(user, world, today).progress
        if "/bao-cao/" in each.url
    ]


def test_lead_is_asked_to_open_the_periods_once(world):
    lead, other = world.one.lead_officer, world.one.officers[1]
    asked = ("Mở các kỳ báo cáo của năm", "", "", "")
    assert due(lead, world.one) == [asked]
    assert due(other, world.one) == []
    assert progress(lead, world.one) == []

    made.open_periods(world.one)

    assert asked not in due(lead, world.one)


def test_next_report_is_due_with_its_date(one):
    assert due(one.officers[1], one) == [
        ("Báo cáo quý I", "chưa làm, hạn 20/03/2026", "due", "còn 4 ngày")
    ]
    assert due(one.officers[1], one, date(2026, 2, 2))[0][2:] == ("open", "còn 46 ngày")


def test_reports_due_on_one_day_are_all_named(one):
    made.submit(one)

    assert [task[0] for task in due(one.officers[1], one)] == [
        "Báo cáo quý II",
        "Báo cáo 6 tháng",
    ]


def test_report_begun_is_gone_on_with_on_its_page(one):
    report = made.start(one)

    found = board(one.officers[1], one).due

    assert reports_among(found) == [
        ("Làm tiếp báo cáo quý I", "đang làm, hạn 20/03/2026", "due", "còn 4 ngày")
    ]
    task = next(each for each in found if "/bao-cao/" in each.url)
    assert task.url == reverse("reports:report", args=[one.year.pk, report.pk])


def test_full_report_waits_for_the_head(one):
    made.fill(one, made.start(one))

    assert due(one.officers[1], one)[0][0] == (
        "Đã đủ số liệu báo cáo quý I: chờ thủ trưởng duyệt và nộp"
    )
    assert due(one.heads[1], one) == []
    assert waiting(one.heads[1], one) == [
        ("Duyệt và nộp báo cáo quý I", "cán bộ đã ghi đủ số liệu", "due", "còn 4 ngày")
    ]
    assert waiting(one.heads[0], one) == []


def test_report_whose_narrative_lacks_is_not_ready(one):
    report = made.start(one)
    made.fill(one, report)
    report.narrative_sections.filter(section_key="nhiem-vu").update(text="")

    assert due(one.heads[1], one)[0][0] == "Làm tiếp báo cáo quý I"
    assert waiting(one.heads[1], one) == []


def test_missed_report_is_red_until_late_entry_is_allowed(one):
    officer, period = one.officers[1], ReportingPeriod.objects.get(year=one.year, code="q1")
    assert due(officer, one, AFTER)[0] == (
        "Báo cáo quý I",
        "đã khoá nhập, đề nghị cụm trưởng cho nộp muộn",
        "overdue",
        "quá hạn 3 ngày",
    )

    services.allow_late(
        period=period,
        membership=one.memberships[1],
        reason="Mất điện",
        actor=one.lead_head,
        at=made.LATE,
    )

    assert due(officer, one, AFTER)[0] == (
        "Làm tiếp báo cáo quý I",
        "được nộp muộn, đang làm, hạn 20/03/2026",
        "overdue",
        "quá hạn 3 ngày",
    )


def test_returned_report_comes_back_with_its_reason(one):
    report = made.submit(one)
    services.return_report(
        report=report, reason="Cột 5 trái với cột 6", actor=one.lead_head, at=made.MARCH
    )

    for user in (one.officers[1], one.heads[1]):
        assert due(user, one)[0][:2] == (
            "Sửa báo cáo quý I bị trả lại",
            "lý do: Cột 5 trái với cột 6",
        )
    assert waiting(one.heads[1], one) == []


def test_report_handed_in_waits_for_the_lead_and_the_leads_for_the_superior(world, one):
    made.submit(one)
    made.submit(one, member=0)

    said = ("1 báo cáo quý I chờ chấp nhận", "Bình", "", "")
    assert waiting(one.lead_head, one) == [said]
    assert waiting(one.lead_officer, one) == [said]
    assert waiting(world.superior, one) == [("1 báo cáo quý I chờ chấp nhận", "An", "", "")]
    assert waiting(one.heads[1], one) == []

    services.accept_report(
        report=Report.objects.get(membership=one.memberships[1]), actor=one.lead_head, at=made.MARCH
    )

    assert waiting(one.lead_head, one) == []


def test_lead_and_superior_see_who_is_late_and_nobody_else_does(world, one):
    returned = made.submit(one)
    services.return_report(report=returned, reason="Sai", actor=one.lead_head, at=made.MARCH)

    late = "1 đơn vị chưa nộp báo cáo quý I"
    assert waiting(one.lead_head, one) == []
    found = waiting(one.lead_head, one, AFTER)
    assert found[0][0] == "2 đơn vị chưa nộp báo cáo quý I"
    assert found[0][1].startswith("Bình (đang sửa bản bị trả lại), ")
    assert found[0][2:] == ("overdue", "quá hạn 3 ngày")
    assert waiting(world.superior, one, AFTER)[0][0] == "3 đơn vị chưa nộp báo cáo quý I"
    assert late not in str(waiting(one.heads[1], one, AFTER))
    assert waiting(one.officers[1], one, AFTER) == []


def test_progress_counts_the_period_whose_data_were_complete_last(one):
    made.submit(one)
    user = one.officers[1]

    assert progress(user, one, date(2026, 2, 2)) == [("đã nộp báo cáo quý I", 1, 3)]
    assert progress(user, one) == [("đã nộp báo cáo quý I", 1, 3)]
    # Quarter II and the 6 months end together: the longer speaks for both.
    assert progress(user, one, date(2026, 7, 1)) == [("đã nộp báo cáo 6 tháng", 0, 3)]


def test_reports_ask_as_much_of_the_database_for_five_members_as_for_two(db):
    world = make_world(5)
    counted = []
    for cluster in (world.one, world.two):
        made.open_periods(cluster)
        for member in range(1, len(cluster.memberships)):
            made.start(cluster, member)
        address = reverse("home:year", args=[cluster.year.pk])
        users = (cluster.lead_head, cluster.officers[1], cluster.heads[1])
        counted.append([Browser(user).queries(address) for user in users])

    assert counted[0] == counted[1]
    assert max(counted[0]) <= 24
