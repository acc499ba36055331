"""The self-score form of a unit: downloaded, filled in elsewhere, looked over, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.documents.downloads import attachment
from thidua.rules.errors import RuleError
from thidua.scoring import services
from thidua.scoring.filling_changes import preview_of
from thidua.scoring.filling_tokens import from_token, to_token
from thidua.scoring.forms import SheetFormUpload
from thidua.scoring.models import ScoreSheet
from thidua.scoring.permissions import can_fill_sheet
from thidua.scoring.services import Filling
from thidua.scoring.sheet_workbooks import read_unit_form, unit_form
from thidua.scoring.views.fetching import XLSX, Found, sheet_or_404
from thidua.workbooks.reading import WorkbookError

PROBLEMS_SHOWN = 200


@dataclass(frozen=True)
class Refusal:
    """Why nothing of a file may be taken over: sheet, cell, sentence."""

    problems: Sequence[tuple[str, str, str]]
    hidden: int


def _open_or_404(request: SignedInRequest, year: int, sheet: int) -> Found:
    """The sheet, while the person may fill it in; afterwards there is no such page."""
    found = sheet_or_404(request, year, sheet)
    is_open = found.sheet.state == ScoreSheet.State.DRAFT and not found.sheet.is_set_aside
    if not is_open or not can_fill_sheet(request.user, found.sheet):
        raise Http404
    return found


@signed_in
@require_safe
def sheet_form_xlsx(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """The unit's form with what is typed so far."""
    found = _open_or_404(request, year, sheet)
    try:
        workbook = unit_form(found.sheet)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("scoring:sheet", year=found.year.pk, sheet=found.sheet.pk)
    return attachment(
        workbook, name=f"bieu-tu-cham-{found.year.year}-{found.sheet.pk}.xlsx", media_type=XLSX
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_form_upload(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """A filled form: every bad cell listed, or what it would change; nothing is saved yet."""
    found = _open_or_404(request, year, sheet)
    posted = request.method == "POST"
    form = SheetFormUpload(request.POST, request.FILES) if posted else SheetFormUpload()
    refusal: Refusal | None = None
    if posted and form.is_valid():
        try:
            reading = read_unit_form(found.sheet, form.contents(), form.name())
            if not reading.problems:
                return _looked_over(request, found, reading.filling, reading.notes)
            refusal = _refusal(reading.problems)
        except WorkbookError as error:
            refusal = _refusal(error.problems)
        except RuleError as error:
            form.add_error("workbook", str(error))
    return render(
        request,
        "scoring/sheet_form_upload.html",
        {"year": found.year, "sheet": found.sheet, "form": form, "refusal": refusal},
        status=422 if refusal or form.errors else 200,
    )


def _refusal(problems: Sequence[object]) -> Refusal:
    listed = [(each.sheet, each.cell, each.sentence) for each in problems]  # type: ignore[attr-defined]
    return Refusal(listed[:PROBLEMS_SHOWN], len(listed[PROBLEMS_SHOWN:]))


def _looked_over(
    request: SignedInRequest,
    found: Found,
    filling: Filling,
    notes: Sequence[str] = (),
    *,
    stale: str = "",
) -> HttpResponse:
    """What the form would change, beside what is stored."""
    preview = preview_of(found.sheet, filling)
    if preview.is_empty:
        messages.info(
            request,
            f"Biểu “{filling.name}” giống hệt nội dung đang lưu nên không có gì để nạp.",
        )
        return redirect("scoring:sheet", year=found.year.pk, sheet=found.sheet.pk)
    return render(
        request,
        "scoring/sheet_form_preview.html",
        {
            "year": found.year,
            "sheet": found.sheet,
            "preview": preview,
            "notes": notes,
            "stale": stale,
            "token": to_token(filling, found.sheet, request.user),
        },
        status=409 if stale else 200,
    )


@signed_in
@require_POST
@once
def sheet_form_save(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """Take over what was looked over, unless somebody changed it meanwhile (R08)."""
    found = sheet_or_404(request, year, sheet)
    if not can_fill_sheet(request.user, found.sheet):
        raise Http404
    try:
        filling = from_token(request.POST.get("filling", ""), found.sheet, request.user)
        changed = services.save_filling(
            sheet=found.sheet, filling=filling, actor=request.user, at=timezone.now()
        )
    except (services.StaleFilling, services.StaleFigures) as stale:
        return _looked_over(request, found, _anew(found.sheet, filling), stale=str(stale))
    except PermissionDenied:
        raise Http404 from None
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _done(filling, len(changed)))
    return redirect("scoring:sheet", year=found.year.pk, sheet=found.sheet.pk)


def _done(filling: Filling, changed: int) -> str:
    figures = " và số liệu chung" if filling.figures is not None else ""
    return f"Đã nạp biểu “{filling.name}”: {changed} tiêu chí thay đổi{figures}."


def _anew(sheet: ScoreSheet, filling: Filling) -> Filling:
    """The same form held against what is stored now."""
    sheet.refresh_from_db(fields=["facts", "facts_version"])
    versions = dict(sheet.scores.values_list("pk", "version"))
    lines = tuple(replace(line, version=versions[line.score]) for line in filling.lines)
    return replace(filling, lines=lines, figures_version=sheet.facts_version)


__all__ = ["sheet_form_save", "sheet_form_upload", "sheet_form_xlsx"]
