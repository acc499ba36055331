"""Points from an imported table to a finalised ranking: one verb each."""

from thidua.scoring.services.appraisal import appraise, complete_section, explain, finalise_sheet
from thidua.scoring.services.claims import save_claim, submit_self_score
from thidua.scoring.services.evidence import add_evidence, add_evidence_files, remove_evidence
from thidua.scoring.services.locks import StaleVersion
from thidua.scoring.services.scale import (
    import_scale,
    issue_scale,
    name_appraisers,
    open_late_sheets,
)

__all__ = [
    "StaleVersion",
    "add_evidence",
    "add_evidence_files",
    "appraise",
    "complete_section",
    "explain",
    "finalise_sheet",
    "import_scale",
    "issue_scale",
    "name_appraisers",
    "open_late_sheets",
    "remove_evidence",
    "save_claim",
    "submit_self_score",
]
