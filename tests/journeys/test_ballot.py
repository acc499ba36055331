"""The cluster of the base case elects its leading unit: nine voters, three tellers of whom one is absent, one
paper. From the set-up to the signed minutes in a real browser; the archive is judged by belenios-tool."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.people import Person
from tests.movements.browser import BACKEND
from tests.rules.ballots.tool import MISSING, Tool
from thidua.accounts.models import User
from thidua.ballots.models import Ballot, BallotPaper
from thidua.cli import run as thidua
from thidua.demo.loading import load_demo
from thidua.organisations.models import Assignment, EmulationYear

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
PASSPHRASE = "đồng lúa chín vàng"
TELLERS = ("Vĩnh Phúc", "Bắc Ninh", "Quảng Ninh")
ON_PAPER = "Ninh Bình"
VOTES = ("Nam Định", "Nam Định", "Thái Bình", "Nam Định", "Nam Định", "Thái Bình", "", "Nam Định")

Arrive = Callable[..., Person]


@pytest.fixture
def year(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.FILES_DIR = tmp_path / "data" / "files"
    load_demo(base_case_played=False)
    return EmulationYear.objects.get(year=2024)


@pytest.fixture
def arrive(open_page: Any, live_server: Any, year: EmulationYear) -> Arrive:
    """The head of a member, or anybody by user name, signed in."""

    def sign_in(who: str, **options: Any) -> Person:
        client = Client()
        client.force_login(user_of(year, who), backend=BACKEND)
        page = open_page(accept_downloads=True, **options)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        return Person(page)

    return sign_in


def user_of(year: EmulationYear, who: str) -> User:
    member = year.memberships.filter(organisation__short_name__endswith=who).first()
    if member is None:
        return User.objects.get(username=who)
    return member.organisation.assignments.get(role=Assignment.Role.HEAD).user


def address(ballot: Ballot, name: str, *args: object) -> str:
    return reverse(f"ballots:{name}", args=[ballot.year_id, ballot.pk, *args])


def set_up(lead: Person, year: EmulationYear) -> Ballot:
    page = lead.page
    lead.go(reverse("ballots:list", args=[year.pk]))
    lead.press("Lập cuộc bỏ phiếu")
    page.get_by_label("Tên cuộc bỏ phiếu").fill("Suy tôn đơn vị dẫn đầu Cụm Thi đua số 2 năm 2024")
    page.get_by_label("Ngày bỏ phiếu").fill("10/12/2024")
    page.get_by_label("Địa điểm").fill("thành phố Nam Định")
    choose(page, "Chủ trì", user_of(year, "Nam Định"))
    choose(page, "Người điều hành kiểm phiếu thay chủ trì", user_of(year, "Ninh Bình"))
    choose(page, "Thư ký", user_of(year, "can-bo-nam-dinh"))
    page.get_by_role("button", name="Lập cuộc bỏ phiếu").click()
    lead.reads("Chưa có nội dung bỏ phiếu nào.")
    ballot = Ballot.objects.get(year=year)

    lead.press("Thêm nội dung")
    page.get_by_label("Nội dung bỏ phiếu").fill("Đơn vị dẫn đầu Cụm Thi đua số 2 năm 2024")
    for name in ("Nam Định", "Thái Bình", "Hưng Yên"):
        page.get_by_label(re.compile(f"{name} \\(")).check()
    page.get_by_label("Số suất").fill("1")
    page.get_by_label("Căn cứ của quy tắc").fill("Quy chế hoạt động của Cụm, Điều 7")
    page.get_by_role("button", name="Lưu nội dung").click()
    lead.reads("Đã lưu nội dung bỏ phiếu.")
    lead.go(address(ballot, "tellers"))
    for name in TELLERS:
        page.get_by_label(re.compile(f"^{re.escape(user_of(year, name).full_name)} –")).check()
    page.get_by_label("Số người cần để mở phiếu").fill("2")
    page.get_by_role("button", name="Cử tổ kiểm phiếu").click()
    lead.reads("Đã cử tổ kiểm phiếu.")
    return ballot


def choose(page: Page, label: str, user: User) -> None:
    page.get_by_label(label, exact=False).first.select_option(str(user.pk))


def make_key(teller: Person, ballot: Ballot, into: Path) -> Path:
    """Step 1, with a first try that fails: another passphrase typed than the one chosen."""
    page = teller.page
    teller.go(address(ballot, "keys"))
    page.get_by_label("Mật khẩu của tệp khóa").first.fill(PASSPHRASE)
    page.get_by_label("Gõ lại mật khẩu").fill(PASSPHRASE)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Tạo khóa và lưu tệp").click()
    path = into / waiting.value.suggested_filename
    waiting.value.save_as(path)
    open_file(teller, path, "mật khẩu gõ sai rồi")
    teller.reads("Mật khẩu không đúng")
    open_file(teller, path)
    return path


def open_file(teller: Person, path: Path, passphrase: str = PASSPHRASE) -> None:
    teller.page.locator("#key-file").set_input_files(path)
    teller.page.locator("#passphrase").fill(passphrase)
    teller.page.locator("#keys-open-submit").click()


def take_code(voter: Person, ballot: Ballot) -> str:
    voter.go(address(ballot, "check"))
    voter.press("Danh sách đúng – tạo mã phiếu của tôi")
    code = voter.page.locator("#code-shown").inner_text()
    voter.page.get_by_label("Tôi đã ghi lại mã").check()
    voter.press("Xong")
    voter.reads("Đã ghi nhận bạn thấy danh sách đúng")
    return code


def vote(voter: Person, ballot: Ballot, code: str, choice: str) -> str:
    page = voter.page
    voter.go(address(ballot, "vote"))
    page.get_by_role("button", name="Xem lại phiếu").click()
    voter.reads("Chưa chọn dòng nào")
    page.get_by_label(choice or "Phiếu trắng").check()
    page.get_by_label("Mã phiếu của bạn").fill(code[:-1])
    page.get_by_role("button", name="Xem lại phiếu").click()
    voter.reads("Mã phiếu gõ chưa đúng")
    page.get_by_label("Mã phiếu của bạn").fill(code)
    page.get_by_role("button", name="Xem lại phiếu").click()
    send = page.get_by_role("dialog").get_by_role("button", name="Bỏ phiếu")
    send.dblclick()
    expect(page.locator("#receipt")).to_be_visible(timeout=20_000)
    return page.locator("#tracker").inner_text()


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    assert not wide, "trang tràn ngang"


def prepare_keys(tellers: list[Person], ballot: Ballot, into: Path) -> list[Path]:
    """Step 1 by hand; 2 to 4 follow by themselves while the pages stay open."""
    files = [make_key(one, ballot, into) for one in tellers]
    for one in tellers:
        expect(one.page.locator(".step.is-done")).to_have_count(4, timeout=60_000)
    accessible(tellers[0].page)
    return files


def freeze_and_open(
    lead: Person, chair: Person, ballot: Ballot, voters: dict[str, Person]
) -> dict[str, str]:
    """Everybody but the one who votes on paper takes a code; the roll is called, the chair opens."""
    lead.go(address(ballot, "ballot"))
    lead.confirm("Chốt danh sách", "Chốt danh sách")
    lead.reads("Đã chốt danh sách.")
    codes = {
        name: take_code(voter, ballot)
        for name, voter in voters.items()
        if not name.endswith(ON_PAPER)
    }
    lead.go(address(ballot, "roll"))
    for box in lead.page.get_by_label("có mặt").all():
        box.check()
    lead.press("Lưu điểm danh")
    chair.go(address(ballot, "ballot"))
    chair.confirm("Mở bỏ phiếu", "Mở bỏ phiếu")
    chair.reads("Đã mở bỏ phiếu.")
    return codes


def everybody_votes(
    lead: Person, ballot: Ballot, voters: dict[str, Person], codes: dict[str, str]
) -> Person:
    """Eight on machines, one on paper; every receipt is in the box. Returns who voted on paper."""
    online = [voters[name] for name in codes]
    online[1].go(address(ballot, "vote"))
    accessible(online[1].page)
    fits(online[1].page)
    trackers = [
        vote(voters[name], ballot, code, choice)
        for (name, code), choice in zip(codes.items(), VOTES, strict=True)
    ]
    assert BallotPaper.objects.filter(ballot=ballot).count() == 8
    lead.go(address(ballot, "roll"))
    row = lead.page.get_by_role("row").filter(has_text=ON_PAPER)
    row.get_by_role("button", name="Phát phiếu giấy").click()
    lead.reads("Đã phát phiếu giấy")
    on_paper = next(voter for name, voter in voters.items() if name.endswith(ON_PAPER))
    on_paper.go(address(ballot, "vote"))
    on_paper.reads("Bạn đã nhận phiếu giấy")
    online[0].go(address(ballot, "box"))
    for tracker in trackers:
        online[0].reads(tracker)
    return on_paper


def open_the_sum(teller: Person, ballot: Ballot, path: Path, wrong: Path) -> None:
    """Nothing is opened unasked, nor with another teller's file."""
    teller.go(address(ballot, "keys"))
    teller.reads("Hòm có 8 lá phiếu mã hóa")
    open_file(teller, wrong)
    teller.reads("là khóa của người kiểm phiếu số 2")
    open_file(teller, path)
    teller.reads("Phần mở phiếu của bạn đã được nhận")


def count_paper(teller: Person, ballot: Ballot) -> None:
    """One valid paper, for Thái Bình."""
    page = teller.page
    teller.go(address(ballot, "paper_count", "paper"))
    numbers = {"thu về": 1, "Phiếu hợp lệ": 1, "Phiếu trắng": 0, "Phiếu không hợp lệ": 0}
    for label, number in numbers.items():
        page.get_by_label(re.compile(f"{label}$")).fill(str(number))
    for field in page.locator("input[name^='q0-c']").all():
        field.fill("0")
    page.get_by_label(re.compile("Thái Bình")).fill("1")
    teller.press("Ghi số đếm")
    teller.reads("Đã ghi số bạn đếm.")


def test_T05_T08_the_cluster_votes_from_set_up_to_signed_minutes(year, arrive, tmp_path):
    lead = arrive("can-bo-nam-dinh")
    ballot = set_up(lead, year)
    tellers = [arrive(name) for name in TELLERS]
    files = prepare_keys(tellers, ballot, tmp_path)
    members = year.memberships.select_related("organisation")
    voters = {
        one.organisation.short_name: arrive(
            one.organisation.short_name, **(PHONE if place % 2 else {})
        )
        for place, one in enumerate(members)
    }
    codes = freeze_and_open(lead, arrive("Nam Định"), ballot, voters)
    assert len(set(codes.values())) == 8
    count_chair = everybody_votes(lead, ballot, voters, codes)

    count_chair.go(address(ballot, "ballot"))
    count_chair.confirm("Đóng bỏ phiếu", "Đóng bỏ phiếu")
    count_chair.reads("Đã đóng bỏ phiếu.")
    for place in (0, 2):
        open_the_sum(tellers[place], ballot, files[place], files[1])
    assert ballot.tellers.filter(partial="").count() == 1
    for place in (0, 2):
        count_paper(tellers[place], ballot)

    reader = arrive("Hà Nam", **PHONE)
    reader.go(address(ballot, "result"))
    reader.reads("55,56 %")
    fits(reader.page)
    accessible(reader.page)
    check_archive(reader, ballot, tmp_path)
    minutes = check_minutes(count_chair, ballot, tmp_path)
    count_chair.press("Nạp biên bản đã ký")
    count_chair.page.get_by_label("Số biên bản").fill("01/BB-CTĐ2")
    count_chair.page.locator("input[type=file]").set_input_files(minutes)
    count_chair.press("Kết thúc cuộc bỏ phiếu")
    count_chair.reads("Cuộc bỏ phiếu kết thúc.")
    assert Ballot.objects.get(pk=ballot.pk).state == Ballot.State.CONCLUDED


def check_archive(reader: Person, ballot: Ballot, tmp_path: Path) -> None:
    reader.go(address(ballot, "box"))
    accessible(reader.page)
    fits(reader.page)
    path = reader.download("Tải hồ sơ kiểm chứng", tmp_path)
    assert thidua(["ballot", "verify", str(path)]) == 0
    if not MISSING:
        assert Tool(tmp_path / "judge").accepts(path.read_bytes(), ballot.uuid)
    broken = bytearray(path.read_bytes())
    place = broken.index(b'"challenge":"') + 20
    broken[place] = ord("1") if broken[place] != ord("1") else ord("2")
    wrong = tmp_path / "sua.bel"
    wrong.write_bytes(broken)
    assert thidua(["ballot", "verify", str(wrong)]) == 1


def check_minutes(person: Person, ballot: Ballot, tmp_path: Path) -> Path:
    person.go(address(ballot, "result"))
    path = person.download("Biên bản kiểm phiếu (PDF)", tmp_path)
    pages = PdfReader(io.BytesIO(path.read_bytes())).pages
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for words in (
        "BIÊN BẢN KIỂM PHIẾU",
        "Tổng số thành viên: 9; trong danh sách bỏ phiếu: 9; có mặt khi mở: 9",
        "Cộng 9 9 8 1 0",
        "55,56 %",
        "8 phiếu mã hóa theo giao thức Belenios",
        "không tham gia mở phiếu",
        ballot.uuid,
    ):
        assert words in said, words
    return path
