"""Own forms in: every sheet a form, every problem at its sheet and cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.reporting import Template, read_template
from thidua.rules.reporting.own import (
    LEVELS,
    Placed,
    TypedForm,
    TypedIndicator,
    cross_data,
    form_data,
    spaced,
)
from thidua.rules.scoring import Severity
from thidua.workbooks.forms import layout
from thidua.workbooks.reading import (
    CellProblem,
    Sheet,
    WorkbookError,
    address,
    read_sheets,
    text_of,
)

_HEADING = "hãy giữ nguyên dòng tiêu đề của tệp mẫu"
_LEVEL_WORDS = {word.casefold(): level for level, word in LEVELS.items()}


@dataclass(frozen=True)
class DescribedForms:
    """What a workbook describes: sound data of each form, its periods, the checks across forms."""

    templates: tuple[dict[str, Any], ...]
    periods: Mapping[str, tuple[str, ...]]
    cross: Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class _Rule:
    """One row of the sheet of checks."""

    row: int
    form: str
    level: str
    line: str


@dataclass(frozen=True)
class _Form:
    """One sheet read: what it says, and where each thing stands (1-based)."""

    sheet: str
    typed: TypedForm
    items: Mapping[str, str]
    columns: Mapping[str, int]
    rows: Sequence[int]

    def cell(self, placed: Placed) -> str:
        """The cell of a problem; "" where it is about the sheet."""
        if placed.row == 0:
            return self.items.get(placed.field, "")
        column = self.columns.get(placed.field) or self.columns["code"]
        return address(self.rows[placed.row - 1], column)


def read_forms(
    data: bytes, *, sector: Sequence[Template] = (), before: Sequence[TypedForm] = ()
) -> DescribedForms:
    """The forms a workbook describes, or WorkbookError with everything that is wrong in it.

    `before`: the forms of the draft as typed. A sheet or row without a key takes the key of the
    form with the same code, of the indicator with the same headings. `sector`: the forms that
    checks across forms may name too.
    """
    reader = _Reader(before)
    rules: list[_Rule] = []
    forms: list[_Form] = []
    for sheet in read_sheets(data).values():
        if sheet.name.casefold() == layout.CHECKS.casefold():
            rules = list(reader.checks(sheet))
        elif sheet.name.casefold() != layout.GUIDE.casefold():
            forms.extend(reader.form(sheet))
    if not forms and not reader.problems:
        reader.say("", "", "Tệp không có trang tính nào mô tả biểu.")
    templates, periods = reader.understood(forms, rules)
    # A form that could not be read would make every rule that names it wrong too.
    whole = len(templates) == len(forms)
    own = tuple(read_template(each) for each in templates)
    cross = reader.across(rules, (*sector, *own)) if whole else {}
    if reader.problems:
        raise WorkbookError(reader.problems)
    return DescribedForms(tuple(templates), periods, cross)


@dataclass
class _Reader:
    """Goes through the sheets and gathers what is wrong in them."""

    before: Sequence[TypedForm]
    problems: list[CellProblem] = field(default_factory=list)
    checks_at: Mapping[str, int] = field(default_factory=dict)

    def say(self, sheet: str, cell: str, sentence: str) -> None:
        """Note a problem; what follows from one in the same cell is not told."""
        if cell and any((each.sheet, each.cell) == (sheet, cell) for each in self.problems):
            return
        self.problems.append(CellProblem(sheet, cell, Severity.ERROR, sentence))

    def text(self, sheet: Sheet, row: int, column: int) -> str:
        """A cell as text; what it cannot be is told once."""
        try:
            return text_of(sheet.value(row, column))
        except RuleError as problem:
            self.say(sheet.name, address(row, column), str(problem))
            return ""

    def form(self, sheet: Sheet) -> Iterator[_Form]:
        """The form of one sheet, where its table is found."""
        head = _head(sheet)
        if head is None:
            self.say(
                sheet.name,
                "",
                "không có bảng chỉ tiêu (dòng tiêu đề có “Mã”, “Chỉ tiêu”). Xoá trang này nếu thừa.",
            )
            return
        columns = self._columns(sheet, head, layout.COLUMNS, layout.MUST)
        if columns is None:
            return
        items = _items(sheet, head)
        rows = [row for row in range(head + 1, len(sheet.rows) + 1) if any(sheet.rows[row - 1])]
        if len(rows) > layout.MOST_ROWS:
            sentence = f"chỉ nhận không quá {layout.MOST_ROWS} chỉ tiêu; hãy tách thành nhiều biểu."
            self.say(sheet.name, address(rows[layout.MOST_ROWS], 1), sentence)
            return
        indicators = tuple(self._indicator(sheet, row, columns) for row in rows)
        said: dict[str, Any] = {name: self.text(sheet, row, 2) for name, row in items.items()}
        typed = TypedForm(**said, indicators=indicators)
        yield _Form(
            sheet.name,
            self._keyed(sheet.name, typed, items),
            {name: address(row, 2) for name, row in items.items()},
            columns,
            rows,
        )

    def _columns(
        self, sheet: Sheet, head: int, titles: Mapping[str, str], must: Sequence[str]
    ) -> dict[str, int] | None:
        """Where each column stands, by its heading; None where one that must be there is not."""
        names = {title.casefold(): name for name, title in titles.items()}
        found: dict[str, int] = {}
        before = len(self.problems)
        for column, value in enumerate(sheet.rows[head - 1], start=1):
            title = " ".join(str(value or "").split())
            name = names.get(title.casefold())
            if name in found:
                self.say(sheet.name, address(head, column), f"cột “{title}” bị lặp; {_HEADING}.")
            elif name:
                found[name] = column
            elif title:
                known = ", ".join(titles.values())
                sentence = f"không rõ cột “{title}”; {_HEADING}: {known}."
                self.say(sheet.name, address(head, column), sentence)
        for name in must:
            if name not in found:
                self.say(sheet.name, "", f"thiếu cột “{titles[name]}”; {_HEADING}.")
        return found if len(self.problems) == before else None

    def _indicator(self, sheet: Sheet, row: int, columns: Mapping[str, int]) -> TypedIndicator:
        for column in range(len(sheet.rows[row - 1]), 0, -1):
            if column not in columns.values() and sheet.value(row, column) not in {None, ""}:
                self.say(sheet.name, address(row, column), "ô nằm ngoài các cột của bảng chỉ tiêu.")
        return TypedIndicator(
            **{name: self.text(sheet, row, column) for name, column in columns.items()}
        )

    def _keyed(self, sheet: str, typed: TypedForm, items: Mapping[str, int]) -> TypedForm:
        """The form with the key it had before, where the sheet names none."""
        if typed.key and not typed.key.startswith(layout.OWN_KEY):
            cell = address(items["key"], 2)
            self.say(
                sheet, cell, f"khoá biểu riêng bắt đầu bằng “{layout.OWN_KEY}”; biểu mới để trống."
            )
        if typed.key:
            return typed
        same = [each.key for each in self.before if each.code == typed.code]
        return TypedForm(**{**vars(typed), "key": same[0] if same else ""})

    def checks(self, sheet: Sheet) -> Iterator[_Rule]:
        """The rows of the sheet of checks."""
        if not sheet.rows:
            return
        columns = self._columns(sheet, 1, layout.CHECK_COLUMNS, layout.CHECK_MUST)
        if columns is None:
            return
        self.checks_at = columns
        filled = [row for row in range(2, len(sheet.rows) + 1) if any(sheet.rows[row - 1])]
        if len(filled) > layout.MOST_CHECKS:
            sentence = f"chỉ nhận không quá {layout.MOST_CHECKS} quy tắc."
            self.say(sheet.name, address(filled[layout.MOST_CHECKS], 1), sentence)
            return
        for row in filled:
            said = {name: self.text(sheet, row, column) for name, column in columns.items()}
            level = _LEVEL_WORDS.get(said["level"].casefold(), "")
            if not level:
                words = ", ".join(LEVELS.values())
                self.say(sheet.name, address(row, columns["level"]), f"mức là một trong: {words}.")
                continue
            note = f" | {said['note']}" if said.get("note") else ""
            yield _Rule(row, said.get("form", ""), level, f"{said['rule']}{note}")

    def understood(
        self, forms: Sequence[_Form], rules: Sequence[_Rule]
    ) -> tuple[list[dict[str, Any]], dict[str, tuple[str, ...]]]:
        """Data of the forms that are sound, and their periods."""
        codes = {form.typed.code for form in forms}
        for rule in rules:
            if rule.form and rule.form not in codes:
                self._about(rule, "form", f"tệp không có biểu “{rule.form}”.")
        templates: list[dict[str, Any]] = []
        periods: dict[str, tuple[str, ...]] = {}
        for form in forms:
            own = [rule for rule in rules if rule.form == form.typed.code]
            typed = _with_rules(form.typed, own)
            taken = {each["key"] for each in templates} | {each.key for each in self.before}
            made, asked, problems = form_data(typed, taken=taken, keys=self._keys(typed.key))
            for placed in problems:
                self._place(form, own, placed)
            if any(each["key"] == made["key"] for each in templates):
                sentence = f"khoá biểu “{made['key']}” đã dùng cho trang khác; để trống ở biểu mới."
                self.say(form.sheet, form.items.get("key", ""), sentence)
            if not problems:
                templates.append(made)
                periods[made["key"]] = asked
        return templates, periods

    def _keys(self, form: str) -> dict[str, str]:
        """By heading, the keys of the draft's form."""
        return {
            each.heading: each.key
            for typed in self.before
            if form and typed.key == form
            for each in typed.indicators
        }

    def _place(self, form: _Form, own: Sequence[_Rule], placed: Placed) -> None:
        for rule in own:
            if rule.level == placed.field and _is_about(placed.sentence, rule):
                self._about(rule, "rule", placed.sentence)
                return
        self.say(form.sheet, form.cell(placed), placed.sentence)

    def _about(self, rule: _Rule, name: str, sentence: str) -> None:
        self.say(layout.CHECKS, address(rule.row, self.checks_at[name]), sentence)

    def across(self, rules: Sequence[_Rule], templates: Sequence[Template]) -> dict[str, list[Any]]:
        """The checks across forms."""
        found: dict[str, list[Any]] = {}
        for rule in rules:
            if rule.form:
                continue
            if rule.level == "carried":
                self._about(
                    rule, "level", "so với kỳ trước chỉ dùng trong một biểu; hãy ghi mã biểu."
                )
                continue
            made, wrong = cross_data(rule.level, [rule.line], templates)
            for sentence in wrong:
                self._about(rule, "rule", sentence)
            found.setdefault(rule.level, []).extend(made)
        return found


def _is_about(sentence: str, rule: _Rule) -> bool:
    return f"“{spaced(rule.line.partition('|')[0])}”" in sentence


def _with_rules(typed: TypedForm, rules: Sequence[_Rule]) -> TypedForm:
    lines = {level: tuple(e.line for e in rules if e.level == level) for level in LEVELS}
    return TypedForm(**{**vars(typed), **lines})


def _head(sheet: Sheet) -> int | None:
    """The 1-based row with the headings of the table."""
    wanted = {layout.COLUMNS["code"].casefold(), layout.COLUMNS["heading"].casefold()}
    for row, values in enumerate(sheet.rows, start=1):
        if wanted <= {" ".join(str(each or "").split()).casefold() for each in values}:
            return row
    return None


def _items(sheet: Sheet, head: int) -> dict[str, int]:
    """The 1-based row of each thing said of the form, by its label in the first column."""
    names = {label.casefold(): name for name, label in layout.ITEMS.items()}
    found: dict[str, int] = {}
    for row in range(1, head):
        label = " ".join(str(sheet.value(row, 1) or "").split()).rstrip(":").casefold()
        if label in names:
            found.setdefault(names[label], row)
    return found
