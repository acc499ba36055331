"""The page shown on the wall of the room: phase, turnout, result."""

from django.http import HttpResponse
from django.shortcuts import render

from thidua.accounts.access import SignedInRequest, leaves_no_trace, signed_in
from thidua.ballots.counts import settled
from thidua.ballots.queries.board import phases_of, turnout_of
from thidua.ballots.views.fetching import ballot_or_404
from thidua.rules.ballots.results import has_quorum


@signed_in
@leaves_no_trace
def room(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Refreshes itself; keeps no session alive. Totals withheld are never shown here."""
    ballot = ballot_or_404(request, year, pk)
    turnout = turnout_of(list(ballot.electors.all()))
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "turnout": turnout,
        "phases": phases_of(ballot),
        "quorum": has_quorum(
            turnout.present,
            ballot.members_total or turnout.entitled,
            ballot.quorum_numerator,
            ballot.quorum_denominator,
        ),
        "tellers": sum(bool(one.partial) for one in ballot.tellers.all()),
        "settled": settled(ballot) if ballot.is_counted else [],
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "ballots/room_part.html" if part else "ballots/room.html", context)
