"""What anybody with the address printed on the minutes can check."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from thidua.accounts.access import public
from thidua.ballots.archives import archive_of, archive_sha256, may_have_archive
from thidua.ballots.counts import settled, withholds_totals
from thidua.ballots.models import Ballot
from thidua.ballots.views.box import BEL
from thidua.documents.downloads import attachment
from thidua.rules.errors import RuleError

State = Ballot.State
SHOWN = (State.CLOSED, State.TALLIED, State.CONCLUDED)


def _ballot(uuid: str) -> Ballot:
    rows = Ballot.objects.filter(state__in=SHOWN).select_related("year__cluster")
    return get_object_or_404(rows, uuid=uuid)


@public
def verification(request: HttpRequest, uuid: str) -> HttpResponse:
    """Trackers, result, archive and its fingerprint; from the closing on, without signing in."""
    ballot = _ballot(uuid)
    has_archive = may_have_archive(ballot) and not withholds_totals(ballot)
    context = {
        "ballot": ballot,
        "trackers": list(ballot.papers.values_list("tracker", flat=True)),
        "settled": settled(ballot) if ballot.is_counted else [],
        "has_archive": has_archive,
        "sha256": archive_sha256(ballot) if has_archive else ballot.archive_sha256,
    }
    return render(request, "ballots/public.html", context)


@public
def archive(request: HttpRequest, uuid: str) -> HttpResponse:
    """The archive, where its totals may be told."""
    ballot = _ballot(uuid)
    if withholds_totals(ballot):
        raise Http404
    try:
        data = archive_of(ballot)
    except RuleError as error:
        raise Http404(str(error)) from error
    return attachment(data, name=f"{ballot.uuid}.bel", media_type=BEL)
