"""A roll-up as a workbook; text is always text (T15), what is not there stays blank."""

from collections.abc import Mapping

from thidua.reporting.queries.rollup import Asked, Line, lines_of, silent_of
from thidua.rules.reporting import QUALIFIERS, Total
from thidua.rules.reporting.words import form_name
from thidua.workbooks.writing import Cell, Column, Kind, write_table

COLUMNS = (
    Column("Cột", 7, Kind.LABEL),
    Column("Chỉ tiêu", 52),
    Column("Đơn vị tính", 13, Kind.LABEL),
    Column("Ghi kèm", 9, Kind.LABEL),
    Column("Tổng hợp", 16, Kind.NUMBER),
    Column("Cách tính", 30),
    Column("Đã tính", 9, Kind.LABEL),
    Column("Thiếu", 40),
)


def rollup_workbook(about: str, asked: Asked, totals: Mapping[str, Total]) -> bytes:
    """One line per figure: value, how it came about, who lacks; the bytes of an .xlsx."""
    return write_table(
        f"Tổng hợp {form_name(asked.template)}",
        COLUMNS,
        [_row(line) for line in lines_of(asked, totals) if line.indicator],
        sheet=f"Tổng hợp {asked.template.code or asked.template.key}",
        subtitle=f"{asked.template.title} – {about}",
        notes=notes(asked, totals),
        frozen_columns=2,
    )


def _row(line: Line) -> tuple[Cell, ...]:
    indicator, total = line.indicator, line.total
    if indicator is None or total is None:
        raise ValueError("a title has no row of its own")
    amount = total.amount
    return (
        indicator.code,
        indicator.label,
        indicator.measure,
        QUALIFIERS[amount.qualifier] if amount and amount.qualifier else "",
        amount.number if amount else None,
        total.reason or line.how,
        line.counted,
        ", ".join(total.missing),
    )


def notes(asked: Asked, totals: Mapping[str, Total]) -> tuple[str, ...]:
    """Who is in it and who lacks in everything, in sentences."""
    silent = silent_of(totals)
    return (
        units_note(asked),
        *((f"Thiếu trong mọi số tổng hợp: {', '.join(silent)}.",) if silent else ()),
        "Ô trống là chưa có số liệu, khác với 0.",
    )


def units_note(asked: Asked) -> str:
    """Which units are rolled up."""
    units = ", ".join(each.organisation.short_name for each in asked.members)
    return f"Đơn vị được tổng hợp: {units}."
