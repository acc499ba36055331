"""Own forms in a real browser: written as a table, issued by another person, filled in by a unit."""

import os
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.factories.world import make_world
from tests.reporting.made import MARCH, open_periods
from thidua.reporting.models import OwnForms

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("OWN_FORMS_SHOTS", "")


@pytest.fixture
def one(live_server: Any) -> Any:
    with time_machine.travel(MARCH, tick=True):
        yield make_world().one


def url(name: str, one: Any, *args: Any) -> str:
    return reverse(f"reports:{name}", args=[one.year.pk, *args])


def sound(page: Any, name: str, width: int) -> None:
    """No fault for people who see or move otherwise, nothing wider than the screen."""
    # A page half way to the next has nothing to look at.
    page.wait_for_load_state()
    page.locator("main#content").wait_for()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


def row(page: Any, number: int, **texts: str) -> None:
    for field, text in texts.items():
        cell = page.locator(f"[name=i-{number}-{field}]")
        if field in {"kind", "behaviour"}:
            cell.select_option(text)
        else:
            cell.fill(text)


@pytest.mark.parametrize("width", [1366, 360])
def test_a_form_is_written_issued_and_asked_of_a_unit(one, page_of, width):
    open_periods(one)
    page = page_of(one.lead_officer, url("own_forms", one), width)
    sound(page, "1-none", width)
    page.get_by_role("button", name="Soạn biểu mẫu riêng").click()
    page.get_by_role("link", name="Thêm biểu").click()
    page.get_by_label("Mã biểu").fill("01/GƯ")
    page.get_by_label("Tên biểu").fill("Kết quả thực hiện giao ước")
    row(page, 1, code="1", heading="Kiến nghị > Phải thực hiện", measure="kiến nghị")
    row(page, 1, behaviour="Tổng có tồn", outflow="2")
    row(page, 2, code="2", heading="Kiến nghị > Đã thực hiện", measure="")
    row(page, 3, code="3", heading="Sáng kiến", measure="sáng kiến", total="9")
    page.get_by_role("button", name="Thêm chỉ tiêu").click()
    row(page, 4, code="4", heading="Đã tổ chức hội nghị", kind="Có/Không", behaviour="")
    page.get_by_label("Nên đúng").fill("2 <= 1 | Đã làm không quá phải làm.")
    page.get_by_role("button", name="Lưu biểu").first.click()
    page.get_by_text("Chưa lưu: 1 chỗ phải sửa").wait_for()
    sound(page, "2-wrong", width)
    row(page, 2, measure="kiến nghị")
    page.get_by_role("button", name="Lưu biểu").first.click()
    page.get_by_role(
        "link", name="Biểu “01/GƯ”, chỉ tiêu “3”, cách tính: không có cột “9”."
    ).click()
    row(page, 3, total="")
    page.get_by_role("button", name="Chuyển lên: 3").click()
    page.get_by_role("button", name="Lưu biểu").first.click()
    page.get_by_text("Đã lưu biểu 01/GƯ trong dự thảo.").wait_for()
    sound(page, "3-draft", width)
    page.get_by_role("link", name="Sửa biểu 01/GƯ").click()
    sound(page, "4-edit", width)
    page.goto(url("own_forms_checks", one))
    sound(page, "5-checks", width)
    page.goto(url("own_forms_upload", one))
    sound(page, "6-upload", width)

    page = page_of(one.lead_head, url("own_forms", one), width)
    page.get_by_role("button", name="Ban hành phiên bản 1").click()
    sound(page, "7-issue", width)
    page.get_by_role("button", name="Ban hành", exact=True).click()
    page.get_by_text("Đã ban hành biểu mẫu riêng.").wait_for()
    codes = [each["code"] for each in OwnForms.objects.get().data["templates"][0]["indicators"]]
    assert codes == ["1", "3", "2", "4"]

    page = page_of(one.officers[1], url("own_forms", one), width)
    sound(page, "8-issued", width)
    page.get_by_role("link", name="01/GƯ").click()
    sound(page, "9-form", width)
    page.goto(url("list", one))
    page.get_by_role("button", name="Làm báo cáo Quý I", exact=True).click()
    page.get_by_role("link", name="01/GƯ").click()
    # The script that saves as one types comes with the page.
    page.wait_for_load_state()
    page.locator("#c-rieng-01-gu-kien-nghi-da-thuc-hien").fill("5")
    page.keyboard.press("Tab")
    page.locator("#save-state").get_by_text("Đã lưu").wait_for()
    sound(page, "10-fill", width)
