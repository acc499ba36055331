"""Filling in and appraising in a real browser, with the whole of Table A."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.factories.scoring import (
    decide,
    issue_table,
    save,
    score_of,
    sheet_of,
    submit,
    typed_by_hand,
)
from tests.factories.world import NOON, make_world
from thidua.scoring import services
from thidua.scoring.queries import appraisal_sections
from thidua.workbooks.scale import shipped_scale

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(live_server: Any) -> Any:
    """Table A in force, typed by hand as it came, its sections with the cluster's appraiser."""
    one = make_world().one
    table = issue_table(one, typed_by_hand(shipped_scale("table_a_2022")))
    for section in appraisal_sections(list(table.criteria.all())):
        services.name_appraisers(
            criterion=section, users=[one.appraiser], actor=one.lead_head, at=NOON
        )
    return one


def sheet_address(one: Any, sheet: Any) -> str:
    return reverse("scoring:sheet", args=[one.year.pk, sheet.pk])


def type_into(page: Any, score: Any, name: str, value: str) -> None:
    """Type a number and leave the field by the keyboard."""
    page.fill(f"#p-{score.pk}-{name}", value)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Tab")


def test_an_officer_fills_in_and_sees_points_errors_and_totals_at_once(one, page_of):
    sheet = sheet_of(one, 1)
    page = page_of(one.officers[1], sheet_address(one, sheet))
    a4, a6 = score_of(sheet, "a4"), score_of(sheet, "a6")

    type_into(page, a4, "base", "3,5")
    type_into(page, a4, "bonus", "1")
    type_into(page, a6, "base", "5")

    page.locator(f"#r-{a4.pk}").get_by_text("a4: 3,5 − 0 + 1 = 4,5").wait_for()
    page.locator(f"#e-{a6.pk}-base").get_by_text("vượt mức tối đa 3").wait_for()
    assert page.locator(f"#r-{a6.pk}").inner_text().startswith("Chưa lưu")
    assert "Tổng tự chấm 4,5 điểm" in page.locator("#sheet-total").inner_text()
    assert "1/36 tiêu chí" in page.locator("#sheet-total").inner_text()
    assert [score_of(sheet, code).base for code in ("a4", "a6")] == [a4.criterion.maximum, None]

    type_into(page, a6, "base", "2")
    page.locator(f"#r-{a6.pk}").get_by_text("Đã lưu").wait_for()
    assert page.locator(f"#e-{a6.pk}-base").inner_text() == ""


def test_R08_two_browsers_edit_one_criterion_and_nothing_is_overwritten(one, page_of):
    sheet = sheet_of(one, 1)
    a1 = score_of(sheet, "a1")
    first = page_of(one.officers[1], sheet_address(one, sheet))
    second = page_of(one.heads[1], sheet_address(one, sheet))

    type_into(first, a1, "base", "2")
    type_into(second, a1, "base", "3")

    place = second.locator(f"#r-{a1.pk}")
    place.get_by_text("Cán bộ Bình vừa sửa tiêu chí này").wait_for()
    assert score_of(sheet, "a1").base == 2

    place.get_by_role("link", name="Dùng bản đang lưu").click()
    second.locator(f"#r-{a1.pk}").get_by_text("Được tính 2 điểm").wait_for()
    type_into(second, a1, "base", "1")
    second.locator(f"#r-{a1.pk}").get_by_text("Được tính 1 điểm").wait_for()
    type_into(first, a1, "base", "3")
    first.locator(f"#r-{a1.pk}").get_by_role("button", name="Lưu bản của tôi thay vào").click()
    first.locator(f"#r-{a1.pk}").get_by_text("Được tính 3 điểm").wait_for()
    assert score_of(sheet, "a1").base == 3


def test_evidence_is_added_without_leaving_the_sheet(one, page_of):
    sheet = sheet_of(one, 1)
    a1 = score_of(sheet, "a1")
    page = page_of(one.officers[1], sheet_address(one, sheet), width=360)
    leaf = page.locator(f"#leaf-{a1.pk}")

    leaf.get_by_text("Minh chứng (0 tệp)").click()
    leaf.get_by_role("link", name="Thêm tệp").click()
    leaf.locator("input[type=file]").set_input_files(
        {"name": "báo cáo.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    )
    leaf.get_by_role("button", name="Gửi minh chứng").click()

    page.get_by_text("Đã nhận 1 tệp minh chứng cho tiêu chí a1").wait_for()
    page.locator(f"#leaf-{a1.pk}").get_by_text("Minh chứng (1 tệp)").wait_for()


def test_an_appraiser_decides_and_completes_a_section(one, page_of):
    sheet = submit(one, 1)
    a1 = score_of(sheet, "a1")
    page = page_of(one.appraiser, sheet_address(one, sheet))

    page.fill(f"#p-{a1.pk}-deduction", "0,5")
    page.locator(f"#leaf-{a1.pk}").get_by_role("button", name="Xác nhận điểm").click()
    page.locator(f"#leaf-{a1.pk}").get_by_text("phải ghi lý do").wait_for()
    page.fill(f"#t-{a1.pk}", "Một việc chậm")
    page.locator(f"#leaf-{a1.pk}").get_by_role("button", name="Xác nhận điểm").click()
    page.locator(f"#leaf-{a1.pk}").get_by_text("Sửa điểm thẩm định").wait_for()
    assert page.locator("#appraised-count").inner_text() == "1/36"

    page.get_by_role("button", name="Chấp nhận các tiêu chí còn lại").first.click()
    page.get_by_role("button", name="Chấp nhận và hoàn thành").click()
    page.get_by_text("Đã hoàn thành thẩm định phần a").wait_for()
    assert sheet.scores.filter(appraised_at__isnull=False).count() == 9


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_fit_the_screen_and_axe_finds_nothing(one, page_of, width):
    draft = sheet_of(one, 1)
    save(draft, "a1", one.officers[1], "2,5".replace(",", "."))
    sheet = submit(one, 2)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")
    services.explain(score=score_of(sheet, "a1"), text="Vì", actor=one.officers[2], at=NOON)
    places = [
        (one.officers[1], sheet_address(one, draft)),
        (one.appraiser, sheet_address(one, sheet)),
        (one.officers[2], sheet_address(one, sheet)),
        *(
            (one.lead_head, reverse(f"scoring:{name}", args=[one.year.pk]))
            for name in ("scale", "appraisers", "scale_import", "sheet_list", "ranking", "matrix")
        ),
    ]

    for person, place in places:
        page = page_of(person, place, width=width)
        found = Axe().run(page).response["violations"]
        faults = [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]
        assert faults == [], place
        assert page.evaluate("document.documentElement.scrollWidth") == width, place
        page.close()
