"""The seven reports of a unit's year from its quarters, by the roll-up of the product itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from thidua.demo.figures.recipes import Left, Recipe, recipes, resolver
from thidua.demo.figures.working import Kitchen, Place, work_out
from thidua.rules.reporting import (
    Amount,
    Edition,
    Filled,
    Indicator,
    Kind,
    Shape,
    edition,
    rebuilt,
)
from thidua.rules.reporting.periods import WAYS

QUARTERS = ("q1", "q2", "q3", "q4")
NOTE = "Số liệu minh hoạ của bản dùng thử."
Row = Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """What a unit types for one period: text by key in each form, rows of each list form."""

    cells: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, Sequence[Row]]


@dataclass
class _Unit:
    """One unit's year being worked out; `numbers` by period, hidden ones with them."""

    script: Mapping[str, Any]
    year: int
    name: str
    forms: Edition
    recipes: tuple[Recipe, ...]
    numbers: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    def quarter(self, code: str, before: str | None) -> None:
        self._work_out(code, self.numbers[before] if before else None, {})

    def longer(self, code: str) -> None:
        """Rebuilt from its quarters; what cannot be is worked out again from what can."""
        parts = [self.numbers[each] for each in WAYS[code][0]]
        filled = {
            each: Filled({key: Amount(number) for key, number in self.numbers[each].items()})
            for each in WAYS[code][0]
        }
        settled = self._kept(parts)
        for key, total in rebuilt(self.forms, code, filled).items():
            if total.amount is not None and key in parts[0]:
                settled[key] = total.amount.number
        self._work_out(code, None, settled)

    def _kept(self, parts: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
        """Hidden numbers: what a quarter left is that of the first, everything else adds up."""
        lefts = {line.key for each in self.recipes for line in each.lines if isinstance(line, Left)}
        hidden = {
            key: sum((part[key] for part in parts), Decimal(0))
            for key in parts[0]
            if key.startswith("$")
        }
        return hidden | {key: parts[0][key] for key in lefts}

    def _work_out(
        self, code: str, before: Mapping[str, Decimal] | None, settled: dict[str, Decimal]
    ) -> None:
        sizes = {name: Decimal(size) for name, size in self.script["sizes"][self.name].items()}
        place = Place(self.year, self.name, code, sizes)
        settled = settled | self._fixed(code) | self._counted(code)
        self.numbers[code] = work_out(self.recipes, Kitchen(self.forms, place, before, settled))

    def _fixed(self, code: str) -> dict[str, Decimal]:
        """What the script itself says."""
        found: dict[str, Decimal] = {}
        for row in self.script.get("fixed", ()):
            if (row["unit"], row["period"]) == (self.name, code):
                resolve = resolver(self.forms, row["form"])
                found |= {resolve(key): Decimal(text) for key, text in row["values"].items()}
        return found

    def _counted(self, code: str) -> dict[str, Decimal]:
        """How many rows a list has, for the columns that count them."""
        return {
            key: Decimal(len(self.rows(form, code)))
            for form, key in self.script.get("counts", {}).items()
            if code in QUARTERS
        }

    def rows(self, form: str, code: str) -> list[Row]:
        """The rows of a list form; those of its quarters in a longer period."""
        within = WAYS[code][0] if code in WAYS else (code,)
        return [
            row["cells"]
            for row in self.script.get("rows", ())
            if row["unit"] == self.name and row["form"] == form and row["period"] in within
        ]

    def made(self, code: str) -> Made:
        numbers = self.numbers[code]
        cells: dict[str, dict[str, str]] = {}
        rows = {}
        for template in self.forms.templates:
            if template.shape == Shape.LIST:
                rows[template.key] = self.rows(template.key, code)
            else:
                cells[template.key] = {
                    each.key: text
                    for each in template.indicators
                    if (text := self._text(each, numbers, code))
                }
        return Made(cells, rows)

    def _text(self, indicator: Indicator, numbers: Mapping[str, Decimal], code: str) -> str:
        """A cell as an officer types it; sums are left to the form, as people leave them."""
        if indicator.kind != Kind.NUMBER:
            return self._note(indicator.key, code)
        if indicator.is_computed or indicator.optional or indicator.only_for:
            return ""
        return str(numbers.get(indicator.key, 0)).replace(".", ",")

    def _note(self, key: str, code: str) -> str:
        if not key.endswith("-ghi-chu"):
            return ""
        said = self.script.get("notes", ())
        return next(
            (
                row["text"]
                for row in said
                if (row["unit"], row["period"]) == (self.name, code)
                and key == f"{row['form']}-ghi-chu"
            ),
            NOTE,
        )


def made_reports(script: Mapping[str, Any], *, year: int, unit: str) -> dict[str, Made]:
    """The unit's reports of the year by code of period.

    `script` is the year's part `reports` of the demo's data: edition, sizes of units, what is fixed.
    """
    forms = edition(script["edition"])
    work = _Unit(script, year, unit, forms, recipes(forms.key))
    before = None
    for code in QUARTERS:
        work.quarter(code, before)
        before = code
    for code in WAYS:
        work.longer(code)
    return {code: work.made(code) for code in (*QUARTERS, *WAYS)}
