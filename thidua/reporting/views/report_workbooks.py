"""A report's forms as a workbook: downloaded pre-filled, taken back whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from thidua.reporting.exports.report import (
    last_workbook,
    questions_about,
    read_workbook,
    workbook_in_own_look,
    workbook_of,
)
from thidua.reporting.forms.uploads import WorkbookUpload
from thidua.reporting.permissions import can_fill_report
from thidua.reporting.views.report_fetching import FoundReport, report_or_404
from thidua.rules.errors import RuleError
from thidua.workbooks.reading import CellProblem, WorkbookError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEMS_SHOWN = 200
OWN_LOOK = "dinh-dang-don-vi"


@signed_in
@require_safe
def report_xlsx(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """The forms with what is stored, the cells to fill in open, everything else locked.

    With `?dinh-dang-don-vi`, for the unit itself: in the look of the workbook it sent last.
    """
    found = report_or_404(request, year, report)
    data = None
    if OWN_LOOK in request.GET and can_fill_report(request.user, found.report):
        try:
            data = workbook_in_own_look(found.report)
        except RuleError as error:
            messages.error(request, f"{error} Bản của phần mềm vẫn tải được như thường.")
            return redirect("reports:upload", year=year, report=report)
    return attachment(
        data or workbook_of(found.report),
        name=f"{plain_name(str(found.report))}.xlsx",
        media_type=XLSX,
    )


@dataclass
class Answer:
    """What keeps a workbook from being taken over: what is wrong in it, what has to be asked."""

    problems: Sequence[CellProblem] = ()
    asked: Sequence[CellProblem] = ()
    is_old: bool = False


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def report_upload(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """A filled workbook: kept whole, or every bad cell listed and nothing kept."""
    found = report_or_404(request, year, report)
    if not can_fill_report(request.user, found.report):
        raise Http404
    posted = request.method == "POST"
    form = WorkbookUpload(request.POST, request.FILES) if posted else WorkbookUpload()
    answer = Answer()
    if form.is_valid():
        try:
            return _taken_over(request, found, form)
        except WorkbookError as error:
            answer.problems = error.problems
        except _Asked as asked:
            answer.asked = asked.questions
        except services.OldWorkbook as error:
            answer.is_old = True
            form.add_error("workbook", str(error))
        except RuleError as error:
            form.add_error("workbook", str(error))
        except PermissionDenied:
            raise Http404 from None
    return _page(request, found, form, answer)


class _Asked(Exception):
    """Some figures look written in another measure, and nobody has said that they are right."""

    def __init__(self, questions: Sequence[CellProblem]) -> None:
        self.questions = questions


def _page(
    request: SignedInRequest, found: FoundReport, form: WorkbookUpload, answer: Answer
) -> HttpResponse:
    listed = answer.problems or answer.asked
    context = {
        "year": found.year,
        "report": found.report,
        "form": form,
        "asks_again": answer.is_old or form.data.get("replace"),
        "asks_sure": answer.asked or form.data.get("sure"),
        "is_wrong": bool(answer.problems),
        "problems": [(each.sheet, each.cell, each.sentence) for each in listed[:PROBLEMS_SHOWN]],
        "count": len(listed),
        "hidden": max(0, len(listed) - PROBLEMS_SHOWN),
        "last": found.report.workbook,
        "own_look": last_workbook(found.report),
    }
    status = 422 if listed or form.errors else 200
    return render(request, "reporting/report_upload.html", context, status=status)


def _taken_over(request: SignedInRequest, found: FoundReport, form: WorkbookUpload) -> HttpResponse:
    data = form.contents()
    sent = read_workbook(found.report, data)
    asked = questions_about(found.report, sent)
    if asked and not form.cleaned_data["sure"]:
        raise _Asked(asked)
    changed = services.import_report(
        report=found.report,
        sent=sent,
        name=form.name(),
        replace=form.cleaned_data["replace"],
        actor=request.user,
        at=timezone.now(),
        data=data,
    )
    if changed:
        messages.success(request, f"Đã nạp biểu: {changed} ô, danh sách thay đổi.")
    else:
        messages.info(
            request,
            "Số liệu trong biểu giống hệt số liệu đang lưu nên không có gì để nạp; định dạng của tệp được "
            "giữ cho lần xuất sau.",
        )
    return redirect("reports:report", year=found.year.pk, report=found.report.pk)
