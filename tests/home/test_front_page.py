"""The front page: due from me, waiting for me, where we stand."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from tests.factories.scoring import accept, fill, issue_table, name_appraiser, sheet_of, submit
from tests.factories.world import NOON, make_world
from tests.movements.browser import Browser
from tests.movements.launches import draft as draft_launch
from tests.movements.launches import published
from tests.pacts.pacts import agree_all, consulting, freeze, say
from tests.pacts.pacts import draft as draft_pact
from thidua.home.queries import dashboard
from thidua.home.queries.board import deadline
from thidua.movements.services import confirm_receipt
from thidua.organisations.models import EmulationYear, Milestone
from thidua.scoring.services import finalise_sheet

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def own_files(files_dir):
    """Papers of one test do not lie about in the next."""


def board(user, world, today=TODAY):
    return dashboard(user, EmulationYear.objects.get(pk=world.year.pk), today)


def due(user, world):
    return [task.title for task in board(user, world).due]


def waiting(user, world):
    return [task.title for task in board(user, world).waiting]


def steps(user, world):
    return [step.state for step in board(user, world).steps]


def test_new_year_asks_who_sets_it_up_to_choose_members(world):
    year = EmulationYear.objects.create(
        cluster=world.one.cluster, year=2027, members_as_of=date(2027, 1, 1)
    )

    found = dashboard(world.administrator, year, date(2027, 1, 2))

    assert [task.title for task in found.due] == ["Chọn đơn vị thành viên, cụm trưởng, cụm phó"]
    assert found.progress == []
    assert dashboard(world.superior, year, date(2027, 1, 2)).due == []


def test_before_the_launch_the_lead_writes_and_the_head_publishes(world):
    one = world.one
    assert due(one.lead_officer, one) == [
        "Soạn phát động phong trào",
        "Mở các kỳ báo cáo của năm",
        "Nhập bảng điểm từ tệp Excel",
    ]
    assert due(one.heads[1], one) == []

    draft_launch(one)

    assert due(one.lead_officer, one)[0] == "Hoàn thiện phát động"
    assert due(one.lead_head, one)[0] == "Công bố phát động"
    assert due(one.heads[1], one) == []
    assert steps(one.heads[1], one) == ["current", *["next"] * 5]


def test_published_launch_is_due_from_each_head_until_confirmed(world):
    one = world.one
    launch = published(one)

    assert due(one.heads[1], one) == ["Xác nhận đã nhận phát động"]
    assert due(one.officers[1], one) == []
    confirm_receipt(launch=launch, membership=one.memberships[1], actor=one.heads[1], at=NOON)

    assert due(one.heads[1], one) == []
    assert steps(one.officers[1], one) == ["done", "current", *["next"] * 4]
    found = board(one.heads[1], one).progress
    assert [(p.label, p.done, p.total) for p in found] == [("đã nhận phát động", 1, 3)]


def test_deadline_says_how_many_days_are_left(world):
    launch = Milestone.objects.get(year=world.one.year, kind="launch")

    said = [
        deadline(launch, day)
        for day in (
            date(2026, 3, 1),
            date(2026, 3, 8),
            date(2026, 3, 15),
            date(2026, 3, 17),
            date(2026, 8, 1),
        )
    ]

    assert said == [
        ("open", "còn 14 ngày"),
        ("due", "còn 7 ngày"),
        ("due", "hôm nay"),
        ("overdue", "quá mốc 2 ngày"),
        ("overdue", "quá mốc 15/03/2026"),
    ]
    assert deadline(None, TODAY) == ("", "")


def test_pact_passes_from_the_lead_to_the_members_and_back(world):
    one = world.one
    published(one)
    assert "Soạn giao ước thi đua" in due(one.lead_officer, one)
    draft_pact(one)
    assert "Gửi giao ước lấy ý kiến" in due(one.lead_officer, one)
    assert "Góp ý giao ước" not in due(one.officers[1], one)


def test_consultation_is_due_from_each_member_and_answers_wait_for_the_lead(world):
    one = world.one
    published(one)
    pact = consulting(one)

    assert "Đọc, góp ý và thống nhất giao ước" in due(one.heads[1], one)
    assert due(one.officers[1], one) == ["Góp ý giao ước"]
    say(one, pact)
    assert waiting(one.lead_officer, one) == ["1 góp ý giao ước chờ trả lời"]
    assert waiting(one.heads[1], one) == []


def test_agreed_pact_waits_for_the_lead_to_freeze_then_for_each_to_sign(world):
    one = world.one
    published(one)
    pact = consulting(one)
    agree_all(one, pact)
    assert waiting(one.lead_head, one) == ["Mọi đơn vị đã thống nhất: chốt giao ước"]
    assert waiting(one.lead_officer, one) == []
    assert steps(one.officers[1], one)[:3] == ["current", "done", "next"]

    pact.refresh_from_db()
    freeze(one, pact)

    assert "Ký giao ước thi đua" in due(one.heads[1], one)
    assert due(one.officers[1], one) == ["Giao ước chờ thủ trưởng ký"]
    found = {p.label: (p.done, p.total) for p in board(one.heads[1], one).progress}
    assert found == {"đã nhận phát động": (0, 3), "đã ký giao ước": (0, 3)}


def test_superior_is_asked_to_register_certificates(world):
    assert due(world.superior, world.one) == ["Đăng ký chứng thư số cho 3 thủ trưởng đơn vị"]
    assert due(world.administrator, world.one) == []


def test_self_score_is_due_from_the_unit_then_from_its_head(world):
    one = world.one
    issue_table(one)
    task = board(one.officers[1], one).due[0]
    assert (task.title, task.note) == ("Tự chấm điểm", "còn 4 trên 4 tiêu chí")

    sheet = sheet_of(one, 1)
    fill(one, 1)

    assert due(one.heads[1], one) == ["Duyệt và nộp bảng tự chấm"]
    assert due(one.officers[1], one) == ["Đã tự chấm đủ: chờ thủ trưởng duyệt và nộp"]
    assert board(one.heads[1], one).due[0].url == reverse(
        "scoring:sheet", args=[one.year.pk, sheet.pk]
    )


def test_submitted_sheet_waits_for_its_appraiser_then_for_the_lead(world):
    one = world.one
    issue_table(one)
    name_appraiser(one, "A", "B")
    submit(one, 1)

    assert due(one.heads[1], one) == []
    assert waiting(one.appraiser, one) == ["Thẩm định bảng điểm của Bình"]
    assert board(one.appraiser, one).waiting[0].note == "0/2 phần đã xong"
    assert waiting(one.lead_head, one) == []

    accept(one, 1, "A", "B")

    assert waiting(one.appraiser, one) == []
    task = board(one.lead_head, one).waiting[0]
    assert (task.title, task.note) == ("1 bảng điểm chờ chốt", "Bình")
    assert waiting(one.lead_officer, one) == []

    finalise_sheet(sheet=sheet_of(one, 1), actor=one.lead_head, at=NOON)

    assert waiting(one.lead_head, one) == []
    last = board(one.officers[1], one).steps[-1]
    assert (last.state, last.note.endswith(" điểm")) == ("done", True)


def test_stranger_to_the_year_finds_no_page(world):
    address = reverse("home:year", args=[world.one.year.pk])

    for user in (world.stranger, world.two.lead_head):
        assert Browser(user).get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("lead_head", "Thanh tra tỉnh An – Cụm trưởng"),
        ("lead_officer", "Thanh tra tỉnh An – Cụm trưởng"),
        ("superior", "Cấp trên của cụm: Thanh tra Chính phủ"),
        ("administrator", "Quản trị hệ thống"),
        ("appraiser", "Thẩm định, hội đồng của cụm"),
    ],
)
def test_page_says_as_whom_one_reads_it(world, who, said):
    user = getattr(world.one, who, None) or getattr(world, who)

    text = Browser(user).text(reverse("home:year", args=[world.one.year.pk]))

    assert said in text


@time_machine.travel(NOON, tick=False)
def test_empty_page_says_what_comes_next_with_days_as_people_write_them(world):
    text = Browser(world.one.officers[1]).text(reverse("home:year", args=[world.one.year.pk]))

    assert "Hiện không có việc nào đến hạn. Mốc tiếp theo: Phát động phong trào" in text
    assert "ngày 15/03/2026" in text
    assert "02/03/2026" in text
    assert "Không ai đang chờ bạn." in text
    assert "Cụm trưởng chưa công bố phát động" in text


def test_line_of_the_year_tells_reached_from_missed(world):
    one = world.one
    launch = published(one)
    for membership, head in zip(one.memberships, one.heads, strict=True):
        confirm_receipt(launch=launch, membership=membership, actor=head, at=NOON)

    marks = {m.label: m for m in board(one.heads[1], one, date(2026, 7, 1)).marks}

    assert marks["Phát động phong trào"].state == "done"
    assert marks["Phát động phong trào"].note == "3/3 đã nhận phát động"
    assert marks["Ký kết giao ước, gửi đăng ký lên cấp trên"].state == "overdue"
    assert marks["Sơ kết 6 tháng"].state == ""
    assert marks["Nộp bảng tự chấm điểm"].state == ""
    assert board(one.heads[1], one, date(2026, 7, 1)).next_mark.label == "Nộp bảng tự chấm điểm"
    assert board(one.heads[1], one, date(2026, 12, 26)).next_mark is None


def test_front_page_asks_as_much_for_five_members_as_for_two(db):
    world = make_world(5)
    counted = []
    for cluster in (world.one, world.two):
        launch = published(cluster)
        confirm_receipt(
            launch=launch, membership=cluster.memberships[0], actor=cluster.heads[0], at=NOON
        )
        pact = consulting(cluster)
        agree_all(cluster, pact)
        pact.refresh_from_db()
        freeze(cluster, pact)
        issue_table(cluster)
        name_appraiser(cluster, "A", "B")
        for member in range(1, len(cluster.memberships)):
            submit(cluster, member)
        address = reverse("home:year", args=[cluster.year.pk])
        counted.append(
            [
                Browser(user).queries(address)
                for user in (cluster.lead_head, cluster.officers[1], cluster.appraiser)
            ]
        )

    assert counted[0] == counted[1]
    assert max(counted[0]) <= 28


def test_front_address_leads_to_the_year_or_to_the_list(world):
    assert Browser(world.one.lead_head).get("/").url == reverse(
        "home:year", args=[world.one.year.pk]
    )
    assert Browser(world.stranger).get("/").url == reverse("organisations:year_list")
    assert Browser().get("/").status_code == 302
