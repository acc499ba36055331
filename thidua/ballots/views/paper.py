"""Paper: ballots to print, and what two tellers counted on them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.counts import PAPER_WAYS, difference
from thidua.ballots.documents import ballot_paper_pdf
from thidua.ballots.forms import PaperCountForm
from thidua.ballots.models import Ballot, PaperCount
from thidua.ballots.permissions import can_prepare, teller_of
from thidua.ballots.views.fetching import BALLOT, ballot_or_404, tried
from thidua.documents.downloads import attachment, plain_name
from thidua.documents.receiving import PDF


@signed_in
def printed(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Papers for everybody on the roll, all alike; before the list is frozen they say so."""
    ballot = ballot_or_404(request, year, pk)
    if not can_prepare(request.user, ballot) and teller_of(request.user, ballot) is None:
        raise PermissionDenied
    if not ballot.allows_paper:
        messages.error(request, "Cuộc bỏ phiếu này không dùng phiếu giấy.")
        return redirect(BALLOT, year=year, pk=pk)
    name = f"phieu-giay-{plain_name(ballot.title)}.pdf"
    return attachment(ballot_paper_pdf(ballot), name=name, media_type=PDF)


@signed_in
@once
def count(request: SignedInRequest, year: int, pk: int, channel: str) -> HttpResponse:
    """One teller's figures; the second one does not see the first's."""
    ballot = ballot_or_404(request, year, pk)
    mine = teller_of(request.user, ballot)
    if mine is None or channel not in PaperCount.Channel.values:
        raise Http404
    if ballot.state != Ballot.State.CLOSED:
        messages.info(request, "Số phiếu giấy nhập khi cuộc bỏ phiếu đã đóng và chưa kiểm xong.")
        return redirect(BALLOT, year=year, pk=pk)
    way = PaperCount.Channel(channel)
    issued = ballot.electors.filter(way=PAPER_WAYS[way]).count()
    questions = list(ballot.questions.prefetch_related("candidates"))
    form = PaperCountForm(questions, issued, request.POST or None)
    if form.is_valid() and tried(
        request,
        form,
        "Đã ghi số bạn đếm.",
        lambda: services.save_paper_count(
            teller=mine,
            channel=channel,
            content=form.content(),
            actor=request.user,
            at=timezone.now(),
        ),
    ):
        for sentence in difference(ballot, way, mine):
            messages.warning(request, sentence)
        return redirect(BALLOT, year=year, pk=pk)
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "form": form,
        "channel": way,
        "issued": issued,
        "entered": ballot.paper_counts.filter(channel=channel, teller=mine).exists(),
    }
    return render(request, "ballots/count.html", context)
