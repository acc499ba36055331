"""The ranking and the matrix as workbooks; text is always text (T15)."""

from collections.abc import Sequence

from thidua.organisations.models import EmulationYear
from thidua.scoring.documents import progress, ranking_columns, ranking_rows
from thidua.scoring.models import CriteriaSet
from thidua.scoring.queries import Matrix, SeenStanding
from thidua.workbooks.writing import Cell, Column, Kind, write_table

LAYOUT = {
    each.title: each
    for each in (
        Column("Hạng", 8, Kind.LABEL),
        Column("Đơn vị", 40),
        Column("Nhóm", 16),
        Column("Xếp loại", 18),
        Column("Tổng điểm", 12, Kind.NUMBER),
        Column("Điểm cộng thành tích", 14, Kind.NUMBER),
        Column("Tự chấm", 12, Kind.NUMBER),
        Column("Trạng thái", 18),
    )
}


def _notes(criteria_set: CriteriaSet) -> tuple[str, ...]:
    return (
        f"Chấm theo {criteria_set.title}, phiên bản {criteria_set.number}.",
        f"Mã băm SHA-256 của bảng điểm: {criteria_set.fingerprint}",
    )


def ranking_workbook(
    year: EmulationYear, criteria_set: CriteriaSet, standings: Sequence[SeenStanding]
) -> bytes:
    """Places and points, one line per unit; the bytes of an .xlsx."""
    shown = ranking_columns(criteria_set, standings)
    columns = tuple(LAYOUT[each.title] for each in shown)
    rows: list[Sequence[Cell]] = [
        tuple(each.value(standing) for each in shown) for standing in standings
    ]
    return write_table(
        f"Bảng xếp hạng thi đua {year}",
        columns,
        rows,
        sheet="Xếp hạng",
        subtitle=progress(criteria_set, standings),
        notes=_notes(criteria_set),
        landscape=False,
    )


def matrix_workbook(
    year: EmulationYear,
    criteria_set: CriteriaSet,
    matrix: Matrix,
    standings: Sequence[SeenStanding],
) -> bytes:
    """Criteria down, units across, the total last; the bytes of an .xlsx."""
    shown = [each for each in standings if each.sheet.pk in matrix.points]
    columns = (
        Column("Mã đầy đủ", 12),
        Column("Tiêu chí", 50),
        Column("Điểm chuẩn", 10, Kind.NUMBER),
        *(Column(each.sheet.membership.organisation.short_name, 11, Kind.NUMBER) for each in shown),
    )
    rows: list[Sequence[Cell]] = [
        (
            leaf.path,
            leaf.title,
            leaf.maximum,
            *(matrix.points[each.sheet.pk][column] for each in shown),
        )
        for column, leaf in enumerate(matrix.leaves)
    ]
    rows.append(("", "Tổng điểm", None, *(matrix.totals[each.sheet.pk] for each in shown)))
    below = ranking_rows(shown)
    rows += [("", title, None, *values) for title, values in below]
    return write_table(
        f"Tổng hợp điểm thi đua theo tiêu chí, {year}",
        columns,
        rows,
        sheet="Điểm theo tiêu chí",
        subtitle=progress(criteria_set, standings),
        notes=("Đơn vị chưa chốt điểm: ghi điểm tự chấm đã nộp.", *_notes(criteria_set)),
        frozen_columns=3,
        total_rows=1 + len(below),
    )
