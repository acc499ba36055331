"""Fetching periods and reports through what a person may see."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from thidua.accounts.access import SignedInRequest
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.reporting.models import Report, ReportingPeriod
from thidua.reporting.queries.reports import (
    Contents,
    Past,
    Said,
    contents_of,
    findings_of,
    past_of,
    said_of,
)
from thidua.rules.errors import RuleError
from thidua.rules.reporting import Template


@dataclass(frozen=True)
class FoundPeriod:
    """The year and one of its periods."""

    year: EmulationYear
    period: ReportingPeriod


def period_or_404(request: SignedInRequest, year: int, period: int) -> FoundPeriod:
    """The period, if the person may see its year."""
    found = year_or_404(request.user, year)
    row = get_object_or_404(ReportingPeriod, year=found, pk=period)
    row.year = found
    return FoundPeriod(found, row)


@dataclass(frozen=True)
class FoundReport:
    """The year and the report a page is about."""

    year: EmulationYear
    report: Report


def report_or_404(request: SignedInRequest, year: int, report: int) -> FoundReport:
    """The report, if the person may see it."""
    found = year_or_404(request.user, year)
    row = get_object_or_404(
        Report.objects.visible_to(request.user, found).select_related(
            "membership__organisation",
            "membership__year__cluster",
            "period__year",
            "submitted_by",
            "returned_by",
            "accepted_by",
            "late_allowed_by",
        ),
        pk=report,
    )
    return FoundReport(found, row)


@dataclass(frozen=True)
class Seen:
    """A report with all there is to look at."""

    contents: Contents
    past: Past
    said: list[Said]

    def about(self, form: str) -> list[Said]:
        """What is said about one form."""
        return [each for each in self.said if form in each.forms]


def seen_of(report: Report) -> Seen:
    """Contents, past and findings of a report; six queries."""
    contents, past = contents_of(report), past_of(report)
    return Seen(contents, past, said_of(report, findings_of(contents, past)))


def form_or_404(seen: Contents, form: str) -> Template:
    """A form of the report's edition."""
    try:
        return seen.edition.template(form)
    except KeyError:
        raise Http404 from None


def acted(request: SignedInRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so, or say why not. An act that is not the person's does not exist for them."""
    try:
        act()
    except RuleError as error:
        messages.error(request, str(error))
        return False
    except PermissionDenied:
        raise Http404 from None
    messages.success(request, done)
    return True
