"""The cells of the cross-review matrix as HTML in one pass, as `cells` does for the ranking.

Every text that a person wrote is escaped here; numbers are made of digits and a comma. End tags
of cells and rows are left out, as HTML allows.
"""

from decimal import Decimal
from fractions import Fraction

from django.utils.html import escape
from django.utils.safestring import SafeString

from thidua.rules.scoring import vietnamese
from thidua.scoring.queries.cross_review_matrix import CrossMatrix
from thidua.scoring.queries.cross_review_results import about

NOTHING = "—"
MEAN_ROW = '<tr class="is-mean">'


def cross_head(matrix: CrossMatrix) -> SafeString:
    """One line of headings: the code of each criterion, its title and maximum on pointing."""
    codes = [
        f'<th scope="col"><abbr title="{escape(each.criterion.title)} '
        f'(tối đa {vietnamese(each.maximum)})">{escape(each.criterion.code)}</abbr>'
        for each in matrix.criteria
    ]
    return SafeString(
        f'<tr><th scope="col">Đơn vị được chấm<th scope="col">Đơn vị chấm{"".join(codes)}'
        '<th scope="col">Tổng'
    )


def cross_body(matrix: CrossMatrix) -> SafeString:
    """Per unit one line for each reviewer, then the means."""
    written: dict[Decimal | None, str] = {None: NOTHING}
    means: dict[Fraction | None, str] = {None: NOTHING}
    parts: list[str] = []
    for member, reviews in matrix.rows:
        name = f'<tr><th scope="row">{escape(member.organisation.short_name)}<td>'
        for reviewer, points in reviews:
            cells = "<td>".join([_number(each, written) for each in points])
            total = _number(_sum(points), written)
            parts.append(f"{name}{escape(reviewer)}<td>{cells}<td>{total}")
        parts.append(f"{name.replace('<tr>', MEAN_ROW, 1)}Trung bình{_means(reviews, means)}")
    return SafeString("".join(parts))


def _means(
    reviews: tuple[tuple[str, tuple[Decimal | None, ...]], ...],
    written: dict[Fraction | None, str],
) -> str:
    """The means of a unit's columns and their sum, as cells."""
    found = [_mean(column) for column in zip(*(points for _, points in reviews), strict=True)]
    known = [mean for mean in found if mean is not None]
    total = sum(known, Fraction(0)) if known and len(known) == len(found) else None
    cells = []
    for mean in (*found, total):
        text = written.get(mean)
        if text is None:
            text = written[mean] = about(mean)
        cells.append(f"<td>{text}")
    return "".join(cells)


def _sum(points: tuple[Decimal | None, ...]) -> Decimal | None:
    """One review's total; None when it was not handed in."""
    given = [each for each in points if each is not None]
    return sum(given, Decimal(0)) if given and len(given) == len(points) else None


def _mean(points: tuple[Decimal | None, ...]) -> Fraction | None:
    """The exact mean of what was given."""
    given = [each for each in points if each is not None]
    return Fraction(sum(given, Decimal(0))) / len(given) if given else None


def _number(value: Decimal | None, written: dict[Decimal | None, str]) -> str:
    """Points as text; the same number is written out once."""
    text = written.get(value)
    if text is None:
        text = written[value] = vietnamese(value) if value is not None else NOTHING
    return text
