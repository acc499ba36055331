"""The shape of a points table: a tree of criteria of any depth, as values.

Codes are labels and may repeat in different groups; `path` (the codes from the root, joined by
"/") is the key of a node within one version of a table. Leaves hold a rule as data. A rule is a
mapping of JSON values whose `kind` names it, and numbers in it are written as text; new kinds
and new optional fields can be added without changing the fingerprint of a table already issued,
because a field that holds its default is left out of the canonical form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from thidua.rules.errors import RuleError

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Rule: TypeAlias = Mapping[str, Json]

SEPARATOR = "/"
DEPTH_LIMIT = 12
TYPED: Rule = {"kind": "typed"}


class RoundingMode(StrEnum):
    """How a total is rounded; the value is the name the decimal module uses."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    DOWN = ROUND_DOWN
    UP = ROUND_UP


@dataclass(frozen=True)
class Rounding:
    """Rounding named by the table: to which step, and which way a half goes."""

    mode: RoundingMode = RoundingMode.HALF_UP
    quantum: Decimal = Decimal("0.01")

    def __post_init__(self) -> None:
        if not self.quantum.is_finite() or self.quantum <= 0:
            raise RuleError("Bước làm tròn phải là số lớn hơn 0.")

    def apply(self, number: Decimal) -> Decimal:
        """The multiple of `quantum` nearest to `number`, as the mode says."""
        return (number / self.quantum).quantize(Decimal(1), self.mode.value) * self.quantum

    def exactly(self, number: Fraction) -> Decimal:
        """The same for any fraction, rounded once from its exact value."""
        # In whole numbers: every leaf of every unit passes here.
        over, under = self.quantum.as_integer_ratio()
        whole = number.denominator * over
        below, rest = divmod(abs(number.numerator) * under, whole)
        if self._goes_up(below, rest, whole):
            below += 1
        return (-below if number < 0 else below) * self.quantum

    def _goes_up(self, below: int, rest: int, whole: int) -> bool:
        """Away from zero, as the decimal module understands the same names."""
        match self.mode:
            case RoundingMode.UP:
                return rest > 0
            case RoundingMode.DOWN:
                return False
            case RoundingMode.HALF_UP:
                return 2 * rest >= whole
        return 2 * rest > whole or (2 * rest == whole and below % 2 == 1)


@dataclass(frozen=True)
class CriterionNode:
    """Tiêu chí: a group when it has children, else a leaf that is scored.

    Points are in the table's scale. A cap of None means the table writes none. `net_cap` bounds
    bonus minus deduction in either direction. `path`, and the rule "typed" of a leaf that names
    none, are filled in by `Table`.
    """

    code: str
    title: str
    maximum: Decimal | None = None
    has_bonus: bool = False
    bonus_cap: Decimal | None = None
    has_deduction: bool = False
    deduction_cap: Decimal | None = None
    net_cap: Decimal | None = None
    guidance: str = ""
    bonus_guidance: str = ""
    deduction_guidance: str = ""
    evidence: str = ""
    appraised_by: str = ""
    rule: Rule = field(default_factory=dict)
    children: tuple["CriterionNode", ...] = ()
    path: str = ""

    @property
    def is_leaf(self) -> bool:
        """Whether points are given here rather than summed from below."""
        return not self.children

    @property
    def bonus_only(self) -> bool:
        """A leaf without standard points: it can only add or take away (Table A, C3.3)."""
        return self.is_leaf and self.maximum is None

    def walk(self) -> Iterator["CriterionNode"]:
        """This node, then everything below it, in printed order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Table:
    """Bảng chấm điểm: one version of the whole tree, with the settings that hold everywhere.

    `scale` is the base total in points (100); totals may exceed it by bonuses. `rules` is the
    place for rules of the whole table (classes, gates, named bands). Raises RuleError when a
    code is empty, holds "/", or repeats among siblings, or when the tree is too deep.
    """

    title: str
    scale: Decimal
    nodes: tuple[CriterionNode, ...]
    floor_at_zero: bool = True
    rounding: Rounding = field(default_factory=Rounding)
    source: str = ""
    notes: str = ""
    rules: Rule = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", _placed(self.nodes, parent="", depth=1))

    def walk(self) -> Iterator[CriterionNode]:
        """Every node in printed order, a group before its children."""
        for node in self.nodes:
            yield from node.walk()

    def leaves(self) -> Iterator[CriterionNode]:
        """The nodes that are scored, in printed order."""
        return (node for node in self.walk() if node.is_leaf)

    def node(self, path: str) -> CriterionNode:
        """The node at a path; RuleError when the table has none there."""
        for node in self.walk():
            if node.path == path:
                return node
        raise RuleError(f"Bảng chấm điểm không có tiêu chí “{path}”.")


def _placed(
    nodes: tuple[CriterionNode, ...], *, parent: str, depth: int
) -> tuple[CriterionNode, ...]:
    """The same nodes with their paths; refuses codes that could not be told apart."""
    if depth > DEPTH_LIMIT:
        raise RuleError(f"Bảng chấm điểm có quá {DEPTH_LIMIT} cấp tiêu chí.")
    placed = []
    seen: set[str] = set()
    for node in nodes:
        if not node.code.strip() or SEPARATOR in node.code:
            raise RuleError(
                f"Mã tiêu chí “{node.code}” không dùng được: mã phải có chữ hoặc số"
                " và không chứa dấu “/”."
            )
        if node.code in seen:
            raise RuleError(f"Mã tiêu chí “{node.code}” bị lặp trong cùng một nhóm.")
        seen.add(node.code)
        path = f"{parent}{SEPARATOR}{node.code}" if parent else node.code
        children = _placed(node.children, parent=path, depth=depth + 1)
        # A leaf always says its rule, so that leaving it out and writing it are the same table.
        rule = node.rule or (TYPED if not children else {})
        placed.append(replace(node, path=path, children=children, rule=rule))
    return tuple(placed)
