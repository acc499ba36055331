"""Two versions of own forms compared, in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from thidua.rules.reporting.language import read_template
from thidua.rules.reporting.own.reading import rule_line, typed_form
from thidua.rules.reporting.own.typed import (
    FIELD_NAMES,
    LEVELS,
    TypedForm,
    TypedIndicator,
)

Data = Mapping[str, Any]
_FORM_FIELDS = {"code": "mã biểu", "title": "tên biểu", "shape": "loại biểu", "note": "ghi chú"}


def differences(before: Data, after: Data) -> tuple[str, ...]:
    """What the later version changes, form by form; () where both say the same."""
    old, new = _forms(before), _forms(after)
    return (
        *(f"Thêm {_named(new[key])}." for key in new if key not in old),
        *(f"Bỏ {_named(old[key])}." for key in old if key not in new),
        *(sentence for key in new if key in old for sentence in _form(old[key], new[key])),
        *_across(before, after),
    )


def _forms(data: Data) -> dict[str, TypedForm]:
    periods = data.get("periods", {})
    return {
        each["key"]: typed_form(read_template(each), each, tuple(periods.get(each["key"], ())))
        for each in data["templates"]
    }


def _named(form: TypedForm) -> str:
    return f"biểu {form.code} ({form.title}), {len(form.indicators)} chỉ tiêu"


def _form(old: TypedForm, new: TypedForm) -> Iterator[str]:
    name = f"Biểu {new.code}"
    for field, word in _FORM_FIELDS.items():
        yield from _changed(name, word, getattr(old, field), getattr(new, field))
    yield from _changed(name, "các kỳ", old.periods, new.periods)
    yield from _indicators(name, old, new)
    for level, word in LEVELS.items():
        was, now = getattr(old, level), getattr(new, level)
        yield from (f"{name}: thêm kiểm tra ({word}) {each}." for each in now if each not in was)
        yield from (f"{name}: bỏ kiểm tra ({word}) {each}." for each in was if each not in now)


def _changed(name: str, word: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        yield f"{name}: {word} “{old or 'trống'}” → “{new or 'trống'}”."


def _indicators(name: str, old: TypedForm, new: TypedForm) -> Iterator[str]:
    was = {each.key: each for each in old.indicators}
    now = {each.key: each for each in new.indicators}
    yield from (f"{name}: thêm {_line(each)}." for key, each in now.items() if key not in was)
    yield from (f"{name}: bỏ {_line(each)}." for key, each in was.items() if key not in now)
    for key, each in now.items():
        if key in was:
            yield from _indicator(f"{name}, chỉ tiêu {each.code}", was[key], each)
    if [key for key in was if key in now] != [key for key in now if key in was]:
        yield f"{name}: thứ tự các chỉ tiêu thay đổi."


def _line(each: TypedIndicator) -> str:
    return f"chỉ tiêu {each.code} ({each.heading})"


def _indicator(name: str, old: TypedIndicator, new: TypedIndicator) -> Iterator[str]:
    for field, word in FIELD_NAMES.items():
        yield from _changed(name, word.lower(), getattr(old, field), getattr(new, field))


def _across(before: Data, after: Data) -> Iterator[str]:
    for level, word in LEVELS.items():
        was = [rule_line(each) for each in before.get(level, ())]
        now = [rule_line(each) for each in after.get(level, ())]
        yield from (f"Thêm kiểm tra giữa các biểu ({word}): {e}." for e in now if e not in was)
        yield from (f"Bỏ kiểm tra giữa các biểu ({word}): {e}." for e in was if e not in now)
