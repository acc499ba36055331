"""The sheets of rules read into the JSON that a table keeps, row by row.

What a row says is checked where it stands by the readers of the rule language; what only the whole
table shows (unknown bands, holes, cycles) is left to `lint`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from thidua.rules.errors import RuleError
from thidua.rules.scoring import plain
from thidua.rules.scoring.language import (
    BASE_ONLY,
    KIND_NAMES,
    NEEDS,
    Band,
    Input,
    InputKind,
    Kind,
    TieBreak,
    read_award,
    read_band,
    read_case,
    read_class,
    read_gate,
    read_input,
    read_line,
    read_tie,
)
from thidua.rules.scoring.tree import Json
from thidua.workbooks.reading import Sheet
from thidua.workbooks.scale.facts import read_facts
from thidua.workbooks.scale.layout import (
    AWARDS,
    BANDS,
    BASE,
    BONUS,
    CASES,
    CLASSES,
    DEDUCTION,
    GATES,
    INPUTS,
    LINES,
    PERSON,
    RULE_SHEETS,
    SETS,
    TIES,
)
from thidua.workbooks.scale.read.cells import Problems, Record, read_records
from thidua.workbooks.scale.read.names import Names

Data = dict[str, Json]
Records = Mapping[str, list[Record]]
Read = TypeVar("Read")


@dataclass
class LeafLines:
    """The lines of one criterion by part, the caps of its sets, and the rows they came from.

    `unread` when a row of its standard points is there but could not be read.
    """

    parts: dict[str, list[Data]] = field(
        default_factory=lambda: {BASE: [], BONUS: [], DEDUCTION: []}
    )
    rows: dict[str, list[Record]] = field(
        default_factory=lambda: {BASE: [], BONUS: [], DEDUCTION: []}
    )
    sets: dict[str, Json] = field(default_factory=dict)
    unread: bool = False


def read_rule_sheets(sheets: Mapping[str, Sheet], problems: Problems) -> Records:
    """The filled rows of every sheet of rules by its name, cells read; absent sheets have none."""
    return {
        layout.name: read_records(layout, sheets.get(layout.name.casefold()), problems)
        for layout in RULE_SHEETS
    }


def leaf_lines(records: Records, names: Names, problems: Problems) -> dict[str, LeafLines]:
    """What "Quy tắc" and "Nhóm trần" say of each criterion, by its path."""
    found: dict[str, LeafLines] = {}
    for record in records[LINES.name]:
        path = names.leaf(record, "criterion", problems)
        if path is not None:
            _add_line(found.setdefault(path, LeafLines()), record, problems)
    for record in records[SETS.name]:
        path = names.leaf(record, "criterion", problems)
        if path is not None and record.sound:
            _add_set(found.setdefault(path, LeafLines()), record, problems)
    for own in found.values():
        _check_sets(own, problems)
    return found


def _add_line(own: LeafLines, record: Record, problems: Problems) -> None:
    part = record.values.get("part")
    data = {name: value for name, value in _data(record).items() if name not in _PLACE}
    own.unread = own.unread or (part in {None, BASE} and not record.sound)
    if not record.sound or part is None:
        return
    kind = Kind(str(data["kind"]))
    if part == BASE and own.rows[BASE]:
        sentence = f"điểm chuẩn của tiêu chí này đã có quy tắc ở dòng {own.rows[BASE][0].number}."
        problems.append(record.problem("part", sentence))
        return
    if part != BASE and kind in BASE_ONLY:
        sentence = f"“{KIND_NAMES[kind]}” chỉ dùng cho điểm chuẩn."
        problems.append(record.problem("kind", sentence))
        return
    missing = [name for name in NEEDS[kind] if not data.get(name)]
    for name in missing:
        title = LINES.field(name).title
        sentence = f"cách tính “{KIND_NAMES[kind]}” phải ghi cột “{title}”."
        problems.append(record.problem(name, sentence))
    own.rows[part].append(record)
    if not missing and _reads(read_line, data, record, "kind", problems):
        own.parts[part].append(data)
    elif part == BASE:
        own.unread = True


_PLACE = {"criterion", "part"}


def _add_set(own: LeafLines, record: Record, problems: Problems) -> None:
    name = str(record.values["set"])
    if name in own.sets:
        problems.append(record.problem("set", f"nhóm trần “{name}” của tiêu chí này bị lặp."))
    own.sets[name] = plain(record.values["cap"])


def _check_sets(own: LeafLines, problems: Problems) -> None:
    for part in (BONUS, DEDUCTION):
        for record in own.rows[part]:
            name = record.values.get("set")
            if name and name not in own.sets:
                sentence = f"nhóm trần “{name}” chưa ghi mức trần ở trang “{SETS.name}”."
                problems.append(record.problem("set", sentence))


def table_rules(records: Records, names: Names, problems: Problems) -> Data:
    """What stands in `Table.rules` of these sheets; a sheet without rows is left out."""
    bands = _bands(records[BANDS.name], problems)
    inputs = _inputs(records[INPUTS.name], problems)
    known = _Known(records[INPUTS.name], inputs, bands)
    _defaults(known, problems)
    rules: Data = {
        INPUTS.key: [*known.data.values()],
        BANDS.key: dict(bands),
        GATES.key: _each(records[GATES.name], read_gate, "when", problems),
        CLASSES.key: _each(records[CLASSES.name], read_class, "name", problems),
        AWARDS.key: _each(records[AWARDS.name], read_award, "input", problems),
        TIES.key: _ties(records[TIES.name], names, problems),
        CASES.key: _cases(records[CASES.name], known, names, problems),
    }
    return {key: value for key, value in rules.items() if value}


class _Known:
    """The inputs that could be read, with what their values are read by."""

    def __init__(
        self,
        records: list[Record],
        found: Mapping[str, tuple[Data, Input]],
        bands: Mapping[str, list[Json]],
    ) -> None:
        self.records = {str(each.values.get("key")): each for each in reversed(records)}
        self.data = {key: data for key, (data, _) in found.items()}
        self.inputs = {key: each for key, (_, each) in found.items()}
        self.bands: dict[str, tuple[Band, ...]] = {
            name: tuple(read_band(band) for band in rows if isinstance(band, dict))
            for name, rows in bands.items()
        }


def _inputs(records: Iterable[Record], problems: Problems) -> dict[str, tuple[Data, Input]]:
    """The declared inputs by key, as written and as read, in the order of their rows."""
    found: dict[str, tuple[Data, Input]] = {}
    lines: dict[str, int] = {}
    for record in records:
        key = str(record.values.get("key") or "")
        if key and key in lines:
            sentence = f"mã số liệu “{key}” bị lặp, đã có ở dòng {lines[key]}."
            problems.append(record.problem("key", sentence))
            continue
        lines[key] = record.number
        data = _data(record)
        if record.sound:
            each = _read_or_told(read_input, data, record, _input_column(data), problems)
            if each is not None:
                found[key] = data, each
    return found


def _input_column(data: Data) -> str:
    """Where the reason stands when an input cannot be read."""
    if data["kind"] == InputKind.FORMULA or "formula" in data:
        return "formula"
    return "options" if data["kind"] == InputKind.CHOICE else "key"


def _defaults(known: _Known, problems: Problems) -> None:
    """Turn what an empty field means into the text that is kept."""
    for key, data in known.data.items():
        if "default" not in data:
            continue
        from thidua.rules.scoring.facts import read_fact

        if data["kind"] == InputKind.FORMULA:
            sentence = "công thức không có giá trị khi để trống; hãy xóa ô này."
            problems.append(known.records[key].problem("default", sentence))
            continue
        try:
            data["default"] = read_fact(known.inputs[key], str(data["default"]), known.bands)
        except RuleError as error:
            problems.append(known.records[key].problem("default", str(error)))


def _bands(records: Iterable[Record], problems: Problems) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for record in records:
        data = _data(record)
        name = str(data.pop("set", ""))
        for key, usual in (("low_in", True), ("high_in", False)):
            if data.get(key) is usual:
                del data[key]
        if record.sound and _reads(read_band, data, record, "low", problems):
            found.setdefault(name, []).append(data)
    return found


def _ties(records: Iterable[Record], names: Names, problems: Problems) -> list[Json]:
    found: list[Json] = []
    for record in records:
        data = _data(record)
        if data.get("by") == TieBreak.NODE and data.get("of"):
            data["of"] = names.node(record, "of", problems)
        known = record.sound and data.get("of", "") is not None
        if known and _reads(read_tie, data, record, "of", problems):
            found.append(data)
    return found


def _cases(
    records: Iterable[Record], known: _Known, names: Names, problems: Problems
) -> list[Json]:
    return [
        data for record in records if (data := _case(record, known, names, problems)) is not None
    ]


def _case(record: Record, known: _Known, names: Names, problems: Problems) -> Data | None:
    data = _data(record)
    before = len(problems)
    if data.get("points") == PERSON:
        del data["points"]
    if data.get("path"):
        data["path"] = names.node(record, "path", problems)
    try:
        facts = read_facts(str(data.pop("facts", "")), known.inputs, known.bands)
    except RuleError as error:
        problems.append(record.problem("facts", str(error)))
        facts = {}
    if facts:
        data["facts"] = dict(facts)
    if not record.sound or len(problems) > before:
        return None
    return data if _reads(read_case, data, record, "name", problems) else None


def _each(
    records: Iterable[Record], read: Callable[[Data], object], column: str, problems: Problems
) -> list[Json]:
    return [
        data
        for record in records
        if record.sound and _reads(read, data := _data(record), record, column, problems)
    ]


def _reads(
    read: Callable[[Data], object], data: Data, record: Record, column: str, problems: Problems
) -> bool:
    """Whether the language can read this row; the reason at `column` when it cannot."""
    return _read_or_told(read, data, record, column, problems) is not None


def _read_or_told(
    read: Callable[[Data], Read], data: Data, record: Record, column: str, problems: Problems
) -> Read | None:
    """The row as the language reads it; None, and the reason at `column`, when it cannot."""
    try:
        return read(data)
    except RuleError as error:
        problems.append(record.problem(column, str(error)))
        return None


def _data(record: Record) -> Data:
    """A row as JSON: numbers as text, what is blank left out."""
    return {name: _json(value) for name, value in record.values.items() if value not in {None, ""}}


def _json(value: Any) -> Json:
    match value:
        case bool():
            return value
        case Decimal():
            return plain(value)
    return str(value)
