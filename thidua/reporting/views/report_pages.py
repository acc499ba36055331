"""One report: its forms, what there is to look at, and the acts on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.movements.forms import whole_number
from thidua.reporting import effects, services
from thidua.reporting.display.charts import report_charts
from thidua.reporting.display.narrative import summary_of
from thidua.reporting.documents.forms import paper_of
from thidua.reporting.models import FigureChange, Report
from thidua.reporting.permissions import (
    can_accept_report,
    can_fill_report,
    can_return_report,
    can_submit_report,
)
from thidua.reporting.queries.reports import Said
from thidua.reporting.views.report_fetching import Seen, acted, report_or_404, seen_of
from thidua.rules.reporting import Edition, Shape, Template, completeness
from thidua.rules.reporting.words import form_name, short

HISTORY_SHOWN = 30


@dataclass(frozen=True)
class FormLine:
    """One form in the list: how much of it has data, and what waits in it."""

    template: Template
    done: int
    asked: int
    errors: int
    waiting: int
    rows: int
    told: bool

    @property
    def is_list(self) -> bool:
        return self.template.shape == Shape.LIST

    @property
    def state(self) -> str:
        """The word by which a page colours the form."""
        if self.errors:
            return "error"
        if self.is_list:
            return ("partial" if self.waiting else "complete") if self.told else "none"
        if self.done == self.asked:
            return "partial" if self.waiting else "complete"
        return "partial" if self.done else "none"

    @property
    def label(self) -> str:
        if self.errors:
            return f"{self.errors} lỗi"
        if self.state == "none":
            return "Chưa ghi"
        if self.waiting:
            return f"{self.waiting} điều cần giải trình"
        return "Đủ" if self.state == "complete" else "Đã ghi một phần"


def form_lines(seen: Seen) -> list[FormLine]:
    """Every form of the report with its completeness."""
    values = seen.contents.filled.values
    lines = []
    for template in seen.contents.edition.templates:
        done, asked = completeness([template], values)
        about = seen.about(template.key)
        lines.append(
            FormLine(
                template=template,
                done=done,
                asked=asked,
                errors=sum(each.is_error and not each.is_settled for each in about),
                waiting=sum(not each.is_error and not each.is_settled for each in about),
                rows=len(seen.contents.rows.get(template.key, ())),
                told=template.key in seen.contents.report.told_lists,
            )
        )
    return lines


@signed_in
@require_safe
def report(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """The report: its forms with their completeness, findings, and what may be done now."""
    found = report_or_404(request, year, report)
    row, seen = found.report, seen_of(found.report)
    lines = form_lines(seen)
    fills = can_fill_report(request.user, row)
    affected = _effects(request, row)
    return render(
        request,
        "reporting/report.html",
        {
            "year": found.year,
            "report": row,
            "lines": lines,
            "done": sum(line.done for line in lines),
            "asked": sum(line.asked for line in lines),
            "errors": [each for each in seen.said if each.is_error and not each.is_settled],
            "waiting": [each for each in _waiting(seen.said) if not each.asks_for_data],
            "unsaid": [each for each in _waiting(seen.said) if each.asks_for_data],
            "to_explain": len(_waiting(seen.said)),
            "settled": [each for each in seen.said if each.is_settled],
            "previous_name": seen.past.previous_name,
            "narrative": summary_of(row, is_own=fills),
            "charts": report_charts(request.user, row, request.GET.get("indicator", "")),
            "is_own": fills,
            "fills": fills and may_enter(row),
            "is_closed_late": row.state == Report.State.DRAFT and not may_enter(row),
            "may_submit": can_submit_report(request.user, row) and may_enter(row),
            "may_return": row.state != Report.State.DRAFT and can_return_report(request.user, row),
            "may_accept": row.state == Report.State.SUBMITTED
            and can_accept_report(request.user, row),
            "effects": affected,
            "accept_text": _accept_text(affected),
            "accept_round": {"round": row.round},
            "changes": _changes(row, seen.contents.edition),
            "history": history_of(row, limit=HISTORY_SHOWN),
        },
    )


def _effects(request: SignedInRequest, report: Report) -> list[effects.Effect]:
    """What accepting would change elsewhere, for whoever may accept."""
    if report.state != Report.State.SUBMITTED or not can_accept_report(request.user, report):
        return []
    return effects.preview(report)


def _accept_text(affected: Sequence[effects.Effect]) -> str:
    """What the question says before acceptance."""
    told = "Số liệu được dùng để tổng hợp và tính điểm."
    changing = sum(not each.is_closed for each in affected)
    if not changing:
        return told
    return f"{told} {changing} chỗ trong bảng chấm điểm, giao ước đổi theo, như đã nêu ở trang này."


def may_enter(report: Report) -> bool:
    """Whether the report takes entries now."""
    return report.state == Report.State.DRAFT and report.takes_entries(timezone.now())


def _waiting(said: Sequence[Said]) -> list[Said]:
    return [each for each in said if not each.is_error and not each.is_settled]


@dataclass(frozen=True)
class ChangeLine:
    """A change after hand-in, with its cell in words."""

    change: FigureChange
    where: str


def _changes(report: Report, edition: Edition) -> list[ChangeLine]:
    if report.round == 1:
        return []
    changes = report.changes.select_related("changed_by").order_by("-pk")
    return [ChangeLine(each, _cell(edition, each.indicator_key)) for each in changes]


def _cell(edition: Edition, key: str) -> str:
    """Form and column of a change; a changed list is named by its form."""
    if key not in edition:
        return form_name(edition.template(key))
    template = edition.home(key)
    return f"{form_name(template)}, {short(template, template.indicator(key))}"


@signed_in
@require_safe
def report_print(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """All forms as they are printed, to read and to print."""
    found = report_or_404(request, year, report)
    seen = seen_of(found.report)
    return render(
        request,
        "reporting/report_print.html",
        {
            "year": found.year,
            "report": found.report,
            "papers": [paper_of(seen.contents, each) for each in seen.contents.edition.templates],
            "settled": [each for each in seen.said if each.is_settled],
        },
    )


@signed_in
@require_POST
@once
def finding_explain(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """The unit's word on one finding; back to where it was asked."""
    found = report_or_404(request, year, report)
    acted(
        request,
        lambda: services.explain_finding(
            report=found.report,
            check=request.POST.get("check", ""),
            text=request.POST.get("text", ""),
            actor=request.user,
            at=timezone.now(),
        ),
        "Đã lưu giải trình.",
    )
    form = request.POST.get("form", "")
    if any(each.key == form for each in seen_of(found.report).contents.edition.templates):
        where = reverse("reports:form", args=[found.year.pk, found.report.pk, form])
        return redirect(f"{where}#xem-lai")
    return redirect("reports:report", year=found.year.pk, report=found.report.pk)


@signed_in
@require_POST
@once
def report_submit(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """The head hands the report in."""
    found = report_or_404(request, year, report)
    acted(
        request,
        lambda: services.submit_report(report=found.report, actor=request.user, at=timezone.now()),
        "Đã nộp báo cáo. Số liệu được khoá; cụm trưởng sẽ chấp nhận hoặc trả lại kèm lý do.",
    )
    return redirect("reports:report", year=found.year.pk, report=found.report.pk)


@signed_in
@require_POST
@once
def report_return(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """Lead or superior gives the report back; it is the unit's again, so back to the period."""
    found = report_or_404(request, year, report)
    done = acted(
        request,
        lambda: services.return_report(
            report=found.report,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
        f"Đã trả lại báo cáo của {found.report.membership.organisation.short_name}.",
    )
    if done:
        return redirect("reports:period", year=found.year.pk, period=found.report.period_id)
    return redirect("reports:report", year=found.year.pk, report=found.report.pk)


@signed_in
@require_POST
@once
def report_accept(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """The lead accepts."""
    found = report_or_404(request, year, report)
    acted(
        request,
        lambda: services.accept_report(
            report=found.report,
            actor=request.user,
            at=timezone.now(),
            seen=whole_number(request.POST.get("round", "")),
        ),
        "Đã chấp nhận báo cáo.",
    )
    return redirect("reports:report", year=found.year.pk, report=found.report.pk)
