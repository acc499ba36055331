"""The year of the base case, by hand in a real browser: from launch to the ranking's PDF."""

import re
import shutil
import subprocess

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.people import Person, give_passwords, sign_in
from thidua.demo.loading import load_demo
from thidua.demo.people import certificates_dir, demo_data
from thidua.documents.signing.command import sign_command
from thidua.organisations.models import Assignment, EmulationYear, Membership
from thidua.pacts.models import PactVersion
from thidua.rules.scoring import Claim, read_fact, table_rules
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import Input, InputKind, Kind, leaf_rule
from thidua.scoring.models import ScoreSheet, SectionAppraiser
from thidua.scoring.services import (
    complete_section,
    finalise_sheet,
    save_claim,
    submit_self_score,
)
from thidua.scoring.tables import to_table

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def year(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.FILES_DIR = tmp_path / "data" / "files"
    load_demo(base_case_played=False)
    give_passwords()
    return EmulationYear.objects.get(year=2024)


def head_of(membership: Membership) -> str:
    return membership.organisation.assignments.get(role=Assignment.Role.HEAD).user.username


def members(year: EmulationYear) -> list[Membership]:
    return list(year.memberships.select_related("organisation"))


def test_the_year_from_launch_to_ranking(year, open_page, tmp_path):
    lead = sign_in(open_page, "truong-nam-dinh")
    launch(lead, year, open_page)
    agree_on_pact(lead, year, open_page)
    signed = sign_pact(year, open_page, tmp_path)
    verify_pact(year, open_page, signed, tmp_path)
    issue_scale(lead, year)
    score_one_unit(lead, year, open_page, tmp_path)
    score_the_others(year)
    rank(lead, year, tmp_path)


def launch(lead: Person, year: EmulationYear, open_page) -> None:
    lead.go(f"/nam/{year.pk}/")
    lead.press("Công bố phát động")
    lead.confirm("Công bố", "Công bố")
    lead.reads("0/9")
    for membership in members(year):
        head = sign_in(open_page, head_of(membership), **PHONE)
        head.go(f"/nam/{year.pk}/")
        head.press("Xác nhận đã nhận phát động")
        head.press("Xác nhận đã nhận phát động")
        head.page.context.close()
    lead.go(f"/phat-dong/{year.pk}/")
    lead.reads("9/9")


def agree_on_pact(lead: Person, year: EmulationYear, open_page) -> None:
    lead.go(f"/giao-uoc/{year.pk}/")
    lead.confirm("Gửi lấy ý kiến", "Gửi lấy ý kiến")
    for position, membership in enumerate(members(year)):
        head = sign_in(open_page, head_of(membership), **PHONE)
        head.go(f"/giao-uoc/{year.pk}/")
        if position == 0:
            head.page.get_by_text("Góp ý cam kết").first.click()
            head.page.get_by_label("Góp ý của đơn vị").first.fill("Đề nghị nêu rõ cách tính.")
            head.page.get_by_role("button", name="Gửi góp ý").first.click()
            head.reads("Chờ trả lời")
        head.press("Thống nhất với nội dung này")
        head.page.context.close()
    lead.go(f"/giao-uoc/{year.pk}/")
    lead.page.get_by_text("Trả lời", exact=False).filter(has_text="góp ý của").first.click()
    lead.page.get_by_label("Trả lời của cụm trưởng").first.fill("Cách tính ghi ở chỉ tiêu.")
    lead.press("Gửi trả lời")
    lead.confirm("Chốt giao ước", "Chốt và mở ký")
    lead.reads("0/9")


def sign_pact(year: EmulationYear, open_page, tmp_path):
    signing = PactVersion.objects.get(year=year).signing
    assert signing is not None
    secret = tmp_path / "mat-khau"
    secret.write_text(demo_data()["passphrase"])
    for number, membership in enumerate(members(year), start=1):
        username = head_of(membership)
        head = sign_in(open_page, username)
        head.go(f"/van-ban/{year.pk}/ky/{signing.pk}/")
        downloaded = head.download("Tải bản hiện hành", tmp_path)
        signed = tmp_path / f"da-ky-{number}.pdf"
        key = certificates_dir() / f"{username}.p12"
        assert (
            sign_command(
                [
                    str(downloaded),
                    "--pkcs12",
                    str(key),
                    "--passphrase-file",
                    str(secret),
                    "--out",
                    str(signed),
                ]
            )
            == 0
        )
        if number == 5:
            refuse_altered(head, signed, tmp_path)
        head.page.locator("input[name=pdf]").set_input_files(signed)
        head.press("Gửi và kiểm tra chữ ký")
        head.reads(f"{number}/9")
        head.page.context.close()
    return signed


def refuse_altered(head: Person, signed, tmp_path) -> None:
    """One byte changed inside the paper: refused with its reason, the board stays."""
    data = bytearray(signed.read_bytes())
    data[600] ^= 1
    altered = tmp_path / "sua-mot-byte.pdf"
    altered.write_bytes(data)
    head.page.locator("input[name=pdf]").set_input_files(altered)
    head.press("Gửi và kiểm tra chữ ký")
    head.reads("Tệp vừa gửi không được nhận, bản hiện hành giữ nguyên")
    head.reads("Nội dung văn bản trong tệp đã bị thay đổi")
    head.reads("4/9")


def verify_pact(year: EmulationYear, open_page, signed, tmp_path) -> None:
    if shutil.which("pdfsig"):
        said = subprocess.run(
            ["pdfsig", "-nocert", str(signed)], capture_output=True, text=True, check=False
        ).stdout
        assert said.count("Signature is Valid.") == 9
        assert re.findall(r"Total document signed|Not total document signed", said)[-1].startswith(
            "Total"
        )
    signing = PactVersion.objects.get(year=year).signing
    assert signing is not None
    visitor = Person(open_page(f"/van-ban/kiem-tra/{signing.token}/", **PHONE))
    visitor.reads("9/9")
    visitor.page.locator("input[name=pdf]").set_input_files(signed)
    visitor.press("Kiểm tra", exact=True)
    visitor.reads("văn bản có 9 chữ ký số, tất cả đều hợp lệ")
    altered = tmp_path / "sua-sau-khi-ky.pdf"
    data = bytearray(signed.read_bytes())
    data[600] ^= 1
    altered.write_bytes(data)
    visitor.page.locator("input[name=pdf]").set_input_files(altered)
    visitor.press("Kiểm tra", exact=True)
    visitor.reads("KHÔNG HỢP LỆ")


def issue_scale(lead: Person, year: EmulationYear) -> None:
    lead.go(f"/cham-diem/{year.pk}/bang-diem/")
    lead.confirm("Ban hành", "Ban hành")
    lead.reads("Đã ban hành")


def score_one_unit(lead: Person, year: EmulationYear, open_page, tmp_path) -> None:
    """Vĩnh Phúc: officer fills on screen, head submits, appraisers, explanation, lead closes."""
    unit = members(year)[0]
    sheet = ScoreSheet.objects.get(criteria_set__year=year, membership=unit)
    address = f"/cham-diem/{year.pk}/bang-cham/{sheet.pk}/"
    officer = sign_in(open_page, "can-bo-vinh-phuc")
    officer.go(address)
    fill_in(officer, sheet, tmp_path)
    officer.go(address)
    officer.reads("Đã chấm đủ")
    officer.page.context.close()
    head = sign_in(open_page, "truong-vinh-phuc", **PHONE)
    head.go(address)
    head.confirm("Nộp bảng tự chấm", "Nộp bảng tự chấm")
    head.reads("Đang thẩm định")
    appraise_on_screen(open_page, address, sheet)
    explain_and_look_again(open_page, head, address, sheet)
    lead.go(address)
    lead.confirm("Chốt điểm", "Chốt điểm")
    lead.reads("Điểm cuối cùng")


def asked(sheet: ScoreSheet) -> dict[str, tuple[Input, ...]]:
    """By path of a criterion: the figures that are filled in there."""
    return dict(homes_of(to_table(sheet.criteria_set)).own)


def good(each: Input, year: int) -> str:
    """A figure as a unit without faults would type it; "" where the table says what empty means."""
    if each.default:
        return ""
    words = {InputKind.DATE: f"15/01/{year}", InputKind.YES_NO: "Có"}
    return words.get(each.kind, "100")


def fill_in(officer: Person, sheet: ScoreSheet, tmp_path) -> None:
    """Type every figure; a claim beyond the rule without a word is refused and not kept."""
    scores = list(sheet.scores.select_related("criterion"))
    first = scores[0]
    leaf = officer.page.locator(f"#leaf-{first.pk}")
    leaf.get_by_text("Đề nghị mức khác").click()
    field = officer.page.locator(f"#p-{first.pk}-base")
    field.fill("99")
    field.blur()
    expect(leaf).to_contain_text("đề nghị 99, theo quy tắc là 3")
    expect(leaf).to_contain_text("hãy ghi thuyết minh vì sao")
    with officer.page.expect_response(lambda answer: "/tu-cham/" in answer.url):
        field.fill("")
        field.blur()
    inputs = asked(sheet)
    for score in scores:
        for place, each in enumerate(inputs[score.criterion.path]):
            value = good(each, sheet.membership.year.year)
            if not value:
                continue
            box = officer.page.locator(f"#p-{score.pk}-fact_{place}")
            with officer.page.expect_response(lambda answer: "/tu-cham/" in answer.url):
                if each.kind is InputKind.YES_NO:
                    box.select_option(value)
                else:
                    box.fill(value)
                    box.blur()
            expect(officer.page.locator(f"#leaf-{score.pk}")).to_contain_text("Đã lưu")
    proof = tmp_path / "minh-chung.pdf"
    proof.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
    officer.page.locator(f"#leaf-{first.pk}").get_by_text("Minh chứng (").click()
    officer.page.locator(f"#files-{first.pk}").get_by_role("link", name="Thêm tệp").click()
    officer.page.locator("#evidence-form input[type=file]").set_input_files(proof)
    officer.page.locator("#evidence-form").get_by_role("button").first.click()
    officer.page.wait_for_load_state()
    expect(officer.page.get_by_text("minh-chung.pdf").first).to_be_attached()


def appraise_on_screen(open_page, address: str, sheet: ScoreSheet) -> None:
    score = sheet.scores.select_related("criterion").first()
    assert score is not None
    for username in ("tham-dinh-1", "tham-dinh-2"):
        appraiser = sign_in(open_page, username)
        appraiser.go(address)
        leaf = appraiser.page.locator(f"#leaf-{score.pk}")
        if leaf.get_by_role("button", name="Xác nhận điểm").count():
            leaf.locator("input[name=fact_0]").fill("1")
            leaf.get_by_role("button", name="Xác nhận điểm").click()
            expect(leaf).to_contain_text("phải ghi lý do")
            leaf.locator("textarea[name=reason]").fill("Có một vụ xử lý chậm.")
            leaf.get_by_role("button", name="Xác nhận điểm").click()
            expect(leaf).to_contain_text("Lý do thay đổi")
        while appraiser.page.get_by_role("button", name="Chấp nhận các tiêu chí còn lại").count():
            appraiser.confirm("Chấp nhận các tiêu chí còn lại", "Chấp nhận và hoàn thành")
        appraiser.page.context.close()


def explain_and_look_again(open_page, head: Person, address: str, sheet: ScoreSheet) -> None:
    head.go(address)
    head.reads("Tiêu chí bị thay đổi")
    head.press("Giải trình", exact=True)
    head.page.get_by_role("textbox").fill("Vụ việc chậm do chờ ý kiến liên ngành.")
    head.press("Gửi giải trình")
    for username in ("tham-dinh-1", "tham-dinh-2"):
        appraiser = sign_in(open_page, username)
        appraiser.go(address)
        again = appraiser.page.get_by_role("button", name="Xác nhận đã xem lại")
        if again.count():
            again.first.click()
            expect(appraiser.page.get_by_text("Đã xem lại").first).to_be_visible()
        appraiser.page.context.close()


def score_the_others(year: EmulationYear) -> None:
    """The other eight go the same way through the services, each with one fault more than the one before."""
    lead = Assignment.objects.get(
        role=Assignment.Role.HEAD, organisation__short_name="Nam Định"
    ).user
    now = timezone.now()
    for number, unit in enumerate(members(year)[1:], start=1):
        sheet = ScoreSheet.objects.get(criteria_set__year=year, membership=unit)
        head = Assignment.objects.get(
            role=Assignment.Role.HEAD, organisation=unit.organisation
        ).user
        table = to_table(sheet.criteria_set)
        faults = 0
        for score in sheet.scores.select_related("criterion"):
            facts = {
                each.key: read_fact(each, value, table_rules(table).bands)
                for each in asked(sheet)[score.criterion.path]
                if (value := good(each, year.year))
            }
            lines = leaf_rule(table.node(score.criterion.path)).deduction
            counted = [line.input for line in lines if line.kind is Kind.PER_CASE]
            if counted and faults < number:
                facts[counted[0]] = "1"
                faults += 1
            save_claim(
                score=score,
                claim=Claim(),
                facts=facts,
                explanation="",
                version=score.version,
                actor=head,
                at=now,
            )
        submit_self_score(sheet=sheet, actor=head, at=now)
        named = SectionAppraiser.objects.filter(criterion__criteria_set=sheet.criteria_set)
        for part in named.select_related("criterion", "user"):
            complete_section(
                sheet=sheet, section=part.criterion, accept_rest=True, actor=part.user, at=now
            )
        finalise_sheet(sheet=sheet, actor=lead, at=now)


def rank(lead: Person, year: EmulationYear, tmp_path) -> None:
    lead.go(f"/cham-diem/{year.pk}/xep-hang/")
    rows = lead.page.locator("tbody tr").all_inner_texts()
    assert "Bắc Ninh" in rows[1] or "Vĩnh Phúc" in rows[0]
    with lead.page.expect_download() as waiting:
        lead.page.get_by_role("link", name="PDF", exact=True).click()
    pdf = tmp_path / "xep-hang.pdf"
    waiting.value.save_as(pdf)
    assert pdf.read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
        ).stdout
        for unit in members(year):
            assert unit.organisation.short_name in text
