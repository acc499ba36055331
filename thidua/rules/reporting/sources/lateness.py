"""Lateness as a figure: counted from the day each report was first handed in, with the dates."""

from decimal import Decimal

from thidua.rules.deadlines import written
from thidua.rules.reporting.amounts import Amount
from thidua.rules.reporting.periods import NAMES
from thidua.rules.reporting.sources.figures import Found, lower
from thidua.rules.reporting.sources.units import Sent, UnitYear

NOT_OPENED = "Năm này chưa mở kỳ báo cáo nên không đếm được báo cáo nộp muộn."


def late_reports(unit: UnitYear) -> Found:
    """How many reports were first handed in after their due date."""
    late = [each for each in unit.sent if each.days_late]
    missing = [each for each in unit.sent if each.is_missing(unit.on)]
    words = [
        f"Báo cáo nộp lần đầu sau hạn: {len(late)}/{len(unit.sent)}.",
        *map(_late_line, late),
    ]
    if missing:
        words.append(
            f"Chưa tính {len(missing)} báo cáo quá hạn mà đến ngày {written(unit.on)} chưa nộp: "
            f"{_names(missing)}."
        )
    return _counted(unit, late, words)


def never_sent(unit: UnitYear) -> Found:
    """How many reports are overdue and were never handed in, on the day of the reading."""
    missing = [each for each in unit.sent if each.is_missing(unit.on)]
    words = [
        f"Báo cáo quá hạn chưa nộp lần nào, đến ngày {written(unit.on)}: {len(missing)}/"
        f"{len(unit.sent)}.",
        *(f"{each.name}: hạn {written(each.due_on)}, chưa nộp." for each in missing),
    ]
    return _counted(unit, missing, words)


def days_late(unit: UnitYear, period: str) -> Found:
    """How many days after the due date the report of a period was first handed in."""
    sent = next((each for each in unit.sent if each.code == period), None)
    if sent is None:
        return Found(None, missing=(f"Năm này chưa mở kỳ báo cáo {lower(NAMES[period])}.",))
    if sent.first_on is None:
        late = ", đã quá hạn" if sent.is_missing(unit.on) else ""
        return Found(None, missing=(f"{sent.name} chưa nộp{late} (hạn {written(sent.due_on)}).",))
    line = (
        _late_line(sent)
        if sent.days_late
        else (
            f"{sent.name}: hạn {written(sent.due_on)}, nộp lần đầu {written(sent.first_on)}, "
            "đúng hạn: 0 ngày."
        )
    )
    return Found(Amount(Decimal(sent.days_late)), (line,), reports=(sent.link,))


def _counted(unit: UnitYear, counted: list[Sent], words: list[str]) -> Found:
    if not unit.sent:
        return Found(None, missing=(NOT_OPENED,))
    refs = tuple(each.link for each in counted)
    return Found(Amount(Decimal(len(counted))), tuple(words), reports=refs)


def _late_line(sent: Sent) -> str:
    assert sent.first_on is not None  # noqa: S101 - for the type checker
    note = f" {sent.note}" if sent.note else ""
    return (
        f"{sent.name}: hạn {written(sent.due_on)}, nộp lần đầu {written(sent.first_on)}, muộn "
        f"{sent.days_late} ngày.{note}"
    )


def _names(sent: list[Sent]) -> str:
    return ", ".join(each.name for each in sent)
