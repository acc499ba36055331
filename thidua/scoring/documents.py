"""What the papers of the ranking say: rows gathered into the dataclass `documents/` renders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

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
    split_columns,
)
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.queries import head_of
from thidua.rules.scoring import vietnamese
from thidua.rules.scoring.language import read_table_rules
from thidua.scoring.models import CriteriaSet, ScoreSheet
from thidua.scoring.queries import (
    Matrix,
    SeenStanding,
    display_groups,
    members_without_sheet,
)

Value: TypeAlias = "Decimal | int | str | None"
NOTHING = "–"
UNITS_PER_PANEL = 10
LANDSCAPE_FROM = 5


def points(value: Decimal | None) -> str:
    """Points on paper."""
    return NOTHING if value is None else vietnamese(value)


def _header(year: EmulationYear, lead: Membership | None) -> Header:
    return Header(
        parent=year.cluster.superior.full_name,
        issuer=year.cluster.name,
        number="",
        place=lead.organisation.place if lead else "",
        dated=None,
        year=year.year,
    )


def _lead(year: EmulationYear) -> Membership | None:
    return year.memberships.filter(role=Membership.Role.LEAD).select_related("organisation").first()


def _signer(year: EmulationYear, lead: Membership | None) -> SignatureBlock | None:
    """The head of the leading organisation."""
    if lead is None:
        return None
    head = head_of(lead.organisation_id, timezone.localdate())
    return SignatureBlock(
        organisation="TM. CỤM THI ĐUA",
        post="CỤM TRƯỞNG",
        full_name=str(head.user) if head else "",
    )


def progress(criteria_set: CriteriaSet, standings: Sequence[SeenStanding]) -> str:
    """How many are final; a ranking with gaps, or without a member that joined late, says so."""
    final = sum(each.sheet.state == ScoreSheet.State.FINALISED for each in standings)
    late = members_without_sheet(criteria_set)
    if late:
        names = ", ".join(membership.organisation.short_name for membership in late)
        return (
            f"Kết quả tạm tính: {final}/{len(standings) + len(late)} đơn vị đã chốt điểm; chưa có "
            f"bảng chấm điểm: {names}. Thứ hạng có thể thay đổi."
        )
    if final == len(standings):
        return f"Kết quả của {final} đơn vị, tất cả đã chốt điểm."
    return (
        f"Kết quả tạm tính: {final}/{len(standings)} đơn vị đã chốt điểm; thứ hạng chỉ xét các "
        "đơn vị đã chốt và có thể thay đổi."
    )


def _explained(standings: Sequence[SeenStanding]) -> tuple[str, ...]:
    """What parts equal totals, and what waits for a decision; each sentence once."""
    said = [each for standing in standings for each in standing.open_questions]
    said += [each for standing in standings for each in standing.why if " xếp trên " in each]
    equal = "Các đơn vị bằng điểm theo mọi quy tắc cùng một hạng."
    return (equal, *dict.fromkeys(said))


def _footnotes(criteria_set: CriteriaSet) -> tuple[str, ...]:
    return (
        f"Chấm theo {criteria_set.title}, phiên bản {criteria_set.number}; "
        f"mã băm SHA-256 của bảng điểm: {criteria_set.fingerprint}.",
    )


@dataclass(frozen=True)
class RankingColumn:
    """One column of the ranking, as paper and workbook show it."""

    title: str
    width: float
    value: Callable[[SeenStanding], Value]
    align: Align = Align.LEFT

    def text(self, standing: SeenStanding) -> str:
        """The cell on paper."""
        found = self.value(standing)
        if isinstance(found, Decimal):
            return vietnamese(found)
        return NOTHING if found in {None, ""} else str(found)


def ranking_columns(
    criteria_set: CriteriaSet, standings: Sequence[SeenStanding]
) -> tuple[RankingColumn, ...]:
    """Group, class and award points only where the table or its units have them."""
    rules = read_table_rules(criteria_set.rules)
    right = Align.RIGHT
    columns = [
        RankingColumn("Hạng", 0.7, lambda each: each.place, Align.CENTRE),
        RankingColumn("Đơn vị", 4, lambda each: each.sheet.membership.organisation.full_name),
    ]
    if any(each.group for each in standings):
        columns.append(RankingColumn("Nhóm", 1.4, lambda each: each.group))
    if rules.classes:
        columns.append(RankingColumn("Xếp loại", 1.4, lambda each: each.grade))
    columns.append(RankingColumn("Tổng điểm", 1.2, lambda each: each.total, right))
    if rules.awards:
        columns.append(RankingColumn("Điểm cộng thành tích", 1.2, lambda each: each.award, right))
    return (
        *columns,
        RankingColumn("Tự chấm", 1.2, lambda each: each.self_score, right),
        RankingColumn("Trạng thái", 1.6, lambda each: each.sheet.state_label),
    )


def ranking_document(
    year: EmulationYear, criteria_set: CriteriaSet, standings: Sequence[SeenStanding]
) -> TableDocument:
    """The ranking on one A4 page upright: places, classes and points, claimed points beside."""
    lead = _lead(year)
    shown = ranking_columns(criteria_set, standings)
    columns = tuple(Column(title=each.title, width=each.width, align=each.align) for each in shown)
    rows = tuple(Row(cells=tuple(each.text(standing) for each in shown)) for standing in standings)
    return TableDocument(
        header=_header(year, lead),
        title="BẢNG XẾP HẠNG THI ĐUA",
        subject=f"Năm {year.year}",
        lead=progress(criteria_set, standings),
        panels=(Panel(columns=columns, rows=rows),),
        footnotes=(*_explained(standings), *_footnotes(criteria_set)),
        text_size=11,
        signer=_signer(year, lead),
        demo=settings.DEMO,
    )


def matrix_document(
    year: EmulationYear,
    criteria_set: CriteriaSet,
    matrix: Matrix,
    standings: Sequence[SeenStanding],
) -> TableDocument:
    """Criteria down, units across; units that do not fit on A4 go on to the next panel."""
    lead = _lead(year)
    shown = [each for each in standings if each.sheet.pk in matrix.points]
    columns = (
        Column(title="Mã", width=1, align=Align.CENTRE),
        Column(title="Tiêu chí", width=5),
        Column(title="Điểm chuẩn", width=1, align=Align.RIGHT),
        *(
            Column(
                title=each.sheet.membership.organisation.short_name, width=1.1, align=Align.RIGHT
            )
            for each in shown
        ),
    )
    rows = _matrix_rows(matrix, shown)
    panels = (
        split_columns(columns, rows, fixed=3, per_panel=UNITS_PER_PANEL)
        if shown
        else (Panel(columns=columns, rows=rows),)
    )
    hidden = [each for each in standings if each.sheet.pk not in matrix.points]
    absent = ", ".join(
        f"{each.sheet.membership.organisation.short_name} ({each.sheet.state_label.lower()})"
        for each in hidden
    )
    return TableDocument(
        header=_header(year, lead),
        title="TỔNG HỢP ĐIỂM THI ĐUA THEO TIÊU CHÍ",
        subject=f"Năm {year.year}",
        lead=progress(criteria_set, standings),
        panels=panels,
        footnotes=(
            "Đơn vị chưa chốt điểm: ghi điểm tự chấm đã nộp.",
            *((f"Chưa có điểm được xem: {absent}.",) if absent else ()),
            *_footnotes(criteria_set),
        ),
        landscape=len(shown) >= LANDSCAPE_FROM,
        text_size=8.5,
        demo=settings.DEMO,
    )


def _matrix_rows(matrix: Matrix, shown: Sequence[SeenStanding]) -> tuple[Row, ...]:
    heads = {head.pk for head in display_groups(matrix.criteria) if not head.is_leaf}
    rows = []
    column = 0
    for criterion in matrix.criteria:
        if criterion.is_leaf:
            cells = [points(matrix.points[each.sheet.pk][column]) for each in shown]
            column += 1
            rows.append(
                Row(cells=(criterion.code, criterion.title, points(criterion.maximum), *cells))
            )
        elif criterion.pk in heads:
            title = f"{criterion.code}. {criterion.title}"
            rows.append(Row(cells=(title, "", "", *[""] * len(shown)), kind=RowKind.GROUP))
    totals = [points(matrix.totals[each.sheet.pk]) for each in shown]
    places = [NOTHING if each.place is None else str(each.place) for each in shown]
    rows.append(Row(cells=("", "Tổng điểm", "", *totals), kind=RowKind.TOTAL))
    for title, values in ranking_rows(shown):
        cells = [NOTHING if value is None else _plain(value) for value in values]
        rows.append(Row(cells=("", title, "", *cells), kind=RowKind.TOTAL))
    rows.append(Row(cells=("", "Hạng", "", *places), kind=RowKind.TOTAL))
    return tuple(rows)


def ranking_rows(shown: Sequence[SeenStanding]) -> list[tuple[str, list[Value]]]:
    """Lines under the totals of the matrix: award points, class and group where there are any."""
    found: list[tuple[str, list[Value]]] = []
    if any(each.award for each in shown):
        found.append(("Điểm cộng thành tích", [each.award for each in shown]))
        found.append(("Tổng cả điểm cộng", [each.total for each in shown]))
    if any(each.grade for each in shown):
        found.append(("Xếp loại", [each.grade for each in shown]))
    if any(each.group for each in shown):
        found.append(("Nhóm", [each.group for each in shown]))
    return found


def _plain(value: Value) -> str:
    return vietnamese(value) if isinstance(value, Decimal) else str(value)
