"""The ranking and the matrix on screen, as workbook, on paper."""

import io
import re
import subprocess
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from tests.factories.scoring import (
    decide,
    finalise,
    issue_table,
    save,
    sheet_of,
    submit,
    wide_table,
)
from tests.factories.world import NOON, make_world
from thidua.rules.scoring import CriterionNode, Table
from thidua.scoring import cells
from thidua.scoring.queries import issued_set, matrix, ranking_seen_by

HOSTILE = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "<b>\"&'"]


def get(browser, name, one):
    return browser.get(reverse(f"scoring:{name}", args=[one.year.pk]))


def pdf_text(content, *options):
    done = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True
    )
    return done.stdout.decode()


def pdf_info(content, tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    return subprocess.run(
        ["pdfinfo", "-f", "1", "-l", "99", str(path)], capture_output=True, check=True, text=True
    ).stdout


@pytest.fixture
def lead(one, client_of):
    return client_of(one.lead_head)


def test_the_ranking_workbook_holds_numbers_and_states(one, lead):
    finalise(one, 2, "A", "B")
    submit(one, 1)

    answer = get(lead, "ranking_xlsx", one)

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[:5] for row in rows[4:7]] == [
        (1, "Thanh tra tỉnh Cường", 10, 10, "Đã chốt"),
        (None, "Thanh tra tỉnh An", None, None, "Đang tự chấm"),
        (None, "Thanh tra tỉnh Bình", None, 10, "Đang thẩm định"),
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="xep-hang-2026.xlsx"'


def test_a_member_exports_no_more_than_it_sees(one, client_of):
    submit(one, 1)
    member = client_of(one.officers[2])

    ranking = openpyxl.load_workbook(io.BytesIO(get(member, "ranking_xlsx", one).content)).active
    matrix_sheet = openpyxl.load_workbook(
        io.BytesIO(get(member, "matrix_xlsx", one).content)
    ).active

    assert [row[1:4] for row in ranking.iter_rows(min_row=5, max_row=7, values_only=True)] == [
        ("Thanh tra tỉnh An", None, None),
        ("Thanh tra tỉnh Bình", None, None),
        ("Thanh tra tỉnh Cường", None, None),
    ]
    assert "Bình" not in [cell.value for cell in matrix_sheet[4]]
    assert "Bình" in pdf_text(get(member, "matrix_pdf", one).content)
    assert "10" not in pdf_text(get(member, "ranking_pdf", one).content).split()


def test_the_matrix_workbook_holds_each_unit_and_the_total(one, lead):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một")

    rows = list(
        openpyxl.load_workbook(io.BytesIO(get(lead, "matrix_xlsx", one).content)).active.values
    )

    assert rows[3] == ("Mã đầy đủ", "Tiêu chí", "Điểm chuẩn", "Bình")
    assert rows[4:9] == [
        ("A/a1", "Thanh tra", 3, 3),
        ("A/a2", "Tiếp dân", 4, 4),
        ("B/b1", "Viết bài", 3, 3),
        ("B/b2", "Sáng kiến", None, 0),
        (None, "Tổng điểm", None, 10),
    ]


def hostile_table():
    return Table(
        title="=HYPERLINK(1)",
        scale=Decimal(len(HOSTILE)),
        nodes=tuple(
            CriterionNode(code=f"={place}", title=text.strip(), maximum=Decimal(1))
            for place, text in enumerate(HOSTILE)
        ),
    )


def test_T15_no_text_of_an_export_is_a_formula(client_of, world):
    one = world.one
    organisation = one.memberships[1].organisation
    organisation.full_name = organisation.short_name = "=2+2"
    organisation.save()
    issue_table(one, hostile_table())
    submit(one, 1)
    lead = client_of(one.lead_head)

    for name in ("ranking_xlsx", "matrix_xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(get(lead, name, one).content))
        values = [cell for row in book.active.iter_rows() for cell in row]
        assert not [cell.coordinate for cell in values if cell.data_type == "f"]
        assert any(cell.value == "=2+2" and cell.data_type == "s" for cell in values)
    scale = lead.get(reverse("scoring:scale_xlsx", args=[one.year.pk, 1]))
    for page in openpyxl.load_workbook(io.BytesIO(scale.content)):
        assert not [c.coordinate for row in page.iter_rows() for c in row if c.data_type == "f"]


def test_the_ranking_paper_is_a4_and_says_what_it_is(one, lead, tmp_path):
    finalise(one, 2, "A", "B")

    content = get(lead, "ranking_pdf", one).content

    assert "595.276 x 841.89 pts (A4)" in pdf_info(content, tmp_path)
    text = " ".join(pdf_text(content, "-layout").split())
    assert "BẢNG XẾP HẠNG THI ĐUA" in text
    assert "1/3 đơn vị đã chốt điểm" in text
    assert "1 Thanh tra tỉnh Cường 10 10 Đã chốt" in text
    assert "CỤM TRƯỞNG" in text
    assert issued_set(one.year).fingerprint[:20] in text.replace(" ", "")


def test_the_matrix_paper_of_many_units_fits_a4_in_panels(client_of, tmp_path, db):
    world = make_world(9)
    one = world.one
    issue_table(one, wide_table(60))
    standings = ranking_seen_by(one.lead_head, one.year)
    for member in range(9):
        submit(one, member)
    lead = client_of(one.lead_head)

    content = get(lead, "matrix_pdf", one).content

    info = pdf_info(content, tmp_path)
    sizes = set(re.findall(r"Page +\d+ size: +(.*)", info))
    assert sizes == {"841.89 x 595.276 pts (A4)"}
    text = pdf_text(content)
    for standing in standings:
        assert standing.sheet.membership.organisation.short_name in text
    assert "TỔNG HỢP ĐIỂM THI ĐUA THEO TIÊU CHÍ" in text
    assert "Tổng điểm" in text


def test_nothing_to_export_leads_back_to_the_ranking(world, client_of):
    lead = client_of(world.one.lead_head)

    for name in ("ranking_xlsx", "ranking_pdf", "matrix_xlsx", "matrix_pdf"):
        assert get(lead, name, world.one).url == reverse(
            "scoring:ranking", args=[world.one.year.pk]
        )
    assert "Chưa có điểm theo tiêu chí" in get(lead, "matrix", world.one).content.decode()


def test_the_matrix_shows_points_of_who_handed_in_and_the_state_of_the_rest(one, lead):
    finalise(one, 2, "A", "B")
    save(sheet_of(one, 0), "a1", one.officers[0], "2.75")

    body = get(lead, "matrix", one).content.decode()

    rows = re.search(r"<tbody>(.*)</tbody>", body, re.S)[1].split("<tr>")[1:]
    assert [re.sub(r"(<[^>]+>)+", "|", row).strip("|") for row in rows] == [
        "Cường|1|10|3|4|3|0",
        "An|—|—|Đang tự chấm",
        "Bình|—|—|Đang tự chấm",
    ]
    assert "2,75" not in body


def test_T12_the_cells_of_the_matrix_escape_what_people_wrote(world):
    one = world.one
    hostile = '<script>"&'
    organisation = one.memberships[1].organisation
    organisation.short_name = hostile
    organisation.save()
    issue_table(
        one,
        Table(
            title="x",
            scale=Decimal(1),
            nodes=(
                CriterionNode(
                    code="<g>",
                    title=hostile,
                    children=(CriterionNode(code="<i>", title=hostile, maximum=Decimal(1)),),
                ),
            ),
        ),
    )
    standings = ranking_seen_by(one.lead_head, one.year)
    found = matrix(one.year, [each.sheet for each in standings])
    addresses = {each.sheet.pk: f'/x/"{NOON:%H}' for each in standings}

    html = cells.matrix_head(found) + cells.matrix_body(found, standings, addresses)

    for raw in ("<script>", "<g>", "<i>", '/x/"'):
        assert raw not in html
    assert html.count("&lt;script&gt;&quot;&amp;") == 3
