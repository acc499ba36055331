"""Charts as SVG drawn on the server: presentation attributes and classes only, so no style is
inline (CSP). Shares become lengths and shades here; floats are for drawing, never for points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

ROW, COLUMN, NAME, HEAD = 34, 46, 150, 30
LONGEST_NAME = 20


@dataclass(frozen=True)
class PlaceRow:
    """One unit: its place now and how often it came at each place, as shares of 1."""

    name: str
    place: int
    shares: Mapping[int, Fraction]


def percent(share: Fraction) -> str:
    """A share as whole per cent; what is above 0 never reads as none."""
    whole = round(share * 100)
    if share and not whole:
        return "<1"
    return ">99" if share < 1 and whole == 100 else str(whole)


def places_chart(rows: Sequence[PlaceRow], title: str) -> SafeString:
    """Units down, places across; the darker a cell, the more often. The place now has a frame."""
    places = max((max(row.shares, default=row.place) for row in rows), default=0)
    places = max(places, *(row.place for row in rows)) if rows else 0
    width, height = NAME + places * COLUMN + 8, HEAD + len(rows) * ROW + 8
    heads = "".join(
        f'<text class="chart-head" x="{_column(place) + COLUMN // 2}" y="20" '
        f'text-anchor="middle">{place}</text>'
        for place in range(1, places + 1)
    )
    lines = "".join(_line(number, row) for number, row in enumerate(rows))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-label="{}">{}{}</svg>',
        width,
        height,
        width,
        height,
        title,
        SafeString(f'<text class="chart-head" x="0" y="20">Hạng</text>{heads}'),
        SafeString(lines),
    )


def _column(place: int) -> int:
    return NAME + (place - 1) * COLUMN


def _line(number: int, row: PlaceRow) -> str:
    y = HEAD + number * ROW
    name = row.name if len(row.name) <= LONGEST_NAME else f"{row.name[: LONGEST_NAME - 1]}…"
    text = f'<text class="chart-name" x="0" y="{y + 21}">{escape(name)}</text>'
    cells = "".join(
        f'<rect class="chart-cell" x="{_column(place) + 2}" y="{y + 2}" width="{COLUMN - 4}" '
        f'height="{ROW - 4}" rx="3" fill-opacity="{_shade(share)}"/>'
        f'<text class="chart-share{" is-dark" if share > Fraction(11, 20) else ""}" '
        f'x="{_column(place) + COLUMN // 2}" y="{y + 21}" text-anchor="middle">'
        f"{escape(percent(share))}</text>"
        for place, share in sorted(row.shares.items())
    )
    frame = (
        f'<rect class="chart-frame" x="{_column(row.place) + 1}" y="{y + 1}" '
        f'width="{COLUMN - 2}" height="{ROW - 2}" rx="4" fill="none"/>'
    )
    return text + cells + frame


def _shade(share: Fraction) -> str:
    return f"{0.08 + 0.92 * float(share):.2f}"
