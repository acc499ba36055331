""" "Tiêu chí" read: rows become a tree by their levels, and each row can be found again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from thidua.rules.scoring import CriterionNode, plain
from thidua.rules.scoring.tree import SEPARATOR, Json
from thidua.workbooks.scale.layout import BASE, BONUS, DEDUCTION, FROM_SHEET
from thidua.workbooks.scale.read.cells import Problems, Record
from thidua.workbooks.scale.read.rules import LeafLines


@dataclass
class Row:
    """One criterion or group, and the rows that stand below it."""

    record: Record
    children: list["Row"] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The code as typed, "" when it is missing."""
        return str(self.record.values.get("code") or "")


def nest(records: Iterable[Record], problems: Problems) -> list[Row] | None:
    """The rows as a tree by their levels; None when they cannot be placed or told apart."""
    roots: list[Row] = []
    open_rows: list[Row] = []
    placed = True
    for record in records:
        level = record.values.get("level") or 0
        if level == 0:
            placed = False
            continue
        if level > len(open_rows) + 1:
            above = f"cấp {len(open_rows)}" if open_rows else "dòng đầu tiên phải là cấp 1"
            sentence = f"cấp nhảy bậc: {above}, dòng này lại là cấp {level}."
            problems.append(record.problem("level", sentence))
            placed = False
        del open_rows[level - 1 :]
        row = Row(record)
        (open_rows[-1].children if open_rows else roots).append(row)
        open_rows.append(row)
    return roots if _distinct(roots, problems) and placed else None


def _distinct(siblings: list[Row], problems: Problems) -> bool:
    """Whether every code can serve in a path: present, without "/", once among its siblings."""
    seen: dict[str, int] = {}
    good = True
    for row in siblings:
        if row.code and row.code not in seen and SEPARATOR not in row.code:
            seen[row.code] = row.record.number
            good = _distinct(row.children, problems) and good
            continue
        if SEPARATOR in row.code:
            sentence = f"mã “{row.code}” không được chứa dấu “/”."
            problems.append(row.record.problem("code", sentence))
        elif row.code:
            sentence = f"mã “{row.code}” bị lặp trong cùng nhóm, đã có ở dòng {seen[row.code]}."
            problems.append(row.record.problem("code", sentence))
        good = False
        _distinct(row.children, problems)
    return good


def places(rows: Iterable[Row], parent: str = "") -> Iterator[tuple[str, Row]]:
    """Every row with its path, in printed order."""
    for row in rows:
        path = f"{parent}{SEPARATOR}{row.code}" if parent else row.code
        yield path, row
        yield from places(row.children, path)


_RULE_COLUMNS = ("rule", "step", "article", "na", "floor", "ceiling", "when")


def build(row: Row, path: str, lines: Mapping[str, LeafLines], problems: Problems) -> CriterionNode:
    """The node of a row with the rules of its lines, and all nodes below it."""
    values = {
        name: value
        for name, value in row.record.values.items()
        if name not in {"level", *_RULE_COLUMNS}
    }
    own = lines.get(path, LeafLines())
    for name, part in (("has_bonus", BONUS), ("has_deduction", DEDUCTION)):
        values[name] = _has(row, name, bool(own.parts[part]), problems)
    children = tuple(
        build(child, f"{path}{SEPARATOR}{child.code}", lines, problems) for child in row.children
    )
    rule = _group_rule(row, problems) if children else _leaf_rule(row, own, problems)
    return CriterionNode(**values, rule=rule, children=children)


def _has(row: Row, name: str, has_lines: bool, problems: Problems) -> bool:
    """Whether a part exists: as written, and where nothing is, whether it has lines."""
    written = row.record.values.get(name)
    if written is False and has_lines:
        problems.append(
            row.record.problem(
                name, "ghi “Không” nhưng trang “Quy tắc” có dòng cho phần này; hãy chọn Có."
            )
        )
    return has_lines if written is None else bool(written)


def _leaf_rule(row: Row, own: LeafLines, problems: Problems) -> dict[str, Json]:
    values = row.record.values
    if values.get("when"):
        problems.append(
            row.record.problem(
                "when",
                "điều kiện áp dụng chỉ ghi ở nhóm; với tiêu chí, hãy ghi ở cột “Điều kiện” của"
                " trang “Quy tắc”.",
            )
        )
    rule: dict[str, Json] = {**_base(row, own, problems)}
    for part in (BONUS, DEDUCTION):
        if own.parts[part]:
            rule[part] = list(own.parts[part])
    if own.sets:
        rule["sets"] = dict(own.sets)
    for name in ("floor", "ceiling"):
        if values.get(name) is not None:
            rule[name] = plain(values[name])
    if values.get("na"):
        rule["na"] = values["na"]
    if values.get("article"):
        rule["leaf_article"] = values["article"]
    return rule


def _base(row: Row, own: LeafLines, problems: Problems) -> dict[str, Json]:
    """The rule of the standard points: from its row of "Quy tắc", else as this row says."""
    kind, step = row.record.values.get("rule"), row.record.values.get("step")
    if own.parts[BASE]:
        for name, value in (("rule", None if kind == FROM_SHEET else kind), ("step", step)):
            if value is not None:
                sentence = "trang “Quy tắc” đã có dòng điểm chuẩn của tiêu chí này; hãy để trống."
                problems.append(row.record.problem(name, sentence))
        return own.parts[BASE][0]
    if kind == FROM_SHEET and not own.unread:
        sentence = "trang “Quy tắc” chưa có dòng điểm chuẩn của tiêu chí này."
        problems.append(row.record.problem("rule", sentence))
    if kind in {None, FROM_SHEET}:
        kind = "typed"
    return {"kind": kind, **({} if step is None else {"step": plain(step)})}


def _group_rule(row: Row, problems: Problems) -> dict[str, Json]:
    values = row.record.values
    for name in ("rule", "step", "floor", "ceiling"):
        if values.get(name) is not None:
            sentence = "nhóm không chấm trực tiếp; hãy ghi ở tiêu chí bên dưới."
            problems.append(row.record.problem(name, sentence))
    rule: dict[str, Json] = {
        name: values[name] for name in ("when", "na", "article") if values.get(name)
    }
    return {"kind": "conditional", **rule} if rule else {}
