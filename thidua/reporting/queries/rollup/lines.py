"""A roll-up line by line, as page, workbook and paper show it: value, how, who is in, who lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thidua.reporting.queries.rollup.asking import Asked
from thidua.rules.reporting import (
    Behaviour,
    Indicator,
    Piece,
    Take,
    Total,
    in_words,
    outline,
    plan,
)
from thidua.rules.reporting.words import short


@dataclass(frozen=True)
class Line:
    """One line of the form; a title has no `indicator` and no `total`."""

    text: str
    depth: int
    indicator: Indicator | None = None
    total: Total | None = None
    how: str = ""
    of: int = 0

    @property
    def shown(self) -> str:
        """The value in words; a ratio says why there is none."""
        if self.total is None:
            return ""
        return self.total.reason or in_words(self.total.amount)

    @property
    def counted(self) -> str:
        """“7/9”: how many units are in it; "" where nothing can be added."""
        if self.total is None or (self.total.reason and not self.total.counted):
            return ""
        return f"{len(self.total.counted)}/{self.of}"

    @property
    def has_amount(self) -> bool:
        return self.total is not None and self.total.amount is not None


def lines_of(asked: Asked, totals: Mapping[str, Total]) -> list[Line]:
    """The form with its totals, titles between."""
    return [
        Line(
            text=row.text,
            depth=row.depth,
            indicator=row.indicator,
            total=totals[row.indicator.key],
            how=how(asked, row.indicator),
            of=len(asked.members),
        )
        if row.indicator and row.indicator.key in totals
        else Line(row.text, row.depth)
        for row in outline(asked.template)
        if row.indicator is None or row.indicator.key in totals
    ]


def silent_of(totals: Mapping[str, Total]) -> tuple[str, ...]:
    """Who lacks in every total that can be made: the units, or “unit (period)”, without a report."""
    made = [total for total in totals.values() if not total.reason]
    if not made:
        return ()
    common = set(made[0].missing).intersection(*(total.missing for total in made))
    return tuple(name for name in made[0].missing if name in common)


def how(asked: Asked, indicator: Indicator) -> str:
    """How the total comes about, in words."""
    if indicator.behaviour == Behaviour.RATIO:
        return "Không cộng tỷ lệ"
    if not asked.is_rebuilt:
        return "Cộng các đơn vị" if len(asked.members) > 1 else "Như đơn vị báo cáo"
    pieces = plan(asked.edition, indicator.key)
    if not pieces:
        return "Không dựng lại được từ các kỳ"
    if len(pieces) == 1 and pieces[0].key == indicator.key:
        taken = _taken(asked, pieces[0])
        return taken[0].upper() + taken[1:]
    return _formula(asked, pieces)


def _formula(asked: Asked, pieces: Sequence[Piece]) -> str:
    text = ""
    for piece in pieces:
        template = asked.edition.home(piece.key)
        name = short(template, template.indicator(piece.key))
        times = f"{abs(piece.factor)} × " if abs(piece.factor) != 1 else ""
        sign = (" − " if piece.factor < 0 else " + ") if text else ""
        text += f"{sign}{times}{name} ({_taken(asked, piece)})"
    return text[0].upper() + text[1:]


def _taken(asked: Asked, piece: Piece) -> str:
    first, last = asked.periods[0].name, asked.periods[-1].name
    return {
        Take.ALL: "cộng các kỳ",
        Take.FIRST: f"lấy của {first}",
        Take.LAST: f"lấy của {last}",
        Take.EARLIER: f"cộng các kỳ trước {last}",
    }[piece.take]
