"""Urging to escalation with the clock moved: before, on and after the due date, Tết in between.

Quarter I is due on Tuesday 10/02/2026 here. One unit stays silent; the clock is moved from step to
step, and everybody whose turn it is finds the notice, sees the list, and is seen to have seen it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from docx import Document
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.documents.test_letters import all_text
from tests.factories.world import HANOI, World, make_world
from tests.journeys.people import Person
from tests.movements.browser import BACKEND
from tests.reporting.made import fill
from thidua.accounts.models import User
from thidua.reporting import services
from thidua.reporting.models import Report, ReportingPeriod
from thidua.reporting.services import Dates

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NAME = "báo cáo quý I năm 2026"


def moment(day: int, hour: int = 8, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, 5, tzinfo=HANOI)


@pytest.fixture
def clock(live_server: Any) -> Iterator[Any]:
    with time_machine.travel(moment(12, month=1), tick=True) as clock:
        yield clock


@pytest.fixture
def world(clock: Any) -> World:
    return make_world()


@pytest.fixture
def arrive(open_page: Any, live_server: Any) -> Callable[..., Person]:
    """A person signed in on the day of the moved clock, at a desk or on a phone."""

    def sign_in(user: User, **options: Any) -> Person:
        client = Client()
        client.force_login(user, backend=BACKEND)
        page = open_page(**options)
        cookie = settings.SESSION_COOKIE_NAME
        value = client.cookies[cookie].value
        page.context.add_cookies([{"name": cookie, "value": value, "url": live_server.url}])
        return Person(page)

    return sign_in


@pytest.fixture
def quarter(world: World) -> ReportingPeriod:
    """Due before Tết; the lead and Cường hand in on time, Bình does not."""
    one, at = world.one, moment(12, month=1)
    periods = services.open_periods(year=one.year, actor=one.lead_officer, at=at)
    dates = Dates(date(2025, 12, 15), date(2026, 1, 31), date(2026, 2, 5), date(2026, 2, 10))
    quarter = services.change_period(
        period=periods[0],
        dates=dates,
        reason="Tết Nguyên đán",
        version=1,
        actor=one.lead_officer,
        at=at,
    )
    for member in (0, 2):
        hand_in(world, quarter, member)
    return quarter


def hand_in(world: World, quarter: ReportingPeriod, member: int) -> None:
    one, at = world.one, moment(13, month=1)
    report = services.start_report(
        period=quarter, membership=one.memberships[member], actor=one.officers[member], at=at
    )
    fill(one, report, member, at=at)
    services.submit_report(report=report, actor=one.heads[member], at=at)


def move(clock: Any, to: datetime) -> None:
    """The clock stands at the moment, and the schedule runs."""
    clock.move_to(to)
    services.urge_due(to)


def page_of(quarter: ReportingPeriod) -> str:
    return reverse("reports:urging", args=[quarter.year_id, quarter.pk])


def hears(arrive: Any, user: User, title: str, **options: Any) -> Person:
    """Finds the notice in the list and opens it."""
    person = arrive(user, **options)
    person.go("/thong-bao/")
    person.press(title)
    return person


def hears_nothing_new(arrive: Any, user: User) -> None:
    person = arrive(user)
    person.go("/thong-bao/")
    expect(person.page.get_by_text("Mới", exact=True)).to_have_count(0)
    person.page.context.close()


def test_urging_climbs_from_the_officer_to_the_superior_over_tet(
    world, quarter, clock, arrive, tmp_path
):
    one = world.one
    officer_is_reminded_before(one, quarter, clock, arrive)
    head_is_reminded_on_the_day(one, quarter, clock, arrive)
    head_is_urged_after_it(one, clock, arrive)
    lead_sees_it_and_writes(one, quarter, clock, arrive, tmp_path)
    superior_hears_after_tet(world, quarter, clock, arrive)
    unit_sees_its_own_and_hands_in(one, quarter, clock, arrive)


def officer_is_reminded_before(one, quarter, clock, arrive) -> None:
    # Saturday 07/02 makes way to Friday.
    move(clock, moment(6))
    officer = hears(arrive, one.officers[1], "còn 4 ngày là đến hạn", width=360, height=740)
    officer.reads("Báo cáo quý I 2026")
    officer.page.context.close()
    hears_nothing_new(arrive, one.heads[1])


def head_is_reminded_on_the_day(one, quarter, clock, arrive) -> None:
    move(clock, moment(10))
    hears(arrive, one.officers[1], f"Hôm nay là hạn gửi {NAME}").page.context.close()
    hears(arrive, one.heads[1], f"Hôm nay là hạn gửi {NAME}").page.context.close()
    hears_nothing_new(arrive, one.lead_head)
    hears_nothing_new(arrive, one.heads[2])


def head_is_urged_after_it(one, clock, arrive) -> None:
    move(clock, moment(11))
    hears_nothing_new(arrive, one.officers[1])
    head = hears(arrive, one.heads[1], "đã quá hạn 1 ngày (1 ngày làm việc)")
    head.reads("Kỳ này đã quá hạn")
    head.page.context.close()


def lead_sees_it_and_writes(one, quarter, clock, arrive, tmp_path) -> None:
    move(clock, moment(13))
    lead = hears(arrive, one.lead_head, f"Bình chưa nộp {NAME}")
    assert lead.page.url.endswith(page_of(quarter))
    lead.reads("quá hạn 3 ngày (3 ngày làm việc)")
    row = lead.page.get_by_role("region", name="Các đơn vị chưa nộp").get_by_role("row").nth(1)
    expect(row).to_contain_text("Thanh tra tỉnh Bình")
    expect(row).to_contain_text("đã xem 08:05 11/02/2026")
    paper = lead.download("Soạn công văn đôn đốc (Word)", tmp_path)
    lines = all_text(Document(str(paper)))
    assert paper.name == "cong-van-don-doc-nop-bao-cao-quy-i-nam-2026.docx"
    assert "Kính gửi: Thanh tra tỉnh Bình" in lines
    assert lines[lines.index("11/02/2026") + 1 :][:2] == ["3", "3"]
    pdf = PdfReader(lead.download("Bản PDF", tmp_path))
    assert "V/v đôn đốc nộp" in pdf.pages[0].extract_text()
    fits_a_phone_and_reads_aloud(lead, quarter)
    lead.page.get_by_label("Lời đôn đốc").fill("Đề nghị nộp trước khi nghỉ Tết.")
    lead.press("Đôn đốc ngay")
    lead.reads("Đã đôn đốc 1 đơn vị, 2 người nhận.")
    lead.page.context.close()
    head = hears(arrive, one.heads[1], f"Đôn đốc nộp {NAME}")
    head.reads("“Đề nghị nộp trước khi nghỉ Tết.”")
    head.page.context.close()


def fits_a_phone_and_reads_aloud(lead: Person, quarter: ReportingPeriod) -> None:
    """Nothing to the side at 360 px, nothing that axe complains about."""
    setting = reverse("reports:urging_setting", args=[quarter.year_id])
    lead.page.set_viewport_size({"width": 360, "height": 740})
    for address in (setting, page_of(quarter)):
        lead.go(address)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert lead.page.evaluate(wide) == 0, address
        found = Axe().run(lead.page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], address
    lead.page.set_viewport_size({"width": 1366, "height": 768})


def superior_hears_after_tet(world, quarter, clock, arrive) -> None:
    for day in range(14, 23):
        move(clock, moment(day))
    hears_nothing_new(arrive, world.superior)
    move(clock, moment(23))
    superior = hears(arrive, world.superior, f"Bình chưa nộp {NAME}")
    superior.reads("quá hạn 13 ngày (4 ngày làm việc)")
    superior.reads("Đề nghị nộp trước khi nghỉ Tết.")
    history = superior.page.get_by_role("region", name="Các lần đôn đốc")
    steps = [line.split("\t")[2].split("\n")[0].strip() for line in history_lines(history)]
    assert steps == [
        "Quá hạn, lần 3",
        "Đôn đốc trực tiếp – Trưởng An",
        "Quá hạn, lần 2",
        "Quá hạn, lần 1",
        "Nhắc ngày đến hạn",
        "Nhắc trước hạn",
    ]
    superior.page.context.close()


def history_lines(region: Any) -> list[str]:
    """Cells of each line of the body, parted by tabs."""
    return [
        "\t".join(row.locator("td, th").all_inner_texts())
        for row in region.locator("tbody tr").all()
    ]


def unit_sees_its_own_and_hands_in(one, quarter, clock, arrive) -> None:
    services.allow_late(
        period=quarter,
        membership=one.memberships[1],
        reason="Máy chủ hỏng",
        actor=one.lead_head,
        at=moment(23, 9),
    )
    unit = arrive(one.officers[1])
    unit.go(page_of(quarter))
    unit.reads("Đơn vị bạn chưa nộp: đang làm, quá hạn 13 ngày")
    expect(unit.page.get_by_text("Cường")).to_have_count(0)
    report = Report.objects.get(period=quarter, membership=one.memberships[1])
    fill(one, report, 1, at=moment(23, 10))
    services.submit_report(report=report, actor=one.heads[1], at=moment(23, 10))
    unit.page.context.close()
    move(clock, moment(24))
    unit = arrive(one.officers[1])
    unit.go(page_of(quarter))
    unit.reads("Đơn vị bạn đã nộp báo cáo này.")
    hears_nothing_new(arrive, one.heads[1])
