"""The ballots of a year, and one ballot: where it stands, what is asked of whom."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.ballots.counts import settled
from thidua.ballots.models import Ballot, Question
from thidua.ballots.permissions import can_make_ballot
from thidua.ballots.queries.board import (
    BallotView,
    ballot_view,
    ballots_of,
    conflict_of_chair,
    key_states,
    own_tasks,
    paper_channels_to_count,
    reveals_of,
    single_papers,
    without_elector,
)
from thidua.ballots.services import what_is_missing, what_stops_opening
from thidua.ballots.views.fetching import ballot_or_404
from thidua.organisations.scope import year_or_404
from thidua.rules.ballots.results import Base, ResultRule, fraction_words, has_quorum

State = Ballot.State


@signed_in
def ballot_list(request: SignedInRequest, year: int) -> HttpResponse:
    """Every ballot of the year with what it asks of the person."""
    found = year_or_404(request.user, year)
    context = {
        "year": found,
        "lines": ballots_of(request.user, found),
        "can_make": can_make_ballot(request.user, found),
    }
    return render(request, "ballots/list.html", context)


@signed_in
def ballot(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The page of one ballot."""
    view = ballot_view(request.user, ballot_or_404(request, year, pk))
    found = view.ballot
    context = {
        "year": found.year,
        "ballot": found,
        "view": view,
        "part": view.part,
        "tasks": own_tasks(
            request.user,
            found,
            view.part.elector,
            view.tellers,
            to_count=paper_channels_to_count(view),
        ),
        "rules": _rules(view),
        "keys": key_states(view.tellers),
        "quorum_words": fraction_words(found.quorum),
        **_of_phase(view),
    }
    return render(request, "ballots/ballot.html", context)


def _rules(view: BallotView) -> list[tuple[Question, str, str]]:
    """Of every question its rule in words, and how many votes that is where it is known already."""
    members = view.ballot.members_total or len(view.electors) + len(without_elector(view))
    found = []
    for question in view.questions:
        rule = ResultRule.from_json(question.rule)
        known = rule.base == Base.ALL_MEMBERS
        needed = f"{rule.needed_words(members)}." if known else ""
        found.append((question, rule.words(), needed))
    return found


def _of_phase(view: BallotView) -> dict[str, Any]:
    """What stands in the way of the next step, and what should be known before it."""
    found = view.ballot
    if found.is_counted:
        return {"settled": settled(found)}
    if found.state == State.ANNULLED:
        return {}
    before: dict[str, Any] = {
        "conflict": conflict_of_chair(view),
        "reveals": reveals_of(view),
    }
    if found.state == State.SETUP:
        return {
            **before,
            "missing": what_is_missing(found),
            "without_elector": without_elector(view),
        }
    if found.state == State.FROZEN:
        quorum = has_quorum(
            view.turnout.present,
            found.members_total,
            found.quorum_numerator,
            found.quorum_denominator,
        )
        return {**before, "missing": what_stops_opening(found), "quorum": quorum}
    return {**before, "single_papers": single_papers(view)}
