"""A roll-up on paper: A4 across, footnotes name who lacks."""

from collections.abc import Mapping, Sequence

from django.conf import settings

from thidua.documents.content import Align, Column, Header, Panel, Row, RowKind, TableDocument
from thidua.organisations.models import EmulationYear, Membership
from thidua.reporting.exports.rollup import units_note
from thidua.reporting.queries.rollup import Asked, Line, lines_of
from thidua.rules.reporting import Total
from thidua.rules.reporting.words import form_name

COLUMNS = (
    Column(title="Cột", width=0.6, align=Align.CENTRE),
    Column(title="Chỉ tiêu", width=4.2),
    Column(title="Đơn vị tính", width=1.1, align=Align.CENTRE),
    Column(title="Tổng hợp", width=1.8, align=Align.RIGHT),
    Column(title="Cách tính", width=2.6),
    Column(title="Đã tính", width=0.8, align=Align.CENTRE),
    Column(title="Ghi chú", width=0.8, align=Align.CENTRE),
)


def rollup_document(
    year: EmulationYear, about: str, asked: Asked, totals: Mapping[str, Total]
) -> TableDocument:
    """The form with its totals; a number in the last column leads to who lacks below."""
    lines = lines_of(asked, totals)
    groups = _groups(lines)
    return TableDocument(
        header=_header(year),
        title=f"TỔNG HỢP {form_name(asked.template).upper()}",
        subject=f"{asked.template.title}\n{about}",
        panels=(Panel(columns=COLUMNS, rows=tuple(_row(each, groups) for each in lines)),),
        footnotes=(
            *(f"({place}) Thiếu: {', '.join(names)}." for place, names in enumerate(groups, 1)),
            units_note(asked),
        ),
        landscape=True,
        demo=settings.DEMO,
    )


def _groups(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """The different lists of who lacks, in order of first mention."""
    return list(
        dict.fromkeys(each.total.missing for each in lines if each.total and each.total.missing)
    )


def _row(line: Line, groups: Sequence[tuple[str, ...]]) -> Row:
    if line.indicator is None or line.total is None:
        return Row(cells=(line.text, *[""] * (len(COLUMNS) - 1)), kind=RowKind.GROUP)
    missing = line.total.missing
    return Row(
        cells=(
            line.indicator.code,
            line.indicator.heading[-1],
            line.indicator.measure,
            line.shown,
            line.how,
            line.counted,
            f"({groups.index(missing) + 1})" if missing else "",
        )
    )


def _header(year: EmulationYear) -> Header:
    lead = year.memberships.filter(role=Membership.Role.LEAD).select_related("organisation").first()
    return Header(
        parent=year.cluster.superior.full_name,
        issuer=year.cluster.name,
        number="",
        place=lead.organisation.place if lead else "",
        year=year.year,
    )
