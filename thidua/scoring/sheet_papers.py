"""One unit's sheet as A4 paper and as workbook: every line with both sides' points and why."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from thidua.documents.content import (
    Align,
    Column,
    Header,
    Panel,
    Row,
    RowKind,
    SignatureBlock,
    TableDocument,
)
from thidua.organisations.models import Membership
from thidua.organisations.queries import head_of
from thidua.rules.scoring import LeafResult, vietnamese
from thidua.rules.scoring.facts import in_words
from thidua.rules.scoring.homes import homes_of
from thidua.scoring.documents import NOTHING, points
from thidua.scoring.models import ScoreSheet
from thidua.scoring.queries import SheetView, Standing
from thidua.scoring.queries.facts import corrections_of
from thidua.scoring.queries.sheets import SheetRow
from thidua.workbooks import writing
from thidua.workbooks.writing import Cell, Kind

State = ScoreSheet.State


def sheet_document(view: SheetView, standing: Standing | None) -> TableDocument:
    """The sheet on A4 across. `standing` is given once the sheet is final: award points, class."""
    sheet = view.sheet
    organisation = sheet.membership.organisation
    year = sheet.membership.year
    columns = (
        Column(title="Mã", width=0.8, align=Align.CENTRE),
        Column(title="Tiêu chí", width=4.2),
        Column(title="Điểm chuẩn", width=0.9, align=Align.RIGHT),
        Column(title="Tự chấm", width=0.9, align=Align.RIGHT),
        Column(title="Thẩm định", width=0.9, align=Align.RIGHT),
        Column(title="Cách tính, ý kiến", width=6),
    )
    figures = _figures(view)
    return TableDocument(
        header=Header(
            parent=year.cluster.name,
            issuer=organisation.full_name,
            place=organisation.place,
            year=year.year,
        ),
        title="BẢNG CHẤM ĐIỂM THI ĐUA",
        subject=f"{organisation.full_name}, năm {year.year}",
        lead=_state_of(sheet),
        panels=(
            Panel(columns=columns, rows=tuple(_rows(view, standing))),
            *((_figures_panel(figures),) if figures else ()),
        ),
        footnotes=_notes(view, standing),
        landscape=True,
        text_size=9,
        signer=_head_of(sheet.membership),
        demo=settings.DEMO,
    )


def sheet_workbook(view: SheetView, standing: Standing | None) -> bytes:
    """The same lines as an .xlsx; points are numbers, text is always text (T15)."""
    sheet = view.sheet
    columns = (
        writing.Column("Mã đầy đủ", 12),
        writing.Column("Tiêu chí", 50),
        writing.Column("Điểm chuẩn", 10, Kind.NUMBER),
        writing.Column("Tự chấm", 10, Kind.NUMBER),
        writing.Column("Thẩm định", 10, Kind.NUMBER),
        writing.Column("Cách tính, ý kiến", 70),
    )
    rows: list[Sequence[Cell]] = [
        (
            row.criterion.path,
            row.criterion.title,
            row.criterion.maximum,
            row.claimed_points,
            _appraised(row),
            " ".join(_why(row)),
        )
        for row in view.leaves
    ]
    totals: list[Sequence[Cell]] = [
        ("", label, None, mine, theirs, "") for label, mine, theirs in _totals(view)
    ]
    totals += [("", label, None, None, value, "") for label, value in _award(standing)]
    return writing.write_table(
        f"Bảng chấm điểm thi đua {sheet.membership.year}: {sheet.membership.organisation}",
        columns,
        [*rows, *totals],
        sheet="Bảng chấm điểm",
        subtitle=_state_of(sheet),
        notes=[f"{label}: {said}" for label, said in _figures(view)] + list(_notes(view, standing)),
        frozen_columns=2,
        total_rows=len(totals),
    )


def _state_of(sheet: ScoreSheet) -> str:
    """How far the sheet is, so that a draft on paper is never taken for a result."""
    if sheet.state == State.FINALISED and sheet.finalised_at:
        at = timezone.localtime(sheet.finalised_at)
        return f"Đã chốt lúc {at:%H:%M ngày %d/%m/%Y}, người chốt: {sheet.finalised_by}."
    if sheet.state == State.SUBMITTED and sheet.submitted_at:
        at = timezone.localtime(sheet.submitted_at)
        return f"Đơn vị nộp lúc {at:%H:%M ngày %d/%m/%Y}; đang thẩm định, điểm chưa phải kết quả."
    return "Bản đang tự chấm, chưa nộp."


def _rows(view: SheetView, standing: Standing | None) -> Iterator[Row]:
    for row in view.rows:
        criterion = row.criterion
        cells = (
            criterion.code,
            criterion.title,
            points(criterion.maximum),
            points(row.claimed_points),
            points(_appraised(row)),
            "\n".join(_why(row)),
        )
        yield Row(cells=cells, kind=RowKind.PLAIN if row.score else RowKind.GROUP)
    for label, mine, theirs in _totals(view):
        yield Row(cells=("", label, "", points(mine), points(theirs), ""), kind=RowKind.TOTAL)
    for label, value in _award(standing):
        said = vietnamese(value) if isinstance(value, Decimal) else value
        yield Row(cells=("", label, "", "", said, ""), kind=RowKind.TOTAL)


def _appraised(row: SheetRow) -> Decimal | None:
    """A group's appraised points say nothing while none of its lines was looked at."""
    if row.score is None:
        return row.appraised_points
    return row.appraised_points if row.is_appraised else None


def _totals(view: SheetView) -> list[tuple[str, Decimal | None, Decimal | None]]:
    decided = view.appraised.rounded if len(view.unappraised) < len(view.leaves) else None
    return [("Tổng điểm", view.claimed.claimed_total, decided)]


def _award(standing: Standing | None) -> list[tuple[str, Decimal | str]]:
    """Award points with the total they make, class and group: where the table has them."""
    if standing is None:
        return []
    found: list[tuple[str, Decimal | str]] = []
    if standing.award and standing.total is not None:
        found += [("Điểm cộng thành tích", standing.award)]
        found += [("Tổng cả điểm cộng", standing.total)]
    if standing.grade:
        found.append(("Xếp loại", standing.grade))
    if standing.group:
        found.append(("Nhóm", standing.group))
    if standing.place is not None:
        found.append(("Hạng", str(standing.place)))
    return found


def _why(row: SheetRow) -> list[str]:
    """The arithmetic that stands now, then what people said about it, oldest first."""
    score = row.score
    if score is None:
        return []
    result = row.appraised if row.is_appraised else row.claimed
    # The line already begins with the code.
    said = [each.removeprefix(f"{row.criterion.code}: ") for each in _arithmetic(result)]
    for who, text in (
        ("Đơn vị", score.explanation),
        ("Thẩm định", score.reason),
        ("Giải trình", score.reply),
    ):
        if text:
            said.append(f"{who}: {text}")
    if row.evidence:
        said.append(f"Minh chứng: {len(row.evidence)}.")
    return said


def _arithmetic(result: LeafResult | None) -> list[str]:
    if result is None:
        return []
    if result.points is None:
        return [*result.needs_person, *result.missing, *result.waits]
    return [line.sentence for line in result.trace]


def _figures(view: SheetView) -> list[tuple[str, str]]:
    """Figures of the whole sheet as they count now: confirmed ones before reported ones."""
    sheet = view.sheet
    corrected = corrections_of(sheet, lambda home: home is None)
    facts = sheet.decided_facts or {**sheet.facts, **corrected}
    return [
        (each.label, in_words(each, facts.get(each.key, "")) or NOTHING)
        for each in homes_of(view.table).sheet
    ]


def _figures_panel(figures: Sequence[tuple[str, str]]) -> Panel:
    return Panel(
        caption="Số liệu chung",
        columns=(Column(title="Nội dung", width=5), Column(title="Giá trị", width=2)),
        rows=tuple(Row(cells=pair) for pair in figures),
    )


def _notes(view: SheetView, standing: Standing | None) -> tuple[str, ...]:
    criteria_set = view.sheet.criteria_set
    return (
        *(standing.why if standing else ()),
        f"Chấm theo {criteria_set.title}, phiên bản {criteria_set.number}; "
        f"mã băm SHA-256 của bảng điểm: {criteria_set.fingerprint}.",
    )


def _head_of(membership: Membership) -> SignatureBlock:
    """The unit's head signs what the unit claims; the final result is signed with the ranking."""
    head = head_of(membership.organisation_id, timezone.localdate())
    return SignatureBlock(
        organisation=membership.organisation.full_name,
        post=((head.post if head else "") or "Thủ trưởng đơn vị").upper(),
        full_name=str(head.user) if head else "",
    )
