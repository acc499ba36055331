"""Values of rules in a sentence, and lists of records held against each other."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from thidua.rules.scoring.language import (
    INPUT_KINDS,
    KIND_NAMES,
    TIE_BREAK_NAMES,
    ClassBasis,
    Excluded,
    NotApplicable,
)
from thidua.rules.scoring.tree import RoundingMode

ROUNDING_NAMES = {
    RoundingMode.HALF_UP: "nửa làm tròn lên",
    RoundingMode.HALF_EVEN: "nửa làm tròn về số chẵn",
    RoundingMode.DOWN: "bỏ phần lẻ",
    RoundingMode.UP: "luôn làm tròn lên",
}
ABSENT = object()
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {
        **{kind.value: name for kind, name in KIND_NAMES.items()},
        **{kind.value: name for kind, name in INPUT_KINDS.items()},
        "conditional": "Nhóm có điều kiện",
    },
    "na": {NotApplicable.FULL: "đủ điểm", NotApplicable.EXCLUDED: "loại khỏi tổng"},
    "by": {by.value: name for by, name in TIE_BREAK_NAMES.items()},
    "excluded": {Excluded.SHRINK: "giữ nguyên tổng", Excluded.RESCALE: "quy về đủ thang"},
    "class_basis": {ClassBasis.POINTS: "điểm", ClassBasis.PERCENT: "tỷ lệ %"},
    "award_policy": {"highest": "chỉ lấy mức cao nhất", "sum": "cộng tất cả"},
    "mode": {mode.value: name for mode, name in ROUNDING_NAMES.items()},
    "default": {"yes": "có", "no": "không"},
}


def shown(value: Any, field: str = "") -> str:
    """A value of the data in a sentence; codes of a field by their Vietnamese names."""
    if value is ABSENT or value is None or value in ("", {}, []):
        return "(trống)"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {shown(value[key], key)}" for key in sorted(value))
    if isinstance(value, list):
        return "; ".join(shown(each) for each in value)
    text = str(value)
    if text in (known := _WORDS.get(field, {})):
        return f"“{known[text]}”"
    if _NUMBER.fullmatch(text):
        return text.replace(".", ",").replace("-", "−")
    return f"“{text}”"


def spelled(value: Any) -> str:
    """One text for each value, whatever the order of keys."""
    return "" if value is ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)


def changed_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[str]:
    """One sentence per field that differs, in the order of `names`, unknown fields last."""
    rest = sorted({*old, *new} - {*names})
    for key in (*names, *rest):
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if spelled(before) != spelled(after):
            yield f"{names.get(key, key)} {shown(before, key)} → {shown(after, key)}"


Pair = tuple[int, Any, int, Any]


def pairs(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Pair]:
    """What differs between two lists: place and value before and after, ABSENT on one side where
    a value came or went."""
    matcher = SequenceMatcher(None, [*map(spelled, old)], [*map(spelled, new)], autojunk=False)
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for step in range(max(high - low, end - start)):
            one, two = low + step, start + step
            before = old[one] if one < high else ABSENT
            after = new[two] if two < end else ABSENT
            yield one, before, two, after


def is_records(value: Any) -> bool:
    """A list of records, or nothing."""
    return value is ABSENT or (
        isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
    )


def as_list(value: Any) -> list[Any]:
    """The list itself; nothing is an empty one."""
    return [] if value is ABSENT else list(value)
