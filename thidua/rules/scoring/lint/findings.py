"""What lint says: one problem at one place, and the small words every part of it uses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from thidua.rules.errors import RuleError
from thidua.rules.scoring.tree import CriterionNode

Read = TypeVar("Read")
PARTS = {"base": "điểm chuẩn", "bonus": "điểm thưởng", "deduction": "điểm trừ"}


class Severity(StrEnum):
    """Whether the table can be used as it is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One problem, at a field of the node at `path` ("" is the table itself)."""

    path: str
    field: str
    severity: Severity
    sentence: str


Findings = Iterator[Finding]


def error(node: CriterionNode, field: str, reason: str) -> Finding:
    """What stops the table, at a field of a criterion."""
    return Finding(node.path, field, Severity.ERROR, f"Tiêu chí {node.code}: {reason}")


def warning(node: CriterionNode, field: str, reason: str) -> Finding:
    """What a person should look at, at a field of a criterion."""
    return Finding(node.path, field, Severity.WARNING, f"Tiêu chí {node.code}: {reason}")


def table_error(field: str, reason: str) -> Finding:
    """What stops the table, at a field of the table."""
    return Finding("", field, Severity.ERROR, f"Bảng: {reason}")


def table_warning(field: str, reason: str) -> Finding:
    """What a person should look at, at a field of the table."""
    return Finding("", field, Severity.WARNING, f"Bảng: {reason}")


def read_or(read: Callable[[], Read], refused: Callable[[str], None]) -> Read | None:
    """What `read` gives; None when it cannot be read, with the sentence told to `refused`."""
    try:
        return read()
    except RuleError as problem:
        refused(str(problem))
        return None
