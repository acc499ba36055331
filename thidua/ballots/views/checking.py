"""Everybody on the roll checks it and takes a voting code."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.models import Ballot, Elector
from thidua.ballots.permissions import elector_of
from thidua.ballots.queries.board import ballot_view
from thidua.ballots.views.fetching import BALLOT, act, ballot_or_404

CHECK = "ballots:check"


def own_elector(request: SignedInRequest, ballot: Ballot) -> Elector:
    """The person's own line of the roll; the page does not exist for others."""
    mine = elector_of(request.user, ballot)
    if mine is None:
        raise Http404
    return mine


@signed_in
def check(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The frozen list, and the code that the person's own browser makes."""
    ballot = ballot_or_404(request, year, pk)
    mine = own_elector(request, ballot)
    if ballot.state != Ballot.State.FROZEN:
        return redirect(BALLOT, year=year, pk=pk)
    view = ballot_view(request.user, ballot)
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "view": view,
        "mine": mine,
        "data": {"uuid": ballot.uuid, "elector": mine.pk},
    }
    return render(request, "ballots/check.html", context)


@signed_in
@require_POST
def take_code(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The list is right; here is the public part of the code.

    Sent again it has no further effect. Not `once`: its table would keep a fingerprint of the code
    beside the person (B3).
    """
    ballot = ballot_or_404(request, year, pk)
    mine = own_elector(request, ballot)
    return act(
        request,
        ballot,
        "Đã ghi nhận bạn thấy danh sách đúng và đã có mã phiếu. Giữ mã cẩn thận: không ai cấp lại được.",
        lambda: services.check_roll(
            elector=mine,
            credential=request.POST.get("credential", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@require_POST
@once
def object_to(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The list is not right."""
    ballot = ballot_or_404(request, year, pk)
    mine = own_elector(request, ballot)
    return act(
        request,
        ballot,
        "Đã ghi ý kiến của bạn. Cuộc bỏ phiếu không mở được cho tới khi danh sách được sửa.",
        lambda: services.object_to_roll(
            elector=mine,
            words=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )
