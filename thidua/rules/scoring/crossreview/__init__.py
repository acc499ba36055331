"""Cross-review: who scores whom, where scorers disagree, and a correction for habits."""

from thidua.rules.scoring.crossreview.assignment import (
    Plan,
    plan,
)
from thidua.rules.scoring.crossreview.correction import (
    Corrected,
    Correction,
    Item,
    correct,
)
from thidua.rules.scoring.crossreview.disagreement import (
    ZERO,
    Disagreement,
    Distance,
    disagreements,
    totals_by_reviewer,
)

__all__ = [
    "ZERO",
    "Corrected",
    "Correction",
    "Disagreement",
    "Distance",
    "Item",
    "Plan",
    "correct",
    "disagreements",
    "plan",
    "totals_by_reviewer",
]
