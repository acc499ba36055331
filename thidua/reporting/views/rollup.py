"""Tổng hợp: totals over units and periods, as page, workbook and paper. Everybody sees what their
reports allow: lead and superior all that was handed in, a member its own unit over time."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.documents.downloads import attachment, plain_name
from thidua.documents.rendering import table_pdf
from thidua.reporting.documents.rollup import rollup_document
from thidua.reporting.exports.rollup import rollup_workbook
from thidua.reporting.forms.rollup import rebuilt_choices
from thidua.reporting.queries.rollup import Asked, differences, lines_of, rolled_up, silent_of
from thidua.reporting.views.rollup_choosing import Chosen, asked_or_404, chosen_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def context_of(request: SignedInRequest, chosen: Chosen, tab: str) -> dict[str, Any]:
    """What every page of the roll-up shows around its content."""
    return {
        "year": chosen.year,
        "chosen": chosen,
        "form": chosen.form,
        "tab": tab,
        "watches": chosen.watches,
        "query": request.GET.urlencode(),
    }


@signed_in
@require_safe
def rollup(request: SignedInRequest, year: int) -> HttpResponse:
    """The form with its totals, how each came about, who is in it and who lacks."""
    chosen = chosen_or_404(request, year)
    context = context_of(request, chosen, "totals")
    if chosen.asked is not None:
        totals = rolled_up(chosen.asked)
        context["lines"] = lines_of(chosen.asked, totals)
        context["silent"] = silent_of(totals)
    return render(request, "reporting/rollup.html", context)


@signed_in
@require_safe
def rollup_periods(request: SignedInRequest, year: int) -> HttpResponse:
    """Longer periods as reported against what their parts make, unit by unit."""
    chosen = chosen_or_404(request, year, rebuilt_choices)
    context = context_of(request, chosen, "periods")
    if chosen.asked is not None:
        context["told"] = differences(chosen.asked, chosen.longer)
    return render(request, "reporting/rollup_periods.html", context)


@signed_in
@require_safe
def rollup_xlsx(request: SignedInRequest, year: int) -> HttpResponse:
    """The same roll-up as a workbook."""
    chosen = chosen_or_404(request, year)
    asked = asked_or_404(chosen)
    data = rollup_workbook(chosen.about, asked, rolled_up(asked))
    return attachment(data, name=f"{_name(chosen, asked)}.xlsx", media_type=XLSX)


@signed_in
@require_safe
def rollup_pdf(request: SignedInRequest, year: int) -> HttpResponse:
    """The same roll-up on paper."""
    chosen = chosen_or_404(request, year)
    asked = asked_or_404(chosen)
    paper = rollup_document(chosen.year, chosen.about, asked, rolled_up(asked))
    return attachment(table_pdf(paper), name=f"{_name(chosen, asked)}.pdf", media_type=PDF)


def _name(chosen: Chosen, asked: Asked) -> str:
    form = asked.template.code or asked.template.key
    return plain_name(f"tổng hợp {form} {chosen.longer.name} {chosen.year.year}")
