"""What is asked, who stands, who withdraws."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.forms import QuestionForm
from thidua.ballots.models import Ballot, Question
from thidua.ballots.permissions import can_prepare
from thidua.ballots.queries.standing import members_by_rank
from thidua.ballots.views.fetching import (
    act,
    ballot_or_404,
    candidate_or_404,
    form_page,
    question_or_404,
    tried,
)
from thidua.rules.ballots.results import presets_on


@signed_in
@once
def new(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """One more question; `?mau=` takes a rule over from the regulations."""
    return _edit(request, ballot_or_404(request, year, pk), None)


@signed_in
@once
def edit(request: SignedInRequest, year: int, pk: int, question: int) -> HttpResponse:
    """Another text, list or rule."""
    ballot = ballot_or_404(request, year, pk)
    return _edit(request, ballot, question_or_404(ballot, question))


def _edit(request: SignedInRequest, ballot: Ballot, question: Question | None) -> HttpResponse:
    if not can_prepare(request.user, ballot):
        raise PermissionDenied
    presets = presets_on(ballot.held_on)
    initial: dict[str, Any] = {
        "kind": Question.Kind.CHOOSE,
        "most": 1,
        "reveal": Question.Reveal.TOTALS,
        **QuestionForm.rule_initial(presets[0].rule),
        "article": "",
    }
    if question is not None:
        initial = QuestionForm.initial_of(question)
    taken = next((one for one in presets if one.key == request.GET.get("mau")), None)
    if taken is not None:
        initial |= QuestionForm.rule_initial(taken.rule)
    form = QuestionForm(members_by_rank(ballot.year), request.POST or None, initial=initial)
    if form.is_valid() and tried(
        request,
        form,
        "Đã lưu nội dung bỏ phiếu.",
        lambda: services.save_question(
            ballot=ballot,
            question=question,
            kind=form.cleaned_data["kind"],
            text=form.cleaned_data["text"].strip(),
            most=form.cleaned_data["most"] or 1,
            reveal=form.cleaned_data["reveal"],
            rule=form.rule(),
            candidates=form.lines(),
            actor=request.user,
            at=timezone.now(),
        ),
    ):
        return redirect("ballots:ballot", year=ballot.year_id, pk=ballot.pk)
    heading = "Sửa nội dung bỏ phiếu" if question else "Thêm nội dung bỏ phiếu"
    return form_page(request, ballot, form, heading, "Lưu nội dung", presets=presets, taken=taken)


@signed_in
@require_POST
@once
def remove(request: SignedInRequest, year: int, pk: int, question: int) -> HttpResponse:
    """Take a question out."""
    ballot = ballot_or_404(request, year, pk)
    row = question_or_404(ballot, question)
    return act(
        request,
        ballot,
        "Đã bỏ nội dung này khỏi cuộc bỏ phiếu.",
        lambda: services.remove_question(question=row, actor=request.user, at=timezone.now()),
    )


@signed_in
@require_POST
@once
def withdraw(request: SignedInRequest, year: int, pk: int, candidate: int) -> HttpResponse:
    """A candidate steps back, with a reason."""
    ballot = ballot_or_404(request, year, pk)
    row = candidate_or_404(ballot, candidate)
    return act(
        request,
        ballot,
        f"Đã ghi nhận {row.name} xin rút.",
        lambda: services.withdraw_candidate(
            candidate=row,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )
