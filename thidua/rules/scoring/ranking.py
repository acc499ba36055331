"""Places from totals: inside each group, by the written rules for ties, a decision of people last."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Generic, TypeAlias, TypeVar

from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import Value
from thidua.rules.scoring.language import TieBreak, TieRule
from thidua.rules.scoring.numbers import words

Key = TypeVar("Key", bound=Hashable)
Comparable: TypeAlias = Fraction | date | bool


@dataclass(frozen=True)
class Ranking(Generic[Key]):
    """Places of those ranked, best first (equal totals share a place), and the unranked apart."""

    places: Mapping[Key, int]
    unranked: tuple[Key, ...]


def rank(totals: Mapping[Key, Decimal | None]) -> Ranking[Key]:
    """Rank by total, highest first: 1, 2, 2, 4. A total of None is not ranked.

    Those with equal totals keep the order in which they were given.
    """
    places: dict[Key, int] = {}
    for tied in _by_total((key, total) for key, total in totals.items() if total is not None):
        places.update(dict.fromkeys(tied, len(places) + 1))
    return Ranking(places, tuple(key for key, total in totals.items() if total is None))


@dataclass(frozen=True)
class Contender:
    """What the place of one organisation is decided from.

    `total` is the rounded total in points; None is not ranked, for `reason`. Places are counted
    inside `group`. For ties: `subtotals` by path, `values` by key of an input, and the bonus and
    deduction of the whole table. What is not there is not known, which is not 0.
    """

    total: Decimal | None
    group: str = ""
    name: str = ""
    reason: str = ""
    subtotals: Mapping[str, Decimal] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    bonus: Decimal | None = None
    deduction: Decimal | None = None


@dataclass(frozen=True)
class Decision(Generic[Key]):
    """What people decided about a tie: who comes first, and why. RuleError without a reason."""

    order: tuple[Key, ...]
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise RuleError("Quyết định xếp thứ tự khi bằng điểm phải ghi lý do.")
        if len(set(self.order)) != len(self.order):
            raise RuleError("Quyết định xếp thứ tự nêu một đơn vị nhiều lần.")


@dataclass(frozen=True)
class TieStep(Generic[Key]):
    """One rule or decision that put some of the tied directly before others."""

    above: tuple[Key, ...]
    below: tuple[Key, ...]
    sentence: str


@dataclass(frozen=True)
class Tie(Generic[Key]):
    """Those who still share a place, and why; people may decide."""

    keys: tuple[Key, ...]
    sentence: str


@dataclass(frozen=True)
class GroupRanking(Generic[Key]):
    """Places inside each group, best first; the unranked with their reason; how ties were parted."""

    groups: Mapping[str, Mapping[Key, int]]
    unranked: Mapping[Key, str]
    steps: tuple[TieStep[Key], ...]
    undecided: tuple[Tie[Key], ...]

    @property
    def places(self) -> Mapping[Key, int]:
        """Every place, group after group."""
        return {key: place for group in self.groups.values() for key, place in group.items()}

    def trace(self, key: Key) -> tuple[str, ...]:
        """The sentences that explain this one's place beyond its total."""
        steps = [step.sentence for step in self.steps if key in step.above or key in step.below]
        ties = [tie.sentence for tie in self.undecided if key in tie.keys]
        reason = self.unranked.get(key)
        return (*steps, *ties, *([reason] if reason else []))


def rank_groups(
    contenders: Mapping[Key, Contender],
    ties: Sequence[TieRule] = (),
    decisions: Sequence[Decision[Key]] = (),
    labels: Mapping[str, str] | None = None,
) -> GroupRanking[Key]:
    """Places inside each group: by total, then the rules of `ties` in order, then a decision.

    A rule that lacks a value for one of the tied stops there: a later rule must not decide in its
    stead, so people do. A decision counts where it names all who are tied; of several, the last.
    Those still equal share a place (1, 2, 2, 4). `labels` names paths and inputs in sentences.
    """
    parting = _Parting(contenders, ties, decisions, labels or {})
    groups: dict[str, dict[Key, int]] = {}
    for group, members in _grouped(contenders).items():
        places = groups[group] = {}
        for tied in _by_total(members):
            for equal in parting.part(tied, ties):
                places.update(dict.fromkeys(equal, len(places) + 1))
    unranked = {
        key: each.reason or f"{each.name or key}: chưa có tổng điểm nên chưa xếp hạng."
        for key, each in contenders.items()
        if each.total is None
    }
    return GroupRanking(groups, unranked, tuple(parting.steps), tuple(parting.undecided))


def shown(number: Fraction | Decimal) -> str:
    """A number in a sentence, exact where a decimal says it."""
    return words(Fraction(number))


def named(keys: Iterable[Key], names: Mapping[Key, str]) -> str:
    """“An Giang, Bến Tre và Cà Mau”."""
    texts = [names.get(key) or str(key) for key in keys]
    return " và ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _grouped(contenders: Mapping[Key, Contender]) -> dict[str, list[tuple[Key, Decimal]]]:
    groups: dict[str, list[tuple[Key, Decimal]]] = {}
    for key, each in contenders.items():
        if each.total is not None:
            groups.setdefault(each.group, []).append((key, each.total))
    return groups


def _by_total(totals: Iterable[tuple[Key, Decimal]]) -> list[list[Key]]:
    """The keys by total, highest first, those with equal totals together."""
    by_total: dict[Decimal, list[Key]] = {}
    for key, total in totals:
        by_total.setdefault(total, []).append(key)
    return [by_total[total] for total in sorted(by_total, reverse=True)]


_LOWER_WINS = {TieBreak.INPUT_LOW, TieBreak.LEAST_DEDUCTION}


class _Parting(Generic[Key]):
    """Parts those with equal totals, and remembers why."""

    def __init__(
        self,
        contenders: Mapping[Key, Contender],
        rules: Sequence[TieRule],
        decisions: Sequence[Decision[Key]],
        labels: Mapping[str, str],
    ) -> None:
        self.contenders, self.rules = contenders, rules
        self.decisions, self.labels = decisions, labels
        self.names = {key: each.name for key, each in contenders.items()}
        self.steps: list[TieStep[Key]] = []
        self.undecided: list[Tie[Key]] = []

    def part(self, keys: list[Key], rules: Sequence[TieRule]) -> list[list[Key]]:
        """The tied in parts, best first; those in one part share a place."""
        if len(keys) == 1:
            return [keys]
        for number, rule in enumerate(rules):
            values = {key: _value(self.contenders[key], rule) for key in keys}
            known = {key: value for key, value in values.items() if value is not None}
            if len(known) < len(keys) or len({type(value) for value in known.values()}) > 1:
                return self._decide(keys, self._cannot(keys, rule, known))
            parts = self._split(keys, rule, known)
            if len(parts) > 1:
                rest = rules[number + 1 :]
                return [equal for each in parts for equal in self.part(each, rest)]
        return self._decide(keys, "bằng nhau theo mọi quy tắc đã ghi" if self.rules else "")

    def _split(
        self, keys: list[Key], rule: TieRule, values: Mapping[Key, Comparable]
    ) -> list[list[Key]]:
        """By the value the rule looks at, the winner first; a step for each two neighbours."""
        high = rule.by not in _LOWER_WINS
        distinct = sorted(set(values.values()), key=_order, reverse=high)
        parts = [[key for key in keys if values[key] == value] for value in distinct]
        sign = ">" if high else "<"
        for (first, above), (second, below) in pairwise(zip(distinct, parts, strict=True)):
            why = f"{self._what(rule, first)}: {_written(first)} {sign} {_written(second)}"
            self._step(above, below, why)
        return parts

    def _decide(self, keys: list[Key], why: str) -> list[list[Key]]:
        """By the last decision that names all of them; else they stay together."""
        for decision in reversed(self.decisions):
            if set(keys) <= set(decision.order):
                ordered = [key for key in decision.order if key in keys]
                for above, below in pairwise(ordered):
                    self._step([above], [below], f"theo quyết định: {decision.reason.strip()}")
                return [[key] for key in ordered]
        and_why = f"; {why}" if why else ""
        sentence = (
            f"{named(keys, self.names)}: {self._equal(keys)}{and_why}. Cùng hạng cho đến khi có"
            " quyết định xếp thứ tự."
        )
        self.undecided.append(Tie(tuple(keys), sentence))
        return [keys]

    def _step(self, above: list[Key], below: list[Key], why: str) -> None:
        sentence = (
            f"{named(above, self.names)} xếp trên {named(below, self.names)}:"
            f" {self._equal(above)}; {why}"
        )
        self.steps.append(TieStep(tuple(above), tuple(below), sentence.rstrip(".") + "."))

    def _equal(self, keys: list[Key]) -> str:
        total = self.contenders[keys[0]].total
        return f"bằng {shown(total or Fraction(0))} điểm"

    def _cannot(self, keys: list[Key], rule: TieRule, known: Mapping[Key, Comparable]) -> str:
        lacking = [key for key in keys if key not in known]
        if lacking:
            return f"{self._subject(rule)} của {named(lacking, self.names)} chưa có để so"
        return f"{self._subject(rule)} của các đơn vị khác loại nên không so được"

    def _subject(self, rule: TieRule) -> str:
        label = self.labels.get(rule.of, rule.of)
        match rule.by:
            case TieBreak.NODE:
                return f"điểm tiêu chí {label}"
            case TieBreak.LEAST_DEDUCTION:
                return "tổng điểm trừ"
            case TieBreak.MOST_BONUS:
                return "tổng điểm thưởng"
        return f"số liệu “{label}”"

    def _what(self, rule: TieRule, value: Comparable) -> str:
        if rule.by is TieBreak.NODE:
            return f"tiêu chí {self.labels.get(rule.of, rule.of)} cao hơn"
        how = {
            TieBreak.LEAST_DEDUCTION: "ít hơn",
            TieBreak.MOST_BONUS: "nhiều hơn",
            TieBreak.INPUT_HIGH: "muộn hơn" if isinstance(value, date) else "cao hơn",
        }
        low = "sớm hơn" if isinstance(value, date) else "thấp hơn"
        return f"{self._subject(rule)} {how.get(rule.by, low)}"


def _value(contender: Contender, rule: TieRule) -> Comparable | None:
    """What the rule looks at; None when it is not known or cannot be put in order."""
    points: Decimal | None
    match rule.by:
        case TieBreak.NODE:
            points = contender.subtotals.get(rule.of)
        case TieBreak.LEAST_DEDUCTION:
            points = contender.deduction
        case TieBreak.MOST_BONUS:
            points = contender.bonus
        case _:
            value = contender.values.get(rule.of)
            return value if isinstance(value, Fraction | date | bool) else None
    return None if points is None else Fraction(points)


def _order(value: Comparable) -> Fraction:
    """Values of one type in one order."""
    return Fraction(value.toordinal()) if isinstance(value, date) else Fraction(value)


def _written(value: Comparable) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else shown(value)
