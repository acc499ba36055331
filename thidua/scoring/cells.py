"""The cells of the matrix as HTML in one pass: a template loop over 6,000 of them is too slow.

Every text that a person wrote is escaped here; numbers are made of digits and a comma. End tags
of cells and rows are left out, as HTML allows: half of the page would be end tags.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString

from thidua.rules.scoring import vietnamese
from thidua.scoring.models import Criterion, ScoreSheet
from thidua.scoring.queries import Matrix, SeenStanding, display_groups

NOTHING = "—"


Extras = Sequence[tuple[str, Mapping[int, str]]]
"""Further columns beside the total: heading, and the text by sheet."""


def extra_columns(standings: Iterable[SeenStanding]) -> Extras:
    """Award points, class and group, each only where some unit has one."""
    shown = list(standings)
    numbers = {
        "Điểm cộng": {e.sheet.pk: e.award for e in shown if e.award is not None},
        "Tổng cả điểm cộng": {e.sheet.pk: e.total for e in shown if e.total is not None},
    }
    columns: list[tuple[str, Mapping[int, str]]] = []
    if any(each.award for each in shown):
        columns += [
            (title, {key: vietnamese(value) for key, value in values.items()})
            for title, values in numbers.items()
        ]
    columns += [
        ("Xếp loại", {e.sheet.pk: e.grade for e in shown if e.grade}),
        ("Nhóm", {e.sheet.pk: e.group for e in shown if e.group}),
    ]
    return [column for column in columns if column[1]]


def matrix_head(matrix: Matrix, extras: Extras = ()) -> SafeString:
    """Two lines of headings: groups above, codes below with their titles."""
    more = "".join(f'<th scope="col" rowspan="2">{escape(title)}' for title, _ in extras)
    heads = display_groups(matrix.criteria)
    spans = [
        f'<th scope="colgroup" colspan="{len(list(columns))}">'
        f"{escape(head.code)}. {escape(head.title)}"
        for head, columns in groupby(matrix.leaves, key=lambda leaf: _head_of(leaf, heads))
    ]
    codes = [
        f'<th scope="col"><abbr title="{escape(leaf.title)}{_maximum(leaf)}">{escape(leaf.code)}'
        "</abbr>"
        for leaf in matrix.leaves
    ]
    return SafeString(
        '<tr><th scope="col" rowspan="2">Đơn vị<th scope="col" rowspan="2">Hạng'
        '<th scope="col" rowspan="2">Tổng'
        f"{more}{''.join(spans)}<tr>{''.join(codes)}"
    )


def _head_of(leaf: Criterion, heads: Sequence[Criterion]) -> Criterion:
    return next(head for head in heads if head.contains(leaf.path))


def _maximum(leaf: Criterion) -> str:
    return "" if leaf.maximum is None else f" (tối đa {vietnamese(leaf.maximum)})"


def matrix_body(
    matrix: Matrix,
    standings: Iterable[SeenStanding],
    addresses: Mapping[int, str],
    points_at: str = "",
    extras: Extras = (),
) -> SafeString:
    """One line per unit; a unit whose points may not be seen shows its state instead.

    `points_at` is the address below which each point opens: sheet/criterion/.
    """
    leaves = [leaf.pk for leaf in matrix.leaves]
    written: dict[Decimal | None, str] = {None: NOTHING}
    lines = []
    for standing in standings:
        sheet = standing.sheet
        place = NOTHING if standing.place is None else str(standing.place)
        lines.append(f'<tr><th scope="row">{_name(sheet, addresses)}<td>{place}')
        more = "".join(
            f'<td class="is-text">{escape(texts.get(sheet.pk, NOTHING))}' for _, texts in extras
        )
        points = matrix.points.get(sheet.pk)
        if points is None or sheet.state == ScoreSheet.State.DRAFT:
            state = escape(sheet.state_label)
            lines.append(
                f'<td>{NOTHING}{more}<td class="is-state" colspan="{len(matrix.leaves)}">{state}'
            )
            continue
        total = _number(matrix.totals[sheet.pk], written)
        cells = "<td>".join(
            [
                _linked(_number(each, written), points_at, sheet.pk, leaf)
                for leaf, each in zip(leaves, points, strict=True)
            ]
        )
        lines.append(f"<td>{total}{more}<td>{cells}")
    return SafeString("".join(lines))


def _name(sheet: ScoreSheet, addresses: Mapping[int, str]) -> str:
    name = escape(sheet.membership.organisation.short_name)
    address = addresses.get(sheet.pk)
    return name if address is None else f'<a href="{escape(address)}">{name}</a>'


def _linked(text: str, points_at: str, sheet: int, leaf: int) -> str:
    """A point that opens."""
    return f"<a href={points_at}{sheet}/{leaf}/>{text}</a>" if points_at else text


def _number(value: Decimal | None, written: dict[Decimal | None, str]) -> str:
    """Points as text; the same number is written out once."""
    text = written.get(value)
    if text is None:
        text = written[value] = vietnamese(value) if value is not None else NOTHING
    return text
