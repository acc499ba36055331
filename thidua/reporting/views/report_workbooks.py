"""A report's forms as a workbook: downloaded pre-filled, taken back whole or not at all."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.documents.downloads import attachment, plain_name
from thidua.reporting import services
from thidua.reporting.forms.reports import ReportUpload
from thidua.reporting.permissions import can_fill_report
from thidua.reporting.report_workbooks import read_workbook, workbook_of
from thidua.reporting.views.report_fetching import FoundReport, report_or_404
from thidua.rules.errors import RuleError
from thidua.workbooks.reading import WorkbookError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEMS_SHOWN = 200


@signed_in
@require_safe
def report_xlsx(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """The forms with what is stored, the cells to fill in open, everything else locked."""
    found = report_or_404(request, year, report)
    return attachment(
        workbook_of(found.report),
        name=f"{plain_name(str(found.report))}.xlsx",
        media_type=XLSX,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_upload(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """A filled workbook: kept whole, or every bad cell listed and nothing kept."""
    found = report_or_404(request, year, report)
    if not can_fill_report(request.user, found.report):
        raise Http404
    posted = request.method == "POST"
    form = ReportUpload(request.POST, request.FILES) if posted else ReportUpload()
    problems: list[tuple[str, str, str]] = []
    asks_again = False
    if form.is_valid():
        try:
            return _taken_over(request, found, form)
        except WorkbookError as error:
            problems = [(each.sheet, each.cell, each.sentence) for each in error.problems]
        except services.OldWorkbook as error:
            asks_again = True
            form.add_error("workbook", str(error))
        except RuleError as error:
            form.add_error("workbook", str(error))
        except PermissionDenied:
            raise Http404 from None
    context = {
        "year": found.year,
        "report": found.report,
        "form": form,
        "asks_again": asks_again,
        "problems": problems[:PROBLEMS_SHOWN],
        "count": len(problems),
        "hidden": max(0, len(problems) - PROBLEMS_SHOWN),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "reporting/report_upload.html", context, status=status)


def _taken_over(request: SignedInRequest, found: FoundReport, form: ReportUpload) -> HttpResponse:
    changed = services.import_report(
        report=found.report,
        sent=read_workbook(found.report, form.contents()),
        name=form.name(),
        replace=form.cleaned_data["replace"],
        actor=request.user,
        at=timezone.now(),
    )
    if changed:
        messages.success(request, f"Đã nạp biểu: {changed} ô, danh sách thay đổi.")
    else:
        messages.info(request, "Biểu giống hệt số liệu đang lưu nên không có gì để nạp.")
    return redirect("reports:report", year=found.year.pk, report=found.report.pk)
