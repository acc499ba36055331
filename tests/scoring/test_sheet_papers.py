"""One unit's sheet on paper and as a workbook."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from tests.factories.scoring import accept, decide, save, score_of, sheet_of, submit
from tests.factories.world import NOON
from tests.scoring.test_exports import HOSTILE, pdf_info, pdf_text
from thidua.scoring import services


def get(browser, name, sheet):
    year = sheet.membership.year_id
    return browser.get(reverse(f"scoring:{name}", args=[year, sheet.pk]))


def rows_of(content):
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values)


@pytest.fixture
def officer(one, client_of):
    return client_of(one.officers[1])


def test_a_draft_on_paper_says_that_it_is_not_handed_in(one, officer):
    sheet = sheet_of(one, 1)
    save(sheet, "a1", one.officers[1], base="2", explanation="Đạt hai việc")

    said = pdf_text(get(officer, "sheet_pdf", sheet).content, "-layout")

    assert "BẢNG CHẤM ĐIỂM THI ĐUA" in said
    assert "chưa nộp" in said
    assert "Đạt hai việc" in said
    assert sheet.criteria_set.fingerprint[:16] in said.replace("\n", "")


def test_the_sheet_is_a4_across(one, officer, tmp_path):
    info = pdf_info(get(officer, "sheet_pdf", sheet_of(one, 1)).content, tmp_path)

    assert "841.89 x 595.276 pts (A4)" in info


def test_a_final_sheet_shows_both_sides_the_reason_and_the_place(one, client_of):
    sheet = submit(one, 1)
    given = float(score_of(sheet, "a1").base)
    decide(sheet, "a1", one.appraiser, base="1", reason="Thiếu minh chứng")
    services.finalise_sheet(
        sheet=accept(one, 1, "A", "B"), actor=one.lead_head, at=NOON + timedelta(hours=4)
    )
    officer = client_of(one.officers[1])
    sheet = sheet_of(one, 1)

    rows = rows_of(get(officer, "sheet_xlsx", sheet).content)

    changed = next(row for row in rows if row[0] == "A/a1")
    assert changed[3:5] == (given, 1)
    assert "Thẩm định: Thiếu minh chứng" in changed[5]
    total = next(row for row in rows if row[1] == "Tổng điểm")
    assert (total[3], total[4]) == (float(sheet.self_score), float(sheet.final_score))
    assert any(row[1] == "Hạng" for row in rows)


def test_nobody_takes_the_paper_of_a_sheet_not_theirs_to_see(one, client_of):
    neighbour = client_of(one.officers[2])

    for name in ("sheet_pdf", "sheet_xlsx"):
        assert get(neighbour, name, sheet_of(one, 1)).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_T15_typed_text_stays_text_in_the_workbook_of_a_sheet(one, officer, text):
    sheet = sheet_of(one, 1)
    save(sheet, "a1", one.officers[1], base="2", explanation=text)

    book = openpyxl.load_workbook(io.BytesIO(get(officer, "sheet_xlsx", sheet).content))

    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any(text.strip() in str(cell.value) for cell in cells)
