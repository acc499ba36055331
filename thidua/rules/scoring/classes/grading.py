"""The class a total reaches, with gates and least shares of criteria."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.scoring.classes.gates import GateResult, gates
from thidua.rules.scoring.formulas import Value
from thidua.rules.scoring.language import (
    Class,
    ClassBasis,
    TableRules,
)
from thidua.rules.scoring.ranking import shown
from thidua.rules.scoring.tree import CriterionNode, Table

TOTAL = "@tong_diem"


NO_MAXIMUM = "Không có điểm tối đa nào áp dụng nên không tính được tỷ lệ % để xếp loại."


@dataclass(frozen=True)
class Scored:
    """What the class of one organisation is decided from.

    `total` in points, rounded, with award points if classes count them; `maximum` that applied;
    `subtotals` by path; `values` by key of an input, with reserved names such as @nop;
    `excluded`: paths not assigned to it.
    """

    total: Decimal
    maximum: Decimal
    subtotals: Mapping[str, Decimal] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    excluded: Collection[str] = frozenset()


@dataclass(frozen=True)
class ClassResult:
    """The class, or none; `needs_person` says what must be known first.

    `ranked` None: people must decide whether it is ranked at all. `possible` are the outcomes
    that are still open (None: no class), empty when the class is settled.
    """

    ranked: bool | None
    name: str | None
    trace: tuple[str, ...] = ()
    needs_person: tuple[str, ...] = ()
    possible: tuple[str | None, ...] = ()


def classify(table: Table, rules: TableRules, scored: Scored) -> ClassResult:
    """The highest class whose bounds the organisation meets, within what the gates allow.

    Quotas come later, over all who are ranked. Raises RuleError when a gate limits to a class
    that the table does not have.
    """
    asked = gates(rules, lambda name: _known(scored, name))
    _refuse_unknown_limits(rules, asked)
    closed = tuple(each for each in asked if each.closes)
    trace = tuple(each.sentence for each in closed)
    if any(not each.gate.limit for each in closed):
        return ClassResult(ranked=False, name=None, trace=trace)
    waiting = tuple(each for each in asked if each.closes is None)
    if rules.classes and rules.class_basis is ClassBasis.PERCENT and scored.maximum <= 0:
        return ClassResult(
            None, None, trace, (NO_MAXIMUM,), (*(each.name for each in rules.classes), None)
        )
    ladder = [_rung(table, rules, scored, each) for each in rules.classes]
    outcomes = [
        _reached(rules, ladder, gated, missing_counts=counts)
        for gated, counts in ((closed, True), ((*closed, *waiting), False))
    ]
    sentences = tuple(each.sentence for each in waiting)
    if any(not each.gate.limit for each in waiting):
        possible = tuple(dict.fromkeys((*_between(rules, *outcomes), None)))
        return ClassResult(None, None, trace, sentences, possible)
    if outcomes[0] != outcomes[1]:
        missing = tuple(each.missing for each in ladder if each.missing)
        return ClassResult(True, None, trace, (*sentences, *missing), _between(rules, *outcomes))
    return ClassResult(True, outcomes[0], (*trace, *_explained(rules, ladder, outcomes[0], closed)))


def _known(scored: Scored, name: str) -> "Value | None":
    value = scored.values.get(name)
    return Fraction(scored.total) if value is None and name == TOTAL else value


def _refuse_unknown_limits(rules: TableRules, asked: tuple[GateResult, ...]) -> None:
    names = {each.name for each in rules.classes}
    for each in asked:
        if each.gate.limit and each.gate.limit not in names:
            raise RuleError(
                f"Điều kiện “{each.gate.label}” giới hạn ở mức “{each.gate.limit}” mà bảng không có."
            )


@dataclass(frozen=True)
class _Rung:
    """One class asked of one organisation: why it fails, or what is missing to know, or neither."""

    failed: str = ""
    missing: str = ""
    met: str = ""


def _rung(table: Table, rules: TableRules, scored: Scored, grade: Class) -> _Rung:
    value, measure = _basis(rules, scored)
    what = f"{shown(value)}{measure}"
    if value < grade.least:
        return _Rung(f"{what}, thấp hơn mức {shown(grade.least)}{measure}")
    if grade.share is not None:
        missing = []
        for node, maximum in _share_nodes(table, grade.share_level, scored.excluded):
            points = scored.subtotals.get(node.path)
            if points is None:
                missing.append(node.path)
            elif Fraction(points) * 100 < grade.share * maximum:
                reached = shown(Fraction(points) * 100 / maximum)
                return _Rung(
                    f"tiêu chí {node.path} được {shown(points)}/{shown(maximum)} điểm ({reached} %),"
                    f" dưới mức tối thiểu {shown(grade.share)} %"
                )
        if missing:
            paths = ", ".join(missing)
            return _Rung(
                missing=f"Mức “{grade.name}”: tiêu chí {paths} chưa có điểm nên chưa xét được."
            )
    shares = (
        "" if grade.share is None else (f", các tiêu chí đạt từ {shown(grade.share)} % điểm tối đa")
    )
    return _Rung(met=f"{what}, đạt mức từ {shown(grade.least)}{measure}{shares}")


def _basis(rules: TableRules, scored: Scored) -> tuple[Fraction, str]:
    if rules.class_basis is ClassBasis.POINTS:
        return Fraction(scored.total), " điểm"
    return Fraction(scored.total) * 100 / Fraction(scored.maximum), " % điểm tối đa"


def _share_nodes(
    table: Table, level: int, excluded: Collection[str]
) -> Iterator[tuple[CriterionNode, Fraction]]:
    """The nodes of a level with the maximum that applied; 0 is every leaf.

    A leaf that ends above the level is itself asked. Nodes without a maximum are not.
    """

    def below(nodes: tuple[CriterionNode, ...], depth: int) -> Iterator[CriterionNode]:
        for node in nodes:
            if node.is_leaf or depth == level:
                yield node
            else:
                yield from below(node.children, depth + 1)

    for node in below(table.nodes, 1):
        maximum = _maximum(node, excluded)
        if maximum > 0:
            yield node, maximum


def _maximum(node: CriterionNode, excluded: Collection[str]) -> Fraction:
    """The written maximum less what was not assigned below; of a group without one, the sum."""
    if node.path in excluded:
        return Fraction(0)
    if node.is_leaf:
        return Fraction(node.maximum or 0)
    below = sum((_maximum(child, excluded) for child in node.children), Fraction(0))
    if node.maximum is None:
        return below
    whole = sum((_maximum(child, ()) for child in node.children), Fraction(0))
    return Fraction(node.maximum) - (whole - below)


def _reached(
    rules: TableRules, ladder: list[_Rung], gated: tuple[GateResult, ...], *, missing_counts: bool
) -> str | None:
    """The highest class met below the gates; what is missing counts for the class, or against."""
    allowed = max((_level(rules, each.gate.limit) for each in gated if each.gate.limit), default=0)
    for level, rung in enumerate(ladder):
        if level >= allowed and not rung.failed and (missing_counts or not rung.missing):
            return rules.classes[level].name
    return None


def _level(rules: TableRules, name: str | None) -> int:
    """0 is the highest class; one past the last is no class."""
    names = [each.name for each in rules.classes]
    return len(names) if name is None else names.index(name)


def _between(rules: TableRules, best: str | None, worst: str | None) -> tuple[str | None, ...]:
    names: list[str | None] = [each.name for each in rules.classes]
    return tuple([*names, None][_level(rules, best) : _level(rules, worst) + 1])


def _explained(
    rules: TableRules, ladder: list[_Rung], name: str | None, closed: tuple[GateResult, ...]
) -> Iterator[str]:
    """Why this class, and why not the next higher one."""
    if not rules.classes:
        return
    level = _level(rules, name)
    if level:
        higher = rules.classes[level - 1].name
        limits = [each.gate for each in closed if each.gate.limit]
        reason = ladder[level - 1].failed or "; ".join(
            f"bị giới hạn vì {gate.label}" for gate in limits if _level(rules, gate.limit) >= level
        )
        yield f"Không đạt “{higher}”: {reason}."
    yield f"Xếp loại “{name}”: {ladder[level].met}." if name else "Không đạt mức xếp loại nào."
