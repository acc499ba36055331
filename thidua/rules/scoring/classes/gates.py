"""Gates: what keeps a unit out of the ranking, or below a class."""

from collections.abc import Callable
from dataclasses import dataclass

from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import Value
from thidua.rules.scoring.language import (
    Gate,
    TableRules,
)


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
