"""A report's workbook in: every cell in its place, every problem told by sheet and cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from thidua.rules.reporting import Edition
from thidua.workbooks.reading import CellProblem, Sheet, WorkbookError, read_sheets
from thidua.workbooks.reports import layout
from thidua.workbooks.reports.layout import Identity
from thidua.workbooks.reports.read.cells import read_form, read_list
from thidua.workbooks.reports.read.frame import bent_frame, doubtful_places
from thidua.workbooks.reports.read.identity import identified
from thidua.workbooks.reports.read.saying import problem


@dataclass(frozen=True)
class Sent:
    """What a workbook says: text of every cell by form and key, rows of the lists, its version.

    `nothing` names the list forms in which "nothing to list" is marked.
    """

    version: int
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    nothing: frozenset[str] = frozenset()


def read_report(data: bytes, edition: Edition, identity: Identity) -> Sent:
    """The whole workbook, or WorkbookError with everything that is wrong in it.

    A sum that its formula gives, or that is what its parts give, comes back as blank.
    """
    sheets = {name.casefold(): sheet for name, sheet in read_sheets(data).items()}
    version = identified(sheets.get(layout.ABOUT.casefold()), edition, identity)
    cells: dict[str, Mapping[str, str]] = {}
    rows: dict[str, Sequence[Mapping[str, str]]] = {}
    nothing: set[str] = set()
    problems = list(_hidden_sheets(sheets, edition))
    for template in edition.templates:
        name = layout.page_name(template)
        sheet = sheets.get(name.casefold())
        if sheet is None:
            problems.append(problem(name, "", f"thiếu trang tính này. {layout.AGAIN}"))
            continue
        bent = bent_frame(sheet, template)
        if bent:
            # Nothing beside a cell says any more what the cell is: no cell is read.
            problems += bent
            continue
        problems += doubtful_places(sheet, template)
        if layout.is_list(template):
            read = read_list(sheet, template)
            problems += read.problems
            rows[template.key] = read.rows
            if read.says_nothing:
                nothing.add(template.key)
        else:
            texts, wrong = read_form(sheet, edition, template)
            problems += wrong
            cells[template.key] = texts
    if problems:
        raise WorkbookError(problems)
    return Sent(version, cells, rows, frozenset(nothing))


def _hidden_sheets(sheets: Mapping[str, Sheet], edition: Edition) -> list[CellProblem]:
    """Nobody can have looked at a hidden sheet: one of ours, or another with anything on it."""
    ours = {layout.page_name(each).casefold() for each in edition.templates}
    sentence = (
        "trang tính bị ẩn nên có thể chưa ai xem. Hãy bỏ ẩn rồi kiểm tra, hoặc xoá nếu không dùng."
    )
    return [
        problem(sheet.name, "", sentence)
        for name, sheet in sheets.items()
        if sheet.is_hidden and (name in ours or any(sheet.rows))
    ]
