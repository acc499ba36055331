"""A report for machines, and the same for people."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from thidua.rules.scoring import Severity, plain, table_rules, vietnamese
from thidua.workbooks.reading import CellProblem
from thidua.workbooks.sheets.check import Broken, LeafReport, Report

_NAMES = {Severity.ERROR: "LỖI", Severity.WARNING: "CẢNH BÁO"}


def to_data(
    report: Report | None, problems: Iterable[CellProblem], *, ok: bool, table: Any = None
) -> dict[str, Any]:
    """The report as JSON values, numbers as plain text; the same keys when there is no report."""
    return {
        "ok": ok,
        "table": table,
        "leaves": [_leaf(each) for each in report.leaves] if report else [],
        "problems": [_problem(each) for each in problems],
        "totals": _totals(report),
    }


def _totals(report: Report | None) -> dict[str, Any]:
    if report is None:
        empty = dict.fromkeys(("claimed", "allowed", "difference", "maximum"))
        nothing: dict[str, Any] = {"breaches": [], "notes": [], "award": None, "class": None}
        return {**empty, "complete": False, **nothing, "class_trace": []}
    return {
        "claimed": plain(report.claimed),
        "allowed": plain(report.allowed),
        "difference": plain(report.claimed - report.allowed),
        "maximum": plain(report.maximum),
        "complete": report.complete,
        "breaches": [_broken(each) for each in report.breaches],
        "notes": list(report.notes),
        **_judged(report),
    }


def _judged(report: Report) -> dict[str, Any]:
    """Award points and class, where the table has them; null while they cannot be known."""
    found = report.judged
    classed = found.classed if found else None
    return {
        "award": plain(found.award.points) if found else None,
        "class": classed.name if classed else None,
        "class_trace": [*classed.trace, *classed.needs_person] if classed else [],
    }


def _leaf(leaf: LeafReport) -> dict[str, Any]:
    return {
        "path": leaf.node.path,
        "code": leaf.node.code,
        "title": leaf.node.title,
        "claimed": _plain(leaf.claimed),
        "allowed": _plain(leaf.allowed),
        "base": _plain(leaf.base),
        "bonus": _plain(leaf.bonus),
        "deduction": _plain(leaf.deduction),
        "breaches": [_broken(each) for each in leaf.breaches],
        "needs_person": list(leaf.needs_person),
        "missing": list(leaf.missing),
        "waits": list(leaf.waits),
        "explanation": leaf.explanation,
        "trace": [each.sentence for each in leaf.trace],
    }


def _broken(each: Broken) -> dict[str, Any]:
    return {
        "field": each.field,
        "limit": each.limit.value,
        "sentence": each.sentence,
        "claimed": _plain(each.claimed),
        "allowed": _plain(each.allowed),
        "difference": _plain(each.difference),
        "cell": each.cell,
    }


def _problem(each: CellProblem) -> dict[str, str]:
    return {
        "sheet": each.sheet,
        "cell": each.cell,
        "severity": each.severity.value,
        "sentence": each.sentence,
    }


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def problem_lines(problems: Iterable[CellProblem]) -> Iterator[str]:
    """One line for every cell that cannot be read or is to be looked at."""
    for each in problems:
        yield f"{_NAMES[each.severity]}: {each}"


def report_lines(report: Report) -> Iterator[str]:
    """What a person reads: every criterion that wants attention, then the totals."""
    for leaf in report.leaves:
        said = list(_findings(leaf))
        if said:
            yield f"{leaf.node.path}  {leaf.node.title}: {_both(leaf)}"
            yield from (f"    {line}" for line in said)
    for each in report.breaches:
        yield f"SAI: {each.sentence}"
    for note in report.notes:
        yield f"Lưu ý: {note}"
    yield from _summary(report)


def _both(leaf: LeafReport) -> str:
    claimed = "chưa có" if leaf.claimed is None else vietnamese(leaf.claimed)
    allowed = "chưa tính được" if leaf.allowed is None else vietnamese(leaf.allowed)
    return f"đề nghị {claimed}; theo quy tắc {allowed}"


def _findings(leaf: LeafReport) -> Iterator[str]:
    for each in leaf.breaches:
        where = f" (ô {each.cell})" if each.cell else ""
        yield f"SAI: {each.sentence}{where}"
    for why in leaf.missing:
        # What waits for a person is said once, below.
        if not any(person in why for person in leaf.needs_person):
            yield f"THIẾU: {why.rstrip('.')}."
    for why in leaf.needs_person:
        yield f"CẦN NGƯỜI QUYẾT ĐỊNH: {why.rstrip('.')}."
    for why in leaf.waits:
        yield f"CHỜ ĐƠN VỊ KHÁC: {why.rstrip('.')}."


def _summary(report: Report) -> Iterator[str]:
    leaves = report.leaves
    broken = sum(len(leaf.breaches) for leaf in leaves) + len(report.breaches)
    yield (
        f"{len(leaves)} tiêu chí: {broken} chỗ sai quy tắc,"
        f" {sum(bool(leaf.missing) for leaf in leaves)} tiêu chí còn thiếu,"
        f" {sum(bool(leaf.needs_person) for leaf in leaves)} cần người quyết định,"
        f" {sum(bool(leaf.waits) for leaf in leaves)} chờ số liệu đơn vị khác."
    )
    difference = report.claimed - report.allowed
    yield (
        f"Tổng tự chấm {vietnamese(report.claimed)}; theo quy tắc {vietnamese(report.allowed)};"
        f" chênh lệch {vietnamese(difference)}; tối đa {vietnamese(report.maximum)}"
        f"{'' if report.complete else '; chưa đủ các tiêu chí'}."
    )
    yield from _judged_lines(report)


def _judged_lines(report: Report) -> Iterator[str]:
    """What comes after the total, as the unit's own figures have it."""
    rules = table_rules(report.table)
    if report.judged is None:
        return
    award, classed = report.judged.award, report.judged.classed
    if rules.awards:
        yield (
            f"Điểm cộng thành tích theo số liệu đã khai: {vietnamese(award.points)}, cộng sau tổng trên,"
            f" thành {vietnamese(report.judged.total)}."
        )
        yield from award.needs_person
    if rules.classes:
        name = classed.name or "chưa xác định"
        yield f"Xếp loại nếu được chấp thuận đúng như khai: {name} (chưa xét tỷ lệ khống chế)."
        yield from (*classed.trace, *classed.needs_person)
