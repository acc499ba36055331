"""The whole report as a paper: what it says, and what can be read in the PDF."""

import io
import re
from itertools import pairwise

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from tests.movements.browser import Browser
from tests.reporting.made import MARCH, fill, save, start, submit
from thidua.documents.whole_report import report_pdf
from thidua.reporting import services
from thidua.reporting.documents.report import report_document, size_in_words, spans_of
from thidua.reporting.models import NarrativeSection, Report
from thidua.reporting.queries.narratives import attachments_of, narrative_of
from thidua.reporting.views.report_fetching import seen_of
from thidua.rules.reporting import Shape, edition


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(MARCH, tick=False):
        yield


@pytest.fixture
def one(world, files_dir):
    return world.one


def document(report, **how):
    report = Report.objects.select_related(
        "membership__organisation", "membership__year__cluster__superior", "period__year"
    ).get(pk=report.pk)
    seen = seen_of(report)
    return report_document(
        report, seen.contents, seen.said, narrative_of(report), attachments_of(report), **how
    )


def text_of(pdf: bytes) -> list[str]:
    """What each page says; the reader marks gaps of the face with characters without width."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return [" ".join(page.replace("\u200b", "").split()) for page in pages]


def test_the_paper_holds_header_narrative_files_forms_and_signer(one):
    report = start(one)
    services.attach_file(
        report=report,
        outline="mau01",
        section="ket-luan",
        data=b"%PDF-1.7 danh muc",
        name="Danh mục.pdf",
        note="Danh mục kết luận",
        actor=one.officers[1],
        at=MARCH,
    )
    fill(one, report)
    save(one, report, "ttr1", c3="2", c4="2", c6="1", c7="1", c12="1234567,5", c16="hơn 200")
    services.submit_report(report=report, actor=one.heads[1], at=MARCH)

    answer = Browser(one.officers[1]).get(
        reverse("reports:paper_pdf", args=[one.year.pk, report.pk])
    )

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="bao-cao-quy-i-2026-cua-binh.pdf"'
    )
    pages = text_of(answer.content)
    whole = " ".join(pages)
    assert pages[0].startswith("THANH TRA TỈNH BÌNH")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert "Bình, ngày 16 tháng 3 năm 2026" in pages[0]
    assert "CHƯA NỘP" not in whole
    assert "A. CÔNG TÁC THANH TRA" in whole
    assert "2. Kết luận thanh tra" in whole
    assert "Danh mục.pdf" in whole
    assert report.narrative_attachments.get().file.sha256 in whole
    assert "CHÁNH THANH TRA" in whole
    assert "Trưởng Bình" in whole
    for template in edition(report.edition).templates:
        assert f"Biểu số: {template.code}" in whole
    first = next(page for page in pages if "Biểu số: 01/TTr" in page)
    assert "1.234.567,5" in first
    assert "hơn 200" in first
    assert "số chưa chính xác" in first
    assert "Không có nội dung nào." in pages[-1]


def test_pages_are_a4_and_wide_forms_lie_across(one):
    report = submit(one)

    sheets = PdfReader(io.BytesIO(report_pdf(document(report)))).pages

    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in sheets]
    assert set(sizes) == {(595, 842), (842, 595)}
    assert sizes[0] == (595, 842)


def test_a_draft_says_so_and_names_nobody_as_signer(one):
    report = start(one)

    paper = document(report)

    assert paper.state == "BẢN ĐANG LÀM, CHƯA NỘP"
    assert paper.signer is not None
    assert (paper.signer.post, paper.signer.full_name) == ("Chánh Thanh tra", "")
    assert paper.header.dated is None
    sections = paper.parts[0].sections
    assert [each.missing for each in sections if each.heading == "Nguyên nhân"] == [
        "Chưa có nội dung."
    ]
    assert "“…”: chưa có số liệu; 0: không phát sinh." in paper.annexes[0].notes
    assert paper.annexes[-1].grids[0].rows[0].cells == ("Chưa kê khai.",)


def test_words_of_explanation_stand_where_they_belong(one):
    report = start(one)
    fill(one, report)
    NarrativeSection.objects.filter(section_key="ket-luan").delete()
    save(one, report, "ttr3", c1="")
    for check in ("mau01/chua-viet", "ttr3/chua-co-so-lieu"):
        services.explain_finding(
            report=report, check=check, text=f"Vì {check}", actor=one.officers[1], at=MARCH
        )

    paper = document(report)

    assert paper.parts[0].note == "Mục chưa có nội dung: Vì mau01/chua-viet"
    assert paper.parts[1].note == ""
    third = next(each for each in paper.annexes if each.code == "03/TTr")
    assert third.notes[-1].startswith("Giải trình: Vì ttr3/chua-co-so-lieu (")


def test_signed_by_authority_the_paper_is_of_the_body_above(one):
    report = submit(one)
    organisation = report.membership.organisation
    organisation.governing_body = "Ủy ban nhân dân tỉnh Bình"
    organisation.save()

    own, authority = document(report), document(report, by_authority=True)

    assert (own.header.parent, own.header.issuer) == (
        "Ủy ban nhân dân tỉnh Bình",
        "Thanh tra tỉnh Bình",
    )
    assert (authority.header.parent, authority.header.issuer) == ("", "Ủy ban nhân dân tỉnh Bình")
    assert authority.signer is not None
    assert authority.signer.organisation == "TUQ. Chủ tịch"
    assert "TUQ. CHỦ TỊCH" in " ".join(text_of(report_pdf(authority)))


def test_a_quarter_without_narrative_is_a_paper_of_forms(one):
    report = start(one, code="q2")

    paper = document(report)

    assert paper.parts == ()
    assert "chỉ gồm các biểu số liệu" in paper.lead
    assert len(paper.annexes) == 12
    assert paper.subject.endswith("quý II năm 2026")


def test_a_word_longer_than_a_line_stays_on_the_paper(one):
    report = start(one)
    services.save_section(
        report=report,
        outline="mau01",
        section="boi-canh",
        text="a" * 400 + "\n#let x = 1 \\ $ * _ <nhãn> @ai [ngoặc]",
        seen=0,
        actor=one.officers[1],
        at=MARCH,
    )

    shown = text_of(report_pdf(document(report)))

    assert "#let x = 1 \\ $ * _ <nhãn> @ai [ngoặc]" in " ".join(shown)
    assert len(re.findall("a", shown[0])) >= 400


@pytest.mark.parametrize(
    "template",
    [each for each in edition("TT06-2025").templates if each.shape == Shape.COLUMNS],
    ids=lambda each: each.key,
)
def test_every_column_of_a_wide_form_is_printed_once(template):
    spans = spans_of(template.indicators)

    assert spans[0][0] == 0
    assert spans[-1][1] == len(template.indicators)
    assert all(left[1] == right[0] for left, right in pairwise(spans))
    assert all(stop - start <= 13 for start, stop in spans)


@pytest.mark.parametrize(("size", "told"), [(12, "1 KB"), (2048, "2 KB"), (1_572_864, "1,5 MB")])
def test_sizes_are_told_as_people_read_them(size, told):
    assert size_in_words(size) == told


def test_a_neighbour_gets_no_paper(world, one):
    report = submit(one)
    place = reverse("reports:paper_pdf", args=[one.year.pk, report.pk])

    assert Browser(one.officers[2]).get(place).status_code == 404
    assert Browser(world.superior).get(place).status_code == 200
