"""Setting a ballot up: its terms, and who counts."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.forms import BallotForm, TellersForm
from thidua.ballots.models import Ballot
from thidua.ballots.permissions import can_make_ballot, can_prepare
from thidua.ballots.queries.people import people_of
from thidua.ballots.views.fetching import ballot_or_404, form_page, tried
from thidua.organisations.models import EmulationYear, Milestone
from thidua.organisations.scope import year_or_404

LEAST_TELLERS = 2


@signed_in
@once
def new(request: SignedInRequest, year: int) -> HttpResponse:
    """A new ballot."""
    found = year_or_404(request.user, year)
    if not can_make_ballot(request.user, found):
        raise PermissionDenied
    form = BallotForm(people_of(found), request.POST or None, initial=_first_values(found))
    if form.is_valid():
        made: list[Ballot] = []
        if tried(
            request,
            form,
            "Đã lập cuộc bỏ phiếu. Tiếp theo: nội dung, danh sách, tổ kiểm phiếu.",
            lambda: made.append(
                services.make_ballot(
                    year=found,
                    terms=form.terms(LEAST_TELLERS),
                    actor=request.user,
                    at=timezone.now(),
                )
            ),
        ):
            return redirect("ballots:ballot", year=year, pk=made[0].pk)
    return render(
        request,
        "ballots/form.html",
        {
            "year": found,
            "form": form,
            "heading": "Lập cuộc bỏ phiếu kín",
            "lead": f"{found.cluster.name}, năm thi đua {found.year}",
            "submit": "Lập cuộc bỏ phiếu",
        },
    )


def _first_values(year: EmulationYear) -> dict[str, Any]:
    """What is likely, to be looked at and changed."""
    conference = year.milestones.filter(kind=Milestone.Kind.ANNUAL_REVIEW).first()
    return {
        "held_on": conference.due_on if conference else None,
        "electorate": Ballot.Electorate.UNITS,
        "quorum": "2/3",
        "minimum_electors": 5,
        "allows_paper": True,
    }


@signed_in
@once
def edit(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Other terms."""
    ballot = ballot_or_404(request, year, pk)
    if not can_prepare(request.user, ballot):
        raise PermissionDenied
    initial = {**BallotForm.initial_of(ballot), "version": ballot.version}
    form = BallotForm(people_of(ballot.year), request.POST or None, initial=initial)
    if form.is_valid() and tried(
        request,
        form,
        "Đã lưu cuộc bỏ phiếu.",
        lambda: services.change_ballot(
            ballot=ballot,
            terms=form.terms(ballot.threshold),
            version=form.cleaned_data["version"] or 0,
            actor=request.user,
            at=timezone.now(),
        ),
    ):
        return redirect("ballots:ballot", year=year, pk=pk)
    return form_page(request, ballot, form, "Sửa cuộc bỏ phiếu", "Lưu")


@signed_in
@once
def tellers(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Who counts, and how many are needed."""
    ballot = ballot_or_404(request, year, pk)
    if not can_prepare(request.user, ballot):
        raise PermissionDenied
    held = [str(one) for one in ballot.tellers.values_list("user", flat=True)]
    form = TellersForm(
        people_of(ballot.year),
        request.POST or None,
        initial={"people": held, "threshold": ballot.threshold},
    )
    if form.is_valid() and tried(
        request,
        form,
        "Đã cử tổ kiểm phiếu. Từng người hãy mở trang này để lập phần khóa của mình.",
        lambda: services.name_tellers(
            ballot=ballot,
            people=form.cleaned_data["people"],
            threshold=form.cleaned_data["threshold"],
            actor=request.user,
            at=timezone.now(),
        ),
    ):
        return redirect("ballots:ballot", year=year, pk=pk)
    lead = "Cử lại tổ kiểm phiếu thì khóa đã lập bị bỏ, mọi người lập lại từ đầu." if held else ""
    return form_page(request, ballot, form, "Cử tổ kiểm phiếu", "Cử tổ kiểm phiếu", lead)
