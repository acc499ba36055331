"""What the paper of a whole report says: rows gathered into the dataclass `documents/` renders."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from thidua.documents.content import Align, Header, SignatureBlock
from thidua.documents.whole_report import (
    Annex,
    AttachedFile,
    Grid,
    GridRow,
    HeadCell,
    ReportPart,
    ReportSection,
    WholeReport,
)
from thidua.organisations.models import Assignment, Organisation, valid_on
from thidua.reporting.documents.forms import NOTHING, Paper, paper_of
from thidua.reporting.models import NarrativeAttachment, Report
from thidua.reporting.queries.narratives import NOT_WRITTEN, Narrative
from thidua.reporting.queries.reports import Contents, Said
from thidua.rules.reporting import (
    QUALIFIERS,
    Edition,
    Indicator,
    Kind,
    Shape,
    Template,
    header,
)
from thidua.rules.reporting.narrative import Outline

COLUMNS_PER_GRID = 12
FEWEST_COLUMNS = 5
UNWRITTEN = "Chưa có nội dung."
LETTERS = "ABCDEFGH"
MEASURE = "Tiền tính bằng triệu đồng; đất tính bằng m²."
ABOUT_NOTHING = f"“{NOTHING}”: chưa có số liệu; 0: không phát sinh."
ABOUT_QUALIFIERS = "“Hơn”, “gần”, “khoảng”: số chưa chính xác, ghi đúng như đơn vị báo cáo."


def report_document(
    report: Report,
    contents: Contents,
    said: Sequence[Said],
    narrative: Narrative,
    attachments: Sequence[NarrativeAttachment],
    *,
    by_authority: bool = False,
) -> WholeReport:
    """The paper of a report as it stands; a draft says so. `by_authority`: thừa ủy quyền."""
    organisation = report.membership.organisation
    return WholeReport(
        header=_header(report, organisation, by_authority),
        title="BÁO CÁO",
        subject=_subject(report, narrative),
        lead=_lead(report, contents, narrative),
        parts=_parts(narrative, said),
        files=tuple(_file(each, narrative) for each in attachments),
        annexes=tuple(
            _annex(number, contents, template, said)
            for number, template in enumerate(contents.edition.templates, start=1)
        ),
        signer=_signer(report, organisation, by_authority),
        recipients=(report.membership.year.cluster.superior.full_name, "Lưu: VT"),
        state="BẢN ĐANG LÀM, CHƯA NỘP" if report.state == Report.State.DRAFT else "",
        demo=settings.DEMO,
    )


def _header(report: Report, organisation: Organisation, by_authority: bool) -> Header:
    """Signed by authority, the paper is that of the body above the inspectorate."""
    above = organisation.governing_body
    day = timezone.localdate(report.submitted_at) if report.state != Report.State.DRAFT else None
    return Header(
        parent="" if by_authority else above,
        issuer=above if by_authority and above else organisation.full_name,
        number=f"        /BC-{organisation.abbreviation}",
        place=organisation.place,
        dated=day,
        year=report.period.year.year,
    )


def _subject(report: Report, narrative: Narrative) -> str:
    name = report.period.name
    when = f"{name[0].lower()}{name[1:]} năm {report.period.year.year}"
    if report.period.code == "year":
        when = f"năm {report.period.year.year}"
    what = [each.title[0].lower() + each.title[1:] for each in narrative.outlines]
    told = "; ".join(what) if what else "số liệu theo biểu mẫu của Thanh tra Chính phủ"
    return f"{told[0].upper()}{told[1:]} {when}"


def _lead(report: Report, contents: Contents, narrative: Narrative) -> str:
    period = report.period
    forms = len(contents.edition.templates)
    told = (
        f"Số liệu tính từ {period.first_on:%d/%m/%Y} đến hết {period.last_on:%d/%m/%Y}; "
        f"{forms} biểu số liệu kèm theo là phụ lục của báo cáo này."
    )
    if not narrative.outlines:
        return f"{told} Báo cáo của kỳ này chỉ gồm các biểu số liệu."
    return told


def _parts(narrative: Narrative, said: Sequence[Said]) -> tuple[ReportPart, ...]:
    words = {each.finding.check: each.text for each in said if each.is_settled}
    return tuple(
        ReportPart(
            label=LETTERS[number],
            title=outline.title,
            sections=tuple(_sections(outline, narrative)),
            note=_why_empty(words.get(f"{outline.key}/{NOT_WRITTEN}", "")),
        )
        for number, outline in enumerate(narrative.outlines)
    )


def _why_empty(word: str) -> str:
    return f"Mục chưa có nội dung: {word}" if word else ""


def _sections(outline: Outline, narrative: Narrative) -> list[ReportSection]:
    found = []
    for section in outline.sections:
        text = "" if section.is_title else narrative.text(outline.key, section.key)
        _, _, within = section.number.partition(".")
        found.append(
            ReportSection(
                label=f"{within or section.number}.",
                heading=section.heading,
                level=2 if within else 1,
                text=text,
                missing="" if text or section.is_title else UNWRITTEN,
            )
        )
    return found


def _file(attachment: NarrativeAttachment, narrative: Narrative) -> AttachedFile:
    where = [each.code for each in narrative.outlines if each.key == attachment.outline_key]
    return AttachedFile(
        name=attachment.file.name,
        about=". ".join(filter(None, (attachment.note.rstrip(" ."), *where))),
        size=size_in_words(attachment.file.size),
        sha256=attachment.file.sha256,
    )


def size_in_words(size: int) -> str:
    """Bytes as people read them."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / (1024 * 1024):.1f} MB".replace(".", ",")


def _signer(report: Report, organisation: Organisation, by_authority: bool) -> SignatureBlock:
    """Thông tư 06/2025/TT-TTCP, Điều 8 khoản 1: thủ trưởng, hoặc thừa ủy quyền."""
    head = (
        Assignment.objects.filter(
            valid_on(timezone.localdate(report.submitted_at)),
            organisation=organisation,
            role=Assignment.Role.HEAD,
        )
        .select_related("user")
        .order_by("-valid_from")
        .first()
    )
    name = report.submitted_by or (head.user if head else None)
    return SignatureBlock(
        organisation=_on_behalf(organisation) if by_authority else "",
        post=(head.post if head else "") or "Thủ trưởng đơn vị",
        full_name=str(name) if name and report.state != Report.State.DRAFT else "",
    )


def _on_behalf(organisation: Organisation) -> str:
    above = organisation.governing_body.lower()
    is_committee = above.startswith(("ủy ban nhân dân", "uỷ ban nhân dân", "ubnd"))
    is_province = organisation.kind == Organisation.Kind.PROVINCIAL_INSPECTORATE
    return "TUQ. Chủ tịch" if is_committee or is_province else "TUQ. Thủ trưởng cơ quan"


# --- The forms ---------------------------------------------------------------------------------


def _annex(number: int, contents: Contents, template: Template, said: Sequence[Said]) -> Annex:
    paper = paper_of(contents, template)
    period = contents.report.period
    grids = _grids(contents, template, paper)
    return Annex(
        label=f"Phụ lục {number}",
        code=template.code or template.title,
        title=template.title,
        about=(
            f"{contents.report.membership.organisation.full_name} – số liệu từ "
            f"{period.first_on:%d/%m/%Y} đến hết {period.last_on:%d/%m/%Y}"
        ),
        grids=grids,
        notes=_notes(contents.edition, template, grids, said),
        landscape=not paper.is_lines,
    )


def _grids(contents: Contents, template: Template, paper: Paper) -> tuple[Grid, ...]:
    if paper.is_lines:
        return (_lines_grid(paper),)
    if template.shape == Shape.LIST:
        return (_list_grid(contents, template, paper),)
    unit = contents.report.membership.organisation.short_name
    spans = spans_of(template.indicators)
    return tuple(
        _column_grid(template, paper, span, unit, f"{place}/{len(spans)}" if len(spans) > 1 else "")
        for place, span in enumerate(spans, start=1)
    )


def spans_of(indicators: Sequence[Indicator]) -> list[tuple[int, int]]:
    """Ranges of columns that fit across a page, cut between headings where that costs little.

    Columns of words at the end go with the last range.
    """
    total = len(indicators)
    words = next(
        (n for n, each in enumerate(reversed(indicators)) if each.kind != Kind.TEXT), total
    )
    spans, start = [], 0
    while start < total - words:
        stop = _cut(indicators, start, min(start + COLUMNS_PER_GRID, total - words))
        spans.append((start, stop))
        start = stop
    if not spans:
        return [(0, total)]
    return [*spans[:-1], (spans[-1][0], total)]


def _cut(indicators: Sequence[Indicator], start: int, stop: int) -> int:
    """The last place between two headings, the upper ones first, that leaves enough columns."""
    if stop - start < COLUMNS_PER_GRID:
        return stop
    for depth in (1, 2):
        for cut in range(stop, start + FEWEST_COLUMNS - 1, -1):
            if cut == len(indicators) or not _together(indicators, cut, depth):
                return cut
    return stop


def _together(indicators: Sequence[Indicator], place: int, depth: int) -> bool:
    """Whether the columns on both sides of a cut stand under one heading."""
    left, right = indicators[place - 1].heading, indicators[place].heading
    return len(left) > depth and len(right) > depth and left[:depth] == right[:depth]


def _column_grid(
    template: Template, paper: Paper, span: tuple[int, int], unit: str, part: str
) -> Grid:
    start, stop = span
    shown = template.indicators[start:stop]
    levels = header(replace(template, indicators=shown, checks=()))
    head = [
        tuple(HeadCell(text=c.text, columns=c.columns, rows=c.rows) for c in row) for row in levels
    ]
    codes = [each.code for each in shown]
    first = HeadCell(text="Đơn vị", rows=len(head) + any(codes))
    head[0] = (first, *head[0])
    aligns = (
        Align.LEFT,
        *(Align.CENTRE if each.kind == Kind.NUMBER else Align.LEFT for each in shown),
    )
    return Grid(
        widths=(1.6, *(1.0 if each.kind == Kind.NUMBER else 1.6 for each in shown)),
        aligns=aligns,
        head=tuple(head),
        codes=tuple(codes) if any(codes) else (),
        rows=tuple(GridRow(cells=(unit, *row[start:stop])) for row in paper.rows),
        caption=f"Phần {part}: cột {codes[0]}–{codes[-1]}" if part and all(codes) else "",
    )


def _list_grid(contents: Contents, template: Template, paper: Paper) -> Grid:
    shown = template.indicators
    told = template.key in contents.report.told_lists
    rows = [
        GridRow(cells=(str(number), *row)) for number, row in enumerate(paper.rows, start=1)
    ] or [GridRow(cells=("Không có nội dung nào." if told else "Chưa kê khai.",), is_title=True)]
    levels = header(template)
    head = [
        tuple(HeadCell(text=c.text, columns=c.columns, rows=c.rows) for c in row) for row in levels
    ]
    head[0] = (HeadCell(text="STT", rows=len(head)), *head[0])
    return Grid(
        widths=(0.5, *(1.0 if each.kind == Kind.TICK else 2.5 for each in shown)),
        aligns=(
            Align.CENTRE,
            *(Align.CENTRE if each.kind == Kind.TICK else Align.LEFT for each in shown),
        ),
        head=tuple(head),
        rows=tuple(rows),
    )


def _lines_grid(paper: Paper) -> Grid:
    rows = tuple(
        GridRow(
            cells=(line.indicator.code, line.text, line.indicator.measure, value),
            depth=max(0, line.depth - 1),
        )
        if line.indicator
        else GridRow(cells=(line.text,), is_title=True)
        for line, value in paper.lines
    )
    heads = ("Mã", "Chỉ tiêu", "Đơn vị tính", "Số liệu")
    return Grid(
        widths=(0.8, 6.5, 1.5, 1.6),
        aligns=(Align.CENTRE, Align.LEFT, Align.CENTRE, Align.RIGHT),
        head=(tuple(HeadCell(text=text) for text in heads),),
        rows=rows,
    )


def _notes(
    edition: Edition, template: Template, grids: Sequence[Grid], said: Sequence[Said]
) -> tuple[str, ...]:
    cells = [cell for grid in grids for row in grid.rows for cell in row.cells]
    notes = [f"Biểu theo {edition.document}." if edition.document else "", template.note]
    if template.shape == Shape.COLUMNS and not template.note:
        notes.append(MEASURE)
    if NOTHING in cells:
        notes.append(ABOUT_NOTHING)
    if any(cell.startswith(tuple(QUALIFIERS[q] + " " for q in QUALIFIERS if q)) for cell in cells):
        notes.append(ABOUT_QUALIFIERS)
    notes += [
        f"Giải trình: {each.text} ({each.finding.sentence})"
        for each in said
        if each.is_settled and template.key in each.forms
    ]
    return tuple(filter(None, notes))
