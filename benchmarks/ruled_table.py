"""34 units × 176 leaves under everything that makes a ranking costly, for the benchmarks.

Groups with caps, groups that apply only on a condition, units to which a criterion was not
assigned, leader-relative rules, and ties decided by bonus and by deduction.
"""

import random
from decimal import Decimal

from thidua.rules.scoring import CriterionNode, Table, Unit
from thidua.rules.scoring.cluster import Member

UNITS, GROUPS, LEAVES = 34, 16, 11  # 16 × 11 = 176
CONDITIONAL = 4
BANDS = [("0", "50", "0"), ("50", "80", "0.5"), ("80", "1000", "1")]


def ruled_table() -> Table:
    """The table; leaf `place` of a group is of the same kind in every group."""
    keys = [f"x{group}_{place}" for group in range(GROUPS) for place in range(LEAVES)]
    inputs = [{"key": key, "label": f"Số liệu {key}", "kind": "figure"} for key in keys]
    inputs.append({"key": "co_bien", "label": "Có biên giới", "kind": "yes_no"})
    inputs.append({"key": "sai", "label": "Vi phạm", "kind": "count", "default": "0"})
    bands = [{"low": low, "high": high, "points": points} for low, high, points in BANDS]
    return Table(
        "Bảng đo xếp hạng",
        Decimal(GROUPS * LEAVES),
        tuple(_group(group) for group in range(GROUPS)),
        rules={
            "inputs": inputs,
            "bands": {"bac": bands},
            "leaf_rounding": {"quantum": "0.01"},
            "na": "excluded",
            "excluded": "rescale",
            "gates": [{"when": "sai > 3", "label": "Quá ba vi phạm"}],
            "classes": [{"name": "Tốt", "least": "90", "places": "10"}],
            "ties": [{"by": "most_bonus"}, {"by": "least_deduction"}],
        },
    )


def _group(group: int) -> CriterionNode:
    rule = {"kind": "conditional", "when": "co_bien = có"} if group < CONDITIONAL else {}
    return CriterionNode(
        f"g{group}",
        f"Nhóm tiêu chí số {group}",
        rule=rule,
        bonus_cap=Decimal(1) if group % 2 else None,
        net_cap=Decimal("0.8") if group % 4 == 0 else None,
        children=tuple(_leaf(group, place) for place in range(LEAVES)),
    )


def _leaf(group: int, place: int) -> CriterionNode:
    key = f"x{group}_{place}"
    rule: dict[str, object]
    if place < 2:
        rule = {"kind": "leader", "input": key}
    elif place < 6:
        rule = {"kind": "bands", "input": key, "bands": "bac"}
    else:
        rule = {"kind": "linear", "input": key}
    if place == 9:
        line = {"kind": "progressive", "input": key, "points": "0.1", "threshold": "100"}
        rule["bonus"] = [{**line, "every": "5", "cap": "0.4"}]
    if place == 10:
        rule["deduction"] = [{"kind": "per_case", "input": "sai", "points": "0.1", "cap": "0.5"}]
    return CriterionNode(
        f"c{group}_{place}",
        f"Tiêu chí số {group}.{place} của bảng điểm",
        Decimal(1),
        rule=rule,
        has_bonus=place in {8, 9},
        bonus_cap=Decimal("0.5") if place == 8 else None,
        has_deduction=place == 10,
    )


def ruled_members(table: Table, seed: int = 2026) -> dict[int, Member]:
    """Figures and targets of every unit; some have no border, one was not assigned a criterion."""
    draw = random.Random(seed)
    paths = [node.path for node in table.leaves()]
    members = {}
    for number in range(UNITS):
        keys = [f"x{group}_{place}" for group in range(GROUPS) for place in range(LEAVES)]
        facts = {key: str(draw.randint(0, 120)) for key in keys}
        facts |= {"co_bien": "yes" if number % 3 else "no", "sai": str(draw.randint(0, 4))}
        targets = {
            key: Decimal(draw.randint(50, 100)) for key in keys if number % 3 or key[-2] != "_"
        }
        targets |= {key: Decimal(90) for key in keys if int(key.split("_")[1]) >= 6}
        closed = frozenset({paths[-1]}) if number == 5 else frozenset()
        members[number] = Member({}, facts, Unit(targets, closed))
    return members
