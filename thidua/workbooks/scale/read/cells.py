"""One cell, and one sheet of records, read as the layout wants; every problem by its cell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring import Severity, plain
from thidua.rules.scoring.formulas import read_conditions, read_formula
from thidua.rules.scoring.tree import DEPTH_LIMIT
from thidua.workbooks.reading import CellProblem, Sheet, address, number_of, text_of
from thidua.workbooks.scale.layout import NO, PERSON, YES, Content, Field, SheetLayout

Problems = list[CellProblem]
_YES_NO = {YES.casefold(): True, "x": True, NO.casefold(): False}


@dataclass(frozen=True)
class Record:
    """One filled row: its values by field name; `sound` when every cell could be read."""

    sheet: str
    number: int
    values: dict[str, Any]
    columns: Mapping[str, int]
    sound: bool = True

    def cell(self, name: str) -> str:
        """The address of a field's cell; the first column stands for one that is not there."""
        return address(self.number, self.columns.get(name, min(self.columns.values())))

    def problem(self, name: str, sentence: str) -> CellProblem:
        """An error at a field of this row."""
        return error_at(self.sheet, self.cell(name), sentence)


def error_at(sheet: str, cell: str, sentence: str) -> CellProblem:
    """Something that keeps the workbook out."""
    return CellProblem(sheet, cell, Severity.ERROR, sentence)


def warning_at(sheet: str, cell: str, sentence: str) -> CellProblem:
    """Something to look at."""
    return CellProblem(sheet, cell, Severity.WARNING, sentence)


def errors_of(problems: Iterable[CellProblem]) -> list[CellProblem]:
    """Those that keep the workbook out."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def folded(text: str) -> str:
    """Text as it is compared: one space, no case."""
    return " ".join(text.split()).casefold()


def heading_text(value: object) -> str:
    """A heading as text; a date there is no heading."""
    try:
        return text_of(value)
    except RuleError:
        return ""


def find_columns(
    name: str, sheet: Sheet, fields: Iterable[Field], problems: Problems
) -> dict[str, int]:
    """The 1-based column of each field, found by its heading in row 1, in any order."""
    known = {folded(each.title): each.name for each in fields}
    found: dict[str, int] = {}
    for column in range(1, len(sheet.rows[0]) + 1 if sheet.rows else 1):
        heading = heading_text(sheet.value(1, column))
        field = known.get(folded(heading))
        cell = address(1, column)
        if field is None:
            if heading:
                problems.append(
                    warning_at(name, cell, f"cột “{heading[:40]}” không có trong mẫu, bị bỏ qua.")
                )
        elif field in found:
            problems.append(error_at(name, cell, f"cột “{heading}” bị lặp."))
        else:
            found[field] = column
    problems.extend(
        error_at(name, "", f"thiếu cột “{each.title}” ở dòng 1.")
        for each in fields
        if each.required and each.name not in found
    )
    return found


def read_records(layout: SheetLayout, sheet: Sheet | None, problems: Problems) -> list[Record]:
    """The filled rows of a sheet that may be absent."""
    if sheet is None or not sheet.rows:
        return []
    before = len(errors_of(problems))
    columns = find_columns(layout.name, sheet, layout.fields, problems)
    if not columns or len(errors_of(problems)) > before:
        return []
    return rows_of(layout.name, sheet, layout.fields, columns, problems)


def rows_of(
    name: str,
    sheet: Sheet,
    fields: Iterable[Field],
    columns: Mapping[str, int],
    problems: Problems,
) -> list[Record]:
    """The filled rows; a row in which no known column is filled does not count."""
    known = [(each, columns[each.name], _reader(each)) for each in fields if each.name in columns]
    records = []
    for number, row in enumerate(sheet.rows[1:], start=2):
        width = len(row)
        raw = [row[column - 1] if column <= width else None for _, column, _ in known]
        if all(value is None or str(value).strip() == "" for value in raw):
            continue
        before = len(problems)
        values = {
            each.name: _checked(name, (number, column), each, read, value, problems)
            for (each, column, read), value in zip(known, raw, strict=True)
        }
        records.append(Record(name, number, values, columns, len(problems) == before))
    return records


def read_cell(sheet: str, cell: str, each: Field, value: object, problems: Problems) -> Any:
    """One cell read as its field wants; a problem and None when it cannot be."""
    return _checked(sheet, cell, each, _reader(each), value, problems)


def _checked(
    sheet: str,
    cell: str | tuple[int, int],
    each: Field,
    reading: Callable[[object], Any],
    value: object,
    problems: Problems,
) -> Any:
    """The address is made only for a problem: there are tens of thousands of cells."""

    def problem(sentence: str) -> None:
        where = cell if isinstance(cell, str) else address(*cell)
        problems.append(error_at(sheet, where, sentence))

    try:
        read = reading(value)
    except RuleError as error:
        problem(f"{each.title}: {error}")
        return None
    if each.must and read in {None, ""}:
        problem(f"thiếu {each.title.lower()}.")
    if each.above_zero and read == 0:
        problem(f"{each.title}: số phải lớn hơn 0.")
        return None
    return read


def _reader(each: Field) -> Callable[[object], Any]:
    return _choice(each.choices) if each.choices else _READERS[each.content]


def _positive(value: object) -> Decimal | None:
    number = number_of(value)
    if number is not None and number < 0:
        raise RuleError(f"số phải từ 0 trở lên, đang là {plain(number).replace('.', ',')}.")
    return number


def _whole(value: object) -> Decimal | None:
    number = _positive(value)
    if number is not None and number != int(number):
        raise RuleError("phải là số nguyên từ 0 trở lên.")
    return number


def _level(value: object) -> int | None:
    number = number_of(value)
    if number is None:
        return None
    if number != int(number) or not 1 <= number <= DEPTH_LIMIT:
        raise RuleError(f"cấp phải là số nguyên từ 1 đến {DEPTH_LIMIT}.")
    return int(number)


def _condition(value: object) -> str:
    text = text_of(value)
    read_conditions(text)
    return text


def _formula(value: object) -> str:
    text = text_of(value)
    if text:
        read_formula(text)
    return text


def _result(value: object) -> Decimal | str | None:
    """Points, below zero too, or the words that leave it to a person."""
    if isinstance(value, str) and folded(value) == folded(PERSON):
        return PERSON
    return number_of(value)


def _among(choices: Mapping[str, Any], labels: Iterable[str]) -> Callable[[object], Any]:
    names = "; ".join(labels)

    def read(value: object) -> Any:
        text = folded(text_of(value))
        if not text:
            return None
        if text not in choices:
            raise RuleError(f"“{text[:40]}” không có trong danh sách. Hãy chọn: {names}.")
        return choices[text]

    return read


def _choice(choices: Mapping[str, str]) -> Callable[[object], Any]:
    return _among({folded(label): kept for kept, label in choices.items()}, choices.values())


_READERS: dict[Content, Callable[[object], Any]] = {
    Content.TEXT: text_of,
    Content.NUMBER: _positive,
    Content.SIGNED: number_of,
    Content.WHOLE: _whole,
    Content.LEVEL: _level,
    Content.YES_NO: _among(_YES_NO, (YES, NO)),
    Content.CONDITION: _condition,
    Content.FORMULA: _formula,
    Content.RESULT: _result,
}
