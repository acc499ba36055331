"""One column or line of a form, from its data."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.reporting.amounts import MOST_PLACES
from thidua.rules.reporting.expressions import Resolve, read_sum
from thidua.rules.reporting.language.fields import known, member, required_key, text, tried
from thidua.rules.reporting.templates import Behaviour, Indicator, Kind, Mark, Sum

MOST_INDICATORS = 300
# Decimals a measure takes unless the indicator says otherwise: one đồng, one hundredth of a m².
PLACES = {"triệu đồng": 6, "m²": 2, "%": 2, "ha": 4, "tỷ đồng": 3, "điểm": 2}
FIELDS = {
    "key", "heading", "behaviour", "code", "kind", "measure", "places", "total", "outflow",
    "optional", "only_for", "mark", "note",
}  # fmt: skip


def read_indicators(
    data: Mapping[str, Any], template: str, name: str, problems: list[str]
) -> tuple[tuple[Indicator, ...], Resolve]:
    listed = data.get("indicators")
    if not isinstance(listed, list | tuple) or not listed:
        problems.append(f"{name}: chưa có chỉ tiêu nào.")
        listed = ()
    if len(listed) > MOST_INDICATORS:
        problems.append(f"{name}: có hơn {MOST_INDICATORS} chỉ tiêu. Hãy tách thành nhiều biểu.")
        listed = ()
    rows = [each for each in listed if isinstance(each, Mapping)]
    if len(rows) < len(listed):
        problems.append(f"{name}: có chỉ tiêu không đúng dạng dữ liệu.")
    resolve = _resolver(rows, template, problems, name)
    return tuple(_indicator(each, template, resolve, name, problems) for each in rows), resolve


def _resolver(
    rows: list[Mapping[str, Any]], template: str, problems: list[str], name: str
) -> Resolve:
    """From a code or a key to the key."""
    codes = [str(row["code"]) for row in rows if row.get("code")]
    for code, times in Counter(codes).items():
        if times > 1:
            problems.append(f"{name}: mã cột {code} xuất hiện {times} lần.")
    known = {str(row["code"]): str(row.get("key")) for row in rows if row.get("code")}
    known |= {str(row.get("key")): str(row.get("key")) for row in rows}

    def resolve(written: str) -> str:
        key = known.get(written) or known.get(f"{template}-{written}")
        if not key:
            raise RuleError(f"không có cột “{written}”.")
        return key

    return resolve


def _indicator(
    row: Mapping[str, Any],
    template: str,
    resolve: Resolve,
    form: str,
    problems: list[str],
) -> Indicator:
    name = f"{form}, chỉ tiêu “{row.get('code') or row.get('key') or '?'}”"
    known(row, FIELDS, name, problems)
    key = required_key(row, name, problems)
    if key and template and not key.startswith(f"{template}-"):
        problems.append(f"{name}: khoá phải bắt đầu bằng “{template}-”.")
    behaviour = member(Behaviour, row.get("behaviour"), "behaviour", name, problems)
    kind = _kind(row, behaviour, name, problems)
    measure = text(row, "measure", name, problems)
    if kind == Kind.NUMBER and not measure:
        problems.append(f"{name}: chưa ghi đơn vị tính.")
    return Indicator(
        key=key,
        heading=_heading(row, name, problems),
        behaviour=behaviour or Behaviour.FLOW,
        code=text(row, "code", name, problems),
        kind=kind,
        measure=measure,
        places=_places(row, measure, name, problems),
        totals=_totals(row, kind, resolve, name, problems),
        outflow=_outflow(row, behaviour, resolve, name, problems),
        optional=bool(row.get("optional", False)),
        only_for=text(row, "only_for", name, problems),
        mark=member(Mark, row.get("mark", Mark.READ), "mark", name, problems) or Mark.READ,
        note=text(row, "note", name, problems),
    )


def _kind(
    row: Mapping[str, Any], behaviour: Behaviour | None, name: str, problems: list[str]
) -> Kind:
    usual = Kind.TEXT if behaviour == Behaviour.TEXT else Kind.NUMBER
    kind = member(Kind, row.get("kind", usual), "kind", name, problems) or usual
    if behaviour and (kind == Kind.NUMBER) == (behaviour == Behaviour.TEXT):
        problems.append(f"{name}: cách cộng “{behaviour}” không hợp với loại ô “{kind}”.")
    return kind


def _heading(row: Mapping[str, Any], name: str, problems: list[str]) -> tuple[str, ...]:
    written = row.get("heading")
    listed = [written] if isinstance(written, str) else written
    if (
        not isinstance(listed, list | tuple)
        or not listed
        or not all(isinstance(each, str) and each.strip() for each in listed)
    ):
        problems.append(f"{name}: chưa có tiêu đề.")
        return ("?",)
    return tuple(listed)


def _places(row: Mapping[str, Any], measure: str, name: str, problems: list[str]) -> int:
    places = row.get("places", PLACES.get(measure, 0))
    if isinstance(places, bool) or not isinstance(places, int) or not 0 <= places <= MOST_PLACES:
        problems.append(f"{name}: số chữ số thập phân phải từ 0 đến {MOST_PLACES}.")
        return 0
    return places


def _totals(
    row: Mapping[str, Any],
    kind: Kind,
    resolve: Resolve,
    name: str,
    problems: list[str],
) -> tuple[Sum, ...]:
    written = row.get("total", ())
    listed = [written] if isinstance(written, str) else written
    if not isinstance(listed, list | tuple):
        problems.append(f"{name}: cách tính phải là danh sách biểu thức.")
        return ()
    if listed and kind != Kind.NUMBER:
        problems.append(f"{name}: chỉ ô số mới tính được từ ô khác.")
        return ()
    read = (
        tried(partial(read_sum, str(each), resolve), f"{name}, cách tính", problems)
        for each in listed
    )
    return tuple(total for total in read if total)


def _outflow(
    row: Mapping[str, Any],
    behaviour: Behaviour | None,
    resolve: Resolve,
    name: str,
    problems: list[str],
) -> str:
    if not row.get("outflow"):
        return ""
    if behaviour != Behaviour.TOTAL:
        problems.append(f"{name}: chỉ tổng có phần tồn (T) mới ghi phần đã giải quyết (outflow).")
    return (
        tried(lambda: resolve(str(row["outflow"])), f"{name}, phần đã giải quyết", problems) or ""
    )
