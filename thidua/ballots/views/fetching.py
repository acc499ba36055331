"""What every view of a ballot begins with, and how its acts and forms answer."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thidua.accounts.access import SignedInRequest
from thidua.ballots.models import Ballot, Candidate, Elector, Question
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError

BALLOT = "ballots:ballot"


def ballot_or_404(request: SignedInRequest, year: int, pk: int) -> Ballot:
    """The ballot with its year, cluster and the people who run it."""
    visible = Ballot.objects.visible_to(request.user, year_or_404(request.user, year))
    return get_object_or_404(
        visible.select_related(
            "year__cluster__superior", "chair", "count_chair", "secretary", "previous"
        ),
        pk=pk,
    )


def question_or_404(ballot: Ballot, pk: int) -> Question:
    return get_object_or_404(ballot.questions.prefetch_related("candidates__membership"), pk=pk)


def candidate_or_404(ballot: Ballot, pk: int) -> Candidate:
    rows = Candidate.objects.filter(question__ballot=ballot)
    return get_object_or_404(rows.select_related("question", "membership__organisation"), pk=pk)


def elector_or_404(ballot: Ballot, pk: int) -> Elector:
    return get_object_or_404(ballot.electors.select_related("membership__organisation"), pk=pk)


def act(
    request: SignedInRequest,
    ballot: Ballot,
    done: str,
    do: Callable[[], object],
    to: str = BALLOT,
) -> HttpResponse:
    """Do it, say what happened, lead back to a page of the ballot."""
    try:
        do()
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(to, year=ballot.year_id, pk=ballot.pk)


def tried(request: SignedInRequest, form: forms.Form, done: str, do: Callable[[], object]) -> bool:
    """Do what a valid form asks; where it is refused the form says why and nothing is stored."""
    try:
        do()
    except RuleError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, done)
    return True


def form_page(
    request: SignedInRequest,
    ballot: Ballot,
    form: forms.Form,
    heading: str,
    submit: str,
    lead: str = "",
    back: str = BALLOT,
    **more: object,
) -> HttpResponse:
    """A form about a ballot, with the way back."""
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "form": form,
        "heading": heading,
        "submit": submit,
        "lead": lead or ballot.title,
        "back": back,
        **more,
    }
    return render(request, "ballots/form.html", context)
