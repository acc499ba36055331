"""One figure of one period: as its report says, else rebuilt from the reports of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thidua.rules.reporting.amounts import Amount
from thidua.rules.reporting.filled import completed
from thidua.rules.reporting.periods import NAMES, way
from thidua.rules.reporting.rollup import over_time
from thidua.rules.reporting.sources.units import Accepted, Link, UnitYear
from thidua.rules.reporting.templates import Behaviour, Edition
from thidua.rules.reporting.words import form_name, short, where, with_measure

HOW = {
    Behaviour.FLOW: "cộng các kỳ",
    Behaviour.OPENING: "lấy số đầu kỳ của kỳ đầu",
    Behaviour.CLOSING: "lấy số cuối kỳ của kỳ cuối",
    Behaviour.TOTAL: "tính lại vì có phần tồn, không cộng các kỳ",
}


@dataclass(frozen=True)
class Found:
    """A figure with its lines of trace; without an amount, what is missing."""

    amount: Amount | None
    words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reports: tuple[Link, ...] = ()


def figure(unit: UnitYear, key: str, period: str) -> Found:
    """The figure of that key for a period."""
    return unit.once("figure", period, key, work=lambda: _found(unit, key, period))


def _found(unit: UnitYear, key: str, period: str) -> Found:
    report = unit.reports.get(period)
    if report is not None:
        return _of_report(unit, report, key)
    return _rebuilt(unit, key, period)


def _of_report(unit: UnitYear, report: Accepted, key: str) -> Found:
    if key not in report.edition:
        return Found(None, missing=(_no_such(report, key),), reports=(report.link,))
    amount = _values(unit, report, key).get(key)
    named = _where(report.edition, key)
    if amount is None:
        return Found(None, missing=(f"{named}: {report.name} chưa có số liệu.",))
    line = f"{named}: {_measured(report.edition, key, amount)} – {_said(report)}."
    return Found(amount, (line,), reports=(report.link,))


def _values(unit: UnitYear, report: Accepted, key: str) -> Mapping[str, Amount | None]:
    """The report's cells with the computed ones of the figure's form filled in."""
    form = report.edition.home(key).key
    return unit.once(
        "values",
        report.code,
        form,
        work=lambda: completed(report.edition, report.filled.values, {form}),
    )


def _said(report: Accepted) -> str:
    return f"{report.name}, {report.said}" if report.said else report.name


def _where(edition: Edition, key: str) -> str:
    return where(edition.home(key), edition.indicator(key))


def _measured(edition: Edition, key: str, amount: Amount) -> str:
    return with_measure(str(amount), edition.indicator(key).measure)


def _no_such(report: Accepted, key: str) -> str:
    return f"{report.name} dùng {report.edition.title}, ở đó không có chỉ tiêu “{key}”."


def _rebuilt(unit: UnitYear, key: str, period: str) -> Found:
    codes = way(period, {code: each.filled for code, each in unit.reports.items()})
    parts = [unit.reports.get(code) for code in codes]
    if not codes or None in parts:
        return Found(None, missing=(_not_accepted(unit, period, codes),))
    reports = [each for each in parts if each is not None]
    for each in reports:
        if key not in each.edition:
            return Found(None, missing=(_no_such(each, key),))
    return _added_up(unit, reports, key, period)


def _not_accepted(unit: UnitYear, period: str, codes: Sequence[str]) -> str:
    """Which report is waited for; for a long period also the parts it could be made of."""
    lacking = [lower(NAMES[code]) for code in codes if code not in unit.reports]
    whole = f"Chưa có báo cáo {lower(NAMES[period])} được chấp nhận"
    if not lacking:
        return f"{whole}."
    return f"{whole}, cũng chưa tính lại được từ các kỳ: thiếu báo cáo {', '.join(lacking)}."


def _added_up(unit: UnitYear, reports: Sequence[Accepted], key: str, period: str) -> Found:
    last = reports[-1].edition
    if any(each.edition.indicator(key) != last.indicator(key) for each in reports):
        return Found(
            None,
            missing=(
                f"{_where(last, key)}: các báo cáo trong kỳ {lower(NAMES[period])} dùng những bộ biểu "
                "mẫu định nghĩa chỉ tiêu này khác nhau nên không tính lại được.",
            ),
        )
    named = _where(last, key)
    filled = [(NAMES[each.code], each.filled) for each in reports]
    form = last.home(key).key
    total = unit.once(
        "total", period, form, work=lambda: over_time(last, filled, templates={form})
    )[key]
    if total.amount is None or total.missing:
        lacking = f"{', '.join(total.missing)} chưa có số liệu." if total.missing else total.reason
        return Found(None, missing=(f"{named}: {lacking}",))
    return Found(
        total.amount,
        (_line(last, key, total.amount, reports, period), *_each(unit, reports, key)),
        reports=tuple(each.link for each in reports),
    )


def _line(
    edition: Edition, key: str, amount: Amount, reports: Sequence[Accepted], period: str
) -> str:
    names = ", ".join(lower(NAMES[each.code]) for each in reports)
    how = HOW.get(edition.indicator(key).behaviour, "")
    return (
        f"{_where(edition, key)}: {_measured(edition, key, amount)}, tính lại cho kỳ "
        f"{lower(NAMES[period])} từ báo cáo {names} ({how}), vì chưa có báo cáo "
        f"{lower(NAMES[period])} được chấp nhận."
    )


def lower(name: str) -> str:
    """“quý I”, “6 tháng”: a name inside a sentence."""
    return name[0].lower() + name[1:]


def _each(unit: UnitYear, reports: Sequence[Accepted], key: str) -> tuple[str, ...]:
    """What each part says."""
    found = []
    for each in reports:
        amount = _values(unit, each, key).get(key)
        said = "chưa có số liệu" if amount is None else _measured(each.edition, key, amount)
        home = each.edition.home(key)
        cell = f"{form_name(home)}, {short(home, home.indicator(key))}"
        found.append(f"{cell}, {lower(NAMES[each.code])}: {said} – {_said(each)}.")
    return tuple(found)
