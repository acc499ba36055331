"""The year's scores as one file that anybody can recompute."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.documents.downloads import attachment
from thidua.organisations.permissions import is_superior_of, leads
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.scoring.yearfiles import year_file

JSON = "application/json"


@signed_in
@require_safe
def year_download(request: SignedInRequest, year: int) -> HttpResponse:
    """For lead and superior: every sheet handed in, with table, figures and reasons."""
    found = year_or_404(request.user, year)
    if not (leads(request.user, found) or is_superior_of(request.user, found)):
        raise Http404
    try:
        data = year_file(found)
    except RuleError as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    return attachment(data, name=f"thi-dua-{found.year}.json", media_type=JSON)
