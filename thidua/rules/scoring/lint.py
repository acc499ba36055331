"""What a person should look at before a table is issued: errors stop it, warnings do not.

Official tables carry slips (sums that do not add up, a bonus cell without a rule, skipped
codes); those are warnings, so that the table can be loaded as it was signed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from thidua.rules.errors import RuleError
from thidua.rules.scoring.numbers import vietnamese
from thidua.rules.scoring.points import step_of
from thidua.rules.scoring.tree import CriterionNode, Table

_NUMBERED = re.compile(r"(.*?)([0-9]{1,6})")
_STARTS_WITH_MINUS = re.compile(r"(^|\n|: ?|; ?)[-−–] ?[0-9]")


# Characters; the same bounds hold in storage.
TABLE_LENGTHS = {"title": 300, "source": 600, "notes": 8000}
NODE_LENGTHS = {
    "code": 40,
    "title": 600,
    "guidance": 8000,
    "bonus_guidance": 8000,
    "deduction_guidance": 8000,
    "evidence": 8000,
    "appraised_by": 300,
}
PATH_LENGTH = 200


class Severity(StrEnum):
    """Whether the table can be used as it is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One problem, at a field of the node at `path` ("" is the table itself)."""

    path: str
    field: str
    severity: Severity
    sentence: str


def lint(table: Table) -> tuple[Finding, ...]:
    """Everything to look at, table first, then nodes in printed order."""
    findings = [*_table(table)]
    findings += _codes(table.nodes)
    for node in table.walk():
        findings += _leaf(node) if node.is_leaf else _group(node)
        findings += _codes(node.children)
        findings += _guidance(node)
        findings += _lengths(node)
    return tuple(findings)


def _error(node: CriterionNode, field: str, reason: str) -> Finding:
    return Finding(node.path, field, Severity.ERROR, f"Tiêu chí {node.code}: {reason}")


def _warning(node: CriterionNode, field: str, reason: str) -> Finding:
    return Finding(node.path, field, Severity.WARNING, f"Tiêu chí {node.code}: {reason}")


def _too_long(value: str, limit: int) -> str | None:
    if len(value) <= limit:
        return None
    return f"nội dung dài {len(value)} ký tự, vượt mức {limit} ký tự."


def _lengths(node: CriterionNode) -> Iterator[Finding]:
    for field, limit in NODE_LENGTHS.items():
        if reason := _too_long(getattr(node, field), limit):
            yield _error(node, field, reason)
    if len(node.path) > PATH_LENGTH:
        yield _error(node, "code", f"các mã từ gốc tới đây dài quá {PATH_LENGTH} ký tự.")


def _table(table: Table) -> Iterator[Finding]:
    for field, limit in TABLE_LENGTHS.items():
        if reason := _too_long(getattr(table, field), limit):
            yield Finding("", field, Severity.ERROR, f"Bảng: {reason}")
    if not table.title.strip():
        yield Finding("", "title", Severity.ERROR, "Bảng chưa có tên.")
    if table.scale <= 0:
        yield Finding("", "scale", Severity.ERROR, "Thang điểm phải lớn hơn 0.")
    if not table.nodes:
        yield Finding("", "nodes", Severity.ERROR, "Bảng chưa có tiêu chí nào.")
        return
    whole = _maximum(table.nodes)
    if whole != table.scale:
        yield Finding(
            "",
            "scale",
            Severity.WARNING,
            f"Điểm chuẩn của các phần cộng lại là {vietnamese(whole)},"
            f" khác thang điểm {vietnamese(table.scale)}.",
        )


def _maximum(nodes: tuple[CriterionNode, ...]) -> Decimal:
    """The sum of what is printed, taking the children of a group that prints nothing."""
    return sum(
        (node.maximum if node.maximum is not None else _maximum(node.children) for node in nodes),
        Decimal(0),
    )


def _group(node: CriterionNode) -> Iterator[Finding]:
    below = _maximum(node.children)
    if node.maximum is not None and node.maximum != below:
        yield _warning(
            node,
            "maximum",
            f"điểm chuẩn ghi {vietnamese(node.maximum)} nhưng các tiêu chí bên dưới"
            f" cộng lại là {vietnamese(below)}.",
        )
    for field in ("has_bonus", "has_deduction", "bonus_cap", "deduction_cap", "net_cap"):
        value = getattr(node, field)
        if value is not None and value is not False:
            yield _error(node, field, "nhóm không chấm trực tiếp; hãy ghi ở tiêu chí bên dưới.")
    if node.rule:
        yield _error(node, "rule", "nhóm không chấm trực tiếp nên không có quy tắc.")


def _leaf(node: CriterionNode) -> Iterator[Finding]:
    if node.maximum is None and not node.has_bonus and not node.has_deduction:
        yield _error(
            node, "maximum", "phải có điểm chuẩn, hoặc có điểm thưởng hay điểm trừ để chấm."
        )
    for field in ("maximum", "bonus_cap", "deduction_cap", "net_cap"):
        value = getattr(node, field)
        if value is not None and value < 0:
            yield _error(node, field, "số phải từ 0 trở lên.")
    try:
        step_of(node)
    except RuleError as error:
        yield Finding(node.path, "rule", Severity.ERROR, str(error))
    yield from _caps(node)


def _caps(node: CriterionNode) -> Iterator[Finding]:
    """A cap where nothing can be given, and a cell that may be given without a rule."""
    for kind, label in (("bonus", "thưởng"), ("deduction", "trừ")):
        has, cap = getattr(node, f"has_{kind}"), getattr(node, f"{kind}_cap")
        if cap is not None and not has:
            yield _error(
                node, f"{kind}_cap", f"có trần điểm {label} nhưng ô điểm {label} ghi “Không”."
            )
        if has and not getattr(node, f"{kind}_guidance").strip():
            yield _warning(
                node, f"{kind}_guidance", f"có ô điểm {label} nhưng không ghi cách chấm."
            )
    if node.net_cap is not None and not (node.has_bonus or node.has_deduction):
        yield _error(node, "net_cap", "có trần tổng cộng, trừ nhưng không có điểm thưởng, trừ.")


def _guidance(node: CriterionNode) -> Iterator[Finding]:
    if _STARTS_WITH_MINUS.search(node.bonus_guidance):
        yield _warning(
            node,
            "bonus_guidance",
            "cách chấm điểm thưởng có mức trừ (số âm); có thể bản gốc in nhầm cột.",
        )
    if node.deduction_guidance and not node.has_deduction:
        yield _warning(
            node, "deduction_guidance", "có cách chấm điểm trừ nhưng ô điểm trừ ghi “Không”."
        )
    if node.bonus_guidance and not node.has_bonus:
        yield _warning(
            node, "bonus_guidance", "có cách chấm điểm thưởng nhưng ô điểm thưởng ghi “Không”."
        )


def _codes(siblings: tuple[CriterionNode, ...]) -> Iterator[Finding]:
    """Codes that jump, such as 5.3 then 5.5."""
    for one, two in pairwise(siblings):
        first, second = _NUMBERED.fullmatch(one.code), _NUMBERED.fullmatch(two.code)
        if first is None or second is None or first[1] != second[1]:
            continue
        gap = int(second[2]) - int(first[2])
        if gap != 1:
            how = "nhảy số" if gap > 1 else "lùi số"
            yield _warning(two, "code", f"mã {how} so với mã đứng trước ({one.code}).")
