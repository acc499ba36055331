"""Points from an imported table to a finalised ranking: one verb each."""

from thidua.scoring.services.appraisal import appraise, complete_section, explain
from thidua.scoring.services.claims import save_claim, submit_self_score
from thidua.scoring.services.closing import (
    StaleFigures,
    decide_sheet_facts,
    finalise_sheet,
    return_sheet,
    save_sheet_facts,
)
from thidua.scoring.services.cross_review_closing import (
    close_cross_review,
    settle_disagreement,
    show_correction,
)
from thidua.scoring.services.cross_review_scores import (
    StaleCrossScore,
    hand_in_cross_review,
    save_cross_score,
)
from thidua.scoring.services.cross_reviews import (
    RoundSettings,
    change_cross_review,
    declare_conflict,
    make_cross_review,
    open_cross_review,
    replan_cross_review,
    withdraw_conflict,
)
from thidua.scoring.services.evidence import add_evidence, add_evidence_files, remove_evidence
from thidua.scoring.services.filling import FilledLine, Filling, StaleFilling, save_filling
from thidua.scoring.services.locks import ClaimRefused, StaleVersion
from thidua.scoring.services.scale import (
    import_scale,
    issue_scale,
    name_appraisers,
    open_late_sheets,
)
from thidua.scoring.services.scale_editing import StaleScale, draft_scale, save_scale
from thidua.scoring.services.setting_aside import set_aside_sheet, take_back_sheet
from thidua.scoring.services.terms import StaleTerms, Terms, set_terms
from thidua.scoring.services.ties import decide_tie

__all__ = [
    "ClaimRefused",
    "FilledLine",
    "Filling",
    "RoundSettings",
    "StaleCrossScore",
    "StaleFigures",
    "StaleFilling",
    "StaleScale",
    "StaleTerms",
    "StaleVersion",
    "Terms",
    "add_evidence",
    "add_evidence_files",
    "appraise",
    "change_cross_review",
    "close_cross_review",
    "complete_section",
    "decide_sheet_facts",
    "decide_tie",
    "declare_conflict",
    "draft_scale",
    "explain",
    "finalise_sheet",
    "hand_in_cross_review",
    "import_scale",
    "issue_scale",
    "make_cross_review",
    "name_appraisers",
    "open_cross_review",
    "open_late_sheets",
    "remove_evidence",
    "replan_cross_review",
    "return_sheet",
    "save_claim",
    "save_cross_score",
    "save_filling",
    "save_scale",
    "save_sheet_facts",
    "set_aside_sheet",
    "set_terms",
    "settle_disagreement",
    "show_correction",
    "submit_self_score",
    "take_back_sheet",
    "withdraw_conflict",
]
