"""Units beside one another: a bar each, in the order given, with its number at the end."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.safestring import SafeString

from thidua.ui.charts.drawing import (
    drawing,
    full_length,
    measured,
    percent,
    share,
    target_legend,
    text,
    width_class,
)

ROW, BAR, HEAD = 44, 14, 26
# The name stands over its bar, the number at the right end of the same line.
NAME_AT, BAR_AT = 16, 23
LONGEST = 40
NO_DATA = "chưa có số liệu"
Rows = Sequence[tuple[str, Fraction | None]]


def bars_chart(
    *, title: str, rows: Rows, target: Fraction | None = None, measure: str
) -> SafeString:
    """Horizontal bars; who has no data is named so and has no bar."""
    top = full_length([*(value for _, value in rows), target], measure)
    head = HEAD if target is not None else 0
    parts = [target_legend(target, measure)]
    for place, row in enumerate(rows):
        y = head + place * ROW
        parts.append(_row(row, top, y, measure))
        if target is not None:
            parts.append(_target(target, top, y + BAR_AT))
    height = head + len(rows) * ROW
    return drawing(
        parts,
        title=title,
        description=_described(rows, target, measure),
        height=max(height, ROW),
        kind=width_class(0),
    )


def _row(row: tuple[str, Fraction | None], top: Fraction, y: int, measure: str) -> str:
    name, value = row
    shown = NO_DATA if value is None else measured(value, measure)
    kind = "graph-note" if value is None else "graph-value"
    return (
        text(_short(name, shown), x="0", y=y + NAME_AT, kind="graph-name")
        + text(shown, x="100%", y=y + NAME_AT, kind=kind, anchor="end")
        + _bar(value, top, y + BAR_AT)
    )


def _short(name: str, shown: str) -> str:
    longest = LONGEST - len(shown)
    return name if len(name) <= longest else f"{name[: max(longest, 8) - 1].rstrip()}…"


def _bar(value: Fraction | None, top: Fraction, y: int) -> str:
    if value is None:
        return f'<rect class="graph-gap" x="0" y="{y}" width="100%" height="{BAR}" rx="2" fill="none"/>'
    # 0 keeps a thin line.
    wide = percent(max(0.004, share(value, top)))
    return (
        f'<rect class="graph-track" x="0" y="{y}" width="100%" height="{BAR}" rx="2"/>'
        f'<rect class="graph-bar" x="0" y="{y}" width="{wide}" height="{BAR}" rx="2"/>'
    )


def _target(target: Fraction, top: Fraction, y: int) -> str:
    # Bar by bar, so that no line runs through a number.
    at = percent(share(target, top))
    return f'<line class="graph-mark" x1="{at}" y1="{y - 4}" x2="{at}" y2="{y + BAR + 4}"/>'


def _described(rows: Rows, target: Fraction | None, measure: str) -> str:
    said = "; ".join(
        f"{name}: {NO_DATA if value is None else measured(value, measure)}" for name, value in rows
    )
    aim = f" Mức phấn đấu: {measured(target, measure)}." if target is not None else ""
    return f"{said or NO_DATA}.{aim}"
