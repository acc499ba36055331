"""One form of a report: filled in like a spreadsheet, saved as it is typed."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.reporting import services
from thidua.reporting.display.report import (
    Typing,
    computed_of,
    lines_of,
    marks_of,
    seen_text,
    typed_text,
)
from thidua.reporting.forms.reports import SentCell, sent_cells, sent_rows
from thidua.reporting.models import Figure
from thidua.reporting.permissions import can_fill_report
from thidua.reporting.services import CellsRefused, StaleCells, StaleRows
from thidua.reporting.services.lists import MOST_ROWS, too_long
from thidua.reporting.views.report_fetching import (
    FoundReport,
    Seen,
    form_or_404,
    report_or_404,
    seen_of,
)
from thidua.reporting.views.report_pages import form_lines, may_enter
from thidua.rules.errors import RuleError
from thidua.rules.reporting import Shape, Template
from thidua.rules.reporting.words import form_name

SPARE_ROWS = 2


@dataclass(frozen=True)
class Place:
    """The form a request is about, and what is known of its report."""

    found: FoundReport
    seen: Seen
    template: Template
    fills: bool


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request: SignedInRequest, year: int, report: int, form: str) -> HttpResponse:
    """GET: the form. POST: keep what was changed in it, all or nothing (R08, R11)."""
    found = report_or_404(request, year, report)
    seen = seen_of(found.report)
    template = form_or_404(seen.contents, form)
    fills = can_fill_report(request.user, found.report)
    place = Place(found, seen, template, fills and may_enter(found.report))
    if request.method == "POST":
        if not fills:
            raise Http404
        save = _save_list if template.shape == Shape.LIST else _save_cells
        return save(request, place)
    return _page(request, place)


def _page(
    request: SignedInRequest,
    place: Place,
    *,
    typing: Typing | None = None,
    rows: list[dict[str, str]] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _context(place)
    if place.template.shape == Shape.LIST:
        stored = [dict(row) for row in place.seen.contents.rows.get(place.template.key, ())]
        if len(stored) > MOST_ROWS:
            # A page cannot carry it: the first rows to read, changes by workbook.
            context["too_long"] = too_long(len(stored))
            place, rows = replace(place, fills=False), stored[:MOST_ROWS]
        context["rows"] = _list_rows(stored if rows is None else rows, place)
        context["blank_row"] = _cells(place.template, "N", {})
        # What was refused stays refused until the person has seen what is stored now.
        token = services.rows_token(stored)
        context["seen_rows"] = token if rows is None else request.POST.get("seen", "")
    else:
        context["lines"] = lines_of(
            place.seen.contents, place.template, place.seen.past, place.seen.said, typing
        )
        context["has_parts"] = any(line.parts for line in context["lines"])
        context["title_span"] = 3 + bool(context["previous_name"]) + context["has_parts"]
    context["problem"] = problem
    return render(request, "reporting/report_form.html", context, status=status)


def _context(place: Place) -> dict[str, Any]:
    lines = form_lines(place.seen)
    at = next(n for n, line in enumerate(lines) if line.template.key == place.template.key)
    return {
        "year": place.found.year,
        "report": place.found.report,
        "template": place.template,
        "line": lines[at],
        "forms": lines,
        "before": lines[at - 1] if at else None,
        "after": lines[at + 1] if at + 1 < len(lines) else None,
        "said": place.seen.about(place.template.key),
        "previous_name": place.seen.past.previous_name,
        "fills": place.fills,
        "is_list": place.template.shape == Shape.LIST,
    }


@dataclass(frozen=True)
class ListCell:
    """One cell of a list form's row."""

    name: str
    label: str
    text: str
    is_tick: bool


def _cells(template: Template, number: object, row: dict[str, str]) -> list[ListCell]:
    return [
        ListCell(
            name=f"r-{number}-{each.key}",
            label=each.heading[-1],
            text=row.get(each.key, ""),
            is_tick=each.kind == "tick",
        )
        for each in template.indicators
    ]


def _list_rows(rows: list[dict[str, str]], place: Place) -> list[list[ListCell]]:
    """The rows with some spare ones, where the list may be filled in."""
    spare: list[dict[str, str]] = [{} for _ in range(SPARE_ROWS)] if place.fills else []
    return [
        _cells(place.template, number, row) for number, row in enumerate([*rows, *spare], start=1)
    ]


def _save_list(request: SignedInRequest, place: Place) -> HttpResponse:
    report, template = place.found.report, place.template
    rows = sent_rows(template, request.POST)
    try:
        services.save_rows(
            report=report,
            form=template.key,
            rows=rows,
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=timezone.now(),
        )
    except PermissionDenied:
        raise Http404 from None
    except RuleError as error:
        status = 409 if isinstance(error, StaleRows) else 422
        return _page(request, place, rows=rows, problem=str(error), status=status)
    messages.success(request, f"Đã lưu {form_name(template)}.")
    return redirect(request.path)


def _save_cells(request: SignedInRequest, place: Place) -> HttpResponse:
    touched = [each for each in sent_cells(place.template, request.POST) if each.is_touched]
    try:
        kept = services.save_figures(
            report=place.found.report,
            form=place.template.key,
            cells=[each.typed() for each in touched],
            actor=request.user,
            at=timezone.now(),
        )
    except PermissionDenied:
        raise Http404 from None
    except RuleError as error:
        return _cells_refused(request, place, touched, error)
    if _wants_json(request):
        return _cells_saved(request, place, touched)
    count = len(kept)
    messages.success(request, f"Đã lưu {count} ô." if count else "Không có ô nào thay đổi.")
    return redirect(request.path)


def _wants_json(request: SignedInRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _cells_saved(request: SignedInRequest, place: Place, touched: list[SentCell]) -> HttpResponse:
    """What the page shows anew: the cells, the sums, the marks, the findings, how far it is."""
    fresh = Place(place.found, seen_of(place.found.report), place.template, place.fills)
    figures = fresh.seen.contents.figures
    context = _context(fresh)
    return JsonResponse(
        {
            "cells": {each.key: _cell(figures.get(each.key)) for each in touched},
            "computed": computed_of(
                fresh.seen.contents.edition, fresh.template, fresh.seen.contents.filled.values
            ),
            "marks": marks_of(fresh.seen.said, fresh.template.key),
            "findings": render_to_string("reporting/report_findings.html", context, request),
            "progress": render_to_string("reporting/report_progress.html", context, request),
        }
    )


def _cell(figure: Figure | None) -> dict[str, str]:
    return {"seen": seen_text(figure), "value": typed_text(figure)}


def _cells_refused(
    request: SignedInRequest, place: Place, touched: list[SentCell], error: RuleError
) -> HttpResponse:
    """Nothing was kept: 409 where another person was first, else 422."""
    errors: dict[str, str] = {}
    theirs: dict[str, dict[str, str]] = {}
    if isinstance(error, CellsRefused):
        errors = error.at
    if isinstance(error, StaleCells):
        theirs = {
            key: {**_cell(figure), "by": str(figure.changed_by)}
            for key, figure in error.current.items()
        }
        errors = {
            key: f"{cell['by']} vừa ghi “{cell['value'] or 'chưa có số liệu'}”."
            for key, cell in theirs.items()
        }
    status = 409 if theirs else 422
    if _wants_json(request):
        answer = {"message": str(error), "errors": errors, "theirs": theirs}
        return JsonResponse(answer, status=status)
    typing = Typing({each.key: each.text for each in touched}, errors)
    return _page(request, place, typing=typing, problem=str(error), status=status)
