"""Forms as data again: what `read_edition` and `read_template` read back equal."""

from collections.abc import Mapping
from typing import Any

from thidua.rules.reporting.language.checks import written
from thidua.rules.reporting.templates import (
    Basis,
    Check,
    Edition,
    Indicator,
    Kind,
    Mark,
    Template,
)


def edition_to_data(edition: Edition) -> dict[str, Any]:
    """The edition as JSON values; what is empty is left out."""
    data: dict[str, Any] = {
        "key": edition.key,
        "title": edition.title,
        "document": edition.document,
        "article": edition.article,
        "valid_from": edition.valid_from.isoformat(),
        "valid_to": edition.valid_to.isoformat() if edition.valid_to else "",
        "partial": edition.partial,
        "missing": list(edition.missing),
        **_rules(edition.checks, set()),
        "templates": [template_to_data(template) for template in edition.templates],
    }
    return {name: value for name, value in data.items() if value}


def template_to_data(template: Template) -> dict[str, Any]:
    """One form as JSON values."""
    codes = {each.key: each.code or each.key for each in template.indicators}
    made = {f"{codes[i.key]} = {written(t, codes)}" for i in template.indicators for t in i.totals}
    made |= {
        f"{codes[i.key]} >= {codes[i.key]} - {codes[i.outflow]}"
        for i in template.indicators
        if i.outflow
    }
    data: dict[str, Any] = {
        "key": template.key,
        "code": template.code,
        "title": template.title,
        "shape": template.shape.value,
        "article": template.article,
        "note": template.note,
        "indicators": [_indicator(each, codes) for each in template.indicators],
        **_rules(template.checks, made),
    }
    return {name: value for name, value in data.items() if value}


def _rules(checks: tuple[Check, ...], made: set[str]) -> dict[str, Any]:
    """The written rules by basis, less those that follow from the indicators."""
    return {
        basis.value: [
            _rule(check) for check in checks if check.basis == basis and check.rule not in made
        ]
        for basis in Basis
    }


def _rule(check: Check) -> Any:
    if not check.note and check.explainable == (check.basis != Basis.PRINTED):
        return check.rule
    return {"rule": check.rule, "note": check.note, "explainable": check.explainable}


def _indicator(each: Indicator, codes: Mapping[str, str]) -> dict[str, Any]:
    is_number = each.kind == Kind.NUMBER
    data: dict[str, Any] = {
        "code": each.code,
        "key": each.key,
        "heading": list(each.heading),
        "kind": "" if each.kind in {Kind.NUMBER, Kind.TEXT} else each.kind.value,
        "measure": each.measure,
        "behaviour": each.behaviour.value,
        "total": [written(total, codes) for total in each.totals],
        "outflow": codes[each.outflow] if each.outflow else "",
        "optional": each.optional,
        "only_for": each.only_for,
        "mark": "" if each.mark == Mark.READ else each.mark.value,
        "note": each.note,
    }
    kept = {name: value for name, value in data.items() if value}
    return kept | ({"places": each.places} if is_number else {})
