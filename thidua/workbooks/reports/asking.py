"""Figures that look written in another measure: asked about before anything is taken over.

Dong for million dong makes a million times, hectares for square metres a ten-thousandth. One figure
of the period before is enough to ask; nothing is refused, and nothing passes unseen.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from thidua.rules.numbers import vietnamese
from thidua.rules.reporting import Amount, Edition, Indicator, Values, read_amount, where
from thidua.rules.reporting.words import with_measure
from thidua.rules.scoring import Severity
from thidua.workbooks.reading import CellProblem
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.read import Sent
from thidua.workbooks.reports.read.saying import cell_name

# How near to a factor the ratio must lie, as a factor itself.
BAND = 3
JUMP = 1000
LARGER = {"triệu đồng": ((1_000_000, "đồng"), (1000, "nghìn đồng"))}
SMALLER = {
    "triệu đồng": ((1000, "tỷ đồng"),),
    "m²": ((10_000, "ha"),),
}


def questions(
    edition: Edition, sent: Sent, stored: Values, before: Values, name: str
) -> list[CellProblem]:
    """What to ask about the figures that the workbook changes, by sheet and cell.

    `stored` is what the report holds now, `before` what the period before says (called `name`).
    """
    found = []
    for template in edition.templates:
        places = layout.value_cells(template)
        for indicator in template.numbers:
            text = sent.cells.get(template.key, {}).get(indicator.key, "")
            named = where(template, indicator)
            amount = read_amount(text, where=named, places=indicator.places)
            if amount is None or amount == stored.get(indicator.key):
                continue
            asked = question(indicator, amount, before.get(indicator.key), name)
            if asked:
                sheet, cell = layout.page_name(template), cell_name(places[indicator.key])
                sentence = f"{named}: {asked}"
                found.append(CellProblem(sheet, cell, Severity.WARNING, sentence))
    return found


def question(indicator: Indicator, amount: Amount, before: Amount | None, name: str) -> str:
    """The question about one figure beside that of the period before; "" where there is none."""
    if before is None or not before.number or not amount.number:
        return ""
    ratio = Fraction(amount.number) / Fraction(before.number)
    guess = next(_guesses(indicator, ratio), "")
    if not guess and ratio < JUMP:
        return ""
    much = f"gấp khoảng {_whole(ratio)} lần" if ratio > 1 else f"chỉ bằng 1/{_whole(1 / ratio)}"
    meant = f"có phải ghi nhầm {guess} thay vì {indicator.measure}" if guess else "có đúng"
    return (
        f"{with_measure(str(amount), indicator.measure)} {much} {name} "
        f"({with_measure(str(before), indicator.measure)}), {meant} không?"
    )


def _guesses(indicator: Indicator, ratio: Fraction) -> Iterator[str]:
    for factor, measure in LARGER.get(indicator.measure, ()):
        if Fraction(factor, BAND) <= ratio <= factor * BAND:
            yield measure
    for factor, measure in SMALLER.get(indicator.measure, ()):
        if Fraction(factor, BAND) <= 1 / ratio <= factor * BAND:
            yield measure


def _whole(number: Fraction) -> str:
    return vietnamese(Decimal(round(number)))
