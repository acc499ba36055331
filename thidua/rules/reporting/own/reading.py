"""A typed form into data of the language of forms, with every problem at its place, and back."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.reporting.amounts import MOST_PLACES
from thidua.rules.reporting.language import TemplateRefused, read_template
from thidua.rules.reporting.language.indicators import PLACES
from thidua.rules.reporting.own.keys import form_key, indicator_key
from thidua.rules.reporting.own.typed import (
    BEHAVIOUR_WORDS,
    FIELD_NAMES,
    HEADING_PARTS,
    KIND_WORDS,
    LEVELS,
    SHAPE_WORDS,
    TypedForm,
    TypedIndicator,
    periods_in_words,
    read_periods,
    rule_in_words,
    spaced,
    value_of,
)
from thidua.rules.reporting.templates import Behaviour, Kind, Shape, Template

YES, NO = "Có", "Không"
_YES_NO = {"yes": YES, "no": NO}
LONGEST_CODE = 20
Data = dict[str, Any]
Say = Callable[[str, str], None]


@dataclass(frozen=True)
class Placed:
    """One problem: `row` counts indicators from 1, 0 is the form itself; `field` as in TypedForm."""

    row: int
    field: str
    sentence: str


def form_data(
    typed: TypedForm, *, taken: Collection[str] = (), keys: Mapping[str, str] | None = None
) -> tuple[Data, tuple[str, ...], list[Placed]]:
    """Data of the form, the periods that ask for it, and everything wrong in it.

    `taken`: keys of the other forms. `keys`: by heading as written, the key an indicator of this
    form had before, for rows that come without one. The data is sound where there are no problems.
    """
    problems: list[Placed] = []
    key = typed.key or form_key(typed.code, taken)
    data: Data = {
        "key": key,
        "code": _code(typed, problems),
        "title": typed.title.strip(),
        "shape": _shape(typed, problems),
        "note": typed.note.strip(),
        "indicators": _indicators(typed, key, keys or {}, problems),
        **{level: _rules(getattr(typed, level)) for level in LEVELS},
    }
    if not data["title"]:
        problems.append(Placed(0, "title", "Chưa ghi tên biểu."))
    if not data["indicators"]:
        problems.append(Placed(0, "indicators", "Biểu chưa có chỉ tiêu nào."))
    periods = _periods(typed, problems)
    data = {name: value for name, value in data.items() if value}
    if not problems:
        problems.extend(_unsound(typed, data))
    return data, periods, problems


def _code(typed: TypedForm, problems: list[Placed]) -> str:
    code = typed.code.strip()
    if not code:
        problems.append(Placed(0, "code", "Chưa ghi mã biểu, ví dụ 01/GƯ."))
    elif len(code.split()) > 1 or ":" in code or len(code) > LONGEST_CODE:
        sentence = f"Mã biểu không có dấu cách, dấu hai chấm, không quá {LONGEST_CODE} ký tự."
        problems.append(Placed(0, "code", sentence))
    return code


def _shape(typed: TypedForm, problems: list[Placed]) -> str:
    shape = value_of(SHAPE_WORDS, typed.shape, Shape.LINES)
    if shape is None:
        problems.append(Placed(0, "shape", _choice(typed.shape, "loại biểu", SHAPE_WORDS)))
    return str(shape or Shape.LINES)


def _periods(typed: TypedForm, problems: list[Placed]) -> tuple[str, ...]:
    try:
        return read_periods(typed.periods)
    except RuleError as problem:
        problems.append(Placed(0, "periods", f"Các kỳ: {problem}"))
        return ()


def _choice(text: str, what: str, words: Mapping[str, str]) -> str:
    return f"Không có {what} “{text.strip()}”; ghi một trong: {', '.join(words.values())}."


def _indicators(
    typed: TypedForm, form: str, keys: Mapping[str, str], problems: list[Placed]
) -> list[Data]:
    codes = Counter(each.code.strip() for each in typed.indicators)
    used = {each.key for each in typed.indicators if each.key}
    found: list[Data] = []
    for row, each in enumerate(typed.indicators, start=1):
        indicator = _indicator(row, each, codes, problems)
        key = each.key or _old_key(each, keys, used) or indicator_key(form, each.heading, used)
        used.add(key)
        found.append({"key": key, **indicator})
    return found


def _old_key(each: TypedIndicator, keys: Mapping[str, str], used: Collection[str]) -> str:
    key = keys.get(_joined(_heading(each)), "")
    return "" if key in used else key


def _indicator(
    row: int, each: TypedIndicator, codes: Mapping[str, int], problems: list[Placed]
) -> Data:
    def say(field: str, sentence: str) -> None:
        problems.append(Placed(row, field, sentence))

    def chosen(field: str, words: Mapping[str, str], default: str = "") -> str | None:
        written = getattr(each, field)
        value = value_of(words, written, default)
        if value is None:
            say(field, _choice(written, FIELD_NAMES[field].lower(), words))
        return value

    kind = chosen("kind", KIND_WORDS, Kind.NUMBER)
    behaviour = chosen("behaviour", BEHAVIOUR_WORDS)
    data: Data = {
        "code": _own_code(each, codes, say),
        "heading": list(_heading(each)),
        "note": each.note.strip(),
        "optional": chosen("required", _YES_NO, "yes") == "no",
    }
    if not data["heading"]:
        say("heading", "Chưa ghi tên chỉ tiêu.")
    if kind == Kind.NUMBER:
        data |= _number(each, behaviour, say)
    elif kind:
        data |= {"kind": kind, "behaviour": Behaviour.TEXT.value}
        if each.total.strip() or each.outflow.strip():
            say("total", "Chỉ ô số mới tính được từ ô khác.")
    return {name: value for name, value in data.items() if value or name == "places"}


def _own_code(each: TypedIndicator, codes: Mapping[str, int], say: Say) -> str:
    code = each.code.strip()
    if not code or len(code.split()) > 1 or len(code) > LONGEST_CODE:
        say("code", f"Mã chỉ tiêu phải có, không có dấu cách, không quá {LONGEST_CODE} ký tự.")
    elif codes[code] > 1:
        say("code", f"Mã {code} dùng cho {codes[code]} chỉ tiêu; mỗi chỉ tiêu một mã.")
    return code


def _number(each: TypedIndicator, behaviour: str | None, say: Say) -> Data:
    measure = each.measure.strip()
    if not measure:
        say("measure", "Chưa ghi đơn vị tính, ví dụ vụ việc, triệu đồng, %.")
    if behaviour == "":
        say("behaviour", f"Chưa chọn cách cộng; ghi một trong: {_behaviours()}.")
    if each.outflow.strip() and behaviour != Behaviour.TOTAL:
        say("outflow", f"Chỉ ghi cho chỉ tiêu “{BEHAVIOUR_WORDS[Behaviour.TOTAL]}”.")
    return {
        "measure": measure,
        "behaviour": behaviour,
        "total": [spaced(way) for way in each.total.split(";") if way.strip()],
        "outflow": each.outflow.strip(),
        "places": _places(each, measure, say),
    }


def _behaviours() -> str:
    return ", ".join(BEHAVIOUR_WORDS.values())


def _places(each: TypedIndicator, measure: str, say: Say) -> int:
    text = each.places.strip()
    if not text:
        return PLACES.get(measure, 0)
    if not (text.isascii() and text.isdigit() and int(text[:3]) <= MOST_PLACES):
        say("places", f"Số chữ số sau dấu phẩy là số nguyên từ 0 đến {MOST_PLACES}.")
        return 0
    return int(text)


def _heading(each: TypedIndicator) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in each.heading.split(HEADING_PARTS))
    return tuple(part for part in parts if part)


def _joined(heading: tuple[str, ...]) -> str:
    return f" {HEADING_PARTS} ".join(heading)


def _rules(lines: tuple[str, ...]) -> list[Any]:
    return [rule_data(line) for line in lines if line.strip()]


def rule_data(line: str) -> Any:
    """“3 <= 2 | vì sao” as the language keeps it."""
    rule, _, note = line.partition("|")
    return {"rule": spaced(rule), "note": note.strip()} if note.strip() else spaced(rule)


def rule_line(rule: Any) -> str:
    """A stored rule as people write it."""
    if isinstance(rule, str):
        return rule_in_words(rule)
    note = f" | {rule['note']}" if rule.get("note") else ""
    return f"{rule_in_words(rule['rule'])}{note}"


def _unsound(typed: TypedForm, data: Data) -> list[Placed]:
    """What the language of forms refuses, at the place its sentence speaks of."""
    try:
        read_template(data)
    except TemplateRefused as refused:
        names = {each["key"]: each["code"] for each in data["indicators"]}
        return [_placed(typed, data, sentence, names) for sentence in refused.problems]
    return []


_SPOKEN = (
    ("cách tính", "total"),
    ("phần đã giải quyết", "outflow"),
    ("đơn vị tính", "measure"),
    ("thập phân", "places"),
    ("khoá", "key"),
    ("tiêu đề", "heading"),
)


def _placed(typed: TypedForm, data: Data, sentence: str, names: Mapping[str, str]) -> Placed:
    said = sentence
    for key, code in names.items():
        said = said.replace(f"“{key}”", f"“{code}”")
    for level in LEVELS:
        for line in getattr(typed, level):
            if f"quy tắc “{spaced(line.partition('|')[0])}”" in said:
                return Placed(0, level, said)
    for row, each in enumerate(data["indicators"], start=1):
        if any(f"quy tắc “{each['code']} = {way}”" in said for way in each.get("total", ())):
            return Placed(row, "total", said)
        if f"chỉ tiêu “{each['code']}”" in said:
            # Behind the name of the indicator: a heading may hold any of the words.
            about = said.partition(f"chỉ tiêu “{each['code']}”")[2]
            field = next((name for word, name in _SPOKEN if word in about), "total")
            return Placed(row, field, said)
    return Placed(0, "indicators", said)


def typed_form(template: Template, data: Mapping[str, Any], periods: tuple[str, ...]) -> TypedForm:
    """A form of own data as people write it; `template` is what the data reads as."""
    return TypedForm(
        code=template.code,
        title=template.title,
        shape=SHAPE_WORDS[template.shape],
        periods=periods_in_words(periods),
        note=template.note,
        key=template.key,
        indicators=tuple(_typed(each) for each in data["indicators"]),
        **{level: tuple(rule_line(rule) for rule in data.get(level, ())) for level in LEVELS},
    )


def _typed(each: Mapping[str, Any]) -> TypedIndicator:
    behaviour = Behaviour(each["behaviour"])
    is_text = behaviour == Behaviour.TEXT
    kind = Kind(each.get("kind", Kind.TEXT if is_text else Kind.NUMBER))
    return TypedIndicator(
        code=each["code"],
        heading=_joined(tuple(each["heading"])),
        measure=each.get("measure", ""),
        kind=KIND_WORDS[kind],
        behaviour=BEHAVIOUR_WORDS.get(behaviour, ""),
        total="; ".join(each.get("total", ())),
        outflow=each.get("outflow", ""),
        places="" if is_text else str(each.get("places", 0)),
        required=NO if each.get("optional") else YES,
        note=each.get("note", ""),
        key=each["key"],
    )


__all__ = [
    "FIELD_NAMES",
    "NO",
    "YES",
    "Placed",
    "form_data",
    "rule_data",
    "rule_line",
    "typed_form",
]
