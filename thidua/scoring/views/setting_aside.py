"""Units that hand in no self-score: recorded and taken back by the head of the lead."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.organisations.scope import year_or_404
from thidua.scoring import services
from thidua.scoring.models import ScoreSheet
from thidua.scoring.views.fetching import Found, acted

REASON_LIMIT = 2000


def _any_sheet_or_404(request: SignedInRequest, year: int, sheet: int) -> Found:
    """A sheet of a year the person may see; a draft's content is not shown, only set aside."""
    found = year_or_404(request.user, year)
    sheets = ScoreSheet.objects.select_related(
        "criteria_set", "membership__organisation", "membership__year__cluster"
    )
    return Found(found, get_object_or_404(sheets, pk=sheet, criteria_set__year=found))


@signed_in
@require_POST
@once
def sheet_set_aside(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """Record that the unit hands in nothing, with the reason."""
    found = _any_sheet_or_404(request, year, sheet)
    acted(
        request,
        lambda: services.set_aside_sheet(
            sheet=found.sheet,
            reason=request.POST.get("reason", "")[:REASON_LIMIT],
            actor=request.user,
            at=timezone.now(),
        ),
        f"Đã ghi nhận {found.sheet.membership.organisation.short_name} không nộp bảng tự chấm; đơn vị "
        "này không xếp hạng.",
    )
    return redirect("scoring:sheet_list", year=found.year.pk)


@signed_in
@require_POST
@once
def sheet_take_back(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """The unit may hand in after all."""
    found = _any_sheet_or_404(request, year, sheet)
    acted(
        request,
        lambda: services.take_back_sheet(sheet=found.sheet, actor=request.user, at=timezone.now()),
        f"Đã bỏ ghi nhận; {found.sheet.membership.organisation.short_name} tự chấm và nộp được.",
    )
    return redirect("scoring:sheet_list", year=found.year.pk)
