"""What people write of a form, all of it text, and the words that stand for values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from thidua.rules.errors import RuleError
from thidua.rules.reporting.periods import NAMES
from thidua.rules.reporting.templates import Behaviour, Kind, Shape

KIND_WORDS: Mapping[str, str] = {Kind.NUMBER: "Số", Kind.TEXT: "Chữ", Kind.TICK: "Có/Không"}
SHAPE_WORDS: Mapping[str, str] = {
    Shape.LINES: "Theo dòng",
    Shape.COLUMNS: "Theo cột",
    Shape.LIST: "Danh sách",
}
BEHAVIOUR_WORDS: Mapping[str, str] = {
    Behaviour.FLOW: "Phát sinh",
    Behaviour.OPENING: "Tồn đầu kỳ",
    Behaviour.CLOSING: "Tồn cuối kỳ",
    Behaviour.TOTAL: "Tổng có tồn",
    Behaviour.RATIO: "Tỷ lệ",
}
BEHAVIOUR_HELP: Mapping[str, str] = {
    Behaviour.FLOW: "Việc xảy ra trong kỳ. Quý I cộng quý II thành 6 tháng; các đơn vị cộng lại.",
    Behaviour.OPENING: "Số mang sang từ trước kỳ. 6 tháng lấy số đầu quý I, không cộng các quý.",
    Behaviour.CLOSING: "Số còn lại khi hết kỳ. 6 tháng lấy số cuối quý II, không cộng các quý.",
    Behaviour.TOTAL: (
        "Tổng trong đó có phần mang sang. Kỳ dài được tính lại từ “tổng của” hoặc “đã giải quyết”; "
        "không có hai mục này thì lấy ở báo cáo lũy kế của đơn vị."
    ),
    Behaviour.RATIO: "Phần trăm, tỷ số. Không cộng qua các kỳ, không cộng các đơn vị.",
}
# The levels of a rule by the field of the language that holds it.
LEVELS = {"printed": "Lỗi", "logical": "Cảnh báo", "carried": "So với kỳ trước"}
FIELD_NAMES = {
    "code": "Mã",
    "heading": "Chỉ tiêu",
    "measure": "Đơn vị tính",
    "kind": "Loại ô",
    "behaviour": "Cách cộng",
    "total": "Tổng của",
    "outflow": "Đã giải quyết",
    "places": "Số lẻ",
    "required": "Bắt buộc",
    "note": "Ghi chú",
    "key": "Khoá",
}
TICKED = "x"
HEADING_PARTS = ">"
# What people may write in rules, and what the language of rules says.
_RULE_WORDS = (("chỉ khi", "only with"), ("đúng một trong", "one of"), ("số dòng", "rows"))
_SIGNS = (("≤", "<="), ("≥", ">="), ("⇒", "=>"), ("×", "*"), ("−", "-"), ("–", "-"))
_AROUND = re.compile(r"\s*(<=|>=|=>|=|\+|\*)\s*")
_TICKS = {"x": TICKED, "có": TICKED, "✓": TICKED, "không": "", "0": "", "": ""}


@dataclass(frozen=True)
class TypedIndicator:
    """One line of the table of indicators. `heading`: its titles from the top, parted by “>”."""

    code: str = ""
    heading: str = ""
    measure: str = ""
    kind: str = ""
    behaviour: str = ""
    total: str = ""
    outflow: str = ""
    places: str = ""
    required: str = ""
    note: str = ""
    key: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing a person wrote: only choices that are there from the start."""
        return not (self.code or self.heading or self.measure or self.total or self.note)


@dataclass(frozen=True)
class TypedForm:
    """One form as people write it; `rules` by level, one rule a line, “| ” before its note."""

    code: str = ""
    title: str = ""
    shape: str = ""
    periods: str = ""
    note: str = ""
    key: str = ""
    indicators: tuple[TypedIndicator, ...] = ()
    printed: tuple[str, ...] = ()
    logical: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()


def value_of(words: Mapping[str, str], text: str, default: str = "") -> str | None:
    """The value a word stands for, whatever its case; `default` where it is blank; None unknown."""
    wanted = " ".join(text.split()).casefold()
    if not wanted:
        return default
    return next((str(value) for value, word in words.items() if word.casefold() == wanted), None)


def read_periods(text: str) -> tuple[str, ...]:
    """The codes of the periods named; none is all. RuleError for a name that is no period."""
    found = []
    for each in text.replace(";", ",").split(","):
        name = " ".join(each.split())
        if not name or name.casefold() in {"tất cả", "mọi kỳ", "cả 7 kỳ"}:
            continue
        code = value_of(NAMES, name)
        if code is None:
            known = ", ".join(NAMES.values())
            raise RuleError(f"không có kỳ báo cáo “{name}”; ghi một hay nhiều trong: {known}.")
        found.append(code)
    chosen = tuple(code for code in NAMES if code in found)
    return () if len(chosen) == len(NAMES) else chosen


def periods_in_words(codes: tuple[str, ...] | list[str]) -> str:
    """“Quý I, 6 tháng”, or that all periods ask."""
    return ", ".join(NAMES[code] for code in NAMES if code in codes) or "Mọi kỳ"


def spaced(rule: str) -> str:
    """A rule or sum as the language reads it: blanks around signs, its words for people's."""
    text = " ".join(rule.split())
    for written, meant in _SIGNS:
        text = text.replace(written, meant)
    for people, language in _RULE_WORDS:
        text = re.sub(rf"(?i)\b{people}\b", language, text)
    return " ".join(_AROUND.sub(r" \1 ", text).split())


def rule_in_words(rule: str) -> str:
    """A rule of the language as people write it."""
    for people, language in _RULE_WORDS:
        rule = re.sub(rf"\b{language}\b", people, rule)
    return rule


def read_tick(text: str, *, where: str) -> str:
    """“x” for yes and nothing for no, from the ways people answer. RuleError for anything else."""
    answer = _TICKS.get(text.strip().casefold())
    if answer is None:
        raise RuleError(f"{where}: ghi x nếu có, để trống nếu không.")
    return answer
