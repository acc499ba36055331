"""What scoring pages read: a fixed number of queries whatever the size."""

from thidua.scoring.queries.lists import (
    OwnWork,
    SheetLine,
    appraisal_work,
    appraiser_candidates,
    members_without_sheet,
    sheet_lines,
)
from thidua.scoring.queries.matrix import Matrix, matrix
from thidua.scoring.queries.scale import (
    appraisal_sections,
    appraisers_by_section,
    display_groups,
    issued_set,
)
from thidua.scoring.queries.sheets import (
    Group,
    SheetRow,
    SheetView,
    appraised_claims,
    claims,
    evidence_used_elsewhere,
    is_scored,
    scored_count,
    sheet_view,
    unappraised,
)
from thidua.scoring.queries.standings import (
    SeenStanding,
    Standing,
    Standings,
    decisions_of,
    ranking,
    ranking_seen_by,
    seen_by,
    standing_of,
    standings,
)

__all__ = [
    "Group",
    "Matrix",
    "OwnWork",
    "SeenStanding",
    "SheetLine",
    "SheetRow",
    "SheetView",
    "Standing",
    "Standings",
    "appraisal_sections",
    "appraisal_work",
    "appraised_claims",
    "appraiser_candidates",
    "appraisers_by_section",
    "claims",
    "decisions_of",
    "display_groups",
    "evidence_used_elsewhere",
    "is_scored",
    "issued_set",
    "matrix",
    "members_without_sheet",
    "ranking",
    "ranking_seen_by",
    "scored_count",
    "seen_by",
    "sheet_lines",
    "sheet_view",
    "standing_of",
    "standings",
    "unappraised",
]
