"""Pages that try and save nothing: other points and figures, other weights."""

from thidua.scoring.views.whatif.firmness import robustness
from thidua.scoring.views.whatif.trying import what_if

__all__ = ["robustness", "what_if"]
