"""What if: which open disputes could change the first place, and what changes would move.

Nothing here saves anything.
"""

from thidua.rules.scoring.whatif.disputes import (
    ZERO,
    Combination,
    Dispute,
    Disputed,
    FirstPlace,
    first_place,
)
from thidua.rules.scoring.whatif.figures import PointMoved, try_figures
from thidua.rules.scoring.whatif.moves import (
    Changes,
    Moved,
    Totals,
    WhatIf,
    additive,
    side_by_side,
    what_if,
)

__all__ = [
    "ZERO",
    "Changes",
    "Combination",
    "Dispute",
    "Disputed",
    "FirstPlace",
    "Moved",
    "PointMoved",
    "Totals",
    "WhatIf",
    "additive",
    "first_place",
    "side_by_side",
    "try_figures",
    "what_if",
]
