"""The periods of a year: what is due from me, who has handed in, dates, late entry."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.organisations.permissions import own_membership
from thidua.organisations.scope import year_or_404
from thidua.reporting import services
from thidua.reporting.forms.reports import PeriodForm
from thidua.reporting.permissions import can_allow_late, can_open_periods, can_watch_reports
from thidua.reporting.queries.report_lists import due_flag, period_lines
from thidua.reporting.views.report_fetching import acted, period_or_404
from thidua.rules.errors import RuleError


@signed_in
@require_safe
def report_list(request: SignedInRequest, year: int) -> HttpResponse:
    """All periods: the person's own reports, and for lead and superior those of everybody."""
    found = year_or_404(request.user, year)
    own = own_membership(request.user, found)
    members, lines = period_lines(found, own, timezone.localdate())
    rows = [(member, [line.cells[place] for line in lines]) for place, member in enumerate(members)]
    return render(
        request,
        "reporting/report_list.html",
        {
            "year": found,
            "own": own,
            "lines": lines,
            "rows": rows,
            "watches": can_watch_reports(request.user, found),
            "may_open": can_open_periods(request.user, found),
        },
    )


@signed_in
@require_POST
@once
def periods_open(request: SignedInRequest, year: int) -> HttpResponse:
    """The lead opens the seven periods."""
    found = year_or_404(request.user, year)
    acted(
        request,
        lambda: services.open_periods(year=found, actor=request.user, at=timezone.now()),
        "Đã mở bảy kỳ báo cáo theo ngày của thông tư. Ngày sửa được ở từng kỳ, kèm lý do.",
    )
    return redirect("reports:list", year=found.pk)


@signed_in
@require_safe
def period(request: SignedInRequest, year: int, period: int) -> HttpResponse:
    """One period: its days, and who has handed in."""
    found = period_or_404(request, year, period)
    own = own_membership(request.user, found.year)
    _, lines = period_lines(found.year, own, timezone.localdate())
    line = next(each for each in lines if each.period.pk == found.period.pk)
    watches = can_watch_reports(request.user, found.year)
    return render(
        request,
        "reporting/report_period.html",
        {
            "year": found.year,
            "period": found.period,
            "line": line,
            "watches": watches,
            "own": own,
            "flags": [due_flag(found.period.local_due_on), due_flag(found.period.due_on)],
            "may_change": can_open_periods(request.user, found.year),
            "late": [
                cell.membership
                for cell in line.missing
                if watches
                and line.is_over
                and not (cell.report and cell.report.takes_entries(timezone.now()))
                and can_allow_late(request.user, cell.membership)
            ],
            "history": history_of(found.period, limit=20),
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def period_edit(request: SignedInRequest, year: int, period: int) -> HttpResponse:
    """The lead moves the days of a period, with a reason."""
    found = period_or_404(request, year, period)
    if not can_open_periods(request.user, found.year):
        raise Http404
    form = PeriodForm(found.period, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.change_period(
                period=found.period,
                dates=form.dates(),
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã sửa ngày của kỳ {found.period.name}.")
            return redirect("reports:period", year=found.year.pk, period=found.period.pk)
    context: dict[str, Any] = {"year": found.year, "period": found.period, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "reporting/report_period_edit.html", context, status=status)


@signed_in
@require_POST
@once
def report_start(request: SignedInRequest, year: int, period: int) -> HttpResponse:
    """Open the own unit's report of the period, made now if it is not there yet."""
    found = period_or_404(request, year, period)
    own = own_membership(request.user, found.year)
    if own is None:
        raise Http404
    try:
        report = services.start_report(
            period=found.period, membership=own, actor=request.user, at=timezone.now()
        )
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("reports:list", year=found.year.pk)
    except PermissionDenied:
        raise Http404 from None
    return redirect("reports:report", year=found.year.pk, report=report.pk)


@signed_in
@require_POST
@once
def late_allow(request: SignedInRequest, year: int, period: int, member: int) -> HttpResponse:
    """The lead lets one unit enter its report after the due date."""
    found = period_or_404(request, year, period)
    membership = get_object_or_404(
        found.year.memberships.select_related("organisation", "year__cluster"), pk=member
    )
    acted(
        request,
        lambda: services.allow_late(
            period=found.period,
            membership=membership,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
        f"Đã cho {membership.organisation.short_name} nộp muộn báo cáo kỳ này.",
    )
    return redirect("reports:period", year=found.year.pk, period=found.period.pk)
