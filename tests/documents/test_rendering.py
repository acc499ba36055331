"""Papers in the layout of Nghị định 30/2020/NĐ-CP, read back from the finished file."""

import io
import itertools
import shutil
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from tests.documents.corpus import VIETNAM
from tests.documents.papers import matrix, pact, ranking
from thidua.documents import rendering
from thidua.documents.content import Align, Column, Panel, Row, Stamp, field_name_for, split_columns
from thidua.documents.rendering import (
    TEMPLATES,
    dated_line,
    pact_pdf,
    query,
    shorten,
    stamp_pdf,
    table_pdf,
)

A4 = (595, 842)
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
# 12 vowels in 6 tones and đ, small and capital, with a, e, i, o, u, y themselves already in Latin.
VIETNAMESE = {
    form(unicodedata.normalize("NFC", vowel + tone))
    for vowel in "aăâeêioôơuưy"
    for tone in TONES
    for form in (str.lower, str.upper)
} - set("aeiouyAEIOUY") | set("đĐ")


def text_of(pdf):
    return [
        " ".join(unicodedata.normalize("NFC", page.extract_text()).split())
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]


def page_sizes(pdf):
    return {
        tuple(round(float(side)) for side in page.mediabox[2:])
        for page in PdfReader(io.BytesIO(pdf)).pages
    }


def fonts_of(pdf):
    return {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }


@pytest.mark.parametrize("face", ["Regular", "Bold", "Italic", "BoldItalic"])
def test_face_holds_all_134_vietnamese_letters_and_office_punctuation(face):
    held = TTFont(TEMPLATES / "fonts" / f"Tinos-{face}.ttf").getBestCmap()

    assert len(VIETNAMESE) == 134
    assert {letter for letter in VIETNAMESE if ord(letter) not in held} == set()
    assert {sign for sign in "–—“”‘’…≤≥×−₫→°%§№" if ord(sign) not in held} == set()


@pytest.mark.parametrize("members", [2, 9, 34])
def test_pact_has_one_box_per_member_inside_the_page_apart_from_the_others(members):
    boxes = pact_pdf(pact(members)).boxes

    assert [box.field_name for box in boxes] == [field_name_for(n + 1) for n in range(members)]
    assert all(
        box.x >= 85 and box.x + box.width <= A4[0] - 56 and 70 <= box.y <= A4[1] - 56 - box.height
        for box in boxes
    )
    assert not [
        (one.field_name, other.field_name)
        for one, other in itertools.combinations(boxes, 2)
        if one.page == other.page
        and abs(one.x - other.x) < one.width
        and abs(one.y - other.y) < one.height
    ]


def test_pact_says_what_its_content_says():
    content = pact()

    whole = " ".join(text_of(pact_pdf(content).pdf))

    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "THANH TRA CHÍNH PHỦ",
        "CỤM THI ĐUA SỐ 3",
        "Số: 05/GƯ-CTĐ",
        "Hải Phòng, ngày 05 tháng 02 năm 2026",
        "GIAO ƯỚC THI ĐUA",
        f"“{content.theme}”",
        f"{content.grounds[0]};",
        f"{content.grounds[1]}.",
        "82,5",
        "kết quả thực hiện./.",
        "Nơi nhận:",
        "- Lưu: VT, CTĐ.",
    ):
        assert part in whole
    for person in content.signatories:
        assert person.full_name in whole
        assert person.organisation.upper() in whole.replace("\u00a0", " ")


def test_pact_pages_are_a4_in_tinos_with_qr_and_numbers_from_page_two():
    pdf = pact_pdf(pact(34)).pdf

    pages = text_of(pdf)

    assert page_sizes(pdf) == {A4}
    assert fonts_of(pdf) == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert not pages[0].startswith("1 ")
    assert [page.startswith(f"{number} ") for number, page in enumerate(pages, 1)][1:] == [True] * (
        len(pages) - 1
    )
    assert all("Quét mã để kiểm tra văn bản" in page for page in pages)
    assert all("9f86 d081 884c 7d65" in page for page in pages)


def test_qr_code_is_drawn_on_every_page():
    with_code = PdfReader(io.BytesIO(table_pdf(matrix(34, 20)))).pages
    without = PdfReader(io.BytesIO(table_pdf(replace(matrix(34, 20), verification_url="")))).pages

    def dashes(page):
        return sum(operator == b"m" for _, operator in page.get_contents().operations)

    assert len(with_code) == len(without) == 2
    # A code of 29 × 29 squares takes some three hundred dashes.
    assert [
        dashes(one) - dashes(other) > 250 for one, other in zip(with_code, without, strict=True)
    ] == [True, True]


@pytest.mark.parametrize("demo", [True, False])
def test_demonstration_is_marked_on_every_page(demo):
    pages = text_of(pact_pdf(pact(9, demo=demo)).pdf)

    assert [("Văn bản minh hoạ – chứng thư dùng thử" in page) for page in pages] == [demo] * len(
        pages
    )


def test_equal_content_gives_equal_bytes_also_in_threads():
    with ThreadPoolExecutor(max_workers=4) as pool:
        files = set(pool.map(lambda _: pact_pdf(pact()).pdf, range(12)))

    assert len(files) == 1


def test_signature_boxes_are_found_by_query():
    data = {"pact": rendering._pact_data(pact(3))}

    found = query("pact.typ", data, "<signature-box>")

    assert [place["field_name"] for place in found] == ["don-vi-01", "don-vi-02", "don-vi-03"]


def test_matrix_of_34_by_20_fits_a4_and_repeats_its_head():
    pdf = table_pdf(matrix(34, 20))

    pages = text_of(pdf)

    assert page_sizes(pdf) == {(842, 595)}
    assert all("Đơn vị" in page and "3.4" in page for page in pages)
    assert fonts_of(pdf) <= {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}


def test_matrix_of_176_criteria_is_split_into_panels_that_name_the_units():
    content = matrix(34, 176)

    pages = text_of(table_pdf(content))

    whole = " ".join(pages)
    assert len(content.panels) == 11
    assert all(f"Phần {number}/11" in whole for number in range(1, 12))
    assert whole.count("Thanh tra tỉnh Quảng Ninh") >= 11 * 3


def test_ranking_shows_groups_totals_and_signer():
    whole = " ".join(text_of(table_pdf(ranking())))

    for part in ("I. Cờ thi đua của Chính phủ", "98,75", "Bình quân", "TM. CỤM THI ĐUA"):
        assert part in whole
    assert "tháng năm 2026" in whole


def test_split_columns_keeps_spanning_heads_whole():
    columns = [
        Column(title="Đơn vị"),
        *(Column(title=str(n), group="A" if n < 6 else "B") for n in range(12)),
    ]
    rows = [Row(cells=("X", *(str(n) for n in range(12))))]

    panels = split_columns(columns, rows, fixed=1, per_panel=8)

    assert [[column.title for column in panel.columns] for panel in panels] == [
        ["Đơn vị", "0", "1", "2", "3", "4", "5"],
        ["Đơn vị", "6", "7", "8", "9", "10", "11"],
    ]
    assert [panel.rows[0].cells for panel in panels] == [
        ("X", "0", "1", "2", "3", "4", "5"),
        ("X", "6", "7", "8", "9", "10", "11"),
    ]


def test_panel_with_a_missing_cell_is_a_fault():
    with pytest.raises(ValueError, match="one cell per column"):
        Panel(columns=(Column(title="A", align=Align.RIGHT),), rows=(Row(cells=("1", "2")),))


@pytest.mark.parametrize(
    ("dated", "line"),
    [
        (date(2026, 1, 5), "Hà Nội, ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "Hà Nội, ngày 28 tháng 02 năm 2026"),
        (date(2020, 3, 5), "Hà Nội, ngày 05 tháng 3 năm 2020"),
        (date(2026, 12, 31), "Hà Nội, ngày 31 tháng 12 năm 2026"),
    ],
)
def test_dated_line_has_leading_zeros_only_where_the_decree_asks(dated, line):
    assert dated_line("Hà Nội", dated) == line


def test_dated_line_leaves_room_for_the_hand():
    assert " ".join(dated_line("Hà Nội", None, 2026).split()) == "Hà Nội, ngày tháng năm 2026"


def test_shorten_groups_the_head_of_a_fingerprint():
    assert shorten("9f86d081884c7d659a2feaa0") == "9f86 d081 884c 7d65"


def test_stamp_is_as_large_as_its_box_and_names_the_signer():
    pdf = stamp_pdf(
        Stamp(
            organisation="Thanh tra thành phố Hồ Chí Minh",
            signer="Nguyễn Thị Hương Giang",
            signed_at=datetime(2026, 2, 5, 9, 30, tzinfo=VIETNAM),
            width=136,
            height=71,
            demo=True,
        )
    )

    [told] = text_of(pdf)

    assert page_sizes(pdf) == {(136, 71)}
    assert told == (
        "Ký số bởi: Nguyễn Thị Hương Giang Cơ quan: Thanh tra thành phố Hồ Chí Minh "
        "Thời gian ký: 2026-02-05T09:30:00+07:00 CHỨNG THƯ DÙNG THỬ"
    )


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="apt-get install poppler-utils")
def test_all_fonts_are_embedded(tmp_path):
    path = tmp_path / "pact.pdf"
    path.write_bytes(pact_pdf(pact()).pdf)

    told = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)

    lines = told.stdout.splitlines()[2:]
    assert len(lines) == 4
    assert all("Tinos" in line and " yes yes yes " in line for line in lines)


def test_a_word_without_blanks_stays_on_the_paper_and_a_fingerprint_stays_whole():
    word, fingerprint = "W" * 300, "0123456789abcdef" * 4
    paper = pact_pdf(replace(pact(3), opening=f"{word} {fingerprint}")).pdf

    lines = PdfReader(io.BytesIO(paper)).pages[0].extract_text().splitlines()

    # 453 points of line hold 34 of the widest letter.
    assert max(line.count("W") for line in lines) <= 34
    assert sum(line.count("W") for line in lines) >= 300
    assert any(fingerprint in line for line in lines)
