"""An official letter as DOCX, to be finished by hand in a word processor.

Sizes and styles: Nghị định 30/2020/NĐ-CP, Phụ lục I; the same content as the PDF.
"""

import io
from collections.abc import Iterable
from typing import Any
from unicodedata import category

from docx import Document
from docx.document import Document as Word
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from thidua.documents.content import Align, Panel
from thidua.documents.letters.content import (
    LetterDocument,
    body_end,
    listed,
    number_line,
    place_line,
    subject_line,
)

FACE = "Times New Roman"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DEMO = "Văn bản minh hoạ – dữ liệu dùng thử"
TEXT_WIDTH = Mm(160)
LEFT, RIGHT = Mm(66), Mm(94)
# The motto in bold 13 pt, measured; a capital of bold 12 pt takes about so much.
MOTTO_WIDTH, CAPITAL = Mm(57), Mm(2.95)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
SIDES = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}


def letter_docx(document: LetterDocument) -> bytes:
    """The letter as a DOCX file, A4."""
    word = Document()
    _page(word)
    _properties(word, document)
    _heading(word, document)
    _addressed(word, document.addressees)
    for part in document.opening:
        _body(word, part)
    if document.table:
        _table(word, document.table)
    for part in body_end(document.closing):
        _body(word, part)
    _closing(word, document)
    if document.demo:
        _written(word.sections[0].first_page_footer.paragraphs[0], DEMO, size=9, bold=True)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _page(word: Word) -> None:
    """A4, margins of the decree, one face; the page number inside the top margin, not on page 1."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = FACE, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FACE)
    _spaced(normal.paragraph_format)
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _field(number, "PAGE")


def _properties(word: Word, document: LetterDocument) -> None:
    about = word.core_properties
    about.title, about.author = plain(document.subject), plain(document.header.issuer)
    about.comments, about.language = "", "vi-VN"
    about.created = about.modified = document.made_at.replace(tzinfo=None)


def _heading(word: Word, document: LetterDocument) -> None:
    header = document.header
    table = _columns(word, 3)
    left, right = table.rows[0].cells
    _cell(left, [(header.parent.upper(), {"size": 12})] if header.parent else [])
    _line(left, header.issuer.upper(), size=12, bold=True)
    issuer = min(int(CAPITAL * len(header.issuer)), int(LEFT) - int(Mm(6)))
    _rule(left, LEFT, Length(int(issuer * 0.4)))
    _cell(right, [(NATION, {"size": 12, "bold": True}), (MOTTO, {"size": 13, "bold": True})])
    _rule(right, RIGHT, MOTTO_WIDTH)
    left, right = table.rows[1].cells
    _cell(left, [(number_line(header), {"size": 13})])
    _cell(right, [(place_line(header), {"size": 13, "italic": True})])
    left, _ = table.rows[2].cells
    _cell(left, [(subject_line(document), {"size": 12})])
    left.paragraphs[0].paragraph_format.space_before = Pt(6)
    word.add_paragraph()


def _addressed(word: Word, addressees: tuple[str, ...]) -> None:
    """Kính gửi: one on the line itself, several under the colon."""
    if len(addressees) == 1:
        _indented(word, f"Kính gửi: {addressees[0]}", Mm(18))
    else:
        _indented(word, "Kính gửi:", Mm(18))
        for each in listed(addressees):
            _indented(word, f"- {each}", Mm(40))
    word.add_paragraph()


def _indented(word: Word, text: str, indent: Length) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.left_indent = indent
    _written(paragraph, text)


def _body(word: Word, text: str) -> None:
    """A paragraph of the body: justified, first line 1.27 cm in, 6 pt apart."""
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    paragraph.paragraph_format.space_after = Pt(6)
    _written(paragraph, text)


def _table(word: Word, panel: Panel) -> None:
    """The table with its head repeated on every page."""
    table = word.add_table(rows=1, cols=len(panel.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    whole = sum(column.width for column in panel.columns)
    widths = [Length(int(TEXT_WIDTH * column.width / whole)) for column in panel.columns]
    for cell, column in zip(table.rows[0].cells, panel.columns, strict=True):
        _cell(cell, [(column.title, {"size": 12, "bold": True})])
    _repeated(table)
    for row in panel.rows:
        cells = table.add_row().cells
        for cell, column, text in zip(cells, panel.columns, row.cells, strict=True):
            _cell(cell, [(text, {"size": 12})], SIDES[column.align])
    for line in table.rows:
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _repeated(table: Table) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _closing(word: Word, document: LetterDocument) -> None:
    """Nơi nhận on the left, the signer on the right, never parted by a page."""
    table = _columns(word, 1, Mm(80), Mm(80))
    _kept(table)
    left, right = table.rows[0].cells
    _cell(left, [("Nơi nhận:", {"size": 12, "bold": True, "italic": True})], SIDES[Align.LEFT])
    for each in listed(document.recipients):
        _line(left, f"- {each}", SIDES[Align.LEFT], size=11)
    signer = document.signer
    above = [each.upper() for each in (signer.organisation, signer.post) if each]
    lines = [*above, *[""] * 4, signer.full_name]
    _cell(right, [(each, {"size": 13, "bold": True}) for each in lines])


def _kept(table: Table) -> None:
    mark = OxmlElement("w:cantSplit")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _columns(word: Word, rows: int, left: Length = LEFT, right: Length = RIGHT) -> Table:
    """Two columns without borders."""
    table: Table = word.add_table(rows=rows, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = left, right
    return table


Said = tuple[str, dict[str, Any]]


def _cell(cell: _Cell, lines: Iterable[Said], side: WD_ALIGN_PARAGRAPH = CENTRE) -> None:
    """Lines of a cell from its first paragraph on."""
    for text, look in lines:
        _line(cell, text, side, **look)


def _line(cell: _Cell, text: str, side: WD_ALIGN_PARAGRAPH = CENTRE, **look: Any) -> None:
    first = cell.paragraphs[0]
    is_fresh = len(cell.paragraphs) == 1 and not first.runs
    paragraph = first if is_fresh else cell.add_paragraph()
    paragraph.alignment = side
    _spaced(paragraph.paragraph_format)
    _written(paragraph, text, **look)


def _rule(cell: _Cell, width: Length, length: Length) -> None:
    """An unbroken rule of the length, centred in a cell so wide: the border of an empty line."""
    paragraph = cell.add_paragraph()
    side = Length(max(0, (int(width) - int(Mm(4)) - int(length)) // 2))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    paragraph.paragraph_format.line_spacing = Pt(3)
    paragraph.paragraph_format.space_after = Pt(6)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    # A word processor insists on the order of the schema.
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that the word processor fills in."""
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _written(
    paragraph: Paragraph, text: str, *, size: float = 14, bold: bool = False, italic: bool = False
) -> None:
    run = paragraph.add_run(plain(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _spaced(form: Any) -> None:
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = 1


def plain(text: str) -> str:
    """Without the characters that no XML file may hold; every kind of space stays a space."""
    return "".join(
        each for each in text if each.isprintable() or each == "\n" or category(each) == "Zs"
    )
