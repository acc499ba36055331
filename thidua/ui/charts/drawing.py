"""What all drawings share: numbers in words, lengths as shares, the frame with its description."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from thidua.rules.numbers import vietnamese

NOT_YET = "chưa có"
PLACES = Decimal("0.01")
# Narrowest widths by class (`graph-w1` … in app.css), in px: below, the page lets the drawing roll.
WIDTHS = (280, 400, 560, 760, 960)
# A letter of the labels is about this wide, in px.
LETTER = 7


def written(value: Fraction | None) -> str:
    """A number as Vietnamese people write it, with at most two decimals; no data says so."""
    if value is None:
        return NOT_YET
    with localcontext(prec=40):
        number = Decimal(value.numerator) / Decimal(value.denominator)
        return vietnamese(number.quantize(PLACES, ROUND_HALF_UP))


def measured(value: Fraction | None, measure: str) -> str:
    """“12 cuộc”; no data has no measure."""
    return written(value) if value is None else f"{written(value)} {measure}".rstrip()


def full_length(values: Iterable[Fraction | None], measure: str) -> Fraction:
    """What a full length stands for: the largest number, and never less than 100 %."""
    least = Fraction(100 if measure == "%" else 0)
    return max([least, *(each for each in values if each)]) or Fraction(1)


def share(value: Fraction, top: Fraction) -> float:
    """The part of a full length, 0 to 1."""
    return max(0.0, min(1.0, float(value / top)))


def percent(part: float) -> str:
    """A part as a length: 0.5 → “50%”."""
    return f"{part * 100:.2f}".rstrip("0").rstrip(".") + "%"


def width_class(pixels: int) -> str:
    """The class of the narrowest width at which so many px still fit."""
    place = next((at for at, width in enumerate(WIDTHS, 1) if pixels <= width), len(WIDTHS))
    return f"graph-w{place}"


def shortened(name: str, longest: int) -> str:
    """The name, cut with “…” where it is longer."""
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def text(words: str, *, x: str, y: int, kind: str, anchor: str = "start", dx: int = 0) -> str:
    """One line of words, escaped; `kind` is its class, `dx` px beside a share."""
    moved = f' dx="{dx}"' if dx else ""
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{kind}" x="{x}" y="{y}"{moved}{at}>{escape(words)}</text>'


def target_legend(target: Fraction | None, measure: str) -> str:
    """What the dashed line means, above the drawing; "" without a target."""
    if target is None:
        return ""
    return (
        '<line class="graph-target" x1="0" y1="9" x2="22" y2="9"/>'
        f"{text(f'mức phấn đấu: {measured(target, measure)}', x='28', y=13, kind='graph-note')}"
    )


def drawing(
    parts: Iterable[str], *, title: str, description: str, height: int, kind: str
) -> SafeString:
    """The frame around escaped parts; `title` and `description` are what a reader hears."""
    return format_html(
        '<svg class="graph {}" width="100%" height="{}" role="img" focusable="false">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        kind,
        height,
        title,
        description,
        SafeString("".join(parts)),
    )
