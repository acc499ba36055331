"""What people type about one criterion: its own fields, its lines in three parts, its sets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.scoring.language import BASE_ONLY, KIND_NAMES
from thidua.rules.scoring.lint import NODE_LENGTHS
from thidua.rules.scoring.tree import SEPARATOR
from thidua.scoring.scale_forms import Placed, RowForm
from thidua.workbooks.scale.layout import (
    BASE,
    BONUS,
    COLUMNS,
    CRITERIA,
    DEDUCTION,
    LINES,
    SETS,
    Field,
)
from thidua.workbooks.scale.read.cells import Problems, Record, errors_of
from thidua.workbooks.scale.read.criteria import Row, build
from thidua.workbooks.scale.read.names import Names
from thidua.workbooks.scale.read.rules import leaf_lines
from thidua.workbooks.scale.write.rows import criterion_row, rule_rows

# Where the criterion stands while its rows are read: its code may not be readable yet.
HERE = "1"
PARTS = {BASE: "Điểm chuẩn", BONUS: "Điểm thưởng", DEDUCTION: "Điểm trừ"}
_OF_GROUP = {"level", "rule", "step", "has_bonus", "has_deduction", "floor", "ceiling"}
_OF_LEAF = {"level", "rule", "step", "when"}
PLACE = {"criterion", "part"}


def _line_fields(part: str) -> tuple[Field, ...]:
    """The columns of a line of a part; what only the standard points can have is not offered."""
    fields = [each for each in LINES.fields if each.name not in PLACE]
    if part == BASE:
        return tuple(
            each for each in fields if each.name not in {"unless", "one_of", "set"}
        ) + tuple(each for each in fields if each.name in {"unless"})
    kinds = {kind.value: name for kind, name in KIND_NAMES.items() if kind not in BASE_ONLY}
    return tuple(
        replace(each, choices=kinds) if each.name == "kind" else each
        for each in fields
        if each.name != "step"
    )


class CriterionForms:
    """One criterion or group; `node` is None for one that is not there yet."""

    def __init__(self, table: Table, node: CriterionNode | None, data: Any = None) -> None:
        self.table, self.node, self.data = table, node, data
        self.is_group = node is not None and not node.is_leaf
        hidden = _OF_GROUP if self.is_group else _OF_LEAF
        fields = [each for each in COLUMNS if each.name not in hidden]
        self.head = RowForm(
            fields,
            criterion_row(node) if node else None,
            prefix="c",
            data=data,
            lengths=NODE_LENGTHS,
        )
        self.lines: dict[str, list[RowForm]] = {}
        self.sets: list[RowForm] = []
        self.general: list[str] = []
        if not self.is_group:
            self._rows()

    def _rows(self) -> None:
        stored = self._stored()
        base = [row for row in stored[LINES.name] if row["part"] == PARTS[BASE]]
        self.lines[BASE] = [
            RowForm(
                _line_fields(BASE),
                base[0] if base else self._simple(),
                prefix="base",
                data=self.data,
            )
        ]
        for part in (BONUS, DEDUCTION):
            rows = [row for row in stored[LINES.name] if row["part"] == PARTS[part]]
            self.lines[part] = self._forms(_line_fields(part), rows, part)
        fields = tuple(each for each in SETS.fields if each.name != "criterion")
        self.sets = self._forms(fields, stored[SETS.name], "set")

    def _stored(self) -> dict[str, list[Mapping[str, Any]]]:
        if self.node is None:
            return {LINES.name: [], SETS.name: []}
        alone = replace(self.table, nodes=(self.node,), rules={})
        rows = {layout.name: [*rows] for layout, rows in rule_rows(alone)}
        return {LINES.name: rows[LINES.name], SETS.name: rows[SETS.name]}

    def _simple(self) -> dict[str, Any]:
        """A base line that needs only a word stands in the criterion's own row of the workbook."""
        row = criterion_row(self.node) if self.node else {"rule": "typed"}
        return {"kind": row["rule"], "step": row.get("step")}

    def _forms(
        self, fields: Sequence[Field], rows: Sequence[Mapping[str, Any]], prefix: str
    ) -> list[RowForm]:
        """The rows stored, and an empty one."""
        kept = [
            RowForm(fields, row, prefix=f"{prefix}{number}", data=self.data, can_drop=True)
            for number, row in enumerate(rows)
        ]
        spare = RowForm(fields, None, prefix=f"{prefix}{len(rows)}", data=self.data)
        return [*kept, spare]

    def all_rows(self) -> Iterator[RowForm]:
        """Every row of the page."""
        yield self.head
        for rows in (*self.lines.values(), self.sets):
            yield from rows

    @property
    def has_errors(self) -> bool:
        """Whether anything on the page could not be taken."""
        return bool(self.general) or any(form.errors for form in self.all_rows())

    def changed(self, siblings: Sequence[CriterionNode]) -> CriterionNode | None:
        """The criterion as typed, without what is below; None when something cannot be read.

        `siblings` are the others of its group: a code serves one of them only.
        """
        if not all(form.is_valid() for form in self.all_rows()):
            return None
        problems: Problems = []
        head = self.head.record(CRITERIA, 1, problems)
        pairs = [(head, self.head), *self._line_records(problems)]
        own = [record for record, _ in pairs[1:]]
        records = {
            LINES.name: [each for each in own if each.sheet == LINES.name],
            SETS.name: [each for each in own if each.sheet == SETS.name],
        }
        lines = leaf_lines(records, Names([HERE]), problems)
        self._mark_parts(head, {str(each.values.get("part")) for each in records[LINES.name]})
        _check_code(head, siblings, problems)
        node = None
        if not errors_of(problems):
            node = build(self._row(head), HERE, lines, problems)
        placed = Placed.of(pairs)
        placed.tell(problems)
        self.general = placed.general
        if errors_of(problems) or node is None:
            return None
        return replace(node, children=(), path="")

    def _row(self, head: Record) -> Row:
        """A group is told by having something below; what that is does not matter here."""
        below = Record(CRITERIA, 2, {"code": HERE, "title": HERE}, head.columns)
        return Row(head, [Row(below)] if self.is_group else [])

    def _mark_parts(self, head: Record, parts: set[str]) -> None:
        """A part with lines exists, whatever the box says."""
        for name, part in (("has_bonus", BONUS), ("has_deduction", DEDUCTION)):
            if part in parts:
                head.values[name] = True

    def _line_records(self, problems: Problems) -> list[tuple[Record, RowForm]]:
        pairs: list[tuple[Record, RowForm]] = []
        for part, forms in self.lines.items():
            for form in forms:
                if not form.is_dropped:
                    number = len(pairs) + 1
                    fixed = {"criterion": HERE, "part": part}
                    pairs.append((form.record(LINES.name, number, problems, **fixed), form))
        for number, form in enumerate(self.sets, start=1):
            if not form.is_dropped:
                pairs.append((form.record(SETS.name, number, problems, criterion=HERE), form))
        return pairs


def _check_code(head: Record, siblings: Sequence[CriterionNode], problems: Problems) -> None:
    """A code serves in a path: without "/", once among those beside it."""
    code = str(head.values.get("code") or "")
    if SEPARATOR in code:
        problems.append(head.problem("code", "mã không được chứa dấu “/”."))
    elif any(each.code == code for each in siblings):
        problems.append(head.problem("code", f"mã “{code}” đã có trong nhóm này."))
