"""The course over the periods of a year: columns, and the target as a dashed line."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.safestring import SafeString

from thidua.ui.charts.drawing import (
    LETTER,
    NOT_YET,
    drawing,
    full_length,
    measured,
    percent,
    share,
    target_legend,
    text,
    width_class,
    written,
)

# From the top, in px: the legend, room for a number over the highest column, columns, names.
LEGEND, ABOVE, TALL, BELOW = 22, 20, 130, 24
BASE = LEGEND + ABOVE + TALL
NARROWEST = 50
Points = Sequence[tuple[str, Fraction | None]]


def course_chart(
    *, title: str, points: Points, target: Fraction | None, measure: str
) -> SafeString:
    """One column per period in order of time; a period without data is a visible gap."""
    top = full_length([*(value for _, value in points), target], measure)
    parts = [target_legend(target, measure), *_columns(points, top), _ground()]
    if target is not None and points:
        parts.append(_target(target, top))
    # Numbers last: the line of the target never strikes one out.
    parts += _values(points, top)
    return drawing(
        parts,
        title=title,
        description=_described(points, target, measure),
        height=BASE + BELOW,
        kind=_width(points),
    )


def _columns(points: Points, top: Fraction) -> list[str]:
    step = 1 / max(len(points), 1)
    parts = []
    for place, (name, value) in enumerate(points):
        left, middle = percent((place + 0.18) * step), percent((place + 0.5) * step)
        wide = percent(0.64 * step)
        parts.append(_gap(left, middle, wide) if value is None else "")
        if value is not None:
            parts.append(_column(value, top, left, wide))
        parts.append(text(name, x=middle, y=BASE + 17, kind="graph-name", anchor="middle"))
    return parts


def _column(value: Fraction, top: Fraction, left: str, wide: str) -> str:
    tall = _tall(value, top)
    return (
        f'<rect class="graph-bar" x="{left}" y="{BASE - tall}" width="{wide}" height="{tall}" '
        f'rx="2"/>'
    )


def _tall(value: Fraction, top: Fraction) -> int:
    # 0 is a number: it keeps a thin line, which no data does not have.
    return max(2, round(share(value, top) * TALL))


def _values(points: Points, top: Fraction) -> list[str]:
    step = 1 / max(len(points), 1)
    return [
        text(
            written(value),
            x=percent((place + 0.5) * step),
            y=BASE - _tall(value, top) - 6,
            kind="graph-value",
            anchor="middle",
        )
        for place, (_, value) in enumerate(points)
        if value is not None
    ]


def _gap(left: str, middle: str, wide: str) -> str:
    tall = TALL // 3
    return (
        f'<rect class="graph-gap" x="{left}" y="{BASE - tall}" width="{wide}" height="{tall}" rx="2" '
        f'fill="none"/>{text(NOT_YET, x=middle, y=BASE - tall - 6, kind="graph-note", anchor="middle")}'
    )


def _ground() -> str:
    return f'<line class="graph-ground" x1="0" y1="{BASE}" x2="100%" y2="{BASE}"/>'


def _target(target: Fraction, top: Fraction) -> str:
    y = BASE - round(share(target, top) * TALL)
    return f'<line class="graph-target" x1="0" y1="{y}" x2="100%" y2="{y}"/>'


def _width(points: Points) -> str:
    widest = max((len(written(value)) for _, value in points), default=0)
    return width_class(len(points) * max(NARROWEST, widest * LETTER + 10))


def _described(points: Points, target: Fraction | None, measure: str) -> str:
    said = "; ".join(f"{name}: {measured(value, measure)}" for name, value in points)
    aim = f" Mức phấn đấu: {measured(target, measure)}." if target is not None else ""
    return f"{said or NOT_YET}.{aim}"
