"""Figures of the whole sheet, and a sheet given back to its unit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.rules.errors import RuleError
from thidua.rules.scoring import in_words
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import table_rules
from thidua.scoring import services
from thidua.scoring.forms import SheetFiguresForm
from thidua.scoring.models import ScoreSheet
from thidua.scoring.permissions import can_fill_sheet, can_finalise_sheet
from thidua.scoring.queries.facts import corrections_of
from thidua.scoring.queries.fed import locked_facts
from thidua.scoring.tables import to_table
from thidua.scoring.views.fetching import acted, sheet_or_404

State = ScoreSheet.State


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def sheet_figures(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """The unit fills them in; the head of the lead confirms or changes them with a reason."""
    found = sheet_or_404(request, year, sheet)
    decides = found.sheet.state == State.SUBMITTED and can_finalise_sheet(request.user, found.sheet)
    fills = (
        found.sheet.state == State.DRAFT
        and not found.sheet.is_set_aside
        and can_fill_sheet(request.user, found.sheet)
    )
    table = to_table(found.sheet.criteria_set)
    inputs = homes_of(table).sheet
    if not inputs or not (decides or fills):
        raise Http404
    stored = {**found.sheet.facts, **corrections_of(found.sheet, lambda home: home is None)}
    if decides and found.sheet.decided_facts:
        stored = found.sheet.decided_facts
    form = SheetFiguresForm(
        inputs,
        table_rules(table),
        {each.key: in_words(each, stored.get(each.key, "")) for each in inputs},
        found.sheet.facts_version,
        request.POST if request.method == "POST" else None,
        () if decides else locked_facts(found.sheet, {each.key for each in inputs}),
    )
    if form.is_valid() and _saved(request, found.sheet, form, decides=decides):
        return redirect("scoring:sheet", year=found.year.pk, sheet=found.sheet.pk)
    context = {"year": found.year, "sheet": found.sheet, "form": form, "decides": decides}
    status = 422 if form.errors else 200
    return render(request, "scoring/sheet_figures.html", context, status=status)


def _saved(
    request: SignedInRequest, sheet: ScoreSheet, form: SheetFiguresForm, *, decides: bool
) -> bool:
    """Saved, or the reason why not stands in the form."""
    version = form.cleaned_data["version"]
    try:
        if decides:
            services.decide_sheet_facts(
                sheet=sheet,
                facts=form.facts(),
                reason=form.cleaned_data["reason"],
                version=version,
                actor=request.user,
                at=timezone.now(),
            )
        else:
            services.save_sheet_facts(
                sheet=sheet,
                facts=form.facts(),
                version=version,
                actor=request.user,
                at=timezone.now(),
            )
    except PermissionDenied:
        raise Http404 from None
    except RuleError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, "Đã xác nhận số liệu chung." if decides else "Đã lưu số liệu chung.")
    return True


@signed_in
@require_POST
@once
def sheet_return(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """Lead or appraiser gives the sheet back with a reason."""
    found = sheet_or_404(request, year, sheet)
    acted(
        request,
        lambda: services.return_sheet(
            sheet=found.sheet,
            reason=request.POST.get("reason", "")[:4000],
            actor=request.user,
            at=timezone.now(),
        ),
        "Đã trả lại bảng tự chấm. Đơn vị đọc được lý do và nộp lại sau khi sửa.",
    )
    return redirect("scoring:sheet_list", year=found.year.pk)
