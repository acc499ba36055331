"""The worked examples of a table, computed: each must come out as the table says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.rules.errors import RuleError
from thidua.rules.scoring.facts import Facts, Unit
from thidua.rules.scoring.kinds import lead_of
from thidua.rules.scoring.language import (
    Case,
    InputKind,
    Kind,
    LeafRule,
    NotApplicable,
    leaf_rule,
    table_rules,
)
from thidua.rules.scoring.numbers import vietnamese
from thidua.rules.scoring.parts import Leads
from thidua.rules.scoring.points import Claim, LeafResult, Setting, examine_leaf
from thidua.rules.scoring.totals import applicability, examine
from thidua.rules.scoring.tree import Table

_BY_TARGET = {Kind.LINEAR, Kind.LEADER}


@dataclass(frozen=True)
class CaseResult:
    """One worked example: its points as computed (None: none), whether that is what it says."""

    case: Case
    points: Decimal | None
    passed: bool
    sentence: str


@dataclass(frozen=True)
class _Computed:
    """What came out: points, whether a person must decide, and the reason in a sentence."""

    points: Decimal | None
    needs_person: bool
    why: str


def run_cases(table: Table, year: int = 2026) -> tuple[CaseResult, ...]:
    """Every worked example of a table, in order.

    Due dates without a year fall in the first year that the examples' dates name, else in `year`.
    A unit that is compared with others stands alone here. Raises RuleError only when the rules of
    the whole table cannot be read.
    """
    cases = table_rules(table).cases
    year = min(_years(table), default=year)
    return tuple(_run(table, case, year) for case in cases)


def _years(table: Table) -> Iterator[int]:
    rules = table_rules(table)
    dates = {key for key, each in rules.inputs.items() if each.kind is InputKind.DATE}
    for case in rules.cases:
        for key in dates.intersection(case.facts):
            try:
                yield date.fromisoformat(case.facts[key]).year
            except ValueError:
                continue  # Said by the example itself when it is computed.


def _run(table: Table, case: Case, year: int) -> CaseResult:
    try:
        computed = _of_leaf(table, case, year) if case.path else _of_table(table, case, year)
    except RuleError as error:
        return CaseResult(case, None, passed=False, sentence=_said(case, str(error)))
    if case.points is None:
        passed = computed.needs_person
        reason = "cần người quyết định" if passed else f"phần mềm tự tính được: {computed.why}"
    elif computed.points is None:
        passed, reason = False, f"chưa tính được điểm: {computed.why}"
    else:
        passed = computed.points == case.points
        reason = f"đúng {vietnamese(case.points)} điểm."
        if not passed:
            reason = (
                f"ví dụ ghi {vietnamese(case.points)} điểm, phần mềm tính"
                f" {vietnamese(computed.points)}. {computed.why}"
            )
    return CaseResult(case, computed.points, passed, _said(case, reason))


def _said(case: Case, reason: str) -> str:
    return f"Ví dụ “{case.name}”: {reason.rstrip('.')}."


def _of_leaf(table: Table, case: Case, year: int) -> _Computed:
    node = table.node(case.path)
    if not node.is_leaf:
        raise RuleError(f"“{case.path}” là nhóm, không chấm trực tiếp.")
    rule = leaf_rule(node)
    facts = Facts(table_rules(table), case.facts, _unit(case, rule), year=year)
    # A condition of a group above counts where the example gives its figures.
    how = applicability(table, facts).get(node.path)
    result = examine_leaf(
        node,
        Claim(case.base, case.bonus, case.deduction),
        Setting(facts, _leads(node.path, rule, facts), table.floor_at_zero),
        not_applicable=how if isinstance(how, NotApplicable) else None,
    )
    return _Computed(result.points, bool(result.needs_person), _why(result))


def _why(result: LeafResult) -> str:
    open_things = "; ".join((*result.missing, *result.waits))
    return open_things or " ".join(line.sentence for line in result.trace)


def _of_table(table: Table, case: Case, year: int) -> _Computed:
    facts = Facts(table_rules(table), case.facts, year=year)
    leads: Leads = {
        key: lead
        for node in table.leaves()
        for key, lead in _leads(node.path, leaf_rule(node), facts).items()
    }
    result = examine(table, {}, facts, leads=leads)
    why = result.trace[-1].sentence
    if result.missing:
        why += f" Chưa có điểm: {', '.join(result.missing)}."
    needs_person = any(leaf.needs_person for leaf in result.leaves.values())
    return _Computed(result.rounded, needs_person, why)


def _unit(case: Case, rule: LeafRule) -> Unit:
    """What the example sets for its unit: the target of what the standard points ask for, its size."""
    lines = [line for _, _, line in rule.lines]
    by_target = [line.input for line in lines if line.kind in _BY_TARGET]
    targets = {} if case.target is None else dict.fromkeys(by_target[:1], case.target)
    tiers = {line.tiers: case.tier for line in lines if line.tiers and case.tier}
    return Unit(targets=targets, tiers=tiers)


def _leads(path: str, rule: LeafRule, facts: Facts) -> Leads:
    """The leaders of a cluster of this unit alone."""
    return {
        (path, part, number): lead_of(line, [facts])
        for part, number, line in rule.lines
        if line.kind is Kind.LEADER
    }
