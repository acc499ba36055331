"""Points tables as values: the tree and its rules, points with their reasons, places and classes."""

from thidua.rules.scoring.breaches import Breach, Limit
from thidua.rules.scoring.canonical import (
    canonical_json,
    fingerprint,
    table_from_data,
    table_to_data,
)
from thidua.rules.scoring.difference import difference
from thidua.rules.scoring.facts import Facts, Unit, in_words, read_fact
from thidua.rules.scoring.language import TableRules, table_rules
from thidua.rules.scoring.lint import Finding, Severity, lint
from thidua.rules.scoring.numbers import parse_number, plain, vietnamese
from thidua.rules.scoring.points import (
    Claim,
    LeafResult,
    Setting,
    TraceLine,
    examine_leaf,
    score_leaf,
)
from thidua.rules.scoring.ranking import Ranking, rank
from thidua.rules.scoring.totals import TableResult, examine, total
from thidua.rules.scoring.tree import CriterionNode, Rounding, RoundingMode, Rule, Table

__all__ = [
    "Breach",
    "Claim",
    "CriterionNode",
    "Facts",
    "Finding",
    "LeafResult",
    "Limit",
    "Ranking",
    "Rounding",
    "RoundingMode",
    "Rule",
    "Setting",
    "Severity",
    "Table",
    "TableResult",
    "TableRules",
    "TraceLine",
    "Unit",
    "canonical_json",
    "difference",
    "examine",
    "examine_leaf",
    "fingerprint",
    "in_words",
    "lint",
    "parse_number",
    "plain",
    "rank",
    "read_fact",
    "score_leaf",
    "table_from_data",
    "table_rules",
    "table_to_data",
    "total",
    "vietnamese",
]
