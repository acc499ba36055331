"""A finding about the table as a problem of one cell of the workbook it came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from thidua.rules.scoring import Finding
from thidua.workbooks.reading import CellProblem
from thidua.workbooks.scale.layout import ABOUT, CRITERIA, RULE_SHEETS, SETS
from thidua.workbooks.scale.read.cells import Record
from thidua.workbooks.scale.read.criteria import Row
from thidua.workbooks.scale.read.rules import LeafLines, Records

_PARTS = re.compile(r"[.\[\]/]+")
_SHEETS = {layout.key: layout for layout in RULE_SHEETS if layout.key}
_KEYS = ("key", "set", "name")


@dataclass(frozen=True)
class Places:
    """Where everything of the table stands in its workbook."""

    rows: Mapping[str, Row]
    about: Mapping[str, str]
    lines: Mapping[str, LeafLines]
    records: Records

    def locate(self, finding: Finding) -> CellProblem:
        """The cell a finding is about; its sheet alone where no cell can be told."""
        words = [word for word in _PARTS.split(finding.field) if word]
        if finding.path:
            sheet, cell = self._in_leaf(finding, words)
        else:
            first = words[0] if words else ""
            sheet, cell = self._in_table(first, finding.field[len(first) + 1 :].rstrip("]"))
        return CellProblem(sheet, cell, finding.severity, finding.sentence)

    def _in_table(self, first: str, rest: str) -> tuple[str, str]:
        """ "scale", "inputs", "bands.Tên bộ", "gates.0" and the like."""
        if first not in _SHEETS:
            return (CRITERIA if first == "nodes" else ABOUT), self.about.get(first, "")
        layout = _SHEETS[first]
        record = _named(self.records[layout.name], rest)
        return layout.name, record.cell(layout.fields[0].name) if record else ""

    def _in_leaf(self, finding: Finding, words: list[str]) -> tuple[str, str]:
        """ "maximum", "rule", "bonus.0", "deduction.1.bands" and the like."""
        record = self.rows[finding.path].record
        own = self.lines.get(finding.path)
        if finding.field in record.columns and (finding.field != "rule" or own is None):
            return CRITERIA, record.cell(finding.field)
        if own is not None and (line := _line(own, words)) is not None:
            name = words[-1] if words and words[-1] in line.columns else "kind"
            return line.sheet, line.cell(name)
        if words and words[0] == "sets" and self.records[SETS.name]:
            return SETS.name, ""
        return CRITERIA, record.cell("rule" if words and words[0] == "rule" else "code")


def _line(own: LeafLines, words: list[str]) -> Record | None:
    """The row of a part, the one of a number where the finding gives it."""
    part = words[0] if words else ""
    rows = own.rows.get("base" if part in {"rule", "base"} else part, [])
    index = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return rows[index] if index < len(rows) else None


def _named(records: list[Record], name: str) -> Record | None:
    """The row of a number from 0, or of a key or name."""
    if name.isdigit() and int(name) < len(records):
        return records[int(name)]
    return next(
        (
            each
            for each in records
            if name and any(str(each.values.get(key) or "") == name for key in _KEYS)
        ),
        None,
    )
