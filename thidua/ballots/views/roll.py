"""The roll: who votes, who is there, who is handed a paper."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, leaves_no_trace, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.forms import SubstituteForm
from thidua.ballots.models import Ballot
from thidua.ballots.permissions import can_prepare
from thidua.ballots.queries.board import ballot_view, without_elector
from thidua.ballots.queries.people import people_of
from thidua.ballots.views.fetching import act, ballot_or_404, elector_or_404, form_page, tried

ROLL = "ballots:roll"


@signed_in
def roll(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Everybody on the list; who has not voted only the secretary sees (B4)."""
    view = ballot_view(request.user, ballot_or_404(request, year, pk))
    context = {
        "year": view.ballot.year,
        "ballot": view.ballot,
        "view": view,
        "part": view.part,
        "without_elector": without_elector(view),
        "prepares": view.part.can_prepare and view.ballot.state == Ballot.State.SETUP,
        "calls": view.part.is_secretary and view.ballot.state == Ballot.State.FROZEN,
        "hands_out": view.part.is_secretary and view.ballot.state == Ballot.State.OPEN,
    }
    return render(request, "ballots/roll.html", context)


@signed_in
@require_POST
@once
def draw_up(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The roll from who holds the posts today."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã lập lại danh sách theo chức vụ hiện nay.",
        lambda: services.draw_up_roll(ballot=ballot, actor=request.user, at=timezone.now()),
        ROLL,
    )


@signed_in
@once
def add(request: SignedInRequest, year: int, pk: int, member: int) -> HttpResponse:
    """Somebody votes for a member whose post of head is vacant."""
    ballot = ballot_or_404(request, year, pk)
    if not can_prepare(request.user, ballot):
        raise PermissionDenied
    rows = ballot.year.memberships.select_related("organisation")
    membership = get_object_or_404(rows, pk=member)
    people = [
        one for one in people_of(ballot.year) if one.organisation == membership.organisation_id
    ]
    form = SubstituteForm(people, request.POST or None)
    if form.is_valid() and tried(
        request,
        form,
        f"Đã cử người bỏ phiếu của {membership.organisation}.",
        lambda: services.add_elector(
            ballot=ballot,
            membership=membership,
            **form.cleaned_data,
            actor=request.user,
            at=timezone.now(),
        ),
    ):
        return redirect(ROLL, year=year, pk=pk)
    heading = f"Cử người bỏ phiếu: {membership.organisation}"
    return form_page(request, ballot, form, heading, "Lưu", back=ROLL)


@signed_in
@once
def substitute(request: SignedInRequest, year: int, pk: int, elector: int) -> HttpResponse:
    """Another person of the same unit, by a written mandate."""
    ballot = ballot_or_404(request, year, pk)
    row = elector_or_404(ballot, elector)
    if not can_prepare(request.user, ballot):
        raise PermissionDenied
    place = row.membership.organisation_id if row.membership else None
    people = [one for one in people_of(ballot.year) if place in {None, one.organisation}]
    form = SubstituteForm(people, request.POST or None)
    if form.is_valid() and tried(
        request,
        form,
        "Đã ghi người đi thay.",
        lambda: services.substitute_elector(
            elector=row, **form.cleaned_data, actor=request.user, at=timezone.now()
        ),
    ):
        return redirect(ROLL, year=year, pk=pk)
    return form_page(request, ballot, form, f"Người bỏ phiếu thay {row.name}", "Lưu", back=ROLL)


@signed_in
@require_POST
@once
def remove(request: SignedInRequest, year: int, pk: int, elector: int) -> HttpResponse:
    """Off the roll, with a reason."""
    ballot = ballot_or_404(request, year, pk)
    row = elector_or_404(ballot, elector)
    return act(
        request,
        ballot,
        f"Đã bỏ {row} khỏi danh sách.",
        lambda: services.remove_elector(
            elector=row,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
        ROLL,
    )


@signed_in
@require_POST
@once
def call(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Who is present."""
    ballot = ballot_or_404(request, year, pk)
    present = {
        int(one) for one in request.POST.getlist("present") if one.isascii() and one.isdigit()
    }
    return act(
        request,
        ballot,
        "Đã lưu điểm danh.",
        lambda: services.call_roll(
            ballot=ballot, present=present, actor=request.user, at=timezone.now()
        ),
        ROLL,
    )


@signed_in
@require_POST
@leaves_no_trace
def hand_out(request: SignedInRequest, year: int, pk: int, elector: int) -> HttpResponse:
    """A paper for somebody present, or the written opinion of somebody absent.

    Done again it has no further effect. Not `once`: its table would keep the moment (B3).
    """
    ballot = ballot_or_404(request, year, pk)
    row = elector_or_404(ballot, elector)
    written = request.POST.get("written") == "1"
    return act(
        request,
        ballot,
        f"Đã nhận ý kiến bằng văn bản của {row}." if written else f"Đã phát phiếu giấy cho {row}.",
        lambda: services.hand_out_paper(elector=row, written=written, actor=request.user),
        ROLL,
    )


@signed_in
@require_POST
@leaves_no_trace
def take_back(request: SignedInRequest, year: int, pk: int, elector: int) -> HttpResponse:
    """An unused paper came back."""
    ballot = ballot_or_404(request, year, pk)
    row = elector_or_404(ballot, elector)
    return act(
        request,
        ballot,
        f"Đã thu lại phiếu giấy chưa dùng của {row}.",
        lambda: services.take_paper_back(elector=row, actor=request.user),
        ROLL,
    )
