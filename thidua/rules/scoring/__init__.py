"""Points tables as values: the tree, its fingerprint, points with their reasons, places."""

from thidua.rules.scoring.canonical import (
    canonical_json,
    fingerprint,
    table_from_data,
    table_to_data,
)
from thidua.rules.scoring.difference import difference
from thidua.rules.scoring.lint import Finding, Severity, lint
from thidua.rules.scoring.numbers import parse_number, plain, vietnamese
from thidua.rules.scoring.points import (
    Breach,
    Claim,
    LeafResult,
    Limit,
    TableResult,
    TraceLine,
    examine,
    examine_leaf,
    score_leaf,
    total,
)
from thidua.rules.scoring.ranking import Ranking, rank
from thidua.rules.scoring.tree import CriterionNode, Rounding, RoundingMode, Rule, Table

__all__ = [
    "Breach",
    "Claim",
    "CriterionNode",
    "Finding",
    "LeafResult",
    "Limit",
    "Ranking",
    "Rounding",
    "RoundingMode",
    "Rule",
    "Severity",
    "Table",
    "TableResult",
    "TraceLine",
    "canonical_json",
    "difference",
    "examine",
    "examine_leaf",
    "fingerprint",
    "lint",
    "parse_number",
    "plain",
    "rank",
    "score_leaf",
    "table_from_data",
    "table_to_data",
    "total",
    "vietnamese",
]
