"""A filled points-table workbook as a table, or every reason why not, cell by cell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import (
    CriterionNode,
    Finding,
    Rounding,
    RoundingMode,
    Severity,
    Table,
    lint,
    plain,
)
from thidua.rules.scoring.tree import DEPTH_LIMIT, SEPARATOR, Json
from thidua.workbooks.reading import (
    CellProblem,
    Sheet,
    WorkbookError,
    address,
    number_of,
    read_sheets,
    text_of,
)
from thidua.workbooks.scale.layout import (
    ABOUT,
    ABOUT_FIELDS,
    COLUMNS,
    CRITERIA,
    NO,
    ROUNDING_LABELS,
    RULE_NAMES,
    YES,
    Content,
    Field,
)

Problems = list[CellProblem]

_YES_NO = {YES.casefold(): True, "x": True, NO.casefold(): False}
_RULES = {name.casefold(): kind for kind, name in RULE_NAMES.items()}
_ROUNDINGS = {label.casefold(): mode for mode, label in ROUNDING_LABELS.items()}


@dataclass(frozen=True)
class ScaleImport:
    """A table read from a workbook, and what a person should look at in it."""

    table: Table
    warnings: tuple[CellProblem, ...]


@dataclass
class _Row:
    """One filled row: its values by field name, and the rows that stand below it."""

    number: int
    level: int
    values: dict[str, Any]
    children: list["_Row"] = field(default_factory=list)


def read_scale(data: bytes) -> ScaleImport:
    """Read a points table from the bytes of a workbook in the layout of docs/workbooks.md.

    All or nothing. Raises WorkbookError listing every error by sheet and cell; RuleError when
    the file as a whole cannot be opened. Slips that official tables have are warnings.
    """
    sheets = {name.casefold(): sheet for name, sheet in read_sheets(data).items()}
    problems = [
        _error(name, "", "thiếu trang tính này; hãy dùng tệp mẫu và giữ nguyên tên trang tính.")
        for name in (ABOUT, CRITERIA)
        if name.casefold() not in sheets
    ]
    if problems:
        raise WorkbookError(problems)
    about, about_cells = _read_about(sheets[ABOUT.casefold()], problems)
    columns = _find_columns(sheets[CRITERIA.casefold()], problems)
    if any(problem.severity is Severity.ERROR and not problem.cell for problem in problems):
        raise WorkbookError(_errors(problems))
    rows = _read_rows(sheets[CRITERIA.casefold()], columns, problems)
    roots = _nest(rows, columns, problems)
    return _finish(about, about_cells, roots, columns, problems)


def _finish(
    about: Mapping[str, Any],
    about_cells: Mapping[str, str],
    roots: list[_Row] | None,
    columns: Mapping[str, int],
    problems: Problems,
) -> ScaleImport:
    """Build the table and look at it as a whole."""
    flagged = {_line(problem) for problem in _errors(problems)}
    if roots is None:
        raise WorkbookError(_errors(problems))
    places: dict[str, int] = {}
    table = _table(about, roots)
    _place(roots, "", places)
    for finding in lint(table):
        problem = _located(finding, places, columns, about_cells)
        # Where a line could not be read, what follows from its missing values is no news; and
        # with any line unread, sums are not worth a warning.
        is_news = _line(problem) not in flagged
        if is_news and (finding.severity is Severity.ERROR or not flagged):
            problems.append(problem)
    if _errors(problems):
        raise WorkbookError(_errors(problems))
    return ScaleImport(table, tuple(problems))


def _error(sheet: str, cell: str, sentence: str) -> CellProblem:
    return CellProblem(sheet, cell, Severity.ERROR, sentence)


def _warning(sheet: str, cell: str, sentence: str) -> CellProblem:
    return CellProblem(sheet, cell, Severity.WARNING, sentence)


def _errors(problems: Iterable[CellProblem]) -> list[CellProblem]:
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _line(problem: CellProblem) -> tuple[str, str]:
    """The row that a problem stands in."""
    return problem.sheet, problem.cell.lstrip(ascii_uppercase)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _cell_text(value: object) -> str:
    """A heading as text; a date there is no heading."""
    try:
        return text_of(value)
    except RuleError:
        return ""


def _read_about(sheet: Sheet, problems: Problems) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of "Thông tin" by field name, and the cell of each."""
    rows: dict[str, int] = {}
    known = {_folded(each.title) for each in ABOUT_FIELDS}
    for number in range(1, len(sheet.rows) + 1):
        title = _folded(_cell_text(sheet.value(number, 1)))
        if title in known and title in rows:
            problems.append(_error(ABOUT, address(number, 1), "mục này đã có ở dòng trên."))
        rows.setdefault(title, number)
    values: dict[str, Any] = {}
    cells: dict[str, str] = {}
    for each in ABOUT_FIELDS:
        row = rows.get(_folded(each.title))
        if row is None:
            if each.required:
                problems.append(_error(ABOUT, "", f"thiếu mục “{each.title}” ở cột A."))
            continue
        cells[each.name] = address(row, 2)
        values[each.name] = _value(ABOUT, cells[each.name], each, sheet.value(row, 2), problems)
    return values, cells


def _find_columns(sheet: Sheet, problems: Problems) -> dict[str, int]:
    """The 1-based column of each field, found by its heading in row 1, in any order."""
    known = {_folded(each.title): each.name for each in COLUMNS}
    found: dict[str, int] = {}
    for column in range(1, len(sheet.rows[0]) + 1 if sheet.rows else 1):
        heading = _cell_text(sheet.value(1, column))
        name = known.get(_folded(heading))
        cell = address(1, column)
        if name is None:
            if heading:
                problems.append(
                    _warning(CRITERIA, cell, f"cột “{heading[:40]}” không có trong mẫu, bị bỏ qua.")
                )
        elif name in found:
            problems.append(_error(CRITERIA, cell, f"cột “{heading}” bị lặp."))
        else:
            found[name] = column
    problems.extend(
        _error(CRITERIA, "", f"thiếu cột “{each.title}” ở dòng 1.")
        for each in COLUMNS
        if each.required and each.name not in found
    )
    return found


def _read_rows(sheet: Sheet, columns: Mapping[str, int], problems: Problems) -> list[_Row]:
    """The filled rows; a row in which no known column is filled does not count."""
    fields = {each.name: each for each in COLUMNS}
    rows = []
    for number in range(2, len(sheet.rows) + 1):
        raw = {name: sheet.value(number, column) for name, column in columns.items()}
        if all(value is None or str(value).strip() == "" for value in raw.values()):
            continue
        values = {
            name: _value(CRITERIA, address(number, columns[name]), fields[name], value, problems)
            for name, value in raw.items()
        }
        rows.append(_Row(number, values.pop("level") or 0, values))
    return rows


def _value(sheet: str, cell: str, each: Field, value: object, problems: Problems) -> Any:
    """One cell read as its field wants; a problem and None when it cannot be."""
    try:
        read = _READERS[each.content](value)
    except RuleError as error:
        problems.append(_error(sheet, cell, f"{each.title}: {error}"))
        return None
    if each.name in _MUST and read in {None, ""}:
        problems.append(_error(sheet, cell, f"thiếu {each.title.lower()}."))
    if each.name in _ABOVE_ZERO and read == 0:
        problems.append(_error(sheet, cell, f"{each.title}: số phải lớn hơn 0."))
        return None
    return read


# Other required columns must exist, but their cells may be blank.
_MUST = {"level", "code", "title", "scale"}
_ABOVE_ZERO = {"scale", "quantum", "step"}


def _positive(value: object) -> Decimal | None:
    number = number_of(value)
    if number is not None and number < 0:
        raise RuleError(f"số phải từ 0 trở lên, đang là {plain(number).replace('.', ',')}.")
    return number


def _level(value: object) -> int | None:
    number = number_of(value)
    if number is None:
        return None
    if number != int(number) or not 1 <= number <= DEPTH_LIMIT:
        raise RuleError(f"cấp phải là số nguyên từ 1 đến {DEPTH_LIMIT}.")
    return int(number)


def _choice(choices: Mapping[str, Any], labels: Iterable[str]) -> Callable[[object], Any]:
    names = "; ".join(labels)

    def read(value: object) -> Any:
        text = _folded(text_of(value))
        if not text:
            return None
        if text not in choices:
            raise RuleError(f"“{text[:40]}” không có trong danh sách. Hãy chọn: {names}.")
        return choices[text]

    return read


_READERS: dict[Content, Callable[[object], Any]] = {
    Content.TEXT: text_of,
    Content.NUMBER: _positive,
    Content.LEVEL: _level,
    Content.YES_NO: _choice(_YES_NO, (YES, NO)),
    Content.RULE: _choice(_RULES, RULE_NAMES.values()),
    Content.ROUNDING: _choice(_ROUNDINGS, ROUNDING_LABELS.values()),
}


def _nest(rows: list[_Row], columns: Mapping[str, int], problems: Problems) -> list[_Row] | None:
    """The rows as a tree by their levels; None when they cannot be placed or told apart."""
    roots: list[_Row] = []
    open_rows: list[_Row] = []
    placed = True
    for row in rows:
        if row.level == 0:
            placed = False
            continue
        if row.level > len(open_rows) + 1:
            above = f"cấp {len(open_rows)}" if open_rows else "dòng đầu tiên phải là cấp 1"
            problems.append(
                _error(
                    CRITERIA,
                    address(row.number, columns["level"]),
                    f"cấp nhảy bậc: {above}, dòng này lại là cấp {row.level}.",
                )
            )
            placed = False
        del open_rows[row.level - 1 :]
        siblings = open_rows[-1].children if open_rows else roots
        siblings.append(row)
        open_rows.append(row)
    return roots if _distinct(roots, columns, problems) and placed else None


def _distinct(siblings: list[_Row], columns: Mapping[str, int], problems: Problems) -> bool:
    """Whether every code can serve in a path: present, without "/", once among its siblings."""
    seen: dict[str, int] = {}
    good = True
    for row in siblings:
        code = row.values["code"]
        cell = address(row.number, columns["code"])
        if code and SEPARATOR in code:
            problems.append(_error(CRITERIA, cell, f"mã “{code}” không được chứa dấu “/”."))
        elif code and code in seen:
            problems.append(
                _error(
                    CRITERIA,
                    cell,
                    f"mã “{code}” bị lặp trong cùng nhóm, đã có ở dòng {seen[code]}.",
                )
            )
        elif code:
            seen[code] = row.number
            good = _distinct(row.children, columns, problems) and good
            continue
        good = False
        _distinct(row.children, columns, problems)
    return good


def _table(about: Mapping[str, Any], roots: list[_Row]) -> Table:
    quantum, mode = about.get("quantum"), about.get("mode")
    floor = about.get("floor_at_zero")
    return Table(
        title=about.get("title") or "",
        scale=about.get("scale") or Decimal(0),
        nodes=tuple(_node(row) for row in roots),
        floor_at_zero=True if floor is None else floor,
        rounding=Rounding(
            mode=RoundingMode.HALF_UP if mode is None else mode,
            quantum=Rounding().quantum if quantum is None else quantum,
        ),
        source=about.get("source") or "",
        notes=about.get("notes") or "",
    )


def _node(row: _Row) -> CriterionNode:
    values = dict(row.values)
    kind, step = values.pop("rule", None), values.pop("step", None)
    rule: dict[str, Json] = {}
    if not row.children or kind is not None or step is not None:
        rule = {"kind": kind or "typed"}
        if step is not None:
            rule["step"] = plain(step)
    for name in ("has_bonus", "has_deduction"):
        values[name] = bool(values.get(name))
    return CriterionNode(
        **values, rule=rule, children=tuple(_node(child) for child in row.children)
    )


def _place(rows: Iterable[_Row], parent: str, places: dict[str, int]) -> None:
    for row in rows:
        path = f"{parent}{SEPARATOR}{row.values['code']}" if parent else row.values["code"]
        places[path] = row.number
        _place(row.children, path, places)


def _located(
    finding: Finding,
    places: Mapping[str, int],
    columns: Mapping[str, int],
    about_cells: Mapping[str, str],
) -> CellProblem:
    """A finding about the table as a problem of one cell of the workbook."""
    if not finding.path:
        sheet = CRITERIA if finding.field == "nodes" else ABOUT
        cell = about_cells.get(finding.field, "")
        return CellProblem(sheet, cell, finding.severity, finding.sentence)
    name = finding.field if finding.field in columns else "code"
    cell = address(places[finding.path], columns[name])
    return CellProblem(CRITERIA, cell, finding.severity, finding.sentence)
