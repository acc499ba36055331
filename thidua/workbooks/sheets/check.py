"""What the table allows of a filled form beside what is claimed, every difference with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.scoring import (
    Claim,
    CriterionNode,
    Facts,
    LeafResult,
    Limit,
    Table,
    TableResult,
    TableRules,
    TraceLine,
    examine,
    fingerprint,
    table_rules,
    vietnamese,
)
from thidua.rules.scoring.breaches import valid
from thidua.rules.scoring.placing import Judged, judge
from thidua.rules.scoring.totals import add_up, closing
from thidua.workbooks.reading import CellProblem
from thidua.workbooks.sheets import layout
from thidua.workbooks.sheets.asking import asked_by
from thidua.workbooks.sheets.filled import Filled

ZERO = Decimal(0)


class FormLimit(StrEnum):
    """What a form breaks beside the limits of the table (`Limit`)."""

    NO_EXPLANATION = "no_explanation"
    NO_EVIDENCE = "no_evidence"
    SELF_CEILING = "self_ceiling"
    TOTAL = "total"


@dataclass(frozen=True)
class Broken:
    """One rule that the form does not keep: which field, the sentence, both numbers in points.

    `cell` is where it stands in the workbook, "" when the form came from elsewhere.
    """

    field: str
    limit: Limit | FormLimit
    sentence: str
    claimed: Decimal | None = None
    allowed: Decimal | None = None
    cell: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Claimed less allowed; None where one of them is no number."""
        if self.claimed is None or self.allowed is None:
            return None
        return self.claimed - self.allowed


@dataclass(frozen=True)
class LeafReport:
    """One criterion: what is claimed, what the rules allow, and everything that stands between.

    Points are None while they cannot be known. `missing`, `needs_person` and `waits` are reasons
    in words; what only waits for other units is nothing this unit could still give.
    """

    node: CriterionNode
    claimed: Decimal | None
    allowed: Decimal | None
    base: Decimal | None
    bonus: Decimal | None
    deduction: Decimal | None
    breaches: tuple[Broken, ...]
    needs_person: tuple[str, ...]
    missing: tuple[str, ...]
    waits: tuple[str, ...]
    trace: tuple[TraceLine, ...]
    explanation: str = ""


@dataclass(frozen=True)
class Report:
    """The whole form against its table. Totals are rounded as the table says.

    `breaches` are those of the total; `notes` say where a group's cap took points off. `judged`:
    award points and class as the figures stand, None while criteria are open.
    """

    table: Table
    leaves: tuple[LeafReport, ...]
    problems: tuple[CellProblem, ...]
    claimed: Decimal
    allowed: Decimal
    maximum: Decimal
    complete: bool
    breaches: tuple[Broken, ...] = ()
    notes: tuple[str, ...] = ()
    result: TableResult | None = None
    judged: Judged | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the table."""
        return fingerprint(self.table)

    @property
    def is_clean(self) -> bool:
        """Nothing broken and nothing missing; waiting for other units is no fault of this one."""
        return not self.breaches and not any(leaf.breaches or leaf.missing for leaf in self.leaves)


def check(table: Table, filled: Filled, year: int = 0) -> Report:
    """Hold a filled form against its table; refuses nothing that can be told.

    In: the emulation year for due dates written without one, 0 for the year of the form. Raises
    RuleError when that year is needed and nowhere given, or a rule of the table cannot be applied.
    """
    year = year or filled.year
    if not year and asked_by(table).needs_year:
        raise RuleError(
            f"Bảng có hạn ghi ngày/tháng nên cần biết năm: hãy ghi “{layout.YEAR_ITEM}” ở trang"
            f" “{layout.ABOUT}”, hoặc chạy lệnh với --year."
        )
    result, facts = _examined(table, filled, year)
    leaves = tuple(_leaf(node, result.leaves[node.path], filled) for node in table.leaves())
    claimed = _claimed_total(table, result, leaves)
    return Report(
        table=table,
        leaves=leaves,
        problems=filled.problems,
        claimed=claimed,
        allowed=result.rounded,
        maximum=result.maximum,
        complete=result.is_complete,
        breaches=_of_total(table_rules(table), filled, claimed, is_whole=not filled.unread_leaves),
        notes=(
            *(each.sentence for each in result.trace if each.rule in _NOTED),
            *_self_marked(table, result, filled),
        ),
        result=result,
        judged=judge(table, result, facts) if result.is_complete else None,
    )


_NOTED = {"group_cap", "excluded"}


def _self_marked(table: Table, result: TableResult, filled: Filled) -> Iterator[str]:
    """What the unit itself marked as not assigned: nobody has confirmed it yet."""
    for node in table.leaves():
        leaf = result.leaves[node.path]
        marked = any(
            node.path == path or node.path.startswith(f"{path}/")
            for path in filled.unit_terms.not_assigned
        )
        if marked and leaf.not_applicable is not None:
            how = f"tính đủ {vietnamese(leaf.points or ZERO)} điểm"
            if leaf.excluded:
                how = f"loại {vietnamese(leaf.excluded)} điểm khỏi thang"
            yield (
                f"{node.path} ({node.title}): đơn vị tự đánh dấu không được giao nên {how};"
                " cụm trưởng phải xác nhận."
            )


def _examined(table: Table, filled: Filled, year: int) -> tuple[TableResult, Facts]:
    """The engine's answer, with nothing counted of what could not be read, and the figures."""
    rules = table_rules(table)
    # An unread figure is not an empty one: the table's default must not stand in for it.
    inputs = {
        key: replace(each, default="") if key in filled.unread_facts else each
        for key, each in rules.inputs.items()
    }
    facts = Facts(replace(rules, inputs=inputs), filled.facts, filled.unit_terms, year=year)
    result = examine(table, filled.claims, facts)
    shut = {
        path: _shut(leaf, why)
        for path, leaf in result.leaves.items()
        if (why := _why_open(leaf, filled))
    }
    return (add_up(table, {**result.leaves, **shut}, rules) if shut else result), facts


def _why_open(leaf: LeafResult, filled: Filled) -> str:
    """Why no points can be said of what stands in the form, "" when they can."""
    if leaf.path in filled.unread_leaves:
        return "có ô không đọc được"
    is_bad = any(each.limit is Limit.RANGE for each in leaf.breaches)
    return "có số điểm không hợp lệ" if is_bad else ""


def _shut(leaf: LeafResult, why: str) -> LeafResult:
    missing = (*leaf.missing, why)
    return replace(leaf, claimed=None, points=None, missing=missing, excluded=ZERO)


def _leaf(node: CriterionNode, result: LeafResult, filled: Filled) -> LeafReport:
    claim = filled.claims.get(node.path, Claim())
    places = filled.places.get(node.path, {})
    claimed = _claimed(node, claim, result, filled)
    scored = result.points is not None
    breaches = [
        Broken(
            each.field,
            each.limit,
            each.sentence,
            getattr(claim, each.field),
            each.allowed,
            places.get(each.field, ""),
        )
        for each in result.breaches
    ]
    breaches += _of_form(node, result, filled, claimed, places)
    return LeafReport(
        node=node,
        claimed=claimed,
        allowed=result.points,
        base=result.base if scored else None,
        bonus=result.bonus if scored else None,
        deduction=result.deduction if scored else None,
        breaches=tuple(breaches),
        needs_person=result.needs_person,
        # Several lines may lack the same figure: one sentence says it.
        missing=tuple(dict.fromkeys(result.missing)),
        waits=result.waits,
        trace=result.trace,
        explanation=filled.explanations.get(node.path, ""),
    )


def _claimed(
    node: CriterionNode, claim: Claim, result: LeafResult, filled: Filled
) -> Decimal | None:
    """What the form asks for: other points than the figures give only where it says so itself."""
    if result.points is None:
        return _typed(node, claim, result, filled)
    says_so = any(getattr(claim, part) is not None for part in result.computed)
    return result.claimed if says_so else result.asked


def _typed(node: CriterionNode, claim: Claim, result: LeafResult, filled: Filled) -> Decimal | None:
    """What is claimed where the rules give no points yet: the typed parts, when they can stand."""
    parts = (claim.base, claim.bonus, claim.deduction)
    is_given = claim.base is not None or (node.bonus_only and not claim.is_empty)
    if not is_given or _why_open(result, filled) or not all(map(valid, parts)):
        return None
    base, bonus, deduction = (part or ZERO for part in parts)
    return base + bonus - deduction


def _of_form(
    node: CriterionNode,
    result: LeafResult,
    filled: Filled,
    claimed: Decimal | None,
    places: Mapping[str, str],
) -> list[Broken]:
    """An explanation or evidence that the form owes."""
    found = []
    where = f"Tiêu chí {node.code} ({node.title}):"
    above = [each for each in result.breaches if each.limit is Limit.RULE]
    if above and not filled.explanations.get(node.path):
        sentence = f"{where} đề nghị khác mức tính theo số liệu thì phải ghi thuyết minh."
        found.append(
            Broken(
                "explanation",
                FormLimit.NO_EXPLANATION,
                sentence,
                cell=places.get("explanation", ""),
            )
        )
    asks = result.not_applicable is None and ((claimed or ZERO) > 0 or result.bonus > 0)
    if node.evidence and asks and not filled.evidence.get(node.path):
        needed = " ".join(node.evidence.split())
        sentence = f"{where} có điểm nhưng chưa ghi minh chứng; bảng yêu cầu: {needed.rstrip('.')}."
        found.append(
            Broken("evidence", FormLimit.NO_EVIDENCE, sentence, cell=places.get("evidence", ""))
        )
    return found


def _claimed_total(table: Table, result: TableResult, leaves: tuple[LeafReport, ...]) -> Decimal:
    """What is asked for as the table adds it up: caps of groups and rounding apply to it too."""
    beyond = sum(
        (leaf.claimed - (leaf.allowed or ZERO) for leaf in leaves if leaf.claimed is not None), ZERO
    )
    excluded = sum((leaf.excluded for leaf in result.leaves.values()), ZERO)
    _, factor = closing(table, table_rules(table), excluded)
    return table.rounding.exactly(Fraction(result.total + beyond) * factor)


def _of_total(
    rules: TableRules, filled: Filled, claimed: Decimal, *, is_whole: bool
) -> tuple[Broken, ...]:
    found = []
    ceiling = rules.self_ceiling
    if ceiling is not None and claimed > ceiling:
        sentence = (
            f"Tổng điểm tự chấm {vietnamese(claimed)} vượt trần tự chấm {vietnamese(ceiling)} của bảng:"
            f" nhiều hơn {vietnamese(claimed - ceiling)}."
        )
        found.append(Broken("total", FormLimit.SELF_CEILING, sentence, claimed, ceiling))
    if filled.total is not None and is_whole and filled.total != claimed:
        sentence = (
            f"“{layout.TOTAL_ITEM}” ghi {vietnamese(filled.total)}, cộng các tiêu chí được"
            f" {vietnamese(claimed)}."
        )
        found.append(Broken("total", FormLimit.TOTAL, sentence, filled.total, claimed))
    return tuple(found)
