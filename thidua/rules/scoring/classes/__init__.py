"""Award points, gates, classes and quotas, each with the sentences that explain it."""

from thidua.rules.scoring.classes.awards import (
    ZERO,
    AwardResult,
    as_decimal,
    award_points,
)
from thidua.rules.scoring.classes.gates import (
    GateResult,
    gates,
)
from thidua.rules.scoring.classes.grading import (
    NO_MAXIMUM,
    TOTAL,
    ClassResult,
    Scored,
    classify,
)
from thidua.rules.scoring.classes.quotas import (
    QuotaResult,
    apply_quotas,
)

__all__ = [
    "NO_MAXIMUM",
    "TOTAL",
    "ZERO",
    "AwardResult",
    "ClassResult",
    "GateResult",
    "QuotaResult",
    "Scored",
    "apply_quotas",
    "as_decimal",
    "award_points",
    "classify",
    "gates",
]
