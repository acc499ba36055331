"""Roll-up over the periods of a year: a plan for each figure, and the plan carried out.

A flow adds, an opening stock is that of the first period, a closing stock that of the last. A total
with a stock in it is computed again: from its parts where the form says how, else from what was due
in the last period and what had been done in the periods before (due next = due − done + new).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from thidua.rules.reporting.amounts import Amount, Values, added, less
from thidua.rules.reporting.filled import Filled, completed
from thidua.rules.reporting.rollup.totals import (
    NOT_ADDED,
    NOT_REBUILT,
    Total,
    once,
    summed,
)
from thidua.rules.reporting.templates import Behaviour, Edition, Indicator, Sum

Parts = Sequence[tuple[str, Filled | None]]
Periods = Sequence[tuple[str, Values | None]]


class Take(StrEnum):
    """From which of the periods, in order of time, a piece is taken."""

    ALL = "all"
    FIRST = "first"
    LAST = "last"
    EARLIER = "earlier"


@dataclass(frozen=True)
class Piece:
    """`factor` times the figure `key`, summed over the periods of `take` (EARLIER: all but last)."""

    key: str
    take: Take
    factor: int = 1


_SIMPLE = {
    Behaviour.FLOW: Take.ALL,
    Behaviour.OPENING: Take.FIRST,
    Behaviour.CLOSING: Take.LAST,
}


def plan(edition: Edition, key: str) -> tuple[Piece, ...]:
    """The pieces whose sum is the figure of the longer period; () where it cannot be rebuilt."""
    indicator = edition.indicator(key)
    if indicator.behaviour in _SIMPLE:
        return (Piece(key, _SIMPLE[indicator.behaviour]),)
    if indicator.behaviour != Behaviour.TOTAL:
        return ()
    for terms in indicator.totals:
        if pieces := _of_parts(edition, terms):
            return pieces
    if indicator.outflow:
        return (Piece(key, Take.LAST), Piece(indicator.outflow, Take.EARLIER))
    return ()


def _of_parts(edition: Edition, terms: Sum) -> tuple[Piece, ...]:
    plans = [(term.factor, plan(edition, term.key)) for term in terms]
    if not all(pieces for _, pieces in plans):
        return ()
    return tuple(
        replace(piece, factor=piece.factor * factor) for factor, pieces in plans for piece in pieces
    )


def over_time(
    edition: Edition, parts: Parts, *, templates: Collection[str] | None = None
) -> dict[str, Total]:
    """The figures of a longer period from those it is made of, in order of time without a gap.

    The parts, each with its name, may be quarters or longer (6 months, Q3, Q4); None is a period
    without a report. A flow that lacks a part is the sum of the others and names it; a stock whose
    end lacks has no amount.
    """
    periods = [
        (name, completed(edition, part.values, templates) if part else None) for name, part in parts
    ]
    return {each.key: _rebuilt(edition, each, periods) for each in edition.numbers(templates)}


def _rebuilt(edition: Edition, indicator: Indicator, periods: Periods) -> Total:
    pieces = plan(edition, indicator.key)
    if not pieces:
        is_ratio = indicator.behaviour == Behaviour.RATIO
        return Total(None, reason=NOT_ADDED if is_ratio else NOT_REBUILT)
    found = [(piece, _taken(edition, piece, periods)) for piece in pieces]
    return Total(
        _combined([(piece, total.amount) for piece, total in found]),
        counted=once(name for _, total in found for name in total.counted),
        missing=once(name for _, total in found for name in total.missing),
    )


def _taken(edition: Edition, piece: Piece, periods: Periods) -> Total:
    chosen_periods = {
        Take.ALL: periods,
        Take.FIRST: periods[:1],
        Take.LAST: periods[-1:],
        Take.EARLIER: periods[:-1],
    }[piece.take]
    given = {name: values.get(piece.key) if values else None for name, values in chosen_periods}
    silent = {name for name, values in chosen_periods if values is None}
    return summed(edition.indicator(piece.key), given, silent)


def _combined(found: Sequence[tuple[Piece, Amount | None]]) -> Amount | None:
    """The sum of the pieces; none without an end, or without any period of a flow."""
    plus: list[Amount] = []
    minus: list[Amount] = []
    for piece, amount in found:
        if amount is None:
            # What was done before may be nothing yet: the due of the last period stands.
            if piece.take == Take.EARLIER:
                continue
            return None
        scaled = Amount(amount.number * abs(piece.factor), amount.qualifier)
        (plus if piece.factor > 0 else minus).append(scaled)
    return less(added(plus), added(minus)) if minus else added(plus)


def single_period(edition: Edition, longer: Filled, earlier: Filled) -> dict[str, Total]:
    """The last part of a longer period: Q3 from 9 months and 6 months.

    Only flows can be taken apart; a closing stock is that of the longer period.
    """
    whole, before = completed(edition, longer.values), completed(edition, earlier.values)
    found: dict[str, Total] = {}
    for each in edition.numbers():
        if each.behaviour == Behaviour.CLOSING:
            found[each.key] = Total(whole.get(each.key))
        elif each.behaviour == Behaviour.FLOW:
            found[each.key] = _taken_apart(whole.get(each.key), before.get(each.key))
        else:
            found[each.key] = Total(None, reason=NOT_REBUILT)
    return found


def _taken_apart(whole: Amount | None, before: Amount | None) -> Total:
    if whole is None or before is None:
        return Total(None)
    if whole.number < before.number:
        return Total(None, reason="Số lũy kế nhỏ hơn số của kỳ trước: hãy kiểm tra hai báo cáo.")
    return Total(less(whole, before))
