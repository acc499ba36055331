"""Between the stored rows of a points table and the value the rules work with."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from thidua.rules.scoring import (
    Claim,
    CriterionNode,
    Rounding,
    RoundingMode,
    Table,
    fingerprint,
    plain,
)
from thidua.scoring.models import CriteriaSet, Criterion


def to_table(criteria_set: CriteriaSet, criteria: Iterable[Criterion] | None = None) -> Table:
    """The value of a stored table; one query unless its criteria are given."""
    rows = list(criteria if criteria is not None else criteria_set.criteria.all())
    below: dict[int | None, list[Criterion]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    return Table(
        title=criteria_set.title,
        scale=criteria_set.scale,
        nodes=_nodes(below, None),
        floor_at_zero=criteria_set.floor_at_zero,
        rounding=Rounding(
            mode=RoundingMode(criteria_set.rounding_mode), quantum=criteria_set.rounding_quantum
        ),
        source=criteria_set.source,
        notes=criteria_set.notes,
        rules=_in_order(criteria_set.rules),
    )


def _in_order(rules: dict[str, Any]) -> dict[str, Any]:
    """Sets of bands by name: PostgreSQL keeps no order of keys, and both engines show the same."""
    bands = rules.get("bands")
    return {**rules, "bands": dict(sorted(bands.items()))} if bands else rules


def _nodes(
    below: dict[int | None, list[Criterion]], parent: int | None
) -> tuple[CriterionNode, ...]:
    return tuple(to_node(row, _nodes(below, row.pk)) for row in below.get(parent, []))


def to_node(row: Criterion, children: tuple[CriterionNode, ...] = ()) -> CriterionNode:
    """The value of one stored criterion, in its place."""
    return CriterionNode(
        code=row.code,
        title=row.title,
        maximum=row.maximum,
        has_bonus=row.has_bonus,
        bonus_cap=row.bonus_cap,
        has_deduction=row.has_deduction,
        deduction_cap=row.deduction_cap,
        net_cap=row.net_cap,
        guidance=row.guidance,
        bonus_guidance=row.bonus_guidance,
        deduction_guidance=row.deduction_guidance,
        evidence=row.evidence,
        appraised_by=row.appraised_by,
        rule=row.rule,
        children=children,
        path=row.path,
    )


def store_table(criteria_set: CriteriaSet, table: Table) -> None:
    """Fill an unsaved set with a table and write all rows; the caller holds the transaction."""
    criteria_set.title = table.title
    criteria_set.scale = table.scale
    criteria_set.floor_at_zero = table.floor_at_zero
    criteria_set.rounding_mode = table.rounding.mode.value
    criteria_set.rounding_quantum = table.rounding.quantum
    criteria_set.source = table.source
    criteria_set.notes = table.notes
    criteria_set.rules = dict(table.rules)
    criteria_set.fingerprint = fingerprint(table)
    criteria_set.save()
    level: list[tuple[CriterionNode, Criterion | None]] = [(node, None) for node in table.nodes]
    numbers = {node.path: position for position, node in enumerate(table.walk(), start=1)}
    # Level by level, so that one statement writes all nodes of a level.
    while level:
        rows = [_row(criteria_set, node, parent, numbers[node.path]) for node, parent in level]
        Criterion.objects.bulk_create(rows)
        level = [
            (child, row)
            for (node, _), row in zip(level, rows, strict=True)
            for child in node.children
        ]


def _row(
    criteria_set: CriteriaSet, node: CriterionNode, parent: Criterion | None, order: int
) -> Criterion:
    return Criterion(
        criteria_set=criteria_set,
        parent=parent,
        path=node.path,
        order=order,
        code=node.code,
        title=node.title,
        maximum=node.maximum,
        has_bonus=node.has_bonus,
        bonus_cap=node.bonus_cap,
        has_deduction=node.has_deduction,
        deduction_cap=node.deduction_cap,
        net_cap=node.net_cap,
        guidance=node.guidance,
        bonus_guidance=node.bonus_guidance,
        deduction_guidance=node.deduction_guidance,
        evidence=node.evidence,
        appraised_by=node.appraised_by,
        rule=dict(node.rule),
        is_leaf=node.is_leaf,
    )


def points_or_none(value: Decimal | None) -> str | None:
    """A number of points as JSON text for the journal."""
    return None if value is None else plain(value)


def claim_text(claim: Claim) -> dict[str, str | None]:
    """A claim as JSON for the journal."""
    return {
        "base": points_or_none(claim.base),
        "bonus": points_or_none(claim.bonus),
        "deduction": points_or_none(claim.deduction),
    }
