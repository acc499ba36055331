"""The rule of a criterion in words, line by line, as the table's rules say it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from thidua.rules.scoring.formulas import Condition
from thidua.rules.scoring.kinds import span
from thidua.rules.scoring.language import (
    Band,
    GroupRule,
    Kind,
    LeafRule,
    Line,
    NotApplicable,
    TableRules,
    group_rule,
    leaf_rule,
)
from thidua.rules.scoring.numbers import vietnamese, words
from thidua.rules.scoring.tree import CriterionNode

PARTS = {"base": "Điểm chuẩn", "bonus": "Điểm thưởng", "deduction": "Điểm trừ"}
NOT_ASSIGNED = {
    NotApplicable.FULL: "Đơn vị không được giao: tính đủ điểm.",
    NotApplicable.EXCLUDED: "Đơn vị không được giao: loại điểm này khỏi tổng.",
}


def rule_in_words(rules: TableRules, node: CriterionNode) -> tuple[str, ...]:
    """Every line of a criterion's rule and its limits as sentences; of a group its own limits.

    In: the rules of the table, a node of it. Raises RuleError when the rule cannot be read.
    """
    if not node.is_leaf:
        return tuple(_group(rules, node, group_rule(node)))
    return tuple(_leaf(rules, node, leaf_rule(node)))


def _leaf(rules: TableRules, node: CriterionNode, rule: LeafRule) -> Iterator[str]:
    if node.maximum is not None:
        yield f"{PARTS['base']}: {_line(rules, rule.base, node)}"
    for part, has in (("bonus", node.has_bonus), ("deduction", node.has_deduction)):
        lines = rule.bonus if part == "bonus" else rule.deduction
        for line in lines:
            yield f"{PARTS[part]}: {_line(rules, line, node)}"
        if has and not lines:
            yield f"{PARTS[part]}: người chấm nhập theo hướng dẫn của bảng."
    yield from _alternatives(rule)
    for name, cap in rule.sets.items():
        yield f"Các dòng của nhóm “{name}” cộng trừ lại không quá {words(cap)} điểm."
    yield from _caps(node, "của tiêu chí")
    if rule.floor is not None:
        yield f"Thấp nhất là {vietnamese(rule.floor)} điểm."
    if rule.ceiling is not None:
        yield f"Cao nhất là {vietnamese(rule.ceiling)} điểm."
    if rule.na is not None:
        yield NOT_ASSIGNED[rule.na]
    if rule.article:
        yield f"Căn cứ: {rule.article}."


def _alternatives(rule: LeafRule) -> Iterator[str]:
    labels = dict.fromkeys(line.one_of for _, _, line in rule.lines if line.one_of)
    for label in labels:
        yield f"Các dòng cùng nhóm “{label}” chỉ lấy mức cao nhất."


def _group(rules: TableRules, node: CriterionNode, rule: GroupRule) -> Iterator[str]:
    yield "Cộng điểm của các tiêu chí bên trong."
    if rule.when:
        conditions = _conditions(rules, rule.when)
        yield f"Chỉ áp dụng khi {conditions}."
    if rule.na is not None:
        yield NOT_ASSIGNED[rule.na]
    yield from _caps(node, "của cả nhóm")
    if rule.article:
        yield f"Căn cứ: {rule.article}."


def _caps(node: CriterionNode, of: str) -> Iterator[str]:
    for name, cap in (
        ("Điểm thưởng", node.bonus_cap),
        ("Điểm trừ", node.deduction_cap),
        ("Điểm cộng, trừ gộp lại", node.net_cap),
    ):
        if cap is not None:
            yield f"{name} {of} không quá {vietnamese(cap)} điểm."


def _line(rules: TableRules, line: Line, node: CriterionNode) -> str:
    maximum = None if node.maximum is None else Fraction(node.maximum)
    said = _KINDS[line.kind](rules, line, maximum)
    extra = []
    if line.cap is not None:
        extra.append(f"dòng này không quá {words(line.cap)} điểm")
    if line.when:
        extra.append(f"chỉ tính khi {_conditions(rules, line.when)}")
    if line.unless:
        extra.append(f"không tính nếu có “{_label(rules, line.unless)}”")
    if line.set:
        extra.append(f"thuộc nhóm trần “{line.set}”")
    sentence = "; ".join([said, *extra])
    text = f"{line.text}. " if line.text else ""
    article = f" ({line.article})" if line.article else ""
    return f"{text}{sentence}{article}.".replace("..", ".")


def _conditions(rules: TableRules, when: Iterable[Condition]) -> str:
    return " và ".join(
        each.text.replace(each.name, f"“{_label(rules, each.name)}”", 1) for each in when
    )


_RESERVED = {"@diem_tru": "điểm trừ của tiêu chí này", "@diem_chuan": "điểm chuẩn của tiêu chí này"}


def _label(rules: TableRules, key: str) -> str:
    each = rules.inputs.get(key)
    return _RESERVED.get(key, key) if each is None else each.label


def _input(rules: TableRules, line: Line) -> str:
    return f"“{_label(rules, line.input)}”"


def _worth(line: Line, maximum: Fraction | None) -> str:
    return words(line.points if line.points is not None else maximum or Fraction(0))


def _typed(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    step = "" if line.step is None else f", theo bước {vietnamese(line.step)}"
    return f"người chấm nhập từ 0 đến {_worth(line, maximum)} điểm{step}"


def _full(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    return f"cho đủ {_worth(line, maximum)} điểm rồi mới cộng, trừ"


def _pass_fail(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    return f"{_input(rules, line)} là Có thì được {_worth(line, maximum)} điểm, Không thì 0"


def _all_or_nothing(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    least = words(line.threshold if line.threshold is not None else Fraction(100))
    return (
        f"{_input(rules, line)} đạt từ {least} trở lên thì được {_worth(line, maximum)} điểm, dưới mức"
        " đó 0"
    )


def _bands(bands: tuple[Band, ...], maximum: Fraction | None, tier: str = "") -> str:
    return "; ".join(
        f"{span(band)}: {_band_worth(band, maximum)}" for band in bands if band.tier == tier
    )


def _band_worth(band: Band, maximum: Fraction | None) -> str:
    points = f"{words(band.worth(maximum))} điểm"
    return points if band.share is None else f"{words(band.share)} % = {points}"


def _options(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    levels = "; ".join(
        f"{band.label}: {_band_worth(band, maximum)}" for band in rules.bands.get(line.bands, ())
    )
    return f"theo mức chọn ở {_input(rules, line)}: {levels}"


def _average(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    return f"trung bình cộng của {_input(rules, line)}, mỗi lần tối đa {_worth(line, maximum)} điểm"


def _by_band(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    return f"theo {_input(rules, line)}: {_bands(rules.bands.get(line.bands, ()), maximum)}"


def _matrix(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    bands = rules.bands.get(line.bands, ())
    tiers = dict.fromkeys(band.tier for band in bands)
    rows = " | ".join(f"cỡ “{tier}”: {_bands(bands, maximum, tier)}" for tier in tiers)
    size = f" (theo “{_label(rules, line.tier_input)}”)" if line.tier_input else ""
    return f"theo cỡ đơn vị{size} và {_input(rules, line)}: {rows}"


def _linear(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    most = _worth(line, maximum)
    return f"{most} × {_input(rules, line)} : mục tiêu của đơn vị, không quá {most} điểm"


def _leader(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    most = line.points if line.points is not None else maximum or Fraction(0)
    half = most * line.at_target / 100
    name = _input(rules, line)
    return (
        f"{name} chưa vượt mục tiêu: {words(half)} × {name} : mục tiêu; vượt mục tiêu: {words(half)} +"
        f" {words(most - half)} × mức vượt : mức vượt của đơn vị dẫn đầu; đơn vị không có mục tiêu so"
        f" với nhau, cao nhất được {words(most)} điểm"
    )


def _per_case(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    each = "mỗi trường hợp" if line.every is None else f"cứ {words(line.every)}"
    points = f"{words(line.points or Fraction(0))} điểm"
    if line.first is None:
        return f"{_input(rules, line)}, {each} {points}"
    return f"{_input(rules, line)}, lần đầu {words(line.first)} điểm, sau đó {each} {points}"


def _progressive(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    start = words(line.threshold or Fraction(0))
    first = "" if line.first is None else f"được {words(line.first)} điểm, "
    every = words(line.every or Fraction(1))
    return (
        f"{_input(rules, line)} vượt {start}: {first}cứ thêm trọn {every} được"
        f" {words(line.points or Fraction(0))} điểm"
    )


def _by_date(rules: TableRules, line: Line, maximum: Fraction | None) -> str:
    late = line.kind is Kind.LATE
    due = f"“{_label(rules, line.due)}”" if line.due in rules.inputs else line.due
    word = "sau" if late else "trước"
    least = words(line.threshold if line.threshold is not None else Fraction(1))
    said = f"{_input(rules, line)} {word} hạn {due}"
    if not line.bands or line.threshold is not None:
        said += f" từ {least} ngày"
    if line.bands:
        return f"{said}: theo số ngày, {_bands(rules.bands.get(line.bands, ()), maximum)}"
    if line.every is None:
        return f"{said}: {_worth(line, maximum)} điểm"
    first = "" if line.first is None else f"lần đầu {words(line.first)} điểm, sau đó "
    return f"{said}: {first}cứ {words(line.every)} ngày {words(line.points or Fraction(0))} điểm"


_KINDS: Mapping[Kind, Callable[[TableRules, Line, Fraction | None], str]] = {
    Kind.TYPED: _typed,
    Kind.FULL: _full,
    Kind.PASS_FAIL: _pass_fail,
    Kind.ALL_OR_NOTHING: _all_or_nothing,
    Kind.OPTIONS: _options,
    Kind.AVERAGE: _average,
    Kind.BANDS: _by_band,
    Kind.MATRIX: _matrix,
    Kind.LINEAR: _linear,
    Kind.LEADER: _leader,
    Kind.PER_CASE: _per_case,
    Kind.PROGRESSIVE: _progressive,
    Kind.LATE: _by_date,
    Kind.EARLY: _by_date,
}
