"""An official letter read back: PDF by pypdf, DOCX by python-docx (Nghị định 30/2020/NĐ-CP)."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from docx import Document
from docx.shared import Mm, Pt
from pypdf import PdfReader

from tests.documents.test_rendering import A4, fonts_of, page_sizes, text_of
from tests.factories.world import HANOI
from thidua.documents.content import Align, Column, Header, Panel, Row, SignatureBlock
from thidua.documents.letters import LetterDocument, letter_docx, letter_pdf

MADE = datetime(2026, 3, 23, 9, 0, tzinfo=HANOI)


def letter(units=2, **changed) -> LetterDocument:
    names = tuple(f"Thanh tra tỉnh {each}" for each in ("Bình", "Cường", "Đức", "Ân")[:units])
    content = LetterDocument(
        header=Header(
            parent="Ủy ban nhân dân tỉnh An",
            issuer="Thanh tra tỉnh An",
            number="/TTr-",
            place="An",
            year=2026,
        ),
        subject="đôn đốc nộp báo cáo quý I năm 2026",
        addressees=names,
        opening=("Thực hiện Thông tư 06/2025/TT-TTCP, Điều 7.", "Các đơn vị sau chưa nộp báo cáo:"),
        table=Panel(
            columns=(
                Column(title="TT", width=1, align=Align.CENTRE),
                Column(title="Đơn vị", width=5),
                Column(title="Chậm từ ngày", width=3, align=Align.CENTRE),
            ),
            rows=tuple(
                Row(cells=(str(place), name, "21/03/2026")) for place, name in enumerate(names, 1)
            ),
        ),
        closing=("Đề nghị các đơn vị nộp báo cáo.", "Trân trọng."),
        signer=SignatureBlock(organisation="", post="Chánh Thanh tra", full_name="Trưởng An"),
        recipients=("Như trên", "Lưu: VT, …"),
        made_at=MADE,
    )
    return replace(content, **changed)


def opened(content):
    return Document(io.BytesIO(letter_docx(content)))


def all_text(word):
    """Everything a reader sees, tables in their place."""
    lines = []
    for block in word.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [
                each.text for row in block.rows for cell in row.cells for each in cell.paragraphs
            ]
        else:
            lines.append(block.text)
    return [" ".join(line.split()) for line in lines if line.strip()]


def test_the_pdf_holds_every_part_of_the_model_form():
    pdf = letter_pdf(letter())

    whole = " ".join(text_of(pdf))

    for part in (
        "ỦY BAN NHÂN DÂN TỈNH AN",
        "THANH TRA TỈNH AN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: /TTr-",
        "An, ngày tháng năm 2026",
        "V/v đôn đốc nộp báo cáo quý I năm 2026",
        "Kính gửi: - Thanh tra tỉnh Bình; - Thanh tra tỉnh Cường.",
        "Chậm từ ngày",
        "Trân trọng./.",
        "- Như trên;",
        "- Lưu: VT, ….",
        "CHÁNH THANH TRA",
        "Trưởng An",
    ):
        assert part in whole, part
    assert page_sizes(pdf) == {A4}
    assert {each.partition("-")[0] for each in fonts_of(pdf)} == {"Tinos"}
    assert letter_pdf(letter()) == pdf


def test_one_addressee_stands_on_the_line_itself_in_both_files():
    one = letter(units=1)

    assert "Kính gửi: Thanh tra tỉnh Bình" in " ".join(text_of(letter_pdf(one)))
    assert "Kính gửi: Thanh tra tỉnh Bình" in all_text(opened(one))


def test_a_long_table_repeats_its_head_and_pages_are_numbered_from_two():
    rows = tuple(
        Row(cells=(str(each), f"Thanh tra tỉnh số {each}", "21/03/2026")) for each in range(1, 60)
    )
    content = letter(table=replace(letter().table, rows=rows))

    pages = text_of(letter_pdf(content))

    assert len(pages) >= 2
    assert all("Chậm từ ngày" in page for page in pages[:2])
    assert pages[1].startswith("2 ")
    assert not pages[0].startswith("1 ")


def test_the_docx_says_what_the_pdf_says():
    lines = all_text(opened(letter()))

    assert lines == [
        "ỦY BAN NHÂN DÂN TỈNH AN",
        "THANH TRA TỈNH AN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: /TTr-",
        "An, ngày tháng năm 2026",
        "V/v đôn đốc nộp báo cáo quý I năm 2026",
        "Kính gửi:",
        "- Thanh tra tỉnh Bình;",
        "- Thanh tra tỉnh Cường.",
        "Thực hiện Thông tư 06/2025/TT-TTCP, Điều 7.",
        "Các đơn vị sau chưa nộp báo cáo:",
        "TT",
        "Đơn vị",
        "Chậm từ ngày",
        "1",
        "Thanh tra tỉnh Bình",
        "21/03/2026",
        "2",
        "Thanh tra tỉnh Cường",
        "21/03/2026",
        "Đề nghị các đơn vị nộp báo cáo.",
        "Trân trọng./.",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT, ….",
        "CHÁNH THANH TRA",
        "Trưởng An",
    ]


def test_the_docx_keeps_page_margins_face_and_sizes_of_the_decree():
    word = opened(letter())
    section, sizes = word.sections[0], {}
    for table in word.tables:
        for row in table.rows:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    for run in paragraph.runs:
                        sizes[run.text] = (run.font.size, bool(run.bold), bool(run.italic))
    body = next(each for each in word.paragraphs if each.text.startswith("Thực hiện"))

    def mm(length):
        return round(length / Mm(1))

    assert [mm(section.page_width), mm(section.page_height)] == [210, 297]
    assert [mm(section.left_margin), mm(section.right_margin)] == [30, 20]
    assert [mm(section.top_margin), mm(section.bottom_margin)] == [20, 20]
    assert section.different_first_page_header_footer
    assert word.styles["Normal"].font.name == "Times New Roman"
    assert (body.runs[0].font.size, round(body.paragraph_format.first_line_indent / Mm(1), 1)) == (
        Pt(14),
        12.7,
    )
    assert sizes["ỦY BAN NHÂN DÂN TỈNH AN"] == (Pt(12), False, False)
    assert sizes["THANH TRA TỈNH AN"] == (Pt(12), True, False)
    assert sizes["Độc lập - Tự do - Hạnh phúc"] == (Pt(13), True, False)
    assert sizes["Nơi nhận:"] == (Pt(12), True, True)
    assert sizes["- Như trên;"] == (Pt(11), False, False)
    assert sizes["Trưởng An"] == (Pt(13), True, False)


def test_the_docx_has_no_foreign_part_and_no_stray_name():
    data = letter_docx(letter())

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not [name for name in parts.namelist() if "vba" in name.lower()]
    about = Document(io.BytesIO(data)).core_properties
    assert (about.author, about.comments) == ("Thanh tra tỉnh An", "")


def test_signs_that_no_file_may_hold_are_left_out():
    dirty = letter(addressees=("Thanh tra\x00 tỉnh\x0b Bình",))

    assert "Kính gửi: Thanh tra tỉnh Bình" in all_text(opened(dirty))


@pytest.mark.parametrize("demo", [True, False])
def test_a_demonstration_is_marked_in_both_files(demo):
    content = letter(demo=demo)

    word = opened(content)

    assert ("minh hoạ" in " ".join(text_of(letter_pdf(content)))) is demo
    assert ("minh hoạ" in word.sections[0].first_page_footer.paragraphs[0].text) is demo


def test_a_given_number_is_printed_as_it_is():
    content = letter(header=replace(letter().header, number="05/TTr-VP"))

    assert "Số: 05/TTr-VP" in " ".join(text_of(letter_pdf(content)))
    assert len(PdfReader(io.BytesIO(letter_pdf(content))).pages) == 1
