"""The rules of criteria and groups: every line against what the table declares."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.scoring.language import (
    KIND_NAMES,
    NUMERIC,
    TAKES,
    InputKind,
    Kind,
    LeafRule,
    Line,
    leaf_rule,
)
from thidua.rules.scoring.lint.declared import Declared
from thidua.rules.scoring.lint.findings import (
    PARTS,
    Findings,
    error,
    warning,
)
from thidua.rules.scoring.lint.places import Leaves, Place
from thidua.rules.scoring.numbers import vietnamese, words
from thidua.rules.scoring.tree import CriterionNode, Table

_EVERYWHERE = {"kind", "text", "article"}


_COMMON = {*_EVERYWHERE, "input", "cap", "when", "unless", "one_of", "set"}


# The columns that each kind looks at, beside those of every line.
_USES: Mapping[Kind, set[str]] = {
    Kind.TYPED: {*_EVERYWHERE, "step"},
    Kind.FULL: {*_EVERYWHERE, "points", "cap", "when", "unless"},
    Kind.PASS_FAIL: {*_COMMON, "points"},
    Kind.ALL_OR_NOTHING: {*_COMMON, "points", "threshold"},
    Kind.OPTIONS: {*_COMMON, "bands"},
    Kind.AVERAGE: {*_COMMON, "points"},
    Kind.BANDS: {*_COMMON, "bands"},
    Kind.MATRIX: {*_COMMON, "bands", "tiers", "tier_input"},
    Kind.LINEAR: {*_COMMON, "points"},
    Kind.LEADER: {*_COMMON, "points", "at_target"},
    Kind.PER_CASE: {*_COMMON, "points", "first", "every"},
    Kind.PROGRESSIVE: {*_COMMON, "points", "first", "threshold", "every"},
    Kind.LATE: {*_COMMON, "points", "first", "threshold", "every", "bands", "due"},
    Kind.EARLY: {*_COMMON, "points", "first", "threshold", "every", "bands", "due"},
}


_COLUMNS = {
    "input": "số liệu",
    "points": "mức điểm",
    "first": "mức điểm đầu",
    "threshold": "ngưỡng",
    "every": "bước đếm",
    "step": "bước chấm",
    "at_target": "tỷ lệ khi đạt mục tiêu",
    "bands": "bậc",
    "tiers": "cỡ đơn vị",
    "tier_input": "số liệu cỡ",
    "due": "hạn",
    "cap": "trần",
    "when": "điều kiện",
    "unless": "miễn khi",
    "one_of": "chỉ lấy một",
    "set": "nhóm trần",
}


# Where points are left out, these count all standard points: meant for a base line only.
_WHOLE = {Kind.PASS_FAIL, Kind.ALL_OR_NOTHING, Kind.AVERAGE, Kind.LINEAR, Kind.LEADER}


_RESERVED = {
    "base": frozenset[str](),
    "deduction": frozenset({"@diem_chuan"}),
    "bonus": frozenset({"@diem_chuan", "@diem_tru"}),
}


# A year without 29/02: a due date without a year must exist in each.
_SOME_YEAR = 2026


def lint_leaves(table: Table, leaves: Leaves, known: Declared) -> Findings:
    """What is wrong with lines and leaves, against what the table declares."""
    yield from leaves.findings
    for place in leaves.places:
        yield from _line(place, known)
    by_node: dict[str, list[Place]] = {}
    for place in leaves.places:
        by_node.setdefault(place.node.path, []).append(place)
    for node in table.leaves():
        yield from _leaf(node, by_node.get(node.path, []))


def _line(place: Place, known: Declared) -> Findings:
    found = list(_errors(place, known))
    for column, reason in found:
        yield error(place.node, f"{place.field}.{column}", f"{place.words}: {reason}")
    if not found:
        for column, reason in _warnings(place, known):
            yield warning(place.node, f"{place.field}.{column}", f"{place.words}: {reason}")


Said = Iterator[tuple[str, str]]


def _errors(place: Place, known: Declared) -> Said:
    """What keeps a line from being computed: column and sentence."""
    line = place.line
    wanted = (
        ("input", line.input, TAKES.get(line.kind)),
        ("unless", line.unless, {InputKind.YES_NO}),
        ("tier_input", line.tier_input, NUMERIC),
    )
    for column, key, kinds in wanted:
        if key and kinds and (reason := known.wrong_kind(key, kinds)):
            yield column, reason
    yield from _wrong_bands(line, known)
    if line.due and (reason := _wrong_due(line.due, known)):
        yield "due", reason
    for condition in line.when:
        if reason := known.wrong_condition(condition, _RESERVED[place.part]):
            yield "when", reason
            return


def _wrong_bands(line: Line, known: Declared) -> Said:
    for column, name in (("bands", line.bands), ("tiers", line.tiers)):
        if name and (reason := known.unknown_bands(name)):
            yield column, reason
    if line.kind is Kind.OPTIONS:
        yield from _options(line, known)
    elif line.kind is not Kind.MATRIX and any(
        band.tier for band in known.bands.get(line.bands, ())
    ):
        yield "bands", f"bộ bậc “{line.bands}” ghi theo cỡ đơn vị; hãy dùng cách “Theo cỡ và bậc”."


def _options(line: Line, known: Declared) -> Said:
    each = known.inputs.get(line.input)
    if each is None or each.kind is not InputKind.CHOICE or each.options == line.bands:
        return
    offered = known.bands.get(each.options, ())
    worth = {band.label for band in known.bands.get(line.bands, ())}
    without = [band.label for band in offered if band.label not in worth]
    if without and line.bands in known.bands:
        yield (
            "bands",
            f"bộ bậc “{line.bands}” không có mức “{without[0]}” của số liệu “{each.label}”.",
        )


def _wrong_due(due: str, known: Declared) -> str:
    parts = due.split("/")
    if len(parts) in {2, 3} and all(part.strip().isdigit() for part in parts):
        year = int(parts[2]) if len(parts) == 3 else _SOME_YEAR
        try:
            date(year, int(parts[1]), int(parts[0]))
        except (OverflowError, ValueError):
            return f"hạn “{due}” không phải là ngày có trong lịch của mọi năm."
        return ""
    if reason := known.wrong_kind(due, {InputKind.DATE}):
        return f"hạn “{due}” phải là ngày, ví dụ 31/01, hoặc mã số liệu loại Ngày: {reason}"
    return ""


def _warnings(place: Place, known: Declared) -> Said:
    line, node = place.line, place.node
    for column, value in place.data.items():
        if value not in (None, "") and not _looks_at(place, column):
            name = _COLUMNS.get(column, column)
            yield column, f"cách tính “{KIND_NAMES[line.kind]}” không dùng tới cột {name}."
    if line.kind is Kind.EARLY and line.threshold == 0:
        yield "threshold", "ngưỡng 0 ngày nên nộp lúc nào cũng được tính là sớm."
    if place.part != "base" and line.kind in _WHOLE and line.points is None:
        yield "points", f"chưa ghi mức điểm nên tính cả điểm chuẩn ({_shown(node.maximum)})."
    if place.part == "base" and node.maximum is not None and line.bands:
        worths = [band.worth(Fraction(node.maximum)) for band in known.bands.get(line.bands, ())]
        if worths and max(worths) > node.maximum:
            yield (
                "bands",
                f"bộ bậc “{line.bands}” có bậc {words(max(worths))} điểm, nhiều hơn điểm chuẩn"
                f" {vietnamese(node.maximum)}.",
            )
    if line.kind in {Kind.LATE, Kind.EARLY} and line.bands:
        yield from _days_without_band(place, known)


def _days_without_band(place: Place, known: Declared) -> Said:
    """Days to which bands give no points by themselves, although they look complete."""
    line = place.line
    bands = known.bands.get(line.bands, ())
    if line.threshold is None:
        nothing_on_time = not any(band.holds(Fraction(0)) for band in bands)
        if place.part == "base" and line.kind is Kind.LATE and bands and nothing_on_time:
            yield (
                "bands",
                f"bộ bậc “{line.bands}” không có bậc cho 0 ngày nên đơn vị làm đúng hạn được 0 điểm.",
            )
        return
    for band in bands:
        if band.high is not None and band.high < line.threshold:
            yield (
                "threshold",
                f"ngưỡng {words(line.threshold)} ngày nên bậc đến {words(band.high)} của bộ bậc"
                f" “{line.bands}” không bao giờ được dùng; người dưới ngưỡng được 0 điểm.",
            )
            return


def _shown(maximum: Decimal | None) -> str:
    return "không có" if maximum is None else vietnamese(maximum)


def _looks_at(place: Place, column: str) -> bool:
    line = place.line
    if place.part == "base" and column in {"one_of", "set"}:
        return False
    if column not in _USES[line.kind]:
        return False
    by_band = line.kind in {Kind.LATE, Kind.EARLY} and line.bands
    return not (by_band and column in {"points", "first", "every"})


def _leaf(node: CriterionNode, places: list[Place]) -> Findings:
    """What no single line shows."""
    for part in ("bonus", "deduction"):
        if not getattr(node, f"has_{part}") and any(place.part == part for place in places):
            name = PARTS[part]
            yield error(node, f"has_{part}", f"có quy tắc {name} nhưng ô {name} ghi “Không”.")
    base = next((place.line for place in places if place.part == "base"), None)
    if base is not None and base.kind is not Kind.TYPED and node.maximum is None:
        yield error(node, "rule", "có quy tắc điểm chuẩn nhưng tiêu chí không có điểm chuẩn.")
    try:
        rule = leaf_rule(node)
    except RuleError:
        return
    yield from _limits(node, rule)


def _limits(node: CriterionNode, rule: LeafRule) -> Findings:
    if rule.floor is not None and rule.ceiling is not None and rule.floor > rule.ceiling:
        yield error(
            node,
            "base.floor",
            f"mức thấp nhất {vietnamese(rule.floor)} cao hơn mức cao nhất"
            f" {vietnamese(rule.ceiling)}.",
        )
    used = {line.set for _, _, line in rule.lines}
    for name, cap in rule.sets.items():
        if cap < 0:
            yield error(node, "sets", f"trần của nhóm “{name}” phải từ 0 trở lên.")
        elif name not in used:
            yield warning(node, "sets", f"nhóm trần “{name}” không có dòng nào dùng.")
