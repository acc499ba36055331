"""The checks of a form and across forms, from their written rules."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.reporting.expressions import Resolve, keys_of, lists_of, read_statement
from thidua.rules.reporting.language.fields import repeated, tried
from thidua.rules.reporting.templates import (
    Basis,
    Check,
    Comparison,
    Indicator,
    Kind,
    OneOf,
    OnlyWith,
    Shape,
    Sign,
    Template,
    Term,
)

LONGEST_CHECK_KEY = 200


def own_checks(
    data: Mapping[str, Any],
    template: str,
    indicators: tuple[Indicator, ...],
    resolve: Resolve,
    name: str,
    problems: list[str],
) -> tuple[Check, ...]:
    """What the form prints (its sums among it), what follows from it, what the period before says."""
    checks = [*_sums(template, indicators)]
    for basis in Basis:
        for row in _rows(data, basis, name, problems):
            check = _check(row, template, basis, resolve, name, problems)
            if check:
                checks.append(check)
    checks.extend(_outflows(template, indicators))
    by_key = {each.key: each for each in indicators}
    _sound(checks, by_key, _shape(data), name, problems)
    _no_circle(indicators, name, problems)
    repeated((check.key for check in checks), f"{name}: quy tắc", problems)
    return tuple(checks)


def cross_checks(
    data: Mapping[str, Any], templates: tuple[Template, ...], problems: list[str]
) -> tuple[Check, ...]:
    """The checks across forms; a figure is named `form:code`."""
    name = "Kiểm tra liên biểu"
    resolve = across(templates)
    lists = {template.key for template in templates if template.shape == Shape.LIST}
    checks = []
    for basis in (Basis.PRINTED, Basis.LOGICAL):
        for row in _rows(data, basis, name, problems):
            check = _check(row, "", basis, resolve, name, problems)
            if check and set(lists_of(check.statement)) <= lists:
                checks.append(check)
            elif check:
                problems.append(f"{name} “{check.rule}”: chỉ đếm được dòng của biểu danh sách.")
    return tuple(checks)


def across(templates: tuple[Template, ...]) -> Resolve:
    """From `form:code` to the key, numbers only."""
    known = {
        f"{template.key}:{each.code or each.key}": each
        for template in templates
        for each in template.indicators
    }

    def resolve(written: str) -> str:
        found = known.get(written)
        if not found or found.kind != Kind.NUMBER:
            raise RuleError(f"không có ô số “{written}” (viết dạng biểu:cột).")
        return found.key

    return resolve


def _rows(
    data: Mapping[str, Any], basis: Basis, name: str, problems: list[str]
) -> Iterator[Mapping[str, Any]]:
    listed = data.get(basis, ())
    if not isinstance(listed, list | tuple):
        problems.append(f"{name}: mục “{basis}” phải là danh sách quy tắc.")
        return
    for each in listed:
        row = {"rule": each} if isinstance(each, str) else each
        if isinstance(row, Mapping) and isinstance(row.get("rule"), str):
            yield row
        else:
            problems.append(f"{name}: có quy tắc không đúng dạng trong mục “{basis}”.")


def _check(
    row: Mapping[str, Any],
    template: str,
    basis: Basis,
    resolve: Resolve,
    name: str,
    problems: list[str],
) -> Check | None:
    rule = " ".join(row["rule"].split())
    statement = tried(lambda: read_statement(rule, resolve), f"{name}, quy tắc “{rule}”", problems)
    if not statement:
        return None
    return Check(
        key=_key(template, basis, rule),
        rule=rule,
        template=template,
        statement=statement,
        basis=basis,
        note=str(row.get("note", "")),
        explainable=bool(row.get("explainable", basis != Basis.PRINTED)),
    )


def _key(template: str, basis: Basis, rule: str) -> str:
    """Stable and at most LONGEST_CHECK_KEY long, since explanations are stored under it."""
    prefix = "truoc:" if basis == Basis.CARRIED else ""
    key = f"{template}/{prefix}{rule}".replace(" ", "")
    if len(key) <= LONGEST_CHECK_KEY:
        return key
    digest = sha256(key.encode()).hexdigest()[:16]
    return f"{key[: LONGEST_CHECK_KEY - 17]}#{digest}"


def _sums(template: str, indicators: tuple[Indicator, ...]) -> Iterator[Check]:
    codes = {each.key: each.code or each.key for each in indicators}
    for each in indicators:
        for total in each.totals:
            rule = f"{codes[each.key]} = {written(total, codes)}"
            statement = Comparison((Term(each.key),), Sign.EQUAL, total)
            yield Check(
                _key(template, Basis.PRINTED, rule),
                rule,
                template,
                statement,
                Basis.PRINTED,
                explainable=False,
            )


def written(terms: tuple[Term, ...], codes: Mapping[str, str]) -> str:
    """A sum in the written form of the language."""
    text = ""
    for term in terms:
        sign = " - " if term.factor < 0 else " + "
        body = f"rows {term.key}" if term.rows else codes.get(term.key, term.key)
        body = body if abs(term.factor) == 1 else f"{abs(term.factor)} * {body}"
        text += body if not text else sign + body
    return text


def _outflows(template: str, indicators: tuple[Indicator, ...]) -> Iterator[Check]:
    """What is due now holds at least what stayed undone: due before less done before."""
    codes = {each.key: each.code or each.key for each in indicators}
    for each in indicators:
        if not each.outflow:
            continue
        right = (Term(each.key), Term(each.outflow, -1))
        rule = f"{codes[each.key]} >= {written(right, codes)}"
        yield Check(
            _key(template, Basis.CARRIED, rule),
            rule,
            template,
            Comparison((Term(each.key),), Sign.AT_LEAST, right),
            Basis.CARRIED,
            "Số phải làm kỳ này gồm cả phần kỳ trước chưa làm xong.",
        )


def _shape(data: Mapping[str, Any]) -> str:
    return str(data.get("shape", Shape.COLUMNS))


def _sound(
    checks: list[Check],
    by_key: Mapping[str, Indicator],
    shape: str,
    name: str,
    problems: list[str],
) -> None:
    """Sums need numbers, rules of rows need a list form."""
    for check in checks:
        of_rows = isinstance(check.statement, OnlyWith | OneOf)
        if of_rows != (shape == Shape.LIST):
            problems.append(f"{name}, quy tắc “{check.rule}”: không dùng được cho loại biểu này.")
        kinds = {by_key[key].kind for key in keys_of(check.statement) if key in by_key}
        if not of_rows and kinds - {Kind.NUMBER}:
            problems.append(f"{name}, quy tắc “{check.rule}”: có cột không phải là ô số.")


def _no_circle(indicators: tuple[Indicator, ...], name: str, problems: list[str]) -> None:
    """A computed cell may not be made, by whatever way, from itself."""
    parts = {each.key: {term.key for term in each.totals[0]} for each in indicators if each.totals}
    for key in parts:
        reached, waiting = set[str](), set(parts[key])
        while waiting:
            step = waiting.pop()
            reached.add(step)
            waiting |= parts.get(step, set()) - reached
        if key in reached:
            problems.append(f"{name}: chỉ tiêu “{key}” được tính từ chính nó.")
