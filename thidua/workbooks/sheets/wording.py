"""How a criterion is scored, in words that fit a cell."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from thidua.rules.scoring import CriterionNode, TableRules, vietnamese
from thidua.rules.scoring.kinds import span
from thidua.rules.scoring.language import Band, Kind, Line, leaf_rule
from thidua.rules.scoring.numbers import words

_PARTS = {"base": "Điểm chuẩn", "bonus": "Thưởng", "deduction": "Trừ"}


def how_scored(node: CriterionNode, rules: TableRules) -> str:
    """The printed guidance of a leaf, then every line of its rules, one a row."""
    said = [
        node.guidance,
        node.bonus_guidance and f"Thưởng: {node.bonus_guidance}",
        node.deduction_guidance and f"Trừ: {node.deduction_guidance}",
    ]
    for part, _, line in leaf_rule(node).lines:
        if part == "base" and (node.maximum is None or (line.kind is Kind.TYPED and node.guidance)):
            continue
        sentence = in_words(line, Fraction(node.maximum or 0), rules)
        said.append(f"• {_PARTS[part]}: {sentence}")
    return "\n".join(filter(None, said))


def caps_of(node: CriterionNode) -> str:
    """The caps of a node, one a row."""
    caps = (
        ("thưởng ≤ ", node.bonus_cap),
        ("trừ ≤ ", node.deduction_cap),
        ("cộng, trừ ≤ ", node.net_cap),
    )
    lines = [f"{name}{vietnamese(cap)}" for name, cap in caps if cap is not None]
    if node.is_leaf:
        lines += [f"nhóm “{name}” ≤ {words(cap)}" for name, cap in leaf_rule(node).sets.items()]
    return "\n".join(lines)


def in_words(line: Line, maximum: Fraction, rules: TableRules) -> str:
    """One line as a sentence, its conditions and bounds after it."""
    return "; ".join((_KINDS[line.kind](line, maximum, rules), *_bounds(line, rules))) + "."


def _bounds(line: Line, rules: TableRules) -> Iterator[str]:
    if line.when:
        yield "khi " + " và ".join(_condition(each.text, rules) for each in line.when)
    if line.unless:
        yield f"không tính nếu {_label(line.unless, rules)}"
    if line.one_of:
        yield f"chỉ lấy mức cao nhất của nhóm “{line.one_of}”"
    if line.cap is not None:
        yield f"không quá {words(line.cap)}"
    if line.set:
        yield f"chung trần “{line.set}”"
    if line.article:
        yield line.article


_RESERVED = {"@diem_tru": "điểm trừ", "@diem_chuan": "điểm chuẩn"}


def _condition(text: str, rules: TableRules) -> str:
    """A condition with the input's label in place of its key."""
    for name, shown in _RESERVED.items():
        if text.startswith(name):
            return shown + text.removeprefix(name)
    keys = sorted(filter(text.startswith, rules.inputs), key=len)
    return f"{_label(keys[-1], rules)}{text.removeprefix(keys[-1])}" if keys else text


def _label(key: str, rules: TableRules) -> str:
    each = rules.inputs.get(key)
    return f"“{each.label}”" if each else f"“{key}”"


def _worth(line: Line, maximum: Fraction) -> str:
    return words(line.points if line.points is not None else maximum)


def _bands(name: str, maximum: Fraction, rules: TableRules) -> str:
    return "; ".join(_band(band, maximum) for band in rules.bands.get(name, ()))


def _band(band: Band, maximum: Fraction) -> str:
    tier = f"cỡ “{band.tier}” " if band.tier else ""
    return f"{tier}{span(band)} → {words(band.worth(maximum))}"


def _typed(line: Line, maximum: Fraction, rules: TableRules) -> str:
    step = f", bước {vietnamese(line.step)}" if line.step is not None else ""
    return f"tự chấm từ 0 đến {words(maximum)}{step}"


def _full(line: Line, maximum: Fraction, rules: TableRules) -> str:
    return f"đủ {_worth(line, maximum)} điểm"


def _pass_fail(line: Line, maximum: Fraction, rules: TableRules) -> str:
    return f"{_label(line.input, rules)}: Có được {_worth(line, maximum)}, Không được 0"


def _all_or_nothing(line: Line, maximum: Fraction, rules: TableRules) -> str:
    needed = words(line.threshold if line.threshold is not None else Fraction(100))
    return f"{_label(line.input, rules)} từ {needed} trở lên được {_worth(line, maximum)}, dưới mức đó 0"


def _average(line: Line, maximum: Fraction, rules: TableRules) -> str:
    return f"trung bình {_label(line.input, rules)}, mỗi lần tối đa {_worth(line, maximum)}"


def _by_band(line: Line, maximum: Fraction, rules: TableRules) -> str:
    return f"{_label(line.input, rules)}: {_bands(line.bands, maximum, rules)}"


def _matrix(line: Line, maximum: Fraction, rules: TableRules) -> str:
    by = f" (xếp theo {_label(line.tier_input, rules)})" if line.tier_input else ""
    bands = _bands(line.bands, maximum, rules)
    return f"theo cỡ “{line.tiers}”{by} và {_label(line.input, rules)}: {bands}"


def _linear(line: Line, maximum: Fraction, rules: TableRules) -> str:
    most = _worth(line, maximum)
    return f"{most} × {_label(line.input, rules)} : mục tiêu, không quá {most}"


def _leader(line: Line, maximum: Fraction, rules: TableRules) -> str:
    return (
        f"{_label(line.input, rules)} so với mục tiêu và đơn vị dẫn đầu, tối đa"
        f" {_worth(line, maximum)}; đạt mục tiêu được {words(line.at_target)}% số đó"
    )


def _per_case(line: Line, maximum: Fraction, rules: TableRules) -> str:
    every = f"cứ {words(line.every)} " if line.every is not None else "mỗi "
    first = f" (lần đầu {words(line.first)})" if line.first is not None else ""
    return f"{every}{_label(line.input, rules)}: {words(line.points or Fraction(0))}{first}"


def _progressive(line: Line, maximum: Fraction, rules: TableRules) -> str:
    first = f"{words(line.first)}, rồi " if line.first else ""
    return (
        f"{_label(line.input, rules)} vượt {words(line.threshold or Fraction(0))}: {first}thêm"
        f" {words(line.points or Fraction(0))} cho mỗi {words(line.every or Fraction(1))} vượt trọn"
    )


def _by_date(line: Line, maximum: Fraction, rules: TableRules) -> str:
    word = "chậm" if line.kind is Kind.LATE else "sớm"
    due = _label(line.due, rules) if line.due in rules.inputs else line.due
    least = f" từ {words(line.threshold)} ngày" if line.threshold is not None else ""
    said = f"{_label(line.input, rules)} {word}{least} so với hạn {due}"
    if line.bands:
        return f"{said}, theo số ngày: {_bands(line.bands, maximum, rules)}"
    if line.every is None:
        return f"{said}: {_worth(line, maximum)}"
    first = f", lần đầu {words(line.first)}" if line.first is not None else ""
    return f"{said}: cứ {words(line.every)} ngày {words(line.points or Fraction(0))}{first}"


_KINDS: Mapping[Kind, Callable[[Line, Fraction, TableRules], str]] = {
    Kind.TYPED: _typed,
    Kind.FULL: _full,
    Kind.PASS_FAIL: _pass_fail,
    Kind.ALL_OR_NOTHING: _all_or_nothing,
    Kind.OPTIONS: _by_band,
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
