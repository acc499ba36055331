"""What changed in the rules: of a criterion, line by line; of the table, list by list."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.difference.values import (
    ABSENT,
    as_list,
    changed_fields,
    is_records,
    pairs,
    shown,
    spelled,
)
from thidua.rules.scoring.kinds import span
from thidua.rules.scoring.language import read_band

Data = Mapping[str, Any]
Sentences = Iterator[str]
_LINE = {
    "kind": "cách tính",
    "input": "số liệu",
    "points": "mức điểm",
    "first": "mức điểm đầu",
    "threshold": "ngưỡng",
    "every": "bước đếm",
    "step": "bước chấm",
    "at_target": "tỷ lệ khi đạt mục tiêu",
    "bands": "bộ bậc",
    "tiers": "cỡ đơn vị",
    "tier_input": "số liệu cỡ",
    "due": "hạn",
    "cap": "trần của dòng",
    "when": "điều kiện",
    "unless": "miễn khi",
    "one_of": "chỉ lấy một của nhóm",
    "set": "nhóm trần",
    "text": "diễn giải",
    "article": "điều khoản",
}
_PARTS = {"bonus": "điểm thưởng", "deduction": "điểm trừ"}
_LEAF = {
    "floor": "mức thấp nhất",
    "ceiling": "mức cao nhất",
    "na": "khi không giao",
    "leaf_article": "điều khoản của tiêu chí",
}
_GROUP = {
    "kind": "loại quy tắc",
    "when": "điều kiện áp dụng",
    "na": "khi không áp dụng",
    "article": "điều khoản",
}
_INPUT = {
    "label": "tên",
    "kind": "loại",
    "measure": "đơn vị tính",
    "formula": "công thức",
    "default": "để trống là",
    "options": "bộ bậc để chọn",
    "indicator": "chỉ tiêu",
}
_GATE = {"label": "nội dung", "when": "điều kiện", "limit": "mức cao nhất", "article": "điều khoản"}
_CLASS = {
    "least": "từ",
    "share": "tỷ lệ tối thiểu từng tiêu chí",
    "share_level": "cấp tiêu chí",
    "places": "số suất",
    "percent": "tỷ lệ tối đa",
}
_AWARD = {"label": "tên", "input": "số liệu", "points": "điểm cộng"}
_TIE = {"by": "quy tắc", "of": "theo"}
_SETTINGS = {
    "class_basis": "cơ sở xếp loại",
    "award_policy": "cách cộng điểm thành tích",
    "self_ceiling": "trần tự chấm",
    "excluded": "cách loại khỏi tổng",
    "na": "khi không giao",
    "leaf_rounding": "làm tròn tiêu chí",
}


def node_rule_changes(old: Data, new: Data, *, is_leaf: bool) -> Sentences:
    """What changed in the rule of a criterion, in canonical data."""
    if not is_leaf:
        yield from changed_fields(old, new, _GROUP)
        return
    yield from _base(_base_of(old), _base_of(new))
    for part, name in _PARTS.items():
        yield from _lines(name, old.get(part, ABSENT), new.get(part, ABSENT))
    yield from _sets(old.get("sets", ABSENT), new.get("sets", ABSENT))
    yield from changed_fields(
        {key: old[key] for key in _LEAF if key in old},
        {key: new[key] for key in _LEAF if key in new},
        _LEAF,
    )


def _base_of(rule: Data) -> Data:
    return {key: rule[key] for key in rule if key not in {*_PARTS, *_LEAF, "sets"}}


def _base(old: Data, new: Data) -> Sentences:
    if spelled(old.get("kind")) == spelled(new.get("kind")):
        yield from changed_fields(old, new, _LINE)
    else:
        yield f"quy tắc điểm chuẩn: {_line(old)} → {_line(new)}"


def _line(line: Data) -> str:
    """A whole line in words: “Theo bậc (số liệu “so_ho”, bộ bậc “thu_gom”)”."""
    rest = [key for key in (*_LINE, *sorted(set(line) - {*_LINE})) if key in line and key != "kind"]
    inside = ", ".join(f"{_LINE.get(key, key)} {shown(line[key], key)}" for key in rest)
    kind = shown(line.get("kind", ABSENT), "kind")
    return f"{kind} ({inside})" if inside else kind


def _lines(name: str, old: Any, new: Any) -> Sentences:
    if spelled(old) == spelled(new):
        return
    if not (is_records(old) and is_records(new)):
        yield f"quy tắc {name} {shown(old)} → {shown(new)}"
        return
    found = False
    for one, before, two, after in pairs(as_list(old), as_list(new)):
        found = True
        if before is ABSENT:
            yield f"{name}: thêm dòng {two + 1}: {_line(after)}"
        elif after is ABSENT:
            yield f"{name}: bỏ dòng {one + 1}: {_line(before)}"
        else:
            yield from _changed_line(f"{name}, dòng {two + 1}", before, after)
    if not found:
        yield f"quy tắc {name} {shown(old)} → {shown(new)}"


def _changed_line(where: str, old: Data, new: Data) -> Sentences:
    called = new.get("text") or old.get("text") or new.get("input") or ""
    where = f"{where} ({called})" if called else where
    if spelled(old.get("kind")) != spelled(new.get("kind")):
        yield f"{where}: {_line(old)} → {_line(new)}"
        return
    for change in changed_fields(old, new, _LINE):
        yield f"{where}: {change}"


def _sets(old: Any, new: Any) -> Sentences:
    if spelled(old) == spelled(new):
        return
    before, after = ({} if each is ABSENT else each for each in (old, new))
    plain = isinstance(before, Mapping) and isinstance(after, Mapping)
    names = {key: f"trần của nhóm “{key}”" for key in sorted({*before, *after})} if plain else {}
    said = list(changed_fields(before, after, names)) if plain else []
    yield from said or [f"trần của các nhóm {shown(old)} → {shown(new)}"]


def table_rule_changes(old: Data, new: Data) -> Sentences:
    """What changed in the rules of the whole table, in canonical data."""
    lists: Mapping[str, Callable[[Any, Any], Sentences]] = {
        "inputs": lambda one, two: _keyed("Số liệu", "key", one, two, _INPUT),
        "bands": _bands,
        "gates": lambda one, two: _numbered("Điều kiện xếp loại", one, two, _GATE),
        "classes": lambda one, two: _keyed("Mức xếp loại", "name", one, two, _CLASS),
        "awards": lambda one, two: _numbered("Điểm cộng thành tích", one, two, _AWARD),
        "ties": lambda one, two: _numbered("Quy tắc khi bằng điểm", one, two, _TIE),
        "cases": _cases,
    }
    for key, say in lists.items():
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if spelled(before) == spelled(after):
            continue
        # Data of another shape, or the same records written in another way: said as a whole.
        yield from list(say(before, after)) or [
            f"Bảng: {_HEADS[key]} {shown(before)} → {shown(after)}"
        ]
    one, two = ({key: each[key] for key in each if key not in lists} for each in (old, new))
    yield from (f"Bảng: {change}" for change in changed_fields(one, two, _SETTINGS))


_HEADS = {
    "inputs": "số liệu",
    "bands": "bộ bậc",
    "gates": "điều kiện xếp loại",
    "classes": "mức xếp loại",
    "awards": "điểm cộng thành tích",
    "ties": "quy tắc khi bằng điểm",
    "cases": "ví dụ kiểm thử",
}


def _keyed(head: str, key: str, old: Any, new: Any, names: Mapping[str, str]) -> Sentences:
    """Records known by a key, each by its own name; then their order."""
    if not (is_records(old) and is_records(new)):
        return
    before = {str(each.get(key)): each for each in as_list(old)}
    after = {str(each.get(key)): each for each in as_list(new)}
    if len(before) < len(as_list(old)) or len(after) < len(as_list(new)):
        yield from _numbered(head, old, new, names)
        return
    yield from (f"{head}: bỏ {_called(before[each], key)}" for each in before if each not in after)
    yield from (f"{head}: thêm {_called(after[each], key)}" for each in after if each not in before)
    for each, now in after.items():
        if each in before:
            for change in changed_fields(before[each], now, names):
                yield f"{head} {_called(now, key)}: {change}"
    kept, order = (
        [each for each in one if each in other] for one, other in ((before, after), (after, before))
    )
    if kept != order:
        yield f"{head}: thứ tự → {', '.join(order)}"


def _called(record: Data, key: str) -> str:
    label = record.get("label")
    return f"“{label}” ({record.get(key)})" if label else f"“{record.get(key)}”"


def _numbered(head: str, old: Any, new: Any, names: Mapping[str, str]) -> Sentences:
    """Records known by their place."""
    if not (is_records(old) and is_records(new)):
        return
    for one, before, two, after in pairs(as_list(old), as_list(new)):
        if before is ABSENT:
            yield f"{head}: thêm dòng {two + 1} ({_record(after, names)})"
        elif after is ABSENT:
            yield f"{head}: bỏ dòng {one + 1} ({_record(before, names)})"
        else:
            for change in changed_fields(before, after, names):
                yield f"{head}, dòng {two + 1}: {change}"


def _record(record: Data, names: Mapping[str, str]) -> str:
    keys = (*names, *sorted(set(record) - {*names}))
    return ", ".join(
        f"{names.get(key, key)} {shown(record[key], key)}" for key in keys if key in record
    )


def _bands(old: Any, new: Any) -> Sentences:
    before, after = ({} if each is ABSENT else each for each in (old, new))
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return
    for name in before:
        if name not in after:
            yield f"Bộ bậc: bỏ “{name}”"
    for name, rows in after.items():
        if name not in before:
            yield f"Bộ bậc: thêm “{name}” ({_rows(rows)})"
        elif spelled(before[name]) != spelled(rows):
            yield from _band_rows(f"Bộ bậc “{name}”", before[name], rows)


def _rows(rows: Any) -> str:
    return "; ".join(_band(each) for each in rows) if is_records(rows) else shown(rows)


def _band_rows(head: str, old: Any, new: Any) -> Sentences:
    if not (is_records(old) and is_records(new)):
        yield f"{head}: {shown(old)} → {shown(new)}"
        return
    for _, before, _, after in pairs(old, new):
        if before is ABSENT:
            yield f"{head}: thêm bậc {_band(after)}"
        elif after is ABSENT:
            yield f"{head}: bỏ bậc {_band(before)}"
        elif _bounds(before) == _bounds(after):
            yield f"{head}: bậc {_bounds(after)}: {_worth(before, after)} → {_worth(after)}"
        else:
            yield f"{head}: bậc {_band(before)} → {_band(after)}"


def _band(band: Data) -> str:
    worth = _worth(band)
    return f"{_bounds(band)} ({worth})" if worth != "(trống)" else _bounds(band)


def _bounds(band: Data) -> str:
    """The ends of a band in words, with its label and the size it holds for."""
    try:
        words = span(read_band({key: band[key] for key in band if key not in {"points", "share"}}))
    except RuleError:
        words = shown(band)
    label, tier = band.get("label"), band.get("tier")
    words = f"“{label}” {words}" if label and words != label else words
    return f"{words} (cỡ “{tier}”)" if tier else words


def _worth(band: Data, beside: Data | None = None) -> str:
    """Points or share; without the word where the other side says the same."""
    if "share" in band:
        return f"{shown(band['share'])}%"
    if "points" not in band:
        return "(trống)"
    same = beside is not None and "points" in beside and "share" not in beside
    return shown(band["points"]) if same else f"{shown(band['points'])} điểm"


def _cases(old: Any, new: Any) -> Sentences:
    """Worked examples are only counted: they follow from the rules."""
    if not (is_records(old) and is_records(new)):
        return
    counts = {"thêm": 0, "bỏ": 0, "đổi": 0}
    for _, before, _, after in pairs(as_list(old), as_list(new)):
        counts["thêm" if before is ABSENT else "bỏ" if after is ABSENT else "đổi"] += 1
    said = ", ".join(f"{word} {count}" for word, count in counts.items() if count)
    if said:
        yield f"Ví dụ kiểm thử: {said}"
