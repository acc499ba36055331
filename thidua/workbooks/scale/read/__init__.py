"""A filled points-table workbook as a table, or every reason why not, cell by cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from thidua.rules.scoring import Finding, Severity, Table, lint
from thidua.workbooks.reading import CellProblem, Sheet, WorkbookError, read_sheets
from thidua.workbooks.scale.layout import (
    ABOUT,
    CASES,
    COLUMNS,
    CRITERIA,
    RULE_SHEETS,
)
from thidua.workbooks.scale.read.about import read_about, rule_settings, table_fields
from thidua.workbooks.scale.read.cells import (
    Problems,
    error_at,
    errors_of,
    find_columns,
    rows_of,
)
from thidua.workbooks.scale.read.criteria import Row, build, nest, places
from thidua.workbooks.scale.read.locating import Places
from thidua.workbooks.scale.read.looking import look
from thidua.workbooks.scale.read.names import Names
from thidua.workbooks.scale.read.rules import (
    Records,
    leaf_lines,
    read_rule_sheets,
    table_rules,
)

__all__ = ["ScaleImport", "read_scale"]


@dataclass(frozen=True)
class ScaleImport:
    """A table read from a workbook, what a person should look at in it, and where its cases are.

    `case_cells` holds the cell of each worked example of the table, in their order.
    """

    table: Table
    warnings: tuple[CellProblem, ...]
    case_cells: tuple[str, ...] = ()


def read_scale(data: bytes) -> ScaleImport:
    """Read a points table from the bytes of a workbook in the layout of docs/workbooks.md.

    All or nothing. Raises WorkbookError listing every error by sheet and cell; RuleError when
    the file as a whole cannot be opened. Slips that official tables have are warnings.
    """
    sheets = {name.casefold(): sheet for name, sheet in read_sheets(data).items()}
    problems = [
        error_at(name, "", "thiếu trang tính này; hãy dùng tệp mẫu và giữ nguyên tên trang tính.")
        for name in (ABOUT, CRITERIA)
        if name.casefold() not in sheets
    ]
    if problems:
        raise WorkbookError(problems)
    about, about_cells = read_about(sheets[ABOUT.casefold()], problems)
    roots = _read_tree(sheets[CRITERIA.casefold()], problems)
    records = read_rule_sheets(sheets, problems)
    if roots is None:
        raise WorkbookError(errors_of(problems))
    return _finish(about, about_cells, roots, records, problems)


def _read_tree(sheet: Sheet, problems: Problems) -> list[Row] | None:
    columns = find_columns(CRITERIA, sheet, COLUMNS, problems)
    if any(not problem.cell for problem in errors_of(problems)):
        raise WorkbookError(errors_of(problems))
    return nest(rows_of(CRITERIA, sheet, COLUMNS, columns, problems), problems)


def _finish(
    about: Mapping[str, Any],
    about_cells: Mapping[str, str],
    roots: list[Row],
    records: Records,
    problems: Problems,
) -> ScaleImport:
    """Build the table and look at it as a whole."""
    rows = dict(places(roots))
    names = Names(rows)
    lines = leaf_lines(records, names, problems)
    rules = {**rule_settings(about), **table_rules(records, names, problems)}
    nodes = tuple(build(row, row.code, lines, problems) for row in roots)
    table = Table(nodes=nodes, rules=rules, **table_fields(about))
    where = Places(rows, about_cells, lines, records)
    problems += _news(lint(table), where, problems)
    if errors_of(problems):
        raise WorkbookError(errors_of(problems))
    cells = tuple(each.cell("name") for each in records[CASES.name])
    return ScaleImport(table, (*problems, *look(rows.items())), cells)


def _news(findings: Iterable[Finding], where: Places, problems: Problems) -> Problems:
    """What lint adds: nothing that follows from a line, or from rules, that could not be read."""
    flagged = {_line(problem) for problem in errors_of(problems)}
    rules_unread = any(sheet in _RULE_NAMES for sheet, _ in flagged)
    news = []
    for finding in findings:
        problem = where.locate(finding)
        follows = rules_unread and finding.field not in _PLAIN_FIELDS
        if finding.severity is Severity.WARNING and flagged:
            continue
        if not follows and _line(problem) not in flagged:
            news.append(problem)
    return news


_RULE_NAMES = {layout.name for layout in RULE_SHEETS}
# Fields whose errors do not hang on other sheets.
_PLAIN_FIELDS = {"title", "code", "source", "notes", "scale", "nodes", "guidance", "evidence"}


def _line(problem: CellProblem) -> tuple[str, str]:
    """The row that a problem stands in."""
    return problem.sheet, problem.cell.lstrip(ascii_uppercase)
