"""The tree of a table: titles, lengths, sums, codes, caps where nothing can be given."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from thidua.rules.scoring.lint.findings import Finding, Findings, Severity, error, warning
from thidua.rules.scoring.numbers import vietnamese
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


def lint_tree(table: Table) -> Findings:
    """What is wrong with the table itself and with each criterion, apart from its rules."""
    yield from _table(table)
    yield from _codes(table.nodes)
    for node in table.walk():
        yield from lint_node(node)


def lint_node(node: CriterionNode) -> Findings:
    """The same for one criterion."""
    yield from _leaf(node) if node.is_leaf else _group(node)
    yield from _codes(node.children)
    yield from _guidance(node)
    yield from _lengths(node)


def _too_long(value: str, limit: int) -> str | None:
    if len(value) <= limit:
        return None
    return f"nội dung dài {len(value)} ký tự, vượt mức {limit} ký tự."


def _lengths(node: CriterionNode) -> Iterator[Finding]:
    for field, limit in NODE_LENGTHS.items():
        if reason := _too_long(getattr(node, field), limit):
            yield error(node, field, reason)
    if len(node.path) > PATH_LENGTH:
        yield error(node, "code", f"các mã từ gốc tới đây dài quá {PATH_LENGTH} ký tự.")


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
        yield warning(
            node,
            "maximum",
            f"điểm chuẩn ghi {vietnamese(node.maximum)} nhưng các tiêu chí bên dưới"
            f" cộng lại là {vietnamese(below)}.",
        )
    for field in ("has_bonus", "has_deduction"):
        if getattr(node, field):
            yield error(node, field, "nhóm không chấm trực tiếp; hãy ghi ở tiêu chí bên dưới.")
    for field in ("bonus_cap", "deduction_cap", "net_cap"):
        value = getattr(node, field)
        if value is not None and value < 0:
            yield error(node, field, "số phải từ 0 trở lên.")


def _leaf(node: CriterionNode) -> Iterator[Finding]:
    if node.maximum is None and not node.has_bonus and not node.has_deduction:
        yield error(
            node, "maximum", "phải có điểm chuẩn, hoặc có điểm thưởng hay điểm trừ để chấm."
        )
    for field in ("maximum", "bonus_cap", "deduction_cap", "net_cap"):
        value = getattr(node, field)
        if value is not None and value < 0:
            yield error(node, field, "số phải từ 0 trở lên.")
    yield from _caps(node)


def _caps(node: CriterionNode) -> Iterator[Finding]:
    """A cap where nothing can be given, and a cell that may be given without a rule."""
    for kind, label in (("bonus", "thưởng"), ("deduction", "trừ")):
        has, cap = getattr(node, f"has_{kind}"), getattr(node, f"{kind}_cap")
        if cap is not None and not has:
            yield error(
                node, f"{kind}_cap", f"có trần điểm {label} nhưng ô điểm {label} ghi “Không”."
            )
        if has and not (node.rule.get(kind) or getattr(node, f"{kind}_guidance").strip()):
            yield warning(node, f"{kind}_guidance", f"có ô điểm {label} nhưng không ghi cách chấm.")
    if node.net_cap is not None and not (node.has_bonus or node.has_deduction):
        yield error(node, "net_cap", "có trần tổng cộng, trừ nhưng không có điểm thưởng, trừ.")


def _guidance(node: CriterionNode) -> Iterator[Finding]:
    if _STARTS_WITH_MINUS.search(node.bonus_guidance):
        yield warning(
            node,
            "bonus_guidance",
            "cách chấm điểm thưởng có mức trừ (số âm); có thể bản gốc in nhầm cột.",
        )
    if node.deduction_guidance and not node.has_deduction:
        yield warning(
            node, "deduction_guidance", "có cách chấm điểm trừ nhưng ô điểm trừ ghi “Không”."
        )
    if node.bonus_guidance and not node.has_bonus:
        yield warning(
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
            yield warning(two, "code", f"mã {how} so với mã đứng trước ({one.code}).")
