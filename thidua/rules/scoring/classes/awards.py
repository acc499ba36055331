"""Award points that are added after the total."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thidua.rules.scoring.formulas import Value
from thidua.rules.scoring.language import (
    Award,
    AwardPolicy,
    TableRules,
)
from thidua.rules.scoring.ranking import shown

ZERO = Decimal(0)


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
        label, points = _label(rules, award), as_decimal(award.points)
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


def as_decimal(points: Fraction) -> Decimal:
    """The same number as a decimal; points of a table are written as decimals, so it is exact."""
    return Decimal(points.numerator) / Decimal(points.denominator)
