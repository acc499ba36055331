"""Points tables; score sheets, evidence, appraisal."""

from thidua.scoring.models.cross_reviews import (
    CrossReview,
    CrossReviewConflict,
    CrossReviewCriterion,
    CrossReviewRound,
    CrossReviewScore,
    CrossReviewSettlement,
)
from thidua.scoring.models.sheets import (
    CompletedSection,
    CriterionScore,
    Evidence,
    ScoreSheet,
    ScoreSheetQuerySet,
    TieDecision,
)
from thidua.scoring.models.tables import (
    CriteriaSet,
    Criterion,
    PointsField,
    SectionAppraiser,
    UnitTerms,
)

__all__ = [
    "CompletedSection",
    "CriteriaSet",
    "Criterion",
    "CriterionScore",
    "CrossReview",
    "CrossReviewConflict",
    "CrossReviewCriterion",
    "CrossReviewRound",
    "CrossReviewScore",
    "CrossReviewSettlement",
    "Evidence",
    "PointsField",
    "ScoreSheet",
    "ScoreSheetQuerySet",
    "SectionAppraiser",
    "TieDecision",
    "UnitTerms",
]
