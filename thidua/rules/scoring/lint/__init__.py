"""What a person should look at before a table is issued: errors stop it, warnings do not.

Official tables carry slips (sums that do not add up, a bonus cell without a rule, skipped
codes, bands with holes); those are warnings, so that the table can be loaded as it was signed.
What would keep a point from being computed is an error.
"""

from collections.abc import Collection, Mapping

from thidua.rules.scoring.lint.bands import lint_bands
from thidua.rules.scoring.lint.declared import Declared, declared
from thidua.rules.scoring.lint.findings import Finding, Findings, Severity, table_warning
from thidua.rules.scoring.lint.groups import lint_groups
from thidua.rules.scoring.lint.leaves import lint_leaves
from thidua.rules.scoring.lint.places import read_leaves
from thidua.rules.scoring.lint.sources import lint_sources
from thidua.rules.scoring.lint.tree import (
    NODE_LENGTHS,
    PATH_LENGTH,
    TABLE_LENGTHS,
    lint_tree,
)
from thidua.rules.scoring.lint.whole import lint_whole
from thidua.rules.scoring.tree import Table

__all__ = [
    "NODE_LENGTHS",
    "PATH_LENGTH",
    "TABLE_LENGTHS",
    "Finding",
    "Severity",
    "lint",
]


def lint(table: Table, own: Collection[str] = ()) -> tuple[Finding, ...]:
    """Everything to look at: the tree, then the rules of the table, then those of criteria.

    `own`: keys of indicators beside the sector's forms, where they are known. Never raises: what
    cannot be read is a finding where it stands.
    """
    findings = [*lint_tree(table)]
    as_stored: object = table.rules
    if not isinstance(as_stored, Mapping):
        rules = Finding("", "rules", Severity.ERROR, "Bảng: quy tắc chung không đúng dạng.")
        return (*findings, rules)
    known = declared(table)
    leaves = read_leaves(table)
    findings += known.findings
    findings += lint_bands([place.line for place in leaves.places], known)
    findings += lint_whole(table, known)
    findings += lint_groups(table, known)
    findings += lint_leaves(table, leaves, known)
    findings += lint_sources(known, own)
    findings += _unused(known)
    return tuple(findings)


def _unused(known: Declared) -> Findings:
    for key, each in known.inputs.items():
        if key not in known.used:
            yield table_warning(
                f"inputs.{key}", f"số liệu “{each.label}” ({key}) không có quy tắc nào hỏi tới."
            )
