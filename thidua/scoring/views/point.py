"""One point opened under a stable address."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.rules.errors import RuleError
from thidua.scoring.models import Criterion
from thidua.scoring.permissions import may_open_reports
from thidua.scoring.queries.point import point as opened
from thidua.scoring.views.fetching import sheet_or_404


@signed_in
@require_safe
def point(request: SignedInRequest, year: int, sheet: int, criterion: int) -> HttpResponse:
    """Rule in words, inputs with their sources, arithmetic, judges and history of one point."""
    found = sheet_or_404(request, year, sheet)
    row = get_object_or_404(Criterion, pk=criterion, criteria_set=found.sheet.criteria_set_id)
    found.sheet.criteria_set.year = found.year
    try:
        shown = opened(found.sheet, row)
    except RuleError as error:
        raise Http404(str(error)) from error
    context = {
        "year": found.year,
        "sheet": found.sheet,
        "point": shown,
        "opens_reports": any(each.links for each in shown.inputs)
        and may_open_reports(request.user, found.sheet),
    }
    return render(request, "scoring/point.html", context)
