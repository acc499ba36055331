"""The forms a report is filled on: those of the sector, and the cluster's own beside them.

Nothing else may ask for an edition by its key: a report's forms are `edition_of`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from thidua.organisations.models import EmulationYear
from thidua.reporting.models import OwnForms, Report, ReportingPeriod
from thidua.rules.reporting import Edition, edition, read_template
from thidua.rules.reporting.language.checks import cross_checks
from thidua.rules.reporting.templates import Check, Template

# Editions kept in memory: seven periods of some versions of some clusters.
KEPT = 128


def edition_of(report: Report) -> Edition:
    """The forms of a report; one query where it has own forms that are not loaded yet."""
    if report.own_forms_id is None or report.own_forms is None:
        return edition(report.edition)
    return _with_own(report.edition, report.period.code, _Printed(report.own_forms))


def editions_of(reports: Iterable[Report]) -> dict[int, Edition]:
    """The forms of many reports by their keys; one query. Their periods have to be loaded."""
    listed = list(reports)
    wanted = {each.own_forms_id for each in listed if each.own_forms_id}
    stored = {each.pk: _Printed(each) for each in OwnForms.objects.filter(pk__in=wanted)}
    return {
        each.pk: _with_own(each.edition, each.period.code, stored[each.own_forms_id])
        if each.own_forms_id
        else edition(each.edition)
        for each in listed
    }


def edition_for(period: ReportingPeriod) -> Edition:
    """The forms a new report of the period would be filled on. RuleError where none is known."""
    issued = issued_own_forms(period.year)
    if issued is None:
        return edition(period.edition_key)
    return _with_own(period.edition_key, period.code, _Printed(issued))


def edition_with(own: OwnForms, key: str, code: str) -> Edition:
    """The sector's edition of that key with a version of own forms, as one period asks for it."""
    return _with_own(key, code, _Printed(own))


def issued_own_forms(year: EmulationYear) -> OwnForms | None:
    """The own forms in force: the last version issued."""
    return (
        OwnForms.objects.filter(year=year, state=OwnForms.State.ISSUED).order_by("-number").first()
    )


class _Printed:
    """Own forms known by their fingerprint: the same content makes the same edition."""

    def __init__(self, own: OwnForms) -> None:
        self.fingerprint = own.fingerprint
        self.data: Mapping[str, Any] = own.data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Printed) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)


@lru_cache(maxsize=KEPT)
def _with_own(key: str, code: str, own: _Printed) -> Edition:
    return merged(edition(key), own.data, code)


def merged(base: Edition, data: Mapping[str, Any], code: str = "") -> Edition:
    """The base with the own forms that a period asks for; all of them where `code` is "".

    In: sound data of own forms. A check across forms is left out where one of its forms is not
    asked for.
    """
    asked = [each for each in data["templates"] if not code or asks(data, each["key"], code)]
    templates = (*base.templates, *(read_template(each) for each in asked))
    return replace(base, templates=templates, checks=(*base.checks, *_that_hold(data, templates)))


def asks(data: Mapping[str, Any], form: str, code: str) -> bool:
    """Whether the own form is asked for in a period of that code."""
    chosen = data.get("periods", {}).get(form)
    return not chosen or code in chosen


def _that_hold(data: Mapping[str, Any], templates: tuple[Template, ...]) -> tuple[Check, ...]:
    rules = [(basis, rule) for basis in ("printed", "logical") for rule in data.get(basis, ())]
    found: list[Check] = []
    for basis, rule in rules:
        problems: list[str] = []
        read = cross_checks({basis: [rule]}, templates, problems)
        if not problems:
            found.extend(read)
    return tuple(found)
