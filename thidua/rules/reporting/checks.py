"""Kiểm tra: a report against what its forms print, what follows from them, and the period before.

A check speaks only where both sides have data. Where a part of a sum has none, the sum is at least
what is known of it; only where that alone is already too much is there a finding. Numbers of money
and land may be off by half a unit of their last decimal each, qualified numbers by one unit of
their last digit that is not 0, counts by nothing; a qualified number turns an error to a warning.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from thidua.rules.numbers import vietnamese
from thidua.rules.reporting.amounts import Amount, Values, slack
from thidua.rules.reporting.expressions import keys_of, lists_of
from thidua.rules.reporting.filled import Counted, Filled, Lists, completed
from thidua.rules.reporting.findings import Finding
from thidua.rules.reporting.lists import check_rows
from thidua.rules.reporting.own.keys import OWN
from thidua.rules.reporting.templates import (
    Basis,
    Check,
    Comparison,
    Edition,
    Severity,
    Sign,
    Sum,
    Term,
    ZeroMeansZero,
)
from thidua.rules.reporting.words import (
    Place,
    form_name,
    short,
    sum_counted,
    sum_named,
    with_measure,
)

RELATIONS = {Sign.EQUAL: "bằng", Sign.AT_MOST: "không quá", Sign.AT_LEAST: "ít nhất bằng"}


@dataclass(frozen=True)
class Sight:
    """What one check looks at: the report, and on its right side maybe the period before."""

    edition: Edition
    check: Check
    left: Values
    right: Values
    lists: Lists
    row: str

    @property
    def home(self) -> str:
        """The form of the check; across forms, that of its first figure."""
        first = keys_of(self.check.statement)
        return self.check.template or self.edition.home(first[0]).key

    @property
    def article(self) -> str:
        """Where the check is printed; a cluster's own rule stands in no circular."""
        keys = (self.check.template, *keys_of(self.check.statement))
        return "" if any(key.startswith(f"{OWN}-") for key in keys) else self.edition.article

    def places(self, keys: Collection[str]) -> tuple[Place, ...]:
        """The cells of those figures in the report."""
        return tuple(
            Place(self.edition.home(key).key, key, self.row) for key in dict.fromkeys(keys)
        )


def check_report(
    edition: Edition,
    filled: Filled,
    *,
    previous: Filled | None = None,
    templates: Collection[str] | None = None,
    row: str = "",
) -> tuple[Finding, ...]:
    """Everything to look at in a report, errors first.

    `previous` is the report whose period ended the day before this one began, whatever its kind:
    for Q1, 6 months, 9 months and the year that is the report of Q4 or of the year before.
    `templates`: the keys of the forms handed in, all when None. `row` names the unit in sentences.
    """
    values = completed(edition, filled.values)
    before = completed(edition, previous.values) if previous else {}
    chosen = None if templates is None else set(templates)
    findings: list[Finding] = []
    for check in edition.every_check():
        if chosen is None or _forms(edition, check) <= chosen:
            right = before if check.basis == Basis.CARRIED else values
            sight = Sight(edition, check, values, right, filled.lists, row)
            findings.extend(_run(sight))
    return tuple(sorted(findings, key=lambda each: each.severity != Severity.ERROR))


def _forms(edition: Edition, check: Check) -> set[str]:
    figures = {edition.home(key).key for key in keys_of(check.statement)}
    return figures | set(lists_of(check.statement))


def _run(sight: Sight) -> Iterator[Finding]:
    statement = sight.check.statement
    if isinstance(statement, Comparison):
        return _compare(sight, statement)
    if isinstance(statement, ZeroMeansZero):
        return _zero(sight, statement)
    template = sight.edition.template(sight.check.template)
    rows = sight.lists.get(template.key, ())
    return check_rows(template, sight.check, statement, rows, sight.article)


def _compare(sight: Sight, statement: Comparison) -> Iterator[Finding]:
    left = _count(sight, statement.left, sight.left)
    right = _count(sight, statement.right, sight.right)
    gap = _gap(statement, left, right)
    allowed = left.slack + right.slack
    if gap and (gap >= allowed or not allowed):
        yield _finding(sight, statement, left, right, gap)


def _gap(statement: Comparison, left: Counted, right: Counted) -> Decimal:
    """By how much the comparison fails; 0 where it holds or cannot be judged."""
    over = left.known - right.known
    match statement.sign:
        case Sign.AT_MOST:
            return max(over, Decimal(0)) if _bounds(statement.left, left, right) else Decimal(0)
        case Sign.AT_LEAST:
            return max(-over, Decimal(0)) if _bounds(statement.right, right, left) else Decimal(0)
        case Sign.EQUAL if left.is_complete and right.is_complete:
            return abs(over)
        case Sign.EQUAL if _bounds(statement.right, right, left):
            return max(-over, Decimal(0))
    return Decimal(0)


def _bounds(terms: Sum, small: Counted, large: Counted) -> bool:
    """Whether what is known of the small side may not exceed the large side.

    Figures are never negative, so parts without data only add, unless the sum takes some away.
    """
    if not large.is_complete or len(small.missing) == len(terms):
        return False
    return small.is_complete or all(term.factor > 0 for term in terms)


def _count(sight: Sight, terms: Sum, values: Values) -> Counted:
    known, off = Decimal(0), Decimal(0)
    missing: list[str] = []
    qualified = False
    for term in terms:
        amount = _amount(sight, term, values)
        if amount is None:
            missing.append(term.key)
            continue
        known += amount.number * term.factor
        places = 0 if term.rows else sight.edition.indicator(term.key).places
        off += slack(amount, places=places) * abs(term.factor)
        qualified = qualified or bool(amount.qualifier)
    return Counted(known, off, tuple(missing), qualified)


def _amount(sight: Sight, term: Term, values: Values) -> Amount | None:
    if not term.rows:
        return values.get(term.key)
    rows = sight.lists.get(term.key)
    return None if rows is None else Amount(Decimal(len(rows)))


def _finding(
    sight: Sight, statement: Comparison, left: Counted, right: Counted, gap: Decimal
) -> Finding:
    check = sight.check
    qualified = left.qualified or right.qualified
    keys = [term.key for term in statement.left if not term.rows]
    if check.basis != Basis.CARRIED:
        keys += [term.key for term in statement.right if not term.rows]
    return Finding(
        check=check.key,
        severity=Severity.WARNING if qualified else check.severity,
        places=sight.places(keys),
        sentence=_sentence(sight, statement, left, right, gap),
        arithmetic=_arithmetic(sight, statement, left, right),
        explainable=check.explainable or qualified,
        article=sight.article if check.basis == Basis.PRINTED else "",
    )


def _sentence(
    sight: Sight, statement: Comparison, left: Counted, right: Counted, gap: Decimal
) -> str:
    named = [
        sum_named(sight.edition, side, sight.home) for side in (statement.left, statement.right)
    ]
    before = " của kỳ trước" if sight.check.basis == Basis.CARRIED else ""
    form = form_name(sight.edition.template(sight.home))
    heading = _heading(sight, statement.left)
    parts = [
        f"{form}: {named[0]}{heading} phải {RELATIONS[statement.sign]} {named[1]}{before}",
        f"nhưng {_side(sight, statement.left, sight.left)} so với "
        f"{_side(sight, statement.right, sight.right)}",
        f"lệch {_measured(sight, statement, gap)}",
    ]
    return ", ".join(parts) + "." + _lacking(sight, left, right) + _note(sight)


def _heading(sight: Sight, terms: Sum) -> str:
    """The heading of a figure that stands alone on its side."""
    if len(terms) > 1 or terms[0].rows:
        return ""
    indicator = sight.edition.indicator(terms[0].key)
    return f" ({indicator.label})" if indicator.code else ""


def _side(sight: Sight, terms: Sum, values: Values) -> str:
    """“2.233 + 2.677 = 4.910”; a single figure as it is."""
    counted = _counted_text(sight, terms, values)
    if len(terms) == 1 and abs(terms[0].factor) == 1:
        return counted
    return f"{counted} = {vietnamese(_count(sight, terms, values).known)}"


def _counted_text(sight: Sight, terms: Sum, values: Values) -> str:
    shown = {term.key: _amount(sight, term, values) for term in terms}
    return sum_counted(terms, shown)


def _measured(sight: Sight, statement: Comparison, gap: Decimal) -> str:
    first = next(term for term in (*statement.left, *statement.right) if not term.rows)
    return with_measure(vietnamese(gap), sight.edition.indicator(first.key).measure)


def _lacking(sight: Sight, left: Counted, right: Counted) -> str:
    keys = (*left.missing, *right.missing)
    if not keys:
        return ""
    names = ", ".join(_short(sight.edition, key) for key in keys)
    return f" Chưa có số liệu: {names}; phần đã có đã vượt."


def _short(edition: Edition, key: str) -> str:
    return short(edition.home(key), edition.indicator(key))


def _note(sight: Sight) -> str:
    return f" {sight.check.note}" if sight.check.note else ""


def _arithmetic(sight: Sight, statement: Comparison, left: Counted, right: Counted) -> str:
    sign = {Sign.EQUAL: "≠", Sign.AT_MOST: ">", Sign.AT_LEAST: "<"}[statement.sign]
    sides = (
        _side(sight, statement.left, sight.left),
        _side(sight, statement.right, sight.right),
    )
    return f"{sides[0]} {sign} {sides[1]}"


def _zero(sight: Sight, statement: ZeroMeansZero) -> Iterator[Finding]:
    trigger = sight.left.get(statement.key)
    if trigger is None or trigger.number != 0:
        return
    found = [key for key in statement.others if _above_zero(sight.left.get(key))]
    if not found:
        return
    form = form_name(sight.edition.template(sight.home))
    names = ", ".join(f"{_short(sight.edition, key)} là {sight.left[key]}" for key in found)
    yield Finding(
        check=sight.check.key,
        severity=sight.check.severity,
        places=sight.places([statement.key, *found]),
        sentence=f"{form}: {_short(sight.edition, statement.key)} là 0 nhưng {names}."
        + _note(sight),
        arithmetic=f"{_short(sight.edition, statement.key)} = 0; {names}",
        explainable=sight.check.explainable,
    )


def _above_zero(amount: Amount | None) -> bool:
    return amount is not None and amount.number > 0
