"""Quarters and the longer periods made of them: what stands before, what rebuilds what.

The codes are those of `thidua.rules.deadlines.periods`. Every period has its own report: 6 months is
not a sum typed twice but a report beside that of Q2, and the two must tell one story.
"""

from collections.abc import Iterator, Mapping

from thidua.rules.numbers import vietnamese
from thidua.rules.reporting.amounts import Amount, slack
from thidua.rules.reporting.filled import Filled, completed
from thidua.rules.reporting.findings import Finding
from thidua.rules.reporting.rollup import Total, over_time
from thidua.rules.reporting.templates import Edition, Indicator, Severity
from thidua.rules.reporting.words import Place, where, with_measure

NAMES = {
    "q1": "Quý I",
    "q2": "Quý II",
    "6m": "6 tháng",
    "q3": "Quý III",
    "9m": "9 tháng",
    "q4": "Quý IV",
    "year": "Năm",
}
# The sets of periods that make up a longer one, the finest first.
WAYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "6m": (("q1", "q2"),),
    "9m": (("q1", "q2", "q3"), ("6m", "q3")),
    "year": (("q1", "q2", "q3", "q4"), ("6m", "q3", "q4"), ("9m", "q4")),
}
# Reports that end the day before a period begins: years back, code. Any of them is `previous`.
_YEAR_BEFORE = ((1, "q4"), (1, "year"))
BEFORE: Mapping[str, tuple[tuple[int, str], ...]] = {
    "q1": _YEAR_BEFORE,
    "6m": _YEAR_BEFORE,
    "9m": _YEAR_BEFORE,
    "year": _YEAR_BEFORE,
    "q2": ((0, "q1"),),
    "q3": ((0, "q2"), (0, "6m")),
    "q4": ((0, "q3"), (0, "9m")),
}
Reports = Mapping[str, Filled | None]


def way(code: str, reports: Reports) -> tuple[str, ...]:
    """The finest set of periods all of which have reported; else the finest; () for a quarter."""
    ways = WAYS.get(code, ())
    complete = (each for each in ways if all(reports.get(part) for part in each))
    return next(complete, ways[0] if ways else ())


def rebuilt(edition: Edition, code: str, reports: Reports) -> dict[str, Total]:
    """A longer period from the reports of one year, by code; empty for a quarter."""
    parts = way(code, reports)
    if not parts:
        return {}
    return over_time(edition, tuple((NAMES[part], reports.get(part)) for part in parts))


def check_against_parts(edition: Edition, code: str, reports: Reports) -> tuple[Finding, ...]:
    """Where the report of 6 months, 9 months or the year differs from what its parts say.

    Only figures that all parts have are compared. All findings are warnings: a later correction of
    a quarter is a good reason, but it has to be said.
    """
    report = reports.get(code)
    if not report or code not in WAYS:
        return ()
    values = completed(edition, report.values)
    totals = rebuilt(edition, code, reports)
    return tuple(_differences(edition, code, values, totals))


def _differences(
    edition: Edition,
    code: str,
    values: Mapping[str, Amount | None],
    totals: Mapping[str, Total],
) -> Iterator[Finding]:
    for indicator in edition.numbers():
        amount, total = values.get(indicator.key), totals[indicator.key]
        if amount is None or total.amount is None or total.missing:
            continue
        gap = abs(amount.number - total.amount.number)
        # Rounding of the report, and as much for each part.
        allowed = slack(amount, places=indicator.places) * (1 + len(total.counted))
        if gap > allowed:
            yield _finding(edition, indicator, code, amount, total, vietnamese(gap))


def _finding(
    edition: Edition, indicator: Indicator, code: str, amount: Amount, total: Total, gap: str
) -> Finding:
    template = edition.home(indicator.key)
    sentence = (
        f"{where(template, indicator)}: báo cáo {NAMES[code].lower()} ghi {amount}, còn tính từ "
        f"{', '.join(total.counted)} là {total.amount}, lệch "
        f"{with_measure(gap, indicator.measure)}. Hãy sửa, hoặc ghi lý do."
    )
    return Finding(
        check=f"{template.key}/luy-ke:{indicator.key}",
        severity=Severity.WARNING,
        places=(Place(template.key, indicator.key),),
        sentence=sentence,
        arithmetic=f"{amount} ≠ {total.amount}",
    )
