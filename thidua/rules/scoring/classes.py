"""Xếp loại: award points, gates, classes and their quotas, each with its reasons.

A value that is not known is never guessed: where it could change the outcome, people must decide.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Generic

from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import Value
from thidua.rules.scoring.language import (
    Award,
    AwardPolicy,
    Class,
    ClassBasis,
    Gate,
    Quota,
    TableRules,
)
from thidua.rules.scoring.ranking import Key, named, shown
from thidua.rules.scoring.tree import CriterionNode, Table

ZERO = Decimal(0)
TOTAL = "@tong_diem"
NO_MAXIMUM = "Không có điểm tối đa nào áp dụng nên không tính được tỷ lệ % để xếp loại."


@dataclass(frozen=True)
class AwardResult:
    """Points added after the total, why, and what is not known yet (not counted)."""

    points: Decimal
    trace: tuple[str, ...]
    needs_person: tuple[str, ...] = ()


def award_points(rules: TableRules, values: Mapping[str, Value]) -> AwardResult:
    """Points of the awards that `values` (by input key) show, highest or sum as the table says."""
    found: list[tuple[Decimal, str]] = []
    open_questions: list[str] = []
    for award in rules.awards:
        label, points = _label(rules, award), _decimal(award.points)
        times = _times(values.get(award.input))
        if times is None:
            open_questions.append(
                f"Điểm cộng thành tích “{label}”: chưa rõ có hay không (hoặc mấy lần) nên chưa cộng;"
                " hãy nhập số liệu này."
            )
        elif times:
            each = (
                f"{label}: +{shown(points)}"
                if times == 1
                else (f"{label}: {times} × {shown(points)} = +{shown(times * points)}")
            )
            found.append((times * points, each))
    return AwardResult(*_awarded(rules, found), tuple(open_questions))


def _awarded(
    rules: TableRules, found: list[tuple[Decimal, str]]
) -> tuple[Decimal, tuple[str, ...]]:
    if not found:
        return ZERO, ()
    sentences = tuple(f"{each}." for _, each in found)
    if rules.award_policy is AwardPolicy.SUM:
        points = sum((points for points, _ in found), ZERO)
        how = f"Cộng tất cả thành tích: +{shown(points)}."
    else:
        points = max(points for points, _ in found)
        how = f"Chỉ cộng thành tích cao nhất: +{shown(points)}."
    return points, (*sentences, how) if len(found) > 1 else sentences


def _label(rules: TableRules, award: Award) -> str:
    declared = rules.inputs.get(award.input)
    return award.label or (declared.label if declared else award.input)


def _times(value: "Value | None") -> int | None:
    """How often an award was received; None when the value does not say."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Fraction) and value.denominator == 1 and value >= 0:
        return int(value)
    return None


def _decimal(points: Fraction) -> Decimal:
    """The same number as a decimal; points of a table are written as decimals, so it is exact."""
    return Decimal(points.numerator) / Decimal(points.denominator)


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


@dataclass(frozen=True)
class GateResult:
    """Whether a gate closes for one organisation; None: not known."""

    gate: Gate
    closes: bool | None
    sentence: str


def gates(rules: TableRules, lookup: "Callable[[str], Value | None]") -> tuple[GateResult, ...]:
    """Every gate of the table, asked with the values that `lookup` knows (None: not known)."""
    return tuple(_gate(rules, gate, lookup) for gate in rules.gates)


def _gate(rules: TableRules, gate: Gate, lookup: "Callable[[str], Value | None]") -> GateResult:
    """Closed when all conditions hold, open when one is known to fail, else not known."""
    unknown: list[str] = []
    for condition in gate.when:
        value = lookup(condition.name)
        if value is None:
            declared = rules.inputs.get(condition.name)
            unknown.append(f"chưa có “{declared.label if declared else condition.name}”")
            continue
        try:
            if not condition.holds(value):
                return GateResult(gate, False, "")
        except RuleError as error:
            unknown.append(str(error).rstrip("."))
    article = f" ({gate.article})" if gate.article else ""
    if unknown:
        reasons = "; ".join(dict.fromkeys(unknown))
        return GateResult(
            gate, None, f"Điều kiện “{gate.label}”{article}: {reasons} nên chưa xét được."
        )
    outcome = f"xếp loại cao nhất là “{gate.limit}”" if gate.limit else "không xếp hạng, xếp loại"
    return GateResult(gate, True, f"{gate.label}{article}: {outcome}.")


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


@dataclass(frozen=True)
class QuotaResult(Generic[Key]):
    """Classes after quotas; None where there is none, or where people must decide.

    `needs_person` has those tied at the edge of a quota. `notes` speak of the whole list.
    """

    names: Mapping[Key, str | None]
    trace: Mapping[Key, tuple[str, ...]]
    needs_person: Mapping[Key, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rivals(Generic[Key]):
    """At one place, `count` of `keys` go for a class; fewer than all: not known which."""

    keys: tuple[Key, ...]
    count: int

    @property
    def known(self) -> bool:
        return self.count == len(self.keys)


def apply_quotas(
    rules: TableRules,
    places: Mapping[Key, int],
    names: Mapping[Key, str | None],
    names_of: Mapping[Key, str] | None = None,
    waiting: Collection[Key] = (),
) -> QuotaResult[Key]:
    """In order of place, those beyond the quota of a class fall to the next class.

    In: places of all who are ranked together, and the class each reached (None: none). A share of
    those ranked is rounded down. Where equal places straddle the edge, nobody is chosen: all of
    them need a decision. `waiting` are those whose class people have yet to decide: not counted,
    and said so. `names_of` gives the words for keys.
    """
    applying = _Quotas(rules, len(places), names_of or {})
    carried: dict[int, list[_Rivals[Key]]] = {}
    for level, grade in enumerate(rules.classes):
        for key, place in places.items():
            if names.get(key) == grade.name and key not in waiting:
                carried.setdefault(place, []).append(_Rivals((key,), 1))
        carried = applying.fill(level, carried)
    final: dict[Key, str | None] = {key: applying.names.get(key) for key in places}
    notes = []
    pending = [key for key in places if key in waiting]
    if pending and any(each.quota for each in rules.classes):
        notes.append(
            f"Số suất mới tính tạm: chưa kể {named(pending, names_of or {})} vì còn chờ xác định mức"
            " xếp loại."
        )
    return QuotaResult(
        final,
        {key: tuple(lines) for key, lines in applying.trace.items()},
        applying.flagged,
        tuple(notes),
    )


class _Quotas(Generic[Key]):
    """Fills the classes from the highest down, and remembers why."""

    def __init__(self, rules: TableRules, ranked: int, names: Mapping[Key, str]) -> None:
        self.rules, self.ranked, self.words = rules, ranked, names
        self.names: dict[Key, str] = {}
        self.trace: dict[Key, list[str]] = {}
        self.flagged: dict[Key, str] = {}

    def fill(
        self, level: int, rivals: Mapping[int, list[_Rivals[Key]]]
    ) -> dict[int, list[_Rivals[Key]]]:
        """Give out a class in order of place; those who fall, by place."""
        grade = self.rules.classes[level]
        left = _capacity(grade.quota, self.ranked)
        if left is None:
            left = self.ranked
        fallen: dict[int, list[_Rivals[Key]]] = {}
        for place in sorted(rivals):
            here = rivals[place]
            count = sum(each.count for each in here)
            if count <= left:
                self.names.update(
                    {key: grade.name for each in here if each.known for key in each.keys}
                )
                left -= count
            elif left == 0:
                self._fall(level, here)
                fallen[place] = here
            else:
                fallen[place] = [self._straddle(level, here, place, left, count)]
                left = 0
        return fallen

    def _fall(self, level: int, rivals: list[_Rivals[Key]]) -> None:
        grade = self.rules.classes[level]
        sentence = f"Hết suất “{grade.name}” ({self._quota(grade)}) nên {self._next(level)}."
        for each in rivals:
            for key in each.keys if each.known else ():
                self.trace.setdefault(key, []).append(sentence)

    def _straddle(
        self, level: int, rivals: list[_Rivals[Key]], place: int, left: int, count: int
    ) -> _Rivals[Key]:
        grade = self.rules.classes[level]
        keys = tuple(key for each in rivals for key in each.keys)
        sentence = (
            f"{named(keys, self.words)} cùng hạng {place} mà “{grade.name}” chỉ còn {left} suất"
            f" ({self._quota(grade)}): phải có quyết định ai được; người còn lại {self._next(level)}."
        )
        for key in keys:
            self.flagged[key] = (
                f"{self.flagged[key]} {sentence}" if key in self.flagged else sentence
            )
        return _Rivals(keys, count - left)

    def _quota(self, grade: Class) -> str:
        quota = grade.quota or Quota()
        parts = [] if quota.places is None else [f"tối đa {quota.places} suất"]
        if quota.percent is not None:
            share = _capacity(Quota(percent=quota.percent), self.ranked)
            parts.append(f"tối đa {shown(quota.percent)} % của {self.ranked} đơn vị = {share} suất")
        return "; ".join(parts)

    def _next(self, level: int) -> str:
        lower = self.rules.classes[level + 1 :]
        return f"xuống “{lower[0].name}”" if lower else "không còn mức xếp loại thấp hơn"


def _capacity(quota: Quota | None, ranked: int) -> int | None:
    """How many the class may hold; the lower of the two where both are written; None: no bound."""
    if quota is None:
        return None
    bounds = [] if quota.places is None else [quota.places]
    if quota.percent is not None:
        bounds.append(int(quota.percent * ranked / 100))
    return min(bounds, default=None)
