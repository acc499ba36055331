"""How each kind of line turns inputs into points, with the reasons: one function a kind.

A line never guesses. It answers DONE with points; MISSING when a figure was not given; PERSON when
the table says nothing about the value (a hole between bands, a division by zero); WAITS when the
figures of other units decide and are not all known.
"""

from thidua.rules.scoring.kinds.banded import (
    span,
)
from thidua.rules.scoring.kinds.counted import (
    due_on,
)
from thidua.rules.scoring.kinds.env import (
    ZERO,
    Env,
    Lead,
    Open,
    Outcome,
    Say,
    State,
)
from thidua.rules.scoring.kinds.evaluating import (
    RESERVED,
    evaluate,
    named,
)
from thidua.rules.scoring.kinds.relative import (
    lead_of,
)

__all__ = [
    "RESERVED",
    "ZERO",
    "Env",
    "Lead",
    "Open",
    "Outcome",
    "Say",
    "State",
    "due_on",
    "evaluate",
    "lead_of",
    "named",
    "span",
]
