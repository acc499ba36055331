"""The base case as the demo leaves it: each kind of person does by hand what waits for them."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Person
from thidua.demo.loading import load_demo
from thidua.organisations.models import EmulationYear
from thidua.scoring.models import CrossReview, CrossReviewRound, ScoreSheet

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def year(settings, tmp_path):
    settings.DEMO = True
    settings.DATA_DIR = tmp_path / "data"
    settings.FILES_DIR = tmp_path / "data" / "files"
    load_demo()
    return EmulationYear.objects.get(year=2024)


def as_part(open_page, label: str, **options) -> Person:
    """Signed in by the button that the demo offers for 2024."""
    page = open_page("/dung-thu/", **options)
    cast = page.locator("section.section").filter(has=page.get_by_role("heading", name="năm 2024"))
    cast.get_by_role("button", name=label).first.click()
    page.wait_for_url("**/nam/*/")
    return Person(page)


def sheet_of(year: EmulationYear, name: str) -> ScoreSheet:
    return ScoreSheet.objects.get(
        criteria_set__year=year, membership__organisation__short_name=name
    )


def open_sheet(person: Person, year: EmulationYear, name: str) -> None:
    person.go(f"/cham-diem/{year.pk}/bang-cham/{sheet_of(year, name).pk}/")


def test_everybody_finds_what_waits_for_them_in_the_demo(year, open_page):
    officer_explains(year, open_page)
    appraiser_looks_again(year, open_page)
    head_hands_in_again(year, open_page)
    reviewer_scores_another_unit(year, open_page)
    lead_settles_and_closes(year, open_page)


def officer_explains(year: EmulationYear, open_page) -> None:
    officer = as_part(open_page, "Cán bộ – Thành viên Hải Dương")
    open_sheet(officer, year, "Hải Dương")
    officer.reads("Cần xem và giải trình nếu không đồng ý")
    officer.press("Giải trình", exact=True)
    officer.page.get_by_role("textbox").fill("Giải pháp được công nhận ngày 12/01/2024.")
    officer.press("Gửi giải trình")
    waiting = sheet_of(year, "Hải Dương").scores.get(reply_waits=True)
    assert waiting.reply == "Giải pháp được công nhận ngày 12/01/2024."
    officer.page.context.close()


def appraiser_looks_again(year: EmulationYear, open_page) -> None:
    appraiser = as_part(open_page, "Lý Thị Kim Oanh")
    open_sheet(appraiser, year, "Hưng Yên")
    waiting = sheet_of(year, "Hưng Yên").scores.get(reply_waits=True)
    leaf = appraiser.page.locator(f"#leaf-{waiting.pk}")
    leaf.get_by_role("button", name="Xác nhận đã xem lại").click()
    expect(leaf).to_contain_text("Đã xem lại")
    assert not sheet_of(year, "Hưng Yên").scores.filter(reply_waits=True).exists()
    appraiser.page.context.close()


def head_hands_in_again(year: EmulationYear, open_page) -> None:
    head = as_part(open_page, "Thủ trưởng – Thành viên Hà Nam", **PHONE)
    open_sheet(head, year, "Hà Nam")
    head.reads("Bảng được trả lại để sửa")
    head.confirm("Nộp bảng tự chấm", "Nộp bảng tự chấm")
    head.reads("Đang thẩm định")
    sheet = sheet_of(year, "Hà Nam")
    assert (sheet.state, sheet.round) == (ScoreSheet.State.SUBMITTED, 2)
    head.page.context.close()


def reviewer_scores_another_unit(year: EmulationYear, open_page) -> None:
    round = CrossReviewRound.objects.get(criteria_set__year=year, number=2)
    review = round.reviews.filter(
        reviewer__organisation__short_name="Quảng Ninh", state=CrossReview.State.DRAFT
    ).first()
    assert review is not None
    head = as_part(open_page, "Thủ trưởng – Thành viên Quảng Ninh", **PHONE)
    head.go(f"/cham-diem/{year.pk}/cham-cheo/{round.pk}/")
    head.press(review.reviewed.organisation.full_name)
    for score in review.scores.all():
        field = head.page.locator(f"#p-{score.pk}")
        with head.page.expect_response(lambda answer: answer.request.method == "POST"):
            field.fill("2,5")
            field.blur()
        expect(head.page.locator(f"#r-{score.pk}")).to_contain_text("Đã lưu")
    head.confirm("Nộp phiếu chấm", "Nộp phiếu chấm")
    head.reads("Đã nộp phiếu chấm")
    head.page.context.close()


def lead_settles_and_closes(year: EmulationYear, open_page) -> None:
    lead = as_part(open_page, "Thủ trưởng – Cụm trưởng Nam Định")
    first = CrossReviewRound.objects.get(criteria_set__year=year, number=1)
    lead.go(f"/cham-diem/{year.pk}/cham-cheo/{first.pk}/")
    lead.press("Kết quả")
    lead.press("Hải Dương, nội dung 5")
    lead.page.get_by_role("textbox").fill("Đã đối chiếu sổ theo dõi: giữ điểm trung bình.")
    lead.press("Lưu kết luận")
    lead.reads("Đã kết luận")
    open_sheet(lead, year, "Quảng Ninh")
    lead.confirm("Chốt điểm", "Chốt điểm")
    lead.reads("Điểm cuối cùng")
    lead.go(f"/cham-diem/{year.pk}/xep-hang/")
    rows = lead.page.locator("tbody tr").all_inner_texts()
    assert [("Bắc Ninh" in rows[0]), ("Quảng Ninh" in rows[1])] == [True, True]
