"""Every limit of the table that a claim breaks, each with the sentence the person reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from thidua.rules.scoring.numbers import DECIMALS, LIMIT, vietnamese
from thidua.rules.scoring.tree import CriterionNode

ZERO = Decimal(0)
PART_NAMES = {"base": "điểm chuẩn", "bonus": "điểm thưởng", "deduction": "điểm trừ"}


class Limit(StrEnum):
    """Which limit of the table a claim broke."""

    RANGE = "range"
    NO_BASE = "no_base"
    BASE = "base"
    STEP = "step"
    NO_BONUS = "no_bonus"
    BONUS_CAP = "bonus_cap"
    NO_DEDUCTION = "no_deduction"
    DEDUCTION_CAP = "deduction_cap"
    NET_CAP = "net_cap"
    RULE = "rule"


# What a unit may still ask for, if it explains why: the rule is then shown beside the claim.
NEGOTIABLE = {Limit.BONUS_CAP, Limit.NET_CAP, Limit.RULE}


@dataclass(frozen=True)
class Breach:
    """One limit that a claim broke, with the sentence the person reads.

    `allowed` is what the table gives at that place, in points; None where it gives no number.
    """

    path: str
    field: str
    limit: Limit
    sentence: str
    allowed: Decimal | None = None


def valid(part: Decimal | None) -> bool:
    """Not given, or a number of points that can be kept."""
    return part is None or (
        part.is_finite() and 0 <= part < LIMIT and part == round(part, DECIMALS)
    )


def breaches_of(
    node: CriterionNode,
    claimed: Mapping[str, Decimal | None],
    computed: Mapping[str, Decimal],
    step: Decimal | None,
) -> tuple[Breach, ...]:
    """What the claim of a leaf breaks.

    In: the three parts as typed; of those that the figures decide, the points they give; the step
    of typed standard points. A part asked for above what the figures give is a breach; asking for
    less is not.
    """

    def breach(field: str, limit: Limit, reason: str, allowed: Decimal | None = None) -> Breach:
        sentence = f"Tiêu chí {node.code} ({node.title}): {reason}"
        return Breach(node.path, field, limit, sentence, allowed)

    invalid = [name for name in PART_NAMES if not valid(claimed[name])]
    if invalid:
        return tuple(
            breach(
                name,
                Limit.RANGE,
                f"{PART_NAMES[name]} phải là số từ 0 trở lên, tối đa {DECIMALS} chữ số thập phân.",
            )
            for name in invalid
        )
    base, bonus, deduction = (claimed[name] or ZERO for name in PART_NAMES)
    found = [*_beyond_figures(claimed, computed)]
    if "base" not in computed:
        found += _base_limits(node, base, step)
    if "bonus" not in computed:
        found += _extra_limits("bonus", bonus, has=node.has_bonus, cap=node.bonus_cap)
    if "deduction" not in computed:
        found += _extra_limits(
            "deduction", deduction, has=node.has_deduction, cap=node.deduction_cap
        )
    if not {"bonus", "deduction"} & computed.keys():
        found += _net_limits(node, bonus - deduction)
    return tuple(breach(*each) for each in found)


Found = Iterator[tuple[str, Limit, str, Decimal | None]]


def _beyond_figures(
    claimed: Mapping[str, Decimal | None], computed: Mapping[str, Decimal]
) -> Found:
    for name, allowed in computed.items():
        asked = claimed[name]
        if asked is None:
            continue
        more = allowed - asked if name == "deduction" else asked - allowed
        if more > 0:
            verb = "ít hơn" if name == "deduction" else "nhiều hơn"
            yield (
                name,
                Limit.RULE,
                f"{PART_NAMES[name]} đề nghị {vietnamese(asked)}, theo quy tắc là"
                f" {vietnamese(allowed)}: {verb} {vietnamese(more)}.",
                allowed,
            )


def _base_limits(node: CriterionNode, base: Decimal, step: Decimal | None) -> Found:
    if node.maximum is None:
        if base:
            yield (
                "base",
                Limit.NO_BASE,
                "tiêu chí này không có điểm chuẩn; chỉ nhập điểm thưởng, điểm trừ.",
                None,
            )
        return
    if base > node.maximum:
        yield (
            "base",
            Limit.BASE,
            f"điểm chuẩn {vietnamese(base)} vượt mức tối đa {vietnamese(node.maximum)}.",
            node.maximum,
        )
    elif step is not None and base != node.maximum and base % step:
        yield (
            "base",
            Limit.STEP,
            f"điểm chuẩn {vietnamese(base)} không theo bước chấm {vietnamese(step)}.",
            base - base % step,
        )


def _extra_limits(name: str, value: Decimal, *, has: bool, cap: Decimal | None) -> Found:
    label = PART_NAMES[name]
    if not has:
        if value:
            limit = Limit.NO_BONUS if name == "bonus" else Limit.NO_DEDUCTION
            yield name, limit, f"tiêu chí này không có {label}; hãy để trống hoặc ghi 0.", ZERO
    elif cap is not None and value > cap:
        limit = Limit.BONUS_CAP if name == "bonus" else Limit.DEDUCTION_CAP
        yield name, limit, f"{label} {vietnamese(value)} vượt trần {vietnamese(cap)}.", cap


def _net_limits(node: CriterionNode, net: Decimal) -> Found:
    if node.net_cap is not None and abs(net) > node.net_cap:
        yield (
            "bonus" if net > 0 else "deduction",
            Limit.NET_CAP,
            f"tổng điểm cộng, trừ là {vietnamese(net)}, vượt mức cho phép"
            f" {vietnamese(node.net_cap)}.",
            None,
        )
