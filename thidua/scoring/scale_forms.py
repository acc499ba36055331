"""What people type to write a points table on screen: rows of the same fields as the workbook.

The cells are read by the readers of the workbook, so a table written here and one read from Excel
hold the same data under the same fingerprint.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms

from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.rules.scoring import Table, parse_number
from thidua.rules.scoring.lint import TABLE_LENGTHS
from thidua.ui.fields import DecimalInput
from thidua.workbooks.scale.layout import (
    ABOUT,
    ABOUT_FIELDS,
    NO,
    RULE_SETTINGS,
    RULE_SHEETS,
    YES,
    Content,
    Field,
    SheetLayout,
)
from thidua.workbooks.scale.read.about import rule_settings, table_fields
from thidua.workbooks.scale.read.cells import Problems, Record, errors_of, read_cell
from thidua.workbooks.scale.read.names import Names
from thidua.workbooks.scale.read.rules import table_rules
from thidua.workbooks.scale.write.rows import about_values, cell, rule_rows

PAGE = 30
SPARE = 3
TEXT_LIMIT = 8000
_WIDE = 32
# What the table offers for a field: keys of its inputs, names of its sets of bands.
_OFFERED = {
    "input": "input-keys",
    "tier_input": "input-keys",
    "unless": "input-keys",
    "bands": "band-sets",
    "tiers": "band-sets",
    "options": "band-sets",
}
_NUMBERS = {Content.NUMBER, Content.SIGNED, Content.WHOLE, Content.LEVEL}


class RowForm(forms.Form):
    """One row: a text box, or a list to choose from, per field of the layout."""

    def __init__(
        self,
        fields: Sequence[Field],
        values: Mapping[str, Any] | None = None,
        *,
        prefix: str,
        data: Any = None,
        can_drop: bool = False,
        place: int | None = None,
        lengths: Mapping[str, int] | None = None,
    ) -> None:
        shown = {each.name: typed(each, (values or {}).get(each.name)) for each in fields}
        if place is not None:
            shown["place"] = str(place)
        super().__init__(data, prefix=prefix, initial=shown)
        self.layout = tuple(fields)
        self.is_new = values is None
        for each in fields:
            limit = (lengths or {}).get(each.name, TEXT_LIMIT)
            self.fields[each.name] = _box(each, limit, shown[each.name])
        if place is not None or (can_drop and values is None):
            self.fields["place"] = forms.CharField(
                label="Thứ tự", required=False, widget=DecimalInput
            )
        if can_drop and not self.is_new:
            self.fields["drop"] = forms.BooleanField(label="Bỏ dòng này", required=False)

    def text(self, name: str) -> str:
        """What was typed into a field, "" where there is nothing or it could not be taken."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_dropped(self) -> bool:
        """Marked to be taken out, or with nothing in it."""
        self.is_valid()
        if self.cleaned_data.get("drop"):
            return True
        return not any(self.text(each.name).strip() for each in self.layout) and not self.errors

    def place(self, otherwise: int) -> Decimal:
        """Where the row is to stand; where that cannot be read, where it stood."""
        try:
            return parse_number(self.text("place"))
        except RuleError:
            return Decimal(otherwise)

    def record(self, sheet: str, number: int, problems: Problems, **fixed: Any) -> Record:
        """The row as the readers of the workbook take it; `fixed` are fields not shown."""
        return record_of(
            sheet,
            number,
            self.layout,
            {each.name: self.text(each.name) for each in self.layout},
            problems,
            **fixed,
        )


def _box(each: Field, limit: int, value: str) -> forms.CharField:
    widget: forms.Widget
    labels = [*each.choices.values()]
    if each.content is Content.YES_NO:
        labels = [YES, NO]
    if labels:
        widget = forms.Select(choices=[("", "—"), *((label, label) for label in labels)])
    elif each.content in _NUMBERS:
        widget = DecimalInput()
    elif each.width >= _WIDE or "\n" in value:
        # A box of one line would drop the line ends of what is stored.
        widget = forms.Textarea(attrs={"rows": 2})
    else:
        offered = {"list": _OFFERED[each.name]} if each.name in _OFFERED else {}
        widget = forms.TextInput(attrs={"autocomplete": "off", **offered})
    return forms.CharField(
        label=each.title,
        required=False,
        max_length=None if labels else limit,
        widget=widget,
        error_messages={
            "max_length": f"Nội dung dài quá {limit} ký tự. Hãy rút gọn.",
            "null_characters_not_allowed": "Nội dung có ký tự không dùng được. Hãy gõ lại.",
        },
    )


def typed(each: Field, value: Any) -> str:
    """A kept value as a person types it."""
    shown = cell(each, value)
    if isinstance(shown, Decimal):
        return vietnamese(shown, grouped=False)
    return "" if shown is None else str(shown)


def record_of(
    sheet: str,
    number: int,
    fields: Sequence[Field],
    raw: Mapping[str, Any],
    problems: Problems,
    **fixed: Any,
) -> Record:
    """A row of raw cells read; each problem is added under its cell."""
    columns = {each.name: place for place, each in enumerate(fields, start=1)}
    blank = Record(sheet, number, {}, columns)
    before = len(problems)
    values = {
        each.name: read_cell(sheet, blank.cell(each.name), each, raw.get(each.name), problems)
        for each in fields
    }
    return Record(sheet, number, {**values, **fixed}, columns, len(problems) == before)


@dataclass
class Placed:
    """Where the cells of records are on the page, so that an error stands at its field."""

    cells: dict[tuple[str, str], tuple[RowForm, str]]
    general: list[str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Record, RowForm]]) -> "Placed":
        """The fields of these records' forms by sheet and cell."""
        return cls(
            {
                (record.sheet, record.cell(each.name)): (form, each.name)
                for record, form in pairs
                for each in form.layout
            },
            [],
        )

    def tell(self, problems: Problems) -> None:
        """Every error at its field; those of no field shown come together above the rows."""
        for problem in errors_of(problems):
            form, name = self.cells.get((problem.sheet, problem.cell), (None, ""))
            if form is None:
                self.general.append(sentence(problem.sentence))
            else:
                form.add_error(name, sentence(problem.sentence, form.fields[name].label))


def sentence(reason: str, label: Any = "") -> str:
    """A reason as a sentence of its own, without the name of the field it stands at."""
    text = reason.removeprefix(f"{label}: ") if label else reason
    return text[:1].upper() + text[1:]


class AboutForm(RowForm):
    """What holds for the whole table."""

    def __init__(self, table: Table, data: Any = None) -> None:
        super().__init__(
            ABOUT_FIELDS, about_values(table), prefix="a", data=data, lengths=TABLE_LENGTHS
        )
        self.table = table
        self.general: list[str] = []
        for each in ABOUT_FIELDS:
            self.fields[each.name].help_text = each.help

    def changed(self) -> Table | None:
        """The table with these settings; None when something typed cannot be read."""
        if not self.is_valid():
            return None
        problems: Problems = []
        record = self.record(ABOUT, 1, problems)
        Placed.of([(record, self)]).tell(problems)
        if self.errors:
            return None
        kept = {
            name: value
            for name, value in self.table.rules.items()
            if name not in {*RULE_SETTINGS, "leaf_rounding"}
        }
        rules = {**rule_settings(record.values), **kept}
        return replace(self.table, rules=rules, **table_fields(record.values))


class SheetForms:
    """One page of the rows of one sheet of rules, with a few empty rows to fill in."""

    def __init__(
        self, layout: SheetLayout, table: Table, *, page: int = 1, data: Any = None
    ) -> None:
        self.layout, self.table, self.data = layout, table, data
        self.stored = {each.name: rows for each, rows in rule_rows(table)}
        rows = self.stored[layout.name]
        self.pages = max(1, -(-len(rows) // PAGE))
        self.page = min(max(page, 1), self.pages)
        self.start = (self.page - 1) * PAGE
        self.shown = rows[self.start : self.start + PAGE]
        self.general: list[str] = []
        self.rows = [self._form(number) for number in range(len(self.shown) + SPARE)]

    def _form(self, number: int) -> RowForm:
        is_kept = number < len(self.shown)
        return RowForm(
            self.layout.fields,
            self.shown[number] if is_kept else None,
            prefix=f"r{number}",
            data=self.data,
            can_drop=True,
            place=self.start + number + 1 if is_kept else None,
        )

    def numbered(self) -> Iterator[tuple[int, RowForm]]:
        """Each row with the number people know it by."""
        return ((self.start + number, form) for number, form in enumerate(self.rows, start=1))

    def changed(self) -> Table | None:
        """The table with these rows; None when something typed cannot be read."""
        used = [(place, form) for place, form in self.numbered() if not form.is_dropped]
        after = max(PAGE, len(self.shown)) + SPARE + self.start
        used.sort(key=lambda each: each[1].place(each[0] if not each[1].is_new else after))
        if not all(form.is_valid() for _, form in used):
            return None
        problems: Problems = []
        records = self._kept(problems)
        pairs = [(form.record(self.layout.name, place, problems), form) for place, form in used]
        before, behind = self._others(problems)
        records[self.layout.name] = [*before, *(record for record, _ in pairs), *behind]
        names = Names(node.path for node in self.table.walk())
        rules = table_rules(records, names, problems)
        own = [each for each in errors_of(problems) if each.sheet == self.layout.name]
        placed = Placed.of(pairs)
        placed.tell(own)
        self.general = placed.general
        return None if own else self._with(rules)

    def _with(self, rules: Mapping[str, Any]) -> Table:
        """The other sheets keep what they hold, even where it does not fit this one any more."""
        key = self.layout.key
        kept = {name: value for name, value in self.table.rules.items() if name != key}
        return replace(self.table, rules={**kept, **({key: rules[key]} if key in rules else {})})

    def _kept(self, problems: Problems) -> dict[str, list[Record]]:
        """The rows of all other sheets as they are stored."""
        return {
            layout.name: [
                record_of(layout.name, number, layout.fields, row, problems)
                for number, row in enumerate(self.stored[layout.name], start=1)
            ]
            for layout in RULE_SHEETS
            if layout.name != self.layout.name
        }

    def _others(self, problems: Problems) -> tuple[list[Record], list[Record]]:
        """The rows of this sheet on the pages before and after."""
        rows = self.stored[self.layout.name]
        end = self.start + len(self.shown)
        read = [
            # Beyond the numbers of the empty rows, which would otherwise share a cell.
            record_of(
                self.layout.name,
                number if number <= self.start else number + SPARE,
                self.layout.fields,
                row,
                problems,
            )
            for number, row in enumerate(rows, start=1)
            if not self.start < number <= end
        ]
        return read[: self.start], read[self.start :]
