"""The box: tracking numbers for everybody, the archive once the vote is closed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.ballots.archives import archive_of, archive_sha256, may_have_archive
from thidua.ballots.counts import withholds_totals
from thidua.ballots.permissions import can_read_totals_withheld
from thidua.ballots.queries.board import turnout_of
from thidua.ballots.views.fetching import BALLOT, ballot_or_404
from thidua.documents.downloads import attachment
from thidua.rules.errors import RuleError

BEL = "application/x-tar"


@signed_in
def box(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Who cast a paper finds its number here, during the vote and after."""
    ballot = ballot_or_404(request, year, pk)
    if ballot.opened_at is None:
        messages.info(request, "Hòm phiếu có khi cuộc bỏ phiếu đã mở.")
        return redirect(BALLOT, year=year, pk=pk)
    has_archive = may_have_archive(ballot) and (
        not withholds_totals(ballot) or can_read_totals_withheld(request.user, ballot)
    )
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "trackers": list(ballot.papers.values_list("tracker", flat=True)),
        "turnout": turnout_of(list(ballot.electors.all())),
        "has_archive": has_archive,
        "withheld": may_have_archive(ballot) and not has_archive,
        "sha256": archive_sha256(ballot) if has_archive else ballot.archive_sha256,
    }
    return render(request, "ballots/box.html", context)


@signed_in
def archive(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The archive that Belenios' own program verifies."""
    ballot = ballot_or_404(request, year, pk)
    if withholds_totals(ballot) and not can_read_totals_withheld(request.user, ballot):
        messages.error(
            request,
            "Cuộc bỏ phiếu này có nội dung chỉ công bố đạt hay không đạt nên hồ sơ chỉ chủ trì, thư ký "
            "và tổ kiểm phiếu tải được.",
        )
        return redirect("ballots:box", year=year, pk=pk)
    try:
        data = archive_of(ballot)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("ballots:box", year=year, pk=pk)
    return attachment(data, name=f"{ballot.uuid}.bel", media_type=BEL)
